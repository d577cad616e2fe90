"""What rules alone miss of who took part, and when: learned heads beside them.

Rules read who is named with which act. A head over the whole passage says which stage it tells of, and
how likely each group took part in what it tells. Together they agree better with a coder than the rules
(`models/head-involvement` has the figures). Denials and paid work stay the rules' alone. A row that a
head changed says so in `rule`: "…, heard", "…, not meant", or "model" for the speaker's own group.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kotaku_nlp import shipped
from kotaku_nlp.analysis.encoders import load_encoder
from kotaku_nlp.analysis.heads import Head, load_head
from kotaku_nlp.records import GROUPS, PHASES, table

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from kotaku_nlp.records import Encoder

    Matrix = NDArray[np.float32]

#: The stages, and last "unclear": a passage that tells of none.
STAGES = PHASES
#: Log-odds that the rules' word adds to the head's; measured out of fold with the threshold below.
_RULE_STAGE, _RULE_NAMED, _RULE_INVOLVED = 0.5, 0.5, 2.5
THRESHOLD = 0.25
MODEL, HEARD, NOT_MEANT = "model", "heard", "not meant"
_STRONGER = ("involved", "excluded", "contractual")


@dataclass(frozen=True)
class PresenceHeads:
    """The two heads: `stage` with outputs `STAGES`, `group` with outputs `GROUPS`."""

    stage: Head
    group: Head


@dataclass(frozen=True)
class Scores:
    """Log-odds of n passages: `stage` (n, 5) and `group` (n, 5)."""

    stage: Matrix
    group: Matrix


def shipped_presence() -> PresenceHeads:
    """Return the shipped heads."""
    folder = shipped.find("models", "head-involvement")
    return PresenceHeads(load_head(folder / "stage")[0], load_head(folder / "group")[0])


def presence_scores(heads: PresenceHeads, passages: pd.DataFrame, encoder: Encoder | None = None) -> Scores:
    """Score passages with both heads.

    :param heads: the heads.
    :param passages: read are `text` and `group`.
    :param encoder: the embedded encoder that the heads were trained with; loaded when left out.
    """
    texts = passages["text"].tolist()
    vectors = (encoder or load_encoder()).encode(texts)
    told = [with_speaker(text, group) for text, group in zip(texts, passages["group"], strict=True)]
    return Scores(heads.stage.scores(texts, vectors), heads.group.scores(told, vectors))


def with_speaker(text: str, group: str) -> str:
    """Return a text with its speaker's group as one more word: "kami" means another group for each."""
    return f"{text} penutur{str(group).replace('_', '')}"


def with_presence(
    involvement: pd.DataFrame,
    passages: pd.DataFrame,
    scores: Scores | None = None,
    encoder: Encoder | None = None,
) -> pd.DataFrame:
    """Return the table "involvement" with the heads' reading added to the rules'.

    :param involvement: what the rules found in the passages.
    :param passages: the table "passages"; read are `passage_id`, `text`, `group`, `start`, `end` and
        `low_evidence`.
    :param scores: scores of the passages, when they are known already.
    :param encoder: see `presence_scores`.
    """
    if passages.empty:
        return involvement
    scores = scores or presence_scores(shipped_presence(), passages, encoder)
    ids = passages["passage_id"].tolist()
    stages = dict(zip(ids, scores.stage, strict=True))
    likely = {
        key: dict(zip(GROUPS, map(float, row), strict=True))
        for key, row in zip(ids, scores.group, strict=True)
    }
    rows = []
    for row in involvement.to_dict("records"):
        phase = _stage(stages[row["passage_id"]], row["phase"])
        rows.append(row | {"phase": phase} | _status(row, likely[row["passage_id"]][row["actor_group"]]))
    named = {(row["passage_id"], row["actor_group"]) for row in rows}
    for passage in passages.to_dict("records"):
        key, group = passage["passage_id"], passage["group"]
        clear = group in GROUPS and not passage["low_evidence"] and likely[key][group] > THRESHOLD
        if clear and (key, group) not in named:
            rows.append(_own(passage, _stage(stages[key], "unclear")))
    return table("involvement", _tidy(rows, ids))


def _stage(scores: Matrix, told: str) -> str:
    """Return the stage by head and rule; where no cue told one, the head may say that there is none."""
    if told not in STAGES[:-1]:
        return STAGES[int(scores.argmax())]
    sums = [
        float(score) + _RULE_STAGE * (stage == told)
        for stage, score in zip(STAGES[:-1], scores, strict=False)
    ]
    return STAGES[sums.index(max(sums))]


def _status(row: Mapping[Any, Any], score: float) -> dict[str, str]:
    if row["status"] == "mentioned" and score + _RULE_NAMED > THRESHOLD:
        return {"status": "involved", "rule": f"{row['rule']}, {HEARD}"}
    if row["status"] == "involved" and score + _RULE_INVOLVED < THRESHOLD:
        return {"status": "mentioned", "rule": f"{row['rule']}, {NOT_MEANT}"}
    return {}


def _own(passage: Mapping[Any, Any], phase: str) -> dict[Any, Any]:
    return {
        "passage_id": passage["passage_id"], "actor_group": passage["group"], "phase": phase,
        "status": "involved", "said_by": "self", "start": passage["start"], "end": passage["end"],
        "rule": MODEL,
    }  # fmt: skip


def _tidy(rows: Sequence[Mapping[Any, Any]], ids: Sequence[str]) -> list[dict[Any, Any]]:
    """Keep one row per passage, group, phase and status; a bare mention only where nothing more is said."""
    more = {(row["passage_id"], row["actor_group"]) for row in rows if row["status"] in _STRONGER}
    rank = {key: number for number, key in enumerate(ids)}
    kept: dict[tuple[Any, ...], dict[Any, Any]] = {}
    for row in sorted(rows, key=lambda row: rank[row["passage_id"]]):
        place = (row["passage_id"], row["actor_group"])
        if row["status"] in _STRONGER or place not in more:
            kept.setdefault((*place, row["phase"], row["status"]), dict(row))
    return list(kept.values())
