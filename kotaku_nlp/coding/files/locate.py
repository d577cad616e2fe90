"""Where a quote stands in a transcript: exactly, then but for spelling of signs, then nearly.

Nothing is guessed: a quote that fits several places equally well is said to, with all of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import Literal

Span = tuple[int, int]
How = Literal["exact", "folded", "parts", "close", "nowhere"]

_SIGNS = str.maketrans({
    **dict.fromkeys("“”„‟«»″", '"'), **dict.fromkeys("‘’‚‛′`´", "'"), **dict.fromkeys("‐‑‒–—―−", "-"),
    "…": "...", **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff"),
})  # fmt: skip
_WORD = re.compile(r"\w+(?:['-]\w+)*")
#: A stretch that the researcher left out of a quote.
_LEFT_OUT = re.compile(r"\s*[\[(]\s*(?:\.\.\.|-)\s*[\])]\s*|\s*\.\.\.\s*")
#: Characters that may lie between two parts of a quote.
_WIDEST_GAP = 2_000
#: Share of characters that a near place must share with the quote, and its lead over the next best.
CLOSE, LEAD = 0.85, 0.05
#: Shorter quotes fit nearly everywhere; longer ones cost too much and are never typed by hand.
_FEWEST_WORDS, _MOST_WORDS = 4, 600
_CANDIDATES = 5
#: A quote may begin or end inside a word only when it is at least this long: "ya" is not in "saya".
_CUT_WORDS = 15


@dataclass(frozen=True)
class Located:
    """Where a quote stands.

    :param how: "exact"; "folded" but for white space, quotation marks, dashes and case; "parts" with
        something left out between; "close" with other words; "nowhere".
    :param spans: every place that fits equally well, in order; one when the quote is located.
    :param score: share of characters in common, 1 but for "close".
    """

    how: How
    spans: tuple[Span, ...] = ()
    score: float = 1.0

    @property
    def span(self) -> Span | None:
        """The place, when there is exactly one."""
        return self.spans[0] if len(self.spans) == 1 else None


class Page:
    """A text in which quotes are looked up; what the search needs is made once."""

    def __init__(self, text: str) -> None:
        self.text = text

    def locate(self, quote: str) -> Located:
        """Return where a quote stands.

        :param quote: as the researcher has it; blanks and quotation marks around it are no part of it.
        """
        quote = quote.strip()
        if not quote:
            return Located("nowhere")
        if spans := tuple(_whole(quote, self.text)):
            return Located("exact", spans)
        pattern = fold(quote).text.strip(" \"'")
        if not pattern:
            return Located("nowhere")
        if spans := tuple(self._back(span) for span in _whole(pattern, self._folded.text)):
            return Located("folded", spans)
        if spans := tuple(self._back(span) for span in self._parts(pattern)):
            return Located("parts", spans)
        return self._close(pattern)

    @cached_property
    def _folded(self) -> Folded:
        return fold(self.text)

    @cached_property
    def _words(self) -> list[tuple[str, int, int]]:
        return [(match[0], match.start(), match.end()) for match in _WORD.finditer(self._folded.text)]

    @cached_property
    def _where(self) -> dict[str, list[int]]:
        where: dict[str, list[int]] = {}
        for number, (word, _, _) in enumerate(self._words):
            where.setdefault(word, []).append(number)
        return where

    def _back(self, span: Span) -> Span:
        """Return a span of the folded text as one of the text."""
        return self._folded.starts[span[0]], self._folded.ends[span[1] - 1]

    def _parts(self, pattern: str) -> Iterator[Span]:
        """Yield where the parts of a quote follow each other, what was left out between them."""
        first, *others = [part for part in _LEFT_OUT.split(pattern) if part.strip()] or [""]
        if first == pattern or len(_WORD.findall(pattern)) < _FEWEST_WORDS:
            return
        for start, end in _whole(first, self._folded.text):
            for part in others:
                at = self._folded.text.find(part, end, end + _WIDEST_GAP)
                end = at + len(part) if at >= 0 else -1
                if at < 0:
                    break
            if end >= 0:
                yield start, end

    def _close(self, pattern: str) -> Located:
        """Return where nearly the same words stand; two places that fit alike are both named."""
        words = [match[0] for match in _WORD.finditer(pattern)]
        if not _FEWEST_WORDS <= len(words) <= _MOST_WORDS:
            return Located("nowhere")
        tried = (self._aligned(words, first) for first in self._candidates(words))
        found = sorted((one for one in tried if one and one[0] >= CLOSE), reverse=True)
        apart: list[tuple[float, Span]] = []
        for score, span in found:
            overlaps = any(span[0] < other[1] and other[0] < span[1] for _, other in apart)
            if not overlaps and score > found[0][0] - LEAD:
                apart.append((score, span))
        if not apart:
            return Located("nowhere")
        return Located("close", tuple(sorted(self._back(span) for _, span in apart)), apart[0][0])

    def _candidates(self, words: Sequence[str]) -> list[int]:
        """Return where the quote may begin (numbers of words): where most of its rarer words agree."""
        votes: dict[int, float] = defaultdict(float)
        width = max(2, len(words) // 8)
        for at, word in enumerate(words):
            places = self._where.get(word, [])
            for place in places:
                votes[(place - at) // width] += 1 / len(places)
        joined = {slot: vote + votes.get(slot + 1, 0.0) for slot, vote in votes.items()}
        best = sorted(joined, key=lambda slot: (-joined[slot], slot))[:_CANDIDATES]
        return [slot * width for slot in best]

    def _aligned(self, words: Sequence[str], first: int) -> tuple[float, Span] | None:
        """Return how well the quote fits near a word, and where it begins and ends there."""
        slack = max(3, len(words) // 4)
        low = max(0, first - slack)
        window = self._words[low : first + len(words) + 2 * slack]
        matcher = SequenceMatcher(None, words, [word for word, _, _ in window], autojunk=False)
        blocks = [block for block in matcher.get_matching_blocks() if block.size]
        if not blocks:
            return None
        # The ends of the quote may be the very words that differ.
        head = max(0, blocks[0].b - blocks[0].a)
        tail = min(len(window), blocks[-1].b + len(words) - blocks[-1].a)
        span = window[head][1], window[tail - 1][2]
        ratio = _similarity(words, [word for word, _, _ in window[head:tail]])
        return ratio, span


@dataclass(frozen=True)
class Folded:
    """A text in which white space, quotation marks, dashes, accents' spelling and case are made alike.

    :param starts: for every character, where the one that it comes from begins in the text.
    :param ends: for every character, where that one ends.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def fold(text: str) -> Folded:
    """Return a text folded, with the way back."""
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for at, char in enumerate(text):
        if char.isspace():
            if chars and chars[-1] == " ":
                ends[-1] = at + 1
                continue
            made = " "
        else:
            made = unicodedata.normalize("NFD", char.translate(_SIGNS)).casefold()
        chars += made
        starts += [at] * len(made)
        ends += [at + 1] * len(made)
    return Folded("".join(chars), tuple(starts), tuple(ends))


