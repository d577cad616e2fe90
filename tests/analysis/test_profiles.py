"""Profiles: what is counted, what stays null, and intervals that resample interviews."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kotaku_nlp.analysis.evidence import evidence_tables
from kotaku_nlp.analysis.profiles import profile_table, spoken
from kotaku_nlp.coding.codebook import parse_codebook
from kotaku_nlp.records import ASPECTS, GROUPS, PHASES, TABLES, table

BOOK = parse_codebook(
    "id: own\ndimensions:\n  - {id: trust, label: T, definition: t}\n"
    "  - {id: talk, label: D, definition: d}\n"
)


def passages(rows: list[tuple[str, str, str, str]]) -> pd.DataFrame:
    """One passage a row: transcript, informant, group, kind."""
    made = []
    for number, (transcript, informant, group, kind) in enumerate(rows, start=1):
        made.append({
            "passage_id": f"{transcript}:{number}", "transcript": transcript, "turn": number,
            "speaker": "N", "informant": informant or None, "role": "", "group": group, "kind": kind,
            "low_evidence": False, "start": 0, "end": 9, "text": "kata kata", "question": "",
            "dialect_share": 0.0,
        })  # fmt: skip
    return table("passages", made)


def alignment(frame: pd.DataFrame, trust: set[str]) -> pd.DataFrame:
    rows = []
    for passage in frame["passage_id"]:
        for dimension in ("trust", "talk", "out_of_framework"):
            hit = passage in trust if dimension == "trust" else dimension != "talk" and passage not in trust
            rows.append({
                "passage_id": passage, "codebook": "own", "dimension": dimension, "score": 0.0,
                "probability": 0.9 if hit else 0.1, "assigned": hit, "abstained": False,
                "basis": "zero_shot", "start": None, "end": None,
            })  # fmt: skip
    return table("alignment", rows)


def aspects(frame: pd.DataFrame, tones: dict[str, float]) -> pd.DataFrame:
    rows = []
    for passage in frame["passage_id"]:
        for aspect in ASPECTS:
            tone = tones.get(passage) if aspect == "coordination" else None
            rows.append({
                "passage_id": passage, "aspect": aspect,
                "polarity": "absent" if tone is None else "positive" if tone > 0 else "negative",
                "p_negative": None if tone is None else max(-tone, 0.0),
                "p_neutral": None if tone is None else 1 - abs(tone),
                "p_positive": None if tone is None else max(tone, 0.0),
            })  # fmt: skip
    return table("aspects", rows)


FIVE = passages([(f"w{i}", f"I{i}", "community", "interview") for i in range(5)] * 2)


def profile(frame: pd.DataFrame, trust: set[str], tones: dict[str, float], **more: int) -> pd.DataFrame:
    made = profile_table(frame, alignment(frame, trust), aspects(frame, tones), [BOOK], **more)
    return made.set_index(["group", "name"])


def test_a_dimension_is_the_share_of_informants_who_said_it() -> None:
    found = profile(FIVE, {"w0:1", "w0:6", "w1:2"}, {})
    row = found.loc[("community", "trust")]
    assert (row["n_passages"], row["n_informants"], row["n_interviews"]) == (3, 2, 2)
    assert (row["n_group_informants"], row["n_no_evidence"]) == (5, 7)
    assert row["value"] == pytest.approx(2 / 5)
    assert row["value_by_informant"] == pytest.approx((1 + 0.5) / 5)
    assert 0 <= row["low"] < row["value"] < row["high"] <= 1


def test_no_evidence_is_null_and_never_zero() -> None:
    found = profile(FIVE, set(), {})
    for name in ("trust", "talk", "coordination"):
        row = found.loc[("community", name)]
        assert row[["value", "value_by_informant", "low", "high"]].isna().all()
        assert row["n_no_evidence"] == 10


def test_an_aspect_is_the_mean_tone_where_there_is_evidence() -> None:
    tones = {"w0:1": 0.8, "w0:6": 0.4, "w1:2": -0.6, "w2:3": 0.2, "w3:4": 0.2}
    row = profile(FIVE, set(), tones).loc[("community", "coordination")]
    assert row["value"] == pytest.approx(np.mean(list(tones.values())))
    assert row["value_by_informant"] == pytest.approx(np.mean([0.6, -0.6, 0.2, 0.2]))
    assert (row["n_passages"], row["n_no_evidence"]) == (5, 5)
    assert row["low"] <= row["value"] <= row["high"]


def test_below_four_interviews_there_is_no_interval() -> None:
    three = FIVE[FIVE["transcript"].isin(["w0", "w1", "w2"])]
    row = profile(three, {"w0:1"}, {"w0:1": 0.5}).loc[("community", "trust")]
    assert row["value"] == pytest.approx(1 / 3)
    assert np.isnan(row["low"]) and np.isnan(row["high"])


def test_intervals_resample_interviews_not_passages() -> None:
    """One talkative interview of a hundred passages must not make the interval narrow."""
    rows = [(f"w{i}", f"I{i}", "community", "interview") for i in range(4)]
    frame = passages(rows + [("w0", "I0", "community", "interview")] * 100)
    tones = dict.fromkeys(frame["passage_id"], 1.0) | {"w1:2": -1.0, "w2:3": -1.0, "w3:4": -1.0}
    row = profile(frame, set(), tones).loc[("community", "coordination")]
    assert row["high"] - row["low"] > 0.5


def test_only_what_informants_say_in_interviews_counts() -> None:
    mixed = passages([
        ("w0", "I0", "community", "interview"), ("f0", "I9", "community", "focus_group"),
        ("o0", "", "unknown", "observation"), ("d0", "", "unknown", "document"),
    ])  # fmt: skip
    assert set(spoken(mixed)["transcript"]) == {"w0", "f0"}
    found = profile(mixed, set(mixed["passage_id"]), {})
    assert set(found.reset_index()["group"]) == {"community"}


def test_the_same_seed_gives_the_same_interval_whatever_the_order() -> None:
    tones = {"w0:1": 0.8, "w1:2": -0.6, "w2:3": 0.2, "w3:4": 0.9}
    first = profile(FIVE, {"w0:1"}, tones, seed=3)
    again = profile(FIVE.sample(frac=1, random_state=1), {"w0:1"}, tones, seed=3)
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(profile(FIVE, {"w0:1"}, tones, seed=4))


def test_an_empty_corpus_has_an_empty_profile() -> None:
    empty = passages([])
    found = profile_table(empty, alignment(empty, set()), aspects(empty, {}), [BOOK])
    assert list(found.columns) == list(TABLES["profile"]) and found.empty


def run_tables(frame: pd.DataFrame, trust: set[str], tones: dict[str, float]) -> dict[str, pd.DataFrame]:
    tables = {name: table(name, []) for name in TABLES}
    tables |= {"passages": frame, "alignment": alignment(frame, trust), "aspects": aspects(frame, tones)}
    tables["profile"] = profile_table(frame, tables["alignment"], tables["aspects"], [BOOK])
    said = [("w0:1", "involved", "self"), ("w1:2", "involved", "other"), ("w2:3", "excluded", "self")]
    tables["involvement"] = table("involvement", [
        {"passage_id": p, "actor_group": "community", "phase": "planning", "status": status, "said_by": by,
         "start": 0, "end": 4, "rule": "test"} for p, status, by in said
    ])  # fmt: skip
    return tables


def test_every_number_of_the_evidence_opens_to_as_many_passages() -> None:
    made = evidence_tables(run_tables(FIVE, {"w0:1", "w1:2"}, {"w0:1": 0.8, "w1:2": -0.6}), [BOOK])
    known = set(FIVE["passage_id"])
    for row in made["dimensions"].to_dict("records"):
        ids = row["passage_ids"].split()
        assert len(ids) == row["n_passages"] and set(ids) <= known
    for row in made["aspects"].to_dict("records"):
        for pole in ("positive", "mixed", "negative", "neutral", "uncertain"):
            assert len(row[f"{pole}_ids"].split()) == row[f"n_{pole}"]
    assert made["dimensions"].query("group == 'all' and dimension == 'trust'")["n_passages"].item() == 2
    assert len(made["quotes"]) == len(FIVE)


def test_involvement_has_a_cell_for_every_group_and_phase() -> None:
    cells = evidence_tables(run_tables(FIVE, set(), {}), [BOOK])["involvement"]
    assert len(cells) == len(GROUPS) * len(PHASES)
    planning = cells.query("actor_group == 'community' and phase == 'planning'").iloc[0]
    assert (planning["n_involved_informants"], planning["n_self_informants"]) == (2, 1)
    assert planning["n_excluded_informants"] == 1
    assert planning["involved_ids"].split() == ["w0:1", "w1:2"]  # what people say of themselves comes first
    nobody = cells.query("actor_group == 'private_sector' and phase == 'planning'").iloc[0]
    assert nobody["n_involved_passages"] == 0 and nobody["involved_ids"] == ""


def test_further_columns_of_the_informant_table_travel_along() -> None:
    details = [{"transcript": "w0", "informant": "I0", "tanggal": "2024-02-06"}]
    made = evidence_tables(run_tables(FIVE, set(), {}), [BOOK], details)["informants"]
    assert made.loc[made["informant"] == "I0", "tanggal"].item() == "2024-02-06"
    assert made["n_passages"].tolist() == [2] * 5
