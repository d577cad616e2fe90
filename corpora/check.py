"""The gates of the coded corpus, its counts, its agreement and its learning curve, in one go.

    python corpora/check.py [--curve] [--write]

Prints every table and ends with status 1 when a gate is broken. `--curve` also trains the simple heads of the
learning curve and the lexical probe (a few minutes); `--write` puts the tables into the data card.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from assemble import LABELS, settled
from curve import learning_curve
from notation import ASPECTS, FRAMEWORKS, GROUPS, PHASES, POLARITIES, REGISTERS, STATUSES, VIEWS
from sklearn.metrics import cohen_kappa_score

from kotaku_nlp.coding.codebook import load_codebook

HERE = Path(__file__).resolve().parent / "governance"
SPLITS = ("train", "dev", "test")
AG = "ansell_gash_2008"
LEAST = {"passages": 8000, "whole": 2500, "dev": 800, "test": 1200, "test interviews": 10, "pairs": 2000}
#: Codebooks of other fields: how many, how many of them large, passages a code in a small and in a large one.
BOOKS, LARGE, A_CODE, A_LARGE_CODE = 30, 12, 15, 60
#: Of their passages a third lies outside the codebook, give or take.
OUTSIDE = (0.28, 0.4)
LEAST_POSITIVES, LEAST_POLARITY, LEAST_KAPPA = 40, 30, 0.75
#: A code is left out of a mean κ when the two readers together gave it fewer times.
SEEN = 10
GRAM, CONTAINED, NEAR = 5, 0.5, 0.005
OPENING, NAMED = 0.005, 0.2
#: The words that name a label; they may stand in at most a fifth of the passages that carry it.
NAMES = {
    "starting_conditions": r"kondisi awal",
    "facilitative_leadership": r"kepemimpinan|memimpin|pemimpin",
    "institutional_design": r"kelembagaan|desain lembaga|aturan main",
    "face_to_face_dialogue": r"dialog|tatap muka",
    "trust_building": r"\b(?:ke)?percaya(?:an)?\b|\bpecayo\b",
    "commitment_to_process": r"komit",
    "shared_understanding": r"pemahaman|persepsi",
    "intermediate_outcomes": r"\bhasil(?:nya|nyo)?\b",
    "coordination": r"koordinasi",
    "communication": r"komunikasi",
    "cooperation": r"kerja ?sama|bekerja ?sama",
}
#: What must not stand in an invented text: bodies, persons and places that could be a real accused.
ACCUSABLE = r"\b(?:Jokowi|Prabowo|Megawati|Ahok|Anies|Freeport|Lapindo|Meikarta|Pertamina|Sinar Mas|Wilmar)\b"

#: The tables of the data card stand after this line.
MARK = "<!-- figures -->"

Row = dict[str, Any]


def read(name: str) -> list[Row]:
    """Return the rows of one file of the corpus.

    :param name: stem of the file.
    """
    path = HERE / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def dimensions(row: Mapping[str, Any], book: str = AG) -> list[str]:
    """Return the dimensions that a passage (or a reading) carries.

    :param row: passage or reading.
    :param book: the codebook.
    """
    return [code["dimension"] for code in row["codes"].get(book, [])]


def polarity(row: Mapping[str, Any], aspect: str) -> str:
    """Return how a passage (or a reading) speaks of an aspect.

    :param row: passage or reading.
    :param aspect: one of the three.
    """
    told = {clause["polarity"] for clause in row["clauses"] if clause["aspect"] == aspect}
    if not told:
        return "absent"
    if {"positive", "negative"} <= told:
        return "mixed"
    return next(pole for pole in ("positive", "negative", "neutral") if pole in told)


def schema_faults(rows: Iterable[Row]) -> list[str]:
    """Return what breaks the format: ids, spans, names, labels that their readings do not give.

    :param rows: passages.
    """
    faults: list[str] = []
    seen: set[str] = set()
    leaves = {book: {leaf.id for leaf in load_codebook(book).leaves} for book in FRAMEWORKS.values()}
    for row in rows:
        wrong = [row["id"] in seen and "id twice"]
        seen.add(row["id"])
        wrong += [not 8 <= len(row["text"].split()) <= 140 and "length"]
        wrong += [row["group"] not in GROUPS.values() and "group"]
        wrong += [row["register"] not in REGISTERS and "register"]
        wrong += [row["phase"] not in (None, *PHASES.values()) and "phase"]
        for book, codes in row["codes"].items():
            wrong += [len(codes) > 2 and f"more than two of {book}"]
            wrong += [len({c["dimension"] for c in codes}) < len(codes) and f"the same twice of {book}"]
            wrong += [code["dimension"] not in leaves[book] and code["dimension"] for code in codes]
        for clause in row["clauses"]:
            named = clause["aspect"] in ASPECTS.values() and clause["polarity"] in POLARITIES.values()
            wrong += [not (named and clause["view"] in VIEWS.values()) and "clause"]
        for act in row["involvement"]:
            named = act["phase"] in PHASES.values() and act["status"] in STATUSES.values()
            wrong += [not (named and act["actor_group"] in GROUPS.values()) and "involvement"]
        spans = [code for codes in row["codes"].values() for code in codes]
        for span in spans + row["clauses"] + row["involvement"]:
            wrong += [not 0 <= span["start"] < span["end"] <= len(row["text"]) and "span"]
        if len(row["readings"]) == 3:
            wrong += [settled(row["readings"]) != {name: row[name] for name in LABELS} and "not the majority"]
        faults += [f"{row['id']}: {one}" for one in wrong if one]
    return faults


def grams(text: str) -> set[tuple[str, ...]]:
    """Return the word 5-grams of a text.

    :param text: a passage.
    """
    tokens = re.findall(r"\w+", text.lower())
    return {tuple(tokens[i : i + GRAM]) for i in range(len(tokens) - GRAM + 1)}


def near_duplicates(rows: Sequence[Row], others: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Return passages half of whose 5-grams stand in one other passage, or in one of other texts.

    :param rows: passages.
    :param others: texts that must not be repeated.
    """
    where: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for number, text in enumerate(others):
        for gram in grams(text):
            where[gram].add(f"other {number}")
    found = []
    for row in rows:
        own = grams(row["text"])
        hits = Counter(name for gram in own for name in where[gram])
        if own and hits and hits.most_common(1)[0][1] >= CONTAINED * len(own):
            found.append((row["id"], hits.most_common(1)[0][0]))
        for gram in own:
            where[gram].add(row["id"])
    return found


