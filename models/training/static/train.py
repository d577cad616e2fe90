"""Train the static bilingual table and write it as a sentence-transformers folder.

    python train.py --work WORK --data FOLDER --out models/static-id-en

Two losses share every batch: translations find each other among the other
sentences of the batch (in both directions), and both sides follow the vectors
and the neighbourhoods that the English teacher gives the English side. A
checkpoint after every epoch lets an interrupted run go on.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import random
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from colloquial import Colloquial, read_lexicons
from data import read_rows
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
from teacher import read_cache
from tokenizers import Tokenizer
from torch import Tensor

DIM = 384
SCALE = 20.0
#: Fraction of the Indonesian sides that an epoch shows in colloquial spelling.
COLLOQUIAL_SHARE = 0.2
#: Indonesian twins (entailments, informal and formal) added to every batch.
TWINS = 64
WARM_UP = 0.1


@dataclass(frozen=True)
class Plan:
    """What a run may vary."""

    epochs: int = 10
    batch: int = 1024
    rate: float = 0.05
    teacher: float = 1.0
    hard: float = 0.0
    colloquial: float = COLLOQUIAL_SHARE
    drop: float = 0.0
    seed: int = 0


class Bags:
    """Token ids of many texts, one flat array."""

    def __init__(self, tokenizer: Tokenizer, texts: list[str]) -> None:
        """Tokenise the texts once.

        :param tokenizer: the table's tokenizer.
        :param texts: training texts.
        """
        rows = [e.ids for e in tokenizer.encode_batch(texts, add_special_tokens=False)]
        self.lengths = np.array([len(row) for row in rows])
        self.starts = np.concatenate([[0], np.cumsum(self.lengths)])
        self.flat = np.fromiter((i for row in rows for i in row), np.int64, int(self.starts[-1]))

    def take(self, index: NDArray[np.int64]) -> list[NDArray[np.int64]]:
        """Return the ids of the texts at these positions.

        :param index: positions.
        """
        return [self.flat[self.starts[i] : self.starts[i + 1]] for i in index]

    def document_frequency(self, rows: int) -> NDArray[np.float64]:
        """Return in how many texts each row of the table occurs.

        :param rows: size of the vocabulary.
        """
        text = np.repeat(np.arange(len(self.lengths)), self.lengths)
        unique = np.unique(np.stack([text, self.flat]), axis=1)[1]
        return np.bincount(unique, minlength=rows).astype(np.float64)


@dataclass
class Material:
    """Everything a run reads, tokenised."""

    indonesian: Bags
    spoken: Bags
    english: Bags
    twins: tuple[Bags, Bags]
    teacher: Tensor
    rows: int


def read_material(work: Path, data: Path, tokenizer: Tokenizer) -> Material:
    """Read and tokenise the training text, and look up its teacher vectors.

    :param work: folder that `data.py`, `tokenizer.py` and `teacher.py` wrote.
    :param data: data folder with the word lists.
    :param tokenizer: the table's tokenizer.
    """
    texts, vectors = read_cache(work)
    position = {text: i for i, text in enumerate(texts)}
    pairs = [
        pair
        for pair in read_rows(work / "pairs.tsv")
        if all(tokenizer.encode(side, add_special_tokens=False).ids for side in pair[1:])
    ]
    speak = Colloquial(read_lexicons(data), random.Random(2))
    twins = read_rows(work / "positives.tsv")
    return Material(
        indonesian=Bags(tokenizer, [p[1] for p in pairs]),
        spoken=Bags(tokenizer, [speak(p[1]) for p in pairs]),
        english=Bags(tokenizer, [p[2] for p in pairs]),
        twins=(Bags(tokenizer, [t[1] for t in twins]), Bags(tokenizer, [t[2] for t in twins])),
        teacher=torch.from_numpy(vectors[[position[p[2]] for p in pairs]].astype(np.float32)),
        rows=tokenizer.get_vocab_size(),
    )


def start_table(material: Material) -> Tensor:
    """Return random rows whose length is the inverse document frequency: common words start short.

    :param material: the training text.
    """
    frequency = sum(
        bags.document_frequency(material.rows)
        for bags in (material.indonesian, material.spoken, material.english)
    )
    texts = 3 * len(material.indonesian.lengths)
    idf = np.log((texts + 1) / (np.asarray(frequency) + 1))
    idf /= idf[np.asarray(frequency) > 0].mean()
    return torch.randn(material.rows, DIM) / math.sqrt(DIM) * torch.tensor(idf, dtype=torch.float32)[:, None]


def embed(table: torch.nn.EmbeddingBag, bags: list[NDArray[np.int64]]) -> Tensor:
    """Return unit vectors of texts given as token ids.

    :param table: the table that is trained.
    :param bags: token ids of each text.
    """
    offsets = np.cumsum([0] + [len(bag) for bag in bags[:-1]])
    return F.normalize(table(torch.from_numpy(np.concatenate(bags)), torch.from_numpy(offsets)), dim=1)


def thinned(
    bags: list[NDArray[np.int64]], drop: float, chance: np.random.Generator
) -> list[NDArray[np.int64]]:
    """Return the bags without a random share of their tokens, so that no word carries a sentence alone.

    :param bags: token ids of each text.
    :param drop: share to leave out.
    :param chance: draws the tokens.
    """
    if drop == 0:
        return bags
    kept = [bag[chance.random(len(bag)) >= drop] for bag in bags]
    return [thin if len(thin) else bag for thin, bag in zip(kept, bags, strict=True)]


def contrastive(left: Tensor, right: Tensor) -> Tensor:
    """Return the in-batch softmax loss in both directions: row i of one side belongs to row i of the other.

    :param left: unit vectors.
    :param right: unit vectors.
    """
    scores, truth = SCALE * left @ right.T, torch.arange(len(left))
    return 0.5 * (F.cross_entropy(scores, truth) + F.cross_entropy(scores.T, truth))


def distillation(student: Tensor, teacher: Tensor) -> Tensor:
    """Return the distance to the teacher: of the vectors, and of who is near whom in the batch.

    :param student: unit vectors of one side.
    :param teacher: the teacher's unit vectors of the English side.
    """
    keys = F.cross_entropy(SCALE * student @ teacher.T, torch.arange(len(student)))
    itself = torch.eye(len(student), dtype=torch.bool)
    # A text is always its own nearest neighbour; without it the rows are not almost one-hot.
    wanted = F.softmax((SCALE * teacher @ teacher.T).masked_fill(itself, -1e4), 1)
    given = F.log_softmax((SCALE * student @ student.T).masked_fill(itself, -1e4), 1)
    return keys + F.kl_div(given, wanted, reduction="batchmean") + 5 * (1 - (student * teacher).sum(1)).mean()


def order(material: Material, plan: Plan, epoch: int) -> NDArray[np.int64]:
    """Return the order of the pairs in one epoch; a share of the batches holds pairs of one subject.

    :param material: the training text.
    :param plan: share of such batches, seed.
    :param epoch: number of the epoch.
    """
    chance = np.random.default_rng((plan.seed, epoch))
    shuffled = chance.permutation(len(material.teacher))
    hard = int(plan.hard * len(shuffled))
    if hard:
        # Sorted along a random direction of the teacher's space, neighbours in the order share a subject.
        directions = torch.from_numpy(chance.standard_normal((DIM, 8)).astype(np.float32))
        projected = (material.teacher[shuffled[:hard]] - material.teacher.mean(0)) @ directions
        group = projected.abs().argmax(1) * 2 + (
            projected.gather(1, projected.abs().argmax(1, keepdim=True))[:, 0] > 0
        )
        shuffled[:hard] = shuffled[:hard][np.argsort(group.numpy(), kind="stable")]
    batches = np.array_split(shuffled, max(1, len(shuffled) // plan.batch))
    return np.concatenate([batches[i] for i in chance.permutation(len(batches))])


def step_loss(
    table: torch.nn.EmbeddingBag,
    material: Material,
    index: NDArray[np.int64],
    plan: Plan,
    chance: np.random.Generator,
) -> Tensor:
    """Return the loss of one batch.

    :param table: the table that is trained.
    :param material: the training text.
    :param index: pairs of the batch.
    :param plan: weights of the losses.
    :param chance: draws colloquial texts and twins.
    """
    spoken = chance.random(len(index)) < plan.colloquial
    written = material.indonesian.take(index)
    for place in np.flatnonzero(spoken):
        written[place] = material.spoken.take(index[place : place + 1])[0]
    indonesian = embed(table, thinned(written, plan.drop, chance))
    english = embed(table, thinned(material.english.take(index), plan.drop, chance))
    loss = contrastive(indonesian, english)
    target = material.teacher[index]
    for side in (indonesian, english):
        loss = loss + plan.teacher * distillation(side, target)
    chosen = chance.integers(0, len(material.twins[0].lengths), TWINS)
    twins = [embed(table, bags.take(chosen)) for bags in material.twins]
    return loss + TWINS / plan.batch * contrastive(*twins)


def optimise(material: Material, plan: Plan, checkpoint: Path) -> Tensor:
    """Train a table, saving it after every epoch, and return it.

    :param material: the training text.
    :param plan: length and weights.
    :param checkpoint: safetensors file to write, and to go on from when it is there.
    """
    torch.manual_seed(plan.seed)
    table = torch.nn.EmbeddingBag.from_pretrained(start_table(material), freeze=False)
    optimizer = torch.optim.Adam(table.parameters(), lr=plan.rate, betas=(0.9, 0.99))
    per_epoch = len(material.teacher) // plan.batch
    steps, first = plan.epochs * per_epoch, 0
    if checkpoint.exists():
        first = _resume(table, optimizer, checkpoint)
    started = time.monotonic()
    for epoch in range(first, plan.epochs):
        chance = np.random.default_rng((plan.seed, 1000 + epoch))
        for number, index in enumerate(np.array_split(order(material, plan, epoch), per_epoch)):
            done = epoch * per_epoch + number
            share = min((done + 1) / (WARM_UP * steps), (steps - done) / (steps * (1 - WARM_UP)))
            optimizer.param_groups[0]["lr"] = plan.rate * share
            loss = step_loss(table, material, index, plan, chance)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        _keep(table, optimizer, checkpoint, epoch + 1, done + 1)
        print(
            f"epoch {epoch + 1} loss {loss.item():.3f} seconds {time.monotonic() - started:.0f}", flush=True
        )
    return table.weight.detach()


def _keep(
    table: torch.nn.EmbeddingBag, optimizer: torch.optim.Adam, path: Path, epoch: int, step: int
) -> None:
    state = optimizer.state[table.weight]
    tensors = {"weight": table.weight.detach(), "mean": state["exp_avg"], "square": state["exp_avg_sq"]}
    save_file(tensors | {"count": torch.tensor([epoch, step])}, path)


def _resume(table: torch.nn.EmbeddingBag, optimizer: torch.optim.Adam, path: Path) -> int:
    kept = load_file(path)
    with torch.no_grad():
        table.weight.copy_(kept["weight"])
    epoch, step = kept["count"].tolist()
    optimizer.state[table.weight] = {
        "step": torch.tensor(float(step)),
        "exp_avg": kept["mean"],
        "exp_avg_sq": kept["square"],
    }
    return int(epoch)


def export(weights: Tensor, tokenizer: Tokenizer, folder: Path) -> str:
    """Write the table as a sentence-transformers folder and return the sha256 of its weights.

    The table is kept in float16 beside a float32 factor of one per row, the form
    that the static module also reads: it then computes in float32, where a text
    without any token gives a zero vector and not NaN.

    :param weights: the trained table.
    :param tokenizer: its tokenizer.
    :param folder: folder to write.
    """
    weights = weights.clone()
    weights[:2] = 0.0  # padding and unknown pieces say nothing
    half = weights.to(torch.float16)
    module = StaticEmbedding(tokenizer, embedding_weights=half.float())
    model = SentenceTransformer(modules=[module, Normalize()], device="cpu")
    model.save(str(folder), create_model_card=False)
    table = next(folder.glob("**/model.safetensors"))
    save_file({"embeddings": half.contiguous(), "weights": torch.ones(len(half))}, table)
    return hashlib.sha256(table.read_bytes()).hexdigest()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=os.environ.get("KOTAKU_TRAINING_DATA"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, help="default: WORK/checkpoint.safetensors")
    for name, value in vars(Plan()).items():
        parser.add_argument(f"--{name}", type=type(value), default=value)
    args = parser.parse_args()
    if args.data is None:
        parser.error("give --data FOLDER or set KOTAKU_TRAINING_DATA")
    plan = Plan(**{name: getattr(args, name) for name in vars(Plan())})
    tokenizer = Tokenizer.from_file(str(args.work / "tokenizer.json"))
    material = read_material(args.work, Path(args.data), tokenizer)
    weights = optimise(material, plan, args.checkpoint or args.work / "checkpoint.safetensors")
    args.out.mkdir(parents=True, exist_ok=True)
    digest = export(weights, tokenizer, args.out)
    print(
        json.dumps(
            {"plan": vars(plan), "pairs": len(material.teacher), "rows": material.rows, "sha256": digest}
        )
    )


if __name__ == "__main__":
    main()
