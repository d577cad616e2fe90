"""Quality beside known topics, and how topics hold still: two parts of `topics.py`."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
from topics_child import apart
from topics_ledger import Ledger, Row, good
from topics_methods import METHODS, OURS, PLAIN, Labels, Task, bertopic, ours, warm_up
from topics_scores import likeness, quality, ratio, rounded, sizes
from topics_sets import Passages, Vectors

#: Of this size peak memory is taken too, in a process of its own.
_WEIGHED = 1000
#: Sizes at which ours is held against BERTopic as it comes.
RATIO_SIZES = (250, 1000)
_PAIRS = {
    "chosen number": (f"{OURS}, number chosen", f"{PLAIN} as it comes"),
    "known number": (f"{OURS}, number known", f"{PLAIN}, number known"),
}
_MEANS = (
    "ami", "v", "topics", "unassigned", "npmi", "diversity", "npmi_shown", "diversity_shown", "seconds",
    "cpu_seconds", "peak_mb",
)  # fmt: skip
HELD = f"{OURS}, number held"


def measure_quality(
    ledger: Ledger, sets: Sequence[Passages], vectors: Vectors, sizes: Sequence[int], seeds: Sequence[int]
) -> None:
    """Measure every method on samples of every label set.

    :param ledger: keeps the lines.
    :param sets: label sets.
    :param vectors: their vectors.
    :param sizes: texts in a sample; sets that have fewer are left out.
    :param seeds: of samples and methods; the first three for sizes without a ratio.
    """
    warm_up()
    for whole in sets:
        for size in (one for one in sizes if one <= len(whole.texts)):
            for seed in seeds if size in RATIO_SIZES else seeds[:3]:
                part = whole.sample(size, seed)
                for method in METHODS:
                    key: Row = {"set": whole.name, "size": size, "seed": seed, "method": method}
                    mine = method.startswith(OURS)
                    ledger.measure(
                        "quality",
                        key,
                        mine,
                        lambda: _quality_row(part, vectors, method, seed),  # noqa: B023
                    )


def quality_summary(rows: list[Row]) -> Row:
    """Return mean figures, and the ratio of ours to BERTopic's.

    :param rows: lines of the part.
    """
    return {"means": list(_means(rows)), "ratios": list(_ratios(rows))}


def _quality_row(part: Passages, vectors: Vectors, method: str, seed: int) -> Row:
    call, chooses = METHODS[method]
    task = Task(part.texts, vectors.of(part.texts), None if chooses else part.known, seed)
    started, busy = time.perf_counter(), time.process_time()
    outcome = call(task)
    spent = {"seconds": time.perf_counter() - started, "cpu_seconds": time.process_time() - busy}
    figures = quality(outcome, part.texts, part.labels) | rounded(spent, 2)
    if len(part.texts) == _WEIGHED and seed == 0:
        figures["peak_mb"] = apart(task, method)["peak_mb"]
    return figures


def _means(rows: list[Row]) -> Iterator[Row]:
    """Yield the mean figures of each size and method over sets and seeds."""
    for size in sorted({row["size"] for row in rows}):
        for method in METHODS:
            all_rows = [row for row in rows if (row["size"], row["method"]) == (size, method)]
            some = list(good(all_rows))
            means = {
                name: round(float(np.mean(values)), 3)
                for name in _MEANS
                if (values := [row[name] for row in some if row.get(name) is not None])
            }
            failed = len(all_rows) - len(some)
            yield {"size": size, "method": method, "cells": len(some), "failed": failed} | means


def _ratios(rows: list[Row]) -> Iterator[Row]:
    """Yield AMI of ours over BERTopic's, cells (set × seed) paired."""
    for size in RATIO_SIZES:
        for name, methods in _PAIRS.items():
            mine, theirs = (
                {(row["set"], row["seed"]): row["ami"] for row in good(rows, size=size, method=method)}
                for method in methods
            )
            cells = sorted(mine.keys() & theirs.keys())
            if cells:
                pairs = [mine[cell] for cell in cells], [theirs[cell] for cell in cells]
                yield {"size": size, "compared": name} | ratio(*pairs)


