"""Web pages (.html), among them noScribe's own: block elements are paragraphs, table cells are cells."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from kotaku_nlp.corpus.readers.building import Builder, Piece, Place, blank
from kotaku_nlp.corpus.readers.decoding import read_text
from kotaku_nlp.corpus.readers.guarding import damage
from kotaku_nlp.corpus.readers.subtitles import clock
from kotaku_nlp.corpus.source import Block, Source

_BLOCKS = frozenset(
    "address article aside blockquote body dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 "
    "h5 h6 header hr html li main nav ol p pre section table tbody tfoot thead title tr ul".split()
)
_HIDDEN = frozenset(("script", "style", "title"))
_BOLD = frozenset(("b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6"))
_SPACES = re.compile(r"[ \t\n\r\f]+")
#: noScribe's anchors: start and end in milliseconds, and who speaks.
_ANCHOR = re.compile(r"ts_(\d+)_\d+_(?://)?(.+)")


def read_web(path: Path) -> Source:
    """Read a web page; scripts and styles are left out, the title goes to the metadata.

    :raises CorpusError: when it cannot be decoded.
    """
    page = _Page()
    with damage(path):
        page.feed(read_text(path))
        page.close()
    return page.source()


class _Page(HTMLParser):
    """Collects the text of a page as the parser meets it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._builder = Builder()
        self._pieces: list[Piece] = []
        self._paragraphs = 0
        self._hidden = ""
        self._title = ""
        self._bold: list[str] = []
        self._anchor: tuple[int, str] | None = None
        self._tables = 0
        self._open: list[Place] = []  # the tables around this place, with their row and column

    def source(self) -> Source:
        """Return the finished source."""
        self._flush()
        return self._builder.source({"title": self._title.strip()} if self._title.strip() else None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, a cell, a hidden or a bold stretch."""
        if tag in _BLOCKS or tag in ("td", "th"):
            self._flush()
        if tag in _HIDDEN:
            self._hidden = tag
        elif tag == "br":
            self._pieces.append(Piece("\n"))
        elif tag == "a":
            self._mark(dict(attrs).get("name") or "")
        elif tag in ("table", "tr", "td", "th"):
            self._move(tag)
        if tag in _BOLD:
            self._bold.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """End what the tag began."""
        if tag in _BLOCKS or tag in ("td", "th"):
            self._flush()
        if tag == self._hidden:
            self._hidden = ""
        if tag == "table" and self._open:
            self._open.pop()
        if tag in self._bold:
            self._bold.remove(tag)

    def handle_data(self, data: str) -> None:
        """Take up text, its white space as a browser shows it."""
        if self._hidden == "title":
            self._title += data
        elif not self._hidden:
            text = _SPACES.sub(" ", data)
            before = self._pieces[-1].text if self._pieces else "\n"
            text = text.removeprefix(" ") if before.endswith((" ", "\n")) else text
            if text:
                self._pieces.append(Piece(text, bold=bool(self._bold)))

    def _mark(self, name: str) -> None:
        found = _ANCHOR.fullmatch(name)
        if found and self._anchor is None:
            self._anchor = (int(found[1]), found[2])

    def _move(self, tag: str) -> None:
        if tag == "table":
            self._tables += 1
            self._open.append(Place("", self._tables, 0, 0))
        elif self._open:
            at = self._open.pop()
            row, column = (at.row or 0), (at.column or 0)
            moved = (row + 1, 0) if tag == "tr" else (max(row, 1), column + 1)
            self._open.append(Place("", at.table, *moved))

    def _flush(self) -> None:
        pieces, anchor = self._pieces, self._anchor
        self._pieces, self._anchor = [], None
        text = "".join(piece.text for piece in pieces)
        if blank(text):
            return
        at = self._open[-1] if self._open else None
        if at and at.column:
            locator = f"table {at.table} row {at.row} column {at.column}"
            self._builder.cell([pieces], Place(locator, at.table, at.row, at.column))
            return
        self._paragraphs += 1
        self._paragraph(pieces, text, anchor)

    def _paragraph(self, pieces: list[Piece], text: str, anchor: tuple[int, str] | None) -> None:
        locator = f"paragraph {self._paragraphs}"
        time = clock(anchor[0] / 1000) if anchor else None
        if anchor and text.lstrip().startswith(f"{anchor[1]}:"):
            words = text.lstrip().removeprefix(f"{anchor[1]}:")
            self._builder.speech(Block(0, 0, "paragraph", locator, time=time), anchor[1], words)
        else:
            self._builder.paragraph(pieces, locator, time)
