"""Is there anything to find? A text against itself with its words, or its vectors, shuffled.

Any text can be cut into topics. Two nulls say what chance alone gives: the words of all passages redrawn,
each passage keeping its length, read with the static encoder; and the principal components of the given
vectors, each shuffled for itself. What is compared is how like a passage is to its nearest ones. A text has
structure when it stands clear of both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kotaku_nlp.analysis.encoders import load_encoder
from kotaku_nlp.analysis.topics.points import centred, evenly, reduced, unit

if TYPE_CHECKING:
    import numpy as np

    from kotaku_nlp.analysis.topics.points import Matrix

STATIC = "static"
DRAWS = 19
#: Standard deviations above the mean of the null from which a text stands clear of it.
CLEAR = 4.0
#: More passages than this are not needed to tell.
_ROWS = 1000
_NEAREST = 5
_DIMENSIONS = 16


@dataclass(frozen=True)
class Noise:
    """How far a text stands above chance, in standard deviations of the null.

    :param words: against redrawn words.
    :param vectors: against shuffled components of its vectors.
    """

    words: float
    vectors: float

    @property
    def structure(self) -> bool:
        """Whether there is more than chance gives."""
        return min(self.words, self.vectors) > CLEAR


def noise(texts: Sequence[str], vectors: Matrix, seed: int) -> Noise:
    """Compare a text with what chance gives.

    :param texts: distinct passages, sorted by hash, n of them.
    :param vectors: their unit vectors, shape (n, d).
    :param seed: seed of the shuffles.
    """
    import numpy as np

    rows = evenly(len(texts), _ROWS)
    rng = np.random.default_rng(seed)
    return Noise(_words([texts[row] for row in rows], rng), _vectors(vectors[rows], rng))


def _words(texts: Sequence[str], rng: np.random.Generator) -> float:
    import numpy as np

    encoder = load_encoder(STATIC)
    # No tokenizer takes half a character, which a file that was read carelessly may hold.
    texts = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
    words = np.array([word for text in texts for word in text.split()], dtype=object)
    ends = np.cumsum([len(text.split()) for text in texts])[:-1]
    drawn = []
    for _ in range(DRAWS):
        passages = [" ".join(part) for part in np.split(rng.permutation(words), ends)]
        drawn.append(_closeness(centred(encoder.encode(passages))))
    return _above(_closeness(centred(encoder.encode(texts))), drawn)


def _vectors(vectors: Matrix, rng: np.random.Generator) -> float:
    import numpy as np

    places = reduced(centred(vectors), _DIMENSIONS)
    shuffled = (np.stack([rng.permutation(column) for column in places.T], axis=1) for _ in range(DRAWS))
    return _above(_closeness(unit(places)), [_closeness(unit(one)) for one in shuffled])


def _closeness(rows: Matrix) -> float:
    """Return the mean likeness of every row to its nearest others."""
    import numpy as np

    likeness = rows @ rows.T
    np.fill_diagonal(likeness, -np.inf)
    count = min(_NEAREST, len(rows) - 1)
    return float(np.partition(likeness, -count, axis=1)[:, -count:].mean())


def _above(value: float, drawn: Sequence[float]) -> float:
    """Return how many standard deviations a value lies above the null."""
    import numpy as np

    return float((value - np.mean(drawn)) / max(float(np.std(drawn)), 1e-9))
