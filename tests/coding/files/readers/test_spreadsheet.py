"""Coded-segment tables as other tools export them and as people make them."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from kotaku_nlp.coding.files.readers.heads import mark_in
from kotaku_nlp.coding.files.readers.spreadsheet import read_spreadsheet
from kotaku_nlp.errors import CodingError, CorpusError
from kotaku_nlp.messages import say


def written(folder: Path, text: str, encoding: str = "utf-8", name: str = "rina.csv") -> Path:
    (folder / name).write_bytes(text.encode(encoding))
    return folder / name


def book(folder: Path, **sheets: list[list[Any]]) -> tuple[Workbook, Path]:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    workbook.save(folder / "rina.xlsx")
    return workbook, folder / "rina.xlsx"


def cells(path: Path, *columns: str) -> list[tuple[str, ...]]:
    return list(read_spreadsheet(path).coding.rows[list(columns)].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("head", "row"),
    [
        # NVivo, MAXQDA (English, German), ATLAS.ti (English, German), Taguette, by hand
        ("Source Name;Code Name;Coded Text;Coded By", "lurah.docx;Air;Airnya naik.;Rina"),
        (
            "Color;Document group;Document name;Code;Beginning;End;Weight score;Segment;Area;Author",
            ";Kota;lurah.docx;Air;12;14;0;Airnya naik.;20;Rina",
        ),
        ("Dokumentname;Code;Anfang;Ende;Segment;Autor", "lurah;Air;12;14;Airnya naik.;Rina"),
        (
            "ID;Document;Quotation Name;Quotation Content;Codes;Comment;Reference;Created by",
            "3:10;lurah.docx;Airnya;Airnya naik.;Air;;12 - 12;Rina",
        ),
        ("Dokument;Zitatinhalt;Kodes;Codes;Erstellt von", "lurah;Airnya naik.;;Air;Rina"),
        ("Berkas;Kutipan wawancara;Kode;Tema;Pengode", "lurah;Airnya naik.;Air;Lingkungan;Rina"),
        ("Dokumen;Pernyataan;Koding;Koder", "lurah;Airnya naik.;Air;Rina"),
    ],
)
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_heads_of_other_tools_are_understood(tmp_path: Path, head: str, row: str, delimiter: str) -> None:
    path = written(tmp_path, f"{head}\n{row}\n".replace(";", delimiter))
    found = cells(path, "transcript", "quote", "code", "coder")
    assert found == [("lurah", "Airnya naik.", "Air", "Rina")]
    assert read_spreadsheet(path).coding.rows["start"].isna().all()


def test_taguettes_highlights_one_row_a_tag(tmp_path: Path) -> None:
    text = "id,document,tag,content\n1,lurah.docx,air,Airnya naik.\n1,lurah.docx,dapur,Airnya naik.\n"
    assert [row[0] for row in cells(written(tmp_path, text), "code")] == ["air", "dapur"]


def test_excels_own_csv_in_indonesian(tmp_path: Path) -> None:
    text = "sep=;\r\nInforman;Kutipan;Kepercayaan;Rapat;Catatan\r\n"
    text += "lurah;“Kami rembug – tiap bulan”;1,0;0,0;cek\r\n;Airnya naik.;;x;\r\nrt17;Lurahnya ganti.;;;\r\n"
    path = written(tmp_path, text, "cp1252")
    found = read_spreadsheet(path)
    rows = found.coding.rows
    assert rows["transcript"].tolist() == ["lurah", "lurah", "rt17"]
    assert rows["code"].tolist() == ["Kepercayaan", "Rapat", ""]
    assert rows["quote"][0] == "“Kami rembug – tiap bulan”" and rows["place"][1] == "rina.csv, row 3"
    assert rows["coder"].tolist() == ["rina"] * 3
    keys = {problem.key: problem.params for problem in found.problems}
    assert keys["readers_columns_unread"] == {"columns": "Catatan"}
    assert keys["readers_document_above"]["count"] == 1
    assert keys["readers_counts"]["uncoded"] == 1 and keys["readers_counts"]["kept"] == 2


def test_a_mark_that_says_neither_is_left_out_with_its_place(tmp_path: Path) -> None:
    text = "transkrip,kutipan,air,rapat,No\nlurah,Airnya naik.,x,mungkin,1\nlurah,Kami rembug.,,1,2\n"
    found = read_spreadsheet(written(tmp_path, text))
    assert found.coding.rows["code"].tolist() == ["air", "rapat"]
    assert found.left == {"readers_mark_unclear": 1}
    problem = next(one for one in found.problems if one.key == "readers_mark_unclear")
    assert problem.where == "rina.csv, row 2" and "mungkin" in say(problem.key, **problem.params)


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("Air; Rapat", ["Air", "Rapat"]),
        ("Air\nRapat\nAir", ["Air", "Rapat"]),
        ("Air, Rapat", ["Air", "Rapat"]),  # both stand alone elsewhere
        ("Air, tanah", ["Air, tanah"]),  # "tanah" does not
        ("Proses > Rembug", ["Rembug"]),
        ("Proses\\\\Rembug", ["Rembug"]),
    ],
)
def test_several_codes_in_one_cell(tmp_path: Path, cell: str, codes: list[str]) -> None:
    rows = [
        ["document", "quote", "code"],
        ["lurah", "satu", cell],
        ["lurah", "dua", "Air"],
        ["x", "tiga", "Rapat"],
    ]
    path = book(tmp_path, Segmen=rows)[1]
    assert read_spreadsheet(path).coding.rows["code"].tolist()[: len(codes)] == codes


def test_merged_cells_and_hidden_rows_and_other_sheets(tmp_path: Path) -> None:
    rows = [["Hasil koding", None, None], ["Dokumen", "Kutipan", "Kode"], ["lurah", "satu", "Air"]]
    rows += [[None, "dua", "Rapat"], ["rt17", "tiga", 2024], [None, None, None], ["rt17", None, "Air"]]
    workbook, path = book(tmp_path, Koding=rows, Catatan=[["halo"]], Kosong=[])
    sheet = workbook["Koding"]
    sheet.merge_cells("A3:A4")
    sheet.merge_cells("A1:C1")
    sheet.row_dimensions[4].hidden = True
    workbook.save(path)
    found = read_spreadsheet(path)
    kept = found.coding.rows
    assert kept["transcript"].tolist() == ["lurah", "lurah", "rt17"]
    assert kept["code"].tolist() == ["Air", "Rapat", "2024"]
    assert kept["place"][0] == "rina.xlsx, sheet Koding row 3"
    keys = {problem.key: problem for problem in found.problems}
    assert keys["readers_hidden_rows"].params == {"count": 1, "rows": "4"}
    assert keys["readers_sheet_unread"].where == "rina.xlsx, Catatan"
    assert keys["readers_no_words"].where == "rina.xlsx, sheet Koding row 7"
    assert "readers_document_above" not in keys and found.left == {"readers_no_words": 1}


def test_without_a_document_the_sheet_names_it_and_says_so(tmp_path: Path) -> None:
    path = book(tmp_path, lurah=[["Kutipan", "Kode"], ["Airnya naik.", "Air"]])[1]
    found = read_spreadsheet(path)
    assert found.coding.rows["transcript"].tolist() == ["lurah"]
    assert "readers_no_document" in {problem.key for problem in found.problems}


def test_a_long_table_with_positions_and_turns(tmp_path: Path) -> None:
    text = "transcript,turn,start,end,code\nlurah,2,,,Air\nlurah,,5,9,Air\nlurah,dua,,,Air\nlurah,,5,,Air\n"
    found = read_spreadsheet(written(tmp_path, text))
    assert found.coding.rows["turn"].dropna().tolist() == [2]
    assert found.coding.rows["end"].dropna().tolist() == [9]
    assert found.left == {"readers_no_number": 1, "readers_no_words": 1}


@pytest.mark.parametrize("cell", ["00:01:02", "1.000", "hal. 3"])
def test_a_position_that_is_no_number_gives_way_to_the_quote(tmp_path: Path, cell: str) -> None:
    text = f"transkrip;mulai;end;kutipan;kode\nlurah;{cell};9;Airnya naik.;Air\nlurah;5,0;9;Lalu?;Air\n"
    found = read_spreadsheet(written(tmp_path, text))
    assert found.coding.rows["quote"].tolist() == ["Airnya naik.", "Lalu?"] and found.left == {}
    assert found.coding.rows[["start", "end"]].isna().all(axis=1).tolist() == [True, False]
    problem = next(problem for problem in found.problems if problem.key == "readers_number_ignored")
    told = {"count": 1, "column": "mulai", "value": cell, "rows": "2"}
    assert problem.level == "notice" and problem.params == told


def test_memos_beside_codings_are_kept(tmp_path: Path) -> None:
    path = written(tmp_path, "transkrip,kutipan,kode,memo\nlurah,Airnya naik.,Air,cek lagi\n")
    assert cells(path, "code", "memo") == [("Air", "cek lagi")]
    assert "readers_columns_unread" not in {problem.key for problem in read_spreadsheet(path).problems}


def respread(path: Path, element: str) -> Path:
    """Put an element into the sheet of a workbook, as no program would."""
    with ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b"</sheetData>", b"</sheetData>" + element.encode())
    with ZipFile(path, "w") as new:
        for name, data in parts.items():
            new.writestr(name, data)
    return path


def test_a_drawing_with_a_document_type_is_none_of_our_business(tmp_path: Path) -> None:
    path = book(tmp_path, lurah=[["Kutipan", "Kode"], ["Airnya naik.", "Air"]])[1]
    with ZipFile(path, "a") as package:
        for name, start in (("a", "<!DOCTYPE svg>"), ("b", '<!DOCTYPE svg [<!ENTITY x "y">]>'), ("c", "")):
            package.writestr(f"xl/media/{name}.svg", f"{start}<svg>" + "</svg>" * (name != "c"))
    assert cells(path, "code") == [("Air",)]


@pytest.mark.parametrize(
    "element",
    [
        '<mergeCells count="1"><mergeCell ref="A3:XFD1048576"/></mergeCells>',
        '<mergeCells count="2"><mergeCell ref="A3:E100002"/><mergeCell ref="F3:J100003"/></mergeCells>',
        '<hyperlinks><hyperlink ref="A3:XFD1048576" location="A1"/></hyperlinks>',
    ],
)
def test_ranges_that_would_fill_the_memory_are_refused(tmp_path: Path, element: str) -> None:
    path = respread(book(tmp_path, lurah=[["Kutipan", "Kode"], ["Airnya naik.", "Air"]])[1], element)
    with pytest.raises(CorpusError) as caught:
        read_spreadsheet(path)
    assert caught.value.key == "readers_merged" and caught.value.params["n"] > 1_000_000


def test_cells_that_were_guarded_against_formulas_come_back(tmp_path: Path) -> None:
    path = written(tmp_path, "transcript,quote,code\nlurah,'-- diam --,Air\n")
    assert cells(path, "quote") == [("-- diam --",)]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "coding_empty"),
        ("a,b\n1,2\n", "readers_no_table"),
        ("transkrip,kutipan\nx,y\n", "readers_no_table"),
    ],
)
def test_what_is_no_coding_table_is_refused(tmp_path: Path, text: str, key: str) -> None:
    with pytest.raises(CodingError) as caught:
        read_spreadsheet(written(tmp_path, text))
    assert caught.value.key == key


def test_a_damaged_workbook_is_no_stack_trace(tmp_path: Path) -> None:
    (tmp_path / "rina.xlsx").write_bytes(b"PK\x03\x04rusak")
    with pytest.raises(CorpusError):
        read_spreadsheet(tmp_path / "rina.xlsx")
    with pytest.raises(CodingError, match="not there"):
        read_spreadsheet(tmp_path / "hilang.csv")


@pytest.mark.parametrize(
    ("cell", "mark"),
    [("1", True), ("1,00", True), ("X", True), ("ya", True), ("✓", True), ("0", False), ("0.0", False),
     (" ", False), ("tidak", False), ("2", None), ("0,75", None), ("mungkin", None)],
)  # fmt: skip
def test_marks(cell: str, mark: bool | None) -> None:
    assert mark_in(cell) is mark


def test_a_stray_cell_far_away_and_a_hidden_sheet(tmp_path: Path) -> None:
    workbook, path = book(tmp_path, lurah=[["Kutipan", "Kode"], ["Airnya naik.", "Air"]])
    workbook["lurah"].cell(200_000, 5, "x")
    workbook.create_sheet("depan")
    workbook["lurah"].sheet_state = "hidden"
    workbook.save(path)
    found = read_spreadsheet(path)
    assert found.coding.rows["code"].tolist() == ["Air"]
    assert found.left == {"readers_no_words": 1}
    hidden = next(problem for problem in found.problems if problem.key == "readers_hidden_rows")
    assert hidden.params["rows"] == "2, 200000"
