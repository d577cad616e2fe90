"""A classifier that a user names: a transformers checkpoint on disk, its labels explained by the user."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kotaku_nlp.analysis.polarity.judge import POLES
from kotaku_nlp.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BATCH = 32
#: Longer texts are read to here; tokenizers without a limit of their own give a huge one.
_LONGEST = 512
_HUB_NAME = re.compile(r"(?P<hub>[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)(@(?P<revision>[0-9a-f]{40}))?")


@dataclass(frozen=True)
class Checkpoint:
    """A sequence classifier in a local folder; loaded when first used.

    :param folder: where it lies.
    :param labels: its own label → "negative", "neutral" or "positive", in the order of its outputs.
    """

    folder: Path
    labels: Mapping[str, str]
    _loaded: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def scores(self, texts: Sequence[str], /) -> NDArray[np.float32]:
        """Return the logits of every text, shape (n, 3); labels that mean the same are added up.

        :raises ModelError: when the folder holds no classifier that loads safely.
        """
        import numpy as np

        if not len(texts):
            return np.zeros((0, len(POLES)), dtype=np.float32)
        found = np.concatenate([self._logits(texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH)])
        meant = np.array(list(self.labels.values()))
        sums = [np.logaddexp.reduce(found[:, meant == pole], axis=1) for pole in POLES]
        return np.stack(sums, axis=1).astype(np.float32)

    def _logits(self, texts: Sequence[str]) -> NDArray[np.float32]:
        import numpy as np
        import torch

        if "model" not in self._loaded:
            self._loaded["model"] = _load(self.folder)
        model, tokenizer = self._loaded["model"]
        longest = min(_LONGEST, tokenizer.model_max_length)
        batch = tokenizer(list(texts), padding=True, truncation=True, max_length=longest, return_tensors="pt")
        with torch.inference_mode():
            return np.asarray(model(**batch).logits.float().numpy(), dtype=np.float32)


def load_checkpoint(name: str, labels: Mapping[str, str] | None = None) -> Checkpoint:
    """Return a classifier by folder or hub name; no network is used and no code of its own is run.

    :param name: a folder, or "owner/model@<40 hex digits>" of a model that was fetched before.
    :param labels: what each of its labels means, e.g. {"LABEL_0": "positive", …}: models differ in it, and
        two polarities exchanged would look like a result.
    :raises ModelError: when it is not here, keeps no safetensors, brings code, or labels do not fit.
    """
    folder = Path(name) if Path(name).is_dir() else _fetched(name)
    outputs = _outputs(folder, name)
    return Checkpoint(folder, _explained(outputs, labels, folder))


def _fetched(name: str) -> Path:
    match = _HUB_NAME.fullmatch(name)
    if match is None:
        raise ModelError("polarity_unknown", name=name, known="contextual, words, rules")
    if not match["revision"]:
        raise ModelError("model_unpinned", name=name)
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(match["hub"], revision=match["revision"], local_files_only=True))
    except (OSError, ValueError) as problem:
        raise ModelError(
            "polarity_not_here", name=name, hub=match["hub"], revision=match["revision"]
        ) from problem


def _outputs(folder: Path, name: str) -> list[str]:
    """Return the labels of a checkpoint in the order of its outputs, and refuse what is not safe."""
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        kinds = [str(kind) for kind in config.get("architectures") or []]
        labels = {int(at): str(label) for at, label in (config.get("id2label") or {}).items()}
    except (OSError, ValueError, AttributeError) as problem:
        raise ModelError("polarity_no_classifier", str(folder), detail=str(problem)[:200]) from problem
    if "auto_map" in config:
        raise ModelError("model_own_code", str(folder), name=name, module="auto_map")
    if not any(kind.endswith("ForSequenceClassification") for kind in kinds):
        raise ModelError("polarity_no_classifier", str(folder), detail=", ".join(kinds) or "config.json")
    if not any(folder.glob("*.safetensors")):
        raise ModelError("model_no_safetensors", str(folder), name=name)
    # The library leaves the map out of the file where a model has the two labels of its default.
    return [labels[at] for at in sorted(labels)] or ["LABEL_0", "LABEL_1"]


def _explained(outputs: Sequence[str], labels: Mapping[str, str] | None, folder: Path) -> dict[str, str]:
    """Return what every output means, in order."""
    named = ", ".join(outputs)
    if not labels:
        example = {label: pole for label, pole in zip(outputs, POLES, strict=False)}
        raise ModelError("polarity_labels_missing", str(folder), labels=named, example=example)
    wrong = [label for label in outputs if labels.get(label) not in POLES]
    wrong += [label for label in labels if label not in outputs]
    wrong += [pole for pole in POLES if pole not in labels.values()]
    if wrong:
        detail = ", ".join(dict.fromkeys(wrong))
        raise ModelError("polarity_labels_wrong", str(folder), labels=named, detail=detail)
    return {label: labels[label] for label in outputs}


def _load(folder: Path) -> tuple[Any, Any]:
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    plain: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    try:
        tokenizer = AutoTokenizer.from_pretrained(str(folder), **plain)
        model, found = AutoModelForSequenceClassification.from_pretrained(
            str(folder), use_safetensors=True, output_loading_info=True, **plain
        )
    except Exception as problem:  # the libraries raise many kinds; each means "does not load"
        detail = str(problem)[:200]
        raise ModelError("model_broken", str(folder), name=folder.name, detail=detail) from problem
    if found["missing_keys"]:  # they would be drawn at random, and every run would say something else
        detail = ", ".join(sorted(found["missing_keys"])[:3])
        raise ModelError("polarity_no_classifier", str(folder), detail=detail)
    return model.eval(), tokenizer
