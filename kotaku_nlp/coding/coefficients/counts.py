"""Two coders and one code: the 2×2 table of counts, and what is read off it.

`Counts` is one such table. `kappa_many` and its neighbours are the same formulas for a bootstrap: they
take the four cells as arrays of one shape and return an array of that shape. Where a coefficient is
undefined it is None, in arrays nan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kotaku_nlp.coding.coefficients.kappa import cohen_kappa_table

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

#: With fewer positives of either coder a coefficient says more about chance than about the coders.
FEWEST_POSITIVES = 5


@dataclass(frozen=True)
class Counts:
    """Two coders and one code: in how many units both, one or neither of them gave it."""

    both: int
    only_a: int
    only_b: int
    neither: int

    @property
    def n(self) -> int:
        """Number of units."""
        return self.both + self.only_a + self.only_b + self.neither

    @property
    def percent(self) -> float | None:
        """Share of units on which the coders agree."""
        return _number(percent_many(*self._cells))

    @property
    def p_pos(self) -> float | None:
        """Agreement on the code being there (Cicchetti and Feinstein 1990)."""
        return _number(p_pos_many(*self._cells))

    @property
    def p_neg(self) -> float | None:
        """Agreement on the code not being there (Cicchetti and Feinstein 1990)."""
        return _number(p_neg_many(*self._cells))

    @property
    def kappa(self) -> float | None:
        """κ of Cohen 1960."""
        return _number(kappa_many(*self._cells))

    @property
    def kappa_se(self) -> float | None:
        """Large-sample standard error of κ (Fleiss, Cohen and Everitt 1969)."""
        return cohen_kappa_table([[self.both, self.only_a], [self.only_b, self.neither]]).se

    @property
    def ac1(self) -> float | None:
        """AC1 of Gwet 2008, for the two categories coded and not coded."""
        return _number(ac1_many(*self._cells))

    @property
    def pabak(self) -> float | None:
        """κ adjusted for prevalence and bias (Byrt, Bishop and Carlin 1993)."""
        return _number(pabak_many(*self._cells))

    @property
    def scott_pi(self) -> float | None:
        """π of Scott 1955."""
        return _number(scott_pi_many(*self._cells))

    @property
    def prevalence(self) -> float | None:
        """Share of positives in all judgements of both coders."""
        return (2 * self.both + self.only_a + self.only_b) / (2 * self.n) if self.n else None

    @property
    def bias(self) -> float | None:
        """By how much coder a uses the code more than coder b, in shares of all units (Byrt et al. 1993)."""
        return (self.only_a - self.only_b) / self.n if self.n else None

    @property
    def _cells(self) -> tuple[int, int, int, int]:
        return self.both, self.only_a, self.only_b, self.neither


def undefined_reason(counts: Counts) -> str | None:
    """Return why a coefficient should not be printed for these counts, as a key of the wording.

    :param counts: the table of one code.
    :return: None when nothing speaks against it.
    """
    if counts.n == 0:
        return "agree_reason_no_units"
    if counts.n in (counts.both, counts.neither):
        return "agree_reason_one_category"
    if counts.both + min(counts.only_a, counts.only_b) < FEWEST_POSITIVES:
        return "agree_reason_few_positives"
    return None


def percent_many(both: ArrayLike, only_a: ArrayLike, only_b: ArrayLike, neither: ArrayLike) -> NDArray[Any]:
    """Return the share of units on which the coders agree, for every table of an array of tables."""
    a, b, c, d = _floats(both, only_a, only_b, neither)
    return _ratio(a + d, a + b + c + d)


def p_pos_many(both: ArrayLike, only_a: ArrayLike, only_b: ArrayLike, neither: ArrayLike) -> NDArray[Any]:
    """Return positive agreement (Cicchetti and Feinstein 1990) for every table of an array of tables."""
    a, b, c, _ = _floats(both, only_a, only_b, neither)
    return _ratio(2 * a, 2 * a + b + c)


def p_neg_many(both: ArrayLike, only_a: ArrayLike, only_b: ArrayLike, neither: ArrayLike) -> NDArray[Any]:
    """Return negative agreement (Cicchetti and Feinstein 1990) for every table of an array of tables."""
    _, b, c, d = _floats(both, only_a, only_b, neither)
    return _ratio(2 * d, 2 * d + b + c)


def kappa_many(both: ArrayLike, only_a: ArrayLike, only_b: ArrayLike, neither: ArrayLike) -> NDArray[Any]:
    """Return Cohen's κ (1960) for every table of an array of tables; whole numbers up to the division."""
    a, b, c, d = _floats(both, only_a, only_b, neither)
    return _ratio(2 * (a * d - b * c), (a + b) * (b + d) + (a + c) * (c + d))


def scott_pi_many(both: ArrayLike, only_a: ArrayLike, only_b: ArrayLike, neither: ArrayLike) -> NDArray[Any]:
    """Return Scott's π (1955) for every table of an array of tables; whole numbers up to the division."""
    a, b, c, d = _floats(both, only_a, only_b, neither)
    return _ratio(4 * a * d - (b + c) ** 2, (2 * a + b + c) * (2 * d + b + c))


def ac1_many(both: ArrayLike, only_a: ArrayLike, only_b: ArrayLike, neither: ArrayLike) -> NDArray[Any]:
    """Return Gwet's AC1 (2008) for every table of an array of tables, two categories."""
    a, b, c, d = _floats(both, only_a, only_b, neither)
    share = _ratio(2 * a + b + c, 2 * (a + b + c + d))
    expected = 2 * share * (1 - share)  # at most one half, so the division below is safe
    result: NDArray[Any] = (_ratio(a + d, a + b + c + d) - expected) / (1 - expected)
    return result


def pabak_many(both: ArrayLike, only_a: ArrayLike, only_b: ArrayLike, neither: ArrayLike) -> NDArray[Any]:
    """Return PABAK (Byrt, Bishop and Carlin 1993) for every table of an array of tables."""
    result: NDArray[Any] = 2 * percent_many(both, only_a, only_b, neither) - 1
    return result


def _floats(*cells: ArrayLike) -> tuple[NDArray[Any], ...]:
    import numpy as np

    return tuple(np.asarray(cell, dtype=float) for cell in cells)


def _ratio(top: NDArray[Any], bottom: NDArray[Any]) -> NDArray[Any]:
    """Return top/bottom, nan where the bottom is 0."""
    import numpy as np

    return np.divide(top, bottom, out=np.full(np.shape(bottom), np.nan), where=bottom != 0)


def _number(value: NDArray[Any]) -> float | None:
    import numpy as np

    return None if np.isnan(value) else float(value)
