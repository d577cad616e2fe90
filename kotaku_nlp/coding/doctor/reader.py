"""A small reader that can be asked how it would read each text if it had not seen it.

It sees what the heads of `analysis/heads.py` see (words, letters within words, the sentence vector), as
least squares in kernel form, because that has leave-one-out and leave-one-group-out in closed form
(Rifkin and Lippert, 2007): all texts of a codebook are judged unseen in a second, where refitting the heads
took one to three minutes. On the shipped frameworks it finds the right code of an unseen indicator at least
as often as the heads (.48 and .42 of 160 for Ansell and Gash, .32 and .32 of 320 for Emerson).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kotaku_nlp.language.normalise import fold

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]

#: Penalty on the weights; .3 to 1 made no difference that counts.
_PENALTY = 1.0


def likeness(texts: Sequence[str], vectors: Any) -> Matrix:
    """Return how alike every two texts are, shape (n, n): words, letters and centred vectors in one kernel.

    Vectors are centred on these texts first, since small encoders give any two sentences a high cosine.

    :param texts: n texts.
    :param vectors: (n, d) of an encoder.
    """
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    plain: dict[str, Any] = {"sublinear_tf": True, "lowercase": False}
    words = TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"\w+", **plain)
    letters = TfidfVectorizer(ngram_range=(2, 5), analyzer="char_wb", **plain)
    folded = [fold(text) or "-" for text in texts]
    # No constant: left out, a text would lean against its own code, then the smaller by one.
    kernel = np.zeros((len(texts), len(texts)))
    for counts in (words, letters):
        try:
            features = counts.fit_transform(folded)
        except ValueError:  # nothing but marks: the vectors alone have to do
            continue
        kernel += (features @ features.T).toarray() / 2
    own = centred(vectors)
    return np.asarray(kernel + own @ own.T)


def centred(vectors: Any) -> Matrix:
    """Return vectors less their mean, of unit length, shape (n, d)."""
    import numpy as np

    moved = np.asarray(vectors, dtype=float)
    moved = moved - moved.mean(axis=0)
    return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-12))


def unseen(kernel: Matrix, targets: Matrix, groups: Sequence[Any]) -> Matrix:
    """Return the scores that each text gets from a reader that saw nothing of its group.

    :param kernel: (n, n), from `likeness`.
    :param targets: (n, k), 1 where a text belongs to a code.
    :param groups: n groups; all different for leave-one-out.
    :return: (n, k); larger speaks more for the code.
    """
    import numpy as np

    inverse = inverted(kernel)
    fitted = inverse @ targets
    scores = np.array(targets, dtype=float)
    names, member = np.unique(np.asarray(groups, dtype=object).astype(str), return_inverse=True)
    for number in range(len(names)):
        rows = np.flatnonzero(member == number)
        scores[rows] -= np.linalg.solve(inverse[np.ix_(rows, rows)], fitted[rows])
    return scores


def taught(kernel: Matrix, targets: Matrix, seen: NDArray[np.intp], asked: NDArray[np.intp]) -> Matrix:
    """Return the scores of some texts from a reader that saw certain others.

    :param kernel: (n, n), from `likeness`.
    :param targets: (n, k).
    :param seen: rows to learn from.
    :param asked: rows to score.
    """
    import numpy as np

    own = kernel[np.ix_(seen, seen)] + _PENALTY * np.eye(len(seen))
    return np.asarray(kernel[np.ix_(asked, seen)] @ np.linalg.solve(own, targets[seen]))


def inverted(kernel: Matrix) -> Matrix:
    """Return what every closed form here begins with: the inverse of the penalised kernel, (n, n)."""
    import numpy as np

    return np.asarray(np.linalg.inv(kernel + _PENALTY * np.eye(len(kernel))))


def told_apart(inverse: Matrix, lean: Matrix, first: Sequence[int], second: Sequence[int]) -> float:
    """Return how well a reader that saw neither tells a text of one code from a text of another.

    Every pair of texts is left out together (leave-pair-out; Airola et al., 2011): with one text left out at
    a time its own code is always the smaller by one, and codes without any likeness seem worse than chance.

    :param inverse: (n, n), from `inverted`.
    :param lean: (n,), 1 for texts of the one code, -1 for the other, 0 for all else.
    :param first: rows of the one code.
    :param second: rows of the other.
    :return: the share of pairs that stand the right way round; .5 is chance.
    """
    import numpy as np

    one, two = np.asarray(first)[:, None], np.asarray(second)[None, :]
    fitted, own = inverse @ lean, inverse.diagonal()
    across = inverse[one, two]
    determinant = own[one] * own[two] - across**2
    left = lean[one] - (own[two] * fitted[one] - across * fitted[two]) / determinant
    right = lean[two] - (own[one] * fitted[two] - across * fitted[one]) / determinant
    return float(np.where(np.isclose(left, right), 0.5, left > right).mean())


def by_chance(share: float, first: int, second: int) -> float:
    """Return the one-sided p of a share of pairs that stand the right way round (Mann and Whitney, 1947).

    :param share: see `told_apart`.
    :param first: texts of the one code.
    :param second: texts of the other.
    """
    from scipy.stats import norm

    spread = ((first + second + 1) / (12 * first * second)) ** 0.5
    return float(norm.sf((share - 0.5) / spread))