def _places(pattern: str, text: str) -> Iterator[Span]:
    at = text.find(pattern)
    while at >= 0:
        yield at, at + len(pattern)
        at = text.find(pattern, at + 1)


def _whole(pattern: str, text: str) -> list[Span]:
    """Return the places of a pattern, those that cut a word in two only where there are no others."""
    spans = list(_places(pattern, text)) if pattern else []
    bounded = [
        (start, end)
        for start, end in spans
        if not (text[start - 1 : start].isalnum() and pattern[0].isalnum())
        and not (text[end : end + 1].isalnum() and pattern[-1].isalnum())
    ]
    return bounded or (spans if len(pattern) >= _CUT_WORDS else [])


def _similarity(one: Sequence[str], other: Sequence[str]) -> float:
    """Return the share of characters in common; words that differ are compared letter by letter."""
    same = 0.0
    for tag, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        left, right = " ".join(one[a:b]), " ".join(other[c:d])
        if tag == "equal":
            same += 2 * len(left)
        elif tag == "replace":
            same += SequenceMatcher(None, left[:400], right[:400], autojunk=False).ratio() * (
                len(left) + len(right)
            )
    # The blanks between the stretches belong to neither, so they are left out of the whole as well.
    whole = sum(map(len, one)) + sum(map(len, other)) + max(0, len(one) - 1) + max(0, len(other) - 1)
    return min(1.0, same / max(1, whole))
