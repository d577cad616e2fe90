"""Readings that each leave out an interview, and what they agree on."""

from __future__ import annotations

from itertools import permutations
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotaku_nlp.analysis.topics import consensus as module
from kotaku_nlp.analysis.topics.consensus import Reading, Readings, agreed, left_out, match, spaced
from kotaku_nlp.analysis.topics.points import centred

SUBJECT = np.repeat(np.arange(4), 15)
ROWS = centred(np.eye(8)[SUBJECT] + np.random.default_rng(0).normal(scale=0.05, size=(60, 8)))
#: Five interviews, each of which speaks of every subject.
BLOCKS = [list(range(place, 60, 5)) for place in range(5)]


def pairs(labels: np.ndarray) -> np.ndarray:
    """Return which rows stand together: a grouping without its names."""
    return labels[:, None] == labels[None]


def grouping(values: list[int]) -> np.ndarray:
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


groupings = st.lists(st.integers(0, 4), min_size=12, max_size=12).map(grouping)


@given(groupings, st.permutations(range(5)))
def test_a_renaming_is_undone(groups: np.ndarray, names: list[int]) -> None:
    renamed = grouping(np.array(names)[groups].tolist())
    assert np.array_equal(match(renamed, groups), groups)


@given(groupings, groupings)
@settings(deadline=None, max_examples=25)
def test_matched_topics_agree_as_much_as_any_names_could(labels: np.ndarray, groups: np.ndarray) -> None:
    matched = match(labels, groups)
    best = max(int((np.array(names)[labels] == groups).sum()) for names in permutations(range(5)))
    assert int((matched == groups).sum()) == best


def test_topics_without_a_counterpart_have_no_name() -> None:
    matched = match(np.array([0, 0, 0, 1, 2, 2]), np.array([0, 0, 0, 0, 1, 1]))
    assert matched.tolist() == [0, 0, 0, -1, 1, 1]


@given(groupings, st.lists(st.permutations(range(5)), min_size=1, max_size=5))
@settings(deadline=None, max_examples=25)
def test_groupings_that_are_the_same_agree_on_themselves(
    groups: np.ndarray, renamings: list[list[int]]
) -> None:
    found = agreed([grouping(np.array(names)[groups].tolist()) for names in renamings])
    assert np.array_equal(pairs(found.groups), pairs(groups))
    assert np.array_equal(found.votes, np.eye(groups.max() + 1)[found.groups])


@given(st.lists(groupings, min_size=1, max_size=6))
@settings(deadline=None, max_examples=25)
def test_every_passage_goes_where_most_votes_are(labelled: list[np.ndarray]) -> None:
    found = agreed(labelled)
    topics = found.groups.max() + 1
    assert set(found.groups.tolist()) == set(range(topics))
    assert found.votes.shape == (12, topics)
    assert np.array_equal(found.votes.argmax(axis=1), found.groups)
    assert (found.votes >= 0).all() and (found.votes.sum(axis=1) <= 1 + 1e-9).all()
    assert (found.votes.max(axis=1) > 0).all()


def test_a_topic_that_one_reading_alone_makes_has_no_vote() -> None:
    coarse, fine = np.array([0, 0, 1, 1, 1, 1, 1]), np.array([0, 0, 1, 1, 1, 2, 2])
    found = agreed([coarse, coarse, coarse, fine])
    assert np.array_equal(found.groups, coarse)
    assert found.votes.sum(axis=1).tolist() == [1, 1, 1, 1, 1, 0.75, 0.75]


interviews = st.lists(st.lists(st.integers(0, 29), max_size=8), max_size=30).map(
    lambda blocks: [*blocks, list(range(30))[len(blocks) :]]
)


@given(interviews, st.randoms())
@settings(deadline=None, max_examples=25)
def test_no_reading_leaves_everything_out(blocks: list[list[int]], chance: Random) -> None:
    readings = left_out(30, blocks)
    for rows in readings:
        assert len(rows) >= 2
        assert (np.diff(rows) > 0).all() and rows[0] >= 0 and rows[-1] < 30
    mixed = [*blocks]
    chance.shuffle(mixed)
    again = left_out(30, mixed)
    assert [rows.tolist() for rows in again] == [rows.tolist() for rows in readings]


@pytest.mark.parametrize("count", [4, 5, 24, 25, 60])
def test_every_interview_is_left_out_once(count: int) -> None:
    blocks = [list(range(place, 60, count)) for place in range(count)]
    readings = left_out(60, blocks)
    assert len(readings) == min(count, 24)
    away = [row for rows in readings for row in set(range(60)) - set(rows.tolist())]
    assert sorted(away) == list(range(60))


def test_a_text_of_two_interviews_stays_while_one_of_them_does() -> None:
    shared = [[0, *rows] for rows in BLOCKS]
    assert all(0 in rows for rows in left_out(60, shared))


@pytest.mark.parametrize("blocks", [None, [], [[0, 1], [2, 3], list(range(4, 60))]])
def test_parts_are_left_out_where_interviews_are_few(blocks: list[list[int]] | None) -> None:
    away = [row for rows in left_out(60, blocks) for row in set(range(60)) - set(rows.tolist())]
    assert sorted(away) == list(range(60))


@pytest.mark.parametrize("count", [2, 3, 4, 7, 13])
def test_few_passages_are_read_too(count: int) -> None:
    for blocks in (None, [[row] for row in range(count)]):
        found = Readings(ROWS[:count], blocks).consensus(2)
        assert found.groups.shape == (count,)


def test_what_every_reading_finds_is_unanimous() -> None:
    found = Readings(ROWS, BLOCKS).consensus(4)
    assert np.array_equal(pairs(found.groups), pairs(SUBJECT))
    assert np.array_equal(found.votes, np.eye(4)[found.groups])


def test_what_readings_do_not_find_alike_is_not() -> None:
    noise = centred(np.random.default_rng(0).normal(size=(60, 8)))
    found = Readings(noise, BLOCKS).consensus(4)
    assert 0.3 < found.votes.max(axis=1).mean() < 0.95


def test_the_order_of_interviews_does_not_matter() -> None:
    noise = centred(np.random.default_rng(0).normal(size=(60, 8)))
    one, other = (Readings(noise, blocks).consensus(4) for blocks in (BLOCKS, BLOCKS[::-1]))
    assert np.array_equal(one.groups, other.groups)
    assert np.array_equal(one.votes, other.votes)


def test_passages_left_out_go_where_their_neighbours_are() -> None:
    labels = Reading(ROWS, np.arange(0, 60, 3)).labels(4)
    assert np.array_equal(pairs(labels), pairs(SUBJECT))


@pytest.mark.parametrize("most", [40, 41, 43, 59])
def test_of_many_passages_some_are_grouped_and_all_are_placed(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ROWS", most)
    assert len(spaced(np.arange(60))) == most
    found = Readings(ROWS, BLOCKS).consensus(4)
    assert np.array_equal(pairs(found.groups), pairs(SUBJECT))
