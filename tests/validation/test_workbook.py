"""A rater's workbook: blind, safe, and only its answers to be filled in."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from openpyxl import load_workbook

from kotaku_nlp.validation.drawing import Drawer
from kotaku_nlp.validation.kit import Item
from kotaku_nlp.validation.sheets import make_sheets, sheet_code
from kotaku_nlp.validation.workbook import write_sheet_file

PARTS = {"A. Kata": "A", "B. Petikan": "B", "C. Nama": "C"}


@pytest.fixture(scope="module")
def file(kit, tmp_path_factory):
    path = tmp_path_factory.mktemp("lembar") / "lembar.xlsx"
    write_sheet_file(kit, kit.sheets[0], path)
    return path


@pytest.fixture(scope="module")
def book(file):
    return load_workbook(file)


def numbered(page):
    return [row for row in page.iter_rows(min_row=3) if row[0].value]


def test_instructions_come_first_and_one_part_after_another(book):
    assert book.sheetnames == ["Petunjuk", *PARTS]


def test_every_question_stands_once_with_its_texts(kit, book):
    sheet = kit.sheets[0]
    rows = {row[0].value: row for page in book.worksheets[1:] for row in numbered(page)}
    assert list(rows) == [question.number for question in sheet.questions]
    for question in sheet.questions:
        item = kit.item(question.item)
        if item.task in ("words", "passages"):
            shown = [cell.value for cell in rows[question.number][2 : 2 + len(item.texts)]]
            assert shown == [item.texts[place] for place in question.order]
        elif item.task == "fit":
            assert rows[question.number][3].value == item.texts[0]


def test_passages_to_name_stand_above_the_name(kit, book):
    page = book["C. Nama"]
    for row in numbered(page):
        if "." not in row[0].value:
            naming = kit.item(next(q.item for q in kit.sheets[0].questions if q.number == row[0].value))
            above = [page.cell(row[0].row - back, 4).value for back in (3, 2, 1)]
            assert sorted(above) == sorted(naming.texts)


def test_nothing_in_the_file_tells_what_the_machine_found(kit, file):
    with zipfile.ZipFile(file) as package:
        said = "\n".join(package.read(name).decode() for name in package.namelist())
    sources = {source for item in kit.items if item.task != "words" for source in item.sources if source}
    hidden = {*kit.themes.values(), *sources, *(item.id for item in kit.items), kit.run, "obvious", "random"}
    assert not [name for name in hidden if re.search(rf"\b{re.escape(name)}\b", said)]
    assert set(re.findall(r"<definedName name=\"(.*?)\"", said)) == {"_xlnm.Print_Titles"}
    assert not re.search(r"hidden=\"(1|true)\"|state=\"(hidden|veryHidden)\"", said)


def test_neither_place_nor_number_tells_a_control(kit_of):
    places = set()
    for seed in range(25):
        kit = kit_of(seed=seed)[0]
        kinds = [kit.item(q.item).kind for q in kit.sheets[0].questions if q.number.startswith("A")]
        places |= {place for place, kind in enumerate(kinds) if kind != "real"}
    assert places == set(range(12))


def test_only_answers_initials_and_remarks_are_open(book):
    first, *parts = book.worksheets
    open_cells = [cell for row in first.iter_rows() for cell in row if not cell.protection.locked]
    assert [first.cell(cell.row, 1).value for cell in open_cells] == [
        "Inisial Anda:",
        "Catatan (boleh kosong):",
    ]
    for page in parts:
        unlocked = {c.coordinate for row in page.iter_rows() for c in row if not c.protection.locked}
        assert unlocked == {f"B{row[0].row}" for row in numbered(page)}


def test_every_page_is_guarded_without_a_password(book):
    for page in book.worksheets:
        assert page.protection.sheet
        assert page.protection.password is None
        assert not page.protection.formatColumns  # "not protected": a rater may make columns wider


def test_answers_are_chosen_from_a_list(kit, book):
    for question in kit.sheets[0].questions:
        item = kit.item(question.item)
        page = book[next(name for name, letter in PARTS.items() if letter == question.number[0])]
        cell = next(f"B{row[0].row}" for row in numbered(page) if row[0].value == question.number)
        lists = [rule.formula1 for rule in page.data_validations.dataValidation if cell in rule.sqref]
        letters = ",".join("ABCDEF"[: len(item.texts)])
        assert lists == {"name": [], "fit": ['"0,1,2"']}.get(item.task, [f'"{letters}"'])


def test_heads_and_answers_do_not_scroll_away_and_texts_wrap(book):
    for page in book.worksheets[1:]:
        assert page.freeze_panes == "C3"
        for row in page.iter_rows(min_row=3, min_col=3):
            for cell in row:
                assert cell.alignment.wrap_text
                width = page.column_dimensions[cell.column_letter].width
                assert page.row_dimensions[cell.row].height >= 15 * (len(cell.value or "") / width)


def test_texts_that_look_like_formulas_stay_texts(kit, tmp_path):
    evil = ("=1+1", "+62", "-begitu", "@SUM(A1)", "\tmaju", "biasa\x07")
    item = Item("x", "words", "0", "real", evil, ("0",) * 6, 0)
    one = replace(kit, items=(item,), sheets=())

    sheets = make_sheets([item], [()], Drawer(np.random.default_rng(0)))
    path = tmp_path / "x.xlsx"
    write_sheet_file(one, sheets[0], path)
    page = load_workbook(path)["A. Kata"]
    cells = [cell for cell in page[3] if cell.column > 2]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not [cell.value for cell in cells if cell.value.startswith(("=", "+", "-", "@", "\t"))]


def test_english_sheets_are_english_throughout(kit_of, tmp_path):
    kit = kit_of(lang="en")[0]
    path = tmp_path / "sheet.xlsx"
    write_sheet_file(kit, kit.sheets[0], path)
    book = load_workbook(path)
    assert book.sheetnames == ["Instructions", "A. Words", "B. Passages", "C. Names"]
    texts = {text for item in kit.items if item.kind == "obvious" for text in item.texts}
    assert any("giraffes" in text.lower() for text in texts)
    assert not any("jerapah" in text.lower() for text in texts)


def test_a_sheets_code_is_a_hash_of_what_stands_on_it(kit):
    items = {item.id: item for item in kit.items}
    sheet = kit.sheets[0]
    assert sheet.code == sheet_code(sheet.questions, items, 1)
    assert re.fullmatch(r"[0-9A-F]{5}-[0-9A-F]{5}", sheet.code)
    name = sheet.questions[0].item
    other = items | {name: replace(items[name], texts=("lain", *items[name].texts[1:]))}
    assert sheet_code(sheet.questions, other, 1) != sheet.code
    assert sheet_code(sheet.questions, items, 2) != sheet.code


def test_raters_see_the_same_questions_in_orders_of_their_own(kit):
    a, b = kit.sheets
    assert {q.item for q in a.questions} - {q.item for q in b.questions} <= {
        item.id for item in kit.items if (item.task, item.kind) == ("fit", "obvious")
    }
    assert [q.item for q in a.questions] != [q.item for q in b.questions]
    for sheet in kit.sheets:
        shown = [kit.item(q.item) for q in sheet.questions]
        assert sum((item.task, item.kind) == ("fit", "obvious") for item in shown) == 1
