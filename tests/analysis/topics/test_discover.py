"""Topics: found where they are, the same however the text comes, and never a crash."""

from __future__ import annotations

import logging
import subprocess
import sys
import tomllib
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import adjusted_mutual_info_score

from kotaku_nlp.analysis.encoders import load_encoder
from kotaku_nlp.analysis.topics.discover import discover_topics
from kotaku_nlp.analysis.topics.model import Topics, load_topics
from kotaku_nlp.errors import RunError
from kotaku_nlp.language.topic_words import stem

SUBJECTS = tomllib.loads((Path(__file__).parent / "subjects.toml").read_text(encoding="utf-8"))
TEXTS = [text for some in SUBJECTS.values() for text in some]
GOLD = [subject for subject, some in SUBJECTS.items() for _ in some]
#: Twelve interviews, each of which speaks of every subject.
INTERVIEWS = [f"w{number % 12}" for number in range(len(TEXTS))]


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    return load_encoder().encode(TEXTS)


@pytest.fixture(scope="module")
def found(vectors: np.ndarray) -> Topics:
    return discover_topics(TEXTS, vectors, INTERVIEWS)


def same(one: Topics, other: Topics) -> bool:
    return (
        one.names == other.names
        and one.words == other.words
        and one.status == other.status
        and np.array_equal(one.labels, other.labels)
        and np.array_equal(one.membership, other.membership)
        and np.array_equal(one.stability, other.stability)
    )


def test_subjects_are_found_without_being_told_how_many(found: Topics) -> None:
    kept = found.labels >= 0
    assert kept.mean() >= 0.7
    assert 4 <= len(found.names) <= 9
    assert adjusted_mutual_info_score(np.array(GOLD)[kept], found.labels[kept]) >= 0.6


def test_arrays_fit_each_other(found: Topics, vectors: np.ndarray) -> None:
    topics = len(found.names)
    assert found.labels.shape == found.membership.shape == (len(TEXTS),)
    assert found.stability.shape == (topics,)
    assert found.centres.shape == (topics, vectors.shape[1])
    assert len(found.words) == topics
    assert ((found.membership >= 0) & (found.membership <= 1)).all()
    assert ((found.stability >= 0) & (found.stability <= 1)).all()
    assert [status == "unassigned" for status in found.status] == (found.labels == -1).tolist()
    assert set(found.labels.tolist()) - {-1} == set(range(topics))


def test_the_largest_topic_comes_first(found: Topics) -> None:
    sizes = np.bincount(found.labels[found.labels >= 0])
    assert (np.diff(sizes) <= 0).all()


def test_bertopic_speaks_of_the_same_topics(found: Topics) -> None:
    counts = Counter(found.labels.tolist())
    told = found.bertopic.get_topic_info().set_index("Topic")["Count"]
    assert told.to_dict() == dict(counts)
    for topic, words in enumerate(found.words):
        assert [word for word, _ in found.bertopic.get_topic(topic)] == list(words)


def test_bertopic_places_new_text_as_we_do(found: Topics) -> None:
    fresh = ["Nelayan menjual ikan tongkol di dermaga.", "Kiper dan penyerang dipuji pelatih tim."]
    matrix = load_encoder().encode(fresh)
    theirs, _ = found.bertopic.transform(fresh, matrix)
    assert list(theirs) == found.assign(fresh, matrix).labels.tolist()


def test_words_are_readable_and_no_two_share_a_stem(found: Topics) -> None:
    text = " ".join(TEXTS).lower()
    for name, words in zip(found.names, found.words, strict=True):
        assert 1 <= len(words) <= 10
        assert len({stem(word) for word in words}) == len(words)
        assert all(word in text for word in words)
        assert name == ", ".join(words[:4])
    strongest = [words[:5] for words in found.words]
    assert any("nelayan" in words for words in strongest)
    assert not {"yang", "dan", "itu", "karena"} & {word for words in found.words for word in words}


def test_the_asked_number_is_made(vectors: np.ndarray) -> None:
    found = discover_topics(TEXTS, vectors, topics=6)
    assert len(found.names) == 6
    kept = found.labels >= 0
    assert adjusted_mutual_info_score(np.array(GOLD)[kept], found.labels[kept]) >= 0.7


def test_one_subject_stands_in_one_topic_with_high_stability(vectors: np.ndarray) -> None:
    found = discover_topics(TEXTS, vectors, topics=6)
    assert found.stability.mean() >= 0.6


def test_same_seed_same_topics(found: Topics, vectors: np.ndarray) -> None:
    assert same(found, discover_topics(TEXTS, vectors, INTERVIEWS))


