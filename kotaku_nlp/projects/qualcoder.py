"""What a QualCoder project holds beside texts and codings: the whole code tree, cases and attributes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kotaku_nlp.coding.files.code_tree import Entry
from kotaku_nlp.coding.files.readers.databases import Database
from kotaku_nlp.coding.files.readers.imported import own_stems
from kotaku_nlp.coding.files.readers.qualcoder import code_tree
from kotaku_nlp.corpus.readers import SUFFIXES
from kotaku_nlp.projects.project import Case

QUALCODER = frozenset({"source", "code_text", "code_name"})
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Extras:
    """What stands beside texts and codings.

    :param entries: codes and categories.
    :param skipped: names of files without words: pictures, recordings.
    :param notes: how many annotations and journal entries there are.
    """

    entries: list[Entry]
    cases: tuple[Case, ...]
    variables: tuple[str, ...]
    values: Mapping[str, Mapping[str, str]]
    skipped: tuple[str, ...]
    notes: tuple[int, int]


def extras_of(database: Database) -> Extras:
    """Read everything beside texts and codings.

    :param database: an open QualCoder database.
    """
    sources = database.rows("source", "id")
    stems = own_stems((str(row["name"]) for row in sources if row.get("fulltext")), SUFFIXES)
    names = {row["id"]: stems[str(row["name"])] for row in sources if row.get("fulltext")}
    attributes = database.rows("attribute")
    values = {
        names[file]: given for file, given in _values(attributes, "file").items() if file in names and given
    }
    return Extras(
        entries=[Entry(node.path, node.memo) for node in code_tree(database).values()],
        cases=tuple(_cases(database, sources, names, _values(attributes, "case"))),
        variables=tuple(dict.fromkeys(str(row["name"]) for row in database.rows("attribute_type"))),
        values=values,
        skipped=tuple(str(row["name"]) for row in sources if not str(row.get("fulltext") or "").strip()),
        notes=(len(database.rows("annotation")), len(database.rows("journal"))),
    )


def _values(attributes: Rows, kind: str) -> dict[Any, dict[str, str]]:
    """Return id of a case or file → variable → value, empty values left out."""
    found: dict[Any, dict[str, str]] = {}
    for row in attributes:
        if row.get("attr_type") == kind and str(row.get("value") or "").strip():
            found.setdefault(row["id"], {})[str(row["name"])] = str(row["value"]).strip()
    return found


def _cases(
    database: Database, sources: Rows, names: Mapping[Any, str], values: Mapping[Any, Mapping[str, str]]
) -> Iterator[Case]:
    """Yield the cases; one to which a file belongs from its first to its last character has it whole."""
    sizes = {row["id"]: len(str(row.get("fulltext") or "")) for row in sources}
    texts = database.rows("case_text")
    for case in database.rows("cases"):
        own = [row for row in texts if row["caseid"] == case["caseid"] and row["fid"] in names]
        whole = frozenset(names[row["fid"]] for row in own if _is_whole(row, sizes[row["fid"]]))
        parts = frozenset(names[row["fid"]] for row in own) - whole
        yield Case(str(case["name"]), values.get(case["caseid"], {}), whole, parts)


def _is_whole(row: Mapping[str, Any], size: int) -> bool:
    """Tell whether a file is a case's own; its end is written as its length or as its last character."""
    start, end = row["pos0"], row["pos1"]
    return start == 0 and isinstance(end, int) and end >= size - 1
