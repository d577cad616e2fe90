"""Recognise a table of talk by the heads of its columns."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_WORD = re.compile(r"[^\W_]+")
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_LONGEST = 4
#: A head is looked for in this many rows; titles and field lists may stand above it.
_FIRST_ROWS = 30


@dataclass(frozen=True)
class Speech:
    """A column of talk. Who speaks stands in another column, or else in its own head.

    :param column: 0-based column of the words.
    :param speaker: 0-based column of the label, or None.
    :param head: label for all its cells when there is no such column.
    """

    column: int
    speaker: int | None = None
    head: str | None = None


@dataclass(frozen=True)
class Plan:
    """How to read the rows of a table of talk; `row` is the 0-based row of its heads."""

    row: int
    speeches: tuple[Speech, ...]
    time: int | None = None
    unread: tuple[str, ...] = ()


def find_plan(rows: Sequence[Sequence[str]]) -> Plan | None:
    """Return how to read a table, or None when its heads say nothing about talk."""
    filled = [number for number, row in enumerate(rows) if _filled(row)]
    for number in filled[:_FIRST_ROWS]:
        known = sum(role_of(head) is not None for head in rows[number])
        plan = plan_of(rows[number], number) if known > 1 else None
        if plan:
            return plan
    # One known word may be a title or a field ("Transkrip", "Informan | Pak Darwis"); it is
    # a head only if it stands first and every column, of several, has one.
    if filled and 1 < _filled(rows[filled[0]]) == max(_filled(rows[number]) for number in filled):
        return plan_of(rows[filled[0]], filled[0])
    return None


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def plan_of(heads: Sequence[str], row: int = 0) -> Plan | None:
    """Return how to read the rows below these heads, or None."""
    at: dict[str, int] = {}
    for column, head in enumerate(heads):
        role = role_of(head)
        if role:
            at.setdefault(role, column)
    speeches = _speeches(at, heads)
    if not speeches:
        return None
    used = {at.get("time"), at.get("turn")}
    used.update(column for speech in speeches for column in (speech.column, speech.speaker))
    unread = tuple(head.strip() for column, head in enumerate(heads) if column not in used and head.strip())
    return Plan(row, speeches, at.get("time"), unread)


@cache
def role_of(head: str) -> str | None:
    """Return what a column holds, in the words of `heads.toml`, or None."""
    words = tuple(_WORD.findall(_BRACKETS.sub(" ", head.casefold())))
    phrases, roles = _vocabulary()
    if " ".join(words) in phrases:
        return phrases[" ".join(words)]
    if not 0 < len(words) <= _LONGEST or any(word not in roles for word in words):
        return None
    return next((roles[word] for word in words if roles[word] != "filler"), None)


@cache
def _vocabulary() -> tuple[Mapping[str, str], Mapping[str, str]]:
    data = tomllib.loads(files(__package__).joinpath("heads.toml").read_text(encoding="utf-8"))
    return data["phrases"], {word: role for role, words in data["words"].items() for word in words}


def _speeches(at: Mapping[str, int], heads: Sequence[str]) -> tuple[Speech, ...]:
    names = at.get("speaker", at.get("teller", at.get("asker")))
    if "text" in at:
        return (Speech(at["text"], names),)
    asked = at.get("question", at.get("asker"))
    told = at.get("answer", at.get("teller"))
    if asked is not None and told is not None:
        # Where the talk has a column of its own, the person's column names who it is.
        asker = at.get("asker") if "question" in at else None
        teller = at.get("teller", at.get("speaker")) if "answer" in at else None
        return (Speech(asked, asker, heads[asked].strip()), Speech(told, teller, heads[told].strip()))
    if "answer" in at:
        return (Speech(at["answer"], names),)
    return ()
