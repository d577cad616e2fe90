"""The texts that the judges of polarity learn from and are measured on: one row a text.

Columns `text`, `label` (0 negative, 1 neutral, 2 positive), `source`, `group`. Texts of one group never stand
on both sides of a cross-validation: twins in other languages, near-duplicates, and clauses of one author.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd

sys.path.append(str(Path(__file__).resolve().parents[1] / "encoder"))

from sources import CONTAINMENT, Overlap, grams, json_lines, palembang, table, text_lines, words

from kotaku_nlp import read_corpus
from kotaku_nlp.analysis.lexicon import NEGATORS, expand
from kotaku_nlp.language.clauses import clauses

ROOT = Path(__file__).resolve().parents[3]
CORPUS = ROOT / "corpora" / "governance"
DEMO = ROOT / "corpora" / "demo"
#: Clauses of contrast partners are learnt from too: like words, another tone.
TAUGHT = ("train", "contrast")
LISTS = ROOT / "kotaku_nlp" / "analysis" / "data"
THEMES = ("koordinasi", "komunikasi", "kerja sama")
LANGUAGES = ("indonesian", "minangkabau", "banjarese", "javanese")
#: Words that name an aspect of a review. "Others" has none of its own.
TERMS: Mapping[str, Mapping[str, str]] = {
    "hoasa": {
        "ac": r"\b(ac|a/c|dingin|panas)\b",
        "air_panas": r"air panas|\bhot|pemanas",
        "bau": r"\b(bau|apek|aroma)",
        "general": r"hotel|secara umum|over ?all",
        "kebersihan": r"bersih|kotor|debu|jorok",
        "linen": r"handuk|spre|selimut|bantal|kasur|linen",
        "service": r"layan|staf|ramah|servi|resepsi|pegawai",
        "sunrise_meal": r"sarapan|breakfast|makan",
        "tv": r"\b(tv|televisi|channel)",
        "wifi": r"wi-?fi|internet",
    },
    "casa": {
        "fuel": r"bensin|bbm|irit|boros|bahan bakar",
        "machine": r"mesin|tarikan|tenaga|akselerasi",
        "others": r"\b\B",
        "part": r"bodi|body|desain|interior|eksterior|rem|ban|suspensi|kabin|lampu",
        "price": r"harga|murah|mahal",
        "service": r"bengkel|servi|dealer|suku cadang",
    },
}
BLAND = ("neut", "neutral")
LABELS: Mapping[str, int] = {
    "negative": 0, "negatif": 0, "neg": 0, "-1": 0, "-1.0": 0,
    "neutral": 1, "netral": 1, "neut": 1, "0": 1, "0.0": 1,
    "positive": 2, "positif": 2, "pos": 2, "1": 2, "1.0": 2,
}  # fmt: skip
#: text, label, source, group
Row = tuple[str, int, str, str]
#: What tweets carry beside words.
_NOISE = re.compile(r"https?\S+|@\w+|\bRT\b")


def taught(data: Path, held: pd.DataFrame) -> pd.DataFrame:
    """Return what is learnt from, without anything that repeats an evaluation text.

    :param data: the data folder.
    :param held: from `held_out`.
    """
    clauses = list(coded_clauses(*TAUGHT))
    protected = Overlap([*held["text"], *_closed(data)])
    rows = _untranslated(_public(data, "train"), held.loc[held["source"] == "palembang", "text"].tolist())
    rows = [row for row in rows if not protected.repeats(row[0])]
    # Of NusaX, drawn from SmSA, what SmSA train does not show may stand in SmSA's test.
    seen = Overlap(text for text, _, source, _ in rows if source == "smsa")
    known = {row[3] for row in rows if row[2] == "nusax_indonesian" and seen.repeats(row[0])}
    rows = [row for row in rows if not row[2].startswith("nusax") or row[3] in known]
    return _frame([*rows, *(row for row in clauses if not protected.repeats(row[0]))])


def held_out(data: Path) -> pd.DataFrame:
    """Return what is measured on: validation shares, and clauses of dev by other authors.

    NusaX texts that stand in SmSA are left out, in every language.

    :param data: the data folder.
    """
    smsa = Overlap(text for part in ("train", "valid") for text, *_ in _smsa(data, part))
    rows = list(_public(data, "valid"))
    known = {row[3] for row in rows if row[2] == "nusax_indonesian" and smsa.repeats(row[0])}
    return _frame([*(row for row in rows if row[3] not in known), *coded_clauses("dev")])


def coded_clauses(*parts: str, corpus: Path = CORPUS) -> Iterator[Row]:
    """Yield every coded clause once with its polarity; one that was coded with two is left out.

    :param parts: files of the coded corpus, without their suffix.
    :param corpus: its folder.
    """
    for part in parts:
        for row in json_lines(corpus / f"{part}.jsonl"):
            found: dict[tuple[int, int], set[str]] = defaultdict(set)
            for clause in row["clauses"]:
                found[clause["start"], clause["end"]].add(clause["polarity"])
            for (start, end), poles in sorted(found.items()):
                if len(poles) == 1:
                    yield row["text"][start:end], LABELS[poles.pop()], "clauses", row["author"]


def listed() -> pd.DataFrame:
    """Return short texts made of listed words: the word, and of praise also its denial.

    People say "komunikasinya baik" more often than a corpus that was written to be hard. Columns as in
    `taught`; sources `listed` and `listed clauses`.
    """
    rows: list[Row] = []
    for line in text_lines(LISTS / "polarity.tsv"):
        term, _, weight = line.partition("\t")
        if line.startswith("#") or not weight.lstrip("-").isdigit():
            continue
        word = " ".join(part for part in expand(term)[-1] if part != "*")
        said = {word: 2 if int(weight) > 0 else 0}
        if int(weight) > 0 and NEGATORS.isdisjoint(word.split()):
            said |= {f"tidak {word}": 0, f"kurang {word}": 0}
        for form, label in said.items():
            rows += [(f"{name}nya {form}", label, "listed clauses", term) for name in THEMES]
            rows += [(f"{name}nya {form}", label, "listed", term) for name in ("pelayanan", "tempat")]
    return _frame(rows)


def _public(data: Path, part: str) -> Iterator[Row]:
    """Yield the public texts of one share, train or valid."""
    home = data / "sentiment"
    yield from _smsa(data, part)
    for name, terms in TERMS.items():
        for number, cells in enumerate(table(home / name / f"{part}_preprocess.csv")):
            text, group = next(iter(cells.values())), f"{name}-{part}-{number}"
            for said, label in _reviewed(
                text, {key: cells[key] for key in cells.keys() & terms.keys()}, terms
            ):
                yield said, label, name, group
    for language in LANGUAGES:
        for cells in table(home / "nusax" / language / f"{part}.csv"):
            yield cells["text"], LABELS[cells["label"]], f"nusax_{language}", f"nusax-{cells['id']}"
    for cells in table(home / "nusa-writes-palembang" / f"nusa_kalimat-senti-mui-{part}.csv"):
        yield cells["text"], LABELS[cells["label"]], "palembang", cells["id"]
    if part == "train":
        yield from _tweets(home)


def _tweets(home: Path) -> Iterator[Row]:
    for name, path, text, label in (
        ("sp4n", "sp4n-lapor/train.csv", "text", "label"),
        ("vaccines", "id-vaccines/id_vaccines_tweets.csv", "norm", "posneg"),
        ("indolem", "indolem/train0.csv", "sentence", "sentiment"),
    ):
        poles = {"0": 0, "1": 2} if name == "indolem" else LABELS
        for number, cells in enumerate(table(home / path)):
            bare = " ".join(_NOISE.sub(" ", cells[text]).split())
            if cells[label].lower() in poles and bare:
                yield bare, poles[cells[label].lower()], name, f"{name}-{number}"


def _smsa(data: Path, part: str) -> Iterator[Row]:
    for number, line in enumerate(text_lines(data / "sentiment" / "smsa" / f"{part}_preprocess.tsv")):
        text, label = line.rsplit("\t", 1)
        yield text, LABELS[label], "smsa", f"smsa-{part}-{number}"


def _untranslated(rows: Iterable[Row], held: Sequence[str]) -> list[Row]:
    """Leave out what the held texts in Palembang Malay were translated from: the tweets most like them."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    kept = list(rows)
    tweets = [number for number, row in enumerate(kept) if row[2] == "indolem"]
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(4, 4))
    likeness = letters.fit_transform(kept[number][0] for number in tweets) @ letters.transform(held).T
    nearest = {tweets[int(place)] for place in likeness.toarray().argmax(axis=0)}
    return [row for number, row in enumerate(kept) if number not in nearest]


