"""A project file of any tool that we read whole: REFI-QDA, QualCoder, Taguette."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from kotaku_nlp.coding.files.code_tree import Entry, book_of, lifted, path_ids, renamed, tree
from kotaku_nlp.coding.files.codebook import opened_problems
from kotaku_nlp.coding.files.readers.databases import Database, open_copy
from kotaku_nlp.coding.files.readers.imported import Imported, own_stems
from kotaku_nlp.coding.files.readers.qualcoder import read_qualcoder
from kotaku_nlp.coding.files.readers.taguette import read_taguette
from kotaku_nlp.coding.files.refi import RefiProject, read_refi
from kotaku_nlp.corpus.readers import SUFFIXES
from kotaku_nlp.errors import CodingError
from kotaku_nlp.projects.project import Case, Project, Tally
from kotaku_nlp.projects.qualcoder import QUALCODER, extras_of
from kotaku_nlp.records import Problem

_TAGUETTE = frozenset({"documents", "tags"})
#: What a reader says of a source without a text, of which the project tells by the source's name.
_TOLD_BY_NAME = ("refi_text_missing", "refi_text_elsewhere", "refi_empty_source", "refi_lost_source")


def read_project(path: Path) -> Project:
    """Read a whole project.

    :param path: a `.qdpx` file, a QualCoder folder (`.qda`), or a Taguette database (`.sqlite3`).
    :raises CodingError: when there is no such project, or it is damaged, unsafe or something else.
    """
    suffix = path.suffix.lower()
    if suffix == ".qdpx":
        return _from_refi(path)
    return _from_qualcoder(path) if suffix == ".qda" else _from_taguette(path)


def _from_refi(path: Path) -> Project:
    found = read_refi(path)
    if found.kind == "codebook":
        raise CodingError("projects_codebook_only", path.name)
    told = () if found.report is None else found.report.problems
    silent = {path.name, *(f"{path.name}, {s.name}" for s in found.sources if not s.text.strip())}
    told = tuple(p for p in told if p.where not in silent or p.key not in _TOLD_BY_NAME)
    tallies = () if found.report is None else found.report.tallies
    project = Project(
        file=path.name,
        name=found.name or path.stem,
        texts={source.name: source.text for source in found.sources if source.text.strip()},
        coding=found.coding(),
        cases=tuple(_refi_cases(found)),
        variables=tuple(variable.name for variable in found.variables),
        values={source.name: source.values for source in found.sources if source.values},
        tallies=tuple(Tally(tally.element, tally.found, tally.kept) for tally in tallies),
        problems=(*told, *_refi_skipped(found, path.name)),
    )
    if not found.codes:
        return project
    book, names = renamed(found.codebook())
    rows = project.coding.rows
    coding = replace(project.coding, rows=rows.assign(code=[names[code] for code in rows["code"]]))
    book, opened = lifted(book, set(coding.rows["code"]))
    problems = (*project.problems, *opened_problems(opened, path.name))
    return replace(project, coding=coding, codebook=book, problems=problems)


def _refi_cases(found: RefiProject) -> Iterator[Case]:
    for case in found.cases:
        whole = frozenset(source.name for source in found.sources if source.guid in case.sources)
        tied = set(case.selections)
        parts = frozenset(s.name for s in found.sources if tied.intersection(x.guid for x in s.selections))
        yield Case(case.name, case.values, whole, parts - whole)


def _refi_skipped(found: RefiProject, file: str) -> Iterator[Problem]:
    """Yield the sources without words: texts that the file does not hold, recordings and pictures."""
    for source in found.sources:
        if not source.text.strip():
            n = sum(len(selection.marks) for selection in source.selections)
            yield Problem("projects_text_missing", file, "error", {"name": source.name, "n": n})
    for name in found.wordless:
        yield Problem("projects_source_skipped", file, "error", {"name": name})


def _from_qualcoder(path: Path) -> Project:
    imported = read_qualcoder(path)
    with open_copy(path / "data.qda" if path.is_dir() else path, QUALCODER, "QualCoder") as database:
        extras = extras_of(database)
    project = _imported(path, imported, extras.entries)
    told = [Problem("projects_source_skipped", path.name, "error", {"name": name}) for name in extras.skipped]
    if any(extras.notes):
        counts = dict(zip(("annotations", "journals"), extras.notes, strict=True))
        told.append(Problem("projects_notes", path.name, "notice", counts))
    tallies = (Tally("Case", len(extras.cases), len(extras.cases)), *project.tallies)
    return replace(
        project, cases=extras.cases, variables=extras.variables, values=extras.values, tallies=tallies,
        problems=(*project.problems, *told),
    )  # fmt: skip


def _from_taguette(path: Path) -> Project:
    imported = read_taguette(path)
    with open_copy(path, _TAGUETTE, "Taguette") as database:
        entries = [
            Entry((str(row["path"]),), str(row.get("description") or ""))
            for row in database.rows("tags", "id")
        ]
        empty = _empty_documents(database, imported)
    project = _imported(path, imported, entries)
    told = [Problem("projects_source_skipped", path.name, "error", {"name": name}) for name in empty]
    return replace(project, problems=(*project.problems, *told))


def _empty_documents(database: Database, imported: Imported) -> list[str]:
    names = [str(row["name"]) for row in database.rows("documents", "id")]
    stems = own_stems(names, SUFFIXES)
    return [name for name in names if not imported.texts.get(stems[name], "").strip()]


def _imported(path: Path, imported: Imported, entries: list[Entry]) -> Project:
    """Return a project of what another reader has read, with the codes that were never used as well."""
    codes = tree(entries)
    ids = path_ids(codes)
    names = {" > ".join(codepath): code for codepath, code in ids.items()}
    rows = imported.coding.rows
    coding = replace(
        imported.coding, rows=rows.assign(code=[names.get(p, "") if p else "" for p in rows["code_path"]])
    )
    left, texts = sum(imported.left.values()), {n: t for n, t in imported.texts.items() if t.strip()}
    tallies = (
        Tally("Code", len(codes), len(codes)),
        Tally("Source", len(imported.texts), len(texts)),
        Tally("Coding", len(rows) + left, len(rows)),
    )
    project = Project(path.name, path.stem, texts, coding, tallies=tallies, problems=imported.problems)
    if not codes:
        return project
    book, opened = lifted(book_of(path.stem, codes, ids, path.name), set(coding.rows["code"]))
    bare = sum(not entry.definition.strip() for entry in codes.values())
    told = [Problem("refi_no_definition", path.name, "notice", {"n": bare, "total": len(codes)})]
    problems = (*project.problems, *(told if bare else ()), *opened_problems(opened, path.name))
    return replace(project, codebook=book, problems=problems)
