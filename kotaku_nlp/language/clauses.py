"""Cut sentences into clauses at connectives, and say how each clause is joined on.

Polite criticism lives in the joint: after "tapi" the second half carries the
weight, and a clause headed by "meskipun" yields to its neighbour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal, cast

from kotaku_nlp.language.listing import rows
from kotaku_nlp.language.phrases import Phrase, find, index_of
from kotaku_nlp.language.sentences import sentences
from kotaku_nlp.language.tokens import Token, tokenise

Relation = Literal["", "contrast", "concession", "cause", "condition", "wish", "addition", "time"]

#: A clause that opens a sentence with one of these ends at its first comma; a concession does anywhere.
_SUBORDINATE = ("concession", "condition", "cause", "time")
_LEAST_WORDS = 2
_OPENING = "([{“‘\"'"


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: `start:end` in the text, the connective that heads it and what that says.

    :param connective: normal form of the connective, "" where none stands.
    :param relation: how the clause is joined on; a concession yields to its neighbour.
    """

    start: int
    end: int
    connective: str = ""
    relation: Relation = ""


def clauses(text: str) -> tuple[Clause, ...]:
    """Return the clauses of a text in order.

    Every character that is no white space lies in exactly one clause, and no clause
    crosses a sentence. A piece of one word joins its neighbour in the sentence.
    "Tidak hanya X tapi juga Y" stays one clause.

    :param text: any text.
    """
    tokens = tokenise(text)
    found: list[Clause] = []
    at = 0
    for start, end in sentences(text):
        first = at
        while at < len(tokens) and tokens[at].start < end:
            at += 1
        found.extend(_of_sentence(text, start, end, tokens[first:at]))
    return tuple(found)


def _of_sentence(text: str, start: int, end: int, tokens: Sequence[Token]) -> list[Clause]:
    """Return the clauses of one sentence."""
    heads = _heads(text, tokens)
    cuts = _joined(_with_commas(text, tokens, heads), tokens)
    places = [start, *(_cut(text, tokens[cut].start) for cut in cuts[1:]), end]
    found = []
    for number, cut in enumerate(cuts):
        first, last = _trimmed(text, places[number], places[number + 1])
        found.append(replace(heads.get(cut, Clause(0, 0)), start=first, end=last))
    return found


def _heads(text: str, tokens: Sequence[Token]) -> dict[int, Clause]:
    """Return position of a connective → the clause it heads, offsets still open."""
    found: dict[int, Clause] = {}
    paired = 0
    additions = [phrase.end for phrase in find(tokens, index_of("not_only.txt"))]
    for phrase in find(tokens, index_of("connectives.tsv")):
        relation, where = _connectives()[phrase.words]
        if relation == "-" or (where == "edge" and not _at_edge(text, tokens, phrase)):
            continue
        if relation == "contrast" and paired < sum(end <= phrase.start for end in additions):
            paired += 1
            continue
        found[phrase.start] = Clause(0, 0, phrase.words, relation)
    return found


def _at_edge(text: str, tokens: Sequence[Token], phrase: Phrase) -> bool:
    if phrase.start == 0:
        return True
    gap = text[tokens[phrase.start - 1].end : tokens[phrase.start].start]
    return any(mark in gap for mark in ",;:–—…") or " - " in gap


def _with_commas(text: str, tokens: Sequence[Token], heads: Mapping[int, Clause]) -> list[int]:
    """Return where clauses begin: connectives, semicolons, and the comma that ends a subordinate opening."""
    cuts = {0, *heads}
    for place in range(1, len(tokens)):
        if ";" in text[tokens[place - 1].end : tokens[place].start]:
            cuts.add(place)
    for opening in sorted(heads):
        relation = heads[opening].relation
        if relation == "concession" or (opening == 0 and relation in _SUBORDINATE):
            stop = min((cut for cut in cuts if cut > opening), default=len(tokens))
            comma = _first_comma(text, tokens, opening, stop)
            cuts |= {comma} if comma else set()
    return sorted(cuts)


def _first_comma(text: str, tokens: Sequence[Token], opening: int, stop: int) -> int | None:
    """Return the first place after a comma that leaves enough words on both sides."""
    for place in range(opening + _LEAST_WORDS, stop - _LEAST_WORDS + 1):
        if "," in text[tokens[place - 1].end : tokens[place].start]:
            return place
    return None


def _joined(cuts: list[int], tokens: Sequence[Token]) -> list[int]:
    """Drop the cuts that leave a piece of fewer than two words."""
    kept = [0]
    for cut in cuts[1:]:
        if cut - kept[-1] >= _LEAST_WORDS:
            kept.append(cut)
    if len(kept) > 1 and len(tokens) - kept[-1] < _LEAST_WORDS:
        kept.pop()
    return kept


def _cut(text: str, place: int) -> int:
    """Move a cut before the opening marks of its first word."""
    while place > 0 and text[place - 1] in _OPENING:
        place -= 1
    return place


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


@cache
def _connectives() -> Mapping[str, tuple[Relation | Literal["-"], str]]:
    return {row[0]: (cast("Relation", row[1]), row[2]) for row in rows("connectives.tsv")}
