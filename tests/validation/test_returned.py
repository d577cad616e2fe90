"""Sheets that come back: moved, renamed, re-saved, mixed up; what cannot be used is named with its row."""

from __future__ import annotations

import shutil

import pytest

from kotaku_nlp.errors import KotakuError
from kotaku_nlp.validation.returned import read_returned


def keys(read):
    return [problem.key for problem in read.problems]


def right(kit, sheet):
    return {
        q.item: kit.item(q.item).right if kit.item(q.item).task != "name" else "nama" for q in sheet.questions
    }


def test_a_filled_sheet_is_read(kit, fill, knowing):
    read = read_returned([fill(kit, answers=knowing)], [kit])
    assert read.problems == ()
    assert read.kit == kit
    (back,) = read.sheets
    assert (back.rater, back.file, back.sheet) == ("AB", "lembar.xlsx", kit.sheets[0])
    assert back.answers == right(kit, kit.sheets[0])


def test_blanks_are_no_answers(kit, fill):
    (back,) = read_returned([fill(kit, answers={"A1": "B", "A2": None, "A3": "-"})], [kit]).sheets
    assert list(back.answers) == [kit.sheets[0].questions[0].item]


def test_a_blank_sheet_and_missing_initials_are_said(kit, fill):
    read = read_returned([fill(kit, initials=None, name="kosong.xlsx")], [kit])
    assert sorted(keys(read)) == ["validation_blank", "validation_no_initials"]
    assert read.sheets[0].rater == "kosong"


def moved(book):
    """What people do to a sheet: a column in front, one behind, rows above, another order, another name."""
    page = book["A. Kata"]
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=3)]
    for row, values in enumerate(reversed(rows), start=3):
        for column, value in enumerate(values, start=1):
            page.cell(row, column).value = value
    page.cell(2, 12).value, page.cell(5, 12).value = "catatan saya", "sulit!"
    page.insert_cols(1)
    page.insert_rows(1, 2)
    page.title = "Kata (sudah)"
    book.create_sheet("coretan", 0)["A1"] = "A1"
    del book["Petunjuk"]


def test_moved_rows_and_columns_change_nothing(kit, fill, knowing):
    read = read_returned([fill(kit, answers=knowing, change=moved)], [kit])
    assert keys(read) == ["validation_no_initials"]
    assert read.sheets[0].answers == right(kit, kit.sheets[0])


def test_a_text_that_was_overwritten_is_not_counted(kit, fill, knowing):
    def change(book):
        book["A. Kata"]["C4"] = "lain"

    read = read_returned([fill(kit, answers=knowing, change=change)], [kit])
    (problem,) = read.problems
    assert (problem.key, problem.level) == ("validation_row_changed", "error")
    assert problem.where == "lembar.xlsx, A. Kata row 4"
    assert problem.params == {"number": "A2"}
    assert len(read.sheets[0].answers) == len(kit.sheets[0].questions) - 1


def test_an_answer_that_means_nothing_is_named_and_the_rest_counts(kit, fill):
    read = read_returned([fill(kit, answers={"A1": "Z9", "A2": "B", "C1.1": "5"})], [kit])
    assert keys(read) == ["validation_row_unclear"] * 2
    assert read.problems[0].where.endswith("row 3")
    assert read.problems[0].params["choices"] == "A, B, C, D, E, F"
    assert read.problems[1].params["choices"] == "0, 1, 2"
    assert len(read.sheets[0].answers) == 1


def test_a_question_that_stands_twice_counts_if_both_say_the_same(kit, fill):
    def twice(answer):
        def change(book):
            page = book["A. Kata"]
            for column, cell in enumerate(page[3], start=1):
                page.cell(40, column).value = cell.value
            page.cell(40, 2).value = answer

        return change

    same = read_returned([fill(kit, answers={"A1": "B"}, change=twice("b"))], [kit])
    assert (keys(same), len(same.sheets[0].answers)) == ([], 1)
    other = read_returned([fill(kit, answers={"A1": "B", "A2": "A"}, change=twice("C"))], [kit])
    assert (keys(other), len(other.sheets[0].answers)) == (["validation_row_twice"], 1)


def test_an_answer_beside_an_unknown_number_is_named(kit, fill):
    def change(book):
        book["A. Kata"]["A40"], book["A. Kata"]["B40"] = "A77", "B"

    read = read_returned([fill(kit, answers={"A1": "B"}, change=change)], [kit])
    assert keys(read) == ["validation_row_unknown"]


def test_a_sheet_of_another_run_is_told_apart(kit, kit_of, fill, knowing):
    other = kit_of(seed=5)[0]
    read = read_returned([fill(other, answers=knowing)], [kit])
    (problem,) = read.problems
    assert (problem.key, problem.where, problem.level) == ("validation_other_run", "lembar.xlsx", "error")
    assert problem.params["code"] == other.sheets[0].code
    assert read.sheets == ()


