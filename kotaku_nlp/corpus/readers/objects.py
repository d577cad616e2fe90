"""JSON transcripts: WhisperX and whisper segments, lists of turns, or a text in a field."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kotaku_nlp.corpus.readers.building import Builder, Piece, Place, clean
from kotaku_nlp.corpus.readers.decoding import read_text
from kotaku_nlp.corpus.readers.grids import add_talk
from kotaku_nlp.corpus.readers.heads import Plan, plan_of, role_of
from kotaku_nlp.corpus.readers.subtitles import clock
from kotaku_nlp.corpus.source import Source
from kotaku_nlp.errors import CorpusError

#: Fields that hold the talk, the finest first: whisper gives "text" and "segments".
_HOLDERS = (
    "segments", "turns", "utterances", "giliran", "percakapan", "dialog", "dialogue", "messages", "items",
    "transcript", "transkrip", "transkripsi", "text", "teks",
)  # fmt: skip


def read_json(path: Path) -> Source:
    """Read a JSON transcript.

    :raises CorpusError: when it is no JSON, or no shape that we know.
    """
    text = read_text(path)
    try:
        data = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as problem:
        detail = str(problem) if isinstance(problem, json.JSONDecodeError) else "…"
        raise CorpusError("reading_json", path.name, detail=detail) from problem
    talk, metadata = _talk(data, {})
    builder = Builder()
    if isinstance(talk, str):
        for number, line in enumerate(clean(talk).split("\n"), start=1):
            builder.paragraph([Piece(line)], f"line {number}")
    elif not _add_items(builder, talk):
        raise CorpusError("reading_json_shape", path.name)
    return builder.source(metadata)


def _talk(data: Any, metadata: dict[str, str]) -> tuple[Any, dict[str, str]]:
    """Return the list or text that holds the talk, and the plain fields beside it."""
    while isinstance(data, dict):
        held = [name for name in _HOLDERS if isinstance(data.get(name), list | str | dict)]
        if not held:
            return None, metadata
        metadata |= {str(key): str(value) for key, value in data.items() if _plain(value) and key not in held}
        data = data[held[0]]
    return data, metadata


def _plain(value: Any) -> bool:
    return isinstance(value, str | int | float)


def _add_items(builder: Builder, items: Any) -> bool:
    """Add every item of a list; return whether its shape is known."""
    if not isinstance(items, list):
        return False
    fields = list(dict.fromkeys(key for item in items if isinstance(item, dict) for key in item))
    plan = plan_of(fields)
    if plan is None and any(not isinstance(item, str) for item in items):
        return False
    for number, item in enumerate(items, start=1):
        place = Place(f"item {number}")
        if isinstance(item, dict) and plan is not None:
            add_talk(builder, plan, _row(item, fields, plan), place)
        elif _plain(item):
            builder.paragraph([Piece(str(item))], place.locator)
    return True


def _row(item: Mapping[str, Any], fields: Sequence[str], plan: Plan) -> list[str]:
    """Return an item as the row of a table; nested values and fields without a role are empty."""
    row = []
    for column, name in enumerate(fields):
        value = item.get(name)
        if column == plan.time and isinstance(value, int | float) and not isinstance(value, bool):
            row.append(clock(value) if 0 <= value < 1e9 else "")
        else:
            row.append(str(value) if _plain(value) and role_of(name) else "")
    return row
