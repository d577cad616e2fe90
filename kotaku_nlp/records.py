"""The nouns that cross a stage boundary; the columns of every table stand in `columns.py`.

Nothing here computes. Offsets are half-open code-point intervals into a
transcript's canonical text, everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from kotaku_nlp.columns import TABLES as TABLES

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    FloatMatrix = NDArray[np.float32]

Language = Literal["id", "en"]

#: Stakeholder groups a user may name; `UNKNOWN` is what we say when nobody did.
GROUPS = ("government", "community", "private_sector", "facilitator", "academia_ngo_media")
UNKNOWN = "unknown"
KINDS = ("interview", "focus_group", "observation", "document")
#: Kinds in which informants speak: only these enter counts, profiles and agreement.
SPOKEN_KINDS = ("interview", "focus_group")
PHASES = ("preparation", "planning", "implementation", "sustainability", "unclear")
ASPECTS = ("coordination", "communication", "cooperation")
OUT_OF_FRAMEWORK = "out_of_framework"


class Encoder(Protocol):
    """Anything that turns texts into vectors: the one method a model needs."""

    def encode(self, texts: Sequence[str], /) -> FloatMatrix:
        """Return one unit-length row per text, float32, shape (n, d)."""
        ...


class Progress(Protocol):
    """How long work reports where it is: called with a message key, done and total."""

    def __call__(self, stage: str, done: int, total: int, /) -> None:
        """Say that `done` of `total` steps of `stage` are finished."""
        ...


def silent(stage: str, done: int, total: int, /) -> None:
    """Report no progress: the default for Python callers."""


@dataclass(frozen=True)
class Problem:
    """Something the reader should know about an input.

    :param key: key of the message in the wording table.
    :param where: file, and row, line or turn where it helps.
    :param level: "error" when an input was skipped or wrong (exit code 1), "notice" otherwise.
    :param params: values the message names.
    """

    key: str
    where: str
    level: Literal["error", "notice"] = "notice"
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Position:
    """Where a stretch of canonical text stood in its file, e.g. "paragraph 12" or "cue 3"."""

    start: int
    end: int
    locator: str


@dataclass(frozen=True)
class Turn:
    """One uninterrupted speech; `start:end` is what was said, its label left out."""

    turn: int
    speaker: str | None
    start: int
    end: int
    is_interviewer: bool = False
    informant: str | None = None
    time: str | None = None


@dataclass(frozen=True)
class Transcript:
    """One file, read. `name` is the file's stem, `text` the canonical text."""

    name: str
    path: str
    sha256: str
    kind: str
    language: str
    text: str
    turns: tuple[Turn, ...]
    metadata: Mapping[str, str] = field(default_factory=dict)
    positions: tuple[Position, ...] = ()


