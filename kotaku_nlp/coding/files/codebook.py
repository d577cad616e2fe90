"""Codebooks of other tools → a YAML file of our own.

REFI-QDA (`.qdc`, `.qdpx`), and tables with a column of names: what a researcher made in Excel, Taguette's
codebook CSV, MAXQDA's code sheet, whose names are whole paths with `>` or a backslash between the steps.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kotaku_nlp.coding.codebook import write_codebook
from kotaku_nlp.coding.files.code_tree import Entry, book_of, lifted, path_ids, renamed, tree
from kotaku_nlp.coding.files.readers.grids import Grid, read_grids
from kotaku_nlp.corpus.lexicon import key
from kotaku_nlp.errors import CodebookError
from kotaku_nlp.records import Codebook, Problem

_TABLES = (".xlsx", ".csv", ".tsv")
_REFI = (".qdc", ".qdpx")
_STEPS = re.compile(r"\s*(?:>|\\+)\s*")
_HEAD_ROWS = 20
#: Names that a message lists.
_NAMED = 5
#: What the columns are called, compared without blanks and marks; the strongest claim first. A group's
#: name stands once, above the codes that belong to it; a parent's stands in every row.
_HEADS: Mapping[str, tuple[str, ...]] = {
    "definition": (
        "definition", "definisi", "definisioperasional", "description", "deskripsi", "memo", "codememo",
        "keterangan", "penjelasan", "makna", "arti", "pengertian", "beschreibung", "comment", "komentar",
    ),
    "include": ("include", "inclusion", "inklusi", "kriteriainklusi", "termasuk", "dipakaibila"),
    "exclude": ("exclude", "exclusion", "eksklusi", "kriteriaeksklusi", "tidaktermasuk", "tidakdipakaibila"),
    "examples": ("example", "examples", "contoh", "contohkutipan", "kutipan", "examplequote"),
    "parent": ("parent", "parentcode", "parentname", "induk", "kodeinduk", "indukkode"),
    "name": (
        "path", "codepath", "name", "codename", "nama", "namakode", "code", "codes", "kode", "koding", "tag",
        "tags", "node", "nodes", "subtema", "subtheme", "subkategori", "subcategory", "label", "indikator",
        "dimensi", "dimension", "kategori", "category", "tema", "theme",
    ),
    "group": (
        "subtema", "subkategori", "kategori", "category", "tema", "theme", "dimensi", "dimension", "aspek",
        "aspect", "group",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class ImportedCodebook:
    """A codebook made of another tool's file, and what a person should know of it."""

    codebook: Codebook
    problems: tuple[Problem, ...] = ()


def import_codebook(path: Path | str) -> ImportedCodebook:
    """Read the codes of another tool's file.

    :param path: a `.qdc` or `.qdpx` file, or a table (`.xlsx`, `.csv`, `.tsv`).
    :raises CodebookError: when there is no such file, or no code in it.
    :raises CodingError: when a REFI-QDA file is damaged or unsafe.
    :raises CorpusError: when a table is damaged, locked, oversized or unsafe.
    """
    path = Path(path)
    if not path.is_file():
        raise CodebookError("codebook_import_missing", str(path))
    suffix = path.suffix.lower()
    if suffix in _REFI:
        return _from_refi(path)
    if suffix in _TABLES:
        return _from_table(path)
    raise CodebookError(
        "codebook_import_suffix", path.name, suffix=path.suffix or "–", known=" ".join((*_REFI, *_TABLES))
    )


def write_imported(path: Path | str, target: Path | str | None = None) -> tuple[Path, ImportedCodebook]:
    """Write the codes of another tool's file as a codebook that `load_codebook` reads.

    :param path: the other tool's file.
    :param target: the YAML file; beside `path` and of its name when left out.
    :return: the file that was written, and what was made of the other.
    :raises CodebookError: when the target is there already, or `path` holds no code.
    """
    target = Path(target) if target else Path(path).with_suffix(".yaml")
    if target.exists():
        raise CodebookError("codebook_import_there", str(target))
    found = import_codebook(path)
    write_codebook(found.codebook, target)
    return target, found


def _from_refi(path: Path) -> ImportedCodebook:
    from kotaku_nlp.coding.files.refi import read_refi

    project = read_refi(path)
    book, names = renamed(project.codebook())
    used = {names[code] for code in project.coding().rows["code"]}
    book, opened = lifted(book, used)
    told = {"refi_twin_names", "refi_no_definition", "refi_schema", "refi_other_version"}
    problems = () if project.report is None else project.report.problems
    kept = (problem for problem in problems if problem.key in told)
    return ImportedCodebook(book, (*kept, *opened_problems(opened, path.name)))


def opened_problems(opened: Sequence[str], where: str) -> Iterator[Problem]:
    """Yield the notice that sub-codes were set beside a code that was itself used.

    :param opened: the codes, as `lifted` returned them.
    :param where: name of the file.
    """
    if opened:
        yield Problem("codebook_import_lifted", where, "notice", _few(opened))


