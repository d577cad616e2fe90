"""The 2×2 table of one code: published values, properties, and None where nothing can be said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score, f1_score

from kotaku_nlp.coding.coefficients import counts as counts_module
from kotaku_nlp.coding.coefficients.counts import FEWEST_POSITIVES, Counts, undefined_reason
from kotaku_nlp.messages import say

NAMES = ("percent", "p_pos", "p_neg", "kappa", "scott_pi", "ac1", "pabak")
CELL = st.integers(0, 60)
TABLES = st.builds(Counts, CELL, CELL, CELL, CELL)


def values(counts: Counts) -> dict[str, float | None]:
    return {name: getattr(counts, name) for name in NAMES}


def labels(counts: Counts) -> tuple[list[int], list[int]]:
    a = [1] * (counts.both + counts.only_a) + [0] * (counts.only_b + counts.neither)
    b = [1] * counts.both + [0] * counts.only_a + [1] * counts.only_b + [0] * counts.neither
    return a, b


@pytest.mark.parametrize(
    ("cells", "name", "expected"),
    [
        ((20, 5, 10, 15), "percent", "0.70"),
        ((20, 5, 10, 15), "kappa", "0.4000"),
        ((20, 5, 10, 15), "kappa_se", "0.126996"),
        ((20, 5, 10, 15), "ac1", "0.405941"),
        ((20, 5, 10, 15), "pabak", "0.40"),
        ((45, 15, 25, 15), "kappa", "0.130435"),
        ((25, 35, 5, 35), "kappa", "0.259259"),
        ((45, 15, 25, 15), "ac1", "0.266055"),
        ((25, 35, 5, 35), "ac1", "0.207921"),
        ((45, 15, 25, 15), "pabak", "0.20"),
        ((25, 35, 5, 35), "pabak", "0.20"),
        ((40, 9, 6, 45), "percent", "0.85"),
        ((80, 10, 5, 5), "percent", "0.85"),
        ((40, 9, 6, 45), "kappa", "0.699519"),
        ((80, 10, 5, 5), "kappa", "0.318182"),
        ((40, 9, 6, 45), "ac1", "0.700748"),
        ((80, 10, 5, 5), "ac1", "0.808000"),
        ((50, 100, 50, 800), "percent", "0.85"),
        ((50, 100, 50, 800), "kappa", "0.318182"),
        ((50, 75, 75, 800), "kappa", "0.314286"),
        ((50, 150, 0, 800), "kappa", "0.347826"),
        ((50, 100, 50, 800), "ac1", "0.808"),
    ],
)
def test_published_values(cells: tuple[int, int, int, int], name: str, expected: str) -> None:
    digits = len(expected.partition(".")[2])
    assert f"{getattr(Counts(*cells), name):.{digits}f}" == expected


def test_published_interval_of_kappa() -> None:
    """20, 5, 10, 15: the 95 % interval is printed as 0.1511 to 0.6489."""
    counts = Counts(20, 5, 10, 15)
    assert counts.kappa is not None and counts.kappa_se is not None
    low, high = (counts.kappa + side * 1.959964 * counts.kappa_se for side in (-1, 1))
    assert (f"{low:.4f}", f"{high:.4f}") == ("0.1511", "0.6489")


def test_prevalence_and_bias_tell_how_often_and_who_more() -> None:
    counts = Counts(both=6, only_a=3, only_b=1, neither=10)
    assert counts.n == 20
    assert counts.prevalence == pytest.approx(16 / 40)
    assert counts.bias == pytest.approx(2 / 20)
    assert Counts(6, 1, 3, 10).bias == pytest.approx(-2 / 20)


@given(TABLES)
def test_scikit_learn_agrees(counts: Counts) -> None:
    assume(undefined_reason(counts) not in ("agree_reason_no_units", "agree_reason_one_category"))
    a, b = labels(counts)
    assert counts.kappa == pytest.approx(cohen_kappa_score(a, b), abs=1e-12)
    assert counts.p_pos == pytest.approx(f1_score(a, b, zero_division=np.nan))
    assert counts.p_neg == pytest.approx(f1_score(a, b, pos_label=0, zero_division=np.nan))


@given(TABLES)
def test_neither_the_order_of_coders_nor_the_names_of_answers_matter(counts: Counts) -> None:
    swapped = Counts(counts.both, counts.only_b, counts.only_a, counts.neither)
    assert values(swapped) == pytest.approx(values(counts), nan_ok=False)
    turned = Counts(counts.neither, counts.only_b, counts.only_a, counts.both)
    for name in ("percent", "kappa", "scott_pi", "ac1", "pabak"):
        assert getattr(turned, name) == pytest.approx(getattr(counts, name), abs=1e-12)
    assert (turned.p_pos, turned.p_neg) == (counts.p_neg, counts.p_pos)


@given(st.integers(1, 60), st.integers(1, 60))
def test_perfect_agreement_is_one(both: int, neither: int) -> None:
    counts = Counts(both, 0, 0, neither)
    assert values(counts) == pytest.approx(dict.fromkeys(NAMES, 1.0))
    assert counts.kappa_se == pytest.approx(0, abs=1e-9)


@given(TABLES, st.integers(1, 500))
def test_units_that_nobody_coded_raise_percent_and_ac1_and_leave_p_pos(counts: Counts, more: int) -> None:
    assume(counts.only_a + counts.only_b > 0)
    wider = Counts(counts.both, counts.only_a, counts.only_b, counts.neither + more)
    assert counts.percent is not None and wider.percent is not None
    assert wider.percent > counts.percent
    assert wider.p_pos == counts.p_pos
    if counts.prevalence is not None and counts.prevalence <= 0.5:
        assert counts.ac1 is not None and wider.ac1 is not None
        assert wider.ac1 > counts.ac1


@pytest.mark.parametrize(
    ("cells", "unknown"),
    [
        ((0, 0, 0, 0), {*NAMES, "kappa_se", "prevalence", "bias"}),
        ((0, 0, 0, 9), {"p_pos", "kappa", "kappa_se", "scott_pi"}),
        ((9, 0, 0, 0), {"p_neg", "kappa", "kappa_se", "scott_pi"}),
        ((0, 3, 0, 9), set()),
    ],
)
def test_what_is_undefined_is_none_and_never_nan(cells: tuple[int, int, int, int], unknown: set[str]) -> None:
    counts = Counts(*cells)
    found = {name: getattr(counts, name) for name in (*NAMES, "kappa_se", "prevalence", "bias")}
    assert {name for name, value in found.items() if value is None} == unknown
    assert all(value is None or np.isfinite(value) for value in found.values())


@given(st.lists(TABLES, min_size=1, max_size=8))
def test_an_array_of_tables_gives_what_each_table_gives(tables: list[Counts]) -> None:
    cells = [[getattr(t, name) for t in tables] for name in ("both", "only_a", "only_b", "neither")]
    for name in NAMES:
        many = getattr(counts_module, f"{name}_many")(*cells)
        single = [getattr(table, name) for table in tables]
        assert many.shape == (len(tables),)
        assert [None if np.isnan(value) else value for value in many.tolist()] == single


@pytest.mark.parametrize(
    ("cells", "key"),
    [
        ((0, 0, 0, 0), "agree_reason_no_units"),
        ((0, 0, 0, 40), "agree_reason_one_category"),
        ((40, 0, 0, 0), "agree_reason_one_category"),
        ((FEWEST_POSITIVES - 1, 9, 0, 40), "agree_reason_few_positives"),
        ((FEWEST_POSITIVES - 2, 1, 9, 40), "agree_reason_few_positives"),
        ((FEWEST_POSITIVES - 1, 1, 1, 40), None),
        ((FEWEST_POSITIVES, 0, 0, 40), None),
    ],
)
def test_the_reason_why_no_coefficient_is_shown(cells: tuple[int, int, int, int], key: str | None) -> None:
    assert undefined_reason(Counts(*cells)) == key
    if key is not None:
        assert say(key, "id") != say(key, "en")
