"""Train the heads that hear which stage a passage tells of, and which groups took part in it.

    python models/training/heads/presence.py [--out models/head-involvement]

Learns from train and contrast partners of `corpora/governance`. How much the heads weigh beside rules and
reader is chosen, and measured, by `models/training/reader/mix.py`.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from coded import TAUGHT, read

from kotaku_nlp.analysis.encoders import load_encoder
from kotaku_nlp.analysis.heads import fit_head, save_head
from kotaku_nlp.analysis.presence import STAGES, with_speaker
from kotaku_nlp.records import GROUPS

ROOT = Path(__file__).resolve().parents[3]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "head-involvement")
    args = parser.parse_args()
    rows, encoder = read(*TAUGHT), load_encoder()
    texts = rows["text"].tolist()
    vectors = encoder.encode(texts)
    told = rows["phase"].where(rows["phase"].isin(STAGES), STAGES[-1])
    staged = np.array([[stage == name for name in STAGES] for stage in told])
    took = np.array([[_took(marks, group) for group in GROUPS] for marks in rows["involvement"]])
    spoken = [with_speaker(text, group) for text, group in zip(texts, rows["group"], strict=True)]
    facts = {"passages": len(rows), "authors": int(rows["author"].nunique())}
    facts |= {"encoder": encoder.id, "encoder_revision": encoder.revision}
    save_head(fit_head(texts, vectors, staged, names=STAGES), args.out / "stage", facts)
    save_head(fit_head(spoken, vectors, took, names=GROUPS), args.out / "group", facts)
    print(json.dumps(facts))


def _took(marks: list[dict[str, str]], group: str) -> bool:
    return any(mark["actor_group"] == group and mark["status"] == "involved" for mark in marks)


if __name__ == "__main__":
    main()
