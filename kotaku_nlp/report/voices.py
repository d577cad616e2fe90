"""Quotes that stand beside the numbers: a table without one reads as foreign."""

from __future__ import annotations

from typing import Any

from kotaku_nlp.records import ASPECTS, GROUPS, Analysis
from kotaku_nlp.report.frames import ids, rows
from kotaku_nlp.report.involvement import MAIN
from kotaku_nlp.report.labels import Labels
from kotaku_nlp.report.panels import Panels

SIDES = ("positive", "negative")


def voices(analysis: Analysis, labels: Labels, panels: Panels, found: list[dict[str, Any]]) -> dict[str, Any]:
    """Return `involvement`, one quote per main phase, and `aspects`, each with a quote on either side."""
    by_id = {quote["id"]: quote for quote in found}
    table = [row for row in rows(analysis.tables.get("aspects")) if row["group"] == "all"]
    used: set[str] = set()
    told = _shown(labels.say("voices_involvement"), _told(analysis, labels), labels, panels, by_id, used)
    blocks = []
    for aspect in ASPECTS:
        row = next((row for row in table if row["aspect"] == aspect), None)
        if row is None:
            continue
        name = labels.name("aspect", aspect)
        sides = [
            _side(labels.name("polarity", side), ids(row[f"{side}_ids"]), f"a:{aspect}:{side}", side)
            for side in SIDES
        ]
        blocks.append({"label": name, "sides": _shown(name, sides, labels, panels, by_id, used)})
    return {"involvement": told, "aspects": [block for block in blocks if block["sides"]]}


def _side(label: str, passages: list[str], mark: str, tone: str) -> dict[str, Any]:
    return {"label": label, "passages": passages, "mark": mark, "tone": tone}


def _told(analysis: Analysis, labels: Labels) -> list[dict[str, Any]]:
    """Per main phase, the passages that tell of involvement: each group's best before any second."""
    table = {(row["actor_group"], row["phase"]): row for row in rows(analysis.tables.get("involvement"))}
    sides = []
    for phase in MAIN:
        lists = [ids(table[group, phase]["involved_ids"]) for group in GROUPS if (group, phase) in table]
        longest = max((len(each) for each in lists), default=0)
        passages = [each[k] for k in range(longest) for each in lists if k < len(each)]
        sides.append(_side(labels.name("phase", phase), list(dict.fromkeys(passages)), "i:", "told"))
    return sides


def _shown(
    name: str,
    sides: list[dict[str, Any]],
    labels: Labels,
    panels: Panels,
    by_id: dict[str, Any],
    used: set[str],
) -> list[dict[str, Any]]:
    """Set each side's quote: its best that does not stand on the page yet; None when it has none."""
    shown = []
    for side in sides:
        passages = [passage for passage in side["passages"] if passage in by_id]
        best = next(
            (passage for passage in passages if passage not in used), passages[0] if passages else None
        )
        text = labels.say("voices_more", n=labels.count(len(passages)))
        number = panels.number(text, f"{name} · {side['label']}", passages, side["mark"])
        shown.append({**side, "quote": by_id.get(best or ""), "number": number})
        used.add(best or "")
    return shown if any(side["quote"] for side in shown) else []
