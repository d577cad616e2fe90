"""Question-and-answer tables: which cells are speech, who speaks them, which stand aside.

A column of questions beside a column of answers is known by its heads, a column of speakers by
its content: few short labels that recur and alternate.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kotaku_nlp.corpus.labels import Mark, known_labels, mark_of
from kotaku_nlp.corpus.lexicon import key, words
from kotaku_nlp.corpus.lines import Line, lines_of
from kotaku_nlp.corpus.source import Block, Source

_HEAD_ROWS = 3
_MAX_LABELS = 20
#: A table without known heads and with more columns is a list of something else.
_MOST_COLUMNS = 4


@dataclass(frozen=True)
class Cell:
    """What a table cell is: speech of `speaker`, or, with None, something aside (a code, a number)."""

    speaker: str | None
    role: str = ""


@dataclass(frozen=True)
class _Grid:
    """One table: (row, column) → its lines."""

    cells: Mapping[tuple[int, int], list[Line]]

    @property
    def rows(self) -> list[int]:
        return sorted({row for row, _ in self.cells})

    @property
    def columns(self) -> list[int]:
        return sorted({column for _, column in self.cells})

    def text(self, row: int, column: int) -> str:
        return " ".join(line.text for line in self.cells.get((row, column), []))

    def column(self, column: int, rows: Iterable[int]) -> list[str]:
        return [text for row in rows if (text := self.text(row, column))]


def cells_of(source: Source) -> dict[int, Cell]:
    """Return what the cells of speech tables are, keyed by where their block begins.

    Tables that hold no dialogue are left out: their cells are read like any line.

    :param source: what a reader found.
    """
    tables: dict[int, dict[tuple[int, int], list[Line]]] = defaultdict(lambda: defaultdict(list))
    for line in lines_of(source):
        block = line.block
        if block.kind == "cell" and block.speaker is None and block.table and block.row and block.column:
            tables[block.table][block.row, block.column].append(line)
    found: dict[int, Cell] = {}
    for cells in tables.values():
        grid = _Grid(cells)
        for place, cell in _read(grid).items():
            found.update((block.start, cell) for block in _blocks(grid, place))
    return found


def _blocks(grid: _Grid, place: tuple[int, int]) -> list[Block]:
    return [line.block for line in grid.cells.get(place, [])]


def _read(grid: _Grid) -> dict[tuple[int, int], Cell]:
    """Return (row, column) → cell, nothing when the table holds no dialogue."""
    head = _head_row(grid)
    body = [row for row in grid.rows if head is None or row > head]
    if head is not None and (voices := _voices_by_head(grid, head)):
        speech = {
            (row, column): Cell(*voice)
            for row in body for column, voice in voices.items() if grid.text(row, column)
        }  # fmt: skip
    else:
        speech = _by_speaker_column(grid, head, body)
    if not speech:
        return {}
    first = min(row for row, _ in speech)
    aside = {place: Cell(None) for place in grid.cells if place[0] >= first or place[0] == head}
    return aside | speech


def _head_row(grid: _Grid) -> int | None:
    for row in grid.rows[:_HEAD_ROWS]:
        heads = [grid.text(row, column) for column in grid.columns]
        known = sum(bool(_kind(head)) for head in heads if head)
        if known >= 2 and all(len(head.split()) <= 6 for head in heads):
            return row
    return None


def _kind(head: str) -> str:
    """Return what a column head announces: question, answer, speaker, speech, aside or nothing."""
    name = key(head)
    if not name:
        return ""
    if name in words("aside_heads"):
        return "aside"
    for kind in ("speaker", "speech", "question", "answer"):
        heads = words(f"{kind}_heads")
        begins = kind != "speaker" and any(len(word) > 3 and name.startswith(word) for word in heads)
        if name in heads or begins:
            return kind
    return ""


def _voices_by_head(grid: _Grid, head: int) -> dict[int, tuple[str, str]]:
    """Return column → (label, role) of a table with a column of questions and one or more of answers."""
    names = {column: grid.text(head, column) for column in grid.columns}
    asks = [column for column, name in names.items() if _begins(name, "question_heads")]
    answers = [column for column, name in names.items() if _begins(name, "answer_heads")]
    body = [row for row in grid.rows if row > head]
    answers = [column for column in answers if column not in asks and _mean_words(grid, column, body) >= 1]
    if not asks or not answers:
        return {}
    if len(answers) > 1:
        widest = max(_mean_words(grid, column, body) for column in answers)
        answers = [column for column in answers if _mean_words(grid, column, body) >= widest / 4]
    return {column: _label_of_head(names[column]) for column in [asks[0], *answers]}


def _begins(head: str, heads: str) -> bool:
    name = key(head)
    return any(name.startswith(word) for word in words(heads))


def _label_of_head(head: str) -> tuple[str, str]:
    match = re.fullmatch(r"\s*(?P<name>[^()]+?)\s*(?:\((?P<inside>[^()]+)\))?\s*", head)
    if match is None:
        return head, ""
    inside = (match["inside"] or "").strip()
    return (inside, "") if 0 < len(inside) <= 3 else (match["name"], inside)


def _mean_words(grid: _Grid, column: int, rows: Sequence[int]) -> float:
    texts = grid.column(column, rows)
    return sum(len(text.split()) for text in texts) / max(1, len(texts))


def _by_speaker_column(grid: _Grid, head: int | None, body: Sequence[int]) -> dict[tuple[int, int], Cell]:
    if head is None and len(grid.columns) > _MOST_COLUMNS:
        return {}
    speaker = next((column for column in grid.columns if _names_speakers(grid, column, head, body)), None)
    if speaker is None:
        return {}
    speech = _speech_column(grid, speaker, head, body)
    if speech is None:
        return {}
    found: dict[tuple[int, int], Cell] = {}
    cell: Cell | None = None
    known = _labels(grid, speaker, body)
    for row in body:
        mark = _label_in(grid.text(row, speaker))
        if mark is not None and (mark.key in known or cell is not None):
            cell = Cell(mark.label, mark.role)
        if cell is not None and grid.text(row, speech):
            found[row, speech] = cell
    return found


def _names_speakers(grid: _Grid, column: int, head: int | None, body: Sequence[int]) -> bool:
    """Tell whether a column holds labels: short, few, recurring, changing from row to row."""
    if head is not None and _kind(grid.text(head, column)) in ("aside", "speech", "question"):
        return False
    texts = grid.column(column, body)
    labels = [mark.key for text in texts if (mark := _label_in(text))]
    if len(labels) < 2 or len(labels) < 0.8 * len(texts):
        return False
    counts = Counter(labels)
    known = all(label.rstrip("0123456789") in known_labels() for label in counts)
    recurring = sum(count for count in counts.values() if count > 1)
    changes = sum(a != b for a, b in pairwise(labels))
    few = 2 <= len(counts) <= _MAX_LABELS and changes >= (0.1 if known else 0.3) * (len(labels) - 1)
    return few and (known or recurring >= 0.7 * len(labels)) and not set(counts) & words("fields")


def _labels(grid: _Grid, column: int, body: Sequence[int]) -> set[str]:
    return {mark.key for text in grid.column(column, body) if (mark := _label_in(text))}


def _label_in(text: str) -> Mark | None:
    """Return the label that is all a cell says: "P", "P :", "Informan 3 (Lurah)"."""
    plain = text.strip().rstrip(":： \u00a0").strip()
    whole = f"{plain}:"
    block = Block(0, len(whole), "cell", "")
    mark = mark_of(Line(whole, 0, len(whole), block, 0, True, False))
    return mark if mark and mark.style == "colon" and mark.said == len(whole) else None


def _speech_column(grid: _Grid, speaker: int, head: int | None, body: Sequence[int]) -> int | None:
    others = [column for column in grid.columns if column != speaker]
    if head is not None:
        named = [column for column in others if _kind(grid.text(head, column)) == "speech"]
        others = named or [column for column in others if _kind(grid.text(head, column)) != "aside"]
    lengths = {column: _mean_words(grid, column, body) for column in others}
    best = max(lengths, key=lambda column: lengths[column], default=None)
    return best if best is not None and lengths[best] >= 1 else None
