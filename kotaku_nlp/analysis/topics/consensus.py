"""Topics that several readings of a text agree on: each reading leaves out one interview.

One clustering is one reading; leave out an interview, and borders move. So the text is grouped once for
every interview left out, the groupings are laid over each other, and every passage goes where most of them
put it (voting consensus: Dudoit & Fridlyand, 2003, Bagging to improve the accuracy of a clustering
procedure). Nothing is drawn at random.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kotaku_nlp.analysis.topics.points import Points, centred, evenly, neighbours

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from kotaku_nlp.analysis.topics.points import Labels, Matrix

    Shares = NDArray[np.float64]

#: Fewer interviews than this cannot be left out in turn: parts of the passages are then.
FEWEST_INTERVIEWS = 4
#: More interviews than this are left out several at a time.
_MOST_READINGS = 24
_PARTS = 12
#: A reading of more passages than this is made on so many of them; the others follow their neighbours.
ROWS = 3000
_ROUNDS = 3


@dataclass(frozen=True)
class Consensus:
    """What the readings agree on.

    :param groups: topic of every passage, shape (n,), 0 … k-1.
    :param votes: share of the readings that put each passage into each topic, shape (n, k).
    """

    groups: Labels
    votes: Shares


@dataclass(frozen=True)
class Reading:
    """Some of the passages, grouped; the others are placed by the votes of their neighbours there.

    :param vectors: unit vectors of all passages, shape (n, d).
    :param rows: which passages are grouped.
    """

    vectors: Matrix
    rows: Labels

    @cached_property
    def points(self) -> Points:
        """The points of the grouped passages."""
        return Points(centred(self.vectors[self.rows]))

    @cached_property
    def near(self) -> csr_matrix:
        """Likeness of every passage to its nearest grouped ones, shape (n, m)."""
        return neighbours(self.vectors[self.rows], self.vectors)

    def labels(self, topics: int) -> Labels:
        """Return the topic of every passage, shape (n,)."""
        import numpy as np

        own = self.points.cut(topics)
        placed = np.asarray(self.near @ np.eye(own.max() + 1)[own]).argmax(axis=1)
        placed[self.rows] = own
        return placed.astype(np.int64)


class Readings:
    """The readings of a text: one of everything, and one for every interview left out.

    :param vectors: unit vectors of distinct passages, centred, sorted by hash, shape (n, d).
    :param blocks: rows of each interview, or None when interviews are not known.
    """

    def __init__(self, vectors: Matrix, blocks: Sequence[Sequence[int]] | None) -> None:
        import numpy as np

        everything = Reading(vectors, spaced(np.arange(len(vectors))))
        self.readings = [everything, *(Reading(vectors, rows) for rows in left_out(len(vectors), blocks))]

    def consensus(self, topics: int) -> Consensus:
        """Return what the readings agree on, for a number of topics."""
        return agreed([reading.labels(topics) for reading in self.readings])


def agreed(labelled: Sequence[Labels]) -> Consensus:
    """Lay groupings of the same passages over each other, and let them vote.

    The grouping that is most like the others (adjusted Rand index) names the topics; every other one is
    matched to it topic by topic (Kuhn, 1955), and the votes are counted until nothing changes.

    :param labelled: groupings, each of shape (n,).
    """
    import numpy as np
    from sklearn.metrics import adjusted_rand_score

    likeness = np.array([[adjusted_rand_score(one, other) for other in labelled] for one in labelled])
    groups = labelled[int(likeness.sum(axis=0).argmax())]
    for _ in range(_ROUNDS):
        votes = np.zeros((len(groups), groups.max() + 1))
        for labels in labelled:
            matched = match(labels, groups)
            there = matched >= 0
            votes[np.flatnonzero(there), matched[there]] += 1
        winners = votes.argmax(axis=1)
        if (winners == groups).all():
            break
        groups = np.unique(winners, return_inverse=True)[1].astype(np.int64)
    return Consensus(groups, votes[:, np.unique(winners)] / len(labelled))


def match(labels: Labels, groups: Labels) -> Labels:
    """Return a grouping in the names of another, matched so that most passages agree; -1 without a match."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment
    from sklearn.metrics.cluster import contingency_matrix

    rows, columns = linear_sum_assignment(-contingency_matrix(labels, groups))
    names = np.full(labels.max() + 1, -1, dtype=np.int64)
    names[rows] = columns
    return names[labels]


def left_out(count: int, blocks: Sequence[Sequence[int]] | None) -> list[Labels]:
    """Return the rows of each reading: all without one interview, or without a part of the passages.

    :param count: number of passages.
    :param blocks: rows of each interview; a row may stand in several.
    """
    import numpy as np

    everything = np.arange(count)
    known = sorted(tuple(sorted(set(rows))) for rows in blocks or () if len(rows))
    if len(known) < FEWEST_INTERVIEWS:
        kept = [everything[everything % _PARTS != part] for part in range(_PARTS)]
    else:
        readings = min(len(known), _MOST_READINGS)
        kept = []
        for part in range(readings):
            others = [rows for place, rows in enumerate(known) if place % readings != part]
            kept.append(np.unique(np.concatenate([np.array(rows) for rows in others])))
    return [spaced(rows) for rows in kept if len(rows) >= 2]


def spaced(rows: Labels) -> Labels:
    """Return at most `ROWS` of some rows, evenly spaced."""
    return rows[evenly(len(rows), ROWS)]
