"""PDF: the text layer, one block a line."""

from __future__ import annotations

import pytest
from pypdf import PdfReader, PdfWriter

from kotaku_nlp.corpus.readers import read_source
from kotaku_nlp.errors import CorpusError


def pdf(folder, *lines, name="w.pdf"):
    """Write the least PDF that shows these lines."""
    shown = "".join(f"BT /F1 12 Tf 50 {700 - 20 * n} Td ({line}) Tj ET\n" for n, line in enumerate(lines))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(shown)}>>stream\n{shown}endstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body, offsets = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj{content}endobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    trailer = f"trailer<</Size 6/Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF"
    path = folder / name
    path.write_bytes(f"{body}xref\n0 6\n0000000000 65535 f \n{table}{trailer}".encode("ascii"))
    return path


def locked(folder, password):
    writer = PdfWriter()
    for page in PdfReader(pdf(folder, "P: Halo")).pages:
        writer.add_page(page)
    writer.encrypt(user_password=password, owner_password="pemilik", algorithm="RC4-128")
    path = folder / "terkunci.pdf"
    writer.write(path)
    return path


def test_lines(tmp_path, read):
    source, texts = read(pdf(tmp_path, "P: Sejak kapan?", "I: Sejak awal."))
    assert texts == ["P: Sejak kapan?", "I: Sejak awal."]
    assert source.blocks[1].locator == "page 1 line 2"


def test_scan_without_text(tmp_path):
    with pytest.raises(CorpusError) as caught:
        read_source(pdf(tmp_path))
    assert caught.value.key == "reading_scanned"


def test_passwords(tmp_path, read):
    assert read(locked(tmp_path, ""))[1] == ["P: Halo"]
    with pytest.raises(CorpusError) as caught:
        read_source(locked(tmp_path, "rahasia"))
    assert caught.value.key == "reading_locked"


def test_damaged(tmp_path):
    path = tmp_path / "w.pdf"
    path.write_bytes(b"%PDF-1.4\nini bukan pdf")
    with pytest.raises(CorpusError) as caught:
        read_source(path)
    assert caught.value.key == "reading_damaged"
