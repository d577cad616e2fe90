"""A list of codes with their places in a tree → a codebook whose ids survive in every table.

Other tools allow nearly anything in a code's name. An id is the name without what parts codes and paths
in the tables that people make (semicolon, bar, `>`, backslash); the label keeps the name as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kotaku_nlp.coding.codebook import SHIPPED
from kotaku_nlp.records import OUT_OF_FRAMEWORK, Codebook, Dimension

CodePath = tuple[str, ...]
_STEPS = re.compile(r"\s*[>\\|]+\s*")
_PARTS = re.compile(r"\s*;\s*")


@dataclass(frozen=True)
class Entry:
    """One code: its name below those of its parents, and what its tool says of it."""

    path: CodePath
    definition: str = ""
    include: str = ""
    exclude: str = ""
    examples: tuple[str, ...] = ()


def tree(entries: Iterable[Entry]) -> dict[CodePath, Entry]:
    """Return every code and group by its path, parents first; of two entries of one path the first.

    :param entries: codes in any order; parents that have no entry get an empty one.
    """
    found: dict[CodePath, Entry] = {}
    given = {entry.path: entry for entry in reversed(list(entries)) if entry.path}
    for path in reversed(given):
        for depth in range(1, len(path) + 1):
            above = path[:depth]
            found.setdefault(above, given.get(above, Entry(above)))
    return found


def path_ids(paths: Collection[CodePath]) -> dict[CodePath, str]:
    """Return an id by path: the code's own name, or the whole path where several share the name."""
    times = Counter(path[-1].casefold() for path in paths)
    wanted = [path[-1] if times[path[-1].casefold()] == 1 else " > ".join(path) for path in paths]
    return dict(zip(paths, plain_ids(wanted), strict=True))


def plain_ids(names: Sequence[str]) -> list[str]:
    """Return ids for names, in their order, each once, and none that a table would part in two.

    >>> plain_ids(["Proses > Dialog", "warga; RT", "warga; RT"])
    ['Proses / Dialog', 'warga, RT', 'warga, RT (2)']
    """
    plain = [_PARTS.sub(", ", _STEPS.sub(" / ", " ".join(name.split()))).strip(" /,") for name in names]
    # A comma parts a cell only where each piece is a code as well.
    pieces = [[piece.strip() for piece in name.split(",")] for name in plain]
    listed = [" · ".join(p) if len(p) > 1 and set(p) <= set(plain) else ", ".join(p) for p in pieces]
    used, ids = {OUT_OF_FRAMEWORK}, []
    for name in (name or "kode" for name in listed):
        free, number = name, 1
        while free.casefold() in used:
            number += 1
            free = f"{name} ({number})"
        used.add(free.casefold())
        ids.append(free)
    return ids


def book_id(name: str) -> str:
    """Return an id for a codebook; the shipped ones keep theirs, because models were trained for them."""
    plain = re.sub(r"\W+", "_", name.casefold()).strip("_") or "codebook"
    return f"{plain}_impor" if plain in SHIPPED else plain


def book_of(
    name: str, codes: Mapping[CodePath, Entry], ids: Mapping[CodePath, str], source: str = ""
) -> Codebook:
    """Return a codebook of codes by their paths; one without a definition is defined by its name.

    :param name: title of the codebook.
    :param codes: what `tree` returned.
    :param ids: what `path_ids` returned.
    :param source: where the codes come from.
    """
    dimensions = tuple(
        Dimension(
            id=ids[path],
            label={"id": path[-1].strip() or ids[path]},
            definition={"id": entry.definition.strip() or path[-1].strip() or ids[path]},
            parent=ids[path[:-1]] if len(path) > 1 else None,
            include={"id": entry.include} if entry.include else {},
            exclude={"id": entry.exclude} if entry.exclude else {},
            examples=entry.examples,
        )
        for path, entry in codes.items()
    )
    return Codebook(book_id(name), {"id": name or book_id(name)}, dimensions, source)


def renamed(book: Codebook) -> tuple[Codebook, dict[str, str]]:
    """Return a codebook with plain ids, and old id → new id."""
    old = [dimension.id for dimension in book.dimensions]
    names = dict(zip(old, plain_ids(old), strict=True))
    dimensions = tuple(
        replace(d, id=names[d.id], parent=names[d.parent] if d.parent else None) for d in book.dimensions
    )
    return replace(book, id=book_id(book.id), dimensions=dimensions), names


def lifted(book: Codebook, used: Collection[str]) -> tuple[Codebook, tuple[str, ...]]:
    """Return a codebook in which every used code is a leaf, and the codes for which that took a change.

    Passages are coded with leaves. Where a code with sub-codes was itself put on passages, its sub-codes
    are set beside it, under the next code above that only groups.

    :param book: a codebook.
    :param used: ids of the codes that were put on passages.
    """
    parents = {dimension.id: dimension.parent for dimension in book.dimensions}

    def above(parent: str | None) -> str | None:
        while parent is not None and parent in used:
            parent = parents[parent]
        return parent

    dimensions = tuple(replace(d, parent=above(d.parent)) for d in book.dimensions)
    opened = sorted({d.parent for d in book.dimensions if d.parent is not None and d.parent in used})
    return replace(book, dimensions=dimensions), tuple(opened)
