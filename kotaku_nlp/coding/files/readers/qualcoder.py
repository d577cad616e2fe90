"""QualCoder projects (`.qda`, a folder with `data.qda`): codings of texts with their coder and date.

Positions are half-open code points into the stored text; the selected text beside them is checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kotaku_nlp.coding.files.readers.canonical import Canonical, canonical, same_words
from kotaku_nlp.coding.files.readers.databases import Database, open_copy
from kotaku_nlp.coding.files.readers.imported import STEP, Imported, Ledger, own_stems
from kotaku_nlp.corpus.readers import SUFFIXES

_NEEDED = frozenset({"source", "code_text", "code_name"})
#: QualCoder 4 marks who speaks with codings of its own; they are nobody's reading.
_SPEAKER_OWNER = "Speaker coding"
#: Tables of codings that lie on pictures or recordings, and what they are called.
_ELSEWHERE = {"code_image": "readers_on_pictures", "code_av": "readers_on_recordings"}
#: Which code or category: "code" or "group", and its id.
Place = tuple[str, Any]


@dataclass(frozen=True)
class Node:
    """A code or category: its name below those of everything it hangs from, and its definition."""

    path: tuple[str, ...]
    memo: str


def read_qualcoder(path: Path) -> Imported:
    """Read a QualCoder project.

    :param path: the `.qda` folder, or the `data.qda` in it.
    :raises CodingError: when there is no such project, or it is damaged or something else.
    """
    file = path / "data.qda" if path.is_dir() else path
    folder = path if path.is_dir() else path.parent
    ledger = Ledger(folder.name if folder.suffix.lower() == ".qda" else path.name)
    with open_copy(file, _NEEDED, "QualCoder") as database:
        sources = _sources(database, ledger)
        paths = {
            key: STEP.join(node.path) for (kind, key), node in code_tree(database).items() if kind == "code"
        }
        rows = database.rows("code_text", "ctid")
        read = [row for row in rows if _SPEAKER_OWNER not in str(row.get("owner") or "")]
        for row in read:
            _keep(row, sources, paths, ledger)
        ledger.skip("readers_speaker_marks", "", count=len(rows) - len(read))
        for table, key in _ELSEWHERE.items():
            ledger.skip(key, "", count=len(database.rows(table)))
    return ledger.close(Path(ledger.file).stem)


def _sources(database: Database, ledger: Ledger) -> dict[Any, tuple[str, Canonical]]:
    """Return source id → transcript and text."""
    rows = [row for row in database.rows("source", "id") if row.get("fulltext")]
    stems = own_stems((str(row["name"]) for row in rows), SUFFIXES)
    found = {row["id"]: (stems[str(row["name"])], canonical(str(row["fulltext"]))) for row in rows}
    ledger.texts.update({name: text.text for name, text in found.values()})
    return found


def code_tree(database: Database) -> dict[Place, Node]:
    """Return every code and category, codes first.

    :param database: an open QualCoder database.
    """
    rows: dict[Place, dict[str, Any]] = {("code", row["cid"]): row for row in database.rows("code_name")}
    rows |= {("group", row["catid"]): row for row in database.rows("code_cat")}
    found = {}
    for place in rows:
        path: tuple[str, ...] = ()
        at, seen = place, set[Place]()
        while at in rows and at not in seen:  # a tree that bites its tail ends where it began
            seen.add(at)
            path, at = (str(rows[at]["name"]), *path), _above(at, rows[at])
        found[place] = Node(path, str(rows[place].get("memo") or ""))
    return found


def _above(place: Place, row: Mapping[str, Any]) -> Place:
    """Return what a code or category hangs from; a code may hang from a code since version 4."""
    if place[0] == "group":
        return "group", row.get("supercatid")
    return ("code", row["supercid"]) if row.get("supercid") else ("group", row["catid"])


def _keep(
    row: Mapping[str, Any],
    sources: Mapping[Any, tuple[str, Canonical]],
    paths: Mapping[Any, str],
    ledger: Ledger,
) -> None:
    place = f"code_text {row['ctid']}"
    source, code = sources.get(row["fid"]), paths.get(row["cid"])
    if source is None or code is None:
        ledger.leave("readers_orphan", place, count=1)
        return
    name, text = source
    span = _checked(text, row)
    quote = str(row.get("seltext") or "")
    if span is None:
        ledger.leave("readers_shifted", f"{place}, {name}", count=1, code=code, quote=quote[:60])
        return
    ledger.keep(
        place, transcript=name, start=span[0], end=span[1], quote=text.text[span[0] : span[1]],
        code_path=code, coder=str(row.get("owner") or "QualCoder"),
        date=str(row.get("date") or ""), memo=str(row.get("memo") or ""),
    )  # fmt: skip


def _checked(text: Canonical, row: Mapping[str, Any]) -> tuple[int, int] | None:
    """Return the span in the canonical text, None where the stored selection says something else."""
    start, end = row.get("pos0"), row.get("pos1")
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end <= len(text.raw):
        return None
    quote = str(row.get("seltext") or "")
    if quote and not same_words(text.raw[start:end], quote):
        return None
    return text.at(start), text.at(end)
