"""The steps that train the encoders: no evaluation text, the teacher's pieces kept, rivals told apart."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest
import torch

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "models" / "training" / "encoder"))

import distil  # noqa: E402
import leaks  # noqa: E402
import losses  # noqa: E402
import sources  # noqa: E402
import teacher  # noqa: E402
import vocabulary  # noqa: E402
from tokenizers import Tokenizer  # noqa: E402

HELD = "Pemerintah kota menutup jalan utama karena banjir besar pada hari Senin."


@pytest.fixture(scope="module")
def english() -> Tokenizer:
    found = Tokenizer.from_file(str(teacher.packaged_teacher() / "tokenizer.json"))
    found.no_truncation()
    found.no_padding()
    return found


def unit(*rows: list[float]) -> torch.Tensor:
    return torch.nn.functional.normalize(torch.tensor(rows, dtype=torch.float32), dim=1)


@pytest.mark.parametrize(
    "text",
    [
        HELD.upper(),
        f"Kabarnya, {HELD}",
        "pemerintah kota menutup jalan utama karena banjir besar, kata warga",
    ],
)
def test_a_text_that_repeats_an_evaluation_text_is_kept_out(text: str) -> None:
    counts: Counter[str] = Counter()
    row = ("somewhere", text, "The city closed the main road because of a big flood on Monday.")
    assert sources.kept([row], sources.Overlap([HELD]), counts) == []
    assert counts == {"somewhere/overlap": 1}


def test_a_leak_is_found_and_other_text_is_not() -> None:
    assert leaks.leaked([HELD], ["Hujan turun sejak pagi.", f"Tadi dibilang {HELD}"]) == [HELD]
    assert leaks.leaked([HELD], ["Pemerintah kota membuka jalan lain karena ada acara."]) == []


def test_sides_that_cannot_say_the_same_are_no_pair() -> None:
    assert sources.plausible("Warga datang ke balai.", "Residents came to the hall.")
    assert not sources.plausible(
        "Ya.", "Residents came to the hall after the long evening prayer and waited."
    )
    assert not sources.plausible("same words here", "same words here")


def test_english_is_cut_as_the_teacher_cuts_it(english: Tokenizer) -> None:
    text = "The facilitators complained about slow coordination, unfortunately."
    pieces = vocabulary.teachers_pieces(english, [text] * 3, most=300)
    ours = vocabulary.bilingual(pieces, ["koordinasi", "##nya", "belum"], size=400)
    assert ours.encode(text).tokens == english.encode(text).tokens
    assert ours.encode("koordinasinya belum").tokens == ["[CLS]", "koordinasi", "##nya", "belum", "[SEP]"]


def test_nearest_leaves_out_texts_that_say_the_same() -> None:
    vectors = unit([1, 0, 0], [1, 0.01, 0], [0.9, 0.5, 0], [0, 0, 1])
    assert distil.nearest_of(vectors, 1)[0].tolist() == [2]


def test_a_rival_nearer_than_the_own_teacher_costs() -> None:
    taught = unit([1, 0, 0], [0, 1, 0])
    learner = unit([0.7, 0, 0.7], [0, 1, 0])
    same = losses.alike(taught)
    plain = losses.following(learner, taught, same)
    assert losses.following(learner, taught, same, unit([0, 0, 1])) > plain
    # A text that says the same as the own one is no rival.
    assert losses.following(taught, taught, same, unit([1, 0.001, 0])) <= losses.following(
        taught, taught, same, unit([0, 0, 1])
    )


def test_written_rows_have_their_columns() -> None:
    for name, columns in (("words.tsv", 4), ("spoken.tsv", 5)):
        rows = sources.written(name)
        assert len(rows) > 3000 and {len(row) for row in rows} == {columns}
        assert all(cell == cell.strip() and cell for row in rows for cell in row)
        assert len({row[2].lower() for row in rows}) == len(rows)
