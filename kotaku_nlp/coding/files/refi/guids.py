"""Identifiers that are the same whenever the same thing is written again."""

from __future__ import annotations

import re
from uuid import NAMESPACE_URL, uuid5

_NAMESPACE = uuid5(NAMESPACE_URL, "urn:kotaku-nlp:refi")
_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def entity(kind: str, *key: object) -> str:
    """Return the GUID of a thing by its kind and what tells it from others of its kind."""
    return str(uuid5(_NAMESPACE, "\x1f".join((kind, *map(str, key)))))


def valid(guid: str, kind: str) -> str:
    """Return a GUID as it is, or one made from it when it has not the form of one."""
    return guid if _GUID.fullmatch(guid) else entity(kind, guid)
