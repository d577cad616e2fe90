"""Find, load and save judges of polarity: JSON and safetensors, nothing that could run code."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kotaku_nlp import shipped
from kotaku_nlp.analysis.conformal import Calibration
from kotaku_nlp.analysis.encoders import load_encoder
from kotaku_nlp.analysis.heads import load_head, save_head
from kotaku_nlp.analysis.polarity.checkpoint import Checkpoint, load_checkpoint
from kotaku_nlp.analysis.polarity.judge import Judge, Polarity
from kotaku_nlp.analysis.polarity.reader import Reader
from kotaku_nlp.analysis.polarity.rules import RulePolarity
from kotaku_nlp.errors import ModelError

if TYPE_CHECKING:
    from kotaku_nlp.records import Encoder

RULES = "rules"
#: Short name → shipped folder; the first is the default.
SHIPPED = {"contextual": "polarity-contextual", "words": "polarity-words"}
#: What a folder with a judge holds beside the weights.
_CARD = "judge.json"


def load_polarity(
    name: str | None = None,
    labels: Mapping[str, str] | None = None,
    encoder: Callable[[], Encoder] = load_encoder,
) -> Polarity:
    """Return a judge of polarity; no network is used.

    :param name: "contextual" (the default: words beside the embedded encoder's vectors), "words" (many times
        faster, no encoder), "rules" (word lists, nothing learned), a folder that `save_polarity` wrote, or
        a transformers classifier: its folder, or "owner/model@<40 hex digits>" fetched before.
    :param labels: what the labels of a transformers classifier mean, e.g. {"LABEL_0": "positive", …}.
    :param encoder: gives the embedded encoder when first needed, for a run that has it loaded already.
    :raises ModelError: when nothing has that name, or it cannot be loaded safely.
    """
    name = name or next(iter(SHIPPED))
    if name == RULES:
        return RulePolarity()
    if name in SHIPPED:
        return _opened(shipped.find("models", SHIPPED[name]), encoder)
    if (Path(name) / _CARD).is_file():
        return _opened(Path(name), encoder)
    return Judge(load_checkpoint(name, labels))


def save_polarity(judge: Polarity, folder: Path, facts: Mapping[str, Any] | None = None) -> None:
    """Write a judge into a folder, to be loaded by its path.

    A named classifier is not copied: its place and its labels are kept.

    :param judge: a judge with scores of its own, calibrated or not.
    :param folder: where to.
    :param facts: what else the weights' file of facts should say.
    :raises ModelError: when the judge is rules over words.
    """
    if not isinstance(judge, Judge) or not isinstance(judge.scorer, Reader | Checkpoint):
        raise ModelError("polarity_fixed")
    folder.mkdir(parents=True, exist_ok=True)
    card: dict[str, Any] = {"calibration": _plain(judge.calibration)}
    if isinstance(judge.scorer, Reader):
        save_head(judge.scorer.head, folder, dict(facts or {}))
        card["encoder"] = judge.scorer.encoder is not None
    else:
        place = str(judge.scorer.folder.resolve())
        card["checkpoint"] = {"folder": place, "labels": dict(judge.scorer.labels)}
    (folder / _CARD).write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _opened(folder: Path, encoder: Callable[[], Encoder]) -> Judge:
    try:
        card = json.loads((folder / _CARD).read_text(encoding="utf-8"))
        calibration = _calibration(card["calibration"])
        if "checkpoint" in card:
            return Judge(load_checkpoint(**_place(card["checkpoint"])), calibration)
        return Judge(Reader(load_head(folder)[0], encoder if card["encoder"] else None), calibration)
    except (OSError, ValueError, KeyError, TypeError) as problem:
        detail = f"{_CARD}: {problem}"[:200]
        raise ModelError("model_broken", str(folder), name=folder.name, detail=detail) from problem


def _place(checkpoint: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": str(checkpoint["folder"]), "labels": dict(checkpoint["labels"])}


def _plain(calibration: Calibration) -> dict[str, Any]:
    """Return a calibration as JSON can say it: a class without a limit has null."""
    limits = [None if math.isinf(limit) else limit for limit in calibration.limits]
    plain = {"temperature": calibration.temperature, "limits": limits}
    return plain | {"level": calibration.level, "texts": list(calibration.texts)}


def _calibration(plain: Mapping[str, Any]) -> Calibration:
    limits = tuple(math.inf if limit is None else float(limit) for limit in plain["limits"])
    texts = tuple(int(count) for count in plain["texts"])
    return Calibration(float(plain["temperature"]), limits, float(plain["level"]), texts)
