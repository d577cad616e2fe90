"""informants.csv: who was interviewed, for which group they speak, and what their post is."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kotaku_nlp.corpus.groups import group_of, nearest_groups
from kotaku_nlp.corpus.lexicon import key, ordered
from kotaku_nlp.corpus.sheets import Row, read_sheet
from kotaku_nlp.records import KINDS, UNKNOWN, Problem

INFORMANTS_FILE = "informants.csv"
_KNOWN = ("transcript", "informant", "group", "role", "kind", "date", "place", "initials")
_OWN = ("transcript", "informant", "group", "role", "kind")


@dataclass(frozen=True)
class InformantRow:
    """One row of informants.csv.

    :param place: file and row, for problems.
    :param transcript: stem of the file; `informant` a label of it, an id, or empty.
    :param columns: everything else, by head.
    """

    place: str
    transcript: str
    informant: str
    group: str = UNKNOWN
    role: str = ""
    kind: str = ""
    columns: Mapping[str, str] | None = None


@dataclass(frozen=True)
class InformantTable:
    """informants.csv, read; `given` tells an empty table from none."""

    rows: tuple[InformantRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    given: bool = False

    def of(self, transcript: str) -> tuple[InformantRow, ...]:
        """Return the rows of one transcript."""
        return tuple(row for row in self.rows if row.transcript == transcript)

    def kind_of(self, transcript: str) -> str:
        """Return the kind that the table gives a transcript, "" for none."""
        return next((row.kind for row in self.of(transcript) if row.kind), "")

    def matched(self, stems: Sequence[str], suffixes: Sequence[str]) -> InformantTable:
        """Return the table with its transcripts written as the files are.

        Case, a file ending and how letters are composed make no difference: "W1.docx" is "w1".

        :param stems: names of the transcripts that are there.
        :param suffixes: file endings that may stand in the table.
        """
        names = {_plain(stem, ()): stem for stem in stems} | {stem: stem for stem in stems}

        def written(name: str) -> str:
            return names.get(name) or names.get(_plain(name, suffixes)) or name

        return replace(
            self, rows=tuple(replace(row, transcript=written(row.transcript)) for row in self.rows)
        )


def _plain(name: str, suffixes: Sequence[str]) -> str:
    name = unicodedata.normalize("NFC", name).casefold().strip()
    for suffix in suffixes:
        if name.endswith(suffix.casefold()):
            return name.removesuffix(suffix.casefold())
    return name


def read_informants(path: Path) -> InformantTable:
    """Read informants.csv; a missing file gives an empty table.

    :param path: the file.
    :return: its good rows, and a problem with row number for what cannot be used: a group nobody
        knows counts as `unknown`, a second row for one informant is left out.
    :raises CorpusError: when it cannot be decoded or has no `transcript` column.
    """
    if not path.is_file():
        return InformantTable()
    sheet = read_sheet(path, path.name, _KNOWN, ("transcript",))
    rows: dict[tuple[str, str], InformantRow] = {}
    problems: list[Problem] = []
    for raw in sheet.rows:
        row = _row(raw, path.name, problems)
        if row is None:
            continue
        before = rows.setdefault((row.transcript, key(row.informant)), row)
        if before is not row:
            problems.append(_twice(before, row))
    return InformantTable(tuple(rows.values()), tuple(problems), given=True)


def _row(raw: Row, where: str, problems: list[Problem]) -> InformantRow | None:
    place = f"{where}, row {raw.line}"
    if not raw["transcript"]:
        problems.append(Problem("row_without_transcript", place, "error"))
        return None
    if raw.beyond:
        problems.append(Problem("row_too_long", place, "error", {"cells": ", ".join(raw.beyond)}))
    group = group_of(raw["group"])
    if group is None:
        params = {"group": raw["group"], "nearest": ", ".join(nearest_groups(raw["group"]))}
        problems.append(Problem("group_unrecognised", place, "error", params))
    kind = kind_of(raw["kind"])
    if raw["kind"] and not kind:
        params = {"kind": raw["kind"], "known": ", ".join(KINDS)}
        problems.append(Problem("kind_unrecognised", place, "error", params))
    others = {name: cell for name, cell in raw.cells.items() if name not in _OWN and cell}
    informant = " ".join(raw["informant"].split())
    return InformantRow(place, raw["transcript"], informant, group or UNKNOWN, raw["role"], kind, others)


def kind_of(name: str) -> str:
    """Return the kind that a name means ("Observasi", "FGD"), "" for one nobody knows."""
    plain = key(name)
    return next((kind for kind in KINDS if plain and plain in ordered(kind, "columns.toml")), "")


def _twice(before: InformantRow, row: InformantRow) -> Problem:
    same = (before.group, before.role, before.kind) == (row.group, row.role, row.kind)
    params = {"transcript": row.transcript, "informant": row.informant, "first": before.place}
    return Problem("row_twice", row.place, "notice" if same else "error", params)
