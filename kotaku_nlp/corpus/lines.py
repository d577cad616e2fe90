"""The lines of a source: blocks cut at their own line feeds, white space outside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kotaku_nlp.corpus.source import Block, Source


@dataclass(frozen=True)
class Line:
    """One line of a block: `text` is `source.text[start:end]`, no white space around it.

    :param bold: number of its leading characters that are bold.
    :param first: whether it is the first line of its block.
    :param gap: whether a blank line stands between it and the line before.
    """

    text: str
    start: int
    end: int
    block: Block
    bold: int
    first: bool
    gap: bool


#: White space of every width, zero-width marks included, that typists leave at the ends of lines.
SPACE = "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + "\u200b\u200e\u200f\ufeff"


def lines_of(source: Source) -> tuple[Line, ...]:
    """Return the lines of a source in reading order; empty ones are left out.

    :param source: what a reader found.
    """
    found: list[Line] = []
    end = 0
    for block in source.blocks:
        for index, (start, stop) in enumerate(_spans(source.text, block)):
            gap = bool(found) and source.text.count("\n", end, start) > 1
            bold = max(0, min(block.start + block.bold, stop) - start)
            found.append(Line(source.text[start:stop], start, stop, block, bold, index == 0, gap))
            end = stop
    return tuple(found)


def _spans(text: str, block: Block) -> Iterator[tuple[int, int]]:
    start = block.start
    for piece in text[block.start : block.end].split("\n"):
        head, tail = trim(text, start, start + len(piece))
        if head < tail:
            yield head, tail
        start += len(piece) + 1


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return an interval without the white space at its ends.

    :param text: the canonical text.
    :param start: first character.
    :param end: one past the last.
    """
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip(SPACE))
    return start, max(start, start + len(piece.strip(SPACE)))
