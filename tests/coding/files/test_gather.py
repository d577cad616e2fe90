"""A folder of codings from several tools: all of them read, each loss told, one bad file no stop."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook

from kotaku_nlp.coding.files.gather import gather, homes, read_coding
from kotaku_nlp.errors import CodingError

TEXTS = {"lurah": "P: Bagaimana?\nI: Airnya naik sampai dapur.\nI: Kami rembug."}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Codings in a long table, a workbook and Word comments, among files that are none."""
    (tmp_path / "a.csv").write_text("transcript,turn,code,coder\nlurah,2,air,rina\n", "utf-8")
    book = Workbook()
    for row in (["Dokumen", "Kutipan", "Kode"], ["lurah", "airnya naik", "air"], ["lurah", "hilang", "air"]):
        book.worksheets[0].append(row)
    book.save(tmp_path / "b.xlsx")
    document = Document()
    for line in TEXTS["lurah"].split("\n"):
        run = document.add_paragraph("").add_run(line)
    document.add_comment(run, text="rembug", author="budi")
    document.save(str(tmp_path / "lurah.docx"))
    (tmp_path / "rusak.sqlite3").write_bytes(b"bukan basis data")
    (tmp_path / "~$lurah.docx").write_bytes(b"kunci")
    (tmp_path / "catatan.pdf").write_bytes(b"%PDF")
    return tmp_path


def test_every_file_is_read_and_a_bad_one_is_told(folder: Path) -> None:
    found = gather([folder], TEXTS)
    assert [coding.name for coding in found.codings] == ["a", "b", "lurah"]
    errors = [(p.key, p.where) for p in found.problems if p.level == "error"]
    assert errors == [
        ("settle_nowhere", "b.xlsx, sheet Sheet row 3"), ("readers_not_database", "rusak.sqlite3"),
    ]  # fmt: skip
    quotes = [quote for coding in found.codings[1:] for quote in coding.rows["quote"]]
    assert quotes == ["Airnya naik", "I: Kami rembug."]


def test_a_coding_without_transcripts_keeps_quotes_and_trusts_no_foreign_position(folder: Path) -> None:
    rows = read_coding(folder / "lurah.docx").rows
    assert rows["quote"].tolist() == ["I: Kami rembug."] and rows["start"].isna().all()
    placed = read_coding(folder / "lurah.docx", TEXTS).rows
    assert placed["start"].tolist() == [TEXTS["lurah"].index("I: Kami")]


def test_the_machine_of_an_earlier_export_is_no_person(tmp_path: Path) -> None:
    rows = ["lurah,2,air,rina", "lurah,3,rembug,kotaku-nlp 0.1.0", "lurah,3,air,Kotaku NLP"]
    (tmp_path / "ekspor.csv").write_text("transcript,turn,code,coder\n" + "\n".join(rows) + "\n", "utf-8")
    (tmp_path / "mesin.csv").write_text("transcript,turn,code,coder\nlurah,2,air,kotaku-nlp\n", "utf-8")
    found = gather([tmp_path], TEXTS)
    assert [coding.rows["coder"].tolist() for coding in found.codings] == [["rina"]]
    told = [(p.where, p.params["n"]) for p in found.problems if p.key == "importing_machine"]
    assert told == [("ekspor.csv", 2), ("mesin.csv", 1)]
    assert read_coding(tmp_path / "ekspor.csv", TEXTS).rows["coder"].tolist() == ["rina"]


def test_informants_of_one_transcript_name_it() -> None:
    assert homes([("I1", "lurah"), ("I2", "lurah"), ("I2", "rw"), ("I1", "lurah")]) == {"I1": "lurah"}


def test_our_own_table_is_strict_and_others_are_understood(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("transcript,turn,code\nlurah,dua,air\n", "utf-8")
    with pytest.raises(CodingError, match="whole number"):
        read_coding(tmp_path / "a.csv")
    (tmp_path / "b.csv").write_text("Informan;Pernyataan;air\nlurah;Airnya naik;x\n", "utf-8")
    assert read_coding(tmp_path / "b.csv").rows["code"].tolist() == ["air"]


def test_losses_are_logged(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    (folder / "rusak.sqlite3").unlink()
    with caplog.at_level(logging.WARNING):
        rows = read_coding(folder, TEXTS).rows
    assert len(rows) == 3 and "'hilang'" in caplog.text


def test_missing_and_unknown_and_empty_are_refused(tmp_path: Path) -> None:
    for path, key in ((tmp_path / "x.qdpx", "coding_missing"), (tmp_path, "importing_empty_folder")):
        with pytest.raises(CodingError) as caught:
            read_coding(path)
        assert caught.value.key == key
    (tmp_path / "x.pdf").write_bytes(b"%PDF")
    with pytest.raises(CodingError, match="docx"):
        read_coding(tmp_path / "x.pdf")
