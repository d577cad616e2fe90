"""Tables: rows of talk become labelled blocks, other tables plain cells."""

from __future__ import annotations

import csv
import zipfile
from datetime import datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from kotaku_nlp.corpus.readers.heads import role_of


def written(folder, content, name="w.csv", encoding="utf-8"):
    path = folder / name
    path.write_text(content, encoding=encoding, newline="")
    return path


def workbook(folder, *sheets):
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path = folder / "w.xlsx"
    book.save(path)
    return path


TALK = [
    ["No", "Waktu", "Pembicara", "Ucapan", "Koding"],
    ["1", "00:00:05", "Pewawancara", 'Siapa, "Bapak" atau Ibu?', ""],
    ["2", "00:00:09", "Informan 3:", "Kami, warga;\nRT juga", "partisipasi"],
    ["3", "", "", "sampai malam", ""],
]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_csv_of_talk(tmp_path, read, delimiter, encoding):
    path = tmp_path / "w.csv"
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows(TALK)
    source, texts = read(path)
    assert texts == [
        'Pewawancara: Siapa, "Bapak" atau Ibu?', "Informan 3: Kami, warga;\nRT juga", "sampai malam",
    ]  # fmt: skip
    assert [block.speaker for block in source.blocks] == ["Pewawancara", "Informan 3", None]
    assert [block.time for block in source.blocks] == ["00:00:05", "00:00:09", None]
    first = source.blocks[0]
    assert source.text[first.said : first.end] == 'Siapa, "Bapak" atau Ibu?'
    assert (first.kind, first.table, first.row, first.column, first.locator) == ("cell", 1, 2, 4, "row 2")
    assert source.metadata == {"columns_not_read": "Koding"}


def test_commas_without_quotes_and_rows_above_the_head(tmp_path, read):
    content = "Transkrip wawancara,\nInforman,Pak Darwis\nspeaker,text\nI1,Kami rapat, lalu sepakat, begitu\n"
    _, texts = read(written(tmp_path, content))
    assert texts == ["Transkrip wawancara", "Informan", "Pak Darwis", "I1: Kami rapat, lalu sepakat, begitu"]


def test_excel_hint_heading_rows_and_silence(tmp_path, read):
    content = "sep=;\nlabel;isi\nBagian dua: saat pembangunan jalan;\nP;Lalu?\nI;\n"
    assert read(written(tmp_path, content))[1] == ["Bagian dua: saat pembangunan jalan", "P: Lalu?"]


def test_one_column_is_not_split_at_commas(tmp_path, read):
    content = 'Kami, warga, ikut.\nYa.\n"Sudah, Pak."\nNanti, insyaallah.\n'
    assert read(written(tmp_path, content))[1] == [
        "Kami, warga, ikut.", "Ya.", "Sudah, Pak.", "Nanti, insyaallah.",
    ]  # fmt: skip


def test_question_and_answer_columns(tmp_path, read):
    content = "No;Pertanyaan;Jawaban Informan (J)\n1;Siapa diundang?;Semua RT.\n2;Swasta?;\n"
    source, texts = read(written(tmp_path, content))
    assert texts == ["Siapa diundang?", "Semua RT.", "Swasta?"]
    assert [block.speaker for block in source.blocks] == ["Pertanyaan", "Jawaban Informan (J)", "Pertanyaan"]
    assert [(block.row, block.column) for block in source.blocks] == [(2, 2), (2, 3), (3, 2)]


def test_many_informants_in_one_table_of_answers(tmp_path, read):
    content = "informan,pertanyaan,jawaban\nBu Lurah,Siapa ikut?,Semua\nPak RT,Siapa ikut?,Tidak tahu\n"
    source, texts = read(written(tmp_path, content))
    assert texts == ["Siapa ikut?", "Bu Lurah: Semua", "Siapa ikut?", "Pak RT: Tidak tahu"]
    assert [block.speaker for block in source.blocks] == ["pertanyaan", "Bu Lurah", "pertanyaan", "Pak RT"]


def test_pewawancara_and_informan_as_columns(tmp_path, read):
    source, texts = read(written(tmp_path, "pewawancara,informan\nSiapa?,Kami.\n"))
    assert texts == ["Siapa?", "Kami."]
    assert [block.speaker for block in source.blocks] == ["pewawancara", "informan"]


def test_unknown_heads_give_plain_cells(tmp_path, read):
    source, texts = read(written(tmp_path, "umur,desa\n45,Legok\n,Danau Sipin\n"))
    assert texts == ["umur", "desa", "45", "Legok", "Danau Sipin"]
    assert [(block.row, block.column) for block in source.blocks] == [(1, 1), (1, 2), (2, 1), (2, 2), (3, 2)]
    assert {block.speaker for block in source.blocks} == {None}


def test_talk_without_heads_is_not_taken_for_heads(tmp_path, read):
    content = "Pewawancara;Apa isi rapat itu?\nInforman;Isi rapatnya jalan.\n"
    assert read(written(tmp_path, content))[1] == [
        "Pewawancara", "Apa isi rapat itu?", "Informan", "Isi rapatnya jalan.",
    ]  # fmt: skip


