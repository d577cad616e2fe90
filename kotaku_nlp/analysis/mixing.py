"""Several voices, one answer: how much rules, linear heads and the reader weigh beside one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Mix:
    """A logistic regression with one weight a voice, so that what comes out is a probability (Platt, 1999).

    :param weights: voice → weight.
    :param offset: log-odds when all voices are silent.
    :param threshold: probability from which the answer is yes.
    """

    weights: Mapping[str, float]
    offset: float
    threshold: float = 0.5

    def odds(self, voices: Mapping[str, Any]) -> Matrix:
        """Return log-odds.

        :param voices: voice → numbers, all of one shape; those without a weight are not asked.
        """
        import numpy as np

        parts = [weight * np.asarray(voices[name]) for name, weight in self.weights.items()]
        return np.asarray(sum(parts) + self.offset, dtype=np.float32)

    def facts(self) -> dict[str, Any]:
        """Return what `mix_of` reads again."""
        return {"weights": dict(self.weights), "offset": self.offset, "threshold": self.threshold}


def mix_of(facts: Mapping[str, Any]) -> Mix:
    """Return a mix from the facts of a model.

    :param facts: weights, offset, threshold.
    """
    return Mix(facts["weights"], facts["offset"], facts["threshold"])


def likely(odds: Matrix) -> Matrix:
    """Return the probabilities of log-odds, any shape."""
    import numpy as np

    return np.asarray(np.exp(-np.logaddexp(0, -odds)), dtype=np.float32)
