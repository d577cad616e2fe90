"""Coded places, whoever coded them: what every export is made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kotaku_nlp.coding.codings import MACHINE
from kotaku_nlp.coding.files.locate import Page, Span
from kotaku_nlp.records import OUT_OF_FRAMEWORK, Analysis, Codebook, Coding, Problem
from kotaku_nlp.report.frames import rows
from kotaku_nlp.report.method import version


@dataclass(frozen=True)
class CodedSpan:
    """One code on one span of a transcript, by one coder.

    :param turn: number of the turn that the span lies in; None outside every turn.
    :param codebook: codebook of the run that has the code; None for a code of the coder's own.
    :param probability: how sure the machine was; None for a person.
    :param basis: what the machine's reading rests on; None for a person.
    :param date: when a person coded, as their file says it.
    """

    transcript: str
    turn: int | None
    start: int
    end: int
    code: str
    coder: str
    codebook: str | None = None
    probability: float | None = None
    basis: str | None = None
    date: str = ""

    @property
    def by_machine(self) -> bool:
        """Tell whether a machine coded it."""
        return self.basis is not None


def machine_name(analysis: Analysis) -> str:
    """Return the machine as a coder: its name and the version that made the run."""
    return f"{MACHINE} {version(analysis)}".strip()


def machine_spans(analysis: Analysis) -> tuple[CodedSpan, ...]:
    """Return what the machine assigned under every codebook of a run, one span a passage and code.

    :param analysis: a run.
    """
    table = analysis.alignment[["passage_id", "codebook", "dimension", "probability", "assigned", "basis"]]
    hits = table[table["assigned"] & (table["dimension"] != OUT_OF_FRAMEWORK)]
    placed = hits.merge(
        analysis.passages[["passage_id", "transcript", "turn", "start", "end"]], on="passage_id"
    )
    coder = machine_name(analysis)
    return in_order(
        CodedSpan(
            row["transcript"], row["turn"], row["start"], row["end"], row["dimension"], coder,
            row["codebook"], row["probability"], row["basis"],
        )
        for row in rows(placed)
    )  # fmt: skip


def human_spans(
    analysis: Analysis, codings: Sequence[Coding]
) -> tuple[tuple[CodedSpan, ...], tuple[Problem, ...]]:
    """Return every coded place of some manual codings, and what could not be placed.

    A row without a code says that its place was read and left uncoded: it gives no span.

    :param analysis: the run whose transcripts were coded.
    :param codings: manual codings of it.
    :return: the spans, each once, and a problem for every row or transcript left out.
    """
    places = _Places(analysis)
    spans: list[CodedSpan] = []
    problems: list[Problem] = []
    for coding in codings:
        coded = [row for row in rows(coding.rows) if row["code"]]
        problems += _strangers(coding, coded, places)
        for row in (row for row in coded if row["transcript"] in places.pages):
            found = places.find(row)
            if isinstance(found, str):
                where = f"{row.get('place') or coding.name}, {row['transcript']}"
                problems.append(Problem(found, where, "error", _told(row)))
            else:
                spans.append(_span(coding, row, found, places, analysis.codebooks))
    return in_order(spans), tuple(problems)


def in_order(spans: Iterable[CodedSpan]) -> tuple[CodedSpan, ...]:
    """Return spans by place, then coder and code; of one coded twice, the first by date."""
    found: dict[tuple[Any, ...], CodedSpan] = {}
    for span in sorted(spans, key=lambda span: (*_order(span), span.date)):
        found.setdefault(_order(span), span)
    return tuple(found.values())


class _Places:
    """The texts and turns of a run, to find coded places in."""

    def __init__(self, analysis: Analysis) -> None:
        texts = rows(analysis.transcripts[["transcript", "text"]])
        self.pages = {row["transcript"]: Page(row["text"]) for row in texts}
        self._turns: dict[str, list[dict[str, Any]]] = {name: [] for name in self.pages}
        for row in rows(analysis.turns):
            self._turns[row["transcript"]].append(row)

    def find(self, row: Mapping[str, Any]) -> Span | str:
        """Return where a coded row stands, or the key of the reason why it stands nowhere."""
        page = self.pages[row["transcript"]]
        if row.get("start") is not None and row.get("end") is not None:
            start, end = row["start"], row["end"]
            if not 0 <= start < end <= len(page.text):
                return "export_span_outside"
            return (start, end) if page.text[start:end].strip() else "export_span_blank"
        if row.get("turn") is not None:
            turns = self._turns[row["transcript"]]
            found = ((turn["start"], turn["end"]) for turn in turns if turn["turn"] == row["turn"])
            return next((span for span in found if page.text[slice(*span)].strip()), "export_no_turn")
        return _quoted(page, str(row.get("quote") or ""))

    def turn_at(self, transcript: str, start: int, end: int) -> int | None:
        """Return the first turn that a span touches."""
        touched = (t["turn"] for t in self._turns[transcript] if t["start"] < end and start < t["end"])
        return next(touched, None)


def _quoted(page: Page, quote: str) -> Span | str:
    """Return where a quote stands; nearly the same words are not enough to mark a place in a document."""
    located = page.locate(quote)
    if located.how not in ("exact", "folded"):
        return "export_quote_not_found"
    return located.span or "export_quote_twice"


def _span(
    coding: Coding,
    row: Mapping[str, Any],
    place: Span,
    places: _Places,
    codebooks: Sequence[Codebook],
) -> CodedSpan:
    code = str(row["code"])
    books = (book.id for book in codebooks if any(code == dimension.id for dimension in book.dimensions))
    turn = places.turn_at(row["transcript"], *place)
    coder = str(row.get("coder") or coding.name)
    date = str(row.get("date") or "")
    return CodedSpan(row["transcript"], turn, *place, code, coder, next(books, None), date=date)


def _strangers(coding: Coding, coded: Iterable[Mapping[str, Any]], places: _Places) -> list[Problem]:
    """Say which coded transcripts the run does not have, each once with the codings it costs."""
    away = Counter(row["transcript"] for row in coded if row["transcript"] not in places.pages)
    return [
        Problem("export_no_transcript", coding.name, "error", {"transcript": name, "n": n})
        for name, n in sorted(away.items())
    ]


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a problem with a row names: its code and whatever says where it should stand."""
    said = {name: row.get(name) for name in ("turn", "start", "end")}
    return {"code": row["code"], "quote": str(row.get("quote") or "")[:60], **said}


def _order(span: CodedSpan) -> tuple[Any, ...]:
    who = (span.by_machine, span.coder, span.codebook or "", span.code)
    return (span.transcript, span.start, -span.end, *who)
