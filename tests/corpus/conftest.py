"""Sources and corpus folders made by hand, so that these tests stand without a file format."""

import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from kotaku_nlp.corpus.source import Block, Source


def source_of(text: str, bold: Mapping[int, int] | None = None) -> Source:
    """Make the source of a plain text: one block a line. `bold` gives line number → bold characters."""
    blocks, start = [], 0
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            weight = (bold or {}).get(number, 0)
            blocks.append(Block(start, start + len(line), "paragraph", f"line {number}", bold=weight))
        start += len(line) + 1
    return Source(text, tuple(blocks))


def table_of(rows: list[list[str]]) -> Source:
    """Make the source of one table, cell by cell; empty cells leave no block."""
    parts, blocks, start = [], [], 0
    for row, cells in enumerate(rows, start=1):
        for column, cell in enumerate(cells, start=1):
            if not cell:
                continue
            place = f"table 1 row {row} column {column}"
            blocks.append(Block(start, start + len(cell), "cell", place, table=1, row=row, column=column))
            parts.append(cell)
            start += len(cell) + 1
    return Source("\n".join(parts), tuple(blocks))


@pytest.fixture(scope="session")
def make_source() -> Callable[..., Source]:
    return lambda text, bold=None: source_of(textwrap.dedent(text).strip("\n"), bold)


@pytest.fixture(scope="session")
def make_table() -> Callable[..., Source]:
    return table_of


@pytest.fixture
def make_corpus(tmp_path: Path) -> Callable[[Mapping[str, str]], Path]:
    def make(files: Mapping[str, str], name: str = "korpus") -> Path:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        for path, text in files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        return folder

    return make
