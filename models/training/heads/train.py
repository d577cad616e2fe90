"""Train the head that reads the Ansell & Gash dimensions, and calibrate the way without one.

    python models/training/heads/train.py [--out models/head-ansell-gash]

Learns from train and contrast partners of `corpora/governance`; calibration, threshold and gate rest on
scores out of fold by author: the head that scores a passage saw nothing of the person who wrote it. Figures
are those of dev, which nothing was chosen on.
"""

from __future__ import annotations

import argparse
import json
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from coded import TAUGHT, given, read
from folds import out_of_fold
from numpy.typing import NDArray

from kotaku_nlp.analysis.alignment import HEAD_CODEBOOK, IN_FRAMEWORK, codebook_sentences, indicator_head
from kotaku_nlp.analysis.encoders import load_encoder
from kotaku_nlp.analysis.heads import Head, calibrated, fit_head, mean_kappa, save_head, strongest
from kotaku_nlp.coding.codebook import shipped_codebook
from kotaku_nlp.records import Codebook

ROOT = Path(__file__).resolve().parents[3]
#: How much the gate weighs beside the indicators; the best on out-of-fold scores is kept.
GATES = (0.0, 0.25, 0.5, 1.0)


def matrix(rows: pd.DataFrame, book: Codebook) -> NDArray[np.bool_]:
    """Return (n, dimensions): which passage was given which.

    :param rows: passages.
    :param book: the codebook.
    """
    return np.array([[leaf.id in codes for leaf in book.leaves] for codes in given(rows, book.id)])


def learn(texts: list[str], vectors: NDArray[np.float32], targets: NDArray[np.bool_], book: Codebook) -> Head:
    """Fit on coded passages and on the codebook's own sentences.

    :param texts: coded passages.
    :param vectors: their vectors.
    :param targets: one column a leaf, and one for "in framework".
    :param book: the codebook.
    """
    encoder = load_encoder()
    own, wanted = codebook_sentences(book)
    wanted = np.c_[np.array(wanted), np.ones(len(own), dtype=bool)]
    names = [*(leaf.id for leaf in book.leaves), IN_FRAMEWORK]
    return fit_head(
        [*texts, *own], np.vstack([vectors, encoder.encode(own)]), np.vstack([targets, wanted]), names
    )


def agreement(head: Head, scores: NDArray[np.float32], targets: NDArray[np.bool_], book: Codebook) -> float:
    """Return mean kappa of the head's assignments with the coding.

    :param head: calibrated head.
    :param scores: out-of-fold scores.
    :param targets: the coding.
    :param book: the codebook.
    """
    found = strongest(head.probabilities(scores), head.threshold, book.max_codes)
    return round(mean_kappa(targets, found), 3)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "head-ansell-gash")
    args = parser.parse_args()
    book, encoder = shipped_codebook(HEAD_CODEBOOK), load_encoder()
    taught, held = read(*TAUGHT), read("dev")
    texts, coded = taught["text"].tolist(), matrix(taught, book)
    targets, vectors = np.c_[coded, coded.any(axis=1)], encoder.encode(texts)
    scores = out_of_fold(partial(learn, book=book), texts, vectors, targets, taught["author"].to_numpy(str))
    head = calibrated(learn(texts, vectors, targets, book), scores[:, :-1], coded, book.max_codes)
    plain = indicator_head(book, encoder)
    zero = plain.scores(texts, vectors)
    tried = [
        (weight, calibrated(plain, zero + weight * scores[:, -1:], coded, book.max_codes)) for weight in GATES
    ]
    weight, fit = max(
        tried, key=lambda item: agreement(item[1], zero + item[0] * scores[:, -1:], coded, book)
    )
    others, wanted = held["text"].tolist(), matrix(held, book)
    unseen = encoder.encode(others)
    found = head.scores(others, unseen)
    gated = plain.scores(others, unseen) + weight * found[:, -1:]
    figures = {
        "passages": len(texts),
        "authors": int(taught["author"].nunique()),
        "dev_passages": len(others),
        "shipped_kappa": agreement(head, found[:, :-1], wanted, book),
        "shipped_kappa_out_of_fold": agreement(head, scores[:, :-1], coded, book),
        "zero_shot_kappa": agreement(fit, gated, wanted, book),
        "encoder": encoder.id,
        "encoder_revision": encoder.revision,
    }
    chosen = {"gate": weight, "slope": fit.slope, "offset": fit.offset}
    chosen |= {"threshold": fit.threshold, "margin": fit.margin}
    save_head(head, args.out, {"codebook": book.id, "figures": figures, "zero_shot": chosen})
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
