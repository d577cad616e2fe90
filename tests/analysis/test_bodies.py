"""The project's own models, read without their library: the same vectors, or else the library."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import (
    Normalize,
    Pooling,
    StaticEmbedding,
    Transformer,
)
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from kotaku_nlp.analysis import bodies
from kotaku_nlp.analysis.bodies import limit, read_body
from kotaku_nlp.analysis.embeddings import save_tensors
from kotaku_nlp.analysis.encoders import SentenceEncoder, _modules, load_encoder
from kotaku_nlp.errors import ModelError

MODELS = Path(__file__).resolve().parents[2] / "models"
SHIPPED = ("contextual-id-en", "static-id-en")
TEXTS = [
    "Kami diundang rapat di kelurahan.",
    "Dana turun terlambat, jadi pekerjaan drainase berhenti dua bulan.",
    "Iya, betul.",
    "x",
    "Pak RT bilang:\n\n“kumpul dulu”, baru dibagi tugasnya…",
    "The road was flooded again and nobody came.",
    "rapat warga di balai " * 200,
]
WORDS = ["rapat", "warga", "dana", "jalan", "banjir", "kami", "belum", "turun"]


def plain(folder: Path) -> SentenceTransformer:
    return SentenceTransformer(str(folder), local_files_only=True, device="cpu").float()


def read(folder: Path, device: str = "cpu") -> Callable[[list[str]], np.ndarray] | None:
    return read_body(folder, _modules(folder, folder.name), device, lambda: "cpu")


def tokenizer() -> Tokenizer:
    pieces = {piece: at for at, piece in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS])}
    found = Tokenizer(models.WordPiece(pieces, unk_token="[UNK]"))
    found.normalizer, found.pre_tokenizer = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
    found.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return found


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a BERT of chance weights that reads twelve pieces, as sentence-transformers writes it."""
    torch.manual_seed(0)
    shape = {"hidden_size": 12, "num_hidden_layers": 2, "num_attention_heads": 3, "intermediate_size": 20}
    body = BertModel(BertConfig(vocab_size=13, max_position_embeddings=16, **shape))
    for parameter in body.parameters():  # as initialised, biases are zero and norms one
        torch.nn.init.normal_(parameter, std=0.5)
    torch.nn.init.normal_(body.embeddings.word_embeddings.weight, std=3.0)
    root = tmp_path_factory.mktemp("tiny")
    body.save_pretrained(root / "raw")
    names = {f"{name}_token": f"[{name.upper()}]" for name in ("pad", "unk", "cls", "sep", "mask")}
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer(), model_max_length=12, **names)
    fast.save_pretrained(root / "raw")
    words = Transformer(str(root / "raw"), max_seq_length=12)
    model = SentenceTransformer(modules=[words, Pooling(12), Normalize()], device="cpu")
    model.save(str(root / "model"), create_model_card=False)
    return root / "model"


def copy_of(folder: Path, place: Path, changed: str = "", **facts: Any) -> Path:
    """Lay links to a model's files into another folder, with some facts of one file changed."""
    for file in (file for file in folder.rglob("*") if file.is_file()):
        there = place / file.relative_to(folder)
        there.parent.mkdir(parents=True, exist_ok=True)
        there.symlink_to(file)
    if changed:
        told = json.loads((folder / changed).read_text("utf-8"))
        (place / changed).unlink()
        (place / changed).write_text(json.dumps(told | facts), encoding="utf-8")
    return place


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_model_gives_what_its_library_gives(name: str) -> None:
    assert read(MODELS / name)  # not the library compared with itself
    ours, theirs = load_encoder(str(MODELS / name)).encode(TEXTS), plain(MODELS / name).encode(TEXTS)
    assert np.abs(ours - theirs).max() < 1e-6


@cache
def both(folder: Path) -> tuple[SentenceEncoder, SentenceTransformer]:
    return load_encoder(str(folder)), plain(folder)


@settings(max_examples=25, deadline=None)
@given(texts=st.lists(st.lists(st.sampled_from([*WORDS, "entah"]), max_size=15).map(" ".join), min_size=1))
def test_texts_of_any_lengths_in_any_order_give_the_same(tiny: Path, texts: list[str]) -> None:
    ours, theirs = both(tiny)
    spoken = [bool(text) for text in texts]
    assert np.allclose(ours.encode(texts)[spoken], theirs.encode(texts)[spoken], atol=1e-5)


