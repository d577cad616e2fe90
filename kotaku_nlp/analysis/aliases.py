"""Names as lists give them, found among the words of a text: longest first, clitics off, case where it tells.

Hyphens part words ("ibu-ibu" is two), so that hyphen and space variants are equal. A name in capitals
of up to four letters is found only in capitals; every other name in any case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

from kotaku_nlp.language.normalise import normalise
from kotaku_nlp.language.tokens import Token

T = TypeVar("T")

_HYPHEN = re.compile(r"[-‐‑]")
_CLITIC = re.compile(r"(?<=\w\w)(?:nya|nyo|lah|kan|kah|pun|tu)$")
_LONGEST_ACRONYM = 4
_END = ""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text, a part of a hyphenated one included.

    :param text: as written.
    :param start: where it begins in the text.
    :param end: one past its end.
    :param forms: what a list may call it: in small letters, normalised, without its clitic.
    """

    text: str
    start: int
    end: int
    forms: tuple[str, ...]


def words_of(tokens: Iterable[Token]) -> tuple[Word, ...]:
    """Return the words of a text, hyphenated ones in their parts.

    :param tokens: tokens of the text.
    """
    found: list[Word] = []
    for token in tokens:
        parts = _HYPHEN.split(token.text)
        if len(parts) == 1 and "-" in token.norm:  # "ibu2"
            found += [Word(part, token.start, token.end, _forms(part)) for part in token.norm.split("-")]
            continue
        at = token.start
        for part in parts:
            if part:
                found.append(Word(part, at, at + len(part), _forms(part)))
            at += len(part) + 1
    return tuple(found)


def spoken_words(name: str) -> tuple[str, ...]:
    """Return a list's name as the small-letter words that a text is compared with.

    :param name: e.g. "ibu-ibu PKK" or "RT/RW".
    """
    return tuple(re.findall(r"[^\W_]+", name.lower()))


def is_acronym(name: str) -> bool:
    """Tell whether a name is found only in capitals.

    :param name: a name as its list writes it.
    """
    return len(name) <= _LONGEST_ACRONYM and name.isalnum() and name.isupper()


def written_as(word: Word, name: str) -> bool:
    """Tell whether a word is written exactly so, a clitic in small letters apart ("BKMnya").

    :param word: a word of a text.
    :param name: a name of one word.
    """
    rest = word.text.removeprefix(name)
    return word.text.startswith(name) and (not rest or (rest.islower() and rest.isalpha()))


class Names(Generic[T]):
    """A compiled list of names, each with what it stands for.

    :param entries: name → what it stands for, in the order in which equals are tried.
    """

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        self._trie: dict[str, Any] = {}
        for name, value in entries:
            node = self._trie
            for word in spoken_words(name):
                node = node.setdefault(word, {})
            node.setdefault(_END, []).append((name, value))

    def at(self, words: Sequence[Word], place: int) -> list[tuple[int, T]]:
        """Return what begins at a place, as (one past its last word, value), longest first.

        :param words: words of a text.
        :param place: position among them.
        """
        found = [
            (end, value)
            for end, name, value in _walk(self._trie, words, place)
            if not is_acronym(name) or written_as(words[place], name)
        ]
        return sorted(found, key=lambda hit: -hit[0])

    def find(self, words: Sequence[Word]) -> list[tuple[int, int, T]]:
        """Return (first word, one past the last, value) of the longest names, none overlapping.

        :param words: words of a text.
        """
        found: list[tuple[int, int, T]] = []
        place = 0
        while place < len(words):
            hits = self.at(words, place)
            if hits:
                found.append((place, *hits[0]))
            place = hits[0][0] if hits else place + 1
        return found


def _walk(node: dict[str, Any], words: Sequence[Word], place: int) -> Iterator[tuple[int, str, Any]]:
    for name, value in node.get(_END, ()):
        yield place, name, value
    if place < len(words):
        for form in words[place].forms:
            if form in node:
                yield from _walk(node[form], words, place + 1)


@lru_cache(maxsize=1 << 15)
def _forms(text: str) -> tuple[str, ...]:
    lower = text.lower()
    forms = [lower, normalise(lower), _CLITIC.sub("", lower)]
    forms.append(normalise(forms[-1]))
    return tuple(dict.fromkeys(form for form in forms if form and " " not in form))
