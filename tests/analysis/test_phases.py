from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotaku_nlp.analysis.phases import find_cues, phase_at, phase_of
from kotaku_nlp.records import PHASES


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Itu waktu pembentukan BKM, sosialisasi awalnya di mushola.", "preparation"),
        ("Kami menyusun rencana, ada pemetaan swadaya, usulan warga ditulis.", "planning"),
        ("Di musrenbang kami usulkan lagi.", "planning"),
        ("Ngecornya malam, material datang telat, tukangnya tiga.", "implementation"),
        ("Gotong royong tiap Minggu pas pasang paving.", "implementation"),
        ("Sekarang iuran bulanan untuk pemeliharaan masih jalan.", "sustainability"),
        ("Setelah serah terima, KPP yang merawat.", "sustainability"),
        ("Anak saya dua, yang besar kuliah.", "unclear"),
        ("", "unclear"),
        ("...", "unclear"),
    ],
)
def test_phase_of_a_passage(text: str, expected: str) -> None:
    assert phase_of(text) == expected


def test_the_question_decides_only_where_the_answer_does_not() -> None:
    question = "Bagaimana keterlibatan warga dalam perencanaan?"
    assert phase_of("Ya ada, biasanya ibu-ibu.", question) == "planning"
    assert phase_of("Pas pengecoran ya ikut semua.", question) == "implementation"


def test_the_nearest_cue_wins() -> None:
    text = (
        "Waktu menyusun rencana swasta tidak ada. "
        + "Ya begitu. " * 12
        + "Tapi waktu pengecoran mereka datang."
    )
    cues = find_cues(text)
    assert phase_at(cues, 0, 40) == "planning"
    assert phase_at(cues, len(text) - 36, len(text)) == "implementation"


def test_short_acronyms_count_in_capitals_only() -> None:
    assert phase_of("RPLP sudah jadi") == "planning"
    assert phase_of("siap, pak") == "unclear"


@given(st.text(max_size=80), st.text(max_size=40))
def test_any_text_gets_one_of_the_phases(text: str, question: str) -> None:
    assert phase_of(text, question) in PHASES
