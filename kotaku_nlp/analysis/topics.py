"""What people talk about: topics found with BERTopic, and the tables of a run."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kotaku_nlp.analysis.topic_clusters import NeighbourClusters, unit
from kotaku_nlp.analysis.topic_count import DISSOLVED, choose, stabilities
from kotaku_nlp.analysis.topic_engine import fit_engine, words_of
from kotaku_nlp.analysis.topic_model import UNASSIGNED, Topics, load_topics, status_of
from kotaku_nlp.analysis.topic_text import DistinctTexts, gather, vectors_of
from kotaku_nlp.records import SPOKEN_KINDS, Problem, table

if TYPE_CHECKING:
    import pandas as pd

    from kotaku_nlp.analysis.topic_clusters import Matrix

__all__ = ["Found", "Topics", "discover_topics", "load_topics", "topic_tables"]

#: Of draws of 30 passages at most 8 % give topics no better than chance, of 20 up to 18 %
#: (`benchmarks/topics.py`); 200 words are what 30 headlines hold.
FEWEST_PASSAGES = 30
FEWEST_WORDS = 200
TOO_LITTLE = "topics_too_little"
_ALIKE = "topics_all_alike"
_NAME_WORDS = 4
#: However many topics are asked for, a topic has this many distinct passages on average.
_FEWEST_MEMBERS = 4
#: A larger share of passages without a topic is worth a notice.
_MANY_UNASSIGNED = 0.3
_WHERE = "passages"


@dataclass(frozen=True)
class Found:
    """The topics of a run: tables `topics` and `passage_topics`, the model, and what to know about them."""

    topics: pd.DataFrame
    passage_topics: pd.DataFrame
    model: Topics | None
    problems: tuple[Problem, ...] = ()


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


def topic_tables(passages: pd.DataFrame, embeddings: Matrix, seed: int, topics: int | None) -> Found:
    """Find the topics of a run's passages.

    Topics are found in what informants say in interviews and focus groups; passages of low evidence
    belong to none. Observations and documents are then put into these topics, and count in no number.

    :param passages: table `passages`.
    :param embeddings: one vector per passage, shape (n, d).
    :param seed: seed of what is left out to judge stability.
    :param topics: number of topics, or None to choose it from the text.
    :return: every passage has one row in `passage_topics`; topic -1 stands only with "unassigned".
    """
    import numpy as np

    evident = ~passages["low_evidence"].to_numpy(dtype=bool)
    spoken = evident & (passages["kind"].isin(SPOKEN_KINDS) & passages["informant"].notna()).to_numpy(bool)
    told = np.flatnonzero(spoken)
    texts = passages["text"].tolist()
    model = discover_topics(
        [texts[row] for row in told],
        embeddings[told],
        passages["transcript"].iloc[told].tolist(),
        seed,
        topics,
    )
    beside = np.flatnonzero(evident & ~spoken)
    shown = model.assign([texts[row] for row in beside], embeddings[beside])
    labels = np.full(len(passages), -1, dtype=np.int64)
    membership = np.zeros(len(passages))
    labels[told], membership[told] = model.labels, model.membership
    labels[beside], membership[beside] = shown.labels, shown.membership
    placed = passages[["passage_id"]].assign(
        topic=labels, membership=membership, status=status_of(labels, membership)
    )
    return Found(
        topics=table("topics", _rows(model, passages.iloc[told])),
        passage_topics=table("passage_topics", placed),
        model=None if model.reason else model,
        problems=tuple(_problems(model)),
    )


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


def _rows(model: Topics, told: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield the rows of the table `topics`; only what informants say is counted."""
    for topic, (name, words) in enumerate(zip(model.names, model.words, strict=True)):
        members = told[model.labels == topic]
        yield {
            "topic": topic,
            "label": name,
            "words": ", ".join(words),
            "size": len(members),
            "stability": float(model.stability[topic]),
            "n_informants": members["informant"].nunique(),
            "n_interviews": members["transcript"].nunique(),
        }


def _problems(model: Topics) -> Iterator[Problem]:
    """Yield what a reader of the topics should know."""
    if model.reason:
        needed = {"passages": FEWEST_PASSAGES, "words": FEWEST_WORDS}
        found = {"distinct": model.distinct, "content": model.content}
        yield Problem(model.reason, _WHERE, params=found | needed)
        return
    made = len(model.names)
    if model.asked is not None and made < model.asked:
        yield Problem(
            "topics_fewer", _WHERE, params={"asked": model.asked, "made": made, "distinct": model.distinct}
        )
    loose = model.status.count(UNASSIGNED)
    if loose > _MANY_UNASSIGNED * len(model.status):
        share = round(100 * loose / len(model.status))
        yield Problem("topics_many_unassigned", _WHERE, params={"count": loose, "percent": share})
    shaky = [name for name, value in zip(model.names, model.stability, strict=True) if value < DISSOLVED]
    if shaky:
        yield Problem("topics_shaky", _WHERE, params={"count": len(shaky), "names": "; ".join(shaky)})


@contextmanager
def _one_thread() -> Iterator[None]:
    """Compute on one thread: sums then do not depend on the number of cores, and small ones are faster."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # comes with scikit-learn

    with threadpool_limits(limits=1):
        yield
