"""Resampling whole interviews: percentile intervals, and what one interview can change.

Units of one interview are not independent, so interviews are drawn, never units (cluster bootstrap,
percentile; Field and Welsh, 2007). What is counted is counted once an interview; a resample only weighs
and sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: Below this many interviews an interval would pretend to a precision that nobody has.
FEWEST_INTERVIEWS = 4
#: Below this many an interval is unreliable; what one interview can change is shown beside it.
FEW_INTERVIEWS = 8
LEVEL = 0.95
#: An interval needs a coefficient in at least this share of the resamples.
_DEFINED = 0.5


@dataclass(frozen=True)
class Resampling:
    """How intervals are drawn: the same seed gives the same interval.

    :param draws: resamples of interviews.
    :param seed: seed of the resampling.
    """

    draws: int = 2000
    seed: int = 0

    def weights(self, interviews: int) -> list[Floats]:
        """Return how often each interview counts, samples × interviews.

        :param interviews: how many there are.
        :return: once for the whole sample, once for the resamples (none when there are too few
            interviews), once for the samples without one interview (none when there are enough).
        """
        import numpy as np

        drawn = without = np.zeros((0, interviews))
        if interviews >= FEWEST_INTERVIEWS:
            shares = np.full(interviews, 1 / interviews)
            chance = np.random.default_rng(self.seed)
            drawn = chance.multinomial(interviews, shares, size=self.draws).astype(float)
        if 1 < interviews < FEW_INTERVIEWS:
            without = 1 - np.eye(interviews)
        return [np.ones((1, interviews)), drawn, without]


@dataclass(frozen=True)
class Bounds:
    """What resampling says of some coefficients; nan where it says nothing."""

    low: Floats
    high: Floats
    loo_low: Floats
    loo_high: Floats
    draws: Floats

    def told(self, place: int) -> dict[str, Any]:
        """Return what is known of one coefficient as cells of a row, None where nothing is."""
        names = ("low", "high", "loo_low", "loo_high")
        told: dict[str, Any] = {name: number(getattr(self, name)[place]) for name in names}
        return told | {"draws": int(self.draws[place])}


def bounds(drawn: Floats, without: Floats) -> Bounds:
    """Return the percentile interval over resamples, and the extremes with one interview left out.

    :param drawn: resamples × coefficients, nan where a resample has none.
    :param without: samples without one interview × coefficients.
    """
    import numpy as np

    columns = drawn.shape[1]
    found = {name: np.full(columns, np.nan) for name in ("low", "high", "loo_low", "loo_high")}
    for column in range(columns):
        values = _finite(drawn[:, column])
        if len(values) and len(values) >= _DEFINED * len(drawn):
            tails = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
            found["low"][column], found["high"][column] = np.quantile(values, tails)
        left = _finite(without[:, column])
        if len(left):
            found["loo_low"][column], found["loo_high"][column] = left.min(), left.max()
    return Bounds(**found, draws=np.isfinite(drawn).sum(axis=0))


def resampled(by_interview: Floats, weights: Sequence[Floats]) -> list[Floats]:
    """Return the sums over each sample of interviews.

    :param by_interview: (interviews, …), what each interview adds.
    :param weights: samples × interviews, several kinds of samples.
    :return: one (samples, …) a kind.
    """
    import numpy as np

    return [np.tensordot(sample, by_interview, axes=1) for sample in weights]


def number(value: Any) -> float | None:
    """Return a number, or None where it is undefined."""
    import numpy as np

    return float(value) if np.isfinite(value) else None


def _finite(values: Floats) -> Floats:
    import numpy as np

    return values[np.isfinite(values)]
