"""The tables of topics: every passage stands in them, only what informants say is counted."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kotaku_nlp.analysis.embeddings import Remembered
from kotaku_nlp.analysis.encoders import load_encoder
from kotaku_nlp.analysis.topics.tables import Found, topic_tables
from kotaku_nlp.messages import say
from kotaku_nlp.records import TABLES

SUBJECTS = tomllib.loads((Path(__file__).parent / "subjects.toml").read_text(encoding="utf-8"))
TEXTS = [text for some in SUBJECTS.values() for text in some]


def passages(texts: list[str], **columns: object) -> pd.DataFrame:
    count = len(texts)
    frame = pd.DataFrame(
        {
            "passage_id": [f"w{number % 12}:{number}" for number in range(count)],
            "transcript": [f"w{number % 12}" for number in range(count)],
            "informant": [f"p{number % 12}" for number in range(count)],
            "kind": "interview",
            "low_evidence": False,
            "text": texts,
        }
    )
    return frame.assign(**columns)


@cache
def memory() -> Remembered:
    return Remembered(load_encoder())


def tables(frame: pd.DataFrame, topics: int | None = None) -> Found:
    return topic_tables(frame, memory().encode(frame["text"].tolist()), 0, topics)


def test_tables_have_their_columns_and_every_passage() -> None:
    frame = passages(TEXTS)
    found = tables(frame)
    for name in ("topics", "passage_topics"):
        columns = {column: str(dtype) for column, dtype in getattr(found, name).dtypes.items()}
        assert columns == dict(TABLES[name])
    assert found.passage_topics["passage_id"].tolist() == frame["passage_id"].tolist()
    assert found.topics["topic"].tolist() == list(range(len(found.topics)))
    assert found.topics["size"].is_monotonic_decreasing
    unassigned = found.passage_topics["status"] == "unassigned"
    assert (unassigned == (found.passage_topics["topic"] == -1)).all()
    sizes = found.passage_topics.loc[~unassigned, "topic"].value_counts()
    assert found.topics.set_index("topic")["size"].to_dict() == sizes.to_dict()
    assert (found.topics["n_interviews"] <= 12).all()


def test_observations_and_documents_are_shown_but_not_counted() -> None:
    beside = [
        "Nelayan menarik perahu ke dermaga dan menimbang ikan.",
        "Guru membagikan rapor dan soal ujian kepada murid kelas tiga.",
    ]
    alone = tables(passages(TEXTS), topics=6)
    frame = passages(
        TEXTS + beside,
        kind=["interview"] * 70 + ["focus_group"] * 2 + ["observation", "document"],
        informant=[f"p{number % 12}" for number in range(72)] + [None, None],
    )
    found = tables(frame, topics=6)
    assert found.topics.equals(alone.topics)
    assert found.passage_topics.iloc[:72].equals(alone.passage_topics)
    labels = found.passage_topics["topic"].tolist()
    fishing = Counter(label for label in labels[:12] if label >= 0).most_common(1)[0][0]
    assert labels[72] == fishing


def test_passages_of_low_evidence_belong_to_no_topic() -> None:
    low = [False] * 70 + [True] * 2
    found = tables(passages(TEXTS, low_evidence=low), topics=6)
    assert found.passage_topics["topic"].tolist()[70:] == [-1, -1]
    assert found.passage_topics["status"].tolist()[70:] == ["unassigned"] * 2


@pytest.mark.parametrize("count", [0, 1, 5, 12])
def test_too_little_text_is_said_with_its_numbers(count: int) -> None:
    found = tables(passages(TEXTS[:count]).astype({"text": "string"}))
    assert found.topics.empty and found.model is None
    assert found.passage_topics["status"].tolist() == ["unassigned"] * count
    (problem,) = found.problems
    assert (problem.key, problem.level) == ("topics_too_little", "notice")
    for lang in ("id", "en"):
        told = say(problem.key, lang, **problem.params)
        assert f"{count} " in told and "30" in told


def test_too_many_asked_topics_are_lowered_and_it_is_said() -> None:
    found = tables(passages(TEXTS), topics=60)
    assert 2 <= len(found.topics) <= 18
    (problem,) = [problem for problem in found.problems if problem.key == "topics_fewer"]
    assert "60" in say(problem.key, "id", **problem.params)


def test_many_unassigned_passages_are_said() -> None:
    mute = ["ya begitu itu"] * 50
    frame = passages(TEXTS + mute)
    keys = {problem.key: problem for problem in tables(frame, topics=6).problems}
    assert keys["topics_many_unassigned"].params["count"] >= 50
    say("topics_many_unassigned", "en", **keys["topics_many_unassigned"].params)


def test_topics_that_do_not_come_back_are_named() -> None:
    noise = np.random.default_rng(0).normal(size=(len(TEXTS), 64)).astype(np.float32)
    found = topic_tables(passages(TEXTS), noise, 0, 9)
    (problem,) = [problem for problem in found.problems if problem.key == "topics_shaky"]
    shaky = found.topics.loc[found.topics["stability"] < 0.5, "label"]
    assert len(shaky) == problem.params["count"] > 0
    assert shaky.iloc[0] in say(problem.key, "id", **problem.params)


def test_text_without_structure_is_told_why_it_has_no_topics() -> None:
    draw = np.random.default_rng(0)
    vectors = memory().encode(TEXTS)
    permuted = np.stack([draw.permutation(column) for column in vectors.T], axis=1)
    found = topic_tables(passages(TEXTS), permuted, 0, None)
    assert found.topics.empty and found.model is None
    assert set(found.passage_topics["status"]) == {"unassigned"}
    (problem,) = found.problems
    assert (problem.key, problem.level) == ("topics_no_structure", "notice")
    assert all(str(len(TEXTS)) in say(problem.key, lang, **problem.params) for lang in ("id", "en"))
    assert found.facts["reason"] == problem.key
    assert found.facts["number"] is None and found.facts["noise"]["vectors"] < 4


def test_the_manifest_notes_what_the_topics_rest_on() -> None:
    facts = tables(passages(TEXTS)).facts
    assert json.loads(json.dumps(facts)) == facts
    assert facts["number"]["low"] <= facts["number"]["taken"] <= facts["number"]["high"]
    assert min(facts["noise"].values()) > 4
    assert 0 < facts["whole"]["ari"] <= 1 and 0 < facts["whole"]["ami"] <= 1
    assert facts["reason"] == ""


def test_only_passages_of_a_topic_are_close_to_one() -> None:
    frame = passages([*TEXTS, "ya begitu itu"])
    placed = tables(frame, topics=6).passage_topics
    away = placed["topic"] == -1
    assert away.iloc[-1] and not placed.loc[away, "closeness"].any()
    assert (placed.loc[~away, "closeness"] > 0).mean() > 0.9
