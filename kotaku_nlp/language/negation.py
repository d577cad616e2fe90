"""What stands around an expression: negated or weakened, wished for, reported, hedged.

Scope is counted in tokens within one clause (after NegEx, Chapman et al., 2001), with the
negators of spoken Indonesian and their strength as data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from kotaku_nlp.language.listing import rows, words
from kotaku_nlp.language.phrases import Phrase, find, index_of
from kotaku_nlp.language.tokens import Token

_OWN = frozenset({"saya", "kami", "kita", "aku"})
#: "kata kunci", "dengan kata lain": nobody is quoted.
_NO_QUOTE = _OWN | {"kunci", "lain", "itu", "ini", "sepakat", "mufakat", "yang"}
_BEFORE_NO_QUOTE = frozenset({"dengan", "istilah", "arti", "bahasa"})


@dataclass(frozen=True, slots=True)
class Negation:
    """What the words around an expression do to it.

    :param factor: multiply the expression's weight by it: 1 untouched, -1 flipped,
        -0.7 "belum", -0.6 "kurang", 0.5 "kadang"; two negations give a product above 0.
    :param words: the negators that count, in order, as normal forms.
    """

    factor: float
    words: tuple[str, ...]


def negation(tokens: Sequence[Token], start: int, end: int) -> Negation:
    """Return what the clause's negators do to the expression at `tokens[start:end]`.

    A negator inside the expression belongs to it and is not applied again.

    :param tokens: tokens of one clause.
    :param start: first token of the expression.
    :param end: one past its last token.
    """
    factor, found = 1.0, []
    for phrase in find(tokens, index_of("negators.tsv", "not_negation.txt")):
        negator = _negators().get(phrase.words)
        if negator and _governs(tokens, phrase, negator, start, end):
            factor *= negator.factor
            found.append(phrase.words)
    return Negation(factor, tuple(found))


def negated(tokens: Sequence[Token], start: int, end: int | None = None) -> float:
    """Return the factor of `negation`: below 0 the expression is flipped.

    :param tokens: tokens of one clause.
    :param start: first token of the expression.
    :param end: one past its last token; one token when left out.
    """
    return negation(tokens, start, start + 1 if end is None else end).factor


def wished(tokens: Sequence[Token]) -> bool:
    """Tell whether a clause wishes: what it names is wanted, so it is not there.

    :param tokens: tokens of one clause.
    """
    found = find(tokens, index_of("wishes.txt", "not_wishes.txt"))
    return any(phrase.words not in words("not_wishes.txt") for phrase in found)


def reported(tokens: Sequence[Token]) -> bool:
    """Tell whether a clause gives what somebody else said or promised ("katanya", "kata dia").

    :param tokens: tokens of one clause.
    """
    return bool(find(tokens, index_of("reports.txt"))) or any(
        _quotes(tokens, place) for place, token in enumerate(tokens) if token.norm == "kata"
    )


def hedged(tokens: Sequence[Token]) -> bool:
    """Tell whether a clause is hedged ("mungkin", "kayaknya"): less certain, never of another sign.

    :param tokens: tokens of one clause.
    """
    return bool(find(tokens, index_of("hedges.txt")))


@dataclass(frozen=True, slots=True)
class _Negator:
    factor: float
    reach: int
    may_follow: bool


@cache
def _negators() -> Mapping[str, _Negator]:
    return {row[0]: _Negator(float(row[1]), int(row[2]), row[3] == "after") for row in rows("negators.tsv")}


def _governs(tokens: Sequence[Token], phrase: Phrase, negator: _Negator, start: int, end: int) -> bool:
    """Tell whether a negator reaches the expression, from before it or from the clause's end."""
    if phrase.end <= start:
        return start - phrase.end <= negator.reach and _unbroken(tokens, phrase.end - 1, start)
    after = phrase.start == end and phrase.end == len(tokens)
    return negator.may_follow and after and _unbroken(tokens, end - 1, phrase.start)


def _unbroken(tokens: Sequence[Token], first: int, last: int) -> bool:
    return all(not tokens[at + 1].apart for at in range(first, last))


def _quotes(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether "kata" at a place introduces a speaker: "kata dia", not "kata kunci"."""
    if place and tokens[place - 1].norm in _BEFORE_NO_QUOTE | _OWN:
        return False
    if place + 1 == len(tokens) or not _unbroken(tokens, place, place + 1):
        return False
    return tokens[place + 1].norm not in _NO_QUOTE
