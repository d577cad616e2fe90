"""What a person decided on the reread queue: counted, told coder by coder, and put down in the audit log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kotaku_nlp.coding.reread import audit, audit_lines
from kotaku_nlp.errors import KotakuError
from kotaku_nlp.export.audit import append_entry, entry, read_log
from kotaku_nlp.export.decisions import SHEET, read_decisions
from kotaku_nlp.messages import say
from kotaku_nlp.records import Analysis, Problem

if TYPE_CHECKING:
    import pandas as pd

QUEUE = "reread.parquet"
ADJUDICATED = "item_adjudicated"


@dataclass(frozen=True)
class Decided:
    """A sheet on which somebody has worked: it must be kept.

    :param lines: what the decisions show, coder by coder.
    :param problems: why the sheet was kept, or could not be read.
    """

    lines: tuple[str, ...]
    problems: tuple[Problem, ...]


def decided(folder: Path, analysis: Analysis, who: str, lang: str = "id") -> Decided | None:
    """Return what the decisions in a run folder show, and log those that are new.

    A sheet that cannot be read counts as worked on: it is told what is the matter, and nothing is lost.

    :param folder: a run folder.
    :param analysis: its run.
    :param who: the person, for the audit log.
    :param lang: language of the lines.
    :return: None when there is no sheet, or nothing was filled in.
    """
    import pandas as pd

    if not (folder / SHEET).is_file():
        return None
    try:
        work = read_decisions(folder / SHEET)
    except KotakuError as problem:
        return Decided((), (Problem(problem.key, problem.where or SHEET, "error", dict(problem.params)),))
    if work.empty:
        return None
    if not (folder / QUEUE).is_file():
        return Decided((), (Problem("reread_table_missing", SHEET, "error", {"n": len(work)}),))
    settled = work[work["decision"] != ""]
    _log(folder, analysis, who, settled)
    lines = _lines(settled, pd.read_parquet(folder / QUEUE), lang)
    return Decided(tuple(lines), (Problem("reread_kept", SHEET, "notice", {"n": len(work)}),))


def _lines(settled: pd.DataFrame, queue: pd.DataFrame, lang: str) -> Iterator[str]:
    for coder, own in queue.groupby("coder", sort=False):
        yield say("reread_of", lang, coder=coder)
        yield from (f"  {line}" for line in audit_lines(audit(settled, own), lang))


def _log(folder: Path, analysis: Analysis, who: str, settled: pd.DataFrame) -> None:
    """Add every decision to the audit log that does not stand there yet; a changed one is a new one."""
    known = [dict(e.details) for e in read_log(folder).entries if e.what == ADJUDICATED]
    new = [row for row in settled.to_dict("records") if row not in known]
    if not new:
        return
    made = entry(analysis, who, ADJUDICATED)
    for row in new:
        append_entry(folder, replace(made, details={str(name): cell for name, cell in row.items()}))
