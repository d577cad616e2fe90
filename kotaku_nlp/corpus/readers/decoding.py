"""Bytes to text: the few encodings in which transcripts come, told apart by rule, not by luck."""

from __future__ import annotations

import codecs
from pathlib import Path

from kotaku_nlp.corpus.readers.building import clean
from kotaku_nlp.errors import CorpusError

#: Longest mark first: the UTF-32 mark begins with the UTF-16 one.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 65536
#: In UTF-16 of Latin script nearly every second byte is NUL, and hardly any of the others.
_NUL_OFTEN, _NUL_SELDOM = 0.4, 0.05
#: Control characters that occur in honest text: tab, line ends, form feed, vertical tab, NUL padding.
_ALLOWED_CONTROLS = frozenset("\t\n\r\f\v\x00")
_CONTROLS = frozenset(map(chr, range(32))) - _ALLOWED_CONTROLS
#: Above this share of control characters a file is no text.
_CONTROL_SHARE = 0.02


def read_text(path: Path) -> str:
    """Return the canonical text of a plain file: decoded, mark removed, LF line ends.

    :raises CorpusError: when the bytes are no text in any encoding that we know.
    """
    return clean(decode(path.read_bytes(), path.name))


def decode(data: bytes, where: str) -> str:
    """Decode UTF-8, UTF-16 (with or without mark), UTF-32 with mark, or else Windows-1252.

    :param where: file name, for the error.
    :raises CorpusError: when none of them fits, or what comes out is no text.
    """
    mark, encoding = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", ""))
    for name in (encoding,) if encoding else _guesses(data):
        try:
            text = data[len(mark) :].decode(name)
        except UnicodeDecodeError:
            continue
        if _readable(text):
            return text
    raise CorpusError("reading_undecodable", where)


def _guesses(data: bytes) -> tuple[str, ...]:
    sample = data[:_SAMPLE]
    even, odd = sample[0::2], sample[1::2]
    in_even, in_odd = (part.count(0) / max(len(part), 1) for part in (even, odd))
    if in_odd >= _NUL_OFTEN and in_even <= _NUL_SELDOM:
        return ("utf-16-le",)
    if in_even >= _NUL_OFTEN and in_odd <= _NUL_SELDOM:
        return ("utf-16-be",)
    return ("utf-8", "cp1252")


def _readable(text: str) -> bool:
    # A half-written file may end in NUL; one made of NUL and control characters is no text.
    odd = sum(char in _CONTROLS for char in text) + text.rstrip("\x00").count("\x00")
    return odd <= _CONTROL_SHARE * len(text)
