"""Give the English body a bilingual vocabulary: its new input vectors are mixed from the English ones.

    python graft.py --work WORK [--teacher FOLDER]

A static table is trained over the new vocabulary and the English model's own pieces together, the English
side cut both ways, so that both lie in one space (WECHSEL, Minixhofer et al. 2022; FOCUS, Dobler and de
Melo 2023). A new piece takes the mean of its ten nearest English pieces there; a piece that both
vocabularies know is copied only where it is more frequent in English (*dan*, *air*, *hari* are other
words in Indonesian). Writes `grafted/`, a sentence-transformers folder.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from bags import Bags, Plan, embed, start_table, train_table
from losses import alike, following, ranking
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from sources import read_rows
from student import save_student
from teacher import packaged_teacher, read_teacher
from tokenizers import Tokenizer
from torch import Tensor
from vocabulary import SPECIAL

NEIGHBOURS = 10
TEMPERATURE = 0.1
#: English pieces that fewer texts hold have no place in the shared space worth borrowing from.
SEEN = 5


def shared_space(work: Path, new: Tokenizer, old: Tokenizer) -> tuple[Tensor, list[NDArray[np.float64]]]:
    """Return the joint table, and the document frequencies: Indonesian, English, English by the old pieces.

    :param work: folder of the training text and the teacher's vectors.
    :param new: the bilingual vocabulary.
    :param old: the English vocabulary.
    """
    names, vectors = read_teacher(work)
    place = {text: i for i, text in enumerate(names)}
    rows = read_rows(work / "pairs.tsv") + read_rows(work / "lexicon.tsv")
    pairs = [row for row in rows if all(_pieces(new, side) for side in row[1:])]
    wanted = torch.from_numpy(vectors[[place[row[2]] for row in pairs]].astype(np.float32))
    size, total = new.get_vocab_size(), new.get_vocab_size() + old.get_vocab_size()
    english = [row[2] for row in pairs]
    sides = [Bags(new, [row[1] for row in pairs]), Bags(new, english), Bags(old, english, offset=size)]

    def loss_of(table: torch.nn.EmbeddingBag, index: NDArray[np.int64], _: np.random.Generator) -> Tensor:
        one, two, three = (embed(table, side.take(index)) for side in sides)
        target = wanted[index]
        same = alike(target)
        apart = ranking(one, two, same) + ranking(one, three, same) + ranking(two, three, same)
        return apart + (following(one, target, same) + following(three, target, same)) / 2

    torch.manual_seed(0)
    table = train_table(start_table(sides, total, Plan().dim), len(pairs), loss_of, Plan(epochs=8))
    return table, [side.document_frequency(total) for side in sides]


def _pieces(tokenizer: Tokenizer, text: str) -> list[int]:
    return list(tokenizer.encode(text, add_special_tokens=False).ids)


def grafted_rows(
    table: Tensor, frequency: list[NDArray[np.float64]], english: Tensor, new: Tokenizer, old: Tokenizer
) -> Tensor:
    """Return the input vectors of the new vocabulary.

    :param table: the joint table.
    :param frequency: document frequencies of its rows: Indonesian, English, English by the old pieces.
    :param english: input vectors of the English model.
    :param new: the bilingual vocabulary.
    :param old: the English vocabulary.
    """
    size = new.get_vocab_size()
    indonesian, bilingual, native = frequency
    known = np.flatnonzero(native[size:] >= SEEN)
    space = F.normalize(table[size:][known], dim=1)
    nearest = (F.normalize(table[:size], dim=1) @ space.T).topk(NEIGHBOURS, dim=1)
    weights = F.softmax(nearest.values / TEMPERATURE, dim=1)
    rows = torch.einsum("nk,nkd->nd", weights, english[known][nearest.indices])
    counts = {"mixed": size, "copied": 0, "spelt": 0}
    for piece, row in new.get_vocab().items():
        place = old.token_to_id(piece)
        letters = any(letter.isalpha() for letter in piece)
        if place is not None and (
            piece in SPECIAL or not letters or bilingual[row] >= max(indonesian[row], 1)
        ):
            rows[row], kind = english[place], "copied"
        elif indonesian[row] + bilingual[row] == 0:
            rows[row], kind = english[_pieces(old, piece.removeprefix("##"))].mean(0), "spelt"
        else:
            continue
        counts[kind] += 1
        counts["mixed"] -= 1
    print(counts)
    return rows


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--teacher", type=Path, help="folder of all-MiniLM-L6-v2")
    args = parser.parse_args()
    teacher = SentenceTransformer(
        str(args.teacher or packaged_teacher()), local_files_only=True, device="cpu"
    )
    body = teacher[0].auto_model
    old = teacher.tokenizer.backend_tokenizer
    old.no_truncation()
    old.no_padding()
    new = Tokenizer.from_file(str(args.work / "vocabulary.json"))
    table, frequency = shared_space(args.work, new, old)
    english = body.embeddings.word_embeddings.weight.detach()
    rows = grafted_rows(table, frequency, english, new, old)
    body.resize_token_embeddings(len(rows))
    body.embeddings.word_embeddings.weight.data.copy_(rows)
    save_student(body, new, args.work / "grafted")


if __name__ == "__main__":
    main()
