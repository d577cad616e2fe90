"""Passages as points that topics are cut from: drawn towards their neighbours, few dimensions."""

from __future__ import annotations

import warnings
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    Matrix = NDArray[np.float32]
    Labels = NDArray[np.int64]

#: A passage is compared with this many others, those nearest in meaning.
NEIGHBOURS = 15
_STEPS = 6
_PULL = 0.7
_DIMENSIONS = 32
STARTS = 10


class Points:
    """Vectors smoothed over their nearest neighbours and reduced by principal components.

    Each vector is drawn towards its neighbours a few times (a graph filter: Zhang et al., 2019, Attributed
    Graph Clustering via Adaptive Graph Convolution). On Indonesian text of known topics k-means on such
    points does as well as UMAP with k-means or better, and better than UMAP with HDBSCAN
    (`benchmarks/topics.py`), without what makes UMAP differ between machines.

    :param vectors: unit vectors, shape (n, d), n ≥ 2; sort them for a result free of input order.
    """

    def __init__(self, vectors: Matrix) -> None:
        self.vectors = vectors

    @cached_property
    def graph(self) -> csr_matrix:
        """Likeness of every vector to its nearest ones, either way, shape (n, n)."""
        near = nearest(self.vectors, None)
        return near.maximum(near.T).tocsr()

    @cached_property
    def places(self) -> Matrix:
        """The points, shape (n, at most 32), principal components of the smoothed vectors."""
        shares, drawn = as_shares(self.graph), self.vectors
        for _ in range(_STEPS):
            drawn = (1 - _PULL) * drawn + _PULL * (shares @ drawn)
        return reduced(unit(drawn))

    def cut(self, topics: int, starts: int = STARTS) -> Labels:
        """Return the topic of every row, 0 … k-1, k at most `topics`: the best of several k-means.

        :param topics: how many topics; fewer come out when there are fewer distinct points.
        :param starts: k-means++ beginnings (Arthur & Vassilvitskii, 2007), always the same ones.
        """
        import numpy as np
        from sklearn.cluster import KMeans
        from sklearn.exceptions import ConvergenceWarning

        count = min(topics, len(self.places))
        with warnings.catch_warnings():
            # Equal points may leave fewer topics than asked for; the caller counts what came out.
            warnings.simplefilter("ignore", ConvergenceWarning)
            found = KMeans(count, n_init=starts, random_state=0).fit_predict(self.places)
        return np.unique(found, return_inverse=True)[1].astype(np.int64)


def centred(matrix: Matrix) -> Matrix:
    """Return the rows with the mean of all taken off, at unit length."""
    return unit(matrix - matrix.mean(axis=0))


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
    return as_shares(nearest(vectors, queries))


def nearest(vectors: Matrix, queries: Matrix | None) -> csr_matrix:
    """Return each row's likeness to its nearest vectors, as `neighbours` does, but as it is."""
    from sklearn.neighbors import NearestNeighbors

    count = min(NEIGHBOURS, len(vectors) - (queries is None))
    index = NearestNeighbors(n_neighbors=count, metric="cosine", algorithm="brute", n_jobs=1).fit(vectors)
    graph = index.kneighbors_graph(queries, mode="distance").tocsr()
    graph.data = (1.0 - graph.data).clip(0.0, 1.0)
    return graph


def evenly(count: int, most: int) -> Labels:
    """Return the places of at most `most` of so many rows, evenly spaced, in order."""
    import numpy as np

    kept = min(count, most)
    return np.arange(kept, dtype=np.int64) * count // max(kept, 1)


def as_shares(near: csr_matrix) -> csr_matrix:
    """Return rows that sum to one (or zero)."""
    from sklearn.preprocessing import normalize

    return normalize(near, norm="l1", axis=1)


def reduced(points: Matrix, dimensions: int = _DIMENSIONS) -> Matrix:
    """Return the principal components that hold the most, shape (n, at most `dimensions`)."""
    import numpy as np

    left, values, _ = np.linalg.svd(points - points.mean(axis=0), full_matrices=False)
    return np.asarray(left[:, :dimensions] * values[:dimensions], dtype=np.float32)
