"""Passages → dimensions of a codebook: multi-label, may abstain, and "out of framework" is an answer.

Three ways, and every row says which (`basis`): the reader and a head, trained by the project for the shipped
codebooks; a head learnt from the codebook's own indicators (zero-shot); a head learnt from what a researcher
coded (few-shot), out of fold for the interviews that were coded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kotaku_nlp import shipped
from kotaku_nlp.analysis.embeddings import identity
from kotaku_nlp.analysis.encoders import load_encoder
from kotaku_nlp.analysis.heads import Head, calibrated, fit_head, load_head, strongest
from kotaku_nlp.analysis.mixing import likely, mix_of
from kotaku_nlp.analysis.reader import BOOKS, load_reader, looked_at, odds_of, said_in
from kotaku_nlp.coding.codebook import shipped_codebook
from kotaku_nlp.language.sentences import sentences
from kotaku_nlp.records import OUT_OF_FRAMEWORK, Codebook, Encoder, table

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

#: The framework that a linear head reads too, and its output that says "about collaboration at all". Beside
#: the reader it adds .05 of κ; the other frameworks are the reader's alone, no head was trained for them.
HEAD_CODEBOOK = "ansell_gash_2008"
IN_FRAMEWORK = "in_framework"
_FOLDS = 5
#: Text, dimension, start and end of what speaks for it.
Span = tuple[int, str, int, int]


@dataclass(frozen=True)
class Reading:
    """What was heard in n texts of k dimensions.

    :param names: the dimensions.
    :param scores: (n, k) log-odds.
    :param probability: (n, k), calibrated.
    :param threshold: probability from which a dimension is assigned.
    :param margin: how far below the threshold a dimension is left to a human reader.
    :param basis: n names, how each row was made.
    :param spans: told which (n, k) are assigned, says where.
    """

    names: tuple[str, ...]
    scores: Matrix
    probability: Matrix
    threshold: float
    margin: float
    basis: tuple[str, ...]
    spans: Callable[[NDArray[np.bool_]], list[Span]]


def align(
    texts: Sequence[str],
    codebook: Codebook,
    examples: pd.DataFrame | None = None,
    embeddings: Matrix | None = None,
    encoder: Encoder | None = None,
    body: Encoder | None = None,
    reader: Encoder | None = None,
) -> pd.DataFrame:
    """Score every text for every leaf dimension of a codebook.

    :param texts: n passages.
    :param codebook: its leaves are what is assigned; at most `max_codes` a text.
    :param examples: what a researcher coded: columns text, code, interview, one row a text × code, an
        empty code for a text that was read and left uncoded. A text that stands here is scored by a
        head that saw nothing of its interview.
    :param embeddings: (n, d) vectors of the texts by `encoder`; made when left out.
    :param encoder: the encoder of the vectors; the embedded default when left out. The shipped head
        always reads with the embedded encoder that it was trained with.
    :param body: that embedded encoder, when it is loaded already.
    :param reader: the reader, when what it read is remembered already.
    :return: DataFrame text (0-based row), codebook, dimension, score, probability, assigned, abstained,
        basis, start, end; per text one row a leaf and one `out_of_framework`. start:end are the
        sentences that speak most for an assigned dimension, as offsets into the text.
    :raises ValueError: when embeddings and texts differ in number.
    """
    texts = [str(text) for text in texts]
    if embeddings is not None and len(embeddings) != len(texts):
        raise ValueError(f"{len(embeddings)} embeddings for {len(texts)} texts")
    learnable = examples is not None and _learnable(examples, codebook)
    if not learnable and _is_shipped(codebook):
        own = _Own(body or load_encoder(), encoder, embeddings)
        return _rows(texts, codebook, _shipped(texts, codebook, reader or load_reader(), own))
    encoder = encoder or load_encoder()
    vectors = encoder.encode(texts) if embeddings is None else embeddings
    if examples is not None and learnable:
        return _rows(texts, codebook, _few_shot(texts, vectors, codebook, examples, encoder))
    own = _Own(body or load_encoder(), encoder, vectors)
    return _rows(texts, codebook, _zero_shot(texts, vectors, codebook, encoder, own))


def alignment_table(
    passages: pd.DataFrame,
    codebooks: Sequence[Codebook],
    embeddings: Matrix,
    encoder: Encoder,
    examples: pd.DataFrame | None = None,
    body: Encoder | None = None,
    reader: Encoder | None = None,
) -> pd.DataFrame:
    """Return the table "alignment" of a run: passages × dimensions of every codebook.

    A passage of low evidence ("iya, betul") is assigned nothing: it abstains.

    :param passages: the table "passages".
    :param codebooks: codebooks to align with.
    :param embeddings: (n, d) in the order of the passages.
    :param encoder: the encoder of the embeddings.
    :param examples: see `align`; used for the codebooks whose dimensions it names.
    :param body: see `align`.
    :param reader: see `align`.
    """
    import pandas as pd

    parts = []
    for codebook in codebooks:
        found = align(passages["text"].tolist(), codebook, examples, embeddings, encoder, body, reader)
        place = passages[["passage_id", "start", "low_evidence"]].rename(columns={"start": "from"})
        found = found.join(place.reset_index(drop=True), on="text")
        weak = found["low_evidence"].astype(bool)
        found["assigned"] &= ~weak
        found["abstained"] |= weak
        spans = found[["start", "end"]].add(found["from"], axis=0).where(found["assigned"])
        parts.append(found.assign(start=spans["start"], end=spans["end"]))
    return table("alignment", pd.concat(parts, ignore_index=True) if parts else [])


def _is_shipped(codebook: Codebook) -> bool:
    return codebook.id in BOOKS and codebook == shipped_codebook(codebook.id)


@dataclass(frozen=True)
class _Own:
    """The encoder that the shipped head was trained with, and vectors that may be its own."""

    body: Encoder
    encoder: Encoder | None
    embeddings: Matrix | None

    def vectors(self, texts: Sequence[str]) -> Matrix:
        same = self.encoder is None or identity(self.encoder) == identity(self.body)
        return self.embeddings if same and self.embeddings is not None else self.body.encode(texts)


def shipped_head() -> tuple[Head, dict[str, Any]]:
    """Return the head of the default codebook, with what its training noted."""
    return load_head(shipped.find("models", "head-ansell-gash"))


def _shipped(texts: Sequence[str], codebook: Codebook, reader: Encoder, own: _Own) -> Reading:
    names = tuple(leaf.id for leaf in codebook.leaves)
    heard = [f"{codebook.id}:{name}" for name in names]
    rows = reader.encode(texts)
    voices = {"reader": odds_of(rows, heard)}
    if codebook.id == HEAD_CODEBOOK:
        head, _ = shipped_head()
        columns = [head.names.index(name) for name in names]
        voices["head"] = head.scores(texts, own.vectors(texts))[:, columns]
    mix = mix_of(load_reader().facts()["dimensions"][codebook.id])
    odds, looked = mix.odds(voices), looked_at(rows, heard)

    def spans(assigned: NDArray[np.bool_]) -> list[Span]:
        return _looked_at(texts, names, looked, assigned)

    margin = round(mix.threshold / 4, 3)
    return Reading(names, odds, likely(odds), mix.threshold, margin, ("shipped",) * len(texts), spans)


def _by_head(
    head: Head, texts: Sequence[str], scores: Matrix, basis: Sequence[str], encoder: Encoder
) -> Reading:
    """Return what a head heard, and the sentence that says it, by the head's own reading of sentences."""

    def spans(assigned: NDArray[np.bool_]) -> list[Span]:
        return _strongest(texts, assigned, head, encoder)

    likelihood = head.probabilities(scores)
    return Reading(head.names, scores, likelihood, head.threshold, head.margin, tuple(basis), spans)


