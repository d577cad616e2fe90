"""What the columns of a coding table are: by their heads, or by the marks that they hold."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from kotaku_nlp.corpus.lexicon import key

#: The strongest claim first: a column is taken once.
_KINDS = ("quote", "turn", "start", "end", "code", "transcript", "coder", "date", "memo")
_HEAD_ROWS = 20
_NUMBER = re.compile(r"([01])(?:[.,]0+)?")
#: Share of the filled cells that must be marks for a column to be a code.
_MARKED = 0.5


@dataclass(frozen=True)
class Plan:
    """How a table is read.

    :param row: index of its head row.
    :param columns: kind → column.
    :param marks: column → the code that its marks give (a wide table), empty for a long one.
    :param unread: heads of columns that were not understood.
    """

    row: int
    columns: Mapping[str, int]
    marks: Mapping[int, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()


def find_plan(rows: Sequence[Sequence[str]]) -> Plan | None:
    """Return how a table is to be read, None when it is no coding table.

    :param rows: its cells, the head row among the first of them.
    """
    best = max(
        range(min(_HEAD_ROWS, len(rows))), key=lambda row: (len(_columns(rows[row])), -row), default=None
    )
    if best is None:
        return None
    head = rows[best]
    columns = _columns(head)
    if not ({"quote", "turn"} & columns.keys() or {"start", "end"} <= columns.keys()):
        return None
    marks = {} if "code" in columns else _marks(head, rows[best + 1 :], set(columns.values()))
    if "code" not in columns and not marks:
        return None
    read = {*columns.values(), *marks}
    unread = tuple(name for at, name in enumerate(head) if name.strip() and at not in read)
    return Plan(best, columns, marks, unread)


def mark_in(cell: str) -> bool | None:
    """Return whether a cell of a wide table says yes or no; an empty one says no, None means neither.

    >>> mark_in("1,0"), mark_in("x"), mark_in(""), mark_in("mungkin")
    (True, True, False, None)
    """
    text = cell.strip()
    number = _NUMBER.fullmatch(text)
    name = number[1] if number else text.casefold()
    if not name or name in heads("no"):
        return False
    return True if name in heads("yes") else None


def heads(kind: str) -> tuple[str, ...]:
    """Return what a kind of column is called, the best name first."""
    return _table()[kind]


@cache
def _table() -> dict[str, tuple[str, ...]]:
    text = (
        files("kotaku_nlp.coding.files.readers").joinpath("data", "columns.toml").read_text(encoding="utf-8")
    )
    return {kind: tuple(names) for kind, names in tomllib.loads(text).items()}


def _columns(head: Sequence[str]) -> dict[str, int]:
    names = [key(cell) for cell in head]
    found: dict[str, int] = {}
    for kind in _KINDS:
        claims = [at for at, name in enumerate(names) if name in heads(kind) and at not in found.values()]
        if claims:
            order = heads(kind)
            found[kind] = min(claims, key=lambda at: order.index(names[at]))
    if any(name in heads("paragraphs") for name in names):
        found.pop("start", None)
        found.pop("end", None)
    return found


def _marks(head: Sequence[str], body: Sequence[Sequence[str]], taken: set[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for at, name in enumerate(head):
        if at in taken or not name.strip() or key(name) in heads("aside"):
            continue
        cells = [row[at] for row in body if at < len(row) and row[at].strip()]
        marks = [mark for cell in cells if (mark := mark_in(cell)) is not None]
        if any(marks) and len(marks) >= _MARKED * len(cells):
            found[at] = " ".join(name.split())
    return found
