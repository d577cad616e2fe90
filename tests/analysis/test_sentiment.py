"""Clauses are judged as a careful reader would: the traps of spoken Indonesian as behaviour."""

from __future__ import annotations

import time

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotaku_nlp.analysis.sentiment import score_sentiment
from kotaku_nlp.records import TABLES


def passages(*texts: str, start: int = 0) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "passage_id": [f"a:{number}" for number in range(len(texts))],
            "informant": ["SN"] * len(texts),
            "start": [start] * len(texts),
            "end": [start + len(text) for text in texts],
            "text": list(texts),
        }
    )


def leaning(text: str, aspect: str) -> str:
    """Say how a text speaks of an aspect, over all its clauses: the side with more mass."""
    rows = score_sentiment(passages(text))
    rows = rows[rows["aspect"] == aspect]
    if rows.empty:
        return "absent"
    net = float((rows["p_positive"] - rows["p_negative"]).sum())
    return "positive" if net > 0.1 else "negative" if net < -0.1 else "neutral"


@pytest.mark.parametrize(
    ("text", "aspect", "expected"),
    [
        ("Tidak hanya rapat rutin, tapi juga turun langsung ke lapangan.", "coordination", "positive"),
        ("Harusnya ada rapat rutin.", "coordination", "negative"),
        ("Bukannya tidak dilibatkan, cuma undangannya dadakan.", "communication", "negative"),
        ("Tidak kurang koordinasi kami.", "coordination", "positive"),
        ("Bukan masalah komunikasi, tapi dana.", "communication", "neutral"),
        ("Kami koordinasi ke RT soal undangan.", "coordination", "absent"),
        ("Kami tidak pernah ribut.", "cooperation", "positive"),
        ("Depan pasar itu jalan satu arah.", "communication", "absent"),
        ("Komunikasi dari kantor itu satu arah.", "communication", "negative"),
        ("Anak-anak diajari cuci tangan pakai sabun.", "coordination", "absent"),
        ("Begitu ada masalah, dinas cuci tangan.", "coordination", "negative"),
        ("Saluran di belakang tertutup sampah.", "communication", "absent"),
        ("Pengurusnya tertutup soal uang.", "communication", "negative"),
        ("Kalau pagi jalan macet di simpang itu.", "coordination", "absent"),
        ("Sejak camat pindah programnya macet.", "coordination", "negative"),
        ("Katanya sih transparan.", "communication", "negative"),
        ("Rajin datang kalau ada wartawan.", "coordination", "negative"),
        ("Awalnya rapat rutin, lama-lama jarang rapat.", "coordination", "negative"),
        ("Dulu jalan sendiri-sendiri, sekarang sudah satu pintu.", "coordination", "positive"),
        ("Semoga ke depan komunikasinya lebih baik.", "communication", "negative"),
        ("Meskipun surat sering telat, pesan di grup cepat dibalas.", "communication", "positive"),
        ("Koordinasi dengan dinas sudah bagus.", "coordination", "positive"),
        ("Koordinasi dengan dinas belum bagus.", "coordination", "negative"),
        ("Kito dak pernah diajak rapat, tahu-tahu la dipasang patok.", "communication", "negative"),
        ("Kompak nian ibu-ibu lorong kami.", "cooperation", "positive"),
        ("Begawe dewek-dewek, dakdo koordinasi.", "coordination", "negative"),
        ("Tidak ada yang mengoordinir di lapangan.", "coordination", "negative"),
        ("Jangan sampai tumpang tindih lagi.", "coordination", "negative"),
        ("Informasi dari dinas sering terlambat.", "communication", "negative"),
        ("Gotong royong sekarang sudah jarang.", "cooperation", "negative"),
        ("Koordinasinya sih ada, tapi masih kurang.", "coordination", "negative"),
        ("Tidak ada tumpang tindih antara dinas.", "coordination", "positive"),
        ("Usulannya ditampung, katanya.", "communication", "negative"),
        ("Sumur kami asin sejak kemarau.", "coordination", "absent"),
    ],
)
def test_traps(text: str, aspect: str, expected: str) -> None:
    assert leaning(text, aspect) == expected


def test_one_sentence_gives_both_poles() -> None:
    text = "Kerja samanya baik, tapi koordinasinya masih kurang."
    assert leaning(text, "cooperation") == "positive"
    assert leaning(text, "coordination") == "negative"


def test_kurang_lebih_is_no_negation() -> None:
    assert leaning("Kurang lebih sebulan sekali kami rapat rutin.", "coordination") == "positive"


