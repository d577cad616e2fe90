"""A project in the one form in which it is written: one selection a span, code and coder, in order."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from kotaku_nlp.coding.files.refi.elements import clean
from kotaku_nlp.coding.files.refi.guids import entity, valid
from kotaku_nlp.coding.files.refi.naming import coder, unique, user_names
from kotaku_nlp.coding.files.refi.offsets import Convention, canonical
from kotaku_nlp.coding.files.refi.project import (
    NO_DATE,
    Case,
    Code,
    Mark,
    RefiProject,
    Row,
    Selection,
    Source,
    User,
)
from kotaku_nlp.coding.files.refi.settling import Settlement
from kotaku_nlp.errors import CodingError

#: Longest preview; more is cut and marked as cut.
_PREVIEW = 100
Identity = tuple[str, int | None, int | None, tuple[str, ...], str]


def utc(date: str) -> str:
    """Return a date as the format's readers want it, `…Z`; a missing one is the agreed date of none."""
    try:
        found = datetime.fromisoformat(date.strip())
    except ValueError:
        return NO_DATE
    found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return found.replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def preview(selected: str) -> str:
    """Return what a reader may check a selection by: its text on one line, cut after 100 characters."""
    line = clean(re.sub(r"[\r\n\t]", " ", selected))
    return line if len(line) <= _PREVIEW else line[:_PREVIEW] + "…"


def identities(project: RefiProject, accept: Collection[str] = ()) -> set[Identity]:
    """Return what a round trip must keep: source, start, end, code path and coder of every coding."""
    users = user_names(project.users)
    paths = {code.guid: code.path for code in project.codes}
    return {
        (r.source.name, r.selection.start, r.selection.end, paths[r.mark.code], coder(users, r.mark.user))
        for r in project.rows(accept)
        if r.fate == "kept"
    }


def normal(project: RefiProject, accept: Collection[str] = ()) -> RefiProject:
    """Return a project ready to be written.

    :param accept: names of sources whose doubtful selections the caller takes upon trust.
    :raises CodingError: when a text is not canonical, so that its positions could not be found again.
    """
    kept = [row for row in project.rows(accept) if row.fate == "kept"]
    users = _users(project, kept)
    codes = tuple(_code(code) for code in project.codes)
    ranks = {code.guid: rank for rank, code in enumerate(codes)}
    # A GUID that two sources share is given to the first; the other gets one of its own.
    guids = [valid(name, "source") for name in unique(valid(s.guid, "source") for s in project.sources)]
    sources, copies = [], dict[str, list[str]]()
    for source, guid in zip(project.sources, guids, strict=True):
        if canonical(source.text) != source.text:
            raise CodingError("refi_not_canonical", source.name)
        rows = [row for row in kept if row.source is source]
        made = {_selection(row, guid): row.selection.guid for row in rows}
        made |= {_bare(s, source): s.guid for s in _uncoded(source, project, accept)}
        for selection, old in made.items():
            copies.setdefault(old, []).append(selection.guid)
        sources.append(_source(source, guid, list(made), ranks))
    cases = tuple(_case(case, project, sources, copies) for case in project.cases)
    return replace(project, users=users, codes=codes, cases=cases, sources=tuple(sources))


def _users(project: RefiProject, rows: list[Row]) -> tuple[User, ...]:
    """Return the coders, and those whom only codings name; a coding without a coder gets one as well."""
    known = {user.guid for user in project.users}
    whole = (mark for source in project.sources for mark in source.marks)
    strangers = {mark.user for mark in (*(row.mark for row in rows), *whole)} - known
    names = user_names(project.users)
    found = [*project.users, *(User(guid, "") for guid in sorted(strangers))]
    return tuple(
        User(valid(user.guid, "user"), clean(coder(names, user.guid)), clean(user.id)) for user in found
    )


def _code(code: Code) -> Code:
    return replace(
        code,
        guid=valid(code.guid, "code"),
        parent=valid(code.parent, "code") if code.parent else None,
        name=clean(code.name),
        path=tuple(clean(name) for name in code.path),
        description=clean(code.description),
    )


def _selection(row: Row, source: str) -> Selection:
    """Return a selection of its own for one coding."""
    start, end = row.selection.start, row.selection.end
    mark = _mark(row.mark)
    return Selection(
        entity("selection", source, start, end, mark.code, mark.user),
        start,
        end,
        (mark,),
        preview(row.source.text[start:end]),
        clean(row.selection.memo),
        (start or 0, end or 0),
    )


def _uncoded(source: Source, project: RefiProject, accept: Collection[str]) -> list[Selection]:
    """Return the selections that carry no code but a memo or a case, where their place is certain."""
    cases = {case.guid for case in project.cases}
    trusted = source.name in accept
    return [
        selection
        for selection in source.selections
        if all(mark.code in cases for mark in selection.marks)
        and selection.start is not None
        and (trusted or (source.settlement.accepted and selection.state != "shifted"))
    ]


def _bare(selection: Selection, source: Source) -> Selection:
    return replace(
        selection,
        guid=valid(selection.guid, "selection"),
        marks=(),
        preview=preview(source.text[selection.start : selection.end]),
        memo=clean(selection.memo),
    )


def _mark(mark: Mark) -> Mark:
    return Mark(valid(mark.code, "code"), valid(mark.user, "user"), utc(mark.date))


def _source(source: Source, guid: str, made: list[Selection], ranks: Mapping[str, int]) -> Source:
    """Return a source with its selections in the order of the text."""
    marks = {_mark(mark) for mark in source.marks if valid(mark.code, "code") in ranks}

    def order(selection: Selection) -> tuple[int, int, int, str]:
        rank = ranks[selection.marks[0].code] if selection.marks else -1
        return selection.start or 0, selection.end or 0, rank, selection.guid

    return replace(
        source,
        guid=guid,
        name=clean(source.name),
        settlement=Settlement(Convention(), "given"),
        selections=tuple(sorted(made, key=order)),
        marks=tuple(sorted(marks, key=lambda mark: (ranks[mark.code], mark.user, mark.date))),
        description=clean(source.description),
        values={name: clean(value) for name, value in source.values.items()},
    )


def _case(case: Case, project: RefiProject, sources: list[Source], copies: Mapping[str, list[str]]) -> Case:
    renamed = {old.guid: new.guid for old, new in zip(project.sources, sources, strict=True)}
    return replace(
        case,
        guid=valid(case.guid, "case"),
        name=clean(case.name),
        description=clean(case.description),
        values={name: clean(value) for name, value in case.values.items()},
        sources=tuple(renamed[guid] for guid in case.sources if guid in renamed),
        selections=tuple(sorted({new for old in case.selections for new in copies.get(old, ())})),
    )
