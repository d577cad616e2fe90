"""Saturation: Guest's rule, orders, reasons, groups, and the words for it."""

from __future__ import annotations

import random
from itertools import permutations
from math import sqrt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotaku_nlp.analysis.saturation.guest import NEVER, RULES, Rule, new_themes, orders_of, ratios, reached
from kotaku_nlp.analysis.saturation.mentions import Interviews
from kotaku_nlp.analysis.saturation.tables import (
    Saturation,
    saturation,
    together,
)
from kotaku_nlp.analysis.saturation.words import method_sentences, result_sentences
from kotaku_nlp.columns import TABLES
from kotaku_nlp.messages import LANGUAGES, say

#: For each interview its themes.
Themes = list[set[str]]
#: Whole tables are built for each example; how long that takes on a busy machine is no matter here.
FEW = settings(max_examples=15, deadline=None)
THEMES = st.lists(st.sets(st.sampled_from("abcdefgh")), min_size=1, max_size=10)


def named(themes: Themes) -> tuple[str, ...]:
    return tuple(f"w{number}" for number in range(1, len(themes) + 1))


def held(themes: Themes, group: str = "community") -> Interviews:
    return Interviews(named(themes), {name: frozenset({group}) for name in named(themes)})


def mentions(themes: Themes, group: str = "community") -> pd.DataFrame:
    rows = [
        (name, group, theme) for name, found in zip(named(themes), themes, strict=True) for theme in found
    ]
    return pd.DataFrame(rows, columns=["transcript", "group", "theme"], dtype="string")


def counted(themes: Themes, **more: Any) -> Saturation:
    return saturation("code", "A", mentions(themes), held(themes), **more)


def rows_of(found: Saturation, group: str = "all") -> dict[Rule, dict[str, Any]]:
    own = found.table[found.table["group"] == group].to_dict("records")
    return {Rule(int(told["base"]), int(told["run"]), float(told["threshold"])): told for told in own}


def row(found: Saturation, rule: Rule = RULES[0], group: str = "all") -> dict[str, Any]:
    return rows_of(found, group)[rule]


def curve(found: Saturation, group: str = "all") -> pd.DataFrame:
    return found.curve[found.curve["group"] == group]


def by_hand(themes: Themes, rule: Rule) -> int | None:
    """Guest's rule in plain loops."""
    base = set().union(*themes[: rule.base])
    for before in range(rule.base, len(themes) - rule.run + 1):
        known = set().union(*themes[:before])
        fresh = set().union(*themes[before : before + rule.run]) - known
        if base and len(fresh) / len(base) <= rule.threshold:
            return before
    return None


# --- Guest, Namey and Chen ---------------------------------------------------------------------


def test_the_worked_example_of_the_paper() -> None:
    """37 themes in the base, 7 new ones in interviews 5 and 6: 19 %; how it goes on is ours."""
    new = [20, 9, 5, 3, 4, 3, 1, 0]
    assert [round(ratio, 2) for ratio in ratios(new, base=4, run=2)] == [0.19, 0.11, 0.03]
    assert reached(np.array([new]), Rule(4, 2, 0.05)).tolist() == [6]  # written 6+2
    assert reached(np.array([new]), Rule(4, 2, 0.0)).tolist() == [NEVER]


def test_a_share_of_exactly_the_threshold_is_nothing_new() -> None:
    new = np.array([[20, 0, 0, 0, 1, 0]])
    assert reached(new, Rule(4, 2, 0.05)).tolist() == [4]
    assert reached(new, Rule(4, 2, 0.0)).tolist() == [NEVER]


def test_too_few_interviews_for_a_run_give_no_ratio() -> None:
    assert ratios([3, 1, 1], base=4, run=2).size == 0
    assert reached(np.array([[3, 1, 1, 0, 0]]), Rule(4, 2, 0.05)).tolist() == [NEVER]


@FEW
@given(THEMES)
def test_the_rules_are_what_plain_loops_give(themes: Themes) -> None:
    for rule, judged in rows_of(counted(themes, orders=5)).items():
        assert (None if pd.isna(judged["reached"]) else judged["reached"]) == by_hand(themes, rule)


def test_every_rule_has_its_row() -> None:
    found = counted([{"a"}] * 9)
    assert list(rows_of(found)) == list(rows_of(found, "community")) == list(RULES)
    assert len(found.table) == 2 * len(RULES)


