"""Teach the student to place Indonesian and English where the English teacher places English.

    python distil.py --work WORK [--epochs 0.7]

Reads `grafted/`, the pairs and the teacher's vectors; writes `distilled/`. The input vectors learn first,
then the body with them. A checkpoint every few minutes lets an interrupted run go on with the next batch.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from device import autocast, device
from losses import SAME, alike, following, ranking
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from sources import read_rows
from student import Student, padded, save_student
from teacher import read_teacher
from torch import Tensor

#: Neighbours kept of each text, and how many texts they are looked for among.
NEAREST, SAMPLE = 8, 25_000


@dataclass(frozen=True)
class Plan:
    """What a run may vary."""

    epochs: float = 0.7
    #: Learning rates of the input vectors and of the body.
    rows: float = 1e-3
    body: float = 2e-4
    #: Share of the steps in which only the input vectors learn.
    frozen: float = 0.12
    #: Share of the batches in which the English side is read too.
    english: float = 0.25
    #: Weight of finding one's own teacher vector among many.
    whose: float = 0.6
    #: Of those, texts drawn from everywhere; and of each text's nearest in the teacher's eyes, so many.
    anywhere: int = 1536
    rivals: int = 3
    #: Pairs of like meaning (entailment, paraphrase) beside every batch.
    twins: int = 32
    pieces: int = 5120
    most: int = 320
    least: int = 64
    length: int = 64
    seed: int = 0


class Texts:
    """Token ids of texts, cut at a length."""

    def __init__(self, student: Student, texts: list[str], length: int) -> None:
        """Tokenise once.

        :param student: its tokenizer is used.
        :param texts: training texts.
        :param length: most pieces a text.
        """
        end = student.tokenizer.token_to_id("[SEP]")
        rows = [encoding.ids for encoding in student.tokenizer.encode_batch(texts)]
        self.rows = [row if len(row) <= length else [*row[: length - 1], end] for row in rows]
        self.lengths = np.array([len(row) for row in self.rows])

    def batch(self, index: NDArray[np.int64]) -> tuple[Tensor, Tensor]:
        """Return ids and mask of the texts at these positions.

        :param index: positions.
        """
        ids, mask = padded([self.rows[i] for i in index])
        return ids.to(device()), mask.to(device())


def batches(lengths: NDArray[np.int64], plan: Plan, epoch: int) -> list[NDArray[np.int64]]:
    """Return the batches of one epoch: texts of like length, as many as the piece budget allows.

    :param lengths: pieces of every text.
    :param plan: budget and bounds.
    :param epoch: number of the epoch.
    """
    chance = np.random.default_rng((plan.seed, epoch))
    order, found = chance.permutation(len(lengths)), []
    for start in range(0, len(order), 20000):
        block = order[start : start + 20000]
        block = block[np.argsort(lengths[block], kind="stable")]
        place = 0
        while place < len(block):
            size = min(plan.most, len(block) - place)
            while size > plan.least and lengths[block[place + size - 1]] * size > plan.pieces:
                size -= 32
            found.append(block[place : place + size])
            place += size
    return [found[i] for i in chance.permutation(len(found)) if len(found[i]) >= plan.least // 2]


@dataclass
class Material:
    """Everything a run reads, tokenised."""

    indonesian: Texts
    english: Texts
    teacher: Tensor
    #: (n, NEAREST) positions of the texts that the teacher finds most like each.
    nearest: Tensor
    twins: tuple[Texts, Texts]


def nearest_of(teacher: Tensor, count: int = NEAREST) -> Tensor:
    """Return the positions of the texts most like each text, (n, count), those that say the same left out.

    Looked for among a sample: the very nearest are often the same sentence in other words.

    :param teacher: unit vectors.
    :param count: neighbours a text.
    """
    sample = torch.randperm(len(teacher), generator=torch.Generator().manual_seed(0))[:SAMPLE]
    found = []
    for block in teacher.split(2048):
        likeness = block @ teacher[sample].T
        found.append(sample[likeness.masked_fill(likeness > SAME, -1.0).topk(count, dim=1).indices])
    return torch.cat(found)


def read_material(work: Path, student: Student, plan: Plan) -> Material:
    """Read and tokenise the training text, and look up its teacher vectors.

    :param work: folder of the earlier steps.
    :param student: its tokenizer is used.
    :param plan: length.
    """
    names, vectors = read_teacher(work)
    place = {text: i for i, text in enumerate(names)}
    pairs, twins = (
        read_rows(work / "pairs.tsv") + read_rows(work / "lexicon.tsv"),
        read_rows(work / "twins.tsv"),
    )
    taught = torch.from_numpy(vectors[[place[row[2]] for row in pairs]].astype(np.float32))
    return Material(
        indonesian=Texts(student, [row[1] for row in pairs], plan.length),
        english=Texts(student, [row[2] for row in pairs], plan.length),
        teacher=taught,
        nearest=nearest_of(taught),
        twins=(
            Texts(student, [row[1] for row in twins], plan.length),
            Texts(student, [row[2] for row in twins], plan.length),
        ),
    )


def rivals(material: Material, index: NDArray[np.int64], plan: Plan, chance: np.random.Generator) -> Tensor:
    """Return teacher vectors of texts that a batch must be told from: near ones, and any.

    :param material: the training text.
    :param index: pairs of the batch.
    :param plan: how many.
    :param chance: draws them.
    """
    near = material.nearest[index][:, chance.choice(NEAREST, plan.rivals, replace=False)].flatten()
    anywhere = torch.from_numpy(chance.integers(len(material.teacher), size=plan.anywhere))
    return material.teacher[torch.cat([near, anywhere])].to(device())


def loss_of(
    student: Student, material: Material, index: NDArray[np.int64], plan: Plan, chance: np.random.Generator
) -> Tensor:
    """Return the loss of one batch.

    :param student: under training.
    :param material: the training text.
    :param index: pairs of the batch.
    :param plan: shares.
    :param chance: draws twins, and whether the English side is read.
    """
    wanted, others = material.teacher[index].to(device()), rivals(material, index, plan, chance)
    same = alike(wanted)
    with autocast():
        indonesian = student(*material.indonesian.batch(index))
        loss = following(indonesian, wanted, same, others, whose=plan.whose)
        if chance.random() < plan.english:
            english = student(*material.english.batch(index))
            loss = loss + following(english, wanted, same, others, whose=plan.whose)
            loss = loss + plan.whose * ranking(indonesian, english, same)
        if plan.twins:
            drawn = chance.integers(len(material.twins[0].rows), size=plan.twins)
            left, right = (student(*side.batch(drawn)) for side in material.twins)
            loss = loss + 0.15 * ranking(left, right)
    return loss


class Run:
    """One training run: optimiser, schedule, checkpoint."""

    def __init__(self, student: Student, plan: Plan, steps: int, checkpoint: Path) -> None:
        """Prepare, and go on from the checkpoint if there is one.

        :param student: under training.
        :param plan: rates.
        :param steps: steps of the whole run.
        :param checkpoint: file to keep.
        """
        self.student, self.plan, self.steps, self.checkpoint, self.done = student, plan, steps, checkpoint, 0
        below, above = student.groups()
        self.parameters = below + above
        self.optimizer = torch.optim.AdamW(
            [{"params": below, "weight_decay": 0.0}, {"params": above, "weight_decay": 0.01}],
            betas=(0.9, 0.98),
        )
        if checkpoint.exists():
            kept = load_file(checkpoint)
            self.done = int(kept.pop("step"))
            student.body.load_state_dict(kept)
            print(f"going on at step {self.done}", flush=True)

    def step(self, loss: Tensor) -> None:
        """Take one step along the gradient.

        :param loss: of one batch.
        """
        progress, frozen = self.done / self.steps, self.plan.frozen
        fade = 0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * progress))
        lifted = 0.0 if progress < frozen else min(1.0, (progress - frozen) / 0.04)
        below, above = self.optimizer.param_groups
        below["lr"] = self.plan.rows * fade * min(1.0, (self.done + 1) / 50)
        above["lr"] = self.plan.body * fade * lifted
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimizer.step()
        self.done += 1

    def keep(self) -> None:
        """Write the checkpoint; the optimiser's memory is short and is not kept."""
        tensors = {name: value.contiguous() for name, value in self.student.body.state_dict().items()}
        save_file(tensors | {"step": torch.tensor(self.done)}, self.checkpoint)


