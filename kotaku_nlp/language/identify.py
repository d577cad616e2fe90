"""Guess the language of a transcript from its function words, and how much Jambi is in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Literal

from kotaku_nlp.language.listing import rows, words
from kotaku_nlp.language.normalise import is_jambi
from kotaku_nlp.language.tokens import Token, tokenise

Detected = Literal["id", "ms", "en", "und"]

#: Fewer words say too little.
_LEAST_WORDS = 6
#: Share of function words below which no language is named; running speech has 30 % and more.
_LEAST_SHARE = 0.15
_OTHERS = ("jv", "su", "min")


def language_of(text: str) -> Detected:
    """Return "id", "ms" or "en", or "und" for other languages and for too little text.

    Indonesian with Jambi Malay in it counts as Indonesian; so does text that could be
    Indonesian as well as Malay.

    :param text: any text, best a whole transcript.
    """
    spoken = _spoken(text)
    if len(spoken) < _LEAST_WORDS:
        return "und"
    counts = {language: _count(spoken, listed) for language, listed in _lists().items()}
    malay = sum(token.norm in words("stopwords.txt") or is_jambi(token.text) for token in spoken)
    best = max(malay, counts["en"], *(counts[language] for language in _OTHERS))
    if best < _LEAST_SHARE * len(spoken):
        return "und"
    if counts["en"] == best and counts["en"] > malay:
        return "en"
    if best > malay:
        return "und"
    jambi = sum(is_jambi(token.text) and token.text.lower() not in _lists()["ms"] for token in spoken)
    return "ms" if counts["ms"] > counts["id"] + 2 * jambi + 1 else "id"


def dialect_share(text: str) -> float:
    """Return the share of a text's words that are on the list of Jambi Malay, 0 to 1.

    :param text: any text; an empty one gives 0.
    """
    spoken = _spoken(text)
    return sum(is_jambi(token.text) for token in spoken) / len(spoken) if spoken else 0.0


def _spoken(text: str) -> list[Token]:
    return [token for token in tokenise(text) if token.text[0].isalpha()]


def _count(tokens: Sequence[Token], listed: frozenset[str]) -> int:
    return sum(token.text.lower() in listed for token in tokens)


@cache
def _lists() -> Mapping[str, frozenset[str]]:
    return {row[0]: frozenset(row[1].split()) for row in rows("function_words.tsv")}
