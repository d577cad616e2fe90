"""From labelled lines to turns: what was said, its label left out, continuations joined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kotaku_nlp.corpus.labels import WRAPPED, Mark, clean_time, end_stamp
from kotaku_nlp.corpus.lexicon import key
from kotaku_nlp.corpus.lines import Line, trim
from kotaku_nlp.corpus.tables import Cell

_ONLY_TIME = re.compile(rf"(?:{WRAPPED}|\d{{1,2}}:\d{{2}}:\d{{2}}(?:[.,]\d{{1,3}})?)$")


@dataclass
class Draft:
    """A turn being put together; `key` tells speakers apart, `label` is how they are written."""

    key: str | None
    label: str | None
    start: int
    end: int
    last: Line
    role: str = ""
    time: str | None = None


def drafts_of(
    lines: Sequence[Line],
    marks: Sequence[Mark | None],
    cells: Mapping[int, Cell],
) -> list[Draft]:
    """Return the turns of a dialogue in order; lines before its first label belong to none.

    :param lines: the lines of the dialogue.
    :param marks: the label that each line opens with, None where it opens with none.
    :param cells: cells of speech tables, by where their block begins.
    """
    drafts: list[Draft] = []
    broken, pending = False, None
    for line, mark in zip(lines, marks, strict=True):
        if (cell := cells.get(line.block.start)) is not None and cell.speaker is None:
            broken = True
            continue
        if _ONLY_TIME.match(line.text):
            pending = clean_time(line.text)
            continue
        opened = _opened(line, mark, cell, drafts[-1] if drafts and not broken else None)
        if opened is None and not drafts:
            continue
        if opened is None and broken:
            opened = Draft(drafts[-1].key, drafts[-1].label, line.start, line.end, line)
        if opened is not None:
            opened.time = opened.time or pending or line.block.time
            drafts.append(opened)
            pending, broken = None, False
        else:
            drafts[-1].end, drafts[-1].last = line.end, line
    return drafts


def _opened(line: Line, mark: Mark | None, cell: Cell | None, before: Draft | None) -> Draft | None:
    """Return the turn that a line opens, or None when it goes on with the one before."""
    given = cell.speaker if cell else line.block.speaker
    if given is None:
        if mark is None:
            return None
        start, end = trim(line.text, mark.said, len(line.text))
        time = mark.time or line.block.time
        return Draft(mark.key, mark.label, line.start + start, line.start + end, line, mark.role, time)
    if before is not None and before.key == key(given) and _goes_on(line, before.last):
        return None
    start = max(line.start, line.block.said or 0) if line.first else line.start
    if cell and mark and mark.key == key(given):
        start = line.start + mark.said
    start, _ = trim(line.text, start - line.start, len(line.text))
    role = cell.role if cell else ""
    return Draft(key(given), given, line.start + start, line.end, line, role, line.block.time)


def _goes_on(line: Line, before: Line) -> bool:
    """Tell whether speech whose speaker the format names runs on: in one block, one cell, or over cues."""
    one, two = before.block, line.block
    if one == two:
        return True
    if one.kind == two.kind == "cell":
        return (one.table, one.row, one.column) == (two.table, two.row, two.column) and one.table is not None
    unlabelled = two.said is None or two.said == two.start
    return one.kind == two.kind == "cue" and unlabelled


def spoken(text: str, drafts: Sequence[Draft]) -> Iterator[Draft]:
    """Yield the turns in which something was said, time marks at their end taken off.

    :param text: the canonical text.
    :param drafts: turns as they were put together.
    """
    for draft in drafts:
        start, end = trim(text, draft.start, draft.end)
        stop, time = end_stamp(text[start:end])
        start, end = trim(text, start, start + stop)
        if start < end:
            yield Draft(draft.key, draft.label, start, end, draft.last, draft.role, draft.time or time)


def names_of(drafts: Sequence[Draft]) -> dict[str, str]:
    """Return key → the spelling of the label that occurs most, the first of equals.

    :param drafts: the turns.
    """
    spellings: dict[str, Counter[str]] = {}
    for draft in drafts:
        if draft.key is not None and draft.label is not None:
            spellings.setdefault(draft.key, Counter())[draft.label] += 1
    return {name: counter.most_common(1)[0][0] for name, counter in spellings.items()}
