"""Plain text, Markdown and rich text: one block a line, the whole file as canonical text."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from kotaku_nlp.corpus.readers.building import blank, line_blocks
from kotaku_nlp.corpus.readers.decoding import read_text
from kotaku_nlp.corpus.readers.guarding import damage
from kotaku_nlp.corpus.source import Block, Source
from kotaku_nlp.errors import CorpusError

_FENCE = "---"
#: Front matter longer than this is a document between two rules.
_FRONT_LINES = 100
_FIELD = re.compile(r"(?P<key>[^\W\d_][\w .()/-]{0,40}?)\s*:(?:\s+(?P<value>.*)|\s*)$")
_BOLD = re.compile(r"(\*\*|__)(?=\S).+?\1")


def read_plain(path: Path) -> Source:
    """Read a text file; every line that shows anything is a block.

    :raises CorpusError: when it cannot be decoded.
    """
    text = read_text(path)
    return Source(text, line_blocks(text))


def read_markdown(path: Path) -> Source:
    """Read Markdown as text; front matter between `---` lines becomes metadata, not blocks.

    :raises CorpusError: when it cannot be decoded.
    """
    text = read_text(path)
    metadata, length = front_matter(text)
    blocks = (block for block in line_blocks(text) if block.start >= length)
    return Source(text, tuple(_with_bold(block, text) for block in blocks), metadata)


def read_rich(path: Path) -> Source:
    """Read a .rtf file; cells of a table row stand on one line, as the library gives them.

    :raises CorpusError: when it is no rich text or damaged.
    """
    from striprtf.striprtf import rtf_to_text

    raw = read_text(path)
    if not raw.lstrip().startswith("{\\rtf"):
        raise CorpusError("reading_damaged", path.name, detail="{\\rtf …")
    with damage(path):
        text = rtf_to_text(raw, encoding="cp1252", errors="replace")
    text = re.sub(r"\r\n?", "\n", text)
    return Source(text, line_blocks(text))


def front_matter(text: str) -> tuple[dict[str, str], int]:
    """Return the fields at the head of a Markdown file and the length of that head.

    Read line by line and not as YAML: titles with a colon, tabs and unclosed
    quotes are common in real files and must cost nobody a transcript.

    :return: key → value (list items joined by "; "), and 0 when there is no front matter.
    """
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        return {}, 0
    close = next(
        (n for n, line in enumerate(lines[1:_FRONT_LINES], 1) if line.rstrip() in (_FENCE, "...")), 0
    )
    fields = _fields(lines[1:close])
    if not fields:
        return {}, 0
    return fields, sum(len(line) + 1 for line in lines[: close + 1])


def _fields(lines: list[str]) -> dict[str, str]:
    """Return key → value, or nothing when the lines are talk and not fields."""
    fields: dict[str, list[str]] = {}
    values: list[str] | None = None
    for line in lines:
        found = None if line[:1].isspace() else _FIELD.match(line)
        if found:
            if found["key"] in fields:  # a key twice: two turns of one speaker
                return {}
            values = fields.setdefault(found["key"], [])
            values.append(found["value"] or "")
        elif values is None:
            return {}
        else:
            values.append(line.strip().removeprefix("- "))
    return {
        key: "; ".join(_unquoted(part) for part in parts if not blank(part)) for key, parts in fields.items()
    }


def _unquoted(value: str) -> str:
    value = value.strip()
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value


def _with_bold(block: Block, text: str) -> Block:
    found = _BOLD.match(text, block.start, block.end)
    return replace(block, bold=found.end() - block.start) if found else block
