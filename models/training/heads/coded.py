"""The coded corpus as the trainings of the heads read it: one row a passage."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from kotaku_nlp.records import ASPECTS

CORPUS = Path(__file__).resolve().parents[3] / "corpora" / "governance"
#: Contrast partners are learnt from too: like words, another tone or code.
TAUGHT = ("train", "contrast")


def read(*parts: str, corpus: Path = CORPUS) -> pd.DataFrame:
    """Return one row a passage: author, group, text, phase, dimensions, involvement and the three aspects.

    An aspect is positive, negative, mixed, neutral or absent: what the passage's clauses say together.

    :param parts: files of the corpus, without their suffix.
    :param corpus: its folder.
    """
    lines = [line for part in parts for line in (corpus / f"{part}.jsonl").read_text("utf-8").splitlines()]
    rows = [json.loads(line) for line in lines]
    return pd.DataFrame(
        {key: row[key] for key in ("author", "group", "text", "phase", "involvement")}
        | {"question": row["question"] or "", "codes": row["codes"]}
        | {aspect: tone(row["clauses"], aspect) for aspect in ASPECTS}
        for row in rows
    )


def tone(clauses: Sequence[dict[str, Any]], aspect: str) -> str:
    """Return how a passage speaks of an aspect.

    :param clauses: coded clauses of the passage.
    :param aspect: one of the three.
    """
    poles = {clause["polarity"] for clause in clauses if clause["aspect"] == aspect}
    if {"positive", "negative"} <= poles:
        return "mixed"
    return next((pole for pole in ("positive", "negative", "neutral") if pole in poles), "absent")


def given(rows: pd.DataFrame, book: str) -> list[set[str]]:
    """Return the dimensions of every passage under one codebook.

    :param rows: from `read`.
    :param book: id of the codebook.
    """
    return [{code["dimension"] for code in codes.get(book, [])} for codes in rows["codes"]]
