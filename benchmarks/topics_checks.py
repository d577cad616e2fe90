"""The number of topics, the null, and size: three parts of `topics.py`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from topics_child import apart
from topics_ledger import Ledger, Row, good
from topics_methods import OURS, PLAIN, Task, bertopic
from topics_scores import sizes
from topics_sets import ROOT, Matrix, Passages, Vectors

from kotaku_nlp.analysis.topics.count import MOST
from kotaku_nlp.analysis.topics.discover import NO_STRUCTURE, discover_topics

sys.path.insert(0, str(ROOT / "models" / "training" / "topics"))
from compose import Pool, draw, kinds, pools  # type: ignore[import-not-found]

NUMBERS = (2, 4, 7, 12, 20)
SIZES = (250, 700)
#: Keeps the sets composed here apart from any that were looked at while the count was made.
_STREAM = 20_251_125
#: Passages of a sample in the null.
NULL_SIZE = 250
#: On so many draws of a null BERTopic is asked too.
_ASKED = 5
Shuffled = tuple[Sequence[str], Matrix]
#: Interviews that passages of news are dealt into, to be left out and drawn like real ones.
_DEALT = 20


def measure_number(
    ledger: Ledger, data: Path, vectors: Vectors, numbers: Sequence[int], texts: Sequence[int], draws: int
) -> None:
    """Measure the number of topics on texts composed of so many labels, from the half not learnt from.

    :param ledger: keeps the lines.
    :param data: the public label sets.
    :param vectors: their vectors.
    :param numbers: labels in a set; kinds that have fewer are left out.
    :param texts: texts in a set.
    :param draws: sets of each sort.
    """
    sources: Mapping[str, Pool] = kinds(pools(data, 1))
    for kind, pool in sources.items():
        for known in (one for one in numbers if one <= len(pool)):
            for size in texts:
                for turn in range(draws):
                    rng = np.random.default_rng([_STREAM, turn, known, size])
                    key: Row = {"kind": kind, "known": known, "size": size, "draw": turn}
                    some = sorted(set(draw(pool, known, size, rng)[0]))
                    for method, call in ((OURS, _counted), (PLAIN, _counted_by_bertopic)):
                        ledger.measure(
                            "number", key | {"method": method}, method == OURS, partial(call, some, vectors)
                        )


def number_summary(rows: list[Row]) -> Row:
    """Return errors in the number of topics: over all sets, by kind, by known number.

    :param rows: lines of the part.
    """
    return {"means": list(_number_means(rows))}


def _counted(texts: list[str], vectors: Vectors) -> Row:
    """Return number and interval; a text that is said to hold nothing counts as one topic."""
    found = discover_topics(texts, vectors.of(texts))
    if found.number is None:
        return {"taken": 1, "low": 1, "high": 1, "reason": found.reason}
    return {"taken": found.number.taken, "low": found.number.low, "high": found.number.high}


def _counted_by_bertopic(texts: list[str], vectors: Vectors) -> Row:
    return {"taken": sizes(bertopic(Task(texts, vectors.of(texts))).labels)["topics"]}


def _number_means(rows: list[Row]) -> Iterator[Row]:
    """Yield the mean relative error over all sets, by kind, and by known number."""
    yield _number_mean("all", rows)
    for kind in dict.fromkeys(row["kind"] for row in rows):
        yield _number_mean(kind, list(good(rows, kind=kind)))
    for known in sorted({row["known"] for row in rows}):
        # Of one known number the best constant is that number itself, and says nothing.
        mean = _number_mean(f"{known} topics", list(good(rows, known=known)))
        yield {name: value for name, value in mean.items() if "constant" not in name}


def _number_mean(name: str, rows: list[Row]) -> Row:
    """Return errors of ours, of BERTopic and of the best constant, and how often the interval holds."""
    mine, theirs = list(good(rows, method=OURS)), list(good(rows, method=PLAIN))
    if not mine or not theirs:
        return {"of": name, "sets": len(mine)}
    known = np.array([row["known"] for row in mine])
    errors = {constant: float(np.mean(abs(constant - known) / known)) for constant in range(2, MOST + 1)}
    best = min(errors, key=lambda constant: errors[constant])
    held = [row["low"] <= row["known"] <= row["high"] for row in mine]
    return {
        "of": name, "sets": len(mine), "error": _error(mine), "error_of_bertopic": _error(theirs),
        "best_constant": best, "error_of_constant": round(errors[best], 3),
        "interval_holds": round(float(np.mean(held)), 3),
        "taken": round(float(np.mean([row["taken"] for row in mine])), 1),
        "taken_by_bertopic": round(float(np.mean([row["taken"] for row in theirs])), 1),
    }  # fmt: skip


def _error(rows: list[Row]) -> float:
    return round(float(np.mean([abs(row["taken"] - row["known"]) / row["known"] for row in rows])), 3)


def measure_null(
    ledger: Ledger, sets: Sequence[Passages], vectors: Vectors, draws: int, size: int = NULL_SIZE
) -> None:
    """Measure how often there is "no structure": in shuffled texts, and in texts as they are.

    :param ledger: keeps the lines.
    :param sets: label sets and interviews.
    :param vectors: their vectors.
    :param draws: draws of each.
    :param size: passages of a draw.
    """
    for whole in sets:
        for name, shuffle in _SHUFFLES.items():
            for turn in range(draws):
                key: Row = {"set": whole.name, "text": name, "draw": turn}
                made = partial(shuffle, whole, size, vectors, turn)
                ledger.measure("null", key | {"method": OURS}, True, partial(_verdict, made, turn))
                if turn < _ASKED:
                    ledger.measure("null", key | {"method": PLAIN}, False, partial(_anyway, made))


def null_summary(rows: list[Row]) -> Row:
    """Return how often there is structure, by set and by what was done to it.

    :param rows: lines of the part.
    """
    return {"means": list(_null_means(rows))}


def _unchanged(whole: Passages, size: int, vectors: Vectors, turn: int) -> Shuffled:
    texts = whole.sample(size, turn).texts
    return texts, vectors.of(texts)


def _redrawn(whole: Passages, size: int, vectors: Vectors, turn: int) -> Shuffled:
    """Return passages as long as they were, of words drawn from the whole set, encoded anew."""
    rng = np.random.default_rng([1, turn])
    words = np.array([word for text in whole.texts for word in text.split()], dtype=object)
    lengths = [len(text.split()) for text in whole.sample(size, turn).texts]
    drawn = np.split(rng.choice(words, sum(lengths)), np.cumsum(lengths)[:-1])
    texts = [" ".join(part) for part in drawn]
    return texts, vectors.encoder.encode(texts)


def _permuted(whole: Passages, size: int, vectors: Vectors, turn: int) -> Shuffled:
    """Return passages whose vectors have every column permuted for itself."""
    rng = np.random.default_rng([2, turn])
    texts, matrix = _unchanged(whole, size, vectors, turn)
    return texts, np.stack([rng.permutation(column) for column in matrix.T], axis=1)


_SHUFFLES: dict[str, Callable[[Passages, int, Vectors, int], Shuffled]] = {
    "as it is": _unchanged,
    "words redrawn": _redrawn,
    "columns permuted": _permuted,
}


def _verdict(made: Callable[[], Shuffled], seed: int) -> Row:
    """Return whether topics are found, and how far the text stands above each null."""
    texts, matrix = made()
    found = discover_topics(texts, matrix, seed=seed)
    if found.noise is None:
        raise ValueError(f"no null test: {found.reason}")
    words, columns = round(found.noise.words, 2), round(found.noise.vectors, 2)
    return {"structure": found.reason != NO_STRUCTURE, "words": words, "vectors": columns}


def _anyway(made: Callable[[], Shuffled]) -> Row:
    texts, matrix = made()
    return sizes(bertopic(Task(texts, matrix)).labels)


def _null_means(rows: list[Row]) -> Iterator[Row]:
    """Yield how many draws of each set and shuffle have structure, and what BERTopic finds in them."""
    for whole, name in dict.fromkeys((row["set"], row["text"]) for row in rows):
        mine = list(good(rows, set=whole, text=name, method=OURS))
        theirs = [row["topics"] for row in good(rows, set=whole, text=name, method=PLAIN)]
        spans = {
            f"{end}_{null}": pick(row[null] for row in mine)
            for null in ("words", "vectors")
            for end, pick in (("least", min), ("most", max))
            if mine
        }
        yield {
            "set": whole, "text": name, "draws": len(mine),
            "structure": sum(row["structure"] for row in mine), **spans,
            "topics_of_bertopic": round(float(np.mean(theirs)), 1) if theirs else None,
        }  # fmt: skip


def measure_scale(ledger: Ledger, whole: Passages, vectors: Vectors, numbers: Sequence[int]) -> None:
    """Measure seconds and peak memory of a whole discovery in a process of its own, vectors given.

    :param ledger: keeps the lines.
    :param whole: passages, dealt into interviews here.
    :param vectors: their vectors.
    :param numbers: how many passages.
    """
    for size in (one for one in numbers if one <= len(whole.texts)):
        part = whole.sample(size, 0)
        dealt = [f"interview {row % _DEALT}" for row in range(size)]
        for method in (f"{OURS}, number chosen", f"{PLAIN} as it comes"):
            key: Row = {"set": whole.name, "size": size, "method": method}
            task = Task(part.texts, vectors.of(part.texts), None, 0, dealt)
            ledger.measure("scale", key, method.startswith(OURS), partial(_apart, task, method))


def _apart(task: Task, method: str) -> dict[str, Any]:
    """Return what a process of its own took, and how busy the machine was before it."""
    load = round(os.getloadavg()[0], 1)
    return apart(task, method) | {"load_before": load}
