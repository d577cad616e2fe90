"""Which convention a source was counted in, settled on evidence or left for a person to look at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kotaku_nlp.coding.files.refi.elements import clean
from kotaku_nlp.coding.files.refi.offsets import Convention, Ruler, candidates, canonical, stored

Span = tuple[int, int]
#: What a convention rests on. Selections of "review" and "unusable" are not accepted by themselves.
Basis = Literal["previews", "prior", "edges", "given", "none", "review", "unusable"]
#: What a single selection rests on: its own preview, its source's convention, or nothing.
State = Literal["checked", "unchecked", "shifted", "outside"]
#: Share of telling previews that must be found where they should be; share of edges between words.
_ENOUGH_PREVIEWS, _ENOUGH_EDGES = 0.8, 0.9
#: With fewer selections, edges may lie between words by chance, and only a known program's way counts.
_FEWEST_BY_EDGES = 5
#: A preview this long may be cut off without an ellipsis.
_CUT = 50
_ELLIPSIS = re.compile(r"\s*(…|\.\.\.)$")
#: What others report of programs by a word of `Project/@origin`; None: nothing is known.
_PRIORS: tuple[tuple[str, Literal["folded", "utf16", "stored"] | None], ...] = (
    (r"atlas", "folded"),
    (r"nvivo.*mac", None),
    (r"nvivo", "utf16"),
    (r"maxqda|qualcoder|qualitative-coding|kotaku|taguette|requal", "stored"),
)


@dataclass(frozen=True)
class Marked:
    """A selection as a file gives it: two positions, and a preview that may be empty."""

    start: int
    end: int
    preview: str = ""


@dataclass(frozen=True)
class Settlement:
    """How the selections of one source are counted, and why we think so.

    :param convention: the convention; a best guess when the basis is "review".
    :param matched: previews found where they should be.
    :param telling: previews that stand in the text at all, so that they can tell.
    """

    convention: Convention
    basis: Basis
    matched: int = 0
    telling: int = 0

    @property
    def accepted(self) -> bool:
        """Tell whether selections may be taken without a person's word."""
        return self.basis not in ("review", "unusable")


@dataclass(frozen=True)
class _Reading:
    """All selections of a source under one convention."""

    convention: Convention
    spans: tuple[Span | None, ...]
    marks: tuple[int, ...]

    @property
    def score(self) -> int:
        return sum(self.marks)


def settle(raw: str, selections: Sequence[Marked], origin: str = "") -> Settlement:
    """Find the convention under which the selections show what their previews say.

    :param raw: the decoded file, byte-order mark and line ends as stored.
    :param selections: positions and previews as the file gives them.
    :param origin: the program, as `Project/@origin` names it.
    :return: a settlement; never a guess that is not called one.
    """
    text = canonical(raw)
    if not selections:
        return Settlement(stored(raw), "none")
    if len(text) <= 1:
        return Settlement(stored(raw), "unusable")
    telling = _telling(selections, text)
    readings = [_read(raw, text, selections, telling, convention) for convention in candidates(raw)]
    prior = prior_of(origin, raw)
    if any(telling):
        return _by_previews(readings, sum(telling), prior)
    named = any(selection.preview for selection in selections)
    return _by_edges(readings, text, prior, stored(raw), doubtful=named)


def place(raw: str, selections: Sequence[Marked], settlement: Settlement) -> list[tuple[Span | None, State]]:
    """Return where each selection lies in the canonical text, and what that rests on."""
    text = canonical(raw)
    telling = _telling(selections, text)
    reading = _read(raw, text, selections, telling, settlement.convention)
    placed: list[tuple[Span | None, State]] = []
    for span, mark, tells in zip(reading.spans, reading.marks, telling, strict=True):
        if span is None:
            placed.append((None, "outside"))
        else:
            placed.append((span, ("checked" if mark else "shifted") if tells else "unchecked"))
    return placed


