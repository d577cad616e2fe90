"""What every coder of a run may want to read again: the queues, and codes whose use moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kotaku_nlp.coding.agreement.marks import coders_of
from kotaku_nlp.coding.codings import is_machine
from kotaku_nlp.coding.drift import drift, drift_lines
from kotaku_nlp.coding.files.mapping import Link, rename
from kotaku_nlp.coding.reread import COLUMNS, confusions, reread_queue
from kotaku_nlp.coding.second_reading import second_reading
from kotaku_nlp.errors import CodingError
from kotaku_nlp.messages import say
from kotaku_nlp.records import Analysis, Codebook, Coding, Problem

if TYPE_CHECKING:
    import pandas as pd

#: Rows of a queue: an evening's reading.
_SIZE = 100
_CONFUSIONS = 3


@dataclass(frozen=True, eq=False)
class Rereading:
    """What to read again.

    :param lines: what a person is told.
    :param problems: codings that could not be read a second time, and why.
    :param queue: the table "reread", coder by coder.
    """

    lines: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
    queue: pd.DataFrame = field(default_factory=lambda: _empty())


def read_again(
    analysis: Analysis,
    codings: Sequence[Coding],
    links: Sequence[Link] | None,
    codebook: Codebook,
    lang: str = "id",
    seed: int = 0,
) -> Rereading:
    """Read every person's coding a second time, without having seen the interview that is read.

    :param analysis: a run.
    :param codings: manual codings, settled on its transcripts.
    :param links: code → dimension; a code that is not confirmed is read under its own name.
    :param codebook: codebook of the coding.
    :param lang: language of the lines.
    :param seed: seed of the blind rows.
    """
    people = [(name, coding) for name, coding in coders_of(codings) if not is_machine(name)]
    given = {name: coding if links is None else rename(coding, links) for name, coding in people}
    lines: list[str] = []
    problems: list[Problem] = []
    queues: dict[str, pd.DataFrame] = {}
    for name, coding in given.items():
        try:
            reading = second_reading(analysis, coding, codebook)
        except CodingError as problem:
            problems.append(Problem(problem.key, name, "notice", dict(problem.params)))
            continue
        queues[name] = reread_queue(reading, _SIZE, seed=seed)
        lines.append(say("reread_ready", lang, coder=name, n=len(queues[name])))
        lines += _taken_for(confusions(reading), codebook, lang)
    lines += _moved(analysis, {name: given[name] for name in queues}, codebook, lang, seed)
    return Rereading(tuple(lines), tuple(problems), _together([*queues.values()]))


def _moved(
    analysis: Analysis, given: Mapping[str, Coding], codebook: Codebook, lang: str, seed: int
) -> list[str]:
    """Return which codes each coder used otherwise than at first; codings without dates are named once."""
    lines: list[str] = []
    undated: list[str] = []
    for name, coding in given.items():
        try:
            told = drift_lines(drift(analysis, coding, seed=seed), codebook, lang)
        except CodingError:
            undated.append(name)
        else:
            lines += [f"{name}: {line}" for line in told]
    if undated:
        lines.append(CodingError("drift_no_dates", ", ".join(undated)).render(lang))
    return lines


def _together(queues: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the queues as one table, ranks counted on."""
    import pandas as pd

    if not queues:
        return _empty()
    table = pd.concat(queues, ignore_index=True)
    return table.assign(rank=range(1, len(table) + 1)).astype(COLUMNS)


def _taken_for(pairs: pd.DataFrame, codebook: Codebook, lang: str) -> list[str]:
    known = {leaf.id: leaf.name(lang) for leaf in codebook.leaves}
    lines = []
    for row in pairs.head(_CONFUSIONS).to_dict("records"):
        code, other = (known.get(row[name], row[name]) for name in ("code", "read_as"))
        told = say("reread_confused", lang, code=code, other=other, n=row["n"], coded=row["coded"])
        lines.append(f"    {told}")
    return lines


def _empty() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(columns=list(COLUMNS)).astype(COLUMNS)
