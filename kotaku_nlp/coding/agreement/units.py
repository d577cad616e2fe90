"""A coding laid over units: for each informant turn, passage, sentence or character the set of its codes.

A unit carries a code when a mark covers at least one of its characters that is no white space; so a turn
carries a code when a coded span touches it or any of its passages is assigned. Interviewers' turns are
never units. A machine reads passages: sentences and characters of an assigned passage all carry its code.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, get_args

from kotaku_nlp.coding.agreement.marks import Book, Mark, Marks, Stretch, book_of, touches
from kotaku_nlp.language.sentences import sentences
from kotaku_nlp.records import Analysis, Corpus

UnitKind = Literal["turn", "passage", "sentence", "character"]
UNIT_KINDS: tuple[UnitKind, ...] = get_args(UnitKind)
#: What a unit carries for one coder; None where the coder did not read it.
Codes = frozenset[str] | None


@dataclass(frozen=True)
class Unit:
    """A stretch of an informant's turn that coders are compared on.

    :param size: how often it counts: once, or the number of its characters that are no white space.
    """

    transcript: str
    start: int
    end: int
    size: int = 1


@dataclass(frozen=True)
class Units:
    """Units in the order of transcripts and text; they do not overlap."""

    kind: UnitKind
    items: tuple[Unit, ...]
    book: Book


def cut_units(source: Corpus | Analysis, kind: str = "turn") -> Units:
    """Cut the informants' turns of interviews and focus groups into units.

    Units of kind "character" are whole turns at first: `split` cuts them where marks begin and end.

    :param source: what `read_corpus`, `analyse` or `load_run` returned.
    :param kind: one of `UNIT_KINDS`.
    :raises ValueError: when the kind is unknown.
    """
    if kind not in UNIT_KINDS:
        raise ValueError(f"unit {kind!r} is none of {', '.join(UNIT_KINDS)}")
    book = book_of(source)
    parts = _passages(source, book) if kind == "passage" else _turns(book)
    if kind == "sentence":
        parts = (piece for unit in parts for piece in _sentences(unit, book.texts[unit.transcript]))
    items = (unit for unit in parts if book.texts[unit.transcript][unit.start : unit.end].strip())
    return Units(kind, tuple(sorted(items, key=lambda unit: (unit.transcript, unit.start))), book)


def split(units: Units, codings: Iterable[Marks]) -> Units:
    """Cut units of kind "character" wherever a mark begins or ends; others stay as they are.

    All characters between two cuts carry the same codes, so they are one unit that counts as often as it
    has characters that are no white space.

    :param units: what `cut_units` returned.
    :param codings: the marks of all coders who are compared.
    """
    if units.kind != "character":
        return units
    cuts: dict[str, set[int]] = defaultdict(set)
    for coding in codings:
        for mark in coding.marks:
            cuts[mark.transcript] |= {mark.start, mark.end}
    ordered = {transcript: sorted(places) for transcript, places in cuts.items()}
    pieces = (
        Unit(unit.transcript, start, end, _solid(units.book.texts[unit.transcript][start:end]))
        for unit in units.items
        for start, end in _between(unit, ordered.get(unit.transcript, ()))
    )
    return Units(units.kind, tuple(piece for piece in pieces if piece.size), units.book)


def lay(coding: Marks, units: Units) -> list[Codes]:
    """Return for each unit the codes that a coder gave it, None where the coder did not read it.

    :param coding: the marks of one coder.
    :param units: the units.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for number, unit in enumerate(units.items):
        places[unit.transcript].append(number)
    found: list[set[str]] = [set() for _ in units.items]
    ends = {name: [units.items[number].end for number in own] for name, own in places.items()}
    for mark in coding.marks:
        own = places.get(mark.transcript, [])
        first = bisect_right(ends.get(mark.transcript, []), mark.start)
        for number in own[first:]:
            if units.items[number].start >= mark.end:
                break
            if _covers(mark, units.items[number], units.book):
                found[number].add(mark.code)
    return [
        frozenset(codes) if unit.transcript in coding.read else None
        for unit, codes in zip(units.items, found, strict=True)
    ]


def _covers(mark: Mark, unit: Unit, book: Book) -> bool:
    return touches(book.texts[mark.transcript], (mark.start, mark.end), (unit.start, unit.end))


def informant_turns(book: Book) -> dict[str, tuple[Stretch, ...]]:
    """Return the informants' turns of each interview and focus group.

    :param book: the transcripts.
    """
    return {
        name: tuple(turn for turn in book.turns[name] if not turn.is_interviewer)
        for name in sorted(book.spoken)
    }


def _turns(book: Book) -> Iterator[Unit]:
    for name, turns in informant_turns(book).items():
        yield from (Unit(name, turn.start, turn.end) for turn in turns)


def _passages(source: Corpus | Analysis, book: Book) -> Iterator[Unit]:
    from kotaku_nlp.corpus.passages import cut

    passages = cut(source) if isinstance(source, Corpus) else source.passages
    for name, start, end in zip(*(passages[c] for c in ("transcript", "start", "end")), strict=True):
        if name in book.spoken:
            yield Unit(str(name), int(start), int(end))


def _sentences(unit: Unit, text: str) -> Iterator[Unit]:
    for start, end in sentences(text[unit.start : unit.end]):
        yield Unit(unit.transcript, unit.start + start, unit.start + end)


def _between(unit: Unit, cuts: Sequence[int]) -> Iterator[tuple[int, int]]:
    inside = cuts[bisect_right(cuts, unit.start) : bisect_left(cuts, unit.end)]
    bounds = [unit.start, *inside, unit.end]
    return pairwise(bounds)


def _solid(text: str) -> int:
    return sum(len(word) for word in text.split())
