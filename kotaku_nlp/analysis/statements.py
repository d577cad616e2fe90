"""A passage as statements: clauses with the people in them, the acts they hold, and their mood."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from kotaku_nlp.analysis.actors import Actor
from kotaku_nlp.language.clauses import Clause, clauses
from kotaku_nlp.language.negation import reported, wished
from kotaku_nlp.language.normalise import fold
from kotaku_nlp.language.phrases import Index, Phrase, find, make_index
from kotaku_nlp.language.tokens import Token

#: How a person stands in a clause: named (""), as the speaker's own side, or as somebody named before.
NAMED, OWN, EARLIER = "", "own", "earlier"

_CONTRACTUAL = "contractual"
_OWN = frozenset({"kami", "kita", "saya", "aku", "ambo", "kulo", "torang", "kitorang", "beta"})
_THEM = frozenset({"dia", "ia", "beliau", "mereka"})
_POLITE = frozenset({"pak", "bapak", "bu", "ibu", "para", "semua"})
#: After these somebody is for whom, where, or by whose account, and does nothing.
_ASIDE = frozenset(
    "untuk buat bagi kepada ke pada terhadap tentang soal demi mengenai seperti kayak "
    "rumah warung depan belakang halaman samping jalan pos lahan tanah kantor menurut kata bilang".split()
)
_NO_ACT = "-"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a clause.

    :param first: position of the first token in the clause.
    :param last: one past the last; both 0 where the words leave the person out.
    :param group: one of `records.GROUPS`; "" until it is known whom "mereka" means.
    :param source: NAMED, OWN or EARLIER.
    :param start: where the name begins in the passage.
    :param end: one past its end.
    :param contractual: works for pay.
    :param aside: named as a place, a receiver or a source, not as somebody who acts.
    """

    first: int
    last: int
    group: str
    source: str
    start: int
    end: int
    contractual: bool = False
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """A clause with its people and acts, and the mood it is in.

    :param clause: where it stands.
    :param tokens: its tokens.
    :param people: who is in it, in order.
    :param acts: words of taking part, each with its kind (`involvement_acts.tsv`).
    :param own: the speaker's group, "" when nobody knows it.
    :param open: it asks or supposes, rather than tells.
    :param wished: what it names is wanted, so it is not there.
    :param reported: somebody else says so.
    """

    clause: Clause
    tokens: tuple[Token, ...]
    people: tuple[Person, ...]
    acts: tuple[tuple[Phrase, str], ...]
    own: str
    open: bool
    wished: bool
    reported: bool


def resolved(people: Sequence[Person], subject: Person | None) -> tuple[Person, ...]:
    """Give "mereka" and "beliau" the group spoken of before.

    :param people: the people of a statement.
    :param subject: the last person of the statements before it.
    """
    found: list[Person] = []
    for person in people:
        if person.source == EARLIER:
            known = next((other for other in reversed(found) if other.source == NAMED), subject)
            if known:
                person = replace(person, group=known.group, contractual=known.contractual)
        found.append(person)
    return tuple(person for person in found if person.group)


def statements(text: str, own: str, tokens: Sequence[Token], actors: Sequence[Actor]) -> Iterator[Statement]:
    """Yield the clauses of a passage with what they hold.

    :param text: the passage.
    :param own: the speaker's group, or "".
    :param tokens: tokens of the passage.
    :param actors: `find_actors` of the passage.
    """
    at = 0
    for clause in clauses(text):
        first = at
        while at < len(tokens) and tokens[at].start < clause.end:
            at += 1
        inside = tuple(tokens[first:at])
        acts = tuple(
            (phrase, kind) for phrase in find(inside, _index()) if (kind := _kinds()[phrase.words]) != _NO_ACT
        )
        yield Statement(
            clause=clause,
            tokens=inside,
            people=_people(inside, [a for a in actors if clause.start <= a.start < clause.end], own),
            acts=acts,
            own=own,
            open=_is_open(text, clause, inside),
            wished=clause.relation == "wish" or wished(inside),
            reported=reported(inside),
        )


def _is_open(text: str, clause: Clause, tokens: Sequence[Token]) -> bool:
    """Tell whether a clause asks or supposes, rather than tells."""
    return clause.relation == "condition" or text[clause.start : clause.end].rstrip("\"”'’ ").endswith("?")


def _people(tokens: Sequence[Token], actors: Sequence[Actor], own: str) -> tuple[Person, ...]:
    found = []
    for actor in actors:
        places = [i for i, token in enumerate(tokens) if token.start < actor.end and token.end > actor.start]
        if places:
            found.append(_named(actor, places, tokens))
    for place, token in enumerate(tokens):
        if token.norm in _OWN and own:
            found.append(Person(place, place + 1, own, OWN, token.start, token.end))
        elif token.norm in _THEM:
            found.append(Person(place, place + 1, "", EARLIER, token.start, token.end))
    return tuple(
        replace(person, aside=person.aside or _is_aside(person, tokens))
        for person in sorted(found, key=lambda person: person.first)
    )


def _named(actor: Actor, places: Sequence[int], tokens: Sequence[Token]) -> Person:
    paid = _CONTRACTUAL in actor.flags
    return Person(places[0], places[-1] + 1, actor.group, "", actor.start, actor.end, contractual=paid)


def _is_aside(person: Person, tokens: Sequence[Token]) -> bool:
    """Tell whether somebody is only for whom, where, or by whose account."""
    return preceded_by(person, tokens, _ASIDE)


def preceded_by(person: Person, tokens: Sequence[Token], wanted: frozenset[str]) -> bool:
    """Tell whether a word stands right before somebody, politeness aside.

    :param person: somebody among the tokens.
    :param tokens: tokens of the clause.
    :param wanted: normal forms.
    """
    before = person.first - 1
    while before >= 0 and tokens[before].norm in _POLITE:
        before -= 1
    return before >= 0 and tokens[before].norm in wanted


def somebody(part: Statement, group: str, contractual: bool = False) -> Person:
    """Return somebody whom the words of a statement leave out.

    :param part: the statement.
    :param group: whom the context gives.
    :param contractual: whether that is somebody who works for pay.
    """
    source = OWN if group == part.own else EARLIER
    return Person(0, 0, group, source, part.clause.start, part.clause.end, contractual)


@cache
def _kinds() -> dict[str, str]:
    found: dict[str, str] = {}
    path = files("kotaku_nlp.analysis").joinpath("data", "involvement_acts.tsv")
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, entries = line.split("\t")
            for entry in entries.split("|"):
                folded = entry if entry.endswith("*") else fold(entry)
                found.setdefault(folded, kind)
    return found


@cache
def _index() -> Index:
    return make_index(_kinds())