@FEW
@given(
    st.sets(st.sampled_from("abcdefgh"), min_size=1),
    st.lists(st.sets(st.sampled_from("ab")), min_size=8, max_size=10),
)
def test_all_themes_in_the_first_interview_are_saturation_at_once(first: set[str], later: Themes) -> None:
    found = counted([first | {"a", "b"}, *later], orders=20)
    for rule, judged in rows_of(found).items():
        assert (judged["reached"], judged["ratio"]) == (rule.base, 0)


# --- orders ------------------------------------------------------------------------------------


@FEW
@given(THEMES, st.randoms())
def test_the_order_of_rows_makes_no_difference(themes: Themes, shuffle: random.Random) -> None:
    rows = mentions(themes)
    mixed = rows.iloc[shuffle.sample(range(len(rows)), len(rows))]
    a, b = counted(themes, orders=50), saturation("code", "A", mixed, held(themes), orders=50)
    pd.testing.assert_frame_equal(a.table, b.table)
    pd.testing.assert_frame_equal(a.curve, b.curve)


@FEW
@given(THEMES)
def test_the_curve_only_rises_and_its_band_holds_together(themes: Themes) -> None:
    found = curve(counted(themes, orders=50))
    assert found["interview"].tolist() == list(range(1, len(themes) + 1))
    assert (found["new"] >= 0).all()
    assert found["seen"].tolist() == found["new"].cumsum().tolist()
    assert (found["low"] <= found["median"]).all() and (found["median"] <= found["high"]).all()
    for bound in ("seen", "low", "median", "high"):
        assert found[bound].is_monotonic_increasing
        assert found[bound].iloc[-1] == len(set().union(*themes))


@FEW
@given(st.sets(st.sampled_from("abcdef"), min_size=1), st.integers(1, 9))
def test_identical_interviews_have_a_band_without_width(themes: set[str], interviews: int) -> None:
    found = counted([themes] * interviews, orders=50)
    points = curve(found)
    assert (points["low"] == points["high"]).all()
    assert points["median"].tolist() == [len(themes)] * interviews
    for rule, judged in rows_of(found).items():
        if interviews >= rule.fewest:
            assert judged["reached_low"] == judged["reached_median"] == judged["reached_high"] == rule.base
            assert judged["share_reached"] == 1


@FEW
@given(st.lists(st.sets(st.sampled_from("abcdefgh")), min_size=6, max_size=6))
def test_few_interviews_are_put_into_every_order(themes: Themes) -> None:
    """720 orders, by plain loops."""
    judged = row(counted(themes))
    every = [by_hand(list(order), RULES[0]) for order in permutations(themes)]
    assert judged["n_orders"] == 720
    if not set().union(*themes):
        assert judged["reason"] == "saturation_reason_no_theme"
        return
    assert judged["share_reached"] == pytest.approx(sum(point is not None for point in every) / 720)
    late = sorted(99 if point is None else point for point in every)
    for column, place in (("reached_low", 18), ("reached_median", 360), ("reached_high", 702)):
        assert (99 if pd.isna(judged[column]) else judged[column]) == late[place - 1]


