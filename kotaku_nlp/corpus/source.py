"""What a reader hands on: a file's canonical text and the blocks it is made of.

Canonical text: decoded, BOM removed, CRLF and CR as LF, no Unicode normalisation;
paragraphs, table cells (row by row) and subtitle cues joined by one LF, speaker
labels included. Every offset is a half-open code-point interval into it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Block:
    """One paragraph, table cell or subtitle cue: `text[start:end]`, without its line feed.

    :param start: where it begins in the canonical text.
    :param end: where it ends.
    :param kind: what it was in the file.
    :param locator: its place in the file, e.g. "paragraph 12", "table 1 row 3 column 2", "cue 7".
    :param speaker: who speaks, where the format itself says so (a voice tag, a column, a field).
    :param said: where what was said begins, when the reader knows; `start` otherwise.
    :param time: time mark as the file gives it.
    :param bold: number of characters at its start that are bold.
    :param table: number of the table the cell stands in, 1-based.
    :param row: row of that table, 1-based.
    :param column: column of that table, 1-based.
    """

    start: int
    end: int
    kind: Literal["paragraph", "cell", "cue"]
    locator: str
    speaker: str | None = None
    said: int | None = None
    time: str | None = None
    bold: int = 0
    table: int | None = None
    row: int | None = None
    column: int | None = None


@dataclass(frozen=True)
class Source:
    """A file, read but not yet understood.

    :param text: the canonical text.
    :param blocks: its blocks in reading order; blank lines belong to no block.
    :param metadata: front matter or header fields that the format itself marks as such.
    """

    text: str
    blocks: tuple[Block, ...]
    metadata: Mapping[str, str] = field(default_factory=dict)