@pytest.mark.parametrize("room", [1, 7, 30, 10_000])
def test_how_much_is_computed_at_once_changes_nothing(
    tiny: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    texts = [" ".join(WORDS[:count]) for count in (3, 1, 8, 3, 2, 8, 5)]
    wanted = read(tiny)(texts)
    monkeypatch.setattr(bodies, "_PIECES", room)
    monkeypatch.setattr(bodies, "_TEXTS", max(2, room // 8))
    assert np.allclose(read(tiny)(texts), wanted, atol=1e-6)


def test_what_is_longer_than_the_model_reads_is_cut_as_the_library_cuts(tiny: Path) -> None:
    assert limit(tiny) == 12
    long = " ".join(WORDS * 3)
    first, cut, other = load_encoder(str(tiny)).encode([long, " ".join((WORDS * 3)[:10]), " ".join(WORDS)])
    assert np.allclose(first, cut, atol=1e-6) and not np.allclose(first, other, atol=1e-3)
    assert np.allclose(first, plain(tiny).encode(long), atol=1e-5)


@pytest.mark.parametrize(
    ("file", "key", "value"),
    [
        ("config.json", "model_type", "roberta"), ("config.json", "hidden_act", "relu"),
        ("config.json", "position_embedding_type", "relative_key"), ("config.json", "is_decoder", True),
        ("tokenizer_config.json", "tokenizer_class", "BertTokenizer"),
        ("sentence_bert_config.json", "do_lower_case", True),
        ("1_Pooling/config.json", "pooling_mode", "cls"),
        ("config_sentence_transformers.json", "default_prompt_name", "query"),
    ],
)  # fmt: skip
def test_what_is_not_understood_whole_is_left_to_the_library(
    tiny: Path, tmp_path: Path, file: str, key: str, value: str | bool
) -> None:
    assert read(copy_of(tiny, tmp_path / "same"))
    assert read(copy_of(tiny, tmp_path / "other", file, **{key: value})) is None


def test_the_library_reads_the_rest(tiny: Path, tmp_path: Path) -> None:
    folder = copy_of(tiny, tmp_path / "m", "1_Pooling/config.json", pooling_mode="cls")
    found = load_encoder(str(folder)).encode(WORDS[:3])
    assert np.allclose(found, plain(folder).encode(WORDS[:3]), atol=1e-5)
    assert not np.allclose(found, load_encoder(str(tiny)).encode(WORDS[:3]), atol=0.01)


def test_weights_under_other_names_are_left_to_the_library(tiny: Path, tmp_path: Path) -> None:
    folder = copy_of(tiny, tmp_path / "m")
    (folder / "model.safetensors").unlink()
    assert read(folder) is None  # in several files
    save_tensors({"bert.embeddings": np.ones((2, 2), dtype=np.float32)}, folder / "model.safetensors")
    assert read(folder) is None


def table(place: Path, tensors: dict[str, np.ndarray]) -> Path:
    """Write a table of pieces as sentence-transformers does, then put other tensors into it."""
    model = SentenceTransformer(
        modules=[StaticEmbedding(tokenizer(), np.zeros((13, 4), dtype=np.float32)), Normalize()], device="cpu"
    )
    model.save(str(place), create_model_card=False)
    save_tensors(tensors, place / "model.safetensors")
    return place


def test_pieces_count_by_their_weights(tmp_path: Path) -> None:
    vectors = np.eye(13, 4, dtype=np.float16)
    vectors[5], vectors[6] = (1, 0, 0, 0), (0, 1, 0, 0)  # rapat, warga
    weights = np.arange(13, dtype=np.float32)
    folder = table(tmp_path / "m", {"embeddings": vectors, "weights": weights})
    texts = ["rapat warga", "warga rapat", "rapat", ""]
    found = read(folder)(texts)
    assert np.allclose(found, [[2.5, 3, 0, 0], [2.5, 3, 0, 0], [5, 0, 0, 0], [0, 0, 0, 0]])
    assert np.allclose(load_encoder(str(folder)).encode(texts), plain(folder).encode(texts), atol=1e-6)
    assert read(folder, "cuda") is None


def test_a_table_of_another_make_is_left_to_the_library(tmp_path: Path) -> None:
    folder = table(tmp_path / "m", {"embedding.weight": np.ones((13, 4), dtype=np.float32)})
    assert read(folder) is None
    assert load_encoder(str(folder)).encode(["rapat"]).any()


@pytest.mark.parametrize("name", SHIPPED)
def test_weights_cut_short_are_said(tmp_path: Path, name: str) -> None:
    folder = copy_of(MODELS / name, tmp_path / "m")
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors").write_bytes((MODELS / name / "model.safetensors").read_bytes()[:5000])
    with pytest.raises(ModelError) as caught:
        load_encoder(str(folder)).encode(TEXTS)
    assert (caught.value.key, caught.value.where) == ("model_broken", str(folder))


@pytest.mark.parametrize("name", SHIPPED)
def test_a_device_that_is_not_here_is_named_for_a_shipped_model(name: str) -> None:
    with pytest.raises(ModelError) as caught:
        load_encoder(str(MODELS / name), device="mps").encode(TEXTS[:1])
    assert caught.value.key == "model_device"


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("contextual", {"transformers", "sentence_transformers", "sklearn", "scipy", "pandas"}),
        ("static", {"torch", "transformers", "sentence_transformers", "sklearn", "scipy", "pandas"}),
    ],
)
def test_a_shipped_model_needs_few_libraries(name: str, left: set[str]) -> None:
    code = "import sys\nfrom kotaku_nlp.analysis.encoders import load_encoder\n"
    code += f"load_encoder({name!r}).encode(['Kami rapat.'])\nloaded = {left!r} & set(sys.modules)\n"
    code += "sys.exit(f'imported {loaded}' if loaded else 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
