"""A coding as marks: which coder put which code on which stretch of which transcript.

A coding says where a code stands by offsets, by turn or by quote. Everything that compares codings works
on offsets; here they are resolved, and what has no place is reported, never left out silently.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from kotaku_nlp.coding.codings import COLUMNS
from kotaku_nlp.coding.files.locate import Page
from kotaku_nlp.records import SPOKEN_KINDS, Analysis, Coding, Corpus, Problem

if TYPE_CHECKING:
    import pandas as pd

#: The problem of a mark, and how grave it is: an error means that a row could not be used.
_LEVELS: Mapping[str, Literal["error", "notice"]] = {
    "agree_transcript_unknown": "error",
    "agree_turn_unknown": "error",
    "agree_outside_text": "error",
    "agree_quote_missing": "error",
    "agree_quote_ambiguous": "error",
    "agree_not_spoken": "notice",
    "agree_interviewer_only": "notice",
}


@dataclass(frozen=True)
class Stretch:
    """A turn of a transcript: half-open offsets of what was said."""

    turn: int
    start: int
    end: int
    is_interviewer: bool = False


@dataclass(frozen=True)
class Book:
    """The transcripts that codings are laid over.

    :param texts: canonical text of every transcript, observations and documents too.
    :param turns: turns of every transcript, in the order of the text.
    :param spoken: the transcripts in which informants speak.
    """

    texts: Mapping[str, str]
    turns: Mapping[str, tuple[Stretch, ...]]
    spoken: frozenset[str]


@dataclass(frozen=True)
class Mark:
    """One code on one stretch of a transcript, half-open."""

    transcript: str
    start: int
    end: int
    code: str


@dataclass(frozen=True)
class Marks:
    """What one coder did.

    :param coder: the coder's name.
    :param marks: in the order of the text, each once.
    :param read: transcripts that the coder read; in these, what carries no code was left uncoded.
    :param problems: rows that have no place among the informants' turns.
    :param basis: how a machine came to them, as the table "alignment" says it; None for a person.
    """

    coder: str
    marks: tuple[Mark, ...]
    read: frozenset[str]
    problems: tuple[Problem, ...] = ()
    basis: str | None = None


@dataclass
class _Misplaced:
    """Rows without a place, gathered by what is the matter with them and by transcript."""

    coder: str
    found: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def add(self, key: str, transcript: str, place: str) -> None:
        self.found.setdefault((key, transcript), []).append(place)

    def problems(self) -> tuple[Problem, ...]:
        return tuple(
            Problem(
                key,
                f"{self.coder}, {transcript}",
                _LEVELS[key],
                {"n": len(places), "places": ", ".join(dict.fromkeys(places))},
            )
            for (key, transcript), places in sorted(self.found.items())
        )


def book_of(source: Corpus | Analysis) -> Book:
    """Return the transcripts of a corpus, or of a run.

    :param source: what `read_corpus`, `analyse` or `load_run` returned.
    """
    from kotaku_nlp.corpus.passages import transcripts_table, turns_table

    if isinstance(source, Corpus):
        return _book(transcripts_table(source), turns_table(source))
    return _book(source.transcripts, source.turns)


def marks_of(coding: Coding, book: Book, coder: str | None = None) -> Marks:
    """Return the marks of one coder.

    A transcript counts as read when the coder has a row in it, also one without a code.

    :param coding: a coding; of several coders' rows only those of `coder` are taken.
    :param book: the transcripts.
    :param coder: the coder's name as it stands in the rows; all rows, under the coding's name, if None.
    """
    rows = coding.rows if coder is None else coding.rows[coding.rows["coder"] == coder]
    misplaced = _Misplaced(coder or coding.name)
    marks: set[Mark] = set()
    read: set[str] = set()
    for row in rows.to_dict("records"):
        transcript = str(row["transcript"])
        if transcript not in book.texts:
            misplaced.add("agree_transcript_unknown", transcript, _told(row))
            continue
        read.add(transcript)
        if _empty(row.get("code")):
            continue
        place = _place(row, book, misplaced)
        if place and _spoken(place, row, book, misplaced):
            marks.add(Mark(transcript, *place, str(row["code"])))
    order = sorted(marks, key=lambda mark: (mark.transcript, mark.start, mark.end, mark.code))
    return Marks(misplaced.coder, tuple(order), frozenset(read & book.spoken), misplaced.problems())


def coders_of(codings: Iterable[Coding]) -> list[tuple[str, Coding]]:
    """Return every coder with the coding that holds the coder's rows, in the order of the names.

    :param codings: codings; one may hold the rows of several coders, and rows of nobody are its own.
    """
    import pandas as pd

    rows = [_plain(coding) for coding in codings]
    together = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame({"coder": []})
    return [(str(name), Coding(str(name), own)) for name, own in together.groupby("coder", sort=True)]


def _plain(coding: Coding) -> pd.DataFrame:
    """Return the rows of a coding with the columns of every coding and `date`, whatever tool it came from."""
    columns, places = (*COLUMNS, "date"), ("turn", "start", "end")
    rows = coding.rows.reindex(columns=list(columns))
    rows = rows.astype({name: "Int64" if name in places else "string" for name in columns})
    rows = rows.fillna({name: "" for name in columns if name not in places})
    return rows.assign(coder=rows["coder"].replace("", coding.name))


def _book(transcripts: pd.DataFrame, turns: pd.DataFrame) -> Book:
    texts = dict(zip(transcripts["transcript"], transcripts["text"].fillna(""), strict=True))
    spoken = transcripts.loc[transcripts["kind"].isin(SPOKEN_KINDS), "transcript"]
    columns = [turns[name].tolist() for name in ("turn", "start", "end", "is_interviewer")]
    found: dict[str, list[Stretch]] = {name: [] for name in texts}
    for transcript, *stretch in zip(turns["transcript"], *columns, strict=True):
        found[transcript].append(Stretch(*stretch))
    ordered = {name: tuple(sorted(own, key=lambda turn: turn.start)) for name, own in found.items()}
    return Book(texts, ordered, frozenset(spoken))


def _place(row: Mapping[Any, Any], book: Book, misplaced: _Misplaced) -> tuple[int, int] | None:
    """Return where a row's code stands: by offsets, else by turn, else by quote."""
    transcript = str(row["transcript"])
    if not _empty(row.get("start")) and not _empty(row.get("end")):
        start, end = int(row["start"]), int(row["end"])
        if 0 <= start < end <= len(book.texts[transcript]):
            return start, end
        misplaced.add("agree_outside_text", transcript, f"{start}–{end}")
    elif not _empty(row.get("turn")):
        for turn in book.turns[transcript]:
            if turn.turn == int(row["turn"]):
                return turn.start, turn.end
        misplaced.add("agree_turn_unknown", transcript, _told(row))
    else:
        return _quoted(row, book.texts[transcript], misplaced)
    return None


