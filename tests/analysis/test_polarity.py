"""Polarity of any text: what the judges say, how they are saved, calibrated anew, and named from outside."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotaku_nlp import load_encoder
from kotaku_nlp.analysis.conformal import Calibration
from kotaku_nlp.analysis.heads import load_head
from kotaku_nlp.analysis.polarity import (
    POLES,
    Checkpoint,
    Judge,
    Reader,
    RulePolarity,
    load_polarity,
    recalibrate,
    save_polarity,
)
from kotaku_nlp.analysis.polarity.cues import CUES, cue_matrix
from kotaku_nlp.analysis.polarity.learning import CLAUSES, counted_scores, fit_reader, lessons
from kotaku_nlp.analysis.polarity.reader import OUTPUTS, beside, mixed
from kotaku_nlp.errors import ModelError
from kotaku_nlp.shipped import find

GOOD = "rapatnya lancar", "warga kompak", "kami senang dibantu", "suratnya cepat dibalas", "petugasnya ramah"
BAD = "rapatnya kacau", "warga ribut", "kami kecewa ditinggal", "suratnya lambat sekali", "petugasnya kasar"
PLAIN = "rapatnya hari senin", "warga dua puluh", "kami naik motor", "suratnya dua lembar", "petugasnya lima"
COLUMNS = [f"p_{pole}" for pole in POLES]
CASES = [
    ("Pelayanannya ramah dan tempatnya bersih.", "positive"),
    ("Mantap banget, recommended!", "positive"),
    ("Kamarnya kotor dan bau.", "negative"),
    ("Pelayanannya tidak ramah.", "negative"),
    ("Kami kecewa berat, janjinya bohong semua.", "negative"),
    ("koordinasinya masih kurang", "negative"),
    ("kerja samanya baik", "positive"),
    ("komunikasinya lancar", "positive"),
    ("koordinasi dengan dinas bagus", "positive"),
    ("komunikasi dengan kelurahan kurang lancar", "negative"),
    ("Tidak ada yang memberi tahu kami.", "negative"),
]


def pole(name: str, text: str) -> str:
    return POLES[int(load_polarity(name).predict([text])[COLUMNS].to_numpy().argmax())]


def taught() -> Judge:
    """Return a reader of words, learnt in a moment from a few clauses and reviews."""
    texts = [*GOOD, *BAD, *PLAIN] * 2
    labels = np.repeat([2, 0, 1], 5)
    sources = np.repeat([CLAUSES, "smsa"], 15)
    return Judge(Reader(fit_reader(lessons(texts, beside(texts), np.tile(labels, 2), sources, np.ones(30)))))


@pytest.fixture(scope="module")
def reader() -> Judge:
    return taught()


@pytest.mark.parametrize("name", ["contextual", "words"])
@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_learned_judge_knows_plain_cases(name: str, text: str, expected: str) -> None:
    assert pole(name, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pelayanannya ramah dan tempatnya bersih.", "positive"),
        ("Elok nian hasilnyo, kami seneng galo.", "positive"),
        ("Kamarnya kotor dan bau.", "negative"),
        ("Pelayanannya tidak ramah.", "negative"),
        ("Makanannya enak, tapi pelayanannya parah dan kasar.", "negative"),
        ("Rapat dimulai pukul sembilan di aula.", "neutral"),
        ("Tidak ada masalah sama sekali.", "positive"),
        ("Harusnya lebih bersih.", "negative"),
    ],
)
def test_rules_show_what_words_alone_say(text: str, expected: str) -> None:
    assert pole("rules", text) == expected


@pytest.mark.parametrize("name", [None, "words", "rules"])
def test_one_row_a_text_and_probabilities_sum_to_one(name: str | None) -> None:
    frame = load_polarity(name).predict(["bagus", "", "the room was 12 m2", "jelek", "?!"])
    assert list(frame.columns) == [*COLUMNS, "certain"]
    assert len(frame) == 5
    assert ((frame[COLUMNS].sum(axis=1) - 1).abs() < 1e-9).all()
    assert frame.loc[[1, 4], "p_neutral"].eq(frame.loc[[1, 4], COLUMNS].max(axis=1)).all()
    assert not frame.loc[[1, 4], "certain"].any()
    assert frame["certain"].dtype == bool


@pytest.mark.parametrize("name", [None, "words", "rules"])
def test_no_texts(name: str | None) -> None:
    assert list(load_polarity(name).predict([]).columns) == [*COLUMNS, "certain"]


def test_the_default_is_the_contextual_judge_on_the_shipped_encoder() -> None:
    texts = [text for text, _ in CASES]
    pd.testing.assert_frame_equal(load_polarity().predict(texts), load_polarity("contextual").predict(texts))
    _, facts = load_head(find("models", "polarity-contextual"))
    assert facts["encoder_revision"] == load_encoder().revision


@pytest.mark.parametrize("name", ["words", "contextual"])
def test_a_shipped_judge_abstains_and_is_small(name: str) -> None:
    folder = find("models", f"polarity-{name}")
    judge = load_polarity(name)
    assert isinstance(judge, Judge)
    assert judge.calibration.level == 0.2 and min(judge.calibration.texts) >= 100
    assert sum(path.stat().st_size for path in folder.iterdir()) < 6_000_000
    assert {path.suffix for path in folder.iterdir()} <= {".json", ".safetensors", ".md"}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from([*GOOD, *BAD, *PLAIN, "", "12"]), max_size=6))
def test_a_text_is_judged_alike_whatever_stands_beside_it(texts: list[str]) -> None:
    judge = load_polarity("words")
    together = judge.predict(texts)[COLUMNS].to_numpy()
    alone = [judge.predict([text])[COLUMNS].to_numpy()[0] for text in texts]
    assert np.allclose(together, np.array(alone).reshape(-1, 3), atol=1e-6)


def test_a_reader_learns_what_it_is_taught(reader: Judge) -> None:
    found = reader.predict([*GOOD, *BAD, *PLAIN])[COLUMNS].to_numpy().argmax(axis=1)
    assert (found == np.repeat([2, 0, 1], 5)).mean() > 0.8
    assert isinstance(reader.scorer, Reader) and reader.scorer.head.names == OUTPUTS


def test_the_order_of_lessons_changes_nothing() -> None:
    texts, labels = [*GOOD, *BAD, *PLAIN] * 2, np.tile(np.repeat([2, 0, 1], 5), 2)
    sources = np.repeat([CLAUSES, "smsa"], 15)
    turned = np.random.default_rng(1).permutation(30)
    again = [texts[place] for place in turned]
    one = fit_reader(lessons(texts, beside(texts), labels, sources, np.ones(30)))
    other = fit_reader(lessons(again, beside(again), labels[turned], sources[turned], np.ones(30)))
    unseen = ["rapatnya ramah", "suratnya kacau"]
    assert np.allclose(one.scores(unseen, beside(unseen)), other.scores(unseen, beside(unseen)), atol=0.02)


def test_scores_of_counted_texts_are_those_of_the_head(reader: Judge) -> None:
    texts = [*GOOD, *PLAIN]
    assert isinstance(reader.scorer, Reader)
    head = reader.scorer.head
    counted = lessons(texts, beside(texts), np.zeros(10, int), np.full(10, CLAUSES), np.ones(10))
    assert np.allclose(counted_scores(head, counted), head.scores(texts, beside(texts)), atol=1e-5)


def test_the_mixture_is_the_sum_over_both_experts() -> None:
    scores = np.random.default_rng(2).normal(size=(20, len(OUTPUTS))).astype(np.float32)
    share = 1 / (1 + np.exp(-scores[:, 6:]))
    clause, public = (np.exp(scores[:, at : at + 3]) for at in (0, 3))
    clause, public = (part / part.sum(axis=1, keepdims=True) for part in (clause, public))
    assert np.allclose(np.exp(mixed(scores)), share * clause + (1 - share) * public, atol=1e-5)


def test_cues_turn_with_a_negator() -> None:
    plain, turned = cue_matrix(["pelayanannya ramah", "pelayanannya tidak ramah"])
    good, bad, last = (CUES.index(name) for name in ("good", "bad", "last"))
    assert plain[good] > 0 and plain[bad] == 0 and plain[last] == 1
    assert turned[good] == 0 and turned[bad] > 0 and turned[last] == -1
    assert cue_matrix([]).shape == (0, len(CUES))


def test_a_judge_is_the_same_after_saving(reader: Judge, tmp_path: Path) -> None:
    known = Judge(reader.scorer, Calibration(1.7, (0.4, float("inf"), 0.6), 0.1, (30, 2, 40)))
    save_polarity(known, tmp_path / "penilai", {"note": "ok"})
    again = load_polarity(str(tmp_path / "penilai"))
    assert isinstance(again, Judge) and again.calibration == known.calibration
    one, other = known.predict([*GOOD, *BAD]), again.predict([*GOOD, *BAD])
    assert np.allclose(one[COLUMNS], other[COLUMNS], atol=0.01)  # weights are kept in half precision
    assert load_head(tmp_path / "penilai")[1]["note"] == "ok"


@pytest.mark.parametrize("card", ["{", "[]", '{"calibration": {}}', '{"calibration": {"temperature": 1}}'])
def test_a_broken_card_is_named(reader: Judge, tmp_path: Path, card: str) -> None:
    save_polarity(reader, tmp_path)
    (tmp_path / "judge.json").write_text(card, encoding="utf-8")
    with pytest.raises(ModelError, match=r"judge\.json"):
        load_polarity(str(tmp_path))


class Drawn:
    """A scorer that knows the pole of a text from its first letter, seldom wrong and far too sure."""

    def scores(self, texts: Sequence[str], /) -> np.ndarray:
        rng = np.random.default_rng(len(texts))
        meant = np.array([POLES.index(text.split()[0]) for text in texts])
        said = np.where(rng.random(len(texts)) < 0.25, rng.integers(0, 3, len(texts)), meant)
        return 12.0 * np.eye(3)[said] + rng.normal(size=(len(texts), 3))


def test_recalibrating_makes_a_judge_as_sure_as_it_is_right() -> None:
    texts = [f"{pole} {n}" for pole in POLES for n in range(30)]
    labels = [text.split()[0] for text in texts]
    judge = Judge(Drawn(), Calibration(1.0, (0.1, 0.1, 0.1)))
    fitted = recalibrate(judge, texts, labels)
    assert fitted.calibration.texts == (30, 30, 30) and fitted.calibration.temperature > 3
    sure = fitted.predict(texts)[COLUMNS].max(axis=1).mean()
    right = (fitted.predict(texts)[COLUMNS].to_numpy().argmax(axis=1) == np.repeat([0, 1, 2], 30)).mean()
    assert sure == pytest.approx(right, abs=0.05)
    assert judge.calibration.temperature == 1.0


def test_too_few_texts_to_calibrate_are_counted() -> None:
    texts = [f"positive {n}" for n in range(40)] + [f"negative {n}" for n in range(12)]
    with pytest.raises(ModelError, match="neutral 0"):
        recalibrate(Judge(Drawn()), texts, [text.split()[0] for text in texts])


@pytest.mark.parametrize(
    ("labels", "problem"), [(["positive", "baik"], "baik"), (["positive"], "2 texts and 1 polarities")]
)
def test_labels_that_cannot_be_used_are_named(labels: list[str], problem: str) -> None:
    with pytest.raises(ModelError, match=problem):
        recalibrate(Judge(Drawn()), ["positive 1", "negative 2"], labels)


def test_rules_are_neither_calibrated_nor_saved(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="rules"):
        recalibrate(RulePolarity(), ["a"], ["positive"])
    with pytest.raises(ModelError, match="rules"):
        save_polarity(RulePolarity(), tmp_path / "x")
    assert not (tmp_path / "x").exists()


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny classifier as the hub holds them, with labels that say nothing."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("klasifikasi")
    words = ["[PAD]", "[UNK]", *dict.fromkeys(" ".join([*GOOD, *BAD, *PLAIN]).split())]
    plain = Tokenizer(models.WordLevel({word: at for at, word in enumerate(words)}, unk_token="[UNK]"))
    plain.pre_tokenizer = pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(
        tokenizer_object=plain, unk_token="[UNK]", pad_token="[PAD]", model_max_length=16
    ).save_pretrained(folder)
    torch.manual_seed(0)
    shape = BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, max_position_embeddings=16, num_labels=3,
    )  # fmt: skip
    BertForSequenceClassification(shape).save_pretrained(folder)
    return folder


MEANT = {"LABEL_0": "positive", "LABEL_1": "neutral", "LABEL_2": "negative"}


def copied(classifier: Path, folder: Path) -> Path:
    folder.mkdir()
    for path in classifier.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def test_a_named_classifier_speaks_through_the_given_labels(classifier: Path) -> None:
    turned = dict(zip(MEANT, reversed(list(MEANT.values())), strict=True))
    one = load_polarity(str(classifier), MEANT).predict(list(GOOD))
    other = load_polarity(str(classifier), turned).predict(list(GOOD))
    assert np.allclose(one["p_positive"], other["p_negative"])
    assert np.allclose(one["p_neutral"], other["p_neutral"])
    assert not np.allclose(one["p_positive"], one["p_negative"])
    assert not one["certain"].any()  # nobody calibrated it yet


def test_a_named_classifier_agrees_with_the_library(classifier: Path) -> None:
    from transformers import pipeline

    long = " ".join(GOOD * 10)
    ours = load_polarity(str(classifier), MEANT).predict([*BAD, long])
    theirs = pipeline("text-classification", model=str(classifier), top_k=None, device="cpu")
    for row, found in zip(ours.to_dict("records"), theirs([*BAD, long], truncation=True), strict=True):
        for answer in found:
            assert row[f"p_{MEANT[answer['label']]}"] == pytest.approx(answer["score"], abs=1e-4)


def test_labels_of_a_named_classifier_have_to_be_explained(classifier: Path) -> None:
    with pytest.raises(ModelError, match="LABEL_0, LABEL_1, LABEL_2"):
        load_polarity(str(classifier))
    for labels in (
        {"LABEL_0": "positive"},
        MEANT | {"LABEL_2": "positif"},
        MEANT | {"LABEL_2": "positive"},
        MEANT | {"LABEL_3": "positive"},
    ):
        with pytest.raises(ModelError, match="does not fit"):
            load_polarity(str(classifier), labels)


def test_a_named_classifier_can_be_calibrated_and_opened_again(classifier: Path, tmp_path: Path) -> None:
    judge = load_polarity(str(classifier), MEANT)
    texts = [f"{text} {n}" for n in range(3) for text in (*GOOD, *BAD, *PLAIN)]
    fitted = recalibrate(judge, texts, ["positive", "negative", "neutral"] * 15)
    save_polarity(fitted, tmp_path / "simpan")
    again = load_polarity(str(tmp_path / "simpan"))
    assert isinstance(again, Judge) and isinstance(again.scorer, Checkpoint)
    pd.testing.assert_frame_equal(fitted.predict(texts), again.predict(texts))


def test_unsafe_or_unfinished_classifiers_are_refused(classifier: Path, tmp_path: Path) -> None:
    pickled = copied(classifier, tmp_path / "pickled")
    (pickled / "model.safetensors").rename(pickled / "pytorch_model.bin")
    with pytest.raises(ModelError, match="safetensors"):
        load_polarity(str(pickled), MEANT)
    for name, change, problem in (
        ("coded", {"auto_map": {"AutoModel": "model.Mine"}}, "code of its own"),
        ("body", {"architectures": ["BertModel"]}, "BertModel"),
    ):
        folder = copied(classifier, tmp_path / name)
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        (folder / "config.json").write_text(json.dumps(config | change), encoding="utf-8")
        with pytest.raises(ModelError, match=problem):
            load_polarity(str(folder), MEANT)


def test_a_classifier_without_its_last_layer_is_refused(classifier: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    folder = copied(classifier, tmp_path / "headless")
    weights = load_file(folder / "model.safetensors")
    body = {name: tensor for name, tensor in weights.items() if not name.startswith("classifier")}
    save_file(body, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match="classifier"):
        load_polarity(str(folder), MEANT).predict(["rapat"])


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("kamus-entah", "kamus-entah"),
        ("pemilik/model", "fixed revision"),
        (f"pemilik/model@{'0' * 40}", "hf download pemilik/model"),
    ],
)
def test_what_is_not_here_is_named_with_the_cure(name: str, problem: str) -> None:
    with pytest.raises(ModelError, match=problem):
        load_polarity(name, MEANT)
