"""Ratings: values of any kind become places in a list, and gaps stay gaps."""

from __future__ import annotations

import pytest

from kotaku_nlp.coding.coefficients.ratings import MISSING, encode


def test_values_stand_in_the_order_in_which_they_occur() -> None:
    ratings = encode([["dialog", "percaya", None], ["percaya", float("nan"), "dialog"]])
    assert ratings.values == ("dialog", "percaya")
    assert ratings.codes.tolist() == [[0, 1, MISSING], [1, MISSING, 0]]


def test_the_table_counts_coders_by_unit_and_value() -> None:
    table = encode([["a", "a", None], ["a", "b", None], ["b", None, None]]).table()
    assert table.tolist() == [[2, 1], [1, 1], [0, 0]]


def test_an_empty_set_is_a_value_and_not_a_gap() -> None:
    ratings = encode([[frozenset(), frozenset("a")], [frozenset(), None]])
    assert ratings.values == (frozenset(), frozenset("a"))
    assert ratings.table().tolist() == [[2, 0], [0, 1]]


@pytest.mark.parametrize(("rows", "lengths"), [([[1, 2], [1]], r"\[1, 2\]"), ([], r"\[\]")])
def test_coders_with_unequal_units_are_refused(rows: list[list[int]], lengths: str) -> None:
    with pytest.raises(ValueError, match=lengths):
        encode(rows)
