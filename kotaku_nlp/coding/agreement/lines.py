"""An agreement told in lines: what `kotaku agree` prints. Nothing is computed here but means over codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kotaku_nlp.coding.agreement.compare import Agreement
from kotaku_nlp.coding.agreement.pairs import ALL_CODES
from kotaku_nlp.coding.agreement.resampling import FEW_INTERVIEWS, FEWEST_INTERVIEWS
from kotaku_nlp.coding.agreement.translator import NOT_EXCLUSIVE, TOOLS
from kotaku_nlp.messages import say

if TYPE_CHECKING:
    import pandas as pd

#: Names of programs are no words: they are the same in every language.
_NAMES = {"nvivo": "NVivo", "maxqda": "MAXQDA", "atlas_ti": "ATLAS.ti", "qualcoder": "QualCoder"}
_CONFUSIONS = 3

Row = Mapping[Any, Any]


def agreement_lines(agreement: Agreement, lang: str = "id") -> list[str]:
    """Return an agreement as lines of text, pair by pair.

    :param agreement: what `agree` or `compare` found.
    :param lang: "id" or "en".
    """
    lines: list[str] = []
    for (a, b), rows in agreement.table.groupby(["coder_a", "coder_b"], sort=False):
        pair = [{k: v for k, v in row.items() if _known(v)} for row in rows.to_dict("records")]
        lines += [*_pair(pair, lang), *_confused(_of(agreement.confusion, a, b), lang)]
        lines += [*_tools(_of(agreement.tools, a, b), lang), ""]
    lines += [*_teams(agreement.together, lang), say("agree_context", lang)]
    return [*lines, *_why(agreement, lang)]


def _pair(rows: Sequence[Row], lang: str) -> Iterator[str]:
    """Yield the head, the table of codes over all units, and what holds over all codes."""
    codes = [row for row in rows if row["scope"] == "all" and row["code"] != ALL_CODES]
    whole, coded = (row for row in rows if row["code"] == ALL_CODES)
    unit = say(f"agree_unit_{whole['unit']}", lang)
    names = {"a": whole["coder_a"], "b": whole["coder_b"], "kind": _kind(whole, lang), "unit": unit}
    yield say("agree_pair", lang, **names, n=whole["n"], interviews=whole["interviews"])
    if not whole["n"]:
        yield say("agree_nothing_shared", lang, reason=say(whole["reason"], lang))
        return
    yield from _table(codes, lang)
    yield from _suppressed(codes, lang)
    spread = {"lowest": _value(whole.get("kappa_min"), lang), "highest": _value(whole.get("kappa_max"), lang)}
    percent = f"{100 * whole.get('percent', 0):.0f}%"
    yield say("agree_overall", lang, **_alpha_and_mean(whole, lang), **spread, percent=percent)
    yield say("agree_overall_coded", lang, **_alpha_and_mean(coded, lang), n=coded["n"])
    if "alpha_nominal" in whole:
        yield say("agree_nominal", lang, value=_value(whole["alpha_nominal"], lang))
    if "alpha_u" in whole:
        yield say("agree_spans", lang, value=_value(whole["alpha_u"], lang))
    yield from _cautions(whole, lang)


def _kind(row: Row, lang: str) -> str:
    if row["kind"] == "human_machine":
        return say("agree_kind_human_machine", lang, basis=row.get("basis", "–"))
    return say("agree_kind_human_human", lang)


def _table(rows: Sequence[Row], lang: str) -> Iterator[str]:
    head = [say(f"agree_column_{name}", lang) for name in ("code", "both", "only_a", "only_b")]
    cells = [[head[0], "κ [95%]", "AC1", *head[1:]]]
    for row in rows:
        counts = [str(row[name]) for name in ("both", "only_a", "only_b")]
        kappa = _interval(row.get("kappa"), row, lang)
        cells.append([row["code"], kappa, _value(row.get("ac1"), lang), *counts])
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for first, *others in cells:
        rest = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
        yield "  ".join(["", first.ljust(widths[0]), *rest])


def _suppressed(rows: Sequence[Row], lang: str) -> Iterator[str]:
    for reason in dict.fromkeys(row["reason"] for row in rows if "reason" in row):
        codes = ", ".join(row["code"] for row in rows if row.get("reason") == reason)
        yield say("agree_suppressed", lang, codes=codes, reason=say(reason, lang))


def _cautions(whole: Row, lang: str) -> Iterator[str]:
    if whole["interviews"] < FEWEST_INTERVIEWS:
        yield say("agree_no_interval", lang)
    elif whole["interviews"] < FEW_INTERVIEWS:
        low, high = (_value(whole.get(name), lang) for name in ("loo_low", "loo_high"))
        yield say("agree_few_interviews", lang, low=low, high=high)
    if whole["kind"] == "human_machine":
        yield say("agree_with_machine", lang)


def _confused(rows: pd.DataFrame, lang: str) -> Iterator[str]:
    """Yield where the coders part most often; only pairs in which at least one code differs."""
    apart = rows[rows["code_a"].fillna("") != rows["code_b"].fillna("")]
    top = apart.sort_values(["n", "code_a", "code_b"], ascending=[False, True, True]).head(_CONFUSIONS)
    told = [
        say(
            "agree_confused_pair",
            lang,
            a=_code(row["code_a"], lang),
            b=_code(row["code_b"], lang),
            n=row["n"],
        )
        for row in top.to_dict("records")
    ]
    if told:
        yield say("agree_confused", lang, codes="; ".join(told))


def _tools(rows: pd.DataFrame, lang: str) -> Iterator[str]:
    """Yield one line a tool: its measures, averaged over codes."""
    if rows.empty:
        return
    yield say("agree_tools", lang)
    for tool, own in rows.groupby("tool", sort=False):
        whole = own[own["code"].isna()]
        singles = own[own["code"].notna() & ~own["measure"].isin(whole["measure"])]
        means = [*singles.groupby("measure", sort=False)["value"].mean().items()]
        means += zip(whole["measure"], whole["value"], strict=True)
        told = "; ".join(_measure(str(name), value, lang) for name, value in means)
        yield f"  {_NAMES[str(tool)]}: {told}"


def _why(agreement: Agreement, lang: str) -> Iterator[str]:
    """Yield once why the tools' numbers differ from ours, and why one is missing."""
    tools = agreement.tools
    if tools.empty:
        return
    unit = say(f"agree_unit_{agreement.table['unit'].iloc[0]}", lang)
    yield say("agree_tools_why", lang, unit=unit)
    yield from (f"  {say(f'agree_tool_{tool}', lang)}" for tool in TOOLS)
    if (tools["reason"] == NOT_EXCLUSIVE).any():
        yield f"  {say(NOT_EXCLUSIVE, lang)}"


