"""Names under which people find things again: unique, and as short as that allows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from kotaku_nlp.coding.files.refi.project import Code, User
from kotaku_nlp.records import OUT_OF_FRAMEWORK

SEPARATOR = " > "
_SUFFIX = re.compile(
    r"\.(txt|docx?|rtf|odt|pdf|md|html?|vtt|srt|csv|xlsx|json|mp[34]|m4a|wav|jpe?g|png)$", re.I
)


def code_names(codes: Sequence[Code]) -> dict[str, str]:
    """Return a name by GUID: the code's own, or its path where several codes share the name."""
    plain = Counter(" ".join(code.name.split()) for code in codes)
    wanted = []
    for code in codes:
        name = " ".join(code.name.split())
        wanted.append(name if plain[name] == 1 else " ".join(SEPARATOR.join(code.path).split()))
    names = unique(wanted, taken=(OUT_OF_FRAMEWORK,))
    return {code.guid: name for code, name in zip(codes, names, strict=True)}


def user_names(users: Sequence[User]) -> dict[str, str]:
    """Return a coder's name by GUID; two users of one name are numbered."""
    names = unique([user.name.strip() or user.id.strip() or _unnamed(user.guid) for user in users])
    return {user.guid: name for user, name in zip(users, names, strict=True)}


def coder(names: Mapping[str, str], guid: str) -> str:
    """Return the name of a coder; one that the file does not list is called by the GUID's beginning."""
    if not guid:
        return "unknown"
    return names.get(guid) or _unnamed(guid)


def stem(name: str) -> str:
    """Return a source's name as a transcript's: without the suffix of a file."""
    return _SUFFIX.sub("", name.strip()).strip() or name.strip()


def unique(names: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Return names in their order, a repeated one with a number behind it."""
    used, result = set(taken), []
    for name in names:
        free, number = name, 1
        while free in used:
            number += 1
            free = f"{name} ({number})"
        used.add(free)
        result.append(free)
    return result


def _unnamed(guid: str) -> str:
    return f"user-{guid[:8]}"
