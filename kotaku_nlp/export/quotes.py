"""Coded quotes as a table: one row a quote of one coder, one column a code, 0 or 1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kotaku_nlp.export.spans import CodedSpan
from kotaku_nlp.records import Analysis
from kotaku_nlp.report.frames import rows
from kotaku_nlp.report.labels import Labels
from kotaku_nlp.report.write import export_tables

if TYPE_CHECKING:
    import pandas as pd

    Code = tuple[str | None, str]

#: Columns in front of the codes.
PLACE = ("document", "informant", "group", "role", "turn", "start", "end", "text", "coder")
#: Name of the table in a workbook, and of its CSV file.
TABLE = "coded_quotes"


def write_quotes(
    analysis: Analysis, spans: Sequence[CodedSpan], kind: str, target: Path, lang: str = "id"
) -> None:
    """Write the tables of a run with its coded quotes among them.

    Every text cell is written as text and made harmless to spreadsheets (CWE-1236).

    :param analysis: a run.
    :param spans: the coded places.
    :param kind: "xlsx" for one workbook, "csv" for a folder of CSV files.
    :param target: the workbook's file, or the folder.
    :param lang: language of code names and of the workbook's first sheet.
    """
    tables = {TABLE: quote_table(analysis, spans, lang), **analysis.tables}
    export_tables(replace(analysis, tables=tables), kind, target, lang)


def quote_table(analysis: Analysis, spans: Sequence[CodedSpan], lang: str = "id") -> pd.DataFrame:
    """Return one row a coded span and coder, in the order of the transcripts' names and places.

    Texts are cut from the transcripts anew. Every code of the run's codebooks has a column, also one
    that nobody used; codes of a coder's own follow.

    :param analysis: a run.
    :param spans: the coded places.
    :param lang: language of the code names that head the columns.
    """
    import pandas as pd

    heads = _heads(analysis, spans, lang)
    texts = {row["transcript"]: row["text"] for row in rows(analysis.transcripts[["transcript", "text"]])}
    people = _people(analysis)
    quotes: dict[tuple[Any, ...], dict[str, Any]] = {}
    for span in spans:
        key = (span.transcript, span.start, span.end, span.coder)
        if key not in quotes:
            text = texts[span.transcript][span.start : span.end]
            person = people.get((span.transcript, span.turn), {})
            quotes[key] = _place(span, text, person) | dict.fromkeys(heads.values(), 0)
        quotes[key][heads[span.codebook, span.code]] = 1
    found = [quotes[key] for key in sorted(quotes)]
    columns = [*PLACE, *heads.values()]
    return pd.DataFrame(found, columns=columns).astype({"turn": "Int64"})


def _place(span: CodedSpan, text: str, person: dict[str, Any]) -> dict[str, Any]:
    return {
        "document": span.transcript,
        "informant": person.get("informant"),
        "group": person.get("group"),
        "role": person.get("role"),
        "turn": span.turn,
        "start": span.start,
        "end": span.end,
        "text": text,
        "coder": span.coder,
    }


def _people(analysis: Analysis) -> dict[tuple[str, int | None], dict[str, Any]]:
    """Return who speaks in every turn that has passages; an interviewer's has none."""
    table = analysis.passages[["transcript", "turn", "informant", "group", "role"]]
    return {(row["transcript"], row["turn"]): row for row in rows(table.drop_duplicates())}


def _heads(analysis: Analysis, spans: Iterable[CodedSpan], lang: str) -> dict[Code, str]:
    """Return the heading of every code: its name, and more where that would not tell it from another."""
    labels = Labels(lang, analysis.codebooks)
    codes: list[Code] = [(book.id, leaf.id) for book in analysis.codebooks for leaf in book.leaves]
    used = {(span.codebook, span.code) for span in spans}
    codes += sorted(used - set(codes), key=lambda code: (code[0] or "\uffff", code[1]))
    names = {code: labels.dimension(code[0], code[1]) if code[0] else code[1] for code in codes}
    alike = Counter([*names.values(), *PLACE])
    heads: dict[Code, str] = {}
    for code, name in names.items():
        fuller = name if alike[name] == 1 else f"{name} ({': '.join(part for part in code if part)})"
        heads[code] = _free(fuller, {*PLACE, *heads.values()})
    return heads


def _free(name: str, taken: set[str]) -> str:
    """Return a name, with a number behind it where it is taken."""
    tried, number = name, 2
    while tried in taken:
        tried, number = f"{name} {number}", number + 1
    return tried
