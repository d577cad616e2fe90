"""Krippendorff's α for any number of coders, missing ratings, and any distance between values.

Krippendorff, K. (2011), "Computing Krippendorff's alpha-reliability"; the canonical form over a
coincidence matrix. Coincidences add up over units, so a bootstrap over interviews counts them once an
interview and then only weighs and sums (`alpha_many`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, Any

from kotaku_nlp.coding.coefficients.ratings import encode

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: A scale by name, or a function of two values: 0 when they are the same, larger the more they differ.
Distance = str | Callable[[Any, Any], float]
SCALES = ("nominal", "ordinal", "interval", "ratio")


def krippendorff_alpha(ratings: Sequence[Sequence[Any]], distance: Distance = "nominal") -> float | None:
    """Return Krippendorff's α.

    :param ratings: one sequence a coder, one value a unit, None where a coder did not rate it. An empty
        frozenset is a value: read, and no code given.
    :param distance: one of `SCALES`, or a function such as `masi_distance`. It is used as it is, where
        Krippendorff writes the squared difference.
    :return: at most 1; None when fewer than two values can be paired, or all of them are alike.
    :raises ValueError: when the scale is unknown or coders have different numbers of units.
    """
    import numpy as np

    encoded = encode(ratings)
    together = coincidences(encoded.table())
    totals = together.sum(axis=0)
    distances = distance_matrix(encoded.values, distance, totals)
    alpha = float(alpha_many((together * distances).sum(), totals, distances))
    return None if np.isnan(alpha) else alpha


def coincidences(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the coincidence matrix: how often two values were given to one unit by two coders.

    A unit rated by m coders adds m(m − 1) ordered pairs, each weighing 1/(m − 1); a unit with one
    rating adds nothing.

    :param table: units × values, how many coders gave a unit that value.
    :return: values × values, symmetric.
    """
    import numpy as np

    sizes = table.sum(axis=1)
    paired = table[sizes >= 2]
    weighted = paired / (sizes[sizes >= 2, None] - 1)
    result: NDArray[np.float64] = weighted.T @ paired - np.diag(weighted.sum(axis=0))
    return result


def alpha_many(
    observed: NDArray[np.float64], totals: NDArray[np.float64], distances: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return α of one or many samples.

    :param observed: (…), the coincidences times their distances, summed.
    :param totals: (…, values), how often each value was paired.
    :param distances: values × values.
    :return: (…), nan where α is undefined.
    """
    import numpy as np

    expected = ((totals @ distances) * totals).sum(axis=-1)
    blank = np.full(np.shape(expected), np.nan)
    shares = np.divide(observed, expected, out=blank, where=expected > 0)
    result: NDArray[np.float64] = 1 - (totals.sum(axis=-1) - 1) * shares
    return result


def distance_matrix(
    values: Sequence[Any], distance: Distance, totals: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Return the distance between every two values.

    :param values: the distinct values.
    :param distance: one of `SCALES`, or a symmetric function.
    :param totals: how often each value was paired; the ordinal scale alone needs it.
    :raises ValueError: when the scale is unknown, or ordinal without totals.
    """
    import numpy as np

    if callable(distance):
        return _by_function(values, distance)
    if distance == "nominal":
        return 1 - np.eye(len(values))
    if distance == "ordinal" and totals is not None:
        return _ordinal(values, totals)
    if distance not in ("interval", "ratio"):
        raise ValueError(f"distance {distance!r} is none of {', '.join(SCALES)}, or lacks totals")
    numbers = np.array([float(value) for value in values])
    apart = numbers[:, None] - numbers[None, :]
    if distance == "ratio":
        sums = numbers[:, None] + numbers[None, :]
        apart = np.divide(apart, sums, out=np.zeros_like(apart), where=sums != 0)
    result: NDArray[np.float64] = apart**2
    return result


def jaccard_distance(a: frozenset[Hashable], b: frozenset[Hashable]) -> float:
    """Return 1 − |a ∩ b| / |a ∪ b| (Jaccard 1901); two empty sets are the same.

    :param a: labels that one coder gave.
    :param b: labels that another gave.
    """
    return 1 - len(a & b) / len(a | b) if a | b else 0.0


def masi_distance(a: frozenset[Hashable], b: frozenset[Hashable]) -> float:
    """Return the MASI distance of two label sets (Passonneau 2006); two empty sets are the same.

    The overlap of Jaccard is weighed down where one set only contains the other (2/3), and more where
    each has a label of its own (1/3).

    :param a: labels that one coder gave.
    :param b: labels that another gave.
    """
    if a == b:
        return 0.0
    monotone = 2 / 3 if a <= b or b <= a else 1 / 3
    return 1 - monotone * (1 - jaccard_distance(a, b))


def _by_function(values: Sequence[Any], distance: Callable[[Any, Any], float]) -> NDArray[np.float64]:
    import numpy as np

    matrix = np.zeros((len(values), len(values)))
    for row, value in enumerate(values):
        for column in range(row):
            matrix[row, column] = matrix[column, row] = distance(value, values[column])
    return matrix


def _ordinal(values: Sequence[Any], totals: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (ratings from one value up to the other, the two ends counted half)²."""
    import numpy as np

    order = sorted(range(len(values)), key=lambda place: values[place])
    middles = np.empty(len(values))
    middles[order] = np.cumsum(totals[order]) - totals[order] / 2
    result: NDArray[np.float64] = (middles[:, None] - middles[None, :]) ** 2
    return result
