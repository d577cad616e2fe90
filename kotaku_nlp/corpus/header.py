"""The header block of a transcript: fields before the dialogue are metadata, not turns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kotaku_nlp.corpus.labels import Mark
from kotaku_nlp.corpus.lexicon import key, words
from kotaku_nlp.corpus.lines import Line

#: "Nama (inisial) : SR", "Hari/Tanggal: Senin, 3 Juni 2024", "(Language: id | …)".
_FIELD = re.compile(r"\W{0,4}(?P<name>[^\W\d_][^:：\n]{0,59}?)\s*[:：](?![/\\])\s*(?P<value>.*)$")
_NAME_WORD = re.compile(r"[(\[]?(?:[^\W\d_a-z][\w.'’\-]*|\d+|dan|&|,)[)\],.]*")
_MAX_HEADER = 40


def header_length(lines: Sequence[Line], marks: Sequence[Mark | None]) -> int:
    """Return how many leading lines are header fields by what they are called.

    :param lines: all lines of the file.
    :param marks: the candidate label of each.
    """
    last = 0
    for index in range(min(len(lines), _MAX_HEADER)):
        if is_field(lines[index]) or (last == index and _names_person(lines, marks, index)):
            last = index + 1
        elif index - last >= 3 or _speaks(lines[index], marks[index]):
            break
    return last


def is_field(line: Line) -> bool:
    """Tell whether a line is a header field, by its name: "Jabatan : Ketua RT"."""
    match = _FIELD.match(line.text)
    if match is None:
        return line.block.kind == "cell" and key(line.text) in words("fields")
    name = key(match["name"])
    plain = key(re.sub(r"\(.*?\)", "", match["name"]))
    return bool({name, plain} & words("fields")) and not {name, plain} & words("person_fields")


def _names_person(lines: Sequence[Line], marks: Sequence[Mark | None], index: int) -> bool:
    """Tell whether "Pewawancara: Rina Putri" stands among fields and names, rather than speaks."""
    mark = marks[index]
    if mark is None or mark.key not in words("person_fields"):
        return False
    value = lines[index].text[mark.said :].split()
    if not value or len(value) > 6 or not all(_NAME_WORD.fullmatch(word) for word in value):
        return False
    once = sum(other is not None and other.key == mark.key for other in marks) == 1
    if once or index + 1 >= len(lines) or lines[index + 1].gap or is_field(lines[index + 1]):
        return True
    return _names_person(lines, marks, index + 1)


def _speaks(line: Line, mark: Mark | None) -> bool:
    said = line.text[mark.said :] if mark else line.text
    return "?" in said or len(said.split()) > 12


def metadata_of(lines: Sequence[Line]) -> dict[str, str]:
    """Return the fields of the lines before the first turn; the first plain line is the title.

    :param lines: the lines before the dialogue; cells of one row are read as name and value.
    """
    found: dict[str, str] = {}
    for name, value in _pairs(lines):
        found.setdefault(name, value)
    return found


def _pairs(lines: Sequence[Line]) -> Iterator[tuple[str, str]]:
    skip = False
    for line, after in zip(lines, (*lines[1:], None), strict=False):
        if skip:
            skip = False
            continue
        match = _FIELD.match(line.text)
        if match and match["value"]:
            yield _clean(match["name"]), _balanced(match["value"].strip())
        elif after is not None and _same_row(line, after):
            skip = True
            yield _clean(line.text), after.text.lstrip(":： ")
        elif match is None:
            yield "title", _clean(line.text)


def _same_row(line: Line, after: Line) -> bool:
    one, two = line.block, after.block
    return one.table is not None and (one.table, one.row) == (two.table, two.row)


def _balanced(value: str) -> str:
    """Return a value without the bracket that closes one before its name: "(Language: id)"."""
    return value.removesuffix(")").rstrip() if value.count(")") > value.count("(") else value


def _clean(name: str) -> str:
    return re.sub(r"\s+", " ", name).strip(" :：*_#-([")
