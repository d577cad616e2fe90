"""One reader a format family: from a file to its canonical text and blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from kotaku_nlp.corpus.readers.guarding import LARGEST_MB, MEGABYTE
from kotaku_nlp.corpus.readers.objects import read_json
from kotaku_nlp.corpus.readers.open_document import read_open_document
from kotaku_nlp.corpus.readers.pdf import read_pdf
from kotaku_nlp.corpus.readers.plain import read_markdown, read_plain, read_rich
from kotaku_nlp.corpus.readers.subtitles import read_subtitles
from kotaku_nlp.corpus.readers.tables import read_csv, read_workbook
from kotaku_nlp.corpus.readers.web import read_web
from kotaku_nlp.corpus.readers.word import read_word
from kotaku_nlp.corpus.source import Source
from kotaku_nlp.errors import CorpusError

#: Every suffix that can be read, and by which function.
SUFFIXES: Mapping[str, Callable[[Path], Source]] = {
    ".docx": read_word,
    ".txt": read_plain,
    ".md": read_markdown,
    ".vtt": read_subtitles,
    ".srt": read_subtitles,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".xlsx": read_workbook,
    ".json": read_json,
    ".pdf": read_pdf,
    ".odt": read_open_document,
    ".rtf": read_rich,
    ".html": read_web,
    ".htm": read_web,
}


def read_source(path: Path) -> Source:
    """Read one transcript file of any known format.

    :param path: the file; its suffix, in either case, says how it is read.
    :return: a source with at least one block.
    :raises CorpusError: when the file is missing, closed to us, empty, oversized, of a
        suffix that cannot be read, damaged, locked, undecodable, or holds no text; the
        error names the file and the cure.
    """
    reader = SUFFIXES.get(path.suffix.lower())
    if reader is None:
        raise CorpusError("reading_suffix", path.name, suffix=path.suffix or "–", known=" ".join(SUFFIXES))
    try:
        _check_size(path)
        source = reader(path)
    except OSError as problem:
        raise CorpusError("reading_closed", path.name, detail=problem.strerror or str(problem)) from problem
    if not source.blocks:
        raise CorpusError("reading_no_text", path.name)
    return source


def _check_size(path: Path) -> None:
    if not path.is_file():
        raise CorpusError("reading_missing", path.name)
    size = path.stat().st_size
    if size == 0:
        raise CorpusError("reading_empty", path.name)
    if size > LARGEST_MB * MEGABYTE:
        raise CorpusError("reading_oversized", path.name, size=size // MEGABYTE, limit=LARGEST_MB)
