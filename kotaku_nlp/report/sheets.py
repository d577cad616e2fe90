"""The tables of the workbook and the CSV folder: evidence as it is, relations in a reader's words.

Evidence tables keep the names of their columns. The tables of topics and saturation lie in the run folder as
Parquet under their codes; here their topics, dimensions, groups and verdicts have names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from kotaku_nlp.analysis.saturation.tables import REASON
from kotaku_nlp.columns import RELATIONS
from kotaku_nlp.messages import say
from kotaku_nlp.records import Analysis
from kotaku_nlp.report.frames import plain, rows
from kotaku_nlp.report.labels import Labels

if TYPE_CHECKING:
    import pandas as pd

    Row = Mapping[str, Any]


def sheet_names(analysis: Analysis) -> list[str]:
    """Return the names of all tables that a reader gets, in order."""
    return [*analysis.tables, *RELATIONS]


def sheets(analysis: Analysis, labels: Labels) -> dict[str, pd.DataFrame]:
    """Return the tables that a reader gets, by name.

    :param analysis: a run.
    :param labels: names in the reader's language.
    """
    told = {name: _told(getattr(analysis, name), analysis, labels) for name in RELATIONS}
    return {**analysis.tables, **told}


def _told(frame: pd.DataFrame, analysis: Analysis, labels: Labels) -> pd.DataFrame:
    """Return a table with a heading and values that need no codes; numbers stay as they are."""
    import pandas as pd

    tellers = _tellers(analysis, labels)
    found = rows(frame)
    columns: dict[str, Any] = {}
    for name in map(str, frame.columns):
        teller = tellers.get(name)
        columns[labels.name("head", name)] = (
            frame[name] if teller is None
            else pd.Series([teller(row) for row in found], index=frame.index, dtype="object")
        )  # fmt: skip
        if name == "topic":
            numbered = [_topic(analysis, row["topic"]) for row in found]
            columns[labels.name("head", "label")] = pd.Series(numbered, index=frame.index, dtype="object")
    return pd.DataFrame(columns)


def _tellers(analysis: Analysis, labels: Labels) -> dict[str, Callable[[Row], Any]]:
    """Return for each column that holds codes what says a row's value in words."""

    def dimensions(cell: str | None, row: Row) -> str:
        return "; ".join(labels.dimension(row["codebook"], name) for name in (cell or "").split())

    return {
        "group": lambda row: labels.name("group", row["group"]),
        "codebook": lambda row: labels.codebook(row["codebook"]),
        "dimension": lambda row: dimensions(row["dimension"], row),
        "dimensions": lambda row: dimensions(row["dimensions"], row),
        "topics": lambda row: "; ".join(
            _topic(analysis, int(each)) for each in (row["topics"] or "").split()
        ),
        "verdict": lambda row: labels.name("verdict", row["verdict"]),
        "linked": lambda row: labels.name("linked", str(row["linked"]).lower()),
        "kind": lambda row: labels.name("themes", row["kind"]),
        "name": lambda row: labels.theme_set(row["kind"], row["name"]),
        "ordered_by": lambda row: labels.name("order", row["ordered_by"]),
        "reason": lambda row: _reason(row["reason"], labels),
    }


def _topic(analysis: Analysis, topic: int) -> str:
    known = analysis.topics.loc[analysis.topics["topic"] == topic, "label"]
    return str(plain(known.iloc[0]) or topic) if len(known) else str(topic)


def _reason(reason: str | None, labels: Labels) -> str:
    """Return why there is no test, or no point of saturation."""
    if reason and reason.startswith(REASON):
        return say(f"saturation_reason_{reason.removeprefix(REASON)}", labels.lang)
    return labels.name("reason", reason)
