"""What a simple head learns from how many passages, and how much a bag of words explains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score

SIZES = (100, 300, 1000, 3000)
SEEDS = 3
#: Dimensions given fewer times on the share that is tested are left out of the mean.
SEEN = 10


def kappa(seen: Any, taught: NDArray[np.bool_], unseen: Any, wanted: NDArray[np.bool_]) -> float:
    """Return mean κ over dimensions of a balanced logistic regression, one a dimension.

    A dimension is given as often as it stood in what was taught, so that no threshold is chosen on the test.

    :param seen: features of the training passages.
    :param taught: (n, dimensions).
    :param unseen: features of the passages that are tried.
    :param wanted: (m, dimensions).
    """
    found = []
    for column in range(taught.shape[1]):
        if wanted[:, column].sum() < SEEN:
            continue
        if taught[:, column].sum() < 2:
            found.append(0.0)
            continue
        head = LogisticRegression(C=3, max_iter=2000, class_weight="balanced").fit(seen, taught[:, column])
        scores = head.decision_function(unseen)
        line = np.quantile(scores, 1 - taught[:, column].mean())
        found.append(cohen_kappa_score(wanted[:, column], scores > line))
    return float(np.mean(found))


def labels(rows: Sequence[Mapping[str, Any]], book: str, names: Sequence[str]) -> NDArray[np.bool_]:
    """Return (n, dimensions).

    :param rows: passages.
    :param book: the codebook.
    :param names: its dimensions.
    """
    given = [{code["dimension"] for code in row["codes"].get(book, [])} for row in rows]
    return np.array([[name in codes for name in names] for codes in given])


def learning_curve(
    train: Sequence[Mapping[str, Any]], tried: Sequence[Mapping[str, Any]], book: str, names: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Return training size → mean κ of heads on the fixed encoder, and on TF-IDF alone (the lexical probe).

    :param train: passages to learn from.
    :param tried: passages of other authors.
    :param book: the codebook.
    :param names: its dimensions.
    """
    from kotaku_nlp.analysis.encoders import load_encoder

    encoder = load_encoder("static")
    texts, others = [str(row["text"]) for row in train], [str(row["text"]) for row in tried]
    vectors, held = encoder.encode(texts), encoder.encode(others)
    taught, wanted = labels(train, book, names), labels(tried, book, names)
    found: dict[str, dict[str, float]] = {}
    for size in (*(size for size in SIZES if size < len(train)), len(train)):
        rounds = []
        for seed in range(SEEDS if size < len(train) else 1):
            drawn = np.random.default_rng(seed).permutation(len(train))[:size]
            words = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), min_df=1 if size < 1000 else 2)
            counted = words.fit_transform([texts[i] for i in drawn])
            rounds.append(
                (
                    kappa(vectors[drawn], taught[drawn], held, wanted),
                    kappa(counted, taught[drawn], words.transform(others), wanted),
                )
            )
        encoded, lexical = np.mean(rounds, axis=0)
        found[f"{size:,}"] = {"head on the static encoder": float(encoded), "bag of words": float(lexical)}
    return found
