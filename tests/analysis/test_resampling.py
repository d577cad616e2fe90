"""Chance, interview by interview: what is resampled, what changes places, and how rare is rare."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotaku_nlp.analysis.resampling import (
    FEWEST_INTERVIEWS,
    arrangements,
    interval,
    interview_blocks,
    interview_weights,
    permutation_p,
    ratios,
)


def test_below_four_interviews_nothing_is_drawn() -> None:
    assert interview_weights(FEWEST_INTERVIEWS - 1, 10, 0, "a") is None
    weights = interview_weights(FEWEST_INTERVIEWS, 10, 0, "a")
    assert weights is not None and weights.shape == (10, 4) and (weights.sum(axis=1) == 4).all()
    assert not np.array_equal(weights, interview_weights(FEWEST_INTERVIEWS, 10, 0, "b"))
    assert not np.array_equal(weights, interview_weights(FEWEST_INTERVIEWS, 10, 1, "a"))


def test_ratios_are_sums_over_sums_and_nothing_over_nothing_is_no_number() -> None:
    weights = np.array([[2, 0], [0, 2], [1, 1]])
    assert ratios([1, 0], [4, 0], weights).tolist()[::2] == [0.25, 0.25]
    assert np.isnan(ratios([1, 0], [4, 0], weights)[1])
    many = ratios(np.array([[1, 2], [3, 4]]), np.array([[4], [4]]), weights)
    assert many.tolist() == [[0.25, 0.5], [0.75, 1.0], [0.5, 0.75]]


def test_an_interval_needs_a_value_in_half_of_the_resamples() -> None:
    assert interval(np.array([])) == (None, None)
    assert interval(np.array([1.0, np.nan, np.nan])) == (None, None)
    assert interval(np.array([2.0, 2.0, np.nan])) == (2.0, 2.0)
    assert interval(np.arange(101.0)) == pytest.approx((2.5, 97.5))


def test_interviews_that_share_an_informant_are_one_block() -> None:
    transcripts = ["w3", "w1", "w2", "w2", "w4"]
    informants = ["B", "A", "A", "B", "C"]
    assert interview_blocks(transcripts, informants) == ["w1", "w1", "w1", "w1", "w4"]
    assert interview_blocks([], []) == []


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.booleans(), st.sampled_from("abc")), min_size=1, max_size=9),
    st.integers(0, 5),
)
def test_arrangements_keep_the_number_of_labels_of_every_stratum(
    units: list[tuple[bool, str]], seed: int
) -> None:
    labelled, strata = np.array([label for label, _ in units]), [stratum for _, stratum in units]
    whole = arrangements(labelled, strata, 10_000, seed, "a")
    sizes = {s: (strata.count(s), int(labelled[np.array(strata) == s].sum())) for s in strata}
    assert len(whole.members) == np.prod([comb(size, some) for size, some in sizes.values()])
    assert len(np.unique(whole.members, axis=0)) == len(whole.members)
    drawn = arrangements(labelled, strata, 1, seed, "a")
    for members in (whole.members, drawn.members):
        assert (members == labelled).all(axis=1).any()
        for stratum, (_, some) in sizes.items():
            assert (members[:, np.array(strata) == stratum].sum(axis=1) == some).all()


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 4), min_size=2, max_size=8),
    st.integers(1, 7),
    st.sampled_from([0.01, 0.05, 0.2]),
)
def test_a_true_null_is_rejected_no_more_often_than_stated(
    values: list[int], labels: int, level: float
) -> None:
    """Exactness: each arrangement is as likely as the others, so at most `level` of them are so rare."""
    units = np.array(values, dtype=float)
    labelled = np.arange(len(units)) < min(labels, len(units) - 1)
    ways = arrangements(labelled, ["one"] * len(units), 1000, 0, "a")
    statistic = (ways.members @ units / labelled.sum())[:, None]
    rare = [permutation_p(observed, statistic)[0] <= level for observed in statistic]
    assert np.mean(rare) <= level


@pytest.mark.parametrize(("units", "labels"), [(6, 3), (7, 2), (5, 1), (8, 4)])
def test_the_smallest_p_is_what_the_plainest_difference_gives(units: int, labels: int) -> None:
    labelled = np.arange(units) < labels
    ways = arrangements(labelled, ["one"] * units, 1000, 0, "a")
    statistic = (ways.members.astype(float) @ labelled)[:, None]
    told = permutation_p(np.array([float(labels)]), statistic)
    assert told[0] == pytest.approx(ways.smallest_p)


def test_drawn_arrangements_cannot_reach_below_their_number() -> None:
    labelled = np.arange(40) < 20
    ways = arrangements(labelled, ["one"] * 40, 99, 0, "a")
    assert len(ways.members) == 100 and ways.smallest_p == 1 / 100
    again = arrangements(labelled, ["one"] * 40, 99, 0, "a")
    assert np.array_equal(ways.members, again.members)
