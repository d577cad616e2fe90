"""The text of a source: from the archive, from the XML, or from a Word document; never from elsewhere."""

from __future__ import annotations

import codecs
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree.ElementTree import Element

from kotaku_nlp.coding.files.refi.archive import Package
from kotaku_nlp.coding.files.refi.elements import child
from kotaku_nlp.corpus.readers.word import read_word
from kotaku_nlp.errors import CorpusError

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def raw_text(holder: Element, package: Package) -> tuple[str, str]:
    """Return the text of a source as it is stored, and the key of what is doubtful about it.

    :param holder: the element that names the text.
    :param package: the files beside the XML.
    :return: text with its byte-order mark and line ends, and a message key or nothing.
    """
    plain = holder.get("plainTextPath") or ""
    if _base(plain) in package.files:
        return _decoded(package.files[_base(plain)])
    content = child(holder, "PlainTextContent")
    if content is not None:
        return content.text or "", ""
    rich = holder.get("richTextPath") or ""
    if _base(rich).endswith(".docx") and _base(rich) in package.files:
        return _from_word(package.files[_base(rich)])
    elsewhere = (plain or rich).lower().startswith(("relative:", "absolute:"))
    return "", "refi_text_elsewhere" if elsewhere else "refi_text_missing"


def _base(path: str) -> str:
    """Return the file's own name: some programs leave the scheme `internal://` out."""
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2].lower()


def _decoded(data: bytes) -> tuple[str, str]:
    """Decode UTF-8, as the standard demands, or what programs write instead of it."""
    try:
        if data.startswith(_UTF16):
            return data.decode("utf-16"), "refi_text_not_utf8"
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), "refi_text_not_utf8"


def _from_word(data: bytes) -> tuple[str, str]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "source.docx"
        path.write_bytes(data)
        try:
            return read_word(path).text, "refi_text_from_word"
        except CorpusError:
            return "", "refi_text_missing"
