"""Measure how passages are judged on coordination, communication and cooperation.

    python benchmarks/sentiment.py --data FOLDER --out sentiment.json

FOLDER holds the coded passages, one JSONL file a slice of speakers. The split is by slice: word lists and
thresholds were tuned on `gov fac bkm warga luar`; figures are for `f2 g2 k2 w2 j2 p2 a2`, which were
not used for that. Three baselines run beside the rules: the most frequent answer, plain counting of
the same word list (no negation, contrast or scope), and TF-IDF with a linear model fitted on the tuning
slices. Labels are one machine reading; they are not human judgement. Cooperation is coded in the held-out
slices only, so nothing was tuned or can be fitted for it.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, precision_score, recall_score

from kotaku_nlp.analysis.aspects import aspect_table
from kotaku_nlp.analysis.lexicon import aspect_lexicon, units
from kotaku_nlp.analysis.sentiment import score_sentiment
from kotaku_nlp.records import ASPECTS

TUNED_ON = ("gov", "fac", "bkm", "warga", "luar")
HELD_OUT = ("f2", "g2", "k2", "w2", "j2", "p2", "a2")
POLES = ("positive", "negative", "mixed", "neutral")

Answers = Mapping[str, Sequence[str]]


def read(data: Path, slices: Sequence[str]) -> list[dict[str, Any]]:
    """Return the coded passages of some slices.

    :param data: folder of JSONL files.
    :param slices: their stems.
    """
    return [
        json.loads(line)
        for part in slices
        for line in (data / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()
    ]


def as_passages(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return coded passages as the columns of a passage table that scoring reads.

    :param rows: coded passages.
    """
    texts = [row["text"] for row in rows]
    return pd.DataFrame(
        {
            "passage_id": [row["id"] for row in rows],
            "informant": [row["id"] for row in rows],
            "start": 0,
            "end": [len(text) for text in texts],
            "text": texts,
        }
    )


def by_rules(rows: Sequence[Mapping[str, Any]]) -> tuple[dict[str, list[str]], float]:
    """Return what the rules answer per aspect, and the seconds they took; uncertain is resolved to a pole.

    :param rows: coded passages.
    """
    passages = as_passages(rows)
    score_sentiment(passages.head(3))
    started = time.perf_counter()
    sentiment = score_sentiment(passages)
    judged = aspect_table(sentiment, passages)
    seconds = time.perf_counter() - started
    return {
        aspect: [_resolved(row) for row in judged[judged["aspect"] == aspect].to_dict("records")]
        for aspect in ASPECTS
    }, seconds


def _resolved(row: Mapping[str, Any]) -> str:
    if row["polarity"] != "uncertain":
        return str(row["polarity"])
    return max(POLES[:2] + POLES[3:], key=lambda pole: row[f"p_{pole}"])


def by_counting(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return what summing the weights of the word list answers.

    :param rows: coded passages.
    """
    lexicon = aspect_lexicon()
    found: dict[str, list[str]] = {aspect: [] for aspect in ASPECTS}
    for row in rows:
        hits = [hit.entry for hit in lexicon.match(units(row["text"]), row["text"]) if not hit.entry.soft]
        for aspect in ASPECTS:
            weights = [entry.weight for entry in hits if aspect in entry.aspects]
            found[aspect].append(_sign(sum(weights)) if weights else "absent")
    return found


def _sign(total: float) -> str:
    return "positive" if total > 0 else "negative" if total < 0 else "neutral"


def by_linear(train: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return what TF-IDF with logistic regression answers: first whether, then how.

    :param train: coded passages to fit on.
    :param rows: coded passages to answer for.
    """
    words = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), min_df=2)
    fitted = words.fit_transform([row["text"] for row in train])
    asked = words.transform([row["text"] for row in rows])
    found = {}
    for aspect in ASPECTS:
        labels = [row.get(aspect) for row in train]
        if None in labels:
            continue
        present = [i for i, label in enumerate(labels) if label != "absent"]
        whether = LogisticRegression(C=1, class_weight="balanced", max_iter=2000)
        whether.fit(fitted, [label != "absent" for label in labels])
        how = LogisticRegression(C=3, class_weight="balanced", max_iter=2000)
        how.fit(fitted[present], [labels[i] for i in present])
        answers = zip(whether.predict(asked), how.predict(asked), strict=True)
        found[aspect] = [str(pole) if seen else "absent" for seen, pole in answers]
    return found


