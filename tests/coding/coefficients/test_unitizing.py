"""Krippendorff's α_u: the worked example of the book, and the definition written out."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotaku_nlp.coding.coefficients.unitizing import (
    Section,
    Stretch,
    alpha_u,
    alpha_u_code,
    difference,
    disagreement,
)

#: Krippendorff 2004, p. 254: a continuum from 150, 300 long, two coders, codes c and k.
BEGIN, LENGTH = 150, 300
I_CODER = {"c": [(225, 70), (370, 30)], "k": [(180, 60), (300, 50)]}
J_CODER = {"c": [(220, 80), (355, 20), (400, 20)], "k": [(180, 60), (300, 50)]}
SIZE = 60


@st.composite
def codings(draw: st.DrawFn) -> list[Stretch]:
    """Draw stretches of one coder that do not overlap but may touch, on a continuum from 0 to SIZE."""
    cuts = sorted(draw(st.sets(st.integers(0, SIZE), max_size=8)))
    pieces = list(pairwise(cuts))
    kept = draw(st.lists(st.booleans(), min_size=len(pieces), max_size=len(pieces)))
    return [(start, end - start) for (start, end), keep in zip(pieces, kept, strict=True) if keep]


def literal_sections(stretches: list[Stretch]) -> list[tuple[int, int, bool]]:
    """Return start, end, coded of units and gaps."""
    units = [(start, start + size, True) for start, size in stretches]
    free = [p for p in range(SIZE) if not any(start <= p < end for start, end, _ in units)]
    starts = [p for p in free if p - 1 not in free]
    ends = [p + 1 for p in free if p + 1 not in free]
    return units + [(start, end, False) for start, end in zip(starts, ends, strict=True)]


def literal_disagreement(coders: list[list[Stretch]]) -> tuple[float, float]:
    """Return observed and expected disagreement by the sums of the book, every section against every one."""
    tiled = [literal_sections(stretches) for stretches in coders]
    m, observed = len(tiled), 0
    for i, ours in enumerate(tiled):
        for j, theirs in enumerate(tiled):
            for b, e, w in ours if i != j else []:
                for b2, e2, w2 in theirs:
                    if w and w2 and b < e2 and b2 < e:
                        observed += (b - b2) ** 2 + (e - e2) ** 2
                    elif w and not w2 and b2 <= b and e <= e2:
                        observed += (e - b) ** 2
                    elif w2 and not w and b <= b2 and e2 <= e:
                        observed += (e2 - b2) ** 2
    lengths = [(e - b, w) for sections in tiled for b, e, w in sections]
    units, gaps = [n for n, w in lengths if w], [n for n, w in lengths if not w]
    top = sum(
        (len(units) - 1) / 3 * (2 * n**3 - 3 * n**2 + n) + n**2 * sum(g - n + 1 for g in gaps if g >= n)
        for n in units
    )
    bottom = m * SIZE * (m * SIZE - 1) - sum(n * (n - 1) for n in units)
    return observed / (m * (m - 1) * SIZE**2), 2 / SIZE * top / bottom


def test_krippendorff_2004_both_codes() -> None:
    """The book prints .8591 from rounded parts; unrounded it is .8587."""
    found = alpha_u([I_CODER, J_CODER], BEGIN, LENGTH)
    assert found is not None and round(found, 4) == 0.8587


@pytest.mark.parametrize(
    ("code", "observed", "expected", "alpha"), [("c", 0.0144, 0.0532, 0.7286), ("k", 0.0, 0.0490, 1.0)]
)
def test_krippendorff_2004_each_code(code: str, observed: float, expected: float, alpha: float) -> None:
    coders = [I_CODER[code], J_CODER[code]]
    parts = disagreement(coders, BEGIN, LENGTH)
    assert (round(parts.observed, 4), round(parts.expected, 4)) == (observed, expected)
    assert alpha_u_code(coders, BEGIN, LENGTH) == pytest.approx(alpha, abs=5e-5)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Section(225, 70, True), Section(220, 80, True), 50),
        (Section(370, 30, True), Section(355, 20, True), 850),
        (Section(400, 50, False), Section(400, 20, True), 400),
        (Section(400, 20, True), Section(400, 50, False), 400),
        (Section(400, 20, True), Section(401, 50, False), 0),  # reaches out of the gap
        (Section(100, 20, True), Section(120, 20, True), 0),  # touch, and do not overlap
        (Section(100, 50, False), Section(120, 50, False), 0),
    ],
)
def test_difference_of_two_sections(one: Section, other: Section, expected: int) -> None:
    assert difference(one, other) == expected
    assert difference(other, one) == expected


@given(st.lists(codings(), min_size=2, max_size=4))
def test_the_short_way_is_the_definition(coders: list[list[Stretch]]) -> None:
    parts = disagreement(coders, 0, SIZE)
    assert (parts.observed, parts.expected) == pytest.approx(literal_disagreement(coders))


@given(st.lists(codings(), min_size=2, max_size=3), st.integers(0, 500))
def test_order_of_coders_and_place_of_the_continuum_do_not_matter(
    coders: list[list[Stretch]], shift: int
) -> None:
    moved = [[(start + shift, size) for start, size in stretches[::-1]] for stretches in coders[::-1]]
    found, expected = alpha_u_code(moved, shift, SIZE), alpha_u_code(coders, 0, SIZE)
    assert found == pytest.approx(expected)


@given(codings().filter(bool), codings())
def test_the_same_stretches_are_one(first: list[Stretch], second: list[Stretch]) -> None:
    same = {"x": first, "y": second}
    assert alpha_u([same, same], 0, SIZE) == pytest.approx(1)


@given(codings(), codings())
def test_names_and_order_of_codes_do_not_matter(first: list[Stretch], second: list[Stretch]) -> None:
    found = alpha_u([{"x": first, "y": second}, {"x": second}], 0, SIZE)
    assert found == pytest.approx(alpha_u([{"b": second, "a": first}, {"a": second}], 0, SIZE))


def test_a_code_that_one_coder_never_used_counts_against_both() -> None:
    alone = alpha_u([{"x": [(0, 20)], "y": [(30, 10)]}, {"x": [(0, 20)]}], 0, SIZE)
    assert alone is not None and alone < 1
    assert alone == alpha_u([{"x": [(0, 20)], "y": [(30, 10)]}, {"x": [(0, 20)], "y": []}], 0, SIZE)


def test_overlapping_stretches_of_one_coder_are_joined_and_touching_ones_are_not() -> None:
    other = [(5, 20)]
    overlapping = alpha_u_code([[(5, 12), (10, 15), (7, 2)], other], 0, SIZE)
    touching = alpha_u_code([[(5, 12), (17, 8)], other], 0, SIZE)
    assert overlapping == 1
    assert touching is not None and touching < 1


def test_an_empty_stretch_is_no_unit() -> None:
    with_empty = alpha_u_code([[(3, 0), (10, 20)], [(5, 20)]], 0, SIZE)
    assert with_empty == alpha_u_code([[(10, 20)], [(5, 20)]], 0, SIZE)


def test_nothing_coded_is_none() -> None:
    assert alpha_u([{}, {}], 0, SIZE) is None
    assert alpha_u_code([[], [(3, 0)]], 0, SIZE) is None


@pytest.mark.parametrize("stretch", [(9, 5), (55, 10)])
def test_a_stretch_outside_the_continuum_is_refused(stretch: Stretch) -> None:
    with pytest.raises(ValueError, match=rf"stretch {stretch[0]}–{sum(stretch)} leaves the continuum 10–60"):
        alpha_u_code([[stretch], []], 10, 50)


def test_one_coder_alone_is_refused() -> None:
    with pytest.raises(ValueError, match="two coders or more, not 1"):
        alpha_u_code([[(0, 5)]], 0, SIZE)