def _quoted(row: Mapping[Any, Any], text: str, misplaced: _Misplaced) -> tuple[int, int] | None:
    """Return where a quote stands word by word, if it stands in one place only; nothing is guessed."""
    located = Page(text).locate(str(row.get("quote") or ""))
    if located.how in ("exact", "folded") and located.span is not None:
        return located.span
    ambiguous = located.how in ("exact", "folded")
    key = "agree_quote_ambiguous" if ambiguous else "agree_quote_missing"
    misplaced.add(key, str(row["transcript"]), _told(row))
    return None


def _spoken(place: tuple[int, int], row: Mapping[Any, Any], book: Book, misplaced: _Misplaced) -> bool:
    """Say whether a place touches what an informant says; report it when it does not."""
    transcript = str(row["transcript"])
    if transcript not in book.spoken:
        misplaced.add("agree_not_spoken", transcript, _told(row))
        return False
    text = book.texts[transcript]
    answers = (turn for turn in book.turns[transcript] if not turn.is_interviewer)
    touched = any(touches(text, place, (turn.start, turn.end)) for turn in answers)
    if not touched:
        misplaced.add("agree_interviewer_only", transcript, _told(row))
    return touched


def touches(text: str, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Say whether two stretches share a character that is no white space.

    :param text: the transcript's text.
    :param one: half-open offsets.
    :param other: half-open offsets.
    """
    first, last = max(one[0], other[0]), min(one[1], other[1])
    return first < last and bool(text[first:last].strip())


def _told(row: Mapping[Any, Any]) -> str:
    """Return how a person finds a row again: its turn, its offsets, or the beginning of its quote."""
    if not _empty(row.get("turn")):
        return str(int(row["turn"]))
    if not _empty(row.get("start")):
        return str(int(row["start"]))
    words = str(row.get("quote") or "").split()
    return f"“{' '.join(words[:6])}”"


def _empty(value: Any) -> bool:
    import pandas as pd

    return value is None or value == "" or bool(pd.isna(value))
