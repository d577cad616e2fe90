"""Refuse what is dangerous or damaged before a library opens it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from kotaku_nlp.errors import CorpusError, KotakuError

MEGABYTE = 1_000_000
#: Largest file that is opened at all, and largest unpacked size of a document.
LARGEST_MB = 500
#: An ordinary document shrinks 5 to 20 times; a bomb shrinks a thousand times.
_RATIO, _RATIO_MB = 200, 50
_ENTRIES = 20_000
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_XML_NAME = re.compile(r"\.(xml|rels|vml)$", re.IGNORECASE)


@contextmanager
def damage(path: Path) -> Iterator[None]:
    """Turn whatever a library raises over a damaged file into an error that names it.

    The libraries raise two dozen kinds, from KeyError to zlib.error; none of them
    means anything to a reader, so all of them become one.

    :raises CorpusError: naming the file and the cure.
    """
    try:
        yield
    except KotakuError:
        raise
    except Exception as problem:
        detail = " ".join(str(problem).split())[:200] or type(problem).__name__
        raise CorpusError("reading_damaged", path.name, detail=detail) from problem


def check_package(path: Path) -> None:
    """Check a zipped document (.docx, .xlsx, .odt): a sound zip, not locked, not absurdly large, plain XML.

    :raises CorpusError: naming which of these it is not.
    """
    with path.open("rb") as stream:
        head = stream.read(len(_OLE2))
        if head == _OLE2:
            locked = _ENCRYPTED_STREAM in head + stream.read()
            raise CorpusError("reading_locked" if locked else "reading_old_office", path.name)
    try:
        with ZipFile(path) as package:
            _check_entries(package, path)
            with damage(path):
                _check_xml(package, path)
    except BadZipFile as problem:
        raise CorpusError("reading_damaged", path.name, detail=str(problem)) from problem


def _check_entries(package: ZipFile, path: Path) -> None:
    entries = package.infolist()
    if any(entry.flag_bits & 1 for entry in entries):
        raise CorpusError("reading_locked", path.name)
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    absurd = unpacked > _RATIO_MB * MEGABYTE and unpacked > _RATIO * max(packed, 1)
    if absurd or unpacked > LARGEST_MB * MEGABYTE or len(entries) > _ENTRIES:
        raise CorpusError("reading_oversized", path.name, size=unpacked // MEGABYTE, limit=LARGEST_MB)


def _check_xml(package: ZipFile, path: Path) -> None:
    """Refuse document type declarations: office files have none, attacks on XML readers do."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    for name in package.namelist():
        if not _XML_NAME.search(name):
            continue
        with package.open(name) as stream:
            try:
                # A declaration can only stand before the root, so the first element ends the search.
                next(iter(iterparse(stream, events=("start",), forbid_dtd=True)), None)
            except DefusedXmlException as problem:
                raise CorpusError("reading_unsafe", path.name, part=name) from problem
