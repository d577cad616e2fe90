"""Krippendorff's α and the distances of label sets: published values, nltk, and properties."""

from __future__ import annotations

import random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import jaccard_distance as nltk_jaccard
from nltk.metrics.distance import masi_distance as nltk_masi

from kotaku_nlp.coding.coefficients.alpha import (
    SCALES,
    Distance,
    distance_matrix,
    jaccard_distance,
    krippendorff_alpha,
    masi_distance,
)
from kotaku_nlp.coding.coefficients.kappa import scott_pi

FOUR = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
NO = None
THREE = [
    [NO, NO, NO, NO, NO, 3, 4, 1, 2, 1, 1, 3, 3, NO, 3],
    [1, NO, 2, 1, 3, 3, 4, 3, NO, NO, NO, NO, NO, NO, NO],
    [NO, NO, 2, 1, 3, 4, 4, NO, 2, 1, 1, 3, 3, NO, 4],
]
SETS = [("a", "a"), ("ab", "a"), ("b", "b"), ("c", "c"), ("bc", "c"), ("a", "b"), ("abc", "ab"), ("c", "c")]
LABELS = st.frozensets(st.sampled_from("abc"), max_size=3)
UNITS = st.lists(st.tuples(*[st.one_of(st.none(), st.integers(1, 4))] * 3), min_size=1, max_size=25)


def rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def by_coder(units: list[tuple[int | None, ...]]) -> list[list[int | None]]:
    return [list(row) for row in zip(*units, strict=True)]


def literal_alpha(coders: list[list[int | None]], squared: dict[tuple[int, int], float]) -> float | None:
    """Return α by walking over all pairs of ratings, as the definition reads."""
    units = [[v for v in unit if v is not None] for unit in zip(*coders, strict=True)]
    units = [unit for unit in units if len(unit) > 1]
    pool = [value for unit in units for value in unit]
    observed = sum(squared[v, w] / (len(unit) - 1) for unit in units for v in unit for w in unit)
    expected = sum(squared[v, w] for v in pool for w in pool)
    return 1 - (len(pool) - 1) * observed / expected if expected else None


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("0100000010", "1110010000", 0.095238),
        ("aabbdcccedda", "babbbccceddd", 0.691964),
        ("001111111100001111110000", "000011110000000110000000", 0.328571),
    ],
)
def test_two_coders_of_krippendorff(a: str, b: str, expected: float) -> None:
    assert rounded(krippendorff_alpha([a, b]), 6) == expected


@pytest.mark.parametrize(
    ("cells", "expected", "digits"), [((20, 5, 10, 15), 0.4000, 2), ((50, 100, 50, 800), 0.314629, 6)]
)
def test_two_by_two(cells: tuple[int, int, int, int], expected: float, digits: int) -> None:
    both, only_a, only_b, neither = cells
    a = "1" * (both + only_a) + "0" * (only_b + neither)
    b = "1" * both + "0" * only_a + "1" * only_b + "0" * neither
    assert rounded(krippendorff_alpha([a, b]), digits) == expected


def test_artstein_and_poesio_2008() -> None:
    a = "s" * 52 + "i" * 32 + "c" * 16
    b = "s" * 46 + "i" * 6 + "i" * 32 + "i" * 6 + "c" * 10
    assert rounded(krippendorff_alpha([a, b]), 5) == 0.80053


@pytest.mark.parametrize(
    ("coders", "scale", "expected"),
    [
        (FOUR, "nominal", 0.743421),
        (FOUR, "ordinal", 0.815388),
        (FOUR, "interval", 0.849107),
        (FOUR, "ratio", 0.797403),
        (THREE, "nominal", 0.691358),
        (THREE, "interval", 0.810845),
    ],
)
def test_coders_with_gaps(coders: list[list[int | None]], scale: str, expected: float) -> None:
    assert rounded(krippendorff_alpha(coders, scale), 6) == expected
    assert rounded(krippendorff_alpha(coders[::-1], scale), 6) == expected


@pytest.mark.parametrize(
    ("a", "b", "masi"),
    [("12", "1234", 2 / 3), ("12", "23", 8 / 9), ("1", "2", 1), ("12", "12", 0), ("", "", 0), ("", "1", 1)],
)
def test_masi_distance(a: str, b: str, masi: float) -> None:
    assert masi_distance(frozenset(a), frozenset(b)) == pytest.approx(masi)
    assert masi_distance(frozenset(b), frozenset(a)) == pytest.approx(masi)


@pytest.mark.parametrize(("a", "b", "jaccard"), [("12", "1234", 1 / 2), ("", "", 0), ("", "1", 1)])
def test_jaccard_distance(a: str, b: str, jaccard: float) -> None:
    assert jaccard_distance(frozenset(a), frozenset(b)) == pytest.approx(jaccard)


@pytest.mark.parametrize(("distance", "expected"), [(masi_distance, 0.510050), (jaccard_distance, 0.574899)])
def test_alpha_of_label_sets(distance: Distance, expected: float) -> None:
    coders = [[frozenset(a) for a, _ in SETS], [frozenset(b) for _, b in SETS]]
    assert rounded(krippendorff_alpha(coders, distance), 6) == expected


@given(LABELS, LABELS)
def test_nltk_knows_the_same_distances(a: frozenset[str], b: frozenset[str]) -> None:
    assume(a or b)  # nltk divides by zero there
    assert masi_distance(a, b) == pytest.approx(nltk_masi(a, b))
    assert jaccard_distance(a, b) == pytest.approx(nltk_jaccard(a, b))


