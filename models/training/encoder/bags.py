"""Token ids of many texts, and a table of vectors trained on them: a text is the mean of its pieces."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

DIM = 384
WARM_UP = 0.1


@dataclass(frozen=True)
class Plan:
    """What a training of a table may vary."""

    epochs: int = 10
    batch: int = 1024
    rate: float = 0.05
    seed: int = 0
    dim: int = DIM


class Bags:
    """Token ids of many texts, one flat array."""

    def __init__(self, tokenizer: Tokenizer, texts: Sequence[str], offset: int = 0) -> None:
        """Tokenise the texts once.

        :param tokenizer: the table's tokenizer.
        :param texts: training texts.
        :param offset: added to every id, where one table serves two vocabularies.
        """
        rows = [e.ids for e in tokenizer.encode_batch(list(texts), add_special_tokens=False)]
        self.lengths = np.array([len(row) for row in rows])
        self.starts = np.concatenate([[0], np.cumsum(self.lengths)])
        self.flat = np.fromiter((i for row in rows for i in row), np.int64, int(self.starts[-1])) + offset

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


def embed(table: torch.nn.EmbeddingBag, bags: list[NDArray[np.int64]]) -> Tensor:
    """Return unit vectors of texts given as token ids.

    :param table: the table that is trained.
    :param bags: token ids of each text.
    """
    offsets = np.cumsum([0] + [len(bag) for bag in bags[:-1]])
    return F.normalize(table(torch.from_numpy(np.concatenate(bags)), torch.from_numpy(offsets)), dim=1)


def start_table(sides: Sequence[Bags], rows: int, dim: int) -> Tensor:
    """Return random rows whose length is the inverse document frequency: common words start short.

    :param sides: the training text.
    :param rows: size of the vocabulary.
    :param dim: numbers a row.
    """
    frequency = sum((side.document_frequency(rows) for side in sides), np.zeros(rows))
    texts = sum(len(side.lengths) for side in sides)
    idf = np.log((texts + 1) / (frequency + 1))
    idf /= idf[frequency > 0].mean()
    return torch.randn(rows, dim) / math.sqrt(dim) * torch.tensor(idf, dtype=torch.float32)[:, None]


#: Table, positions of the pairs of a batch, chance → loss.
StepLoss = Callable[[torch.nn.EmbeddingBag, NDArray[np.int64], np.random.Generator], Tensor]


def train_table(start: Tensor, pairs: int, loss_of: StepLoss, plan: Plan) -> Tensor:
    """Train a table with Adam, linear warm-up and decay, and return it.

    :param start: (rows, dim).
    :param pairs: number of training pairs.
    :param loss_of: loss of one batch.
    :param plan: epochs, batch, rate, seed.
    """
    table = torch.nn.EmbeddingBag.from_pretrained(start, freeze=False, mode="mean")
    optimizer = torch.optim.Adam(table.parameters(), lr=plan.rate)
    steps, step, started = plan.epochs * max(1, pairs // plan.batch), 0, time.monotonic()
    for epoch in range(plan.epochs):
        chance = np.random.default_rng((plan.seed, epoch))
        for index in np.array_split(chance.permutation(pairs), max(1, pairs // plan.batch)):
            for group in optimizer.param_groups:
                group["lr"] = plan.rate * min((step + 1) / (WARM_UP * steps), 1.0, (steps - step) / steps)
            loss = loss_of(table, index, chance)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            step += 1
        print(f"epoch {epoch + 1} loss {loss.item():.3f} {time.monotonic() - started:.0f} s", flush=True)
    return table.weight.detach()
