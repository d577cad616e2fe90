"""New themes interview by interview, and where they dry up (Guest, Namey and Chen, 2020).

The first `base` interviews give the denominator: the themes heard in them. Every `run` interviews that
follow, moved on by one interview at a time, give a ratio: themes heard for the first time in the run /
themes of the base. Saturation is reached after the interviews before the first run whose ratio is at
most the threshold: "6+2" says that the two interviews after the sixth brought next to nothing.
The base stays the same for every run.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from math import factorial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Counts = NDArray[np.int64]
    Shares = NDArray[np.float64]

#: Stands where a series of interviews never reaches saturation.
NEVER = 0


@dataclass(frozen=True)
class Rule:
    """When to speak of saturation.

    :param base: interviews whose themes are the denominator.
    :param run: interviews in which new themes are counted.
    :param threshold: largest share of new themes that still counts as nothing new.
    """

    base: int
    run: int
    threshold: float

    @property
    def fewest(self) -> int:
        """Interviews without which there is no ratio."""
        return self.base + self.run


#: Those that the paper compares; the first is its worked example and ours in every sentence.
RULES = tuple(Rule(base, run, share) for base in (4, 5, 6) for run in (2, 3) for share in (0.05, 0.0))


def new_themes(heard: NDArray[np.bool_], orders: Counts) -> Counts:
    """Return how many themes each interview brings that none before it had.

    :param heard: interviews × themes: which theme occurs in which interview; every theme in at least one.
    :param orders: one row an order: the interviews by their number in `heard`, first to last.
    :return: orders × places.
    """
    import numpy as np

    place = np.argsort(orders, axis=1)
    new = np.zeros(orders.shape, dtype=np.int64)
    rows = np.arange(len(orders))
    for theme in heard.T:
        new[rows, place[:, theme].min(axis=1)] += 1
    return new


def ratios(new: Any, base: int, run: int) -> Shares:
    """Return Guest's ratio of every run, the first right behind the base.

    :param new: new themes of each interview in order; or one such row an order.
    :param base: interviews in the base.
    :param run: interviews in a run.
    :return: one ratio a run; none where there are fewer interviews than base and run need; NaN where the
        base holds no theme, since there is nothing to compare with.
    """
    import numpy as np

    seen = np.cumsum(np.asarray(new, dtype=np.int64), axis=-1)
    in_runs = seen[..., base + run - 1 :] - seen[..., base - 1 : seen.shape[-1] - run]
    in_base = seen[..., base - 1 : base].astype(float)
    return in_runs / np.where(in_base > 0, in_base, np.nan)


def reached(new: Any, rule: Rule) -> Counts:
    """Return after how many interviews saturation is reached, `NEVER` where it is not.

    :param new: one row an order: new themes of each interview in that order.
    :param rule: base, run and threshold.
    """
    import numpy as np

    enough = ratios(new, rule.base, rule.run) <= rule.threshold
    if not enough.shape[-1]:
        return np.full(enough.shape[:-1], NEVER, dtype=np.int64)
    return np.where(enough.any(axis=-1), rule.base + enough.argmax(axis=-1), NEVER)


def orders_of(interviews: int, most: int, rng: np.random.Generator) -> Counts:
    """Return orders in which the interviews might have been held: all of them if there are few enough.

    :param interviews: how many there are.
    :param most: orders to draw when there are more.
    :param rng: draws them, each order as likely as any other.
    :return: orders × interviews, numbers from 0.
    """
    import numpy as np

    if interviews < 13 and factorial(interviews) <= most:
        return np.array(list(permutations(range(interviews))), dtype=np.int64)
    return rng.permuted(np.tile(np.arange(interviews), (most, 1)), axis=1)
