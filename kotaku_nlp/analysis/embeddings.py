"""Texts → vectors, each text encoded once: a cache keyed by the model's identity and the text."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kotaku_nlp.records import Embeddings, Encoder, Progress, silent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from kotaku_nlp.records import FloatMatrix

_CHUNK = 256


class Remembered:
    """An encoder that encodes no text twice: vectors stay in memory, and in a cache folder between runs.

    Every stage of a run asks the same one, so passages, their clauses and a codebook's sentences are
    encoded once; a second run need not load the model. Texts go to the model from short to long and then by
    their hashes: batches hold texts of like length, and neither order nor repetition changes a vector.
    """

    def __init__(self, encoder: Encoder, cache: Path | None = None) -> None:
        """Wrap an encoder and read what the cache holds for it.

        :param encoder: anything with `encode`; its `id`, `revision` and `prompt` key the cache, and
            without an `id` nothing is kept, for two models could then be taken for one.
        :param cache: folder for the cache, or None to keep nothing.
        """
        self.encoder = encoder
        self.id, self.revision = identity(encoder)
        self.prompt = getattr(encoder, "prompt", "")
        self._file = cache / _file_name(encoder) if cache and hasattr(encoder, "id") else None
        self._known = _read(self._file)
        self._kept = len(self._known)

    def encode(self, texts: Sequence[str], /, progress: Progress = silent) -> FloatMatrix:
        """Return one vector per text, shape (n, d), float32.

        :param texts: any strings.
        :param progress: told after every chunk that the model encoded.
        """
        import numpy as np

        keys = [sha256(text.encode("utf-8", "surrogatepass")).hexdigest() for text in texts]
        wanted = dict(sorted(zip(keys, texts, strict=True)))
        missing = sorted(wanted.keys() - self._known.keys(), key=lambda key: (len(wanted[key]), key))
        for done in range(0, len(missing), _CHUNK):
            chunk = missing[done : done + _CHUNK]
            vectors = self.encoder.encode([wanted[key] for key in chunk])
            self._known.update(zip(chunk, np.asarray(vectors, dtype=np.float32), strict=True))
            progress("embed", min(done + _CHUNK, len(missing)), len(missing))
        rows = [self._known[key] for key in keys]
        return np.stack(rows) if rows else np.zeros((0, 0), dtype=np.float32)

    def keep(self) -> None:
        """Write what was encoded since the cache was read."""
        if self._file and len(self._known) > self._kept:
            _write(self._file, self._known)
            self._kept = len(self._known)


def embed(
    ids: Sequence[str],
    texts: Sequence[str],
    encoder: Encoder,
    cache: Path | None = None,
    progress: Progress = silent,
) -> Embeddings:
    """Encode texts, reusing what the cache folder already holds for this model.

    :param ids: one id per text, in the order wanted back.
    :param texts: the texts, same length.
    :param encoder: see `Remembered`; one that remembers already is asked as it is.
    :param cache: folder for the cache, or None to keep nothing.
    :param progress: told after every chunk.
    :return: matrix (n, d) float32 in the order of `ids`.
    :raises ValueError: when ids and texts differ in number.
    """
    if len(ids) != len(texts):
        raise ValueError(f"{len(ids)} ids for {len(texts)} texts")
    memory = encoder if isinstance(encoder, Remembered) else Remembered(encoder, cache)
    matrix = memory.encode(texts, progress)
    memory.keep()
    return Embeddings(tuple(ids), matrix, memory.id, memory.revision)


def identity(encoder: Encoder) -> tuple[str, str]:
    """Return the id and revision of an encoder; one that names none goes by its class."""
    return getattr(encoder, "id", type(encoder).__qualname__), getattr(encoder, "revision", "")


def save_tensors(
    tensors: Mapping[str, NDArray[Any]], path: Path, metadata: Mapping[str, str] | None = None
) -> None:
    """Write arrays as safetensors with the permissions of any other file.

    The library's own `save_file` writes mode 600 and takes a transposed or strided array for a
    contiguous one.

    :param tensors: name → array of any shape.
    :param path: the file to write.
    :param metadata: facts for the file's header.
    """
    import numpy as np
    from safetensors.numpy import save

    dense = {name: np.ascontiguousarray(array) for name, array in tensors.items()}
    path.write_bytes(save(dense, metadata=dict(metadata) if metadata else None))


def _file_name(encoder: Encoder) -> str:
    """Return a name to read, and a digest that no two models share."""
    model, revision = identity(encoder)
    whole = json.dumps([model, revision, getattr(encoder, "prompt", "")])
    name = re.sub(r"[^\w.-]+", "-", f"{model}-{revision[:12]}")[-80:]
    return f"{name}-{sha256(whole.encode()).hexdigest()[:8]}.safetensors"


def _read(file: Path | None) -> dict[str, NDArray[np.float32]]:
    if file is None or not file.is_file():
        return {}
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(file, framework="numpy") as stored:
            keys = (stored.metadata() or {})["keys"].split(",")
            return dict(zip(keys, stored.get_tensor("vectors"), strict=True))
    except (SafetensorError, KeyError, ValueError):
        return {}  # a cache cut short by a crash is made again


def _write(file: Path, known: Mapping[str, NDArray[np.float32]]) -> None:
    import numpy as np

    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(f".{os.getpid()}.partial")  # two runs at once do not write into one file
    save_tensors({"vectors": np.stack(list(known.values()))}, partial, {"keys": ",".join(known)})
    partial.replace(file)
