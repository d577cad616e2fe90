"""Weigh voices beside one another: a logistic regression with one weight a voice, and a threshold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from kotaku_nlp.analysis.heads import mean_kappa, strongest
from kotaku_nlp.analysis.mixing import Mix, likely

Marks = NDArray[np.bool_]
#: Truth, probability and threshold → how good the answers are.
Score = Callable[[Marks, Any, float], float]
THRESHOLDS = tuple(np.round(np.arange(0.1, 0.66, 0.02), 2).tolist())


def by_f1(truth: Marks, probability: Any, threshold: float) -> float:
    """Return F1 over all answers."""
    return float(f1_score(truth.ravel(), (probability >= threshold).ravel(), zero_division=0))


def by_kappa(truth: Marks, probability: Any, threshold: float, most: int = 2) -> float:
    """Return Cohen's κ, averaged over dimensions, with at most so many a text."""
    return mean_kappa(truth, strongest(probability, threshold, most))


def weighed(voices: Mapping[str, Any], truth: Marks) -> Mix:
    """Return the mix whose probabilities fit best.

    :param voices: voice → numbers in the shape of the truth.
    :param truth: any shape.
    """
    flat = np.stack([np.ravel(voice) for voice in voices.values()], axis=1)
    fit = LogisticRegression(C=1.0, max_iter=1000).fit(flat, truth.ravel())
    weights = dict(zip(voices, (round(float(weight), 4) for weight in fit.coef_[0]), strict=True))
    return Mix(weights, round(float(fit.intercept_[0]), 4))


def decided(voices: Mapping[str, Any], truth: Marks, score: Score) -> Mix:
    """Return the mix with the threshold that scores best.

    :param voices: see `weighed`.
    :param truth: see `weighed`.
    :param score: what to be good at.
    """
    mix = weighed(voices, truth)
    probability = likely(mix.odds(voices))
    return replace(mix, threshold=max(THRESHOLDS, key=lambda t: score(truth, probability, t)))


def taken(voices: Mapping[str, Any], rows: NDArray[np.intp]) -> dict[str, Any]:
    """Return the voices of some passages.

    :param voices: voice → numbers, passages first.
    :param rows: which.
    """
    return {name: voice[rows] for name, voice in voices.items()}
