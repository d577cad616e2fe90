"""The tables of topics of a run: which there are, and where each passage belongs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from kotaku_nlp.analysis.topics.discover import FEWEST_PASSAGES, FEWEST_WORDS, discover_topics
from kotaku_nlp.analysis.topics.model import UNASSIGNED, Topics, status_of
from kotaku_nlp.analysis.topics.points import unit
from kotaku_nlp.analysis.topics.quotes import closeness
from kotaku_nlp.analysis.topics.stability import DISSOLVED
from kotaku_nlp.records import SPOKEN_KINDS, Problem, table

if TYPE_CHECKING:
    import pandas as pd

    from kotaku_nlp.analysis.topics.points import Matrix

#: A larger share of passages without a topic is worth a notice.
_MANY_UNASSIGNED = 0.3
_WHERE = "passages"


@dataclass(frozen=True)
class Found:
    """The topics of a run.

    :param topics: table `topics`.
    :param passage_topics: table `passage_topics`.
    :param model: the model; None when there are no topics.
    :param facts: what the manifest notes: `number` (taken, low, high), `noise` (words, vectors), `whole`
        (ari, ami), each null when it was not looked at, and `reason`, why there are no topics.
    :param problems: what a reader should know.
    """

    topics: pd.DataFrame
    passage_topics: pd.DataFrame
    model: Topics | None
    facts: Mapping[str, Any]
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
    close = np.zeros(len(passages))
    if model.clusters is not None:
        close = closeness(unit(embeddings), labels, model.clusters.mean_, model.centres)
    placed = passages[["passage_id"]].assign(
        topic=labels, membership=membership, status=status_of(labels, membership), closeness=close
    )
    return Found(
        topics=table("topics", _rows(model, passages.iloc[told])),
        passage_topics=table("passage_topics", placed),
        model=None if model.reason else model,
        facts=_facts(model),
        problems=tuple(_problems(model)),
    )


def _facts(model: Topics) -> dict[str, Any]:
    steady = model.steadiness
    return {
        "number": asdict(model.number) if model.number else None,
        "noise": asdict(model.noise) if model.noise else None,
        "whole": {"ari": steady.ari, "ami": steady.ami} if steady else None,
        "reason": model.reason,
    }


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
    if model.noise is not None and not model.noise.structure:
        yield Problem("topics_asked_in_noise", _WHERE, params={"distinct": model.distinct})
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
