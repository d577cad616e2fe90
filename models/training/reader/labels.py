"""What the reader learns from a coded passage: a share of readings for every output, and the marked words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kotaku_nlp.analysis.reader import ACTORS, SPEAKERS, STATUSES, outputs
from kotaku_nlp.records import ASPECTS, GROUPS, PHASES

CORPUS = Path(__file__).resolve().parents[3] / "corpora" / "governance"
TAUGHT = ("train", "contrast")
#: Fewer readings than this are one opinion, not a share.
ENOUGH = 3
#: Outputs of a passage with one speaker: the actors once, whoever speaks.
HEARD = tuple(name for name in outputs() if not name.startswith("actor:")) + ACTORS
Row = dict[str, Any]


def read(*parts: str) -> list[Row]:
    """Return coded passages in the order of the files.

    :param parts: files of the corpus, without their suffix.
    """
    lines = [line for part in parts for line in (CORPUS / f"{part}.jsonl").read_text("utf-8").splitlines()]
    return [json.loads(line) for line in lines]


def marked(reading: Mapping[str, Any]) -> dict[str, list[tuple[int, int]]]:
    """Return output → places of the words that gave it, in one reading of a passage.

    A stage belongs to the whole passage: it has no places.

    :param reading: a passage as coded, or one of its readings.
    """
    found: dict[str, list[tuple[int, int]]] = {}
    for name, mark in _marks(reading):
        found.setdefault(name, []).append((mark["start"], mark["end"]))
    phase = reading["phase"] if reading["phase"] in PHASES else PHASES[-1]
    return found | {f"stage:{phase}": []}


def _marks(reading: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for book, codes in reading["codes"].items():
        for code in codes:
            yield f"{book}:{code['dimension']}", code
    poles = {"positive": "well", "negative": "badly"}
    for clause in reading["clauses"]:
        if clause["aspect"] in ASPECTS:
            yield f"{clause['aspect']}:evidence", clause
            if clause["polarity"] in poles:
                yield f"{clause['aspect']}:{poles[clause['polarity']]}", clause
    for act in reading["involvement"]:
        if act["actor_group"] in GROUPS and act["status"] in STATUSES:
            yield f"{act['actor_group']}:{act['status']}", act


def shares(row: Row) -> NDArray[np.float32]:
    """Return, for every output in `HEARD`, the share of readings that gave it; 0 or 1 where few read.

    :param row: a coded passage.
    """
    readings = row["readings"] if len(row["readings"]) >= ENOUGH else [row]
    given = [marked(reading) for reading in readings]
    return np.array([np.mean([name in one for one in given]) for name in HEARD], dtype=np.float32)


def settled(rows: Sequence[Row]) -> NDArray[np.bool_]:
    """Return (n, outputs): the labels that stand.

    :param rows: coded passages.
    """
    return np.array([[name in given for name in HEARD] for given in map(marked, rows)])


def pieces(row: Row, places: Sequence[tuple[int, int]]) -> list[tuple[int, list[int]]]:
    """Return, for every output that has marked words, its number and the pieces that stand in them.

    :param row: a coded passage.
    :param places: where its pieces stand.
    """
    found = []
    for name, spans in marked(row).items():
        inside = [
            at
            for at, (first, last) in enumerate(places)
            if last > first and any(first < end and last > start for start, end in spans)
        ]
        if inside and name in HEARD:
            found.append((HEARD.index(name), inside))
    return found


def speaker(row: Row) -> int:
    """Return the number of the group that speaks.

    :param row: a coded passage.
    """
    return SPEAKERS.index(row["group"] if row["group"] in GROUPS else SPEAKERS[-1])
