"""Find and load the encoder: a shipped one, a local folder, or a hub model already fetched.

Nothing here touches the network except `fetch_model`, which only runs when asked for by name.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from hashlib import sha256
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kotaku_nlp import shipped
from kotaku_nlp.analysis.bodies import Encode, limit, read_body
from kotaku_nlp.errors import ModelError
from kotaku_nlp.settings import DEFAULT_MODEL

if TYPE_CHECKING:
    from kotaku_nlp.records import FloatMatrix

_BATCH = 64
#: What tokenizers give as length when they have none.
_NO_LIMIT = 100_000
#: What e5 models want before every text that is compared with others of its kind.
_E5_PROMPT = "query: "
_E5_NAME = re.compile(r"(^|[-_/])e5([-_]|$)", re.IGNORECASE)
_HUB_NAME = re.compile(r"(?P<hub>[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)(@(?P<revision>[0-9a-f]{40}))?")
#: What is fetched from a hub: weights as safetensors and the plain files around them, no code.
_FETCHED = ["*.json", "*.safetensors", "*.txt", "*.model", "README.md"]
_LEFT_OUT = ["onnx/*", "openvino/*"]
_PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle")
_SHAPING = (".safetensors", ".json", ".txt", ".model")


@dataclass(frozen=True)
class SentenceEncoder:
    """A sentence-transformers model in a local folder; loaded when first used.

    :param id: name for the manifest and the cache.
    :param revision: hub commit, or 12 hex digits that change with the model's weights and settings.
    :param folder: where the model lies.
    :param prompt: text put before every passage (e5 asks for one), or "".
    :param device: "auto", "cpu", "cuda" or "mps".
    :param backend: "torch", "onnx" or "openvino".
    """

    id: str
    revision: str
    folder: Path
    prompt: str = ""
    device: str = "auto"
    backend: str = "torch"
    _loaded: dict[str, Encode] = field(default_factory=dict, repr=False, compare=False)

    def encode(self, texts: Sequence[str], /) -> FloatMatrix:
        """Return one unit-length vector per text.

        :param texts: any strings; a text without a letter or digit says nothing and gets the zero vector.
        :return: float32, shape (n, d).
        :raises ModelError: when the folder holds no model that loads safely.
        """
        import numpy as np

        body = self._body()
        if not texts:
            return np.zeros((0, np.shape(body([""]))[1]), dtype=np.float32)
        prompted = [self.prompt + text for text in texts] if self.prompt else list(texts)
        matrix = np.nan_to_num(np.asarray(body(prompted), dtype=np.float32))
        # A transformer also gives a vector to nothing at all, always the same: such texts would look alike.
        matrix[[not any(map(str.isalnum, text)) for text in texts]] = 0.0
        norms = np.linalg.norm(matrix, axis=1, keepdims=True)
        return np.divide(matrix, norms, out=np.zeros_like(matrix), where=norms > 0)

    def _body(self) -> Encode:
        if "body" not in self._loaded:
            self._loaded["body"] = _load(self.folder, self.id, self.device, self.backend)
        return self._loaded["body"]

    def cut_short(self, texts: Sequence[str], /) -> int:
        """Return how many texts are longer than the model reads; of those it sees the beginning only.

        Reads the limit and the tokenizer beside the weights, not the weights: a run whose vectors are all
        cached need not load the model for it. A model that keeps neither there counts as unlimited.

        :param texts: any strings.
        """
        home = _modules(self.folder, self.id)[0][1]
        longest, cutter = limit(home), home / "tokenizer.json"
        if not 0 < longest < _NO_LIMIT or not cutter.is_file():
            return 0
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(cutter))
        tokenizer.no_truncation()
        # A word seldom has more than four pieces: only the doubtful texts are cut up.
        doubtful = [self.prompt + text for text in texts if len(text.split()) * 4 > longest]
        return sum(len(cut.ids) > longest for cut in tokenizer.encode_batch(doubtful))


@cache
def known_models() -> Mapping[str, Mapping[str, Any]]:
    """Return the models that have a short name: name → folder or hub, revision, prompt, words."""
    text = files("kotaku_nlp.analysis").joinpath("models.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def load_encoder(name: str | None = None, device: str = "auto", backend: str = "torch") -> SentenceEncoder:
    """Return an encoder by short name, local folder or hub name; no network is used.

    :param name: the embedded default when left out; another name of `kotaku models list`, a folder, or
        "owner/model@<40 hex digits>" of a model that was fetched before.
    :param device: "auto" (a GPU if there is one), "cpu", "cuda" or "mps".
    :param backend: "torch", or "onnx" or "openvino" where sentence-transformers has them installed.
    :raises ModelError: when nothing of that name is here; the message says how to fetch it.
    """
    found = _found(name or DEFAULT_MODEL)
    if (found.device, found.backend) == (device, backend):
        return found
    return replace(found, device=device, backend=backend, _loaded={})


def _found(name: str) -> SentenceEncoder:
    entry = known_models().get(name, {})
    if "folder" in entry:
        return _shipped(entry["folder"], name)
    if "hub" in entry:
        return _from_hub(entry["hub"], entry["revision"], entry.get("prompt", ""), name)
    if Path(name).is_dir():
        return _from_folder(Path(name), Path(name).resolve().name)
    match = _HUB_NAME.fullmatch(name)
    if match and match["revision"]:
        return _from_hub(match["hub"], match["revision"], _prompt(match["hub"]), name)
    if match:
        raise ModelError("model_unpinned", name=name)
    raise ModelError("model_unknown", name=name, known=", ".join(known_models()))


def fetch_model(name: str) -> Path:
    """Download a hub model once, at its pinned revision, weights as safetensors only.

    :param name: a short name of `kotaku models list`, or "owner/model@<40 hex digits>".
    :return: the folder it was put into (the hub library's own cache).
    :raises ModelError: when the name is unknown or unpinned, or the hub cannot be reached.
    """
    entry = known_models().get(name, {})
    if "folder" in entry:
        return shipped.find("models", entry["folder"])
    match = _HUB_NAME.fullmatch(name)
    hub = entry.get("hub") or (match and match["hub"])
    revision = entry.get("revision") or (match and match["revision"])
    if not hub:
        raise ModelError("model_unknown", name=name, known=", ".join(known_models()))
    if not revision:
        raise ModelError("model_unpinned", name=name)
    from huggingface_hub import snapshot_download

    try:
        found = snapshot_download(hub, revision=revision, allow_patterns=_FETCHED, ignore_patterns=_LEFT_OUT)
    except Exception as problem:  # the hub library raises many kinds; each means "not fetched"
        raise ModelError("model_not_fetched", name=name, detail=type(problem).__name__) from problem
    return _safe(Path(found), name)


@cache
def _shipped(folder: str, name: str) -> SentenceEncoder:
    """Return a shipped encoder; several stages ask for it in one run, and it is loaded once."""
    return _from_folder(shipped.find("models", folder), name)


def is_here(name: str) -> bool:
    """Tell whether a model can be loaded without the network.

    :param name: as for `load_encoder`.
    """
    try:
        load_encoder(name)
    except ModelError:
        return False
    return True


def describe(name: str) -> dict[str, Any]:
    """Return what is known of a model: short name, folder or hub, revision, size, licence, words.

    :param name: a short name of `kotaku models list`, or a folder.
    :raises ModelError: when the name is unknown and no folder.
    """
    if name in known_models():
        return {"name": name, **known_models()[name]}
    encoder = load_encoder(name)
    return {"name": encoder.id, "revision": encoder.revision, "folder": str(encoder.folder)}


def _prompt(hub: str) -> str:
    """Return what a model wants before every text, also when it is asked for by its full name."""
    listed = (e.get("prompt", "") for e in known_models().values() if e.get("hub") == hub)
    return next(listed, _E5_PROMPT if _E5_NAME.search(hub) else "")


def _from_hub(hub: str, revision: str, prompt: str, name: str) -> SentenceEncoder:
    from huggingface_hub import snapshot_download

    try:
        found = snapshot_download(hub, revision=revision, local_files_only=True)
    except (OSError, ValueError) as problem:
        raise ModelError("model_not_here", name=name) from problem
    return SentenceEncoder(hub, revision, _safe(Path(found), name), prompt)


def _from_folder(folder: Path, name: str) -> SentenceEncoder:
    folder = _safe(folder, name)
    card = _card(folder, name)
    revision = str(card.get("revision") or _digest(folder))
    prompt = card.get("prompt") if "prompt" in card else _prompt(name)
    return SentenceEncoder(str(card.get("id") or name), revision, folder, str(prompt or ""))


def _safe(folder: Path, name: str) -> Path:
    """Refuse what is no sentence-transformers folder, brings code, or keeps pickled weights alone."""
    if not (folder / "modules.json").is_file():
        raise ModelError("model_no_modules", str(folder), name=name)
    if not any(folder.rglob("*.safetensors")):
        raise ModelError("model_no_safetensors", str(folder), name=name)
    for kind, home in _modules(folder, name):
        if not kind.startswith("sentence_transformers."):  # a class of the folder's own would be run
            raise ModelError("model_own_code", str(folder), name=name, module=kind)
        pickled = any(path.suffix in _PICKLED for path in home.glob("*"))
        if pickled and not any(home.glob("*.safetensors")):
            raise ModelError("model_no_safetensors", str(home), name=name)
    return folder


def _modules(folder: Path, name: str) -> list[tuple[str, Path]]:
    """Return class and folder of every module that the model says it is made of."""
    try:
        rows = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        return [(str(row["type"]), folder / str(row["path"])) for row in rows]
    except (ValueError, TypeError, KeyError) as problem:
        detail = f"modules.json: {problem}"
        raise ModelError("model_broken", str(folder), name=name, detail=detail) from problem


def _card(folder: Path, name: str) -> dict[str, Any]:
    """Return what the project's own card says of a model, or nothing when it has none."""
    path = folder / "kotaku.json"
    if not path.is_file():
        return {}
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as problem:
        detail = f"{path.name}: {problem}"
        raise ModelError("model_broken", str(folder), name=name, detail=detail) from problem


def _digest(folder: Path) -> str:
    """Return a digest of everything that shapes a vector: weights, vocabulary, pooling."""
    digest = sha256()
    for path in sorted(path for path in folder.rglob("*") if path.suffix in _SHAPING):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _load(folder: Path, name: str, device: str, backend: str) -> Encode:
    """Return what turns texts into vectors: read by us where that gives the same, else by the library."""
    try:
        own = None
        if backend == "torch":
            own = read_body(folder, _modules(folder, name), device, lambda: _device(device, name))
        return own or _by_library(folder, name, device, backend)
    except ModelError:
        raise
    except Exception as problem:  # the libraries raise many kinds; each means "does not load"
        raise ModelError("model_broken", str(folder), name=name, detail=str(problem)[:200]) from problem


def _by_library(folder: Path, name: str, device: str, backend: str) -> Encode:
    if backend != "torch" and find_spec("optimum") is None:  # the part that runs both other back ends
        raise ModelError("model_backend", name=name, backend=backend)
    import torch
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(
        str(folder),
        device=_device(device, name),
        local_files_only=True,
        trust_remote_code=False,
        backend=backend,
        # Half precision is for the disk: processors compute faster in single.
        model_kwargs={"use_safetensors": True, "dtype": torch.float32} if backend == "torch" else {},
    )
    return partial(model.encode, batch_size=_BATCH, show_progress_bar=False)


def _device(wanted: str, name: str) -> str:
    import torch

    here = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if wanted == "auto":
        return next(kind for kind in ("cuda", "mps", "cpu") if here[kind])
    if not here.get(wanted, False):
        raise ModelError("model_device", name=name, device=wanted)
    return wanted
