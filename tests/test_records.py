"""The nouns and the declared tables: columns of contract 2, in order, also when empty."""

from __future__ import annotations

import pandas as pd
import pytest

from kotaku_nlp.records import TABLES, Codebook, Dimension, table

#: The least columns of every table, in order, as the design's contract 2 gives them.
CONTRACT = {
    "transcripts": "transcript path sha256 kind language text",
    "turns": "transcript turn speaker informant is_interviewer start end time",
    "passages": "passage_id transcript turn speaker informant role group kind low_evidence start end text",
    "topics": "topic label words size stability",
    "passage_topics": "passage_id topic membership status",
    "alignment": "passage_id codebook dimension score probability assigned abstained basis start end",
    "sentiment": "passage_id clause start end aspect polarity p_negative p_neutral p_positive certain view "
    "holder target",
    "aspects": "passage_id aspect polarity p_negative p_neutral p_positive",
    "involvement": "passage_id actor_group phase status said_by start end",
    "profile": "group codebook measure name n_passages n_informants n_interviews n_group_informants "
    "n_no_evidence value value_by_informant low high",
}


@pytest.mark.parametrize("name", CONTRACT)
def test_the_columns_of_the_contract_come_first(name: str) -> None:
    least = CONTRACT[name].split()
    assert list(TABLES[name])[: len(least)] == least


@pytest.mark.parametrize("name", TABLES)
def test_an_empty_table_has_its_columns_and_kinds(name: str) -> None:
    frame = table(name, [])
    assert frame.empty and list(frame.columns) == list(TABLES[name])
    assert {column: str(kind) for column, kind in frame.dtypes.items()} == dict(TABLES[name])
    pd.testing.assert_frame_equal(frame, table(name, pd.DataFrame()))


def test_rows_are_put_in_order_and_surplus_columns_dropped() -> None:
    row = {
        "status": "core",
        "passage_id": "w01:2",
        "membership": 1,
        "topic": "3",
        "closeness": 0,
        "lain": "x",
    }
    frame = table("passage_topics", [row])
    assert list(frame.columns) == list(TABLES["passage_topics"])
    assert frame.iloc[0].tolist() == ["w01:2", 3, 1.0, "core", 0.0]


def test_nulls_stay_null() -> None:
    row = {"passage_id": "w01:2", "aspect": "coordination", "polarity": "absent"}
    frame = table("aspects", [row | {"p_negative": None, "p_neutral": None, "p_positive": None}])
    assert frame[["p_negative", "p_neutral", "p_positive"]].isna().all(axis=None)


def test_a_missing_column_is_an_error() -> None:
    with pytest.raises(KeyError, match="membership"):
        table("passage_topics", [{"passage_id": "w01:2", "topic": 3, "status": "core"}])


def test_the_input_is_not_changed_and_the_index_is_plain() -> None:
    given = pd.DataFrame(
        {"passage_id": ["b", "a"], "topic": [1, 2], "membership": [0, 1], "status": "core", "closeness": 0},
        index=[7, 3],
    )
    before = given.copy()
    made = table("passage_topics", given)
    made.loc[0, "topic"] = 99
    assert made.index.tolist() == [0, 1]
    pd.testing.assert_frame_equal(given, before)


def test_leaves_are_nobodys_parent_and_one_language_suffices() -> None:
    parts = (
        Dimension("proses", {"en": "Process"}, {"en": "How it goes"}),
        Dimension("dialog", {"id": "Dialog"}, {"id": "Bertatap muka"}, parent="proses"),
        Dimension("hasil", {}, {}),
    )
    book = Codebook("saya", {"id": "Punya saya"}, parts)
    assert [leaf.id for leaf in book.leaves] == ["dialog", "hasil"]
    assert (parts[0].name("id"), parts[1].name("en"), parts[2].name("id")) == ("Process", "Dialog", "hasil")
    assert (parts[0].text("id"), parts[2].text("en")) == ("How it goes", "")
