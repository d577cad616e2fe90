"""Topics beside the codebook: what is carried, split, shared, outside, and what only one interview says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotaku_nlp.analysis.topics.frame import (
    TopicFrame,
    topic_frame,
)
from kotaku_nlp.coding.codebook import parse_codebook
from kotaku_nlp.columns import TABLES
from kotaku_nlp.records import Codebook

OUT = "out_of_framework"
ABSTAINED = "?"


def book(*leaves: str, name: str = "own") -> Codebook:
    lines = [f"  - {{id: {leaf}, label: {leaf}, definition: tentang {leaf}}}\n" for leaf in leaves]
    return parse_codebook(f"id: {name}\ndimensions:\n" + "".join(lines))


BOOK = book("trust", "talk", "rules", "hope")
Tables = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]


def corpus(said: list[tuple[str, int, tuple[str, ...]]], topics: int = 3, books: tuple = (BOOK,)) -> Tables:
    """One passage a row: interview, topic (-1: none), dimensions; none is out of framework, "?" abstains."""
    passages, placed, aligned = [], [], []
    for number, (name, topic, codes) in enumerate(said):
        passage = f"{name}:{number}"
        passages.append((passage, name, f"I-{name}", "community", "interview", False))
        placed.append((passage, topic, 0.8, "core" if topic >= 0 else "unassigned"))
        for codebook in books:
            for leaf in codebook.leaves:
                aligned.append((passage, codebook.id, leaf.id, leaf.id in codes, ABSTAINED in codes))
            aligned.append((passage, codebook.id, OUT, not codes, codes == (ABSTAINED,)))
    columns = ["passage_id", "transcript", "informant", "group", "kind", "low_evidence"]
    return (
        pd.DataFrame(passages, columns=columns),
        pd.DataFrame({"topic": range(topics)}),
        pd.DataFrame(placed, columns=["passage_id", "topic", "membership", "status"]),
        pd.DataFrame(aligned, columns=["passage_id", "codebook", "dimension", "assigned", "abstained"]),
    )


def repeated(topic: int, *codes: tuple[str, ...], interviews: int = 6) -> list[tuple[str, int, tuple]]:
    """The same passages in every interview."""
    return [(f"w{number}", topic, code) for number in range(interviews) for code in codes]


def laid(said: list[tuple[str, int, tuple[str, ...]]], topics: int = 3, **more: int) -> TopicFrame:
    return topic_frame(*corpus(said, topics), [BOOK], **({"resamples": 200} | more))


def verdicts(found: TopicFrame) -> list[str]:
    return found.topics["verdict"].tolist()


TRUST, TALK, RULES, NOTHING, UNSURE = ("trust",), ("talk",), ("rules",), (), (ABSTAINED,)


def test_pairs_are_counted_and_set_against_independence() -> None:
    said = [("w0", 0, TRUST), ("w0", 0, ("trust", "talk")), ("w0", 0, NOTHING), ("w1", 0, NOTHING)]
    said += [("w1", 1, TALK), ("w1", -1, TRUST), ("w2", 1, NOTHING), ("w2", 1, UNSURE)]
    pairs = laid(said, topics=2).pairs.set_index(["topic", "dimension"])
    row = pairs.loc[(0, "trust")]
    assert (row["n_passages"], row["n_informants"], row["n_interviews"]) == (2, 1, 1)
    assert row["share"] == pytest.approx(2 / 4) and row["lift"] == pytest.approx(2 * 8 / (4 * 3))
    assert row[["low", "high", "lift_low", "lift_high"]].isna().all() and not row["linked"]
    assert pairs.loc[(1, OUT), "n_passages"] == 1
    assert pairs.loc[(1, OUT), "share"] == pytest.approx(1 / 3)  # the unsure passage is in the topic
    assert pairs.loc[(0, "rules"), "share"] == 0 and np.isnan(pairs.loc[(0, "rules"), "lift"])


def test_one_dimension_carries_a_topic_or_several_split_it() -> None:
    said = repeated(0, TRUST, TRUST, NOTHING) + repeated(1, TALK, RULES, TALK) + repeated(2, NOTHING, UNSURE)
    found = laid(said)
    assert verdicts(found) == ["supported", "split", "unclear"]
    assert found.topics["dimensions"].tolist() == ["trust", "talk rules", ""]
    assert found.dimensions["verdict"].tolist() == ["covered", "covered", "covered", "no_evidence"]
    assert found.dimensions["topics"].tolist() == ["0", "1", "1", ""]
    row = found.pairs.set_index(["topic", "dimension"]).loc[(0, "trust")]
    assert row["linked"] and row["share"] == row["low"] == row["high"] == pytest.approx(2 / 3)
    assert row["lift"] == pytest.approx((2 / 3) / (2 / 8)) and row["lift_low"] > 1


def test_topics_that_share_their_one_dimension_are_merged() -> None:
    said = repeated(0, TRUST, TRUST) + repeated(1, TRUST, NOTHING, TRUST) + repeated(2, *[NOTHING] * 4, TALK)
    found = laid(said)
    assert verdicts(found) == ["merged", "merged", "emergent"]
    trust = found.dimensions.iloc[0]
    assert trust["topics"] == "0 1" and trust["n_passages"] == 24 and trust["n_interviews"] == 6


def test_a_topic_outside_the_framework_is_emergent() -> None:
    said = repeated(0, NOTHING, NOTHING, NOTHING, TRUST) + repeated(1, TALK, TALK, NOTHING)
    found = laid(said, topics=2)
    assert verdicts(found) == ["emergent", "supported"]
    assert found.topics["n_outside"].tolist() == [18, 6]
    assert found.topics["n_passages"].tolist() == [24, 18]


def test_what_is_outside_everywhere_is_no_discovery() -> None:
    """Nine in ten passages of the whole corpus lie outside: a topic of which as many do is like any other."""
    said = repeated(0, *[NOTHING] * 9, TRUST) + repeated(1, *[NOTHING] * 9, TRUST)
    found = laid(said, topics=2)
    assert (found.pairs.loc[found.pairs["dimension"] == OUT, "share"] == 0.9).all()
    assert verdicts(found) == ["unclear", "unclear"]


def test_abstaining_does_not_make_a_topic_emergent() -> None:
    said = repeated(0, UNSURE, UNSURE, UNSURE, NOTHING) + repeated(1, TALK, TALK, TRUST)
    found = laid(said, topics=2)
    assert verdicts(found)[0] == "unclear"
    assert found.topics["n_abstained"].tolist() == [18, 0] and found.topics["n_outside"].tolist() == [6, 0]
    told = repeated(0, NOTHING, NOTHING, NOTHING, NOTHING) + repeated(1, TALK, TALK, TRUST)
    assert verdicts(laid(told, topics=2))[0] == "emergent"


def test_what_one_interview_says_often_carries_nothing() -> None:
    """As many passages as would carry the topic, but all of them from one of six interviews."""
    spread = repeated(0, TRUST, NOTHING, NOTHING) + repeated(1, NOTHING, NOTHING)
    assert verdicts(laid(spread, topics=2))[0] == "supported"
    alone = [(name, topic, TRUST if name == "w0" and topic == 0 else NOTHING) for name, topic, _ in spread]
    alone += [("w0", 0, TRUST)] * 3
    found = laid(alone, topics=2)
    row = found.pairs.set_index(["topic", "dimension"]).loc[(0, "trust")]
    assert row["share"] > 0.25 and row["lift"] > 1 and row["n_interviews"] == 1
    assert row["low"] == 0 and verdicts(found)[0] == "unclear"
    assert found.dimensions["verdict"].iloc[0] == "scattered"


def test_below_four_interviews_nothing_is_concluded() -> None:
    found = laid([row for row in repeated(0, TRUST, TRUST) + repeated(1, NOTHING) if row[0] < "w3"], topics=2)
    assert verdicts(found) == ["unclear", "unclear"]
    assert found.pairs[["low", "high", "lift_low", "lift_high"]].isna().all(axis=None)
    three = [row for row in repeated(0, TRUST, TRUST) if row[0] < "w3"] + repeated(1, NOTHING)
    pairs = laid(three, topics=2).pairs.set_index(["topic", "dimension"])
    assert np.isnan(pairs.loc[(0, "trust"), "lift_low"]) and pairs.loc[(1, OUT), "low"] == 1


def test_passages_that_do_not_count_change_nothing() -> None:
    said = repeated(0, TRUST, TRUST, NOTHING) + repeated(1, TALK, NOTHING)
    whole = laid(said, topics=2)
    passages, topics, placed, aligned = corpus([*said, *[("o0", 0, RULES)] * 20, *[("w0", 0, TALK)] * 5], 2)
    passages.loc[passages["transcript"] == "o0", "kind"] = "observation"
    passages.loc[passages.index[-5:], "low_evidence"] = True
    again = topic_frame(passages, topics, placed, aligned, [BOOK], resamples=200)
    for name in ("pairs", "topics", "dimensions"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(whole, name))


def by_chance(seed: int, interviews: int = 12) -> Tables:
    """Topics and dimensions that interviews dwell on, each for itself."""
    draw = np.random.default_rng(seed)
    leaves, said = np.array(["trust", "talk", "rules", "hope", ""]), []
    for number in range(interviews):
        dwells, codes = draw.dirichlet(np.full(6, 0.5)), draw.dirichlet(np.full(5, 1.0))
        for topic, leaf in zip(draw.choice(6, 40, p=dwells), draw.choice(leaves, 40, p=codes), strict=True):
            said.append((f"w{number:02d}", int(topic), (leaf,) if leaf else NOTHING))
    return corpus(said, topics=6)


def test_chance_seldom_links_although_interviews_dwell() -> None:
    found = pd.concat([topic_frame(*by_chance(seed), [BOOK], resamples=200).pairs for seed in range(12)])
    assert len(found) == 360 and found["lift_low"].notna().mean() > 0.9
    assert (found["lift_low"] > 1).mean() <= 0.05
    assert found["linked"].mean() <= 0.03


def test_several_codebooks_are_laid_one_after_the_other() -> None:
    other = book("money", "trust", name="second")
    said = repeated(0, ("money",), ("money", "talk")) + repeated(1, TRUST, NOTHING)
    found = topic_frame(*corpus(said, 2, (BOOK, other)), [BOOK, other], resamples=100)
    assert found.pairs.groupby("codebook").size().to_dict() == {"own": 10, "second": 6}
    assert found.topics["codebook"].tolist() == ["own", "own", "second", "second"]
    money = found.dimensions.set_index(["codebook", "dimension"]).loc[("second", "money")]
    assert (money["verdict"], money["topics"], money["n_passages"]) == ("covered", "0", 12)


@pytest.mark.parametrize("empty", [0, 1, 2, 3])
def test_nothing_gives_tables_with_their_columns(empty: int) -> None:
    made = list(corpus(repeated(0, TRUST) + repeated(1, NOTHING), 2))
    made[empty] = made[empty].iloc[:0]
    found = topic_frame(*made, [BOOK], resamples=20)
    shapes = {"pairs": "topic_dimensions", "topics": "topic_verdicts", "dimensions": "dimension_topics"}
    for name, kind in shapes.items():
        assert getattr(found, name).dtypes.astype(str).to_dict() == TABLES[kind]
    assert len(found.dimensions) == 4 and not found.pairs["linked"].any()
    assert set(found.topics["verdict"]) <= {"unclear"}
    assert topic_frame(*made, [], resamples=20).pairs.empty


def test_one_topic_and_one_interview_are_enough_to_count() -> None:
    found = laid([("w0", 0, TRUST), ("w0", 0, NOTHING)], topics=1)
    assert found.pairs["n_passages"].tolist() == [1, 0, 0, 0, 1] and verdicts(found) == ["unclear"]


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000))
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    made = by_chance(5, interviews=5)
    whole = topic_frame(*made, [BOOK], resamples=30)
    again = topic_frame(*(f.sample(frac=1, random_state=seed) for f in made), [BOOK], resamples=30)
    for name in ("pairs", "topics", "dimensions"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(whole, name), check_exact=True)
    other = topic_frame(*made, [BOOK], resamples=30, seed=1)
    assert not other.pairs["low"].equals(whole.pairs["low"]) and other.pairs["share"].equals(
        whole.pairs["share"]
    )
