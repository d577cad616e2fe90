"""Names that other tools allow → names that every file system and every table takes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from kotaku_nlp.coding.files.readers.imported import stem_of
from kotaku_nlp.corpus.readers import SUFFIXES

_UNSAFE = re.compile(r'[<>:"/\\|?*]+')
#: A spreadsheet takes a name that begins so for a formula, a file system for a hidden file.
_EDGES = " .=+-@%'~_"
#: What Windows keeps for devices, and what a corpus folder takes for no transcript.
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?|readme.*|licen[sc]e|lisensi|baca ?saya", re.I)
#: Longest stem, in bytes: file systems take 255 with everything that is put behind.
_LONGEST = 160


def file_stems(names: Iterable[str], other: str = "sumber") -> dict[str, str]:
    """Return a safe and unique file stem by name.

    >>> file_stems(["Pak Lurah: 1/2.docx", "pak lurah- 1-2", "???"])
    {'Pak Lurah: 1/2.docx': 'Pak Lurah- 1-2', 'pak lurah- 1-2': 'pak lurah- 1-2 (2)', '???': 'sumber'}

    :param names: e.g. of sources or coders, each once.
    :param other: what a name is called of which nothing is left.
    """
    used: set[str] = set()
    stems: dict[str, str] = {}
    for name in names:
        stem = _safe(name, other)
        free, number = stem, 1
        while free.casefold() in used:
            number += 1
            free = f"{stem} ({number})"
        used.add(free.casefold())
        stems[name] = free
    return stems


def _safe(name: str, other: str) -> str:
    shown = "".join(char for char in unicodedata.normalize("NFC", name) if _shows(char))
    stem = " ".join(_UNSAFE.sub("-", shown).split()).strip(_EDGES)
    while (shorter := stem_of(stem, SUFFIXES).strip(_EDGES)) != stem:
        stem = shorter
    stem = stem.encode("utf-8")[:_LONGEST].decode("utf-8", errors="ignore").strip(_EDGES)
    if not stem:
        return other
    return f"{other} {stem}" if _RESERVED.fullmatch(stem) else stem


def _shows(char: str) -> bool:
    """Tell whether a character may stand in a name: no control, no invisible mark, no half pair."""
    return not unicodedata.category(char).startswith("C") or char == "\t"
