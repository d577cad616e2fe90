"""From clauses to passages: how each passage speaks of each aspect, or that it does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kotaku_nlp.records import ASPECTS, table

if TYPE_CHECKING:
    import pandas as pd

#: A row that is not certain counts half.
_UNCERTAIN_WEIGHT = 0.5
#: A passage is mixed when its weaker pole reaches this share of its stronger one.
_MIXED_SHARE = 0.65
#: Below this share of the judged mass neither pole is a judgement.
_POLE = 0.45


@dataclass(frozen=True)
class _Row:
    negative: float
    neutral: float
    positive: float
    certain: bool


def aspect_table(sentiment: pd.DataFrame, passages: pd.DataFrame) -> pd.DataFrame:
    """Judge every passage on every aspect, from the clauses that speak of it.

    A passage without a clause on an aspect is `absent` and has no probabilities:
    no evidence is not a neutral judgement. Both poles in one passage give
    `mixed`; weak or contradictory evidence alone gives `uncertain`.

    :param sentiment: table "sentiment" (as `score_sentiment` gives it).
    :param passages: table "passages"; only its `passage_id` is read.
    :return: table "aspects", one row per passage and aspect, in the order of both.
    """
    found: dict[tuple[str, str], list[_Row]] = {}
    columns = ("passage_id", "aspect", "p_negative", "p_neutral", "p_positive", "certain")
    for passage, aspect, negative, neutral, positive, certain in _tuples(sentiment, columns):
        found.setdefault((passage, aspect), []).append(_Row(negative, neutral, positive, bool(certain)))
    rows = (
        {"passage_id": passage, "aspect": aspect, **_judged(found.get((passage, aspect), []))}
        for (passage,) in _tuples(passages, ("passage_id",))
        for aspect in ASPECTS
    )
    return table("aspects", rows)


def _tuples(frame: pd.DataFrame, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    if frame.empty:
        return iter(())
    return iter(zip(*(frame[column].tolist() for column in columns), strict=True))


def _judged(rows: Sequence[_Row]) -> dict[str, Any]:
    if not rows:
        nothing = float("nan")
        return {
            "polarity": "absent", "p_negative": nothing, "p_neutral": nothing, "p_positive": nothing,
        }  # fmt: skip
    weights = [1.0 if row.certain else _UNCERTAIN_WEIGHT for row in rows]
    total = sum(weights)
    negative = _mean((row.negative for row in rows), weights, total)
    positive = _mean((row.positive for row in rows), weights, total)
    neutral = 1.0 - negative - positive
    return {
        "polarity": _polarity(rows, weights), "p_negative": negative, "p_neutral": neutral,
        "p_positive": positive,
    }  # fmt: skip


def _mean(values: Iterable[float], weights: Sequence[float], total: float) -> float:
    return sum(value * weight for value, weight in zip(values, weights, strict=True)) / total


def _polarity(rows: Sequence[_Row], weights: Sequence[float]) -> str:
    """Name the judgement: the stronger pole, `mixed` when the weaker comes near it."""
    good = sum(w * max(0.0, row.positive - row.negative) for row, w in zip(rows, weights, strict=True))
    bad = sum(w * max(0.0, row.negative - row.positive) for row, w in zip(rows, weights, strict=True))
    poles = any(max(row.positive, row.negative) >= _POLE for row in rows)
    if not any(row.certain for row in rows):
        return "uncertain"
    if not poles:
        return "neutral"
    if min(good, bad) >= _MIXED_SHARE * max(good, bad):
        return "mixed"
    return "positive" if good > bad else "negative"