def _zero_shot(
    texts: Sequence[str], vectors: Matrix, codebook: Codebook, encoder: Encoder, own: _Own
) -> Reading:
    head = indicator_head(codebook, encoder)
    scores = head.scores(texts, vectors)
    gate, facts = shipped_head()
    about = gate.scores(texts, own.vectors(texts))[:, [gate.names.index(IN_FRAMEWORK)]]
    # Indicators say what a dimension is, never what is none: the gate knows that from coded passages.
    fit = facts["zero_shot"]
    scores = scores + fit["gate"] * about
    keys = ("slope", "offset", "threshold", "margin")
    head = replace(head, **{key: fit[key] for key in keys})
    return _by_head(head, texts, scores, ("zero_shot",) * len(texts), encoder)


def indicator_head(codebook: Codebook, encoder: Encoder) -> Head:
    """Return a head learnt from the sentences of a codebook: indicators, examples, definition, inclusion.

    :param codebook: the codebook; languages are mixed as they stand.
    :param encoder: the encoder that will read the texts.
    """
    import numpy as np

    texts, targets = codebook_sentences(codebook)
    return fit_head(texts, encoder.encode(texts), np.array(targets), [leaf.id for leaf in codebook.leaves])


def codebook_sentences(codebook: Codebook) -> tuple[list[str], list[list[bool]]]:
    """Return the sentences that say what each leaf means, and which leaf each belongs to."""
    texts: list[str] = []
    targets: list[list[bool]] = []
    for number, leaf in enumerate(codebook.leaves):
        own = [*leaf.definition.values(), *leaf.examples, *leaf.label.values()]
        own += [text for listed in leaf.indicators.values() for text in listed]
        own += [part for text in leaf.include.values() for part in text.split(";")]
        texts += own
        targets += [[column == number for column in range(len(codebook.leaves))]] * len(own)
    return texts, targets


