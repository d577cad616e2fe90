"""Cases and variables → informants.csv: who speaks in which transcript, and for which group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from kotaku_nlp.coding.files.refi.naming import unique
from kotaku_nlp.corpus.groups import group_of
from kotaku_nlp.corpus.informants import kind_of
from kotaku_nlp.corpus.lexicon import key, ordered
from kotaku_nlp.corpus.readers import read_source
from kotaku_nlp.corpus.speakers import find_turns
from kotaku_nlp.projects.project import Case, Project
from kotaku_nlp.records import UNKNOWN, Problem

_OWN = ("transcript", "informant")
#: Columns that a variable may fill.
_CLAIMED = ("group", "role", "kind", "date", "place", "initials")
_NAMED = 8


@dataclass(frozen=True)
class People:
    """The table of informants.

    :param columns: its head; `variables` says which variable stands in which column.
    :param rows: one a transcript and informant; no informant means that the row is about the transcript.
    :param cases: how many cases stand in some row.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    variables: Mapping[str, str]
    problems: tuple[Problem, ...] = ()
    cases: int = 0


def people_of(project: Project, files: Mapping[str, Path]) -> People:
    """Return the informants of a project.

    :param project: the project.
    :param files: source → its transcript, as it was written.
    """
    values = {variable: _values(project, variable) for variable in _variables(project)}
    variables = _columns_of(values)
    problems = list(_about_groups(values, variables, project.file))
    rows: list[tuple[str, ...]] = []
    reached: set[int] = set()
    for source, file in files.items():
        own = project.values.get(source, {})
        tied = [case for case in project.cases if source in case.whole | case.parts]
        cast, left = _cast(source, file, tied)
        if left:
            told = {"transcript": file.stem, **_few(case.name for case in left)}
            problems.append(Problem("projects_case_left", project.file, "notice", told))
        reached |= {id(case) for case in cast.values()}
        found = {name: {**own, **case.values} for name, case in cast.items()}
        for name, cells in found.items() or ([("", own)] if own else []):
            rows.append((file.stem, name, *(" ".join(cells.get(v, "").split()) for v in variables)))
    loose = [case.name for case in project.cases if not (case.whole | case.parts) & files.keys()]
    if loose:
        problems.append(Problem("projects_case_loose", project.file, "error", _few(loose)))
    columns = (*_OWN, *variables.values())
    return People(columns, tuple(rows), variables, tuple(problems), len(reached))


def _cast(source: str, file: Path, tied: list[Case]) -> tuple[dict[str, Case], list[Case]]:
    """Return informant → case, and the cases that are nobody who speaks here.

    One case alone is the one informant of its interview, by whatever name; where several people speak,
    a case is the person whose label it has. Without one, a case that has the whole transcript is about
    the transcript: it goes by no name.
    """
    if not tied:
        return {}, []
    names = [" ".join(case.name.split()) for case in tied]
    reading = find_turns(read_source(file), informants=names)
    labels = {turn.speaker or "" for turn in reading.turns if not turn.is_interviewer}
    known = {key(label) for label in labels}
    known |= {key(f"{label} {reading.roles.get(label, '')}") for label in labels}
    if len(tied) == 1 and (len(labels) <= 1 or key(names[0]) in known):
        return {names[0]: tied[0]}, []
    if len(tied) == 1 and source in tied[0].whole:
        return {"": tied[0]}, []
    cast: dict[str, Case] = {}
    left: list[Case] = []
    for name, case in zip(names, tied, strict=True):
        if key(name) not in known or cast.setdefault(name, case) is not case:
            left.append(case)
    return cast, left


def _variables(project: Project) -> list[str]:
    """Return the variables of cases and sources, those that the project lists in front."""
    used = [name for case in project.cases for name in case.values]
    used += [name for own in project.values.values() for name in own]
    return list(dict.fromkeys((*project.variables, *used)))


def _values(project: Project, variable: str) -> list[str]:
    holders = [*(case.values for case in project.cases), *project.values.values()]
    return list(dict.fromkeys(v for own in holders if (v := own.get(variable, "").strip())))


def _columns_of(values: Mapping[str, list[str]]) -> dict[str, str]:
    """Return variable → column. What we have no column for keeps its name, where the name is free."""
    claimed: dict[str, str] = {}
    for column in _CLAIMED:
        rest = {name: given for name, given in values.items() if name not in claimed}
        variable = _claim(column, rest)
        if variable is not None:
            claimed[variable] = column
    free = [column for column in _CLAIMED if column not in claimed.values()]
    reserved = {name for column in free for name in ordered(column, "columns.toml")}
    others = [name for name in values if name not in claimed]
    plain = (f"{name} (variabel)" if key(name) in reserved else " ".join(name.split()) for name in others)
    heads = unique((head or "variabel" for head in plain), (*_OWN, *claimed.values()))
    columns = claimed | dict(zip(others, heads, strict=True))
    return {name: columns[name] for name in values}


def _claim(column: str, values: Mapping[str, list[str]]) -> str | None:
    """Return the variable that fills a column: by its name, and for groups by its values as well."""
    order = ordered(column, "columns.toml")
    named = sorted((name for name in values if key(name) in order), key=lambda name: order.index(key(name)))
    if column not in ("group", "kind"):
        return next(iter(named), None)
    good = [name for name in named if any(_known(column, value) for value in values[name])]
    if column == "group":
        good += [n for n, given in values.items() if given and all(_known(column, v) for v in given)]
    return next(iter(good), None)


def _known(column: str, value: str) -> bool:
    return bool(kind_of(value)) if column == "kind" else group_of(value) not in (None, UNKNOWN)


def _about_groups(
    values: Mapping[str, list[str]], variables: Mapping[str, str], file: str
) -> Iterator[Problem]:
    """Say which variable tells the groups, or which seems to and names none that we know."""
    group = next((name for name, column in variables.items() if column == "group"), None)
    if group is not None:
        yield Problem("projects_group_from", file, "notice", {"variable": group})
        return
    named = [name for name in values if key(name) in ordered("group", "columns.toml") and values[name]]
    for name in named[:1]:
        told = {"variable": name, **_few(values[name])}
        yield Problem("projects_group_unknown", file, "notice", told)


def _few(names: Iterable[str]) -> dict[str, object]:
    listed = list(names)
    return {"n": len(listed), "names": ", ".join(listed[:_NAMED]) + (" …" if len(listed) > _NAMED else "")}
