"""A coding brought home: its rows laid on the transcripts of the corpus, by their words.

Another tool's positions count in that tool's text. They are kept where that text is the transcript's
own, or where the words at the position are the quoted ones; everything else is located again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import takewhile
from typing import Any, Literal

from kotaku_nlp.coding.files.locate import Located, Page, Span, fold
from kotaku_nlp.coding.files.readers.imported import stem_of
from kotaku_nlp.corpus.lexicon import key
from kotaku_nlp.corpus.readers import SUFFIXES
from kotaku_nlp.records import Coding, Problem

Level = Literal["error", "notice"]
#: Characters of the neighbourhood that tell one of several equal passages.
_AROUND = 60
#: Characters by which the best of them must be ahead.
_LEAD = 8
#: Places that a message names.
_NAMED = 5


@dataclass(frozen=True)
class Settled:
    """A coding whose rows stand in the transcripts.

    :param coding: the rows that have a place there, with their columns as they came.
    :param problems: what was not placed, what was placed by nearly the same words, and the counts.
    :param left: reason (a wording key) → rows left out.
    """

    coding: Coding
    problems: tuple[Problem, ...] = ()
    left: Mapping[str, int] = field(default_factory=dict)


def settle(
    coding: Coding,
    texts: Mapping[str, str],
    own: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None,
) -> Settled:
    """Lay a coding over the transcripts of a corpus.

    :param coding: rows with at least the columns of every coding.
    :param texts: transcript → its canonical text.
    :param own: transcript, as the coding names it → the text that `start` and `end` count in, where the
        coding came with one; without it they are taken to count in the transcript itself.
    :param names: further names of transcripts, e.g. informant → transcript.
    :return: the rows that have a place, and an account of the others.
    """
    import pandas as pd

    home = _Home(coding.name, texts, own or {}, names or {})
    rows = [row for record in coding.rows.to_dict("records") if (row := home.settled(record))]
    frame = pd.DataFrame(rows, columns=list(coding.rows.columns)).astype(
        {column: "Int64" for column in ("turn", "start", "end")}
    )
    return Settled(Coding(coding.name, frame), home.account(len(rows)), dict(home.left))


class _Home:
    """The transcripts, and what became of each row that was brought there."""

    def __init__(
        self, name: str, texts: Mapping[str, str], own: Mapping[str, str], names: Mapping[str, str]
    ) -> None:
        self.left: Counter[str] = Counter()
        self._name = name
        self._pages = {name: Page(text) for name, text in texts.items()}
        self._own = own
        self._known = _unique([(name, name) for name in texts])
        self._known = _unique(list(names.items())) | self._known | {name: name for name in texts}
        self._problems: list[Problem] = []
        self._told: set[tuple[str, str, str]] = set()
        self._places: dict[tuple[str, str], Located] = {}
        self._rows = 0

    def settled(self, row: Mapping[Any, Any]) -> dict[Any, Any] | None:
        """Return a row with its place in a transcript, None when it has none."""
        import pandas as pd

        self._rows += 1
        where = str(row.get("place") or f"{self._name}, row {self._rows}")
        mine = {name: None if pd.isna(row[name]) else int(row[name]) for name in ("turn", "start", "end")}
        quote = str(row.get("quote") or "").strip()
        transcript = self._transcript(str(row["transcript"]), quote, where)
        if transcript is None:
            return None
        base = {**row, **mine, "transcript": transcript}
        if mine["turn"] is not None and None in (mine["start"], mine["end"]):
            return base
        span = self._span(str(row["transcript"]), transcript, (mine["start"], mine["end"]), quote, where)
        if span is None:
            return None
        text = self._pages[transcript].text
        return base | {"start": span[0], "end": span[1], "quote": text[span[0] : span[1]]}

    def account(self, kept: int) -> tuple[Problem, ...]:
        """Return all problems, the counts in front."""
        counts = {"kept": kept, "left": sum(self.left.values())}
        return (Problem("settle_counts", self._name, "notice", counts), *self._problems)

    def _transcript(self, name: str, quote: str, where: str) -> str | None:
        """Return the transcript that a row means: by its name, else by words that stand in only one."""
        stem = stem_of(name, SUFFIXES)
        for known in (name, stem, key(name), key(stem)):
            if known in self._known:
                return self._known[known]
        if (twin := self._twin(name)) is not None:
            self._tell("settle_by_text", "notice", where, name, twin, transcript=name, found=twin)
            return twin
        holders = [one for one in self._pages if quote and self._look(one, quote).how in ("exact", "folded")]
        if len(holders) == 1:
            self._tell(
                "settle_by_words", "notice", where, name, holders[0], transcript=name, found=holders[0]
            )
            return holders[0]
        nearest = get_close_matches(name, sorted(self._pages), n=1, cutoff=0.0)
        near = nearest[0] if nearest else "–"
        self._leave("settle_no_transcript", where, name, "", transcript=name, nearest=near)
        return None

    def _twin(self, name: str) -> str | None:
        """Return the transcript whose text is the one that the coding came with, under another name."""
        own = self._own.get(name)
        twins = [one for one, page in self._pages.items() if own and page.text.split() == own.split()]
        return twins[0] if len(twins) == 1 else None

    def _look(self, transcript: str, quote: str) -> Located:
        asked = (transcript, quote)
        if asked not in self._places:
            self._places[asked] = self._pages[transcript].locate(quote)
        return self._places[asked]

    def _span(
        self, name: str, transcript: str, span: tuple[int | None, int | None], quote: str, where: str
    ) -> Span | None:
        page, own = self._pages[transcript], self._own.get(name)
        start, end = span
        if start is None or end is None:
            return self._found(quote, None, transcript, where)
        base = page.text if own is None else own
        if not 0 <= start < end <= len(base):
            self._leave("settle_outside", where, name, f"{start}", start=start, end=end, length=len(base))
            return None
        if own == page.text or (own is None and quote in ("", page.text[start:end].strip())):
            return start, end
        around = None if own is None else (own, start, end)
        quote = quote or base[start:end].strip()
        found = self._found(quote, around, transcript, where)
        if found is not None and own is None:
            self._tell("settle_moved", "notice", where, name, quote, quote=quote[:60], start=start, end=end)
        return found

    def _found(
        self, quote: str, around: tuple[str, int, int] | None, transcript: str, where: str
    ) -> Span | None:
        """Return the one place of a quote; where there are several its neighbourhood may tell."""
        text, located = self._pages[transcript].text, self._look(transcript, quote)
        short = " ".join(quote.split())[:60]
        span = located.span or (_by_neighbours(located.spans, text, around) if around else None)
        if span is not None:
            if located.how in ("close", "parts"):
                there = " ".join(text[span[0] : span[1]].split())[:60]
                params = {"quote": short, "there": there, "score": round(100 * located.score)}
                self._tell(f"settle_{located.how}", "notice", where, transcript, quote, **params)
            return span
        if located.spans:
            lines = [str(text.count("\n", 0, start) + 1) for start, _ in located.spans[:_NAMED]]
            listed = ", ".join(lines) + (" …" if len(located.spans) > _NAMED else "")
            params = {"quote": short, "count": len(located.spans), "lines": listed}
            self._leave("settle_ambiguous", where, transcript, quote, transcript=transcript, **params)
        else:
            self._leave("settle_nowhere", where, transcript, quote, transcript=transcript, quote=short)
        return None

    def _leave(self, reason: str, where: str, name: str, what: str, /, **params: Any) -> None:
        self.left[reason] += 1
        self._tell(reason, "error", where, name, what, **params)

    def _tell(self, reason: str, level: Level, where: str, name: str, what: str, /, **params: Any) -> None:
        """Tell something once, however many codes the same passage carries."""
        if (reason, name, what) not in self._told:
            self._told.add((reason, name, what))
            self._problems.append(Problem(reason, where, level, params))


def _by_neighbours(spans: Sequence[Span], text: str, around: tuple[str, int, int]) -> Span | None:
    """Return the one of several equal passages whose neighbourhood is that of the original."""
    own, start, end = around
    before, after = fold(own[max(0, start - _AROUND) : start]).text, fold(own[end : end + _AROUND]).text

    def alike(span: Span) -> int:
        left = fold(text[max(0, span[0] - _AROUND) : span[0]]).text
        right = fold(text[span[1] : span[1] + _AROUND]).text
        return _common(before[::-1], left[::-1]) + _common(after, right)

    ranked = sorted(((alike(span), span) for span in spans), reverse=True)
    if len(ranked) < 2 or ranked[0][0] - ranked[1][0] < _LEAD:
        return None
    return ranked[0][1]


def _unique(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return key of a name → transcript, without keys that several transcripts share."""
    owners: dict[str, set[str]] = {}
    for name, transcript in pairs:
        owners.setdefault(key(name), set()).add(transcript)
    return {name: next(iter(claims)) for name, claims in owners.items() if len(claims) == 1}


def _common(one: str, other: str) -> int:
    """Return how many characters two texts share at their beginning."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
