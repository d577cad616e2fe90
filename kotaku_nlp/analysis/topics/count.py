"""How many topics a text holds, and how often each comes back when some interviews are left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kotaku_nlp.analysis.topics.clusters import Tree, unit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]
    Labels = NDArray[np.int64]
    Numbers = NDArray[np.float64]

#: A topic that comes back with less likeness than this has dissolved (Hennig, 2007).
DISSOLVED = 0.5
#: On average a topic holds at least this many passages, and there are never more than `MOST` topics.
MEMBERS = 8
MOST = 20
SUBSAMPLES = 20
_KEPT = 0.7
#: Fewer interviews than this cannot be left out in turn: passages are then.
_INTERVIEWS = 4
#: More passages than this are not needed to tell whether topics come back.
_ROWS = 3000


@dataclass(frozen=True)
class Stability:
    """How topics come back: `values` (k,), 0 to 1, mean Jaccard likeness over the subsamples."""

    topics: int
    values: Numbers


def most_topics(passages: int) -> int:
    """Return the largest number of topics that so many distinct passages can carry."""
    return max(2, min(MOST, passages // MEMBERS))


def choose(vectors: Matrix, interviews: Sequence[Sequence[int]] | None, seed: int) -> int:
    """Choose the number of topics: the most of which none dissolves when interviews are left out.

    The text is grouped anew on subsamples of its interviews (of its passages when interviews are not
    known); a topic's stability is the mean over subsamples of its Jaccard likeness to the nearest topic
    there (Hennig, 2007, Cluster-wise assessment of cluster stability). Where every number loses one,
    the number whose weakest topic is strongest is taken; fewer topics win a tie.

    :param vectors: unit vectors of distinct passages, centred, shape (n, d).
    :param interviews: rows of each interview; a row may stand in several.
    :param seed: seed of the subsamples.
    """
    weakest = [
        float(found.values.min())
        for found in stabilities(vectors, range(2, most_topics(len(vectors)) + 1), interviews, seed)
    ]
    lasting = [topics for topics, value in enumerate(weakest, start=2) if value >= DISSOLVED]
    return lasting[-1] if lasting else 2 + weakest.index(max(weakest))


def stabilities(
    vectors: Matrix,
    numbers: Sequence[int],
    interviews: Sequence[Sequence[int]] | None,
    seed: int,
    groups: Labels | None = None,
) -> list[Stability]:
    """Return how the topics come back, for each number of topics.

    :param vectors: unit vectors of distinct passages, centred, shape (n, d).
    :param numbers: numbers of topics to try.
    :param interviews: rows of each interview; a row may stand in several.
    :param seed: seed of the subsamples.
    :param groups: the topics to judge, shape (n,), when they are already known (one number only).
    """
    import numpy as np

    if groups is None:
        whole = Tree(vectors)
        full = [whole.cut(number) for number in numbers]
    else:
        full = [groups]
    seen: list[list[Numbers]] = [[] for _ in numbers]
    for rows in _subsamples(len(vectors), interviews, seed):
        part = Tree(unit(vectors[rows] - vectors[rows].mean(axis=0)))
        for place, number in enumerate(numbers):
            seen[place].append(_likeness(full[place], rows, part.cut(number)))
    return [
        Stability(number, np.nan_to_num(_mean(values))) for number, values in zip(numbers, seen, strict=True)
    ]


def _subsamples(count: int, interviews: Sequence[Sequence[int]] | None, seed: int) -> list[Labels]:
    """Draw rows to keep, sorted; whole interviews where there are enough of them."""
    import numpy as np

    draw = np.random.default_rng(seed)
    blocks = sorted(tuple(sorted(set(rows))) for rows in interviews or () if len(rows))
    kept = []
    for _ in range(SUBSAMPLES):
        if len(blocks) >= _INTERVIEWS:
            chosen = draw.choice(len(blocks), int(np.ceil(_KEPT * len(blocks))), replace=False)
            rows = np.unique(np.concatenate([np.array(blocks[block]) for block in chosen]))
        else:
            rows = np.sort(draw.choice(count, max(2, int(_KEPT * count)), replace=False))
        if len(rows) > _ROWS:
            rows = np.sort(draw.choice(rows, _ROWS, replace=False))
        if len(rows) >= 2:
            kept.append(rows)
    return kept or [np.arange(count)]


def _likeness(full: Labels, rows: Labels, part: Labels) -> Numbers:
    """Return each topic's Jaccard likeness to the nearest one of a subsample; nan where none was drawn."""
    import numpy as np
    from sklearn.metrics.cluster import contingency_matrix

    both = np.zeros((full.max() + 1, part.max() + 1))
    drawn = np.unique(full[rows])
    both[drawn] = contingency_matrix(full[rows], part)
    either = both.sum(axis=1, keepdims=True) + both.sum(axis=0, keepdims=True) - both
    found = (both / either).max(axis=1)
    found[both.sum(axis=1) == 0] = np.nan
    return found


def _mean(values: list[Numbers]) -> Numbers:
    """Return the mean over subsamples, without those in which a topic was not drawn."""
    import numpy as np

    stacked = np.stack(values)
    there = ~np.isnan(stacked)
    return np.where(there, stacked, 0.0).sum(axis=0) / np.maximum(there.sum(axis=0), 1)
