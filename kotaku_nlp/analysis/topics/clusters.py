"""Group passages by meaning: neighbours smoothed, Ward's tree, k-means. The clusterer in BERTopic's slot."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    Matrix = NDArray[np.float32]
    Labels = NDArray[np.int64]
    Shares = NDArray[np.float64]

#: A passage is compared with this many others, those nearest in meaning.
NEIGHBOURS = 10
_STEPS = 4
_PULL = 0.7
_DIMENSIONS = 32
#: Ward's tree needs all distances at once: above this many passages it is grown on a sample.
_TREE_ROWS = 3000

#: A passage belongs to no topic when its topic holds less than this share of its neighbours …
LOOSE = 0.2
#: … or when it is no nearer to the topic's centre than the nearest 5 % of other topics' passages.
STRANGERS = 0.95


class NeighbourClusters:
    """Topics of passages, with the `fit`, `predict` and `labels_` that BERTopic asks of a clusterer.

    Vectors are centred; each is drawn towards its neighbours a few times (a graph filter: Zhang et
    al., 2019, Attributed Graph Clustering via Adaptive Graph Convolution), reduced by principal
    components and cut into topics by Ward's tree, refined with k-means. Nothing is drawn at random.
    On Indonesian text of known topics this does as well as UMAP with k-means or better, and better than
    UMAP with HDBSCAN (`benchmarks/topics.py`), without what makes UMAP differ between machines.

    :param topics: how many topics; fewer come out when there are fewer distinct vectors.
    :param weights: how often each row occurs, shape (n,), to number topics by size; once each when
        left out.

    After `fit`: `groups_` (n,) the topic of every row; `labels_` the same with -1 for rows that are
    far from every topic; `probabilities_` (n,) the membership, 0 to 1; `centres_` (k, d), unit
    length, in the centred space; `background_`, the similarity that a member has to exceed.
    """

    def __init__(self, topics: int, weights: Labels | None = None) -> None:
        self.topics = topics
        self.weights = weights

    def fit(self, matrix: Matrix, y: Any = None) -> NeighbourClusters:
        """Find the topics.

        :param matrix: unit vectors, shape (n, d), n ≥ 2; sort them for a result free of input order.
        :param y: not used; BERTopic hands it over.
        """
        self.mean_ = matrix.mean(axis=0)
        self.vectors_ = unit(matrix - self.mean_)
        groups = Tree(self.vectors_).cut(self.topics)
        near = neighbours(self.vectors_)
        self._learn(groups)
        labels, _ = self._judge(groups, self._shares(near), self.vectors_, fitting=True)
        self._learn(by_size(groups, labels >= 0, self.weights))
        self.labels_, self.probabilities_ = self._judge(
            self.groups_, self._shares(near), self.vectors_, fitting=True
        )
        return self

    def place(self, matrix: Matrix) -> tuple[Labels, Shares]:
        """Put new passages into the topics by the votes of their nearest passages.

        :param matrix: unit vectors, shape (n, d).
        :return: topics with -1 for those far from every one, and memberships 0 to 1.
        """
        vectors = unit(matrix - self.mean_)
        shares = self._shares(neighbours(self.vectors_, vectors))
        return self._judge(shares.argmax(axis=1), shares, vectors)

    def predict(self, matrix: Matrix) -> Labels:
        """Return the topics of new passages, as `place` does."""
        return self.place(matrix)[0]

    def _learn(self, groups: Labels) -> None:
        """Keep topics, their centres, and how near the passages of other topics come to a centre."""
        import numpy as np

        self.groups_ = groups
        self.centres_ = centres(self.vectors_, groups)
        likeness = self.vectors_ @ self.centres_.T
        others = np.arange(len(self.centres_)) != groups[:, None]
        self.background_ = float(np.quantile(likeness[others], STRANGERS)) if others.any() else -1.0

    def _shares(self, near: csr_matrix) -> Shares:
        """Return how much of each row's likeness to its neighbours lies in each topic, shape (n, k)."""
        import numpy as np

        member = np.eye(len(self.centres_))[self.groups_]
        return np.asarray(near @ member)

    def _judge(
        self, groups: Labels, shares: Shares, vectors: Matrix, fitting: bool = False
    ) -> tuple[Labels, Shares]:
        """Return the topics with -1 for strangers, and the memberships.

        While fitting, the member nearest to a centre always belongs: no topic stays empty.
        """
        import numpy as np

        rows = np.arange(len(groups))
        own = (vectors @ self.centres_.T)[rows, groups]
        membership = np.clip(shares[rows, groups], 0.0, 1.0)
        belongs = (membership >= LOOSE) & (own > self.background_)
        if fitting:
            belongs[[np.where(groups == topic, own, -np.inf).argmax() for topic in np.unique(groups)]] = True
        labels = np.where(belongs, groups, -1).astype(np.int64)
        return labels, np.where(belongs, membership, 0.0)


