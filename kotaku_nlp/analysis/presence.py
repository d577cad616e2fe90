"""What rules alone miss of who took part, and when: learned voices beside them.

Rules read who is named with which act. Two heads and the reader hear from the whole passage which stage it
tells of, and which group took part in it, was left out of it, or worked in it for pay. Together they agree
better with a coder than any alone (`models/reader-id` has the figures and how much each weighs). Who was
perhaps left out or paid is not called involved. A row that was changed says so in `rule`: "…, heard", "…, not
meant", or "model" for what no rule found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kotaku_nlp import shipped
from kotaku_nlp.analysis.encoders import load_encoder
from kotaku_nlp.analysis.heads import Head, load_head
from kotaku_nlp.analysis.mixing import Mix, likely, mix_of
from kotaku_nlp.analysis.reader import ACTORS, SPEAKERS, STATUSES, load_reader, looked_at, odds_of, said_in
from kotaku_nlp.records import GROUPS, PHASES, table

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from kotaku_nlp.records import Encoder

    Matrix = NDArray[np.float32]

#: The stages, and last "unclear": a passage that tells of none.
STAGES = PHASES
MODEL, HEARD, NOT_MEANT = "model", "heard", "not meant"
_MENTIONED = "mentioned"
Row = dict[Any, Any]


@dataclass(frozen=True)
class PresenceHeads:
    """The two heads: `stage` with outputs `STAGES`, `group` with outputs `GROUPS`."""

    stage: Head
    group: Head


@dataclass(frozen=True)
class PresenceMixes:
    """How much the voices weigh.

    :param stage: voices "reader", "head", "rule"; the likeliest stage is taken.
    :param statuses: by status; voices "reader", for the involved "head" too, and the rules' word by status.
    :param doubts: from which probability of being left out, or of being paid, nobody is called involved.
    """

    stage: Mix
    statuses: Mapping[str, Mix]
    doubts: Mapping[str, float]


@dataclass(frozen=True)
class Voices:
    """What heads and reader heard in n passages.

    :param stage: voice → (n, 5) log-odds of `STAGES`.
    :param took: (n, 5) log-odds that each of `GROUPS` took part, by the head.
    :param actors: (n, 5, 3) log-odds of `GROUPS` × `STATUSES`, by the reader.
    :param looked: where the reader looked for them, (n, 5, 3, 2) offsets into the passages.
    """

    stage: Mapping[str, Matrix]
    took: Matrix
    actors: Matrix
    looked: NDArray[np.int64]


def shipped_presence() -> PresenceHeads:
    """Return the shipped heads."""
    folder = shipped.find("models", "head-involvement")
    return PresenceHeads(load_head(folder / "stage")[0], load_head(folder / "group")[0])


def shipped_presence_mixes() -> PresenceMixes:
    """Return how much the voices weigh, as shipped."""
    found = load_reader().facts()["involvement"]
    statuses = {status: mix_of(found["statuses"][status]) for status in STATUSES}
    return PresenceMixes(mix_of(found["stage"]), statuses, found["doubts"])


def presence_voices(
    passages: pd.DataFrame, encoder: Encoder | None = None, reader: Encoder | None = None
) -> Voices:
    """Return what heads and reader hear in passages.

    :param passages: read are `text` and `group`.
    :param encoder: the embedded encoder that the heads were trained with; loaded when left out.
    :param reader: the reader; loaded when left out.
    """
    import numpy as np

    texts, heads = passages["text"].tolist(), shipped_presence()
    vectors, rows = (encoder or load_encoder()).encode(texts), (reader or load_reader()).encode(texts)
    told = [with_speaker(text, group) for text, group in zip(texts, passages["group"], strict=True)]
    by = np.array([SPEAKERS.index(group if group in GROUPS else SPEAKERS[-1]) for group in passages["group"]])
    names = [f"actor:{speaker}:{actor}" for speaker in SPEAKERS for actor in ACTORS]
    shape = (len(texts), len(SPEAKERS), len(GROUPS), len(STATUSES))
    each = np.arange(len(texts))
    return Voices(
        {
            "head": heads.stage.scores(texts, vectors),
            "reader": odds_of(rows, [f"stage:{stage}" for stage in STAGES]),
        },
        heads.group.scores(told, vectors),
        odds_of(rows, names).reshape(shape)[each, by],
        looked_at(rows, names).reshape(*shape, 2)[each, by],
    )


def with_speaker(text: str, group: str) -> str:
    """Return a text with its speaker's group as one more word: "kami" means another group for each."""
    return f"{text} penutur{str(group).replace('_', '')}"


