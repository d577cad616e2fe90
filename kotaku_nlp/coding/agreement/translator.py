"""What other tools would print for the same two codings, and why it differs from our table.

The tools count characters or segments, most of them with the characters that nobody codes, where we count
informants' turns. NVivo: percent and Cohen's κ of each code in each source, averaged over sources.
QualCoder: a κ whose two chance terms are multiplied, without what both left uncoded; for the example of
NVivo's help it gives .21, where κ lies between .31 and .35. MAXQDA and ATLAS.ti: written from
descriptions, not confirmed with the programs; such rows say `confirmed` = False. Not confirmed: how NVivo
averages sources in which neither coder used a code (left out here), MAXQDA's κ of segments and its default
overlap of 90 %, on what ATLAS.ti bases its percentages and how it corrects α for the length of units.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from kotaku_nlp.coding.agreement.marks import Book, Mark, Marks
from kotaku_nlp.coding.coefficients.alpha import alpha_many
from kotaku_nlp.coding.coefficients.counts import Counts

if TYPE_CHECKING:
    import pandas as pd

TOOLS = ("nvivo", "maxqda", "atlas_ti", "qualcoder")
COLUMNS = {
    "coder_a": "string",
    "coder_b": "string",
    "tool": "string",
    "measure": "string",
    "code": "string",
    "value": "float64",
    "reason": "string",
    "confirmed": "bool",
}
#: MAXQDA: two segments are the same when so much of the longer one is shared; its default from memory.
OVERLAP = 0.9
#: NVivo: what is averaged over sources, by their length and all alike.
_NVIVO = {
    "percent": ("percent_by_length", "percent_equal"),
    "kappa": ("kappa_by_length", "kappa_equal"),
}
_UNUSED = "agree_reason_one_category"
#: Why there is no α on codes: ATLAS.ti wants codes of one domain to exclude each other.
NOT_EXCLUSIVE = "agree_tool_not_exclusive"


@dataclass(frozen=True)
class Piece:
    """Neighbouring characters of a source that carry the same codes.

    :param length: number of characters.
    :param a: codes of one coder.
    :param b: codes of the other.
    """

    length: int
    a: frozenset[str]
    b: frozenset[str]


@dataclass(frozen=True)
class Source:
    """One document as the tools see it: all its characters, interviewers' turns and labels too."""

    name: str
    length: int
    a: tuple[Mark, ...]
    b: tuple[Mark, ...]
    pieces: tuple[Piece, ...]

    def counts(self, code: str) -> Counts:
        """Return in how many characters both, one or neither coder gave a code."""
        return _counts(self.pieces, frozenset({code}))


