"""Gather the training text of the encoders, and keep every evaluation text out of it.

    python sources.py --data FOLDER --work WORK [--restricted]

Beside the public data it reads `corpora/bilingual`, sentences and words that the project wrote. Writes
tab-separated files of three columns, the source first:

    pairs.tsv     Indonesian, English
    lexicon.tsv   Indonesian word or phrase, English word
    twins.tsv     two Indonesian texts that mean the same: entailments, paraphrases
    spoken.tsv    informal, dialect or regional, and its standard Indonesian
    plain.tsv     Indonesian alone (both columns the same): reports of our field
    counts.json   kept, overlapping and implausible rows a source

`--restricted` adds the sources whose licence is non-commercial or forbids derivatives (TED).
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from kotaku_nlp import read_corpus

#: Wholly kept out: retrieval is measured on them.
HOLDOUT = (
    "tico19",
    "indonesian-mt-data-general-valid",
    "indonesian-mt-data-news-valid",
    "tatoeba-test-v2021",
    "nusax-mt-valid",
)
#: Kept out: holds sentences of STS-B, so every STS figure would profit.
STS_LEAK = ("semeval-sts-train",)
#: Kept out: topic discovery is measured on the same sentences.
TOPICS = ("panl-bppt-eco", "panl-bppt-int", "panl-bppt-sci", "panl-bppt-spo")
#: CC BY-NC-ND: only with `--restricted`.
RESTRICTED = "iwslt17-ted"
#: Not language that people speak in interviews.
DROPPED = ("sap-docs-dev", "sap-docs-test", "python-docs", "react-docs", "inasafe", "bible-su-id-en")
NUSAX = ("minangkabau", "banjarese", "javanese")
SIB = ("ind", "eng", "min", "jav", "bjn", "sun", "ace")
GRAM = 5
CONTAINMENT = 0.5
MIN_WORDS = 2
LENGTH_RATIO = (0.45, 2.2)

#: What the project wrote itself: `words.tsv` and `spoken.tsv`.
WRITTEN = Path(__file__).resolve().parents[3] / "corpora" / "bilingual"
#: The invented interviews that the project is shown on: nothing learns from them.
DEMO = WRITTEN.parent / "demo"

Row = tuple[str, str, str]
csv.field_size_limit(1 << 24)


def words(text: str) -> list[str]:
    """Return the lower-case word tokens of a text.

    :param text: any text.
    """
    return re.findall(r"\w+", text.lower())


class Overlap:
    """Tells whether a training text repeats an evaluation text, or the other way round."""

    def __init__(self, protected: Iterable[str]) -> None:
        """Index the protected texts.

        :param protected: evaluation texts, every language.
        """
        self.texts: set[str] = set()
        self.where: dict[tuple[str, ...], set[int]] = defaultdict(set)
        self.sizes: list[int] = []
        for text in protected:
            tokens = words(text)
            own = set(grams(tokens))
            self.texts.add(" ".join(tokens))
            for gram in own:
                self.where[gram].add(len(self.sizes))
            self.sizes.append(len(own))

    def repeats(self, text: str) -> bool:
        """Return whether a text equals a protected one, or shares half of its or of the other's 5-grams.

        :param text: a training text.
        """
        tokens = words(text)
        if " ".join(tokens) in self.texts:
            return True
        own = set(grams(tokens))
        shared = [self.where[gram] for gram in own if gram in self.where]
        if own and len(shared) >= CONTAINMENT * len(own):
            return True
        hits = Counter(number for numbers in shared for number in numbers)
        return any(count >= CONTAINMENT * self.sizes[number] for number, count in hits.items())


def grams(tokens: list[str]) -> list[tuple[str, ...]]:
    """Return the word 5-grams.

    :param tokens: words.
    """
    return [tuple(tokens[i : i + GRAM]) for i in range(len(tokens) - GRAM + 1)]


def table(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    """Return the rows of a table with a heading.

    :param path: the file.
    :param delimiter: between cells.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=delimiter))


