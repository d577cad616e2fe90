from __future__ import annotations

from dataclasses import replace

import openpyxl
import pytest

from kotaku_nlp.columns import RELATIONS
from kotaku_nlp.report.labels import Labels
from kotaku_nlp.report.sheets import sheets
from kotaku_nlp.report.workbook import write_workbook

FORMULA = '=HYPERLINK("http://x.invalid","klik")'


@pytest.fixture(scope="module")
def book(analysis, tmp_path_factory):
    return openpyxl.load_workbook(write_workbook(analysis, tmp_path_factory.mktemp("book") / "tables.xlsx"))


def test_first_sheet_tells_what_this_is_and_the_rest_are_the_tables(book, analysis):
    assert book.sheetnames == ["Baca dulu", *analysis.tables, *RELATIONS]
    said = " ".join(str(cell.value) for row in book.worksheets[0] for cell in row if cell.value)
    for needed in ("karangan", "Bukan prevalensi", "Nada bukan keberhasilan", "Label dibuat mesin"):
        assert needed in said


def test_sheets_hold_their_table_with_a_frozen_head_and_a_filter(book, analysis):
    for name, frame in sheets(analysis, Labels("id", analysis.codebooks)).items():
        sheet = book[name]
        assert [cell.value for cell in sheet[1]] == list(frame.columns)
        assert sheet.max_row == len(frame) + 1
        assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref.startswith("A1:")
    text = [cell.value for cell in book["quotes"][1]].index("text") + 1
    assert book["quotes"].cell(2, text).alignment.wrap_text


def test_numbers_stay_numbers(book, analysis):
    sheet = book["aspects"]
    heads = [cell.value for cell in sheet[1]]
    column = heads.index("n_passages") + 1
    found = [sheet.cell(row, column).value for row in range(2, sheet.max_row + 1)]
    assert found == list(analysis.tables["aspects"]["n_passages"])


@pytest.mark.parametrize("text", [FORMULA, "+62 811", "-1+1", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_can_run(analysis, tmp_path, text):
    tables = {name: frame.copy() for name, frame in analysis.tables.items()}
    tables["quotes"].loc[0, "text"] = text
    evil = replace(analysis, tables=tables, corpus_name=text)
    book = openpyxl.load_workbook(write_workbook(evil, tmp_path / "tables.xlsx"))
    for sheet in book:
        for row in sheet:
            assert all(cell.data_type != "f" for cell in row)
    head = [cell.value for cell in book["quotes"][1]].index("text") + 1
    assert str(book["quotes"].cell(2, head).value).startswith("'")


def test_a_heading_that_looks_like_a_formula_cannot_run_either(analysis, tmp_path):
    tables = dict(analysis.tables)
    tables["informants"] = tables["informants"].assign(**{FORMULA: "x"})
    book = openpyxl.load_workbook(write_workbook(replace(analysis, tables=tables), tmp_path / "tables.xlsx"))
    (head, *_) = (cell for cell in book["informants"][1] if FORMULA in str(cell.value))
    assert head.data_type != "f" and str(head.value).startswith("'")


def test_a_topics_words_cannot_run_in_any_sheet(analysis, tmp_path):
    topics = analysis.topics.copy()
    topics.loc[0, "label"] = FORMULA
    book = openpyxl.load_workbook(write_workbook(replace(analysis, topics=topics), tmp_path / "tables.xlsx"))
    cells = [cell for row in book["topic_groups"] for cell in row if FORMULA in str(cell.value)]
    assert cells and all(cell.data_type == "s" and cell.value.startswith("'") for cell in cells)


def test_small_p_values_are_not_shown_as_nothing(book):
    heads = [cell.value for cell in book["topic_groups"][1]]
    cell = next(c for (c,) in book["topic_groups"].iter_rows(
        min_row=2, min_col=heads.index("p (uji permutasi)") + 1, max_col=heads.index("p (uji permutasi)") + 1
    ) if c.value == 0.004)  # fmt: skip
    assert cell.number_format == "0.00##"


def test_letters_a_spreadsheet_cannot_hold_are_left_out(analysis, tmp_path):
    tables = {name: frame.copy() for name, frame in analysis.tables.items()}
    tables["quotes"].loc[0, "text"] = "a\x0bb" + "panjang " * 9000
    written = write_workbook(replace(analysis, tables=tables), tmp_path / "tables.xlsx")
    assert openpyxl.load_workbook(written)["quotes"].max_row > 1


def test_two_workbooks_are_the_same_bytes(analysis, tmp_path):
    one, two = (write_workbook(analysis, tmp_path / name).read_bytes() for name in ("a.xlsx", "b.xlsx"))
    assert one == two
