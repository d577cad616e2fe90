"""Every word a user sees, in Indonesian and English, in one table.

The table is read from the TOML files under `wording/`: `[key]` with `id` and
`en`. Placeholders are Python format fields.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("id", "en")


@cache
def wording() -> Mapping[str, Mapping[str, str]]:
    """Return the whole table: key → language → text.

    :raises ValueError: when two files define one key.
    """
    found: dict[str, Mapping[str, str]] = {}
    for part in sorted(files("kotaku_nlp").joinpath("wording").iterdir(), key=lambda p: p.name):
        if not part.name.endswith(".toml"):
            continue
        for key, texts in tomllib.loads(part.read_text(encoding="utf-8")).items():
            if key in found:
                raise ValueError(f"wording key {key!r} is defined twice, again in {part.name}")
            found[key] = texts
    return found


def say(key: str, lang: str = "id", /, **params: Any) -> str:
    """Return one message.

    :param key: key of the table.
    :param lang: "id" or "en".
    :param params: values for the placeholders.
    :raises KeyError: when the key or language is unknown.
    """
    text = wording()[key][lang]
    return text.format(**params) if params else text
