"""Topics as a noun: assigned to new text, saved and read back bit for bit."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kotaku_nlp.analysis.topics.discover import discover_topics
from kotaku_nlp.analysis.topics.model import Topics, load_topics, status_of
from kotaku_nlp.analysis.topics.points import unit
from kotaku_nlp.errors import RunError

SUBJECTS = tomllib.loads((Path(__file__).parent / "subjects.toml").read_text(encoding="utf-8"))
TEXTS = [text for some in SUBJECTS.values() for text in some]
SUBJECT = np.repeat(np.arange(len(SUBJECTS)), [len(some) for some in SUBJECTS.values()])
INTERVIEWS = [f"w{number % 12}" for number in range(len(TEXTS))]
FRESH = ["Nelayan melaut mencari cumi.", "Konser musik ditunda.", "Surat itu belum dibalas.", "", "ya itu"]


def near(subjects: np.ndarray, seed: int) -> np.ndarray:
    """Return vectors loosely about their subjects, shape (n, 12)."""
    draw = np.random.default_rng(seed)
    return unit(np.eye(12)[subjects] + draw.normal(scale=0.3, size=(len(subjects), 12)))


VECTORS = near(SUBJECT, 0)
FRESH_VECTORS = near(np.array([0, 3, 5, 1, 2]), 9)


@pytest.fixture(scope="module")
def found() -> Topics:
    return discover_topics(TEXTS, VECTORS, INTERVIEWS)


@pytest.fixture(scope="module")
def asked() -> Topics:
    return discover_topics(TEXTS, VECTORS, topics=15)


@pytest.fixture(scope="module")
def nothing() -> Topics:
    return discover_topics(TEXTS[:3], VECTORS[:3])


def assert_same(one: Topics, other: Topics) -> None:
    """Hold that two topics are the same, bit for bit, but for BERTopic itself."""
    for name in ("labels", "membership", "centres", "stability"):
        mine, theirs = getattr(one, name), getattr(other, name)
        assert mine.dtype == theirs.dtype and np.array_equal(mine, theirs), name
    for name in (
        "status", "names", "words", "reason", "asked", "distinct", "content", "number", "noise", "keys",
    ):  # fmt: skip
        assert getattr(one, name) == getattr(other, name), name
    assert (one.steadiness is None) == (other.steadiness is None)
    if one.steadiness is not None and other.steadiness is not None:
        assert np.array_equal(one.steadiness.words, other.steadiness.words)
        assert (one.steadiness.ari, one.steadiness.ami) == (other.steadiness.ari, other.steadiness.ami)


@pytest.mark.parametrize("which", ["found", "asked", "nothing"])
def test_saved_topics_are_the_same_and_assign_the_same(
    which: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    topics: Topics = request.getfixturevalue(which)
    topics.save(tmp_path / "topik")
    loaded = load_topics(str(tmp_path / "topik"))
    assert_same(loaded, topics)
    assert loaded.bertopic is None
    texts, vectors = [*FRESH, *TEXTS[::7]], np.vstack([FRESH_VECTORS, VECTORS[::7]])
    before, after = topics.assign(texts, vectors), loaded.assign(texts, vectors)
    assert np.array_equal(before.labels, after.labels)
    assert np.array_equal(before.membership, after.membership)
    assert before.status == after.status
    assert {path.suffix for path in (tmp_path / "topik").iterdir()} == {".safetensors", ".json"}


def test_loaded_topics_can_be_saved_again(found: Topics, tmp_path: Path) -> None:
    found.save(tmp_path / "one")
    load_topics(tmp_path / "one").save(tmp_path / "two")
    for name in ("topics.json", "topics.safetensors"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_known_text_keeps_its_topic_whatever_vector_comes(found: Topics) -> None:
    shown = found.assign(TEXTS, VECTORS[::-1])
    assert np.array_equal(shown.labels, found.labels)
    assert np.array_equal(shown.membership, found.membership)
    assert shown.status == found.status


def test_new_text_goes_where_its_vector_is_and_mute_text_nowhere(asked: Topics, found: Topics) -> None:
    shown = found.assign(FRESH, FRESH_VECTORS)
    assert shown.labels[3:].tolist() == [-1, -1]
    assert shown.status[3:] == ("unassigned",) * 2
    assert not shown.membership[3:].any()
    sea = found.labels[SUBJECT == 0]
    assert shown.labels[0] in set(sea[sea >= 0].tolist())
    assert asked.assign([], np.zeros((0, 12))).labels.shape == (0,)


def test_a_text_is_assigned_alone_as_among_others(found: Topics) -> None:
    together = found.assign(FRESH, FRESH_VECTORS)
    for place, text in enumerate(FRESH):
        alone = found.assign([text], FRESH_VECTORS[place : place + 1])
        assert alone.labels[0] == together.labels[place]
        assert alone.membership[0] == pytest.approx(together.membership[place], abs=1e-6)


def test_topics_that_are_not_there_take_nothing_in(nothing: Topics) -> None:
    assert nothing.steadiness is nothing.number is nothing.noise is nothing.bertopic is None
    assert nothing.stability.shape == (0,)
    assert nothing.assign(FRESH, FRESH_VECTORS).labels.tolist() == [-1] * len(FRESH)


def test_stability_is_how_members_come_back(found: Topics) -> None:
    assert found.steadiness is not None
    assert found.stability is found.steadiness.members
    assert found.stability.shape == (len(found.names),)


def test_vectors_of_another_encoder_are_refused(found: Topics) -> None:
    with pytest.raises(ValueError, match="length 7"):
        found.assign(["Nelayan pulang membawa ikan."], np.ones((1, 7)))
    with pytest.raises(ValueError, match="2 texts"):
        found.assign(FRESH[:2], FRESH_VECTORS[:1])


def test_status_says_how_many_readings_agree() -> None:
    labels, shares = np.array([0, 1, 0, 1, -1]), np.array([1.0, 0.8, 0.79, 0.3, 0.0])
    assert status_of(labels, shares) == ("core", "core", "peripheral", "peripheral", "unassigned")


def test_missing_topics_are_named_with_their_folder(tmp_path: Path) -> None:
    with pytest.raises(RunError) as caught:
        load_topics(tmp_path)
    assert (caught.value.key, caught.value.where) == ("topics_not_here", str(tmp_path))
    assert "kotaku run" in caught.value.render("id")


@pytest.mark.parametrize("damage", ["cut", "list", "older", "newer", "no words", "arrays", "no arrays"])
def test_damaged_topics_are_named_with_their_folder(found: Topics, damage: str, tmp_path: Path) -> None:
    found.save(tmp_path)
    facts = json.loads((tmp_path / "topics.json").read_text(encoding="utf-8"))
    told = {
        "list": [],
        "older": facts | {"format": 1},
        "newer": facts | {"format": 99},
        "no words": {name: told for name, told in facts.items() if name != "words"},
    }
    if damage in told:
        (tmp_path / "topics.json").write_text(json.dumps(told[damage]), encoding="utf-8")
    elif damage == "cut":
        (tmp_path / "topics.json").write_bytes(b"{")
    else:
        (tmp_path / "topics.safetensors").write_bytes(b"\x00" * 20 if damage == "arrays" else b"")
    with pytest.raises(RunError) as caught:
        load_topics(tmp_path)
    assert (caught.value.key, caught.value.where) == ("topics_damaged", str(tmp_path))


def test_what_was_not_looked_at_stays_unknown(asked: Topics, found: Topics) -> None:
    assert asked.number is None and asked.asked == 15
    assert found.number is not None and found.asked is None
    assert found.number.low <= len(found.names) <= found.number.high
    assert replace(found, steadiness=None).stability.shape == (0,)
