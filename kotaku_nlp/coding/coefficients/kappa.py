"""Coefficients of agreement between coders who give each unit one value, as pure functions.

For two coders Cohen, Scott and Bennett; for any number, with ratings missing, Fleiss, Gwet, Brennan and
Prediger, Conger. Two coders and one code stand in `counts`, Krippendorff's α in `alpha`, α_u in
`unitizing`. Where a coefficient is undefined it is None; it is never put as 0 or 1 by convention.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from kotaku_nlp.coding.coefficients.ratings import MISSING, Ratings, encode

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: What is left of 1 after rounding when all agreement is expected by chance.
_NOTHING = 1e-12


@dataclass(frozen=True)
class Kappa:
    """Cohen's κ and its large-sample standard error; both None where κ is undefined."""

    value: float | None
    se: float | None


def cohen_kappa_table(table: Sequence[Sequence[float]] | NDArray[Any]) -> Kappa:
    """Return κ (Cohen 1960) with its standard error (Fleiss, Cohen and Everitt 1969).

    :param table: categories × categories: rows what one coder gave, columns what the other gave.
    """
    import numpy as np

    counts = np.asarray(table, dtype=float)
    n = counts.sum()
    if n == 0:
        return Kappa(None, None)
    shares = counts / n
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    observed, expected = float(np.trace(shares)), float(rows @ columns)
    value = _corrected(observed, expected)
    if value is None:
        return Kappa(None, None)
    # what each cell pulls at κ; the standard error is the spread of that pull
    pull = (1 - expected) * np.eye(len(rows)) - (1 - observed) * (columns[:, None] + rows[None, :])
    spread = (shares * (pull - (shares * pull).sum()) ** 2).sum()
    return Kappa(value, float(np.sqrt(spread / n) / (1 - expected) ** 2))


def cohen_kappa(a: Sequence[Any], b: Sequence[Any]) -> float | None:
    """Return κ of two coders (Cohen 1960).

    :param a: one value a unit; None where the coder did not rate it, and the unit is left out.
    :param b: the same for the other coder.
    """
    import numpy as np

    pairs = _complete(a, b)
    table = np.zeros((len(pairs.values), len(pairs.values)))
    np.add.at(table, (pairs.codes[0], pairs.codes[1]), 1)
    return cohen_kappa_table(table).value


def scott_pi(a: Sequence[Any], b: Sequence[Any]) -> float | None:
    """Return π of two coders (Scott 1955).

    :param a: one value a unit; None where the coder did not rate it, and the unit is left out.
    :param b: the same for the other coder.
    """
    return fleiss_kappa(_complete(a, b).table())


def bennett_s(a: Sequence[Any], b: Sequence[Any], categories: int | None = None) -> float | None:
    """Return S of two coders (Bennett, Alpert and Goldstein 1954).

    :param a: one value a unit; None where the coder did not rate it, and the unit is left out.
    :param b: the same for the other coder.
    :param categories: how many values there were to choose from; those that occur if not given.
    """
    pairs = _complete(a, b)
    return _corrected_evenly(_observed(pairs.table()), _category_count(pairs, categories))


def percent_agreement(ratings: Sequence[Sequence[Any]]) -> float | None:
    """Return the mean share of pairs of coders that agree on a unit, over units with two ratings or more.

    :param ratings: one sequence a coder, one value a unit, None where a coder did not rate it.
    """
    return _observed(encode(ratings).table())


def fleiss_kappa(table: Sequence[Sequence[float]] | NDArray[Any]) -> float | None:
    """Return κ of many coders (Fleiss 1971; Gwet 2014 where units have unequal numbers of ratings).

    :param table: units × categories: how many coders gave a unit that category. A unit with one rating
        counts in the shares of the categories and not in the agreement.
    """
    import numpy as np

    counts = np.asarray(table, dtype=float)
    return _corrected(_observed(counts), float((_shares(counts) ** 2).sum()))


def gwet_ac1(ratings: Sequence[Sequence[Any]], categories: int | None = None) -> float | None:
    """Return AC1 of any number of coders (Gwet 2008).

    :param ratings: one sequence a coder, one value a unit, None where a coder did not rate it.
    :param categories: how many values there were to choose from; those that occur if not given.
    """
    encoded = encode(ratings)
    table = encoded.table()
    size = _category_count(encoded, categories)
    if size < 2:
        return None
    shares = _shares(table)
    return _corrected(_observed(table), float((shares * (1 - shares)).sum()) / (size - 1))


def brennan_prediger(ratings: Sequence[Sequence[Any]], categories: int | None = None) -> float | None:
    """Return the coefficient of Brennan and Prediger (1981): every category equally likely by chance.

    :param ratings: one sequence a coder, one value a unit, None where a coder did not rate it.
    :param categories: how many values there were to choose from; those that occur if not given.
    """
    encoded = encode(ratings)
    return _corrected_evenly(_observed(encoded.table()), _category_count(encoded, categories))


def conger_kappa(ratings: Sequence[Sequence[Any]]) -> float | None:
    """Return κ of many coders, each with a habit of its own (Conger 1980); Cohen's κ for two.

    :param ratings: one sequence a coder, one value a unit, None where a coder did not rate it. A coder
        who rated nothing is left out.
    """
    import numpy as np

    encoded = encode(ratings)
    used = [coder[coder != MISSING] for coder in encoded.codes]
    habits = [
        np.bincount(values, minlength=len(encoded.values)) / len(values) for values in used if len(values)
    ]
    if len(habits) < 2:
        return None
    expected = float(np.mean([one @ other for one, other in combinations(habits, 2)]))
    return _corrected(_observed(encoded.table()), expected)


def _complete(a: Sequence[Any], b: Sequence[Any]) -> Ratings:
    """Return the ratings of the units that both coders rated."""
    rated = (encode([a, b]).codes != MISSING).all(axis=0)
    return encode([[value for value, keep in zip(row, rated, strict=True) if keep] for row in (a, b)])


def _observed(table: NDArray[Any]) -> float | None:
    """Return the mean agreement within a unit, over the units that have two ratings or more."""
    sizes = table.sum(axis=1)
    pairs, sizes = table[sizes >= 2], sizes[sizes >= 2]
    if len(pairs) == 0:
        return None
    return float(((pairs * (pairs - 1)).sum(axis=1) / (sizes * (sizes - 1))).mean())


def _shares(table: NDArray[Any]) -> NDArray[Any]:
    """Return the share of each category, every rated unit weighing the same."""
    import numpy as np

    rated = table[table.sum(axis=1) > 0]
    if len(rated) == 0:
        return np.zeros(table.shape[1])
    shares: NDArray[Any] = (rated / rated.sum(axis=1, keepdims=True)).mean(axis=0)
    return shares


def _category_count(ratings: Ratings, given: int | None) -> int:
    if given is not None and given < len(ratings.values):
        raise ValueError(
            f"{len(ratings.values)} categories occur, more than the {given} that are said to exist"
        )
    return len(ratings.values) if given is None else given


def _corrected_evenly(observed: float | None, categories: int) -> float | None:
    return _corrected(observed, 1 / categories) if categories else None


def _corrected(observed: float | None, expected: float) -> float | None:
    """Return agreement beyond chance as a share of what chance leaves open."""
    if observed is None or expected > 1 - _NOTHING:
        return None
    return (observed - expected) / (1 - expected)
