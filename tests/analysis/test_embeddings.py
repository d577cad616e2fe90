"""Embedding with a cache: each text once per model, whatever the order, and never a wrong vector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

from kotaku_nlp.analysis.embeddings import Remembered, embed, identity, save_tensors
from kotaku_nlp.analysis.encoders import SentenceEncoder

TEXTS = ["Kami diundang rapat.", "Dana turun terlambat.", "Iya, betul.", "Kami diundang rapat."]
IDS = ["w01:2", "w01:4", "w02:2", "w02:4"]


@dataclass
class Counting:
    """An encoder that remembers what it was asked; a text's vector is made from its letters alone."""

    id: str = "hitung"
    revision: str = "r1"
    prompt: str = ""
    shift: float = 0.0
    asked: list[str] = field(default_factory=list)

    def encode(self, texts: Sequence[str], /) -> np.ndarray:
        self.asked += texts
        rows = [[len(text) + self.shift, sum(map(ord, text)) % 97, text.count("a") + 1.0] for text in texts]
        matrix = np.array(rows, dtype=np.float64).reshape(-1, 3)
        return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


def only_file(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


def test_one_vector_per_id_in_the_order_wanted() -> None:
    encoder = Counting()
    found = embed(IDS, TEXTS, encoder)
    assert found.ids == tuple(IDS) and (found.model, found.revision) == ("hitung", "r1")
    assert found.matrix.shape == (4, 3) and found.matrix.dtype == np.float32
    assert np.allclose(found.matrix, Counting().encode(TEXTS), atol=1e-6)


def test_a_repeated_text_is_encoded_once() -> None:
    encoder = Counting()
    found = embed(IDS, TEXTS, encoder)
    assert sorted(encoder.asked) == sorted(set(TEXTS))
    assert np.array_equal(found.matrix[0], found.matrix[3])


@given(st.permutations(range(4)))
def test_order_changes_neither_vectors_nor_what_the_model_sees(order: list[int]) -> None:
    first, again = Counting(), Counting()
    straight = embed(IDS, TEXTS, first)
    mixed = embed([IDS[i] for i in order], [TEXTS[i] for i in order], again)
    assert again.asked == first.asked
    assert np.array_equal(mixed.matrix, straight.matrix[list(order)])


def test_a_second_call_encodes_nothing(tmp_path: Path) -> None:
    first = embed(IDS, TEXTS, Counting(), tmp_path / ".kotaku")
    encoder = Counting()
    again = embed(IDS[::-1], TEXTS[::-1], encoder, tmp_path / ".kotaku")
    assert encoder.asked == []
    assert np.array_equal(again.matrix, first.matrix[::-1])


def test_only_what_is_new_is_encoded_and_what_was_known_stays(tmp_path: Path) -> None:
    embed(IDS, TEXTS, Counting(), tmp_path)
    encoder = Counting()
    embed(["w03:2"], ["Drainasenya dangkal."], encoder, tmp_path)
    assert encoder.asked == ["Drainasenya dangkal."]
    encoder = Counting()
    embed([*IDS, "w03:2"], [*TEXTS, "Drainasenya dangkal."], encoder, tmp_path)
    assert encoder.asked == []


@pytest.mark.parametrize(
    "other",
    [
        Counting(revision="r2"), Counting(id="lain"), Counting(prompt="query: "),
        Counting(revision="r1" + "0" * 20), Counting(id="hitung-r1", revision=""),
    ],
    ids=["revision", "model", "prompt", "long revision", "name like name and revision"],
)  # fmt: skip
def test_another_model_encodes_again(tmp_path: Path, other: Counting) -> None:
    embed(IDS, TEXTS, Counting(), tmp_path)
    other.shift = 5.0
    found = embed(IDS, TEXTS, other, tmp_path)
    assert sorted(other.asked) == sorted(set(TEXTS))
    assert np.allclose(found.matrix, Counting(shift=5.0).encode(TEXTS), atol=1e-6)
    other.asked.clear()
    embed(IDS, TEXTS, other, tmp_path)
    assert other.asked == []


def test_revisions_that_begin_alike_and_names_that_look_alike_are_kept_apart(tmp_path: Path) -> None:
    for model, revision in (("a/b", "0" * 40), ("a-b", "0" * 40), ("a/b", "0" * 12 + "1" * 28)):
        encoder = Counting(id=model, revision=revision)
        embed(IDS, TEXTS, encoder, tmp_path)
        assert encoder.asked
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize("length", [0, 7, 100, -1], ids=lambda n: f"{n} bytes")
def test_a_cache_cut_short_is_made_anew(tmp_path: Path, length: int) -> None:
    whole = embed(IDS, TEXTS, Counting(), tmp_path)
    file = only_file(tmp_path)
    file.write_bytes(file.read_bytes()[:length])
    encoder = Counting()
    again = embed(IDS, TEXTS, encoder, tmp_path)
    assert sorted(encoder.asked) == sorted(set(TEXTS))
    assert np.array_equal(again.matrix, whole.matrix)
    embed(IDS, TEXTS, (last := Counting()), tmp_path)
    assert last.asked == []


@pytest.mark.parametrize("metadata", [None, {"lain": "x"}, {"keys": "a,b"}], ids=["none", "other", "too few"])
def test_a_cache_that_names_no_texts_is_made_anew(tmp_path: Path, metadata: dict[str, str] | None) -> None:
    embed(IDS, TEXTS, Counting(), tmp_path)
    file = only_file(tmp_path)
    save_file({"vectors": np.zeros((3, 3), dtype=np.float32)}, file, metadata=metadata)
    encoder = Counting()
    assert embed(IDS, TEXTS, encoder, tmp_path).matrix.any(axis=1).all()
    assert encoder.asked


def test_the_cache_is_one_safe_file_that_others_may_read(tmp_path: Path) -> None:
    embed(IDS, TEXTS, Counting(), tmp_path / "korpus" / ".kotaku")
    file = only_file(tmp_path / "korpus" / ".kotaku")
    assert file.suffix == ".safetensors" and file.name.startswith("hitung-r1")
    beside = tmp_path / "biasa.txt"
    beside.touch()
    assert file.stat().st_mode == beside.stat().st_mode
    assert load_file(file)["vectors"].shape == (3, 3)


def test_an_encoder_without_a_name_is_never_mistaken_for_another(tmp_path: Path) -> None:
    class Plain:
        def __init__(self, shift: float) -> None:
            self.encode = Counting(shift=shift).encode

    one, two = embed(IDS, TEXTS, Plain(0.0), tmp_path), embed(IDS, TEXTS, Plain(9.0), tmp_path)
    assert not np.allclose(one.matrix, two.matrix)
    assert identity(Plain(0.0))[0].endswith("Plain") and one.revision == ""


@pytest.mark.parametrize("cached", [False, True])
def test_no_texts_give_no_vectors(tmp_path: Path, cached: bool) -> None:
    found = embed([], [], Counting(), tmp_path if cached else None)
    assert found.ids == () and len(found.matrix) == 0
    assert not list(tmp_path.iterdir())


def test_ids_and_texts_must_match() -> None:
    with pytest.raises(ValueError, match="3 ids for 4 texts"):
        embed(IDS[:3], TEXTS, Counting())


def test_progress_is_told_to_the_end() -> None:
    told: list[tuple[str, int, int]] = []
    texts = [f"Kalimat nomor {n}." for n in range(600)]
    embed(texts, texts, Counting(), progress=lambda *step: told.append(step))
    assert {stage for stage, _, _ in told} == {"embed"}
    assert [done for _, done, _ in told] == sorted({done for _, done, _ in told})
    assert told[-1] == ("embed", 600, 600)


@pytest.mark.parametrize("view", ["transposed", "strided", "plain"])
def test_tensors_are_saved_as_they_are_seen(tmp_path: Path, view: str) -> None:
    plain = np.arange(12, dtype=np.float32).reshape(3, 4)
    array = {"transposed": plain.T, "strided": plain[::2, ::2], "plain": plain}[view]
    save_tensors({"a": array}, tmp_path / "a.safetensors")
    assert np.array_equal(load_file(tmp_path / "a.safetensors")["a"], array)


def test_a_real_transformer_through_the_cache(tmp_path: Path, transformer: SentenceEncoder) -> None:
    found = embed(IDS, TEXTS, transformer, tmp_path)
    assert (found.model, found.revision) == (transformer.id, transformer.revision)
    assert np.allclose(np.linalg.norm(found.matrix, axis=1), 1.0, atol=1e-5)
    cold = SentenceEncoder(transformer.id, transformer.revision, transformer.folder)
    again = embed(IDS, TEXTS, cold, tmp_path)
    assert np.array_equal(again.matrix, found.matrix)
    assert not cold._loaded  # with every text known, the model is not even read from disk


def test_what_is_remembered_is_asked_once_whatever_the_stage(tmp_path: Path) -> None:
    encoder = Counting()
    memory = Remembered(encoder, tmp_path)
    embed(IDS, TEXTS, memory)
    memory.encode([*TEXTS, "Satu anak kalimat."])
    assert sorted(encoder.asked) == sorted({*TEXTS, "Satu anak kalimat."})
    memory.keep()
    silent_one = Counting()
    again = Remembered(silent_one, tmp_path).encode(["Satu anak kalimat.", TEXTS[0]])
    assert silent_one.asked == []
    assert np.array_equal(again, memory.encode(["Satu anak kalimat.", TEXTS[0]]))


def test_nothing_new_writes_nothing(tmp_path: Path) -> None:
    memory = Remembered(Counting(), tmp_path)
    embed(IDS, TEXTS, memory)
    written = only_file(tmp_path).stat().st_mtime_ns
    memory.encode(TEXTS)
    memory.keep()
    assert only_file(tmp_path).stat().st_mtime_ns == written
