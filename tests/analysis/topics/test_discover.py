"""Topics: found where they are, the same however the text comes, and never a crash."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from kotaku_nlp.analysis.encoders import load_encoder
from kotaku_nlp.analysis.topics.discover import discover_topics
from kotaku_nlp.analysis.topics.model import Topics
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
    assert found.number is not None and found.number.taken == len(found.names)
    assert 4 <= len(found.names) <= 9
    assert (found.labels >= 0).mean() >= 0.95
    assert adjusted_mutual_info_score(GOLD, found.labels) >= 0.6


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
    for words in found.words:
        assert 1 <= len(words) <= 10
        assert len({stem(word) for word in words}) == len(words)
        assert all(part in text for word in words for part in word.lower().split())
    strongest = [words[:5] for words in found.words]
    assert any("nelayan" in words for words in strongest)
    assert not {"yang", "dan", "itu", "karena"} & {word for words in found.words for word in words}


def test_every_label_stands_in_the_words_of_its_topic(found: Topics) -> None:
    assert len(set(found.names)) == len(found.names)
    for name, words in zip(found.names, found.words, strict=True):
        assert set(name.split(", ")) <= set(words)


def test_the_asked_number_is_made_of_stable_topics(vectors: np.ndarray) -> None:
    found = discover_topics(TEXTS, vectors, topics=6)
    assert len(found.names) == found.asked == 6
    assert adjusted_mutual_info_score(GOLD, found.labels) >= 0.7
    assert found.stability.mean() >= 0.6


def test_one_interview_less_moves_little(vectors: np.ndarray) -> None:
    rows = [row for row, interview in enumerate(INTERVIEWS) if interview != "w5"]
    whole = discover_topics(TEXTS, vectors, INTERVIEWS, topics=6)
    less = discover_topics(
        [TEXTS[row] for row in rows], vectors[rows], [INTERVIEWS[row] for row in rows], topics=6
    )
    assert adjusted_rand_score(whole.labels[rows], less.labels) >= 0.8


def test_another_seed_finds_the_same_topics(found: Topics, vectors: np.ndarray) -> None:
    other = discover_topics(TEXTS, vectors, INTERVIEWS, seed=7)
    assert np.array_equal(other.labels, found.labels)
    assert np.array_equal(other.membership, found.membership)
    assert (other.words, other.names, other.number) == (found.words, found.names, found.number)
    assert other.noise != found.noise


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
    assert same(discover_topics(TEXTS, interviews=INTERVIEWS), found)


def test_the_given_vectors_stay_as_they_are(vectors: np.ndarray) -> None:
    before = vectors.copy()
    discover_topics(TEXTS, vectors, topics=3)
    assert np.array_equal(vectors, before)


def test_repeated_text_gets_one_topic_and_does_not_make_one(vectors: np.ndarray) -> None:
    again = [0] * 40
    more = discover_topics([*TEXTS, *[TEXTS[0]] * 40], np.vstack([vectors, vectors[again]]), topics=6)
    assert len(set(more.labels[[0, *range(len(TEXTS), len(TEXTS) + 40)]].tolist())) == 1
    alone = discover_topics(TEXTS, vectors, topics=6)
    assert adjusted_rand_score(more.labels[: len(TEXTS)], alone.labels) == 1.0


def test_one_text_has_one_topic_whatever_its_vectors_and_interviews(vectors: np.ndarray) -> None:
    texts, matrix = [*TEXTS, TEXTS[0], TEXTS[0]], np.vstack([vectors, vectors[40:42]])
    interviews = [*INTERVIEWS, "w3", "w4"]
    more = discover_topics(texts, matrix, interviews, topics=6)
    assert more.labels[0] == more.labels[-2] == more.labels[-1]
    back = discover_topics(texts[::-1], matrix[::-1], interviews[::-1], topics=6)
    assert np.array_equal(back.labels[::-1], more.labels)


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


def redrawn() -> list[str]:
    """Return the texts with their words redrawn over all of them, each as long as it was."""
    words = np.random.default_rng(2).permutation([word for text in TEXTS for word in text.split()])
    ends = np.cumsum([len(text.split()) for text in TEXTS])[:-1]
    return [" ".join(part) for part in np.split(words, ends)]


def test_redrawn_words_have_no_structure() -> None:
    found = discover_topics(redrawn(), interviews=INTERVIEWS)
    assert found.reason == "topics_no_structure"
    assert found.noise is not None and not found.noise.structure
    assert found.number is None and found.names == () and (found.labels == -1).all()


def test_vectors_with_permuted_columns_have_no_structure(vectors: np.ndarray) -> None:
    draw = np.random.default_rng(2)
    permuted = np.stack([draw.permutation(column) for column in vectors.T], axis=1)
    assert discover_topics(TEXTS, permuted, INTERVIEWS).reason == "topics_no_structure"
    asked = discover_topics(TEXTS, permuted, INTERVIEWS, topics=5)
    assert not asked.reason and len(asked.names) == 5
    assert asked.noise is not None and not asked.noise.structure


def test_text_of_several_subjects_has_structure(found: Topics) -> None:
    assert not found.reason
    assert found.noise is not None and found.noise.structure


def test_up_to_29_passages_are_too_few(vectors: np.ndarray) -> None:
    for count in range(30):
        found = discover_topics(TEXTS[:count], vectors[:count], INTERVIEWS[:count], topics=2)
        assert found.reason == "topics_too_little" and found.bertopic is None
        assert found.labels.tolist() == [-1] * count
        assert found.status == ("unassigned",) * count


@pytest.mark.parametrize("count", [30, 37, 50])
@pytest.mark.parametrize("topics", [None, 4])
def test_no_number_of_passages_crashes(count: int, topics: int | None, vectors: np.ndarray) -> None:
    order = np.random.default_rng(0).permutation(len(TEXTS))[:count]
    found = discover_topics([TEXTS[row] for row in order], vectors[order], topics=topics)
    assert len(found.labels) == len(found.status) == count
    assert found.reason in ({"", "topics_no_structure"} if topics is None else {""})
    assert (len(found.names) >= 2) == (not found.reason)
    assert set(found.labels.tolist()) - {-1} == set(range(len(found.names)))


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
    found = discover_topics(texts, vectors, topics=3)
    assert len(found.labels) == len(texts)
    assert found.reason in {"", "topics_too_little"}
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
    found = discover_topics(TEXTS, matrix, INTERVIEWS, topics=3)
    assert len(found.labels) == len(TEXTS)
    if kind == "zero":
        assert found.reason == "topics_too_little"
    if kind == "some zero":
        assert (found.labels[::3] == -1).all()
    if kind == "one direction":
        assert found.reason == "topics_all_alike"
    if kind == "two directions":
        assert len(found.names) == 2


def test_wrong_shapes_are_refused(vectors: np.ndarray) -> None:
    with pytest.raises(ValueError, match="71"):
        discover_topics(TEXTS, vectors[:71])
    with pytest.raises(ValueError, match="interviews"):
        discover_topics(TEXTS, vectors, INTERVIEWS[:5])
    with pytest.raises(ValueError, match="at least 2"):
        discover_topics(TEXTS, vectors, topics=1)


def test_bertopic_leaves_warnings_and_log_as_they_were() -> None:
    script = (
        "import warnings, logging, numpy as np\n"
        "from kotaku_nlp.analysis.topics.discover import discover_topics\n"
        "texts = [f'kata{a} ikan{b} perahu{c} laut{a+b} jaring{b+c} ombak{a+c} pantai{a*b}'\n"
        "         for a, b, c in np.random.default_rng(0).integers(0, 9, (60, 3))]\n"
        "vectors = np.random.default_rng(0).normal(size=(60, 8)).astype('float32')\n"
        "found = discover_topics(texts, vectors, topics=3)\n"
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
