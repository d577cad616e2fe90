"""What a reader hands on: a coding, what it counts in, and an account of everything kept and left out."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath, PureWindowsPath
from typing import Any

from kotaku_nlp.coding.codings import COLUMNS
from kotaku_nlp.records import Coding, Problem

#: Columns of an imported coding: those of every coding, then where the code stands in its tree, when the
#: passage was coded, what was noted beside it, and the place in the file, for the person who has to look.
IMPORTED = (*COLUMNS, "code_path", "date", "memo", "place")
#: How code paths are written, whatever the tool wrote.
STEP = " > "


@dataclass(frozen=True)
class Imported:
    """A finished coding from another tool's file.

    :param coding: rows with the columns `IMPORTED`; `start` and `end` count in `texts`, or are null.
    :param problems: what was kept, what was left out and why, with its place.
    :param texts: transcript → the canonical text that the file itself holds, where it holds one.
    :param left: reason (a wording key) → how many codings were left out for it.
    """

    coding: Coding
    problems: tuple[Problem, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    left: Mapping[str, int] = field(default_factory=dict)


class Ledger:
    """Collects rows and reasons while a file is read, so that nothing leaves without a word.

    :param file: the file's name, for every place that is named.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.texts: dict[str, str] = {}
        self._rows: list[dict[str, Any]] = []
        self._problems: list[Problem] = []
        self._left: Counter[str] = Counter()

    def keep(self, place: str, **cells: Any) -> None:
        """Keep one coding; columns that are not given stay empty.

        :param place: where it stands in the file, e.g. "row 12".
        """
        empty = dict.fromkeys(IMPORTED, "") | {"turn": None, "start": None, "end": None}
        self._rows.append(empty | cells | {"place": self.at(place)})

    def leave(self, key: str, place: str, *, count: int, **params: Any) -> None:
        """Leave something out that the researcher can mend.

        :param key: why, and the cure.
        :param count: codings that are lost by it.
        """
        self._left[key] += count
        self._problems.append(Problem(key, self.at(place), "error", {"count": count, **params}))

    def skip(self, key: str, place: str, *, count: int, **params: Any) -> None:
        """Leave out, all at once, what was never meant for us; nothing is said of none."""
        if count:
            self._left[key] += count
            self._problems.append(Problem(key, self.at(place), "notice", {"count": count, **params}))

    def tell(self, key: str, place: str = "", **params: Any) -> None:
        """Tell something that cost no coding."""
        self._problems.append(Problem(key, self.at(place), "notice", params))

    def at(self, place: str) -> str:
        """Return a place with the file's name in front."""
        return f"{self.file}, {place}" if place else self.file

    def close(self, name: str) -> Imported:
        """Return everything, the count of what was kept in front.

        :param name: name of the coding.
        """
        rows = self._named(self._rows)
        coded = [row for row in rows if row["code"]]
        counts = {
            "kept": len(coded),
            "uncoded": len(rows) - len(coded),
            "left": sum(self._left.values()),
            "transcripts": len({row["transcript"] for row in rows}),
            "codes": len({row["code"] for row in coded}),
            "coders": len({row["coder"] for row in rows}),
        }
        problems = (Problem("readers_counts", self.file, "notice", counts), *self._problems)
        return Imported(frame(name, rows), problems, self.texts, dict(self._left))

    def _named(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the rows with codes called by their own name, or by their path where two share a name."""
        paths = {row["code_path"] or row["code"] for row in rows if row["code_path"] or row["code"]}
        twins = Counter(path.rsplit(STEP, 1)[-1] for path in paths)
        named = []
        for row in rows:
            path = row["code_path"] or row["code"]
            leaf = path.rsplit(STEP, 1)[-1]
            named.append(row | {"code_path": path, "code": leaf if twins[leaf] == 1 else path})
        doubled = sorted(name for name, times in twins.items() if times > 1)
        if doubled:
            self.tell("readers_code_twins", codes=", ".join(doubled))
        return named


def frame(name: str, rows: Iterable[Mapping[str, Any]]) -> Coding:
    """Return a coding with exactly the columns `IMPORTED`."""
    import pandas as pd

    table = pd.DataFrame(list(rows), columns=list(IMPORTED))
    return Coding(name, table.astype({column: "Int64" for column in ("turn", "start", "end")}))


def stem_of(name: str, known: Iterable[str]) -> str:
    """Return the name under which a transcript is known: its file's name without folders and suffix.

    :param name: what another tool calls the document, with or without folders and suffix.
    :param known: suffixes of transcripts; any other ending belongs to the name.
    """
    last = PurePath(PureWindowsPath(name.strip()).as_posix()).name
    suffix = PurePath(last).suffix
    plain = last[: -len(suffix)] if suffix and suffix.lower() in (*known, ".doc") else last
    return unicodedata.normalize("NFC", plain.strip())


def own_stems(names: Iterable[str], known: Iterable[str]) -> dict[str, str]:
    """Return document name → transcript name; documents that would share one keep their whole name."""
    listed = list(dict.fromkeys(names))
    stems = {name: stem_of(name, known) for name in listed}
    times = Counter(stems.values())
    return {name: stem if times[stem] == 1 else name for name, stem in stems.items()}
