from __future__ import annotations

import pytest

from kotaku_nlp.report.labels import Labels, in_order


@pytest.mark.parametrize(
    ("lang", "value", "said"),
    [("id", 0.314, "+0,31"), ("en", -0.5, "−0.50"), ("id", -0.001, "0,00"), ("en", 0.0, "0.00")],
)
def test_numbers_are_written_as_each_language_writes_them(lang, value, said):
    assert Labels(lang).number(value, sign=True) == said


def test_counts_part_their_thousands():
    assert Labels("id").count(12_040) == "12.040"
    assert Labels("en").count(12_040) == "12,040"


def test_groups_keep_their_order_and_a_users_own_group_is_not_lost():
    assert in_order({"all", "koperasi", "unknown", "community", "government"}) == [
        "government", "community", "unknown", "koperasi", "all",
    ]  # fmt: skip
    assert Labels("id").name("group", "koperasi") == "koperasi"
