"""How many topics: a number within its interval, never more than the text can carry."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotaku_nlp.analysis.topics.consensus import Readings
from kotaku_nlp.analysis.topics.count import MEMBERS, MOST, Estimate, estimate, most_topics, settle
from kotaku_nlp.analysis.topics.points import centred
from kotaku_nlp.analysis.topics.shape import LADDER


def clouds(subjects: int, count: int = 120) -> np.ndarray:
    """Return vectors of some subjects, shape (count, 32)."""
    rng = np.random.default_rng(subjects)
    return centred(np.eye(32)[np.arange(count) % subjects] + rng.normal(scale=0.1, size=(count, 32)))


@st.composite
def estimates(draw: st.DrawFn) -> Estimate:
    low = draw(st.integers(2, MOST))
    high = draw(st.integers(low, MOST))
    return Estimate(draw(st.floats(0.5, 3.6)), draw(st.floats(0.15, 1.5)), low, high)


@given(estimates(), st.booleans())
def test_the_number_taken_lies_in_its_interval(found: Estimate, interviews: bool) -> None:
    number = settle(found, interviews)
    assert (number.low, number.high) == (found.low, found.high)
    assert number.low <= number.taken <= number.high


@given(estimates())
def test_in_interviews_topics_are_no_fewer(found: Estimate) -> None:
    assert settle(found, True).taken >= settle(found, False).taken


@given(st.integers(2, 24))
def test_the_number_taken_is_near_what_the_shape_says(said: int) -> None:
    taken = settle(Estimate(float(np.log(said)), 0.15, 2, MOST), False).taken
    assert abs(np.log(taken / said)) <= np.log(1.5) / 2 + 1e-9


def test_a_slightly_other_shape_does_not_move_the_number() -> None:
    taken = {settle(Estimate(float(np.log(said)), 0.15, 2, MOST), False).taken for said in (7.5, 8, 8.5, 9)}
    assert len(taken) == 1


@pytest.mark.parametrize("passages", [0, 1, 15, 16, 100, 240, 20_000])
def test_topics_never_outnumber_what_passages_carry(passages: int) -> None:
    most = most_topics(passages)
    assert 2 <= most <= MOST
    assert most == 2 or most * MEMBERS <= passages


@pytest.mark.parametrize("count", [1, 2, 10, 19, 20, 33, 64, 120])
def test_no_number_of_passages_crashes(count: int) -> None:
    number = settle(estimate(Readings(clouds(8)[:count], None)), True)
    assert 2 <= number.low <= number.taken <= number.high <= most_topics(count)


@pytest.mark.parametrize("kind", ["alike", "two kinds", "zero", "noise"])
def test_vectors_without_a_shape_still_get_a_number(kind: str) -> None:
    rows = {
        "alike": centred(np.ones((60, 8))),
        "two kinds": centred(np.eye(8)[np.arange(60) % 2]),
        "zero": np.zeros((60, 8), dtype=np.float32),
        "noise": centred(np.random.default_rng(0).normal(size=(60, 8))),
    }[kind]
    number = settle(estimate(Readings(rows, None)), False)
    assert 2 <= number.low <= number.taken <= number.high <= most_topics(60)


def test_more_subjects_are_more_topics() -> None:
    few, many = (estimate(Readings(clouds(subjects), None)) for subjects in (3, 12))
    assert few.middle < many.middle
    assert few.low <= 3 <= few.high


def test_the_order_of_interviews_does_not_move_the_number() -> None:
    blocks = [list(range(place, 60, 5)) for place in range(5)]
    one, other = (estimate(Readings(clouds(4, 60), some)) for some in (blocks, blocks[::-1]))
    assert one == other


def test_an_interview_that_holds_nearly_everything_does_not_crash() -> None:
    found = estimate(Readings(clouds(4, 60), [list(range(4, 60)), [0], [1], [2, 3]]))
    assert 2 <= found.low <= found.high <= most_topics(60)


def test_the_forest_learns_from_rows_of_this_shape() -> None:
    text = files("kotaku_nlp.analysis.topics").joinpath("composed.csv").read_text(encoding="utf-8")
    rows = np.array([line.split(",")[1:] for line in text.splitlines()], dtype=float)
    assert rows.shape[1] == 1 + 1 + 4 * len(LADDER)
    assert np.isfinite(rows).all()
    assert rows[:, 0].min() == 2 and rows[:, 0].max() <= MOST
