from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotaku_nlp.language.listing import pairs, words
from kotaku_nlp.language.normalise import fold, is_jambi, normalise


@settings(deadline=None)
@given(st.text(max_size=24) | st.from_regex(r"[a-z]{2,9}(2|²|-[a-z]{2,9})?(nya|nyo|lah|in)?", fullmatch=True))
def test_normalising_twice_changes_nothing(word: str) -> None:
    assert normalise(normalise(word)) == normalise(word)


def test_every_listed_word_reaches_a_form_that_stays() -> None:
    for name in ("colloquial.tsv", "colloquial_mit.tsv", "jambi.tsv"):
        for form in pairs(name):
            assert normalise(normalise(form)) == normalise(form), form
            assert normalise(form) != form, f"{form} in {name} maps to itself"


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("yg", "yang"), ("gak", "tidak"), ("nggak", "tidak"), ("ga", "tidak"), ("ndak", "tidak"),
        ("dak", "tidak"), ("idak", "tidak"), ("udah", "sudah"), ("blm", "belum"), ("dgn", "dengan"),
        ("krn", "karena"), ("bgt", "banget"), ("aja", "saja"), ("utk", "untuk"), ("org", "orang"),
        ("gmn", "bagaimana"), ("lamaaa", "lama"), ("Kalo", "kalau"), ("cuman", "cuma"),
        ("dio", "dia"), ("kito", "kita"), ("siapo", "siapa"), ("bae", "saja"), ("galo", "semua"),
        ("dewek", "sendiri"), ("kato", "kata"), ("samo-samo", "sama-sama"), ("la", "sudah"),
        ("dakdo", "tidak ada"), ("katek", "tidak ada"), ("kerjasama", "kerja sama"),
    ],
)  # fmt: skip
def test_colloquial_short_and_jambi_forms(written: str, normal: str) -> None:
    assert normalise(written) == normal


@pytest.mark.parametrize(
    "word",
    ["info", "foto", "toko", "video", "memo", "tebo", "bungo", "mendalo", "demo", "kilo", "ayo", "proyek"],
)
def test_words_that_end_in_o_stay(word: str) -> None:
    assert normalise(word) == word
    assert not is_jambi(word)


@pytest.mark.parametrize(
    "word",
    ["tanya", "hanya", "punya", "masalah", "sekolah", "jumlah", "mudah", "bertanya", "adalah", "setelah",
     "langkah", "ilmu", "bertemu", "suku", "selaku", "pelaku", "meskipun", "walaupun", "ampun", "wilayah",
     "katanya", "harusnya", "sebenarnya", "musyawarah", "limbah", "kelurahan", "percaya", "biaya"],
)  # fmt: skip
def test_words_that_only_look_clitic_stay(word: str) -> None:
    assert normalise(word) == word


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("koordinasinya", "koordinasi"), ("rapatnyo", "rapat"), ("pembagiannya", "pembagian"),
        ("SK-nya", "sk"), ("bolehlah", "boleh"), ("temanku", "teman"), ("katonyo", "katanya"),
        ("awalnyo", "awalnya"), ("siapapun", "siapa"), ("ujung-ujungnya", "ujung-ujung"),
        ("spertinya", "sepertinya"),
    ],
)  # fmt: skip
def test_clitics_come_off_where_a_word_remains(written: str, normal: str) -> None:
    assert normalise(written) == normal


def test_formal_prose_is_left_as_it_is() -> None:
    prose = (
        "pemerintah kelurahan menyampaikan rencana penataan drainase kepada warga melalui musyawarah "
        "dan badan keswadayaan masyarakat menyusun jadwal pelaksanaan bersama dinas perumahan"
    )
    assert fold(prose) == prose


def test_fold_joins_the_normal_forms() -> None:
    assert fold("Kami ni dak pernah diajak, tau-tau la ado tukang!") == (
        "kami ini tidak pernah diajak tahu-tahu sudah ada tukang"
    )


def test_no_word_is_on_the_jambi_list_by_rule() -> None:
    listed = pairs("jambi.tsv")
    assert {"info", "foto", "toko", "video", "memo", "tebo", "bungo", "mendalo", "muaro", "duit"}.isdisjoint(
        listed
    )


def test_lists_name_their_origin_and_the_notice_names_theirs() -> None:
    from kotaku_nlp.language.listing import data_folder

    for part in data_folder().iterdir():
        if part.name.endswith((".tsv", ".txt")):
            first = part.read_text(encoding="utf-8").split("\n", 1)[0]
            assert first.startswith("#") and "MIT" in first, part.name
    notice = data_folder().joinpath("NOTICE").read_text(encoding="utf-8")
    for owner in ("Louis Owen", "Gene Diaz", "Haryo Akbarianto Wibowo"):
        assert owner in notice
    assert len(words("stopwords.txt")) > 500
