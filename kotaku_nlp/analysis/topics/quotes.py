"""Quotes of topics: every passage of a topic, the most typical first, and each informant in turn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kotaku_nlp.analysis.profiles import spoken
from kotaku_nlp.analysis.topics.model import UNASSIGNED
from kotaku_nlp.analysis.topics.points import unit

if TYPE_CHECKING:
    import pandas as pd

    from kotaku_nlp.analysis.topics.clusters import Shares
    from kotaku_nlp.analysis.topics.points import Labels, Matrix

#: Columns of the quotes.
COLUMNS = ("topic", "rank", "passage_id", "transcript", "informant", "group", "start", "end", "text")


def closeness(matrix: Matrix, labels: Labels, mean: Matrix, centres: Matrix) -> Shares:
    """Return how close each passage is to the centre of its own topic: cosine, -1 to 1; 0 without a topic.

    :param matrix: unit vectors, shape (n, d).
    :param labels: topics, shape (n,), -1 for none.
    :param mean: mean vector that the topics were found around, shape (d,).
    :param centres: directions of the topics around it, shape (k, d), unit length.
    """
    import numpy as np

    found = np.zeros(len(labels))
    rows = np.flatnonzero(labels >= 0)
    vectors = unit(matrix[rows] - mean)
    found[rows] = np.einsum("nd,nd->n", vectors, centres[labels[rows]]).clip(-1.0, 1.0)
    return found


def quote_order(passages: pd.DataFrame, placed: pd.DataFrame) -> dict[int, tuple[str, ...]]:
    """Return the passages of every topic in the order in which to quote them.

    All that informants say in a topic is ranked, nothing is sampled: by membership times closeness (taken
    from -1 … 1 to 0 … 1). The best passage of every informant comes before the second of any, and so on
    in rounds.

    :param passages: table `passages`.
    :param placed: table `passage_topics` with a column `closeness`, as `closeness` computes it.
    :return: topic → passage ids; unassigned passages, observations and documents stand in none.
    """
    members = _members(passages, placed)
    found: dict[int, list[str]] = {}
    for topic, passage in zip(members["topic"].tolist(), members["passage_id"].tolist(), strict=True):
        found.setdefault(topic, []).append(passage)
    return {topic: tuple(ids) for topic, ids in found.items()}


def quotes_of(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return every quote of every topic, cut out of its transcript, in the order of `quote_order`.

    :param tables: tables `transcripts`, `passages` and `passage_topics` of a run, by name.
    :return: columns `COLUMNS`; `rank` counts from 1 within a topic; `text` is the transcript's text from
        `start` to `end`.
    """
    members = _members(tables["passages"], tables["passage_topics"])
    sources = dict(zip(tables["transcripts"]["transcript"], tables["transcripts"]["text"], strict=True))
    spans = zip(members["transcript"], members["start"], members["end"], strict=True)
    found = members.assign(
        rank=members.groupby("topic").cumcount() + 1,
        text=[sources[name][start:end] for name, start, end in spans],
    )
    return found[list(COLUMNS)].reset_index(drop=True)


def _members(passages: pd.DataFrame, placed: pd.DataFrame) -> pd.DataFrame:
    """Return the spoken passages that belong to a topic, by topic and in the order to quote them."""
    belongs = placed[(placed["status"] != UNASSIGNED) & (placed["topic"] >= 0)]
    members = spoken(passages).merge(belongs, on="passage_id")
    members = members.assign(typical=members["membership"] * (1.0 + members["closeness"]) / 2.0)
    members = members.sort_values(["topic", "typical", "passage_id"], ascending=[True, False, True])
    turns = members.groupby(["topic", "informant"]).cumcount()
    return members.assign(turn_to_speak=turns).sort_values(["topic", "turn_to_speak"], kind="stable")
