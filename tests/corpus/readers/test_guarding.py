"""Damaged, locked and hostile packages are refused before a library opens them."""

from __future__ import annotations

import os
import zipfile

import pytest
from docx import Document
from openpyxl import Workbook

from kotaku_nlp.corpus.readers import guarding, read_source
from kotaku_nlp.errors import CorpusError

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PACKAGES = [".docx", ".xlsx", ".odt"]


def key_of(path):
    with pytest.raises(CorpusError) as caught:
        read_source(path)
    assert path.name in caught.value.render("id")
    return caught.value.key


def package(path, parts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in parts.items():
            written.writestr(name, content)
    return path


@pytest.mark.parametrize("suffix", PACKAGES)
def test_not_a_zip_and_half_a_zip(tmp_path, suffix):
    path = tmp_path / f"w{suffix}"
    path.write_bytes(b"P: ini teks biasa yang diganti namanya")
    assert key_of(path) == "reading_damaged"
    whole = package(tmp_path / "utuh.zip", {"word/document.xml": os.urandom(5000)}).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert key_of(path) == "reading_damaged"


@pytest.mark.parametrize("suffix", PACKAGES)
def test_locked_and_old_office_files(tmp_path, suffix):
    path = tmp_path / f"w{suffix}"
    path.write_bytes(OLE2 + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600))
    assert key_of(path) == "reading_locked"
    path.write_bytes(OLE2 + bytes(600) + "WordDocument".encode("utf-16-le") + bytes(600))
    assert key_of(path) == "reading_old_office"


def test_zip_with_a_password(tmp_path):
    path = package(tmp_path / "w.docx", {"word/document.xml": "<a/>"})
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1  # the flag in the directory
    path.write_bytes(content)
    assert key_of(path) == "reading_locked"


def test_wrong_checksum(tmp_path):
    document = Document()
    document.add_paragraph("P: Halo")
    document.save(tmp_path / "asli.docx")
    path = tmp_path / "w.docx"
    with zipfile.ZipFile(tmp_path / "asli.docx") as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    path.write_bytes(path.read_bytes().replace(b"Halo", b"Hal0", 1))
    assert key_of(path) == "reading_damaged"


@pytest.mark.parametrize("suffix", PACKAGES)
def test_bomb(tmp_path, suffix):
    assert (
        key_of(package(tmp_path / f"bom{suffix}", {"word/document.xml": bytes(60_000_000)}))
        == "reading_oversized"
    )


def test_oversized(tmp_path, monkeypatch):
    monkeypatch.setattr(guarding, "LARGEST_MB", 1)
    path = package(tmp_path / "besar.docx", {"media/rekaman.wav": os.urandom(1_100_000)})
    assert key_of(path) == "reading_oversized"


def test_large_pictures_are_no_bomb(tmp_path, read):
    document = Document()
    document.add_paragraph("P: Halo")
    path = tmp_path / "foto.docx"
    document.save(path)
    with zipfile.ZipFile(path, "a") as written:
        written.writestr("word/media/foto.bin", os.urandom(3_000_000))
    assert read(path)[1] == ["P: Halo"]


LAUGHS = (
    '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]>'
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_entities_are_refused(tmp_path, kind, encoding):
    asli, path = tmp_path / f"asli.{kind}", tmp_path / f"jahat.{kind}"
    if kind == "docx":
        Document().save(asli)
    else:
        Workbook().save(asli)
    with zipfile.ZipFile(asli) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            hostile = name.endswith(("document.xml", "workbook.xml"))
            xml = f'<?xml version="1.0" encoding="{encoding}"?><!-- {"x" * 9000} -->{LAUGHS}'
            new.writestr(name, xml.encode(encoding) if hostile else old.read(name))
    assert key_of(path) == "reading_unsafe"