def schedule(material: Material, plan: Plan) -> Iterator[NDArray[np.int64]]:
    """Yield the batches of the whole run.

    :param material: the training text.
    :param plan: epochs.
    """
    for epoch in range(math.ceil(plan.epochs)):
        found = batches(material.indonesian.lengths, plan, epoch)
        yield from found[: round(len(found) * min(1.0, plan.epochs - epoch))]


def train(student: Student, material: Material, plan: Plan, checkpoint: Path) -> None:
    """Run the whole schedule.

    :param student: under training.
    :param material: the training text.
    :param plan: what may vary.
    :param checkpoint: file to keep.
    """
    todo = list(schedule(material, plan))
    run = Run(student, plan, len(todo), checkpoint)
    started = kept = time.monotonic()
    first, read = run.done, 0
    for place, index in enumerate(todo):
        if place < first:
            continue
        for parameter in student.groups()[1]:
            parameter.requires_grad_(place / len(todo) >= plan.frozen)
        loss = loss_of(student, material, index, plan, np.random.default_rng((plan.seed, 1, place)))
        run.step(loss)
        read += len(index)
        if run.done % 25 == 0:
            pace = read / (time.monotonic() - started)
            print(f"step {run.done} of {len(todo)} loss {loss.item():.3f} {pace:.0f} pairs/s", flush=True)
        if time.monotonic() - kept > 300:
            run.keep()
            kept = time.monotonic()
    run.keep()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--work", type=Path, required=True)
    for name, value in vars(Plan()).items():
        parser.add_argument(f"--{name}", type=type(value), default=value)
    args = parser.parse_args()
    plan = Plan(**{name: getattr(args, name) for name in vars(Plan())})
    torch.manual_seed(plan.seed)
    student = Student(args.work / "grafted").to(device()).train()
    # The teacher has no dropout to imitate, and the student is small: it learns better without.
    for module in student.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    material = read_material(args.work, student, plan)
    train(student, material, plan, args.work / "distil.safetensors")
    save_student(student.body.cpu(), student.tokenizer, args.work / "distilled")
    (args.work / "distil.json").write_text(json.dumps(vars(plan), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
