"""Topics: the same in any order, honest when there is too little, one row for every passage."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kotaku_nlp.analysis.topics import discover_topics, load_topics, topic_tables
from kotaku_nlp.corpus.folder import read_corpus
from kotaku_nlp.corpus.passages import cut
from kotaku_nlp.errors import KotakuError
from kotaku_nlp.shipped import find

_WHO = ("tetangga", "paman", "ibu mertua", "anak sulung", "Pak Haji", "kakak")
_SUBJECTS = {
    "fish": (
        "{} menjual ikan patin di pasar pagi", "{} menebar benih ikan nila di keramba",
        "harga ikan gabus naik kata {}", "{} memperbaiki jaring ikan di perahu",
    ),
    "school": (
        "{} mengantar anak ke sekolah dasar", "guru sekolah memanggil {} soal ujian",
        "{} membeli buku pelajaran dan seragam sekolah", "murid sekolah libur, kata {}",
    ),
    "drain": (
        "{} menggali got dan saluran air kotor", "drainase di depan rumah {} tersumbat lumpur",
        "pipa air memotong saluran drainase dekat {}", "{} mengangkat lumpur dari saluran got",
    ),
}  # fmt: skip
TEXTS = [frame.format(who) for frames in _SUBJECTS.values() for frame in frames for who in _WHO]
SUBJECT = [name for name, frames in _SUBJECTS.items() for _ in frames for _ in _WHO]


def same_topic(labels: np.ndarray) -> np.ndarray:
    return labels[:, None] == labels[None, :]


def test_clearly_different_subjects_become_different_topics() -> None:
    found = discover_topics(TEXTS, topics=3)
    placed = found.labels >= 0
    assert placed.mean() > 0.6
    for topic in range(len(found.names)):
        of = [SUBJECT[row] for row in np.flatnonzero(found.labels == topic)]
        assert max(of.count(name) for name in set(of)) / len(of) > 0.8
    assert found.bertopic is not None and len(found.words) == len(found.stability) == len(found.names)


def test_order_and_names_of_interviews_change_nothing() -> None:
    interviews = [f"w{row % 6}" for row in range(len(TEXTS))]
    first = discover_topics(TEXTS, interviews=interviews, seed=3)
    order = np.random.default_rng(0).permutation(len(TEXTS))
    renamed = [f"x-{interviews[row]}" for row in order]
    again = discover_topics([TEXTS[row] for row in order], interviews=renamed, seed=3)
    assert (again.labels == first.labels[order]).all()
    assert np.allclose(again.membership, first.membership[order])
    assert again.words == first.words and np.allclose(again.stability, first.stability)


@pytest.mark.parametrize("n", [0, 1, 2, 5, 29])
def test_too_little_text_is_said_and_nothing_is_made_up(n: int) -> None:
    found = discover_topics(TEXTS[:n])
    assert found.reason == "topics_too_little" and found.bertopic is None
    assert (found.labels == -1).all() and set(found.status) <= {"unassigned"}


@pytest.mark.parametrize(
    "texts",
    [
        ["iya betul"] * 60,
        ["", " "] * 30,
        ["dan yang di ke"] * 40,
        [*TEXTS[:40], "", "…", *["sama saja"] * 30],
    ],
    ids=["identical", "empty", "stop words", "mixed"],
)
def test_odd_text_never_crashes(texts: list[str]) -> None:
    found = discover_topics(texts)
    assert len(found.labels) == len(found.membership) == len(found.status) == len(texts)
    for label, status in zip(found.labels, found.status, strict=True):
        assert (label == -1) == (status == "unassigned")


def test_repeated_texts_share_one_topic() -> None:
    found = discover_topics([*TEXTS, *[TEXTS[0]] * 20], topics=3)
    assert len({int(found.labels[0]), *map(int, found.labels[len(TEXTS) :])}) == 1


def test_saved_and_loaded_topics_assign_the_same(tmp_path: Path) -> None:
    found = discover_topics(TEXTS, topics=3)
    found.save(tmp_path / "topics")
    again = load_topics(tmp_path / "topics")
    new = ["keponakan menjual ikan lele di pasar", "got mampet lagi karena lumpur", "rapor sekolah dibagikan"]
    before, after = found.assign(new), again.assign(new)
    assert (before.labels == after.labels).all() and np.allclose(before.membership, after.membership)
    assert again.words == found.words
    assert {path.suffix for path in (tmp_path / "topics").iterdir()} <= {".json", ".safetensors"}


def test_missing_topics_are_named(tmp_path: Path) -> None:
    with pytest.raises(KotakuError, match="kotaku run"):
        load_topics(tmp_path)


def test_lengths_must_match() -> None:
    with pytest.raises(ValueError, match="interviews"):
        discover_topics(TEXTS, interviews=["a"])
    with pytest.raises(ValueError, match="at least 2"):
        discover_topics(TEXTS, topics=1)


def test_the_tables_of_a_run_have_a_row_for_every_passage() -> None:
    from kotaku_nlp.analysis.encoders import load_encoder

    passages = cut(read_corpus(find("corpora", "demo")))
    found = topic_tables(passages, load_encoder().encode(passages["text"].tolist()), 0, None)
    placed = found.passage_topics.set_index("passage_id")
    assert list(placed.index) == passages["passage_id"].tolist()
    weak = passages.loc[passages["low_evidence"], "passage_id"]
    assert (placed.loc[weak, "status"] == "unassigned").all()
    assert ((placed["topic"] == -1) == (placed["status"] == "unassigned")).all()
    sizes = found.topics["size"].tolist()
    assert sizes == sorted(sizes, reverse=True) and found.topics["topic"].tolist() == list(range(len(sizes)))
    spoken = passages[passages["kind"].isin(["interview", "focus_group"])]["passage_id"]
    assert sum(sizes) == (placed.loc[spoken, "topic"] >= 0).sum()
    assert found.topics["stability"].between(0, 1).all()
