"""Train the static table: one vector a piece, a text is their mean, taught by the English teacher.

    python static.py --work WORK --out models/static-id-en

The teacher says where every text belongs; the table follows on both sides, translations find each other, and
spoken spelling lies where the standard does. Reads the training text, `words.json` and the teacher's vectors.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from bags import Bags, Plan, embed, start_table, train_table
from export import write_facts
from losses import alike, following, ranking
from numpy.typing import NDArray
from safetensors.torch import save_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
from sources import read_rows
from spoken import Speech
from teacher import read_teacher
from tokenizers import Tokenizer
from torch import Tensor

#: Share of a batch whose Indonesian side is shown in spoken spelling.
SPOKEN = 0.3
#: Pairs of like meaning beside every batch.
TWINS = 96
#: A table follows who is near whom better than the place itself.
NEAR, WHOSE, AROUND = 5.0, 1.0, 1.0


def trained(work: Path, tokenizer: Tokenizer, plan: Plan) -> Tensor:
    """Return the trained table.

    :param work: folder of the earlier steps.
    :param tokenizer: the table's vocabulary.
    :param plan: epochs, batch, rate.
    """
    pairs = read_rows(work / "pairs.tsv") + read_rows(work / "lexicon.tsv")
    similar = read_rows(work / "twins.tsv") + read_rows(work / "spoken.tsv") * 3
    # A text without a piece of its own has no mean.
    full = [i for i, row in enumerate(pairs) if all(tokenizer.encode(side).ids for side in row[1:])]
    pairs = [pairs[i] for i in full]
    names, vectors = read_teacher(work)
    place = {text: i for i, text in enumerate(names)}
    taught = torch.from_numpy(vectors[[place[row[2]] for row in pairs]].astype(np.float32))
    speak = Speech(4)
    written, english = (Bags(tokenizer, [row[i] for row in pairs]) for i in (1, 2))
    spoken = Bags(tokenizer, [speak(row[1]) for row in pairs])
    similar = [row for row in similar if all(tokenizer.encode(side).ids for side in row[1:])]
    left, right = (Bags(tokenizer, [row[i] for row in similar]) for i in (1, 2))

    def loss_of(
        table: torch.nn.EmbeddingBag, index: NDArray[np.int64], chance: np.random.Generator
    ) -> Tensor:
        said = chance.random(len(index)) < SPOKEN
        bags = [
            spoken.take(index[i : i + 1])[0] if said[i] else bag for i, bag in enumerate(written.take(index))
        ]
        indonesian, other = embed(table, bags), embed(table, english.take(index))
        wanted = taught[index]
        same = alike(wanted)
        loss = ranking(indonesian, other, same)
        for side in (indonesian, other):
            loss = loss + following(side, wanted, same, near=NEAR, whose=WHOSE, around=AROUND)
        drawn = chance.integers(len(similar), size=TWINS)
        return loss + 0.3 * ranking(embed(table, left.take(drawn)), embed(table, right.take(drawn)))

    torch.manual_seed(plan.seed)
    sides = [written, spoken, english]
    return train_table(start_table(sides, tokenizer.get_vocab_size(), plan.dim), len(pairs), loss_of, plan)


def export(weights: Tensor, tokenizer: Tokenizer, folder: Path) -> None:
    """Write the table as a sentence-transformers folder.

    The table is kept in float16 beside a float32 factor of one a row, the form that the static module
    also reads: it then computes in float32, where a text without any piece gives a zero vector and not
    NaN.

    :param weights: the trained table.
    :param tokenizer: its tokenizer.
    :param folder: folder to write.
    """
    weights = weights.clone()
    weights[:2] = 0.0  # padding and unknown pieces say nothing
    half = weights.to(torch.float16)
    module = StaticEmbedding(tokenizer, embedding_weights=half.float())
    SentenceTransformer(modules=[module, Normalize()], device="cpu").save(
        str(folder), create_model_card=False
    )
    table = next(folder.glob("**/model.safetensors"))
    save_file({"embeddings": half.contiguous(), "weights": torch.ones(len(half))}, table)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    for name, value in vars(Plan()).items():
        parser.add_argument(f"--{name}", type=type(value), default=value)
    args = parser.parse_args()
    plan = Plan(**{name: getattr(args, name) for name in vars(Plan())})
    tokenizer = Tokenizer.from_file(str(args.work / "words.json"))
    export(trained(args.work, tokenizer, plan), tokenizer, args.out)
    write_facts(args.out, "static-id-en", plan.dim)


if __name__ == "__main__":
    main()
