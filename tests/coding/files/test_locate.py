"""Quotes found in transcripts: exactly, folded, in parts, nearly; never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotaku_nlp.coding.files.locate import Page, fold

TEXT = (
    "P: Bagaimana kerja samanya?\n"
    "I: Kerja samanya “baik”, Mbak – tapi koordinasinya masih kurang… antara kelurahan dan BKM.\n"
    "P: Contohnya?\n"
    "I: Kami rembug di balai tiap bulan, semua warga diundang datang. Iya, iya.\n"
    "I: Lurahnya ganti lagi, programnya mulai dari awal lagi waktu itu."
)


def found(quote: str, text: str = TEXT) -> tuple[str, list[str]]:
    located = Page(text).locate(quote)
    return located.how, [text[a:b] for a, b in located.spans]


@pytest.mark.parametrize(
    ("quote", "how", "words"),
    [
        ("Kami rembug di balai", "exact", "Kami rembug di balai"),
        (" kami  REMBUG\ndi balai ", "folded", "Kami rembug di balai"),
        ('"Kerja samanya "baik", Mbak - tapi"', "folded", "Kerja samanya “baik”, Mbak – tapi"),
        ("masih kurang... antara", "folded", "masih kurang… antara"),
        (
            "Kami rembug [...] diundang datang",
            "parts",
            "Kami rembug di balai tiap bulan, semua warga diundang datang",
        ),
        (
            "Kami berembug di balai setiap bulan, semua warga di undang datang",
            "close",
            "Kami rembug di balai tiap bulan, semua warga diundang datang",
        ),
        (
            "Lurah ganti lagi programnya mulai dari awal lagi waktu itu",
            "close",
            "Lurahnya ganti lagi, programnya mulai dari awal lagi waktu itu",
        ),
    ],
)
def test_a_quote_is_located(quote: str, how: str, words: str) -> None:
    assert found(quote) == (how, [words])


@pytest.mark.parametrize(
    "quote",
    ["", "  ", '"”', "tidak pernah dikatakan siapa pun di sini", "Contoh lain?", "Iya tidak", "[...]"],
)
def test_what_is_not_there_is_nowhere(quote: str) -> None:
    assert found(quote) == ("nowhere", [])


def test_a_short_quote_is_a_word_of_its_own() -> None:
    assert found("ya", "Saya bilang begitu.") == ("nowhere", [])
    assert found("ya", "Saya bilang ya.") == ("exact", ["ya"])
    assert found("ami rembug di bala")[1] == ["ami rembug di bala"]  # a tool cut it off


def test_several_places_are_all_named() -> None:
    located = Page(TEXT).locate("lagi")
    assert located.how == "exact" and len(located.spans) == 2 and located.span is None
    near = "Kami rembug di balai tiap bulan dengan warga.\nI: Kami rembug di balai tiap pekan dengan warga."
    assert found("Kami rembug di balai tiap tahun dengan warga", near)[0] == "close"
    assert len(found("Kami rembug di balai tiap tahun dengan warga", near)[1]) == 2


WORDS = st.lists(
    st.sampled_from("air rapat warga lurah “baik” É ß … – 🙏 e\u0301 RT03".split()), min_size=1, max_size=12
)


@given(st.text(max_size=60))
def test_folding_keeps_the_way_back(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    spans = list(zip(folded.starts, folded.ends, strict=True))
    assert all(0 <= start < end <= len(text) for start, end in spans) and spans == sorted(spans)
    assert fold(text.replace(" ", "\n  ")).text == folded.text


@given(WORDS, WORDS, WORDS)
def test_a_quote_of_the_text_is_always_among_the_places(
    before: list[str], quote: list[str], after: list[str]
) -> None:
    text = "\n".join([" ".join(before), " ".join(quote), " ".join(after)])
    start = len(" ".join(before)) + 1
    located = Page(text).locate("  ".join(quote))
    assert (start, start + len(" ".join(quote))) in located.spans or located.how == "folded"
    assert all(
        " ".join(fold(text[a:b]).text.split()) == fold(" ".join(quote)).text.strip(" \"'")
        or text[a:b] == " ".join(quote)
        for a, b in located.spans
    )


@given(st.text(alphabet="ab cé’\n", max_size=40), st.text(alphabet="ab cé'\n", max_size=10))
def test_whatever_is_asked_spans_lie_in_the_text(text: str, quote: str) -> None:
    assert all(0 <= a < b <= len(text) for a, b in Page(text).locate(quote).spans)
