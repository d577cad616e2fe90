"""What was read: interviews, informants, turns, passages, and what the reader should know of them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from kotaku_nlp.records import KINDS, SPOKEN_KINDS, Analysis
from kotaku_nlp.report.frames import count, rows
from kotaku_nlp.report.labels import Labels, in_order
from kotaku_nlp.report.panels import Panels
from kotaku_nlp.report.quotes import spoken

Quotes = list[dict[str, Any]]
#: Columns of the informant table that the page shows as numbers.
NUMBERS = ("n_turns", "n_passages", "n_words", "n_low_evidence")
TEXTS = ("informant", "group", "role", "transcript", "kind")


def reading(analysis: Analysis, labels: Labels, panels: Panels, found: Quotes) -> dict[str, Any]:
    """Return the counts of the first screen."""
    everyone = spoken(found)
    kinds = Counter(row["kind"] for row in rows(analysis.transcripts[["transcript", "kind"]]))
    informants = _spoken_rows(analysis)
    people = len({row["informant"] for row in informants})
    turns = sum(count(row["n_turns"]) for row in informants)
    transcripts = sum(n for kind, n in kinds.items() if kind in SPOKEN_KINDS)
    totals = [("n_transcripts", transcripts), ("n_informants", people), ("n_turns", turns)]
    totals.append(("n_passages", len(everyone)))
    return {
        "totals": [
            {"label": labels.say(key), **panels.number(labels.count(n), labels.say(key), everyone)}
            for key, n in totals
        ],
        "groups": _groups(informants, labels, panels, found),
        "kinds": [_kind(kind, kinds[kind], labels, panels, found) for kind in KINDS if kinds[kind]],
        "n_informants": people,
    }


def informants(analysis: Analysis, labels: Labels, panels: Panels, found: Quotes) -> dict[str, Any]:
    """Return the informant table: texts as they are, numbers that open to the informant's passages."""
    table = rows(analysis.tables.get("informants"))
    known = {"informant", "group", "role", "transcript", "kind", *NUMBERS}
    extra = [name for name in (table[0] if table else {}) if name not in known]
    extra = [name for name in extra if any(row[name] not in (None, "") for row in table)]
    heads = [labels.name("column", name) for name in (*TEXTS, *extra)]
    own: dict[tuple[str, str], Quotes] = {}
    for quote in found:
        own.setdefault((quote["transcript"], quote["informant"]), []).append(quote)
    return {
        "texts": heads,
        "numbers": [labels.name("column", name) for name in NUMBERS],
        "rows": [
            _informant(row, extra, labels, panels, own.get((row["transcript"], row["informant"]), []))
            for row in table
        ],
    }


def problems(analysis: Analysis, labels: Labels) -> list[dict[str, str]]:
    """Return every problem in plain words, those that need mending first."""
    ordered = sorted(analysis.problems, key=lambda problem: problem.level != "error")
    return [
        {
            "level": problem.level,
            "tag": labels.say(f"level_{problem.level}"),
            "where": problem.where,
            "text": labels.problem(problem),
        }
        for problem in ordered
    ]


def _spoken_rows(analysis: Analysis) -> list[dict[str, Any]]:
    return [row for row in rows(analysis.tables.get("informants")) if row["kind"] in SPOKEN_KINDS]


def _groups(table: Quotes, labels: Labels, panels: Panels, found: Quotes) -> list[dict[str, Any]]:
    people: dict[str, set[str]] = {}
    for row in table:
        people.setdefault(row["group"] or "unknown", set()).add(row["informant"])
    shown = []
    for group in in_order(people):
        name = labels.name("group", group)
        number = panels.number(labels.count(len(people[group])), name, spoken(found, group=group))
        shown.append({"label": name, **number})
    return shown


def _kind(kind: str, n: int, labels: Labels, panels: Panels, found: Quotes) -> dict[str, Any]:
    name = labels.name("kind", kind)
    passages = [quote["id"] for quote in found if quote["kind"] == kind]
    return {"label": name, **panels.number(labels.count(n), name, passages)}


def _informant(
    row: dict[str, Any], extra: list[str], labels: Labels, panels: Panels, own: Quotes
) -> dict[str, Any]:
    title = " · ".join(part for part in (row["informant"], row["role"]) if part)
    numbers = []
    for name in NUMBERS:
        opens = [quote["id"] for quote in own if quote["low"] or name != "n_low_evidence"]
        n = count(row.get(name))
        numbers.append(panels.number(labels.count(n), title, opens if n else []))
    texts = [
        row["informant"] or "",
        labels.name("group", row["group"]),
        row["role"] or "",
        row["transcript"],
        labels.name("kind", row["kind"]),
    ]
    return {"texts": texts + [row[name] or "" for name in extra], "numbers": numbers}
