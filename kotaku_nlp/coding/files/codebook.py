"""Codebooks in whatever file they come: our YAML, REFI-QDA (`.qdc`, `.qdpx`), and tables.

A table needs a column of names: what a researcher made in Excel (kode, nama, definisi, indikator, termasuk,
tidak termasuk, contoh, induk), Taguette's codebook CSV, MAXQDA's code sheet, whose names are whole paths
with `>` or a backslash between the steps.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from kotaku_nlp.coding.codebook import SHIPPED, write_codebook
from kotaku_nlp.coding.codebook import load_codebook as load_yaml
from kotaku_nlp.coding.files.code_tree import CodePath, Entry, book_of, lifted, path_ids, renamed, tree
from kotaku_nlp.coding.files.readers.grids import Grid, read_grids
from kotaku_nlp.corpus.lexicon import key
from kotaku_nlp.errors import CodebookError
from kotaku_nlp.records import OUT_OF_FRAMEWORK, Codebook, Problem

_TABLES = (".xlsx", ".csv", ".tsv")
_REFI = (".qdc", ".qdpx")
_STEPS = re.compile(r"\s*(?:>|\\+)\s*")
#: What stands between the indicators of one cell, and in front of each when they are listed.
_LISTED = re.compile(r"\s*[;\n]\s*")
_BULLET = re.compile(r"^(?:[-–•*]|\(?\d{1,2}[.)])\s+")
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
        "path", "codepath", "name", "codename", "nama", "namakode", "label", "labelkode", "code", "codes",
        "kode", "koding", "tag", "tags", "node", "nodes", "subtema", "subtheme", "subkategori", "subcategory",
        "indikator", "dimensi", "dimension", "kategori", "category", "tema", "theme", "id",
    ),
    "id": ("id", "kodeid", "idkode", "codeid", "kode", "code"),
    "indicators": (
        "indicators", "indicator", "indikator", "indikatorindikator", "kalimatindikator", "ciriciri",
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


def load_codebook(name_or_path: str | Path) -> Codebook:
    """Return a shipped codebook by id, or one's own from a YAML file, a table or a REFI-QDA file.

    :param name_or_path: one of `SHIPPED`, or the path of a file: `.yaml`, `.csv`, `.tsv`, `.xlsx`, `.qdc`,
        `.qdpx`.
    :raises CodebookError: when there is no such codebook or the file breaks the format. A row of a table
        that would be left out is an error here, with its row and column and the cure; `open_codebook`
        leaves it out and tells.
    :raises CodingError: when a REFI-QDA file is damaged or unsafe.
    :raises CorpusError: when a table is damaged, locked, oversized or unsafe.
    """
    found = open_codebook(name_or_path)
    for problem in found.problems:
        if problem.level == "error":
            raise CodebookError(problem.key, problem.where, **problem.params)
    return found.codebook


def open_codebook(name_or_path: str | Path) -> ImportedCodebook:
    """Return a codebook as `load_codebook` does, with what a person should know of its file.

    :param name_or_path: see `load_codebook`.
    :raises KotakuError: as `load_codebook`, but for rows of a table, which are left out and told.
    """
    path = Path(name_or_path)
    if str(name_or_path) in SHIPPED or path.suffix.lower() not in (*_REFI, *_TABLES) or not path.is_file():
        return ImportedCodebook(load_yaml(name_or_path))
    return import_codebook(path)


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
    entries: list[_Row] = []
    grids = [grid for grid in read_grids(path) if any(any(row) for row in grid.rows)]
    for grid in grids:
        place = f"{path.name}, sheet {grid.name}" if grid.name else path.name
        plan = _plan(grid.rows)
        if plan is None:
            problems.append(Problem("codebook_import_sheet_unread", place))
            continue
        taken = {row.id.casefold() for row in entries if row.id}
        entries += _Sheet(grid, *plan, place, problems, taken).rows()
    if not entries:
        found = ", ".join(cell for cell in next((r for g in grids for r in g.rows if any(r)), ()) if cell)
        raise CodebookError("codebook_import_no_codes", path.name, found=found or "–")
    return ImportedCodebook(_book(path, entries, problems), tuple(problems))


def _book(path: Path, rows: Sequence[_Row], problems: list[Problem]) -> Codebook:
    """Return the codebook of a table's rows; codes without a definition are told."""
    own = {row.entry.path: row for row in rows}
    codes = tree([row.entry for row in rows])
    bare = [entry.path[-1] for entry in codes.values() if not entry.definition.strip()]
    if bare:
        problems.append(Problem("codebook_import_bare", path.name, "notice", _few(bare)))
    given = {code: row.id for code, row in own.items() if row.id}
    taken = {name.casefold() for name in given.values()}
    ids = path_ids(codes)
    ids = {code: f"{name} (2)" if name.casefold() in taken else name for code, name in ids.items()} | given
    book = book_of(path.stem, codes, ids, path.name)
    dimensions = (
        replace(dimension, indicators={"id": own[code].indicators})
        if code in own and own[code].indicators
        else dimension
        for code, dimension in zip(codes, book.dimensions, strict=True)
    )
    return replace(book, dimensions=tuple(dimensions))


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
class _Row:
    """One code of a table: its place in the tree, and what only tables of our own kind say of it."""

    entry: Entry
    id: str = ""
    indicators: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Sheet:
    """One table of codes.

    :param head: index of its head row.
    :param columns: kind → column.
    :param place: file and sheet.
    :param problems: where what is told goes.
    :param taken: ids that other sheets gave, in lower case.
    """

    grid: Grid
    head: int
    columns: Mapping[str, int]
    place: str
    problems: list[Problem]
    taken: Collection[str] = field(default=())

    def rows(self) -> list[_Row]:
        """Return the codes; a row without a name, a second row of one code and unread columns are told."""
        self._tell_unread()
        found: dict[CodePath, tuple[int, _Row]] = {}
        group, parents = "", _Parents(self._cells())
        used: dict[str, int | str] = dict.fromkeys(self.taken, "–")
        for number, cells in self._cells():
            group = cells.get("group") or group
            path = self._path(cells, group, parents)
            if path and path not in found:
                found[path] = (
                    number,
                    _Row(_entry(path, cells), self._id(cells, number, used), _indicators(cells)),
                )
                self._tell_parent(cells, number, parents)
            elif path and cells.get("name"):
                self._tell("codebook_import_twice", number, "name", name=path[-1], row=found[path][0])
            elif any(cells.values()) and not path:
                self._tell("codebook_import_no_name", number, "name")
        return [row for _, row in found.values()]

    def _cells(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield the number of each row below the head, and its cells by kind."""
        for number, row in enumerate(self.grid.rows[self.head + 1 :], start=self.head + 2):
            yield number, {kind: row[at].strip() for kind, at in self.columns.items() if at < len(row)}

    def _path(self, cells: Mapping[str, str], group: str, parents: _Parents) -> CodePath:
        """Return where a row's code stands; a row that names only a group is about the group."""
        name = _steps(cells.get("name", ""))
        if not name:
            return _steps(cells.get("group", ""))
        if "parent" not in self.columns:
            return (*_steps(group), *name)
        return (*parents.above(cells.get("parent", "")), *name)

    def _id(self, cells: Mapping[str, str], number: int, used: dict[str, int | str]) -> str:
        """Return the id that a row gives its code; none where it is taken or cannot stand in a table."""
        wanted = " ".join(cells.get("id", "").split())
        if not wanted:
            return ""
        if wanted.casefold() in used:
            self._tell("codebook_table_id_twice", number, "id", id=wanted, row=used[wanted.casefold()])
            return ""
        if wanted == OUT_OF_FRAMEWORK or re.search(r"[;>|\\\n]", wanted):
            self._tell("codebook_table_id_unusable", number, "id", id=wanted)
            return ""
        used[wanted.casefold()] = number
        return wanted

    def _tell_parent(self, cells: Mapping[str, str], number: int, parents: _Parents) -> None:
        parent = cells.get("parent", "") if "parent" in self.columns else ""
        if parent and parents.circular(parent):
            self._tell("codebook_table_circle", number, "parent", parent=parent)
        elif parent and not parents.known(parent):
            place = f"{self.place}, {self._where(number, 'parent')}"
            told = {"parent": parent, "nearest": parents.nearest(parent)}
            self.problems.append(Problem("codebook_table_new_parent", place, "notice", told))

    def _tell_unread(self) -> None:
        head, read = self.grid.rows[self.head], set(self.columns.values())
        unread = [name for at, name in enumerate(head) if name.strip() and at not in read]
        if unread:
            told = {"columns": ", ".join(unread)}
            self.problems.append(Problem("codebook_import_unread", self.place, "notice", told))

    def _tell(self, reason: str, number: int, column: str = "", **params: object) -> None:
        place = f"{self.place}, {self._where(number, column)}"
        self.problems.append(Problem(reason, place, "error", params))

    def _where(self, number: int, column: str) -> str:
        """Return row and, where it is known, the column as its head calls it."""
        at = self.columns.get(column)
        return (
            f"row {number}" if at is None else f"row {number}, column {self.grid.rows[self.head][at].strip()}"
        )


class _Parents:
    """Where the codes of a table stand, so that a parent may be named by its name or id, above or below."""

    def __init__(self, rows: Iterable[tuple[int, Mapping[str, str]]]) -> None:
        self._steps: dict[str, tuple[CodePath, str]] = {}
        for _, cells in rows:
            name = _steps(cells.get("name", ""))
            for called in (name[-1] if name else "", cells.get("id", "")):
                if called:  # of two codes of one name the first
                    self._steps.setdefault(called.casefold(), (name, cells.get("parent", "")))

    def above(self, cell: str, seen: frozenset[str] = frozenset()) -> CodePath:
        """Return the path that a cell of the parent column means, none for an empty one or in a circle."""
        called = cell.casefold()
        if called in seen:
            return ()
        if called not in self._steps:
            return _steps(cell)
        name, parent = self._steps[called]
        return (*self.above(parent, seen | {called}), *(name or _steps(cell)))

    def circular(self, cell: str) -> bool:
        """Say whether a parent is among its own ancestors."""
        above, seen = cell.casefold(), set[str]()
        while above in self._steps and above not in seen:
            seen.add(above)
            above = self._steps[above][1].casefold()
        return above in seen

    def known(self, cell: str) -> bool:
        """Say whether a parent has a row of its own; a whole path speaks for itself."""
        return cell.casefold() in self._steps or len(_steps(cell)) > 1

    def nearest(self, cell: str) -> str:
        """Return the name of a row that a parent's name resembles most, "–" for none."""
        return next(iter(get_close_matches(cell.casefold(), self._steps, n=1)), "–")


def _entry(path: CodePath, cells: Mapping[str, str]) -> Entry:
    examples = tuple(line.strip() for line in cells.get("examples", "").split("\n") if line.strip())
    return Entry(
        path, cells.get("definition", ""), cells.get("include", ""), cells.get("exclude", ""), examples
    )


def _indicators(cells: Mapping[str, str]) -> tuple[str, ...]:
    """Return the indicators of a cell: parted by semicolons or line breaks, numbers and bullets off."""
    parts = (_BULLET.sub("", part.strip()) for part in _LISTED.split(cells.get("indicators", "")))
    return tuple(dict.fromkeys(part for part in parts if part))


def _steps(cell: str) -> tuple[str, ...]:
    return tuple(step for part in _STEPS.split(cell) if (step := " ".join(part.split())))


def _few(names: Iterable[str]) -> dict[str, object]:
    listed = list(names)
    return {"n": len(listed), "names": ", ".join(listed[:_NAMED]) + (" …" if len(listed) > _NAMED else "")}
