"""The shape of a text's points, in numbers: what the number of topics is read from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotaku_nlp.analysis.topics.points import Points, evenly, unit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from kotaku_nlp.analysis.topics.points import Labels, Matrix

    Floats = NDArray[np.float64]

#: Numbers of topics at which a text is looked at.
LADDER = (2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30)
#: A topic holds at least so many passages on average, or the text is not looked at that finely.
_MEMBERS = 5
_STARTS = 2
_NULLS = 1
#: More passages than this tell nothing new about the number.
_ROWS = 2000


def shape(vectors: Matrix, passages: int) -> Floats:
    """Return what the number of topics of a text is read from, one row of numbers.

    The logarithm of the number of passages, and for every number of topics of `LADDER`: the silhouette
    (Rousseeuw, 1987) of vectors and of points, the modularity of the neighbour graph (Newman & Girvan,
    2004), and the gap (Tibshirani, Walther & Hastie, 2001) to vectors whose columns were shuffled.

    :param vectors: unit vectors of distinct passages, centred, shape (n, d), n ≥ 10, sorted by hash.
    :param passages: how many distinct passages the text has; more than n where some are left out.
    :return: shape (1 + 4 · len(LADDER),).
    """
    import numpy as np

    rows = vectors[evenly(len(vectors), _ROWS)]
    points = Points(rows)
    numbers = [number for number in LADDER if number <= max(2, len(rows) // _MEMBERS)]
    cuts = [points.cut(number, _STARTS) for number in numbers]
    curves = [
        [_silhouette(rows, cut, "cosine") for cut in cuts],
        [_silhouette(points.places, cut, "euclidean") for cut in cuts],
        [_modularity(points, cut) for cut in cuts],
        _gaps(points, cuts, numbers),
    ]
    return np.concatenate([[np.log(passages)], *(np.interp(LADDER, numbers, curve) for curve in curves)])


def _silhouette(rows: Matrix, cut: Labels, metric: str) -> float:
    from sklearn.metrics import silhouette_score

    return float(silhouette_score(rows, cut, metric=metric)) if 1 < cut.max() + 1 < len(rows) else 0.0


def _modularity(points: Points, cut: Labels) -> float:
    import numpy as np

    graph = points.graph
    member = np.eye(cut.max() + 1)[cut]
    inside = np.trace(member.T @ (graph @ member))
    degree = np.asarray(graph.sum(axis=1)).ravel()
    whole = max(float(graph.sum()), 1e-9)
    return float(inside / whole - ((member.T @ degree / whole) ** 2).sum())


def _gaps(points: Points, cuts: list[Labels], numbers: list[int]) -> list[float]:
    """Return how much tighter topics are than those of vectors whose columns do not belong together."""
    import numpy as np

    expected = np.zeros(len(numbers))
    for draw in range(_NULLS):
        rng = np.random.default_rng(draw)
        mixed = Points(unit(np.stack([rng.permutation(column) for column in points.vectors.T], axis=1)))
        expected += [np.log(_spread(mixed.places, mixed.cut(number, 1))) for number in numbers]
    own = [np.log(_spread(points.places, cut)) for cut in cuts]
    return [float(value) for value in expected / _NULLS - own]


def _spread(places: Matrix, cut: Labels) -> float:
    """Return the sum of squared distances to the topics' means."""
    import numpy as np

    means = np.stack([places[cut == topic].mean(axis=0) for topic in range(cut.max() + 1)])
    return float(((places - means[cut]) ** 2).sum()) + 1e-9
