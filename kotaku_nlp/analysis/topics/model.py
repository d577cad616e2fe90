"""Topics as a noun: who belongs where and how surely; assigned to new text, saved without pickle."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kotaku_nlp.analysis.topics.clusters import ConsensusClusters
from kotaku_nlp.analysis.topics.count import Number
from kotaku_nlp.analysis.topics.noise import Noise
from kotaku_nlp.analysis.topics.stability import Stability
from kotaku_nlp.analysis.topics.text import speaking, text_key, vectors_of
from kotaku_nlp.errors import RunError

if TYPE_CHECKING:
    from bertopic import BERTopic

    from kotaku_nlp.analysis.topics.clusters import Shares
    from kotaku_nlp.analysis.topics.points import Labels, Matrix

CORE = "core"
PERIPHERAL = "peripheral"
UNASSIGNED = "unassigned"
#: On a core passage at least this share of the readings agree.
_CORE_SHARE = 0.8
_FORMAT = 2
_ARRAYS = "topics.safetensors"
_FACTS = "topics.json"


@dataclass(frozen=True)
class Assignment:
    """Topics of some texts: labels (n,), -1 only for unassigned; membership (n,), 0 to 1; status (n,)."""

    labels: Labels
    membership: Shares
    status: tuple[str, ...]


@dataclass(frozen=True)
class Topics:
    """What `discover_topics` found.

    :param labels: topic of every text, shape (n,), 0 the largest; -1 only where `status` is "unassigned".
    :param membership: share of the readings, each without one interview, that put a text into its topic,
        shape (n,), 0 to 1; 0 for unassigned texts. A text that was not there when the topics were found has
        the mean of its nearest texts, weighted by likeness.
    :param status: "core" (four fifths of the readings agree), "peripheral", or "unassigned": without topic
        words, or with fewer than three tenths of the readings agreeing on any topic.
    :param names: short label of every topic: its strongest words.
    :param words: up to ten words of every topic, in the order of their choice, one form for each stem.
    :param steadiness: how topics come back when interviews are resampled, by four measures; None without
        topics.
    :param centres: direction of each topic, shape (k, d), unit length, after the mean of all is taken off.
    :param bertopic: the fitted BERTopic; None when there was too little text, and after loading.
    :param reason: "", or the wording key that says why there are no topics.
    :param asked: number of topics that was asked for, or None.
    :param distinct: number of distinct texts with topic words.
    :param content: number of topic words in them.
    :param number: how many topics the text holds, with an interval; None when it was not looked at.
    :param noise: how far the text stands above chance; None when it was not looked at.
    """

    labels: Labels
    membership: Shares
    status: tuple[str, ...]
    names: tuple[str, ...] = ()
    words: tuple[tuple[str, ...], ...] = ()
    steadiness: Stability | None = None
    centres: Matrix = field(default_factory=lambda: _empty((0, 0), "float32"))
    bertopic: BERTopic | None = None
    reason: str = ""
    asked: int | None = None
    distinct: int = 0
    content: int = 0
    number: Number | None = None
    noise: Noise | None = None
    keys: tuple[str, ...] = field(default=(), repr=False)
    clusters: ConsensusClusters | None = field(default=None, repr=False)

    @property
    def stability(self) -> Shares:
        """How each topic comes back, shape (k,), 0 to 1: mean Jaccard likeness (Hennig, 2007).

        From .75 a topic is stable, below .5 it has dissolved.
        """
        return _empty() if self.steadiness is None else self.steadiness.members

    def assign(self, texts: Sequence[str], embeddings: Matrix | None = None) -> Assignment:
        """Put texts into these topics; the topics stay as they are.

        A text that the topics were found in keeps its topic; any other goes where most of its
        nearest texts are, under the rules of `status`.

        :param texts: any strings.
        :param embeddings: their vectors, shape (n, d), from the encoder that the topics were found with;
            encoded with the default encoder when left out.
        :raises ValueError: when vectors and texts differ in number, or in length from those of the topics.
        """
        import numpy as np

        labels = np.full(len(texts), -1, dtype=np.int64)
        membership = np.zeros(len(texts))
        known = {key: row for row, key in reversed(list(enumerate(self.keys)))}
        rows = [known.get(text_key(text), -1) for text in texts]
        for place, row in enumerate(rows):
            if row >= 0:
                labels[place], membership[place] = self.labels[row], self.membership[row]
        fresh = [place for place, row in enumerate(rows) if row < 0]
        if fresh and self.clusters is not None:
            some = [texts[place] for place in fresh]
            given = None if embeddings is None else vectors_of(texts, embeddings)[fresh]
            placed = self._place(some, vectors_of(some, given), self.clusters)
            labels[fresh], membership[fresh] = placed
        return Assignment(labels, membership, status_of(labels, membership))

    def save(self, folder: Path | str) -> None:
        """Write the topics into a folder, as safetensors and JSON; BERTopic itself is not written.

        :param folder: made when it is not there.
        """
        import numpy as np
        from safetensors.numpy import save_file

        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, Any] = {name: getattr(self, name) for name in _OWN_ARRAYS}
        facts: dict[str, Any] = {name: getattr(self, name) for name in _OWN_FACTS}
        if self.clusters is not None:
            arrays |= {name: getattr(self.clusters, f"{name}_") for name in _CLUSTER_ARRAYS}
        for name, told in (("number", self.number), ("noise", self.noise)):
            facts[name] = asdict(told) if told else None
        if self.steadiness is not None:
            arrays |= {"members": self.steadiness.members, "words_back": self.steadiness.words}
            facts["whole"] = {"ari": self.steadiness.ari, "ami": self.steadiness.ami}
        contiguous = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
        save_file(contiguous, folder / _ARRAYS)
        text = json.dumps({"format": _FORMAT} | facts, ensure_ascii=False, indent=1)
        (folder / _FACTS).write_text(text + "\n", encoding="utf-8")

    def _place(
        self, texts: Sequence[str], matrix: Matrix, clusters: ConsensusClusters
    ) -> tuple[Labels, Shares]:
        import numpy as np

        width = clusters.vectors_.shape[1]
        if matrix.shape[1] != width:
            raise ValueError(f"vectors of length {matrix.shape[1]}, but the topics have {width}")
        labels, membership = clusters.place(matrix)
        speaks = speaking(texts, matrix)
        return np.where(speaks, labels, -1), np.where(speaks, membership, 0.0)


_OWN_ARRAYS = ("labels", "membership", "centres")
_OWN_FACTS = ("status", "names", "words", "reason", "asked", "distinct", "content", "keys")
_CLUSTER_ARRAYS = ("mean", "vectors", "groups", "votes")


def load_topics(folder: Path | str) -> Topics:
    """Read topics that `Topics.save` wrote; they assign as before, without BERTopic itself.

    :param folder: the folder.
    :raises RunError: when there are none, or they are damaged.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    folder = Path(folder)
    try:
        facts = json.loads((folder / _FACTS).read_text(encoding="utf-8"))
        arrays = load_file(folder / _ARRAYS)
        return _restored(facts, arrays)
    except FileNotFoundError as problem:
        raise RunError("topics_not_here", str(folder)) from problem
    except (OSError, ValueError, KeyError, TypeError, AttributeError, SafetensorError) as problem:
        raise RunError("topics_damaged", str(folder), detail=str(problem)[:200]) from problem


