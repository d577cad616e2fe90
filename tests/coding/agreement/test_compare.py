"""Two codings compared: counts, coefficients, intervals by interview, and what is left untold."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from kotaku_nlp.coding.agreement.compare import Agreement, compare, compare_marks
from kotaku_nlp.coding.agreement.marks import Mark, Marks, marks_of
from kotaku_nlp.coding.agreement.pairs import ALL_CODES, Reader, Sample, pair_of
from kotaku_nlp.coding.agreement.resampling import Resampling
from kotaku_nlp.coding.agreement.teams import team_row
from kotaku_nlp.coding.agreement.units import Units, cut_units
from kotaku_nlp.coding.codings import MACHINE, read_coding
from kotaku_nlp.coding.coefficients.alpha import distance_matrix, krippendorff_alpha, masi_distance
from kotaku_nlp.coding.coefficients.ratings import encode
from kotaku_nlp.coding.coefficients.unitizing import alpha_u
from kotaku_nlp.corpus.folder import read_corpus
from kotaku_nlp.errors import CodingError
from kotaku_nlp.records import Coding, Corpus, Transcript, Turn
from kotaku_nlp.shipped import find

CONTRACT = [
    "coder_a", "coder_b", "kind", "basis", "unit", "scope", "code", "n", "both", "only_a", "only_b",
    "neither", "percent", "p_pos", "p_neg", "kappa", "ac1", "pabak", "low", "high", "reason",
]  # fmt: skip


def row(agreement: Agreement, code: str = ALL_CODES, scope: str = "all") -> dict[str, Any]:
    table = agreement.table
    (found,) = table[(table["code"] == code) & (table["scope"] == scope)].to_dict("records")
    return {str(name): value for name, value in found.items()}


def repeated(both: int, only_a: int, only_b: int, neither: int) -> tuple[list[str | None], list[str | None]]:
    cells = [("x", "x")] * both + [("x", None)] * only_a + [(None, "x")] * only_b + [(None, None)] * neither
    return [a for a, _ in cells], [b for _, b in cells]


def drawn(seed: int, interviews: int, units: int = 20) -> tuple[list[Any], list[Any], list[str]]:
    """Draw two codings that mostly agree, some interviews less than others."""
    chance = random.Random(seed)
    a, b, names = [], [], []
    for number in range(interviews):
        for _ in range(units):
            codes = set(chance.sample("pqr", chance.randint(0, 2)))
            a.append(codes)
            b.append(set(chance.sample("pqr", 1)) if chance.random() < 0.1 * (number % 4) else codes)
            names.append(f"w{number:02d}")
    return a, b, names


def test_the_table_has_the_columns_of_the_contract_first() -> None:
    a, b = repeated(20, 5, 10, 15)
    table = compare(a, b, ["w1"] * 50).table
    assert list(table.columns)[: len(CONTRACT)] == CONTRACT
    assert table[["code", "scope"]].to_numpy().tolist() == [
        ["x", "all"], [ALL_CODES, "all"], ["x", "coded"], [ALL_CODES, "coded"],
    ]  # fmt: skip


def test_a_reference_table_of_counts_is_found_again() -> None:
    found = row(compare(*repeated(20, 5, 10, 15), ["w1"] * 50), "x")
    assert [found[name] for name in ("n", "both", "only_a", "only_b", "neither")] == [50, 20, 5, 10, 15]
    assert found["percent"] == pytest.approx(0.70)
    assert found["kappa"] == pytest.approx(0.4)
    assert found["ac1"] == pytest.approx(0.405941, abs=1e-6)
    assert found["pabak"] == pytest.approx(0.4)
    assert found["p_pos"] == pytest.approx(40 / 55)
    assert found["kind"] == "human_human" and pd.isna(found["basis"]) and found["unit"] == "unit"


def test_the_scope_coded_leaves_out_what_neither_coded() -> None:
    agreement = compare(*repeated(20, 5, 10, 15), ["w1"] * 50)
    found = row(agreement, "x", "coded")
    assert (found["n"], found["neither"], found["both"]) == (35, 0, 20)
    assert row(agreement, scope="coded")["percent"] == pytest.approx(20 / 35)
    assert pd.isna(found["kappa"]) and found["reason"] == "agree_reason_never_without"


def test_alpha_is_that_of_the_pure_functions() -> None:
    a, b, names = drawn(1, 6)
    found = row(compare(a, b, names))
    ratings = [[frozenset(codes) for codes in side] for side in (a, b)]
    assert found["alpha"] == pytest.approx(krippendorff_alpha(ratings, masi_distance))
    assert pd.isna(found["alpha_nominal"])  # some units carry two codes
    assert found["percent"] == pytest.approx(np.mean([x == y for x, y in zip(a, b, strict=True)]))


def test_nominal_alpha_where_codes_exclude_each_other() -> None:
    """Krippendorff (2011), example B."""
    a, b = "a a b b d c c c e d d a".split(), "b a b b b c c c e d d d".split()
    found = row(compare(a, b, ["w1"] * 12))
    assert found["alpha_nominal"] == pytest.approx(0.691964, abs=1e-6)
    assert found["alpha"] == pytest.approx(0.691964, abs=1e-6)  # single codes are all or nothing apart


def test_rare_codes_keep_their_counts_and_lose_their_coefficients() -> None:
    a, b, names = drawn(2, 6)
    a[0], b[0] = a[0] | {"langka"}, b[0] | {"langka"}
    agreement = compare(a, b, names)
    rare = row(agreement, "langka")
    assert rare["both"] == 1 and rare["percent"] == 1
    assert all(pd.isna(rare[name]) for name in ("kappa", "ac1", "pabak", "low", "high"))
    assert rare["reason"] == "agree_reason_few_positives"
    usual = [row(agreement, code)["kappa"] for code in "pqr"]
    assert row(agreement)["kappa_mean"] == pytest.approx(np.mean(usual))
    assert row(agreement)["kappa_min"] == min(usual)


@pytest.mark.parametrize(
    ("interviews", "interval", "leaving_out"), [(3, 0, 1), (4, 1, 1), (7, 1, 1), (8, 1, 0)]
)
def test_few_interviews_give_less(interviews: int, interval: int, leaving_out: int) -> None:
    agreement = compare(*drawn(3, interviews), draws=200)
    for found in (row(agreement), row(agreement, "p")):
        assert found["interviews"] == interviews
        assert pd.notna(found["low"]) == pd.notna(found["high"]) == bool(interval)
        assert pd.notna(found["loo_low"]) == pd.notna(found["loo_high"]) == bool(leaving_out)


def test_leaving_one_interview_out_gives_the_extremes() -> None:
    a, b, names = drawn(4, 5)
    found = row(compare(a, b, names, draws=10), "p")
    kappas = []
    for left in sorted(set(names)):
        kept = [n for n, name in enumerate(names) if name != left]
        kappas.append(cohen_kappa_score([*("p" in a[n] for n in kept)], [*("p" in b[n] for n in kept)]))
    assert found["loo_low"] == pytest.approx(min(kappas))
    assert found["loo_high"] == pytest.approx(max(kappas))


def test_intervals_resample_interviews_as_a_plain_bootstrap_does() -> None:
    a, b, names = drawn(5, 12)
    found = row(compare(a, b, names, draws=1000, seed=7), "p")
    weights = Resampling(1000, 7).weights(12)[1]
    order, kappas = sorted(set(names)), []
    for weight in weights:
        kept = [n for n, name in enumerate(names) for _ in range(int(weight[order.index(name)]))]
        kappas.append(cohen_kappa_score([*("p" in a[n] for n in kept)], [*("p" in b[n] for n in kept)]))
    assert (found["low"], found["high"]) == pytest.approx(tuple(np.quantile(kappas, [0.025, 0.975])))
    assert found["low"] < found["kappa"] < found["high"]


def test_the_order_of_units_changes_nothing_and_the_seed_decides() -> None:
    a, b, names = drawn(6, 9)
    order = list(range(len(names)))
    random.Random(0).shuffle(order)
    mixed = [[side[n] for n in order] for side in (a, b, names)]
    one, other = compare(a, b, names).table, compare(*mixed).table
    pd.testing.assert_frame_equal(one, other)
    assert not one["low"].equals(compare(a, b, names, seed=1).table["low"])


sets = st.frozensets(st.sampled_from("pqr"))
labels = st.lists(st.sets(st.sampled_from("pqr")), min_size=1, max_size=40)


@settings(deadline=None, max_examples=25)
@given(labels, st.randoms(use_true_random=False))
def test_swapping_coders_swaps_the_counts_and_nothing_else(a: list[set[str]], chance: random.Random) -> None:
    b = [codes if chance.random() < 0.6 else {chance.choice("pqr")} for codes in a]
    names = [chance.choice("1234") for _ in a]
    one, other = compare(a, b, names, draws=50).table, compare(b, a, names, draws=50).table
    swapped = other.rename(columns={"only_a": "only_b", "only_b": "only_a"})[one.columns]
    swapped["bias"] = -swapped["bias"]
    pd.testing.assert_frame_equal(one, swapped)
    of_codes = one[one["code"] != ALL_CODES]
    sums = of_codes[["both", "only_a", "only_b", "neither"]].sum(axis=1)
    assert (sums == of_codes["n"]).all()


@settings(deadline=None, max_examples=25)
@given(labels)
def test_the_same_coding_twice_agrees_wholly(a: list[set[str]]) -> None:
    agreement = compare(a, a, ["w1"] * len(a))
    assert (agreement.table["percent"].dropna() == 1).all()
    assert (agreement.table["alpha"].dropna() == 1).all()
    assert (agreement.table["kappa"].dropna() == 1).all()
    assert (agreement.confusion["code_a"] == agreement.confusion["code_b"]).all()


def test_two_codings_at_random_agree_by_chance_alone() -> None:
    chance = random.Random(11)
    a, b = ([chance.choice(["p", "q", None]) for _ in range(600)] for _ in range(2))
    found = row(compare(a, b, [f"w{n % 20}" for n in range(600)]))
    assert found["low"] < 0 < found["high"]
    assert abs(found["kappa_mean"]) < 0.1


def test_confusion_says_which_code_stands_for_which() -> None:
    a = [{"p"}, {"p"}, {"p", "q"}, {"p"}, set(), set()]
    b = [{"p"}, {"q"}, {"q", "r"}, set(), {"r"}, set()]
    found = compare(a, b, ["w1"] * 6).confusion
    told = {(x, y): n for x, y, n in found[["code_a", "code_b", "n"]].fillna("").to_numpy()}
    assert told == {("p", "p"): 1, ("p", "q"): 1, ("q", "q"): 1, ("p", "r"): 1, ("p", ""): 1, ("", "r"): 1}


@pytest.mark.parametrize("nothing", [None, float("nan"), "", [], frozenset()])
def test_what_carries_no_code_may_be_written_in_many_ways(nothing: Any) -> None:
    assert row(compare(["p", nothing], ["p", "p"], ["w", "w"]), "p")["only_b"] == 1


def test_lists_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="3, 2 and 3"):
        compare(["p", "p", "p"], ["p", "p"], ["w"] * 3)
    with pytest.raises(ValueError, match="cut_units"):
        compare(Coding("a", pd.DataFrame()), ["p"], ["w"])


def test_nothing_to_compare_is_told() -> None:
    found = compare([], [], [])
    assert row(found)["reason"] == "agree_reason_no_units"
    assert len(found.table) == 2


def test_units_that_only_one_coder_read_are_no_agreement() -> None:
    sample = Sample(["w1", "w2", "w3"], [1, 1, 1], "turn")
    one, other = (
        Reader("a", [frozenset("p"), None, frozenset()]),
        Reader("b", [None, frozenset(), frozenset()]),
    )
    assert pair_of(one, other, sample, Resampling()).sample.interviews == ["w3"]


# --- codings over transcripts ----------------------------------------------------------------------

SAID = ("Kami duduk bersama tiap bulan. Lurah juga datang.", "Belum tentu dijawab.")
TEXT = "\n".join(SAID)
TURNS = (Turn(1, "I", 0, len(SAID[0])), Turn(2, "I", len(SAID[0]) + 1, len(TEXT)))
NAMES = ("w1", "w2", "w3", "w4")
CORPUS = Corpus(
    "uji", "", tuple(Transcript(name, name, "", "interview", "id", TEXT, TURNS) for name in NAMES)
)


def marked(coder: str, *spans: tuple[str, int, int, str], read: tuple[str, ...] = NAMES) -> Marks:
    return Marks(coder, tuple(Mark(*span) for span in spans), frozenset(read))


def compared(*pairs: tuple[Marks, Marks], units: Units | None = None, **more: Any) -> Agreement:
    return compare_marks(pairs, units or cut_units(CORPUS), Resampling(50), **more)


def test_stretches_have_an_alpha_of_their_own() -> None:
    one = marked("a", ("w1", 0, 30, "dialog"), ("w2", 0, 30, "dialog"))
    other = marked("b", ("w1", 0, 49, "dialog"), ("w2", 5, 30, "dialog"))
    found = row(compared((one, other)))
    length = len(SAID[0]) + len(SAID[1])
    stretches = [[(0, 30), (length, 30)], [(0, 49), (length + 5, 25)]]
    expected = alpha_u([{"dialog": own} for own in stretches], 0, 4 * length)
    assert found["alpha_u"] == pytest.approx(expected)
    assert pd.isna(row(compared((one, other)), scope="coded")["alpha_u"])


def test_whole_turns_have_no_alpha_of_stretches() -> None:
    one = marked("a", ("w1", 0, len(SAID[0]), "dialog"))
    assert pd.isna(row(compared((one, one)))["alpha_u"])


def test_characters_count_by_length() -> None:
    one, other = marked("a", ("w1", 0, 4, "dialog")), marked("b", ("w1", 2, 10, "dialog"))
    found = row(compared((one, other), units=cut_units(CORPUS, "character")), "dialog")
    assert (found["both"], found["only_a"], found["only_b"]) == (2, 2, 5)  # "Kami duduk" without its blank
    assert found["n"] == 4 * sum(len(word) for word in TEXT.split())
    assert found["unit"] == "character"


def test_characters_do_not_make_one_mark_five() -> None:
    """The other coder's marks cut one long mark into many pieces; it is one use of the code all the same."""
    one = marked("a", ("w1", 0, 49, "dialog"))
    other = marked("b", *(("w1", 7 * n, 7 * n + 4, "dialog") for n in range(6)))
    character = cut_units(CORPUS, "character")
    rare = row(compared((one, other), units=character), "dialog")
    assert rare["reason"] == "agree_reason_few_positives" and pd.isna(rare["kappa"])
    often = row(compared((other, other), units=character), "dialog")
    assert pd.isna(often["reason"]) and often["kappa"] == 1
    elsewhere = marked("a", *(("w1", 7 * n, 7 * n + 4, "dialog") for n in range(6)), read=("w1",))
    assert row(compared((elsewhere, other), units=character), "dialog")["kappa"] == 1


