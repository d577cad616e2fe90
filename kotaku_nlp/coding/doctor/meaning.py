"""Codes whose sentences say nearly the same, and sentences that speak more for another code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from kotaku_nlp.coding.doctor.diagnosis import Finding, Quote
from kotaku_nlp.coding.doctor.reader import by_chance, centred, inverted, likeness, told_apart, unseen
from kotaku_nlp.coding.doctor.sentences import Sentence, main_language, sentences_of
from kotaku_nlp.language.topic_words import stem, topic_words
from kotaku_nlp.records import Codebook, Encoder

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]
    Flags = NDArray[np.bool_]

#: A pair of definitions stands out when it lies this many robust standard deviations over the median pair
#: (Iglewicz and Hoaglin, 1993) and shares this part of the shorter one's words; or shares nearly all of them.
#: A smaller codebook has too few pairs for a background, there the words alone decide.
_FAR_OUT, _SOME_WORDS, _MOST_WORDS, _BACKGROUND_PAIRS = 3.5, 0.3, 0.6, 6
_FEWEST_WORDS = 3
#: Two codes are "not told apart" when a reader that has not seen a sentence puts at most 65 of 100
#: pairs the right way round, and chance does so more often than one time in twenty.
_APART, _CHANCE, _FEWEST_SENTENCES = 0.65, 0.05, 4
#: A sentence lies nearer to another code when the reader says so and most of its nearest sentences do.
_NEIGHBOURS, _MOST, _OWN = 5, 3, 1
#: So many findings of one kind are told; a longer list is read by nobody.
_PAIRS, _SENTENCES, _QUOTES = 5, 6, 2
_TIE = 1e-9


@dataclass(frozen=True)
class Reading:
    """How a reader that had not seen them reads the sentences of a codebook.

    :param book: the codebook.
    :param shown: the m sentences that show codes in use: indicators and examples.
    :param scores: (m, k), how much each speaks for each code, out of the reader's sight.
    :param vectors: (m, d), centred.
    :param apart: (k, k), share of pairs of sentences of two codes that are told apart when unseen; nan for
        codes with too few sentences.
    """

    book: Codebook
    shown: tuple[Sentence, ...]
    scores: Matrix
    vectors: Matrix
    apart: Matrix

    def of(self, leaf: int) -> list[int]:
        """Return which of the sentences belong to a leaf."""
        return [row for row, sentence in enumerate(self.shown) if sentence.owner == leaf]

    def gap(self) -> Matrix:
        """Return (m,) how much more each sentence speaks for another code than for its own, 0 if not."""
        import numpy as np

        owners = [sentence.owner for sentence in self.shown]
        over = self.scores.max(axis=1) - self.scores[np.arange(len(owners)), owners]
        return np.where(over > _TIE, over, 0.0)

    def read_as(self) -> NDArray[np.intp]:
        """Return (m,) the code that each sentence speaks most for, its own where none does more."""
        import numpy as np

        owners = np.array([sentence.owner for sentence in self.shown], dtype=int)
        return np.where(self.gap() > 0, self.scores.argmax(axis=1), owners)


def read(book: Codebook, encoder: Encoder) -> Reading:
    """Return how each indicator and example is read by who knows all the other sentences.

    :param book: a codebook of two leaves or more.
    :param encoder: what turns its sentences into vectors.
    """
    import numpy as np

    sentences = sentences_of(book)
    texts = [sentence.text for sentence in sentences]
    vectors = encoder.encode(texts)
    targets = np.zeros((len(texts), len(book.leaves)))
    targets[np.arange(len(texts)), [sentence.owner for sentence in sentences]] = 1
    kernel = likeness(texts, vectors)
    scores = unseen(kernel, targets, range(len(texts)))
    use = np.array([sentence.use for sentence in sentences], dtype=bool)
    shown = tuple(sentence for sentence in sentences if sentence.use)
    return Reading(book, shown, scores[use], centred(vectors)[use], _apart(kernel, targets, use))


def _apart(kernel: Matrix, targets: Matrix, use: Flags) -> Matrix:
    import numpy as np

    rows = [np.flatnonzero(use & (own > 0)) for own in targets.T]
    inverse, apart = inverted(kernel), np.full((len(rows), len(rows)), np.nan)
    for i, j in combinations(range(len(rows)), 2):
        if min(len(rows[i]), len(rows[j])) >= _FEWEST_SENTENCES:
            lean = targets[:, i] - targets[:, j]
            apart[i, j] = apart[j, i] = told_apart(inverse, lean, rows[i].tolist(), rows[j].tolist())
    return apart


def overlaps(book: Codebook, encoder: Encoder) -> Iterator[Finding]:
    """Yield pairs of codes whose definitions say nearly the same.

    Vectors are judged against all pairs of this codebook, not by a fixed cosine: small encoders lay any two
    definitions of one field close together.

    :param book: a codebook of two leaves or more.
    :param encoder: what turns its definitions into vectors.
    """
    lang = main_language(book)
    texts = [leaf.text(lang) for leaf in book.leaves]
    words = [frozenset(stem(word) for word in topic_words(text)) for text in texts]
    pairs = list(combinations(range(len(texts)), 2))
    vectors = encoder.encode(texts)
    far = far_out([float(vectors[i] @ vectors[j]) for i, j in pairs])
    for (i, j), z in sorted(zip(pairs, far, strict=True), key=lambda pair: -pair[1])[: 4 * _PAIRS]:
        both, shorter = words[i] & words[j], min(len(words[i]), len(words[j]))
        share = len(both) / shorter if len(both) >= _FEWEST_WORDS else 0.0
        if share >= _MOST_WORDS or (z >= _FAR_OUT and share >= _SOME_WORDS):
            names = (book.leaves[i].id, book.leaves[j].id)
            quotes = (Quote(names[0], texts[i]), Quote(names[1], texts[j]))
            yield Finding("overlap", "high", names, quotes, {"words": len(both)}, weight=1 + share)


def far_out(values: Sequence[float]) -> list[float]:
    """Return how many robust standard deviations each value lies over the median; 0 with few values.

    :param values: one a pair of codes.
    """
    import numpy as np

    if len(values) < _BACKGROUND_PAIRS:
        return [0.0] * len(values)
    over = np.asarray(values) - np.median(values)
    spread = 1.4826 * float(np.median(np.abs(over)))
    return [float(value) for value in over / max(spread, 1e-6)]


def inseparable(reading: Reading) -> Iterator[Finding]:
    """Yield pairs of codes between which a reader of the codebook cannot decide.

    :param reading: how unseen sentences are read.
    """
    sizes = [len(reading.of(leaf)) for leaf in range(len(reading.book.leaves))]
    found = [
        (share, i, j)
        for i, j in combinations(range(len(sizes)), 2)
        for share in [float(reading.apart[i, j])]
        if share <= _APART and by_chance(share, sizes[i], sizes[j]) > _CHANCE
    ]
    for share, i, j in sorted(found)[:_PAIRS]:
        names = (reading.book.leaves[i].id, reading.book.leaves[j].id)
        quotes = (*_leaning(reading, i, j), *_leaning(reading, j, i))
        percent = round(100 * share)
        yield Finding("inseparable", "medium", names, quotes, {"share": percent}, weight=2 - share)


def misplaced(reading: Reading) -> Iterator[Finding]:
    """Yield the indicators and examples that lie nearer to another code than to their own.

    Reader and neighbourhood have to agree: of the nearest sentences most belong to the other code and hardly
    any to the own one.

    :param reading: how unseen sentences are read.
    """
    import numpy as np

    if not reading.shown:
        return
    owners = np.array([sentence.owner for sentence in reading.shown], dtype=int)
    near = reading.vectors @ reading.vectors.T
    np.fill_diagonal(near, -np.inf)
    nearest = owners[np.argsort(-near, axis=1, kind="stable")[:, :_NEIGHBOURS]]
    best, gap = reading.read_as(), reading.gap()
    doubtful = (best != owners) & ((nearest == best[:, None]).sum(axis=1) >= _MOST)
    doubtful &= (nearest == owners[:, None]).sum(axis=1) <= _OWN
    rows = sorted(np.flatnonzero(doubtful), key=lambda row: (-gap[row], reading.shown[row].text))
    ids = [leaf.id for leaf in reading.book.leaves]
    quotes = [Quote(ids[owners[row]], reading.shown[row].text, ids[best[row]]) for row in rows]
    if quotes:
        names = tuple(dict.fromkeys(quote.dimension for quote in quotes[:_SENTENCES]))
        told = {"sentences": len(quotes), "all": len(owners)}
        yield Finding("misplaced", "low", names, tuple(quotes[:_SENTENCES]), told, weight=len(quotes))


def confusion(reading: Reading) -> pd.DataFrame:
    """Return how many sentences of each leaf (row) are read as each leaf (column) when unseen.

    :param reading: how unseen sentences are read.
    """
    import numpy as np
    import pandas as pd

    ids = [leaf.id for leaf in reading.book.leaves]
    counts = np.zeros((len(ids), len(ids)), dtype=int)
    if reading.shown:
        for sentence, leaf in zip(reading.shown, reading.read_as(), strict=True):
            counts[sentence.owner, leaf] += 1
    return pd.DataFrame(counts, index=ids, columns=ids)


def _leaning(reading: Reading, own: int, other: int) -> Iterator[Quote]:
    """Yield the sentences of one code that speak most for the other."""
    import numpy as np

    rows = np.array(reading.of(own))
    lean = reading.scores[rows, other] - reading.scores[rows, own]
    for place in np.argsort(-lean, kind="stable")[:_QUOTES]:
        yield Quote(reading.book.leaves[own].id, reading.shown[rows[place]].text)
