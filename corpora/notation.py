"""Coded passages in the hand of a coder: a plain notation that is quick to write and to read again.

    = lorong-dua ; com ; jambi ; Kelurahan Sungai Rumbai, Kota Muara Lintang ; KOTAKU
    ? The interviewer's question
    - The informant's turn, on one line.
    c a.tb e.mtr d.tru | first words .. last words      dimensions, most central first, and their evidence
    a co- com>gov | first words .. last words           aspect, polarity (+ - 0), view (r reported, w wished)
    i com imp ex | first words .. last words            who took part: in, ex(cluded), ct (contractual)
    p imp                                               phase of the passage

`=` opens an interview (`-` for single passages) and holds until the next one; `@ label` names the speaker
in a focus group. A span is the exact words, or the first and the last of them around ` .. `, or `*` for the
whole passage. In a file of readings a passage opens with `# id` instead of `-`.

    python corpora/notation.py FILE…        checks files, names every line that cannot be read
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from kotaku_nlp.coding.codebook import load_codebook

GROUPS = {
    "gov": "government",
    "com": "community",
    "pri": "private_sector",
    "fac": "facilitator",
    "anm": "academia_ngo_media",
}
REGISTERS = ("formal", "semi", "colloquial", "jambi", "palembang", "javanese", "sundanese", "mixed")
ASPECTS = {"co": "coordination", "cm": "communication", "cp": "cooperation"}
POLARITIES = {"+": "positive", "-": "negative", "0": "neutral"}
VIEWS = {"": "own", "r": "reported", "w": "wished"}
PHASES = {
    "pre": "preparation",
    "pla": "planning",
    "imp": "implementation",
    "sus": "sustainability",
    "unc": "unclear",
}
STATUSES = {"in": "involved", "ex": "excluded", "ct": "contractual"}
#: The sign of a dimension is its framework's letter and the start of its name, or what stands here.
FRAMEWORKS = {"a": "ansell_gash_2008", "e": "emerson_2012", "d": "deseve_2007", "r": "ratner_2012"}
SIGNS = {
    "a": "sc fl id ff tb cp su io",
    "e": "sys dle din dit dun dis def del det mtr mun leg shc pro lea kno res act imp ada",
    "d": "net pur tru gov aut acc inf acr",
    "r": "lis dia cho",
}
MAX_CODES = 2

Record = dict[str, Any]


class NotationError(ValueError):
    """A line that cannot be read; says which and why."""


@cache
def dimensions() -> Mapping[str, tuple[str, str]]:
    """Return sign → (codebook, dimension), in the order of the shipped codebooks."""
    found: dict[str, tuple[str, str]] = {}
    for letter, book in FRAMEWORKS.items():
        leaves = [leaf.id for leaf in load_codebook(book).leaves]
        found |= {
            f"{letter}.{sign}": (book, leaf) for sign, leaf in zip(SIGNS[letter].split(), leaves, strict=True)
        }
    return found


def locate(text: str, span: str) -> tuple[int, int]:
    """Return the half-open code points of a span.

    :param text: the passage.
    :param span: exact words, `first .. last`, or `*`.
    :raises NotationError: if the words do not stand in the passage.
    """
    span = span.strip()
    if span in ("*", ""):
        return 0, len(text)
    low = text.lower() if len(text.lower()) == len(text) else text
    first, _, last = (part.strip().strip('"“”').lower() for part in span.partition(" .. "))
    start = low.find(first)
    if start < 0:
        raise NotationError(f"not in the passage: {first!r}")
    if not last:
        return start, start + len(first)
    end = low.find(last, start)
    if end < 0:
        raise NotationError(f"not after {first!r}: {last!r}")
    return start, end + len(last)


@dataclass
class Reader:
    """Reads the lines of one file into records, one a passage."""

    author: str
    texts: Mapping[str, str] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    heading: tuple[str, ...] | None = None
    question: str | None = None
    speaker: str | None = None
    turn: int = 0

    def line(self, number: int, line: str) -> None:
        """Read one line; what cannot be read is kept as a problem.

        :param number: 1-based line number.
        :param line: the line.
        """
        mark, _, rest = line.strip().partition(" ")
        if not mark:
            return
        try:
            action = getattr(self, f"_{MARKS[mark]}") if mark in MARKS else None
            if action is None:
                raise NotationError(f"a line begins with one of {' '.join(MARKS)}")
            if mark in "caip" and not self.records:
                raise NotationError("a label before any passage")
            action(rest.strip())
        except NotationError as error:
            self.problems.append(f"{self.author}, line {number}: {error}")

    def _heading(self, rest: str) -> None:
        parts = tuple(part.strip() for part in rest.split(";"))
        if len(parts) != 5 or parts[1] not in GROUPS or parts[2] not in REGISTERS:
            raise NotationError("= interview or - ; group ; register ; place ; programme")
        if self.heading is None or parts[0] != self.heading[0] or parts[0] == "-":
            self.turn, self.speaker = 0, None
        self.heading, self.question = parts, None

    def _question(self, rest: str) -> None:
        self.question = rest
        self.turn += 1

    def _speaker(self, rest: str) -> None:
        self.speaker = rest

    def _passage(self, rest: str) -> None:
        if self.heading is None:
            raise NotationError("a passage before any heading")
        interview, group, register, place, programme = self.heading
        self.turn += 1
        whole = interview != "-"
        self.records.append(
            {
                "id": f"{self.author}-{len(self.records) + 1:03d}",
                "author": self.author,
                "interview": f"{self.author}-{interview}" if whole else None,
                "turn": self.turn if whole else None,
                "speaker": self.speaker if whole else None,
                "question": self.question,
                "group": GROUPS[group],
                "register": register,
                "place": None if place == "-" else place,
                "programme": None if programme == "-" else programme,
                "text": rest,
            }
            | nothing_coded()
        )
        self.question = None

    def _reading(self, rest: str) -> None:
        name = rest.split()[0] if rest else ""
        if name not in self.texts:
            raise NotationError(f"no such passage: {name}")
        self.records.append({"id": name, "text": self.texts[name]} | nothing_coded())

    def _codes(self, rest: str) -> None:
        signs, _, span = rest.partition("|")
        start, end = self._span(span)
        for sign in signs.split():
            if sign not in dimensions():
                raise NotationError(f"no such dimension: {sign}")
            book, dimension = dimensions()[sign]
            given = self.records[-1]["codes"].setdefault(book, [])
            if len(given) == MAX_CODES:
                raise NotationError(f"more than {MAX_CODES} dimensions of {book}")
            given.append({"dimension": dimension, "start": start, "end": end})

    def _clause(self, rest: str) -> None:
        label, _, span = rest.partition("|")
        match = re.fullmatch(r"(co|cm|cp)\s*([+\-0])\s*([rw]?)(?:\s+(\w+|-)\s*>\s*(\w+|-))?", label.strip())
        if match is None:
            raise NotationError(f"aspect, polarity, view, holder>target, as in `co-w com>gov`: {label}")
        aspect, polarity, view, holder, target = match.groups()
        start, end = self._span(span)
        self.records[-1]["clauses"].append(
            {
                "start": start,
                "end": end,
                "aspect": ASPECTS[aspect],
                "polarity": POLARITIES[polarity],
                "view": VIEWS[view],
                "holder": _group(holder),
                "target": _group(target),
            }
        )

    def _involvement(self, rest: str) -> None:
        label, _, span = rest.partition("|")
        words = label.split()
        if len(words) != 3 or words[0] not in GROUPS or words[1] not in PHASES or words[2] not in STATUSES:
            raise NotationError(f"group, phase and status, as in `com imp ex`: {label}")
        start, end = self._span(span)
        self.records[-1]["involvement"].append(
            {
                "actor_group": GROUPS[words[0]],
                "phase": PHASES[words[1]],
                "status": STATUSES[words[2]],
                "start": start,
                "end": end,
            }
        )

    def _phase(self, rest: str) -> None:
        if rest not in PHASES:
            raise NotationError(f"no such phase: {rest}")
        self.records[-1]["phase"] = PHASES[rest]

    def _span(self, span: str) -> tuple[int, int]:
        return locate(self.records[-1]["text"], span)


MARKS = {
    "=": "heading",
    "?": "question",
    "@": "speaker",
    "-": "passage",
    "#": "reading",
    "c": "codes",
    "a": "clause",
    "i": "involvement",
    "p": "phase",
}


def nothing_coded() -> Record:
    """Return the labels of a passage that was read and left uncoded."""
    return {"phase": None, "codes": {}, "clauses": [], "involvement": []}


def _group(sign: str | None) -> str | None:
    if sign in (None, "-"):
        return None
    if sign not in GROUPS:
        raise NotationError(f"no such group: {sign}")
    return GROUPS[sign]


def read_notation(path: Path, texts: Mapping[str, str] | None = None) -> tuple[list[Record], list[str]]:
    """Return the records of a file, and what could not be read.

    :param path: a file of written passages (its stem is the author) or of readings.
    :param texts: passage id → text, for readings.
    """
    reader = Reader(path.stem, texts or {})
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        reader.line(number, line)
    return reader.records, reader.problems


def main(paths: Iterable[str]) -> int:
    """Check files and say what is wrong with them.

    :param paths: files of written passages.
    """
    wrong = 0
    for path in paths:
        records, problems = read_notation(Path(path))
        print("\n".join(problems) or f"{path}: {len(records)} passages, all lines read")
        wrong += len(problems)
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
