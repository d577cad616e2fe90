"""Train the heads that hear which stage a passage tells of, and which groups took part in it.

    python models/training/heads/presence.py --data FOLDER [--out models/head-involvement]

FOLDER holds coded passages as JSON lines, one file an author: `text`, `group`, `phase` and, in some files,
`involvement`. Every figure is out of fold by author. Prints rules alone and rules with heads: F1 of
(group, status) pairs and (group, phase, status) triples per passage. About five minutes on two cores.
"""

from __future__ import annotations

import argparse
import json
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from folds import out_of_fold

from kotaku_nlp.analysis.encoders import load_encoder
from kotaku_nlp.analysis.heads import fit_head, save_head
from kotaku_nlp.analysis.involvement import involvement_table
from kotaku_nlp.analysis.presence import STAGES, Scores, with_presence, with_speaker
from kotaku_nlp.records import GROUPS

ROOT = Path(__file__).resolve().parents[3]
Found = set[tuple[str, str, str, str]]


def read(folder: Path) -> pd.DataFrame:
    """Return one row a passage; `involvement` is null where a file has none.

    :param folder: folder of JSON lines.
    """
    rows: list[dict[str, Any]] = []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            stage = row["phase"] if row["phase"] in STAGES else "unclear"
            rows.append(
                {"author": path.stem, "stage": stage}
                | {k: row.get(k) for k in ("text", "group", "involvement")}
            )
    frame = pd.DataFrame(rows)
    ends = frame["text"].map(len)
    return frame.assign(passage_id=frame.index.map(str), start=0, end=ends, low_evidence=False, question="")


def f1(found: Found, coded: Found, parts: tuple[int, ...]) -> dict[str, float]:
    """Return precision, recall and F1 over some parts of (passage, group, phase, status).

    :param found: by the method; a mere mention does not count.
    :param coded: by the coder.
    :param parts: which parts must agree.
    """
    one = {tuple(row[part] for part in parts) for row in found if row[3] != "mentioned"}
    two = {tuple(row[part] for part in parts) for row in coded}
    both = len(one & two)
    return {
        "precision": round(both / max(len(one), 1), 3),
        "recall": round(both / max(len(two), 1), 3),
        "f1": round(2 * both / max(len(one) + len(two), 1), 3),
    }


def found_in(frame: pd.DataFrame) -> Found:
    """Return the rows of a table "involvement" as tuples.

    :param frame: the table.
    """
    columns = (frame[name].astype(str) for name in ("passage_id", "actor_group", "phase", "status"))
    return set(zip(*columns, strict=True))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "head-involvement")
    args = parser.parse_args()
    rows, encoder = read(args.data), load_encoder()
    texts = rows["text"].tolist()
    vectors = encoder.encode(texts)
    staged = np.array([[stage == name for name in STAGES] for stage in rows["stage"]])
    fit_stage, fit_group = partial(fit_head, names=STAGES), partial(fit_head, names=GROUPS)
    authors = rows["author"].to_numpy(str)
    stages = out_of_fold(fit_stage, texts, vectors, staged, authors)
    own = rows["involvement"].notna().to_numpy()
    coded = rows[own].reset_index(drop=True)
    took = np.array([[_took(marks, group) for group in GROUPS] for marks in coded["involvement"]])
    told = [with_speaker(text, group) for text, group in zip(coded["text"], coded["group"], strict=True)]
    groups = out_of_fold(fit_group, told, vectors[own], took, authors[own])
    rules = involvement_table(coded)
    both = with_presence(rules, coded, Scores(stages[own], groups))
    gold = {
        (key, mark["actor_group"], mark["phase"] if mark["phase"] in STAGES else "unclear", mark["status"])
        for key, marks in zip(coded["passage_id"], coded["involvement"], strict=True)
        for mark in marks
    }
    figures: dict[str, Any] = {"passages": len(coded), "authors": int(coded["author"].nunique())}
    for name, frame in (("rules", rules), ("rules_and_heads", both)):
        found = found_in(frame)
        figures[name] = {"pairs": f1(found, gold, (0, 1, 3)), "triples": f1(found, gold, (0, 1, 2, 3))}
    there = rows["stage"] != "unclear"
    right = np.array(STAGES)[stages[:, :-1].argmax(axis=1)] == rows["stage"].to_numpy()
    figures["stage_right"] = round(float(right[there].mean()), 3)
    facts = {"figures": figures, "encoder": encoder.id, "encoder_revision": encoder.revision}
    save_head(fit_stage(texts, vectors, staged), args.out / "stage", facts)
    save_head(fit_group(told, vectors[own], took), args.out / "group", facts)
    print(json.dumps(figures, indent=1))


def _took(marks: list[dict[str, str]], group: str) -> bool:
    return any(mark["actor_group"] == group and mark["status"] == "involved" for mark in marks)


if __name__ == "__main__":
    main()
