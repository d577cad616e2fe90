"""Dimensions × groups as a heat map."""

from __future__ import annotations

from math import ceil
from typing import Any

from kotaku_nlp.records import Analysis, Codebook
from kotaku_nlp.report.frames import count, ids, rows
from kotaku_nlp.report.labels import Labels, in_order
from kotaku_nlp.report.panels import Panels

#: Shades of the heat map, and the passages below which a cell is drawn dashed.
SHADES = 5
THIN = 3


def dimensions(analysis: Analysis, labels: Labels, panels: Panels) -> list[dict[str, Any]]:
    """Return one heat map per codebook, its dimensions in the codebook's order."""
    table = rows(analysis.tables.get("dimensions"))
    blocks = []
    for codebook in dict.fromkeys(row["codebook"] for row in table):
        cells = {(row["dimension"], row["group"]): row for row in table if row["codebook"] == codebook}
        groups = in_order({group for _, group in cells})
        book = next((book for book in analysis.codebooks if book.id == codebook), None)
        blocks.append(
            {
                "codebook": codebook,
                "title": labels.codebook(codebook),
                "source": book.source if book else "",
                "groups": [labels.name("group", group) for group in groups],
                "rows": [
                    {
                        **_dimension(book, codebook, name, labels),
                        "cells": [_cell(cells.get((name, group)), labels, panels) for group in groups],
                    }
                    for name in codebook_order(book, {name for name, _ in cells})
                ],
            }
        )
    return blocks


def codebook_order(book: Codebook | None, names: set[str]) -> list[str]:
    """Return dimension ids in the codebook's order, those it does not know at the end."""
    known = [each.id for each in book.dimensions if each.id in names] if book else []
    return known + sorted(names - set(known))


def shade(value: float | None) -> int:
    """Return the shade, 0 (none) to `SHADES`, of a share 0 … 1."""
    return 0 if not value else min(SHADES, max(1, ceil(value * SHADES)))


def _dimension(book: Codebook | None, codebook: str, name: str, labels: Labels) -> dict[str, str]:
    dimension = next((each for each in book.dimensions if each.id == name), None) if book else None
    definition = dimension.definition if dimension else {}
    about = definition.get(labels.lang) or next(iter(definition.values()), "")
    parent = labels.dimension(codebook, dimension.parent) if dimension and dimension.parent else ""
    return {"label": labels.dimension(codebook, name), "about": about, "parent": parent}


def _cell(row: dict[str, Any] | None, labels: Labels, panels: Panels) -> dict[str, Any] | None:
    if row is None or not count(row["n_passages"]):
        return None
    n, total, passages = (count(row[name]) for name in ("n_informants", "n_group_informants", "n_passages"))
    dimension = labels.dimension(row["codebook"], row["dimension"])
    group = labels.name("group", row["group"])
    title = f"{dimension} · {group}"
    said = {"dimension": dimension, "group": group, "n": n, "total": total, "passages": passages}
    mark = f"d:{row['codebook']}:{row['dimension']}"
    return {
        **panels.number(labels.say("cell", n=n, total=total), title, ids(row["passage_ids"]), mark),
        "passages": labels.say("cell_passages", n=labels.count(passages)),
        "alt": labels.say("cell_title", **said),
        "shade": shade(row["value"]),
        "thin": passages < THIN,
    }