def test_marks_of_interviews_that_the_other_skipped_are_not_counted() -> None:
    spans = [("w1", 7 * n, 7 * n + 4, "dialog") for n in range(6)]
    one = marked("a", ("w2", 0, 4, "dialog"), *spans)
    other = marked("b", *spans, ("w2", 0, 4, "dialog"), read=("w2", "w3"))
    found = row(compared((one, other), units=cut_units(CORPUS, "character")), "dialog")
    assert found["reason"] == "agree_reason_few_positives"


def test_passages_cut_for_a_machine_are_no_choice_of_stretches() -> None:
    person = marked("a", ("w1", 0, 30, "dialog"))
    one = replace(marked(MACHINE, ("w1", 0, 25, "dialog")), basis="zero_shot")
    assert compared((person, one)).table["alpha_u"].isna().all()


def test_interviews_that_one_coder_skipped_are_left_out() -> None:
    one, other = marked("a", read=("w1", "w2")), marked("b", ("w2", 0, 9, "dialog"), read=("w2", "w3"))
    found = row(compared((one, other)), "dialog")
    assert (found["n"], found["only_b"], found["interviews"]) == (2, 1, 1)


def test_three_coders_have_one_alpha_together() -> None:
    chance = random.Random(2)
    sides = [[frozenset(chance.sample("pq", chance.randint(0, 1))) for _ in range(30)] for _ in range(3)]
    readers = [Reader(name, side) for name, side in zip("abc", sides, strict=True)]
    readers[2] = replace(readers[2], codes=[None, *readers[2].codes[1:]])
    sample = Sample([f"w{n % 5}" for n in range(30)], [1] * 30, "turn")
    found = team_row(readers, sample, "all", Resampling(100))
    assert found["alpha"] == pytest.approx(krippendorff_alpha([r.codes for r in readers], masi_distance))
    assert found["low"] < found["alpha"] < found["high"]
    doubled = replace(sample, sizes=[2] * 30)
    twice = [[codes for codes in reader.codes for _ in "12"] for reader in readers]
    assert team_row(readers, doubled, "all", Resampling(9))["alpha"] == pytest.approx(
        krippendorff_alpha(twice, masi_distance)
    )


