"""How good topics are: beside known ones, by their words, and beside another run."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, v_measure_score
from topics_methods import Labels, Outcome

from kotaku_nlp.language.topic_words import topic_words

_WORDS = 10
_RESAMPLES = 10_000
_BAND = (2.5, 97.5)

Figures = dict[str, Any]


def quality(outcome: Outcome, texts: Sequence[str], known: Sequence[str]) -> Figures:
    """Return what topics are worth beside known ones.

    Unassigned passages count as a topic of their own in `ami` and `v`: leaving passages out is not free.
    `npmi` and `diversity` are of ten words that one rule (c-TF-IDF over topic words) takes from every
    method's topics; `npmi_shown` and `diversity_shown` of the words that the method itself shows.

    :param outcome: what a method found.
    :param texts: the passages.
    :param known: their known topics.
    """
    labels = outcome.labels
    read = [topic_words(text) for text in texts]
    words = strongest(read, labels)
    figures = {
        "ami": float(adjusted_mutual_info_score(known, labels)),
        "v": float(v_measure_score(known, labels)),
        **sizes(labels),
    }
    if words:
        figures |= {"npmi": npmi(words, read), "diversity": diversity(words)}
    if outcome.words:
        figures["npmi_shown"] = npmi(outcome.words, outcome.read(texts))
        figures["diversity_shown"] = diversity(outcome.words)
    return rounded(figures)


def sizes(labels: Labels) -> Figures:
    """Return number of topics, share of the largest, share of passages without one.

    :param labels: topics, -1 for none.
    """
    counts = np.bincount(labels[labels >= 0], minlength=1)
    return {
        "topics": int((counts > 0).sum()),
        "largest": round(float(counts.max()) / len(labels), 3),
        "unassigned": round(float((labels < 0).mean()), 3),
    }


def likeness(one: Labels, other: Labels) -> Figures:
    """Return how alike two groupings of the same passages are; unassigned ones count as a topic of their own.

    :param one: topics.
    :param other: topics.
    """
    return rounded({"ari": adjusted_rand_score(one, other), "ami": adjusted_mutual_info_score(one, other)}, 4)


def strongest(read: Sequence[Sequence[str]], labels: Labels) -> list[list[str]]:
    """Return the ten strongest words of every topic by c-TF-IDF (Grootendorst, 2022).

    :param read: the words of every passage.
    :param labels: topics, -1 for none.
    """
    vectoriser = CountVectorizer(analyzer=list, lowercase=False)
    counts = vectoriser.fit_transform(read)
    names = vectoriser.get_feature_names_out()
    topics = np.unique(labels[labels >= 0])
    if not len(topics):
        return []
    said = np.stack([np.asarray(counts[labels == topic].sum(axis=0)).ravel() for topic in topics])
    mean = said.sum() / len(topics)
    weights = said / said.sum(axis=1, keepdims=True).clip(1) * np.log(1 + mean / said.sum(axis=0).clip(1))
    order = np.argsort(-weights, axis=1, kind="stable")[:, :_WORDS]
    return [
        [str(names[place]) for place in row if weights[topic, place] > 0] for topic, row in enumerate(order)
    ]


def npmi(words: Sequence[Sequence[str]], read: Sequence[Sequence[str]]) -> float:
    """Return how much the words of a topic stand together: mean NPMI (Bouma, 2009) over pairs, then topics.

    The window is the passage, the corpus the one that the topics were found in. A pair that never stands
    together has -1, and so have topics of one word each.

    :param words: words of every topic, of one at least.
    :param read: the words of every passage.
    """
    vocabulary = sorted({word for some in words for word in some})
    place = {word: number for number, word in enumerate(vocabulary)}
    stands = CountVectorizer(analyzer=list, lowercase=False, vocabulary=place, binary=True).fit_transform(
        read
    )
    together = np.asarray((stands.T @ stands).todense(), dtype=float) / len(read)
    found = []
    for some in words:
        pairs = [(place[one], place[other]) for one, other in combinations(dict.fromkeys(some), 2)]
        if pairs:
            values = [_npmi(together[i, j], together[i, i], together[j, j]) for i, j in pairs]
            found.append(float(np.mean(values)))
    return float(np.mean(found or [-1.0]))


def _npmi(both: float, one: float, other: float) -> float:
    if both <= 0:
        return -1.0
    return 1.0 if both >= 1 else float(np.log(both / one / other) / -np.log(both))


def diversity(words: Sequence[Sequence[str]]) -> float:
    """Return the share of distinct words among the first ten of all topics (Dieng, Ruiz and Blei, 2020).

    :param words: words of every topic.
    """
    some = [word for topic in words for word in topic[:_WORDS]]
    return len(set(some)) / max(len(some), 1)


def ratio(ours: Sequence[float], theirs: Sequence[float], seed: int = 0) -> Figures:
    """Return the ratio of two means with an interval: paired bootstrap.

    :param ours: figures.
    :param theirs: figures of the same cells, in the same order.
    :param seed: of the resamples.
    """
    pairs = np.array([ours, theirs])
    rows = np.random.default_rng(seed).integers(pairs.shape[1], size=(_RESAMPLES, pairs.shape[1]))
    drawn = pairs[:, rows].mean(axis=2)
    low, high = np.percentile(drawn[0] / drawn[1], _BAND)
    own, other = pairs.mean(axis=1)
    return rounded(
        {"ours": own, "theirs": other, "ratio": own / other, "low": low, "high": high, "cells": len(ours)}
    )


def rounded(figures: Figures, digits: int = 3) -> Figures:
    """Return figures that a person can read.

    :param figures: name → figure.
    :param digits: after the point.
    """
    return {
        name: round(float(value), digits) if isinstance(value, (float, np.floating)) else value
        for name, value in figures.items()
    }