def status_of(labels: Labels, membership: Shares) -> tuple[str, ...]:
    """Return core, peripheral or unassigned for each text."""
    return tuple(
        UNASSIGNED if label < 0 else CORE if share >= _CORE_SHARE else PERIPHERAL
        for label, share in zip(labels, membership, strict=True)
    )


def _restored(facts: Mapping[str, Any], arrays: Mapping[str, Any]) -> Topics:
    if facts["format"] != _FORMAT:
        raise ValueError(f"format {facts['format']}, not {_FORMAT}")
    own: dict[str, Any] = {name: arrays[name] for name in _OWN_ARRAYS}
    own |= {name: facts[name] for name in _OWN_FACTS}
    own |= {name: tuple(facts[name]) for name in ("status", "names", "keys")}
    own["number"] = Number(**facts["number"]) if facts["number"] else None
    own["noise"] = Noise(**facts["noise"]) if facts["noise"] else None
    own["words"] = tuple(tuple(words) for words in facts["words"])
    if "vectors" in arrays:
        clusters = ConsensusClusters(len(own["names"]))
        for name in _CLUSTER_ARRAYS:
            setattr(clusters, f"{name}_", arrays[name])
        clusters.centres_ = own["centres"]
        own["clusters"] = clusters
    if "members" in arrays:
        own["steadiness"] = Stability(arrays["members"], arrays["words_back"], **facts["whole"])
    return Topics(**own)


def _empty(shape: tuple[int, ...] = (0,), dtype: str = "float64") -> Any:
    import numpy as np

    return np.zeros(shape, dtype=dtype)
