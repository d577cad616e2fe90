"""Krippendorff's α_u: whether coders mark the same stretches of a text, and not only the same turns.

Krippendorff, K. (1995), "On the reliability of unitizing continuous data", Sociological Methodology 25,
and (2004), Content Analysis, 2nd ed., ch. 11.6. A unit is a coded stretch (start, length); what lies
between the units of a coder is a gap. Several transcripts make one continuum when they are laid end to
end.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: A coded stretch: start and length, in positions of the continuum.
Stretch = tuple[int, int]


@dataclass(frozen=True)
class Section:
    """A unit, or a gap between units, of one coder."""

    start: int
    length: int
    coded: bool

    @property
    def end(self) -> int:
        """The first position behind the section."""
        return self.start + self.length


@dataclass(frozen=True)
class Disagreement:
    """How far coders lie apart on one code, and how far chance would put them apart."""

    observed: float
    expected: float


def alpha_u(coders: Sequence[Mapping[Hashable, Sequence[Stretch]]], begin: int, length: int) -> float | None:
    """Return α_u over all codes.

    :param coders: for each coder the stretches of every code that the coder used.
    :param begin: where the continuum begins.
    :param length: how many positions it has.
    :return: at most 1; None when nobody coded anything.
    :raises ValueError: when there are fewer than two coders, or a stretch leaves the continuum.
    """
    codes = dict.fromkeys(code for coder in coders for code in coder)
    parts = [disagreement([coder.get(code, ()) for coder in coders], begin, length) for code in codes]
    return _alpha(parts)


def alpha_u_code(coders: Sequence[Sequence[Stretch]], begin: int, length: int) -> float | None:
    """Return α_u of one code.

    :param coders: for each coder the stretches that carry the code.
    :param begin: where the continuum begins.
    :param length: how many positions it has.
    :return: at most 1; None when no coder used the code.
    :raises ValueError: when there are fewer than two coders, or a stretch leaves the continuum.
    """
    return _alpha([disagreement(coders, begin, length)])


def disagreement(coders: Sequence[Sequence[Stretch]], begin: int, length: int) -> Disagreement:
    """Return observed and expected disagreement on one code.

    Stretches of one coder that overlap are joined, because the coefficient is defined for units that do
    not; stretches that only touch stay two units, and empty ones are none.

    :param coders: for each coder the stretches that carry the code.
    :param begin: where the continuum begins.
    :param length: how many positions it has.
    :raises ValueError: when there are fewer than two coders, or a stretch leaves the continuum.
    """
    if len(coders) < 2:
        raise ValueError(f"agreement on stretches needs two coders or more, not {len(coders)}")
    tiled = [_sections(stretches, begin, length) for stretches in coders]
    apart = sum(
        _apart(one, other) for place, one in enumerate(tiled) for other in tiled[place + 1 :]
    )  # every pair of coders counts in both directions
    observed = 2 * apart / (len(coders) * (len(coders) - 1) * length**2)
    return Disagreement(observed, _expected(tiled, length))


def difference(one: Section, other: Section) -> int:
    """Return the squared difference δ² of two sections of two coders.

    :param one: a unit or gap of one coder.
    :param other: a unit or gap of another.
    :return: for units that overlap the squared distances of their starts and of their ends; for a unit
        inside a gap its squared length; otherwise 0.
    """
    if one.coded and other.coded:
        overlap = one.start < other.end and other.start < one.end
        return (one.start - other.start) ** 2 + (one.end - other.end) ** 2 if overlap else 0
    if one.coded == other.coded:
        return 0
    unit, gap = (one, other) if one.coded else (other, one)
    return unit.length**2 if gap.start <= unit.start and unit.end <= gap.end else 0


def _alpha(parts: Sequence[Disagreement]) -> float | None:
    expected = sum(part.expected for part in parts)
    return 1 - sum(part.observed for part in parts) / expected if expected > 0 else None


def _sections(stretches: Sequence[Stretch], begin: int, length: int) -> list[Section]:
    """Return the units and gaps of one coder: they tile the continuum."""
    sections: list[Section] = []
    reached = begin
    for start, end in _joined(stretches):
        if start < begin or end > begin + length:
            raise ValueError(f"stretch {start}–{end} leaves the continuum {begin}–{begin + length}")
        if start > reached:
            sections.append(Section(reached, start - reached, coded=False))
        sections.append(Section(start, end - start, coded=True))
        reached = end
    if reached < begin + length:
        sections.append(Section(reached, begin + length - reached, coded=False))
    return sections


def _joined(stretches: Sequence[Stretch]) -> list[tuple[int, int]]:
    """Return start and end of the stretches in order, those that overlap joined; empty ones left out."""
    joined: list[tuple[int, int]] = []
    for start, size in sorted(stretches):
        if size <= 0:
            continue
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], start + size))
        else:
            joined.append((start, start + size))
    return joined


def _apart(one: Sequence[Section], other: Sequence[Section]) -> int:
    """Return the summed differences of two coders: only sections that meet can differ, so walk along."""
    total, i, j = 0, 0, 0
    while i < len(one) and j < len(other):
        total += difference(one[i], other[j])
        here, there = one[i].end, other[j].end
        i, j = i + (here <= there), j + (there <= here)
    return total


def _expected(tiled: Sequence[Sequence[Section]], length: int) -> float:
    """Return the disagreement if the units were thrown on the continuum by chance."""
    import numpy as np

    sections = [section for coder in tiled for section in coder]
    units = np.array([float(section.length) for section in sections if section.coded])
    gaps = np.array([float(section.length) for section in sections if not section.coded])
    against_units = (len(units) - 1) / 3 * (2 * units**3 - 3 * units**2 + units)
    against_gaps = units**2 * _room(units, gaps)
    positions = float(len(tiled) * length)
    pairs = positions * (positions - 1) - (units * (units - 1)).sum()
    return float(2 / length * (against_units + against_gaps).sum() / pairs)


def _room(units: NDArray[np.float64], gaps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return for each unit in how many places of all gaps that are large enough it could lie."""
    import numpy as np

    falling = np.sort(gaps)[::-1]
    sums = np.concatenate([[0.0], np.cumsum(falling)])
    enough = len(gaps) - np.searchsorted(falling[::-1], units, side="left")
    result: NDArray[np.float64] = sums[enough] - enough * (units - 1)
    return result
