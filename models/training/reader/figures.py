"""Figures of the reader on dev, from weights that were chosen without the author they are measured on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from fits import taken
from heard import Dev, dimensions_of
from labels import marked
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from kotaku_nlp.analysis.aspects import aspect_table
from kotaku_nlp.analysis.heads import mean_kappa, strongest
from kotaku_nlp.analysis.mixing import Mix, likely
from kotaku_nlp.analysis.presence import PresenceMixes, with_presence
from kotaku_nlp.analysis.presence import Voices as Present
from kotaku_nlp.analysis.reader import BOOKS, STATUSES, looked_at, said_in
from kotaku_nlp.analysis.tones import ToneMixes, with_tones
from kotaku_nlp.analysis.tones import Voices as Toned
from kotaku_nlp.records import ASPECTS, GROUPS, PHASES

Rows = NDArray[np.intp]
POLARITIES = ("positive", "negative", "mixed", "neutral")


def dimension_figures(dev: Dev, fitted: Sequence[tuple[Rows, Mapping[str, Mix]]]) -> dict[str, Any]:
    """Return κ, F1 of "out of framework", Brier skill and calibration, codebook by codebook.

    :param dev: dev as heard.
    :param fitted: passages, and the mixes that were chosen without them.
    """
    found = {}
    for book, voices in dev.dimensions.items():
        truth = dev.labels(*dimensions_of(book))
        chance, said = np.zeros(truth.shape), np.zeros(truth.shape, dtype=bool)
        for rows, mixes in fitted:
            chance[rows] = likely(mixes[book].odds(taken(voices, rows)))
            said[rows] = strongest(chance[rows], mixes[book].threshold, 2)
        base = truth.mean(axis=0)
        spread = base * (1 - base)
        sure = chance >= 0.5
        found[book] = {
            "kappa": _round(mean_kappa(truth, said)),
            "out_of_framework_f1": _round(f1_score(~truth.any(axis=1), ~said.any(axis=1))),
            "brier_skill": _round(
                np.mean(1 - ((chance - truth) ** 2).mean(axis=0)[spread > 0] / spread[spread > 0])
            ),
            "sure": {
                "pairs": int(sure.sum()),
                "mean": _round(chance[sure].mean()),
                "hits": _round(truth[sure].mean()),
            },
        }
    return found


def tone_figures(dev: Dev, fitted: Sequence[tuple[Rows, Mapping[str, ToneMixes]]]) -> dict[str, Any]:
    """Return F1 of evidence, macro-F1 of polarity and accuracy of the pole, end to end, aspect by aspect.

    :param dev: dev as heard.
    :param fitted: passages, and the mixes that were chosen without them.
    """
    parts = []
    for rows, mixes in fitted:
        voices = {
            aspect: Toned(heard.head[rows], heard.reader[rows], heard.looked[rows])
            for aspect, heard in dev.tones.items()
        }
        passages = dev.passages.iloc[rows]
        told = dev.sentiment[dev.sentiment["passage_id"].isin(passages["passage_id"])]
        parts.append(aspect_table(with_tones(told, passages, voices=voices, mixes=mixes), passages))
    polarity = pd.concat(parts).set_index(["aspect", "passage_id"])["polarity"]
    ids = dev.passages["passage_id"].tolist()
    return {aspect: _tone(polarity[aspect].loc[ids].to_numpy(str), _coded(dev, aspect)) for aspect in ASPECTS}


def _coded(dev: Dev, aspect: str) -> NDArray[np.str_]:
    there, well, badly = dev.labels(*(f"{aspect}:{name}" for name in ("evidence", "well", "badly"))).T
    names = np.select(
        [well & badly, well, badly, there], ["mixed", "positive", "negative", "neutral"], "absent"
    )
    return names


def _tone(found: NDArray[np.str_], coded: NDArray[np.str_]) -> dict[str, float]:
    there = coded != "absent"
    both = np.isin(coded, POLARITIES[:2]) & np.isin(found, POLARITIES[:2])
    macro = f1_score(coded[there], found[there], labels=POLARITIES, average="macro", zero_division=0)
    return {
        "evidence_f1": _round(f1_score(there, found != "absent")),
        "polarity_macro_f1": _round(macro),
        "pole_accuracy": _round((coded[both] == found[both]).mean()),
        "pole_passages": int(both.sum()),
        "five_way_kappa": _round(_kappa(coded, found)),
    }


def _kappa(coded: NDArray[np.str_], found: NDArray[np.str_]) -> float:
    from sklearn.metrics import cohen_kappa_score

    return float(cohen_kappa_score(coded, found))


def involvement_figures(dev: Dev, fitted: Sequence[tuple[Rows, PresenceMixes]]) -> dict[str, Any]:
    """Return F1 of pairs and triples, end to end, status by status, and who is wrongly called involved.

    :param dev: dev as heard.
    :param fitted: passages, and the mixes that were chosen without them.
    """
    parts = []
    for rows, mixes in fitted:
        own = dev.presence
        voices = Present(taken(own.stage, rows), own.took[rows], own.actors[rows], own.looked[rows])
        passages = dev.passages.iloc[rows]
        told = dev.involvement[dev.involvement["passage_id"].isin(passages["passage_id"])]
        parts.append(with_presence(told, passages, voices=voices, mixes=mixes))
    found, coded = _acts(pd.concat(parts)), _coded_acts(dev)
    pairs = {act[:2] + act[3:] for act in found}, {act[:2] + act[3:] for act in coded}
    by_status = {
        status: _f1(
            {act for act in pairs[0] if act[2] == status}, {act for act in pairs[1] if act[2] == status}
        )
        for status in STATUSES
    }
    others = {act[:2] for act in pairs[1] if act[2] != STATUSES[0]}
    others -= {act[:2] for act in pairs[1] if act[2] == STATUSES[0]}
    wrong = {act[:2] for act in pairs[0] if act[2] == STATUSES[0]} & others
    return {
        "pairs": _f1(*pairs),
        "triples": _f1(found, coded),
        "pairs_by_status": by_status,
        "left_out_or_paid_called_involved": _round(len(wrong) / max(len(others), 1)),
        "left_out_or_paid": len(others),
    }


def _acts(frame: pd.DataFrame) -> set[tuple[str, ...]]:
    columns = [frame[name].astype(str) for name in ("passage_id", "actor_group", "phase", "status")]
    return {act for act in zip(*columns, strict=True) if act[3] in STATUSES}


def _coded_acts(dev: Dev) -> set[tuple[str, ...]]:
    return {
        (row["id"], act["actor_group"], act["phase"] if act["phase"] in PHASES else PHASES[-1], act["status"])
        for row in dev.rows
        for act in row["involvement"]
        if act["actor_group"] in GROUPS
    }


def _f1(found: set[Any], coded: set[Any]) -> dict[str, float]:
    both = len(found & coded)
    return {
        "precision": _round(both / max(len(found), 1)),
        "recall": _round(both / max(len(coded), 1)),
        "f1": _round(2 * both / max(len(found) + len(coded), 1)),
        "coded": len(coded),
    }


def place_figures(dev: Dev) -> dict[str, float]:
    """Return how well the sentences looked at cover the marked words, over the dimensions that were coded.

    :param dev: dev as heard.
    """
    names = [name for book in BOOKS for name in dimensions_of(book)]
    looked = looked_at(dev.read_off, names)
    overlaps, hits = [], []
    for number, row in enumerate(dev.rows):
        for name, spans in marked(row).items():
            if name in names:
                start, end = said_in(row["text"], looked[number, names.index(name)].tolist())
                want = {place for span in spans for place in range(*span)}
                shared = len(want & set(range(start, end)))
                overlaps.append(2 * shared / (len(want) + end - start))
                hits.append(shared > 0)
    return {"overlap_f1": _round(np.mean(overlaps)), "touches": _round(np.mean(hits)), "spans": len(hits)}


def _round(value: float) -> float:
    return round(float(value), 3)
