"""Files without any speaker label: prose, question and answer by their marks, or one person talking."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from kotaku_nlp.corpus.drafts import Draft
from kotaku_nlp.corpus.interviewers import asking
from kotaku_nlp.corpus.labels import Mark
from kotaku_nlp.corpus.lines import Line
from kotaku_nlp.corpus.source import Source

_TALK = re.compile(
    r"\b(?:saya|aku|gitu|nggak|enggak|gak|ya|iya|sih|kan|lah|pak|bu|mbak|mas|dek|dak|kito|awak|i|you|yeah)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
_FULL_STOP = re.compile(r"[.?!…]['\"”’)]*$")
_CUE_WORDS = 30


def paragraphs(lines: Sequence[Line]) -> list[Draft]:
    """Return one stretch a paragraph, nobody speaking; cues are joined to whole sentences.

    :param lines: the lines of the file.
    """
    drafts: list[Draft] = []
    for line in lines:
        if drafts and _belongs(line, drafts[-1]):
            drafts[-1].end, drafts[-1].last = line.end, line
        else:
            drafts.append(Draft(None, None, line.start, line.end, line, time=line.block.time))
    return drafts


def _belongs(line: Line, draft: Draft) -> bool:
    if not line.first:
        return True
    if line.block.kind != "cue":
        # A paragraph whose lines were broken by hand: it goes on in lower case, no stop before it.
        open_ended = not line.gap and not _FULL_STOP.search(draft.last.text)
        return (
            open_ended and line.text[0].islower() and line.block.kind == draft.last.block.kind == "paragraph"
        )
    said = draft.last.text
    words = sum(1 for _ in _WORD.finditer(said))
    long = draft.end - draft.start > 6 * _CUE_WORDS or words > _CUE_WORDS
    return not (long and _FULL_STOP.search(said)) and draft.end - draft.start < 4000


def by_question_marks(drafts: Sequence[Draft], text: str) -> list[bool] | None:
    """Return for every paragraph whether it asks, or None when that does not convince.

    It convinces when three or more paragraphs ask (a question mark at the end, or the whole
    paragraph bold), most of them are answered at once, and answers are longer.

    :param drafts: paragraphs.
    :param text: the canonical text.
    """
    asks = [_asks(draft, text[draft.start : draft.end]) for draft in drafts]
    count = sum(asks)
    answered = sum(a and not b for a, b in pairwise(asks))
    if count < 3 or not 0.2 <= count / len(asks) <= 0.6 or answered < 0.7 * count:
        return None
    lengths = [draft.end - draft.start for draft in drafts]
    questions = sum(length for length, ask in zip(lengths, asks, strict=True) if ask) / count
    answers = sum(length for length, ask in zip(lengths, asks, strict=True) if not ask) / (len(asks) - count)
    return asks if answers > questions else None


def _asks(draft: Draft, said: str) -> bool:
    bold = draft.last.first and draft.last.bold >= 0.9 * len(said)
    return bold or (said.rstrip('"”’) ').endswith(("?", "？")) and asking(said) > 0)


def reads_as_prose(text: str) -> bool:
    """Tell whether a text without labels is a document rather than talk: hardly a word of speech.

    :param text: the canonical text.
    """
    words = len(_WORD.findall(text))
    return words >= 40 and len(_TALK.findall(text)) / words < 0.008


def is_data_table(source: Source) -> bool:
    """Tell whether a file is nothing but a table of several columns, such as a list of informants.

    :param source: a source in which no speaker was found.
    """
    columns = {block.column for block in source.blocks}
    return len(columns) > 2 and all(block.kind == "cell" for block in source.blocks)


def one_sided(lines: Sequence[Line], marks: Sequence[Mark | None]) -> list[Mark | None]:
    """Mark the other side of a conversation in which only one side is labelled.

    Either questions stand unlabelled before labelled answers, or answers below labelled questions;
    the nameless side gets an empty label. Anything else is returned as it is.

    :param lines: the lines of the dialogue.
    :param marks: the label that each line opens with.
    """
    if len({mark.key for mark in marks if mark}) != 1:
        return list(marks)
    labelled = [index for index, mark in enumerate(marks) if mark]
    questions = [index for index, line in enumerate(lines) if marks[index] is None and _is_question(line)]
    before = [index for index in questions if index + 1 < len(lines) and marks[index + 1]]
    if len(before) >= 2 and len(before) >= 0.6 * len(labelled):
        return _named(marks, before)
    after = [
        index + 1 for index in labelled
        if _is_question(lines[index]) and index + 1 < len(lines) and marks[index + 1] is None
    ]  # fmt: skip
    if len(after) >= 2 and len(after) >= 0.6 * len(labelled) and not questions:
        return _named(marks, after)
    return list(marks)


def _is_question(line: Line) -> bool:
    return line.text.rstrip('"”’)* ').endswith(("?", "？")) or line.bold == len(line.text) > 0


def _named(marks: Sequence[Mark | None], places: Sequence[int]) -> list[Mark | None]:
    found = list(marks)
    for place in places:
        found[place] = Mark("", "", "alone", 0)
    return found
