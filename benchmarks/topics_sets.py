"""What `topics.py` measures on: label sets, interviews, and their vectors, encoded once.

Training splits only; test splits are not read.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kotaku_nlp.analysis.encoders import SentenceEncoder
from kotaku_nlp.analysis.topics.text import text_key
from kotaku_nlp.corpus.folder import read_corpus
from kotaku_nlp.corpus.passages import cut
from kotaku_nlp.records import SPOKEN_KINDS
from kotaku_nlp.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
DEMO = ROOT / "corpora" / "demo"
#: Texts encoded between two files of the cache, so that a cut run keeps what it has.
_CHUNK = 2048

Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Passages:
    """Texts to find topics in.

    :param name: how the results call them.
    :param texts: distinct texts.
    :param labels: their known topics; none where nobody labelled them.
    :param interviews: the interview of each; none where there are no interviews.
    """

    name: str
    texts: tuple[str, ...]
    labels: tuple[str, ...] = ()
    interviews: tuple[str, ...] = ()

    @property
    def known(self) -> int:
        """How many known topics there are."""
        return len(set(self.labels))

    def take(self, rows: Sequence[int]) -> Passages:
        """Return some of them, in the order asked for.

        :param rows: their places.
        """
        columns = (self.texts, self.labels, self.interviews)
        return Passages(
            self.name, *(tuple(column[row] for row in rows) if column else () for column in columns)
        )

    def sample(self, size: int, seed: int) -> Passages:
        """Return so many of them, drawn at random.

        :param size: how many.
        :param seed: of the draw.
        """
        return self.take(np.random.default_rng(seed).permutation(len(self.texts))[:size].tolist())

    def of_interviews(self, most: int | None) -> Passages:
        """Return the passages of the first interviews.

        :param most: how many; all when None.
        """
        names = set(sorted(set(self.interviews))[:most])
        return self.take([row for row, name in enumerate(self.interviews) if name in names])


@dataclass
class Vectors:
    """Vectors of texts, remembered in a folder by the encoder's revision and the texts' hashes.

    :param encoder: makes those that are missing.
    :param folder: where they are kept; nowhere when None.
    """

    encoder: SentenceEncoder
    folder: Path | None = None
    _known: dict[str, Matrix] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for path in sorted(self.folder.glob(f"{self._stem}-*.npz")) if self.folder else ():
            with np.load(path, allow_pickle=False) as kept:
                self._known.update(zip(kept["keys"].tolist(), kept["vectors"], strict=True))

    @property
    def _stem(self) -> str:
        return f"{self.encoder.id}-{self.encoder.revision}"

    def of(self, texts: Sequence[str]) -> Matrix:
        """Return the vectors of texts, shape (n, d).

        :param texts: any strings.
        """
        keys = [text_key(text) for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        names = sorted(missing)
        for start in range(0, len(names), _CHUNK):
            some = names[start : start + _CHUNK]
            self._keep(some, self.encoder.encode([missing[key] for key in some]))
        return np.stack([self._known[key] for key in keys])

    def _keep(self, keys: Sequence[str], vectors: Matrix) -> None:
        self._known.update(zip(keys, vectors, strict=True))
        if self.folder:
            self.folder.mkdir(parents=True, exist_ok=True)
            name = sha256("".join(keys).encode()).hexdigest()[:16]
            np.savez(self.folder / f"{self._stem}-{name}.npz", keys=np.array(keys), vectors=vectors)


def labelled(data: Path) -> dict[str, Passages]:
    """Return the public label sets by name; of a repeated text the first.

    :param data: holds `sib-200/ind_Latn`, `detik-titles` and `panl-bppt`.
    """
    with (data / "sib-200/ind_Latn/train.tsv").open(encoding="utf-8", newline="") as lines:
        sib = [(row["text"], row["category"]) for row in csv.DictReader(lines, delimiter="\t")]
    with (data / "detik-titles/berita_detik_5_kategori.csv").open(encoding="utf-8-sig", newline="") as lines:
        detik = [(row["JUDUL"], row["KATEGORI"]) for row in csv.DictReader(lines)]
    with (data / "panl-bppt/train.csv").open(encoding="utf-8", newline="") as lines:
        panl = [(text, topic) for topic, text, *_ in csv.reader(lines)]
    found = {}
    for name, rows in {"sib": sib, "detik": detik, "panl": panl}.items():
        distinct = {text: label for text, label in reversed(rows)}
        texts = sorted(distinct)
        found[name] = Passages(name, tuple(texts), tuple(distinct[text] for text in texts))
    return found


def spoken(folder: Path) -> Passages:
    """Return what informants say in the interviews of a corpus, as a run finds topics in it.

    :param folder: a corpus folder.
    """
    table = cut(read_corpus(folder), Settings().passage_words)
    told = table["kind"].isin(SPOKEN_KINDS) & table["informant"].notna() & ~table["low_evidence"].astype(bool)
    rows = table[told]
    return Passages(folder.name, tuple(rows["text"]), (), tuple(rows["transcript"].astype(str)))


def largest_first(folder: Path) -> list[Passages]:
    """Return what informants say in each of several corpora, most passages first.

    :param folder: corpora, each a folder of transcripts.
    """
    found = [spoken(one) for one in sorted(folder.iterdir()) if one.is_dir()]
    return sorted(found, key=lambda one: -len(one.texts))
