"""What saturation is counted over: the interviews in their order, and which theme stands in which of them.

Topics, the machine's dimensions and people's codes become one kind of table, transcript, group, theme: one
row per passage of an informant and theme. Observations and documents are no interviews and stay out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from kotaku_nlp.analysis.profiles import assigned_dimensions, spoken
from kotaku_nlp.analysis.saturation.dates import read_date
from kotaku_nlp.coding.codings import covers
from kotaku_nlp.records import Coding

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("transcript", "group", "theme")
#: The status of passages that a topic stands on; see `topic_mentions`.
_CORE = "core"


@dataclass(frozen=True)
class Interviews:
    """The interviews in the order in which they were held, as far as we know it.

    :param names: transcripts of interviews and focus groups, first to last.
    :param groups: transcript → the stakeholder groups that speak in it.
    :param ordered_by: "date" when every interview has one that we can read, else "file".
    """

    names: tuple[str, ...]
    groups: Mapping[str, frozenset[str]]
    ordered_by: Literal["date", "file"] = "file"

    def of(self, group: str) -> tuple[str, ...]:
        """Return the interviews in which a group speaks."""
        return tuple(name for name in self.names if group in self.groups[name])

    def among(self, names: Iterable[str]) -> Interviews:
        """Return only some of the interviews, e.g. those that a coder has read."""
        kept = set(names)
        return replace(self, names=tuple(name for name in self.names if name in kept))


def interviews_in_order(passages: pd.DataFrame, details: Sequence[Mapping[str, Any]] = ()) -> Interviews:
    """Put the interviews of a run in order: by date when all have one, else by the names of their files.

    Dates of a part only would put the others at a place that nobody knows, so they are left aside. In
    names a number counts as one: "w2" stands before "w10".

    :param passages: the table "passages".
    :param details: rows of the informant table; `transcript` and `date` are read.
    """
    told = spoken(passages)
    groups = {str(name): frozenset(map(str, part)) for name, part in told.groupby("transcript")["group"]}
    dates: dict[str, date] = {}
    for row in details:
        found = read_date(str(row.get("date") or ""))
        if found:
            name = str(row["transcript"])
            dates[name] = min(found, dates.get(name, found))
    if groups and groups.keys() <= dates.keys():
        by_date = sorted(groups, key=lambda name: (dates[name], *_natural(name)))
        return Interviews(tuple(by_date), groups, "date")
    return Interviews(tuple(sorted(groups, key=_natural)), groups)


def _natural(name: str) -> tuple[list[tuple[int, str]], str]:
    """Return a key that sorts numbers within names by their size."""
    parts = re.findall(r"\d+|\D+", name.casefold())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts], name


def topic_mentions(passages: pd.DataFrame, passage_topics: pd.DataFrame) -> pd.DataFrame:
    """Return where topics are heard: in their core passages only.

    Topics are made from the very interviews that are counted here, and nearly every passage is put into
    the nearest one; a passage at the rim is no evidence that an interview brings the topic up.

    :param passages: the table "passages".
    :param passage_topics: the table "passage_topics".
    :return: DataFrame transcript, group, theme; a topic without core passages is not in it.
    """
    core = passage_topics[passage_topics["status"] == _CORE]
    return _mentions(passages, core[["passage_id"]].assign(theme=core["topic"]))


def dimension_mentions(passages: pd.DataFrame, alignment: pd.DataFrame, codebook: str) -> pd.DataFrame:
    """Return where the machine assigned the dimensions of a codebook.

    :param passages: the table "passages".
    :param alignment: the table "alignment".
    :param codebook: id of one of its codebooks.
    :return: DataFrame transcript, group, theme.
    """
    hits = assigned_dimensions(alignment[alignment["codebook"] == codebook])
    return _mentions(passages, hits[["passage_id"]].assign(theme=hits["dimension"]))


def code_mentions(passages: pd.DataFrame, coding: Coding) -> pd.DataFrame:
    """Return where one person gave which code.

    A passage carries a code when a coded place covers any of its words; what was coded in interviewers'
    turns, observations and documents does not count.

    :param passages: the table "passages".
    :param coding: the rows of one coder, laid on the transcripts of the run.
    :return: DataFrame transcript, group, theme.
    """
    import pandas as pd

    coded = coding.rows[coding.rows["code"].fillna("").astype(str) != ""]
    marks = {str(name): part.to_dict("records") for name, part in coded.groupby("transcript")}
    rows = [
        (passage["passage_id"], code)
        for passage in spoken(passages).to_dict("records")
        for code in {str(m["code"]) for m in marks.get(passage["transcript"], ()) if covers(m, passage)}
    ]
    return _mentions(passages, pd.DataFrame(rows, columns=["passage_id", "theme"]))


def read_interviews(interviews: Interviews, coding: Coding) -> Interviews:
    """Return the interviews that a coder has read: those of which the coding holds a row.

    :param interviews: all interviews in their order.
    :param coding: the rows of one coder; a row with an empty code says that a place was read.
    """
    return interviews.among(coding.rows["transcript"].astype(str))


def _mentions(passages: pd.DataFrame, placed: pd.DataFrame) -> pd.DataFrame:
    counted = spoken(passages)[["passage_id", "transcript", "group"]]
    found = counted.merge(placed.drop_duplicates().astype({"passage_id": "string"}), on="passage_id")
    return found[list(COLUMNS)].astype("string")
