"""Tone by rules and head together: what is said without the words, and words meant otherwise."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kotaku_nlp.analysis.aspects import aspect_table
from kotaku_nlp.analysis.sentiment import score_sentiment
from kotaku_nlp.analysis.tones import MODEL, OUTPUTS, shipped_tones, with_tones
from kotaku_nlp.records import ASPECTS, TABLES

UNSAID = (
    "Tiga kali kami kirim surat ke kantor itu. Sampai hari ini tidak ada yang membalas, "
    "ditelepon pun dimatikan."
)
WAITING = (
    "Orang pipa datang menggali lagi bulan depannya, padahal jalan baru kami cor. "
    "Tidak ada yang mengatur giliran."
)
BOTH = "Kerja samanya baik, tapi koordinasinya masih kurang."
WEDDING = "Anak saya kawin bulan depan, jadi sibuk koordinasi hajatan sama besan, pesan tenda, pesan orgen."
FISH = "Ikan nila sekarang tiga puluh ribu sekilo, minyak goreng naik terus."


def frame(texts: list[str]) -> pd.DataFrame:
    made = pd.DataFrame({"passage_id": [f"w:{n}" for n in range(len(texts))], "text": texts})
    return made.assign(start=[1000 * n for n in range(len(texts))], low_evidence=False)


@pytest.fixture(scope="module")
def judged() -> tuple[pd.DataFrame, pd.DataFrame]:
    passages = frame([UNSAID, WAITING, BOTH, WEDDING, FISH])
    sentiment = with_tones(score_sentiment(passages), passages)
    return sentiment, aspect_table(sentiment, passages).set_index(["passage_id", "aspect"])


def test_a_complaint_without_the_word_is_heard(judged: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    _, aspects = judged
    assert aspects.loc[("w:0", "communication"), "polarity"] == "negative"
    assert aspects.loc[("w:1", "coordination"), "polarity"] == "negative"


def test_both_poles_of_one_sentence_are_kept_apart(judged: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    _, aspects = judged
    assert aspects.loc[("w:2", "cooperation"), "polarity"] == "positive"
    assert aspects.loc[("w:2", "coordination"), "polarity"] == "negative"


def test_talk_of_fish_speaks_of_no_aspect(judged: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    _, aspects = judged
    assert set(aspects.loc["w:4", "polarity"]) == {"absent"}
    assert aspects.loc["w:4", "p_positive"].isna().all()


def test_rows_stay_well_formed_and_slice_into_the_transcript(
    judged: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    sentiment, _ = judged
    texts = [UNSAID, WAITING, BOTH, WEDDING, FISH]
    assert list(sentiment.columns) == list(TABLES["sentiment"])
    total = sentiment[["p_negative", "p_neutral", "p_positive"]].sum(axis=1)
    assert np.allclose(total, 1)
    for row in sentiment.itertuples():
        number = int(str(row.passage_id).split(":")[1])
        assert texts[number][row.start - 1000 * number : row.end - 1000 * number].strip()
    assert not sentiment.duplicated(["passage_id", "clause", "aspect"]).any()
    order = sentiment["passage_id"].map({f"w:{n}": n for n in range(5)})
    assert order.is_monotonic_increasing


def test_every_clause_keeps_a_row(judged: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    sentiment, _ = judged
    by_rules = score_sentiment(frame([UNSAID, WAITING, BOTH, WEDDING, FISH]))
    places = {(row.passage_id, row.clause) for row in by_rules.itertuples()}
    assert {(row.passage_id, row.clause) for row in sentiment.itertuples()} == places


def test_the_row_says_who_spoke(judged: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    sentiment, _ = judged
    heard = sentiment[sentiment["rule"] == MODEL]
    assert len(heard) and (heard["words"] == "").all()


def test_a_bare_yes_is_given_no_tone_by_the_head() -> None:
    passages = frame([UNSAID]).assign(low_evidence=True)
    sentiment = with_tones(score_sentiment(passages), passages)
    assert not (sentiment["rule"] == MODEL).any()


def test_the_order_of_passages_changes_nothing() -> None:
    passages = frame([UNSAID, WAITING, BOTH, WEDDING, FISH])
    turned = passages.iloc[::-1].reset_index(drop=True)
    keys = ["passage_id", "clause", "aspect"]
    first = with_tones(score_sentiment(passages), passages).sort_values(keys, ignore_index=True)
    again = with_tones(score_sentiment(turned), turned).sort_values(keys, ignore_index=True)
    pd.testing.assert_frame_equal(first, again, check_exact=False, atol=1e-5)


def test_nothing_to_judge() -> None:
    empty = frame([])
    assert with_tones(score_sentiment(empty), empty).empty


def test_the_heads_say_how_well_they_hear() -> None:
    heads = shipped_tones()
    assert tuple(heads) == ASPECTS
    for tone in heads.values():
        assert tone.names == OUTPUTS
