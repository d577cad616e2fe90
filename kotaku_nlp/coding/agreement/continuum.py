"""Informants' turns laid end to end, so that α_u can ask whether two coders mark the same stretches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from itertools import accumulate

from kotaku_nlp.coding.agreement.marks import Book, Mark, Marks
from kotaku_nlp.coding.agreement.units import informant_turns
from kotaku_nlp.coding.coefficients.unitizing import Stretch, alpha_u, alpha_u_code

Stretches = Mapping[Hashable, list[Stretch]]


def unitizing_alphas(one: Marks, other: Marks, book: Book) -> tuple[float | None, dict[str, float | None]]:
    """Return α_u over all codes, and of each code, on the interviews that both coders read.

    Whole turns are nobody's choice of stretch, so coders who both coded by turn have no α_u.

    :param one: the marks of one coder.
    :param other: the marks of another.
    :param book: the transcripts.
    :return: the overall coefficient, and one for each code that either used; None where undefined.
    """
    if not (_chose(one, book) and _chose(other, book)):
        return None, {}
    turns = informant_turns(book)
    places = [(name, turn.start, turn.end) for name in sorted(one.read & other.read) for turn in turns[name]]
    bounds = list(accumulate((end - start for _, start, end in places), initial=0))
    coders = [_stretches(coding, places, bounds) for coding in (one, other)]
    if not bounds[-1]:
        return None, {}
    codes = sorted({mark.code for mark in (*one.marks, *other.marks)})
    each = {code: alpha_u_code([coder.get(code, []) for coder in coders], 0, bounds[-1]) for code in codes}
    return alpha_u(coders, 0, bounds[-1]), each


def _chose(coding: Marks, book: Book) -> bool:
    """Say whether a coder marked anything but whole turns."""
    turns = {(name, turn.start, turn.end) for name in coding.read for turn in book.turns[name]}
    return any((mark.transcript, mark.start, mark.end) not in turns for mark in coding.marks)


def _stretches(coding: Marks, places: list[tuple[str, int, int]], bounds: list[int]) -> Stretches:
    """Return the marks of each code as stretches of the continuum; a mark over two turns makes two."""
    marks: dict[str, list[Mark]] = defaultdict(list)
    for mark in coding.marks:
        marks[mark.transcript].append(mark)
    found: dict[Hashable, list[Stretch]] = defaultdict(list)
    for (name, start, end), base in zip(places, bounds, strict=False):
        for mark, first, last in _inside(marks[name], start, end):
            found[mark.code].append((base + first - start, last - first))
    return dict(found)


def _inside(marks: list[Mark], start: int, end: int) -> Iterator[tuple[Mark, int, int]]:
    for mark in marks:
        first, last = max(mark.start, start), min(mark.end, end)
        if first < last:
            yield mark, first, last
