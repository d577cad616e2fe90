"""Quotes of topics: all of them, the typical first, every informant in turn, cut from their source."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotaku_nlp.analysis.topics.clusters import unit
from kotaku_nlp.analysis.topics.quotes import COLUMNS, closeness, quote_order, quotes_of

Rows = list[tuple[str, str, int, float, float]]


def tables(rows: Rows) -> dict[str, pd.DataFrame]:
    """Return the tables of a run from rows of informant, kind, topic, membership and closeness."""
    text, spans = "", []
    for number in range(len(rows)):
        said = f"Kutipan ke-{number} 🏚 di sini."
        spans.append((len(text), len(text) + len(said)))
        text += said + "\n"
    ids = [f"w1:{number}" for number in range(len(rows))]
    passages = pd.DataFrame({
        "passage_id": ids, "transcript": "w1", "informant": [row[0] for row in rows], "group": "community",
        "kind": [row[1] for row in rows],
        "start": [span[0] for span in spans], "end": [span[1] for span in spans],
        "text": [text[start:end] for start, end in spans],
    })  # fmt: skip
    placed = pd.DataFrame({
        "passage_id": ids, "topic": [row[2] for row in rows], "membership": [row[3] for row in rows],
        "closeness": [row[4] for row in rows],
        "status": ["unassigned" if row[2] < 0 else "core" for row in rows],
    })  # fmt: skip
    return {
        "transcripts": pd.DataFrame({"transcript": ["w1"], "text": [text]}),
        "passages": passages,
        "passage_topics": placed,
    }


def order_of(rows: Rows) -> dict[int, tuple[str, ...]]:
    found = tables(rows)
    return quote_order(found["passages"], found["passage_topics"])


def test_the_most_typical_comes_first_and_every_informant_before_the_second_of_any() -> None:
    rows: Rows = [
        ("A", "interview", 0, 1.0, 0.9),
        ("A", "interview", 0, 1.0, 0.8),
        ("A", "interview", 0, 0.9, 0.8),
        ("B", "interview", 0, 0.3, 0.1),
        ("B", "focus_group", 0, 0.2, 0.1),
        ("C", "interview", 0, 0.6, 0.5),
        ("C", "interview", 1, 1.0, 1.0),
    ]
    assert order_of(rows) == {0: ("w1:0", "w1:5", "w1:3", "w1:1", "w1:4", "w1:2"), 1: ("w1:6",)}


def test_what_no_informant_says_and_what_has_no_topic_is_not_quoted() -> None:
    rows: Rows = [
        ("A", "observation", 0, 1.0, 1.0),
        ("A", "document", 0, 1.0, 1.0),
        ("A", "interview", -1, 0.0, 0.0),
        ("A", "interview", 0, 0.1, -0.9),
    ]
    assert order_of(rows) == {0: ("w1:3",)}


shares = st.sampled_from([0.0, 0.2, 0.5, 1.0])
some_rows = st.lists(
    st.tuples(st.sampled_from("ABC"), st.just("interview"), st.integers(-1, 2), shares, shares), max_size=15
)


@settings(max_examples=25, deadline=None)
@given(some_rows)
def test_every_member_is_quoted_once_in_its_topic_from_its_source(rows: Rows) -> None:
    found = tables(rows)
    quotes = quotes_of(found)
    assert list(quotes.columns) == list(COLUMNS)
    topics = dict(zip(found["passage_topics"]["passage_id"], found["passage_topics"]["topic"], strict=True))
    assert sorted(quotes["passage_id"]) == sorted(name for name, topic in topics.items() if topic >= 0)
    source = found["transcripts"]["text"].iloc[0]
    said = dict(zip(found["passages"]["passage_id"], found["passages"]["text"], strict=True))
    for quote in quotes.to_dict("records"):
        assert topics[quote["passage_id"]] == quote["topic"]
        assert source[quote["start"] : quote["end"]] == quote["text"] == said[quote["passage_id"]]
    ordered = {
        topic: tuple(part.sort_values("rank")["passage_id"]) for topic, part in quotes.groupby("topic")
    }
    assert ordered == quote_order(found["passages"], found["passage_topics"])


@settings(max_examples=25, deadline=None)
@given(some_rows, st.randoms(use_true_random=False))
def test_rounds_hold_each_informant_once_and_order_of_rows_does_not_matter(rows: Rows, draw: object) -> None:
    found = tables(rows)
    passages, placed = found["passages"], found["passage_topics"]
    ordered = quote_order(passages, placed)
    who = dict(zip(passages["passage_id"], passages["informant"], strict=True))
    for ids in ordered.values():
        turns = [[who[name] for name in ids[: place + 1]].count(who[name]) for place, name in enumerate(ids)]
        assert turns == sorted(turns)
    mixed = np.random.default_rng(draw.randint(0, 9)).permutation(len(rows))  # type: ignore[attr-defined]
    assert quote_order(passages.iloc[mixed], placed.iloc[mixed[::-1]]) == ordered


def test_closeness_is_the_cosine_to_the_own_centre_around_the_mean() -> None:
    matrix = unit(np.random.default_rng(0).normal(size=(6, 4)))
    mean, centres = matrix.mean(axis=0), unit(np.random.default_rng(1).normal(size=(2, 4)))
    labels = np.array([0, 1, -1, 0, 1, -1])
    found = closeness(matrix, labels, mean, centres)
    for row, label in enumerate(labels):
        centred = matrix[row] - mean
        cosine = 0.0 if label < 0 else float(centred @ centres[label] / np.linalg.norm(centred))
        assert found[row] == pytest.approx(cosine, abs=1e-6)
    nothing = closeness(matrix[:0], labels[:0], mean, centres)
    assert nothing.shape == (0,)
