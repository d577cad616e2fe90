"""A project → a `.qdpx` file, checked by reading it back before it takes its place."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Collection, Iterator
from io import BytesIO
from pathlib import Path
from typing import Literal
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from kotaku_nlp import __version__
from kotaku_nlp.coding.files.refi.markup import project_xml, text_name
from kotaku_nlp.coding.files.refi.normal import identities, normal
from kotaku_nlp.coding.files.refi.project import RefiProject
from kotaku_nlp.coding.files.refi.read import read_refi
from kotaku_nlp.errors import CodingError, KotakuError
from kotaku_nlp.records import Problem

ORIGIN = f"kotaku-nlp {__version__}"
#: The oldest date a ZIP can hold: the same project gives the same bytes whenever it is written.
_DATE = (1980, 1, 1, 0, 0, 0)
#: MAXQDA cuts longer names of codes.
_LONGEST_NAME = 63


def write_refi(
    path: Path | str,
    project: RefiProject,
    newline: Literal["\n", "\r\n"] = "\n",
    accept: Collection[str] = (),
) -> tuple[Problem, ...]:
    """Write a project that NVivo, MAXQDA, ATLAS.ti and QualCoder can open, and verify it.

    :param path: the `.qdpx` file; an existing one is replaced at once or not at all.
    :param project: one read by `read_refi` or made by `from_tables`.
    :param newline: line end of the texts; MAXQDA and NVivo for Windows may want CR LF.
    :param accept: names of sources whose doubtful selections the caller takes upon trust.
    :return: what was not written, and what some program may show otherwise.
    :raises CodingError: when the file cannot be written, or does not read back the same; then no file
        is left behind.
    """
    path = Path(path)
    ready = normal(project, accept)
    data = _packed(ready, newline)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".qdpx", dir=path.parent)
    except OSError as problem:
        raise CodingError(
            "refi_cannot_write", str(path), detail=problem.strerror or str(problem)
        ) from problem
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        _verify(draft, ready, path.name)
        draft.chmod(0o644)
        draft.replace(path)
    except OSError as problem:
        raise CodingError(
            "refi_cannot_write", str(path), detail=problem.strerror or str(problem)
        ) from problem
    finally:
        draft.unlink(missing_ok=True)
    return tuple(_notices(project, ready, path.name, accept))


def _packed(project: RefiProject, newline: str) -> bytes:
    """Return the archive: the project first, then its texts by name.

    Half a surrogate pair, which no file can hold, is replaced, and so found out when the file is verified.
    """
    texts = {
        f"sources/{text_name(source)}": source.text.replace("\n", newline).encode("utf-8", "replace")
        for source in project.sources
        if source.text
    }
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, data in [("project.qde", project_xml(project, newline, ORIGIN)), *sorted(texts.items())]:
            entry = ZipInfo(name, _DATE)
            entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(entry, data)
    return buffer.getvalue()


def _verify(draft: Path, written: RefiProject, where: str) -> None:
    """Read a draft back: the same codings on the same texts, each preview in its place, valid XML.

    :raises CodingError: naming the first thing that is not so.
    """
    try:
        found = read_refi(draft)
    except KotakuError as problem:
        raise CodingError("refi_not_verified", where, detail=problem.render()) from problem
    report = found.report
    if report is None or report.violations:
        detail = report.violations[0].message if report else "-"
        raise CodingError("refi_not_verified", where, detail=detail)
    texts = {source.name: source.text for source in written.sources if source.text}
    if texts != {source.name: source.text for source in found.sources}:
        raise CodingError("refi_not_verified", where, detail="text")
    lost = identities(written) ^ identities(found)
    if lost:
        raise CodingError("refi_not_verified", where, detail=str(min(lost))[:200])
    loose = [s.preview for source in found.sources for s in source.selections if s.state != "checked"]
    if loose:
        raise CodingError("refi_not_verified", where, detail=loose[0])


def _notices(
    project: RefiProject, ready: RefiProject, where: str, accept: Collection[str]
) -> Iterator[Problem]:
    fates = Counter(row.fate for row in project.rows(accept))
    left = sum(n for fate, n in fates.items() if fate not in ("kept", "twice", "case"))
    if left:
        yield Problem("refi_not_written", where, "error", {"n": left})
    for source in project.sources:
        if not source.text:
            yield Problem("refi_source_not_written", f"{where}, {source.name}")
    wide = [source.name for source in ready.sources if any(ord(char) > 0xFFFF for char in source.text)]
    if wide:
        yield Problem("refi_wide", where, "notice", {"n": len(wide), "names": ", ".join(wide[:5])})
    names = Counter(code.name for code in ready.codes)
    twins = sorted(name for name, n in names.items() if n > 1)
    if twins:
        told = {"n": len(twins), "names": ", ".join(twins[:5])}
        yield Problem("refi_twin_names_written", where, "notice", told)
    long = sorted(name for name in names if len(name) > _LONGEST_NAME)
    if long:
        yield Problem("refi_long_names", where, "notice", {"n": len(long), "limit": _LONGEST_NAME})
