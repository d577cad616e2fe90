"""Which files of a corpus folder are transcripts, and of what kind their subfolder makes them."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kotaku_nlp.corpus.confirmations import SPEAKERS_FILE
from kotaku_nlp.corpus.informants import INFORMANTS_FILE, kind_of
from kotaku_nlp.errors import CorpusError, FolderError
from kotaku_nlp.records import SPOKEN_KINDS, Problem

CORPUS_FILE = "corpus.toml"
_HOLDERS = ("transcripts", "transkrip", "transcript")
_NEVER = frozenset({
    "thumbs.db", "desktop.ini", CORPUS_FILE, "kotaku.toml", INFORMANTS_FILE, SPEAKERS_FILE, "import.md",
})  # fmt: skip
_NEVER_STEMS = frozenset({"license", "licence", "lisensi", "bacasaya", "baca saya"})


@dataclass(frozen=True)
class Found:
    """One transcript file: `path` relative to the corpus folder, its stem, the kind its folder says."""

    name: str
    path: str
    file: Path
    kind: str = ""


@dataclass(frozen=True)
class Listing:
    """The files to read, sorted by name, and the names of all that were seen, read or not."""

    files: tuple[Found, ...]
    seen: frozenset[str]
    problems: tuple[Problem, ...] = field(default=())


def list_transcripts(folder: Path, suffixes: Collection[str]) -> Listing:
    """Find the transcripts of a corpus folder.

    They lie in `transcripts/`, or in the folder itself when there is none; subfolders
    `observation/` and `document/` (also `observasi/`, `dokumen/`) hold the other kinds.

    :param folder: the corpus folder.
    :param suffixes: file endings that can be read, lower case.
    :raises CorpusError: when there is no such folder, it is a file, or no file in it can be a transcript.
    """
    if folder.is_file():
        raise FolderError("corpus_is_a_file", folder.name, parent=str(folder.parent))
    if not folder.is_dir():
        raise FolderError("corpus_missing", str(folder))
    holder = next((part for part in _folders(folder) if part.name.casefold() in _HOLDERS), None)
    files = _files(folder, holder or folder, deep=holder is not None)
    found = sorted(files, key=lambda one: (one.name, one.path))
    good = [one for one in found if one.file.suffix.lower() in suffixes]
    problems = [_unsupported(one, suffixes) for one in found if one not in good]
    if holder is not None:
        problems += _beside(folder, holder, suffixes)
    if not found:
        raise CorpusError("corpus_empty", str(holder or folder), known=" ".join(sorted(suffixes)))
    single, twins = _apart(good)
    return Listing(tuple(single), frozenset(one.name for one in found), (*problems, *twins))


def _folders(folder: Path) -> list[Path]:
    return sorted(part for part in folder.iterdir() if part.is_dir() and not _ignored(part))


def _ignored(path: Path) -> bool:
    """Tell whether a file or folder is none of ours: hidden, a lock file, a note to the reader."""
    name = path.name.casefold()
    stem = path.stem.casefold()
    return (
        name.startswith((".", "~$", "__"))
        or name in _NEVER
        or stem in _NEVER_STEMS
        or stem.startswith("readme")
    )


def _files(root: Path, folder: Path, deep: bool, kind: str = "") -> Iterator[Found]:
    """Yield the files of a folder; without `deep` only the subfolders of the other kinds are entered."""
    for path in sorted(folder.iterdir()):
        if _ignored(path):
            continue
        if path.is_dir():
            inner = kind_of(path.name)
            if deep or (inner and inner not in SPOKEN_KINDS):
                yield from _files(root, path, True, inner or kind)
        elif path.is_file():
            stem = unicodedata.normalize("NFC", path.stem)
            yield Found(stem, path.relative_to(root).as_posix(), path, kind)


def _unsupported(one: Found, suffixes: Collection[str]) -> Problem:
    params = {"suffix": one.file.suffix or "–", "known": " ".join(sorted(suffixes))}
    return Problem("transcript_suffix", one.path, "error", params)


def _beside(folder: Path, holder: Path, suffixes: Collection[str]) -> list[Problem]:
    """Say which files beside `transcripts/` look like transcripts and are not read."""
    names = [
        path.name for path in sorted(folder.iterdir())
        if path.is_file() and not _ignored(path) and path.suffix.lower() in suffixes
    ]  # fmt: skip
    params = {"files": ", ".join(names), "folder": holder.name}
    return [Problem("transcripts_beside", folder.name, params=params)] if names else []


def _apart(files: Collection[Found]) -> tuple[list[Found], list[Problem]]:
    """Set files of one stem aside: each is named, none is read, since nobody can tell which is meant."""
    names: dict[str, list[Found]] = {}
    for one in files:
        names.setdefault(one.name, []).append(one)
    single = [group[0] for group in names.values() if len(group) == 1]
    problems = [
        Problem("transcript_twice", ", ".join(one.path for one in group), "error", {"transcript": name})
        for name, group in names.items() if len(group) > 1
    ]  # fmt: skip
    return single, problems
