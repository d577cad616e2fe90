"""Coefficients of two and of many coders: published values, oracles and properties."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from nltk.metrics.agreement import AnnotationTask
from sklearn.metrics import cohen_kappa_score

from kotaku_nlp.coding.coefficients.kappa import (
    bennett_s,
    brennan_prediger,
    cohen_kappa,
    cohen_kappa_table,
    conger_kappa,
    fleiss_kappa,
    gwet_ac1,
    percent_agreement,
    scott_pi,
)
from kotaku_nlp.coding.coefficients.ratings import encode

Pairs = list[tuple[str, str]]
PAIRS = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")), min_size=1, max_size=40)
TWO_CODERS: list[Callable[..., float | None]] = [cohen_kappa, scott_pi, bennett_s]
#: Krippendorff 2011, example C: four coders, twelve units, gaps.
FOUR = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
#: Artstein and Poesio 2008: dialogue acts of two coders.
ACTS = (
    [("stat", "stat")] * 46 + [("stat", "ireq")] * 6 + [("ireq", "ireq")] * 32
    + [("chck", "ireq")] * 6 + [("chck", "chck")] * 10
)  # fmt: skip
FLEISS = [
    [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
]  # fmt: skip


def coders(pairs: Pairs) -> tuple[list[str], list[str]]:
    return [a for a, _ in pairs], [b for _, b in pairs]


def rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def several(pairs: Pairs) -> list[float | None]:
    """Return every coefficient of two coders, the general ones by their way."""
    a, b = coders(pairs)
    general = [percent_agreement([a, b]), gwet_ac1([a, b]), brennan_prediger([a, b]), conger_kappa([a, b])]
    return [coefficient(a, b) for coefficient in TWO_CODERS] + general


def test_cohen_1960() -> None:
    kappa = cohen_kappa_table([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
    assert kappa.value is not None and kappa.se is not None
    assert rounded(kappa.value, 6) == 0.491525
    assert rounded(kappa.se, 6) == 0.051002
    low, high = (kappa.value + side * 1.959964 * kappa.se for side in (-1, 1))
    assert (round(low, 4), round(high, 4)) == (0.3916, 0.5915)


def test_artstein_and_poesio_2008() -> None:
    a, b = coders(ACTS)
    assert rounded(percent_agreement([a, b]), 2) == 0.88
    assert rounded(bennett_s(a, b), 2) == 0.82
    assert rounded(scott_pi(a, b), 5) == 0.79953
    assert rounded(cohen_kappa(a, b), 5) == 0.80132


@pytest.mark.parametrize(("act", "expected"), [("stat", 0.88038), ("ireq", 0.74916), ("chck", 0.73684)])
def test_artstein_and_poesio_one_act_against_the_rest(act: str, expected: float) -> None:
    a, b = coders(ACTS)
    assert rounded(cohen_kappa([x == act for x in a], [y == act for y in b]), 5) == expected


def test_krippendorff_1995_digitised() -> None:
    a, b = "001111111100001111110000", "000011110000000110000000"
    assert rounded(cohen_kappa(a, b), 6) == 0.384615
    assert rounded(scott_pi(a, b), 3) == 0.314


def test_fleiss_of_wikipedia() -> None:
    assert rounded(fleiss_kappa(FLEISS), 6) == 0.209931


@pytest.mark.parametrize(
    ("coefficient", "expected"),
    [
        (percent_agreement, 0.81818),
        (gwet_ac1, 0.77544),
        (conger_kappa, 0.76207),
        (brennan_prediger, 0.77273),
        (lambda ratings: fleiss_kappa(encode(ratings).table()), 0.76117),
    ],
)
def test_many_coders_with_gaps(coefficient: Callable[..., float | None], expected: float) -> None:
    assert rounded(coefficient(FOUR), 5) == expected
    assert rounded(coefficient(FOUR[::-1]), 5) == expected


@given(PAIRS)
def test_nltk_and_scikit_learn_agree(pairs: Pairs) -> None:
    assume(len({label for pair in pairs for label in pair}) > 1)
    a, b = coders(pairs)
    task = AnnotationTask([(c, str(u), v) for c, row in (("1", a), ("2", b)) for u, v in enumerate(row)])
    assert cohen_kappa(a, b) == pytest.approx(task.kappa(), abs=1e-9)
    assert cohen_kappa(a, b) == pytest.approx(cohen_kappa_score(a, b), abs=1e-9)
    assert scott_pi(a, b) == pytest.approx(task.pi(), abs=1e-9)
    assert bennett_s(a, b) == pytest.approx(task.S(), abs=1e-9)
    assert percent_agreement([a, b]) == pytest.approx(task.avg_Ao(), abs=1e-9)


@given(PAIRS, st.permutations("abcd"))
def test_coders_and_labels_may_change_places(pairs: Pairs, names: list[str]) -> None:
    renamed = dict(zip("abcd", names, strict=True))
    turned = [(renamed[b], renamed[a]) for a, b in pairs]
    assert several(turned) == pytest.approx(several(pairs), abs=1e-9)


@given(PAIRS)
def test_for_two_coders_the_general_ways_meet_the_special_ones(pairs: Pairs) -> None:
    a, b = coders(pairs)
    assert conger_kappa([a, b]) == pytest.approx(cohen_kappa(a, b), abs=1e-9)
    assert brennan_prediger([a, b]) == pytest.approx(bennett_s(a, b), abs=1e-9)


@given(st.lists(st.sampled_from("abcd"), min_size=2, max_size=40))
def test_perfect_agreement_is_one_if_two_labels_were_used(labels: list[str]) -> None:
    assume(len(set(labels)) > 1)
    assert several([(label, label) for label in labels]) == pytest.approx([1.0] * 7)


def test_chance_alone_is_near_zero() -> None:
    draw = random.Random(7)
    pairs = [(draw.choice("abcd"), draw.choice("abcd")) for _ in range(4000)]
    percent = several(pairs).pop(len(TWO_CODERS))
    assert percent == pytest.approx(0.25, abs=0.03)
    assert [v for v in several(pairs) if v != percent] == pytest.approx([0.0] * 6, abs=0.04)


def test_a_unit_that_one_coder_left_out_is_left_out() -> None:
    a, b = ["x", "x", "y", None, "z"], ["x", "y", "y", "z", None]
    for coefficient in TWO_CODERS:
        assert coefficient(a, b) == pytest.approx(coefficient(a[:3], b[:3]))


def test_more_labels_to_choose_from_make_chance_smaller() -> None:
    a, b = "xxyy", "xyyy"
    assert bennett_s(a, b) == pytest.approx((0.75 - 1 / 2) / (1 / 2))
    assert bennett_s(a, b, categories=4) == pytest.approx((0.75 - 1 / 4) / (3 / 4))
    assert brennan_prediger([a, b], categories=4) == bennett_s(a, b, categories=4)
    # shares 3/8 and 5/8; two further categories that nobody used
    assert gwet_ac1([a, b], categories=4) == pytest.approx((0.75 - 0.15625) / (1 - 0.15625))
    with pytest.raises(ValueError, match="2 categories occur, more than the 1"):
        gwet_ac1([a, b], categories=1)


@pytest.mark.parametrize("pairs", [[], [("a", "a")] * 3, [("a", None)], [(None, None)]])
def test_what_chance_cannot_explain_is_none(pairs: list[tuple[str | None, str | None]]) -> None:
    a, b = [x for x, _ in pairs], [y for _, y in pairs]
    assert [coefficient(a, b) for coefficient in TWO_CODERS] == [None] * 3
    assert [gwet_ac1([a, b]), brennan_prediger([a, b]), conger_kappa([a, b])] == [None] * 3
    assert percent_agreement([a, b]) == (1.0 if pairs == [("a", "a")] * 3 else None)
    assert cohen_kappa_table(np.zeros((2, 2))).se is None


def test_one_coder_who_uses_one_label_gives_zero_and_not_nothing() -> None:
    assert cohen_kappa("aaaa", "aabb") == pytest.approx(0)
    assert conger_kappa(["aaaa", "aabb", [None] * 4]) == pytest.approx(0)