@given(st.lists(st.tuples(sets, sets, st.sampled_from("pqr")), min_size=1, max_size=30))
def test_interviews_weighed_are_interviews_repeated(units: list[tuple[frozenset[str], ...]]) -> None:
    """A resample by weights has the α of its units written out that often."""
    sample = Sample([str(name) for *_, name in units], [1] * len(units), "turn")
    encoded = encode([[a for a, _, _ in units], [b for _, b, _ in units]])
    n = len(sample.names)
    weights = np.array([[1] * n, [2] + [0] * (n - 1), list(range(n))], dtype=float)
    (found,) = sample.alphas(encoded.table(), distance_matrix(encoded.values, masi_distance), [weights])
    for row, alpha in zip(weights.astype(int).tolist(), found.tolist(), strict=True):
        times = dict(zip(sample.names, row, strict=True))
        drawn = [unit for unit in units for _ in range(times[str(unit[2])])]
        expected = krippendorff_alpha([[a for a, _, _ in drawn], [b for _, b, _ in drawn]], masi_distance)
        assert np.isnan(alpha) if expected is None else alpha == pytest.approx(expected, abs=1e-9)


def test_a_team_stands_beside_its_pairs() -> None:
    people = [marked(name, ("w1", 0, 9, "dialog")) for name in "abc"]
    found = compared((people[0], people[1]), teams=[people])
    assert found.together["coders"].tolist() == ["a, b, c", "a, b, c"]
    assert found.together["n"].tolist() == [8, 1]


