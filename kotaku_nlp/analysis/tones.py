"""What rules alone miss in how a passage speaks of an aspect: learned voices beside them.

Rules read words in clauses; people also praise and complain without the words. A head per aspect and the
reader say how likely a whole passage speaks of it, well or badly. Together they agree better with a coder
than any of them alone (`models/reader-id` has the figures and how much each weighs), and every row says which
spoke: `rule` "model" for what only they heard, "…, not meant" for words that they take for another sense.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kotaku_nlp import shipped
from kotaku_nlp.analysis.encoders import load_encoder
from kotaku_nlp.analysis.heads import Head, load_head
from kotaku_nlp.analysis.mixing import Mix, likely, mix_of
from kotaku_nlp.analysis.reader import load_reader, looked_at, odds_of
from kotaku_nlp.records import ASPECTS, table

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from kotaku_nlp.records import Encoder

    Matrix = NDArray[np.float32]

#: Outputs of an aspect's head and of the reader: spoken of at all, well, badly.
OUTPUTS = ("evidence", "well", "badly")
#: Below this a tone is named but not certain.
_CERTAIN = 0.2
MODEL, NOT_MEANT = "model", "not meant"
#: The aspects' own words. A clause that judges one of them plainly ("kerja samanya baik, tapi koordinasinya
#: kurang") stays as the rules read it: the coded passages were written to do without these words and use them
#: mostly in jest, so what was learnt from those would strike such clauses out.
_OWN_WORDS = {
    "coordination": re.compile(r"koordinasi|coordinat", re.IGNORECASE),
    "communication": re.compile(r"komunikasi|communicat", re.IGNORECASE),
    "cooperation": re.compile(r"ker(ja|jo)[\s-]?sam[ao]|cooperat", re.IGNORECASE),
}


@dataclass(frozen=True)
class ToneMixes:
    """How much the voices weigh for one aspect.

    :param evidence: voices "reader", "head", "rule" (found or not); its threshold decides.
    :param well: voices "reader", "head"; how likely it is spoken of well, if it is; likewise `badly`.
    :param badly: see `well`.
    :param pole: voices "reader", "head" (well less badly) and "rule" (its tone, −1 … 1): well, not badly.
    """

    evidence: Mix
    well: Mix
    badly: Mix
    pole: Mix


@dataclass(frozen=True)
class Voices:
    """What head and reader heard of one aspect in n passages.

    :param head: log-odds of `OUTPUTS`, (n, 3).
    :param reader: the same by the reader.
    :param looked: where the reader looked for it, (n, 2) offsets into the passages.
    """

    head: Matrix
    reader: Matrix
    looked: NDArray[np.int64]


@dataclass(frozen=True)
class _Tone:
    """What was heard of one aspect in one passage: log-odds of the pole, and how likely it is well, badly."""

    mixes: ToneMixes
    head: Matrix
    reader: Matrix

    def evidence(self, ruled: bool) -> bool:
        voices = {"head": self.head[0], "reader": self.reader[0], "rule": float(ruled)}
        return bool(likely(self.mixes.evidence.odds(voices)) >= self.mixes.evidence.threshold)

    def poles(self, told: float) -> tuple[float, float, float]:
        """Return how likely it is well rather than badly, with a rule's tone, then well, and badly."""
        well, badly = (
            mix.odds({"head": self.head[at], "reader": self.reader[at]})
            for at, mix in ((1, self.mixes.well), (2, self.mixes.badly))
        )
        lean = {"head": self.head[1] - self.head[2], "reader": self.reader[1] - self.reader[2], "rule": told}
        return float(likely(self.mixes.pole.odds(lean))), float(likely(well)), float(likely(badly))


def shipped_tones() -> dict[str, Head]:
    """Return the shipped heads, aspect → head."""
    return {aspect: load_head(shipped.find("models", "head-aspects", aspect))[0] for aspect in ASPECTS}


def shipped_mixes() -> dict[str, ToneMixes]:
    """Return how much the voices weigh, aspect → mixes."""
    found = load_reader().facts()["aspects"]
    return {
        aspect: ToneMixes(**{name: mix_of(facts) for name, facts in found[aspect].items()})
        for aspect in ASPECTS
    }


def tone_voices(
    texts: Sequence[str], encoder: Encoder | None = None, reader: Encoder | None = None
) -> dict[str, Voices]:
    """Return what heads and reader hear in some passages, aspect → voices.

    :param texts: the passages.
    :param encoder: the embedded encoder that the heads were trained with; loaded when left out.
    :param reader: the reader; loaded when left out.
    """
    vectors, rows = (encoder or load_encoder()).encode(texts), (reader or load_reader()).encode(texts)
    return {
        aspect: Voices(
            head.scores(texts, vectors),
            odds_of(rows, [f"{aspect}:{name}" for name in OUTPUTS]),
            looked_at(rows, [f"{aspect}:evidence"])[:, 0],
        )
        for aspect, head in shipped_tones().items()
    }


