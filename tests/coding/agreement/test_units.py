"""Codings laid over units: who coded which turn, passage, sentence or character."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotaku_nlp.coding.agreement.marks import Book, Mark, Marks, Stretch, coders_of, marks_of
from kotaku_nlp.coding.agreement.units import Unit, Units, cut_units, lay, split
from kotaku_nlp.records import Coding, Corpus, Transcript, Turn

ASKED = "Bagaimana rapatnya?"
SAID = "Rapatnya ramai.  Usulan kami dicatat. Tapi jawabannya lama."
LATER = "Sudah biasa, Usulan kami begitu."
TEXT = f"P: {ASKED}\nI: {SAID}\nP: Terus?\nI: {LATER}"


def turn(number: int, said: str, interviewer: bool = False) -> Turn:
    start = TEXT.index(said)
    return Turn(number, "P" if interviewer else "I", start, start + len(said), interviewer, "I1")


def transcript(name: str, kind: str = "interview") -> Transcript:
    turns = (turn(1, ASKED, True), turn(2, SAID), turn(3, "Terus?", True), turn(4, LATER))
    return Transcript(name, f"{name}.txt", "0" * 64, kind, "id", TEXT, turns)


CORPUS = Corpus("uji", "", (transcript("w1"), transcript("w2"), transcript("o1", "observation")))
BY_TURN, BY_SENTENCE, BY_CHARACTER = (cut_units(CORPUS, kind) for kind in ("turn", "sentence", "character"))


def coding(*rows: dict[str, Any], name: str = "rina") -> Coding:
    blank = {"turn": None, "start": None, "end": None, "quote": "", "code": "", "coder": name}
    return Coding(name, pd.DataFrame([blank | {"transcript": "w1"} | row for row in rows]))


def laid(units: Units, *rows: dict[str, Any]) -> list[Any]:
    return list(lay(marks_of(coding(*rows), units.book), units))


def test_units_are_turns_of_informants_in_interviews() -> None:
    assert [(unit.transcript, TEXT[unit.start : unit.end]) for unit in BY_TURN.items] == [
        ("w1", SAID), ("w1", LATER), ("w2", SAID), ("w2", LATER),
    ]  # fmt: skip


def test_sentences_and_passages_lie_inside_turns() -> None:
    told = [TEXT[unit.start : unit.end] for unit in BY_SENTENCE.items if unit.transcript == "w1"]
    assert told == ["Rapatnya ramai.", "Usulan kami dicatat.", "Tapi jawabannya lama.", LATER]
    passages = cut_units(CORPUS, "passage").items
    assert {unit.transcript for unit in passages} == {"w1", "w2"}
    assert [TEXT[unit.start : unit.end] for unit in passages][:2] == [SAID, LATER]


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="paragraf"):
        cut_units(CORPUS, "paragraf")


def test_a_turn_carries_a_code_when_a_span_covers_one_of_its_letters() -> None:
    last = TEXT.index(SAID) + len(SAID)
    assert laid(BY_TURN, {"start": last - 1, "end": last + 5, "code": "dialog"})[:2] == [
        {"dialog"}, frozenset(),
    ]  # fmt: skip
    assert laid(BY_TURN, {"start": 0, "end": len(TEXT), "code": "dialog"})[:2] == [{"dialog"}, {"dialog"}]


def test_blanks_alone_carry_no_code() -> None:
    blanks = TEXT.index("ramai.") + len("ramai.")
    given_marks = marks_of(coding({"start": blanks, "end": blanks + 2, "code": "dialog"}), BY_TURN.book)
    assert lay(given_marks, BY_TURN)[:2] == [frozenset(), frozenset()]


def test_rows_by_turn_and_by_quote_are_placed() -> None:
    rows = ({"turn": 4, "code": "percaya"}, {"quote": "usulan KAMI\ndicatat", "code": "dialog"})
    assert laid(BY_TURN, *rows)[:2] == [{"dialog"}, {"percaya"}]
    assert laid(BY_SENTENCE, *rows)[:4] == [frozenset(), {"dialog"}, frozenset(), {"percaya"}]


def test_a_transcript_without_a_row_was_not_read() -> None:
    assert laid(BY_TURN, {"turn": 2, "code": ""}) == [frozenset(), frozenset(), None, None]


@pytest.mark.parametrize(
    ("row", "key", "level"),
    [
        ({"transcript": "w9", "turn": 2}, "agree_transcript_unknown", "error"),
        ({"turn": 77}, "agree_turn_unknown", "error"),
        ({"start": 5, "end": 9999}, "agree_outside_text", "error"),
        ({"start": 9, "end": 9}, "agree_outside_text", "error"),
        ({"quote": "tidak pernah dikatakan"}, "agree_quote_missing", "error"),
        ({"quote": "Usulan kami"}, "agree_quote_ambiguous", "error"),
        ({"turn": 1}, "agree_interviewer_only", "notice"),
        ({"transcript": "o1", "turn": 2}, "agree_not_spoken", "notice"),
    ],
)
def test_what_has_no_place_is_told(row: dict[str, Any], key: str, level: str) -> None:
    marks = marks_of(coding({"code": "dialog"} | row), BY_TURN.book)
    assert not marks.marks
    assert [(problem.key, problem.level, problem.params["n"]) for problem in marks.problems] == [
        (key, level, 1)
    ]
    assert marks.problems[0].where == f"rina, {row.get('transcript', 'w1')}"


def test_rows_of_one_transcript_with_the_same_trouble_are_told_together() -> None:
    rows = [{"turn": number, "code": "dialog"} for number in (8, 9, 9)]
    (problem,) = marks_of(coding(*rows), BY_TURN.book).problems
    assert problem.params == {"n": 3, "places": "8, 9"}


def test_coders_in_one_file_are_told_apart() -> None:
    both = coding({"turn": 2, "code": "dialog"}, {"turn": 4, "code": "dialog", "coder": "adi"})
    found = coders_of([both])
    assert [name for name, _ in found] == ["adi", "rina"]
    adi = marks_of(found[0][1], BY_TURN.book, "adi")
    assert [mark.start for mark in adi.marks] == [TEXT.index(LATER)]
    assert coders_of([]) == []


@pytest.mark.parametrize("nobody", [None, ""])
def test_rows_of_nobody_are_the_codings_own(nobody: str | None) -> None:
    assert [name for name, _ in coders_of([coding({"turn": 2, "coder": nobody})])] == ["rina"]


def test_codings_of_different_tools_go_together() -> None:
    spans = Coding("adi", pd.DataFrame({
        "transcript": ["w1"], "start": [3.0], "end": [9.0], "code": ["dialog"], "coder": ["adi"],
        "path": ["a > b"],
    }))  # fmt: skip
    found = coders_of([coding({"turn": 2, "code": None}), spans])
    assert [(name, own.rows["code"].tolist()) for name, own in found] == [("adi", ["dialog"]), ("rina", [""])]


spans = st.lists(
    st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT)), st.sampled_from(["a", "b", "c"])),
    max_size=6,
)


def marks_from(raw: list[tuple[int, int, str]], coder: str) -> Marks:
    found = {Mark("w1", min(x, y), max(x, y), code) for x, y, code in raw if x != y}
    return Marks(coder, tuple(sorted(found, key=str)), frozenset({"w1"}))


@given(spans, spans)
def test_pieces_of_characters_count_as_every_character_would(
    one: list[tuple[int, int, str]], other: list[tuple[int, int, str]]
) -> None:
    marks = [marks_from(one, "a"), marks_from(other, "b")]
    units = split(BY_CHARACTER, marks)
    expected = [
        tuple(frozenset(m.code for m in coder.marks if m.start <= place < m.end) for coder in marks)
        for own in (SAID, LATER)
        for place in range(TEXT.index(own), TEXT.index(own) + len(own))
        if not TEXT[place].isspace()
    ]
    found = [
        (a, b)
        for a, b, unit in zip(lay(marks[0], units), lay(marks[1], units), units.items, strict=True)
        for _ in range(unit.size if unit.transcript == "w1" else 0)
    ]
    assert found == expected


@given(spans)
def test_laying_agrees_with_looking_at_every_unit(raw: list[tuple[int, int, str]]) -> None:
    marks = marks_from(raw, "a")
    for units in (BY_TURN, BY_SENTENCE):
        for unit, codes in zip(units.items, lay(marks, units), strict=True):
            if unit.transcript == "w1":
                touched: Any = {
                    m.code for m in marks.marks
                    if TEXT[max(m.start, unit.start) : max(min(m.end, unit.end), unit.start)].strip()
                }  # fmt: skip
                assert codes == touched


def test_other_units_are_not_split() -> None:
    assert split(BY_TURN, [marks_from([(5, 40, "a")], "a")]) is BY_TURN


def test_emoji_count_once() -> None:
    text = "🙏🏽 nggih"
    book = Book({"w": text}, {"w": (Stretch(1, 0, len(text)),)}, frozenset({"w"}))
    whole = Units("character", (Unit("w", 0, len(text)),), book)
    pieces = split(whole, [Marks("a", (Mark("w", 0, 2, "salam"),), frozenset({"w"}))])
    assert [(unit.start, unit.end, unit.size) for unit in pieces.items] == [(0, 2, 2), (2, 8, 5)]
