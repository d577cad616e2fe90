"""Points: unit vectors, their nearest ones, and topics cut from them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kotaku_nlp.analysis.topics.points import NEIGHBOURS, Points, centred, evenly, neighbours, reduced, unit

SUBJECT = np.repeat(np.arange(4), 15)


def clouds(spread: float = 0.02) -> np.ndarray:
    """Return four clouds of fifteen, shape (60, 8)."""
    rng = np.random.default_rng(0)
    return centred(np.eye(8)[SUBJECT] + rng.normal(scale=spread, size=(60, 8)))


def pairs(labels: np.ndarray) -> np.ndarray:
    """Return which rows stand together: a grouping without its names."""
    return labels[:, None] == labels[None]


@given(arrays(np.float32, (5, 3), elements=st.floats(-100, 100, width=32)))
def test_rows_have_unit_length_or_are_zero(matrix: np.ndarray) -> None:
    before = matrix.copy()
    lengths = np.linalg.norm(unit(matrix), axis=1)
    zero = np.linalg.norm(matrix, axis=1) <= 1e-6
    assert np.allclose(lengths, np.where(zero, 0, 1), atol=1e-5)
    assert np.array_equal(matrix, before)


def test_what_all_share_is_taken_off() -> None:
    shared = np.zeros((60, 8), dtype=np.float32)
    shared[:, 7] = 3
    assert np.allclose(centred(clouds() + shared), centred(clouds()), atol=1e-5)
    assert not centred(np.ones((5, 3), dtype=np.float32)).any()


@pytest.mark.parametrize("count", [2, 5, 16, 40])
def test_neighbours_are_the_most_alike_others(count: int) -> None:
    vectors = unit(np.random.default_rng(count).normal(size=(count, 6)))
    shares = neighbours(vectors).toarray()
    likeness = vectors @ vectors.T
    np.fill_diagonal(likeness, -np.inf)
    kept = min(NEIGHBOURS, count - 1)
    nearest = np.argsort(-likeness, axis=1)[:, :kept]
    expected = np.zeros((count, count))
    np.put_along_axis(expected, nearest, np.take_along_axis(likeness, nearest, 1).clip(0), 1)
    total = expected.sum(axis=1, keepdims=True)
    assert np.allclose(shares, expected / np.where(total > 0, total, 1), atol=1e-5)


def test_what_is_asked_about_may_be_its_own_neighbour_and_zero_has_none() -> None:
    queries = np.vstack([clouds()[:1], np.zeros((1, 8), dtype=np.float32)])
    shares = neighbours(clouds(), queries).toarray()
    assert shares[0, 0] > 0 and shares[0].sum() == pytest.approx(1)
    assert not shares[0, 15:].any()
    assert not shares[1].any()


def test_components_keep_distances_and_drop_what_holds_least() -> None:
    draw = np.random.default_rng(1)
    matrix = draw.normal(size=(20, 6)).astype(np.float32) * [9, 7, 5, 3, 0.001, 0.001]
    few = reduced(matrix, 4)
    assert few.shape == (20, 4)
    before = np.linalg.norm(matrix[:, None] - matrix[None], axis=2)
    after = np.linalg.norm(few[:, None] - few[None], axis=2)
    assert np.allclose(before, after, atol=0.01)


def test_neighbours_draw_passages_of_one_subject_together() -> None:
    rows = clouds(0.3)

    def looseness(places: np.ndarray) -> float:
        means = np.stack([places[SUBJECT == subject].mean(axis=0) for subject in range(4)])
        return float(((places - means[SUBJECT]) ** 2).sum() / ((places - places.mean(axis=0)) ** 2).sum())

    assert looseness(Points(rows).places) < 0.5 * looseness(rows)


def test_subjects_are_cut_apart() -> None:
    labels = Points(clouds()).cut(4)
    assert np.array_equal(pairs(labels), pairs(SUBJECT))
    assert np.array_equal(labels, Points(clouds()).cut(4))


@pytest.mark.parametrize("topics", [1, 2, 7, 40])
def test_topics_are_numbered_without_gaps(topics: int) -> None:
    labels = Points(clouds()[::2]).cut(topics)
    assert set(labels.tolist()) == set(range(labels.max() + 1))
    assert labels.max() < topics


@pytest.mark.parametrize(("kinds", "most"), [(1, 1), (2, 2)])
def test_vectors_that_are_the_same_make_no_topics(kinds: int, most: int) -> None:
    rows = centred(np.eye(4)[np.arange(30) % kinds])
    assert Points(rows).cut(5).max() + 1 == most


@given(st.integers(0, 70_000), st.integers(1, 4000))
@settings(max_examples=100, deadline=None)
def test_evenly_spaced_places_are_distinct_and_spread(count: int, most: int) -> None:
    places = evenly(count, most)
    assert len(places) == min(count, most)
    if count:
        steps = np.diff(np.append(places, count))
        assert places[0] == 0 and steps.min() >= 1
        assert steps.max() - steps.min() <= 1