def test_problems_are_told_once() -> None:
    rows = pd.DataFrame({"transcript": ["w9"], "turn": [1], "code": ["dialog"], "coder": ["a"]})
    lost = marks_of(Coding("a", rows), cut_units(CORPUS).book)
    found = compared((lost, marked("b")), (lost, marked("c")))
    assert [problem.key for problem in found.problems] == ["agree_transcript_unknown"]


def machine(**columns: Any) -> Coding:
    base = {
        "transcript": ["w1"],
        "turn": [1],
        "start": [0],
        "end": [20],
        "code": ["dialog"],
        "coder": [MACHINE],
    }
    return Coding(MACHINE, pd.DataFrame(base | columns))


def test_the_machine_has_read_everything_and_says_on_what_basis() -> None:
    rows = {"transcript": ["w1", "w2"], "turn": [1, 1], "code": ["dialog", "dialog"], "coder": ["a", "a"]}
    found = row(
        compare(Coding("a", pd.DataFrame(rows)), machine(basis=["zero_shot"]), cut_units(CORPUS)), "dialog"
    )
    assert (found["both"], found["only_a"], found["n"]) == (1, 1, 4)
    assert (found["kind"], found["basis"]) == ("human_machine", "zero_shot")


def test_the_machine_is_not_judged_on_what_it_learnt_from() -> None:
    person = Coding(
        "a", pd.DataFrame({"transcript": ["w1"], "turn": [1], "code": ["dialog"], "coder": ["a"]})
    )
    with pytest.raises(CodingError, match="out of fold"):
        compare(person, machine(basis=["few_shot"]), cut_units(CORPUS))


