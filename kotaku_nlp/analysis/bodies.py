"""The two kinds of model that the project makes, read without the library that made them.

Importing sentence-transformers takes several times as long as all else that a first vector needs. The
folders stay plain folders of that library; here the same files give the same vectors, from NumPy (a table
of pieces) or a few calls of torch (BERT: Devlin et al., 2019). `read_body` says None to a folder of any
other kind, and then the library reads it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer
    from torch import Tensor

    from kotaku_nlp.records import FloatMatrix

    #: Weight and bias of a linear map or of a layer norm.
    Pair: TypeAlias = tuple[Tensor, Tensor]

Encode: TypeAlias = "Callable[[list[str]], FloatMatrix]"
#: Modules of a folder (class and place), in order, as `modules.json` has them.
Modules: TypeAlias = Sequence[tuple[str, Path]]

#: Pieces computed at once: enough to keep two cores busy, few enough to stay near the processor.
_PIECES = 2048
#: Texts cut up at once: what a tokenizer tells of a text takes more memory than the text.
_TEXTS = 1024
#: What a folder must say of itself: file → key → the answers that are understood here.
Facts: TypeAlias = dict[str, dict[str, tuple[Any, ...]]]
_PLAIN: Facts = {"config_sentence_transformers.json": {"default_prompt_name": (None,)}}
_BERT: Facts = {
    "config.json": {
        "model_type": ("bert",),
        "hidden_act": ("gelu",),
        "position_embedding_type": ("absolute", None),
        "is_decoder": (False, None),
    },
    # Any other class may change what tokenizer.json says.
    "tokenizer_config.json": {"tokenizer_class": ("TokenizersBackend",)},
    "sentence_bert_config.json": {"do_lower_case": (False, None)},
    "1_Pooling/config.json": {"pooling_mode": ("mean",)},
}
_WORDS = "embeddings.word_embeddings.weight"


def read_body(folder: Path, modules: Modules, device: str, place: Callable[[], str]) -> Encode | None:
    """Return what turns texts into vectors (n, d), float32, not yet of unit length.

    :param folder: the model's folder.
    :param modules: classes and folders of its modules, in order.
    :param device: the device asked for; a table is read on the processor only.
    :param place: asked for the device of a transformer once the folder is known to hold one.
    :return: None when the folder is of a kind that is not understood whole.
    """
    names = tuple(kind.rpartition(".")[2] for kind, _ in modules)
    if not names or modules[0][1] != folder or not (folder / "tokenizer.json").is_file():
        return None
    if names == ("StaticEmbedding", "Normalize") and device in ("auto", "cpu") and _says(folder, _PLAIN):
        return _table(folder)
    if names == ("Transformer", "Pooling", "Normalize") and _says(folder, _PLAIN | _BERT):
        body = load_bert(folder, place)
        return body.encode if body else None
    return None


def limit(home: Path) -> int:
    """Return how many pieces a transformer reads, as the files beside it say, or 0.

    :param home: the transformer's folder.
    """
    for file, key in (
        ("sentence_bert_config.json", "max_seq_length"),
        ("tokenizer_config.json", "model_max_length"),
    ):
        if found := _facts(home / file).get(key):
            return int(found)
    return 0


@dataclass(frozen=True)
class TableBody:
    """A text is the mean of its pieces' vectors, whatever their order.

    :param tokenizer: cuts a text into pieces.
    :param table: one weighted vector a piece, shape (pieces, d), float32.
    """

    tokenizer: Tokenizer
    table: NDArray[np.float32]

    def encode(self, texts: list[str]) -> FloatMatrix:
        """Return one vector per text, all zero where there is no piece."""
        import numpy as np

        found = np.zeros((len(texts), self.table.shape[1]), dtype=np.float32)
        for rows in _shares(texts):
            cuts = self.tokenizer.encode_batch_fast([texts[row] for row in rows], add_special_tokens=False)
            for row, cut in zip(rows, cuts, strict=True):
                if cut.ids:
                    found[row] = self.table[cut.ids].mean(axis=0)
        return found


@dataclass(frozen=True)
class Layer:
    """One layer of BERT: attention and two linear maps, each followed by a norm."""

    asked: Pair
    attended: Pair
    first_norm: Pair
    up: Pair
    down: Pair
    second_norm: Pair


@dataclass(frozen=True)
class Run:
    """What a body says of some texts that have one number of pieces.

    :param rows: which of the texts these are, m of them.
    :param places: for each text, where its pieces stand (start, end); (0, 0) for the marks of both
        ends, and for all when nobody asked.
    :param states: (m, pieces, d).
    """

    rows: list[int]
    places: list[list[tuple[int, int]]]
    states: Tensor


@dataclass(frozen=True)
class BertBody:
    """A text is the mean of what BERT's last layer says of its pieces.

    Texts are laid end to end, so nothing is padded: all maps run over the pieces of many texts at once, and
    attention over the texts of one length at a time.

    :param tokenizer: cuts a text into pieces and no longer than the model reads.
    :param words: one vector a piece.
    :param places: one vector a position, that of the first segment added.
    :param norm: norm of the two together.
    :param layers: from the first to the last.
    :param heads: attention heads.
    :param tiny: what the norms add to a variance.
    """

    tokenizer: Tokenizer
    words: Tensor
    places: Tensor
    norm: Pair
    layers: tuple[Layer, ...]
    heads: int
    tiny: float

    def encode(self, texts: list[str]) -> FloatMatrix:
        """Return one vector per text; the texts' order changes none of them."""
        import numpy as np

        found = np.zeros((len(texts), self.words.shape[1]), dtype=np.float32)
        for run in self.runs(texts):
            found[run.rows] = run.states.mean(1).cpu().numpy()
        return found

    def runs(self, texts: Sequence[str], places: bool = False) -> Iterator[Run]:
        """Yield what the last layer says of every piece, for some texts of one length at a time.

        :param texts: any strings.
        :param places: whether to tell where the pieces stand, which takes time.
        """
        import torch

        cut_up = self.tokenizer.encode_batch if places else self.tokenizer.encode_batch_fast
        for rows in _shares(texts):
            cuts = cut_up([texts[row] for row in rows])
            for pack in _packs([cut.ids for cut in cuts]):
                same = [list(some) for _, some in groupby(pack, key=lambda at: len(cuts[at].ids))]
                with torch.inference_mode():
                    flow = self._flow([cuts[at].ids for at in pack], [len(run) for run in same])
                for run, states in zip(same, flow, strict=True):
                    yield Run([rows[at] for at in run], [cuts[at].offsets for at in run], states)

    def _flow(self, cuts: Sequence[Sequence[int]], counts: Sequence[int]) -> list[Tensor]:
        """Return the states of each run of texts; texts of one length stand together."""
        import torch
        from torch.nn.functional import layer_norm

        here = self.words.device
        firsts = [sum(counts[:number]) for number in range(len(counts))]
        runs = [(len(cuts[first]), count) for first, count in zip(firsts, counts, strict=True)]
        ids = torch.tensor(list(chain.from_iterable(cuts)), device=here)
        places = torch.cat([torch.arange(length, device=here).repeat(count) for length, count in runs])
        size = (self.words.shape[1],)
        flow = layer_norm(self.words[ids] + self.places[places], size, *self.norm, self.tiny)
        for layer in self.layers:
            flow = self._through(flow, layer, runs)
        parts = zip(flow.split([length * count for length, count in runs]), runs, strict=True)
        return [part.view(count, length, -1) for part, (length, count) in parts]

    def _through(self, flow: Tensor, layer: Layer, runs: Sequence[tuple[int, int]]) -> Tensor:
        """Return what one layer makes of the pieces."""
        from torch.nn.functional import gelu, layer_norm, linear

        size = (flow.shape[1],)
        heard = linear(self._attend(linear(flow, *layer.asked), runs), *layer.attended)
        flow = layer_norm(flow + heard, size, *layer.first_norm, self.tiny)
        thought = linear(gelu(linear(flow, *layer.up)), *layer.down)
        return layer_norm(flow + thought, size, *layer.second_norm, self.tiny)

    def _attend(self, asked: Tensor, runs: Sequence[tuple[int, int]]) -> Tensor:
        """Return what the pieces of each text hear from one another."""
        import torch
        from torch.nn.functional import scaled_dot_product_attention

        heard = []
        parts = zip(asked.split([length * count for length, count in runs]), runs, strict=True)
        for part, (length, count) in parts:
            query, key, value = part.view(count, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
            mixed = scaled_dot_product_attention(query, key, value)
            heard.append(mixed.transpose(1, 2).reshape(count * length, -1))
        return torch.cat(heard)


def _shares(texts: Sequence[str]) -> Iterator[list[int]]:
    """Yield rows from the shortest text to the longest, `_TEXTS` at a time."""
    rows = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    for start in range(0, len(rows), _TEXTS):
        yield rows[start : start + _TEXTS]


def _packs(cuts: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Yield positions from the fewest pieces to the most, about `_PIECES` pieces at a time."""
    pack: list[int] = []
    pieces = 0
    for at in sorted(range(len(cuts)), key=lambda at: len(cuts[at])):
        if pack and pieces + len(cuts[at]) > _PIECES:
            yield pack
            pack, pieces = [], 0
        pack.append(at)
        pieces += len(cuts[at])
    if pack:
        yield pack


def _table(home: Path) -> Encode | None:
    import numpy as np
    from safetensors import safe_open

    with safe_open(home / "model.safetensors", framework="numpy") as stored:
        if set(stored.keys()) != {"embeddings", "weights"}:
            return None
        table = stored.get_tensor("embeddings").astype(np.float32)
        table *= stored.get_tensor("weights").astype(np.float32)[:, None]
    return TableBody(_cutter(home), table).encode


def load_bert(home: Path, place: Callable[[], str] = lambda: "cpu") -> BertBody | None:
    """Return the body of a BERT folder, or None when its weights are not all there.

    :param home: the transformer's folder.
    :param place: asked for the device once there are weights.
    """
    weights = home / "model.safetensors"
    if not weights.is_file():
        return None
    from safetensors.torch import load_file

    stored = {name: tensor.float() for name, tensor in load_file(weights, device=place()).items()}
    if _WORDS not in stored:
        return None
    facts = _facts(home / "config.json")
    places = stored["embeddings.position_embeddings.weight"]
    tokenizer = _cutter(home)
    tokenizer.enable_truncation(min(limit(home) or len(places), len(places)))
    return BertBody(
        tokenizer,
        words=stored[_WORDS],
        places=places + stored["embeddings.token_type_embeddings.weight"][0],
        norm=_pair(stored, "embeddings.LayerNorm"),
        layers=tuple(bert_layer(stored, number) for number in range(facts["num_hidden_layers"])),
        heads=facts["num_attention_heads"],
        tiny=facts["layer_norm_eps"],
    )


def bert_layer(stored: Mapping[str, Tensor], number: int) -> Layer:
    """Return one layer as it lies in a file of weights.

    :param stored: name → weights, named as the transformers library does.
    :param number: which layer, 0-based.
    """
    import torch

    at = f"encoder.layer.{number}"
    three = [_pair(stored, f"{at}.attention.self.{part}") for part in ("query", "key", "value")]
    return Layer(
        asked=(torch.cat([weight for weight, _ in three]), torch.cat([bias for _, bias in three])),
        attended=_pair(stored, f"{at}.attention.output.dense"),
        first_norm=_pair(stored, f"{at}.attention.output.LayerNorm"),
        up=_pair(stored, f"{at}.intermediate.dense"),
        down=_pair(stored, f"{at}.output.dense"),
        second_norm=_pair(stored, f"{at}.output.LayerNorm"),
    )


def _pair(stored: Mapping[str, Tensor], name: str) -> Pair:
    return stored[f"{name}.weight"], stored[f"{name}.bias"]


def _cutter(home: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(home / "tokenizer.json"))
    tokenizer.no_padding()
    return tokenizer


def _says(home: Path, wanted: Facts) -> bool:
    """Tell whether the files of a folder say what is understood here."""
    return all(
        _facts(home / file).get(key) in known for file, keys in wanted.items() for key, known in keys.items()
    )


def _facts(file: Path) -> dict[str, Any]:
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else {}
