"""Score how clauses speak of coordination, communication and cooperation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kotaku_nlp.analysis.actors import find_actors
from kotaku_nlp.analysis.judging import Evidence, Reading, poles, read
from kotaku_nlp.analysis.parts import Part, source
from kotaku_nlp.records import ASPECTS, table

if TYPE_CHECKING:
    import pandas as pd

NO_ASPECT = "none"


def score_sentiment(passages: pd.DataFrame) -> pd.DataFrame:
    """Judge every clause of every passage on every aspect it speaks of.

    A clause that speaks of no aspect keeps one row with aspect `none`, judged by
    its general words. `start` and `end` are offsets into the transcript's text;
    `words` are the expressions the judgement stands on, as they stand there,
    joined by "; "; `rule` says which rule decided.

    :param passages: table "passages"; read are `passage_id`, `text`, `start` and, if there,
        `informant` (who holds an own view).
    :return: table "sentiment", clauses in the order of the text, numbered from 1.
    """
    return table("sentiment", _rows(passages))


def _rows(passages: pd.DataFrame) -> Iterator[dict[str, Any]]:
    if passages.empty:
        return
    names = ["passage_id", "start", "text"]
    informants = passages["informant"].tolist() if "informant" in passages else [None] * len(passages)
    columns = (passages[name].tolist() for name in names)
    for passage, start, text, informant in zip(*columns, informants, strict=True):
        reading = read(text if isinstance(text, str) else "")
        speaker = informant if isinstance(informant, str) else None
        for row in _judged(reading, speaker):
            yield {"passage_id": passage, **row, "start": row["start"] + start, "end": row["end"] + start}


def _judged(reading: Reading, speaker: str | None) -> Iterator[dict[str, Any]]:
    by_part: dict[tuple[int, str], list[Evidence]] = {}
    for item in reading.aspects:
        by_part.setdefault((item.part, item.aspect), []).append(item)
    for part in reading.parts:
        found = [
            (aspect, by_part[part.number, aspect]) for aspect in ASPECTS if (part.number, aspect) in by_part
        ]
        if not found:
            found = [(NO_ASPECT, [item for item in reading.general if item.part == part.number])]
        for aspect, items in found:
            yield _row(reading, part, aspect, items, speaker)


def _row(
    reading: Reading, part: Part, aspect: str, items: Sequence[Evidence], speaker: str | None
) -> dict[str, Any]:
    judged = poles(items)
    strongest = max(items, key=lambda item: abs(item.value), default=None)
    text, tokens = reading.text, reading.tokens
    words = [text[tokens[item.first].start : tokens[item.last - 1].end] for item in items]
    return {
        "clause": part.number + 1,
        "start": part.start,
        "end": max([part.end, *(tokens[item.last - 1].end for item in items)]),
        "aspect": aspect,
        "polarity": judged.polarity,
        "p_negative": judged.negative,
        "p_neutral": judged.neutral,
        "p_positive": judged.positive,
        "certain": judged.certain,
        "view": part.view,
        "holder": source(part, text) if part.view == "reported" else speaker,
        "target": _target(part, text),
        "rule": strongest.rule if strongest else "no evidence",
        "words": "; ".join(dict.fromkeys(words)),
    }


def _target(part: Part, text: str) -> str | None:
    """Return the first actor a clause names, as written, or nothing: whom it means is not guessed."""
    named = find_actors(text[part.start : part.end])
    return named[0].text if named else None