def test_an_interview_in_one_cell(tmp_path, read):
    long = "Kami rapat lagi. " * 20_000
    before = csv.field_size_limit()
    assert read(written(tmp_path, f'label,teks\nI,"{long}"\n'))[1] == [f"I: {long.strip()}"]
    assert csv.field_size_limit() == before


def test_whisper_tsv(tmp_path, read):
    source, texts = read(written(tmp_path, "start\tend\ttext\n0\t1200\tHalo, Pak.\n", name="w.tsv"))
    assert texts == ["Halo, Pak."] and source.blocks[0].time == "0"


def test_workbook_of_several_sheets(tmp_path, read):
    path = workbook(
        tmp_path,
        (
            "Wawancara 1",
            [["Speaker", "Text", "Time"], ["P", "Berapa KK?\nSekarang?", time(0, 1, 5)], ["I", 120]],
        ),
        ("Data", [["umur", 45.0], ["luas", 2.5], ["tanggal", datetime(2019, 7, 1)], ["hadir", True]]),
        ("Kosong", []),
    )
    source, texts = read(path)
    assert texts == [
        "P: Berapa KK?\nSekarang?", "I: 120", "umur", "45", "luas", "2.5", "tanggal", "2019-07-01",
        "hadir", "TRUE",
    ]  # fmt: skip
    assert source.blocks[0].time == "00:01:05"
    assert source.blocks[0].locator == "sheet Wawancara 1 row 2"
    assert source.blocks[2].locator == "sheet Data row 1 column 1"
    assert [block.table for block in source.blocks][:3] == [1, 1, 2]


def test_formulas_read_as_values_or_else_shown(tmp_path, read):
    path = workbook(tmp_path, ("Data", [["luas", "=1+1"], ["lain", "=2+2"]]))
    computed = tmp_path / "dihitung.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(computed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                assert b"<f>1+1</f><v/>" in content or b"<f>1+1</f><v></v>" in content
                content = content.replace(b"<f>1+1</f><v/>", b"<f>1+1</f><v>2</v>")
                content = content.replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>")
            new.writestr(name, content)
    assert read(computed)[1] == ["luas", "2", "lain", "=2+2"]


def test_one_column_under_a_title(tmp_path, read):
    path = workbook(tmp_path, ("Lembar", [["TRANSKRIP WAWANCARA"], ["P: Lalu?"], ["I: Jalan."]]))
    assert read(path)[1] == ["TRANSKRIP WAWANCARA", "P: Lalu?", "I: Jalan."]


def test_workbook_without_styles_reads_in_silence(tmp_path, read):
    path, bare = workbook(tmp_path, ("Lembar", [["P: Lalu?"]])), tmp_path / "polos.xlsx"
    sheet = '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(bare, "w") as new:
        for name in old.namelist():
            new.writestr(name, sheet if name.endswith("styles.xml") else old.read(name))
    assert read(bare)[1] == ["P: Lalu?"]


def test_merged_cells_stand_once_and_far_cells_are_found(tmp_path, read):
    book = Workbook()
    sheet = book.active
    sheet["A1"] = "Catatan lapangan"
    sheet.merge_cells("A1:D1")
    sheet["Z5000"] = "jauh"
    path = tmp_path / "w.xlsx"
    book.save(path)
    source, texts = read(path)
    assert texts == ["Catatan lapangan", "jauh"]
    assert (source.blocks[1].row, source.blocks[1].column) == (5000, 26)


@pytest.mark.parametrize(
    ("head", "role"),
    [
        ("Pembicara", "speaker"), ("NAMA INFORMAN", "speaker"), ("speaker_label", "speaker"),
        ("P/J", "speaker"),
        ("Uraian", "text"), ("Isi Wawancara", "text"), ("Waktu (menit)", "time"), ("start_time", "time"),
        ("Pertanyaan Peneliti", "question"), ("Jawaban Informan (J)", "answer"), ("No.", "turn"),
        ("Selesai", "aside"), ("Umur", None), ("Apa isi rapat itu?", None), ("", None), ("(P)", None),
    ],
)  # fmt: skip
def test_heads(head, role):
    assert role_of(head) == role


CELLS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn")) | st.sampled_from("\r\n\t,;\"'🙏\u0301\xa0"),
    max_size=20,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5), st.sampled_from([",", ";", "\t"]))
def test_any_csv_comes_back(tmp_path_factory, read, rows, delimiter):
    path = tmp_path_factory.mktemp("any") / "w.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows([("speaker", "text"), *rows, ("P", "akhir")])
    _, texts = read(path)
    assert texts[-1] == "P: akhir"
    said = "\n".join(texts)
    for _, text in rows:
        for line in text.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n"):
            assert line in said or not any(map(str.isalnum, line))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.lists(CELLS.filter(lambda cell: not cell.startswith("=")), max_size=3), min_size=1, max_size=4
    )
)
def test_any_workbook_comes_back(tmp_path_factory, read, rows):
    path = workbook(tmp_path_factory.mktemp("any"), ("Lembar", [["xyz"], *rows]))
    _, texts = read(path)
    said = "\n".join(texts)
    for cell in (cell for row in rows for cell in row):
        for line in cell.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
            assert line in said or not any(map(str.isalnum, line))