def test_two_coders_in_one_coding_are_not_taken_for_one() -> None:
    rows = pd.DataFrame(
        {"transcript": ["w1"] * 2, "turn": [1, 2], "code": ["dialog"] * 2, "coder": ["a", "b"]}
    )
    with pytest.raises(CodingError, match="several coders"):
        compare(Coding("folder", rows), machine(), cut_units(CORPUS))


def test_the_same_coder_now_and_later_has_two_names() -> None:
    rows = pd.DataFrame({"transcript": ["w1"], "turn": [1], "code": ["dialog"], "coder": ["rina"]})
    found = compare(Coding("mei", rows), Coding("juni", rows), cut_units(CORPUS))
    assert found.table[["coder_a", "coder_b"]].iloc[0].tolist() == ["rina", "rina (2)"]


def test_the_readings_of_the_demo_agree_as_its_figures_say() -> None:
    folder = find("corpora", "demo")
    one, other = (read_coding(folder / "codings" / f"coder_{name}.csv") for name in "ab")
    agreement = compare(one, other, cut_units(read_corpus(folder)), draws=100)
    assert agreement.problems == ()
    of_turns = [
        rows[rows["code"] != ""].groupby(["transcript", "turn"])["code"].agg(set).to_dict()
        for rows in (one.rows, other.rows)
    ]
    turns = sorted(set(map(tuple, one.rows[["transcript", "turn"]].to_numpy())))
    expected = {}
    for code in sorted(set(one.rows["code"]) - {""}):
        expected[code] = cohen_kappa_score(
            *([code in side.get(turn, ()) for turn in turns] for side in of_turns)
        )
    for code, kappa in expected.items():
        assert row(agreement, code)["kappa"] == pytest.approx(kappa)
    assert row(agreement)["kappa_mean"] == pytest.approx(0.785, abs=0.001)
