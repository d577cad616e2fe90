"""Ratings: what several coders said about the same units, as numbers."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Stands in `Ratings.codes` where a coder did not rate a unit.
MISSING = -1


@dataclass(frozen=True, eq=False)
class Ratings:
    """Who gave which value to which unit.

    :param values: the distinct values, in the order in which they first occur.
    :param codes: coders × units; the place of a value in `values`, or `MISSING`.
    """

    values: tuple[Hashable, ...]
    codes: NDArray[np.int64]

    def table(self) -> NDArray[np.float64]:
        """Return units × values: how many coders gave a unit that value."""
        import numpy as np

        counts = np.zeros((self.codes.shape[1], len(self.values)))
        for given in self.codes:
            rated = np.flatnonzero(given != MISSING)
            counts[rated, given[rated]] += 1
        return counts


def encode(ratings: Sequence[Sequence[Any]]) -> Ratings:
    """Return ratings as numbers.

    :param ratings: one sequence a coder, one value a unit: any hashable, with None or nan where the
        coder did not rate the unit.
    :raises ValueError: when there is no coder, or two coders have different numbers of units.
    """
    import numpy as np

    lengths = {len(row) for row in ratings}
    if len(lengths) != 1:
        raise ValueError(f"every coder needs one value a unit; found lengths {sorted(lengths)}")
    places: dict[Hashable, int] = {}
    codes = [[_place(value, places) for value in row] for row in ratings]
    return Ratings(tuple(places), np.array(codes, dtype=np.int64))


def _place(value: Any, places: dict[Hashable, int]) -> int:
    if value is None or value != value:  # only nan differs from itself
        return MISSING
    return places.setdefault(value, len(places))
