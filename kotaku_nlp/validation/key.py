"""The key of a run's sheets: which answer is which. It stays in the run folder and is given to no rater."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from kotaku_nlp.errors import RunError
from kotaku_nlp.store import write_json
from kotaku_nlp.validation.kit import Item, Kit, Question, Sheet

KEY = "key.json"
_FORMAT = 1


def add_kit(folder: Path, kit: Kit) -> None:
    """Add a set of questions to the key; sets written before stay, their sheets may be on their way back.

    :param folder: where the key lies.
    :param kit: the questions.
    :raises RunError: when there is a key that cannot be read.
    """
    before = []
    for old in read_kits(folder):
        if old.items == kit.items:  # written again, perhaps for more or fewer raters
            kit = replace(kit, sheets=_united(old.sheets, kit.sheets))
        else:
            before.append(old)
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{KEY}.part"
    write_json(part, {"format": _FORMAT, "sets": [asdict(one) for one in (*before, kit)]})
    part.replace(folder / KEY)


def read_kits(folder: Path) -> tuple[Kit, ...]:
    """Read all sets of questions, none when no sheet was written yet.

    :param folder: where the key lies.
    :raises RunError: when the key is damaged.
    """
    path = folder / KEY
    if not path.is_file():
        return ()
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        if said["format"] != _FORMAT:
            raise ValueError(f"format {said['format']}, not {_FORMAT}")
        return tuple(_kit(one) for one in said["sets"])
    except (ValueError, KeyError, TypeError) as problem:
        raise RunError("validation_key_damaged", str(path), detail=str(problem)[:200]) from problem


def _united(before: Sequence[Sheet], now: Sequence[Sheet]) -> tuple[Sheet, ...]:
    return tuple({sheet.code: sheet for sheet in (*before, *now)}.values())


def _kit(said: Mapping[str, Any]) -> Kit:
    items = tuple(
        Item(**{**item, "texts": tuple(item["texts"]), "sources": tuple(item["sources"])})
        for item in said["items"]
    )
    return Kit(**{**said, "items": items, "sheets": tuple(map(_sheet, said["sheets"]))})


def _sheet(said: Mapping[str, Any]) -> Sheet:
    questions = tuple(Question(one["number"], one["item"], tuple(one["order"])) for one in said["questions"])
    return Sheet(said["code"], said["number"], questions)
