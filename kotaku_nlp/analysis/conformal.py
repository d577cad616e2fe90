"""How sure a score makes us, and when a judge should rather say that it is not sure.

Temperature scaling (Guo et al., 2017) turns scores into probabilities; class-conditional split-conformal
prediction (Vovk, 2005; Ding et al., 2023) turns probabilities into a set of classes that leaves the true one
out at most at a stated rate, within every class. Both are learnt on scores that the judge did not train on.
The rate holds for texts that are exchangeable with those: other people, another programme or another way of
speaking can break it, which is why a judge can be calibrated anew on a user's own texts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scores = NDArray[np.floating[Any]]
    Labels = NDArray[np.integer[Any]]

#: Of the texts of a class, the share whose set may leave that class out.
LEVEL = 0.2
#: Fewer texts of a class say nothing about a rate of one in five that a few more could not overturn.
LEAST = 10
_COLDEST, _HOTTEST = 0.05, 20.0


@dataclass(frozen=True)
class Calibration:
    """What turns the scores of a judge into probabilities and sets.

    :param temperature: scores are divided by it; above 1 it makes them less sure.
    :param limits: per class, the largest `1 - probability` at which the class stays in the set.
    :param level: share of a class's texts whose set may leave it out.
    :param texts: how many texts it was learnt on, per class.
    """

    temperature: float = 1.0
    limits: tuple[float, ...] = (math.inf, math.inf, math.inf)
    level: float = LEVEL
    texts: tuple[int, ...] = (0, 0, 0)

    def probabilities(self, scores: Scores) -> NDArray[np.float64]:
        """Return the probabilities of scores (n, k); every row sums to one."""
        return softmax(scores, self.temperature)

    def sets(self, probabilities: Scores) -> NDArray[np.bool_]:
        """Return which classes are in the set of each row, shape (n, k)."""
        import numpy as np

        return np.asarray(1.0 - np.asarray(probabilities) <= np.asarray(self.limits))

    def certain(self, probabilities: Scores) -> NDArray[np.bool_]:
        """Return the rows whose set holds one class, and that the most likely one."""
        import numpy as np

        inside = self.sets(probabilities)
        if not len(inside):
            return np.zeros(0, dtype=bool)
        likeliest = np.take_along_axis(inside, probabilities.argmax(axis=1)[:, None], axis=1)[:, 0]
        return (inside.sum(axis=1) == 1) & likeliest


def calibrate(scores: Scores, labels: Labels, level: float = LEVEL) -> Calibration:
    """Learn temperature and limits from scores that the judge did not train on.

    :param scores: (n, k) log-odds or logits.
    :param labels: (n,) the true class, 0 … k - 1.
    :param level: share of a class's texts whose set may leave it out, between 0 and 1.
    """
    import numpy as np

    temperature = best_temperature(scores, labels)
    limits = class_limits(softmax(scores, temperature), labels, level)
    texts = np.bincount(labels, minlength=scores.shape[1])
    return Calibration(temperature, limits, level, tuple(int(n) for n in texts))


def softmax(scores: Scores, temperature: float = 1.0) -> NDArray[np.float64]:
    """Return probabilities over the columns of scores divided by the temperature."""
    import numpy as np
    from scipy.special import softmax as over

    return np.asarray(over(np.asarray(scores, dtype=np.float64) / temperature, axis=1))


def best_temperature(scores: Scores, labels: Labels) -> float:
    """Return the temperature under which the labels are most likely (Guo et al., 2017)."""
    import numpy as np
    from scipy.optimize import minimize_scalar
    from scipy.special import log_softmax

    exact = np.asarray(scores, dtype=np.float64)
    own = (np.arange(len(labels)), labels)

    def surprise(log_temperature: float) -> float:
        return -float(log_softmax(exact / math.exp(log_temperature), axis=1)[own].mean())

    bounds = (math.log(_COLDEST), math.log(_HOTTEST))
    return math.exp(float(minimize_scalar(surprise, bounds=bounds, method="bounded").x))


def class_limits(probabilities: Scores, labels: Labels, level: float) -> tuple[float, ...]:
    """Return per class the conformal quantile of `1 - probability of the true class`.

    Of the n texts of a class it is the ⌈(n + 1)(1 - level)⌉-th smallest; a class with too few texts
    for that has no limit and is in every set.

    :param probabilities: (n, k).
    :param labels: (n,) the true class.
    :param level: see `Calibration`.
    """
    import numpy as np

    limits = []
    for one in range(probabilities.shape[1]):
        strange = np.sort(1.0 - probabilities[labels == one, one])
        rank = math.ceil((len(strange) + 1) * (1 - level))
        limits.append(float(strange[rank - 1]) if 0 < rank <= len(strange) else math.inf)
    return tuple(limits)
