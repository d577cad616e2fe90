"""Which topics are near: the tree is scipy's, its labels are shared words, its themes are readable."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import cophenet, linkage
from scipy.spatial.distance import pdist

from kotaku_nlp.analysis.topics.family import themes, topic_family
from kotaku_nlp.columns import TABLES

#: Words of the topics, told by three passages each.
WORDS = [
    "sampah, gerobak, bank sampah",
    "sampah, bank sampah, plastik",
    "drainase, banjir, saluran",
    "saluran, gotong, parit",
    "rapat, undangan, notulen",
    "undangan, surat, camat",
    "perahu, ikan, danau",
    "solar, pompa, mesin",
]


def tables(count: int = len(WORDS)) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    topics = pd.DataFrame({
        "topic": range(count), "label": [words.split(", ")[0] for words in WORDS[:count]],
        "words": WORDS[:count],
    })  # fmt: skip
    rows = [(f"w{n}:{topic}", topic, f"kami bicara {WORDS[topic].replace(', ', ' dan ')}nya")
            for topic in range(count) for n in range(3)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["passage_id", "topic", "text"])
    placed = frame[["passage_id", "topic"]].assign(membership=0.7, status="core")
    return topics, frame[["passage_id", "text"]].assign(kind="interview", informant="I"), placed


def pairs(apart: float = 0.2, count: int = len(WORDS)) -> np.ndarray:
    """Return centres of which two and two are near, the pairs at right angles to one another."""
    centres = np.zeros((count, count), dtype=np.float32)
    for topic in range(count):
        centres[topic, topic // 2] = 1.0
        centres[topic, count - 1] += apart * (topic % 2) * (1 + topic / 10)
    return centres


def tree(centres: np.ndarray) -> pd.DataFrame:
    topics, passages, placed = tables(len(centres))
    return topic_family(centres, topics, passages, placed)


def test_the_tree_is_average_linkage_over_cosine_distance() -> None:
    centres = np.random.default_rng(0).normal(size=(8, 5)).astype(np.float32)
    found = tree(centres)
    joins = linkage(pdist(centres.astype(float), "cosine"), "average")
    assert {name: str(kind) for name, kind in found.dtypes.items()} == TABLES["topic_family"]
    assert found["height"].tolist() == pytest.approx([0.0] * 8 + joins[:, 2].tolist(), abs=1e-5)
    heights, inside = found.set_index("node")["height"], found.set_index("node")["topics"].str.split()
    met = [min(heights[node] for node in inside.index if {str(a), str(b)} <= set(inside[node]))
           for a in range(8) for b in range(a + 1, 8)]  # fmt: skip
    assert met == pytest.approx(cophenet(joins), abs=1e-5)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 8), st.integers(0, 100))
def test_every_node_holds_what_its_children_hold(count: int, seed: int) -> None:
    found = tree(np.random.default_rng(seed).normal(size=(count, 3)).astype(np.float32))
    inside = {row.node: set(row.topics.split()) for row in found.itertuples()}
    assert len(found) == 2 * count - 1 and found["parent"].isna().sum() == 1
    assert inside[found["node"].iloc[-1]] == {str(topic) for topic in range(count)}
    for node, part in found[found["parent"].notna()].groupby("parent"):
        assert len(part) == 2 and set.union(*(inside[child] for child in part["node"])) == inside[node]
        assert (part["height"] <= found.set_index("node").loc[node, "height"] + 1e-9).all()


def test_a_join_is_labelled_by_words_used_in_all_its_topics() -> None:
    labels = tree(pairs()).set_index("topics")["label"]
    assert labels["0 1"] == "bank sampah"  # "sampah" stands in it already
    assert labels["2 3"] == "saluran"
    assert labels["4 5"] == "undangan"
    assert labels["6 7"] == "perahu, solar"  # nothing shared: the first word of each
    assert labels["0"] == "sampah"


def test_a_word_that_every_topic_uses_labels_no_join() -> None:
    topics, passages, placed = tables()
    topics["words"] += ", bicara"  # stands in every passage
    labels = topic_family(pairs(), topics, passages, placed).set_index("topics")["label"]
    assert labels["0 1"] == "bank sampah" and labels["6 7"] == "perahu, solar"


def test_words_of_observations_and_of_other_topics_label_nothing() -> None:
    topics, passages, placed = tables()
    beside = pd.DataFrame({"passage_id": [f"o:{n}" for n in range(6)], "text": "perahu dan ikan",
                           "kind": "observation", "informant": None})  # fmt: skip
    shown = pd.DataFrame(
        {"passage_id": beside["passage_id"], "topic": 7, "membership": 0.9, "status": "core"}
    )
    found = topic_family(pairs(), topics, pd.concat([passages, beside]), pd.concat([placed, shown]))
    assert found.set_index("topics").loc["6 7", "label"] == "perahu, solar"


def test_near_topics_become_themes_in_reading_order() -> None:
    shown = themes(tree(pairs()))
    assert {name: str(kind) for name, kind in shown.dtypes.items()} == TABLES["topic_themes"]
    assert shown["level"].tolist() == [0, 1, 1] * 4
    assert shown["topics"].tolist() == ["0 1", "0", "1", "2 3", "2", "3", "4 5", "4", "5", "6 7", "6", "7"]
    assert shown["label"].iloc[0] == "bank sampah"


def test_few_topics_stay_a_plain_list() -> None:
    shown = themes(tree(pairs(count=5)))
    assert shown["level"].tolist() == [0] * 5 and shown["topics"].tolist() == list("01234")


def test_topics_that_have_nothing_in_common_stand_alone() -> None:
    shown = themes(tree(np.eye(8, dtype=np.float32)))
    assert shown["topics"].tolist() == [str(topic) for topic in range(8)] and (shown["level"] == 0).all()


@settings(max_examples=50, deadline=None)
@given(st.integers(6, 8), st.integers(0, 50), st.floats(0.0, 3.0))
def test_themes_hold_every_topic_once(count: int, seed: int, together: float) -> None:
    centres = np.random.default_rng(seed).normal(size=(count, 4)).astype(np.float32)
    centres[:, 0] += together
    shown = themes(tree(centres))
    tops = shown[shown["level"] == 0]
    assert sorted(" ".join(tops["topics"]).split()) == [str(topic) for topic in range(count)]
    assert 2 <= len(tops)
    inner = tops.loc[tops["topics"].str.contains(" "), "height"]
    assert (inner < 1).all()
    assert len(tops) <= 7 or (tree(centres)["height"] < 1).sum() < 2 * count - 8


def test_the_order_of_rows_changes_nothing() -> None:
    topics, passages, placed = tables()
    whole = topic_family(pairs(), topics, passages, placed)
    shuffled = (frame.sample(frac=1, random_state=3) for frame in (topics, passages, placed))
    pd.testing.assert_frame_equal(topic_family(pairs(), *shuffled), whole, check_exact=True)
    pd.testing.assert_frame_equal(themes(whole.sample(frac=1, random_state=3)), themes(whole))


def test_none_one_and_directionless_topics() -> None:
    for count in (0, 1):
        topics, passages, placed = tables()
        found = topic_family(np.zeros((count, 4), np.float32), topics.iloc[:count], passages, placed)
        assert {name: str(kind) for name, kind in found.dtypes.items()} == TABLES["topic_family"]
        assert found["topics"].tolist() == ["0"][:count]
        shown = themes(found)
        assert {name: str(kind) for name, kind in shown.dtypes.items()} == TABLES["topic_themes"]
        assert shown["topics"].tolist() == ["0"][:count]
    assert tree(np.zeros((3, 4), np.float32))["height"].tolist() == [0, 0, 0, 1, 1]


def test_centres_and_topics_must_go_together() -> None:
    with pytest.raises(ValueError, match="3 centres for 8 topics"):
        topic_family(np.eye(3, dtype=np.float32), *tables())