def test_sheets_of_two_sets_are_not_mixed(kit, kit_of, fill, knowing):
    other = kit_of(seed=5)[0]
    paths = [fill(other, answers=knowing, name="a.xlsx"), fill(kit, answers=knowing, name="b.xlsx"),
             fill(kit, 1, knowing, "CD", "c.xlsx")]  # fmt: skip
    read = read_returned(paths, [kit, other])
    assert read.kit == kit
    assert [(p.key, p.where) for p in read.problems] == [("validation_other_set", "a.xlsx")]


def test_a_workbook_without_a_code_or_with_two_is_refused(kit, fill, knowing):
    def erase(book):
        for page in book.worksheets:
            for row in page.iter_rows():
                for cell in row:
                    cell.value = None if cell.value == kit.sheets[0].code else cell.value

    def mix(book):
        book["A. Kata"]["Z1"] = kit.sheets[1].code

    paths = [
        fill(kit, 0, knowing, name="a.xlsx", change=erase),
        fill(kit, 0, knowing, name="b.xlsx", change=mix),
    ]
    read = read_returned(paths, [kit])
    assert [(p.key, p.where) for p in read.problems] == [
        ("validation_no_code", "a.xlsx"), ("validation_mixed", "b.xlsx"),
    ]  # fmt: skip


def test_two_raters_with_the_same_initials_are_kept_apart(kit, fill, knowing):
    paths = [fill(kit, 0, knowing, "ab", "x.xlsx"), fill(kit, 1, knowing, "A.B.", "y.xlsx")]
    read = read_returned(paths, [kit])
    assert keys(read) == ["validation_same_initials"] * 2
    assert sorted(sheet.rater for sheet in read.sheets) == ["A.B. (y.xlsx)", "ab (x.xlsx)"]


def test_initials_that_begin_alike_are_not_the_same(kit, fill, knowing):
    paths = [fill(kit, 0, knowing, "AB", "x.xlsx"), fill(kit, 1, knowing, "ABC", "y.xlsx")]
    read = read_returned(paths, [kit])
    assert ([sheet.rater for sheet in read.sheets], keys(read)) == (["AB", "ABC"], [])


def test_the_same_initials_in_files_of_the_same_name_are_kept_apart(kit, fill, knowing, tmp_path):
    paths = [fill(kit, 0, knowing, name="x/lembar.xlsx"), fill(kit, 1, knowing, name="y/lembar.xlsx")]
    names = [sheet.rater for sheet in read_returned(paths, [kit]).sheets]
    assert names == ["AB (lembar.xlsx)", "AB (lembar.xlsx) 2"]


def test_a_copy_is_counted_once(kit, fill, knowing, tmp_path):
    path = fill(kit, 0, knowing)
    copy = shutil.copy(path, tmp_path / "salinan.xlsx")
    read = read_returned([path, tmp_path / copy], [kit])
    assert keys(read) == ["validation_twice"]
    assert len(read.sheets) == 1


def test_the_order_of_files_changes_nothing(kit, fill, knowing):
    paths = [fill(kit, 0, knowing, "CD", "1.xlsx"), fill(kit, 1, knowing, "AB", "2.xlsx")]
    assert read_returned(paths, [kit]) == read_returned(paths[::-1], [kit])


def test_a_folder_gives_its_workbooks(kit, fill, knowing, tmp_path):
    fill(kit, 0, knowing)
    (tmp_path / "~$lembar.xlsx").write_bytes(b"x")
    (tmp_path / "surat.docx").write_bytes(b"x")
    read = read_returned([tmp_path], [kit])
    assert (len(read.sheets), read.problems) == (1, ())


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [("tiada.xlsx", None, "validation_missing"), ("a.ods", b"PK", "validation_not_workbook"),
     ("rusak.xlsx", b"bukan zip", "reading_damaged")],
)  # fmt: skip
def test_a_file_that_is_no_sheet_is_named(kit, fill, knowing, tmp_path, name, content, key):
    if content:
        (tmp_path / name).write_bytes(content)
    read = read_returned([tmp_path / name, fill(kit, 0, knowing)], [kit])
    assert keys(read) == [key]
    assert name in read.problems[0].where
    assert len(read.sheets) == 1


def test_nothing_to_read_is_no_error(kit):
    read = read_returned([], [kit])
    assert (read.kit, read.sheets, read.problems) == (None, (), ())


def test_every_reason_is_worded(kit, fill, tmp_path):
    """What was found can be said, in both languages."""
    read = read_returned([fill(kit, answers={"A1": "Z9"}, initials=""), tmp_path / "tiada.xlsx"], [kit])
    for problem in read.problems:
        for lang in ("id", "en"):
            assert KotakuError(problem.key, problem.where, **problem.params).render(lang)
