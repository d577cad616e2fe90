"""Alignment: three ways to read a dimension, each saying which, and none that must answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from kotaku_nlp.analysis.alignment import align, alignment_table, shipped_head
from kotaku_nlp.analysis.embeddings import Remembered
from kotaku_nlp.analysis.encoders import load_encoder
from kotaku_nlp.analysis.heads import calibrated, fit_head, load_head, mean_kappa, save_head, strongest
from kotaku_nlp.analysis.reader import load_reader
from kotaku_nlp.coding.codebook import load_codebook
from kotaku_nlp.errors import ModelError
from kotaku_nlp.language.sentences import sentences
from kotaku_nlp.records import OUT_OF_FRAMEWORK, Codebook

TRUST = "Uangnya katanya seratus juta, tapi bukunya tidak pernah dibuka. Jadi kami curiga sama pengurusnya."
LEADER = "Kalau dua RT itu ribut, Bu Camat yang turun, didudukkan berdua, tidak boleh pulang sebelum akur."
FLOOD = "Air naik sampai lutut, kasur basah semua, anak-anak tidur di loteng tiga malam."
HEARD = (
    "Sebelum gambar dibuat kami tanya dulu warga satu-satu, keluhannya apa, semua dicatat, "
    "yang tidak bisa baca kami dengarkan di teras rumahnya."
)
TEXTS = [TRUST, LEADER, FLOOD]
BOOK = load_codebook("ansell_gash_2008")


def assigned(frame: pd.DataFrame, row: int) -> set[str]:
    return set(frame.loc[(frame["text"] == row) & frame["assigned"], "dimension"])


def test_the_shipped_head_reads_what_is_meant_without_the_word() -> None:
    found = align(TEXTS, BOOK)
    assert set(found["basis"]) == {"shipped"}
    assert "trust_building" in assigned(found, 0)
    assert "facilitative_leadership" in assigned(found, 1)
    assert assigned(found, 2) == {OUT_OF_FRAMEWORK}


def test_every_text_has_a_row_for_every_leaf_and_one_for_none() -> None:
    found = align(TEXTS, BOOK)
    assert len(found) == len(TEXTS) * (len(BOOK.leaves) + 1)
    assert found["probability"].between(0, 1).all()
    per_text = found[found["dimension"] != OUT_OF_FRAMEWORK].groupby("text")["assigned"].sum()
    assert (per_text <= BOOK.max_codes).all()
    assert not (found["assigned"] & found["abstained"]).any()


@pytest.mark.parametrize("book", [BOOK, replace(BOOK, id="own")], ids=["shipped", "zero_shot"])
def test_the_evidence_span_is_whole_sentences_of_the_text(book: Codebook) -> None:
    found = align(TEXTS, book)
    spans = found[found["assigned"] & (found["dimension"] != OUT_OF_FRAMEWORK)]
    for row in spans.itertuples():
        quote = TEXTS[row.text][row.start : row.end]
        parts = sentences(TEXTS[row.text])
        assert quote and row.start in {start for start, _ in parts} and row.end in {end for _, end in parts}
    assert found.loc[~found["assigned"], "start"].isna().all()


@pytest.mark.parametrize(
    ("name", "text", "dimension"),
    [
        ("emerson_2012", TRUST, "sm_mutual_trust"),
        ("deseve_2007", TRUST, "trust_participants"),
        ("ratner_2012", HEARD, "listening"),
    ],
)
def test_every_shipped_framework_is_read_by_what_the_project_trained(
    name: str, text: str, dimension: str
) -> None:
    found = align([text, FLOOD], load_codebook(name))
    assert set(found["basis"]) == {"shipped"}
    assert dimension in assigned(found, 0) and assigned(found, 1) == {OUT_OF_FRAMEWORK}


@pytest.mark.parametrize("name", ["emerson_2012", "deseve_2007", "ratner_2012"])
def test_other_codebooks_are_read_from_their_own_sentences(name: str) -> None:
    book = replace(load_codebook(name), id="own")
    leaf = book.leaves[0]
    found = align([leaf.indicators["id"][0], FLOOD], book)
    assert set(found["basis"]) == {"zero_shot"}
    first = found[(found["text"] == 0) & (found["dimension"] != OUT_OF_FRAMEWORK)]
    assert first.loc[first["probability"].idxmax(), "dimension"] == leaf.id


def test_a_changed_codebook_no_longer_uses_the_shipped_head() -> None:
    own = replace(BOOK, dimensions=BOOK.dimensions[:-1])
    assert set(align([TRUST], own)["basis"]) == {"zero_shot"}


def test_examples_are_scored_by_a_head_that_saw_nothing_of_their_interview() -> None:
    told = [(TRUST, "trust_building", "a"), (LEADER, "facilitative_leadership", "b"), (FLOOD, "", "c")]
    told += [("Kami tidak percaya lagi sama panitia.", "trust_building", "b")]
    examples = pd.DataFrame(told, columns=["text", "code", "interview"])
    found = align([*TEXTS, "Belum ada yang tanya sama kami."], BOOK, examples)
    bases = found.drop_duplicates("text")["basis"].tolist()
    assert bases == ["few_shot_out_of_fold"] * 3 + ["few_shot"]


def test_examples_of_another_codebook_change_nothing() -> None:
    examples = pd.DataFrame({"text": TEXTS, "code": ["lain"] * 3, "interview": ["a", "b", "c"]})
    assert set(align(TEXTS, BOOK, examples)["basis"]) == {"shipped"}


def test_one_text_gives_the_same_numbers_alone_and_in_company() -> None:
    together = align(TEXTS, BOOK)
    alone = align([LEADER], BOOK)
    own = together[together["text"] == 1]["probability"].to_numpy()
    assert np.allclose(own, alone["probability"].to_numpy(), atol=1e-4)


def test_a_reader_that_remembers_is_asked_and_the_encoder_of_another_model_is_not() -> None:
    class Mute:
        id, revision = "mute", "1"

        def encode(self, texts: object, /) -> np.ndarray:
            raise AssertionError("the shipped head reads with its own encoder")

    reader, body = Remembered(load_reader()), load_encoder()
    vectors = np.zeros((len(TEXTS), 4), dtype=np.float32)
    found = align(TEXTS, BOOK, embeddings=vectors, encoder=Mute(), body=body, reader=reader)
    pd.testing.assert_frame_equal(found, align(TEXTS, BOOK), check_exact=False, atol=1e-4)
    assert len(reader._known) == len(TEXTS)


@pytest.mark.parametrize("texts", [[], [""], ["…", "   "], ["iya"] * 3])
def test_nothing_to_read_is_out_of_framework(texts: list[str]) -> None:
    found = align(texts, BOOK)
    assert not found.loc[found["dimension"] != OUT_OF_FRAMEWORK, "assigned"].any()
    assert len(found) == len(texts) * 9


def test_embeddings_must_match_the_texts() -> None:
    with pytest.raises(ValueError, match="2 embeddings for 3 texts"):
        align(TEXTS, BOOK, embeddings=np.zeros((2, 384), dtype=np.float32))


def test_low_evidence_passages_are_left_to_a_person() -> None:
    passages = pd.DataFrame({"passage_id": ["a:2", "a:4"], "text": [TRUST, TRUST], "start": [100, 900]})
    passages["low_evidence"] = [False, True]
    encoder = load_encoder()
    found = alignment_table(passages, [BOOK], encoder.encode([TRUST, TRUST]), encoder)
    assert found.loc[found["passage_id"] == "a:2", "assigned"].any()
    weak = found[found["passage_id"] == "a:4"]
    assert weak["abstained"].all() and not weak["assigned"].any()
    starts = found["start"].dropna()
    assert ((starts >= 100) & (starts < 100 + len(TRUST))).all()  # offsets into the transcript


def test_a_head_saved_and_loaded_scores_the_same(tmp_path: object) -> None:
    encoder = load_encoder()
    targets = np.array([[True, False], [False, True], [False, False]])
    head = fit_head(TEXTS, encoder.encode(TEXTS), targets, ["a", "b"])
    folder = tmp_path / "head"  # type: ignore[operator]
    save_head(head, folder, {"note": 1})
    again, facts = load_head(folder)
    vectors = encoder.encode(TEXTS)
    assert facts["note"] == 1
    assert np.allclose(head.scores(TEXTS, vectors), again.scores(TEXTS, vectors), atol=1e-2)
    (folder / "head.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError):
        load_head(folder)


def test_the_shipped_head_says_how_well_it_reads() -> None:
    head, facts = shipped_head()
    assert facts["figures"]["encoder_revision"] == load_encoder().revision
    assert facts["figures"]["shipped_kappa"] > facts["figures"]["zero_shot_kappa"] > 0.2
    assert 0 < head.threshold < 1


def test_calibration_learns_probability_and_threshold_from_held_out_scores() -> None:
    rng = np.random.default_rng(0)
    targets = rng.random((400, 2)) < 0.3
    scores = (rng.normal(size=(400, 2)) + 3 * targets).astype(np.float32)
    plain = fit_head(
        TEXTS, load_encoder().encode(TEXTS), np.array([[1, 0], [0, 1], [0, 0]], dtype=bool), ["a", "b"]
    )
    fit = calibrated(plain, scores, targets, 2)
    probability = fit.probabilities(scores)
    assert abs(probability.mean() - targets.mean()) < 0.02
    assert mean_kappa(targets, strongest(probability, fit.threshold, 2)) > 0.7


def test_at_most_so_many_codes_the_strongest_first() -> None:
    found = strongest(np.array([[0.9, 0.6, 0.7]], dtype=np.float32), 0.5, 2)
    assert found.tolist() == [[True, False, True]]


def test_kappa_agrees_with_scikit_learn() -> None:
    from sklearn.metrics import cohen_kappa_score

    rng = np.random.default_rng(1)
    a, b = rng.random((60, 3)) < 0.4, rng.random((60, 3)) < 0.5
    assert mean_kappa(a, b) == pytest.approx(np.mean([cohen_kappa_score(a[:, j], b[:, j]) for j in range(3)]))
