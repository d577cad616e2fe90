"""The clusterer in BERTopic's slot: topics that readings of the text agree on, and who belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kotaku_nlp.analysis.topics.consensus import Readings
from kotaku_nlp.analysis.topics.points import neighbours, unit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from kotaku_nlp.analysis.topics.points import Labels, Matrix

    Shares = NDArray[np.float64]

#: A passage belongs to no topic when fewer than this share of the readings agree on one.
LOOSE = 0.3


class ConsensusClusters:
    """Topics of passages, with the `fit`, `predict` and `labels_` that BERTopic asks of a clusterer.

    :param topics: how many topics; fewer come out when there are fewer distinct vectors.
    :param weights: how often each row occurs, shape (n,), to number topics by size; once each when
        left out.
    :param readings: the readings of the vectors to come, centred, where they were made already.

    After `fit`: `groups_` (n,) the topic of every row; `labels_` the same with -1 for rows on whose
    topic the readings do not agree; `probabilities_` (n,) the membership, 0 to 1; `votes_` (n, k) the
    share of readings for each topic; `centres_` (k, d), unit length, in the centred space.
    """

    def __init__(self, topics: int, weights: Labels | None = None, readings: Readings | None = None) -> None:
        self.topics = topics
        self.weights = weights
        self.readings = readings

    def fit(self, matrix: Matrix, y: Any = None) -> ConsensusClusters:
        """Find the topics.

        :param matrix: unit vectors, shape (n, d), n ≥ 2; sort them for a result free of input order.
        :param y: not used; BERTopic hands it over.
        """
        self.mean_ = matrix.mean(axis=0)
        self.vectors_ = unit(matrix - self.mean_)
        found = (self.readings or Readings(self.vectors_, None)).consensus(self.topics)
        self.groups_, self.votes_ = found.groups, found.votes
        self.centres_ = centres(self.vectors_, self.groups_)
        self.labels_, self.probabilities_ = self._judge(self.groups_, self.votes_)
        self._keep_nearest()
        self._largest_first()
        return self

    def place(self, matrix: Matrix) -> tuple[Labels, Shares]:
        """Put new passages into the topics: each of its nearest passages passes its votes on.

        :param matrix: unit vectors, shape (n, d).
        :return: topics with -1 for those that belong nowhere, and memberships 0 to 1.
        """
        import numpy as np

        vectors = unit(matrix - self.mean_)
        votes = np.asarray(neighbours(self.vectors_, vectors) @ self.votes_)
        return self._judge(votes.argmax(axis=1), votes)

    def predict(self, matrix: Matrix) -> Labels:
        """Return the topics of new passages, as `place` does."""
        return self.place(matrix)[0]

    def _judge(self, groups: Labels, votes: Shares) -> tuple[Labels, Shares]:
        import numpy as np

        membership = np.clip(votes[np.arange(len(groups)), groups], 0.0, 1.0)
        belongs = membership >= LOOSE
        return np.where(belongs, groups, -1).astype(np.int64), np.where(belongs, membership, 0.0)

    def _keep_nearest(self) -> None:
        """Let the member nearest to a centre always belong: no topic stays empty."""
        import numpy as np

        own = (self.vectors_ * self.centres_[self.groups_]).sum(axis=1)
        for topic in range(len(self.centres_)):
            row = int(np.where(self.groups_ == topic, own, -np.inf).argmax())
            self.labels_[row] = topic
            self.probabilities_[row] = max(self.probabilities_[row], self.votes_[row, topic], LOOSE)

    def _largest_first(self) -> None:
        """Give the topics numbers by what belongs to them: rows that belong nowhere make none larger."""
        import numpy as np

        there = (self.labels_ >= 0).astype(np.int64)
        ranks = by_size(self.groups_, there if self.weights is None else there * self.weights)
        order = np.argsort(ranks)
        self.centres_, self.votes_ = self.centres_[order], self.votes_[:, order]
        self.groups_ = ranks[self.groups_]
        self.labels_ = np.where(self.labels_ >= 0, self.groups_, -1)


def centres(vectors: Matrix, groups: Labels) -> Matrix:
    """Return the mean direction of each topic 0 … k-1, shape (k, d), unit length."""
    import numpy as np

    return unit(np.stack([vectors[groups == topic].mean(axis=0) for topic in range(groups.max() + 1)]))


def by_size(groups: Labels, weights: Labels | None = None) -> Labels:
    """Return the rank of each topic by size, the largest 0; ties by the first member.

    :param groups: topics 0 … k-1, shape (n,).
    :param weights: how often each row occurs, shape (n,); once each when left out.
    :return: shape (k,).
    """
    import numpy as np

    counts = np.ones(len(groups), dtype=np.int64) if weights is None else weights
    sizes = np.bincount(groups, weights=counts)
    first = np.array([np.argmax(groups == topic) for topic in range(len(sizes))])
    ranks = np.empty(len(sizes), dtype=np.int64)
    ranks[np.lexsort((first, -sizes))] = np.arange(len(sizes))
    return ranks
