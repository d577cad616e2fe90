"""Coded quotes: one row a span and coder, one column a code, the words as they stand, no cell that runs."""

from __future__ import annotations

import csv
from dataclasses import replace

import openpyxl
import pytest

from kotaku_nlp.coding.codebook import parse_codebook
from kotaku_nlp.columns import RELATIONS
from kotaku_nlp.export.quotes import PLACE, quote_table, write_quotes
from kotaku_nlp.export.spans import CodedSpan, human_spans, in_order, machine_spans

FORMULA = "=SUM(A1) kata bendahara,\tbegitu."


@pytest.fixture(scope="module")
def spans(analysis, coding):
    rows = coding(
        {"transcript": "w1", "turn": 2, "code": "percaya"},
        {"transcript": "w1", "turn": 3, "code": "percaya"},
        {"transcript": "w1", "turn": 3, "code": "=punya saya"},
        {"transcript": "w1", "turn": 1, "code": "dialog"},
    )
    people, problems = human_spans(analysis, [rows])
    assert not problems
    return in_order((*machine_spans(analysis), *people))


def test_one_row_a_quote_of_one_coder_and_one_column_a_code(analysis, spans):
    table = quote_table(analysis, spans)
    codes = ["Percaya", "Dialog", "Aturan", "=punya saya"]
    assert list(table.columns) == [*PLACE, *codes]
    found = table[["document", "turn", "coder", *codes]].values.tolist()
    assert found == [
        ["w1", 1, "Peneliti A", 0, 1, 0, 0],
        ["w1", 2, "Peneliti A", 1, 0, 0, 0],
        ["w1", 2, "kotaku-nlp 9.8.7", 1, 1, 0, 0],
        ["w1", 3, "Peneliti A", 1, 0, 0, 1],
        ["w2", 2, "kotaku-nlp 9.8.7", 0, 0, 1, 0],
    ]


def test_every_quote_is_cut_from_the_transcript_and_says_who_spoke(analysis, spans):
    texts = dict(zip(analysis.transcripts["transcript"], analysis.transcripts["text"], strict=True))
    table = quote_table(analysis, spans)
    for row in table.to_dict("records"):
        assert row["text"] == texts[row["document"]][row["start"] : row["end"]]
    who = table[["informant", "group", "role"]].astype(object).where(table["informant"].notna(), None)
    assert who.values.tolist()[:2] == [[None, None, None], ["I1", "community", "Ketua RT"]]


def test_codes_have_names_in_either_language(analysis, spans):
    assert list(quote_table(analysis, spans, "en").columns)[len(PLACE) :][:3] == [
        "Trust",
        "Dialogue",
        "Rules",
    ]


def test_codes_of_one_name_stay_apart(analysis):
    twin = parse_codebook(
        "id: lain\ntitle: Lain\ndimensions:\n"
        "  - {id: p, label: Percaya, definition: lain lagi}\n  - {id: t, label: text, definition: teks}\n"
    )
    both = replace(analysis, codebooks=(*analysis.codebooks, twin))
    spans = [
        CodedSpan("w1", 2, 28, 32, "percaya", "Ani", "kerja"),
        CodedSpan("w1", 2, 28, 32, "p", "Budi", "lain"),
        CodedSpan("w1", 2, 28, 32, "Percaya", "Cici"),
    ]
    table = quote_table(both, spans)
    heads = list(table.columns)[len(PLACE) :]
    assert heads == [
        "Percaya (kerja: percaya)", "Dialog", "Aturan", "Percaya (lain: p)", "text (lain: t)",
        "Percaya (Percaya)",
    ]  # fmt: skip
    ones = [[head for head in heads if row[head]] for row in table.to_dict("records")]
    assert ones == [["Percaya (kerja: percaya)"], ["Percaya (lain: p)"], ["Percaya (Percaya)"]]


def test_nothing_coded_is_a_table_with_its_head(analysis):
    table = quote_table(analysis, [])
    assert len(table) == 0
    assert list(table.columns)[: len(PLACE)] == list(PLACE)


def test_a_workbook_holds_the_quotes_beside_the_tables_of_the_run(analysis, spans, tmp_path):
    write_quotes(analysis, spans, "xlsx", tmp_path / "hasil.xlsx")
    book = openpyxl.load_workbook(tmp_path / "hasil.xlsx")
    assert book.sheetnames == ["Baca dulu", "coded_quotes", *analysis.tables, *RELATIONS]
    sheet = book["coded_quotes"]
    cells = [[cell.value for cell in row] for row in sheet]
    assert cells[0][-1] == "'=punya saya"
    assert [row[PLACE.index("text")] for row in cells[1:]][3] == f"'{FORMULA}"
    assert all(cell.data_type != "f" for row in sheet for cell in row)
    about = [row[1].value for row in book.worksheets[0] if row[0].value == "coded_quotes"]
    assert about == ["satu baris satu kutipan berkode menurut satu pengode; satu kolom satu kode, "
                     "1 = berkode, 0 = tidak"]  # fmt: skip


def test_csv_files_hold_the_same(analysis, spans, tmp_path):
    write_quotes(analysis, spans, "csv", tmp_path / "hasil")
    assert {path.stem for path in (tmp_path / "hasil").iterdir()} == {
        "coded_quotes",
        *analysis.tables,
        *RELATIONS,
    }
    with (tmp_path / "hasil" / "coded_quotes.csv").open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    assert [row["'=punya saya"] for row in found] == ["0", "0", "0", "1", "0"]
    assert found[3]["text"] == f"'{FORMULA}"
    assert "coded_quotes" not in analysis.tables
