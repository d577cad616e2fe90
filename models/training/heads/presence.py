"""Train the heads that hear which stage a passage tells of, and which groups took part in it.

    python models/training/heads/presence.py [--out models/head-involvement]

Learns from train and contrast partners of `corpora/governance`. Prints rules alone and with heads, on dev:
F1 of (group, status) pairs and (group, phase, status) triples per passage.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from coded import TAUGHT, read

from kotaku_nlp.analysis.encoders import load_encoder
from kotaku_nlp.analysis.heads import fit_head, save_head
from kotaku_nlp.analysis.involvement import involvement_table
from kotaku_nlp.analysis.presence import STAGES, Scores, with_presence, with_speaker
from kotaku_nlp.records import GROUPS

ROOT = Path(__file__).resolve().parents[3]
Found = set[tuple[str, str, str, str]]


def prepared(rows: pd.DataFrame) -> pd.DataFrame:
    """Return coded passages as the stages read them, with the stage that they tell of.

    :param rows: from `coded.read`.
    """
    stage = rows["phase"].where(rows["phase"].isin(STAGES), "unclear")
    ends = rows["text"].map(len)
    return rows.assign(stage=stage, passage_id=rows.index.map(str), start=0, end=ends, low_evidence=False)


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
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "head-involvement")
    args = parser.parse_args()
    rows, held, encoder = prepared(read(*TAUGHT)), prepared(read("dev")), load_encoder()
    texts = rows["text"].tolist()
    vectors = encoder.encode(texts)
    staged = np.array([[stage == name for name in STAGES] for stage in rows["stage"]])
    took = np.array([[_took(marks, group) for group in GROUPS] for marks in rows["involvement"]])
    stage = fit_head(texts, vectors, staged, names=STAGES)
    group = fit_head(spoken_by(rows), vectors, took, names=GROUPS)
    unseen = encoder.encode(held["text"].tolist())
    scores = Scores(stage.scores(held["text"].tolist(), unseen), group.scores(spoken_by(held), unseen))
    rules = involvement_table(held)
    gold = gold_of(held)
    figures: dict[str, Any] = {
        "passages": len(rows),
        "authors": int(rows["author"].nunique()),
        "dev_passages": len(held),
    }
    for name, frame in (("rules", rules), ("rules_and_heads", with_presence(rules, held, scores))):
        found = found_in(frame)
        figures[name] = {"pairs": f1(found, gold, (0, 1, 3)), "triples": f1(found, gold, (0, 1, 2, 3))}
    there = (held["stage"] != "unclear").to_numpy()
    right = np.array(STAGES)[scores.stage[:, :-1].argmax(axis=1)] == held["stage"].to_numpy()
    figures["stage_right"] = round(float(right[there].mean()), 3)
    facts = {"figures": figures, "encoder": encoder.id, "encoder_revision": encoder.revision}
    save_head(stage, args.out / "stage", facts)
    save_head(group, args.out / "group", facts)
    print(json.dumps(figures, indent=1))


def spoken_by(rows: pd.DataFrame) -> list[str]:
    """Return the texts as the head over groups reads them: with who speaks.

    :param rows: passages.
    """
    return [with_speaker(text, group) for text, group in zip(rows["text"], rows["group"], strict=True)]


def gold_of(rows: pd.DataFrame) -> Found:
    """Return what the coders found.

    :param rows: passages.
    """
    return {
        (key, mark["actor_group"], mark["phase"] if mark["phase"] in STAGES else "unclear", mark["status"])
        for key, marks in zip(rows["passage_id"], rows["involvement"], strict=True)
        for mark in marks
    }


def _took(marks: list[dict[str, str]], group: str) -> bool:
    return any(mark["actor_group"] == group and mark["status"] == "involved" for mark in marks)


if __name__ == "__main__":
    main()
