"""What people talk about: topics found with BERTopic."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from kotaku_nlp.analysis.topics.clusters import NeighbourClusters, unit
from kotaku_nlp.analysis.topics.count import choose, stabilities
from kotaku_nlp.analysis.topics.engine import fit_engine, words_of
from kotaku_nlp.analysis.topics.model import Topics, status_of
from kotaku_nlp.analysis.topics.text import DistinctTexts, gather, vectors_of

if TYPE_CHECKING:
    from kotaku_nlp.analysis.topics.clusters import Matrix

#: Of draws of 30 passages at most 8 % give topics no better than chance, of 20 up to 18 %
#: (`benchmarks/topics.py`); 200 words are what 30 headlines hold.
FEWEST_PASSAGES = 30
FEWEST_WORDS = 200
TOO_LITTLE = "topics_too_little"
_ALIKE = "topics_all_alike"
_NAME_WORDS = 4
#: However many topics are asked for, a topic has this many distinct passages on average.
_FEWEST_MEMBERS = 4


def discover_topics(
    texts: Sequence[str],
    embeddings: Matrix | None = None,
    interviews: Sequence[Hashable] | None = None,
    seed: int = 0,
    topics: int | None = None,
) -> Topics:
    """Find the topics of texts.

    The same texts, vectors and seed give the same topics in whatever order they come and whatever the
    interviews are called. Repeated texts are counted, but fitted once, and share one topic.

    :param texts: one passage each; any strings, none included.
    :param embeddings: their vectors, shape (n, d); encoded with the default encoder when left out.
    :param interviews: the interview of each text; stability is then judged by leaving out interviews.
    :param seed: seed of what is left out.
    :param topics: number of topics, chosen from the text when None; lowered when the text is too short.
    :return: the topics; none, with a `reason`, when there is too little text.
    :raises ValueError: when lengths differ, or `topics` is below 2.
    """
    if topics is not None and topics < 2:
        raise ValueError(f"{topics} topics; at least 2")
    if interviews is not None and len(interviews) != len(texts):
        raise ValueError(f"{len(interviews)} interviews for {len(texts)} texts")
    with _one_thread():
        return _discover(gather(texts, vectors_of(texts, embeddings), interviews), seed, topics)


def _discover(text: DistinctTexts, seed: int, asked: int | None) -> Topics:
    import numpy as np

    facts: dict[str, Any] = {
        "asked": asked,
        "distinct": len(text.texts),
        "content": text.words,
        "keys": text.keys,
    }
    if reason := _why_not(text):
        nowhere, nothing = np.full(len(text.rows), -1, dtype=np.int64), np.zeros(len(text.rows))
        return Topics(nowhere, nothing, status_of(nowhere, nothing), reason=reason, **facts)
    centred = unit(text.matrix - text.matrix.mean(axis=0))
    if asked is None:
        number = choose(centred, text.blocks, seed)
    else:
        number = min(asked, max(2, len(text.texts) // _FEWEST_MEMBERS))
    clusters = NeighbourClusters(number, text.counts)
    engine = fit_engine(text.texts, text.matrix, clusters)
    words = words_of(engine, text.texts, clusters.groups_.tolist())
    labels = np.where(text.rows >= 0, clusters.labels_[text.rows], -1)
    membership = np.where(text.rows >= 0, clusters.probabilities_[text.rows], 0.0)
    return Topics(
        labels,
        membership,
        status_of(labels, membership),
        tuple(", ".join(some[:_NAME_WORDS]) for some in words),
        words,
        stabilities(centred, [len(words)], text.blocks, seed, clusters.groups_)[0].values,
        clusters.centres_,
        engine,
        clusters=clusters,
        **facts,
    )


def _why_not(text: DistinctTexts) -> str:
    """Return the wording key that says why no topics can be found, or nothing."""
    if len(text.texts) < FEWEST_PASSAGES or text.words < FEWEST_WORDS:
        return TOO_LITTLE
    alike = not unit(text.matrix - text.matrix.mean(axis=0)).any()
    return _ALIKE if alike else ""


@contextmanager
def _one_thread() -> Iterator[None]:
    """Compute on one thread: sums then do not depend on the number of cores, and small ones are faster."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # comes with scikit-learn

    with threadpool_limits(limits=1):
        yield
