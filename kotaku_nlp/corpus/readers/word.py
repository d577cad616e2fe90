"""Word documents (.docx): paragraphs, table cells and text boxes in document order.

python-docx opens the package; the text is walked element by element, because its
`paragraph.text` and `cell.text` skip tracked insertions, content controls and text
boxes, and repeat merged cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kotaku_nlp.corpus.readers.building import Builder, Piece, Place
from kotaku_nlp.corpus.readers.guarding import check_package, damage
from kotaku_nlp.corpus.readers.word_styles import Weights
from kotaku_nlp.corpus.source import Source

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
#: Elements around text that change nothing about where it stands; deleted text is in none of them.
_WRAPPERS = frozenset(
    _W + name for name in "sdt sdtContent customXml smartTag ins moveTo hyperlink fldSimple dir bdo".split()
)
_MARKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
#: Parts beside the body whose text is no talk; it is kept as metadata.
_SIDE_PARTS = ("header", "footer", "footnotes", "endnotes")


def read_word(path: Path) -> Source:
    """Read a Word document; comments and deleted text are left out.

    Headers, footers and notes go to the metadata: they are not what an informant said.

    :raises CorpusError: when the file is damaged, locked, oversized or unsafe.
    """
    from docx import Document

    check_package(path)
    with damage(path):
        document = Document(str(path))
        walk = _Walk(Weights(document.part))
        walk.container(document.element.body)
        return walk.builder.source(_side_texts(document.part))


class _Walk:
    """One pass over a document body, counting paragraphs and tables as it goes."""

    def __init__(self, weights: Weights) -> None:
        self.builder = Builder()
        self._weights = weights
        self._paragraphs = 0
        self._tables = 0

    def container(self, parent: Any, box_of: str = "") -> None:
        """Read what holds paragraphs and tables: the body, or a text box of a paragraph."""
        for child in _children(parent):
            if child.tag == _W + "p":
                if not box_of:
                    self._paragraphs += 1
                self._paragraph(child, box_of or f"paragraph {self._paragraphs}")
            elif child.tag == _W + "tbl":
                self._table(child)

    def _paragraph(self, element: Any, locator: str) -> None:
        pieces, boxes = self._pieces(element)
        self.builder.paragraph(pieces, locator)
        for box in boxes:
            self.container(box, box_of=f"{locator.removesuffix(' text box')} text box")

    def _table(self, element: Any) -> None:
        self._tables += 1
        table = self._tables
        rows = (child for child in _children(element) if child.tag == _W + "tr")
        for row, tr in enumerate(rows, start=1):
            column = 1 + _number(tr, "trPr", "gridBefore", default=0)
            for tc in (child for child in _children(tr) if child.tag == _W + "tc"):
                locator = f"table {table} row {row} column {column}"
                self._cell(tc, Place(locator, table, row, column))
                column += _number(tc, "tcPr", "gridSpan", default=1)

    def _cell(self, element: Any, place: Place) -> None:
        """Read a cell: its paragraphs are one block, a table inside it follows where it stands."""
        lines: list[list[Piece]] = []
        for child in _children(element):
            if child.tag == _W + "p":
                pieces, boxes = self._pieces(child)
                lines.append(pieces)
                lines.extend(self._pieces(p)[0] for box in boxes for p in box.iter(_W + "p"))
            elif child.tag == _W + "tbl":
                self.builder.cell(lines, place)
                lines = []
                self._table(child)
        self.builder.cell(lines, place)

    def _pieces(self, paragraph: Any) -> tuple[list[Piece], list[Any]]:
        """Return the runs of a paragraph and the text boxes anchored in it."""
        pieces: list[Piece] = []
        boxes: list[Any] = []
        for run in _children(paragraph):
            if run.tag != _W + "r":
                continue
            bold = self._weights.bold(run, paragraph)
            for item in _children(run):
                text = _text(item)
                if text:
                    pieces.append(Piece(text, bold))
                else:
                    boxes.extend(_boxes(item))
        return pieces, boxes


def _children(parent: Any) -> Iterator[Any]:
    """Yield the children of an element, stepping through wrappers."""
    for child in parent:
        if child.tag in _WRAPPERS:
            # "Click here to enter text" is nobody's words.
            if child.find(f"{_W}sdtPr/{_W}showingPlcHdr") is None:
                yield from _children(child)
        elif child.tag == _MC + "AlternateContent":
            # The same thing twice, for new and old Word: one of them is enough.
            chosen = child.find(_MC + "Choice")
            chosen = child.find(_MC + "Fallback") if chosen is None else chosen
            yield from () if chosen is None else _children(chosen)
        elif isinstance(child.tag, str):  # comments and entities have no name
            yield child


def _text(item: Any) -> str:
    name = item.tag.removeprefix(_W)
    if name == "t":
        return str(item.text or "")
    if name == "sym":
        return _symbol(item.get(_W + "char", ""))
    return _MARKS.get(name, "")


def _symbol(code: str) -> str:
    try:
        return chr(int(code, 16))
    except ValueError:
        return ""


def _boxes(item: Any) -> Iterator[Any]:
    for child in _children(item):
        if child.tag == _W + "txbxContent":
            yield child
        else:
            yield from _boxes(child)


def _number(element: Any, holder: str, name: str, default: int) -> int:
    found = element.find(f"{_W}{holder}/{_W}{name}")
    value = "" if found is None else found.get(_W + "val", "")
    return int(value) if value.isdecimal() else default


def _side_texts(part: Any) -> dict[str, str]:
    """Return the text of headers, footers and notes, each kind once."""
    from docx.oxml.parser import parse_xml

    found: dict[str, list[str]] = {}
    related = [rel for rel in part.rels.values() if not rel.is_external]
    for rel in sorted(related, key=lambda rel: str(rel.target_part.partname)):
        kind = rel.reltype.rsplit("/", 1)[-1]
        if kind not in _SIDE_PARTS:
            continue
        for paragraph in parse_xml(rel.target_part.blob).iter(_W + "p"):
            text = "".join(_text(item) for run in paragraph.iter(_W + "r") for item in run).strip()
            # A page number alone says nothing; first, odd and even pages often repeat one header.
            if any(char.isalpha() for char in text) and text not in found.setdefault(kind, []):
                found[kind].append(text)
    return {kind: "\n".join(texts) for kind, texts in found.items() if texts}
