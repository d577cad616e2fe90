"""Train the shipped judges of polarity: words alone, and words beside the contextual encoder's vectors.

    python models/training/polarity/train.py --data FOLDER [--work FOLDER] [--out models]

Learns from public texts and from the clauses of train and contrast partners of `corpora/governance`. Prints
the figures that each `head.json` keeps. Temperature and limits rest on clauses scored by a judge that saw
nothing of their author. `--work` keeps the vectors between runs.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from labelled import held_out, listed, near_groups, taught
from measure import baseline, gain, macro_f1, reliability, selective
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold

from kotaku_nlp.analysis.conformal import Calibration, calibrate
from kotaku_nlp.analysis.embeddings import Remembered
from kotaku_nlp.analysis.encoders import load_encoder
from kotaku_nlp.analysis.polarity import Judge, Reader, save_polarity
from kotaku_nlp.analysis.polarity.learning import (
    CLAUSES,
    LISTED_CLAUSES,
    REFERENCE,
    Lessons,
    assembled,
    counted_scores,
    fit_letters,
    fit_words,
    lessons,
)
from kotaku_nlp.analysis.polarity.reader import beside, mixed

ROOT = Path(__file__).resolve().parents[3]
#: How much a text of a source counts beside one of the others: tweets are loosely labelled, lists thin.
SHARES = {"vaccines": 0.3, "indolem": 0.3, "sp4n": 0.5, "listed": 0.2, "listed clauses": 0.2}
LISTED = ("listed", LISTED_CLAUSES)
#: Sources that figures out of fold are told of.
CROSSED = (CLAUSES, REFERENCE)

Matrix = NDArray[np.float32]
Others = tuple[NDArray[np.int64], NDArray[np.int64]]


def out_of_fold(rows: pd.DataFrame, kinds: Mapping[str, Lessons], folds: int) -> dict[str, Matrix]:
    """Score every row with readers that saw nothing of its group.

    :param rows: from `labelled.taught`, with `near`: groups that hold near-duplicates together.
    :param kinds: name of a judge → what it learns from; they differ in what stands beside the words.
    :param folds: how many parts the groups are shared out over.
    """
    scores = {name: np.zeros((len(rows), 3), dtype=np.float32) for name in kinds}
    for seen, unseen in GroupKFold(folds).split(rows, groups=rows["near"]):
        letters = fit_letters(next(iter(kinds.values())).take(seen))
        for name, kind in kinds.items():
            head = assembled(fit_words(kind.take(seen)), letters)
            scores[name][unseen] = mixed(counted_scores(head, kind.take(unseen)))
        print("a fold is done", flush=True)
    return scores


def baselines(rows: pd.DataFrame, held: pd.DataFrame, folds: int) -> Others:
    """Return what TF-IDF taught on a set's own training share says: out of fold, and of the held-out texts.

    :param rows: from `labelled.taught`, with `near`.
    :param held: from `labelled.held_out`.
    :param folds: as for `out_of_fold`.
    """
    folded, found = np.full(len(rows), -1), np.full(len(held), -1)
    for name in held["source"].unique():
        own, theirs = np.flatnonzero(rows["source"] == name), np.flatnonzero(held["source"] == name)
        texts, labels = rows["text"].to_numpy(object), rows["label"].to_numpy(int)
        found[theirs] = baseline(texts[own], labels[own], held["text"].to_numpy(object)[theirs])
        parts = GroupKFold(folds).split(own, groups=rows["near"].iloc[own]) if name in CROSSED else ()
        for seen, unseen in parts:
            folded[own[unseen]] = baseline(texts[own[seen]], labels[own[seen]], texts[own[unseen]])
    return folded, found


def compared(rows: pd.DataFrame, scores: Matrix, other: NDArray[np.int64]) -> dict[str, Any]:
    """Return macro-F1 of judge and baseline, set by set, with the interval of their difference.

    Where a set was coded without neutral, the likelier of the two poles is what the judge says.

    :param rows: with `source`, `label` and `near`.
    :param scores: (n, 3) of the judge.
    :param other: (n,) labels by the baseline.
    """
    figures = {}
    for name in sorted(rows["source"].unique()):
        own = (rows["source"] == name).to_numpy()
        truth, groups = rows.loc[own, "label"].to_numpy(int), rows.loc[own, "near"].tolist()
        used = np.unique(truth)
        found = used[scores[own][:, used].argmax(axis=1)]
        figures[name] = {
            "texts": int(own.sum()),
            "macro_f1": round(macro_f1(truth, found), 3),
            "accuracy": round(float((truth == found).mean()), 3),
            "baseline_macro_f1": round(macro_f1(truth, other[own]), 3),
            "gain_95": gain(truth, found, other[own], groups, np.random.default_rng(0)),
        }
    return figures


def trust(rows: pd.DataFrame, scores: Matrix, calibration: Calibration) -> dict[str, Any]:
    """Return calibration and abstention on clauses of dev and on SmSA's validation share.

    :param rows: with `source` and `label`.
    :param scores: (n, 3).
    :param calibration: what the judge ships with.
    """
    figures = {}
    for name in CROSSED:
        own = (rows["source"] == name).to_numpy()
        truth, probabilities = rows.loc[own, "label"].to_numpy(int), calibration.probabilities(scores[own])
        certain = calibration.certain(probabilities)
        figures[name] = reliability(probabilities, truth) | selective(probabilities, certain, truth)
    return figures


def facts_of(
    rows: pd.DataFrame, folded: Matrix, held: pd.DataFrame, scores: Matrix, others: Others, known: Calibration
) -> dict[str, Any]:
    """Return what a judge's `head.json` tells of it.

    :param rows: from `labelled.taught`, with `near`.
    :param folded: scores out of fold.
    :param held: from `labelled.held_out`, with `near`.
    :param scores: scores of the held-out texts.
    :param others: from `baselines`.
    :param known: calibration of the judge.
    """
    crossed = rows["source"].isin(CROSSED).to_numpy()
    return {
        "texts": {key: int(n) for key, n in rows["source"].value_counts().sort_index().items()},
        "out_of_fold": compared(rows[crossed], folded[crossed], others[0][crossed]),
        "held_out": compared(held, scores, others[1]),
        "trust": trust(held, scores, known),
    }


def weights_of(rows: pd.DataFrame) -> NDArray[np.float64]:
    """Return how much each text counts; of texts made of lists, praise and blame alike in sum.

    :param rows: with `source` and `label`.
    """
    weights = rows["source"].map(SHARES).fillna(1.0).to_numpy(float)
    for name in LISTED:
        own = (rows["source"] == name).to_numpy()
        for label in rows.loc[own, "label"].unique():
            pole = own & (rows["label"] == label).to_numpy()
            weights[pole] *= own.sum() / (2 * pole.sum())
    return weights


def prepared(
    rows: pd.DataFrame, held: pd.DataFrame, encoder: Remembered
) -> tuple[dict[str, Lessons], dict[str, Lessons]]:
    """Return what every judge learns from, and the held-out texts in the same form.

    :param rows: from `labelled.taught`.
    :param held: from `labelled.held_out`.
    :param encoder: gives the vectors.
    """
    found = []
    for part in (rows, held):
        texts, sources = part["text"].tolist(), part["source"].to_numpy(str)
        plain = lessons(texts, beside(texts), part["label"].to_numpy(int), sources, weights_of(part))
        wide = plain.beside(np.hstack([plain.extra, encoder.encode(texts)]))
        found.append({"words": plain, "contextual": wide})
    encoder.keep()
    return found[0], found[1]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=os.environ.get("KOTAKU_TRAINING_DATA"))
    parser.add_argument("--work", type=Path, help="where vectors are kept between runs")
    parser.add_argument("--out", type=Path, default=ROOT / "models")
    parser.add_argument("--folds", type=int, default=5)
    args = parser.parse_args()
    if args.data is None:
        parser.error("give --data FOLDER or set KOTAKU_TRAINING_DATA")
    held = held_out(Path(args.data)).assign(near=lambda frame: frame["group"])
    rows = pd.concat([taught(Path(args.data), held), listed()], ignore_index=True)
    rows["near"] = near_groups(rows["text"].tolist(), rows["group"].tolist())
    encoder = Remembered(load_encoder(), args.work)
    kinds, asked = prepared(rows, held, encoder)
    others, folded = baselines(rows, held, args.folds), out_of_fold(rows, kinds, args.folds)
    letters, coded = fit_letters(kinds["words"]), (rows["source"] == CLAUSES).to_numpy()
    for name, kind in kinds.items():
        known = calibrate(folded[name][coded], rows.loc[coded, "label"].to_numpy(int))
        head = assembled(fit_words(kind), letters)
        scores = mixed(counted_scores(head, asked[name]))
        facts = facts_of(rows, folded[name], held, scores, others, known) | {"folds": args.folds}
        if name == "contextual":
            facts |= {"encoder": encoder.id, "encoder_revision": encoder.revision}
        # Which encoder does not matter for saving, only that there is one.
        judge = Judge(Reader(head, load_encoder if name == "contextual" else None), known)
        save_polarity(judge, args.out / f"polarity-{name}", facts)
        print(json.dumps({name: facts}, indent=1), flush=True)


if __name__ == "__main__":
    main()
