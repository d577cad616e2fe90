"""Bring the student to speech and to our field.

    python adapt.py --work WORK [--coded corpora/governance/train.jsonl]

Three things share every batch: translations, half of their Indonesian sides in spoken spelling, that
still follow the English teacher; informal, dialect and regional texts (written by people, or respelt with
word lists and learnt lexicons) that move to where the student itself put their standard twins before; and
coded interview passages, whose labels (dimensions, aspects and their poles) must be readable from the
vector by a linear head. Reads `distilled/`, writes `adapted/`.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from device import autocast, device
from distil import Plan as Distilling
from distil import Texts, batches
from losses import alike, following, ranking
from numpy.typing import NDArray
from regional import Neighbours
from sources import read_rows
from spoken import Speech
from student import Student, save_student
from teacher import read_teacher
from torch import Tensor, nn

ROOT = Path(__file__).resolve().parents[3]
CODED = ROOT / "corpora" / "governance" / "train.jsonl"
ASPECTS = ("coordination", "communication", "cooperation")
BOOK = "ansell_gash_2008"
#: Longer texts are not rewritten in a neighbour's words: there are enough short ones.
REWRITTEN = 40
#: A unit vector times this is what the linear head reads.
GAIN = 16.0


@dataclass(frozen=True)
class Plan:
    """What a run may vary."""

    steps: int = 180
    rows: float = 3e-4
    body: float = 6e-5
    spoken: int = 48
    #: Indonesian texts that are also read in the words of a neighbouring language.
    neighbours: int = 20000
    passages: int = 32
    #: Weights of the losses beside that of the translations.
    speech: float = 1.0
    field: float = 0.8
    anchor: float = 2.0
    #: Longest coded passage, in pieces.
    length: int = 128
    seed: int = 0


def coded_targets(rows: Sequence[dict[str, Any]]) -> NDArray[np.float32]:
    """Return (n, labels): each dimension, in framework or not, and per aspect told of, well, badly.

    :param rows: coded passages.
    """
    given = [{code["dimension"] for code in row["codes"].get(BOOK, [])} for row in rows]
    names = sorted(set().union(*given))
    columns = [[name in codes for codes in given] for name in names] + [[bool(codes) for codes in given]]
    for aspect in ASPECTS:
        poles = [{c["polarity"] for c in row["clauses"] if c["aspect"] == aspect} for row in rows]
        columns += [
            [bool(told) for told in poles],
            ["positive" in told for told in poles],
            ["negative" in told for told in poles],
        ]
    return np.array(columns, dtype=np.float32).T


@dataclass
class Material:
    """Everything a run reads, tokenised; anchors are the student's own vectors before."""

    indonesian: Texts
    said_pairs: Texts
    english: Texts
    teacher: Tensor
    said: Texts
    standard: Texts
    standard_anchor: Tensor
    coded: Texts
    coded_anchor: Tensor
    labels: Tensor


@torch.inference_mode()
def vectors(student: Student, texts: Texts, size: int = 64) -> Tensor:
    """Return the student's vectors of all texts.

    :param student: as it stands.
    :param texts: tokenised texts.
    :param size: texts at once.
    """
    order = np.argsort(texts.lengths, kind="stable")
    found = torch.zeros(len(order), student.body.config.hidden_size)
    with autocast():
        for start in range(0, len(order), size):
            index = order[start : start + size]
            found[torch.from_numpy(index)] = student(*texts.batch(index)).cpu()
    return found.clone()


def read_material(work: Path, coded: Path, student: Student, plan: Plan) -> Material:
    """Read, tokenise, and take the anchors.

    :param work: folder of the earlier steps.
    :param coded: coded passages, JSON lines.
    :param student: before adaptation.
    :param plan: length.
    """
    names, taught = read_teacher(work)
    place = {text: i for i, text in enumerate(names)}
    pairs, similar = read_rows(work / "pairs.tsv"), read_rows(work / "spoken.tsv")
    plain = [row[1] for row in read_rows(work / "plain.tsv")]
    speak, neighbour, short = Speech(3), Neighbours(work, 3), Distilling().length
    written = [row[1] for row in pairs if len(row[1].split()) <= REWRITTEN]
    rows = [json.loads(line) for line in coded.read_text("utf-8").splitlines()]
    passages = Texts(student, [row["text"] for row in rows], plan.length)
    rewritten = random.Random(3).sample(written, min(len(written), plan.neighbours))
    said = [row[1] for row in similar] + [speak(text) for text in plain] + [neighbour(t) for t in rewritten]
    standard = Texts(student, [row[2] for row in similar] + plain + rewritten, short)
    return Material(
        indonesian=Texts(student, [row[1] for row in pairs], short),
        said_pairs=Texts(student, [speak(row[1]) for row in pairs], short),
        english=Texts(student, [row[2] for row in pairs], short),
        teacher=torch.from_numpy(taught[[place[row[2]] for row in pairs]].astype(np.float32)),
        said=Texts(student, said, short),
        standard=standard,
        standard_anchor=vectors(student, standard),
        coded=passages,
        coded_anchor=vectors(student, passages),
        labels=torch.from_numpy(coded_targets(rows)),
    )


