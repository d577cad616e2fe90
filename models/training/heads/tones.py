"""Train the heads that hear how a passage speaks of coordination, communication and cooperation.

    python models/training/heads/tones.py [--out models/head-aspects]

Learns from train and contrast partners of `corpora/governance`. How much the heads weigh beside rules and
reader is chosen, and measured, by `models/training/reader/mix.py`.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import pandas as pd
from coded import TAUGHT, read
from numpy.typing import NDArray

from kotaku_nlp.analysis.encoders import load_encoder
from kotaku_nlp.analysis.heads import fit_head, save_head
from kotaku_nlp.analysis.tones import OUTPUTS
from kotaku_nlp.records import ASPECTS

ROOT = Path(__file__).resolve().parents[3]


def targets(labels: pd.Series) -> NDArray[np.bool_]:
    """Return (n, 3): spoken of, well, badly.

    :param labels: polarity labels.
    """
    well, badly = labels.isin(["positive", "mixed"]), labels.isin(["negative", "mixed"])
    return np.c_[labels != "absent", well, badly].astype(bool)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "head-aspects")
    args = parser.parse_args()
    rows, encoder = read(*TAUGHT), load_encoder()
    texts = rows["text"].tolist()
    vectors = encoder.encode(texts)
    for aspect in ASPECTS:
        head = fit_head(texts, vectors, targets(rows[aspect]), names=OUTPUTS)
        facts = {"aspect": aspect, "passages": len(rows), "authors": int(rows["author"].nunique())}
        facts |= {"encoder": encoder.id, "encoder_revision": encoder.revision}
        save_head(head, args.out / aspect, facts)
        print(json.dumps(facts), flush=True)


if __name__ == "__main__":
    main()
