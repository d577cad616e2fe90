"""Scores of passages by heads that saw nothing of their author: thresholds and weights rest on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold

from kotaku_nlp.analysis.heads import Head

FOLDS = 6
#: Passages, their vectors and targets → a head.
Fit = Callable[[list[str], NDArray[np.float32], NDArray[np.bool_]], Head]


def out_of_fold(
    fit: Fit,
    texts: Sequence[str],
    vectors: NDArray[np.float32],
    targets: NDArray[np.bool_],
    authors: NDArray[np.str_],
) -> NDArray[np.float32]:
    """Score every passage with a head that saw nothing of its author, authors shared out over the folds.

    :param fit: how a head is made.
    :param texts: n passages.
    :param vectors: (n, d).
    :param targets: (n, k).
    :param authors: who wrote each, shape (n,).
    :return: log-odds, shape (n, k).
    """
    scores = np.zeros(targets.shape, dtype=np.float32)
    for seen, unseen in GroupKFold(FOLDS).split(texts, groups=authors):
        head = fit([texts[row] for row in seen], vectors[seen], targets[seen])
        scores[unseen] = head.scores([texts[row] for row in unseen], vectors[unseen])
    return scores
