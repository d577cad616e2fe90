"""speakers.csv: what `kotaku check` found, and what the researcher confirmed of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kotaku_nlp.corpus.groups import group_of, nearest_groups
from kotaku_nlp.corpus.lexicon import key, ordered, words
from kotaku_nlp.corpus.sheets import Row, read_sheet, write_sheet
from kotaku_nlp.errors import CorpusError
from kotaku_nlp.records import UNKNOWN, Corpus, Problem

SPEAKERS_FILE = "speakers.csv"
COLUMNS = ("transcript", "label", "informant", "is_interviewer", "group", "confirmed")


@dataclass(frozen=True)
class Confirmation:
    """One row of speakers.csv; an empty cell is None and leaves that to inference.

    :param nobody: the researcher struck the label out (a dash as informant): it is no speaker.
    """

    label: str
    informant: str | None = None
    is_interviewer: bool | None = None
    group: str | None = None
    confirmed: bool = True
    nobody: bool = False


@dataclass(frozen=True)
class Confirmations:
    """speakers.csv, read: transcript → label → row."""

    rows: Mapping[str, Mapping[str, Confirmation]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def of(self, transcript: str) -> dict[str, Confirmation]:
        """Return the confirmed rows of one transcript, by label."""
        return {label: row for label, row in self.rows.get(transcript, {}).items() if row.confirmed}


def read_confirmations(path: Path) -> Confirmations:
    """Read speakers.csv; a missing file is an empty one.

    :param path: the file.
    :raises CorpusError: when it cannot be decoded or misses `transcript` or `label`.
    """
    if not path.is_file():
        return Confirmations()
    sheet = read_sheet(path, path.name, COLUMNS, ("transcript", "label"))
    rows: dict[str, dict[str, Confirmation]] = {}
    problems: list[Problem] = []
    for row in sheet.rows:
        if row["transcript"] and row["label"]:
            rows.setdefault(row["transcript"], {})[row["label"]] = _confirmation(row, path.name, problems)
    return Confirmations(rows, tuple(problems))


def _confirmation(row: Row, where: str, problems: list[Problem]) -> Confirmation:
    place = f"{where}, row {row.line}"
    group = group_of(row["group"]) if row["group"] else None
    if row["group"] and group is None:
        params = {"group": row["group"], "nearest": ", ".join(nearest_groups(row["group"]))}
        problems.append(Problem("group_unrecognised", place, "error", params))
    asks = _flag(row, "is_interviewer", place, problems)
    confirmed = _flag(row, "confirmed", place, problems)
    nobody = row["informant"].casefold() in words("nobody", "columns.toml")
    return Confirmation(
        label=row["label"],
        informant=None if nobody else row["informant"] or None,
        is_interviewer=asks,
        group=None if group == UNKNOWN else group,
        confirmed=bool(confirmed),
        nobody=nobody,
    )


def _flag(row: Row, column: str, place: str, problems: list[Problem]) -> bool | None:
    value = row[column].casefold()
    if value in words("yes", "columns.toml"):
        return True
    if value and value not in words("no", "columns.toml"):
        problems.append(Problem("flag_unclear", place, "error", {"column": column, "value": row[column]}))
    return False if value in words("no", "columns.toml") else None


def write_speakers(corpus: Corpus, path: Path) -> None:
    """Write every speaker of a corpus for the researcher to confirm; confirmed rows stay as they are.

    :param corpus: what was read.
    :param path: speakers.csv, written or replaced.
    :raises CorpusError: when an existing file cannot be read, or the folder cannot be written.
    """
    kept = _confirmed_rows(path)
    rows = [kept.pop(name, cells) for name, cells in _found_rows(corpus).items()]
    rows += kept.values()
    rows.sort(key=lambda cells: cells[0])
    try:
        write_sheet(path, COLUMNS, rows)
    except OSError as problem:
        raise CorpusError("speakers_not_written", path.name, detail=str(problem.strerror)) from problem


def _confirmed_rows(path: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    if not path.is_file():
        return {}
    sheet = read_sheet(path, path.name, COLUMNS, ("transcript", "label"))
    return {
        (row["transcript"], key(row["label"])): tuple(row[column] for column in COLUMNS)
        for row in sheet.rows
        if row["confirmed"].casefold() in words("yes", "columns.toml")
    }


def _found_rows(corpus: Corpus) -> dict[tuple[str, str], tuple[str, ...]]:
    groups = {(person.transcript, person.id): person.group for person in corpus.informants}
    yes, no = ordered("yes", "columns.toml")[0], ordered("no", "columns.toml")[0]
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for transcript in corpus.transcripts:
        for turn in transcript.turns:
            if turn.speaker is None:
                continue
            group = groups.get((transcript.name, turn.informant or ""), "")
            asks = yes if turn.is_interviewer else no
            cells = (transcript.name, turn.speaker, turn.informant or "", asks, group, no)
            found.setdefault((transcript.name, key(turn.speaker)), cells)
    return found