@dataclass(frozen=True)
class Informant:
    """A person who speaks; `columns` holds whatever else the informant table says."""

    id: str
    transcript: str
    group: str = UNKNOWN
    role: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Corpus:
    """A folder of transcripts with its informants, and what was found wrong with it.

    `sources` maps every input file read to its sha256; `invented` is what corpus.toml says of a corpus
    whose interviews nobody gave.
    """

    name: str
    folder: str
    transcripts: tuple[Transcript, ...]
    informants: tuple[Informant, ...] = ()
    problems: tuple[Problem, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    invented: bool = False


@dataclass(frozen=True)
class Embeddings:
    """One vector per id: matrix (n, d) float32, unit length, in the order of `ids`."""

    ids: tuple[str, ...]
    matrix: FloatMatrix
    model: str
    revision: str


@dataclass(frozen=True)
class Coding:
    """Who coded what: DataFrame transcript, turn, start, end, code, coder; turn, start, end may be null."""

    name: str
    rows: pd.DataFrame


@dataclass(frozen=True)
class Dimension:
    """One code of a codebook. Texts are keyed by language, "id" or "en"; one language suffices."""

    id: str
    label: Mapping[str, str]
    definition: Mapping[str, str]
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    indicators: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    include: Mapping[str, str] = field(default_factory=dict)
    exclude: Mapping[str, str] = field(default_factory=dict)
    examples: tuple[str, ...] = ()

    def name(self, lang: str) -> str:
        """Return the label in one language, or in whichever there is."""
        return self.label.get(lang) or next(iter(self.label.values()), self.id)

    def text(self, lang: str) -> str:
        """Return the definition in one language, or in whichever there is."""
        return self.definition.get(lang) or next(iter(self.definition.values()), "")


@dataclass(frozen=True)
class Codebook:
    """A framework as codes with definitions and rules (MacQueen et al., 1998)."""

    id: str
    title: Mapping[str, str]
    dimensions: tuple[Dimension, ...]
    source: str = ""
    unit: str = "turn"
    max_codes: int = 2

    @property
    def leaves(self) -> tuple[Dimension, ...]:
        """The dimensions that passages are coded with: those that are nobody's parent."""
        parents = {dimension.parent for dimension in self.dimensions}
        return tuple(dimension for dimension in self.dimensions if dimension.id not in parents)


class TopicModel(Protocol):
    """What a run keeps of its topics, to assign new passages later."""

    def save(self, folder: Any, /) -> None:
        """Write the model into a folder, without pickle."""
        ...


@dataclass(frozen=True)
class Analysis:
    """Everything one run found. Tables are named as the Parquet files of a run folder."""

    corpus_name: str
    settings: Mapping[str, Any]
    manifest: Mapping[str, Any]
    transcripts: pd.DataFrame
    turns: pd.DataFrame
    passages: pd.DataFrame
    topics: pd.DataFrame
    passage_topics: pd.DataFrame
    alignment: pd.DataFrame
    sentiment: pd.DataFrame
    aspects: pd.DataFrame
    involvement: pd.DataFrame
    profile: pd.DataFrame
    topic_groups: pd.DataFrame
    topic_dimensions: pd.DataFrame
    topic_verdicts: pd.DataFrame
    dimension_topics: pd.DataFrame
    topic_family: pd.DataFrame
    topic_themes: pd.DataFrame
    saturation: pd.DataFrame
    saturation_curve: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]
    embeddings: Embeddings
    problems: tuple[Problem, ...] = ()
    codebooks: tuple[Codebook, ...] = ()
    topic_model: TopicModel | None = None

    def coding(self, codebook: str) -> Coding:
        """Return the machine's coding under one codebook, as a coder among coders.

        :param codebook: id of a codebook of this run.
        :return: one row per passage and assigned dimension, coder "kotaku-nlp"; `basis` as in `alignment`.
        """
        hits = self.alignment[
            (self.alignment["codebook"] == codebook)
            & self.alignment["assigned"]
            & (self.alignment["dimension"] != OUT_OF_FRAMEWORK)
        ]
        rows = hits[["passage_id", "dimension", "basis"]].merge(
            self.passages[["passage_id", "transcript", "turn", "start", "end"]], on="passage_id"
        )
        rows = rows.rename(columns={"dimension": "code"}).assign(coder="kotaku-nlp")
        columns = ["transcript", "turn", "start", "end", "code", "coder", "basis"]
        return Coding(name="kotaku-nlp", rows=rows[columns].reset_index(drop=True))


def table(name: str, rows: Iterable[Mapping[str, Any]] | pd.DataFrame) -> pd.DataFrame:
    """Build a table with exactly its declared columns and dtypes, also when it is empty.

    :param name: a key of `TABLES`.
    :param rows: mappings or a DataFrame; surplus columns are dropped.
    :return: a fresh DataFrame with a plain index.
    :raises KeyError: when a declared column is missing from a non-empty input.
    """
    import pandas as pd

    columns = TABLES[name]
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    if frame.empty:
        frame = pd.DataFrame({column: [] for column in columns})
    return frame[list(columns)].astype(dict(columns)).reset_index(drop=True)
