"""Codebooks of other tools: whatever file they come in, `load_codebook` reads what is written."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from kotaku_nlp.coding.files.code_tree import Entry, book_of, lifted, path_ids, plain_ids, renamed, tree
from kotaku_nlp.coding.files.codebook import import_codebook, load_codebook, write_imported
from kotaku_nlp.errors import CodebookError
from kotaku_nlp.messages import say
from kotaku_nlp.records import Codebook

QDC = """<?xml version="1.0"?><CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="alat uji"><Codes>
<Code guid="00000000-0000-0000-0000-000000000001" name="Proses" isCodable="false">
<Code guid="00000000-0000-0000-0000-000000000002" name="Dialog" isCodable="true">
<Description>Tatap muka.</Description></Code></Code>
<Code guid="00000000-0000-0000-0000-000000000003" name="Hasil" isCodable="true">
<Code guid="00000000-0000-0000-0000-000000000004" name="Dialog" isCodable="true"/></Code>
</Codes><Sets/></CodeBook>"""  # fmt: skip


def shown(book: Codebook) -> list[tuple[str, str | None, str]]:
    return [(d.id, d.parent, d.text("id")) for d in book.dimensions]


def written(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Codebook:
    """Import a file of this text, write it, and read what was written."""
    (folder / name).write_text(text, encoding)
    target, found = write_imported(folder / name)
    book = load_codebook(target)
    assert book == found.codebook
    return book


def test_a_refi_codebook_keeps_its_tree_and_tells_twins_apart(tmp_path: Path) -> None:
    book = written(tmp_path, "kode.qdc", QDC)
    assert shown(book) == [
        ("Proses", None, "Proses"), ("Proses / Dialog", "Proses", "Tatap muka."),
        ("Hasil", None, "Hasil"), ("Hasil / Dialog", "Hasil", "Dialog"),
    ]  # fmt: skip
    assert {d.name("id") for d in book.dimensions} == {"Proses", "Dialog", "Hasil"}
    told = {problem.key for problem in import_codebook(tmp_path / "kode.qdc").problems}
    assert {"refi_no_definition", "refi_twin_names"} <= told


def test_a_table_from_an_indonesian_excel(tmp_path: Path) -> None:
    head = "No;Kategori;Kode;Definisi Operasional;Contoh\n"
    text = f"{head}1;Proses;Dialog;Tatap muka;duduk bareng\n2;;Percaya;;\n"
    book = written(tmp_path, "buku kode.csv", text, "cp1252")
    assert shown(book) == [
        ("Proses", None, "Proses"), ("Dialog", "Proses", "Tatap muka"), ("Percaya", "Proses", "Percaya"),
    ]  # fmt: skip
    assert book.dimensions[1].examples == ("duduk bareng",) and book.id == "buku_kode"
    problems = {p.key: p for p in import_codebook(tmp_path / "buku kode.csv").problems}
    assert problems["codebook_import_bare"].params == {"n": 2, "names": "Proses, Percaya"}
    assert problems["codebook_import_unread"].params == {"columns": "No"}


def test_taguette_and_maxqda_and_a_parent_column(tmp_path: Path) -> None:
    book = written(tmp_path, "t.csv", 'tag,description,number of highlights\nproses.air,"naik, turun",3\n')
    assert shown(book) == [("proses.air", None, "naik, turun")]
    book = written(tmp_path, "m.csv", "Code,Memo\nProses > Dialog,muka\nProses\\Percaya,yakin\nProses,cara\n")
    assert shown(book) == [
        ("Proses", None, "cara"), ("Dialog", "Proses", "muka"), ("Percaya", "Proses", "yakin"),
    ]  # fmt: skip
    book = written(tmp_path, "p.csv", "name,parent,description\nA,,satu\nB,A,dua\nC,B,tiga\n")
    assert shown(book) == [("A", None, "satu"), ("B", "A", "dua"), ("C", "B", "tiga")]


def test_a_workbook_with_a_sheet_that_is_no_codebook(tmp_path: Path) -> None:
    made = Workbook()
    made.worksheets[0].append(["Buku kode penelitian"])
    made.worksheets[0].append(["Tema", "Definition"])
    for row in (["Air", "airnya naik"], [None, "tanpa nama"], ["Air", "lagi"], ["Rembug", "'=1+1"]):
        made.worksheets[0].append(row)
    made.create_sheet("Catatan").append(["hanya catatan"])
    made.save(tmp_path / "kode.xlsx")
    found = import_codebook(tmp_path / "kode.xlsx")
    assert shown(found.codebook) == [("Air", None, "airnya naik"), ("Rembug", None, "=1+1")]
    errors = [(p.key, p.where) for p in found.problems if p.level == "error"]
    assert errors == [
        ("codebook_import_no_name", "kode.xlsx, sheet Sheet, row 4, column Tema"),
        ("codebook_import_twice", "kode.xlsx, sheet Sheet, row 5, column Tema"),
    ]  # fmt: skip
    assert all(say(p.key, "id", **p.params) != say(p.key, "en", **p.params) for p in found.problems)


@pytest.mark.parametrize(
    ("name", "text", "key"),
    [
        ("a.pdf", "x", "codebook_import_suffix"),
        ("a.csv", "nomor,umur\n1,2\n", "codebook_import_no_codes"),
        ("a.csv", "kode,definisi\n", "codebook_import_no_codes"),
    ],
)
def test_what_is_no_codebook_is_refused(tmp_path: Path, name: str, text: str, key: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(CodebookError) as caught:
        import_codebook(tmp_path / name)
    assert caught.value.key == key
    with pytest.raises(CodebookError):
        import_codebook(tmp_path / "tidak-ada.qdc")


def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "kode.yaml").write_text("milik saya", "utf-8")
    (tmp_path / "kode.qdc").write_text(QDC, "utf-8")
    with pytest.raises(CodebookError) as caught:
        write_imported(tmp_path / "kode.qdc")
    assert caught.value.key == "codebook_import_there"
    assert (tmp_path / "kode.yaml").read_text("utf-8") == "milik saya"
    target, _ = write_imported(tmp_path / "kode.qdc", tmp_path / "lain.yaml")
    assert load_codebook(target).id == "kode"


def test_ids_survive_every_table() -> None:
    assert plain_ids(["a, b", "a", "b"]) == ["a · b", "a", "b"]
    assert plain_ids(["a, c", "a"]) == ["a, c", "a"]
    assert plain_ids(["  ", "kode", "Kode", "out_of_framework"]) == [
        "kode", "kode (2)", "Kode (3)", "out_of_framework (2)",
    ]  # fmt: skip


def test_a_tree_has_every_parent_once_and_in_front() -> None:
    codes = tree([Entry(("A", "B", "C"), "tiga"), Entry(("A",), "satu"), Entry(("A",), "lagi")])
    assert [(path, entry.definition) for path, entry in codes.items()] == [
        (("A",), "satu"), (("A", "B"), ""), (("A", "B", "C"), "tiga"),
    ]  # fmt: skip


def test_used_codes_become_leaves_and_groups_stay_above() -> None:
    codes = tree([Entry(("A", "B", "C")), Entry(("A", "D"))])
    book, opened = lifted(book_of("x", codes, path_ids(codes)), {"B", "D"})
    assert opened == ("B",) and {d.id: d.parent for d in book.dimensions} == {
        "A": None, "B": "A", "C": "A", "D": "A",
    }  # fmt: skip


def test_a_shipped_id_stays_with_the_shipped_codebook() -> None:
    book, _ = renamed(load_codebook("aspects"))
    assert book.id == "aspects_impor"


HEAD = ("kode", "nama", "definisi", "indikator", "termasuk", "tidak termasuk", "contoh", "induk")
ROWS = (
    ("K1", "Proses", "Jalannya kerja bersama.", "", "", "", "", ""),
    ("K1.1", "Dialog, tatap muka", "Orang bertemu langsung.", "duduk bareng; rapat di balai; tidak diundang",
     "juga tidak bertemu", "surat", "Kami kumpul malam itu; sampai subuh.", "K1"),
    ("K1.2", "Percaya", "Percaya atau curiga.", "1. uangnya dibuka\n2. kami curiga", "", "", "", "Proses"),
)  # fmt: skip


def csv_of(rows: Sequence[Sequence[str]], delimiter: str) -> str:
    text = StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252"])
def test_a_codebook_as_a_table_of_ones_own(tmp_path: Path, delimiter: str, encoding: str) -> None:
    (tmp_path / "skripsi.csv").write_text(csv_of([HEAD, *ROWS], delimiter), encoding)
    book = load_codebook(tmp_path / "skripsi.csv")
    dialogue, trust = book.leaves
    assert [d.id for d in book.dimensions] == ["K1", "K1.1", "K1.2"]
    assert (dialogue.parent, trust.parent) == ("K1", "K1") and dialogue.name("id") == "Dialog, tatap muka"
    assert dialogue.indicators["id"] == ("duduk bareng", "rapat di balai", "tidak diundang")
    assert trust.indicators["id"] == ("uangnya dibuka", "kami curiga")
    assert (dialogue.include["id"], dialogue.exclude["id"]) == ("juga tidak bertemu", "surat")
    assert dialogue.examples == ("Kami kumpul malam itu; sampai subuh.",)


def test_the_same_table_as_a_workbook_and_in_english(tmp_path: Path) -> None:
    head = ("id", "label", "definition", "indicators", "include", "exclude", "examples", "parent")
    made = Workbook()
    for row in (head, *ROWS):
        made.worksheets[0].append(row)
    made.save(tmp_path / "skripsi.xlsx")
    (tmp_path / "skripsi.csv").write_text(csv_of([HEAD, *ROWS], ";"), "utf-8")
    ours, other = load_codebook(tmp_path / "skripsi.csv"), load_codebook(tmp_path / "skripsi.xlsx")
    assert replace(ours, source="") == replace(other, source="")


def test_indicators_stay_codes_where_nothing_else_names_the_codes(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("dimensi;indikator;definisi\nProses;Dialog;Tatap muka.\n", "utf-8")
    assert [leaf.id for leaf in load_codebook(tmp_path / "a.csv").leaves] == ["Dialog"]


def test_a_parent_may_stand_below_its_child_and_a_grandparent_anywhere(tmp_path: Path) -> None:
    text = "nama,induk,definisi\nC,B,tiga\nB,A,dua\nA,,satu\n"
    (tmp_path / "a.csv").write_text(text, "utf-8")
    assert {d.id: d.parent for d in load_codebook(tmp_path / "a.csv").dimensions} == {
        "C": "B", "B": "A", "A": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "key", "place"),
    [
        ("kode,nama,definisi\nK1,A,a\nk1,B,b\n", "codebook_table_id_twice", "row 3, column kode"),
        ("kode,nama,definisi\nK>1,A,a\n", "codebook_table_id_unusable", "row 2, column kode"),
        ("nama,induk,definisi\nA,B,a\nB,A,b\n", "codebook_table_circle", "row 2, column induk"),
        ("nama,definisi\nA,a\n,b\n", "codebook_import_no_name", "row 3, column nama"),
        ("nama,definisi\nA,a\nA,b\n", "codebook_import_twice", "row 3, column nama"),
    ],
)
def test_what_a_table_gets_wrong_is_named_with_row_column_and_cure(
    tmp_path: Path, text: str, key: str, place: str
) -> None:
    (tmp_path / "a.csv").write_text(text, "utf-8")
    with pytest.raises(CodebookError) as caught:
        load_codebook(tmp_path / "a.csv")
    assert (caught.value.key, caught.value.where) == (key, f"a.csv, {place}")
    assert caught.value.render("id") != caught.value.render("en")


def test_a_parent_without_a_row_is_told_with_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("nama,induk,definisi\nProses,,p\nDialog,Prosess,d\n", "utf-8")
    told = {p.key: p for p in import_codebook(tmp_path / "a.csv").problems}["codebook_table_new_parent"]
    assert told.params == {"parent": "Prosess", "nearest": "proses"}
    assert told.where == "a.csv, row 3, column induk" and told.level == "notice"


def test_a_name_that_is_another_codes_id_gets_one_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("kode,nama,definisi\nA,B,satu\n,A,dua\n", "utf-8")
    assert [d.id for d in load_codebook(tmp_path / "a.csv").dimensions] == ["A", "A (2)"]


def test_names_yaml_and_refi_files_open_in_the_same_way(tmp_path: Path) -> None:
    (tmp_path / "kode.qdc").write_text(QDC, "utf-8")
    assert load_codebook(tmp_path / "kode.qdc") == import_codebook(tmp_path / "kode.qdc").codebook
    assert load_codebook("aspects").id == "aspects"
    with pytest.raises(CodebookError) as caught:
        load_codebook(tmp_path / "tidak-ada.csv")
    assert caught.value.key == "codebook_unknown"
