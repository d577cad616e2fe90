"""Who speaks in a file: turns, their speakers, and the header block as metadata."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from kotaku_nlp.corpus.confirmations import Confirmation
from kotaku_nlp.corpus.drafts import Draft, drafts_of, names_of, spoken
from kotaku_nlp.corpus.election import elect
from kotaku_nlp.corpus.header import header_length, metadata_of
from kotaku_nlp.corpus.interviewers import interviewers, leaning, voice_of
from kotaku_nlp.corpus.labels import Mark, mark_of, settle
from kotaku_nlp.corpus.lexicon import key
from kotaku_nlp.corpus.lines import Line, lines_of
from kotaku_nlp.corpus.source import Source
from kotaku_nlp.corpus.tables import Cell, cells_of
from kotaku_nlp.corpus.unlabelled import by_question_marks, one_sided, paragraphs
from kotaku_nlp.records import SPOKEN_KINDS, Problem, Turn

_LONG_PREFACE = 40


@dataclass(frozen=True)
class Reading:
    """What was understood of a source.

    :param turns: the turns in order, 1-based; without labels their speaker is None.
    :param metadata: header fields, the format's own first.
    :param roles: label → what stood in parentheses behind it, e.g. "Ketua BKM".
    :param problems: what the researcher should look at; `where` is left to the caller.
    """

    turns: tuple[Turn, ...]
    metadata: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels in the order in which they first speak."""
        return tuple(dict.fromkeys(turn.speaker for turn in self.turns if turn.speaker is not None))


def find_turns(
    source: Source,
    confirmed: Mapping[str, Confirmation] | None = None,
    *,
    kind: str | None = None,
    informants: Collection[str] = (),
) -> Reading:
    """Find the turns of a file, and who asks and who answers in them.

    :param source: what a reader found.
    :param confirmed: what speakers.csv says, by label; confirmed rows win over inference.
    :param kind: "interview", "focus_group", "observation" or "document", when it is known:
        in the last two nobody speaks and every paragraph is one stretch.
    :param informants: labels that the informant table names: these never ask.
    :return: turns with offsets into `source.text`, `informant` still unset.
    """
    lines = lines_of(source)
    if kind is not None and kind not in SPOKEN_KINDS:
        return _of_prose(source, lines)
    rows = {key(label): row for label, row in (confirmed or {}).items() if row.confirmed}
    marks = settle([mark_of(line) for line in lines])
    cells = cells_of(source)
    header = _header(lines, marks, cells)
    labels = one_sided(lines[header:], _elected(source, marks[header:], lines[header:], cells, rows))
    drafts = drafts_of(lines[header:], labels, cells)
    if not drafts:
        return _without_labels(source, lines, header)
    body = list(spoken(source.text, drafts))
    first = next((index for index, line in enumerate(lines) if line.end > drafts[0].start - 1), 0)
    asks = _who_asks(source.text, body, rows, informants)
    names = names_of(body)
    return Reading(
        turns=tuple(_turn(number, draft, names, asks) for number, draft in enumerate(body, start=1)),
        metadata=metadata_of(_plain(lines[:first], cells)) | dict(source.metadata),
        roles=_roles(body, names),
        problems=tuple(_problems(lines[header:first], cells, names, asks)),
    )


def _of_prose(source: Source, lines: Sequence[Line]) -> Reading:
    drafts = paragraphs(lines)
    turns = tuple(
        Turn(number, None, draft.start, draft.end, time=draft.time)
        for number, draft in enumerate(drafts, start=1)
    )
    return Reading(turns, dict(source.metadata))


def _header(lines: Sequence[Line], marks: Sequence[Mark | None], cells: Mapping[int, Cell]) -> int:
    """Return how many lines are header; speech whose speaker the format names is never header."""
    length = header_length(lines, marks)
    given = (i for i, line in enumerate(lines) if line.block.speaker or line.block.start in cells)
    return min(length, next(given, length))


def _elected(
    source: Source,
    marks: Sequence[Mark | None],
    lines: Sequence[Line],
    cells: Mapping[int, Cell],
    rows: Mapping[str, Confirmation],
) -> list[Mark | None]:
    candidates = [
        None if line.block.speaker or line.block.start in cells or _bare_cell(line, mark) else mark
        for line, mark in zip(lines, marks, strict=True)
    ]
    refused = {name for name, row in rows.items() if row.nobody}
    return elect(candidates, source.text, set(rows) - refused, refused)


def _bare_cell(line: Line, mark: Mark | None) -> bool:
    """Tell whether a label is but a word in a cell: which cells are labels is settled by the table."""
    return line.block.kind == "cell" and mark is not None and mark.style in ("alone", "bold")


def _without_labels(source: Source, lines: Sequence[Line], header: int) -> Reading:
    """Read an interview without labels: by question marks when they convince, else as one informant."""
    drafts = list(spoken(source.text, paragraphs(lines[header:])))
    asks = by_question_marks(drafts, source.text)
    turns = tuple(
        Turn(number, None, draft.start, draft.end, bool(asks and asks[number - 1]), time=draft.time)
        for number, draft in enumerate(drafts, start=1)
    )
    notice = Problem("no_labels_questions" if asks else "no_labels_one_informant", "")
    metadata = metadata_of(lines[:header]) | dict(source.metadata)
    return Reading(turns, metadata, problems=(notice,) if turns else ())


def _who_asks(
    text: str, drafts: Sequence[Draft], rows: Mapping[str, Confirmation], informants: Collection[str]
) -> frozenset[str]:
    said: dict[str, list[str]] = defaultdict(list)
    for draft in drafts:
        said[draft.key or ""].append(text[draft.start : draft.end])
    labels = names_of(drafts)
    opener = drafts[0].key if drafts else None
    voices = [voice_of(labels[name], texts, name == opener) for name, texts in said.items()]
    named = [labels[name] for name in map(key, informants) if name in said]
    known = {label: False for label in named if leaning(label) < 3}
    for name, row in rows.items():
        if name in said and row.is_interviewer is not None:
            known[labels[name]] = row.is_interviewer
    return frozenset(key(label) for label in interviewers(voices, known)) & set(said) | {
        name for name in said if known.get(labels[name], False)
    }


def _turn(number: int, draft: Draft, names: Mapping[str, str], asks: Collection[str]) -> Turn:
    name = names[draft.key or ""]
    return Turn(number, name or None, draft.start, draft.end, draft.key in asks, time=draft.time)


def _roles(drafts: Sequence[Draft], names: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for draft in drafts:
        if draft.role and draft.key is not None:
            found.setdefault(names[draft.key], draft.role)
    return found


def _plain(lines: Sequence[Line], cells: Mapping[int, Cell]) -> list[Line]:
    return [line for line in lines if line.block.start not in cells]


def _problems(
    preface: Sequence[Line], cells: Mapping[int, Cell], names: Mapping[str, str], asks: Collection[str]
) -> list[Problem]:
    found = []
    words = sum(len(line.text.split()) for line in _plain(preface, cells))
    if words > _LONG_PREFACE:
        found.append(Problem("text_before_first_turn", "", params={"words": words}))
    if not asks and len(names) > 1:
        found.append(
            Problem("interviewer_unclear", "", params={"labels": ", ".join(filter(None, names.values()))})
        )
    return found
