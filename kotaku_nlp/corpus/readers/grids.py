"""Rows of cells to blocks: talk where the heads tell, plain cells otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from kotaku_nlp.corpus.readers.building import Builder, Piece, Place, blank, label_of
from kotaku_nlp.corpus.readers.heads import Plan, Speech, find_plan
from kotaku_nlp.corpus.source import Block

#: Words in the longest label, as in "Informan 3 (Lurah)".
_LONGEST_LABEL = 3


@dataclass(frozen=True)
class Grid:
    """One table as text.

    :param rows: cells row by row; rows may differ in length.
    :param number: number of the table in its file, 1-based.
    :param name: name to put before its rows in a locator, e.g. "sheet Wawancara ".
    :param spill: what joins the cells right of the last head, which an unquoted
        delimiter in the text has split off; None keeps them out.
    """

    rows: Sequence[Sequence[str]]
    number: int = 1
    name: str = ""
    spill: str | None = None


def add_grid(builder: Builder, grid: Grid) -> tuple[str, ...]:
    """Add every row of a table.

    :return: heads of the columns that were not read, because they are no talk.
    """
    plan = find_plan(grid.rows)
    head = len(grid.rows) if plan is None else plan.row
    for number, row in enumerate(grid.rows[:head], start=1):
        _add_cells(builder, grid, number, row)
    if plan is None:
        return ()
    width = len(grid.rows[head])
    for number, row in enumerate(grid.rows[head + 1 :], start=head + 2):
        add_talk(builder, plan, _folded(row, width, grid.spill), _place(grid, number))
    return plan.unread


def add_talk(builder: Builder, plan: Plan, row: Sequence[str], place: Place) -> None:
    """Add one row of a table of talk, or one item of a list, which is no table and has no cells.

    :param place: its locator, table and row; columns are filled in here.
    """
    heading = _heading(plan, row)
    if heading is not None:
        column = heading + 1 if place.table else None
        builder.cell([[Piece(row[heading])]], replace(place, column=column))
        return
    for speech in plan.speeches:
        _add_speech(builder, plan, speech, row, place)


def _heading(plan: Plan, row: Sequence[str]) -> int | None:
    """Return the column of a heading between the rows of talk: the only cell of its row."""
    filled = [column for column, cell in enumerate(row) if not blank(cell)]
    if len(filled) != 1 or filled[0] in {plan.time, *(speech.column for speech in plan.speeches)}:
        return None
    text = row[filled[0]]
    # A name with nothing said is silence, a number alone is a count.
    named = filled[0] in {speech.speaker for speech in plan.speeches} and len(text.split()) <= _LONGEST_LABEL
    return None if named or not any(map(str.isalpha, text)) else filled[0]


def _add_speech(builder: Builder, plan: Plan, speech: Speech, row: Sequence[str], place: Place) -> None:
    words = _at(row, speech.column)
    label = label_of(_at(row, speech.speaker))
    place = replace(place, column=speech.column + 1 if place.table else None)
    if not label and speech.head:
        builder.cell([[Piece(words)]], place, speaker=label_of(speech.head))
        return
    time = _at(row, plan.time).strip() or None
    # Items with a time are segments of a recording: like cues, they end where a breath does.
    kind: Literal["cell", "cue", "paragraph"] = "cell" if place.table else "cue" if time else "paragraph"
    block = Block(
        0, 0, kind, place.locator, time=time, table=place.table, row=place.row, column=place.column
    )  # fmt: skip
    builder.speech(block, label, words)


def _add_cells(builder: Builder, grid: Grid, number: int, row: Sequence[str]) -> None:
    place = _place(grid, number)
    for column, cell in enumerate(row, start=1):
        located = replace(place, locator=f"{place.locator} column {column}", column=column)
        builder.cell([[Piece(cell)]], located)


def _place(grid: Grid, number: int) -> Place:
    return Place(f"{grid.name}row {number}", grid.number, number)


def _at(row: Sequence[str], column: int | None) -> str:
    return row[column] if column is not None and column < len(row) else ""


def _folded(row: Sequence[str], width: int, spill: str | None) -> Sequence[str]:
    if spill is None or len(row) <= width:
        return row
    return [*row[: width - 1], spill.join(row[width - 1 :])]
