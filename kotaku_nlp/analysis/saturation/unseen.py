"""Themes that nobody has mentioned yet: how many there may be, and how much of the talk we know.

The richness of a community that is sampled by interviews, with themes for species (Chao, 1987; Chao and
Jost, 2012). Chao2 is a lower bound: themes that almost nobody would ever mention are beyond it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, log, sqrt

_Z = 1.959963984540054


@dataclass(frozen=True)
class Richness:
    """How many themes there are, heard and unheard.

    :param chao2: estimate, at least the number of themes heard; `low` and `high` its 95 % interval.
    :param coverage: share of what a further interview mentions that has been heard already, 0 … 1.
    """

    chao2: float
    low: float
    high: float
    coverage: float

    def at_most(self, possible: int) -> Richness:
        """Return the same with no more themes than can occur, e.g. the dimensions of a framework."""
        chao2, low, high = (min(value, float(possible)) for value in (self.chao2, self.low, self.high))
        return Richness(chao2, low, high, self.coverage)


def richness(per_theme: Iterable[int], interviews: int) -> Richness | None:
    """Estimate how many themes there are.

    Bias-corrected Chao2 with its log-normal interval (Chao, 1987; variance as in Colwell, EstimateS);
    sample coverage for incidence data (Chao and Jost, 2012).

    :param per_theme: for each theme heard, in how many interviews; each at least 1.
    :param interviews: how many interviews there are.
    :return: None for fewer than two interviews or without a theme.
    """
    found = tuple(per_theme)
    if interviews < 2 or not found:
        return None
    once, twice = found.count(1), found.count(2)
    more = (interviews - 1) / interviews * once * (once - 1) / (2 * (twice + 1))
    heard = float(len(found))
    low, high = _interval(heard, more, once, twice, interviews) if more else (heard, _highest(found))
    return Richness(heard + more, low, high, _coverage(found, interviews))


def _interval(heard: float, more: float, once: int, twice: int, interviews: int) -> tuple[float, float]:
    """Return the log-normal interval: it never falls below what was heard."""
    part = (interviews - 1) / interviews
    variance = (
        part * once * (once - 1) / (2 * (twice + 1))
        + part**2 * once * (2 * once - 1) ** 2 / (4 * (twice + 1) ** 2)
        + part**2 * once**2 * twice * (once - 1) ** 2 / (4 * (twice + 1) ** 4)
    )
    if not twice:
        variance -= part**2 * once**4 / (4 * (heard + more))
    spread = exp(_Z * sqrt(log(1 + variance / more**2)))
    return heard + more / spread, heard + more * spread


def _highest(found: tuple[int, ...]) -> float:
    """Return the upper limit where at most one theme stands in a single interview.

    The estimate is then what was heard, and a theme is missed as a Poisson count of its mean would be
    (Colwell, EstimateS, for samples without singletons).
    """
    heard = len(found)
    missed = exp(-sum(found) / heard)
    return heard / (1 - missed) + _Z * sqrt(heard * missed) / (1 - missed)


def _coverage(found: tuple[int, ...], interviews: int) -> float:
    """Return the share of further mentions that themes already heard would make up (Chao and Jost, 2012)."""
    once, twice, mentions = found.count(1), found.count(2), sum(found)
    rest = interviews - 1
    if not once:
        return 1.0
    if twice:
        return 1 - once / mentions * rest * once / (rest * once + 2 * twice)
    return 1 - once / mentions * rest * (once - 1) / (rest * (once - 1) + 2)