def openings(rows: Sequence[Row]) -> tuple[str, float]:
    """Return the most frequent first three words, and their share.

    :param rows: passages.
    """
    counts = Counter(" ".join(re.findall(r"\w+", row["text"].lower())[:3]) for row in rows)
    words, count = counts.most_common(1)[0]
    return words, count / len(rows)


def named(rows: Sequence[Row]) -> dict[str, float]:
    """Return, per label, the share of its passages that name it.

    :param rows: passages.
    """
    shares = {}
    for label, pattern in NAMES.items():
        carry = [
            row["text"].lower()
            for row in rows
            if label in dimensions(row) or any(clause["aspect"] == label for clause in row["clauses"])
        ]
        shares[label] = sum(bool(re.search(pattern, text)) for text in carry) / max(1, len(carry))
    return shares


def pairs_read(rows: Sequence[Row]) -> list[tuple[Row, Row]]:
    """Return the two blind readings of every passage that has them.

    :param rows: passages.
    """
    return [(row["readings"][1], row["readings"][2]) for row in rows if len(row["readings"]) == 3]


def agreement(pairs: Sequence[tuple[Row, Row]]) -> dict[str, dict[str, float]]:
    """Return κ between the two blind readings, before anything was settled.

    Per dimension as given or not; per aspect as told of or not, and as the five-fold label.

    :param pairs: first and second reading of each passage.
    """
    tables: dict[str, dict[str, float]] = {}
    for book in FRAMEWORKS.values():
        table = {}
        for leaf in load_codebook(book).leaves:
            one, two = ([leaf.id in dimensions(pair[i], book) for pair in pairs] for i in (0, 1))
            if sum(one) + sum(two) >= SEEN:
                table[leaf.id] = float(cohen_kappa_score(one, two))
        tables[book] = {"macro": float(np.mean(list(table.values())))} | table if table else {}
    for aspect in ASPECTS.values():
        one, two = ([polarity(pair[i], aspect) for pair in pairs] for i in (0, 1))
        told = ([label != "absent" for label in side] for side in (one, two))
        tables[aspect] = {
            "told of": float(cohen_kappa_score(*told)),
            "label": float(cohen_kappa_score(one, two)),
        }
    acts = [
        [
            any(a["actor_group"] == group and a["status"] == status for a in pair[i]["involvement"])
            for pair in pairs
            for group in GROUPS.values()
            for status in STATUSES.values()
        ]
        for i in (0, 1)
    ]
    tables["involvement"] = {"group × status": float(cohen_kappa_score(*acts))}
    phases = [[str(pair[i]["phase"]) for pair in pairs] for i in (0, 1)]
    tables["phase"] = {"passage": float(cohen_kappa_score(*phases))}
    return tables


