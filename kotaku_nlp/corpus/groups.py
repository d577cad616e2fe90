"""Stakeholder groups as researchers call them, from `frameworks/stakeholders.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from kotaku_nlp.records import GROUPS, UNKNOWN

#: What people write for "I do not know"; marks are already gone.
_UNKNOWN = frozenset({"", "?", "unknown", "tidak diketahui", "belum diketahui", "n a", "na"})


def group_of(name: str) -> str | None:
    """Return the group that a name means, `unknown` for an empty one, None for one nobody knows.

    :param name: a group id or any synonym, in any case: "Masyarakat", "sektor swasta", "OPD".
    """
    plain = _plain(name)
    return UNKNOWN if plain in _UNKNOWN else _names().get(plain)


def nearest_groups(name: str) -> tuple[str, ...]:
    """Return the groups whose names come nearest to one nobody knows; all of them if none is near.

    :param name: what the table says.
    """
    close = get_close_matches(_plain(name), _names(), n=5, cutoff=0.6)
    return tuple(dict.fromkeys(_names()[match] for match in close)) or GROUPS


@cache
def _names() -> Mapping[str, str]:
    import yaml

    text = files("kotaku_nlp.frameworks").joinpath("stakeholders.yaml").read_text(encoding="utf-8")
    # Only the one block is parsed: the aliases before it are long and not needed here.
    block = re.search(r"^synonyms:\n(?:[ \t].*\n|\n)+", text, re.MULTILINE)
    synonyms = yaml.safe_load(block[0])["synonyms"] if block else {}
    found = {_plain(group): group for group in GROUPS}
    for group, names in synonyms.items():
        for name in names:
            found.setdefault(_plain(str(name)), group)
    return found


def _plain(name: str) -> str:
    return " ".join(re.split(r"[\s_/\-.,&]+|\bdan\b|\band\b", name.casefold())).strip()