def measure_stability(ledger: Ledger, corpora: Sequence[Passages], vectors: Vectors, draws: int) -> None:
    """Measure how alike two runs are that differ in order, in seed, or in one interview.

    :param ledger: keeps the lines.
    :param corpora: passages of interviews.
    :param vectors: their vectors.
    :param draws: other orders, and other seeds, tried.
    """
    warm_up()
    for corpus in corpora:
        for method in (f"{OURS}, number chosen", HELD, f"{PLAIN} as it comes"):
            _stability_of(ledger, corpus, vectors, method, draws)
    counts = {
        one.name: {"passages": len(one.texts), "interviews": len(set(one.interviews))} for one in corpora
    }
    ledger.note("stability", corpora=counts)


def stability_summary(rows: list[Row]) -> Row:
    """Return how alike runs are, by corpus, method and change.

    :param rows: lines of the part.
    """
    return {"means": list(_stability_means(rows))}


def _stability_of(ledger: Ledger, corpus: Passages, vectors: Vectors, method: str, draws: int) -> None:
    """Measure one method on one corpus: the whole, then everything that differs from it."""
    mine = method.startswith(OURS)

    @cache
    def whole() -> Labels:
        return _topics(corpus, vectors, method, 0, None)

    @cache
    def held() -> int | None:
        return int(whole().max()) + 1 if method == HELD else None

    def line(change: str, which: Any, call: Any) -> None:
        key = {"corpus": corpus.name, "method": method, "change": change, "which": which}
        ledger.measure("stability", key, mine, call)

    line("none", 0, lambda: sizes(whole()))
    for draw in range(1, draws + 1):
        order = np.random.default_rng(draw).permutation(len(corpus.texts))
        line("order", draw, lambda: _beside(whole(), corpus, order, vectors, method, 0, held()))  # noqa: B023
    same = np.arange(len(corpus.texts))
    for seed in range(1, draws + 1):
        line("seed", seed, lambda: _beside(whole(), corpus, same, vectors, method, seed, held()))  # noqa: B023
    for interview in sorted(set(corpus.interviews)):
        rest = np.flatnonzero(np.array(corpus.interviews) != interview)
        line(
            "left out", interview,
            lambda: _beside(whole(), corpus, rest, vectors, method, 0, held()),  # noqa: B023
        )  # fmt: skip


def _topics(corpus: Passages, vectors: Vectors, method: str, seed: int, number: int | None) -> Labels:
    call = ours if method.startswith(OURS) else bertopic
    return call(Task(corpus.texts, vectors.of(corpus.texts), number, seed, corpus.interviews)).labels


def _beside(
    whole: Labels, corpus: Passages, rows: Any, vectors: Vectors, method: str, seed: int, number: int | None
) -> Row:
    """Return how like the topics of some passages, in some order, are to those that they had in the whole."""
    found = _topics(corpus.take(rows.tolist()), vectors, method, seed, number)
    return likeness(whole[rows], found) | sizes(found)


def _stability_means(rows: list[Row]) -> Iterator[Row]:
    """Yield, per corpus and method, the whole and the mean likeness after each change."""
    for corpus, method in dict.fromkeys((row["corpus"], row["method"]) for row in rows):
        mean: Row = {"corpus": corpus, "method": method}
        for row in good(rows, corpus=corpus, method=method, change="none"):
            mean |= {name: row[name] for name in ("topics", "largest", "unassigned")}
        for change in ("order", "seed", "left out"):
            some = list(good(rows, corpus=corpus, method=method, change=change))
            if some:
                name = change.replace(" ", "_")
                mean[name] = round(float(np.mean([row["ari"] for row in some])), 3)
                mean[f"{name}_least"] = round(min(row["ari"] for row in some), 3)
                mean[f"{name}_ami"] = round(float(np.mean([row["ami"] for row in some])), 3)
                mean[f"{name}_topics"] = [
                    min(row["topics"] for row in some),
                    max(row["topics"] for row in some),
                ]
        yield mean