def test_input_order_does_not_matter(found: Topics, vectors: np.ndarray) -> None:
    order = np.random.default_rng(3).permutation(len(TEXTS))
    shuffled = discover_topics(
        [TEXTS[row] for row in order], vectors[order], [INTERVIEWS[row] for row in order]
    )
    assert shuffled.words == found.words
    assert np.array_equal(shuffled.labels, found.labels[order])
    assert np.array_equal(shuffled.membership, found.membership[order])
    assert np.array_equal(shuffled.stability, found.stability)


def test_names_of_interviews_do_not_matter(found: Topics, vectors: np.ndarray) -> None:
    names = dict(zip(sorted(set(INTERVIEWS)), np.random.default_rng(1).permutation(12).tolist(), strict=True))
    assert same(found, discover_topics(TEXTS, vectors, [names[name] for name in INTERVIEWS]))


def test_vectors_of_the_default_encoder_are_the_default(found: Topics) -> None:
    assert np.array_equal(discover_topics(TEXTS, interviews=INTERVIEWS).labels, found.labels)


def test_the_given_vectors_stay_as_they_are(vectors: np.ndarray) -> None:
    before = vectors.copy()
    discover_topics(TEXTS, vectors, topics=3)
    assert np.array_equal(vectors, before)


def test_repeated_text_gets_one_topic_and_does_not_make_one(found: Topics, vectors: np.ndarray) -> None:
    again = [0] * 40
    more = discover_topics(
        TEXTS + [TEXTS[row] for row in again], np.vstack([vectors, vectors[again]]), topics=len(found.names)
    )
    assert len(set(more.labels[[0, *range(len(TEXTS), len(TEXTS) + 40)]].tolist())) == 1
    alone = discover_topics(TEXTS, vectors, topics=len(found.names))
    assert adjusted_mutual_info_score(more.labels[: len(TEXTS)], alone.labels) == pytest.approx(1.0)


def test_different_vectors_of_one_text_still_give_it_one_topic(vectors: np.ndarray) -> None:
    more = discover_topics([*TEXTS, TEXTS[0]], np.vstack([vectors, vectors[40]]), topics=6)
    assert more.labels[0] == more.labels[-1]


def test_text_about_nothing_known_is_unassigned(found: Topics) -> None:
    shown = found.assign(["", "   ", "ya itu", "!!!"])
    assert shown.labels.tolist() == [-1] * 4
    assert set(shown.status) == {"unassigned"}
    assert not shown.membership.any()


def test_new_text_goes_where_its_subject_is(found: Topics) -> None:
    fresh = {
        "Nelayan tua itu menambatkan perahu sesudah menjual ikan dan udang.": "laut",
        "Penyerang tim tamu mencetak gol lewat tendangan penalti.": "bola",
        "Bawang, cabai, dan santan dimasak sampai harum.": "dapur",
        "Dokter puskesmas memberi pasien obat demam.": "sakit",
    }
    shown = found.assign(list(fresh))
    for label, subject in zip(shown.labels, fresh.values(), strict=True):
        members = found.labels[[row for row, known in enumerate(GOLD) if known == subject]]
        assert label == Counter(members[members >= 0].tolist()).most_common(1)[0][0]


def test_known_text_keeps_its_topic(found: Topics, vectors: np.ndarray) -> None:
    shown = found.assign(TEXTS, vectors)
    assert np.array_equal(shown.labels, found.labels)
    assert np.array_equal(shown.membership, found.membership)
    assert shown.status == found.status


def test_saved_topics_assign_as_before(found: Topics, tmp_path: Path) -> None:
    fresh = [
        *TEXTS[::5],
        "Nelayan melaut mencari cumi.",
        "Konser musik ditunda.",
        "",
        "Surat itu belum dibalas.",
    ]
    found.save(tmp_path / "topik")
    loaded = load_topics(tmp_path / "topik")
    assert same(loaded, found)
    assert np.array_equal(loaded.centres, found.centres)
    before, after = found.assign(fresh), loaded.assign(fresh)
    assert np.array_equal(before.labels, after.labels)
    assert np.array_equal(before.membership, after.membership)
    assert before.status == after.status
    assert {path.suffix for path in (tmp_path / "topik").iterdir()} == {".safetensors", ".json"}


def test_topics_of_too_little_text_are_saved_too(tmp_path: Path) -> None:
    nothing = discover_topics(TEXTS[:3])
    nothing.save(tmp_path)
    loaded = load_topics(tmp_path)
    assert loaded.reason == nothing.reason
    assert loaded.assign(TEXTS[:5]).labels.tolist() == [-1] * 5


