"""The tables of a run → a project that can be written: the machine as a coder among coders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kotaku_nlp import __version__
from kotaku_nlp.coding.files.refi.guids import entity
from kotaku_nlp.coding.files.refi.offsets import Convention
from kotaku_nlp.coding.files.refi.project import (
    Case,
    Code,
    Mark,
    RefiProject,
    Selection,
    Source,
    User,
    Variable,
)
from kotaku_nlp.coding.files.refi.report import ImportReport, Tally
from kotaku_nlp.coding.files.refi.schema import PROJECT
from kotaku_nlp.coding.files.refi.settling import Settlement
from kotaku_nlp.messages import say
from kotaku_nlp.records import Codebook, Coding, Problem

if TYPE_CHECKING:
    import pandas as pd

#: The coder's name of every machine reading.
MACHINE = "kotaku-nlp"
Row = Mapping[Any, Any]


def from_tables(
    transcripts: pd.DataFrame,
    coding: Coding,
    codebook: Codebook | None = None,
    informants: pd.DataFrame | None = None,
    turns: pd.DataFrame | None = None,
    *,
    name: str = MACHINE,
    lang: str = "id",
    created: str = "",
) -> RefiProject:
    """Return a project of plain tables.

    :param transcripts: transcript, text (canonical).
    :param coding: transcript, code, coder and a place: start and end, or turn, or a quote that occurs
        once; date, memo, probability and basis may follow. Coder "kotaku-nlp" becomes a user of its own.
    :param codebook: gives codes their labels, definitions and tree; other codes stand at the top.
    :param informants: transcript, informant; every further column becomes a variable.
    :param turns: transcript, turn, start, end, for rows that name only a turn.
    :param name: name of the project; GUIDs depend on it.
    :param lang: language of labels and definitions.
    :param created: date of the project, ISO 8601.
    :return: the project; its `report` names every row that found no place.
    """
    texts = {str(row["transcript"]): str(row["text"]) for row in transcripts.to_dict("records")}
    spans = _turn_spans(turns)
    rows: list[Row] = [{**row, "span": _span(row, texts, spans)} for row in coding.rows.to_dict("records")]
    marked = [row for row in rows if _said(row, "code")]
    placed = [row for row in marked if row["span"]]
    codes, guids = _codes(codebook, marked, name, lang)
    users = {coder: _user(coder, name) for coder in sorted({_said(row, "coder") for row in marked})}
    cases, variables = _cases(informants, texts, name)
    return RefiProject(
        name=name,
        origin=f"{MACHINE} {__version__}",
        created=created,
        users=tuple({user.guid: user for user in users.values()}.values()),
        codes=codes,
        variables=variables,
        cases=cases,
        sources=tuple(
            _source(transcript, text, placed, guids, users, name, lang) for transcript, text in texts.items()
        ),
        report=_report(coding, rows, marked, placed, name),
    )


def _turn_spans(turns: pd.DataFrame | None) -> dict[tuple[str, int], tuple[int, int]]:
    rows = [] if turns is None else turns.to_dict("records")
    return {(str(r["transcript"]), int(r["turn"])): (int(r["start"]), int(r["end"])) for r in rows}


def _span(
    row: Row, texts: Mapping[str, str], turns: Mapping[tuple[str, int], tuple[int, int]]
) -> tuple[int, int] | None:
    """Return where a row's code stands, or None; a quote counts only where it occurs once."""
    text = texts.get(str(row["transcript"]))
    if text is None:
        return None
    span = None
    quote = _said(row, "quote")
    if _said(row, "start") and _said(row, "end"):
        span = int(row["start"]), int(row["end"])
    elif _said(row, "turn"):
        span = turns.get((str(row["transcript"]), int(row["turn"])))
    elif quote and text.count(quote) == 1:
        span = text.index(quote), text.index(quote) + len(quote)
    return span if span and 0 <= span[0] < span[1] <= len(text) else None


def _said(row: Row, column: str) -> str:
    """Return a cell as text, or nothing for whatever stands for a missing value."""
    import pandas as pd

    value = row.get(column)
    return "" if value is None or pd.isna(value) else str(value)