def _from_table(path: Path) -> ImportedCodebook:
    problems: list[Problem] = []
    entries: list[Entry] = []
    grids = [grid for grid in read_grids(path) if any(any(row) for row in grid.rows)]
    for grid in grids:
        place = f"{path.name}, sheet {grid.name}" if grid.name else path.name
        plan = _plan(grid.rows)
        if plan is None:
            problems.append(Problem("codebook_import_sheet_unread", place))
            continue
        entries += _Sheet(grid, *plan, place, problems).entries()
    if not entries:
        found = ", ".join(cell for cell in next((r for g in grids for r in g.rows if any(r)), ()) if cell)
        raise CodebookError("codebook_import_no_codes", path.name, found=found or "–")
    codes = tree(entries)
    bare = [entry.path[-1] for entry in codes.values() if not entry.definition.strip()]
    if bare:
        problems.append(Problem("codebook_import_bare", path.name, "notice", _few(bare)))
    book = book_of(path.stem, codes, path_ids(codes), path.name)
    return ImportedCodebook(book, tuple(problems))


def _plan(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]] | None:
    """Return the head row and which column is what, None when no row names a column of codes."""
    plans = [(number, _columns(row)) for number, row in enumerate(rows[:_HEAD_ROWS])]
    good = [(number, columns) for number, columns in plans if "name" in columns]
    return max(good, key=lambda plan: (len(plan[1]), -plan[0]), default=None)


def _columns(head: Sequence[str]) -> dict[str, int]:
    names = [key(cell) for cell in head]
    found: dict[str, int] = {}
    for kind, synonyms in _HEADS.items():
        claims = [at for at, name in enumerate(names) if name in synonyms and at not in found.values()]
        if claims:
            found[kind] = min(claims, key=lambda at: synonyms.index(names[at]))
    return found


@dataclass(frozen=True)
class _Sheet:
    """One table of codes.

    :param head: index of its head row.
    :param columns: kind → column.
    :param place: file and sheet.
    :param problems: where what is told goes.
    """

    grid: Grid
    head: int
    columns: Mapping[str, int]
    place: str
    problems: list[Problem]

    def entries(self) -> list[Entry]:
        """Return the codes; a row without a name, a second row of one code and unread columns are told."""
        self._tell_unread()
        rows: dict[tuple[str, ...], tuple[int, Entry]] = {}
        group, parents = "", _Parents()
        for number, row in enumerate(self.grid.rows[self.head + 1 :], start=self.head + 2):
            cells = {kind: row[at].strip() for kind, at in self.columns.items() if at < len(row)}
            group = cells.get("group") or group
            path = self._path(cells, group, parents)
            if path and path not in rows:
                rows[path] = number, _entry(path, cells)
                parents.learn(path)
            elif path and cells.get("name"):
                told = {"name": path[-1], "row": rows[path][0]}
                self._tell("codebook_import_twice", number, **told)
            elif any(cells.values()) and not path:
                self._tell("codebook_import_no_name", number)
        return [entry for _, entry in rows.values()]

    def _path(self, cells: Mapping[str, str], group: str, parents: _Parents) -> tuple[str, ...]:
        """Return where a row's code stands; a row that names only a group is about the group."""
        name = _steps(cells.get("name", ""))
        if not name:
            return _steps(cells.get("group", ""))
        above = parents.of(cells.get("parent", "")) if "parent" in self.columns else _steps(group)
        return (*above, *name)

    def _tell_unread(self) -> None:
        head, read = self.grid.rows[self.head], set(self.columns.values())
        unread = [name for at, name in enumerate(head) if name.strip() and at not in read]
        if unread:
            told = {"columns": ", ".join(unread)}
            self.problems.append(Problem("codebook_import_unread", self.place, "notice", told))

    def _tell(self, reason: str, number: int, **params: object) -> None:
        self.problems.append(Problem(reason, f"{self.place}, row {number}", "error", params))


class _Parents:
    """Where the codes of a table stand, so that a parent may be named by its own name alone."""

    def __init__(self) -> None:
        self._paths: dict[str, tuple[str, ...]] = {}

    def learn(self, path: tuple[str, ...]) -> None:
        """Remember a code; of two of one name the first."""
        self._paths.setdefault(path[-1], path)

    def of(self, cell: str) -> tuple[str, ...]:
        """Return the path that a cell of the parent column means, none for an empty one."""
        steps = _steps(cell)
        return self._paths.get(steps[0], steps) if len(steps) == 1 else steps


def _entry(path: tuple[str, ...], cells: Mapping[str, str]) -> Entry:
    examples = tuple(line.strip() for line in cells.get("examples", "").split("\n") if line.strip())
    return Entry(
        path, cells.get("definition", ""), cells.get("include", ""), cells.get("exclude", ""), examples
    )


def _steps(cell: str) -> tuple[str, ...]:
    return tuple(step for part in _STEPS.split(cell) if (step := " ".join(part.split())))


def _few(names: Iterable[str]) -> dict[str, object]:
    listed = list(names)
    return {"n": len(listed), "names": ", ".join(listed[:_NAMED]) + (" …" if len(listed) > _NAMED else "")}
