"""Word lists as matchers: entries over token norms in a trie, patterns over folded text.

The lists are data files under `data/`. An entry may offer alternatives (`a/b`),
words that may be missing (`?a`) and, where it says so, a gap of up to three words
(`*`). Longer entries win over shorter ones, so that "tidak pernah diajak" is one
unit and its "diajak" is not counted again.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any

from kotaku_nlp.language.tokens import Token, tokenise

ASPECT_CODES: Mapping[str, str] = {
    "koor": "coordination",
    "kom": "communication",
    "koop": "cooperation",
}
#: Norms that turn what follows into its opposite; an entry that holds one is a unit.
NEGATORS = frozenset("tidak tak belum bukan kurang tanpa minim jarang jangan tiada".split())
_GAP = "*"
_GAP_TOKENS = 3
_END = ""
_CLITIC = re.compile(r"(?<=\w{3})(?:nya|nyo|lah|kah|pun|ku|mu)$")
_BREAK = re.compile(r"[.!?;\n]")


@dataclass(frozen=True)
class Entry:
    """One line of a list.

    :param term: the entry as the list writes it.
    :param weight: −3 … 3; 0 names a theme without judging it.
    :param aspects: aspects it is evidence of; empty for general words.
    :param soft: whether it counts only beside a judgement.
    :param near: norms of which one must stand in the sentence, if any are given.
    :param away: norms of which none may.
    :param unit: whether it holds its own negator, so that outer negation was already used.
    """

    term: str
    weight: float
    aspects: tuple[str, ...] = ()
    soft: bool = False
    near: frozenset[str] = frozenset()
    away: frozenset[str] = frozenset()
    unit: bool = False


@dataclass(frozen=True)
class Hit:
    """An entry found at tokens `first:last` (half-open, positions in the token list)."""

    entry: Entry
    first: int
    last: int
    size: int


@dataclass(frozen=True)
class Lexicon:
    """A compiled list: a trie of nested dicts, and patterns.

    :param trie: norm → deeper trie; the empty key holds the entry that ends there.
    :param patterns: compiled regular expressions over folded text, with their entries.
    :param size: how many forms the trie holds.
    """

    trie: Mapping[str, Any]
    patterns: tuple[tuple[re.Pattern[str], Entry], ...] = ()
    size: int = 0

    def match(self, tokens: Sequence[Token], text: str) -> list[Hit]:
        """Return the hits in one text, longest first, none overlapping, in text order.

        :param tokens: tokens of the text.
        :param text: the text; entries do not reach across its commas, patterns not across its sentence ends.
        """
        found: list[Hit] = []
        for start, stop in sentences(tokens, text):
            norms = [token.norm for token in tokens[start:stop]]
            keys = [word_keys(norm) for norm in norms]
            present = {key for variants in keys for key in variants}
            commas = {at - start for at in _after_comma(tokens, text, start, stop)}
            terms = (hit for hit in self._terms(keys) if commas.isdisjoint(range(hit.first + 1, hit.last)))
            hits = [*terms, *self._slots(norms)]
            kept = _longest(hit for hit in hits if _in_context(hit.entry, present))
            found += [Hit(hit.entry, hit.first + start, hit.last + start, hit.size) for hit in kept]
        return sorted(found, key=lambda hit: hit.first)

    def _terms(self, keys: Sequence[tuple[str, ...]]) -> Iterator[Hit]:
        for first in range(len(keys)):
            if any(key in self.trie for key in keys[first]):
                for last, entry, size in _walk(self.trie, keys, first, 0):
                    yield Hit(entry, first, last, size)

    def _slots(self, norms: Sequence[str]) -> Iterator[Hit]:
        if not self.patterns:
            return
        folded, starts = fold(norms)
        for pattern, entry in self.patterns:
            for match in pattern.finditer(folded):
                first = _position(starts, match.start())
                last = _position(starts, match.end() - 1) + 1
                yield Hit(entry, first, last, min(last - first, 4))


def units(text: str) -> tuple[Token, ...]:
    """Return the tokens of a text, those whose norm is two words ("dakdo") as two.

    :param text: any text.
    """
    found: list[Token] = []
    for token in tokenise(text):
        parts = token.norm.split(" ")
        found += [token] if len(parts) == 1 else [replace(token, norm=part) for part in parts]
    return tuple(found)


def fold(norms: Sequence[str]) -> tuple[str, list[int]]:
    """Join norms with single blanks.

    :param norms: token norms.
    :return: the folded text and where each token starts in it.
    """
    starts, at = [], 0
    for norm in norms:
        starts.append(at)
        at += len(norm) + 1
    return " ".join(norms), starts


@cache
def word_keys(norm: str) -> tuple[str, ...]:
    """Return the forms under which a token is looked up: as it is, and without its clitic."""
    bare = _CLITIC.sub("", norm)
    return (norm,) if bare == norm else (norm, bare)


def sentences(tokens: Sequence[Token], text: str) -> Iterator[tuple[int, int]]:
    """Yield token ranges that no full stop, question mark or line end interrupts.

    :param tokens: tokens of `text`.
    :param text: the text itself.
    """
    start = 0
    for i in range(1, len(tokens)):
        if _BREAK.search(text, tokens[i - 1].end, tokens[i].start):
            yield start, i
            start = i
    if start < len(tokens):
        yield start, len(tokens)


def _after_comma(tokens: Sequence[Token], text: str, start: int, stop: int) -> Iterator[int]:
    for at in range(start + 1, stop):
        if "," in text[tokens[at - 1].end : tokens[at].start]:
            yield at


@cache
def aspect_lexicon() -> Lexicon:
    """Return the aspect list with its patterns, compiled."""
    entries = []
    for term, weight, codes, context in _rows("aspects.tsv", 4):
        near, away = _context(context)
        soft = weight == "~"
        entries.append(
            Entry(term, 0.0 if soft else float(weight), _aspects(codes), soft, near, away, _is_unit(term))
        )
    patterns = tuple(
        (re.compile(pattern), Entry(f"slot:{number}", float(weight), _aspects(codes), unit=True))
        for number, (pattern, weight, codes) in enumerate(_rows("slots.tsv", 3), start=1)
    )
    return compile_lexicon(entries, patterns)


@cache
def general_lexicon() -> Lexicon:
    """Return the general polarity words, compiled."""
    rows = _rows("polarity.tsv", 2)
    return compile_lexicon([Entry(term, float(weight), unit=_is_unit(term)) for term, weight in rows])


def compile_lexicon(
    entries: Iterable[Entry], patterns: Sequence[tuple[re.Pattern[str], Entry]] = ()
) -> Lexicon:
    """Build the trie of a list of entries; of two entries with one form the first wins.

    :param entries: entries whose terms may hold `a/b`, `?a` and `*`.
    :param patterns: regular expressions over folded text.
    """
    trie: dict[str, Any] = {}
    size = 0
    for entry in entries:
        for words in expand(entry.term):
            node = trie
            for word in words:
                node = node.setdefault(word, {})
            node.setdefault(_END, entry)
            size += 1
    return Lexicon(trie, tuple(patterns), size)


def expand(term: str) -> list[tuple[str, ...]]:
    """Return every form of a term as norms, its alternatives and optional words written out.

    :param term: a term such as "?sudah cepat/langsung dijawab".
    """
    choices: list[list[str]] = []
    for part in term.split():
        optional, part = part.startswith("?"), part.removeprefix("?")
        choices.append([*part.split("/"), ""] if optional else part.split("/"))
    forms = {_norms(choice) for choice in product(*choices)}
    return sorted(form for form in forms if form)


def _norms(words: Iterable[str]) -> tuple[str, ...]:
    """Normalise as texts are, gap marks aside, so that list and text always meet."""
    found: list[str] = []
    for word in words:
        found += [_GAP] if word == _GAP else [token.norm for token in units(word)]
    return tuple(found)


def _walk(
    node: Mapping[str, Any], keys: Sequence[tuple[str, ...]], at: int, size: int
) -> Iterator[tuple[int, Entry, int]]:
    """Yield (end, entry, words matched) of every entry below `node` that continues at `at`."""
    if _END in node:
        yield at, node[_END], size
    if at >= len(keys):
        return
    for key in keys[at]:
        if key in node and key != _END:
            yield from _walk(node[key], keys, at + 1, size + 1)
    if _GAP in node:
        for skipped in range(_GAP_TOKENS + 1):
            yield from _walk(node[_GAP], keys, at + skipped, size)


def _longest(hits: Iterable[Hit]) -> list[Hit]:
    taken: set[int] = set()
    kept = []
    for hit in sorted(hits, key=lambda hit: (-hit.size, -abs(hit.entry.weight), hit.first)):
        positions = range(hit.first, hit.last)
        if taken.isdisjoint(positions):
            taken.update(positions)
            kept.append(hit)
    return kept


def _in_context(entry: Entry, present: set[str]) -> bool:
    return entry.away.isdisjoint(present) and (not entry.near or not entry.near.isdisjoint(present))


def _position(starts: Sequence[int], offset: int) -> int:
    return bisect_right(starts, offset) - 1


def _rows(name: str, columns: int) -> list[list[str]]:
    text = files("kotaku_nlp.analysis").joinpath("data", name).read_text(encoding="utf-8")
    lines = [line for line in text.split("\n") if line and not line.startswith("#")][1:]
    return [(line.split("\t") + [""] * columns)[:columns] for line in lines]


def _aspects(codes: str) -> tuple[str, ...]:
    return tuple(ASPECT_CODES[code] for code in codes.split("+"))


def _context(cell: str) -> tuple[frozenset[str], frozenset[str]]:
    words = frozenset(key for word in cell.lstrip("+-").split(",") if word for key in _norms([word]))
    return (words, frozenset()) if cell.startswith("+") else (frozenset(), words)


def _is_unit(term: str) -> bool:
    return any(not NEGATORS.isdisjoint(word.removeprefix("?").split("/")) for word in term.split())