class Tree:
    """Ward's tree over smoothed vectors, to be cut into any number of topics.

    :param vectors: unit vectors, shape (n, d), n ≥ 2.
    """

    def __init__(self, vectors: Matrix) -> None:
        import numpy as np
        from scipy.cluster.hierarchy import linkage

        self._points = _reduced(smooth(vectors))
        step = max(1.0, len(vectors) / _TREE_ROWS)
        rows = np.unique(np.floor(np.arange(0, len(vectors), step)).astype(np.int64))
        self._sample = self._points[rows]
        self._links = linkage(self._sample, "ward")

    def cut(self, topics: int) -> Labels:
        """Return the topic of every row, 0 … k-1, k at most `topics`; k-means refines the cut."""
        import numpy as np
        from scipy.cluster.hierarchy import fcluster
        from sklearn.cluster import KMeans
        from sklearn.exceptions import ConvergenceWarning

        _, branches = np.unique(fcluster(self._links, topics, "maxclust"), return_inverse=True)
        count = int(branches.max()) + 1
        seeds = np.stack([self._sample[branches == topic].mean(axis=0) for topic in range(count)])
        if count == 1:
            return np.zeros(len(self._points), dtype=np.int64)
        with warnings.catch_warnings():
            # Equal vectors may leave fewer topics than asked for; the caller counts what came out.
            warnings.simplefilter("ignore", ConvergenceWarning)
            labels = KMeans(count, init=seeds, n_init=1, random_state=0).fit_predict(self._points)
        return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def unit(matrix: Any) -> Matrix:
    """Return the rows at unit length, float32; zero rows stay zero."""
    import numpy as np

    rows = np.asarray(matrix, dtype=np.float32)
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, norms, out=np.zeros_like(rows), where=norms > 1e-6)


def neighbours(vectors: Matrix, queries: Matrix | None = None) -> csr_matrix:
    """Return each row's likeness to its nearest vectors, rows summing to one (or zero).

    :param vectors: unit vectors, shape (n, d).
    :param queries: unit vectors, shape (m, d); the vectors themselves, each without itself, when left out.
    :return: sparse, shape (m, n), at most `NEIGHBOURS` entries a row, none negative.
    """
    return _as_shares(_nearest(vectors, queries))


def smooth(vectors: Matrix) -> Matrix:
    """Draw every vector towards its neighbours, a few times.

    :param vectors: unit vectors, shape (n, d).
    :return: unit vectors, same shape.
    """
    near = _nearest(vectors, None)
    near = _as_shares(near.maximum(near.T).tocsr())
    drawn = vectors
    for _ in range(_STEPS):
        drawn = (1 - _PULL) * drawn + _PULL * (near @ drawn)
    return unit(drawn)


def centres(vectors: Matrix, groups: Labels) -> Matrix:
    """Return the mean direction of each topic 0 … k-1, shape (k, d), unit length."""
    import numpy as np

    return unit(np.stack([vectors[groups == topic].mean(axis=0) for topic in range(groups.max() + 1)]))


def by_size(groups: Labels, belongs: NDArray[np.bool_], weights: Labels | None = None) -> Labels:
    """Return the same grouping numbered by size, the largest 0; ties by the first member.

    :param groups: topics 0 … k-1, shape (n,).
    :param belongs: which rows count, shape (n,).
    :param weights: how often each row occurs, shape (n,); once each when left out.
    """
    import numpy as np

    counts = np.ones(len(groups), dtype=np.int64) if weights is None else weights
    sizes = np.bincount(groups, weights=counts * belongs)
    first = np.array([np.argmax(groups == topic) for topic in range(len(sizes))])
    ranks = np.empty(len(sizes), dtype=np.int64)
    ranks[np.lexsort((first, -sizes))] = np.arange(len(sizes))
    return ranks[groups]


def _nearest(vectors: Matrix, queries: Matrix | None) -> csr_matrix:
    from sklearn.neighbors import NearestNeighbors

    count = min(NEIGHBOURS, len(vectors) - (queries is None))
    index = NearestNeighbors(n_neighbors=count, metric="cosine", algorithm="brute", n_jobs=1).fit(vectors)
    graph = index.kneighbors_graph(queries, mode="distance").tocsr()
    graph.data = (1.0 - graph.data).clip(0.0, 1.0)
    return graph


def _as_shares(near: csr_matrix) -> csr_matrix:
    from sklearn.preprocessing import normalize

    return normalize(near, norm="l1", axis=1)


def _reduced(points: Matrix) -> Matrix:
    """Return the principal components that hold the most, shape (n, at most 32)."""
    import numpy as np

    left, values, _ = np.linalg.svd(points - points.mean(axis=0), full_matrices=False)
    return np.asarray(left[:, :_DIMENSIONS] * values[:_DIMENSIONS], dtype=np.float32)
