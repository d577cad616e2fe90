"""Train the reader: upper layers of the shipped encoder, for all labels of the coded corpus at once.

    python models/training/reader/train.py [--out models/reader-id] [--epochs 6] [--seed 0]

Learns from train and contrast partners of `corpora/governance`; about half an hour on two cores. Writes the
weights after every epoch. `mix.py` then weighs it beside rules and linear heads, on dev.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from labels import TAUGHT, Row, pieces, read, shares, speaker
from network import Network
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits
from torch.optim.lr_scheduler import LambdaLR

from kotaku_nlp.analysis.bodies import load_bert
from kotaku_nlp.analysis.embeddings import save_tensors
from kotaku_nlp.analysis.encoders import load_encoder
from kotaku_nlp.analysis.reader import SPEAKERS, outputs

ROOT = Path(__file__).resolve().parents[3]
ENCODER = ROOT / "models" / "contextual-id-en"
BRANCH, BATCH = 3, 24
#: Weight of "look at the marked words" beside "name the labels".
LOOK = 0.1
#: Share of passages whose speaker is hidden, so that a corpus without groups is read too.
HIDDEN = 0.25


@dataclass(frozen=True)
class Lesson:
    """One passage: its states below the branch (pieces, d), what to say of it, and where to look."""

    states: Tensor
    targets: Tensor
    looks: list[tuple[int, list[int]]]
    speaker: int


def lessons(rows: Sequence[Row]) -> list[Lesson]:
    """Return what the network sees of passages; the lower layers are run once, for they never change.

    :param rows: coded passages.
    """
    body = load_bert(ENCODER)
    if body is None:
        raise FileNotFoundError(ENCODER)
    body = replace(body, layers=body.layers[:BRANCH])
    found: dict[int, Lesson] = {}
    for run in body.runs([row["text"] for row in rows], places=True):
        for at, places, states in zip(run.rows, run.places, run.states.half(), strict=True):
            row = rows[at]
            targets = torch.from_numpy(shares(row))
            found[at] = Lesson(states.clone(), targets, pieces(row, places), speaker(row))
    return [found[at] for at in range(len(rows))]


def laid(taken: Sequence[Lesson]) -> tuple[Tensor, Tensor]:
    """Return states (n, pieces, d) and where there are any, short passages filled up.

    :param taken: n lessons.
    """
    states = torch.nn.utils.rnn.pad_sequence([one.states.float() for one in taken], batch_first=True)
    lengths = torch.tensor([len(one.states) for one in taken])
    return states, torch.arange(states.shape[1])[None] < lengths[:, None]


def batches(taught: Sequence[Lesson], chance: np.random.Generator) -> Iterator[list[Lesson]]:
    """Yield all lessons in chance order, some forty batches at a time sorted by length.

    :param taught: the lessons.
    :param chance: where the order comes from.
    """
    order = chance.permutation(len(taught))
    cut: list[list[int]] = []
    for start in range(0, len(order), 40 * BATCH):
        near = sorted(order[start : start + 40 * BATCH].tolist(), key=lambda at: len(taught[at].states))
        cut += [near[first : first + BATCH] for first in range(0, len(near), BATCH)]
    for at in chance.permutation(len(cut)):
        yield [taught[one] for one in cut[at]]


def loss_of(network: Network, taken: Sequence[Lesson], chance: np.random.Generator) -> Tensor:
    """Return the loss of a batch, a passage on average.

    :param network: the network.
    :param taken: the batch.
    :param chance: hides some speakers.
    """
    hidden = chance.random(len(taken)) < HIDDEN
    speakers = [len(SPEAKERS) - 1 if hide else one.speaker for hide, one in zip(hidden, taken, strict=True)]
    odds, looked = network(*laid(taken), torch.tensor(speakers))
    targets = torch.stack([one.targets for one in taken])
    loss = binary_cross_entropy_with_logits(odds, targets, reduction="sum")
    missed = [
        -torch.logsumexp(looked[at, inside, label], 0)
        for at, one in enumerate(taken)
        for label, inside in one.looks
    ]
    return (loss + LOOK * torch.stack([*missed, torch.zeros(())]).sum()) / len(taken)


def _steps(network: Network, total: int) -> tuple[torch.optim.Optimizer, LambdaLR]:
    """Return what moves the weights, and how fast: up over a tenth of the batches, then down to nothing.

    :param network: the network; the encoder's layers move slowly, what is new fast.
    :param total: batches in all.
    """
    body = list(network.layers.parameters())
    others = [one for name, one in network.named_parameters() if not name.startswith("layers.")]
    pace = [{"params": body, "lr": 1e-4, "weight_decay": 0.01}, {"params": others, "lr": 2e-3}]
    optimizer = torch.optim.AdamW(pace, weight_decay=0.0)
    return optimizer, LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / (0.1 * total)) * max(0, (total - step) / total)
    )


def _note(folder: Path, training: dict[str, int]) -> None:
    """Write what the reader must know of itself before anything is weighed."""
    encoder = load_encoder(str(ENCODER))
    facts = {"outputs": outputs(), "branch": BRANCH, "encoder": encoder.id}
    facts |= {"encoder_revision": encoder.revision, "training": training}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "reader.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "reader-id")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    chance = np.random.default_rng(args.seed)
    taught = lessons(read(*TAUGHT))
    network = Network(ENCODER, BRANCH).train()
    total = args.epochs * math.ceil(len(taught) / BATCH)
    optimizer, schedule = _steps(network, total)
    _note(args.out, {"epochs": args.epochs, "seed": args.seed, "passages": len(taught)})
    started = time.time()
    for epoch in range(args.epochs):
        losses = []
        for taken in batches(taught, chance):
            loss = loss_of(network, taken, chance)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
            if len(losses) % 50 == 0:
                told = f"epoch {epoch + 1}, batch {len(losses)}: loss {np.mean(losses[-50:]):.3f}"
                print(told, f"{time.time() - started:.0f} s", flush=True)
        weights = {name: weight.numpy() for name, weight in network.exported().items()}
        save_tensors(weights, args.out / "reader.safetensors")
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.3f}", flush=True)


if __name__ == "__main__":
    main()
