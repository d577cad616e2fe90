"""The doctor's reader: its closed forms are what refitting gives, its measures what the libraries give."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu
from sklearn.metrics import cohen_kappa_score

from kotaku_nlp.coding.doctor.curve import CHECKABLE, kappa, outlook
from kotaku_nlp.coding.doctor.meaning import far_out
from kotaku_nlp.coding.doctor.reader import by_chance, inverted, likeness, taught, told_apart, unseen

seeds = st.integers(0, 2**32 - 1)


def drawn(seed: int, n: int = 14, k: int = 3) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(n, 5))
    return features @ features.T + 1, (rng.random((n, k)) < 0.4).astype(float)


@given(seeds, st.integers(1, 5))
@settings(max_examples=25, deadline=None)
def test_unseen_is_what_a_reader_taught_on_the_rest_says(seed: int, groups: int) -> None:
    kernel, targets = drawn(seed)
    member = np.arange(len(kernel)) % (groups + 1)
    scores = unseen(kernel, targets, member.tolist())
    for group in range(groups + 1):
        rows = np.flatnonzero(member == group)
        expected = taught(kernel, targets, np.flatnonzero(member != group), rows)
        np.testing.assert_allclose(scores[rows], expected, atol=1e-8)


@given(seeds)
@settings(max_examples=25, deadline=None)
def test_telling_apart_is_what_readers_taught_without_the_pair_say(seed: int) -> None:
    kernel, _ = drawn(seed)
    lean = np.array([1.0] * 4 + [-1.0] * 5 + [0.0] * 5)
    right = []
    for one in range(4):
        for two in range(4, 9):
            seen = np.array([row for row in range(14) if row not in (one, two)])
            scores = taught(kernel, lean[:, None], seen, np.array([one, two]))[:, 0]
            right.append(scores[0] > scores[1])
    share = told_apart(inverted(kernel), lean, range(4), range(4, 9))
    assert share == pytest.approx(np.mean(right))


def test_texts_without_any_likeness_are_told_apart_by_chance_only() -> None:
    lean = np.array([1.0] * 6 + [-1.0] * 6)
    assert told_apart(inverted(np.eye(12) + 1), lean, range(6), range(6, 12)) == 0.5


@pytest.mark.parametrize(("first", "second"), [(9, 8), (20, 20)])
def test_chance_is_that_of_mann_and_whitney(first: int, second: int) -> None:
    rng = np.random.default_rng(first)
    left, right = rng.normal(0.5, size=first), rng.normal(size=second)
    oracle = mannwhitneyu(left, right, alternative="greater", method="asymptotic", use_continuity=False)
    assert by_chance(oracle.statistic / first / second, first, second) == pytest.approx(oracle.pvalue)


@given(seeds)
@settings(max_examples=25, deadline=None)
def test_kappa_is_cohens_where_both_give_the_code_equally_often(seed: int) -> None:
    rng = np.random.default_rng(seed)
    given_, scores = rng.random(30) < 0.3, rng.normal(size=30)
    given_[:2] = (True, False)
    taken = np.zeros(30, dtype=bool)
    taken[np.argsort(-scores)[: given_.sum()]] = True
    assert kappa(given_, scores) == pytest.approx(cohen_kappa_score(given_, taken))


def test_a_code_given_always_or_never_has_no_kappa() -> None:
    assert (
        kappa(np.ones(5, dtype=bool), np.arange(5.0)) == kappa(np.zeros(5, dtype=bool), np.arange(5.0)) == 0
    )


def test_texts_that_share_words_are_more_alike_than_others() -> None:
    texts = ["rapat di balai desa", "rapat di balai kota", "dana turun terlambat", "…"]
    alike = likeness(texts, np.eye(4))
    assert alike[0, 1] > alike[0, 2] and np.allclose(alike, alike.T)
    assert np.linalg.eigvalsh(alike).min() > -1e-9


def test_only_a_pair_far_from_the_other_pairs_stands_out() -> None:
    far = far_out([0.3, 0.31, 0.29, 0.32, 0.28, 0.95])
    assert far[-1] > 3.5 and max(far[:-1]) < 3.5
    assert far_out([0.1, 0.2, 0.99]) == [0.0, 0.0, 0.0]


def curve(ceiling: float, slope: float, noise: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    n = np.tile([5.0, 10.0, 15.0, 20.0], (12, 1))
    jitter = np.random.default_rng(0).normal(scale=noise, size=n.shape) if noise else 0.0
    return n, ceiling - slope / np.sqrt(n) + jitter


def test_a_rising_curve_is_read_off_at_the_goal() -> None:
    seen = outlook(*curve(0.8, 1.2), now=26)
    assert (seen.answer, seen.more) == ("more", 10)  # .8 - 1.2/√36 = .6
    assert seen.kappa == pytest.approx(0.8 - 1.2 / np.sqrt(20))


@pytest.mark.parametrize(
    ("made", "answer"),
    [
        (curve(0.9, 0.5), "checkable"),
        (curve(0.55, 0.5), "cannot_say"),  # its ceiling lies below the goal
        (curve(0.4, 0.0), "cannot_say"),  # it does not rise
        (curve(0.62, 1.0), "cannot_say"),  # 2,500 passages lie too far off
        (curve(0.61, 0.5, noise=0.1), "cannot_say"),  # the draws disagree
    ],
)
def test_nothing_is_foretold_where_the_curve_does_not_tell(
    made: tuple[np.ndarray, np.ndarray], answer: str
) -> None:
    seen = outlook(*made, now=26)
    assert seen.answer == answer and seen.more == 0
    assert (seen.kappa >= CHECKABLE) == (answer == "checkable")
