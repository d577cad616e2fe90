"""What counts as heard: topics, dimensions and codes, and the interviews in their order."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotaku_nlp.analysis.saturation.dates import read_date
from kotaku_nlp.analysis.saturation.mentions import (
    code_mentions,
    dimension_mentions,
    interviews_in_order,
    read_interviews,
    topic_mentions,
)
from kotaku_nlp.records import Coding, table


def passages(rows: list[tuple[str, str, str]]) -> pd.DataFrame:
    """One passage a row: transcript, group, kind."""
    made = [
        {
            "passage_id": f"{transcript}:{number}", "transcript": transcript, "turn": number,
            "speaker": "N", "informant": "I", "role": "", "group": group, "kind": kind,
            "low_evidence": False, "start": 10 * number, "end": 10 * number + 9, "text": "kata kata",
            "question": "", "dialect_share": 0.0,
        }
        for number, (transcript, group, kind) in enumerate(rows, start=1)
    ]  # fmt: skip
    return table("passages", made)


THREE = passages([
    ("w1", "community", "interview"), ("w2", "government", "focus_group"), ("o1", "community", "observation"),
])  # fmt: skip


def test_a_topic_is_heard_in_its_core_passages_only() -> None:
    placed = pd.DataFrame({
        "passage_id": ["w1:1", "w2:2", "o1:3"], "topic": [0, 1, 2], "membership": 1.0,
        "status": ["core", "peripheral", "core"], "closeness": 0.5,
    })  # fmt: skip
    found = topic_mentions(THREE, placed)
    assert found.to_numpy().tolist() == [["w1", "community", "0"]]


def test_a_dimension_is_heard_where_it_was_assigned() -> None:
    rows = [
        ("w1:1", "own", "trust", True), ("w1:1", "own", "talk", False), ("w1:1", "other", "talk", True),
        ("w2:2", "own", "out_of_framework", True), ("o1:3", "own", "talk", True),
    ]  # fmt: skip
    alignment = pd.DataFrame(rows, columns=["passage_id", "codebook", "dimension", "assigned"])
    assert dimension_mentions(THREE, alignment, "own").to_numpy().tolist() == [["w1", "community", "trust"]]


def coding(rows: list[tuple[str, int, int, str]]) -> Coding:
    frame = pd.DataFrame(rows, columns=["transcript", "start", "end", "code"])
    return Coding("A", frame.assign(turn=pd.NA, quote="", coder="A"))


def test_a_code_is_heard_in_the_passages_that_it_covers() -> None:
    given_codes = coding([
        ("w1", 12, 15, "b"), ("w1", 10, 14, "b"), ("w1", 10, 19, "a"), ("w1", 0, 9, "interviewer"),
        ("w2", 0, 99, ""), ("o1", 30, 39, "c"), ("w9", 0, 5, "d"),
    ])  # fmt: skip
    found = code_mentions(THREE, given_codes)
    assert sorted(found.to_numpy().tolist()) == [["w1", "community", "a"], ["w1", "community", "b"]]
    order = interviews_in_order(THREE)
    assert read_interviews(order, given_codes).names == ("w1", "w2")
    assert read_interviews(order, coding([("w2", 0, 9, "a")])).names == ("w2",)
    assert code_mentions(THREE, coding([])).empty


def test_interviews_stand_by_date_when_every_one_has_one() -> None:
    spoken = passages([("w10", "community", "interview"), ("w2", "government", "interview")] * 2)
    assert interviews_in_order(spoken).names == ("w2", "w10")
    dated = [
        {"transcript": "w10", "date": "3 Mei 2024"}, {"transcript": "w10", "date": "1/5/2024"},
        {"transcript": "w2", "date": "2024-05-02"}, {"transcript": "o1", "date": ""},
    ]  # fmt: skip
    found = interviews_in_order(spoken, dated)
    assert (found.names, found.ordered_by) == (("w10", "w2"), "date")
    assert found.of("community") == ("w10",)
    partly = interviews_in_order(spoken, dated[:2])
    assert (partly.names, partly.ordered_by) == (("w2", "w10"), "file")
    assert interviews_in_order(spoken.iloc[:0]).names == ()


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2024-05-14", (2024, 5, 14)),
        ("2024-05-14 00:00:00", (2024, 5, 14)),
        ("14/05/2024", (2024, 5, 14)),
        ("14-5-24", (2024, 5, 14)),
        ("Selasa, 14 Mei 2024 pukul 10.00", (2024, 5, 14)),
        ("7 Nopember 2019", (2019, 11, 7)),
        ("12 Agt. 2023", (2023, 8, 12)),
        ("05/14/2024", None),
        ("10.12-11.00", None),
        ("31 Feb 2024", None),
        ("Mei 2024", None),
        ("", None),
    ],
)
def test_dates_as_people_write_them(cell: str, day: tuple[int, int, int] | None) -> None:
    assert read_date(cell) == (date(*day) if day else None)


@given(st.dates(min_value=date(1990, 1, 1)))
def test_iso_dates_are_read_whole(day: date) -> None:
    assert read_date(day.isoformat()) == day
