"""A project file → an ordinary corpus folder beside it, which is renewed and never overwritten."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from kotaku_nlp.coding.codebook import write_codebook
from kotaku_nlp.coding.codings import is_machine
from kotaku_nlp.corpus.informants import INFORMANTS_FILE
from kotaku_nlp.corpus.readers import read_source
from kotaku_nlp.corpus.sheets import guarded, unguarded, write_sheet
from kotaku_nlp.errors import CorpusError, FolderError, KotakuError
from kotaku_nlp.messages import say
from kotaku_nlp.projects.account import ACCOUNT_FILE, account
from kotaku_nlp.projects.names import file_stems
from kotaku_nlp.projects.people import People, people_of
from kotaku_nlp.projects.project import Project
from kotaku_nlp.projects.reading import read_project
from kotaku_nlp.projects.stamp import Stamp, read_stamp, stamp_of, write_stamp
from kotaku_nlp.records import Problem

#: Suffixes of files, and of QualCoder's folders, that are whole projects.
PROJECT_SUFFIXES = (".qdpx", ".qda", ".sqlite3", ".sqlite")
CODEBOOK_FILE = "codebook.yaml"
#: People's codings lie where every corpus has them; a machine's apart, so that nothing learns from them.
_PEOPLE, _MACHINES = "codings", "machine-codings"
_COLUMNS = ("transcript", "start", "end", "code", "coder", "quote", "date", "memo")
#: Problems that name a source which gave no transcript.
_SKIPPED = ("projects_source_skipped", "projects_text_missing", "projects_unreadable")
_NAMED = 5


@dataclass(frozen=True)
class Unpacked:
    """A corpus folder that was made of a project.

    :param counts: how many transcripts, informants, codings, coders and codes it holds.
    :param problems: everything kept and lost; "error" for what a person can mend.
    """

    folder: Path
    counts: Mapping[str, int]
    problems: tuple[Problem, ...] = ()

    def lines(self, lang: str = "id") -> list[str]:
        """Return what to print: where the corpus lies, and how its codebook is used."""
        told = [say("projects_done", lang, folder=self.folder, report=ACCOUNT_FILE, **self.counts)]
        if self.counts["codes"]:
            learn = " --learn" if (self.folder / _PEOPLE).is_dir() else ""
            codebook = self.folder / CODEBOOK_FILE
            told.append(
                say("projects_use_codebook", lang, folder=self.folder, codebook=codebook, learn=learn)
            )
        return told


def is_project(path: Path | str) -> bool:
    """Tell whether a path is that of a whole project, by its suffix; a corpus folder never is.

    :param path: a file or folder, there or not.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    return suffix in PROJECT_SUFFIXES and (suffix == ".qda" or not path.is_dir())


def project_folder(path: Path | str) -> Path:
    """Return where a project is unpacked: `<project>-korpus` beside it.

    :param path: the project.
    """
    path = _whole(path)
    return path.with_name(f"{path.stem}-korpus")


def _whole(path: Path | str) -> Path:
    """Return the project that a path means: the database in a QualCoder folder stands for the folder."""
    path = Path(path).resolve()
    return path.parent if path.name == "data.qda" and path.parent.suffix == ".qda" else path


def unpack_project(path: Path | str, folder: Path | str | None = None, lang: str = "id") -> Unpacked:
    """Write a project as an ordinary corpus folder.

    A folder that an earlier import of the same project made is renewed. Where somebody has worked on it
    since, it is used as it stands while the project is the same, and never overwritten.

    :param path: a `.qdpx` file, a QualCoder folder (`.qda`), or a Taguette database (`.sqlite3`).
    :param folder: the corpus folder; `<project>-korpus` beside the project when left out.
    :param lang: language of the report that is written into it.
    :return: the folder, and an account of everything kept and lost.
    :raises CodingError: when the project is missing, damaged, unsafe or something else.
    :raises CorpusError: when it holds no text.
    :raises FolderError: when the folder was not made from this project, or both have changed since.
    """
    path = _whole(path)
    folder = Path(folder) if folder else project_folder(path)
    before = _checked(folder, path)
    project = read_project(path)
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        unpacked = replace(_written(project, part, lang), folder=folder)
        stamp = stamp_of(path, part)
        changed = _changed(folder, before, stamp)
        if not changed:
            _moved(part, folder, before, stamp)
            return unpacked
    finally:
        shutil.rmtree(part, ignore_errors=True)
    if before is None or before.sha256 != stamp.sha256:
        raise FolderError("projects_changed_by_hand", str(folder), folder=folder, **_few(changed))
    told = Problem("projects_kept_as_changed", str(folder), "notice", _few(changed))
    return replace(unpacked, problems=(*unpacked.problems, told))


