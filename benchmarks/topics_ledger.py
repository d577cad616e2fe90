"""What `topics.py` has measured, line by line, so that a run may be cut and go on."""

from __future__ import annotations

import json
import os
import platform
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import kotaku_nlp

Row = dict[str, Any]

_LIBRARIES = ("bertopic", "umap-learn", "hdbscan", "scikit-learn", "numpy")
_PACKAGE = Path(kotaku_nlp.__file__).parent
#: What our topics depend on, beside the encoder.
_CODE = (
    *(f"analysis/topics/{name}.py" for name in (
        "clusters", "consensus", "count", "discover", "engine", "noise", "points", "shape", "stability",
        "text", "words",
    )),
    "analysis/topics/composed.csv", "language/topic_words.py", "language/collocations.py",
)  # fmt: skip


@dataclass
class Ledger:
    """The results: parts, each with its lines.

    :param file: where they lie; nowhere when None.
    :param encoder: id and revision; lines of another encoder are not kept.
    :param again: measure also what is known.
    """

    file: Path | None
    encoder: str
    again: bool = False

    def __post_init__(self) -> None:
        self.code = code()
        self.content = read(self.file)
        if self.content.get("encoder") != self.encoder:
            self.content = {"parts": {}}
        self.content |= {"encoder": self.encoder, "machine": machine()}

    def rows(self, part: str) -> list[Row]:
        """Return the lines of a part.

        :param part: its name.
        """
        return list(self.content["parts"].get(part, {}).get("rows", []))

    def measure(self, part: str, key: Row, ours: bool, call: Callable[[], Row]) -> Row:
        """Return a line: the known one, or one measured now and kept.

        :param part: its part.
        :param key: what tells it from the others of its part.
        :param ours: whether it depends on our code, and so is old when that changed.
        :param call: measures its figures; what goes wrong is kept as `error`, and tried again next time.
        """
        known = next((row for row in self.rows(part) if key.items() <= row.items()), None)
        if known and not self.again and "error" not in known and known.get("code", self.code) == self.code:
            return known
        started = time.perf_counter()
        try:
            figures = call()
        except Exception as problem:  # a method that fails is a result; the others go on
            figures = {"error": f"{type(problem).__name__}: {problem}"[:300]}
            traceback.print_exc()
        row = key | ({"code": self.code} if ours else {}) | figures
        row.setdefault("seconds", round(time.perf_counter() - started, 2))
        self._put(part, key, row)
        return row

    def note(self, part: str, **facts: Any) -> None:
        """Keep what a reader of a part should know.

        :param part: its name.
        :param facts: name → fact.
        """
        self.content["parts"].setdefault(part, {"rows": []}).update(facts)
        self._write(part)

    def _put(self, part: str, key: Row, row: Row) -> None:
        kept = [other for other in self.rows(part) if not key.items() <= other.items()]
        self.note(part, rows=[*kept, row])
        print(json.dumps({"part": part} | row, ensure_ascii=False), flush=True)

    def _write(self, part: str) -> None:
        """Write the results, whole or not at all; what another run wrote of other parts stays."""
        if self.file is None:
            return
        there = read(self.file)
        if there.get("encoder") == self.encoder:
            own = {part: self.content["parts"][part]}
            self.content["parts"] = there["parts"] | own
        self.file.parent.mkdir(parents=True, exist_ok=True)
        partial = self.file.with_suffix(f".{os.getpid()}.partial")
        partial.write_text(json.dumps(self.content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        partial.replace(self.file)


def read(file: Path | None) -> dict[str, Any]:
    """Return the results of earlier runs, or empty ones; those of the form before this one are not read.

    :param file: where they lie, or None.
    """
    found = json.loads(file.read_text(encoding="utf-8")) if file and file.is_file() else {}
    return found if "parts" in found else {"parts": {}}


def good(rows: list[Row], **wanted: Any) -> Iterator[Row]:
    """Yield the lines that were measured and have certain values.

    :param rows: lines.
    :param wanted: column → value.
    """
    return (row for row in rows if "error" not in row and wanted.items() <= row.items())


def code() -> str:
    """Return twelve hex digits that change when our topics may."""
    parts = b"".join((_PACKAGE / name).read_bytes() for name in _CODE)
    return sha256(parts).hexdigest()[:12]


def machine() -> dict[str, Any]:
    """Return what the seconds depend on."""
    libraries = {name: version(name) for name in _LIBRARIES}
    return {"cores": os.cpu_count(), "python": platform.python_version(), "libraries": libraries}
