"""Coded passages as a table of texts × codes, with the codebook's own sentences beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kotaku_nlp.coding.doctor.reader import likeness
from kotaku_nlp.coding.doctor.sentences import sentences_of
from kotaku_nlp.records import Codebook, Encoder

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]
    Flags = NDArray[np.bool_]

_COLUMNS = ("text", "code", "interview")
#: More passages than this are not weighed: a learning curve asks for matrices of their square.
MOST_PASSAGES = 800


@dataclass(frozen=True)
class Coded:
    """What was coded with one codebook.

    :param book: the codebook.
    :param texts: n passages.
    :param interviews: n names.
    :param given: (n, k), which codes each was given.
    :param unknown: codes that were given and do not stand in the codebook.
    """

    book: Codebook
    texts: tuple[str, ...]
    interviews: tuple[str, ...]
    given: Flags
    unknown: tuple[str, ...]

    def kernel(self, encoder: Encoder) -> tuple[Matrix, Matrix]:
        """Return how alike passages and the codebook's sentences are, and what each belongs to.

        :param encoder: what turns texts into vectors.
        :return: (n + m, n + m) and (n + m, k); the codebook's m sentences stand after the passages.
        """
        import numpy as np

        own = sentences_of(self.book)
        texts = [*self.texts, *(sentence.text for sentence in own)]
        targets = np.zeros((len(own), len(self.book.leaves)))
        targets[np.arange(len(own)), [sentence.owner for sentence in own]] = 1
        return likeness(texts, encoder.encode(texts)), np.vstack([self.given, targets])


def coded(book: Codebook, examples: pd.DataFrame) -> Coded:
    """Return coded passages, each text of an interview once, in an order of their own.

    :param book: the codebook.
    :param examples: columns text, code, interview; see `diagnose`.
    :raises ValueError: when a column is missing.
    """
    import numpy as np

    missing = [name for name in _COLUMNS if name not in examples.columns]
    if missing:
        raise ValueError(f"examples lack the columns {', '.join(missing)}")
    rows = examples[list(_COLUMNS)].fillna("").astype(str)
    rows = rows[rows["text"].str.strip() != ""]
    names = [leaf.id for leaf in book.leaves]
    texts = rows.groupby(["interview", "text"], sort=True)["code"].agg(set).reset_index()
    given = np.array([[name in codes for name in names] for codes in texts["code"]], dtype=bool)
    unknown = sorted(set(rows["code"]) - set(names) - {""})
    return Coded(
        book,
        tuple(texts["text"]),
        tuple(texts["interview"]),
        given.reshape(len(texts), len(names)),
        tuple(unknown),
    )


def at_most(data: Coded, most: int, rng: np.random.Generator) -> Coded:
    """Return so many passages at most, whole interviews drawn blindly.

    :param data: coded passages.
    :param most: passages to keep.
    :param rng: what draws.
    """
    import numpy as np

    if len(data.texts) <= most:
        return data
    names = np.array(data.interviews)
    order = rng.permutation(np.unique(names))
    sizes = np.cumsum([(names == name).sum() for name in order])
    kept = np.flatnonzero(np.isin(names, order[: max(2, int((sizes <= most).sum()))]))
    texts = tuple(data.texts[row] for row in kept)
    return Coded(data.book, texts, tuple(names[kept].tolist()), data.given[kept], data.unknown)
