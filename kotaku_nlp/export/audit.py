"""The audit log of a run: what was done with it, by whom, and with which codebook, models and texts.

One JSON object a line in `audit.jsonl`; lines are only ever added. A line that cannot be read again
(the power went, somebody edited it) stays where it is and is named.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from kotaku_nlp.records import Analysis, Codebook, Problem

LOG = "audit.jsonl"
#: What is worth an entry.
DONE = ("agreement_computed", "export_written", "item_adjudicated")


@dataclass(frozen=True)
class Entry:
    """One thing done with a run.

    :param when: UTC, to the second, as ISO 8601.
    :param who: the person, as they are known on their computer or as a coder.
    :param what: one of `DONE`.
    :param codebooks: codebook → sha256 of all it says.
    :param models: model → sha256 of its weights, or its revision where the run knows no more.
    :param texts: sha256 over the canonical texts of all transcripts.
    :param details: what else there is to say: files, coders, the item and its decision.
    """

    when: str
    who: str
    what: str
    codebooks: Mapping[str, str]
    models: Mapping[str, str]
    texts: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Log:
    """An audit log as it was read: the entries in their order, and the lines that are none."""

    entries: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()


def entry(
    analysis: Analysis, who: str, what: str, details: Mapping[str, Any] | None = None,
    when: datetime | None = None,
) -> Entry:  # fmt: skip
    """Return an entry on a run, with the hashes of everything that its numbers stand on.

    :param analysis: the run.
    :param who: the person.
    :param what: one of `DONE`.
    :param details: what else there is to say; JSON writes what it does not know as its text.
    :param when: now, when left out.
    :raises ValueError: when `what` is none of `DONE`.
    """
    if what not in DONE:
        raise ValueError(f"{what!r} is none of {', '.join(DONE)}")
    moment = (when or datetime.now(UTC)).astimezone(UTC)
    return Entry(
        when=moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        who=who,
        what=what,
        codebooks={book.id: codebook_hash(book) for book in analysis.codebooks},
        models=model_hashes(analysis),
        texts=text_hash(analysis),
        details=dict(details or {}),
    )


def append_entry(folder: Path, made: Entry) -> None:
    """Add one entry to the log of a run folder, whole or not at all.

    The line goes out in one write to the end of the file, so that two programs do not mix theirs. A
    last line that was cut off is closed first and kept.

    :param folder: the run folder.
    :param made: the entry.
    """
    path = folder / LOG
    line = json.dumps(asdict(made), ensure_ascii=False, default=str).encode("utf-8", "replace") + b"\n"
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
    try:
        size = os.fstat(handle).st_size
        os.lseek(handle, max(0, size - 1), os.SEEK_SET)
        whole = size == 0 or os.read(handle, 1) == b"\n"
        _write(handle, line if whole else b"\n" + line, size)
        os.fsync(handle)
    finally:
        os.close(handle)


def read_log(folder: Path) -> Log:
    """Read the log of a run folder; a run with which nothing was done has an empty one.

    :param folder: the run folder.
    :return: every entry that can be read, and a problem with the line number for every other line.
    """
    path = folder / LOG
    if not path.is_file():
        return Log()
    entries: list[Entry] = []
    problems: list[Problem] = []
    for number, line in enumerate(path.read_bytes().split(b"\n"), start=1):
        if line.strip():
            found = _entry(line)
            if found is None:
                problems.append(Problem("export_audit_line", f"{LOG}, {number}", "error"))
            else:
                entries.append(found)
    return Log(tuple(entries), tuple(problems))


def codebook_hash(codebook: Codebook) -> str:
    """Return the sha256 of everything that a codebook says."""
    said = json.dumps(asdict(codebook), ensure_ascii=False, sort_keys=True)
    return sha256(said.encode("utf-8")).hexdigest()


def model_hashes(analysis: Analysis) -> dict[str, str]:
    """Return the sha256 of every model that a run names, or its revision where it knows no more."""
    known = {analysis.embeddings.model: analysis.embeddings.revision}
    for name, facts in (analysis.manifest.get("models") or {}).items():
        known[name] = str(facts["sha256"])
    return known


def text_hash(analysis: Analysis) -> str:
    """Return one sha256 over the names and canonical texts of all transcripts, in the order of names."""
    texts = dict(zip(analysis.transcripts["transcript"], analysis.transcripts["text"], strict=True))
    said = json.dumps(sorted(texts.items()), ensure_ascii=False)
    return sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def _write(handle: int, line: bytes, size: int) -> None:
    """Write a line in one go; where the disk took only part of it, take that part back.

    :raises OSError: when the line did not fit.
    """
    written = os.write(handle, line)
    if written < len(line):
        if os.fstat(handle).st_size == size + written:  # nobody else has written behind it
            os.ftruncate(handle, size)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), LOG)


def _entry(line: bytes) -> Entry | None:
    """Return the entry that a line holds, or None when it holds none."""
    try:
        said = json.loads(line.decode("utf-8"))
        found = Entry(**{each.name: said[each.name] for each in fields(Entry)})
    except (ValueError, KeyError, TypeError):
        return None
    texts = all(isinstance(value, str) for value in (found.when, found.who, found.what, found.texts))
    tables = all(isinstance(value, dict) for value in (found.codebooks, found.models, found.details))
    return found if texts and tables else None
