"""Who says a topic: which groups more than others, where that is sure, and what could not be tested."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kotaku_nlp.analysis.topics.groups import ALPHA, ONE_GROUP, TOO_FEW_INTERVIEWS, UNKNOWN_GROUP
from kotaku_nlp.records import Analysis
from kotaku_nlp.report.frames import count, rows
from kotaku_nlp.report.labels import Labels, in_order
from kotaku_nlp.report.matrix import shade
from kotaku_nlp.report.panels import Panels

#: Topic id → the passages that informants say in it, best first.
Members = Mapping[int, Sequence[str]]
Rows = list[dict[str, Any]]


def differences(
    analysis: Analysis, labels: Labels, panels: Panels, members: Members, by_id: Mapping[str, Any]
) -> dict[str, Any]:
    """Return topics × groups.

    :param members: passages of each topic shown.
    :param by_id: quotes of the page by passage id.
    :return: `of`, topic → what is said of groups that speak of it more or less than others; `told`, sentences
        for all topics together; `groups` and `rows`, the table.
    """
    table = [row for row in rows(analysis.topic_groups) if row["topic"] in members]
    names = {row["topic"]: row["label"] or row["words"] or "" for row in rows(analysis.topics)}
    groups = in_order({row["group"] for row in table})
    cells: dict[tuple[int, str], dict[str, Any]] = {}
    for row in table:
        passages = [each for each in members[row["topic"]] if by_id[each]["group"] == row["group"]]
        cells[row["topic"], row["group"]] = _cell(row, names[row["topic"]], passages, labels, panels)
    told = {
        topic: [cell["told"] for (of, _), cell in cells.items() if of == topic and cell["told"]]
        for topic in members
    }
    shown = [
        {"label": names[topic], "cells": [cells.get((topic, group)) for group in groups]} for topic in members
    ]
    return {
        "of": told,
        "told": _told(table, labels) if table else [],
        "groups": [labels.name("group", group) for group in groups],
        "rows": shown if groups else [],
    }


def sure(row: Mapping[str, Any]) -> bool:
    """Tell whether a group speaks of a topic more or less than others do, all tests held together."""
    return row["q"] is not None and bool(row["q"] <= ALPHA)


def _cell(
    row: Mapping[str, Any], topic: str, passages: Sequence[str], labels: Labels, panels: Panels
) -> dict[str, Any]:
    group, share = labels.name("group", row["group"]), labels.percent(row["share_by_informant"])
    n, total = (labels.count(count(row[name])) for name in ("n_informants", "n_group_informants"))
    alt = labels.say("topic_cell", topic=topic, group=group, n=n, total=total, share=share)
    title, direction, told = f"{topic} · {group}", "", None
    if sure(row):
        direction = "more" if row["difference"] > 0 else "less"
        elsewhere = labels.percent(row["share_elsewhere"])
        said = labels.say(f"topic_{direction}", group=group, share=share, elsewhere=elsewhere)
        told, alt = panels.number(said, title, passages), f"{alt}; {said}"
    return {
        **panels.number(labels.say("cell", n=n, total=total), title, passages),
        "share": share,
        "alt": alt,
        "shade": shade(row["share_by_informant"]),
        "direction": direction,
        "told": told,
        "value": row["share_by_informant"],
        "low": row["low"],
        "high": row["high"],
    }


def _told(table: Rows, labels: Labels) -> list[str]:
    """Return what holds for all topics: whether any difference is sure, and why some were not tested."""
    tested = [row for row in table if row["p"] is not None]
    told = []
    if tested:
        told.append(labels.say("topic_groups_some" if any(map(sure, tested)) else "topic_groups_none"))
    for reason in (TOO_FEW_INTERVIEWS, ONE_GROUP):
        groups = in_order({row["group"] for row in table if row["reason"] == reason})
        if groups:
            names = ", ".join(labels.name("group", group) for group in groups)
            told.append(labels.say(f"topic_groups_{reason}", groups=names))
    if any(row["reason"] == UNKNOWN_GROUP for row in table):
        told.append(labels.say("topic_groups_unknown_group"))
    return told
