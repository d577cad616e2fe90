from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotaku_nlp.language.topic_words import stem, topic_words, word_runs


def test_fillers_function_words_and_bare_numbers_are_left_out() -> None:
    text = "Jadi gini ya Pak, eh anu, drainase di RT 27 itu kayak gak diurus gitu lho, sudah 3 tahun"
    assert topic_words(text) == ["drainase", "diurus"]


@pytest.mark.parametrize(
    "fillers",
    [
        "anu gitu sih kan eh apa ya",
        "dak ado apo jugo nian bae galo",
        "wae mah teh atuh euy kumaha pisan",
        "iki piye wis ora nggih lha nek karo kabeh",
        "ndak nggak dong deh tuh nih",
        "and they were just like you know because",
    ],
)
def test_fillers_of_the_regions_are_left_out(fillers: str) -> None:
    assert topic_words(fillers) == []


def test_variants_meet_in_one_readable_word() -> None:
    assert topic_words("koordinasinya koordinasi Koordinasi") == ["koordinasi"] * 3
    assert topic_words("jalan sendiri2") == topic_words("jalan dewek-dewek") == ["jalan", "sendiri-sendiri"]


def test_clitics_are_off_and_words_that_only_look_so_stay() -> None:
    assert topic_words("warganyalah kuajak kaubantu kasnya olinya") == [
        "warga",
        "ajak",
        "bantu",
        "kas",
        "oli",
    ]
    assert topic_words("kumuh kulit kunjungan pertanyaan") == ["kumuh", "kulit", "kunjungan", "pertanyaan"]


def test_reduplication_is_one_word() -> None:
    assert topic_words("Masyarakat-masyarakat protes") == ["masyarakat-masyarakat", "protes"]


def test_acronyms_stand_as_written() -> None:
    text = "Dana KOTAKU lewat BKM dan KSM untuk IPAL-nya, SK dari P2KP"
    assert topic_words(text) == ["dana", "KOTAKU", "BKM", "KSM", "IPAL", "SK", "P2KP"]
    assert topic_words("KAMI MENUNGGU BKM") == ["menunggu", "bkm"]


def test_people_are_not_called_by_name_but_what_they_are_stays() -> None:
    assert topic_words("Pak Lurah sama Bu Yanti dan Pak Haji Rahman Saleh rapat") == ["lurah", "rapat"]
    assert topic_words("Bu SR menagih iuran") == ["menagih", "iuran"]
    assert topic_words("Pak Camat Hendra datang ke Sungai Putri") == ["camat", "sungai", "putri"]
    assert topic_words("kata bapak drainase mampet") == ["drainase", "mampet"]


def test_a_word_of_two_is_one_topic_word_however_it_is_written() -> None:
    assert topic_words("kerjasama warga") == topic_words("kerja sama warga") == ["kerja sama", "warga"]
    assert topic_words("ketua RT menagih") == ["ketua RT", "menagih"]


def test_words_of_the_field_survive() -> None:
    for word in ("masalah", "warga", "rapat", "undangan", "anggaran", "lurah"):
        assert topic_words(word) == [word]


def test_a_run_ends_where_something_stood_between() -> None:
    assert word_runs("bak sampah penuh, truk sampah yang datang") == [
        ["bak", "sampah", "penuh"],
        ["truk", "sampah"],
    ]
    assert word_runs("kami tidak dilibatkan") == [["tidak", "dilibatkan"]]
    assert topic_words("kami tidak dilibatkan") == ["dilibatkan"]


def test_forms_of_one_word_share_a_stem() -> None:
    assert stem("pembangunan") == stem("membangun") == stem("dibangun")
    assert stem("Warga-warga") == stem("warga")
    assert stem("pengangkutan sampah") == stem("mengangkut sampah") != stem("sampah")
    assert stem("BKM") == stem("bkm")


def test_nothing_gives_nothing() -> None:
    assert topic_words("") == topic_words("ya, he'eh, gitu") == []


@given(st.text(max_size=80))
def test_any_text_has_words_and_runs_of_the_same_words(text: str) -> None:
    said = topic_words(text)
    runs = word_runs(text)
    assert all(run for run in runs)
    assert [word for run in runs for word in run if word in said] == said
    assert all(word and stem(word) for word in said)
