"""Find the stakeholders a text names: who is spoken of, never who speaks.

Word-boundary matching against `frameworks/stakeholders.yaml`: clitics and honorifics aside, longest match
wins, short acronyms only in capitals, ambiguous forms by their rules. "kami", "kita" and "awak" are no
names: whom they mean is the informant table's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from kotaku_nlp.analysis.aliases import Names, Word, spoken_words, words_of, written_as
from kotaku_nlp.language.tokens import tokenise

#: How far a word may stand from an ambiguous form and still explain it.
_NEAR = 5
_SENTENCE_END = re.compile(r"[.!?;\n]")
_NUMBER = "<number>"
_TO_PLACES = frozenset({"di", "ke"})

Terms = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Actor:
    """A stakeholder named at `start:end` of a text.

    :param text: the name as written.
    :param group: one of `records.GROUPS`.
    :param kind: the sub-list it stands on, e.g. "ward", "programme_body", "company".
    :param flags: what else the lists say of it: contractual, state_owned, security, local.
    """

    start: int
    end: int
    text: str
    group: str
    kind: str
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Entry:
    """A name of a list; the rule fields are empty where a name always counts."""

    name: str
    group: str | None
    kind: str
    flags: frozenset[str]
    ruled: bool = False
    exact: bool = False
    near: Terms = ()
    blocked: Terms = ()
    not_before: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    not_after: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Lists:
    """Everything compiled: the names, and the words that tell persons from places."""

    names: Names[_Entry]
    honorifics: frozenset[str]
    place_before: frozenset[str]
    office_before: frozenset[str]
    buildings: frozenset[str]
    numbers: frozenset[str]
    deeds: frozenset[str]


def find_actors(text: str) -> tuple[Actor, ...]:
    """Return the stakeholders named in a text, in order, none overlapping.

    :param text: any text; `text[actor.start:actor.end] == actor.text` holds.
    """
    return actors_among(words_of(tokenise(text)), text)


def actors_among(words: Sequence[Word], text: str) -> tuple[Actor, ...]:
    """Return the stakeholders among the words of a text.

    :param words: `words_of` its tokens.
    :param text: the text itself.
    """
    found: list[Actor] = []
    place = 0
    while place < len(words):
        end, entry = _match(words, place, text)
        if entry and entry.group is not None and not _belongs(entry, words, place, found, text):
            _add(found, _actor(words, place, end, entry, text), text)
        place = end
    return tuple(found)


def _match(words: Sequence[Word], place: int, text: str) -> tuple[int, _Entry | None]:
    """Return where to go on, and the longest name that begins here and means a stakeholder.

    "Balai warga" is a place: its second word names nobody either.
    """
    beyond = place + 1
    for end, entry in _lists().names.at(words, place):
        if entry.ruled and _holds(entry, words, place, end, text):
            return end, entry
        if not entry.ruled and not _is_building(entry, words, place):
            return end, entry
        if entry.ruled and _one_of(words, end, entry.not_after):
            beyond = max(beyond, end + 1)
    return beyond, None


def _belongs(entry: _Entry, words: Sequence[Word], place: int, found: Sequence[Actor], text: str) -> bool:
    """Tell whether an office only says whose the actor before it is: "LPM kelurahan"."""
    return bool(entry.after and found) and not text[found[-1].end : words[place].start].strip()


def _is_building(entry: _Entry, words: Sequence[Word], place: int) -> bool:
    lists = _lists()
    return entry.name.lower() in lists.buildings and _one_of(words, place - 1, _TO_PLACES)


def _holds(entry: _Entry, words: Sequence[Word], first: int, last: int, text: str) -> bool:
    if entry.exact and not written_as(words[first], entry.name):
        return False
    around = _around(words, first, last, text)
    if entry.blocked and any(_stands(term, part) for term in entry.blocked for part in around):
        return False
    if _one_of(words, first - 1, entry.not_before):
        return False
    if entry.group is not None and _one_of(words, first - 1, _lists().honorifics):
        return not entry.near or _explained(entry, around)
    return _is_no_place(entry, words, first, last) and (not entry.near or _explained(entry, around))


def _around(words: Sequence[Word], first: int, last: int, text: str) -> tuple[Sequence[Word], Sequence[Word]]:
    """Return the words near a form, up to the ends of its sentence."""
    left, right = first, last
    while left > max(0, first - _NEAR) and not _ends(text, words, left):
        left -= 1
    while right < min(len(words), last + _NEAR) and not _ends(text, words, right):
        right += 1
    return words[left:first], words[last:right]


def _ends(text: str, words: Sequence[Word], place: int) -> bool:
    return _SENTENCE_END.search(text, words[place - 1].end, words[place].start) is not None


def _explained(entry: _Entry, around: tuple[Sequence[Word], Sequence[Word]]) -> bool:
    return any(_stands(term, part) for term in entry.near for part in around)


def _is_no_place(entry: _Entry, words: Sequence[Word], first: int, last: int) -> bool:
    """Tell "kelurahan menunggu" and "ketua RT" from "di kelurahan" and "RT 21"."""
    lists = _lists()
    if entry.after:
        if _one_of(words, first - 1, lists.place_before | lists.office_before):
            return False
        return _one_of(words, last, entry.after | lists.deeds)
    if entry.kind == "area" and _one_of(words, first - 1, lists.place_before):
        return False
    if _NUMBER in entry.not_after and last < len(words):
        if words[last].text[0].isdigit() or _one_of(words, last, lists.numbers):
            return False
    return not _one_of(words, last, entry.not_after)


def _one_of(words: Sequence[Word], place: int, wanted: frozenset[str]) -> bool:
    return 0 <= place < len(words) and not wanted.isdisjoint(words[place].forms)


def _stands(term: tuple[str, ...], words: Sequence[Word]) -> bool:
    """Tell whether a term of one or more words stands somewhere among these."""
    size = len(term)
    return any(
        all(part in word.forms for part, word in zip(term, words[at : at + size], strict=True))
        for at in range(len(words) - size + 1)
    )


def _actor(words: Sequence[Word], first: int, last: int, entry: _Entry, text: str) -> Actor:
    start, end = words[first].start, words[last - 1].end
    return Actor(start, end, text[start:end], str(entry.group), entry.kind, entry.flags)


def _add(found: list[Actor], actor: Actor, text: str) -> None:
    """Append an actor; a doubled word ("warga-warga") is one mention."""
    if found:
        before = found[-1]
        same = actor.start == before.start or text[before.end : actor.start] == "-"
        if same and (actor.group, actor.kind) == (before.group, before.kind):
            found[-1] = Actor(before.start, actor.end, text[before.start : actor.end], *_what(before))
            return
    found.append(actor)


def _what(actor: Actor) -> tuple[str, str, frozenset[str]]:
    return actor.group, actor.kind, actor.flags


@cache
def _lists() -> _Lists:
    ours, theirs = (
        _read("kotaku_nlp.analysis", "data", "involvement_actors.yaml"),
        _read("kotaku_nlp", "frameworks", "stakeholders.yaml"),
    )
    flags = _flags(theirs["flags"], ours["flags"])
    entries = [
        _Entry(str(name), group, kind, flags.get(str(name).lower(), frozenset()))
        for tree in (theirs["groups"], ours["extra"])
        for group, kinds in tree.items()
        for kind, names in kinds.items()
        for name in names
    ]
    entries += [_ruled(raw, ours, flags) for raw in theirs["ambiguous"]]
    return _Lists(
        names=Names((entry.name, entry) for entry in entries),
        **{
            key: frozenset(str(word).lower() for word in ours[key])
            for key in ("honorifics", "place_before", "office_before", "buildings", "numbers", "deeds")
        },
    )


def _ruled(raw: Mapping[str, Any], ours: Mapping[str, Any], flags: Mapping[str, frozenset[str]]) -> _Entry:
    form = str(raw["form"])
    kind = ours["kinds"].get(form, "")
    for word, other in ours["other_kinds"].get(form, {}).items():
        kind = other if word in raw.get("requires_near", ()) else kind
    return _Entry(
        name=form,
        group=raw["group"],
        kind=kind,
        flags=flags.get(form.lower(), frozenset()),
        ruled=True,
        exact=bool(raw.get("case_sensitive")),
        near=_terms(raw, "requires_near"),
        blocked=_terms(raw, "blocked_near"),
        not_before=_words(raw, "not_preceded_by"),
        after=_words(raw, "followed_by"),
        not_after=_words(raw, "not_followed_by"),
    )


def _terms(raw: Mapping[str, Any], key: str) -> Terms:
    return tuple(spoken_words(str(term)) for term in raw.get(key, ()))


def _words(raw: Mapping[str, Any], key: str) -> frozenset[str]:
    return frozenset(str(word).lower() for word in raw.get(key, ()))


def _flags(*trees: Mapping[str, Sequence[str]]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for flag, name in _pairs(trees):
        found[name] = found.get(name, frozenset()) | {flag}
    return found


def _pairs(trees: Sequence[Mapping[str, Sequence[str]]]) -> Iterator[tuple[str, str]]:
    for tree in trees:
        for flag, names in tree.items():
            yield from ((flag, str(name).lower()) for name in names)


def _read(package: str, *parts: str) -> Any:
    import yaml

    return yaml.safe_load(files(package).joinpath(*parts).read_text(encoding="utf-8"))
