"""OpenDocument text, built as LibreOffice lays it out."""

from __future__ import annotations

import zipfile

import pytest

from kotaku_nlp.corpus.readers import read_source
from kotaku_nlp.errors import CorpusError

OASIS = "urn:oasis:names:tc:opendocument:xmlns"
NAMES = " ".join(
    f'xmlns:{short}="{OASIS}:{name}:1.0"'
    for short, name in {
        "office": "office", "text": "text", "table": "table", "style": "style", "fo": "xsl-fo-compatible",
        "draw": "drawing",
    }.items()
)  # fmt: skip
STYLES = (
    '<office:automatic-styles><style:style style:name="T1" style:family="text">'
    '<style:text-properties fo:font-weight="bold"/></style:style></office:automatic-styles>'
)


def document(folder, body, manifest="<m/>"):
    path = folder / "w.odt"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {NAMES}>{STYLES}'
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("META-INF/manifest.xml", manifest)
        package.writestr("content.xml", content)
    return path


def test_paragraphs_lists_tables_and_marks(tmp_path, read):
    body = (
        '<text:h>Bagian A</text:h><text:p><text:span text:style-name="T1">Pewawancara</text:span>'
        ' :<text:s text:c="2"/>Sejak<text:tab/>kapan?<text:line-break/>I: Sejak '
        "<office:annotation><text:p>komentar</text:p></office:annotation>awal."
        "<text:note><text:note-body><text:p>catatan kaki</text:p></text:note-body></text:note></text:p>"
        "<text:p/><text:list><text:list-item><text:p>satu</text:p></text:list-item></text:list>"
        "<table:table><table:table-header-rows><table:table-row>"
        '<table:table-cell table:number-columns-spanned="2"><text:p>Judul</text:p></table:table-cell>'
        "<table:covered-table-cell/></table:table-row></table:table-header-rows><table:table-row>"
        "<table:table-cell><text:p>A?</text:p></table:table-cell>"
        "<table:table-cell><text:p>B.</text:p><text:p>C.</text:p></table:table-cell></table:table-row></table:table>"
    )
    source, texts = read(document(tmp_path, body))
    assert texts == [
        "Bagian A",
        "Pewawancara :  Sejak\tkapan?",
        "I: Sejak awal.",
        "satu",
        "Judul",
        "A?",
        "B.\nC.",
    ]
    assert source.blocks[1].bold == len("Pewawancara")
    assert [(block.table, block.row, block.column) for block in source.blocks[4:]] == [
        (1, 1, 1), (1, 2, 1), (1, 2, 2),
    ]  # fmt: skip
    assert source.metadata == {"footnotes": "catatan kaki"}


def test_locked(tmp_path):
    with pytest.raises(CorpusError) as caught:
        read_source(document(tmp_path, "<text:p>x</text:p>", manifest="<m><encryption-data/></m>"))
    assert caught.value.key == "reading_locked"


def test_damaged(tmp_path):
    with pytest.raises(CorpusError) as caught:
        read_source(document(tmp_path, "<text:p>tidak ditutup"))
    assert caught.value.key == "reading_damaged"
