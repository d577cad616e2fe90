"""PDF, the last resort: one block a line, because a page knows no paragraphs."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from kotaku_nlp.corpus.readers.building import Builder, Piece, clean
from kotaku_nlp.corpus.readers.guarding import damage
from kotaku_nlp.corpus.source import Source
from kotaku_nlp.errors import CorpusError

if TYPE_CHECKING:
    from pypdf import PdfReader


def read_pdf(path: Path) -> Source:
    """Read the text layer of a PDF, page by page.

    :raises CorpusError: when it is damaged, locked, or holds pictures of pages only.
    """
    from pypdf import PdfReader

    builder = Builder()
    content = BytesIO(path.read_bytes())
    with damage(path):
        reader = PdfReader(content)
        # Many files are locked against printing only and open with an empty password.
        if reader.is_encrypted and not _opens(reader):
            raise CorpusError("reading_locked", path.name)
        for page_number, page in enumerate(reader.pages, start=1):
            for number, line in enumerate(clean(page.extract_text()).split("\n"), start=1):
                builder.paragraph([Piece(line)], f"page {page_number} line {number}")
    source = builder.source()
    if not source.blocks:
        raise CorpusError("reading_scanned", path.name)
    return source


def _opens(reader: PdfReader) -> bool:
    from pypdf.errors import DependencyError

    try:
        return bool(reader.decrypt(""))
    except DependencyError:  # a cipher that needs a further library
        return False
