"""How far two blind readings of the coded corpus agree, before anything was settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from notation import ASPECTS, FRAMEWORKS, GROUPS, STATUSES
from sklearn.metrics import cohen_kappa_score

from kotaku_nlp.coding.codebook import load_codebook

AG = "ansell_gash_2008"
#: A code is left out of a mean κ when the two readers together gave it fewer times.
SEEN = 10

Row = dict[str, Any]


def dimensions(row: Mapping[str, Any], book: str = AG) -> list[str]:
    """Return the dimensions that a passage (or a reading) carries.

    :param row: passage or reading.
    :param book: the codebook.
    """
    return [code["dimension"] for code in row["codes"].get(book, [])]


def polarity(row: Mapping[str, Any], aspect: str) -> str:
    """Return how a passage (or a reading) speaks of an aspect.

    :param row: passage or reading.
    :param aspect: one of the three.
    """
    told = {clause["polarity"] for clause in row["clauses"] if clause["aspect"] == aspect}
    if not told:
        return "absent"
    if {"positive", "negative"} <= told:
        return "mixed"
    return next(pole for pole in ("positive", "negative", "neutral") if pole in told)


def pairs_read(rows: Sequence[Row], first: int = 1) -> list[tuple[Row, Row]]:
    """Return two blind readings of every passage that has them.

    :param rows: passages; the first of their readings is the writer's.
    :param first: 1 for the first pair of readers, 3 for the pair that read under the final manual.
    """
    return [
        (row["readings"][first], row["readings"][first + 1])
        for row in rows
        if len(row["readings"]) > first + 1
    ]


def agreement(pairs: Sequence[tuple[Row, Row]]) -> dict[str, dict[str, float]]:
    """Return κ between the two blind readings, before anything was settled.

    Per dimension as given or not; per aspect as told of or not, and as the five-fold label.

    :param pairs: first and second reading of each passage.
    """
    tables: dict[str, dict[str, float]] = {}
    for book in FRAMEWORKS.values():
        table = {}
        for leaf in load_codebook(book).leaves:
            one, two = ([leaf.id in dimensions(pair[i], book) for pair in pairs] for i in (0, 1))
            if sum(one) + sum(two) >= SEEN:
                table[leaf.id] = float(cohen_kappa_score(one, two))
        tables[book] = {"macro": float(np.mean(list(table.values())))} | table if table else {}
    for aspect in ASPECTS.values():
        one, two = ([polarity(pair[i], aspect) for pair in pairs] for i in (0, 1))
        told = ([label != "absent" for label in side] for side in (one, two))
        tables[aspect] = {
            "told of": float(cohen_kappa_score(*told)),
            "label": float(cohen_kappa_score(one, two)),
        }
    acts = [
        [
            any(a["actor_group"] == group and a["status"] == status for a in pair[i]["involvement"])
            for pair in pairs
            for group in GROUPS.values()
            for status in STATUSES.values()
        ]
        for i in (0, 1)
    ]
    tables["involvement"] = {"group × status": float(cohen_kappa_score(*acts))}
    phases = [[str(pair[i]["phase"]) for pair in pairs] for i in (0, 1)]
    tables["phase"] = {"passage": float(cohen_kappa_score(*phases))}
    return tables