def _measure(name: str, value: float, lang: str) -> str:
    return say(
        "agree_tool_value", lang, measure=say(f"agree_measure_{name}", lang), value=_value(value, lang)
    )


def _teams(together: pd.DataFrame, lang: str) -> Iterator[str]:
    for coders, rows in together.groupby("coders", sort=False):
        whole, coded = rows.to_dict("records")
        alpha, of_coded = (_interval(row["alpha"], row, lang) for row in (whole, coded))
        yield say("agree_team", lang, coders=coders, alpha=alpha, coded=of_coded)


def _of(frame: pd.DataFrame, a: Any, b: Any) -> pd.DataFrame:
    return frame[(frame["coder_a"] == a) & (frame["coder_b"] == b)]


def _alpha_and_mean(row: Row, lang: str) -> dict[str, str]:
    mean = {"low": row.get("kappa_mean_low"), "high": row.get("kappa_mean_high")}
    return {
        "alpha": _interval(row.get("alpha"), row, lang),
        "mean": _interval(row.get("kappa_mean"), mean, lang),
    }


def _code(code: Any, lang: str) -> str:
    return str(code) if _known(code) else say("agree_uncoded", lang)


def _interval(value: Any, row: Row, lang: str) -> str:
    told, low, high = _value(value, lang), row.get("low"), row.get("high")
    if not (_known(value) and _known(low)):
        return told
    return f"{told} [{_value(low, lang)}; {_value(high, lang)}]"


def _value(value: Any, lang: str) -> str:
    """Return a number with two decimals, a dash where there is none."""
    if not _known(value):
        return "–"
    text = f"{value:.2f}".replace("-", "−")
    return text.replace(".", ",") if lang == "id" else text


def _known(value: Any) -> bool:
    import pandas as pd

    return value is not None and not pd.isna(value)
