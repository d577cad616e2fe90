"""Compose texts whose number of topics is known: what `analysis/topics/count.py` reads a number from.

    python models/training/topics/compose.py --data FOLDER [--sets 420] [--out composed.csv]

FOLDER holds the public label sets `sib-200/ind_Latn`, `detik-titles` and `panl-bppt` (training splits);
codebooks of other fields come from `corpora/governance/codebooks`. Of every label's texts one half (by hash)
is used here; the other half is left to `benchmarks/topics.py`. Each line is a set: its kind, how many labels
it holds, and the shape of its points.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import defaultdict
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from kotaku_nlp.analysis.encoders import load_encoder
from kotaku_nlp.analysis.topics.points import centred
from kotaku_nlp.analysis.topics.shape import shape
from kotaku_nlp.analysis.topics.text import text_key

ROOT = Path(__file__).resolve().parents[3]
OUT = ROOT / "kotaku_nlp" / "analysis" / "topics" / "composed.csv"
#: Texts of a label at most; more are not needed to draw from.
MOST = 400
#: A label with fewer texts is left out.
LEAST = 20
FEWEST, MOST_LABELS = 2, 24
Pool = dict[str, list[str]]


def halves(text: str) -> int:
    """Return 0 or 1: the half that a text belongs to, whatever the order of files.

    :param text: the text.
    """
    return sha256(text.encode()).digest()[0] % 2


def pools(data: Path, half: int) -> dict[str, Pool]:
    """Return the label sets: name → label → texts of one half.

    :param data: the public data.
    :param half: 0 to compose from, 1 to validate on.
    """
    found: dict[str, Pool] = {name: defaultdict(list) for name in ("sib", "detik", "panl", "codes", "fields")}
    with (data / "sib-200/ind_Latn/train.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            found["sib"][f"sib {row['category']}"].append(row["text"])
    with (data / "detik-titles/berita_detik_5_kategori.csv").open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            found["detik"][f"detik {row['KATEGORI']}"].append(row["JUDUL"])
    with (data / "panl-bppt/train.csv").open(encoding="utf-8", newline="") as lines:
        for topic, text, *_ in csv.reader(lines):
            found["panl"][f"panl {topic}"].append(text)
    for path in sorted((ROOT / "corpora/governance/codebooks").glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            record = json.loads(line)
            codes = sorted(set(record["codes"]))
            found["fields"][path.stem].append(record["text"])
            if len(codes) == 1:
                found["codes"][f"{path.stem} {codes[0]}"].append(record["text"])
    return {name: _half(pool, half) for name, pool in found.items()}


def _half(pool: Pool, half: int) -> Pool:
    own = {label: [text for text in texts if halves(text) == half] for label, texts in pool.items()}
    return {label: sorted(texts)[:MOST] for label, texts in own.items() if len(texts) >= LEAST}


def kinds(own: dict[str, Pool]) -> dict[str, Pool]:
    """Return what sets are composed of: news and encyclopedia alone, all together, codes of a few fields.

    :param own: from `pools`.
    """
    news = own["detik"] | own["panl"]
    return {
        "sib": own["sib"], "news": news, "public": own["sib"] | news,
        "mixed": own["sib"] | news | own["fields"], "codes": own["codes"],
    }  # fmt: skip


def draw(pool: Pool, labels: int, texts: int, rng: np.random.Generator) -> tuple[list[str], list[int]]:
    """Draw labels, and of each about alike many texts.

    :param pool: label → texts.
    :param labels: how many labels; of codes, those of one field come together.
    :param texts: how many texts in all, about.
    :param rng: generator.
    """
    fields = sorted({label.split()[0] for label in pool})
    place = {field: rng.random() for field in fields}
    together = len(fields) > 3
    keys = {label: (place[label.split()[0]] if together else 0.0, rng.random()) for label in sorted(pool)}
    chosen = sorted(keys, key=lambda label: keys[label])[:labels]
    found: list[str] = []
    numbers: list[int] = []
    for number, label in enumerate(chosen):
        count = min(len(pool[label]), max(8, int(texts / labels * rng.uniform(0.6, 1.4))))
        found += [pool[label][row] for row in rng.permutation(len(pool[label]))[:count]]
        numbers += [number] * count
    return found, numbers


def vectors_of(own: dict[str, Pool]) -> dict[str, NDArray[np.float32]]:
    """Return text → vector of the default encoder.

    :param own: from `pools`.
    """
    texts = sorted({text for pool in own.values() for some in pool.values() for text in some})
    return dict(zip(texts, load_encoder().encode(texts), strict=True))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sets", type=int, default=420)
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args()
    own = pools(args.data, 0)
    vectors, sources = vectors_of(own), kinds(own)
    with args.out.open("w", encoding="utf-8", newline="") as file, threadpool_limits(1):
        out = csv.writer(file, lineterminator="\n")
        for number in range(args.sets):
            rng = np.random.default_rng(number)
            kind = sorted(sources)[number % len(sources)]
            most = min(MOST_LABELS, len(sources[kind]))
            labels = round(float(np.exp(rng.uniform(np.log(FEWEST - 0.4), np.log(most + 0.4)))))
            texts, _ = draw(sources[kind], labels, int(np.exp(rng.uniform(np.log(120), np.log(1200)))), rng)
            ordered = sorted(set(texts), key=text_key)
            found = shape(centred(np.stack([vectors[text] for text in ordered])), len(ordered))
            out.writerow([kind, labels, *(f"{value:.4g}" for value in found)])
            file.flush()


if __name__ == "__main__":
    main()
