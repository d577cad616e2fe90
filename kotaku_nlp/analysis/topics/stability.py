"""How topics come back when other interviews had been held: bootstrap over interviews, four measures.

One number would flatter or damn: measures of stability disagree (on focus groups NMI and ARI were found to
run against each other, arXiv 2511.18843). So each topic has the likeness of its members and of its words,
and the whole has two indices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kotaku_nlp.analysis.topics.consensus import FEWEST_INTERVIEWS, Reading, match, spaced
from kotaku_nlp.language.topic_words import topic_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from kotaku_nlp.analysis.topics.points import Labels, Matrix

    Floats = NDArray[np.float64]

#: A topic that comes back with less likeness than this has dissolved (Hennig, 2007).
DISSOLVED = 0.5
RESAMPLES = 20
_KEPT = 0.7
_WORDS = 10


@dataclass(frozen=True)
class Stability:
    """How topics come back over the resamples.

    :param members: per topic, shape (k,), 0 to 1: mean Jaccard likeness to the most alike topic of a
        resample (Hennig, 2007, Cluster-wise assessment of cluster stability).
    :param words: per topic, shape (k,), 0 to 1: mean share of its ten strongest words that come back.
    :param ari: mean adjusted Rand index of the whole with a resample.
    :param ami: mean adjusted mutual information of the whole with a resample.
    """

    members: Floats
    words: Floats
    ari: float
    ami: float


def stability(
    texts: Sequence[str],
    vectors: Matrix,
    groups: Labels,
    blocks: Sequence[Sequence[int]] | None,
    seed: int,
) -> Stability:
    """Group resampled interviews anew, and compare.

    Interviews are drawn with replacement (of passages seven tenths without, when interviews are not known
    or fewer than four); what is compared is where the passages that were drawn lie.

    :param texts: distinct passages, sorted by hash.
    :param vectors: their unit vectors, centred, shape (n, d).
    :param groups: their topics, shape (n,), 0 … k-1.
    :param blocks: rows of each interview.
    :param seed: seed of the draws.
    """
    import numpy as np
    from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

    topics, counts = int(groups.max()) + 1, _counts(texts)
    strongest = _strongest(counts, groups, topics)
    members, words, whole = [], [], []
    for rows in _resamples(len(vectors), blocks, seed):
        labels = Reading(vectors, spaced(rows)).labels(topics)
        members.append(_likeness(groups[rows], labels[rows], topics))
        matched = match(labels, groups)
        found = _strongest(counts[rows], matched[rows], topics)
        words.append([_back(own, other) for own, other in zip(strongest, found, strict=True)])
        pair = (groups[rows], labels[rows])
        whole.append((adjusted_rand_score(*pair), adjusted_mutual_info_score(*pair)))
    ari, ami = np.mean(whole, axis=0)
    return Stability(_mean(members), np.mean(words, axis=0), float(ari), float(ami))


def _resamples(count: int, blocks: Sequence[Sequence[int]] | None, seed: int) -> list[Labels]:
    """Draw rows, sorted; whole interviews where there are enough of them."""
    import numpy as np

    rng = np.random.default_rng(seed)
    known = sorted(tuple(sorted(set(rows))) for rows in blocks or () if len(rows))
    drawn = []
    for _ in range(RESAMPLES):
        if len(known) >= FEWEST_INTERVIEWS:
            chosen = np.unique(rng.integers(len(known), size=len(known)))
            drawn.append(np.unique(np.concatenate([np.array(known[block]) for block in chosen])))
        else:
            drawn.append(np.sort(rng.permutation(count)[: max(2, int(_KEPT * count))]))
    return [rows for rows in drawn if len(rows) >= 2] or [np.arange(count)]


def _likeness(groups: Labels, labels: Labels, topics: int) -> Floats:
    """Return each topic's Jaccard likeness to the most alike one; nan where none of it was drawn."""
    import numpy as np
    from sklearn.metrics.cluster import contingency_matrix

    found = np.full(topics, np.nan)
    drawn = np.unique(groups)
    both = contingency_matrix(groups, labels).astype(float)
    either = both.sum(axis=1, keepdims=True) + both.sum(axis=0, keepdims=True) - both
    found[drawn] = (both / either).max(axis=1)
    return found


def _mean(values: Sequence[Floats]) -> Floats:
    """Return the mean over resamples, without those in which a topic was not drawn."""
    import numpy as np

    stacked = np.stack(values)
    there = ~np.isnan(stacked)
    return np.where(there, stacked, 0.0).sum(axis=0) / np.maximum(there.sum(axis=0), 1)


def _back(words: set[int], found: set[int]) -> float:
    return len(words & found) / max(len(words), 1)


def _counts(texts: Sequence[str]) -> csr_matrix:
    from sklearn.feature_extraction.text import CountVectorizer

    return CountVectorizer(analyzer=topic_words).fit_transform(texts)


def _strongest(counts: csr_matrix, groups: Labels, topics: int) -> list[set[int]]:
    """Return the strongest words of each topic by c-TF-IDF (Grootendorst, 2022), as columns."""
    import numpy as np

    member = (groups[:, None] == np.arange(topics)).astype(np.float64)
    said: Any = np.asarray((counts.T @ member).T)
    weights = said * np.log(1 + said.sum() / topics / np.maximum(said.sum(axis=0), 1))
    order = np.argsort(-weights, axis=1, kind="stable")[:, :_WORDS]
    return [{int(word) for word in row if weights[topic, word] > 0} for topic, row in enumerate(order)]