def _reviewed(text: str, poles: Mapping[str, str], terms: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """Yield a review with the one pole that its aspects have; of one with both, the clauses that name one."""
    marks = {aspect: LABELS.get(pole, 1) for aspect, pole in poles.items() if pole not in BLAND}
    if len(set(marks.values())) == 1 and "neg_pos" not in poles.values():
        yield text, next(iter(marks.values()))
    elif marks:
        for clause in clauses(text):
            said = text[clause.start : clause.end]
            named = {marks.get(aspect, 1) for aspect, words in terms.items() if re.search(words, said, re.I)}
            if len(named) == 1 and 1 not in named:
                yield said, named.pop()


def _closed(data: Path) -> Iterator[str]:
    """Yield what nothing may be learnt from besides: closed passages, the demo, twins of Palembang texts."""
    for part in ("dev", "test"):
        yield from (row["text"] for row in json_lines(CORPUS / f"{part}.jsonl"))
    for transcript in read_corpus(DEMO).transcripts:
        yield from (transcript.text[turn.start : turn.end] for turn in transcript.turns)
    yield from (row["ind_text"] for row in table(palembang(data, "valid")))
    yield from (cells["text"] for cells in table(data / "sentiment" / "nusax" / "indonesian" / "valid.csv"))


def _frame(rows: Iterable[Row]) -> pd.DataFrame:
    """Return a table without texts that say the same; of two labels the first is kept."""
    frame = pd.DataFrame(list(rows), columns=["text", "label", "source", "group"])
    same = frame["text"].map(lambda text: " ".join(words(text)))
    return frame[~same.duplicated() & (same != "")].reset_index(drop=True)


def near_groups(texts: Sequence[str], groups: Sequence[str]) -> list[str]:
    """Return groups in which near-duplicates are joined: half of the 5-grams of the shorter text shared.

    :param texts: n texts.
    :param groups: the group of each, joined as they are met.
    """
    root: dict[str, str] = {}

    def top(name: str) -> str:
        while root.setdefault(name, name) != name:
            name = root[name]
        return name

    where: dict[tuple[str, ...], list[int]] = defaultdict(list)
    own = [set(grams(words(text))) for text in texts]
    for number, found in enumerate(own):
        shared: dict[int, int] = defaultdict(int)
        for gram in found:
            for other in where[gram]:
                shared[other] += 1
            where[gram].append(number)
        for other, count in shared.items():
            if count >= CONTAINMENT * min(len(found), len(own[other])):
                root[top(groups[number])] = top(groups[other])
    return [top(group) for group in groups]
