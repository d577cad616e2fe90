"""Drift: a code that moves is found, a steady one is left alone, interviews are not taken for time."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotaku_nlp.coding.drift import COLUMNS, adjusted, drift, drift_lines, p_value, shift
from kotaku_nlp.errors import CodingError
from kotaku_nlp.records import TABLES, Analysis, Codebook, Coding, Dimension, Embeddings, table

BOOK = Codebook("air", {"id": "Air"}, (Dimension("geser", {"id": "Geser", "en": "Moving"}, {"id": "x"}),))
INTERVIEWS, TURNS, WIDTH = 10, 8, 16


def made(seed: int = 0) -> tuple[Analysis, Coding]:
    """Return a run and a coding in which "geser" turns to other things halfway and "tetap" does not.

    Half of an interview's turns carry a code; the others keep its mean in place.
    """
    rng = np.random.default_rng(seed)
    passages, vectors, rows = [], [], []
    for interview in range(INTERVIEWS):
        home = rng.normal(size=WIDTH)
        for turn in range(1, TURNS + 1):
            code = ["geser", "tetap", "", ""][turn % 4]
            vector = home + rng.normal(scale=0.3, size=WIDTH)
            late = interview >= INTERVIEWS // 2
            vector[1 if code == "geser" and late else 0] += 3.0 if code else 0.0
            name = f"w{interview:02}"
            place = {"passage_id": f"{name}:{turn}", "transcript": name, "turn": turn, "text": "air naik"}
            passages.append(place | {"kind": "interview", "start": 100 * turn, "end": 100 * turn + 8})
            vectors.append(vector / np.linalg.norm(vector))
            date = f"2024-05-{interview + 1:02}T08:{turn:02}:00Z"
            rows.append({"transcript": name, "turn": turn, "start": None, "end": None, "quote": "",
                         "code": code, "coder": "rina", "date": date})  # fmt: skip
    frames = {name: table(name, []) for name in TABLES}
    frames["passages"] = pd.DataFrame(passages)
    ids = tuple(passage["passage_id"] for passage in passages)
    embeddings = Embeddings(ids, np.array(vectors, dtype=np.float32), "made", "1")
    return Analysis("made", {}, {}, **frames, tables={}, embeddings=embeddings), Coding(
        "r", pd.DataFrame(rows)
    )


def test_the_code_that_moves_is_found_and_its_late_passages_named() -> None:
    found = drift(*made(), draws=499).set_index("code")
    assert found.loc["geser", "drifts"] and not found.loc["tetap", "drifts"]
    assert found.loc["geser", "shift"] > found.loc["tetap", "shift"]
    assert found.loc["geser", "since"] == "w05"
    named = found.loc["geser", "passages"].split()
    assert len(named) == 5 and all(int(name[1:3]) >= INTERVIEWS // 2 for name in named)
    assert found.loc["tetap", "passages"] == ""


def test_the_order_of_rows_does_not_matter_but_that_of_dates_does() -> None:
    run, coding = made()
    shuffled = Coding("r", coding.rows.sample(frac=1, random_state=1))
    expected = drift(run, coding, draws=199)
    pd.testing.assert_frame_equal(drift(run, shuffled, draws=199), expected)
    days = coding.rows["transcript"].str[1:].astype(int)
    mixed = days.map(lambda day: f"2024-05-{(day % 5) * 2 + day // 5 + 1:02}")
    moved = drift(run, Coding("r", coding.rows.assign(date=mixed)), draws=199).set_index("code")
    assert not moved.loc["geser", "drifts"]


def test_the_table_and_what_is_said_of_it() -> None:
    found = drift(*made(), draws=199)
    assert {name: str(kind) for name, kind in found.dtypes.items()} == COLUMNS
    assert "Moving" in drift_lines(found, BOOK, "en")[0]
    assert drift_lines(found[found["code"] == "tetap"], BOOK, "id")[0].startswith("Tidak tampak")


@pytest.mark.parametrize("rows", [lambda r: r.drop(columns="date"), lambda r: r.assign(date="")])
def test_without_dates_the_cure_is_told(rows: object) -> None:
    run, coding = made()
    with pytest.raises(CodingError, match="column date"):
        drift(run, Coding("r", rows(coding.rows)))  # type: ignore[operator]


def test_too_few_codings_say_nothing() -> None:
    run, coding = made()
    few = coding.rows[coding.rows["transcript"] < "w04"]
    found = drift(run, Coding("r", few))
    assert found.empty and list(found.columns) == list(COLUMNS)


@given(st.integers(0, 10**6), st.integers(5, 9))
def test_the_shift_is_the_farthest_of_all_partings(seed: int, n: int) -> None:
    sums = np.random.default_rng(seed).normal(size=(n, 4))
    value, place = shift(sums, np.ones(n, dtype=np.int64))
    partings = {}
    for k in range(1, n):
        early, late = sums[:k].mean(axis=0), sums[k:].mean(axis=0)
        if min(k, n - k) >= n / 4:
            partings[k] = 1 - early @ late / np.linalg.norm(early) / np.linalg.norm(late)
    assert value == pytest.approx(max(partings.values()), abs=1e-6)
    assert partings[place] == pytest.approx(value, abs=1e-6)


def test_a_steady_order_is_seldom_called_a_drift() -> None:
    """Interviews unlike each other, in random order: p is spread evenly, not heaped at 0."""
    small = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        sizes = rng.integers(1, 6, 8)
        sums = rng.normal(size=(8, 5)) * sizes[:, None]
        small += p_value(sums, sizes, 99, rng) <= 0.05
    assert small <= 9


def test_one_interview_with_nearly_all_codings_cannot_be_parted() -> None:
    assert shift(np.eye(3), np.array([1, 20, 1]))[0] == 0.0


def test_p_values_are_adjusted_as_benjamini_and_hochberg_did() -> None:
    assert adjusted([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.02, 0.04, 0.04, 0.02])
    assert adjusted([]) == []


@given(st.lists(st.floats(0, 1), max_size=12))
def test_adjusted_values_keep_the_order_and_are_no_smaller(p: list[float]) -> None:
    q = adjusted(p)
    assert all(one <= other + 1e-12 for one, other in zip(p, q, strict=True))
    assert all(value <= 1 for value in q)
    order = sorted(range(len(p)), key=lambda place: p[place])
    assert [q[place] for place in order] == sorted(q)
