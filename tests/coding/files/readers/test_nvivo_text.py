"""NVivo's coded text: headings, references and what they promise."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document

from kotaku_nlp.coding.files.readers import read_document
from kotaku_nlp.coding.files.readers.nvivo_text import read_nvivo_text
from kotaku_nlp.errors import CodingError

EXPORT = """<Files\\\\Wawancara\\\\lurah> - § 2 references coded  [ 6.78% Coverage]

Reference 1 - 5.80% Coverage

Kami rembug di balai
tiap bulan.

Reference 2 - 0.98% Coverage

Airnya naik.

<Internals\\\\rt17.docx> - § 1 reference coded  [ 1,20% Coverage]

Reference 1 - 1,20% Coverage

Lurahnya ganti lagi.
"""


def written(folder: Path, text: str, name: str = "rembug.txt") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_references_come_with_their_source_and_the_files_code(tmp_path: Path) -> None:
    rows = read_nvivo_text(written(tmp_path, EXPORT)).coding.rows
    assert rows["transcript"].tolist() == ["lurah", "lurah", "rt17"]
    assert rows["quote"].tolist() == [
        "Kami rembug di balai\ntiap bulan.",
        "Airnya naik.",
        "Lurahnya ganti lagi.",
    ]
    assert set(rows["code"]) == {"rembug"} and set(rows["coder"]) == {"NVivo"}
    assert rows["start"].isna().all() and rows["place"][0] == "rembug.txt, line 1, reference 1"


def test_codes_named_inside_and_other_languages(tmp_path: Path) -> None:
    text = "Nodes\\\\Proses\\\\Rembug\n\n" + EXPORT + "\nName: Air\n\n"
    text += "<Dateien\\\\lurah> - § 1 Referenz kodiert [ 2,00 % Abdeckung]\n"
    text += "Referenz 1 - 2,00 % Abdeckung\nName: kata informan\nNaik sampai dapur.\n"
    rows = read_nvivo_text(written(tmp_path, text)).coding.rows
    assert rows["code"].tolist() == ["Rembug", "Rembug", "Rembug", "Air"]
    assert rows["code_path"][0] == "Proses > Rembug"
    assert rows["quote"].tolist()[3] == "Name: kata informan\nNaik sampai dapur."


def test_what_a_heading_promises_and_does_not_hold_is_told(tmp_path: Path) -> None:
    text = EXPORT.replace("§ 2 references", "§ 4 references").replace("Airnya naik.", "")
    found = read_nvivo_text(written(tmp_path, text))
    assert found.left == {"readers_no_words": 1, "readers_nvivo_count": 2}
    assert len(found.coding.rows) == 2


def test_a_word_export_is_recognised_without_comments(tmp_path: Path) -> None:
    document = Document()
    for line in EXPORT.splitlines():
        document.add_paragraph(line)
    document.save(str(tmp_path / "rembug.docx"))
    assert read_document(tmp_path / "rembug.docx").coding.rows["quote"].tolist()[2] == "Lurahnya ganti lagi."


def test_any_other_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CodingError) as caught:
        read_nvivo_text(written(tmp_path, "P: Bagaimana?\nI: Reference 1 - 5% Coverage\n"))
    assert caught.value.key == "readers_no_nvivo"
