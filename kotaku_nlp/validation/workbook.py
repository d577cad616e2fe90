"""A sheet for one rater as a workbook: instructions first, one question a row, only answers to be filled in.

Nothing in it tells what the machine found: the key lies elsewhere, and what stands here is in an order drawn
by chance. Every text cell is written as text and made harmless to spreadsheets (CWE-1236).
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kotaku_nlp.corpus.sheets import guarded
from kotaku_nlp.messages import say
from kotaku_nlp.validation.kit import FITS, LETTERS, Item, Kit, Question, Sheet
from kotaku_nlp.validation.sheets import PARTS

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

#: Written into every workbook: when it was made is nobody's business.
_EPOCH = datetime(2000, 1, 1)
#: Widths of columns, in characters, and height of a line, in points.
_NUMBER, _ANSWER, _ASKED = 7, 12, 34
_WIDTHS = {"words": 18, "passages": 31, "name": 80}
_NAMED = 30
_LINE, _TALLEST, _LONGEST = 15, 400, 32_000
_FIRST_ROW = 3
_ANSWER_FILL, _HEAD_FILL = "FFF8DC", "E6EEF4"


@dataclass(frozen=True)
class _Row:
    """One row of a part: number of its question ("" when nothing is asked), what is shown, the answers."""

    number: str
    cells: tuple[str, ...]
    choices: tuple[str, ...] = ()


def write_sheet_file(kit: Kit, sheet: Sheet, path: Path) -> None:
    """Write one rater's workbook, whole or not at all.

    :param kit: all questions.
    :param sheet: their order for this rater.
    :param path: the file to write.
    """
    from openpyxl import Workbook

    book = Workbook()
    items = {item.id: item for item in kit.items}
    parts = {task: [q for q in sheet.questions if q.number[0] == PARTS[task]] for task in PARTS}
    asked = {task: questions for task, questions in parts.items() if questions}
    _instructions(book.worksheets[0], kit, sheet, asked, items)
    for task, questions in asked.items():
        _part(
            book.create_sheet(say(f"validation_tab_{task}", kit.lang)),
            task,
            questions,
            items,
            sheet,
            kit.lang,
        )
    book.properties.creator = "kotaku-nlp"
    book.properties.created = _EPOCH
    _write(book, path)


def _write(book: Workbook, path: Path) -> None:
    part = path.with_name(f".{path.name}.part")
    book.save(part)
    part.replace(path)


def _instructions(
    page: Worksheet,
    kit: Kit,
    sheet: Sheet,
    parts: Mapping[str, Sequence[Question]],
    items: Mapping[str, Item],
) -> None:
    from openpyxl.styles import Font

    page.title = say("validation_tab_first", kit.lang)
    widths = (24, 92)
    for letter, width in zip("AB", widths, strict=True):
        page.column_dimensions[letter].width = width
    for number, (head, text) in enumerate(_lines(kit, sheet, parts, items), start=1):
        for column, cell in enumerate((head, text), start=1):
            _put(page, number, column, cell, wrap=number > 1)
        page.cell(number, 1).font = Font(bold=True, size=14 if number == 1 else 11)
        if head in (say("validation_initials", kit.lang), say("validation_note", kit.lang)):
            _open(page.cell(number, 2))
        if number > 1:
            page.row_dimensions[number].height = _height((head, text), widths)
    _protect(page)


def _lines(
    kit: Kit, sheet: Sheet, parts: Mapping[str, Sequence[Question]], items: Mapping[str, Item]
) -> Iterator[tuple[str, str]]:
    """Yield head and text of every line of the first page."""
    lang = kit.lang
    yield say("validation_title", lang), ""
    yield "", say("validation_thanks", lang)
    yield "", say("validation_time", lang, minutes=kit.minutes)
    for task, questions in parts.items():
        n = sum(items[question.item].task == task for question in questions)
        yield say(f"validation_tab_{task}", lang), say(f"validation_how_{task}", lang, n=n)
    yield "", say("validation_controls", lang)
    yield "", say("validation_alone", lang)
    yield "", say("validation_cells", lang)
    yield "", say("validation_back", lang)
    yield say("validation_initials", lang), ""
    yield say("validation_note", lang), ""
    yield say("validation_code", lang), sheet.code


def _part(
    page: Worksheet,
    task: str,
    questions: Sequence[Question],
    items: Mapping[str, Item],
    sheet: Sheet,
    lang: str,
) -> None:
    """Write one part: the question over it, heads, and a row for everything shown."""
    rows = list(_naming_rows(questions, items, lang) if task == "name" else _choice_rows(questions, items))
    heads = _heads(rows, task, lang)
    widths = [_NUMBER, _NAMED if task == "name" else _ANSWER]
    widths += [_ASKED, _WIDTHS[task]] if task == "name" else [_WIDTHS[task]] * (len(heads) - 2)
    _top(page, sheet.code, say(f"validation_ask_{task}", lang), heads, widths)
    for number, row in enumerate(rows, start=_FIRST_ROW):
        _put(page, number, 1, row.number)
        for column, text in enumerate(row.cells, start=3):
            _put(page, number, column, text)
        page.row_dimensions[number].height = _height(row.cells, widths[2:])
        if row.number:
            _open(page.cell(number, 2))
    _choices(page, rows, lang)
    page.freeze_panes = f"C{_FIRST_ROW}"
    page.print_title_rows = "1:2"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    _protect(page)


def _heads(rows: Sequence[_Row], task: str, lang: str) -> list[str]:
    heads = [say("validation_head_number", lang), say("validation_head_answer", lang)]
    if task == "name":
        return [*heads, say("validation_head_asked", lang), say("validation_head_passage", lang)]
    return [*heads, *LETTERS[: max(len(row.cells) for row in rows)]]


def _choice_rows(questions: Sequence[Question], items: Mapping[str, Item]) -> Iterator[_Row]:
    for question in questions:
        texts = tuple(items[question.item].texts[place] for place in question.order)
        yield _Row(question.number, texts, tuple(LETTERS[: len(texts)]))


def _naming_rows(questions: Sequence[Question], items: Mapping[str, Item], lang: str) -> Iterator[_Row]:
    """Yield the passages to read, then the name to give, then the passages to judge."""
    for question in questions:
        texts = [items[question.item].texts[place] for place in question.order]
        if items[question.item].task == "fit":
            judged = say("validation_ask_fit", lang, number=question.number.partition(".")[0])
            yield _Row(question.number, (judged, texts[0]), tuple(map(str, FITS)))
            continue
        for place, text in enumerate(texts, start=1):
            yield _Row("", (say("validation_example", lang, number=question.number, place=place), text))
        yield _Row(question.number, (say("validation_give_name", lang), ""))


def _top(page: Worksheet, code: str, question: str, heads: Sequence[str], widths: Sequence[int]) -> None:
    """Write the code and the question over the heads; none of it scrolls away."""
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    for column, text in ((1, code), (3, question)):
        _put(page, 1, column, text, wrap=False)
        page.cell(1, column).font = Font(bold=column == 3, size=12 if column == 3 else 9)
    for column, (head, width) in enumerate(zip(heads, widths, strict=True), start=1):
        _put(page, 2, column, head)
        page.cell(2, column).font = Font(bold=True)
        page.cell(2, column).fill = PatternFill("solid", fgColor=_HEAD_FILL)
        page.column_dimensions[get_column_letter(column)].width = width


def _choices(page: Worksheet, rows: Sequence[_Row], lang: str) -> None:
    """Give every answer cell its list; one list serves all rows with the same answers."""
    from openpyxl.worksheet.datavalidation import DataValidation

    for choices in sorted({row.choices for row in rows if row.choices}):
        rule = DataValidation(
            "list", formula1=f'"{",".join(choices)}"', allow_blank=True, showErrorMessage=True
        )
        rule.errorTitle = say("validation_choose_title", lang)
        rule.error = say("validation_choose", lang, choices=", ".join(choices))
        for number, row in enumerate(rows, start=_FIRST_ROW):
            if row.choices == choices:
                rule.add(f"B{number}")
        page.add_data_validation(rule)


def _put(page: Worksheet, row: int, column: int, text: str, wrap: bool = True) -> None:
    """Write one cell as text, whatever it begins with."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment

    cell = page.cell(row, column)
    cell.alignment = Alignment(wrap_text=wrap, vertical="top")
    if text:
        cell.value = ILLEGAL_CHARACTERS_RE.sub(" ", guarded(text))[:_LONGEST]
        cell.data_type = "s"


def _open(cell: Cell) -> None:
    """Make a cell one to fill in: the only ones that are not locked."""
    from openpyxl.styles import Alignment, Border, PatternFill, Protection, Side

    line = Side("thin", color="999999")
    cell.protection = Protection(locked=False)
    cell.fill = PatternFill("solid", fgColor=_ANSWER_FILL)
    cell.border = Border(line, line, line, line)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.number_format = "@"  # an answer stays as typed: no date is made of it


def _protect(page: Worksheet) -> None:
    """Guard against slips, without a password; columns and rows may still be made wider."""
    page.protection.sheet = True
    page.protection.formatColumns = False
    page.protection.formatRows = False


def _height(texts: Sequence[Any], widths: Sequence[int]) -> int:
    """Return the height of a row in which every text can be read, in points."""
    lines = [
        sum(max(1, len(textwrap.wrap(part, width - 2))) for part in text.split("\n"))
        for text, width in zip(texts, widths, strict=False)
    ]
    return min(_TALLEST, _LINE * max(lines, default=1) + 4)
