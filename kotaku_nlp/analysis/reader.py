"""The reader: upper layers of the embedded encoder, tuned to read coded interviews, all labels in one pass.

For every label it looks at the pieces of a text that matter to it (label attention: Mullenbach et al., 2018)
and says how likely the label holds, and where it looked. What it says of the actors depends on who speaks
("kami"), so it says that for every possible speaker: a text is read once, whoever said it, and its row can be
kept like a vector (`embeddings.Remembered`). How much its word weighs beside rules and linear heads stands in
`models/reader-id`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kotaku_nlp import shipped
from kotaku_nlp.analysis.bodies import BertBody, bert_layer, load_bert
from kotaku_nlp.analysis.encoders import load_encoder
from kotaku_nlp.coding.codebook import shipped_codebook
from kotaku_nlp.errors import ModelError
from kotaku_nlp.language.sentences import sentences
from kotaku_nlp.records import ASPECTS, GROUPS, PHASES, UNKNOWN

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from kotaku_nlp.analysis.bodies import Run
    from kotaku_nlp.records import FloatMatrix

#: Codebooks whose dimensions it reads, and what it says of each aspect and of each actor.
BOOKS = ("ansell_gash_2008", "emerson_2012", "deseve_2007", "ratner_2012")
TONES = ("evidence", "well", "badly")
STATUSES = ("involved", "excluded", "contractual")
SPEAKERS = (*GROUPS, UNKNOWN)
ACTORS = tuple(f"{group}:{status}" for group in GROUPS for status in STATUSES)
#: Shares of the attention before the first and before the last of the words that count as looked at.
_ENDS = (0.25, 0.75)
_WEIGHTS, _FACTS = "reader.safetensors", "reader.json"


@cache
def outputs() -> tuple[str, ...]:
    """Return the names of the outputs: dimensions, aspects, stages, and the actors for every speaker."""
    dimensions = [f"{book}:{leaf.id}" for book in BOOKS for leaf in shipped_codebook(book).leaves]
    tones = [f"{aspect}:{tone}" for aspect in ASPECTS for tone in TONES]
    stages = [f"stage:{phase}" for phase in PHASES]
    actors = [f"actor:{speaker}:{actor}" for speaker in SPEAKERS for actor in ACTORS]
    return (*dimensions, *tones, *stages, *actors)


def odds_of(rows: FloatMatrix, names: Sequence[str]) -> FloatMatrix:
    """Return the log-odds of some outputs, shape (n, k).

    :param rows: n rows of a reader.
    :param names: k of `outputs()`.
    """
    return _parts(rows)[:, 0, [outputs().index(name) for name in names]]


def looked_at(rows: FloatMatrix, names: Sequence[str]) -> NDArray[np.int64]:
    """Return where the words stand that spoke for some outputs, shape (n, k, 2): offsets of first and last.

    :param rows: n rows of a reader.
    :param names: k of `outputs()`.
    """
    import numpy as np

    ends = _parts(rows)[:, 1:, [outputs().index(name) for name in names]]
    return ends.transpose(0, 2, 1).astype(np.int64)


def said_in(text: str, looked: Sequence[int]) -> tuple[int, int]:
    """Return start and end of the sentences in which the words stand that were looked at.

    :param text: a text with at least one sentence.
    :param looked: offsets of the first and the last of the words.
    """
    parts = sentences(text)
    start = max((start for start, _ in parts if start <= looked[0]), default=parts[0][0])
    return start, min((end for _, end in parts if end > looked[1]), default=parts[-1][1])


def _parts(rows: FloatMatrix) -> FloatMatrix:
    return rows.reshape(len(rows), 3, len(outputs()))


@dataclass(frozen=True)
class Reader:
    """The reader in a folder; it is loaded when first used.

    :param id: name for the manifest and the cache.
    :param revision: 12 hex digits that change with its weights and with the encoder below it.
    :param folder: where it lies.
    """

    id: str
    revision: str
    folder: Path
    _loaded: dict[str, ReaderBody] = field(default_factory=dict, repr=False, compare=False)

    def encode(self, texts: Sequence[str], /) -> FloatMatrix:
        """Return, per text, log-odds of every output, then where the words that it looked at begin and end.

        :param texts: any strings; one without a letter gets what holds of nothing in particular.
        :return: float32, shape (n, 3 × outputs); a place is an offset into the text.
        :raises ModelError: when the folder holds no reader that loads.
        """
        import numpy as np

        if not texts:
            return np.zeros((0, 3 * len(outputs())), dtype=np.float32)
        if "body" not in self._loaded:
            self._loaded["body"] = _body(self.folder)
        return self._loaded["body"].read(texts)

    def facts(self) -> dict[str, Any]:
        """Return what its training noted: weights beside other voices, thresholds, figures."""
        return _facts(self.folder)


@dataclass(frozen=True)
class ReaderBody:
    """The weights of a reader.

    :param body: the encoder's lower layers and the reader's upper ones.
    :param query: where to look, (outputs, d).
    :param weight: what to hear there, (outputs, d).
    :param bias: (outputs,).
    """

    body: BertBody
    query: Tensor
    weight: Tensor
    bias: Tensor

    def read(self, texts: Sequence[str]) -> FloatMatrix:
        """Return the rows of some texts, see `Reader.encode`."""
        import numpy as np

        width = len(self.bias)
        found = np.zeros((len(texts), 3 * width), dtype=np.float32)
        found[:, :width] = self.bias.cpu().numpy()
        spoken = [row for row, text in enumerate(texts) if any(map(str.isalpha, text))]
        for run in self.body.runs([texts[row] for row in spoken], places=True):
            found[[spoken[row] for row in run.rows]] = self._heard(run)
        return found

    def _heard(self, run: Run) -> NDArray[np.float32]:
        """Return log-odds and places of some texts of one length, (m, 3 × outputs)."""
        import torch
        from torch.nn.functional import linear

        with torch.inference_mode():
            looked = linear(run.states, self.query).softmax(1)
            odds = (looked * linear(run.states, self.weight)).sum(1) + self.bias
            places = torch.tensor(run.places, device=looked.device)
            # The marks of both ends stand nowhere, and attention to them is attention to nothing.
            sums = (looked * (places[..., 1] > places[..., 0])[..., None]).cumsum(1)
            # So much attention lies before each end: a stray piece moves neither.
            ends = [(sums < share * sums[:, -1:]).sum(1) for share in _ENDS]
            found = torch.cat([odds, *(places[..., 0].gather(1, end) for end in ends)], dim=1)
        return found.cpu().numpy()


def load_reader(folder: Path | None = None) -> Reader:
    """Return a reader; nothing heavy happens before it reads.

    :param folder: where it lies; the shipped one when left out.
    :raises ModelError: when it is not there or its facts cannot be read.
    """
    return _shipped() if folder is None else _from_folder(folder)


@cache
def _shipped() -> Reader:
    return _from_folder(shipped.find("models", "reader-id"))


def _from_folder(folder: Path) -> Reader:
    facts = _facts(folder)
    told = json.dumps([facts["outputs"], facts["branch"], facts["encoder_revision"]])
    digest = sha256(told.encode() + (folder / _WEIGHTS).read_bytes())
    return Reader(folder.name, digest.hexdigest()[:12], folder)


def _facts(folder: Path) -> dict[str, Any]:
    try:
        facts = dict(json.loads((folder / _FACTS).read_text(encoding="utf-8")))
        if tuple(facts["outputs"]) != outputs():
            raise ValueError("outputs")
    except (OSError, ValueError, KeyError) as problem:
        raise _broken(folder, problem) from problem
    return facts


def _body(folder: Path) -> ReaderBody:
    """Put the reader's layers on the encoder's lower ones."""
    facts = _facts(folder)
    encoder = load_encoder()
    try:
        from safetensors.torch import load_file

        stored = {name: weight.float() for name, weight in load_file(folder / _WEIGHTS).items()}
        below = load_bert(encoder.folder)
        if below is None or encoder.revision != facts["encoder_revision"]:
            raise ValueError(f"encoder {encoder.revision}")
        own = [bert_layer(stored, number) for number in range(facts["branch"], len(below.layers))]
        body = replace(below, layers=(*below.layers[: facts["branch"]], *own))
        return ReaderBody(body, stored["query"], stored["weight"], stored["bias"])
    except Exception as problem:  # the libraries raise many kinds; each means "does not load"
        raise _broken(folder, problem) from problem


def _broken(folder: Path, problem: Exception) -> ModelError:
    return ModelError("model_broken", str(folder), name=folder.name, detail=str(problem)[:200])
