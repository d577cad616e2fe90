"""Manual codings: read from a long table, and laid over passages.

A long table has `transcript, code, coder` and either `start, end`, or `quote`, or `turn`. A row
whose code is empty says that the place was read and left uncoded.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kotaku_nlp.corpus.sheets import unguarded
from kotaku_nlp.errors import CodingError
from kotaku_nlp.records import Coding

if TYPE_CHECKING:
    import pandas as pd

#: How the machine signs as a coder; exports put the version behind it.
MACHINE = "kotaku-nlp"
COLUMNS = ("transcript", "turn", "start", "end", "quote", "code", "coder")
#: Columns that a table may have beside them: when a code was given, and what was noted.
MORE = ("date", "memo")
#: What the columns are called in tables that people make; compared in lower case.
_SYNONYMS = {
    "transcript": (
        "transcript",
        "transkrip",
        "berkas",
        "file",
        "document",
        "dokumen",
        "interview",
        "wawancara",
    ),
    "turn": ("turn", "giliran", "no turn", "nomor turn", "giliran bicara"),
    "start": ("start", "awal", "mulai", "dari", "from"),
    "end": ("end", "akhir", "sampai", "selesai", "to"),
    "quote": ("quote", "kutipan", "quotation", "segment", "segmen", "teks", "text"),
    "code": ("code", "kode", "dimensi", "dimension", "label"),
    "coder": ("coder", "pengode", "pengkode", "koder", "peneliti", "user"),
    "date": ("date", "tanggal"),
    "memo": ("memo",),
}


def read_coding(path: Path | str) -> Coding:
    """Read a manual coding from a long CSV table, or from every such table of a folder.

    :param path: a CSV file (comma, semicolon or tab; UTF-8 or cp1252), or a folder of them.
    :return: rows with the columns `COLUMNS`, then `MORE`; turn, start and end may be null.
    :raises CodingError: when the file is missing, lacks a column, or a row cannot be used; the message
        names the row.
    """
    import pandas as pd

    path = Path(path)
    if path.is_dir():
        files = sorted(path.glob("*.csv"))
        _demand(bool(files), "coding_empty_folder", path.name)
        frames = [read_coding(file).rows for file in files]
        return Coding(path.name, pd.concat(frames, ignore_index=True))
    _demand(path.is_file(), "coding_missing", str(path))
    _demand(path.suffix.lower() == ".csv", "coding_unsupported", path.name, suffix=path.suffix)
    head, *lines = _table(path)
    places = _places(head, path.name)
    rows = [_row(line, places, path, number) for number, line in enumerate(lines, start=2) if any(line)]
    frame = pd.DataFrame(rows, columns=[*COLUMNS, *MORE])
    whole = {name: "Int64" for name in ("turn", "start", "end")}
    return Coding(path.stem, frame.astype(whole))


def is_machine(coder: str) -> bool:
    """Tell whether a coder's name is the machine's own, with or without a version.

    :param coder: a name as it stands in a coding.
    """
    return bool(re.match(r"kotaku[-_ ]nlp\b", coder.strip(), re.IGNORECASE))


def as_examples(coding: Coding, passages: pd.DataFrame) -> pd.DataFrame:
    """Lay a coding over passages: the examples that `align` learns from.

    A passage carries a code when a coded span covers at least one of its non-space characters, when
    its turn was coded, or when it holds the quote. Every other passage of a coded interview counts as
    read and uncoded.

    :param coding: a manual coding.
    :param passages: the table "passages".
    :return: DataFrame text, code, interview.
    """
    import pandas as pd

    rows = []
    coded = {name: part.to_dict("records") for name, part in coding.rows.groupby("transcript")}
    for passage in passages.to_dict("records"):
        marks = coded.get(passage["transcript"])
        if marks is None:
            continue
        codes = {str(mark["code"]) for mark in marks if mark["code"] and covers(mark, passage)}
        rows += [(passage["text"], code, passage["transcript"]) for code in sorted(codes) or [""]]
    return pd.DataFrame(rows, columns=["text", "code", "interview"])


def covers(mark: Mapping[Any, Any], passage: Mapping[Any, Any]) -> bool:
    """Tell whether a coded place touches a passage of the same transcript.

    :param mark: a row of a coding, as a mapping.
    :param passage: a row of the table "passages".
    """
    import pandas as pd

    if not pd.isna(mark["start"]) and not pd.isna(mark["end"]):
        first = max(int(mark["start"]), passage["start"]) - passage["start"]
        last = min(int(mark["end"]), passage["end"]) - passage["start"]
        return first < last and bool(passage["text"][first:last].strip())
    if not pd.isna(mark["turn"]):
        return int(mark["turn"]) == passage["turn"]
    quote = _squeezed(mark["quote"])
    return bool(quote) and (quote in _squeezed(passage["text"]) or _squeezed(passage["text"]) in quote)


def _squeezed(text: str) -> str:
    return " ".join(str(text).split()).casefold()


def _table(path: Path) -> list[list[str]]:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    _demand(bool(text.strip()), "coding_empty", path.name)
    first = text.splitlines()[0]
    delimiter = max(",;\t", key=first.count)
    lines = csv.reader(io.StringIO(text), delimiter=delimiter)
    return [[unguarded(cell).strip() for cell in line] for line in lines]


def _places(head: Iterable[str], where: str) -> dict[str, int]:
    """Return which column stands where; demand those without which a row means nothing."""
    cells = [cell.strip().lower().replace("_", " ") for cell in head]
    places = {
        name: cells.index(word)
        for name, words in _SYNONYMS.items()
        for word in reversed(words)
        if word in cells
    }
    for name in ("transcript", "code"):
        _demand(name in places, "coding_no_column", where, column=name, found=", ".join(cells))
    located = "turn" in places or "quote" in places or {"start", "end"} <= places.keys()
    _demand(located, "coding_no_place", where, found=", ".join(cells))
    return places


def _row(line: list[str], places: Mapping[str, int], path: Path, number: int) -> dict[str, Any]:
    where = f"{path.name}, row {number}"
    cells = {name: line[column] if column < len(line) else "" for name, column in places.items()}
    row: dict[str, Any] = {
        name: cells.get(name, "") for name in ("transcript", "quote", "code", "coder", *MORE)
    }
    _demand(bool(row["transcript"]), "coding_row_no_transcript", where)
    row["coder"] = row["coder"] or path.stem
    for name in ("turn", "start", "end"):
        value = cells.get(name, "")
        _demand(not value or value.isdecimal(), "coding_row_no_number", where, column=name, value=value)
        row[name] = int(value) if value else None
    placed = row["turn"] is not None or row["quote"] or None not in (row["start"], row["end"])
    _demand(bool(placed), "coding_row_no_place", where)
    return row


def _demand(condition: bool, message: str, where: str, /, **params: Any) -> None:
    if not condition:
        raise CodingError(message, where, **params)
