"""What every reader must keep, whatever its format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kotaku_nlp.corpus.readers import read_source
from kotaku_nlp.corpus.source import Source

Reader = Callable[[Path], tuple[Source, list[str]]]


@pytest.fixture(scope="session")
def read() -> Reader:
    """Read a file, check what holds for every source, and return it with the texts of its blocks."""

    def reading(path: Path) -> tuple[Source, list[str]]:
        source = read_source(path)
        text = source.text
        assert "\r" not in text
        text.encode("utf-8")
        end = -1
        for block in source.blocks:
            assert end < block.start < block.end <= len(text)
            assert end == -1 or "\n" in text[end : block.start]
            assert text[block.start : block.end].strip()
            assert not text[block.start : block.end].endswith("\n")
            assert block.said is None or block.start <= block.said < block.end
            assert 0 <= block.bold <= block.end - block.start
            end = block.end
        return source, [text[block.start : block.end] for block in source.blocks]

    return reading
