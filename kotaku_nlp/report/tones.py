"""The second finding: how each group speaks of coordination, communication and cooperation."""

from __future__ import annotations

from typing import Any

from kotaku_nlp.records import ASPECTS, GROUPS, Analysis
from kotaku_nlp.report.frames import count, ids, rows
from kotaku_nlp.report.labels import POLARITIES, Labels, in_order
from kotaku_nlp.report.panels import Panels


def tones(
    analysis: Analysis, labels: Labels, panels: Panels, found: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return one block per aspect, one row per group in it."""
    table = {(row["aspect"], row["group"]): row for row in rows(analysis.tables.get("aspects"))}
    groups = in_order({*GROUPS, *(group for _, group in table)}) if table else []
    return [
        {
            "aspect": aspect,
            "label": labels.name("aspect", aspect),
            "about": labels.name("about", aspect),
            "rows": [
                _row(table[aspect, group], labels, panels, found)
                if (aspect, group) in table
                else _nobody(group, labels)
                for group in groups
            ],
        }
        for aspect in ASPECTS
        if any((aspect, group) in table for group in groups)
    ]


def all_ids(row: dict[str, Any]) -> list[str]:
    """Return every passage behind a row of the aspects table: those with a clear tone first."""
    order = ("negative", "positive", "mixed", "neutral", "uncertain")
    return [passage for polarity in order for passage in ids(row[f"{polarity}_ids"])]


def _nobody(group: str, labels: Labels) -> dict[str, Any]:
    """Return the row of a group from which nobody speaks: silence is shown, too."""
    return {
        "group": group,
        "label": labels.name("group", group),
        "value": None,
        "low": None,
        "high": None,
        "members": 0,
        "number": None,
        "interval": None,
        "passages": None,
        "informants": None,
        "without": None,
        "parts": [],
    }


def _row(row: dict[str, Any], labels: Labels, panels: Panels, found: list[dict[str, Any]]) -> dict[str, Any]:
    aspect, group = row["aspect"], row["group"]
    title = f"{labels.name('aspect', aspect)} · {labels.name('group', group)}"
    passages, mark = all_ids(row), f"a:{aspect}"
    members, total = count(row["n_group_informants"]), count(row["n_passages"]) + count(row["n_no_evidence"])
    shown = _nobody(group, labels) | {name: row[name] for name in ("value", "low", "high")}
    shown["members"] = members
    if row["value"] is not None:
        text = labels.number(row["value"], sign=True)
        shown["number"] = panels.number(text, title, passages, mark)
        shown["interval"] = _interval(row, title, passages, labels, panels)
        shown["alt"] = labels.say(
            "tone_alt", aspect=labels.name("aspect", aspect), group=shown["label"], value=text,
            interval=shown["interval"]["text"] if shown["interval"] else labels.say("too_few_long"),
        )  # fmt: skip
    if passages:
        shown["passages"] = panels.number(labels.count(count(row["n_passages"])), title, passages, mark)
        text = labels.say("cell", n=count(row["n_informants"]), total=members)
        shown["informants"] = panels.number(text, title, passages, mark)
    silent = [quote["id"] for quote in found if _silent(quote, aspect, group)]
    text = labels.say("without", n=labels.count(count(row["n_no_evidence"])), total=labels.count(total))
    shown["without"] = panels.number(text, f"{title} · {labels.name('polarity', 'absent')}", silent)
    shown["parts"] = [_part(row, polarity, title, labels, panels) for polarity in POLARITIES]
    return shown


def _interval(
    row: dict[str, Any], title: str, passages: list[str], labels: Labels, panels: Panels
) -> dict[str, Any] | None:
    if row["low"] is None or row["high"] is None:
        return None
    low, high = (labels.number(row[end], sign=True) for end in ("low", "high"))
    return panels.number(labels.say("interval", low=low, high=high), title, passages, f"a:{row['aspect']}")


def _part(row: dict[str, Any], polarity: str, title: str, labels: Labels, panels: Panels) -> dict[str, Any]:
    n = count(row[f"n_{polarity}"])
    name = labels.name("polarity", polarity)
    passages = ids(row[f"{polarity}_ids"]) if n else []
    number = panels.number(labels.count(n), f"{title} · {name}", passages, f"a:{row['aspect']}")
    return {"label": name, "polarity": polarity, "n": n, **number}


def _silent(quote: dict[str, Any], aspect: str, group: str) -> bool:
    """Tell whether a spoken passage of a group says nothing of an aspect."""
    if not quote["spoken"] or group not in ("all", quote["group"]):
        return False
    return not any(label.startswith(f"{aspect}:") for label in quote["aspects"])
