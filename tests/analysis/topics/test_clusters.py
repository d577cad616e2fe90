"""The clusterer in BERTopic's slot: who belongs, who does not, and no topic without a member."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotaku_nlp.analysis.topics.clusters import LOOSE, ConsensusClusters, by_size, centres
from kotaku_nlp.analysis.topics.consensus import Readings
from kotaku_nlp.analysis.topics.points import centred, unit

SUBJECT = np.repeat(np.arange(4), [18, 16, 14, 12])
ROWS = unit(np.eye(8)[SUBJECT] + np.random.default_rng(0).normal(scale=0.05, size=(60, 8)))


def noise(seed: int) -> np.ndarray:
    return unit(np.random.default_rng(seed).normal(size=(60, 8)))


def test_clear_subjects_are_found_the_largest_first() -> None:
    found = ConsensusClusters(4).fit(ROWS)
    assert np.array_equal(found.labels_, SUBJECT)
    assert np.array_equal(found.groups_, SUBJECT)
    assert np.array_equal(found.probabilities_, np.ones(60))


def test_readings_made_before_are_used() -> None:
    blocks = [list(range(place, 60, 5)) for place in range(5)]
    readings = Readings(centred(noise(0)), blocks)
    found = ConsensusClusters(5, readings=readings).fit(noise(0))
    voted = found.votes_ * len(readings.readings)
    assert len(readings.readings) == 6
    assert np.allclose(voted, voted.round())


def test_repeated_passages_make_a_topic_larger() -> None:
    weights = np.where(SUBJECT == 3, 5, 1)
    found = ConsensusClusters(4, weights).fit(ROWS)
    assert np.array_equal(found.labels_, (SUBJECT + 1) % 4)


@pytest.mark.parametrize("topics", [3, 9, 15])
@pytest.mark.parametrize("seed", range(3))
def test_what_belongs_fits_together_even_in_noise(topics: int, seed: int) -> None:
    weights = np.random.default_rng(seed).integers(1, 4, size=60)
    found = ConsensusClusters(topics, weights).fit(noise(seed))
    made = len(found.centres_)
    assert set(found.labels_.tolist()) - {-1} == set(range(made))
    there = found.labels_ >= 0
    assert np.array_equal(found.labels_[there], found.groups_[there])
    assert (found.probabilities_[there] >= LOOSE).all() and (found.probabilities_ <= 1).all()
    assert not found.probabilities_[~there].any()
    assert np.array_equal(found.votes_[np.arange(60), found.groups_], found.votes_.max(axis=1))
    sizes = np.bincount(found.labels_[there], weights=weights[there])
    assert (np.diff(sizes) <= 0).all()
    assert np.allclose(found.centres_, centres(found.vectors_, found.groups_))


def test_where_readings_do_not_agree_nothing_belongs_but_the_nearest() -> None:
    found = ConsensusClusters(2)
    found.vectors_ = unit(np.array([[1.0, 0.1], [1.0, 0.0], [0.0, 1.0], [0.1, 1.0]]))
    found.groups_ = np.array([0, 0, 1, 1])
    found.votes_ = np.array([[0.2, 0.1], [0.9, 0.1], [0.1, 0.2], [0.1, 0.25]])
    found.centres_ = unit(np.eye(2))
    found.labels_, found.probabilities_ = found._judge(found.groups_, found.votes_)
    found._keep_nearest()
    assert found.labels_.tolist() == [-1, 0, 1, -1]
    assert found.probabilities_.tolist() == [0.0, 0.9, LOOSE, 0.0]


@pytest.mark.parametrize("topics", [2, 3, 6])
@pytest.mark.parametrize("count", [2, 3, 5, 13])
def test_few_passages_do_not_crash(count: int, topics: int) -> None:
    found = ConsensusClusters(topics).fit(ROWS[::4][:count])
    assert found.labels_.shape == (count,)
    assert len(found.centres_) <= min(topics, count)


@pytest.mark.parametrize("kind", ["zero", "alike", "two kinds", "some zero"])
def test_odd_vectors_do_not_crash(kind: str) -> None:
    rows = {
        "zero": np.zeros((40, 4), dtype=np.float32),
        "alike": np.eye(4, dtype=np.float32)[np.zeros(40, dtype=int)],
        "two kinds": np.eye(4, dtype=np.float32)[np.arange(40) % 2],
        "some zero": np.where(np.arange(60)[:, None] % 4 == 0, 0, ROWS).astype(np.float32),
    }[kind]
    found = ConsensusClusters(5).fit(rows)
    assert len(found.labels_) == len(rows)
    assert set(found.labels_.tolist()) >= set(range(len(found.centres_)))
    if kind == "two kinds":
        assert np.array_equal(found.labels_, np.arange(40) % 2) or np.array_equal(
            found.labels_, (np.arange(40) + 1) % 2
        )


def test_new_passages_go_to_their_subject_and_zero_nowhere() -> None:
    found = ConsensusClusters(4).fit(ROWS)
    fresh = unit(np.vstack([np.eye(8)[:4], found.mean_]))
    labels, membership = found.place(np.vstack([fresh[:4], found.mean_]).astype(np.float32))
    assert labels.tolist() == [0, 1, 2, 3, -1]
    assert np.allclose(membership, [1, 1, 1, 1, 0], atol=1e-6)
    assert found.predict(ROWS).tolist() == SUBJECT.tolist()


def test_a_passage_between_the_topics_belongs_less() -> None:
    found = ConsensusClusters(4).fit(ROWS)
    between = unit(np.array([np.eye(8)[0] + np.eye(8)[1]]))
    _, membership = found.place(between)
    assert 0 < membership[0] < 0.9


@given(st.lists(st.integers(0, 3), min_size=1, max_size=20), st.randoms())
def test_topics_are_ranked_by_size_then_by_their_first_member(values: list[int], chance: Random) -> None:
    groups = np.unique(values, return_inverse=True)[1]
    weights = np.array([chance.randint(1, 3) for _ in values])
    ranks = by_size(groups, weights)
    size = {topic: int(weights[groups == topic].sum()) for topic in range(groups.max() + 1)}
    expected = sorted(size, key=lambda topic: (-size[topic], groups.tolist().index(topic)))
    assert [int(ranks[topic]) for topic in expected] == list(range(len(expected)))
