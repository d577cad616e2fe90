"""Build a canonical text block by block, so that every offset slices back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kotaku_nlp.corpus.source import Block, Source

_LINE_ENDS = re.compile(r"\r\n?")
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")
#: Characters that show nothing although Python counts them as no whitespace.
_INVISIBLE = "\x00\u200b\u200c\u200d\u2060\ufeff"


@dataclass(frozen=True)
class Piece:
    """A run of characters set in one weight."""

    text: str
    bold: bool = False


@dataclass(frozen=True)
class Place:
    """Where a block stands in its file; `table`, `row` and `column` are 1-based."""

    locator: str
    table: int | None = None
    row: int | None = None
    column: int | None = None


def clean(text: str) -> str:
    """Return text with LF as its only line end and without half surrogate pairs.

    Half pairs come from JSON escapes cut in two; no file could store them again.
    """
    return _LONE_SURROGATES.sub("\ufffd", _LINE_ENDS.sub("\n", text))


def blank(text: str) -> bool:
    """Return whether a reader would see nothing."""
    return not text.strip() or all(char in _INVISIBLE or char.isspace() for char in text)


def label_of(text: str) -> str:
    """Return a speaker label on one line, its colon and brackets left out."""
    return " ".join(clean(text).split()).strip(" :：[]")


def bold_start(pieces: Sequence[Piece]) -> int:
    """Return how many characters at the start are bold; spaces between bold runs count."""
    count = seen = 0
    for piece in pieces:
        if not piece.bold and not blank(piece.text):
            break
        seen += len(piece.text)
        if piece.bold:
            count = seen
    return count


class Builder:
    """Collect the blocks of one file in reading order and join them by one LF."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._blocks: list[Block] = []
        self._length = 0

    def paragraph(self, pieces: Sequence[Piece], locator: str, time: str | None = None) -> None:
        """Add one block for every line of a paragraph that shows anything."""
        for line in _lines(pieces):
            block = Block(0, 0, "paragraph", locator, time=time)
            self._add("".join(piece.text for piece in line), block, line)

    def cell(self, paragraphs: Sequence[Sequence[Piece]], place: Place, speaker: str | None = None) -> None:
        """Add a table cell as one block, its paragraphs joined by LF.

        :param speaker: who says the whole cell, where the head of its column tells.
        """
        lines = [line for pieces in paragraphs for line in _lines(pieces)]
        joined = [piece for line in lines for piece in (*line, Piece("\n"))][:-1]
        block = Block(
            0, 0, "cell", place.locator,
            speaker=speaker, table=place.table, row=place.row, column=place.column,
        )  # fmt: skip
        self._add("".join(piece.text for piece in joined), block, joined)

    def speech(self, block: Block, label: str | None, words: str) -> None:
        """Add a block as "LABEL: words", or the words alone when nobody is named.

        Cues cut speech where a line of the screen ends. A cue whose speaker just spoke
        in the cue before gets no label again, so that the turn slices out whole.

        :param block: kind, locator, time and table place; its offsets are ignored.
        """
        words = clean(words).strip()
        if blank(words):
            return
        label = label_of(label or "")
        front = f"{label}: " if label and not self._goes_on(block, label) else ""
        said = self._start() + len(front) if label else None
        self._append(front + words, block, speaker=label or None, said=said, bold=0)

    def source(self, metadata: Mapping[str, str] | None = None) -> Source:
        """Return the finished source."""
        return Source("\n".join(self._parts), tuple(self._blocks), dict(metadata or {}))

    def _add(self, text: str, block: Block, pieces: Sequence[Piece]) -> None:
        if not blank(text):
            self._append(text, block, speaker=block.speaker, said=block.said, bold=bold_start(pieces))

    def _goes_on(self, block: Block, label: str) -> bool:
        last = self._blocks[-1] if self._blocks else None
        return last is not None and last.kind == block.kind == "cue" and last.speaker == label

    def _start(self) -> int:
        return self._length + 1 if self._parts else 0

    def _append(self, text: str, block: Block, speaker: str | None, said: int | None, bold: int) -> None:
        start = self._start()
        self._parts.append(text)
        self._length = start + len(text)
        self._blocks.append(
            replace(block, start=start, end=self._length, speaker=speaker, said=said, bold=bold)
        )


def line_blocks(text: str, unit: str = "line") -> tuple[Block, ...]:
    """Return one paragraph block for every line of a canonical text that shows anything."""
    blocks = []
    start = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if not blank(line):
            blocks.append(Block(start, start + len(line), "paragraph", f"{unit} {number}"))
        start += len(line) + 1
    return tuple(blocks)


def _lines(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Cut a paragraph at its line breaks; lines that show nothing are left out."""
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        first, *rest = clean(piece.text).split("\n")
        lines[-1].append(Piece(first, piece.bold))
        lines.extend([Piece(part, piece.bold)] for part in rest)
    return [line for line in lines if not blank("".join(piece.text for piece in line))]