def test_the_band_does_not_depend_on_the_order_held() -> None:
    themes = [{chr(97 + n), chr(98 + n // 2)} for n in range(10)]
    turned = Interviews(tuple(reversed(named(themes))), held(themes).groups)
    a = counted(themes, seed=3)
    b = saturation("code", "A", mentions(themes), turned, seed=3)
    assert row(a)["n_orders"] == 1000
    for column in ("low", "median", "high"):
        assert curve(a)[column].tolist() == curve(b)[column].tolist()
    assert curve(a)["transcript"].tolist() == curve(b)["transcript"].tolist()[::-1]


def test_a_seed_gives_the_same_orders_and_another_seed_others() -> None:
    first = orders_of(30, 100, np.random.default_rng(1))
    assert (first == orders_of(30, 100, np.random.default_rng(1))).all()
    assert (first != orders_of(30, 100, np.random.default_rng(2))).any()
    assert (np.sort(first, axis=1) == np.arange(30)).all()


def test_orders_are_each_as_likely() -> None:
    drawn = orders_of(7, 5000, np.random.default_rng(0))
    share = (drawn[:, 0][:, None] == np.arange(7)).mean(axis=0)
    assert np.abs(share - 1 / 7).max() < 5 * sqrt(1 / 7 * 6 / 7 / 5000)
    assert len(np.unique(orders_of(5, 1000, np.random.default_rng(0)), axis=0)) == 120


def test_new_themes_follow_the_order_given() -> None:
    heard = np.array([[True, False, True], [True, True, False], [False, False, True]])
    assert new_themes(heard, np.array([[0, 1, 2], [2, 1, 0]])).tolist() == [[2, 1, 0], [1, 2, 0]]


def test_an_order_that_never_gets_there_counts_as_late() -> None:
    """Of six interviews one is rich: held fifth or sixth, it spoils the only run."""
    found = row(counted([{"a"}] * 5 + [set("abcdefg")]))
    assert pd.isna(found["reached"]) and found["reason"] == "saturation_reason_not_reached"
    assert found["ratio"] == 6
    assert found["share_reached"] == pytest.approx(4 / 6)
    assert found["reached_median"] == 4 and pd.isna(found["reached_high"])


# --- reasons -----------------------------------------------------------------------------------


def test_too_few_interviews_are_not_judged() -> None:
    judged = row(counted([{"a", "b"}, {"c"}, {"a"}, set(), {"a"}]))
    assert judged["reason"] == "saturation_reason_too_few"
    empty = ("reached", "reached_low", "reached_median", "reached_high", "share_reached", "ratio",
             "chao2", "chao2_low", "chao2_high", "coverage")  # fmt: skip
    assert all(pd.isna(judged[column]) for column in empty)
    assert (judged["n_interviews"], judged["n_themes"]) == (5, 3)


def test_each_rule_needs_its_own_number_of_interviews() -> None:
    found = counted([{"a", "b"}, {"b"}, {"a"}, {"a"}, {"a"}, {"b"}])
    assert row(found)["reached"] == 4
    assert row(found, Rule(6, 3, 0.05))["reason"] == "saturation_reason_too_few"
    assert row(found, Rule(6, 3, 0.05))["chao2"] == row(found)["chao2"] == 2


def test_a_base_without_themes_has_nothing_to_compare_with() -> None:
    judged = row(counted([set()] * 4 + [{"a"}, {"b"}]))
    assert judged["reason"] == "saturation_reason_empty_base"
    assert pd.isna(judged["reached"]) and pd.isna(judged["ratio"])


def test_no_theme_at_all() -> None:
    judged = row(counted([set()] * 8))
    assert judged["reason"] == "saturation_reason_no_theme"
    assert judged["n_themes"] == 0 and pd.isna(judged["chao2"])


def test_no_interview_gives_empty_tables_of_the_same_shape() -> None:
    for found in (counted([]), together([])):
        assert found.table.empty and found.curve.empty
        assert found.table.dtypes.astype(str).to_dict() == TABLES["saturation"]
        assert found.curve.dtypes.astype(str).to_dict() == TABLES["saturation_curve"]


def test_a_reason_stands_exactly_where_nothing_is_reached() -> None:
    found = together([counted([{"a"}] * 9), counted([set(chr(97 + n)) for n in range(9)])]).table
    assert (found["reason"].isna() == found["reached"].notna()).all()
    assert found["reason"].notna().any() and found["reason"].isna().any()
    assert found.dtypes.astype(str).to_dict() == TABLES["saturation"]
    for reason in found["reason"].dropna().unique():
        assert all(say(reason, lang) for lang in LANGUAGES)


# --- groups ------------------------------------------------------------------------------------


def test_a_focus_group_counts_for_each_group_that_speaks_in_it() -> None:
    both = Interviews(
        ("w1", "w2"), {"w1": frozenset({"government", "community"}), "w2": frozenset({"community"})}
    )
    rows = [("w1", "government", "a"), ("w1", "community", "b"), ("w2", "community", "c")]
    found = saturation("topic", "", pd.DataFrame(rows, columns=["transcript", "group", "theme"]), both)
    assert found.table["group"].unique().tolist() == ["all", "government", "community"]
    assert curve(found)["seen"].tolist() == [2, 3]
    assert curve(found, "government")["seen"].tolist() == [1]
    assert curve(found, "community")[["transcript", "seen"]].to_numpy().tolist() == [["w1", 1], ["w2", 2]]


def test_least_passages_make_a_theme_heard() -> None:
    rows = pd.concat([mentions([{"a", "b"}, {"b"}]), mentions([{"a"}, set()])])
    found = saturation("code", "A", rows, held([set(), set()]), least=2)
    assert curve(found)["seen"].tolist() == [1, 1]
    assert row(found)["n_themes"] == 1


def test_a_framework_bounds_the_estimate() -> None:
    themes: Themes = [set(chr(97 + n)) for n in range(8)]
    free, bound = row(counted(themes)), row(counted(themes, possible=10))
    assert free["chao2"] > 10
    assert bound["chao2"] == bound["chao2_high"] == 10
    assert bound["coverage"] == free["coverage"]
    assert row(counted(themes, possible=3))["chao2"] == 8  # never below what was heard


# --- words -------------------------------------------------------------------------------------


def told(found: Saturation, lang: str = "id", **more: str) -> str:
    return " ".join(result_sentences(found.table, "code", "A", lang, **more))


def test_the_sentences_name_the_point_and_what_is_unheard() -> None:
    found = counted([{"a", "b", "c"}, {"d"}, {"a"}, {"a"}, {"e"}, {"a"}, {"b"}, {"b"}])
    said = told(found, title="Ibu Rani")
    assert "Kode dari Ibu Rani: terdengar 5 tema dalam 8 wawancara" in said
    assert "setelah 5 wawancara (5+2)" in said
    assert "1.000 urutan" in said and "belum terdengar (Chao2" in said
    english = told(found, "en")
    assert "Codes given by A: 5 themes" in english and "(5+2)" in english and "1,000 orders" in english


def test_the_band_is_told_as_far_as_it_goes() -> None:
    assert "95%: 4 sampai belum tercapai" in told(counted([{"a"}] * 5 + [set("abcdefg")]))
    assert "tercapai hanya pada 0% urutan" in told(counted([set(chr(97 + n)) for n in range(8)]))


def test_nothing_unheard_is_said_without_noughts() -> None:
    assert "Tidak ada tanda" in told(counted([{"a", "b"}] * 20))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("themes", "word"),
    [
        ([{"a"}] * 3, {"id": "terlalu sedikit", "en": "too few"}),
        ([set()] * 7, {"id": "tidak ada tema", "en": "no theme"}),
        ([set()] * 4 + [{"a"}, {"b"}], {"id": "belum dapat dinilai", "en": "cannot be judged"}),
        ([set(chr(97 + n)) for n in range(8)], {"id": "belum tercapai", "en": "not reached"}),
        ([{"a"}] * 7, {"id": "tercapai setelah 4", "en": "reached after 4"}),
    ],
)
def test_every_outcome_has_its_words(themes: Themes, word: dict[str, str], lang: str) -> None:
    said = told(counted(themes), lang)
    assert word[lang] in said
    assert "None" not in said and "nan" not in said and "<NA>" not in said


def test_a_share_above_the_threshold_is_not_rounded_onto_it() -> None:
    themes = [{f"t{n}" for n in range(37)}, set(), set(), set(), {"x", "y"}, set()]
    assert "5,4%" in told(counted(themes))
    assert "5.4%" in told(counted(themes), "en")


def test_groups_are_told_when_there_are_two() -> None:
    one = counted([{"a"}] * 7)
    assert "Per kelompok" not in told(one)
    groups = {f"w{n}": frozenset({"community" if n < 8 else "government"}) for n in range(1, 10)}
    rows = mentions([{"a"}] * 7)
    two = saturation("code", "A", rows, Interviews(tuple(groups), groups))
    assert "Per kelompok: Pemerintah terlalu sedikit" in told(two)
    assert "Masyarakat 4+2" in told(two)


def test_the_method_says_what_saturation_is_not() -> None:
    codes = counted([{"a"}] * 7)
    said = " ".join(method_sentences(codes.table, "id"))
    assert "Guest, Namey, dan Chen (2020)" in said and "kejenuhan makna" in said and "5%" in said
    assert "nama berkas" in said and "Topik dibentuk" not in said
    topics = saturation("topic", "", mentions([{"a"}] * 7), held([{"a"}] * 7))
    both = " ".join(method_sentences(together([codes, topics]).table, "en"))
    assert "core passages" in both and "suggested by the machine" not in both
    assert method_sentences(together([]).table, "id") == ()
    assert result_sentences(codes.table, "topic", "", "id") == ()
