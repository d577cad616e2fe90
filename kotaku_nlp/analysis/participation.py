"""Read one passage for who took part, who was left out, and who worked for pay: rules over clauses.

A clause counts when it holds an act of taking part and somebody who does it: a named actor, or the
speaker ("kami") whose group the informant table knows. Denials and wishes mean left out, conditions and
questions mean nothing but that somebody was named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kotaku_nlp.analysis.actors import actors_among
from kotaku_nlp.analysis.aliases import Word
from kotaku_nlp.analysis.statements import (
    NAMED,
    OWN,
    Person,
    Statement,
    preceded_by,
    resolved,
    somebody,
    statements,
)
from kotaku_nlp.language.negation import negation
from kotaku_nlp.language.normalise import fold
from kotaku_nlp.language.phrases import Phrase
from kotaku_nlp.language.tokens import Token
from kotaku_nlp.records import GROUPS

INVOLVED, EXCLUDED, CONTRACTUAL, MENTIONED = "involved", "excluded", "contractual", "mentioned"

_BESIDE = frozenset("dan sama dengan bersama bareng serta juga beserta atau plus".split())
_NOT_YET = frozenset("akan bakal rencananya nanti kagek hendak insyaallah".split())
_WANTED = frozenset("mau ingin pengen kepingin suruh nyuruh biar supaya agar".split())
_NONE_OF = ("tidak satu pun", "tidak ada satu pun", "tidak ada yang", "belum ada yang", "tidak seorang pun")
_BY = frozenset({"oleh"})
_CHAIN = 3
_ASKED = frozenset({"passive", "asked", "invite"})
#: What these are paid to do every day is no sign of taking part.
_AT_WORK = frozenset({"facilitator", "government"})
#: So many words may open a clause whose subject is left out.
_OPENING = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """What a clause says of one group.

    :param group: one of `records.GROUPS`.
    :param status: involved, excluded, contractual or mentioned.
    :param start: first character of the clause, or of the name of someone merely mentioned.
    :param end: one past its last.
    :param reported: somebody else says so.
    :param rule: the kind of act and its words, then what turned it ("+denied", "+wished").
    """

    group: str
    status: str
    start: int
    end: int
    reported: bool
    rule: str


def read_participation(
    text: str, group: str, tokens: Sequence[Token], words: Sequence[Word]
) -> tuple[Finding, ...]:
    """Return what a passage says of who took part.

    :param text: the passage.
    :param group: the speaker's group, for "kami"; an unknown one gives nothing.
    :param tokens: its tokens.
    :param words: `words_of` them.
    """
    own = group if group in GROUPS else ""
    found: list[Finding] = []
    subject: Person | None = None
    for part in statements(text, own, tokens, actors_among(words, text)):
        part = replace(part, people=resolved(part.people, subject))
        found += _of_clause(part, subject)
        subject = next((person for person in reversed(part.people) if not person.aside), subject)
    return tuple(found)


def _of_clause(part: Statement, subject: Person | None) -> Iterator[Finding]:
    """Yield what one clause says: its acts first, then everybody who is merely named."""
    told = set()
    for phrase, kind in part.acts:
        for person, status, turn in _judged(part, phrase, kind, subject):
            told.add(person.group)
            yield _finding(part, person.group, status, f"{kind}:{phrase.words}{turn}")
    for person in part.people:
        if person.contractual and not part.open:
            told.add(person.group)
            yield _finding(part, person.group, CONTRACTUAL, "paid:named")
        elif person.source == NAMED and person.group not in told:
            yield Finding(person.group, MENTIONED, person.start, person.end, part.reported, "named")


def _finding(part: Statement, group: str, status: str, rule: str) -> Finding:
    return Finding(group, status, part.clause.start, part.clause.end, part.reported, rule)


def _judged(
    part: Statement, phrase: Phrase, kind: str, subject: Person | None
) -> Iterator[tuple[Person, str, str]]:
    """Yield who an act concerns, as what, and what turned it."""
    if kind == "paid":
        yield from _paid(part)
        return
    if part.open or _is_future(part.tokens, phrase):
        return
    denied = _is_denied(part.tokens, phrase)
    if kind == "out":
        people, status, turn = _before_or_own(part, phrase, subject), EXCLUDED, ""
        if denied:
            return
    elif denied or part.wished:
        if not _may_exclude(part, phrase, kind, denied):
            return
        people = _left_out(part, phrase, kind, subject)
        status, turn = EXCLUDED, "+denied" if denied else "+wished"
    else:
        people, status, turn = _taking_part(part, phrase, kind, subject), INVOLVED, ""
    for person in people:
        if not person.contractual:
            yield person, status, turn


def _may_exclude(part: Statement, phrase: Phrase, kind: str, denied: bool) -> bool:
    """Tell whether the lack of an act leaves somebody out: "jangan diajak" tells of nothing that happened."""
    if any(token.norm == "jangan" for token in part.tokens[: phrase.start]):
        return False
    return kind in _ASKED or (kind == "attend" and (denied or part.wished))


def _paid(part: Statement) -> Iterator[tuple[Person, str, str]]:
    """Yield the private firms of a clause about pay, or its speaker where "kami" is paid."""
    for person in part.people:
        if person.group == "private_sector" or (person.source == OWN and part.own == "private_sector"):
            yield person, CONTRACTUAL, ""
        elif person.source == OWN and any(token.norm in ("diupah", "digaji") for token in part.tokens):
            yield person, CONTRACTUAL, ""


def _taking_part(part: Statement, phrase: Phrase, kind: str, subject: Person | None) -> list[Person]:
    before, after = _sides(part, phrase)
    if kind == "asked":
        return []
    if kind == "invite":
        people = [*before[-1:], *after]
    elif kind == "passive":
        people = _chain(part, before) or _beside(part, after, phrase)
    elif kind == "done":
        people = after or [person for person in before if preceded_by(person, part.tokens, _BY)]
    else:
        people = [*_chain(part, before), *_beside(part, after, phrase)]
    people = people or _nobody_named(part, phrase, kind, subject)
    return [person for person in people if not _at_work(part, person, kind)]


def _at_work(part: Statement, person: Person, kind: str) -> bool:
    """Tell whether a deed of the speaker is only the job: "kami kirim laporan" says an official."""
    if person.source != OWN:
        return False
    if part.own == "facilitator":
        return kind in ("attend", "do", "deed", "done", "common")
    return kind in ("deed", "done") and part.own in _AT_WORK


def _nobody_named(part: Statement, phrase: Phrase, kind: str, subject: Person | None) -> list[Person]:
    """Return who is meant where nobody is named: residents for common work, else whoever was spoken of."""
    if part.people or _follows_yang(part.tokens, phrase):
        return []
    if kind == "common":
        return [somebody(part, "community")]
    opens = phrase.start <= _OPENING and kind in ("join", "do", "passive")
    return [somebody(part, subject.group, subject.contractual)] if subject and opens else []


def _left_out(part: Statement, phrase: Phrase, kind: str, subject: Person | None) -> list[Person]:
    """Return whom a denied act leaves out."""
    before, after = _sides(part, phrase)
    if kind == "invite":
        return after or ([somebody(part, part.own)] if part.own and not _has_own(before) else [])
    if kind in ("passive", "asked") and not before and not _follows_yang(part.tokens, phrase):
        return [somebody(part, part.own)] if part.own else []
    return _chain(part, before) or (after if _follows_yang(part.tokens, phrase) or kind == "attend" else [])


def _before_or_own(part: Statement, phrase: Phrase, subject: Person | None) -> list[Person]:
    before, after = _sides(part, phrase)
    if before:
        return _chain(part, before)
    told = part.own and not after and phrase.start <= _OPENING
    return [somebody(part, part.own)] if told else []


def _has_own(people: Sequence[Person]) -> bool:
    return any(person.source == OWN for person in people)


def _sides(part: Statement, phrase: Phrase) -> tuple[list[Person], list[Person]]:
    people = [person for person in part.people if not person.aside and person.group]
    before = [person for person in people if person.last <= phrase.start]
    return before, [person for person in people if person.first >= phrase.end]


def _chain(part: Statement, before: Sequence[Person]) -> list[Person]:
    """Return the nearest person before an act and those joined to it ("warga, RT dan lurah")."""
    found = list(before[-1:])
    for person in reversed(before[:-1]):
        if not _joined(part, person, found[0]) or (
            not _is_beside(part, person.last, found[0].first) and _acts_before(part, person)
        ):
            break
        found.insert(0, person)
    return found


def _beside(part: Statement, after: Sequence[Person], phrase: Phrase) -> list[Person]:
    """Return those named after an act who share it: "rapat dengan lurah", "yang datang warga dan RT"."""
    if not _follows_yang(part.tokens, phrase):
        return [
            person for person in after if _is_beside(part, max(phrase.end, person.first - 2), person.first)
        ]
    found = list(after[:1])
    for person in after[1:]:
        later = any(act.start >= person.last for act, _ in part.acts)
        if not _joined(part, found[-1], person) or (
            later and not _is_beside(part, found[-1].last, person.first)
        ):
            break
        found.append(person)
    return found


def _joined(part: Statement, left: Person, right: Person) -> bool:
    """Tell whether two people stand in one list: a comma or "dan" between them, and little else."""
    gap = right.first - left.last
    comma = part.tokens[left.last].start - part.tokens[left.last - 1].end > 1
    return gap <= _CHAIN and (comma or _is_beside(part, left.last, right.first))


def _is_beside(part: Statement, first: int, last: int) -> bool:
    return any(token.norm in _BESIDE for token in part.tokens[first:last])


def _acts_before(part: Statement, person: Person) -> bool:
    return any(act.end <= person.first for act, _ in part.acts)


def _follows_yang(tokens: Sequence[Token], phrase: Phrase) -> bool:
    return any(token.norm == "yang" for token in tokens[max(0, phrase.start - 3) : phrase.start])


def _is_denied(tokens: Sequence[Token], phrase: Phrase) -> bool:
    before = fold(" ".join(token.text for token in tokens[: phrase.start]))
    if any(words in before for words in _NONE_OF):
        return True
    return negation(tokens, phrase.start, phrase.end).factor < 0


def _is_future(tokens: Sequence[Token], phrase: Phrase) -> bool:
    if phrase.start and tokens[phrase.start - 1].norm in _WANTED:
        return True
    return any(token.norm in _NOT_YET for token in tokens[max(0, phrase.start - 4) : phrase.start])
