"""What stands where in the coded corpus, as Markdown tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from agreement import Row, dimensions
from assemble import ENOUGH
from notation import ASPECTS, FRAMEWORKS, GROUPS, POLARITIES, REGISTERS, STATUSES, VIEWS

from kotaku_nlp.coding.codebook import load_codebook


def table_of(title: str, rows: Mapping[str, Mapping[str, Any]]) -> str:
    """Return a Markdown table; columns are the keys of the rows.

    :param title: heading of the first column.
    :param rows: name → column → value.
    """
    columns = list(dict.fromkeys(column for row in rows.values() for column in row))
    lines = [f"| {title} | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for name, row in rows.items():
        shown = (_cell(row.get(column, "")) for column in columns)
        lines.append(f"| {name} | " + " | ".join(shown) + " |")
    return "\n".join(lines)


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def counts_by(
    splits: Mapping[str, Sequence[Row]], names: Iterable[str], of: Callable[[Row], Iterable[str]]
) -> str:
    """Return how often each name occurs in each split, as a table.

    :param splits: split → passages.
    :param names: the rows of the table.
    :param of: names of one passage.
    """
    found = {split: Counter(name for row in rows for name in of(row)) for split, rows in splits.items()}
    return table_of("", {name: {split: found[split][name] for split in splits} for name in names})


def sizes(splits: Mapping[str, Sequence[Row]]) -> str:
    """Return how much stands in each split, as a table.

    :param splits: split → passages.
    """
    counts: dict[str, Callable[[Sequence[Row]], int]] = {
        "passages": len,
        "in whole interviews": lambda rows: sum(row["interview"] is not None for row in rows),
        "whole interviews": lambda rows: len({row["interview"] for row in rows} - {None}),
        "authors": lambda rows: len({row["author"] for row in rows}),
        "read blind at least twice": lambda rows: sum(len(row["readings"]) >= ENOUGH for row in rows),
        "places": lambda rows: len({row["place"] for row in rows} - {None}),
        "programmes": lambda rows: len({row["programme"] for row in rows} - {None}),
        "out of Ansell and Gash": lambda rows: sum(not dimensions(row) for row in rows),
        "without any label": lambda rows: sum(not _labels(row) for row in rows),
        "words, mean": lambda rows: round(float(np.mean([len(row["text"].split()) for row in rows]))),
    }
    return table_of(
        "", {name: {split: count(rows) for split, rows in splits.items()} for name, count in counts.items()}
    )


def _labels(row: Row) -> bool:
    return bool(row["codes"] or row["clauses"] or row["involvement"])


def balance(splits: Mapping[str, Sequence[Row]]) -> list[str]:
    """Return the tables of groups, registers, dimensions, aspects, views and involvement.

    :param splits: split → passages.
    """
    told = [f"{aspect}, {pole}" for aspect in ASPECTS.values() for pole in POLARITIES.values()]
    acts = [f"{group}, {status}" for group in GROUPS.values() for status in STATUSES.values()]
    books = [
        counts_by(
            splits,
            [leaf.id for leaf in load_codebook(book).leaves],
            lambda row, book=book: dimensions(row, book),
        )
        for book in FRAMEWORKS.values()
    ]
    return [
        counts_by(splits, GROUPS.values(), lambda row: [row["group"]]),
        counts_by(splits, REGISTERS, lambda row: [row["register"]]),
        *books,
        counts_by(splits, told, lambda row: [f"{c['aspect']}, {c['polarity']}" for c in row["clauses"]]),
        counts_by(splits, VIEWS.values(), lambda row: [c["view"] for c in row["clauses"]]),
        counts_by(
            splits, acts, lambda row: [f"{a['actor_group']}, {a['status']}" for a in row["involvement"]]
        ),
    ]
