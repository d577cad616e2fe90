"""Who took part, by rules and heads together: denials and paid work stay what the rules say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from kotaku_nlp.analysis.involvement import involvement_table
from kotaku_nlp.analysis.presence import (
    MODEL,
    presence_voices,
    shipped_presence_mixes,
    statuses_said,
    with_presence,
)
from kotaku_nlp.records import GROUPS, PHASES, TABLES

LEFT_OUT = "Kami ni dak pernah diajak waktu nyusun rencananya, tau-tau la ado tukang di depan rumah."
MAPPED = (
    "Malam itu dari RT sampai ibu-ibu duduk semua di balai, gambar petanya ditempel, "
    "tiap orang nunjuk gang mana dulu."
)
PAID = "Turapnya dikerjakan kontraktor, mereka dibayar dari kontrak balai, pekerjanya dari luar."
FISH = "Ikan nila sekarang tiga puluh ribu sekilo, minyak goreng naik terus."
TEXTS = [LEFT_OUT, MAPPED, PAID, FISH]


def frame(texts: list[str], group: str = "community") -> pd.DataFrame:
    made = pd.DataFrame({"passage_id": [f"w:{n}" for n in range(len(texts))], "text": texts})
    starts = [1000 * n for n in range(len(texts))]
    ends = [start + len(text) for start, text in zip(starts, texts, strict=True)]
    return made.assign(group=group, start=starts, end=ends, low_evidence=False, question="")


@pytest.fixture(scope="module")
def told() -> pd.DataFrame:
    return with_presence(involvement_table(frame(TEXTS)), frame(TEXTS))


def statuses(told: pd.DataFrame, passage: str, group: str) -> set[str]:
    return set(told.loc[(told["passage_id"] == passage) & (told["actor_group"] == group), "status"])


def test_a_denial_stays_a_denial(told: pd.DataFrame) -> None:
    assert statuses(told, "w:0", "community") == {"excluded"}


def test_paid_work_stays_paid_work(told: pd.DataFrame) -> None:
    assert "contractual" in statuses(told, "w:2", "private_sector")
    assert "involved" not in statuses(told, "w:2", "private_sector")


def test_mapping_together_is_taking_part_in_planning(told: pd.DataFrame) -> None:
    own = told[(told["passage_id"] == "w:1") & (told["actor_group"] == "community")]
    assert "involved" in set(own["status"]) and "planning" in set(own["phase"])


def test_talk_of_fish_involves_nobody(told: pd.DataFrame) -> None:
    assert not statuses(told, "w:3", "community") & {"involved", "excluded", "contractual"}


def test_rows_are_well_formed(told: pd.DataFrame) -> None:
    assert list(told.columns) == list(TABLES["involvement"])
    assert set(told["phase"]) <= set(PHASES) and set(told["actor_group"]) <= set(GROUPS)
    assert not told.duplicated(["passage_id", "actor_group", "phase", "status"]).any()
    for row in told.itertuples():
        number = int(str(row.passage_id).split(":")[1])
        assert TEXTS[number][row.start - 1000 * number : row.end - 1000 * number].strip()


def test_an_unknown_speaker_gets_no_row_of_their_own() -> None:
    passages = frame(TEXTS, "unknown")
    found = with_presence(involvement_table(passages), passages)
    assert not (found["said_by"] == "self").any()


def test_low_evidence_adds_nothing() -> None:
    passages = frame(TEXTS).assign(low_evidence=True)
    assert not (with_presence(involvement_table(passages), passages)["rule"] == MODEL).any()


def test_the_order_of_passages_changes_nothing() -> None:
    passages = frame(TEXTS)
    turned = passages.iloc[::-1].reset_index(drop=True)
    keys = list(TABLES["involvement"])
    first, again = (
        with_presence(involvement_table(f), f).sort_values(keys, ignore_index=True)
        for f in (passages, turned)
    )
    pd.testing.assert_frame_equal(first, again)


def test_given_scores_are_used() -> None:
    passages = frame(TEXTS)
    voices = presence_voices(passages)
    loud = replace(voices, took=voices.took + 50)
    found = with_presence(involvement_table(passages), passages, voices=loud)
    assert "involved" in statuses(found, "w:3", "community")


def test_who_may_have_been_left_out_is_not_called_involved() -> None:
    mixes = shipped_presence_mixes()
    sure = np.array([[[0.9, 0.0, 0.0], [0.9, 0.9, 0.0], [0.9, 0.0, 0.9], [0.0, 0.9, 0.0], [0.0, 0.0, 0.0]]])
    said = statuses_said(sure, mixes)[0].tolist()
    assert said == [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 0], [0, 0, 0]]


def test_a_row_that_no_rule_found_quotes_the_sentence_and_says_by_whose_word() -> None:
    passages = frame([f"{FISH} {MAPPED}"], "government")
    voices = presence_voices(passages)
    found = with_presence(involvement_table(passages).iloc[:0], passages, voices=voices)
    assert len(found) and set(found["rule"]) == {MODEL}
    for row in found.itertuples():
        assert row.said_by == ("self" if row.actor_group == "government" else "other")
        assert "gambar petanya" in f"{FISH} {MAPPED}"[row.start : row.end]


def test_nothing_to_read() -> None:
    empty = frame([])
    assert with_presence(involvement_table(empty), empty).empty
