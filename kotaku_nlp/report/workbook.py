"""The tables as one workbook: a sheet each, ready to filter and print, none of it able to run."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kotaku_nlp.messages import wording
from kotaku_nlp.records import Analysis
from kotaku_nlp.report.frames import rows
from kotaku_nlp.report.labels import Labels
from kotaku_nlp.report.method import limits
from kotaku_nlp.report.sheets import sheet_names, sheets
from kotaku_nlp.store import harmless

if TYPE_CHECKING:
    import pandas as pd
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

#: Columns that hold running text: wrapped, and this wide (characters).
WIDE = {"text": 70, "question": 45, "passage_ids": 34, "words": 34, "dimensions": 28, "aspects": 28}
NARROWEST, WIDEST, LONGEST = 8, 34, 32_000
#: Two decimals, and up to four where a number is smaller: p = .0042 is not 0.00.
DECIMALS = "0.00##"
#: Written into every workbook, so that one run always gives the same bytes.
EPOCH = datetime(2000, 1, 1)


def write_workbook(analysis: Analysis, path: Path, lang: str = "id") -> Path:
    """Write `tables.xlsx`.

    Every text cell is written as text and made harmless to spreadsheets (CWE-1236).

    :param analysis: a run; its `tables` and those on topics and saturation become the sheets, after one that
        says what they are.
    :param path: the file to write.
    :param lang: language of the first sheet, and of the tables on topics and saturation.
    :return: `path`.
    """
    from openpyxl import Workbook

    book = Workbook()
    labels = Labels(lang, analysis.codebooks)
    _first_sheet(book.worksheets[0], analysis, labels)
    for name, frame in sheets(analysis, labels).items():
        _table_sheet(book.create_sheet(name[:31]), frame)
    book.properties.creator = "kotaku-nlp"
    book.properties.created = EPOCH
    path.write_bytes(_timeless(book))
    return path


def _first_sheet(sheet: Worksheet, analysis: Analysis, labels: Labels) -> None:
    from openpyxl.styles import Font

    sheet.title = labels.say("sheet_first")[:31]
    sheet.column_dimensions["A"].width = 22
    sheet.column_dimensions["B"].width = 96
    lines: list[tuple[str, str]] = [
        (labels.say("title", corpus=analysis.corpus_name), ""),
        ("", labels.say("sheet_intro", corpus=analysis.corpus_name)),
    ]
    if analysis.manifest.get("invented"):
        lines.append(("", labels.say("invented")))
    lines += [("", ""), (labels.say("sheet_sheets"), "")]
    lines += [(name, _about(name, labels)) for name in sheet_names(analysis)]
    lines += [("", ""), (labels.say("limits_title"), "")]
    lines += [(str(k), text) for k, text in enumerate(limits(analysis, labels), start=1)]
    for number, line in enumerate(lines, start=1):
        for column, text in enumerate(line, start=1):
            _put(sheet, number, column, text, wrap=column == 2)
    for number, (head, text) in enumerate(lines, start=1):
        if head and not text:
            sheet.cell(number, 1).font = Font(bold=True, size=14 if number == 1 else 11)


def _about(name: str, labels: Labels) -> str:
    return labels.say(f"sheet_{name}" if f"report_sheet_{name}" in wording() else "sheet_other")


def _table_sheet(sheet: Worksheet, frame: pd.DataFrame) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    safe = harmless(frame)
    names, found = [str(name) for name in safe.columns], rows(safe)
    for column, name in enumerate(names, start=1):
        _put(sheet, 1, column, name)
        head = sheet.cell(1, column)
        head.font, head.fill = Font(bold=True), PatternFill("solid", fgColor="E6EEF4")
        head.alignment = Alignment(vertical="top")
        sheet.column_dimensions[get_column_letter(column)].width = _width(name, found)
    for number, row in enumerate(found, start=2):
        for column, name in enumerate(names, start=1):
            value = int(row[name]) if name == "topic" and row[name] is not None else row[name]
            _put(sheet, number, column, value, wrap=name in WIDE or name.endswith("_ids"))
    sheet.freeze_panes = "A2"
    if names:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(names))}{len(found) + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"


def _put(sheet: Worksheet, row: int, column: int, value: Any, wrap: bool = False) -> None:
    """Write one cell; text stays text, whatever it begins with."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment

    if value is None or value == "":
        return
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub(" ", value)[:LONGEST]
        cell.data_type = "s"
    else:
        cell.value = value
        if isinstance(value, float):
            cell.number_format = DECIMALS
    cell.alignment = Alignment(wrap_text=wrap, vertical="top")


def _width(name: str, found: Sequence[dict[str, Any]]) -> int:
    """Return a column width in characters: fixed for running text, else as its longest cell needs."""
    if name in WIDE or name.endswith("_ids"):
        return WIDE.get(name, WIDE["passage_ids"])
    longest = max((len(str(row[name])) for row in found[:500] if row[name] is not None), default=0)
    return min(WIDEST, max(NARROWEST, longest + 2, len(name) + 4))


def _timeless(book: Workbook) -> bytes:
    """Return the workbook's bytes without the time of writing."""
    raw, fixed = io.BytesIO(), io.BytesIO()
    book.save(raw)
    stamp = EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = content.replace(f"{book.properties.modified:%Y-%m-%dT%H:%M:%SZ}".encode(), stamp)
            new.writestr(zipfile.ZipInfo(name, EPOCH.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return fixed.getvalue()