def with_tones(
    sentiment: pd.DataFrame,
    passages: pd.DataFrame,
    encoder: Encoder | None = None,
    reader: Encoder | None = None,
    voices: Mapping[str, Voices] | None = None,
    mixes: Mapping[str, ToneMixes] | None = None,
) -> pd.DataFrame:
    """Return the table "sentiment" with what heads and reader heard added to the rules' reading.

    :param sentiment: what `score_sentiment` made of the passages by rules.
    :param passages: the table "passages"; read are `passage_id`, `start`, `text` and `low_evidence`.
    :param encoder: see `tone_voices`.
    :param reader: see `tone_voices`.
    :param voices: aspect → what was heard in the passages, when that is known already.
    :param mixes: aspect → how much the voices weigh; as shipped when left out.
    """
    import numpy as np

    if passages.empty:
        return sentiment
    voices = voices or tone_voices(passages["text"].tolist(), encoder, reader)
    mixes = mixes or shipped_mixes()
    rows: list[dict[str, Any]] = [dict(row) for row in sentiment.to_dict("records")]  # type: ignore[arg-type]
    clauses = _clauses(rows)
    weak = set(passages.loc[passages["low_evidence"].astype(bool), "passage_id"])
    for aspect, heard in voices.items():
        pairs = zip(passages["passage_id"], heard.head, heard.reader, strict=True)
        tones = {key: _Tone(mixes[aspect], head, read) for key, head, read in pairs}
        ruled = {row["passage_id"] for row in rows if row["aspect"] == aspect}
        meant = {key for key, tone in tones.items() if tone.evidence(key in ruled)}
        for row in rows:
            if row["aspect"] == aspect and not _is_plain(row):
                _weigh(row, tones[row["passage_id"]], row["passage_id"] in meant)
        middles = passages["start"] + heard.looked.mean(axis=1)
        for key, middle in zip(passages["passage_id"], middles, strict=True):
            if key in meant - ruled - weak and key in clauses:
                place = _clause_at(clauses[key], middle)
                rows.append(place | {"aspect": aspect, "rule": MODEL, "words": ""} | _judged(tones[key]))
    order = np.lexsort(([row["clause"] for row in rows], _ranks(rows, passages)))
    return table("sentiment", _without_doubles([rows[place] for place in order]))


def _is_plain(row: Mapping[str, Any]) -> bool:
    """Tell whether a rule heard the aspect called by its own word and clearly judged in one clause."""
    judged = row["certain"] and row["polarity"] != "neutral"
    return bool(judged and _OWN_WORDS[row["aspect"]].search(row["words"]))


def _weigh(row: dict[str, Any], tone: _Tone, meant: bool) -> None:
    """Change a rule's row by what was heard in its passage."""
    if not meant:
        row |= {"aspect": "none", "certain": False, "rule": f"{row['rule']}, {NOT_MEANT}"}
        return
    told, sure = row["p_positive"] - row["p_negative"], row["certain"]
    row |= _judged(tone, told, row["p_neutral"])
    # A clear rule stays clear as long as nothing heard turns its sign.
    row["certain"] |= bool(sure and told * (row["p_positive"] - row["p_negative"]) > 0)


def _judged(tone: _Tone, told: float = 0.0, neutral: float = 1.0) -> dict[str, Any]:
    """Blend a rule's tone with what was heard: the sign by all, how far from neutral by the strongest."""
    share, good, bad = tone.poles(told)
    judged = max(1 - neutral, good, bad)
    positive, negative = judged * share, judged * (1 - share)
    poles = {"positive": positive, "negative": negative, "neutral": 1 - judged}
    return {
        "p_positive": positive,
        "p_negative": negative,
        "p_neutral": 1 - judged,
        "polarity": max(poles, key=lambda pole: poles[pole]),
        "certain": bool(abs(positive - negative) >= _CERTAIN or judged < 0.5),
    }


def _clauses(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Return passage → a row of each of its clauses."""
    found: dict[str, dict[int, dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["passage_id"], {}).setdefault(row["clause"], dict(row))
    return {key: list(clauses.values()) for key, clauses in found.items()}


def _clause_at(clauses: Sequence[dict[str, Any]], place: float) -> dict[str, Any]:
    """Return the clause that holds a place in the transcript, or the nearest one."""
    return min(clauses, key=lambda row: (max(row["start"] - place, place - row["end"], 0), row["start"]))


def _without_doubles(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Drop a clause's row without aspect where another row of it has one, and doubles of it."""
    spoken = {(row["passage_id"], row["clause"]) for row in rows if row["aspect"] != "none"}
    kept: list[dict[str, Any]] = []
    silent: set[tuple[str, int]] = set()
    for row in rows:
        key = (row["passage_id"], row["clause"])
        if row["aspect"] == "none":
            if key in spoken or key in silent:
                continue
            silent.add(key)
        kept.append(row)
    return kept


def _ranks(rows: Sequence[Mapping[str, Any]], passages: pd.DataFrame) -> list[int]:
    rank = {key: number for number, key in enumerate(passages["passage_id"])}
    return [rank[row["passage_id"]] for row in rows]
