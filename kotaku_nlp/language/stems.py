"""The stem of an Indonesian word: affixes taken off until a root of the dictionary is left."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from kotaku_nlp.language.listing import words
from kotaku_nlp.language.normalise import known

#: Prefix → first letters of what may follow it; any when empty.
_PREFIXES = {
    "di": "",
    "ke": "",
    "se": "",
    "be": "kr",
    "ber": "",
    "bel": "a",
    "te": "r",
    "ter": "",
    "per": "",
    "pel": "a",
    "me": "lmnrwy",
    "mem": "bfpv",
    "men": "cdjsz",
    "meng": "aeghikou",
    "menge": "bcdlprst",
    "pe": "",
    "pem": "bfpv",
    "pen": "cdjsz",
    "peng": "aeghikou",
    "penge": "bcdlprst",
}
#: Prefix → the letter that it swallows before a vowel: "menulis" is "tulis", "menyapu" "sapu".
_SWALLOWED = {
    "mem": "p", "men": "t", "meny": "s", "meng": "k", "pem": "p", "pen": "t", "peny": "s", "peng": "k",
}  # fmt: skip
_VOWELS = "aeiou"
_SUFFIXES = ("", "kan", "an", "i")
_MOST_PREFIXES = 2
_SHORTEST = 3
#: Offices, which are not the people who hold them.
_THEMSELVES = frozenset({"kelurahan", "kecamatan", "pemerintah"})


@lru_cache(maxsize=1 << 16)
def stem_of(word: str) -> str:
    """Return the root of one word, or the word itself where no known root is in it.

    Up to two prefixes and a suffix are taken off (after Nazief and Adriani, 1996); of several roots the one
    under the fewest affixes counts, then the longest. "pembangunan" and "dibangun" are "bangun".

    :param word: a normal form in lower case, without clitics.
    """
    if word in words("roots.txt") or word in _THEMSELVES:
        return word
    found = min(_roots_in(word), default=None)
    return found[-1] if found else word


def _roots_in(word: str) -> Iterator[tuple[int, int, int, str]]:
    """Yield the roots in a word, each after its number of affixes, of letters left over, and of prefixes."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix):
            for prefixes, left, core in _cores(word[: len(word) - len(suffix)]):
                if len(core) >= _SHORTEST and core != word and core in known():
                    yield prefixes + bool(suffix), len(suffix) + left, prefixes, core


def _cores(trunk: str, prefixes: int = 0, left: int = 0) -> Iterator[tuple[int, int, str]]:
    """Yield a word and what is left of it under prefixes; a letter restored counts as one left over."""
    yield prefixes, left, trunk
    if prefixes == _MOST_PREFIXES:
        return
    for prefix, followers in _PREFIXES.items():
        rest = trunk.removeprefix(prefix)
        if rest not in ("", trunk) and (not followers or rest[0] in followers):
            yield from _cores(rest, prefixes + 1, left + len(prefix))
    for prefix, letter in _SWALLOWED.items():
        rest = trunk.removeprefix(prefix)
        if rest not in ("", trunk) and rest[0] in _VOWELS:
            yield from _cores(letter + rest, prefixes + 1, left + len(prefix) + 1)
