"""How many topics a text holds: read from texts whose number is known, with an interval."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from kotaku_nlp.analysis.topics.shape import shape

if TYPE_CHECKING:
    from sklearn.ensemble import ExtraTreesRegressor

    from kotaku_nlp.analysis.topics.consensus import Readings

#: On average a topic holds at least this many passages, and there are never more than `MOST` topics.
MEMBERS = 8
MOST = 30
_TREES = 300
_LEAF = 2
#: The interval holds the middle four fifths of what the trees say.
_INTERVAL = (0.1, 0.9)
#: So many readings are looked at.
_LOOKS = 5
#: Trees that all agree are not surer than this, in logarithms.
_LEAST_SPREAD = 0.15
#: The numbers that are taken.
STEPS = (2, 3, 4, 6, 8, 12, 16, 24)
#: Fewer distinct passages than this have no shape to read a number from.
_FEWEST = 20


@dataclass(frozen=True)
class Number:
    """How many topics: the number taken, and the interval in which it may as well lie."""

    taken: int
    low: int
    high: int


@dataclass(frozen=True)
class Estimate:
    """What the shape of a text says of its number of topics.

    :param middle: mean of the logarithm of the number.
    :param spread: its standard deviation.
    :param low: lower end of the interval.
    :param high: upper end of the interval.
    """

    middle: float
    spread: float
    low: int
    high: int


def most_topics(passages: int) -> int:
    """Return the largest number of topics that so many distinct passages can carry."""
    return max(2, min(MOST, passages // MEMBERS))


def settle(found: Estimate, interviews: bool) -> Number:
    """Take a number of topics: the step of `STEPS` nearest to what the shape says.

    Steps, so that an interview more or less seldom changes the number. Talk in interviews has no sharp
    borders: of the numbers that are alike likely a finer one is taken there, half a standard deviation
    above the middle, for topics that are too fine are laid together under themes (`family.py`), while
    those that are too broad hide what they hold.

    :param found: what the shape says.
    :param interviews: whether the text comes from interviews.
    """
    import numpy as np

    wanted = found.middle + (found.spread / 2 if interviews else 0.0)
    step = STEPS[int(np.abs(np.log(STEPS) - wanted).argmin())]
    return Number(int(np.clip(step, found.low, found.high)), found.low, found.high)


def estimate(readings: Readings) -> Estimate:
    """Read the number of topics off the shape of a text.

    No single index finds it: stability and silhouettes prefer two topics, modularity about seven, gaps
    as many as there may be. Together they tell more. A forest (Geurts, Ernst & Wehenkel, 2006, Extremely
    randomized trees) has learnt from texts composed of 2 to 24 known labels (`composed.csv`, made by
    `models/training/topics/compose.py`) how they go together with the number.

    What is read is the mean over the whole text and a few readings that leave out an interview each.

    :param readings: the readings of the text.
    """
    import numpy as np

    passages = len(readings.readings[0].vectors)
    most = most_topics(passages)
    if passages < _FEWEST:
        return Estimate(float(np.log(2)), 1.0, 2, most)
    places = np.unique(np.linspace(0, len(readings.readings) - 1, _LOOKS).astype(int))
    rows = np.stack([shape(readings.readings[place].points.vectors, passages) for place in places])
    told = np.array([tree.predict(rows) for tree in _forest().estimators_]).mean(axis=1)
    low, high = np.clip(np.round(np.exp(np.quantile(told, _INTERVAL))), 2, most)
    return Estimate(float(told.mean()), max(float(told.std()), _LEAST_SPREAD), int(low), int(high))


@cache
def _forest() -> ExtraTreesRegressor:
    """Return the forest, grown anew from the composed texts: half a second, and nothing to unpickle."""
    import numpy as np
    from sklearn.ensemble import ExtraTreesRegressor

    text = files("kotaku_nlp.analysis.topics").joinpath("composed.csv").read_text(encoding="utf-8")
    rows = np.array([line.split(",")[1:] for line in text.splitlines()], dtype=float)
    forest = ExtraTreesRegressor(_TREES, min_samples_leaf=_LEAF, random_state=0)
    return forest.fit(rows[:, 1:], np.log(rows[:, 0]))
