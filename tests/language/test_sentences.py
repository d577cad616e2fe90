from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotaku_nlp.language.sentences import sentences


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@settings(deadline=None)
@given(st.text(max_size=60) | st.text(alphabet="abRT. ,?!…\n12\"'", max_size=60))
def test_every_visible_character_lies_in_exactly_one_sentence(text: str) -> None:
    covered = [0] * len(text)
    for start, end in sentences(text):
        assert text[start:end].strip() == text[start:end] != ""
        for place in range(start, end):
            covered[place] += 1
    assert all(
        count == 1 or (count == 0 and mark.isspace()) for mark, count in zip(text, covered, strict=True)
    )


@pytest.mark.parametrize(
    "text",
    [
        "Iurannya Rp. 5.000 per rumah tiap bulan.",
        "Kemarin dr. Rina datang ke posyandu.",
        "Rumah saya di Jl. Melati No. 12 dekat masjid.",
        "Mulainya jam 10.30 tapi yang datang baru dua.",
        "Undangannya a.n. Bpk. Lurah sendiri.",
        "Di RT. 07 itu yang paling sering banjir.",
        "Ya... begitulah pak kalau musim hujan.",
        "Anu… yang kemarin itu belum dibayar.",
        "Sudah ada rapatnya? tanya saya waktu itu.",
        "jadi kami warga sini sudah biasa bersih-bersih sendiri tiap minggu pagi tanpa disuruh",
    ],
)
def test_one_sentence_stays_one(text: str) -> None:
    assert cut(text) == [text]


def test_sentences_end_at_stops_and_at_line_ends() -> None:
    text = "Rapatnya dua kali. Yang kedua sepi.\nHabis itu tidak ada lagi\n\nYa sudah."
    assert cut(text) == ["Rapatnya dua kali.", "Yang kedua sepi.", "Habis itu tidak ada lagi", "Ya sudah."]


def test_a_transcript_typed_without_capitals_is_cut_too() -> None:
    text = "iya bu. kami sudah lapor ke kelurahan, dll. yang perlu. katanya nunggu anggaran."
    assert cut(text) == [
        "iya bu.",
        "kami sudah lapor ke kelurahan, dll. yang perlu.",
        "katanya nunggu anggaran.",
    ]


def test_nothing_gives_nothing() -> None:
    assert sentences("") == sentences(" \n\t ") == ()


def test_a_long_text_takes_time_in_step_with_its_length() -> None:
    text = "rapatnya lancar. " * 20_000
    assert len(sentences(text)) == 20_000