def by_majority(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return the most frequent pole for every passage: the best that answering blindly can do.

    :param rows: coded passages.
    """
    found = {}
    for aspect in ASPECTS:
        poles = Counter(row[aspect] for row in rows if row[aspect] != "absent")
        found[aspect] = [poles.most_common(1)[0][0]] * len(rows)
    return found


def figures(gold: Sequence[str], answers: Sequence[str]) -> dict[str, float | int]:
    """Return how well the answers meet the labels.

    :param gold: labels of one aspect.
    :param answers: answers in the same order.
    :return: evidence F1, precision and recall; macro-F1 of polarity over passages with evidence, once over
        positive, negative, mixed and neutral and once over clearly positive and negative ones, where silence
        counts as wrong; and over the evidence that was found.
    """
    truth = [label != "absent" for label in gold]
    seen = [answer != "absent" for answer in answers]
    present = [i for i, label in enumerate(gold) if label != "absent"]
    clear = [i for i, label in enumerate(gold) if label in POLES[:2]]
    found = [i for i in clear if answers[i] != "absent"]
    return {
        "evidence_f1": _percent(f1_score(truth, seen, zero_division=0)),
        "evidence_precision": _percent(precision_score(truth, seen, zero_division=0)),
        "evidence_recall": _percent(recall_score(truth, seen, zero_division=0)),
        "polarity_macro_f1": _macro(gold, answers, present, POLES),
        "pole_macro_f1": _macro(gold, answers, clear, POLES[:2]),
        "pole_macro_f1_where_found": _macro(gold, answers, found, POLES[:2]),
        "n_present": len(present),
        "n_found": len(found),
    }


def _macro(gold: Sequence[str], answers: Sequence[str], rows: Sequence[int], labels: Sequence[str]) -> float:
    if not rows:
        return 0.0
    truth, given = [gold[i] for i in rows], [answers[i] for i in rows]
    return _percent(f1_score(truth, given, labels=list(labels), average="macro", zero_division=0))


def _percent(share: float) -> float:
    return round(100 * float(share), 1)


def report(name: str, answers: Answers, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return and print the figures of one way of answering.

    :param name: its name.
    :param answers: aspect → answers.
    :param rows: coded passages.
    """
    found = {}
    for aspect, given in answers.items():
        labels = [row.get(aspect) for row in rows]
        if None in labels:
            continue
        found[aspect] = figures([str(label) for label in labels], given)
        line = "  ".join(f"{key} {value}" for key, value in found[aspect].items())
        print(f"{name:9} {aspect:14} {line}")
    return found


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--tuning", action="store_true", help="measure the slices tuned on instead")
    args = parser.parse_args()
    train = read(args.data, TUNED_ON)
    rows = train if args.tuning else read(args.data, HELD_OUT)
    rules, seconds = by_rules(rows)
    results: dict[str, Any] = {"rules": report("rules", rules, rows)}
    results["counting"] = report("counting", by_counting(rows), rows)
    if not args.tuning:
        results["linear"] = report("linear", by_linear(train, rows), rows)
        results["majority"] = report("majority", by_majority(rows), rows)
    speed = round(1000 * seconds / max(1, len(rows)), 2)
    print(f"seconds per 1,000 passages: {speed}")
    found = {
        "unit": "per cent", "tuned_on": TUNED_ON, "measured_on": TUNED_ON if args.tuning else HELD_OUT,
        "passages": len(rows), "seconds_per_1000_passages": speed, "results": results,
    }  # fmt: skip
    if args.out:
        args.out.parent.mkdir(parents=True, exist_ok=True)
        args.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
