"""Writes a run in the form that somebody asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kotaku_nlp.export.project import write_project
from kotaku_nlp.export.quotes import write_quotes
from kotaku_nlp.export.spans import human_spans, in_order, machine_spans
from kotaku_nlp.export.word import write_transcripts
from kotaku_nlp.records import Analysis, Coding, Problem

#: What a run can be written as, and what its file or folder is called behind the run's name.
KINDS = {"docx": "-docx", "qdpx": ".qdpx", "xlsx": ".xlsx", "csv": "-csv"}


def export_run(
    analysis: Analysis, kind: str, target: Path, codings: Sequence[Coding] = (), lang: str = "id"
) -> tuple[Problem, ...]:
    """Write a run with the machine's coding and that of people beside it.

    :param analysis: a run.
    :param kind: one of `KINDS`: "docx" and "csv" write a folder, "qdpx" and "xlsx" a file.
    :param target: the file or folder.
    :param codings: manual codings of the run's transcripts.
    :param lang: language of code names and comments.
    :return: every coding that could not be written, with its place and the cure.
    :raises ValueError: when `kind` is none of `KINDS`.
    :raises CodingError: when a project file cannot be written or does not read back the same.
    """
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is none of {', '.join(KINDS)}")
    people, problems = human_spans(analysis, codings)
    spans = in_order((*machine_spans(analysis), *people))
    if kind == "docx":
        write_transcripts(analysis, spans, target, lang)
    elif kind == "qdpx":
        problems += write_project(analysis, spans, target, lang)
    else:
        write_quotes(analysis, spans, kind, target, lang)
    return problems
