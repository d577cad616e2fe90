"""Cut a long turn at sentence bounds into pieces of nearly one length."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from math import ceil

Span = tuple[int, int]

MOST_SENTENCES = 4
#: A piece of fewer words is a fragment: it joins its neighbour wherever it can.
FRAGMENT = 12
_WORD = re.compile(r"\S+")
_PAUSE = re.compile(r"\n|(?<=[,;:…–—])\s")


def balanced(text: str, passage_words: int, sentences: Callable[[str], Sequence[Span]]) -> list[Span]:
    """Return the pieces of a turn as half-open spans in order; one when it is short enough.

    Every piece has one to four sentences and, where sentences allow, no fewer than twelve words;
    their number is the least that keeps to `passage_words`, their lengths are as even as can be.
    A sentence far longer than a passage, as speech recognisers write, is cut at its pauses.

    :param text: what was said.
    :param passage_words: words beyond which a turn is cut.
    :param sentences: text → spans of its sentences.
    """
    total = len(_WORD.findall(text))
    if total <= passage_words:
        return [(0, len(text))]
    units = [unit for span in sentences(text) for unit in _cut_sentence(text, span, passage_words)]
    lengths = [len(_WORD.findall(text[start:end])) for start, end in units]
    if len(units) < 2:
        return [(0, len(text))]
    best = _best(lengths, max(2, ceil(total / passage_words), ceil(len(units) / MOST_SENTENCES)))
    bounds = [0, *best]
    return [(units[a][0], units[b - 1][1]) for a, b in pairwise(bounds)]


def _best(lengths: Sequence[int], pieces: int) -> list[int]:
    """Return where the pieces end (in units) so that the sum of squared deviations is least.

    Plain dynamic programming over units; fragments cost so much that they stay only where
    every other cut would put more than four sentences into a piece.
    """
    target = sum(lengths) / pieces
    sums = [0]
    for length in lengths:
        sums.append(sums[-1] + length)

    def cost(start: int, end: int) -> float:
        words = sums[end] - sums[start]
        return (words - target) ** 2 + (1e6 if words < FRAGMENT else 0)

    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(lengths) + 1):
        starts = range(max(0, end - MOST_SENTENCES), end)
        best.append(min((best[start][0] + cost(start, end), start) for start in starts))
    ends = [len(lengths)]
    while best[ends[0]][1] > 0:
        ends.insert(0, best[ends[0]][1])
    return ends


def _cut_sentence(text: str, span: Span, passage_words: int) -> list[Span]:
    """Return a sentence whole, or its parts between pauses when it is longer than a passage and a half."""
    start, end = span
    limit = passage_words * 3 // 2
    if len(_WORD.findall(text[start:end])) <= limit:
        return [span]
    marks = [start, *(start + pause.end() for pause in _PAUSE.finditer(text[start:end])), end]
    parts: list[Span] = []
    for head, tail in pairwise(marks):
        parts.extend(_cut_words(text, head, tail, passage_words))
    return _joined(text, parts, passage_words)


def _cut_words(text: str, start: int, end: int, passage_words: int) -> list[Span]:
    """Return a stretch without pauses in parts of even length between words."""
    words = [(start + match.start(), start + match.end()) for match in _WORD.finditer(text[start:end])]
    if not words:
        return []
    count = ceil(len(words) / passage_words)
    size = ceil(len(words) / count)
    return [(words[at][0], words[min(at + size, len(words)) - 1][1]) for at in range(0, len(words), size)]


def _joined(text: str, parts: Sequence[Span], passage_words: int) -> list[Span]:
    """Return the parts joined to stretches of about half a passage, so that they count as sentences do."""
    found: list[Span] = []
    for part in parts:
        if found and len(_WORD.findall(text[found[-1][0] : part[1]])) <= passage_words // 2:
            found[-1] = (found[-1][0], part[1])
        else:
            found.append(part)
    return found