def _learnable(examples: pd.DataFrame, codebook: Codebook) -> bool:
    """Say whether the examples code at least two texts with this codebook, in two interviews."""
    known = examples["code"].isin([leaf.id for leaf in codebook.leaves])
    return bool(known.sum() >= 2 and examples.loc[known, "interview"].nunique() >= 2)


def _few_shot(
    texts: Sequence[str], vectors: Matrix, codebook: Codebook, examples: pd.DataFrame, encoder: Encoder
) -> Reading:
    import numpy as np
    from sklearn.model_selection import GroupKFold

    names = [leaf.id for leaf in codebook.leaves]
    coded = examples.groupby(["interview", "text"], sort=True)["code"].agg(set).reset_index()
    targets = np.array([[name in codes for name in names] for codes in coded["code"]])
    known = encoder.encode(coded["text"].tolist())
    base = codebook_sentences(codebook)
    base_vectors = encoder.encode(base[0])

    def learn(rows: NDArray[np.intp]) -> Head:
        passages = [*coded["text"].iloc[rows], *base[0]]
        wanted = np.vstack([targets[rows], np.array(base[1])])
        return fit_head(passages, np.vstack([known[rows], base_vectors]), wanted, names)

    everything = np.arange(len(coded))
    held_out = np.zeros(targets.shape, dtype=np.float32)
    folds = GroupKFold(min(_FOLDS, coded["interview"].nunique()))
    for seen, unseen in folds.split(everything, groups=coded["interview"]):
        held_out[unseen] = learn(seen).scores(coded["text"].iloc[unseen].tolist(), known[unseen])
    head = calibrated(learn(everything), held_out, targets, codebook.max_codes)
    scores, row_of = head.scores(texts, vectors), {text: row for row, text in enumerate(coded["text"])}
    own = np.array([row_of.get(text, -1) for text in texts], dtype=int)
    scores[own >= 0] = held_out[own[own >= 0]]
    basis = ["few_shot_out_of_fold" if row >= 0 else "few_shot" for row in own]
    return _by_head(head, texts, scores, basis, encoder)


def _rows(texts: Sequence[str], codebook: Codebook, reading: Reading) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    n, probability = len(texts), reading.probability
    assigned = strongest(probability, reading.threshold, codebook.max_codes)
    abstained = ~assigned & (probability >= reading.threshold - reading.margin)
    outside = 1 - probability.max(axis=1, initial=0.0)
    none = ~assigned.any(axis=1)
    unsure = none & abstained.any(axis=1)
    parts = {
        "score": np.c_[reading.scores, -reading.scores.max(axis=1, initial=-np.inf)],
        "probability": np.c_[probability, outside],
        "assigned": np.c_[assigned, none & ~unsure],
        "abstained": np.c_[abstained, unsure],
    }
    names = [*reading.names, OUT_OF_FRAMEWORK]
    frame = pd.DataFrame({"text": np.repeat(np.arange(n), len(names)), "codebook": codebook.id})
    frame["dimension"] = np.array(names * n, dtype=object)
    for name, values in parts.items():
        frame[name] = values.reshape(-1)
    frame["basis"] = np.repeat(np.array(reading.basis, dtype=object), len(names))
    columns = {"text": "int64", "dimension": "object", "start": "Int64", "end": "Int64"}
    spans = pd.DataFrame(reading.spans(assigned), columns=list(columns)).astype(columns)
    return frame.merge(spans, on=["text", "dimension"], how="left")


def _looked_at(
    texts: Sequence[str], names: Sequence[str], looked: NDArray[np.int64], assigned: NDArray[np.bool_]
) -> list[Span]:
    """Return the sentences in which the reader looked for what it assigned, from the first to the last."""
    import numpy as np

    pairs = np.argwhere(assigned).tolist()
    return [(row, names[column], *said_in(texts[row], looked[row, column])) for row, column in pairs]


def _strongest(texts: Sequence[str], assigned: NDArray[np.bool_], head: Head, encoder: Encoder) -> list[Span]:
    """Return the strongest sentence of each assigned text × dimension."""
    import numpy as np

    places = [
        (row, start, end)
        for row in np.flatnonzero(assigned.any(axis=1)).tolist()
        for start, end in sentences(texts[row])
    ]
    parts = [texts[row][start:end] for row, start, end in places]
    scores = head.scores(parts, encoder.encode(parts))
    best: dict[tuple[int, str], tuple[float, int, int]] = {}
    for (row, start, end), score in zip(places, scores, strict=True):
        for column in np.flatnonzero(assigned[row]):
            key = (int(row), head.names[column])
            best[key] = max(best.get(key, (float("-inf"), 0, 0)), (float(score[column]), -start, end))
    return [(*key, -start, end) for key, (_, start, end) in best.items()]
