"""Passages: one informant turn, or one to four sentences of a long one, with the question before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kotaku_nlp.corpus.lexicon import words
from kotaku_nlp.corpus.lines import trim
from kotaku_nlp.corpus.pieces import Span, balanced
from kotaku_nlp.records import UNKNOWN, Corpus, Informant, Transcript, Turn, table

if TYPE_CHECKING:
    import pandas as pd

#: A turn with this many content words or fewer says too little to be read alone.
THIN = 4


def cut(
    corpus: Corpus,
    passage_words: int = 90,
    *,
    sentences: Callable[[str], Sequence[Span]] | None = None,
    dialect_share: Callable[[str], float] | None = None,
) -> pd.DataFrame:
    """Cut a corpus into passages; interviewer turns are only ever the question of one.

    :param corpus: what was read.
    :param passage_words: a turn longer than this is cut at sentence bounds into balanced pieces.
    :param sentences: text → half-open spans of its sentences; the package's own by default.
    :param dialect_share: text → share of its words that are dialect; the package's own by default.
    :return: table "passages": `passage_id` is `<transcript>:<turn>`, or `<transcript>:<turn>.<k>`
        with k from 1 where a turn was cut; `text` is the transcript's text from `start` to `end`.
    """
    split, share = sentences or _sentences, dialect_share or _dialect_share
    people = {(person.transcript, person.id): person for person in corpus.informants}
    rows = [
        row | {"dialect_share": share(row["text"])}
        for transcript in corpus.transcripts
        for row in _rows(transcript, people, passage_words, split)
    ]
    return table("passages", rows)


def _rows(
    transcript: Transcript,
    people: dict[tuple[str, str], Informant],
    passage_words: int,
    sentences: Callable[[str], Sequence[Span]],
) -> Iterator[dict[str, Any]]:
    question: str | None = None
    for turn in transcript.turns:
        said = transcript.text[turn.start : turn.end]
        if turn.is_interviewer:
            question = said
            continue
        person = people.get((transcript.name, turn.informant or ""))
        spans = balanced(said, passage_words, sentences)
        for number, (start, end) in enumerate(spans, start=1):
            start, end = trim(transcript.text, turn.start + start, turn.start + end)
            suffix = f".{number}" if len(spans) > 1 else ""
            yield {
                "passage_id": f"{transcript.name}:{turn.turn}{suffix}",
                "transcript": transcript.name, "turn": turn.turn, "speaker": turn.speaker,
                "informant": turn.informant, "role": person.role if person else "",
                "group": person.group if person else UNKNOWN, "kind": transcript.kind,
                "low_evidence": thin(said), "start": start, "end": end,
                "text": transcript.text[start:end], "question": question,
            }  # fmt: skip


def thin(text: str) -> bool:
    """Tell whether a turn says too little to be read without its question.

    :param text: what was said: "Iya, betul, Mbak." is thin.
    """
    from kotaku_nlp.language.tokens import tokenise

    empty = words("assent", "thin_words.toml") | words("fillers", "thin_words.toml")
    empty |= words("function", "thin_words.toml")
    tokens = tokenise(text)
    content = [token for token in tokens if token.text.lower() not in empty and token.norm not in empty]
    return len(content) <= THIN


def turns_table(corpus: Corpus) -> pd.DataFrame:
    """Return table "turns": every turn of every transcript, interviewers' too.

    :param corpus: what was read.
    """
    return table("turns", [_turn(t, turn) for t in corpus.transcripts for turn in t.turns])


def _turn(transcript: Transcript, turn: Turn) -> dict[str, Any]:
    return {
        "transcript": transcript.name, "turn": turn.turn, "speaker": turn.speaker,
        "informant": turn.informant, "is_interviewer": turn.is_interviewer,
        "start": turn.start, "end": turn.end, "time": turn.time,
    }  # fmt: skip


def transcripts_table(corpus: Corpus) -> pd.DataFrame:
    """Return table "transcripts": one row a file, with its canonical text.

    :param corpus: what was read.
    """
    columns = ("path", "sha256", "kind", "language", "text")
    rows = [
        {"transcript": transcript.name} | {column: getattr(transcript, column) for column in columns}
        for transcript in corpus.transcripts
    ]
    return table("transcripts", rows)


def _sentences(text: str) -> Sequence[Span]:
    from kotaku_nlp.language.sentences import sentences

    return sentences(text)


def _dialect_share(text: str) -> float:
    from kotaku_nlp.language.identify import dialect_share

    return dialect_share(text)