@pytest.mark.parametrize("praised", ["koordinasi", "komunikasi", "kerja sama"])
def test_negation_turns_the_sign(praised: str) -> None:
    aspect = {"koordinasi": "coordination", "komunikasi": "communication", "kerja sama": "cooperation"}
    good = leaning(f"Menurut saya {praised} di sini memuaskan.", aspect[praised])
    bad = leaning(f"Menurut saya {praised} di sini tidak memuaskan.", aspect[praised])
    assert (good, bad) == ("positive", "negative")


def test_the_part_after_but_weighs_double() -> None:
    after = score_sentiment(passages("Komunikasinya lancar, tapi undangannya mendadak."))
    before = score_sentiment(passages("Undangannya mendadak, tapi komunikasinya lancar."))
    net = [(rows["p_positive"] - rows["p_negative"]).sum() for rows in (after, before)]
    assert net[0] < net[1]


def test_views_are_told_apart() -> None:
    rows = score_sentiment(
        passages(
            "Koordinasinya lancar.",
            "Harusnya koordinasinya lebih baik.",
            "Kata Pak Lurah koordinasinya lancar.",
        )
    )
    views = rows[rows["aspect"] == "coordination"].groupby("passage_id")["view"].first()
    assert views.to_list() == ["own", "wished", "reported"]


def test_holder_and_target() -> None:
    rows = score_sentiment(
        passages("Koordinasi dengan Bappeda lancar.", "Kata Pak Lurah koordinasinya lancar.")
    )
    rows = rows[rows["aspect"] == "coordination"].set_index("passage_id")
    assert rows.loc["a:0", "holder"] == "SN"
    assert rows.loc["a:0", "target"] == "Bappeda"
    assert "Lurah" in rows.loc["a:1", "holder"]
    quiet = score_sentiment(passages("Jadwalnya jelas."))
    assert quiet["target"].isna().all()


def test_a_clause_may_speak_of_two_aspects() -> None:
    rows = score_sentiment(passages("Komunikasi dan koordinasinya lancar."))
    assert set(rows["aspect"]) == {"communication", "coordination"}
    assert rows["clause"].nunique() == 1


def test_clauses_without_aspect_keep_a_row() -> None:
    rows = score_sentiment(passages("Rumah saya dekat sungai. Airnya naik tiap Januari."))
    assert len(rows) >= 2
    assert set(rows["aspect"]) == {"none"}


def test_offsets_are_those_of_the_transcript() -> None:
    front = "P: Bagaimana kerja samanya?\nN: "
    answer = "Kerja samanya baik, tapi info sering tidak sampai ke warga."
    transcript = front + answer
    rows = score_sentiment(passages(answer, start=len(front)))
    for row in rows.to_dict("records"):
        clause = transcript[row["start"] : row["end"]]
        assert clause and clause == clause.strip()
        for word in filter(None, row["words"].split("; ")):
            assert word in clause
    assert "tidak sampai" in "; ".join(rows["words"])


def test_weak_or_contradictory_evidence_is_not_certain() -> None:
    rows = score_sentiment(passages("Katanya sih transparan.", "Komunikasinya lancar sekali."))
    certain = rows[rows["aspect"] == "communication"].set_index("passage_id")["certain"]
    assert not certain["a:0"]
    assert certain["a:1"]


def test_columns_and_empty_input() -> None:
    rows = score_sentiment(passages())
    assert list(rows.columns) == list(TABLES["sentiment"])
    assert rows.empty
    assert list(score_sentiment(passages("")).columns) == list(TABLES["sentiment"])


def test_english_is_read_without_harm() -> None:
    rows = score_sentiment(passages("We never heard back from the ward office; it wasn't fair."))
    assert len(rows) >= 1
    assert set(rows["aspect"]) == {"none"}


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=120))
def test_any_text_gives_probabilities(text: str) -> None:
    rows = score_sentiment(passages(text, start=7))
    sums = rows["p_negative"] + rows["p_neutral"] + rows["p_positive"]
    assert ((sums - 1).abs() < 1e-9).all()
    assert ((rows["start"] >= 7) & (rows["end"] <= 7 + len(text))).all()
    assert rows["view"].isin(["own", "reported", "wished"]).all()


def test_a_thousand_passages_in_seconds() -> None:
    text = (
        "Awalnya dinas jalan sendiri-sendiri, tapi sekarang rapatnya rutin. Undangan kadang mendadak, "
        "cuma fasilitator gampang dihubungi dan usulan kami dicatat. Harapannya ada tindak lanjut."
    )
    frame = passages(*(f"{text} Nomor {number}." for number in range(1000)))
    score_sentiment(frame.head(1))
    started = time.perf_counter()
    score_sentiment(frame)
    assert time.perf_counter() - started < 6  # 2 s on a quiet laptop; shared machines are slower
