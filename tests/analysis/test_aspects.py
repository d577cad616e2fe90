"""A passage speaks well of one aspect and badly of another, or says nothing: all three are answers."""

from __future__ import annotations

import pandas as pd

from kotaku_nlp.analysis.aspects import aspect_table
from kotaku_nlp.analysis.sentiment import score_sentiment
from kotaku_nlp.records import ASPECTS, TABLES


def judge(*texts: str) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "passage_id": [f"b:{number}" for number in range(len(texts))],
            "informant": "HR",
            "start": 0,
            "end": [len(text) for text in texts],
            "text": list(texts),
        }
    )
    return aspect_table(score_sentiment(frame), frame)


def answers(text: str) -> dict[str, str]:
    table = judge(text)
    return dict(zip(table["aspect"], table["polarity"], strict=True))


def test_good_cooperation_and_poor_coordination_in_one_sentence() -> None:
    found = answers("Kerja samanya baik, tapi koordinasinya masih kurang.")
    assert found == {"cooperation": "positive", "coordination": "negative", "communication": "absent"}


def test_silence_is_absent_and_has_no_probabilities() -> None:
    table = judge("Sumur kami asin sejak kemarau, jadi beli air galon.")
    assert (table["polarity"] == "absent").all()
    assert table[["p_negative", "p_neutral", "p_positive"]].isna().all().all()


def test_both_poles_are_mixed() -> None:
    text = "Undangan selalu sampai. Grup WA cepat dibalas. Usulan tidak pernah ditanggapi. Info simpang siur."
    assert answers(text)["communication"] == "mixed"


def test_named_without_judgement_is_neutral() -> None:
    assert answers("Sosialisasi diadakan hari Senin di balai.")["communication"] == "neutral"


def test_hearsay_alone_is_uncertain() -> None:
    assert answers("Katanya sih transparan.")["communication"] == "uncertain"


def test_every_passage_and_aspect_in_order() -> None:
    table = judge("Kompak nian kami.", "Rapatnya rutin.")
    assert table["passage_id"].to_list() == ["b:0"] * 3 + ["b:1"] * 3
    assert table["aspect"].to_list() == list(ASPECTS) * 2
    assert list(table.columns) == list(TABLES["aspects"])


def test_probabilities_sum_to_one_where_there_is_evidence() -> None:
    table = judge("Koordinasinya lancar, cuma info sering telat.", "Kami kompak.")
    present = table[table["polarity"] != "absent"]
    sums = present[["p_negative", "p_neutral", "p_positive"]].sum(axis=1)
    assert len(present) >= 3
    assert ((sums - 1).abs() < 1e-9).all()


def test_no_passages() -> None:
    table = judge()
    assert table.empty
    assert list(table.columns) == list(TABLES["aspects"])
