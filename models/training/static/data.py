"""Build the training text of the static bilingual table.

Reads the folder of public parallel data, leaves out whole sources that later
serve as evaluation, drops every training pair that overlaps an evaluation text,
and writes three tab-separated files: pairs (Indonesian, English), positives
(two Indonesian texts that mean the same) and counts per source.

    python data.py --data FOLDER --out WORK
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import random
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

#: Wholly kept out: bitext retrieval is measured on them.
HOLDOUT = ("nusax-mt-train", "nusax-mt-valid", "tico19", "tatoeba-test-v2021")
#: Kept out: holds sentences of STS-B, so every STS figure would profit.
STS_LEAK = ("semeval-sts-train",)
#: Kept out unless asked for: topic discovery is measured on the same sentences.
TOPICS = ("panl-bppt-eco", "panl-bppt-int", "panl-bppt-sci", "panl-bppt-spo")
DROPPED_DOMAINS = ("religious", "software")
GRAM = 5
CONTAINMENT = 0.5
MIN_WORDS = 2
LENGTH_RATIO = (0.45, 2.2)

Pair = tuple[str, str, str]


def words(text: str) -> list[str]:
    """Return the lower-case word tokens of a text.

    :param text: any text.
    """
    return re.findall(r"\w+", text.lower())


class Overlap:
    """Tells whether a training text repeats an evaluation text."""

    def __init__(self, protected: Iterable[str]) -> None:
        """Index the protected texts.

        :param protected: evaluation texts, both languages.
        """
        self.texts: set[str] = set()
        self.grams: set[tuple[str, ...]] = set()
        for text in protected:
            tokens = words(text)
            self.texts.add(" ".join(tokens))
            self.grams.update(_grams(tokens))

    def repeats(self, text: str) -> bool:
        """Return whether a text equals a protected one, or half of its 5-grams stand in them.

        :param text: a training text.
        """
        tokens = words(text)
        if " ".join(tokens) in self.texts:
            return True
        grams = _grams(tokens)
        return bool(grams) and sum(g in self.grams for g in grams) >= CONTAINMENT * len(grams)


def _grams(tokens: list[str]) -> list[tuple[str, ...]]:
    return [tuple(tokens[i : i + GRAM]) for i in range(len(tokens) - GRAM + 1)]


def parallel_rows(data: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of the parallel file: source, kind, domain, id, en.

    :param data: the data folder.
    """
    csv.field_size_limit(1 << 24)
    with gzip.open(data / "parallel" / "id_en_pairs.tsv.gz", "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter="\t")


def protected_texts(data: Path, with_topics: bool) -> Iterator[str]:
    """Yield every evaluation text that training must not repeat.

    :param data: the data folder.
    :param with_topics: also protect the sentences of the news topic set.
    """
    for row in parallel_rows(data):
        if row["source"] in HOLDOUT:
            yield from (row["id"], row["en"])
    with open(data / "pairs" / "stsb-id" / "sts-dev-ind.csv", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield from (row["text_1"], row["text_2"])
    for line in (data / "pairs" / "stsb-id" / "sts-dev-en.csv").read_text("utf-8").splitlines():
        yield from line.split("\t")[5:7]
    for path in sorted((data / "topics" / "sib-200").glob("*/*.tsv")):
        for line in path.read_text("utf-8").splitlines()[1:]:
            yield line.split("\t", 2)[2]
    for line in (data / "pairs" / "indonli" / "val.jsonl").read_text("utf-8").splitlines():
        item = json.loads(line)
        yield from (item["premise"], item["hypothesis"])
    for part in ("dev.for", "dev.inf"):
        yield from (data / "lexicon" / "stif" / part).read_text("utf-8").splitlines()
    if with_topics:
        with open(data / "topics" / "panl-bppt" / "train.csv", encoding="utf-8", newline="") as lines:
            yield from (row[1] for row in csv.reader(lines) if len(row) > 1)


def clean(text: str) -> str:
    """Return a text on one line, without the quotation marks around it.

    :param text: one side of a pair.
    """
    return re.sub(r"\s+", " ", text).strip().strip('"').strip()


def plausible(indonesian: str, english: str) -> bool:
    """Return whether two sides can be translations, judged by length and difference.

    :param indonesian: the Indonesian side.
    :param english: the English side.
    """
    left, right = words(indonesian), words(english)
    if min(len(left), len(right)) < MIN_WORDS or left == right:
        return False
    ratio = (len(indonesian) + 15) / (len(english) + 15)  # + 15: short texts vary more
    return LENGTH_RATIO[0] <= ratio <= LENGTH_RATIO[1]


def training_pairs(
    data: Path, overlap: Overlap, left_out: tuple[str, ...], counts: Counter[str]
) -> list[Pair]:
    """Return the unique pairs (source, Indonesian, English) that pass every filter.

    :param data: the data folder.
    :param overlap: index of the protected texts.
    :param left_out: sources kept out wholly.
    :param counts: filled with `source/kept`, `source/overlap`, `source/filtered`.
    """
    kept: list[Pair] = []
    seen: set[tuple[str, str]] = set()
    for row in parallel_rows(data):
        source = row["source"]
        if source in left_out or any(name in row["domain"] for name in DROPPED_DOMAINS):
            continue
        indonesian, english = clean(row["id"]), clean(row["en"])
        key = (" ".join(words(indonesian)), " ".join(words(english)))
        if key in seen or not plausible(indonesian, english):
            counts[f"{source}/filtered"] += 1
        elif overlap.repeats(indonesian) or overlap.repeats(english):
            counts[f"{source}/overlap"] += 1
        else:
            seen.add(key)
            kept.append((source, indonesian, english))
            counts[f"{source}/kept"] += 1
    return kept


def positives(data: Path, overlap: Overlap, counts: Counter[str]) -> list[Pair]:
    """Return Indonesian pairs that mean the same: entailments and informal/formal twins.

    :param data: the data folder.
    :param overlap: index of the protected texts.
    :param counts: filled like that of `training_pairs`.
    """
    found: list[Pair] = []
    for line in (data / "pairs" / "indonli" / "train.jsonl").read_text("utf-8").splitlines():
        item = json.loads(line)
        if item["label"] == "e":
            found.append(("indonli-entailment", clean(item["premise"]), clean(item["hypothesis"])))
    stif = data / "lexicon" / "stif"
    twins = zip(
        *((stif / f"train.{part}").read_text("utf-8").splitlines() for part in ("inf", "for")), strict=True
    )
    found += [("stif", _without_masks(informal), _without_masks(formal)) for informal, formal in twins]
    kept = []
    for source, left, right in found:
        state = "overlap" if overlap.repeats(left) or overlap.repeats(right) else "kept"
        counts[f"{source}/{state}"] += 1
        if state == "kept" and words(left) and words(right):
            kept.append((source, left, right))
    return kept


def _without_masks(text: str) -> str:
    return clean(re.sub(r"xxx[a-z]+xxx", " ", text))


def write_rows(path: Path, rows: Iterable[Pair]) -> None:
    """Write rows of three texts as tab-separated lines.

    :param path: file to write.
    :param rows: texts without tabs or line breaks.
    """
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines("\t".join(row) + "\n" for row in rows)


def read_rows(path: Path) -> list[Pair]:
    """Return what `write_rows` wrote.

    :param path: file to read.
    """
    rows = []
    for line in path.read_text("utf-8").split("\n"):
        if line:
            source, left, right = line.split("\t")
            rows.append((source, left, right))
    return rows


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=os.environ.get("KOTAKU_TRAINING_DATA"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--with-topics", action="store_true", help="train on the news of the topic set, too")
    args = parser.parse_args()
    if args.data is None:
        sys.exit("give --data FOLDER or set KOTAKU_TRAINING_DATA")
    args.out.mkdir(parents=True, exist_ok=True)
    left_out = HOLDOUT + STS_LEAK + (() if args.with_topics else TOPICS)
    overlap = Overlap(protected_texts(args.data, with_topics=not args.with_topics))
    counts: Counter[str] = Counter()
    pairs = training_pairs(args.data, overlap, left_out, counts)
    random.Random(0).shuffle(pairs)
    write_rows(args.out / "pairs.tsv", pairs)
    twins = positives(args.data, overlap, counts)
    write_rows(args.out / "positives.tsv", twins)
    (args.out / "counts.json").write_text(json.dumps(dict(sorted(counts.items())), indent=1) + "\n", "utf-8")
    print(f"{len(pairs)} pairs, {len(twins)} positives")


if __name__ == "__main__":
    main()
