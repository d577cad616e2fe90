"""Prove that no evaluation sentence stands in the training text.

    python leaks.py --work WORK --data FOLDER

Reads every training file back and looks for each evaluation text in it: equal after normalisation, or
half of its own word 5-grams inside one training text. Prints the count a set and ends with status 1 when
there is any.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter, defaultdict
from pathlib import Path

from sources import CONTAINMENT, grams, protected_texts, read_rows, words

ROOT = Path(__file__).resolve().parents[3]
CODED = ROOT / "corpora" / "governance"
#: An evaluation text of fewer words is a phrase that anyone says.
LEAST = 6


def training_texts(work: Path) -> list[str]:
    """Return everything that an encoder learnt from.

    :param work: folder of the training text.
    """
    names = ("pairs", "lexicon", "twins", "spoken", "plain")
    texts = [side for name in names for row in read_rows(work / f"{name}.tsv") for side in row[1:]]
    coded = CODED / "train.jsonl"
    if coded.exists():
        texts += [json.loads(line)["text"] for line in coded.read_text("utf-8").splitlines()]
    return texts


def coded_held_out() -> list[str]:
    """Return the passages of the coded corpus that are kept for measuring."""
    paths = [CODED / f"{part}.jsonl" for part in ("dev", "test")]
    return [
        json.loads(line)["text"]
        for path in paths
        if path.exists()
        for line in path.read_text("utf-8").splitlines()
    ]


def leaked(held: list[str], texts: list[str]) -> list[str]:
    """Return the evaluation texts that stand in the training text.

    :param held: evaluation texts.
    :param texts: training texts.
    """
    whole = {" ".join(words(text)) for text in texts}
    wanted = {gram for text in held for gram in grams(words(text))}
    where: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, text in enumerate(texts):
        for gram in set(grams(words(text))) & wanted:
            where[gram].append(number)
    found = []
    for text in held:
        tokens = words(text)
        own = grams(tokens)
        hits = Counter(number for gram in set(own) for number in where[gram])
        contained = bool(hits) and hits.most_common(1)[0][1] >= CONTAINMENT * len(set(own))
        if len(tokens) >= LEAST and (" ".join(tokens) in whole or contained):
            found.append(text)
    return found


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=os.environ.get("KOTAKU_TRAINING_DATA"))
    args = parser.parse_args()
    if args.data is None:
        parser.error("give --data FOLDER or set KOTAKU_TRAINING_DATA")
    texts = training_texts(args.work)
    held = [*protected_texts(Path(args.data)), *coded_held_out()]
    found = leaked(held, texts)
    print(f"{len(found)} of {len(held):,} evaluation texts stand in {len(texts):,} training texts")
    print("\n".join(found[:20]))
    return min(len(found), 1)


if __name__ == "__main__":
    sys.exit(main())
