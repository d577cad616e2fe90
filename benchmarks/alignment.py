"""Agreement of the alignment with the two readings of the demo corpus, beside what the readings reach.

    python benchmarks/alignment.py [--out benchmarks/results/alignment.json]

Mean Cohen's κ over the eight Ansell and Gash dimensions, by informant turn. The interviews are invented and
both readings are machine readings that no human coder confirmed: none of this is agreement with people.
Baseline in the same run: cosine to the codebook's own sentences, with the threshold that suits it best.
"""

from __future__ import annotations

import argparse
import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kotaku_nlp.analysis.alignment import align, codebook_sentences
from kotaku_nlp.analysis.encoders import load_encoder
from kotaku_nlp.analysis.heads import mean_kappa, strongest
from kotaku_nlp.coding.codebook import load_codebook
from kotaku_nlp.coding.codings import read_coding
from kotaku_nlp.corpus.folder import read_corpus
from kotaku_nlp.corpus.passages import cut
from kotaku_nlp.records import Codebook
from kotaku_nlp.shipped import find

Marks = NDArray[np.bool_]


def by_turn(rows: pd.DataFrame, turns: list[tuple[str, int]], names: list[str]) -> Marks:
    """Return which turn carries which code.

    :param rows: transcript, turn, code.
    :param turns: the turns that were read.
    :param names: the codes.
    """
    found = set(zip(rows["transcript"], rows["turn"], rows["code"], strict=True))
    return np.array([[(*turn, name) in found for name in names] for turn in turns])


def by_cosine(passages: pd.DataFrame, book: Codebook, read: Marks, turns: list[tuple[str, int]]) -> float:
    """Return the best κ that similarity to the codebook's sentences reaches at any threshold.

    :param passages: the table "passages".
    :param book: the codebook.
    :param read: a reading to agree with.
    :param turns: its turns.
    """
    encoder = load_encoder()
    sentences, belongs = codebook_sentences(book)
    near = encoder.encode(passages["text"].tolist()) @ encoder.encode(sentences).T
    columns = np.array(belongs).T
    scores = np.stack([np.sort(near[:, own], axis=1)[:, -3:].mean(axis=1) for own in columns], axis=1)
    names = [leaf.id for leaf in book.leaves]
    kappas = []
    for threshold in np.quantile(scores, np.linspace(0.3, 0.98, 30)):
        hit = strongest(scores, float(threshold), book.max_codes)
        rows = passages[["transcript", "turn"]].iloc[np.nonzero(hit)[0]]
        coded = rows.assign(code=[names[column] for column in np.nonzero(hit)[1]])
        kappas.append(mean_kappa(read, by_turn(coded, turns, names)))
    return max(kappas)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    folder, book = find("corpora", "demo"), load_codebook("ansell_gash_2008")
    names, passages = [leaf.id for leaf in book.leaves], cut(read_corpus(folder))
    readings = {name: read_coding(folder / "codings" / f"{name}.csv").rows for name in ("coder_a", "coder_b")}
    turns = sorted(set(zip(*(readings["coder_a"][key] for key in ("transcript", "turn")), strict=True)))
    found = align(passages["text"].tolist(), book)
    found = found[found["assigned"] & found["dimension"].isin(names)]
    machine = found.join(passages[["transcript", "turn"]], on="text").rename(columns={"dimension": "code"})
    marks = {name: by_turn(rows, turns, names) for name, rows in (readings | {"machine": machine}).items()}
    kappas = {f"{a} – {b}": round(mean_kappa(marks[a], marks[b]), 3) for a, b in combinations(marks, 2)}
    kappas["coder_a – cosine baseline"] = round(by_cosine(passages, book, marks["coder_a"], turns), 3)
    text = json.dumps(
        {"unit": "mean kappa, informant turns", "turns": len(turns), "kappa": kappas},
        indent=1,
        ensure_ascii=False,
    )
    print(text)
    if args.out:
        args.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