def _checked(folder: Path, path: Path) -> Stamp | None:
    """Return the stamp of the import that made a folder, None when there is no folder yet.

    :raises FolderError: when something else lies there.
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return None
    stamp = read_stamp(folder) if folder.is_dir() else None
    if stamp is None or stamp.project != path.name:
        raise FolderError("projects_folder_taken", str(folder), project=path.name)
    return stamp


def _changed(folder: Path, before: Stamp | None, stamp: Stamp) -> list[str]:
    """Return the files that somebody has changed, or put where ours belong."""
    if before is None:
        return []
    strange = (name for name in stamp.files if name not in before.files and (folder / name).exists())
    return [*before.changed(folder), *strange]


def _moved(part: Path, folder: Path, before: Stamp | None, stamp: Stamp) -> None:
    """Put the new files in the place of the old ones; whatever else lies in the folder stays."""
    for name in before.files if before else ():
        if name not in stamp.files:
            (folder / name).unlink(missing_ok=True)
    for name in stamp.files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (part / name).replace(folder / name)
    write_stamp(stamp, folder)


def _written(project: Project, folder: Path, lang: str) -> Unpacked:
    """Write every file of a corpus into an empty folder."""
    stems = file_stems(project.texts)
    files, problems = _write_texts(project, stems, folder / "transcripts")
    if not files:
        skipped = [str(p.params["name"]) for p in (*project.problems, *problems) if p.key in _SKIPPED]
        raise CorpusError("projects_no_text", project.file, **_few(skipped))
    people = people_of(project, files)
    if people.rows:
        write_sheet(folder / INFORMANTS_FILE, [guarded(head) for head in people.columns], people.rows)
    coders, lost = _write_codings(project, files, folder)
    if project.codebook is not None:
        write_codebook(project.codebook, folder / CODEBOOK_FILE)
    told = (*project.problems, *problems, *people.problems, *lost)
    tallies = tuple(replace(t, kept=people.cases) if t.what == "Case" else t for t in project.tallies)
    project = replace(project, problems=told, tallies=tallies)
    text = account(project, {name: file.name for name, file in files.items()}, people, coders, lang)
    (folder / ACCOUNT_FILE).write_text(text, encoding="utf-8")
    return Unpacked(folder, _counts(project, files, people, coders), project.problems)


def _write_texts(
    project: Project, stems: Mapping[str, str], folder: Path
) -> tuple[dict[str, Path], list[Problem]]:
    """Write the transcripts, and read each again: its text must come back the same, or it is left out."""
    folder.mkdir()
    files: dict[str, Path] = {}
    problems: list[Problem] = []
    for name, text in project.texts.items():
        file = folder / f"{stems[name]}.txt"
        # A text that begins with a byte-order mark of its own needs one that may be taken off.
        mark = "\ufeff" if text.startswith("\ufeff") else ""
        file.write_text(mark + text, encoding="utf-8", newline="")
        if _reads_back(file, text):
            files[name] = file
            if stems[name] != name:
                told = {"name": name, "file": file.name}
                problems.append(Problem("projects_renamed", project.file, "notice", told))
        else:
            file.unlink()
            problems.append(Problem("projects_unreadable", project.file, "error", {"name": name}))
    return files, problems


def _reads_back(file: Path, text: str) -> bool:
    try:
        return read_source(file).text == text
    except KotakuError:
        return False


def _write_codings(
    project: Project, files: Mapping[str, Path], folder: Path
) -> tuple[dict[str, int], list[Problem]]:
    """Write a long table for every coder.

    :return: file → rows, and what was left out.
    """
    rows: dict[str, list[tuple[str, ...]]] = {}
    lost = 0
    for row in project.coding.rows.to_dict("records"):
        if row["transcript"] in files:
            rows.setdefault(str(row["coder"]), []).append(_line(row, files[row["transcript"]].stem))
        else:
            lost += 1
    stems = file_stems(sorted(rows), "pengode")
    written: dict[str, int] = {}
    for coder, lines in sorted(rows.items()):
        name = f"{_MACHINES if is_machine(coder) else _PEOPLE}/{stems[coder]}.csv"
        (folder / name).parent.mkdir(exist_ok=True)
        write_sheet(folder / name, _COLUMNS, lines)
        written[name] = len(lines)
    problems = [Problem("projects_codings_lost", project.file, "error", {"n": lost})] if lost else []
    machines = [coder for coder in sorted(rows) if is_machine(coder)]
    if machines:
        told = {"coders": ", ".join(machines), "folder": _MACHINES}
        problems.append(Problem("projects_machine", project.file, "notice", told))
    return written, problems


def _line(row: Mapping[Any, Any], transcript: str) -> tuple[str, ...]:
    """Return a row of a long table; its quote is for the eye, and left out where a table would change it."""
    quote = str(row["quote"])
    kept = quote if unguarded(guarded(quote)) == quote else ""
    place = str(row["start"]), str(row["end"])
    return transcript, *place, str(row["code"]), str(row["coder"]), kept, str(row["date"]), str(row["memo"])


def _counts(
    project: Project, files: Mapping[str, Path], people: People, coders: Mapping[str, int]
) -> dict[str, int]:
    return {
        "transcripts": len(files),
        "informants": len({row[1] for row in people.rows if row[1]}),
        "codings": sum(coders.values()),
        "coders": len(coders),
        "codes": len(project.codebook.leaves) if project.codebook else 0,
    }


def _few(names: list[str]) -> dict[str, Any]:
    listed = ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")
    return {"n": len(names), "files": listed or "–"}
