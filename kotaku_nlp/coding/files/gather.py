"""Coding files of whatever tool, read and laid on the transcripts of a corpus.

One file that cannot be used is told, and the rest goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from kotaku_nlp.coding.codings import is_machine
from kotaku_nlp.coding.codings import read_coding as read_long_table
from kotaku_nlp.coding.files.readers import READERS, read_foreign
from kotaku_nlp.coding.files.readers.imported import Imported
from kotaku_nlp.coding.files.settle import settle
from kotaku_nlp.errors import CodingError, KotakuError
from kotaku_nlp.messages import say
from kotaku_nlp.records import Coding, Problem

_REFI = (".qdpx", ".qdc")
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Gathered:
    """The codings of several files.

    :param codings: one a file, in the order of the files.
    :param problems: what was kept, what was left out and why, file by file.
    """

    codings: tuple[Coding, ...]
    problems: tuple[Problem, ...] = ()


def gather(
    paths: Iterable[Path | str], texts: Mapping[str, str], names: Mapping[str, str] | None = None
) -> Gathered:
    """Read coding files and lay them on the transcripts.

    :param paths: files, QualCoder projects, and folders of them.
    :param texts: transcript → its canonical text.
    :param names: further names of transcripts, e.g. informant → transcript.
    """
    found: list[Coding] = []
    problems: list[Problem] = []
    for path in paths:
        for file in _files(Path(path)):
            try:
                imported = read_imported(file)
            except KotakuError as problem:
                where = problem.where or file.name
                problems.append(Problem(problem.key, where, "error", dict(problem.params)))
                continue
            own, told = _by_people(imported.coding, file.name)
            settled = settle(own, texts, imported.texts, names)
            problems += [*imported.problems, *told, *settled.problems]
            if len(settled.coding.rows):
                found.append(settled.coding)
    return Gathered(tuple(found), tuple(problems))


def homes(informants: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return informant → transcript, for informants who speak in one only: codings may name either.

    :param informants: pairs of informant and transcript.
    """
    found: dict[str, set[str]] = {}
    for informant, transcript in informants:
        found.setdefault(informant, set()).add(transcript)
    return {informant: next(iter(own)) for informant, own in found.items() if len(own) == 1}


def read_coding(path: Path | str, texts: Mapping[str, str] | None = None) -> Coding:
    """Read a manual coding from a file of any known kind, or from every such file of a folder.

    What is left out is written to the log; `gather` hands it on instead.

    :param path: a file, a QualCoder project, or a folder of them.
    :param texts: transcript → its canonical text, to lay the coding on. Without it the positions of
        another tool, which count in that tool's own text, are left empty and the quotes stand for them.
    :return: rows with at least the columns of every coding.
    :raises CodingError: when there is no such file, or nothing in it can be used.
    """
    import pandas as pd

    path = Path(path)
    if path.suffix.lower() == ".csv" and texts is None:
        try:
            return read_long_table(path)
        except CodingError as problem:
            if problem.key not in ("coding_no_column", "coding_no_place"):
                raise  # a long table of our own with a cell to mend
    files = list(_files(path))
    if not files:
        raise CodingError("importing_empty_folder", path.name, known=" ".join((*READERS, *_REFI)))
    read = [_placed(read_imported(file), texts) for file in files]
    rows = [one.rows for one in read]
    return read[0] if len(read) == 1 else Coding(path.name, pd.concat(rows, ignore_index=True))


def read_imported(path: Path) -> Imported:
    """Read one file of any kind, REFI-QDA projects among them, without laying it on anything.

    :raises CodingError: when it is missing, of no known kind, or holds no coding.
    :raises CorpusError: when it is damaged, locked, oversized or unsafe.
    """
    if not path.exists():
        raise CodingError("coding_missing", str(path))
    if path.suffix.lower() not in _REFI:
        return read_foreign(path)
    from kotaku_nlp.coding.files.refi import read_refi

    project = read_refi(path)
    own = project.transcripts()
    texts = dict(zip(own["transcript"], own["text"], strict=True))
    problems = () if project.report is None else project.report.problems
    return Imported(project.coding(), problems, texts)


def _by_people(coding: Coding, where: str) -> tuple[Coding, tuple[Problem, ...]]:
    """Return a coding without the machine's own rows, which an export of ours carries."""
    mine = coding.rows["coder"].map(lambda coder: is_machine(str(coder))).astype(bool)
    if not mine.any():
        return coding, ()
    told = Problem("importing_machine", where, "notice", {"n": int(mine.sum())})
    return Coding(coding.name, coding.rows[~mine].reset_index(drop=True)), (told,)


def _placed(imported: Imported, texts: Mapping[str, str] | None) -> Coding:
    coding, told = _by_people(imported.coding, imported.coding.name)
    problems = (*imported.problems, *told)
    if texts is not None:
        settled = settle(coding, texts, imported.texts)
        coding, problems = settled.coding, (*problems, *settled.problems)
    elif imported.texts:
        coding = Coding(coding.name, coding.rows.assign(start=None, end=None).astype(coding.rows.dtypes))
    for problem in problems:
        if problem.level == "error":
            _LOG.warning("%s: %s", problem.where, say(problem.key, "en", **problem.params))
    return coding


def _files(path: Path) -> Iterator[Path]:
    """Yield the coding files of a folder in the order of their names; a file is its own."""
    if not path.is_dir() or path.suffix.lower() == ".qda":
        yield path
        return
    for file in sorted(path.iterdir()):
        known = file.suffix.lower() in (*READERS, *_REFI)
        if known and not file.name.startswith((".", "~$")):
            yield file
