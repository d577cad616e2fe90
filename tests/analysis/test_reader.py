"""The reader: one row a text, whoever speaks and whatever stands beside it; where it looked; its cache."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import BertModel

from kotaku_nlp.analysis.embeddings import Remembered
from kotaku_nlp.analysis.encoders import load_encoder
from kotaku_nlp.analysis.reader import (
    ACTORS,
    BOOKS,
    SPEAKERS,
    STATUSES,
    load_reader,
    looked_at,
    odds_of,
    outputs,
    said_in,
)
from kotaku_nlp.coding.codebook import shipped_codebook
from kotaku_nlp.errors import ModelError
from kotaku_nlp.records import GROUPS

TRUST = "Kasnya tidak pernah dibuka. Jadi kami curiga sama pengurusnya, warga tidak percaya lagi."
LEFT_OUT = "Kami ni dak pernah diajak waktu nyusun rencananya, tau-tau la ado tukang di depan rumah."
FISH = "Ikan nila sekarang tiga puluh ribu sekilo, minyak goreng naik terus."
TEXTS = [TRUST, LEFT_OUT, FISH, "Iya, betul.", "rapat warga di balai " * 200]


@pytest.fixture(scope="module")
def rows() -> np.ndarray:
    return load_reader().encode(TEXTS)


def test_every_dimension_aspect_stage_and_actor_has_one_output() -> None:
    names = outputs()
    assert len(set(names)) == len(names)
    assert {f"{book}:{leaf.id}" for book in BOOKS for leaf in shipped_codebook(book).leaves} < set(names)
    actors = {name for name in names if name.startswith("actor:")}
    assert actors == {f"actor:{speaker}:{actor}" for speaker in SPEAKERS for actor in ACTORS}
    assert len(ACTORS) == len(GROUPS) * len(STATUSES)


def test_it_hears_what_is_meant(rows: np.ndarray) -> None:
    names = [f"ansell_gash_2008:{leaf.id}" for leaf in shipped_codebook(BOOKS[0]).leaves]
    odds = odds_of(rows, names)
    assert names[odds[0].argmax()].endswith("trust_building")
    assert (odds[2] < 0).all()


def test_what_it_says_of_us_depends_on_who_speaks(rows: np.ndarray) -> None:
    names = ["actor:community:community:excluded", "actor:government:community:excluded"]
    said_by_them, said_by_others = odds_of(rows[1:2], names)[0]
    assert said_by_them > said_by_others + 1  # the same words, another "kami"


def test_places_lie_in_the_text_the_first_before_the_last(rows: np.ndarray) -> None:
    looked = looked_at(rows, outputs())
    for text, ends in zip(TEXTS, looked, strict=True):
        assert (ends >= 0).all() and (ends < len(text)).all()
        assert (ends[:, 0] <= ends[:, 1]).all()


def test_it_looked_at_the_sentence_that_says_it() -> None:
    text = f"{FISH} {TRUST}"
    looked = looked_at(load_reader().encode([text]), ["ansell_gash_2008:trust_building"])[0, 0]
    start, end = said_in(text, looked.tolist())
    assert "percaya" in text[start:end] and "Ikan" not in text[start:end]


@pytest.mark.parametrize(
    ("looked", "quote"),
    [((0, 0), "Satu."), ((0, 7), "Satu. Dua."), ((7, 12), "Dua. Tiga."), ((99, 99), "Tiga.")],
)
def test_sentences_from_the_first_word_to_the_last(looked: tuple[int, int], quote: str) -> None:
    text = "Satu. Dua. Tiga."
    start, end = said_in(text, looked)
    assert text[start:end] == quote


def test_company_and_order_change_nothing(rows: np.ndarray) -> None:
    reader = load_reader()
    turned = reader.encode(TEXTS[::-1])[::-1]
    alone = np.concatenate([reader.encode([text]) for text in TEXTS])
    width = len(outputs())
    for other in (turned, alone):
        assert np.abs(rows[:, :width] - other[:, :width]).max() < 1e-4


def test_texts_without_letters_say_the_same_nothing() -> None:
    found = load_reader().encode(["", "…", " 12 ", FISH])
    assert (found[0] == found[1]).all() and (found[0] == found[2]).all() and (found[0] != found[3]).any()
    assert (found[0, len(outputs()) :] == 0).all()


def test_no_texts_no_rows() -> None:
    assert load_reader().encode([]).shape == (0, 3 * len(outputs()))
    nothing = Remembered(load_reader()).encode([])
    assert odds_of(nothing, outputs()[:2]).shape == (0, 2)
    assert looked_at(nothing, outputs()[:2]).shape == (0, 2, 2)


def test_the_same_weights_in_the_library_that_made_them_say_the_same(rows: np.ndarray) -> None:
    from safetensors.torch import load_file

    reader, encoder = load_reader(), load_encoder()
    body = BertModel.from_pretrained(encoder.folder, add_pooling_layer=False).float().eval()
    stored = {
        name: weight.float() for name, weight in load_file(reader.folder / "reader.safetensors").items()
    }
    own = {name: weight for name, weight in stored.items() if name.startswith("encoder.")}
    assert not body.load_state_dict(own, strict=False).unexpected_keys
    from tokenizers import Tokenizer

    cutter = Tokenizer.from_file(str(encoder.folder / "tokenizer.json"))
    cutter.no_padding()
    with torch.inference_mode():
        states = body(torch.tensor([cutter.encode(TRUST).ids])).last_hidden_state[0]
        looked = (states @ stored["query"].T).softmax(0)
        odds = (looked * (states @ stored["weight"].T)).sum(0) + stored["bias"]
    assert np.abs(odds.numpy() - rows[0, : len(outputs())]).max() < 1e-3


def test_a_second_run_reads_from_the_cache_and_loads_no_torch(tmp_path: Path) -> None:
    memory = Remembered(load_reader(), tmp_path)
    rows = memory.encode(TEXTS[:3])
    memory.keep()
    code = (
        "import sys, numpy as np; from pathlib import Path\n"
        "from kotaku_nlp.analysis.embeddings import Remembered\n"
        "from kotaku_nlp.analysis.reader import load_reader\n"
        f"rows = Remembered(load_reader(), Path({str(tmp_path)!r})).encode({TEXTS[:3]!r})\n"
        f"np.save({str(tmp_path / 'again.npy')!r}, rows)\n"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert (np.load(tmp_path / "again.npy") == rows).all()


def changed(folder: Path, **facts: Any) -> Path:
    """Write the shipped reader once more, with some facts changed."""
    whole = load_reader()
    folder.mkdir()
    (folder / "reader.safetensors").symlink_to(whole.folder / "reader.safetensors")
    (folder / "reader.json").write_text(json.dumps(whole.facts() | facts), encoding="utf-8")
    return folder


def test_its_revision_changes_with_the_encoder_below_and_not_with_the_weights_beside(tmp_path: Path) -> None:
    revision = load_reader().revision
    assert load_reader(changed(tmp_path / "mixed", dimensions={})).revision == revision
    assert load_reader(changed(tmp_path / "moved", encoder_revision="0")).revision != revision


@pytest.mark.parametrize("facts", [{"outputs": ["x"]}, {"encoder_revision": "0"}, {"branch": 0}])
def test_what_does_not_fit_is_refused(tmp_path: Path, facts: dict[str, Any]) -> None:
    with pytest.raises(ModelError):
        load_reader(changed(tmp_path / "reader", **facts)).encode([TRUST])


def test_a_folder_without_a_reader_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        load_reader(tmp_path)


def test_the_shipped_reader_fits_the_shipped_encoder_and_says_how_well_it_reads() -> None:
    facts = load_reader().facts()
    assert facts["encoder_revision"] == load_encoder().revision
    assert set(facts["dimensions"]) == set(BOOKS) == set(facts["figures"]["dimensions"])
    for figures in facts["figures"]["dimensions"].values():
        assert math.isfinite(figures["kappa"]) and figures["brier_skill"] > 0