def test_missing_and_damaged_topics_are_named(found: Topics, tmp_path: Path) -> None:
    with pytest.raises(RunError, match=str(tmp_path)):
        load_topics(tmp_path)
    found.save(tmp_path)
    for damaged in (b"{", b"[]", b'{"format": 99}'):
        (tmp_path / "topics.json").write_bytes(damaged)
        with pytest.raises(RunError) as caught:
            load_topics(tmp_path)
        assert caught.value.key == "topics_damaged"
    found.save(tmp_path)
    (tmp_path / "topics.safetensors").write_bytes(b"\x00" * 20)
    with pytest.raises(RunError):
        load_topics(tmp_path)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 10, 20, 29, 30, 31, 40, 60])
def test_no_number_of_passages_crashes(count: int, vectors: np.ndarray) -> None:
    order = np.random.default_rng(0).permutation(len(TEXTS))[:count]
    found = discover_topics([TEXTS[row] for row in order], vectors[order])
    assert len(found.labels) == len(found.status) == count
    if count < 30:
        assert found.reason and found.bertopic is None
        assert (found.labels == -1).all()
    if count >= 40:
        assert not found.reason and found.bertopic is not None
        assert len(found.names) >= 2


@pytest.mark.parametrize(
    "texts",
    [
        [TEXTS[0]] * 60,
        [TEXTS[0], TEXTS[40]] * 40,
        [""] * 50,
        ["yang itu dan ini"] * 20 + ["ya, begitu, kan"] * 20 + ["he-eh"] * 20,
        ["🙂" * (number + 1) for number in range(40)],
        ["\ud800 rusak"] * 3 + TEXTS,
        ["", *TEXTS],
    ],
    ids=["identical", "two distinct", "empty", "stop words", "emoji", "lone surrogate", "one empty"],
)
def test_odd_texts_do_not_crash(texts: list[str]) -> None:
    vectors = np.random.default_rng(0).normal(size=(len(texts), 16)).astype(np.float32)
    found = discover_topics(texts, vectors)
    assert len(found.labels) == len(texts)
    by_text: dict[str, set[int]] = {}
    for text, label in zip(texts, found.labels.tolist(), strict=True):
        by_text.setdefault(text, set()).add(label)
    assert all(len(labels) == 1 for labels in by_text.values())


@pytest.mark.parametrize("kind", ["zero", "some zero", "one direction", "two directions", "nan", "narrow"])
def test_odd_vectors_do_not_crash(kind: str, vectors: np.ndarray) -> None:
    matrix = {
        "zero": np.zeros_like(vectors),
        "some zero": np.where(np.arange(len(TEXTS))[:, None] % 3 == 0, 0, vectors),
        "one direction": np.ones_like(vectors),
        "two directions": np.where(np.arange(len(TEXTS))[:, None] % 2 == 0, vectors[:1], vectors[1:2]),
        "nan": np.where(np.arange(len(TEXTS))[:, None] == 5, np.nan, vectors),
        "narrow": vectors[:, :1],
    }[kind]
    found = discover_topics(TEXTS, matrix, INTERVIEWS)
    assert len(found.labels) == len(TEXTS)
    if kind == "some zero":
        assert (found.labels[::3] == -1).all()
    if kind == "one direction":
        assert found.reason == "topics_all_alike"


def test_wrong_shapes_are_refused(found: Topics, vectors: np.ndarray) -> None:
    with pytest.raises(ValueError, match="71"):
        discover_topics(TEXTS, vectors[:71])
    with pytest.raises(ValueError, match="interviews"):
        discover_topics(TEXTS, vectors, INTERVIEWS[:5])
    with pytest.raises(ValueError, match="at least 2"):
        discover_topics(TEXTS, vectors, topics=1)
    with pytest.raises(ValueError, match="length"):
        found.assign(["Nelayan pulang membawa ikan."], np.ones((1, 7), dtype=np.float32))


def test_bertopic_leaves_warnings_and_log_as_they_were() -> None:
    script = (
        "import warnings, logging, numpy as np\n"
        "from kotaku_nlp.analysis.topics.discover import discover_topics\n"
        "texts = [f'kata{a} ikan{b} perahu{c} laut{a+b} jaring{b+c} ombak{a+c} pantai{a*b}'\n"
        "         for a, b, c in np.random.default_rng(0).integers(0, 9, (60, 3))]\n"
        "found = discover_topics(texts, np.random.default_rng(0).normal(size=(60, 8)).astype('float32'))\n"
        "assert found.bertopic is not None, found.reason\n"
        "with warnings.catch_warnings(record=True) as heard:\n"
        "    warnings.warn('one', UserWarning)\n"
        "    warnings.warn('two', FutureWarning)\n"
        "assert len(heard) == 2, heard\n"
        "log = logging.getLogger('BERTopic')\n"
        "assert not log.handlers and log.propagate\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stderr == "" and done.stdout == ""


def test_nothing_warns(vectors: np.ndarray) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        discover_topics(TEXTS, vectors, INTERVIEWS)
    assert [str(warning.message) for warning in caught] == []
    assert logging.getLogger().level == logging.WARNING