def translation_loss(
    student: Student, material: Material, index: NDArray[np.int64], chance: np.random.Generator
) -> Tensor:
    """Return the loss of translations, the Indonesian side spoken in half of the batches.

    :param student: under training.
    :param material: the training text.
    :param index: pairs of the batch.
    :param chance: draws which.
    """
    wanted = material.teacher[index].to(device())
    same = alike(wanted)
    side = material.said_pairs if chance.random() < 0.5 else material.indonesian
    indonesian = student(*side.batch(index))
    loss = following(indonesian, wanted, same)
    if chance.random() < 0.25:
        english = student(*material.english.batch(index))
        loss = loss + following(english, wanted, same) + 0.3 * ranking(indonesian, english, same)
    return loss


def speech_loss(
    student: Student, material: Material, size: int, real: int, chance: np.random.Generator
) -> Tensor:
    """Return the loss of spoken texts beside their standard twins.

    :param student: under training.
    :param material: the training text.
    :param size: texts of the batch, half of them of the first `real`.
    :param real: how many twins people wrote; the rest is respelt.
    :param chance: draws them.
    """
    drawn = np.concatenate(
        [
            chance.choice(real, size // 2, replace=False),
            chance.integers(real, len(material.said.rows), size // 2),
        ]
    )
    anchor = material.standard_anchor[drawn].to(device())
    said = student(*material.said.batch(drawn))
    return following(said, anchor, alike(anchor)) + 0.3 * ranking(
        said, student(*material.standard.batch(drawn))
    )


def train(student: Student, material: Material, plan: Plan, real: int) -> None:
    """Run the whole schedule.

    :param student: under training.
    :param material: the training text.
    :param plan: what may vary.
    :param real: how many spoken twins people wrote.
    """
    head = nn.Linear(student.body.config.hidden_size, material.labels.shape[1]).to(device())
    below, above = student.groups()
    groups = [{"params": below, "lr": plan.rows}, {"params": above, "lr": plan.body}]
    optimizer = torch.optim.AdamW([*groups, {"params": head.parameters(), "lr": 3e-3}], weight_decay=0.0)
    rates = [group["lr"] for group in optimizer.param_groups]
    # Rare labels weigh more, up to eight times.
    rare = ((1 - material.labels).sum(0) / material.labels.sum(0).clamp(min=1)).clamp(max=8).to(device())
    todo = [
        index
        for epoch in range(4)
        for index in batches(material.indonesian.lengths, Distilling(most=96, pieces=2560), 100 + epoch)
    ][: plan.steps]
    started = time.monotonic()
    for step, index in enumerate(todo):
        chance = np.random.default_rng((plan.seed, 2, step))
        fade = min(1.0, (step + 1) / 20) * (0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * step / len(todo))))
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * fade
        drawn = chance.choice(len(material.coded.rows), plan.passages, replace=False)
        with autocast():
            loss = translation_loss(student, material, index, chance)
            loss = loss + plan.speech * speech_loss(student, material, plan.spoken, real, chance)
            coded = student(*material.coded.batch(drawn))
            told = F.binary_cross_entropy_with_logits(
                head(GAIN * coded), material.labels[drawn].to(device()), pos_weight=rare
            )
            kept = 1 - (coded * material.coded_anchor[drawn].to(device())).sum(1).mean()
            loss = loss + plan.field * told + plan.anchor * kept
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(below + above, 1.0)
        optimizer.step()
        if (step + 1) % 25 == 0:
            pace = (time.monotonic() - started) / (step + 1)
            print(
                f"step {step + 1} of {len(todo)} {loss.item():.3f} coded {told.item():.3f} {pace:.2f} s",
                flush=True,
            )


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--coded", type=Path, default=CODED)
    parser.add_argument("--from", dest="start", default="distilled")
    parser.add_argument("--to", default="adapted")
    for name, value in vars(Plan()).items():
        parser.add_argument(f"--{name}", type=type(value), default=value)
    args = parser.parse_args()
    plan = Plan(**{name: getattr(args, name) for name in vars(Plan())})
    torch.manual_seed(plan.seed)
    student = Student(args.work / args.start).to(device()).eval()
    material = read_material(args.work, args.coded, student, plan)
    train(student, material, plan, len(read_rows(args.work / "spoken.tsv")))
    save_student(student.body.cpu(), student.tokenizer, args.work / args.to)
    (args.work / "adapt.json").write_text(json.dumps(vars(plan), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
