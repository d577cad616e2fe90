"""How a program counted positions in a text, found out from what it says it selected.

The standard says "Unicode code point" and is silent on byte-order marks and line breaks; programs
also count UTF-16 units or bytes, and a line break as one or two. Twelve conventions follow, and the
preview that most programs store with a selection tells which it was.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Literal

MARK = "\ufeff"
_LINE_END = re.compile("\r\n|\r|\n")
Unit = Literal["codepoint", "utf16", "byte"]
UNITS: tuple[Unit, ...] = ("codepoint", "utf16", "byte")
#: Characters that take more than one unit.
_WIDE = {"codepoint": "(?!)", "utf16": "[\U00010000-\U0010ffff]", "byte": "[^\x00-\x7f]"}


@dataclass(frozen=True)
class Convention:
    """One way to count.

    :param unit: what counts as one position.
    :param breaks: 1 when a line break counts one, 2 when it counts as it is stored (CR LF as two).
    :param bom: whether the byte-order mark is counted too.
    """

    unit: Unit = "codepoint"
    breaks: Literal[1, 2] = 1
    bom: bool = False


def canonical(raw: str) -> str:
    """Return a decoded file as canonical text: no byte-order mark, LF line ends, nothing else changed."""
    return _LINE_END.sub("\n", raw.lstrip(MARK))


def stored(raw: str) -> Convention:
    """Return the standard's own convention: code points of the file as it is stored, no mark."""
    return Convention(breaks=2 if "\r\n" in raw else 1)


def candidates(raw: str) -> tuple[Convention, ...]:
    """Return the conventions that could differ on a text: twelve, or six without a byte-order mark."""
    marks = (False, True) if raw.startswith(MARK) else (False,)
    breaks: tuple[Literal[1, 2], ...] = (1, 2)
    return tuple(Convention(u, b, m) for u, b, m in product(UNITS, breaks, marks))


class Ruler:
    """Translates positions of one text between a convention and canonical code points.

    :param raw: the decoded file, byte-order mark and line ends as stored.
    :param convention: how positions are counted.
    """

    def __init__(self, raw: str, convention: Convention) -> None:
        text = canonical(raw)
        self._size = len(text)
        marks = len(raw) - len(raw.lstrip(MARK))
        self._offset = marks * _width(MARK, convention.unit) if convention.bom else 0
        widths = _break_widths(raw) if convention.breaks == 2 else iter(())
        pattern = _WIDE[convention.unit] + ("|\n" if convention.breaks == 2 else "")
        #: Where wide characters stand: in canonical text, in the program's own count, and how wide.
        self._at: list[int] = []
        self._from: list[int] = []
        self._wide: list[int] = []
        extra = 0
        for match in re.finditer(pattern, text):
            width = next(widths) if match.group() == "\n" else _width(match.group(), convention.unit)
            self._at.append(match.start())
            self._from.append(self._offset + match.start() + extra)
            self._wide.append(width)
            extra += width - 1
        self._text = text

    def count(self, index: int) -> int:
        """Return how the convention counts a canonical index."""
        last = bisect_left(self._at, index) - 1
        if last < 0:
            return self._offset + index
        return self._from[last] + self._wide[last] + index - self._at[last] - 1

    def index(self, position: int) -> int | None:
        """Return the canonical index of a position, or None outside the text or inside a character.

        A position between CR and LF is the place before the line break.
        """
        last = bisect_right(self._from, position) - 1
        if last < 0:
            index = position - self._offset
        elif position >= self._from[last] + self._wide[last]:
            index = self._at[last] + 1 + position - self._from[last] - self._wide[last]
        elif position == self._from[last] or self._text[self._at[last]] == "\n":
            index = self._at[last]
        else:
            return None
        return index if 0 <= index <= self._size else None

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Return a selection in canonical text, or None when it holds nothing there."""
        first, last = self.index(start), self.index(end)
        return None if first is None or last is None or first >= last else (first, last)


def _width(char: str, unit: str) -> int:
    if unit == "byte":
        return len(char.encode("utf-8", "surrogatepass"))
    return 2 if unit == "utf16" and ord(char) > 0xFFFF else 1


def _break_widths(raw: str) -> Iterator[int]:
    """Return what each line break counts: as stored, or two where the file keeps no CR LF at all.

    The latter is a program that counts its own CR LF and writes LF, as XML content forces it to.
    """
    ends = _LINE_END.findall(raw)
    kept = "\r\n" in raw
    return iter([len(end) if kept else 2 for end in ends])
