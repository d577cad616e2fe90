"""The small tables a researcher writes by hand: read whatever Excel made of them, written safely."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kotaku_nlp.corpus.lexicon import key, ordered, words
from kotaku_nlp.corpus.readers.decoding import decode
from kotaku_nlp.errors import CorpusError

_DELIMITERS = (",", ";", "\t", "|")
_EXCEL_HINT = re.compile(r"\s*sep=(.)\r?\n", re.IGNORECASE)
#: Cells that begin with one of these are formulas to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")


@dataclass(frozen=True)
class Row:
    """One row: its line in the file, its cells by column, and what stood beyond the last column."""

    line: int
    cells: Mapping[str, str]
    beyond: tuple[str, ...] = ()

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Sheet:
    """A table: columns in order, under their own names where we know no other, and its rows."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_sheet(path: Path, where: str, known: Sequence[str], needed: Collection[str]) -> Sheet:
    """Read a CSV file with its head row.

    :param path: the file: UTF-8, UTF-16 or Windows-1252, cut by comma, semicolon, tab or bar.
    :param where: its name for errors.
    :param known: columns whose synonyms are understood, the strongest claim first.
    :param needed: columns that must be there.
    :raises CorpusError: when it cannot be decoded, or a needed column is missing.
    """
    text = decode(path.read_bytes(), where)
    hint = _EXCEL_HINT.match(text)
    text = text[hint.end() :] if hint else text
    delimiter = hint[1] if hint else _delimiter(text, known)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        lines = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    except csv.Error as problem:
        raise CorpusError("sheet_broken", where, line=reader.line_num, detail=str(problem)) from problem
    lines = [(line, cells) for line, cells in lines if any(cells)]
    if not lines:
        raise CorpusError("sheet_empty", where, needed=", ".join(sorted(needed)))
    columns = _columns(lines[0][1], known)
    missing = sorted(set(needed) - set(columns))
    if missing:
        found = ", ".join(name for name in lines[0][1] if name)
        raise CorpusError("sheet_columns_missing", where, missing=", ".join(missing), found=found)
    return Sheet(tuple(columns), tuple(_row(line, columns, cells) for line, cells in lines[1:]))


def _row(line: int, columns: Sequence[str], cells: Sequence[str]) -> Row:
    named = {name: unguarded(cell) for name, cell in zip(columns, cells, strict=False) if name}
    return Row(line, named, tuple(cell for cell in cells[len(columns) :] if cell))


def _delimiter(text: str, known: Sequence[str]) -> str:
    head = next((line for line in text.splitlines() if line.strip()), "")
    names = {name for column in known for name in words(column, "columns.toml")}

    def fitting(delimiter: str) -> tuple[int, int]:
        cells = next(csv.reader([head], delimiter=delimiter), [])
        return sum(key(cell) in names for cell in cells), len(cells)

    return max(_DELIMITERS, key=fitting)


def _columns(heads: Sequence[str], known: Sequence[str]) -> list[str]:
    """Return our name of every column; a head nobody knows keeps its own."""
    columns = [re.sub(r"\s+", " ", head) for head in heads]
    for column in known:
        synonyms = ordered(column, "columns.toml")
        claims = [place for place, head in enumerate(heads) if key(head) in synonyms]
        for place in sorted(claims, key=lambda place: synonyms.index(key(heads[place]))):
            if columns[place] == re.sub(r"\s+", " ", heads[place]):
                columns[place] = column
                break
    return columns


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: a leading apostrophe where needed."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def unguarded(cell: str) -> str:
    """Return a cell without the apostrophe that `guarded` put in front."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_FORMULA) else cell


def write_sheet(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a CSV file that spreadsheets open as UTF-8, whole or not at all.

    :param path: the file to write or replace.
    :param columns: its head.
    :param rows: its cells; formulas are made harmless.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    part = path.with_name(f".{path.name}.part")
    part.write_text("\ufeff" + buffer.getvalue(), encoding="utf-8", newline="")
    part.replace(path)
