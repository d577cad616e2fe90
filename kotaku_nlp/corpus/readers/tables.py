"""Tables: .csv and .tsv with whatever delimiter, and the sheets of .xlsx workbooks."""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, time, timedelta
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

from kotaku_nlp.corpus.readers.building import Builder
from kotaku_nlp.corpus.readers.decoding import read_text
from kotaku_nlp.corpus.readers.grids import Grid, add_grid
from kotaku_nlp.corpus.readers.guarding import check_package, damage
from kotaku_nlp.corpus.readers.heads import find_plan
from kotaku_nlp.corpus.source import Source

#: Excel in Indonesian writes semicolons; in doubt the earlier one wins.
_DELIMITERS = (",", ";", "\t", "|")
#: Stands in no text: a table of one column is not split, but its quotes are still read.
_NO_DELIMITER = "\x1f"
_SAMPLE_ROWS = 200
#: What Excel itself can hold; a damaged row number beyond it would be counted up to for ever.
_MOST_ROWS = 1_048_576
_EXCEL_HINT = re.compile(r"sep=(.)\n")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read_csv(path: Path) -> Source:
    """Read a table of text; the delimiter is found by trying.

    :raises CorpusError: when it cannot be decoded or its quotes are beyond repair.
    """
    text = read_text(path)
    hint = _EXCEL_HINT.match(text)
    text = text[hint.end() :] if hint else text
    with damage(path), _wide_cells(len(text)):
        delimiter = hint[1] if hint else _delimiter(text)
        rows = list(_rows(text, delimiter))
    return _source([Grid(rows, spill=delimiter)])


def read_workbook(path: Path) -> Source:
    """Read every sheet of a workbook; formulas as the values last computed, numbers as text.

    :raises CorpusError: when the file is damaged, locked, oversized or unsafe.
    """
    check_package(path)
    with damage(path):
        return _source(list(_sheets(path)))


def _source(grids: list[Grid]) -> Source:
    builder = Builder()
    unread = [head for grid in grids for head in add_grid(builder, grid)]
    return builder.source({"columns_not_read": "; ".join(dict.fromkeys(unread))} if unread else None)


@contextmanager
def _wide_cells(size: int) -> Iterator[None]:
    # A whole interview may stand in one cell; the module's limit is 128 KiB and can only be set for all.
    before = csv.field_size_limit(max(size, 131072))
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    # newline="" leaves the line ends inside quotes alone
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _delimiter(text: str) -> str:
    """Return the delimiter that gives known heads, or else the most even rows."""
    scores = {delimiter: _score(text, delimiter) for delimiter in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda delimiter: scores[delimiter])
    return best if scores[best] > (False, 0.0, 0) else _NO_DELIMITER


def _score(text: str, delimiter: str) -> tuple[bool, float, int]:
    rows = [row for row, _ in zip(_rows(text, delimiter), range(_SAMPLE_ROWS), strict=False) if row]
    wide = [row for row in rows if len(row) > 1]
    if not wide:
        return (False, 0.0, 0)
    width, count = Counter(map(len, rows)).most_common(1)[0]
    if width == 1:  # commas of the text itself
        return (find_plan(rows) is not None and len(rows[0]) > 1, 0.0, 0)
    return (find_plan(rows) is not None, count / len(rows), width)


def _sheets(path: Path) -> Iterator[Grid]:
    values = _cells(path, computed=True)
    formulas = _cells(path, computed=False)
    for number, (name, rows) in enumerate(values.items(), start=1):
        texts = [
            # A formula that no programme has computed yet: better shown than lost.
            [_text(value) or _text(formula) for value, formula in zip_longest(row, raw)]
            for row, raw in zip_longest(rows, formulas[name], fillvalue=())
        ]
        yield Grid(texts, number, name=f"sheet {name} ")


def _cells(path: Path, computed: bool) -> dict[str, list[tuple[Any, ...]]]:
    from openpyxl import load_workbook

    found = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and drop-down lists, which hold no text
        with closing(load_workbook(path, read_only=True, data_only=computed, keep_links=False)) as book:
            for sheet in book.worksheets:
                sheet.reset_dimensions()  # what a file says about its size is often wrong
                found[sheet.title] = list(islice(sheet.iter_rows(values_only=True), _MOST_ROWS))
    return found


def _text(value: Any) -> str:
    """Return a cell as a person sees it, as far as the value tells."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime | date | time | timedelta):
        return _moment(value)
    text = str(getattr(value, "text", value) or "")  # array formulas carry their text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _moment(value: datetime | date | time | timedelta) -> str:
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if isinstance(value, time):
        return value.strftime("%H:%M:%S")
    text = value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    return text.removesuffix(" 00:00:00")
