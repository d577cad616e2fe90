"""Linear heads that read dimensions off a text: words, letters and the sentence vector together.

A head is two logistic regressions whose probabilities are averaged: one over the words (one and two
in a row) beside the encoder's vector, one over letters within words (two to five in a row), which
survives spelling and dialect. Weights are hashed, so a head is a few plain arrays.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kotaku_nlp.analysis.embeddings import save_tensors
from kotaku_nlp.errors import ModelError
from kotaku_nlp.language.normalise import fold

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    Matrix = NDArray[np.float32]

_WORD_BITS, _LETTER_BITS = 16, 17
#: The vector's weight beside the words; at 1 it drowns them, at 0 paraphrases are missed (measured).
_VECTOR_WEIGHT = 0.5
_C = 3.0


@dataclass(frozen=True)
class Head:
    """What a passage has to score for each dimension, and how sure a score makes us.

    :param names: dimensions, k of them.
    :param arrays: `idf_words` (2^16,), `idf_letters` (2^17,), `words` (2^16 + d, k), `letters`
        (2^17, k), `bias` (2, k), float32.
    :param slope: steepness of probability over score (Platt, 1999).
    :param offset: score at which the probability is one half is `-offset / slope`.
    :param threshold: probability from which a dimension is assigned.
    :param margin: how far below the threshold a dimension is left to a human reader.
    """

    names: tuple[str, ...]
    arrays: dict[str, Matrix]
    slope: float = 1.0
    offset: float = 0.0
    threshold: float = 0.5
    margin: float = 0.1

    def scores(self, texts: Sequence[str], vectors: Matrix) -> Matrix:
        """Return the log-odds of every text for every dimension, shape (n, k).

        :param texts: n passages.
        :param vectors: (n, d), from the encoder that the head was made with.
        """
        import numpy as np

        if not len(texts):
            return np.zeros((0, len(self.names)), dtype=np.float32)
        words, letters = _counts(texts)
        left = _join(_weighted(words, self.arrays["idf_words"]), vectors) @ self.arrays["words"]
        right = _weighted(letters, self.arrays["idf_letters"]) @ self.arrays["letters"]
        odds = (left + self.arrays["bias"][0] + right + self.arrays["bias"][1]) / 2
        return np.asarray(odds, dtype=np.float32)

    def probabilities(self, scores: Matrix) -> Matrix:
        """Return the calibrated probabilities of scores, any shape."""
        import numpy as np

        return np.asarray(1 / (1 + np.exp(-(self.slope * scores + self.offset))), dtype=np.float32)


def fit_head(texts: Sequence[str], vectors: Matrix, targets: NDArray[np.bool_], names: Sequence[str]) -> Head:
    """Learn a head from texts whose dimensions are known; it is not calibrated yet.

    :param texts: n texts.
    :param vectors: (n, d) vectors of an encoder.
    :param targets: (n, k), True where a dimension applies.
    :param names: k dimensions.
    :return: a head with slope 1 and threshold one half.
    """
    import numpy as np

    words, letters = _counts(texts)
    arrays: dict[str, Any] = {"idf_words": _idf(words), "idf_letters": _idf(letters)}
    first = _join(_weighted(words, arrays["idf_words"]), vectors)
    second = _weighted(letters, arrays["idf_letters"])
    left, right = _regress(first, targets), _regress(second, targets)
    arrays |= {"words": left[0], "letters": right[0], "bias": np.stack([left[1], right[1]])}
    return Head(tuple(names), arrays)


def calibrated(head: Head, scores: Matrix, targets: NDArray[np.bool_], max_codes: int) -> Head:
    """Return the head with probabilities and a threshold that fit scores it was not trained on.

    The slope and offset are those of one logistic regression over all dimensions (Platt, 1999); the
    threshold is the one whose assignments agree best with the targets (mean Cohen's κ).

    :param head: the head.
    :param scores: (n, k) out-of-fold scores.
    :param targets: (n, k), True where a dimension applies.
    :param max_codes: at most so many dimensions a text.
    """
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    flat, truth = scores.reshape(-1, 1), targets.reshape(-1)
    if truth.all() or not truth.any():
        return head
    fit = LogisticRegression(C=1e6, max_iter=1000).fit(flat, truth)
    head = replace(head, slope=float(fit.coef_[0, 0]), offset=float(fit.intercept_[0]))
    probabilities = head.probabilities(scores)
    candidates = np.round(np.linspace(0.1, 0.6, 51), 2)
    kappas = [mean_kappa(targets, strongest(probabilities, float(t), max_codes)) for t in candidates]
    threshold = float(candidates[int(np.argmax(kappas))])
    return replace(head, threshold=threshold, margin=round(threshold / 4, 3))


def strongest(probabilities: Matrix, threshold: float, max_codes: int) -> NDArray[np.bool_]:
    """Return which dimensions reach the threshold, at most `max_codes` a row, strongest first."""
    import numpy as np

    order = np.argsort(-probabilities, axis=1, kind="stable").argsort(axis=1, kind="stable")
    return (probabilities >= threshold) & (order < max_codes)


def mean_kappa(truth: NDArray[np.bool_], found: NDArray[np.bool_]) -> float:
    """Return Cohen's kappa (1960), averaged over columns; a column without variation counts 0."""
    import numpy as np

    agree = (truth == found).mean(axis=0)
    p, q = truth.mean(axis=0), found.mean(axis=0)
    chance = p * q + (1 - p) * (1 - q)
    kappa = np.divide(agree - chance, 1 - chance, out=np.zeros_like(agree), where=chance < 1)
    return float(kappa.mean())


def save_head(head: Head, folder: Path, facts: dict[str, Any]) -> None:
    """Write a head as safetensors and JSON; weights in half precision, zeros left out by hashing."""
    import numpy as np

    folder.mkdir(parents=True, exist_ok=True)
    weights = {name: a.astype(np.float16) for name, a in head.arrays.items()}
    save_tensors(weights, folder / "head.safetensors")
    plain = {"names": list(head.names), "slope": head.slope, "offset": head.offset}
    plain |= {"threshold": head.threshold, "margin": head.margin} | facts
    (folder / "head.json").write_text(
        json.dumps(plain, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )


def load_head(folder: Path) -> tuple[Head, dict[str, Any]]:
    """Return a head and the facts saved with it.

    :raises ModelError: when the folder holds no head that can be read.
    """
    import numpy as np
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        facts = json.loads((folder / "head.json").read_text(encoding="utf-8"))
        arrays = {name: a.astype(np.float32) for name, a in load_file(folder / "head.safetensors").items()}
        plain = (facts["slope"], facts["offset"], facts["threshold"], facts["margin"])
        return Head(tuple(facts["names"]), arrays, *plain), facts
    except (OSError, ValueError, KeyError, SafetensorError) as problem:
        raise ModelError(
            "model_broken", str(folder), name=folder.name, detail=str(problem)[:200]
        ) from problem


def _counts(texts: Sequence[str]) -> tuple[csr_matrix, csr_matrix]:
    from sklearn.feature_extraction.text import HashingVectorizer

    plain: dict[str, Any] = {"norm": None, "alternate_sign": False, "lowercase": False}
    folded = [fold(text) for text in texts]
    words = HashingVectorizer(n_features=2**_WORD_BITS, ngram_range=(1, 2), **plain)
    letters = HashingVectorizer(n_features=2**_LETTER_BITS, ngram_range=(2, 5), analyzer="char_wb", **plain)
    return words.transform(folded), letters.transform(folded)


def _idf(counts: csr_matrix) -> Matrix:
    import numpy as np

    seen = np.bincount(counts.indices, minlength=counts.shape[1])
    return np.asarray(np.log((1 + counts.shape[0]) / (1 + seen)) + 1, dtype=np.float32)


def _weighted(counts: csr_matrix, idf: Matrix) -> csr_matrix:
    import numpy as np
    from sklearn.preprocessing import normalize

    weighted = counts.copy()
    weighted.data = ((1 + np.log(weighted.data)) * idf[weighted.indices]).astype(np.float32)
    return normalize(weighted)


def _join(words: csr_matrix, vectors: Matrix) -> csr_matrix:
    from scipy.sparse import csr_matrix, hstack

    return hstack([words, csr_matrix(_VECTOR_WEIGHT * vectors)]).tocsr()


def _regress(features: csr_matrix, targets: NDArray[np.bool_]) -> tuple[Matrix, Matrix]:
    """Fit one balanced logistic regression per column; a column of one value gets its prior alone."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    weights = np.zeros((features.shape[1], targets.shape[1]), dtype=np.float32)
    bias = np.zeros(targets.shape[1], dtype=np.float32)
    for column in range(targets.shape[1]):
        wanted = targets[:, column]
        if wanted.all() or not wanted.any():
            bias[column] = 5.0 if wanted.all() else -5.0
            continue
        fit = LogisticRegression(C=_C, max_iter=2000, class_weight="balanced").fit(features, wanted)
        weights[:, column], bias[column] = fit.coef_[0], fit.intercept_[0]
    return weights, bias