def prior_of(origin: str, raw: str) -> Convention | None:
    """Return how a program is known to count, or None when nothing is known of it."""
    words = origin.lower()
    known = next((way for pattern, way in _PRIORS if re.search(pattern, words)), None)
    if known is None:
        return None
    if known == "folded":
        return Convention()
    return Convention("utf16" if known == "utf16" else "codepoint", stored(raw).breaks)


def _telling(selections: Sequence[Marked], text: str) -> list[bool]:
    """Tell which previews stand somewhere in a text; a name that a person gave does not."""
    squeezed, plain = _squeezed(text), _plain(text)
    cores = [(_squeezed(_ELLIPSIS.sub("", s.preview)), _plain(s.preview)) for s in selections]
    return [core in squeezed if core else bool(whole) and whole in plain for core, whole in cores]


def _by_previews(readings: Sequence[_Reading], telling: int, prior: Convention | None) -> Settlement:
    best = max(reading.score for reading in readings)
    tied = [reading for reading in readings if reading.score == best]
    chosen = next((reading for reading in tied if reading.convention == prior), tied[0])
    matched = sum(mark > 0 for mark in chosen.marks)
    basis: Basis = "review"
    if matched >= _ENOUGH_PREVIEWS * telling:
        if len({reading.spans for reading in tied}) == 1:
            basis = "previews"
        elif chosen.convention == prior:
            basis = "prior"
    return Settlement(chosen.convention, basis, matched, telling)


def _by_edges(
    readings: Sequence[_Reading], text: str, prior: Convention | None, fallback: Convention, *, doubtful: bool
) -> Settlement:
    """Settle without previews: selections begin and end between words in the right convention.

    Previews of which none stands in the text speak against the text itself: that is for a person.
    """
    shares = {reading.convention: _edges(reading.spans, text) for reading in readings}
    best = max(shares.values())
    tied = [reading for reading in readings if shares[reading.convention] == best]
    ways = [reading.convention for reading in tied]
    guess = next((way for way in (prior, fallback) if way in ways), ways[0])
    if doubtful or best < _ENOUGH_EDGES:
        return Settlement(guess, "review")
    one = len({reading.spans for reading in tied}) == 1
    if one and len(set(tied[0].spans)) >= _FEWEST_BY_EDGES:
        return Settlement(guess, "edges")
    return Settlement(guess, "prior" if prior == guess else "review")


def _edges(spans: Sequence[Span | None], text: str) -> float:
    ends = [_between_words(text, edge) for span in spans if span for edge in span]
    return sum(ends) / (2 * len(spans))


def _between_words(text: str, index: int) -> bool:
    before, after = text[max(index - 1, 0) : index], text[index : index + 1]
    return not (before.isalnum() and after.isalnum())


def _read(
    raw: str, text: str, selections: Sequence[Marked], telling: Sequence[bool], convention: Convention
) -> _Reading:
    ruler = Ruler(raw, convention)
    spans = tuple(ruler.span(selection.start, selection.end) for selection in selections)
    marks = tuple(
        _likeness(selection.preview, text[span[0] : span[1]]) if span and tells else 0
        for selection, span, tells in zip(selections, spans, telling, strict=True)
    )
    return _Reading(convention, spans, marks)


def _likeness(preview: str, selected: str) -> int:
    """Return 3 for the same text, 2 for the same beginning of a cut preview, 1 if only spaces differ."""
    wanted, there = _plain(preview), _plain(selected)
    if wanted == there:
        return 3
    core, found = _ELLIPSIS.sub("", wanted), there.lstrip()
    cut = core != wanted or len(wanted) >= _CUT
    if cut and core and there.startswith(core):
        return 2
    same = _squeezed(core) == _squeezed(found) or (cut and _squeezed(found).startswith(_squeezed(core)))
    return 1 if same and core.strip() else 0


def _plain(text: str) -> str:
    """Return text as an XML attribute shows it: white space of any kind is a space."""
    return re.sub("\r\n|[\r\n\t]", " ", clean(text))


def _squeezed(text: str) -> str:
    return " ".join(clean(text).replace("\ufffd", " ").split())