def with_presence(
    involvement: pd.DataFrame,
    passages: pd.DataFrame,
    encoder: Encoder | None = None,
    reader: Encoder | None = None,
    voices: Voices | None = None,
    mixes: PresenceMixes | None = None,
) -> pd.DataFrame:
    """Return the table "involvement" with what heads and reader heard added to the rules' reading.

    :param involvement: what the rules found in the passages.
    :param passages: the table "passages"; read are `passage_id`, `text`, `group`, `start` and
        `low_evidence`.
    :param encoder: see `presence_voices`.
    :param reader: see `presence_voices`.
    :param voices: what was heard in the passages, when that is known already.
    :param mixes: how much the voices weigh; as shipped when left out.
    """
    if passages.empty:
        return involvement
    voices = voices or presence_voices(passages, encoder, reader)
    mixes = mixes or shipped_presence_mixes()
    found: dict[tuple[str, str], list[Row]] = {}
    for row in involvement.to_dict("records"):
        found.setdefault((row["passage_id"], row["actor_group"]), []).append(dict(row))
    ids = passages["passage_id"].tolist()
    chances = _chances(found, ids, voices, mixes)
    said = statuses_said(chances, mixes)
    rows: list[Row] = []
    for number, passage in enumerate(passages.to_dict("records")):
        stages = {name: odds[number] for name, odds in voices.stage.items()}
        for column, group in enumerate(GROUPS):
            order = (-chances[number, column]).argsort(kind="stable")
            holds = [STATUSES[at] for at in order if said[number, column, at]]
            own = found.get((passage["passage_id"], group), [])
            told = list(_told(own, holds))
            if not passage["low_evidence"]:
                have = {row["status"] for row in told}
                looked = dict(zip(STATUSES, voices.looked[number, column].tolist(), strict=True))
                told += [_new(passage, group, one, looked[one]) for one in holds if one not in have]
            rows += [row | {"phase": _stage(stages, row["phase"], mixes.stage)} for row in told]
    return table("involvement", _tidy(rows))


def rule_words(found: Mapping[tuple[str, str], Sequence[Row]], ids: Sequence[str]) -> dict[str, Matrix]:
    """Return status → (n, 5): 1 where the rules say it of a group in a passage.

    :param found: passage and group → rows of the rules.
    :param ids: n passages.
    """
    import numpy as np

    said = {status: np.zeros((len(ids), len(GROUPS)), np.float32) for status in (*STATUSES, _MENTIONED)}
    place = {key: number for number, key in enumerate(ids)}
    for (key, group), rows in found.items():
        for row in rows:
            said[row["status"]][place[key], GROUPS.index(group)] = 1
    return said


def _chances(
    found: Mapping[tuple[str, str], Sequence[Row]], ids: Sequence[str], voices: Voices, mixes: PresenceMixes
) -> Matrix:
    """Return the probability of every status of every group, (n, 5, 3)."""
    import numpy as np

    words = rule_words(found, ids)
    odds = [
        mixes.statuses[status].odds(words | {"head": voices.took, "reader": voices.actors[..., at]})
        for at, status in enumerate(STATUSES)
    ]
    return likely(np.stack(odds, axis=-1))


def statuses_said(chances: Matrix, mixes: PresenceMixes) -> NDArray[np.bool_]:
    """Return which statuses hold; who may well have been left out or paid is not called involved.

    :param chances: (n, 5, 3) probabilities of `GROUPS` × `STATUSES`.
    :param mixes: thresholds and doubts.
    """
    import numpy as np

    said = np.stack(
        [chances[..., at] >= mixes.statuses[status].threshold for at, status in enumerate(STATUSES)], axis=-1
    )
    for at, status in enumerate(STATUSES):
        if status in mixes.doubts:
            said[..., 0] &= chances[..., at] < mixes.doubts[status]
    return said


def _told(rows: Sequence[Row], holds: Sequence[str]) -> Iterator[Row]:
    """Yield the rules' rows of one group in one passage, with the statuses that hold."""
    missing = [status for status in holds if status not in {row["status"] for row in rows}]
    for row in rows:
        if row["status"] in holds:
            yield row
        elif missing:
            yield row | {"status": missing[0], "rule": f"{row['rule']}, {HEARD}"}
        elif row["status"] == _MENTIONED:
            yield row
        else:
            yield row | {"status": _MENTIONED, "rule": f"{row['rule']}, {NOT_MEANT}"}


def _new(passage: Mapping[Any, Any], group: str, status: str, looked: Sequence[int]) -> Row:
    start, end = said_in(passage["text"], looked)
    return {
        "passage_id": passage["passage_id"], "actor_group": group, "phase": STAGES[-1], "status": status,
        "said_by": "self" if passage["group"] == group else "other",
        "start": passage["start"] + start, "end": passage["start"] + end, "rule": MODEL,
    }  # fmt: skip


def _stage(stages: Mapping[str, Matrix], told: str, mix: Mix) -> str:
    """Return the stage by all voices; where no cue told one, they may say that there is none."""
    cue = [float(stage == told and stage != STAGES[-1]) for stage in STAGES]
    odds = mix.odds({**stages, "rule": cue})
    return STAGES[int((odds[:-1] if any(cue) else odds).argmax())]


def _tidy(rows: Sequence[Row]) -> list[Row]:
    """Keep one row per passage, group, phase and status; a bare mention only where nothing more is said."""
    more = {(row["passage_id"], row["actor_group"]) for row in rows if row["status"] in STATUSES}
    kept: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        place = (row["passage_id"], row["actor_group"])
        if row["status"] in STATUSES or place not in more:
            kept.setdefault((*place, row["phase"], row["status"]), row)
    return list(kept.values())
