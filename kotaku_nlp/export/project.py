"""A run as a REFI-QDA project: each person and the machine as users of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kotaku_nlp.coding.codings import COLUMNS
from kotaku_nlp.coding.files.refi import RefiProject, from_tables, write_refi
from kotaku_nlp.export.spans import CodedSpan
from kotaku_nlp.records import Analysis, Codebook, Coding, Dimension, Problem
from kotaku_nlp.report.labels import Labels

if TYPE_CHECKING:
    import pandas as pd


def write_project(
    analysis: Analysis, spans: Sequence[CodedSpan], path: Path, lang: str = "id"
) -> tuple[Problem, ...]:
    """Write the `.qdpx` file of a run, verified by reading it back.

    :param analysis: a run.
    :param spans: the coded places.
    :param path: the file; one that is there is replaced at once or not at all.
    :param lang: language of code names, definitions and memos.
    :return: what was not written, and what some program may show otherwise.
    :raises CodingError: when the file cannot be written, or does not read back the same.
    """
    project = project_of(analysis, spans, lang)
    told = () if project.report is None else project.report.problems
    path.parent.mkdir(parents=True, exist_ok=True)
    return (*told, *write_refi(path, project))


def project_of(analysis: Analysis, spans: Sequence[CodedSpan], lang: str = "id") -> RefiProject:
    """Return the project of a run: transcripts, informants, codebook and every coded place.

    :param analysis: a run.
    :param spans: the coded places.
    :param lang: language of code names, definitions and memos.
    """
    import pandas as pd

    labels = Labels(lang, analysis.codebooks)
    several = len(analysis.codebooks) > 1
    rows = [_row(span, labels, several) for span in spans]
    columns = [*COLUMNS, "date", "probability", "basis"]
    return from_tables(
        analysis.transcripts[["transcript", "text"]],
        Coding(analysis.corpus_name, pd.DataFrame(rows, columns=columns)),
        _together(analysis.codebooks),
        _informants(analysis, labels),
        name=analysis.corpus_name,
        lang=lang,
    )


def _row(span: CodedSpan, labels: Labels, several: bool) -> dict[str, Any]:
    return {
        "transcript": span.transcript,
        "turn": span.turn,
        "start": span.start,
        "end": span.end,
        "code": _within(span.codebook, span.code) if several and span.codebook else span.code,
        "coder": span.coder,
        "date": span.date,
        "probability": span.probability,
        "basis": labels.name("basis", span.basis),
    }


def _together(codebooks: Sequence[Codebook]) -> Codebook | None:
    """Return the run's codebook; several become one, each a branch of it, for ids may be the same."""
    if len(codebooks) < 2:
        return codebooks[0] if codebooks else None
    dimensions: list[Dimension] = []
    for book in codebooks:
        dimensions.append(Dimension(book.id, book.title or {"id": book.id}, {}))
        for each in book.dimensions:
            parent = _within(book.id, each.parent) if each.parent else book.id
            dimensions.append(replace(each, id=_within(book.id, each.id), parent=parent))
    return Codebook(codebooks[0].id, codebooks[0].title, tuple(dimensions))


def _within(codebook: str, code: str) -> str:
    return f"{codebook}/{code}"


def _informants(analysis: Analysis, labels: Labels) -> pd.DataFrame | None:
    """Return the informants with what is known of them; how much they said is no variable of theirs."""
    table = analysis.tables.get("informants")
    if table is None:
        return None
    known = [str(column) for column in table.columns if not str(column).startswith("n_")]
    return table[known].assign(group=[labels.name("group", group) for group in table["group"]])
