"""Saturation: whether further interviews still bring new themes, in sentences and as a small curve."""

from __future__ import annotations

from typing import Any

from kotaku_nlp.analysis.evidence import ALL
from kotaku_nlp.analysis.saturation.words import method_sentences, result_sentences
from kotaku_nlp.records import Analysis
from kotaku_nlp.report.frames import rows
from kotaku_nlp.report.labels import Labels


def heard_out(analysis: Analysis, labels: Labels) -> dict[str, Any]:
    """Return `sets`, one per kind of theme with its sentences and curve, and `method`, what to beware of."""
    table = analysis.saturation
    curve = [row for row in rows(analysis.saturation_curve) if row["group"] == ALL]
    sets = []
    for row in rows(table[["kind", "name"]].drop_duplicates()):
        kind, name = row["kind"], row["name"]
        title = labels.theme_set(kind, name)
        points = [point for point in curve if (point["kind"], point["name"]) == (kind, name)]
        sets.append(
            {
                "title": title,
                "sentences": list(result_sentences(table, kind, name, labels.lang, title)),
                "points": points,
                "alt": _alt(points, title, labels),
            }
        )
    return {"sets": sets, "method": list(method_sentences(table, labels.lang))}


def _alt(points: list[dict[str, Any]], title: str, labels: Labels) -> str:
    """Return the curve in words, for those who do not see it."""
    new = ", ".join(f"{point['interview']}: {point['new']}" for point in points)
    return labels.say("saturation_alt", title=title, new=new)
