"""A REFI-QDA file, opened with care: its XML, and the source files that lie beside it.

Nothing is ever extracted; entries are read one by one into memory, each below a limit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element
from zipfile import ZipFile, ZipInfo

from kotaku_nlp.errors import CodingError

MEGABYTE = 1_000_000
#: Largest entry that is read at all, and largest sum of the entries that may be read.
_ENTRY_MB, _TOTAL_MB = 200, 500
#: Text shrinks 3 to 20 times, recordings hardly at all; a bomb shrinks a thousand times.
_RATIO, _RATIO_MB = 200, 50
_ENTRIES = 20_000
_READABLE = (".qde", ".txt", ".docx")


@dataclass(frozen=True)
class Package:
    """What a REFI-QDA file holds, as bytes.

    :param name: name of the file, for messages.
    :param xml: the project or codebook itself.
    :param files: lower-case base name → content of the text files beside it.
    """

    name: str
    xml: bytes
    files: Mapping[str, bytes] = field(default_factory=dict)

    def root(self) -> Element:
        """Return the root of the XML, read without document types, entities or anything external.

        :raises CodingError: when the XML is damaged or declares a document type.
        """
        from defusedxml.common import DefusedXmlException
        from defusedxml.ElementTree import ParseError, fromstring

        try:
            return fromstring(self.xml, forbid_dtd=True)
        except DefusedXmlException as problem:
            raise CodingError("refi_unsafe_xml", self.name) from problem
        except (ParseError, ValueError, LookupError) as problem:
            raise CodingError("refi_damaged_xml", self.name, detail=str(problem)) from problem


def open_package(path: Path) -> Package:
    """Open a project (.qdpx, or its bare .qde) or a codebook (.qdc).

    :raises CodingError: when the file is missing, damaged, locked, oversized or unsafe.
    """
    _demand(path.is_file(), "refi_missing", path.name)
    with path.open("rb") as stream:
        head = stream.read(4)
    if not head.startswith(b"PK"):
        _demand(path.suffix.lower() != ".qdpx", "refi_not_zip", path.name)
        _demand(path.stat().st_size <= _ENTRY_MB * MEGABYTE, "refi_oversized", path.name, limit=_ENTRY_MB)
        return Package(path.name, path.read_bytes())
    try:
        with ZipFile(path) as archive:
            entries = _checked(archive, path.name)
            project = archive.read(_project_entry(entries, path.name))
            return Package(path.name, project, _texts(archive, entries))
    except CodingError:
        raise
    except Exception as problem:  # a damaged archive raises a dozen kinds of it
        detail = str(problem)[:200] or type(problem).__name__
        raise CodingError("refi_damaged_zip", path.name, detail=detail) from problem


def _checked(archive: ZipFile, where: str) -> dict[str, ZipInfo]:
    """Return the entries by their name, once all of them are known to be harmless."""
    entries: dict[str, ZipInfo] = {}
    for entry in archive.infolist():
        name = entry.filename.replace("\\", "/")
        climbs = name.startswith("/") or ".." in name.split("/") or ":" in name.split("/")[0]
        _demand(not climbs, "refi_climbing", where, entry=entry.filename[:100])
        _demand(not entry.flag_bits & 1, "refi_locked", where)
        _demand(name.lower() not in entries or entry.is_dir(), "refi_twice", where, entry=name[:100])
        entries[name.lower()] = entry
    packed = sum(entry.compress_size for entry in entries.values())
    unpacked = sum(entry.file_size for entry in entries.values())
    readable = [entry.file_size for name, entry in entries.items() if name.endswith(_READABLE)]
    _demand(len(entries) <= _ENTRIES, "refi_many_entries", where, limit=_ENTRIES)
    bomb = unpacked > _RATIO_MB * MEGABYTE and unpacked > _RATIO * max(packed, 1)
    _demand(not bomb, "refi_bomb", where, size=unpacked // MEGABYTE)
    largest = max(readable, default=0) <= _ENTRY_MB * MEGABYTE
    _demand(largest, "refi_oversized", where, limit=_ENTRY_MB)
    _demand(sum(readable) <= _TOTAL_MB * MEGABYTE, "refi_oversized", where, limit=_TOTAL_MB)
    return entries


def _project_entry(entries: Mapping[str, ZipInfo], where: str) -> ZipInfo:
    """Return the one project at the root: `project.qde`, or whatever name the program gave it."""
    found = [name for name in entries if name.endswith(".qde") and "/" not in name and name[0] != "."]
    if "project.qde" in found:
        return entries["project.qde"]
    _demand(bool(found), "refi_no_project", where)
    _demand(len(found) == 1, "refi_many_projects", where, found=", ".join(sorted(found)))
    return entries[found[0]]


def _texts(archive: ZipFile, entries: Mapping[str, ZipInfo]) -> dict[str, bytes]:
    """Read the text files of the folder `sources`, however it is spelt; recordings stay packed."""
    return {
        name.removeprefix("sources/"): archive.read(entry)
        for name, entry in entries.items()
        if name.startswith("sources/") and name.endswith(_READABLE[1:])
    }


def _demand(condition: bool, message: str, where: str, /, **params: Any) -> None:
    if not condition:
        raise CodingError(message, where, **params)
