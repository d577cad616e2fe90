"""Coded segments in tables: NVivo, MAXQDA, ATLAS.ti and Taguette exports, and what people make themselves.

A long table has a row for every passage and code; a cell may name several codes. A wide table has a row
for every passage and a column for every code, marked 1, x or ya where the passage carries it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kotaku_nlp.coding.files.readers.grids import Grid, read_grids
from kotaku_nlp.coding.files.readers.heads import Plan, find_plan, mark_in
from kotaku_nlp.coding.files.readers.imported import STEP, Imported, Ledger, stem_of
from kotaku_nlp.corpus.readers import SUFFIXES
from kotaku_nlp.errors import CodingError

#: What parts the steps of a code's path: MAXQDA ">" or "\", NVivo "\\".
_STEPS = re.compile(r"\s*(?:>|\\+)\s*")
_SEVERAL = re.compile(r"[;\n|]")
#: Excel writes 12 as 12,0 or 12.00; in 1.000 the dot parts thousands, so that it is no 1.
_WHOLE = re.compile(r"(\d+)(?:[.,]0{1,2})?")


def read_spreadsheet(path: Path) -> Imported:
    """Read the coding tables of a .csv, .tsv or .xlsx file.

    :param path: the file; every sheet that is a coding table is read.
    :raises CodingError: when there is no such file, or no sheet is a coding table.
    :raises CorpusError: when the file is damaged, locked, oversized or unsafe.
    """
    if not path.is_file():
        raise CodingError("coding_missing", str(path))
    grids = [grid for grid in read_grids(path) if any(any(row) for row in grid.rows)]
    if not grids:
        raise CodingError("coding_empty", path.name)
    plans = [(grid, plan) for grid in grids if (plan := find_plan(grid.rows))]
    if not plans:
        found = next(row for row in grids[0].rows if any(row))
        raise CodingError("readers_no_table", path.name, found=", ".join(cell for cell in found if cell))
    ledger = Ledger(path.name)
    for grid in grids:
        if not any(grid is other for other, _ in plans):
            ledger.tell("readers_sheet_unread", grid.name)
    for grid, plan in plans:
        _Table(grid, plan, path.stem, ledger).read()
    return ledger.close(path.stem)


@dataclass(frozen=True)
class _Table:
    """One table on its way into the ledger.

    :param ignored: column → row and cell of every place that is no number and was not needed.
    """

    grid: Grid
    plan: Plan
    stem: str
    ledger: Ledger
    ignored: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    def read(self) -> None:
        """Put every row into the ledger, and say how the table was understood."""
        body = range(self.plan.row + 1, len(self.grid.rows))
        filled = [at for at in body if any(cell.strip() for cell in self.grid.rows[at])]
        self._tell(filled)
        alone = {code for at in filled for code in _several(self._cell(at, "code"), frozenset())}
        last, taken = "", 0
        for at in filled:
            # A document is often written once, in the first of its rows.
            named = self._cell(at, "transcript").strip()
            taken += bool(last and not named)
            last = named or last
            self._row(at, last, frozenset(alone))
        if taken:
            self.ledger.tell("readers_document_above", self._sheet(), count=taken)
        for column, cells in self.ignored.items():
            told = {"count": len(cells), "rows": _listed([row for row, _ in cells]), "value": cells[0][1]}
            self.ledger.tell("readers_number_ignored", self._sheet(), column=column, **told)

    def _tell(self, filled: Sequence[int]) -> None:
        place = self._sheet()
        if self.plan.unread:
            self.ledger.tell("readers_columns_unread", place, columns=", ".join(self.plan.unread))
        if "transcript" not in self.plan.columns:
            self.ledger.tell("readers_no_document", place, name=self.grid.name or self.stem)
        hidden = [at + 1 for at in filled if at + 1 in self.grid.hidden]
        if hidden:
            self.ledger.tell("readers_hidden_rows", place, count=len(hidden), rows=_listed(hidden))

    def _row(self, at: int, document: str, alone: frozenset[str]) -> None:
        place = f"{self._sheet()} row {at + 1}".strip()
        codes = self._codes(at, place, alone)
        quote = self._cell(at, "quote").strip()
        numbers = self._numbers(at, place, quote, len(codes))
        if numbers is None:
            return
        placed = numbers["turn"] is not None or None not in (numbers["start"], numbers["end"])
        if not quote and not placed:
            self.ledger.leave("readers_no_words", place, count=len(codes), code=", ".join(codes) or "–")
            return
        transcript = stem_of(document or self.grid.name or self.stem, SUFFIXES)
        coder = self._cell(at, "coder").strip() or self.stem
        for code in codes:
            path = STEP.join(step for step in _STEPS.split(code) if step)
            self.ledger.keep(
                place, transcript=transcript, code_path=path, coder=coder,
                date=self._cell(at, "date").strip(), memo=self._cell(at, "memo").strip(), quote=quote,
                **numbers,
            )  # fmt: skip

    def _numbers(self, at: int, place: str, quote: str, count: int) -> dict[str, int | None] | None:
        """Return turn and positions; None where one is no number and no quote can stand for it."""
        cells = {name: _number(self._cell(at, name)) for name in ("turn", "start", "end")}
        for name in (name for name, (_, good) in cells.items() if not good):
            cell = self._cell(at, name).strip()
            if not quote:
                self.ledger.leave(
                    "readers_no_number", place, count=count, column=self._head(name), value=cell
                )
                return None
            self.ignored.setdefault(self._head(name), []).append((at + 1, cell))
        whole = cells["start"][1] and cells["end"][1]
        return {name: number if name == "turn" or whole else None for name, (number, _) in cells.items()}

    def _codes(self, at: int, place: str, alone: frozenset[str]) -> list[str]:
        """Return the codes of a row; one empty code when it was read and left uncoded."""
        if not self.plan.marks:
            return _several(self._cell(at, "code"), alone) or [""]
        row = self.grid.rows[at]
        codes = []
        for column, code in self.plan.marks.items():
            cell = row[column] if column < len(row) else ""
            mark = mark_in(cell)
            if mark is None:
                self.ledger.leave("readers_mark_unclear", place, count=1, code=code, value=cell)
            elif mark:
                codes.append(code)
        return codes or [""]

    def _cell(self, at: int, kind: str) -> str:
        row, column = self.grid.rows[at], self.plan.columns.get(kind)
        return row[column] if column is not None and column < len(row) else ""

    def _head(self, kind: str) -> str:
        return self.grid.rows[self.plan.row][self.plan.columns[kind]].strip()

    def _sheet(self) -> str:
        return f"sheet {self.grid.name}" if self.grid.name else ""


def _listed(rows: Sequence[int]) -> str:
    return ", ".join(map(str, rows[:10])) + (" …" if len(rows) > 10 else "")


def _several(cell: str, alone: frozenset[str]) -> list[str]:
    """Return the codes in a cell; a comma parts them only where each stands alone somewhere else.

    :param alone: what stands in the column between semicolons and new lines.
    """
    codes: list[str] = []
    for part in (" ".join(part.split()) for part in _SEVERAL.split(cell)):
        pieces = [piece.strip() for piece in part.split(",")]
        codes += pieces if len(pieces) > 1 and alone.issuperset(pieces) else [part]
    return list(dict.fromkeys(code for code in codes if code))


def _number(cell: str) -> tuple[int | None, bool]:
    """Return a whole number, and whether the cell was one or empty."""
    text = cell.strip()
    match = _WHOLE.fullmatch(text)
    return (int(match[1]), True) if match else (None, not text)
