"""What people talk about: topics found with BERTopic."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from kotaku_nlp.analysis.topics.clusters import ConsensusClusters
from kotaku_nlp.analysis.topics.consensus import Readings
from kotaku_nlp.analysis.topics.count import estimate, settle
from kotaku_nlp.analysis.topics.engine import fit_engine, words_of
from kotaku_nlp.analysis.topics.model import Topics, status_of
from kotaku_nlp.analysis.topics.noise import noise
from kotaku_nlp.analysis.topics.points import centred
from kotaku_nlp.analysis.topics.stability import stability
from kotaku_nlp.analysis.topics.text import DistinctTexts, gather, vectors_of
from kotaku_nlp.analysis.topics.words import labels_of

if TYPE_CHECKING:
    from kotaku_nlp.analysis.topics.points import Matrix

#: Fewer passages or words than these hold too little to find topics in; 200 words are what 30 headlines hold.
FEWEST_PASSAGES = 30
FEWEST_WORDS = 200
TOO_LITTLE = "topics_too_little"
_ALIKE = "topics_all_alike"
NO_STRUCTURE = "topics_no_structure"
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
    :param interviews: the interview of each text; topics are then what readings that each leave out an
        interview agree on, and their stability is judged by resampling interviews.
    :param seed: seed of the resamples and of the null; the topics themselves do not depend on it.
    :param topics: number of topics, chosen from the text when None; lowered when the text is too short.
    :return: the topics; none, with a `reason`, when there is too little text, or no structure beyond noise
        and no number was asked for.
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
    reason = _why_not(text)
    if not reason:
        vectors = centred(text.matrix)
        facts["noise"] = noise(text.texts, vectors, seed)
        # Who asks for a number of topics gets them, and is told.
        reason = "" if asked or facts["noise"].structure else NO_STRUCTURE
    if reason:
        nowhere, nothing = np.full(len(text.rows), -1, dtype=np.int64), np.zeros(len(text.rows))
        return Topics(nowhere, nothing, status_of(nowhere, nothing), reason=reason, **facts)
    readings = Readings(vectors, text.blocks)
    if asked:
        taken = min(asked, max(2, len(text.texts) // _FEWEST_MEMBERS))
    else:
        facts["number"] = settle(estimate(readings), text.blocks is not None)
        taken = facts["number"].taken
    clusters = ConsensusClusters(taken, text.counts, readings)
    engine = fit_engine(text.texts, text.matrix, clusters, text.blocks)
    words = words_of(engine)
    labels = np.where(text.rows >= 0, clusters.labels_[text.rows], -1)
    membership = np.where(text.rows >= 0, clusters.probabilities_[text.rows], 0.0)
    return Topics(
        labels,
        membership,
        status_of(labels, membership),
        labels_of(words),
        words,
        stability(text.texts, vectors, clusters.groups_, text.blocks, seed),
        clusters.centres_,
        engine,
        clusters=clusters,
        **facts,
    )


def _why_not(text: DistinctTexts) -> str:
    """Return the wording key that says why no topics can be found, or nothing."""
    if len(text.texts) < FEWEST_PASSAGES or text.words < FEWEST_WORDS:
        return TOO_LITTLE
    return "" if centred(text.matrix).any() else _ALIKE


@contextmanager
def _one_thread() -> Iterator[None]:
    """Compute on one thread: sums then do not depend on the number of cores, and small ones are faster."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # comes with scikit-learn

    with threadpool_limits(limits=1):
        yield
