"""A text cut into clauses, each with what surrounds its words: wish, report, hedge, time, contrast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kotaku_nlp.analysis.lexicon import units
from kotaku_nlp.language.clauses import Clause, clauses
from kotaku_nlp.language.negation import hedged, reported, wished
from kotaku_nlp.language.tokens import Token

Era = Literal["", "earlier", "later"]

#: Words that say which of two states is meant; "dulu" does so only near the start of its clause.
_EARLIER = frozenset("awalnya tadinya semula mulanya mula-mula dulunya dahulunya dahulu dulu".split())
_LATER = frozenset(
    "sekarang kini lama-lama lama-kelamaan belakangan akhirnya ujung-ujungnya sejak setelah sesudah".split()
)
_OPENING_WORDS = 4
#: Somebody unnamed says so: praise passed on in this way is doubted praise.
_HEARSAY = frozenset("katanya janjinya bilangnya konon kabarnya isunya".split())
_NAMED = frozenset("kata menurut".split())
_TITLES = frozenset("pak bapak bu ibu mas mbak bang abang kak pihak orang ketua kepala".split())


@dataclass(frozen=True)
class Part:
    """One clause of a text.

    :param number: 0-based position of the clause.
    :param start: offset of its first character in the text.
    :param end: one past its last.
    :param first: position of its first token in the text's tokens.
    :param tokens: its tokens.
    :param relation: how it is joined on (`language.clauses`).
    :param wished: what it names is wanted, so it is not there.
    :param reported: somebody else says so.
    :param hearsay: nobody in particular says so.
    :param hedged: the speaker is not sure.
    :param era: whether it tells of an earlier or a later state.
    """

    number: int
    start: int
    end: int
    first: int
    tokens: tuple[Token, ...]
    relation: str
    wished: bool
    reported: bool
    hearsay: bool
    hedged: bool
    era: Era

    @property
    def view(self) -> str:
        """Whose view it gives: `wished`, `reported` or `own`."""
        return "wished" if self.wished else "reported" if self.reported else "own"


def read_parts(text: str) -> tuple[tuple[Token, ...], tuple[Part, ...]]:
    """Return the tokens of a text and its clauses.

    :param text: any text.
    """
    tokens = units(text)
    parts: list[Part] = []
    at = 0
    for number, clause in enumerate(clauses(text)):
        first = at
        while at < len(tokens) and tokens[at].start < clause.end:
            at += 1
        parts.append(_part(number, clause, first, tokens[first:at]))
    return tokens, tuple(parts)


def source(part: Part, text: str) -> str | None:
    """Return who is quoted by "kata …" or "menurut …", as it stands in the text.

    :param part: a clause.
    :param text: the text it is cut from.
    """
    tokens = part.tokens
    for at, token in enumerate(tokens[:-1]):
        if token.norm in _NAMED:
            last = at + 1
            while last + 1 < len(tokens) and tokens[last].norm in _TITLES and last < at + 3:
                last += 1
            return text[tokens[at + 1].start : tokens[last].end]
    return None


def _part(number: int, clause: Clause, first: int, tokens: tuple[Token, ...]) -> Part:
    norms = {token.norm for token in tokens}
    return Part(
        number=number,
        start=clause.start,
        end=clause.end,
        first=first,
        tokens=tokens,
        relation=clause.relation,
        wished=clause.relation == "wish" or wished(tokens),
        reported=reported(tokens),
        hearsay=not _HEARSAY.isdisjoint(norms),
        hedged=hedged(tokens),
        era=_era(clause, tokens),
    )


def _era(clause: Clause, tokens: Sequence[Token]) -> Era:
    opening = {token.norm for token in tokens[:_OPENING_WORDS]}
    if clause.connective == "sebelum" or not _EARLIER.isdisjoint(opening):
        return "earlier"
    return "later" if not _LATER.isdisjoint(opening) else ""
