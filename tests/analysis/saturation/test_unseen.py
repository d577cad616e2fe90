"""Themes nobody mentioned: hand calculations, bounds, and what interval and coverage promise."""

from __future__ import annotations

from math import exp, log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotaku_nlp.analysis.saturation.unseen import richness


def test_chao2_by_hand() -> None:
    """Ten interviews; four themes in one of them, two in two, three in five."""
    found = richness([1, 1, 1, 1, 2, 2, 5, 5, 5], 10)
    assert found is not None
    assert found.chao2 == pytest.approx(9 + 0.9 * 4 * 3 / (2 * 3))  # 10.8
    variance = 0.9 * 12 / 6 + 0.81 * 4 * 49 / 36 + 0.81 * 16 * 2 * 9 / 324  # 1.8 + 4.41 + 0.72
    spread = exp(1.959964 * sqrt(log(1 + variance / 1.8**2)))
    assert found.low == pytest.approx(9 + 1.8 / spread, rel=1e-6)
    assert found.high == pytest.approx(9 + 1.8 * spread, rel=1e-6)
    assert found.coverage == pytest.approx(1 - 4 / 23 * (9 * 4 / (9 * 4 + 2 * 2)))


def test_chao2_without_themes_in_two_interviews() -> None:
    found = richness([1, 1, 1, 4], 8)
    assert found is not None
    more = 7 / 8 * 3 * 2 / 2
    assert found.chao2 == pytest.approx(4 + more)
    variance = more + (7 / 8) ** 2 * 3 * 25 / 4 - (7 / 8) ** 2 * 81 / (4 * (4 + more))
    assert found.high == pytest.approx(4 + more * exp(1.959964 * sqrt(log(1 + variance / more**2))), rel=1e-6)
    assert found.coverage == pytest.approx(1 - 3 / 7 * (7 * 2 / (7 * 2 + 2)))


def test_themes_that_everybody_mentions_leave_nothing_unheard() -> None:
    found = richness([30] * 5, 30)
    assert found is not None
    assert (found.chao2, found.low, found.coverage) == (5, 5, 1)
    assert found.high == pytest.approx(5, abs=1e-4)


@given(st.integers(2, 40).flatmap(
    lambda n: st.tuples(st.just(n), st.lists(st.integers(1, n), min_size=1, max_size=40))
))  # fmt: skip
def test_the_estimate_never_falls_below_what_was_heard(drawn: tuple[int, list[int]]) -> None:
    found = richness(drawn[1], drawn[0])
    assert found is not None
    assert len(drawn[1]) <= found.low <= found.chao2 <= found.high
    assert 0 <= found.coverage <= 1


@pytest.mark.parametrize(("per_theme", "interviews"), [([1, 1], 1), ([], 5), ([], 0)])
def test_nothing_is_estimated_from_nothing(per_theme: list[int], interviews: int) -> None:
    assert richness(per_theme, interviews) is None


def test_interval_and_coverage_hold_what_they_promise() -> None:
    """60 themes, each mentioned with its own chance, 12 interviews, drawn 400 times."""
    rng = np.random.default_rng(7)
    chances = np.full(60, 0.15)
    within, error = [], []
    for _ in range(400):
        heard = rng.random((12, 60)) < chances
        per_theme = heard.sum(axis=0)
        found = richness(per_theme[per_theme > 0].tolist(), 12)
        assert found is not None
        within.append(found.low <= 60 <= found.high)
        error.append(found.coverage - chances[per_theme > 0].sum() / chances.sum())
    assert np.mean(within) > 0.9
    assert abs(np.mean(error)) < 0.02
