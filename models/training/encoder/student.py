"""The student: the MiniLM body with the bilingual vocabulary; how it is kept, loaded and run in training."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertModel, PreTrainedTokenizerFast

#: Longest passage that the shipped model reads, in pieces: 140 words of speech.
MAX_TOKENS = 256


def save_student(body: nn.Module, tokenizer: Tokenizer, folder: Path, half: bool = False) -> None:
    """Write a plain sentence-transformers folder: transformer, mean pooling, unit length.

    :param body: a BERT body.
    :param tokenizer: the bilingual vocabulary.
    :param folder: folder to write.
    :param half: keep the weights in half precision.
    """
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
        model_max_length=MAX_TOKENS,
    )
    with tempfile.TemporaryDirectory() as plain:
        (body.half() if half else body.float()).save_pretrained(plain)
        fast.save_pretrained(plain)
        words = Transformer(plain, max_seq_length=MAX_TOKENS)
    if half:
        words.auto_model.half()
    model = SentenceTransformer(modules=[words, Pooling(words.get_embedding_dimension()), Normalize()])
    model.save(str(folder), create_model_card=False)
    if half:
        body.float()


class Student(nn.Module):
    """A body under training."""

    def __init__(self, folder: Path) -> None:
        """Load what `save_student` wrote.

        :param folder: a sentence-transformers folder.
        """
        super().__init__()
        loaded = SentenceTransformer(str(folder), local_files_only=True, device="cpu")
        self.body: BertModel = loaded[0].auto_model.float()
        self.tokenizer: Tokenizer = loaded.tokenizer.backend_tokenizer
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return unit vectors.

        :param ids: (n, length).
        :param mask: (n, length).
        """
        hidden = self.body(input_ids=ids, attention_mask=mask).last_hidden_state.float()
        kept = mask[..., None].float()
        return F.normalize((hidden * kept).sum(1) / kept.sum(1), dim=1)

    def groups(self) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
        """Return the input vectors, and everything above them."""
        named = [(name, value) for name, value in self.body.named_parameters() if "pooler" not in name]
        below = [value for name, value in named if "word_embeddings" in name]
        return below, [value for name, value in named if "word_embeddings" not in name]


def padded(rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Return ids and mask of one batch; lengths are rounded up so that few shapes occur.

    :param rows: token ids of each text.
    """
    longest = -(-max(map(len, rows)) // 4) * 4
    ids: NDArray[np.int64] = np.zeros((len(rows), longest), np.int64)
    mask = np.zeros_like(ids)
    for place, row in enumerate(rows):
        ids[place, : len(row)], mask[place, : len(row)] = row, 1
    return torch.from_numpy(ids), torch.from_numpy(mask)
