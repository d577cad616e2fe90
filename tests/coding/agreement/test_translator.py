"""What other tools would print for the same codings."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotaku_nlp.coding.agreement.marks import Book, Mark, Marks, Stretch
from kotaku_nlp.coding.agreement.translator import COLUMNS, TOOLS, qualcoder_kappa, sources_of, translate
from kotaku_nlp.coding.coefficients.counts import Counts

TEXT = "x" * 1000
NAMES = ("w1", "w2")
BOOK = Book(
    {"w1": TEXT, "w2": TEXT[:500]},
    {"w1": (Stretch(1, 0, 1000),), "w2": (Stretch(1, 0, 500),)},
    frozenset(NAMES),
)


def marks(coder: str, *spans: tuple[str, int, int, str], read: tuple[str, ...] = ("w1",)) -> Marks:
    return Marks(coder, tuple(sorted((Mark(*span) for span in spans), key=str)), frozenset(read))


def value(table: pd.DataFrame, tool: str, measure: str, code: str | None = "k") -> float:
    own = table[(table["tool"] == tool) & (table["measure"] == measure)]
    own = own[own["code"].isna()] if code is None else own[own["code"] == code]
    return float(own["value"].item())


@pytest.mark.parametrize(
    ("a_ends", "b_starts", "b_ends", "kappa"),
    [(150, 100, 200, 0.318182), (125, 75, 200, 0.314286), (200, 150, 200, 0.347826)],
)
def test_nvivo_prints_what_its_own_example_gives(
    a_ends: int, b_starts: int, b_ends: int, kappa: float
) -> None:
    """1,000 characters, 50 coded by both and 150 by one: 85 % (how the 150 are split is not told)."""
    table = translate(marks("a", ("w1", 0, a_ends, "k")), marks("b", ("w1", b_starts, b_ends, "k")), BOOK)
    for way in ("by_length", "equal"):
        assert value(table, "nvivo", f"percent_{way}") == pytest.approx(0.85)
        assert value(table, "nvivo", f"kappa_{way}") == pytest.approx(kappa, abs=1e-6)


def test_nvivo_averages_sources_by_length_or_alike() -> None:
    one = marks("a", ("w1", 0, 100, "k"), ("w2", 0, 100, "k"), read=NAMES)
    other = marks("b", ("w1", 0, 100, "k"), ("w2", 100, 200, "k"), read=NAMES)
    table = translate(one, other, BOOK)
    second = -0.25  # percent .6, by chance .68
    assert value(table, "nvivo", "kappa_equal") == pytest.approx((1 + second) / 2)
    assert value(table, "nvivo", "kappa_by_length") == pytest.approx((1000 + 500 * second) / 1500)
    assert value(table, "nvivo", "percent_equal") == pytest.approx((1 + 0.6) / 2)


def test_an_average_over_sources_without_the_code_is_not_confirmed() -> None:
    one = marks("a", ("w1", 0, 100, "k"), read=NAMES)
    table = translate(one, one, BOOK)
    kappas = table[table["measure"] == "kappa_equal"]
    assert kappas["value"].tolist() == [1.0] and not kappas["confirmed"].item()
    assert table.loc[table["measure"] == "percent_equal", "confirmed"].item()


@pytest.mark.parametrize(
    ("counts", "printed"), [(Counts(50, 75, 75, 800), 0.21), (Counts(40, 10, 10, 940), 0.66)]
)
def test_qualcoder_prints_its_own_formula(counts: Counts, printed: float) -> None:
    kappa = qualcoder_kappa(counts)
    assert kappa is not None and round(kappa, 2) == printed
    assert counts.kappa is not None and counts.kappa > kappa


@given(st.integers(0, 90), st.integers(0, 90), st.integers(0, 90), st.integers(0, 900))
def test_qualcoder_never_looks_at_what_nobody_coded(both: int, a: int, b: int, neither: int) -> None:
    kappa = qualcoder_kappa(Counts(both, a, b, neither))
    assert kappa == qualcoder_kappa(Counts(both, a, b, 0))
    assert (kappa is None) == (both + a + b == 0)
    assert kappa is None or kappa <= 1


def test_maxqda_sees_presence_and_overlap() -> None:
    one = marks("a", ("w1", 0, 100, "k"), ("w2", 0, 100, "k"), ("w1", 300, 400, "m"), read=NAMES)
    other = marks("b", ("w1", 0, 95, "k"), ("w1", 300, 380, "m"), read=NAMES)
    table = translate(one, other, BOOK)
    assert value(table, "maxqda", "presence_percent") == 0.5
    assert value(table, "maxqda", "presence_kappa") == 0
    assert value(table, "maxqda", "presence_percent", "m") == 1
    assert value(table, "maxqda", "segments_percent") == pytest.approx(2 / 3)  # 95 of 100 is enough
    assert value(table, "maxqda", "segments_percent", "m") == 0  # 80 of 100 is not
    assert value(table, "maxqda", "segments_percent", None) == pytest.approx(2 / 5)
    assert value(table, "maxqda", "segments_kappa", None) == pytest.approx((2 / 5 - 1 / 2) / (1 - 1 / 2))


def test_atlas_ti_looks_at_domains() -> None:
    one = marks("a", ("w1", 0, 100, "k"), ("w1", 200, 300, "m"))
    other = marks("b", ("w1", 0, 100, "k"), ("w1", 200, 300, "k"))
    table = translate(one, other, BOOK)
    assert value(table, "atlas_ti", "percent", None) == 1  # all of one domain: coded or not
    assert value(table, "atlas_ti", "alpha_binary", None) == 1
    # 200 characters, 100 alike: 2 × 100 apart of 400 values, k 300 and m 100
    assert value(table, "atlas_ti", "cu_alpha", None) == pytest.approx(1 - 399 * 200 / (2 * 300 * 100))
    parted = translate(one, other, BOOK, {"k": "proses", "m": "hasil"})
    assert value(parted, "atlas_ti", "holsti", "proses") == pytest.approx(2 * 100 / (100 + 200))
    assert value(parted, "atlas_ti", "holsti", "hasil") == 0


def test_atlas_ti_refuses_codes_of_one_domain_on_one_place() -> None:
    one = marks("a", ("w1", 0, 100, "k"), ("w1", 50, 150, "m"))
    table = translate(one, one, BOOK)
    row = table[table["measure"] == "cu_alpha"]
    assert row["value"].isna().item() and row["reason"].item() == "agree_tool_not_exclusive"
    parted = translate(one, one, BOOK, {"k": "proses", "m": "hasil"})
    assert parted.loc[parted["measure"] == "cu_alpha", "reason"].tolist() == ["agree_reason_one_category"] * 2


def test_what_is_from_memory_says_so() -> None:
    one = marks("a", ("w1", 0, 100, "k"))
    table = translate(one, one, BOOK)
    sure = set(table.loc[table["confirmed"], "tool"])
    assert sure == {"nvivo", "qualcoder"}
    assert list(table.columns) == list(COLUMNS) and set(table["tool"]) == set(TOOLS)


def test_two_coders_without_a_common_source_have_nothing_to_report() -> None:
    table = translate(marks("a", ("w1", 0, 9, "k")), marks("b", read=("w2",)), BOOK)
    assert table["value"].isna().all()


spans = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30), st.sampled_from("km")), max_size=6)


@given(spans, spans)
def test_pieces_count_as_every_character_would(
    one: list[tuple[int, int, str]], other: list[tuple[int, int, str]]
) -> None:
    """Also where marks of one code nest, touch and overlap."""
    sides = [[("w1", start, start + length, code) for start, length, code in side] for side in (one, other)]
    (source,) = sources_of(marks("a", *sides[0]), marks("b", *sides[1]), BOOK)
    coded = [{n for _, start, end, code in side if code == "k" for n in range(start, end)} for side in sides]
    a, b = coded
    assert source.counts("k") == Counts(len(a & b), len(a - b), len(b - a), 1000 - len(a | b))
