"""OpenDocument text (.odt), as LibreOffice writes it: paragraphs and table cells in order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from kotaku_nlp.corpus.readers.building import Builder, Piece, Place
from kotaku_nlp.corpus.readers.guarding import check_package, damage
from kotaku_nlp.corpus.source import Source
from kotaku_nlp.errors import CorpusError

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_WEIGHT = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}font-weight"
#: Comments, deleted text and notes are no talk.
_LEFT_OUT = frozenset((_OFFICE + "annotation", _TEXT + "tracked-changes", _TEXT + "note"))
_MARKS = {_TEXT + "tab": "\t", _TEXT + "line-break": "\n"}
_PARAGRAPHS = (_TEXT + "p", _TEXT + "h")
#: Repeat counts of cells and spaces are written out, but never beyond reason.
_MOST = 1024


def read_open_document(path: Path) -> Source:
    """Read an OpenDocument text.

    :raises CorpusError: when the file is damaged, locked, oversized or unsafe.
    """
    from defusedxml.ElementTree import fromstring

    check_package(path)
    with damage(path), ZipFile(path) as package:
        if b"encryption-data" in package.read("META-INF/manifest.xml"):
            raise CorpusError("reading_locked", path.name)
        root = fromstring(package.read("content.xml"), forbid_dtd=True)
        walk = _Walk(root)
        for body in root.iter(_OFFICE + "text"):
            walk.container(body)
        return walk.builder.source({"footnotes": "\n".join(walk.notes)} if walk.notes else None)


class _Walk:
    """One pass over the body, counting paragraphs and tables as it goes."""

    def __init__(self, root: Any) -> None:
        self.builder = Builder()
        self.notes: list[str] = []
        self._bold = {
            style.get(_STYLE + "name")
            for style in root.iter(_STYLE + "style")
            if any(part.get(_WEIGHT) == "bold" for part in style.iter(_STYLE + "text-properties"))
        }
        self._paragraphs = 0
        self._tables = 0

    def container(self, parent: Any) -> None:
        """Read what holds paragraphs, lists, sections and tables."""
        for child in parent:
            if child.tag in _PARAGRAPHS:
                self._paragraphs += 1
                self.builder.paragraph(self._pieces(child), f"paragraph {self._paragraphs}")
            elif child.tag == _TABLE + "table":
                self._table(child)
            elif child.tag not in _LEFT_OUT:
                self.container(child)

    def _table(self, element: Any) -> None:
        self._tables += 1
        table = self._tables
        for row, cells in enumerate(_rows(element), start=1):
            column = 1
            for cell in cells:
                if cell.tag == _TABLE + "table-cell":
                    locator = f"table {table} row {row} column {column}"
                    self._cell(cell, Place(locator, table, row, column))
                column += _count(cell, _TABLE + "number-columns-repeated")

    def _cell(self, element: Any, place: Place) -> None:
        lines: list[list[Piece]] = []
        for child in _unwrapped(element):
            if child.tag in _PARAGRAPHS:
                lines.append(self._pieces(child))
            else:
                self.builder.cell(lines, place)
                lines = []
                self._table(child)
        self.builder.cell(lines, place)

    def _pieces(self, paragraph: Any) -> list[Piece]:
        return list(self._runs(paragraph, paragraph.get(_TEXT + "style-name") in self._bold))

    def _runs(self, element: Any, bold: bool) -> Iterator[Piece]:
        if element.text:
            yield Piece(element.text, bold)
        for child in element:
            if child.tag in _MARKS:
                yield Piece(_MARKS[child.tag], bold)
            elif child.tag == _TEXT + "s":
                yield Piece(" " * _count(child, _TEXT + "c"), bold)
            elif child.tag == _TEXT + "note":
                self.notes.append("".join(child.itertext()).strip())
            elif child.tag not in _LEFT_OUT:
                if child.tag in _PARAGRAPHS or child.tag.startswith(_DRAW):
                    yield Piece("\n")  # a text box stands on lines of its own
                yield from self._runs(child, bold or child.get(_TEXT + "style-name") in self._bold)
            if child.tail:
                yield Piece(child.tail, bold)


def _unwrapped(element: Any) -> Iterator[Any]:
    """Yield paragraphs and tables of a cell, stepping into lists and sections."""
    for child in element:
        if child.tag in (*_PARAGRAPHS, _TABLE + "table"):
            yield child
        elif child.tag not in _LEFT_OUT:
            yield from _unwrapped(child)


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag == _TABLE + "table-row":
            yield child
        elif child.tag in (_TABLE + "table-header-rows", _TABLE + "table-rows", _TABLE + "table-row-group"):
            yield from _rows(child)


def _count(element: Any, name: str) -> int:
    value = element.get(name, "1")
    return min(int(value), _MOST) if value.isdecimal() else 1
