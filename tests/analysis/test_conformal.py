"""Temperature and sets: what they promise holds on fresh texts, class by class."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression

from kotaku_nlp.analysis.conformal import (
    Calibration,
    best_temperature,
    calibrate,
    class_limits,
    softmax,
)


def drawn(n: int, seed: int, heat: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Draw scores and labels that come true as often as the scores divided by `heat` say."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(n, 3)) * 2
    chances = softmax(scores).cumsum(axis=1)
    labels = (rng.random((n, 1)) > chances).sum(axis=1).clip(0, 2)
    return scores * heat, labels


@pytest.mark.parametrize("heat", [0.5, 1.0, 3.0])
def test_the_temperature_undoes_what_made_scores_too_sure(heat: float) -> None:
    scores, labels = drawn(6000, 1, heat)
    assert best_temperature(scores, labels) == pytest.approx(heat, rel=0.1)


def test_the_temperature_is_the_one_of_scikit_learn() -> None:
    rng = np.random.default_rng(3)
    features = rng.normal(size=(600, 4))
    labels = (features @ rng.normal(size=(4, 3)) + rng.gumbel(size=(600, 3))).argmax(axis=1)
    model = LogisticRegression(C=100).fit(features[:300], labels[:300])
    scores = model.decision_function(features[300:]) * 2.5
    wrapped = CalibratedClassifierCV(FrozenEstimator(model), method="temperature", cv=2)
    wrapped.fit(features[300:], labels[300:])
    ours = softmax(scores, best_temperature(scores, labels[300:]))
    assert np.abs(ours - wrapped.predict_proba(features[300:])).max() < 0.02


@pytest.mark.parametrize("level", [0.1, 0.2, 0.3])
def test_every_class_keeps_its_rate_on_fresh_texts(level: float) -> None:
    fitted = calibrate(*drawn(3000, 5, 2.0), level)
    scores, labels = drawn(6000, 6, 2.0)
    inside = fitted.sets(fitted.probabilities(scores))[np.arange(6000), labels]
    for one in range(3):
        assert inside[labels == one].mean() == pytest.approx(1 - level, abs=0.04)


def test_the_limit_is_the_quantile_written_by_hand() -> None:
    own = np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1])
    probabilities = np.c_[own, 1 - own, np.zeros(9)]
    limits = class_limits(probabilities, np.zeros(9, dtype=int), 0.2)
    assert limits[0] == pytest.approx(0.8)  # the eighth of nine: ⌈10 · 0.8⌉
    assert limits[1] == limits[2] == math.inf


def test_a_class_with_too_few_texts_is_in_every_set() -> None:
    probabilities = np.tile([0.98, 0.01, 0.01], (3, 1))
    limits = class_limits(probabilities, np.array([0, 0, 1]), 0.2)
    assert Calibration(1.0, limits).sets(probabilities).all()


def test_certain_needs_one_class_and_that_the_likeliest() -> None:
    calibration = Calibration(1.0, (0.5, 0.8, 0.5))
    rows = np.array([[0.9, 0.05, 0.05], [0.6, 0.3, 0.1], [0.4, 0.25, 0.35], [0.34, 0.1, 0.33]])
    assert calibration.certain(rows).tolist() == [True, False, False, False]
    assert calibration.certain(np.zeros((0, 3))).tolist() == []


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.02, 0.6), st.floats(0.0, 0.3))
def test_a_stricter_level_never_makes_a_set_smaller(seed: int, level: float, more: float) -> None:
    scores, labels = drawn(120, seed)
    strict, loose = calibrate(scores, labels, level), calibrate(scores, labels, level + more)
    probabilities = strict.probabilities(scores)
    assert (strict.sets(probabilities) >= loose.sets(probabilities)).all()
    assert strict.temperature == loose.temperature


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000))
def test_the_order_of_texts_changes_nothing(seed: int) -> None:
    scores, labels = drawn(90, seed)
    turned = np.random.default_rng(seed).permutation(90)
    one, other = calibrate(scores, labels), calibrate(scores[turned], labels[turned])
    assert one.limits == pytest.approx(other.limits, abs=1e-6)
    assert one.temperature == pytest.approx(other.temperature, abs=1e-4)
