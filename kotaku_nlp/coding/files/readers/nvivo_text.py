r"""NVivo's coded text, exported as text or Word: headings with sources, references and their words.

    <Files\Wawancara\lurah> - § 2 references coded  [ 6.78% Coverage]
    Reference 1 - 5.80% Coverage

The export names neither coder nor position; the words are located in the transcript later.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kotaku_nlp.coding.files.readers.imported import STEP, Imported, Ledger, own_stems
from kotaku_nlp.corpus.readers import SUFFIXES, read_source
from kotaku_nlp.errors import CodingError

#: The words differ by the language of NVivo; the signs do not.
_SOURCE = re.compile(r"^\s*<(?P<source>[^<>]*\\[^<>]*)>\s*[-–]\s*§\s*(?P<count>\d+)\b.*$")
_REFERENCE = re.compile(r"^\s*[^\W\d_]+\s+\d+\s*[-–]\s*\d+(?:[.,]\d+)?\s*%.*$")
_CODE_PATH = re.compile(r"^\s*(?:Nodes|Codes|Knoten|Kode|Simpul)\\\\?(?P<code>\S.*?)\s*$")
_CODE_NAME = re.compile(r"^\s*(?:Name|Nama|Nom|Nombre)\s*:\s*(?P<code>\S.*?)\s*$")
_TOOL = "NVivo"


@dataclass
class Section:
    """One source under one code: how many references were promised, and their lines."""

    code: str
    source: str
    count: int
    line: int
    references: list[list[str]] = field(default_factory=list)


def is_nvivo_text(text: str) -> bool:
    """Tell whether a text is NVivo's coded text: it has at least one heading of a source."""
    return any(_SOURCE.match(line) for line in text.split("\n"))


def read_nvivo_text(path: Path) -> Imported:
    """Read a coded text export of NVivo.

    The code is named by a line "Nodes" with a path or "Name: …" above its sources, else by the file.

    :param path: a .txt or .docx file (any other text format of a transcript does too).
    :raises CodingError: when no line is the heading of a source.
    :raises CorpusError: when the file is damaged, locked, oversized or unsafe.
    """
    text = read_source(path).text
    if not is_nvivo_text(text):
        raise CodingError("readers_no_nvivo", path.name)
    ledger = Ledger(path.name)
    sections = list(_sections(text.split("\n"), path.stem))
    stems = own_stems((section.source for section in sections), SUFFIXES)
    for section in sections:
        _keep(section, stems[section.source], ledger)
    return ledger.close(path.stem)


def _sections(lines: list[str], code: str) -> Iterator[Section]:
    section: Section | None = None
    for number, line in enumerate(lines, start=1):
        named = _code_of(line, lines[number:])
        head = _SOURCE.match(line)
        if (named or head) and section is not None:
            yield section
            section = None
        if named:
            code = named
        elif head:
            section = Section(code, head["source"], int(head["count"]), number)
        elif section is not None and _REFERENCE.match(line):
            section.references.append([])
        elif section is not None and section.references:
            section.references[-1].append(line)
    if section is not None:
        yield section


def _code_of(line: str, rest: list[str]) -> str:
    """Return the code that a line names; it must stand right above a source, as no one's words do."""
    following = next((other for other in rest if other.strip()), "")
    match = _CODE_PATH.match(line) or _CODE_NAME.match(line)
    return match["code"] if match and _SOURCE.match(following) else ""


def _keep(section: Section, transcript: str, ledger: Ledger) -> None:
    place = f"line {section.line}"
    quotes = ["\n".join(lines).strip() for lines in section.references]
    path = STEP.join(step for step in section.code.split("\\") if step)
    for number, quote in enumerate(quotes, start=1):
        where = f"{place}, reference {number}"
        if quote:
            ledger.keep(where, transcript=transcript, quote=quote, code_path=path, coder=_TOOL)
        else:
            ledger.leave("readers_no_words", where, count=1, code=path)
    if len(quotes) != section.count:
        missing = max(0, section.count - len(quotes))
        ledger.leave("readers_nvivo_count", place, count=missing, there=len(quotes), said=section.count)