def table_of(title: str, rows: Mapping[str, Mapping[str, Any]]) -> str:
    """Return a Markdown table; columns are the keys of the rows.

    :param title: heading of the first column.
    :param rows: name → column → value.
    """
    columns = list(dict.fromkeys(column for row in rows.values() for column in row))
    lines = [f"| {title} | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for name, row in rows.items():
        shown = (_cell(row.get(column, "")) for column in columns)
        lines.append(f"| {name} | " + " | ".join(shown) + " |")
    return "\n".join(lines)


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "holds" if value else "**broken**"
    return (
        f"{value:.2f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)
    )


def counts_by(
    splits: Mapping[str, Sequence[Row]], names: Iterable[str], of: Callable[[Row], Iterable[str]]
) -> str:
    """Return how often each name occurs in each split, as a table.

    :param splits: split → passages.
    :param names: the rows of the table.
    :param of: names of one passage.
    """
    found = {split: Counter(name for row in rows for name in of(row)) for split, rows in splits.items()}
    return table_of("", {name: {split: found[split][name] for split in splits} for name in names})


def balance(splits: Mapping[str, Sequence[Row]]) -> list[str]:
    """Return the tables of what stands where.

    :param splits: split → passages.
    """
    sizes = {
        "passages": {split: len(rows) for split, rows in splits.items()},
        "in whole interviews": {s: sum(row["interview"] is not None for row in r) for s, r in splits.items()},
        "whole interviews": {s: len({row["interview"] for row in r} - {None}) for s, r in splits.items()},
        "authors": {s: len({row["author"] for row in r}) for s, r in splits.items()},
        "read blind twice": {s: sum(len(row["readings"]) == 3 for row in r) for s, r in splits.items()},
        "places": {s: len({row["place"] for row in r} - {None}) for s, r in splits.items()},
        "programmes": {s: len({row["programme"] for row in r} - {None}) for s, r in splits.items()},
        "out of Ansell and Gash": {s: sum(not dimensions(row) for row in r) for s, r in splits.items()},
        "without any label": {
            s: sum(not (row["codes"] or row["clauses"] or row["involvement"]) for row in r)
            for s, r in splits.items()
        },
    }
    words = {s: [len(row["text"].split()) for row in r] for s, r in splits.items()}
    sizes["words, mean"] = {s: round(float(np.mean(found))) for s, found in words.items()}
    tables = [table_of("", sizes)]
    tables.append(counts_by(splits, GROUPS.values(), lambda row: [row["group"]]))
    tables.append(counts_by(splits, REGISTERS, lambda row: [row["register"]]))
    for book in FRAMEWORKS.values():
        leaves = [leaf.id for leaf in load_codebook(book).leaves]
        tables.append(counts_by(splits, leaves, lambda row, book=book: dimensions(row, book)))
    told = [f"{aspect}, {pole}" for aspect in ASPECTS.values() for pole in POLARITIES.values()]
    tables.append(
        counts_by(splits, told, lambda row: [f"{c['aspect']}, {c['polarity']}" for c in row["clauses"]])
    )
    tables.append(counts_by(splits, VIEWS.values(), lambda row: [c["view"] for c in row["clauses"]]))
    acts = [f"{group}, {status}" for group in GROUPS.values() for status in STATUSES.values()]
    tables.append(
        counts_by(
            splits, acts, lambda row: [f"{a['actor_group']}, {a['status']}" for a in row["involvement"]]
        )
    )
    return tables


def demo_texts() -> list[str]:
    """Return the turns of the demo corpus, which must not be repeated here."""
    from kotaku_nlp.corpus.folder import read_corpus

    corpus = read_corpus(HERE.parent / "demo")
    return [
        transcript.text[turn.start : turn.end]
        for transcript in corpus.transcripts
        for turn in transcript.turns
    ]


def gates(splits: Mapping[str, Sequence[Row]], contrast: Sequence[Row]) -> dict[str, tuple[bool, str]]:
    """Return name of each gate → whether it holds, and the figure.

    :param splits: split → passages.
    :param contrast: contrast partners; outside the gates on likeness.
    """
    rows = [row for split in splits.values() for row in split]
    found: dict[str, tuple[bool, str]] = {}

    def gate(name: str, holds: bool, figure: object) -> None:
        found[name] = (bool(holds), str(figure))

    def at_least(name: str, number: int) -> None:
        gate(f"{name} ≥ {LEAST[name]}", number >= LEAST[name], number)

    faults = schema_faults([*rows, *contrast])
    gate("schema, spans, ids, majority", not faults, faults[:5] or "holds")
    at_least("passages", len(rows))
    at_least("whole", sum(row["interview"] is not None for row in rows))
    at_least("dev", len(splits["dev"]))
    at_least("test", len(splits["test"]))
    at_least("test interviews", len({row["interview"] for row in splits["test"]} - {None}))
    at_least("pairs", len(contrast))
    authors = [{row["author"] for row in split} for split in splits.values()]
    shared = set().union(*(one & other for one, other in combinations(authors, 2)))
    gate("no author in two splits", not shared, sorted(shared) or "none")
    for field, names in (("group", GROUPS.values()), ("register", REGISTERS)):
        missing = [
            f"{name} in {split}"
            for split, part in splits.items()
            for name in names
            if not any(row[field] == name for row in part)
        ]
        gate(f"every {field} in every split", not missing, missing or "holds")
    positives = Counter(name for row in splits["test"] for name in dimensions(row))
    fewest = min(positives[leaf.id] for leaf in load_codebook(AG).leaves)
    gate(f"test: each dimension ≥ {LEAST_POSITIVES}", fewest >= LEAST_POSITIVES, fewest)
    poles = Counter((c["aspect"], c["polarity"]) for row in splits["test"] for c in row["clauses"])
    least = min(poles[aspect, pole] for aspect in ASPECTS.values() for pole in POLARITIES.values())
    gate(f"test: each aspect × polarity ≥ {LEAST_POLARITY}", least >= LEAST_POLARITY, least)
    near = near_duplicates(rows, demo_texts())
    gate("near-duplicates < 0.5 %", len(near) / len(rows) < NEAR, f"{len(near)} of {len(rows):,}")
    words, share = openings(rows)
    gate("no opening in more than 0.5 %", share <= OPENING, f"“{words}” in {100 * share:.2f} %")
    name, most = max(named(rows).items(), key=lambda item: item[1])
    gate("label words in at most a fifth", most <= NAMED, f"{name}: {100 * most:.0f} %")
    accused = [row["id"] for row in [*rows, *contrast] if re.search(ACCUSABLE, row["text"])]
    gate("nobody who could be a real accused", not accused, accused or "none found")
    books = codebooks()
    fewest_each = [int(book["fewest a code"]) for book in books.values()]
    large = sum(fewest >= A_LARGE_CODE for fewest in fewest_each)
    gate(f"codebooks of other fields ≥ {BOOKS}", len(books) >= BOOKS, len(books))
    gate(f"… with ≥ {A_LARGE_CODE} passages a code ≥ {LARGE}", large >= LARGE, large)
    gate(f"… passages a code ≥ {A_CODE}", min(fewest_each, default=0) >= A_CODE, min(fewest_each, default=0))
    shares = [float(book["outside"]) for book in books.values()] or [0.0]
    held = OUTSIDE[0] <= min(shares) and max(shares) <= OUTSIDE[1]
    gate("… a third outside", held, f"{min(shares):.2f} to {max(shares):.2f}")
    tables = agreement(pairs_read(splits["test"]))
    # κ is known to two decimals at best; the third is printed so that nothing hides behind the rounding.
    kappas = {"Ansell and Gash": tables[AG].get("macro", 0.0)}
    kappas |= {aspect: tables[aspect]["told of"] for aspect in ASPECTS.values()}
    for name, kappa in kappas.items():
        gate(f"test: κ of readings, {name} ≥ {LEAST_KAPPA}", round(kappa, 2) >= LEAST_KAPPA, f"{kappa:.3f}")
    return found


def codebooks() -> dict[str, dict[str, Any]]:
    """Return each invented codebook: codes, passages, fewest passages of a code, share outside."""
    found = {}
    for path in sorted((HERE / "codebooks").glob("*.yaml")):
        leaves = [leaf.id for leaf in load_codebook(path).leaves]
        rows = [json.loads(line) for line in path.with_suffix(".jsonl").read_text("utf-8").splitlines()]
        counts = Counter(code for row in rows for code in row["codes"])
        if unknown := set(counts) - set(leaves):
            raise SystemExit(f"{path.name}: no such code: {', '.join(sorted(unknown))}")
        found[path.stem] = {
            "codes": len(leaves),
            "passages": len(rows),
            "fewest a code": min(counts[leaf] for leaf in leaves),
            "outside": sum(not row["codes"] for row in rows) / len(rows),
        }
    return found


def naturalness() -> str:
    """Return how many passages and controls of each slice a blind judge took for transcribed speech."""
    path = HERE / "naturalness.json"
    return table_of("author", json.loads(path.read_text("utf-8"))) if path.exists() else ""


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--curve", action="store_true")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    splits, contrast = {name: read(name) for name in SPLITS}, read("contrast")
    parts = ["### Counts and balance", *balance(splits), "### Contrast partners"]
    parts.append(
        table_of(
            "kind", {kind: {"partners": n} for kind, n in Counter(r["pair_kind"] for r in contrast).items()}
        )
    )
    parts += ["### Codebooks of other fields", table_of("codebook", codebooks())]
    for name, rows in splits.items():
        if pairs := pairs_read(rows):
            parts += [f"### κ between the two blind readings, {name} ({len(pairs):,} passages)"]
            parts += [
                table_of(book, {label: {"κ": kappa} for label, kappa in table.items()})
                for book, table in agreement(pairs).items()
            ]
    if args.curve:
        names = [leaf.id for leaf in load_codebook(AG).leaves]
        parts += ["### Learning curve: mean κ over Ansell and Gash, learnt on train, tried on dev"]
        parts += [table_of("passages", learning_curve(splits["train"], splits["dev"], AG, names))]
    held = gates(splits, contrast)
    parts += [
        "### Gates",
        table_of("gate", {n: {"": ok, "figure": figure} for n, (ok, figure) in held.items()}),
    ]
    if natural := naturalness():
        parts += [
            "### Naturalness, judged blind: of 20 passages and 20 template-made controls a slice",
            natural,
        ]
    text = "\n\n".join(parts)
    print(text)
    if args.write:
        card = HERE / "README.md"
        card.write_text(card.read_text("utf-8").split(MARK)[0] + MARK + "\n\n" + text + "\n", "utf-8")
    return 0 if all(ok for ok, _ in held.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