def translate(one: Marks, other: Marks, book: Book, domains: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Return what NVivo, MAXQDA, ATLAS.ti and QualCoder would report on the sources that both coders read.

    :param one: marks of one coder.
    :param other: marks of the other.
    :param book: the transcripts.
    :param domains: code → semantic domain of ATLAS.ti; all codes are one domain if not given.
    :return: columns `COLUMNS`; code is null in rows over all codes, and the domain where there are several.
    """
    import pandas as pd

    sources = sources_of(one, other, book)
    codes = sorted({mark.code for source in sources for mark in (*source.a, *source.b)})
    rows = [*_nvivo(sources, codes), *_maxqda(sources, codes), *_qualcoder(sources, codes)]
    rows += _atlas_ti(sources, {code: (domains or {}).get(code, "") for code in codes})
    order = {tool: place for place, tool in enumerate(TOOLS)}
    rows.sort(key=lambda row: order[row["tool"]])
    frame = pd.DataFrame([row | {"coder_a": one.coder, "coder_b": other.coder} for row in rows])
    return frame.reindex(columns=list(COLUMNS)).astype(COLUMNS)


def sources_of(one: Marks, other: Marks, book: Book) -> list[Source]:
    """Return the sources that both coders read, in the order of their names.

    :param one: marks of one coder.
    :param other: marks of the other.
    :param book: the transcripts.
    """
    found = []
    sides = [_by_transcript(coding.marks) for coding in (one, other)]
    for name in sorted(one.read & other.read):
        a, b = (tuple(side[name]) for side in sides)
        length = len(book.texts[name])
        found.append(Source(name, length, a, b, tuple(_pieces(a, b, length))))
    return found


def qualcoder_kappa(counts: Counts) -> float | None:
    """Return what QualCoder prints as Cohen's κ; it is not κ.

    The characters that neither coder coded are left out, and the chance of both coding is multiplied
    with the chance of neither coding where κ adds them.

    :param counts: characters that both, one or neither coder gave a code.
    """
    coded = counts.both + counts.only_a + counts.only_b
    if not coded:
        return None
    a, b = (counts.both + counts.only_a) / coded, (counts.both + counts.only_b) / coded
    chance = a * b * (1 - a) * (1 - b)
    return (counts.both / coded - chance) / (1 - chance)


def _nvivo(sources: Sequence[Source], codes: Sequence[str]) -> Iterator[dict[str, Any]]:
    for code in codes:
        counted = [source.counts(code) for source in sources]
        for measure, ways in _NVIVO.items():
            values = [(getattr(counts, measure), counts.n) for counts in counted]
            known = [(value, length) for value, length in values if value is not None]
            equal = [(value, 1) for value, _ in known]
            sure = len(known) == len(values)
            yield _row("nvivo", ways[0], code, _mean(known), confirmed=sure)
            yield _row("nvivo", ways[1], code, _mean(equal), confirmed=sure)


def _qualcoder(sources: Sequence[Source], codes: Sequence[str]) -> Iterator[dict[str, Any]]:
    pieces = [piece for source in sources for piece in source.pieces]
    for code in codes:
        counts = _counts(pieces, frozenset({code}))
        yield _row("qualcoder", "percent", code, counts.percent, confirmed=False)
        yield _row("qualcoder", "kappa", code, qualcoder_kappa(counts))


def _maxqda(sources: Sequence[Source], codes: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield presence of codes in documents, and segments, each with a κ of Brennan and Prediger's kind."""
    alike: Counter[bool] = Counter()
    for code in codes:
        present = [[any(m.code == code for m in side) for side in (s.a, s.b)] for s in sources]
        share = sum(a == b for a, b in present) / len(present)
        yield _row("maxqda", "presence_percent", code, share, confirmed=False)
        yield _row("maxqda", "presence_kappa", code, 2 * share - 1, confirmed=False)
        found = Counter(same for source in sources for same in _segments(source, code))
        alike += found
        yield _row("maxqda", "segments_percent", code, _share(found), confirmed=False)
    observed = _share(alike)
    yield _row("maxqda", "segments_percent", None, observed, confirmed=False)
    kappa = None if observed is None or len(codes) < 2 else (observed - 1 / len(codes)) / (1 - 1 / len(codes))
    yield _row("maxqda", "segments_kappa", None, kappa, confirmed=False)


def _atlas_ti(sources: Sequence[Source], domains: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield percent, Holsti and α of each semantic domain; α on codes only where they exclude each other."""
    pieces = [piece for source in sources for piece in source.pieces]
    names = sorted(set(domains.values()))
    for domain in names:
        own = frozenset(code for code, place in domains.items() if place == domain)
        label = domain or None
        counts = _counts(pieces, own)
        chosen = [(piece.length, piece.a & own, piece.b & own) for piece in pieces]
        yield _row("atlas_ti", "percent", label, counts.percent, confirmed=False)
        yield _row("atlas_ti", "holsti", label, counts.p_pos, confirmed=False)
        binary = _alpha((length, bool(a), bool(b)) for length, a, b in chosen)
        yield _row("atlas_ti", "alpha_binary", label, binary, confirmed=False)
        if all(len(a) < 2 and len(b) < 2 for _, a, b in chosen):
            both = ((length, a, b) for length, a, b in chosen if a and b)
            yield _row("atlas_ti", "cu_alpha", label, _alpha(both), confirmed=False)
        else:
            yield _row("atlas_ti", "cu_alpha", label, None, NOT_EXCLUSIVE, confirmed=False)


def _row(
    tool: str,
    measure: str,
    code: str | None,
    value: float | None,
    reason: str = _UNUSED,
    *,
    confirmed: bool = True,
) -> dict[str, Any]:
    why = reason if value is None else None
    row = {"tool": tool, "measure": measure, "code": code, "value": value}
    return row | {"reason": why, "confirmed": confirmed}


def _by_transcript(marks: Iterable[Mark]) -> Mapping[str, list[Mark]]:
    found: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        found[mark.transcript].append(mark)
    return found


def _pieces(a: Sequence[Mark], b: Sequence[Mark], length: int) -> Iterator[Piece]:
    """Cut a source wherever a mark begins or ends; the codes of a piece are those open there."""
    cuts = sorted({0, length, *(place for mark in (*a, *b) for place in (mark.start, mark.end))})
    opened = [(_events(side, "start"), _events(side, "end")) for side in (a, b)]
    running: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for start, end in pairwise(cuts):
        for count, (begins, ends) in zip(running, opened, strict=True):
            count.update(begins.get(start, []))
            count.subtract(ends.get(start, []))
        here = [frozenset(code for code, times in count.items() if times > 0) for count in running]
        yield Piece(end - start, *here)


def _events(marks: Sequence[Mark], edge: str) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for mark in marks:
        found[getattr(mark, edge)].append(mark.code)
    return found


def _counts(pieces: Iterable[Piece], codes: frozenset[str]) -> Counts:
    """Return in how many characters both, one or neither coder gave any of some codes."""
    found: Counter[tuple[bool, bool]] = Counter()
    for piece in pieces:
        found[bool(piece.a & codes), bool(piece.b & codes)] += piece.length
    return Counts(found[True, True], found[True, False], found[False, True], found[False, False])


def _segments(source: Source, code: str) -> Iterator[bool]:
    """Yield for each segment of either coder whether the other has nearly the same one under the code."""
    sides = [[(m.start, m.end) for m in side if m.code == code] for side in (source.a, source.b)]
    for own, others in (sides, sides[::-1]):
        for start, end in own:
            yield any(_same((start, end), other) for other in others)


def _same(one: tuple[int, int], other: tuple[int, int]) -> bool:
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared >= OVERLAP * max(one[1] - one[0], other[1] - other[0])


def _alpha(values: Iterable[tuple[int, Hashable, Hashable]]) -> float | None:
    """Return nominal α of two coders over stretches, each counting as often as it has characters."""
    import numpy as np

    found: Counter[tuple[Hashable, Hashable]] = Counter()
    for length, a, b in values:
        found[a, b] += length
    names = {value: place for place, value in enumerate(dict.fromkeys(v for pair in found for v in pair))}
    totals = np.zeros(len(names))
    for pair, length in found.items():
        for value in pair:
            totals[names[value]] += length
    apart = 2 * sum(length for (a, b), length in found.items() if a != b)
    alpha = float(alpha_many(np.array(float(apart)), totals, 1 - np.eye(len(names))))
    return None if np.isnan(alpha) else alpha


def _mean(values: Sequence[tuple[float, int]]) -> float | None:
    whole = sum(weight for _, weight in values)
    return sum(value * weight for value, weight in values) / whole if whole else None


def _share(found: Counter[bool]) -> float | None:
    return found[True] / found.total() if found.total() else None
