"""Agreement of codings: per code and overall, on all units and on those that somebody coded.

`compare` is for two codings, as files gave them or as plain lists; `compare_marks` for any number of
coders, every pair. Low agreement blames nobody: it says where two careful readers part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kotaku_nlp.coding.agreement.continuum import unitizing_alphas
from kotaku_nlp.coding.agreement.machine import LEARNT, codebook_of, machine_marks
from kotaku_nlp.coding.agreement.marks import Marks, marks_of
from kotaku_nlp.coding.agreement.pairs import (
    ALL_CODES,
    SCOPES,
    Pair,
    Reader,
    Sample,
    code_rows,
    confusion_rows,
    overall_row,
    pair_of,
)  # fmt: skip
from kotaku_nlp.coding.agreement.resampling import Resampling
from kotaku_nlp.coding.agreement.teams import team_row
from kotaku_nlp.coding.agreement.translator import COLUMNS as TOOL_COLUMNS
from kotaku_nlp.coding.agreement.translator import translate
from kotaku_nlp.coding.agreement.units import Units, cut_units, lay, split
from kotaku_nlp.coding.codings import is_machine
from kotaku_nlp.errors import CodingError
from kotaku_nlp.records import Analysis, Coding, Corpus, Problem

if TYPE_CHECKING:
    import pandas as pd

#: The table "agreement": what everybody may count on, up to `reason`, then ours. Rows over all codes carry
#: `ALL_CODES`; there `percent` is the share of units with the same codes, and low to draws belong to
#: `alpha`, which is Krippendorff's α with MASI. Elsewhere low to draws belong to κ. loo_* are the extremes
#: with one interview left out, below eight interviews; `draws` the resamples in which the coefficient is
#: defined.
COLUMNS: Mapping[str, str] = {
    "coder_a": "string", "coder_b": "string", "kind": "string", "basis": "string", "unit": "string",
    "scope": "string", "code": "string", "n": "Int64", "both": "Int64", "only_a": "Int64",
    "only_b": "Int64", "neither": "Int64", "percent": "float64", "p_pos": "float64", "p_neg": "float64",
    "kappa": "float64", "ac1": "float64", "pabak": "float64", "low": "float64", "high": "float64",
    "reason": "string", "interviews": "Int64", "prevalence": "float64", "bias": "float64",
    "ac1_low": "float64", "ac1_high": "float64", "loo_low": "float64", "loo_high": "float64",
    "draws": "Int64", "alpha": "float64", "alpha_nominal": "float64", "alpha_u": "float64",
    "kappa_mean": "float64", "kappa_mean_low": "float64", "kappa_mean_high": "float64",
    "kappa_min": "float64", "kappa_max": "float64",
}  # fmt: skip
CONFUSION_COLUMNS = {
    "coder_a": "string", "coder_b": "string", "code_a": "string", "code_b": "string", "n": "int64",
}  # fmt: skip
TEAM_COLUMNS = {
    "coders": "string", "unit": "string", "scope": "string", "n": "int64", "interviews": "int64",
    "alpha": "float64", "low": "float64", "high": "float64", "loo_low": "float64", "loo_high": "float64",
    "draws": "Int64",
}  # fmt: skip

#: What a plain list says of one unit: a set of codes, one code, or nothing.
Given = Collection[str] | str | float | None


@dataclass(frozen=True, eq=False)
class Agreement:
    """What comparing codings found.

    :param table: the table "agreement", columns `COLUMNS`.
    :param confusion: which code one coder used where the other used another; null where none.
    :param together: α over three coders or more, columns `TEAM_COLUMNS`.
    :param tools: what other tools would report, columns of `translator`; empty for plain lists.
    :param problems: rows of the codings that could not be compared.
    """

    table: pd.DataFrame
    confusion: pd.DataFrame
    together: pd.DataFrame
    tools: pd.DataFrame
    problems: tuple[Problem, ...] = ()


def compare(
    coding_a: Coding | Sequence[Given],
    coding_b: Coding | Sequence[Given],
    units: Units | Corpus | Analysis | Sequence[str],
    *,
    draws: int = 2000,
    seed: int = 0,
) -> Agreement:
    """Compare two codings.

    :param coding_a: a coding, or a list that says of each unit which codes it carries: a set of codes, one
        code, or None (nan, "") where it was read and not coded. A unit that nobody read has no place in it.
    :param coding_b: the other, of the same kind.
    :param units: what `cut_units` returned, or the corpus or run itself for its turns; for lists, the
        interview of each unit. Only a run tells what its machine learnt from: those interviews are left out.
    :param draws: resamples of interviews for the intervals.
    :param seed: seed of the resampling.
    :raises CodingError: when a coding holds several coders, or the machine is to be judged on what it learnt
        from.
    :raises ValueError: when codings and units do not go together.
    """
    resampling = Resampling(draws, seed)
    run = units if isinstance(units, Analysis) else None
    if isinstance(units, Corpus | Analysis):
        units = cut_units(units)
    if isinstance(units, Units) and isinstance(coding_a, Coding) and isinstance(coding_b, Coding):
        one, other = (_marks(coding, units, run) for coding in (coding_a, coding_b))
        if one.coder == other.coder:  # the same person now and later
            other = replace(other, coder=f"{other.coder} (2)")
        return compare_marks([(one, other)], units, resampling)
    if isinstance(units, Units) or isinstance(coding_a, Coding) or isinstance(coding_b, Coding):
        raise ValueError("two codings need units from cut_units; two lists need the interview of each unit")
    return _compare_lists(coding_a, coding_b, units, resampling)


def compare_marks(
    pairs: Sequence[tuple[Marks, Marks]],
    units: Units,
    resampling: Resampling,
    teams: Sequence[Sequence[Marks]] = (),
    problems: Sequence[Problem] = (),
) -> Agreement:
    """Compare pairs of coders, and teams of three or more, on the same units.

    :param pairs: marks of two coders each.
    :param units: what `cut_units` returned.
    :param resampling: how intervals are drawn.
    :param teams: marks of three coders or more each.
    :param problems: what was found before; problems of the marks are added.
    """
    import pandas as pd

    coders = [coding for group in (*pairs, *teams) for coding in group]
    units = split(units, coders)
    sample = Sample([u.transcript for u in units.items], [u.size for u in units.items], units.kind)
    readers = {id(coding): _reader(coding, units) for coding in coders}
    rows: list[dict[str, Any]] = []
    confusion: list[dict[str, Any]] = []
    for one, other in pairs:
        two = readers[id(one)], readers[id(other)]
        pair, who = pair_of(*two, sample, resampling), _who(*two, sample)
        spans = unitizing_alphas(one, other, units.book) if who["kind"] == "human_human" else (None, {})
        rows += (row | who for row in _rows(pair, *spans))
        confusion += (row | who for row in confusion_rows(pair))
    together = [
        team_row([readers[id(coding)] for coding in team], sample, scope, resampling)
        for team in teams
        for scope in SCOPES
    ]
    tools = [translate(one, other, units.book) for one, other in pairs if one.read & other.read]
    return Agreement(
        _frame(rows, COLUMNS),
        _frame(confusion, CONFUSION_COLUMNS),
        _frame(together, TEAM_COLUMNS),
        pd.concat(tools, ignore_index=True) if tools else _frame([], TOOL_COLUMNS),
        _once([*problems, *(problem for coding in coders for problem in coding.problems)]),
    )


def _compare_lists(
    coding_a: Sequence[Given], coding_b: Sequence[Given], interviews: Sequence[str], resampling: Resampling
) -> Agreement:
    if not len(coding_a) == len(coding_b) == len(interviews):
        lengths = f"{len(coding_a)}, {len(coding_b)} and {len(interviews)}"
        raise ValueError(f"codings and units need the same length; found {lengths}")
    one, other = (
        Reader(name, [_codes(given) for given in coding])
        for name, coding in (("a", coding_a), ("b", coding_b))
    )
    sample = Sample([str(name) for name in interviews], [1] * len(interviews), "unit")
    pair, who = pair_of(one, other, sample, resampling), _who(one, other, sample)
    return Agreement(
        _frame([row | who for row in _rows(pair)], COLUMNS),
        _frame([row | who for row in confusion_rows(pair)], CONFUSION_COLUMNS),
        _frame([], TEAM_COLUMNS),
        _frame([], TOOL_COLUMNS),
    )


def _rows(
    pair: Pair, alpha_u: float | None = None, alpha_u_of: Mapping[str, float | None] | None = None
) -> Iterable[dict[str, Any]]:
    """Yield the rows of a pair; α_u is about stretches, not units, and stands in the scope "all" alone.

    A machine chooses among passages that were cut for it, so it has none.
    """
    for scope in SCOPES:
        rows = list(code_rows(pair, scope))
        spans = {**(alpha_u_of or {}), ALL_CODES: alpha_u} if scope == "all" else {}
        for row in (*rows, overall_row(pair, scope, rows)):
            yield row | {"scope": scope, "alpha_u": spans.get(row["code"])}


def _who(one: Reader, other: Reader, sample: Sample) -> dict[str, Any]:
    bases = [reader.basis for reader in (one, other) if reader.basis]
    machine = bases or is_machine(one.name) or is_machine(other.name)
    return {
        "coder_a": one.name, "coder_b": other.name, "unit": sample.unit,
        "kind": "human_machine" if machine else "human_human", "basis": "+".join(bases) or None,
    }  # fmt: skip


def _reader(coding: Marks, units: Units) -> Reader:
    """Return a coder on units; characters do not say how often a code was used, so its marks are counted."""
    uses = Counter((mark.transcript, mark.code) for mark in coding.marks)
    counted = uses if units.kind == "character" else None
    return Reader(coding.coder, lay(coding, units), coding.basis, counted)


def _marks(coding: Coding, units: Units, run: Analysis | None) -> Marks:
    """Return the marks of a coding under its coder's name; the machine has read all it did not learn from."""
    names = sorted({str(name) for name in coding.rows["coder"].dropna()})
    if len(names) > 1:
        raise CodingError("agree_several_coders", coding.name, names=", ".join(names))
    coding = replace(coding, name=names[0]) if names else coding
    if run is not None and is_machine(coding.name):
        return machine_marks(run, coding, codebook_of(run, [coding]), units.book)
    marks = marks_of(coding, units.book)
    if not is_machine(marks.coder):
        return marks
    bases = sorted(set(coding.rows["basis"].dropna())) if "basis" in coding.rows else []
    if LEARNT in bases:
        raise CodingError("agree_machine_learnt", coding.name)
    return replace(marks, read=units.book.spoken, basis="+".join(bases) or None)


def _codes(given: Given) -> frozenset[str]:
    if given is None or given == "" or given != given:  # only nan differs from itself
        return frozenset()
    if isinstance(given, Collection) and not isinstance(given, str):
        return frozenset(str(code) for code in given)
    return frozenset([str(given)])


def _frame(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(list(rows)).reindex(columns=list(columns)).astype(dict(columns))


def _once(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    found: list[Problem] = []
    for problem in problems:
        if problem not in found:
            found.append(problem)
    return tuple(found)
