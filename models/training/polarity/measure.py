"""Figures about judges of polarity: macro-F1 beside a baseline, calibration, and what abstaining buys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

RESAMPLES = 1000
BINS = 10
POLES = 3
Labels = NDArray[np.integer[Any]]


def macro_f1(truth: Labels, found: Labels) -> float:
    """Return F1 averaged over the polarities that occur in the truth.

    :param truth: (n,) labels.
    :param found: (n,) predictions.
    """
    both = np.bincount(truth[truth == found], minlength=POLES)
    coded, said = np.bincount(truth, minlength=POLES), np.bincount(found, minlength=POLES)
    occurs = coded > 0
    return float((2 * both[occurs] / (coded + said)[occurs]).mean())


def baseline(texts: Iterable[str], labels: Labels, unseen: Iterable[str]) -> Labels:
    """Return what TF-IDF over words and pairs of words with logistic regression says.

    :param texts: n texts to learn from.
    :param labels: (n,).
    :param unseen: texts to judge.
    """
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LogisticRegression(C=10, max_iter=300)
    )
    return np.asarray(model.fit(texts, labels).predict(unseen))


def gain(
    truth: Labels, found: Labels, other: Labels, groups: Sequence[str], rng: np.random.Generator
) -> list[float]:
    """Return the 95 % interval of macro-F1 of `found` less that of `other`, groups resampled together.

    :param truth: (n,) labels.
    :param found: predictions of the judge.
    :param other: predictions of the baseline on the same texts.
    :param groups: texts of one group are drawn together.
    :param rng: draws the groups.
    """
    _, codes = np.unique(np.asarray(groups, dtype=str), return_inverse=True)
    members = [np.flatnonzero(codes == code) for code in range(codes.max() + 1)]
    differences = []
    for _ in range(RESAMPLES):
        drawn = np.concatenate([members[at] for at in rng.integers(0, len(members), len(members))])
        own = truth[drawn]
        differences.append(macro_f1(own, found[drawn]) - macro_f1(own, other[drawn]))
    low, high = np.quantile(differences, [0.025, 0.975])
    return [round(float(low), 3), round(float(high), 3)]


def reliability(probabilities: NDArray[np.float64], truth: Labels) -> dict[str, float]:
    """Return the expected calibration error, over all texts and worst within a predicted polarity.

    :param probabilities: (n, 3).
    :param truth: (n,) labels.
    """
    found, sure = probabilities.argmax(axis=1), probabilities.max(axis=1)
    right = found == truth
    within = [_gap(sure[found == one], right[found == one]) for one in np.unique(found)]
    return {"ece": round(_gap(sure, right), 3), "ece_worst_predicted": round(max(within), 3)}


def selective(
    probabilities: NDArray[np.float64], certain: NDArray[np.bool_], truth: Labels
) -> dict[str, Any]:
    """Return how many texts the judge is certain of, how right it is there, and at the surest 80 %.

    :param probabilities: (n, 3).
    :param certain: (n,).
    :param truth: (n,) labels.
    """
    right = probabilities.argmax(axis=1) == truth
    surest = np.argsort(-probabilities.max(axis=1), kind="stable")[: round(0.8 * len(truth))]
    return {
        "certain": round(float(certain.mean()), 3),
        "certain_by_polarity": [
            round(float(certain[truth == one].mean()), 3) if (truth == one).any() else None
            for one in range(probabilities.shape[1])
        ],
        "accuracy_certain": round(float(right[certain].mean()), 3) if certain.any() else None,
        "accuracy_at_80": round(float(right[surest].mean()), 3),
    }


def _gap(sure: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Return how far stated and true shares lie apart, over bins of equal size (Naeini et al., 2015)."""
    order = np.argsort(sure, kind="stable")
    bins = [part for part in np.array_split(order, min(BINS, max(1, len(order) // 10))) if len(part)]
    return float(sum(len(part) * abs(sure[part].mean() - right[part].mean()) for part in bins) / len(order))
