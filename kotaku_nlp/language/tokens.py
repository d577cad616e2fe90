"""Words and numbers of a text, where they stand, and their normal forms."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from kotaku_nlp.language.listing import words
from kotaku_nlp.language.normalise import normalise, variants

_LETTER = r"[^\W\d_][\u0300-\u036f]*"
_PIECE = r"[^\W_][^\W_\u0300-\u036f]*(?:[\u0300-\u036f]+[^\W_]*)*"
#: In order: letters with dots ("a.n.", "S.Sos"), figures ("Rp5.000", "10.30", "2x"), words with hyphens.
_TOKEN = re.compile(
    rf"(?<![^\W_]){_LETTER}(?:\.{_LETTER})+(?:\.(?![^\W_]))?(?![^\W_])"
    rf"|(?:Rp)?\d+(?:[.,:/]\d+)+[^\W\d_]*"
    rf"|{_PIECE}(?:['’]{_PIECE})*(?:[-‐‑]{_PIECE}(?:['’]{_PIECE})*)*"
)
#: After these "lah" is a particle ("gitu lah"), else before a verb it is Jambi for "sudah".
_PARTICLE_HOSTS = frozenset({"begitu", "begini", "itu", "ini", "ya", "ada", "bisa", "lumayan", "iya"})
#: "RT", "SMP", "PD": never what the same small letters shorten.
_ACRONYM = re.compile(r"[B-DF-HJ-NP-TV-Z]{2,4}")
#: Marks that leave two words in one breath.
_QUOTES = " \t\n\r\"'“”‘’"


@dataclass(frozen=True, slots=True)
class Token:
    """One word or number: `text` as written, `start:end` where, `norm` its normal form.

    :param apart: a punctuation mark other than a quotation mark parts it from the token before.
    """

    text: str
    start: int
    end: int
    norm: str
    apart: bool = False


def tokenise(text: str) -> tuple[Token, ...]:
    """Return the words and numbers of a text in order; punctuation is left out.

    "sendiri-sendiri", "sendiri2" and "sendiri²" are one token with one normal form.
    `text[token.start:token.end] == token.text` holds for every token.

    :param text: any text.
    """
    matches = list(_TOKEN.finditer(text))
    shouted = text.isupper()
    found: list[Token] = []
    for match in matches:
        word = match[0].rstrip(".")
        start, end = match.start(), match.start() + len(word)
        norm = word.lower() if _is_name(text, word, end, shouted) else normalise(word)
        apart = bool(found) and bool(text[found[-1].end : start].strip(_QUOTES))
        found.append(Token(word, start, end, norm, apart))
    return tuple(
        _already(found, place) if token.norm == "lah" else token for place, token in enumerate(found)
    )


def _is_name(text: str, word: str, end: int, shouted: bool) -> bool:
    """Tell whether a listed short form is none here: "SMP", "dr. Rina", "Cak Mat", "La Ode"."""
    if len(word) > 4 or word.lower() not in variants():
        return False
    if not shouted and _ACRONYM.fullmatch(word):
        return True
    if word.lower() == "dr":
        return text.startswith(".", end)
    return (
        len(word) <= 3 and word.istitle() and text[end : end + 1] == " " and text[end + 1 : end + 3].istitle()
    )


def _already(tokens: list[Token], place: int) -> Token:
    """Return a free-standing "lah" as Jambi for "sudah" where it is: "kami lah siap", not "gitu lah"."""
    token = tokens[place]
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    if following is None or following.apart:
        return token
    if place == 0 or token.apart:
        return replace(token, norm="sudah")
    passive = following.norm.startswith("di") and len(following.norm) > 4
    if tokens[place - 1].norm in _PARTICLE_HOSTS or not (passive or following.norm in words("after_lah.txt")):
        return token
    return replace(token, norm="sudah")