def parallel(data: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of the parallel file: source, kind, domain, id, en.

    :param data: the data folder.
    """
    with gzip.open(data / "parallel" / "id_en_pairs.tsv.gz", "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter="\t")


def written(name: str) -> list[list[str]]:
    """Return the rows of a file that the project wrote, its heading left out.

    :param name: `words.tsv` (word, translations, English, Indonesian) or `spoken.tsv` (word, standard
        words, spoken, standard, English).
    """
    return [line.split("\t") for line in text_lines(WRITTEN / name)[1:]]


def json_lines(path: Path) -> list[dict[str, str]]:
    """Return the objects of a file of JSON lines.

    :param path: the file.
    """
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def text_lines(path: Path) -> list[str]:
    """Return the lines of a text file.

    :param path: the file.
    """
    return path.read_text("utf-8").splitlines()


def protected_texts(data: Path) -> Iterator[str]:
    """Yield every evaluation text that training must not repeat.

    :param data: the data folder.
    """
    yield from _protected_pairs(data)
    for transcript in read_corpus(DEMO).transcripts:
        yield from (transcript.text[turn.start : turn.end] for turn in transcript.turns)
    for path in sorted((data / "topics" / "sib-200").glob("*/*.tsv")):
        yield from (line.split("\t", 2)[2] for line in text_lines(path)[1:])
    with open(data / "topics" / "panl-bppt" / "train.csv", encoding="utf-8", newline="") as lines:
        yield from (row[1] for row in csv.reader(lines) if len(row) > 1)
    for part in ("dev.for", "dev.inf"):
        yield from text_lines(data / "lexicon" / "stif" / part)
    for language in (*NUSAX, "indonesian", "english"):
        yield from (row["text"] for row in table(data / "sentiment" / "nusax" / language / "valid.csv"))


def _protected_pairs(data: Path) -> Iterator[str]:
    """Yield both sides of every pair that likeness and retrieval are measured on."""
    for row in parallel(data):
        if row["source"] in HOLDOUT:
            yield from (row["id"], row["en"])
    for line in text_lines(data / "pairs" / "stsb-id" / "sts-dev-en.csv"):
        yield from line.split("\t")[5:7]
    for item in json_lines(data / "pairs" / "indonli" / "val.jsonl"):
        yield from (item["premise"], item["hypothesis"])
    pairs = data / "pairs"
    for path, delimiter, left, right in (
        (pairs / "stsb-id" / "sts-dev-ind.csv", ",", "text_1", "text_2"),
        (pairs / "paws-id" / "dev.tsv", "\t", "sentence1", "sentence2"),
        (pairs / "wrete" / "valid_preprocess.csv", ",", "sent_A", "sent_B"),
        (palembang(data, "valid"), ",", "ind_text", "tgt_text"),
    ):
        for row in table(path, delimiter):
            yield from (row[left], row[right])


def palembang(data: Path, part: str) -> Path:
    """Return the file of Indonesian and Palembang Malay sentence pairs.

    :param data: the data folder.
    :param part: train or valid.
    """
    return data / "sentiment" / "nusa-writes-palembang" / f"nusa_kalimat-mt-mui-{part}.csv"


def clean(text: str) -> str:
    """Return a text on one line, without masks and the quotation marks around it.

    :param text: one side of a pair.
    """
    text = re.sub(r"xxx[a-z]+xxx|https?\S+", " ", text)
    return re.sub(r"\s+", " ", text).strip().strip('"').strip()


def plausible(left: str, right: str) -> bool:
    """Return whether two sides can say the same, judged by length and difference.

    :param left: one side.
    :param right: the other.
    """
    one, other = words(left), words(right)
    if min(len(one), len(other)) < MIN_WORDS or one == other:
        return False
    ratio = (len(left) + 15) / (len(right) + 15)  # + 15: short texts vary more
    return LENGTH_RATIO[0] <= ratio <= LENGTH_RATIO[1]


def pair_rows(data: Path, restricted: bool) -> Iterator[Row]:
    """Yield (source, Indonesian, English) of every source that may be trained on.

    :param data: the data folder.
    :param restricted: with the sources of a restricted licence.
    """
    for row in parallel(data):
        source = row["source"]
        if source in HOLDOUT + STS_LEAK + TOPICS + DROPPED:
            continue
        if restricted or not source.startswith(RESTRICTED):
            yield source, row["id"], row["en"]
    for _, _, english, indonesian in written("words.tsv"):
        yield "written", indonesian, english
    for _, _, spoken, standard, english in written("spoken.tsv"):
        yield "written-spoken", standard, english
        yield "written-spoken", spoken, english


def lexicon_rows() -> Iterator[Row]:
    """Yield the project's own word list: an Indonesian word or phrase, and the English word."""
    for word, translations, *_ in written("words.tsv"):
        for translation in translations.split(","):
            if translation.strip():
                yield "written", translation.strip(), word


def twin_rows(data: Path) -> Iterator[Row]:
    """Yield Indonesian texts that mean the same.

    :param data: the data folder.
    """
    for item in json_lines(data / "pairs" / "indonli" / "train.jsonl"):
        if item["label"] == "e":
            yield "indonli-entailment", item["premise"], item["hypothesis"]
    for item in json_lines(data / "pairs" / "quora-id" / "ID_Quora_Paraphrasing_val.json"):
        yield "quora-id", item["question_1"], item["question_2"]
    for row in table(data / "pairs" / "wrete" / "train_preprocess.csv"):
        if row["label"] == "Entail_or_Paraphrase":
            yield "wrete", row["sent_A"], row["sent_B"]


def spoken_rows(data: Path) -> Iterator[Row]:
    """Yield informal, dialect or regional texts with their standard Indonesian.

    :param data: the data folder.
    """
    stif = data / "lexicon" / "stif"
    for informal, formal in zip(text_lines(stif / "train.inf"), text_lines(stif / "train.for"), strict=True):
        yield "stif", informal, formal
    for row in table(palembang(data, "train")):
        yield "nusa-writes-palembang", row["tgt_text"], row["ind_text"]
    folder = data / "sentiment" / "nusax"
    standard = {row["id"]: row["text"] for row in table(folder / "indonesian" / "train.csv")}
    for language in NUSAX:
        for row in table(folder / language / "train.csv"):
            yield f"nusax-{language}", row["text"], standard[row["id"]]
    for _, _, said, neutral, _ in written("spoken.tsv"):
        yield "written", said, neutral


def plain_rows(data: Path) -> Iterator[Row]:
    """Yield sentences of Indonesian reports and minutes of civil-society projects.

    :param data: the data folder.
    """
    for path in sorted((data / "real" / "cipta-media").glob("*.md")):
        body = re.sub(r"\A---.*?\n---\n", "", path.read_text("utf-8"), flags=re.S)
        for sentence in re.split(r"(?<=[.!?])\s+|\n+", body):
            if 6 <= len(words(sentence)) <= 60:
                yield "cipta-media", sentence, sentence


def kept(rows: Iterable[Row], overlap: Overlap, counts: Counter[str], twins: bool = True) -> list[Row]:
    """Return the unique rows that repeat no evaluation text and whose sides fit together.

    :param rows: source and two texts.
    :param overlap: index of the protected texts.
    :param counts: filled with `source/kept`, `source/overlap`, `source/implausible`.
    :param twins: whether the two sides must differ and be of like length.
    """
    found: dict[tuple[str, str], Row] = {}
    for source, left, right in rows:
        left, right = clean(left), clean(right)
        key = (" ".join(words(left)), " ".join(words(right)))
        if key in found or (twins and not plausible(left, right)):
            counts[f"{source}/implausible"] += 1
        elif overlap.repeats(left) or overlap.repeats(right):
            counts[f"{source}/overlap"] += 1
        else:
            found[key] = (source, left, right)
            counts[f"{source}/kept"] += 1
    return list(found.values())


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """Write rows of three texts as tab-separated lines.

    :param path: file to write.
    :param rows: texts without tabs or line breaks.
    """
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines("\t".join(row) + "\n" for row in rows)


def read_rows(path: Path) -> list[Row]:
    """Return what `write_rows` wrote.

    :param path: file to read.
    """
    cells = (line.split("\t") for line in path.read_text("utf-8").split("\n") if line)
    return [(source, left, right) for source, left, right in cells]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=os.environ.get("KOTAKU_TRAINING_DATA"), required=False)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--restricted", action="store_true")
    args = parser.parse_args()
    if args.data is None:
        parser.error("give --data FOLDER or set KOTAKU_TRAINING_DATA")
    data, counts = Path(args.data), Counter[str]()
    args.work.mkdir(parents=True, exist_ok=True)
    overlap = Overlap(protected_texts(data))
    for name, rows in (
        ("pairs", pair_rows(data, args.restricted)),
        ("lexicon", lexicon_rows()),
        ("twins", twin_rows(data)),
        ("spoken", spoken_rows(data)),
        ("plain", plain_rows(data)),
    ):
        found = kept(rows, overlap, counts, twins=name not in ("plain", "lexicon"))
        write_rows(args.work / f"{name}.tsv", found)
        print(f"{name}: {len(found)}", flush=True)
    (args.work / "counts.json").write_text(json.dumps(dict(sorted(counts.items())), indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
