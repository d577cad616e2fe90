"""Polarity of any text: product reviews and neighbours' talk alike."""

from __future__ import annotations

import pytest

from kotaku_nlp.analysis.polarity import load_polarity
from kotaku_nlp.errors import ModelError


def pole(text: str) -> str:
    row = load_polarity().predict([text]).iloc[0]
    return max(("negative", "neutral", "positive"), key=lambda name: row[f"p_{name}"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pelayanannya ramah dan tempatnya bersih.", "positive"),
        ("Mantap banget, recommended!", "positive"),
        ("Elok nian hasilnyo, kami seneng galo.", "positive"),
        ("Kamarnya kotor dan bau.", "negative"),
        ("Pelayanannya tidak ramah.", "negative"),
        ("Kami kecewa berat, janjinya bohong semua.", "negative"),
        ("Makanannya enak, tapi pelayanannya parah dan kasar.", "negative"),
        ("Rapat dimulai pukul sembilan di aula.", "neutral"),
        ("Tidak ada masalah sama sekali.", "positive"),
        ("Harusnya lebih bersih.", "negative"),
    ],
)
def test_pole(text: str, expected: str) -> None:
    assert pole(text) == expected


def test_one_row_a_text_and_probabilities_sum_to_one() -> None:
    frame = load_polarity().predict(["bagus", "", "the room was 12 m2", "jelek"])
    assert list(frame.columns) == ["p_negative", "p_neutral", "p_positive", "certain"]
    assert len(frame) == 4
    assert ((frame[["p_negative", "p_neutral", "p_positive"]].sum(axis=1) - 1).abs() < 1e-9).all()
    assert not frame["certain"].iloc[1]


def test_no_texts() -> None:
    assert len(load_polarity().predict([])) == 0


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(ModelError, match="kamus"):
        load_polarity("kamus-entah")
