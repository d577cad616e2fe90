"""Measure how well the rules find who took part, who was left out and who worked on contract.

    python benchmarks/involvement.py --data FOLDER --out involvement.json

FOLDER holds the coded passages, one JSONL file a slice of speakers. The word lists were tuned on
`f2 g2 k2 w2` (phase cues on `gov fac bkm warga luar` too); the figures that count are for `j2 p2 a2`,
whose passages were not read while tuning. Their totals were seen once before the last changes, which
lowered them by a point. The baseline in the same run takes every named actor as involved, the speaker's
own group wherever "kami" or "kita" stands, and every phase as implementation. Labels are one machine
reading of invented passages; they are not human judgement.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from kotaku_nlp.analysis.actors import find_actors
from kotaku_nlp.analysis.involvement import involvement_table
from kotaku_nlp.analysis.phases import phase_of
from kotaku_nlp.language.tokens import tokenise
from kotaku_nlp.records import GROUPS

TUNED_ON = ("f2", "g2", "k2", "w2")
HELD_OUT = ("j2", "p2", "a2")
STATUSES = ("involved", "excluded", "contractual")

Triple = tuple[str, str, str]
Answer = set[Triple]
Rows = Sequence[Mapping[str, Any]]


def read(data: Path, slices: Sequence[str]) -> list[dict[str, Any]]:
    """Return the coded passages of some slices.

    :param data: folder of JSONL files.
    :param slices: their stems.
    """
    return [
        json.loads(line)
        for part in slices
        for line in (data / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()
    ]


def truth(rows: Rows) -> list[Answer]:
    """Return the coded (actor_group, phase, status) of each passage."""
    return [{(i["actor_group"], i["phase"], i["status"]) for i in row["involvement"]} for row in rows]


def by_rules(rows: Rows) -> list[Answer]:
    """Return what the rules find in each passage, mere mentions left out."""
    frame = pd.DataFrame(
        {
            "passage_id": [row["id"] for row in rows],
            "group": [row["group"] for row in rows],
            "start": 0,
            "text": [row["text"] for row in rows],
        }
    )
    found: dict[str, Answer] = {row["id"]: set() for row in rows}
    for row in involvement_table(frame).to_dict("records"):
        if row["status"] in STATUSES:
            found[row["passage_id"]].add((row["actor_group"], row["phase"], row["status"]))
    return [found[row["id"]] for row in rows]


def by_mention(rows: Rows) -> list[Answer]:
    """Return the baseline: whoever is named, "kami" included, was involved in implementation."""
    answers = []
    for row in rows:
        named = {actor.group for actor in find_actors(row["text"])}
        if {token.norm for token in tokenise(row["text"])} & {"kami", "kita"}:
            named.add(row["group"])
        answers.append({(group, "implementation", "involved") for group in named})
    return answers


def pairs(answers: Sequence[Answer]) -> list[set[tuple[str, ...]]]:
    """Return answers without their phase."""
    return [{(group, status) for group, _, status in answer} for answer in answers]


def score(gold: Sequence[set[Any]], found: Sequence[set[Any]]) -> dict[str, float]:
    """Return precision, recall and F1 of items over all passages (micro), and how many were coded."""
    hits = wrong = missed = 0
    for want, have in zip(gold, found, strict=True):
        hits, wrong, missed = hits + len(want & have), wrong + len(have - want), missed + len(want - have)
    precision = hits / (hits + wrong) if hits + wrong else 0.0
    recall = hits / (hits + missed) if hits + missed else 0.0
    f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
    values = {"precision": precision, "recall": recall, "f1": f1}
    return {name: round(value, 3) for name, value in values.items()} | {"n": hits + missed}


def kept(answers: Sequence[set[Any]], place: int, value: str) -> list[set[Any]]:
    """Return answers reduced to the items that have a value at one place."""
    return [{item for item in answer if item[place] == value} for answer in answers]


def by(
    names: Sequence[str], place: int, gold: Sequence[set[Any]], found: Sequence[set[Any]]
) -> dict[str, Any]:
    """Return the figures for each name that may stand at one place of an item."""
    return {name: score(kept(gold, place, name), kept(found, place, name)) for name in names}


def scores(gold: Sequence[Answer], found: Sequence[Answer]) -> dict[str, Any]:
    """Return the figures of one reader: overall, per actor group and per status."""
    plain = pairs(gold), pairs(found)
    return {
        "pairs": score(*plain),
        "triples": score(gold, found),
        "pairs_by_group": by(GROUPS, 0, *plain),
        "triples_by_group": by(GROUPS, 0, list(gold), list(found)),
        "pairs_by_status": by(STATUSES, 1, *plain),
    }


def phase_accuracy(rows: Rows) -> dict[str, float]:
    """Return how often the phase of a coded passage is found, beside always saying implementation."""
    coded = [row for row in rows if row.get("phase") not in (None, "none")]
    said = [phase_of(row["text"]) for row in coded]
    right = sum(row["phase"] == phase for row, phase in zip(coded, said, strict=True))
    common = sum(row["phase"] == "implementation" for row in coded)
    n = max(1, len(coded))
    return {
        "accuracy": round(right / n, 3),
        "unclear": round(said.count("unclear") / n, 3),
        "always_implementation": round(common / n, 3),
        "n": len(coded),
    }


def measure(data: Path, slices: Sequence[str]) -> dict[str, Any]:
    """Return all figures for some slices."""
    rows = read(data, slices)
    gold = truth(rows)
    by_rules(rows[:3])
    started = time.perf_counter()
    found = by_rules(rows)
    seconds = time.perf_counter() - started
    return {
        "slices": list(slices),
        "n_passages": len(rows),
        "seconds_per_1000": round(seconds / len(rows) * 1000, 2),
        "rules": scores(gold, found),
        "baseline": scores(gold, by_mention(rows)),
        "phase": phase_accuracy(rows),
    }


def show(name: str, figures: Mapping[str, Any]) -> None:
    """Print the figures of one set of slices as a table."""
    print(f"\n{name}: {' '.join(figures['slices'])}, {figures['n_passages']} passages")
    print(f"{'':32}{'rules P   R   F1':>22}{'baseline P   R   F1':>26}{'n':>6}")
    for block in ("pairs", "triples"):
        _line(block, figures["rules"][block], figures["baseline"][block])
    for block in ("pairs_by_group", "triples_by_group", "pairs_by_status"):
        for key, values in figures["rules"][block].items():
            _line(f"{block.split('_')[0]} {key}", values, figures["baseline"][block][key])
    print("phase", figures["phase"], "seconds per 1000 passages", figures["seconds_per_1000"])


def _line(name: str, ours: Mapping[str, float], base: Mapping[str, float]) -> None:
    left, right = (" ".join(f"{v[k]:.2f}" for k in ("precision", "recall", "f1")) for v in (ours, base))
    print(f"{name:32}{left:>22}{right:>26}{ours['n']:>6}")


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--tuning-only", action="store_true", help="leave the held-out slices unseen")
    chosen = parser.parse_args()
    results = {"tuned_on": measure(chosen.data, TUNED_ON)}
    if not chosen.tuning_only:
        results["held_out"] = measure(chosen.data, HELD_OUT)
    for name, figures in results.items():
        show(name, figures)
    if chosen.out:
        chosen.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
