"""A score told in lines: what `kotaku validate` prints. Nothing is computed here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kotaku_nlp.messages import say
from kotaku_nlp.report.frames import rows
from kotaku_nlp.validation.score import FAILED, UNCHECKED, Score
from kotaku_nlp.validation.themes import TOPICS

Row = dict[str, Any]


def score_lines(score: Score, lang: str = "id") -> list[str]:
    """Return a score as lines of text: raters, themes, agreement.

    :param score: what came of the sheets.
    :param lang: "id" or "en".
    """
    raters = rows(score.raters)
    head = say("validation_head", lang, n=len(raters), names=", ".join(row["rater"] for row in raters))
    lines = [head, *_raters(score, lang), "", *_themes(score, lang), *_agreement(score, lang)]
    return [*lines, "", say("validation_caution", lang)]


def _raters(score: Score, lang: str) -> Iterator[str]:
    """Yield how the raters did on the controls, those who are shown apart last."""
    raters = rows(score.raters)
    for row in sorted(raters, key=lambda row: row["status"] == FAILED):
        told = {name: row[name] for name in ("rater", "answered", "asked", "obvious", "obvious_right")}
        yield "  " + say(f"validation_rater_{row['status']}", lang, **told)
    if any(row["status"] == UNCHECKED for row in raters):
        yield "  " + say("validation_unchecked", lang)
    for row in _rows(score, "counted", "random"):
        if row["n"]:
            yield "  " + say(f"validation_guess_{row['task']}", lang, **_share(row, lang))


def _themes(score: Score, lang: str) -> Iterator[str]:
    apart = (score.raters["status"] == FAILED).any()
    counted, everyone = (_by_theme(score, scope) for scope in ("counted", "all"))
    names = rows(score.names)
    for row in rows(score.verdicts):
        head = "validation_topic" if score.kit.what == TOPICS else "validation_code_theme"
        yield say(head, lang, theme=row["theme"], label=row["label"])
        yield from (f"    {line}" for line in _results(counted.get(row["theme"], []), lang))
        given = [f"“{one['name']}” ({one['rater']})" for one in names if one["theme"] == row["theme"]]
        if given:
            yield "    " + say("validation_names", lang, names="; ".join(given))
        if apart:
            told = "; ".join(_results(everyone.get(row["theme"], []), lang))
            yield "    " + say("validation_with_all", lang, told=told or "–")
        yield "    → " + say(row["verdict"], lang)
        yield ""


def _results(found: list[Row], lang: str) -> Iterator[str]:
    for row in found:
        if not row["n"]:
            yield say(f"validation_none_{row['task']}", lang)
        elif row["task"] == "fit":
            told = {name: number(row[name], lang, 1) for name in ("inside", "outside")}
            yield say("validation_result_fit", lang, share=_percent(row["share"]), **told)
        else:
            yield say(f"validation_result_{row['task']}", lang, **_share(row, lang))


def _share(row: Row, lang: str) -> dict[str, Any]:
    percents = {name: _percent(row[name]) for name in ("share", "low", "high", "chance")}
    return {"right": int(row["right"]), "n": row["n"], **percents}


def _agreement(score: Score, lang: str) -> Iterator[str]:
    for row in rows(score.agreement):
        if row["scope"] == "counted":
            told = {"raters": row["n_raters"], "items": row["n_items"], "percent": _percent(row["percent"])}
            values = {name: number(row[name], lang) for name in ("alpha", "ac1")}
            yield say(f"validation_agreement_{row['task']}", lang, **told, **values)


def _rows(score: Score, scope: str, kind: str) -> list[Row]:
    return [row for row in rows(score.results) if (row["scope"], row["kind"]) == (scope, kind)]


def _by_theme(score: Score, scope: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in _rows(score, scope, "real"):
        found.setdefault(row["theme"], []).append(row)
    return found


def number(value: float | None, lang: str, digits: int = 2) -> str:
    """Return a number with its decimals, a dash where there is none.

    :param value: the number.
    :param lang: "id" writes a decimal comma.
    :param digits: how many decimals.
    """
    if value is None:
        return "–"
    text = f"{value:.{digits}f}".replace("-", "−")
    return text.replace(".", ",") if lang == "id" else text


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.0f}%"
