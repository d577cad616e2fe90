from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kotaku_nlp.language.tokens import tokenise

INDONESIAN = st.text(alphabet="abdeghiklmnoprstuyKRTBM 2².,;:-'’\"()…?!\n057éʼ", max_size=80)


def norms(text: str) -> list[str]:
    return [token.norm for token in tokenise(text)]


@settings(deadline=None)
@given(INDONESIAN | st.text(max_size=60))
def test_every_token_slices_back_and_they_stand_in_order(text: str) -> None:
    end = 0
    for token in tokenise(text):
        assert text[token.start : token.end] == token.text
        assert end <= token.start < token.end
        assert token.norm
        end = token.end


def test_punctuation_is_left_out_and_figures_stay_whole() -> None:
    assert [token.text for token in tokenise("Jam 10.30, iurannya Rp5.000 (dua kali)!")] == [
        "Jam", "10.30", "iurannya", "Rp5.000", "dua", "kali",
    ]  # fmt: skip


def test_reduplication_is_one_token_however_it_is_written() -> None:
    for written in ("sendiri-sendiri", "sendiri2", "sendiri²", "Sendiri-Sendiri", "dewek-dewek"):
        assert norms(f"jalan {written} saja") == ["jalan", "sendiri-sendiri", "saja"]
    assert norms("masing² lempar2an teman2nya") == ["masing-masing", "lempar-lemparan", "teman-teman"]
    assert norms("programnya berbeda2") == ["program", "berbeda-beda"]


def test_what_only_looks_doubled_is_left_alone() -> None:
    assert norms("luasnya 40 m² di RT2") == ["luas", "40", "m²", "di", "rt2"]


def test_acronyms_keep_their_case_and_are_no_short_forms() -> None:
    tokens = tokenise("Anak SMP di RT 27, PD ada SK-nya, RTLH bukan RT")
    assert [token.text for token in tokens if token.text[:2].isupper()] == [
        "SMP", "RT", "PD", "SK-nya", "RTLH", "RT",
    ]  # fmt: skip
    assert [token.norm for token in tokens] == [
        "anak", "smp", "di", "rt", "27", "pd", "ada", "sk", "rtlh", "bukan", "rt",
    ]  # fmt: skip


def test_a_doctor_is_not_a_preposition() -> None:
    assert norms("kata dr. Rina") == ["kata", "dr", "rina"]
    assert norms("dana dr dinas") == ["dana", "dari", "dinas"]


def test_dotted_abbreviations_are_one_token() -> None:
    assert [token.text for token in tokenise("Surat a.n. Darmo, S.H. itu")] == [
        "Surat",
        "a.n",
        "Darmo",
        "S.H",
        "itu",
    ]


def test_free_standing_lah_is_already_in_jambi_and_a_particle_elsewhere() -> None:
    assert norms("lah selesai proyeknyo") == ["sudah", "selesai", "proyek"]
    assert norms("kami lah siap dari pagi")[1] == "sudah"
    assert norms("ya gitu lah")[2] == "lah"
    assert norms("dak dak lah, lancar be") == ["tidak", "tidak", "lah", "lancar", "saja"]


def test_names_are_not_dialect() -> None:
    assert norms("kata Cak Mat") == ["kata", "cak", "mat"]
    assert norms("cak itu pikirannyo") == ["seperti", "itu", "pikiran"]


def test_a_mark_between_two_words_is_remembered() -> None:
    assert [token.apart for token in tokenise('Tidak, rapat  "lancar" saja')] == [False, True, False, False]
