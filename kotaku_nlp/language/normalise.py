"""Bring one written word to its normal form: lower case, colloquial and Jambi forms mapped.

Jambi Malay comes from a closed list, never by a rule o→a: info, foto, toko,
Tebo and Bungo end in -o too. Clitics are split off only where a word remains.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from kotaku_nlp.language.listing import pairs, words

#: Longest first: "teman-temannyalah" loses -lah, then -nya.
_CLITICS = ("nya", "lah", "kah", "pun", "ku", "mu")
#: A stem this long keeps its sense without -nya even when no list knows it: "pembagiannya".
_LONG_STEM = 5
#: A shorter known word carries a clitic only if it is one of these: "itulah", not "maslah".
_SHORT_STEM = 4
_HOSTS = frozenset({"ada", "apa", "aku", "dia", "itu", "ini", "mau", "ibu", "ayo", "air", "isi", "tim"})
#: "berbeda2" is "berbeda-beda": the prefix stands once.
_PREFIXES = ("ber", "ter", "di", "se")
#: Typed stretching: "lamaaa", "bangeeet".
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
#: "teman2", "masing²", "lempar2an", "teman2nya".
_DOUBLED = re.compile(r"([^\W\d_]{2,})[2²]([^\W\d_]{0,4})")
_ROMAN = re.compile(r"[ivxlcdm]+")
_HYPHENS = re.compile(r"[‐‑]")
#: Written with a raised two they mean an area or a gas.
_UNITS = frozenset({"km", "cm", "mm", "dm", "hm", "co", "no", "so"})
_VOWEL = re.compile(r"[aeiou]")
_ROUNDS = 6


@lru_cache(maxsize=1 << 16)
def normalise(word: str) -> str:
    """Return the normal form of one word; doing it twice changes nothing.

    A few written fusions have a normal form of two words: "dakdo" is "tidak ada".

    :param word: a word as it was written, e.g. the text of a token.
    """
    form = _HYPHENS.sub("-", word.lower().replace("’", "'"))
    for _ in range(_ROUNDS):
        shorter = _step(form)
        if shorter == form:
            break
        form = shorter
    return form


def fold(text: str) -> str:
    """Return the normal forms of a text's words joined by single blanks, to match lists against.

    :param text: any text; punctuation is left out.
    """
    from kotaku_nlp.language.tokens import tokenise

    return " ".join(token.norm for token in tokenise(text))


def is_jambi(word: str) -> bool:
    """Tell whether a word stands on the list of Jambi Malay, or carries its clitic -nyo.

    :param word: a word as it was written.
    """
    form = word.lower()
    first = form.split("-")[0]
    listed = pairs("jambi.tsv")
    return form in listed or first in listed or (form.endswith("nyo") and form != "nyo")


@cache
def variants() -> Mapping[str, str]:
    """Return every listed form → its normal form; lists written for this project come first."""
    return {**pairs("colloquial_mit.tsv"), **pairs("colloquial.tsv"), **pairs("jambi.tsv")}


@cache
def known() -> frozenset[str]:
    """Return words that are Indonesian as they stand: roots, and words that only look clitic."""
    return words("roots.txt") | words("fixed.txt") | words("lexicon.txt")


def _step(form: str) -> str:
    """Take one step towards the normal form, or return the form itself."""
    if " " in form:
        return form
    if form in variants():
        return variants()[form]
    if form in words("fixed.txt"):
        return form
    squeezed = form if _ROMAN.fullmatch(form) else _STRETCHED.sub(r"\1", form)
    if squeezed != form and len(squeezed) > 1:
        return squeezed
    doubled = _DOUBLED.fullmatch(form)
    if doubled:
        return _doubled(form, doubled[1], doubled[2])
    if "-" in form.strip("-"):
        return _hyphenated(form)
    return _without_clitic(form)


def _doubled(form: str, stem: str, ending: str) -> str:
    """Write "X2" as "X-X" where X can be a word: not "m²", not "RT2"."""
    normal = normalise(stem)
    if " " in normal or stem in _UNITS:
        return form
    for prefix in _PREFIXES:
        root = normal.removeprefix(prefix)
        if root != normal and normal not in known() and root in known() and len(root) >= _SHORT_STEM:
            return f"{normal}-{root}{ending}"
    if normal in known() or normal != stem or (len(stem) >= 4 and _VOWEL.search(stem)):
        return f"{normal}-{normal}{ending}"
    return form


def _hyphenated(form: str) -> str:
    """Normalise the parts of a hyphenated word; "SK-nya" is "sk", "teman-temannya" "teman-teman"."""
    *front, last = (part for part in form.split("-") if part)
    if front and (last in _CLITICS or last == "nyo"):
        return "-".join(front)
    if len(front) == 1 and last.startswith(front[0]) and _bare(last, front[0]):
        last = front[0]
    parts = [_part(part) for part in (*front, last)]
    return "-".join(parts)


def _part(part: str) -> str:
    normal = normalise(part)
    return part if " " in normal else normal


def _bare(word: str, stem: str) -> bool:
    return word[len(stem) :] in (*_CLITICS, "nyo", "")


def _without_clitic(form: str) -> str:
    """Split one clitic off, where a word remains."""
    if form in known():
        return form
    if form.startswith("di") and form.endswith("in") and form[2:] not in known() and _is_root(form[2:-2]):
        return f"{form[:-2]}kan"
    if form.endswith("nyo") and len(form) > 5:
        stem = variants().get(form[:-3], form[:-3])
        return form if " " in stem else f"{stem}nya"
    for clitic in _CLITICS:
        if form.endswith(clitic):
            return _stem(form, clitic)
    return form


def _is_root(stem: str) -> bool:
    return len(stem) >= _SHORT_STEM and stem in known()


def _stem(form: str, clitic: str) -> str:
    stem = form[: -len(clitic)]
    if stem in variants() and " " not in variants()[stem]:
        return variants()[stem] + clitic if variants()[stem] != stem else stem
    if stem in known() and (len(stem) >= _SHORT_STEM or stem in _HOSTS):
        return stem
    if clitic == "nya" and len(stem) >= _LONG_STEM:
        return stem
    return form
