"""Finished coding from other tools' files: one reader a format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from kotaku_nlp.coding.files.readers.imported import Imported
from kotaku_nlp.coding.files.readers.nvivo_text import read_nvivo_text
from kotaku_nlp.coding.files.readers.qualcoder import read_qualcoder
from kotaku_nlp.coding.files.readers.spreadsheet import read_spreadsheet
from kotaku_nlp.coding.files.readers.taguette import read_taguette
from kotaku_nlp.coding.files.readers.word import has_comments, read_word_comments
from kotaku_nlp.errors import CodingError


def read_document(path: Path) -> Imported:
    """Read a Word document: its comments, or, without any, NVivo's coded text.

    :raises CodingError: when it is neither.
    :raises CorpusError: when the file is damaged, locked, oversized or unsafe.
    """
    if not path.is_file():
        raise CodingError("coding_missing", str(path))
    if has_comments(path):
        return read_word_comments(path)
    try:
        return read_nvivo_text(path)
    except CodingError as problem:
        raise CodingError("readers_word_nothing", path.name) from problem


#: Every suffix of a file of another tool, and by which function it is read.
READERS: Mapping[str, Callable[[Path], Imported]] = {
    ".qda": read_qualcoder,
    ".sqlite3": read_taguette,
    ".sqlite": read_taguette,
    ".docx": read_document,
    ".txt": read_nvivo_text,
    ".xlsx": read_spreadsheet,
    ".csv": read_spreadsheet,
    ".tsv": read_spreadsheet,
}


def read_foreign(path: Path | str) -> Imported:
    """Read the finished coding of another tool.

    :param path: the file, or the folder of a QualCoder project.
    :return: the coding, and an account of everything kept and left out.
    :raises CodingError: when the suffix is unknown, or the file holds no coding.
    :raises CorpusError: when the file is damaged, locked, oversized or unsafe.
    """
    path = Path(path)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise CodingError("readers_suffix", path.name, suffix=path.suffix or "–", known=" ".join(READERS))
    return reader(path)
