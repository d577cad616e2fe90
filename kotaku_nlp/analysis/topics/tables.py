"""The tables of topics of a run: which there are, and where each passage belongs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kotaku_nlp.analysis.topics.count import DISSOLVED
from kotaku_nlp.analysis.topics.discover import FEWEST_PASSAGES, FEWEST_WORDS, discover_topics
from kotaku_nlp.analysis.topics.model import UNASSIGNED, Topics, status_of
from kotaku_nlp.records import SPOKEN_KINDS, Problem, table

if TYPE_CHECKING:
    import pandas as pd

    from kotaku_nlp.analysis.topics.clusters import Matrix

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
