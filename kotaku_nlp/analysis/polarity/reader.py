"""A judge learnt from coded clauses and public texts: words, letters, cues, and an encoder's vectors.

What counts as neutral differs between an interview and a review, and one set of weights for both reads
neither well (measured). So a reader holds two experts, of clauses and of public texts, and a gate that
says how much a text is like a clause; its answer is the mixture (Jacobs et al., 1991).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kotaku_nlp.analysis.heads import Head
from kotaku_nlp.analysis.polarity.cues import cue_matrix

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from kotaku_nlp.records import Encoder

    Matrix = NDArray[np.float32]

#: Outputs of a reader's head: the polarities by either expert, and whether a text is like a clause.
OUTPUTS = (
    "clause negative", "clause neutral", "clause positive",
    "public negative", "public neutral", "public positive", "clause",
)  # fmt: skip
_CLAUSE, _PUBLIC, _GATE = slice(0, 3), slice(3, 6), 6


@dataclass(frozen=True)
class Reader:
    """Two linear experts over words, letters and cues, and over vectors where there is an encoder.

    :param head: outputs `OUTPUTS`.
    :param encoder: gives the encoder that the head was trained with when first needed; None without one.
    """

    head: Head
    encoder: Callable[[], Encoder] | None = None

    def scores(self, texts: Sequence[str], /) -> Matrix:
        """Return the log-probability of every polarity, not calibrated, shape (n, 3)."""
        import numpy as np

        if not len(texts):
            return np.zeros((0, 3), dtype=np.float32)
        vectors = self.encoder().encode(texts) if self.encoder else None
        return mixed(self.head.scores(texts, beside(texts, vectors)))


def mixed(scores: Matrix) -> Matrix:
    """Return the mixture of both experts, as log-probabilities.

    :param scores: (n, 7) in the order of `OUTPUTS`.
    :return: (n, 3) in the order of `POLES`.
    """
    import numpy as np
    from scipy.special import log_expit, log_softmax

    exact = scores.astype(np.float64)
    gate = exact[:, _GATE, None]
    clause = log_expit(gate) + log_softmax(exact[:, _CLAUSE], axis=1)
    public = log_expit(-gate) + log_softmax(exact[:, _PUBLIC], axis=1)
    return np.logaddexp(clause, public).astype(np.float32)


def beside(texts: Sequence[str], vectors: Matrix | None = None) -> Matrix:
    """Return what stands beside the words of texts: cues, and vectors where there are some.

    :param texts: n texts.
    :param vectors: (n, d) of the encoder, or None.
    """
    import numpy as np

    cues = cue_matrix(texts)
    return cues if vectors is None else np.hstack([cues, vectors]).astype(np.float32)
