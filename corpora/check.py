"""The gates of the coded corpus, its counts, its agreement and its learning curve, in one go.

    python corpora/check.py [--curve] [--write]

Prints every table and ends with status 1 when a gate is broken. `--curve` also trains the simple heads of
the learning curve and the lexical probe (a few minutes); `--write` puts the tables into the data card.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, product
from typing import Any

from agreement import AG, Row, agreement, dimensions, pairs_read
from assemble import ENOUGH, GOVERNANCE, LABELS, read_lines, settled
from balance import balance, sizes, table_of
from curve import learning_curve
from notation import ASPECTS, FRAMEWORKS, GROUPS, PHASES, POLARITIES, REGISTERS, STATUSES, VIEWS

from kotaku_nlp.coding.codebook import load_codebook

SPLITS = ("train", "dev", "test")
#: Codebooks of other fields: how many, how many of them large, passages a code in a small and in a large one.
BOOKS, LARGE, A_CODE, A_LARGE_CODE = 30, 12, 15, 60
#: Of their passages a third lies outside the codebook, give or take.
OUTSIDE = (0.28, 0.4)
#: What the readings should reach: κ, and of twenty passages and controls of a slice how many pass for speech.
LEAST_KAPPA, LEAST_NATURAL, MOST_CONTROLS = 0.75, 18, 4
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
        if len(row["readings"]) >= ENOUGH:
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


def demo_texts() -> list[str]:
    """Return the turns of the demo corpus, which must not be repeated here."""
    from kotaku_nlp.corpus.folder import read_corpus

    corpus = read_corpus(GOVERNANCE.parent / "demo")
    return [
        transcript.text[turn.start : turn.end]
        for transcript in corpus.transcripts
        for turn in transcript.turns
    ]


def codebooks() -> dict[str, dict[str, Any]]:
    """Return each invented codebook: codes, passages, fewest passages of a code, share outside."""
    found = {}
    for path in sorted((GOVERNANCE / "codebooks").glob("*.yaml")):
        leaves = [leaf.id for leaf in load_codebook(path).leaves]
        rows = read_lines(path.with_suffix(".jsonl"))
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


#: Name → whether it holds, and the figure.
Verdicts = dict[str, tuple[bool, str]]


def size_gates(splits: Mapping[str, Sequence[Row]], contrast: Sequence[Row]) -> Verdicts:
    """Return whether there is enough of everything.

    :param splits: split → passages.
    :param contrast: contrast partners.
    """
    rows = [row for split in splits.values() for row in split]
    positives = Counter(name for row in splits["test"] for name in dimensions(row))
    poles = Counter((c["aspect"], c["polarity"]) for row in splits["test"] for c in row["clauses"])
    wanted = {
        "passages": (len(rows), 8000),
        "passages in whole interviews": (sum(row["interview"] is not None for row in rows), 2500),
        "dev": (len(splits["dev"]), 800),
        "test": (len(splits["test"]), 1200),
        "test, whole interviews": (len({row["interview"] for row in splits["test"]} - {None}), 10),
        "test, passages of each dimension": (
            min(positives[leaf.id] for leaf in load_codebook(AG).leaves),
            40,
        ),
        "test, clauses of each aspect × polarity": (
            min(poles[aspect, pole] for aspect in ASPECTS.values() for pole in POLARITIES.values()),
            30,
        ),
        "contrast partners": (len(contrast), 2000),
    }
    return {f"{name} ≥ {least:,}": (count >= least, f"{count:,}") for name, (count, least) in wanted.items()}


def split_gates(splits: Mapping[str, Sequence[Row]]) -> Verdicts:
    """Return whether every split has its own authors, and every group and register.

    :param splits: split → passages.
    """
    authors = [{row["author"] for row in split} for split in splits.values()]
    shared = set().union(*(one & other for one, other in combinations(authors, 2)))
    found: Verdicts = {"no author in two splits": (not shared, ", ".join(sorted(shared)) or "none")}
    for field, names in (("group", GROUPS.values()), ("register", REGISTERS)):
        missing = [
            f"{name} in {split}"
            for split, rows in splits.items()
            for name in names
            if not any(row[field] == name for row in rows)
        ]
        found[f"every {field} in every split"] = (not missing, ", ".join(missing) or "none is missing")
    return found


def text_gates(rows: Sequence[Row], contrast: Sequence[Row]) -> Verdicts:
    """Return whether the texts keep the format, differ, name no label too often and nobody real.

    :param rows: passages of every split.
    :param contrast: contrast partners; they are like their passages on purpose.
    """
    faults, near = schema_faults([*rows, *contrast]), near_duplicates(rows, demo_texts())
    words, share = openings(rows)
    label, most = max(named(rows).items(), key=lambda item: item[1])
    accused = [row["id"] for row in [*rows, *contrast] if re.search(ACCUSABLE, row["text"])]
    return {
        "schema, spans, ids, majority": (not faults, "; ".join(faults[:5]) or "no fault"),
        "near-duplicates < 0.5 %": (len(near) / len(rows) < NEAR, f"{len(near)} of {len(rows):,}"),
        "no opening in more than 0.5 %": (share <= OPENING, f"“{words}” in {100 * share:.2f} %"),
        "label words in at most a fifth": (most <= NAMED, f"{label}: {100 * most:.0f} %"),
        "nobody who could be a real accused": (not accused, ", ".join(accused) or "none found"),
    }


def codebook_gates(books: Mapping[str, Mapping[str, Any]]) -> Verdicts:
    """Return whether there are enough codebooks of other fields, and enough in each.

    :param books: from `codebooks`.
    """
    fewest = [int(book["fewest a code"]) for book in books.values()] or [0]
    shares = [float(book["outside"]) for book in books.values()] or [0.0]
    large = sum(count >= A_LARGE_CODE for count in fewest)
    outside = OUTSIDE[0] <= min(shares) and max(shares) <= OUTSIDE[1]
    return {
        f"codebooks of other fields ≥ {BOOKS}": (len(books) >= BOOKS, str(len(books))),
        f"… with ≥ {A_LARGE_CODE} passages a code ≥ {LARGE}": (large >= LARGE, str(large)),
        f"… passages a code ≥ {A_CODE}": (min(fewest) >= A_CODE, str(min(fewest))),
        "… a third outside": (outside, f"{min(shares):.2f} to {max(shares):.2f}"),
    }


def reading_gates(tables: Mapping[str, Mapping[str, float]]) -> Verdicts:
    """Return whether the blind readings of test under the final manual agree enough.

    :param tables: of that pair, from `agreement`.
    """
    kappas = {"Ansell and Gash": tables[AG]["macro"]}
    kappas |= {aspect: tables[aspect]["told of"] for aspect in ASPECTS.values()}
    return {
        f"test: κ of {name} ≥ {LEAST_KAPPA}": (kappa >= LEAST_KAPPA, f"{kappa:.3f}")
        for name, kappa in kappas.items()
    }


def naturalness_gates(slices: Mapping[str, Mapping[str, int]]) -> Verdicts:
    """Return whether a blind judge took the passages for speech, and not the controls.

    :param slices: from `naturalness`.
    """
    short = [name for name, row in slices.items() if row["passages accepted"] < LEAST_NATURAL]
    fooled = [name for name, row in slices.items() if row["controls accepted"] > MOST_CONTROLS]
    return {
        f"each slice: ≥ {LEAST_NATURAL} of 20 passages taken for speech": (
            not short,
            ", ".join(short) or "all",
        ),
        f"each slice: ≤ {MOST_CONTROLS} of 20 controls": (not fooled, ", ".join(fooled) or "all"),
    }


def naturalness() -> dict[str, dict[str, int]]:
    """Return how many passages and controls of each slice a blind judge took for transcribed speech."""
    return dict(json.loads((GOVERNANCE / "naturalness.json").read_text("utf-8")))


def gate_table(verdicts: Verdicts) -> str:
    """Return the gates as a table.

    :param verdicts: name → whether it holds, and the figure.
    """
    rows = {
        name: {"": "holds" if holds else "**broken**", "figure": said}
        for name, (holds, said) in verdicts.items()
    }
    return table_of("gate", rows)


def agreement_parts(title: str, tables: Mapping[str, Mapping[str, float]], pairs: int) -> list[str]:
    """Return the tables of one pair of readings.

    :param title: which pair, of which share.
    :param tables: from `agreement`.
    :param pairs: passages.
    """
    shown = [
        table_of(label, {name: {"κ": kappa} for name, kappa in table.items()})
        for label, table in tables.items()
    ]
    return [f"### κ between two blind readings, {title} ({pairs:,} passages)", *shown]


#: Pairs of blind readings: name → place of the first of the two. Only test was read under the final manual.
PAIRS = {"first pair": 1, "under the final manual": 3}


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--curve", action="store_true")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    splits = {name: read_lines(GOVERNANCE / f"{name}.jsonl") for name in SPLITS}
    contrast, books = read_lines(GOVERNANCE / "contrast.jsonl"), codebooks()
    rows = [row for split in splits.values() for row in split]
    kinds = Counter(row["pair_kind"] for row in contrast)
    parts = ["### Counts and balance", sizes(splits), *balance(splits)]
    parts += ["### Contrast partners", table_of("kind", {kind: {"partners": n} for kind, n in kinds.items()})]
    parts += ["### Codebooks of other fields", table_of("codebook", books)]
    tables: dict[tuple[str, str], dict[str, dict[str, float]]] = {}
    for (split, part), (pair, first) in product(splits.items(), PAIRS.items()):
        if read := pairs_read(part, first):
            tables[split, pair] = agreement(read)
            parts += agreement_parts(f"{split}, {pair}", tables[split, pair], len(read))
    if args.curve:
        names = [leaf.id for leaf in load_codebook(AG).leaves]
        parts += ["### Learning curve: mean κ over Ansell and Gash, learnt on train, tried on dev"]
        parts += [table_of("passages", learning_curve(splits["train"], splits["dev"], AG, names))]
    parts += ["### Naturalness, judged blind: of 20 passages and 20 template-made controls a slice"]
    parts += [table_of("author", naturalness())]
    gates = size_gates(splits, contrast) | split_gates(splits) | text_gates(rows, contrast)
    gates |= codebook_gates(books) | reading_gates(tables["test", "under the final manual"])
    gates |= naturalness_gates(naturalness())
    parts += ["### Gates", gate_table(gates)]
    text = "\n\n".join(parts)
    print(text)
    if args.write:
        card = GOVERNANCE / "README.md"
        card.write_text(card.read_text("utf-8").split(MARK)[0] + MARK + "\n\n" + text + "\n", "utf-8")
    return 0 if all(holds for holds, _ in gates.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
