"""How topics come back: whole where they are clear, not where there are none."""

from __future__ import annotations

import numpy as np
import pytest

from kotaku_nlp.analysis.topics.consensus import Readings
from kotaku_nlp.analysis.topics.points import centred
from kotaku_nlp.analysis.topics.stability import DISSOLVED, Stability, stability

WORDS = ("banjir drainase lumpur", "iuran bendahara kas", "undangan notulen rapat", "truk sampah jadwal")
SUBJECT = np.arange(60) % 4
TEXTS = [WORDS[subject] for subject in SUBJECT]
ROWS = centred(np.eye(8)[SUBJECT] + np.random.default_rng(0).normal(scale=0.03, size=(60, 8)))
NOISE = centred(np.random.default_rng(0).normal(size=(60, 8)))
#: Six interviews, each of which speaks of every subject.
BLOCKS = [[row for row in range(60) if row // 4 % 6 == interview] for interview in range(6)]


def told(found: Stability) -> tuple[list[float], list[float], float, float]:
    return found.members.tolist(), found.words.tolist(), found.ari, found.ami


@pytest.mark.parametrize("blocks", [BLOCKS, None, BLOCKS[:3]], ids=["interviews", "passages", "few"])
def test_clear_topics_come_back_whole(blocks: list[list[int]] | None) -> None:
    found = stability(TEXTS, ROWS, SUBJECT, blocks, 0)
    assert told(found) == ([1.0] * 4, [1.0] * 4, pytest.approx(1.0), pytest.approx(1.0))


@pytest.mark.parametrize("seed", range(2))
def test_topics_of_noise_dissolve(seed: int) -> None:
    noise = centred(np.random.default_rng(seed).normal(size=(96, 32)))
    blocks = [list(range(place, 96, 6)) for place in range(6)]
    found = stability(TEXTS[:4] * 24, noise, Readings(noise, blocks).consensus(8).groups, blocks, 0)
    assert found.members.mean() < DISSOLVED
    assert found.ari < 0.5 and found.ami < 0.6


def test_a_topic_that_the_text_does_not_hold_is_told_from_those_it_does() -> None:
    halved = np.where((SUBJECT == 0) & (np.arange(60) % 8 == 0), 4, SUBJECT)
    found = stability(TEXTS, ROWS, halved, BLOCKS, 0)
    assert found.members[[0, 4]].max() < 0.75 < found.members[1:4].min()


def test_every_measure_is_a_share() -> None:
    groups = Readings(NOISE, None).consensus(9).groups
    for seed in range(3):
        found = stability(TEXTS, NOISE, groups, None, seed)
        assert found.members.shape == found.words.shape == (groups.max() + 1,)
        for shares in (found.members, found.words):
            assert ((shares >= 0) & (shares <= 1)).all()
        assert -0.5 <= found.ari <= 1 and -0.5 <= found.ami <= 1


def test_the_order_of_interviews_and_of_their_rows_does_not_matter() -> None:
    groups = Readings(NOISE, BLOCKS).consensus(4).groups
    mixed = [rows[::-1] for rows in BLOCKS[::-1]]
    one, other = (stability(TEXTS, NOISE, groups, blocks, 3) for blocks in (BLOCKS, mixed))
    assert told(one) == told(other)


def test_another_seed_draws_other_interviews() -> None:
    groups = Readings(NOISE, BLOCKS).consensus(4).groups
    assert told(stability(TEXTS, NOISE, groups, BLOCKS, 0)) != told(
        stability(TEXTS, NOISE, groups, BLOCKS, 1)
    )


def test_interviews_may_share_a_text_and_may_be_empty() -> None:
    shared = [[0, 1, *rows] for rows in BLOCKS] + [[]]
    found = stability(TEXTS, ROWS, SUBJECT, shared, 0)
    assert found.members.tolist() == [1.0] * 4


def test_a_topic_of_one_interview_is_judged_where_it_was_drawn() -> None:
    alone = [[row for row in range(60) if row % 4 == subject] for subject in range(4)]
    halves = [*alone[:3], alone[3][:8], alone[3][8:]]
    found = stability(TEXTS, ROWS, SUBJECT, halves, 0)
    assert (found.members > 0).all() and np.isfinite(found.words).all()
