"""Texts as topics need them: distinct, with topic words, in an order of their own, with vectors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from kotaku_nlp.analysis.encoders import load_encoder
from kotaku_nlp.analysis.topics.points import unit
from kotaku_nlp.language.topic_words import topic_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from kotaku_nlp.analysis.topics.points import Labels, Matrix


@dataclass(frozen=True)
class DistinctTexts:
    """The distinct texts that have topic words and a vector, sorted by hash: input order is gone.

    :param texts: the texts, k of them.
    :param matrix: their unit vectors, shape (k, d).
    :param rows: place of every input text among them, shape (n,); -1 for those left out.
    :param counts: how often each occurs in the input, shape (k,).
    :param blocks: places of the texts of each interview, or None when interviews are not known.
    :param keys: hash of every input text.
    :param words: number of topic words in all of them.
    """

    texts: list[str]
    matrix: Matrix
    rows: Labels
    counts: Labels
    blocks: list[list[int]] | None
    keys: tuple[str, ...]
    words: int


def gather(texts: Sequence[str], matrix: Matrix, interviews: Sequence[Hashable] | None) -> DistinctTexts:
    """Return the distinct texts with topic words; of a repeated text the vector of least bytes counts.

    :param texts: any strings.
    :param matrix: their unit vectors, shape (n, d).
    :param interviews: the interview of each text, or None.
    """
    import numpy as np

    keys = [text_key(text) for text in texts]
    first: dict[str, int] = {}
    for row in sorted(range(len(texts)), key=lambda row: (keys[row], matrix[row].tobytes())):
        first.setdefault(keys[row], row)
    heads = np.array(list(first.values()), dtype=np.int64)
    heads = heads[speaking([texts[head] for head in heads], matrix[heads])]
    place = {keys[head]: number for number, head in enumerate(heads)}
    rows = np.array([place.get(key, -1) for key in keys], dtype=np.int64)
    distinct = [texts[head] for head in heads]
    return DistinctTexts(
        texts=distinct,
        matrix=matrix[heads],
        rows=rows,
        counts=np.bincount(rows[rows >= 0], minlength=len(heads)),
        blocks=None if interviews is None else _blocks(interviews, rows.tolist()),
        keys=tuple(keys),
        words=sum(len(topic_words(text)) for text in distinct),
    )


def vectors_of(texts: Sequence[str], embeddings: Any) -> Matrix:
    """Return unit vectors of texts: those given, or the default encoder's.

    Distinct texts are encoded once, in the order of their hashes, so that neither order nor
    repetition changes a vector.

    :param embeddings: shape (n, d), or None.
    :raises ValueError: when vectors and texts differ in number.
    """
    import numpy as np

    if embeddings is None:
        distinct = sorted(set(texts), key=text_key)
        encoded = load_encoder().encode(distinct)
        place = {text: row for row, text in enumerate(distinct)}
        return unit(encoded[[place[text] for text in texts]])
    matrix = np.nan_to_num(np.asarray(embeddings, dtype=np.float32))
    if matrix.ndim != 2 or len(matrix) != len(texts):
        raise ValueError(f"embeddings of shape {matrix.shape} for {len(texts)} texts")
    return unit(matrix)


def speaking(texts: Sequence[str], matrix: Matrix) -> NDArray[np.bool_]:
    """Tell which texts have topic words and a vector, shape (n,)."""
    import numpy as np

    words = np.array([bool(topic_words(text)) for text in texts], dtype=bool)
    return words & matrix.any(axis=1)


def text_key(text: str) -> str:
    """Return the hash by which a text is known again."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _blocks(interviews: Sequence[Hashable], rows: Sequence[int]) -> list[list[int]]:
    blocks: dict[Hashable, list[int]] = defaultdict(list)
    for interview, row in zip(interviews, rows, strict=True):
        if row >= 0:
            blocks[interview].append(row)
    return list(blocks.values())