@given(st.lists(st.tuples(LABELS.filter(bool), LABELS.filter(bool)), min_size=2, max_size=20))
def test_nltk_knows_the_same_alpha_of_label_sets(pairs: list[tuple[frozenset[str], frozenset[str]]]) -> None:
    assume(len({labels for pair in pairs for labels in pair}) > 1)
    data = [(str(coder), str(unit), v) for unit, pair in enumerate(pairs) for coder, v in enumerate(pair)]
    ours = krippendorff_alpha([[a for a, _ in pairs], [b for _, b in pairs]], masi_distance)
    assert ours == pytest.approx(AnnotationTask(data, distance=nltk_masi).alpha(), abs=1e-9)


def test_an_uncoded_unit_is_a_value_and_counts_as_agreement() -> None:
    coded = [[frozenset("a"), frozenset("b")], [frozenset("a"), frozenset("a")]]
    with_empty = [[*row, frozenset()] for row in coded]
    left_out = [[*row, None] for row in coded]
    lower, higher = (krippendorff_alpha(rows, masi_distance) for rows in (left_out, with_empty))
    assert lower == krippendorff_alpha(coded, masi_distance)
    assert lower is not None and higher is not None and higher > lower


@given(UNITS)
def test_every_scale_is_what_its_definition_says(units: list[tuple[int | None, ...]]) -> None:
    coders = by_coder(units)
    rated = [v for unit in units if sum(v is not None for v in unit) > 1 for v in unit if v is not None]
    n = {value: rated.count(value) for value in range(1, 5)}
    grid = [(v, w) for v in n for w in n]
    definitions = {
        "nominal": {(v, w): float(v != w) for v, w in grid},
        "ordinal": {
            (v, w): (sum(n[g] for g in range(min(v, w), max(v, w) + 1)) - (n[v] + n[w]) / 2) ** 2
            for v, w in grid
        },
        "interval": {(v, w): float((v - w) ** 2) for v, w in grid},
        "ratio": {(v, w): ((v - w) / (v + w)) ** 2 for v, w in grid},
    }
    for scale in SCALES:
        expected = literal_alpha(coders, definitions[scale])
        assert krippendorff_alpha(coders, scale) == pytest.approx(expected, abs=1e-9)


@given(UNITS, st.permutations([1, 2, 3, 4]))
def test_coders_and_labels_may_change_places(units: list[tuple[int | None, ...]], names: list[int]) -> None:
    coders = by_coder(units)
    renamed = [[v if v is None else names[v - 1] for v in row] for row in coders]
    assert krippendorff_alpha(renamed) == pytest.approx(krippendorff_alpha(coders), abs=1e-9)
    for scale in SCALES:
        turned = krippendorff_alpha(coders[::-1], scale)
        assert turned == pytest.approx(krippendorff_alpha(coders, scale), abs=1e-9)


@given(st.lists(st.integers(1, 4), min_size=2, max_size=25).filter(lambda row: len(set(row)) > 1))
def test_perfect_agreement_is_one_if_two_labels_were_used(row: list[int]) -> None:
    assert [krippendorff_alpha([row, row], scale) for scale in SCALES] == pytest.approx([1.0] * 4)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("ab")), min_size=2, max_size=20))
def test_duplicated_units_pull_alpha_down_to_scotts_pi(pairs: list[tuple[str, str]]) -> None:
    assume(len({label for pair in pairs for label in pair}) > 1 and any(a != b for a, b in pairs))
    a, b = [a for a, _ in pairs], [b for _, b in pairs]
    once, twice = krippendorff_alpha([a, b]), krippendorff_alpha([a * 2, b * 2])
    pi = scott_pi(a, b)
    assert once is not None and twice is not None and pi is not None
    assert once > twice > pi
    # 2N values leave (1 − π) / 2N between the two
    assert twice == pytest.approx(pi + (1 - pi) / (4 * len(pairs)))


def test_duplicated_units_as_published() -> None:
    a, b = ["x", "x", "y", "y", "x"], ["x", "x", "y", "y", "y"]
    assert rounded(scott_pi(a, b), 3) == 0.6
    assert rounded(krippendorff_alpha([a, b]), 3) == 0.64
    assert rounded(krippendorff_alpha([a * 10, b * 10]), 3) == 0.604


def test_chance_alone_is_near_zero() -> None:
    draw = random.Random(7)
    coders = [[draw.choice([1, 2, 3, 4]) for _ in range(3000)] for _ in range(2)]
    for scale in SCALES:
        assert krippendorff_alpha(coders, scale) == pytest.approx(0, abs=0.06)


@pytest.mark.parametrize(
    "coders", [[[], []], [["a", "a"], ["a", "a"]], [["a", None], [None, "b"]], [["a", "b"]]]
)
def test_nothing_to_pair_or_nothing_to_tell_apart_is_none(coders: list[list[str | None]]) -> None:
    assert krippendorff_alpha(coders) is None
    assert krippendorff_alpha(coders, lambda a, b: 1.0) is None


def test_a_ratio_of_zero_to_zero_is_no_distance() -> None:
    assert krippendorff_alpha([[0, 1, 2], [0, 1, 2]], "ratio") == 1
    assert distance_matrix([-1, 1], "ratio").tolist() == [[0, 0], [0, 0]]  # their sum measures nothing


def test_an_unknown_scale_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"'rank' is none of nominal, ordinal, interval, ratio"):
        krippendorff_alpha(FOUR, "rank")
