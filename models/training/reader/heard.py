"""What every voice says of dev: the reader, the linear heads, the rules. Nobody learnt from dev."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from labels import HEARD, Row, read, settled
from numpy.typing import NDArray

from kotaku_nlp.analysis.alignment import HEAD_CODEBOOK, shipped_head
from kotaku_nlp.analysis.embeddings import Remembered
from kotaku_nlp.analysis.encoders import load_encoder
from kotaku_nlp.analysis.involvement import involvement_table
from kotaku_nlp.analysis.phases import phase_of
from kotaku_nlp.analysis.presence import Voices as Present
from kotaku_nlp.analysis.presence import presence_voices
from kotaku_nlp.analysis.reader import BOOKS, load_reader, odds_of
from kotaku_nlp.analysis.sentiment import score_sentiment
from kotaku_nlp.analysis.tones import Voices as Toned
from kotaku_nlp.analysis.tones import tone_voices
from kotaku_nlp.coding.codebook import shipped_codebook
from kotaku_nlp.records import PHASES


@dataclass(frozen=True)
class Dev:
    """Dev, and what was heard in it.

    :param rows: the coded passages.
    :param authors: who wrote each.
    :param truth: (n, outputs of `labels.HEARD`).
    :param passages: what the stages read of them.
    :param read_off: the reader's rows.
    :param dimensions: codebook → voice → (n, k) log-odds.
    :param tones: aspect → what head and reader heard.
    :param sentiment: the rules' clauses.
    :param presence: what heads and reader heard of the actors.
    :param involvement: the rules' rows.
    :param cues: (n, 5), 1 where the rules hear a stage.
    """

    rows: list[Row]
    authors: NDArray[np.str_]
    truth: NDArray[np.bool_]
    passages: pd.DataFrame
    read_off: NDArray[np.float32]
    dimensions: dict[str, dict[str, Any]]
    tones: dict[str, Toned]
    sentiment: pd.DataFrame
    presence: Present
    involvement: pd.DataFrame
    cues: NDArray[np.float32]

    def labels(self, *names: str) -> NDArray[np.bool_]:
        """Return the labels that stand for some outputs, (n, k)."""
        return self.truth[:, [HEARD.index(name) for name in names]]


def dimensions_of(book: str) -> list[str]:
    """Return the outputs of one codebook.

    :param book: its id.
    """
    return [f"{book}:{leaf.id}" for leaf in shipped_codebook(book).leaves]


def listen(cache: Path | None = None) -> Dev:
    """Return dev as all voices hear it.

    :param cache: folder in which what was read is kept.
    """
    rows = read("dev")
    encoder, reader = Remembered(load_encoder(), cache), Remembered(load_reader(), cache)
    passages = pd.DataFrame(
        {
            "passage_id": [row["id"] for row in rows],
            "text": [row["text"] for row in rows],
            "group": [row["group"] for row in rows],
            "question": [row["question"] or "" for row in rows],
        }
    ).assign(start=0, low_evidence=False)
    texts = passages["text"].tolist()
    read_off = reader.encode(texts)
    dimensions: dict[str, dict[str, Any]] = {
        book: {"reader": odds_of(read_off, dimensions_of(book))} for book in BOOKS
    }
    head, _ = shipped_head()
    columns = [head.names.index(leaf.id) for leaf in shipped_codebook(HEAD_CODEBOOK).leaves]
    dimensions[HEAD_CODEBOOK]["head"] = head.scores(texts, encoder.encode(texts))[:, columns]
    told = [phase_of(text) for text in texts]
    dev = Dev(
        rows,
        np.array([row["author"] for row in rows]),
        settled(rows),
        passages,
        read_off,
        dimensions,
        tone_voices(texts, encoder, reader),
        score_sentiment(passages),
        presence_voices(passages, encoder, reader),
        involvement_table(passages),
        np.array([[stage == one and one != PHASES[-1] for one in PHASES] for stage in told], np.float32),
    )
    encoder.keep()
    reader.keep()
    return dev