def _codes(
    codebook: Codebook | None, rows: list[Row], name: str, lang: str
) -> tuple[tuple[Code, ...], dict[str, str]]:
    """Return the codes in the codebook's order, and the GUID under which each name of a row is found."""
    used = {_said(row, "code") for row in rows}
    dimensions = {d.id: d for d in codebook.dimensions} if codebook else {}
    parents = {d.parent for d in dimensions.values()}
    codes: list[Code] = []
    for key, dimension in dimensions.items():
        path: tuple[str, ...] = (dimension.name(lang),)
        above = dimension.parent
        while above in dimensions and len(path) <= len(dimensions):
            path, above = (dimensions[above].name(lang), *path), dimensions[above].parent
        guid = entity("code", name, key)
        parent = entity("code", name, dimension.parent) if dimension.parent in dimensions else None
        codable = key not in parents or key in used
        text = dimension.text(lang)
        codes.append(Code(guid, dimension.name(lang), path, parent, codable, description=text))
    own = sorted(used - dimensions.keys())
    labels = {label: entity("code", name, d.id) for d in dimensions.values() for label in d.label.values()}
    codes += [Code(entity("code", name, key), key, (key,)) for key in own if key not in labels]
    guids = {key: labels.get(key) or entity("code", name, key) for key in own}
    return tuple(codes), guids | {key: entity("code", name, key) for key in dimensions}


def _user(coder: str, name: str) -> User:
    if coder.split(" ")[0] == MACHINE:
        version = coder.removeprefix(MACHINE).strip() or __version__
        return User(entity("machine", version), f"{MACHINE} {version}", "KN")
    initials = "".join(word[0] for word in coder.split())[:3].upper()
    return User(entity("user", name, coder), coder or "unknown", initials)


def _source(
    transcript: str,
    text: str,
    rows: list[Row],
    codes: Mapping[str, str],
    users: Mapping[str, User],
    name: str,
    lang: str,
) -> Source:
    guid = entity("source", name, transcript)
    selections = []
    for row in rows:
        if str(row["transcript"]) != transcript:
            continue
        start, end = row["span"]
        code, user = codes[_said(row, "code")], users[_said(row, "coder")].guid
        mark = Mark(code, user, _said(row, "date"))
        key = entity("selection", guid, start, end, code, user)
        selections.append(Selection(key, start, end, (mark,), memo=_memo(row, lang), original=(start, end)))
    return Source(guid, transcript, text, Settlement(Convention(), "given"), tuple(selections))


def _memo(row: Row, lang: str) -> str:
    """Return what is written beside a selection: how sure the machine was, and on what ground."""
    parts = [_said(row, "memo")]
    if _said(row, "probability"):
        value = f"{float(row['probability']):.2f}"
        value = value.replace(".", ",") if lang == "id" else value
        parts.append(say("refi_memo_probability", lang, value=value))
    if _said(row, "basis"):
        parts.append(say("refi_memo_basis", lang, value=_said(row, "basis")))
    return "; ".join(part for part in parts if part)


def _cases(
    informants: pd.DataFrame | None, texts: Mapping[str, str], name: str
) -> tuple[tuple[Case, ...], tuple[Variable, ...]]:
    rows = [] if informants is None else informants.to_dict("records")
    columns = [] if informants is None else [str(c) for c in informants.columns]
    columns = [column for column in columns if column not in ("transcript", "informant")]
    people: dict[str, list[Row]] = {}
    for row in rows:
        if _said(row, "informant"):
            people.setdefault(_said(row, "informant"), []).append(row)
    cases = []
    for person, own in people.items():
        spoken = dict.fromkeys(_said(row, "transcript") for row in own)
        values = {column: next(filter(None, (_said(row, column) for row in own)), "") for column in columns}
        sources = tuple(entity("source", name, t) for t in spoken if t in texts)
        cases.append(Case(entity("case", name, person), person, values, sources))
    return tuple(cases), tuple(Variable(entity("variable", name, c), c) for c in columns)


def _report(coding: Coding, rows: list[Row], marked: list[Row], placed: list[Row], name: str) -> ImportReport:
    """Tell which rows became selections; one without a code says that its place was read, and no more."""
    lost = {"refi_lost_uncoded": len(rows) - len(marked), "refi_lost_unplaced": len(marked) - len(placed)}
    lost = {reason: n for reason, n in lost.items() if n}
    tally = Tally("Coding", len(rows), len(placed), lost)
    return ImportReport(name, PROJECT, (), (tally,), tuple(_about(rows, coding.name)))


def _about(rows: list[Row], where: str) -> Iterator[Problem]:
    """Yield what found no place, transcript by transcript, and what the format has no room for."""
    uncoded = sum(1 for row in rows if not _said(row, "code"))
    if uncoded:
        yield Problem("refi_lost_uncoded", where, "notice", {"n": uncoded})
    homeless = Counter(str(row["transcript"]) for row in rows if _said(row, "code") and not row["span"])
    for transcript, n in sorted(homeless.items()):
        yield Problem("refi_lost_unplaced", f"{where}, {transcript}", "error", {"n": n})
