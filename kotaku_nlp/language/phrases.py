"""Find listed phrases among tokens: the longest at each place, compared by normal form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from kotaku_nlp.language.listing import rows
from kotaku_nlp.language.tokens import Token


@dataclass(frozen=True, slots=True)
class Phrase:
    """A listed phrase found at `tokens[start:end]`; `words` is the list's entry."""

    start: int
    end: int
    words: str


#: First word → the entries that begin with it, longest first; a final "*" stands for any ending.
Index = Mapping[str, tuple[tuple[str, ...], ...]]


@cache
def index_of(*names: str) -> Index:
    """Return the index of the entries (first column) of one or more lists.

    :param names: file names of lists.
    """
    return make_index(row[0] for name in names for row in rows(name))


def make_index(entries: Iterable[str]) -> Index:
    """Return an index of phrases for `find`.

    :param entries: phrases of normal forms, words parted by blanks.
    """
    found: dict[str, list[tuple[str, ...]]] = {}
    for entry in dict.fromkeys(entries):
        parts = tuple(entry.split())
        found.setdefault(parts[0], []).append(parts)
    return {first: tuple(sorted(group, key=len, reverse=True)) for first, group in found.items()}


def find(tokens: Sequence[Token], index: Index) -> list[Phrase]:
    """Return the phrases among the tokens, left to right, longest first, without overlap.

    A token whose normal form has two words ("dakdo") counts as both.

    :param tokens: tokens of a text or clause.
    :param index: what `index_of` or `make_index` returned.
    """
    stream = [(word, place) for place, token in enumerate(tokens) for word in token.norm.split()]
    found: list[Phrase] = []
    at = 0
    while at < len(stream):
        entry = _longest(stream, at, index)
        if entry:
            last = at + len(entry) - 1
            found.append(Phrase(stream[at][1], stream[last][1] + 1, " ".join(entry)))
        at += len(entry) or 1
    return found


def _longest(stream: list[tuple[str, int]], at: int, index: Index) -> tuple[str, ...]:
    for entry in index.get(stream[at][0], ()):
        following = stream[at : at + len(entry)]
        if len(following) == len(entry) and all(map(_same, entry, (word for word, _ in following))):
            return entry
    return ()


def _same(entry: str, word: str) -> bool:
    if entry.endswith("*"):
        return word.startswith(entry[:-1]) and len(word) > len(entry) + 1
    return word == entry
