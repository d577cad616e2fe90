"""The steps that train the reader: what a passage teaches, and that what is written is what was learnt."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "models" / "training" / "reader"))

import fits  # noqa: E402
import labels  # noqa: E402
import network  # noqa: E402

from kotaku_nlp.analysis.bodies import load_bert  # noqa: E402
from kotaku_nlp.analysis.embeddings import save_tensors  # noqa: E402
from kotaku_nlp.analysis.encoders import load_encoder  # noqa: E402
from kotaku_nlp.analysis.reader import SPEAKERS, load_reader, odds_of, outputs  # noqa: E402

TEXT = "Pompa rusak. Warga tidak diajak."


def reading(**changes: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {"phase": None, "codes": {}, "clauses": [], "involvement": []}
    return plain | changes


CODED = reading(
    phase="planning",
    codes={"ansell_gash_2008": [{"dimension": "trust_building", "start": 13, "end": 32}]},
    clauses=[{"aspect": "communication", "polarity": "negative", "start": 0, "end": 12}],
    involvement=[{"actor_group": "community", "status": "excluded", "start": 13, "end": 32}],
)


def share(row: dict[str, Any], name: str) -> float:
    return float(labels.shares(row)[labels.HEARD.index(name)])


def test_three_readings_teach_a_share_and_two_only_what_stands() -> None:
    two = CODED | {"readings": [reading(), CODED]}
    three = CODED | {"readings": [CODED, reading(), CODED]}
    name = "ansell_gash_2008:trust_building"
    assert share(two, name) == 1
    assert share(three, name) == pytest.approx(2 / 3)
    assert share(three, "stage:planning") == pytest.approx(2 / 3)
    assert share(three, "stage:unclear") == pytest.approx(1 / 3)


def test_every_label_is_learnt_at_its_own_output() -> None:
    given = {name for name, there in zip(labels.HEARD, labels.settled([CODED])[0], strict=True) if there}
    assert given == {
        "ansell_gash_2008:trust_building", "communication:evidence", "communication:badly",
        "stage:planning", "community:excluded",
    }  # fmt: skip


def test_attention_is_taught_on_the_pieces_of_the_marked_words() -> None:
    places = [(0, 0), (0, 5), (6, 11), (11, 12), (13, 18), (19, 24), (25, 31), (31, 32), (0, 0)]
    looks = {labels.HEARD[number]: inside for number, inside in labels.pieces(CODED, places)}
    assert looks["community:excluded"] == [4, 5, 6, 7]
    assert looks["communication:badly"] == [1, 2, 3]
    assert "stage:planning" not in looks


def test_a_speaker_without_a_group_is_unknown() -> None:
    assert SPEAKERS[labels.speaker({"group": "community"})] == "community"
    assert SPEAKERS[labels.speaker({"group": None})] == "unknown"


def test_what_is_written_reads_as_what_was_learnt(tmp_path: Path) -> None:
    encoder, branch = load_encoder(), 3
    torch.manual_seed(0)
    learnt = network.Network(encoder.folder, branch).eval()
    for parameter in (learnt.query_by, learnt.weight_by, learnt.bias_by):
        torch.nn.init.normal_(parameter, std=0.05)
    save_tensors(
        {name: weight.numpy() for name, weight in learnt.exported().items()}, tmp_path / "reader.safetensors"
    )
    facts = {"outputs": outputs(), "branch": branch, "encoder_revision": encoder.revision}
    (tmp_path / "reader.json").write_text(json.dumps(facts), encoding="utf-8")
    found = load_reader(tmp_path).encode([TEXT])
    body = load_bert(encoder.folder)
    assert body is not None
    states = next(replace(body, layers=body.layers[:branch]).runs([TEXT])).states.clone()
    for number, speaker in enumerate(SPEAKERS):
        with torch.no_grad():
            odds, _ = learnt(states, torch.ones(states.shape[:2], dtype=torch.bool), torch.tensor([number]))
        names = [f"actor:{speaker}:{name}" if name in network.ACTORS else name for name in labels.HEARD]
        assert np.abs(odds_of(found, names)[0] - odds[0].numpy()).max() < 0.05


def test_voices_that_know_weigh_more_and_the_threshold_is_the_best_one() -> None:
    rng = np.random.default_rng(0)
    truth = rng.random(500) < 0.3
    voices = {"knows": truth + rng.normal(scale=0.5, size=500), "guesses": rng.normal(size=500)}
    mix = fits.decided(voices, truth, fits.by_f1)
    assert mix.weights["knows"] > 5 * abs(mix.weights["guesses"])
    chance = 1 / (1 + np.exp(-mix.odds(voices)))
    best = max(fits.by_f1(truth, chance, threshold) for threshold in fits.THRESHOLDS)
    assert fits.by_f1(truth, chance, mix.threshold) == best
    assert chance.mean() == pytest.approx(truth.mean(), abs=0.02)
