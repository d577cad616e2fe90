"""Chance, interview by interview: whole interviews resampled, group labels handed out anew.

Passages of one interview are not independent. Intervals therefore draw interviews with replacement,
never passages (cluster bootstrap, percentile; Field and Welsh, 2007), and tests hand out labels between
whole units (Phipson and Smyth, 2010, for what a p-value of drawn permutations is).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import comb, prod
from typing import TYPE_CHECKING, Any
from zlib import crc32

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Weights = NDArray[np.int64]

#: Below this many interviews an interval would pretend to a precision that nobody has.
FEWEST_INTERVIEWS = 4
LEVEL = 0.95
#: An interval needs a value in at least this share of the resamples.
_DEFINED = 0.5
#: Statistics nearer than this are the same number, summed in another order.
_SAME = 1e-9


def interview_blocks(transcripts: Sequence[str], informants: Sequence[str]) -> list[str]:
    """Return the block that each row belongs to: interviews that share an informant are one.

    Somebody who is heard twice speaks for one person, so what two interviews share must not be torn apart.

    :param transcripts: the interview of each row.
    :param informants: the informant of each row.
    :return: the name of the first interview of the block, in alphabetical order, whatever the order of rows.
    """
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    names, spoken_in = np.unique(np.array(transcripts, dtype=str), return_inverse=True)
    people, spoken_by = np.unique(np.array(informants, dtype=str), return_inverse=True)
    links = coo_array((np.ones(len(spoken_in)), (spoken_in, spoken_by + len(names))),
                      shape=(len(names) + len(people),) * 2)  # fmt: skip
    _, component = connected_components(links, directed=False)
    _, first = np.unique(component[: len(names)], return_index=True)
    return [str(names[first[component[interview]]]) for interview in spoken_in]


def interview_weights(interviews: int, draws: int, seed: int, name: str) -> Weights | None:
    """Return how often each interview stands in each resample, or None where there are too few.

    :param interviews: how many there are.
    :param draws: resamples.
    :param seed: seed of the run.
    :param name: what is resampled; every name draws its own numbers from one seed.
    :return: shape (draws, interviews), every row summing to `interviews`.
    """
    import numpy as np

    if interviews < FEWEST_INTERVIEWS:
        return None
    drawn = np.random.default_rng([seed, crc32(name.encode())])
    return drawn.multinomial(interviews, np.full(interviews, 1 / interviews), size=draws)


def ratios(parts: Any, wholes: Any, weights: Any) -> Floats:
    """Return sum(parts) / sum(wholes) in each resample, nan where nothing was drawn.

    :param parts: (interviews, …), what each interview adds above the line.
    :param wholes: the same shape, or one that broadcasts to it, below the line.
    :param weights: (draws, interviews).
    :return: (draws, …).
    """
    import numpy as np

    above = np.tensordot(weights, np.asarray(parts, dtype=float), axes=1)
    below = np.tensordot(weights, np.asarray(wholes, dtype=float), axes=1)
    return np.divide(above, below, out=np.full(np.broadcast(above, below).shape, np.nan), where=below > 0)


def interval(drawn: Floats) -> tuple[float | None, float | None]:
    """Return the percentile interval of one value over resamples; None twice where too few have one.

    :param drawn: (draws,), nan where a resample has no value.
    """
    import numpy as np

    values = drawn[np.isfinite(drawn)]
    if not len(values) or len(values) < _DEFINED * len(drawn):
        return None, None
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


@dataclass(frozen=True)
class Arrangements:
    """Ways to hand out one label among units, as often in each stratum as observed.

    :param members: (ways, units), True where a unit has the label.
    :param smallest_p: the least p-value that so many ways can give.
    """

    members: Flags
    smallest_p: float


def arrangements(labelled: Flags, strata: Sequence[str], draws: int, seed: int, name: str) -> Arrangements:
    """Return all ways to hand out a label within strata, or the observed one and as many as are drawn.

    :param labelled: (units,), which units have the label.
    :param strata: the stratum of each unit: labels change places only inside one.
    :param draws: when there are more ways than this, so many are drawn.
    :param seed: seed of the run.
    :param name: see `interview_weights`.
    """
    import numpy as np

    blocks = [np.flatnonzero(np.array(strata) == stratum) for stratum in sorted(set(strata))]
    sizes = [(len(block), int(labelled[block].sum())) for block in blocks]
    ways = prod(comb(size, some) for size, some in sizes)
    # Where every stratum is halved, label and no label may change sides: two ways are equally extreme.
    mirrored = 2 if ways > 1 and all(size == 2 * some for size, some in sizes if 0 < some < size) else 1
    if ways <= draws:
        members = np.array(list(_every_way(blocks, sizes, len(labelled))))
        return Arrangements(members, mirrored / ways)
    chance = np.random.default_rng([seed, crc32(name.encode())])
    members = np.tile(labelled, (draws + 1, 1))
    for block in blocks:
        members[1:, block] = chance.permuted(members[1:, block], axis=1)
    return Arrangements(members, max(mirrored / ways, 1 / (draws + 1)))


def permutation_p(observed: Floats, arranged: Floats) -> Floats:
    """Return two-sided p-values: the share of arrangements as far from their mean as what was observed.

    The mean of all arrangements, not 0, is what chance gives: where a stratum cannot be rearranged it
    adds the same to every one of them.

    :param observed: (k,), the statistics as observed.
    :param arranged: (ways, k), the statistics of all arrangements, the observed one among them.
    """
    import numpy as np

    centre = arranged.mean(axis=0)
    far = np.abs(arranged - centre) >= np.abs(observed - centre) - _SAME
    return np.asarray(far.mean(axis=0))


def _every_way(
    blocks: Sequence[NDArray[np.intp]], sizes: Sequence[tuple[int, int]], units: int
) -> Iterator[Flags]:
    import numpy as np

    choices = (combinations(block.tolist(), some) for block, (_, some) in zip(blocks, sizes, strict=True))
    for chosen in product(*choices):
        way = np.zeros(units, dtype=bool)
        way[[unit for part in chosen for unit in part]] = True
        yield way
