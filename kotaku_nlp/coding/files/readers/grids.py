"""Tables of a file as rows of text: CSV however it was saved, and every sheet of a workbook."""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from zipfile import ZipFile

from kotaku_nlp.coding.files.readers.heads import find_plan
from kotaku_nlp.corpus.readers.decoding import read_text
from kotaku_nlp.corpus.readers.guarding import check_package, damage
from kotaku_nlp.corpus.sheets import unguarded
from kotaku_nlp.errors import CorpusError

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_DELIMITERS = (";", ",", "\t", "|")
_EXCEL_HINT = re.compile(r"\s*sep=(.)\n", re.IGNORECASE)
_SAMPLE_ROWS = 200
#: Elements of a sheet for whose every cell the library that loads merged cells makes an object.
_SPREADING = frozenset({"mergeCell", "hyperlink"})
_MOST_SPREAD = 1_000_000


@dataclass(frozen=True)
class Grid:
    """One table.

    :param name: name of its sheet; empty for a CSV file.
    :param rows: cells as text, row by row as a spreadsheet numbers them; what a merged cell holds stands
        in every cell that it covers.
    :param hidden: numbers of the rows (1-based) that are hidden, by hand or by a filter.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    hidden: frozenset[int] = frozenset()


def read_grids(path: Path) -> list[Grid]:
    """Read the tables of a .csv, .tsv or .xlsx file.

    :raises CorpusError: when it is damaged, locked, oversized, unsafe or in no known encoding.
    """
    if path.suffix.lower() == ".xlsx":
        check_package(path)
        with damage(path):
            _check_merged(path)
            return list(_sheets(path))
    with damage(path):
        return [_csv(read_text(path))]


def _csv(text: str) -> Grid:
    hint = _EXCEL_HINT.match(text)
    text = text[hint.end() :] if hint else text
    before = csv.field_size_limit(max(len(text), 131072))
    try:
        delimiter = hint[1] if hint else max(_DELIMITERS, key=lambda one: _score(text, one))
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        rows = tuple(tuple(unguarded(cell) for cell in cells) for cells in reader)
    finally:
        csv.field_size_limit(before)
    return Grid("", rows)


def _score(text: str, delimiter: str) -> tuple[bool, float]:
    """Return whether a delimiter gives known heads, and how even its rows are."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows = [row for row in islice(reader, _SAMPLE_ROWS) if row]
    wide = Counter(len(row) for row in rows if len(row) > 1)
    if not wide:
        return False, 0.0
    return find_plan(rows) is not None, wide.most_common(1)[0][1] / len(rows)


def _sheets(path: Path) -> Iterator[Grid]:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and drop-down lists, which hold no text
        # Values come row by row, because one stray cell at the far end would fill a whole grid; merged
        # cells and hidden rows are only known to the other way of loading.
        with (
            closing(load_workbook(path, read_only=True, data_only=True, keep_links=False)) as values,
            closing(load_workbook(path, data_only=True, keep_links=False)) as looks,
        ):
            for sheet in values.worksheets:
                sheet.reset_dimensions()  # what a file says about its size is often wrong
                rows = [[_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]
                yield _sheet(rows, looks[sheet.title])


def _check_merged(path: Path) -> None:
    """Count the cells of merged ranges before a library does: a few bytes can name the whole sheet.

    :raises CorpusError: when there are more than anybody merges.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError

    cells = 0
    with ZipFile(path) as package:
        for entry in package.infolist():  # what a sheet is called is for the file to say
            with package.open(entry) as stream:
                try:
                    cells += _spread_cells(stream)
                except (ParseError, DefusedXmlException):
                    continue  # a picture; or a sheet that the library will refuse as well
    if cells > _MOST_SPREAD:
        raise CorpusError("readers_merged", path.name, n=cells)


def _spread_cells(stream: IO[bytes]) -> int:
    from defusedxml.ElementTree import iterparse
    from openpyxl.utils import range_boundaries

    cells = 0
    for _, element in iterparse(stream):  # drawings may have a DTD; parts named as XML were checked before
        if element.tag.rpartition("}")[2] in _SPREADING and ":" in element.get("ref", ""):
            left, top, right, bottom = range_boundaries(element.get("ref"))
            cells += (right - left + 1) * (bottom - top + 1)
        element.clear()
    return cells


def _sheet(rows: list[list[str]], look: Worksheet) -> Grid:
    for area in look.merged_cells.ranges:
        _spread(rows, area.min_row - 1, area.max_row, area.min_col - 1, area.max_col)
    hidden = frozenset(number for number, row in look.row_dimensions.items() if row.hidden)
    if look.sheet_state != "visible":
        hidden = frozenset(range(1, len(rows) + 1))
    return Grid(look.title, tuple(tuple(row) for row in rows), hidden)


def _spread(rows: list[list[str]], top: int, bottom: int, left: int, right: int) -> None:
    """Write what a merged cell holds into every cell that it covers; bounds are half-open."""
    value = rows[top][left] if top < len(rows) and left < len(rows[top]) else ""
    for row in rows[top:bottom] if value else ():
        row += [""] * (right - len(row))
        row[left:right] = [value] * (right - left)


def _text(value: Any) -> str:
    """Return a cell as a person sees it, as far as the value tells."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return unguarded(str(value)).replace("\r\n", "\n").replace("_x000D_", "")
