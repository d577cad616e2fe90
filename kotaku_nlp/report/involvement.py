"""The first finding: which group took part in which phase, as informants tell it."""

from __future__ import annotations

from typing import Any

from kotaku_nlp.records import GROUPS, PHASES, Analysis
from kotaku_nlp.report.frames import count, ids, rows
from kotaku_nlp.report.labels import Labels
from kotaku_nlp.report.panels import Panels

#: The phases of the study's finding; the others fold away below.
MAIN = ("planning", "implementation")
OTHER = tuple(phase for phase in PHASES if phase not in MAIN)
#: What never counts as involvement: status, the column with its count.
APART = (
    ("excluded", "n_excluded_informants"),
    ("contractual", "n_contractual_passages"),
    ("mentioned", "n_mentioned_passages"),
)


def involvement(analysis: Analysis, labels: Labels, panels: Panels, informants: int) -> dict[str, Any]:
    """Return actor groups × phases.

    :param informants: how many informants speak in this corpus: the "of 12".
    """
    table = {(row["actor_group"], row["phase"]): row for row in rows(analysis.tables.get("involvement"))}
    own = {
        (row["actor_group"], row["phase"], row["passage_id"])
        for row in rows(analysis.involvement)
        if row["status"] == "involved" and row["said_by"] == "self"
    }

    def block(phases: tuple[str, ...]) -> dict[str, Any]:
        return {
            "phases": [labels.name("phase", phase) for phase in phases],
            "rows": [
                {
                    "label": labels.name("group", group),
                    "cells": [
                        _cell(table.get((group, phase)), labels, panels, informants, own) for phase in phases
                    ],
                }
                for group in GROUPS
            ],
        }

    return {"main": block(MAIN), "other": block(OTHER), "empty": not table}


def _cell(
    row: dict[str, Any] | None,
    labels: Labels,
    panels: Panels,
    informants: int,
    own: set[tuple[str, str, str]],
) -> dict[str, Any]:
    if row is None:
        return {"main": None, "apart": []}
    group, phase = row["actor_group"], row["phase"]
    place = f"{labels.name('group', group)} · {labels.name('phase', phase)}"
    mark = f"i:{group}:{phase}"
    main, apart = None, []
    if n := count(row["n_involved_informants"]):
        text = labels.say("n_of_informants", n=labels.count(n), total=labels.count(informants))
        title = f"{place} · {labels.name('status', 'involved')}"
        passages = ids(row["involved_ids"])
        main = panels.number(text, title, passages, f"{mark}:involved")
        if by_self := count(row["n_self_informants"]):
            told = [passage for passage in passages if (group, phase, passage) in own]
            text = labels.say("n_self", n=labels.count(by_self))
            title = f"{place} · {labels.name('status', 'self')}"
            apart.append({"status": "self"} | panels.number(text, title, told, f"{mark}:involved"))
    for status, column in APART:
        if n := count(row[column]):
            text = labels.say(f"n_{status}", n=labels.count(n))
            title = f"{place} · {labels.name('status', status)}"
            number = panels.number(text, title, ids(row[f"{status}_ids"]), f"{mark}:{status}")
            apart.append({"status": status} | number)
    return {"main": main, "apart": apart}
