"""Learn the head of a reader: one expert of coded clauses, one of public texts, and the gate between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kotaku_nlp.analysis.heads import Head, _counts, _idf, _join, _weighted
from kotaku_nlp.analysis.polarity.reader import OUTPUTS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    Matrix = NDArray[np.float32]
    Labels = NDArray[np.integer[Any]]

CLAUSES, LISTED_CLAUSES = "clauses", "listed clauses"
#: Whose bias the expert of public texts keeps; sources beside it and `CLAUSES` have their own while the
#: experts learn, and lose it.
REFERENCE = "smsa"
_C = 3.0
#: After so many steps the weights move, the answers no longer do (measured).
_STEPS = 150


@dataclass(frozen=True)
class Lessons:
    """What a reader learns from, n texts; `lessons` makes it of texts.

    :param words: counts of words and pairs of words.
    :param letters: counts of letters within words.
    :param extra: (n, e), from `reader.beside`.
    :param labels: (n,) positions in `POLES`.
    :param sources: (n,) where each is from; `CLAUSES` are coded clauses and `LISTED_CLAUSES`
        made of listed words, everything else is public.
    :param weights: (n,) how much each counts.
    """

    words: csr_matrix
    letters: csr_matrix
    extra: Matrix
    labels: Labels
    sources: NDArray[np.str_]
    weights: NDArray[np.float64]

    def take(self, rows: NDArray[np.integer[Any]]) -> Lessons:
        """Return some of the texts, by position."""
        parts = (self.words, self.letters, self.extra, self.labels, self.sources, self.weights)
        return Lessons(*(part[rows] for part in parts))

    def beside(self, extra: Matrix) -> Lessons:
        """Return the same texts with something else beside their words."""
        return replace(self, extra=extra)


@dataclass(frozen=True)
class Half:
    """One of the two regressions of a head: how features are weighed, and what each says of each output."""

    idf: Matrix
    weights: Matrix
    bias: Matrix


def lessons(
    texts: Sequence[str],
    extra: Matrix,
    labels: Labels,
    sources: NDArray[np.str_],
    weights: NDArray[np.float64],
) -> Lessons:
    """Return what a reader learns from; parameters as in `Lessons`."""
    return Lessons(*_counts(texts), extra, labels, sources, weights)


def fit_reader(taught: Lessons) -> Head:
    """Learn the head of a reader, outputs `OUTPUTS`.

    :param taught: clauses and public texts, all polarities among each.
    """
    return assembled(fit_words(taught), fit_letters(taught))


def fit_words(taught: Lessons) -> Half:
    """Learn from words and what stands beside them.

    :param taught: see `fit_reader`.
    """
    idf = _idf(taught.words)
    return _fit_all(idf, _join(_weighted(taught.words, idf), taught.extra), taught)


def fit_letters(taught: Lessons) -> Half:
    """Learn from letters within words.

    :param taught: see `fit_reader`.
    """
    idf = _idf(taught.letters)
    return _fit_all(idf, _weighted(taught.letters, idf), taught)


def assembled(words: Half, letters: Half) -> Head:
    """Return the head of two halves.

    :param words: from `fit_words`.
    :param letters: from `fit_letters`.
    """
    import numpy as np

    arrays = {"idf_words": words.idf, "words": words.weights}
    arrays |= {"idf_letters": letters.idf, "letters": letters.weights}
    return Head(OUTPUTS, arrays | {"bias": np.stack([words.bias, letters.bias])})


def counted_scores(head: Head, asked: Lessons) -> Matrix:
    """Return what `head.scores` gives for texts whose words and letters are counted already.

    :param head: from `fit_reader`.
    :param asked: the texts; their labels are not looked at.
    """
    import numpy as np

    left = _join(_weighted(asked.words, head.arrays["idf_words"]), asked.extra) @ head.arrays["words"]
    right = _weighted(asked.letters, head.arrays["idf_letters"]) @ head.arrays["letters"]
    return np.asarray((left + right + head.arrays["bias"].sum(axis=0)) / 2, dtype=np.float32)


def _fit_all(idf: Matrix, features: csr_matrix, taught: Lessons) -> Half:
    """Fit both experts and the gate on the same features; outputs side by side.

    Each is balanced: with the shares that were coded, neutral clauses would hardly be found (measured).
    """
    import numpy as np
    from scipy.sparse import csr_matrix, hstack

    clause = np.isin(taught.sources, [CLAUSES, LISTED_CLAUSES])
    placed = hstack([features, csr_matrix(_places(taught.sources))]).tocsr()
    parts = (
        _fit(placed[clause], taught.labels[clause], taught.weights[clause]),
        _fit(placed[~clause], taught.labels[~clause], taught.weights[~clause]),
        _fit(features, clause.astype(int), taught.weights),
    )
    kept = [(weights[: features.shape[1]], bias) for weights, bias in parts]
    weights, bias = (np.concatenate(part, axis=-1) for part in zip(*kept, strict=True))
    return Half(idf, weights, bias)


def _places(sources: NDArray[np.str_]) -> NDArray[np.float64]:
    """Return a column for every source that has a bias of its own while an expert learns."""
    import numpy as np

    others = np.setdiff1d(sources, [CLAUSES, REFERENCE])
    return (sources[:, None] == others[None, :]).astype(np.float64)


def _fit(features: csr_matrix, targets: Labels, counts: NDArray[np.float64]) -> tuple[Matrix, Matrix]:
    """Fit one balanced multinomial logistic regression.

    :return: weights (features, outputs) and bias (outputs,); two targets give one output.
    """
    import warnings

    import numpy as np
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=_C, max_iter=_STEPS, class_weight="balanced")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        # Double precision: in single the search for the best weights stops at random.
        model.fit(features.astype(np.float64), targets, sample_weight=counts)
    return model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32)
