"""Who says it: informants count once, interviews stay whole, and what cannot be tested is not."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, false_discovery_control, permutation_test

from kotaku_nlp.analysis.topics.groups import topic_groups
from kotaku_nlp.columns import TABLES

Tables = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


def tables(
    rows: Iterable[tuple[str, str | None, str | None, int]], topics: int = 2, **columns: object
) -> Tables:
    """One passage a row: transcript, informant, group, topic (-1: none)."""
    frame = pd.DataFrame(list(rows), columns=["transcript", "informant", "group", "topic"])
    frame["passage_id"] = [f"{name}:{number}" for number, name in enumerate(frame["transcript"])]
    frame = frame.assign(kind="interview", low_evidence=False, text="kata kata", status="core")
    frame = frame.assign(**columns)
    frame.loc[frame["topic"] < 0, "status"] = "unassigned"
    known = pd.DataFrame({"topic": range(topics), "label": "x", "words": "x"})
    placed = frame[["passage_id", "topic", "status"]].assign(membership=0.8)
    return frame.drop(columns=["topic", "status"]), known, placed


def talk(name: str, group: str | None, said: dict[int, int], informant: str | None = None) -> list:
    """One interview: topic → number of passages."""
    person = informant or f"I-{name}"
    return [(name, person, group, topic) for topic, count in said.items() for _ in range(count)]


def groups(made: Tables, **more: int) -> pd.DataFrame:
    return topic_groups(*made, **({"resamples": 200} | more)).set_index(["topic", "group"])


def two_sides(shares: tuple[list[int], list[int]], said: int = 10) -> Tables:
    """Government and community, one informant an interview, so many of ten passages on topic 0."""
    rows = []
    for side, (group, counts) in enumerate(zip(("government", "community"), shares, strict=True)):
        for number, count in enumerate(counts):
            rows += talk(f"w{side}{number}", group, {0: count, 1: said - count})
    return tables(rows)


def test_passages_and_informants_are_counted_apart() -> None:
    rows = talk("w0", "community", {0: 9, 1: 1}) + talk("w1", "community", {0: 0, 1: 1, -1: 1})
    rows += talk("w2", "government", {0: 1, -1: 1})
    found = groups(tables(rows))
    row = found.loc[(0, "community")]
    assert (row["n_passages"], row["n_informants"], row["n_interviews"]) == (9, 1, 1)
    assert row["n_group_informants"] == 2
    assert row["share"] == pytest.approx(9 / 12)
    assert row["share_by_informant"] == pytest.approx((0.9 + 0.0) / 2)
    assert row["share_elsewhere"] == pytest.approx(0.5)
    assert row["difference"] == pytest.approx(0.45 - 0.5)
    assert row[["low", "high", "p", "q"]].isna().all()  # two interviews
    assert found.loc[(1, "government"), "n_passages"] == 0 and found.loc[(1, "government"), "share"] == 0


def test_only_informants_with_evidence_in_interviews_count() -> None:
    rows = talk("w0", "community", {0: 2}) + talk("w1", "community", {0: 2, 1: 2})
    made = tables([*rows, ("w1", None, "community", 0)], kind=["observation"] * 2 + ["interview"] * 5,
                  low_evidence=[False] * 5 + [True, False])  # fmt: skip
    found = groups(made)
    assert found["n_passages"].to_dict() == {(0, "community"): 2, (1, "community"): 1}
    assert found["share"].tolist() == pytest.approx([2 / 3, 1 / 3])


def test_the_p_value_is_that_of_an_exact_permutation_test() -> None:
    sides = ([7, 4, 6, 3], [2, 4, 1, 0])
    row = groups(two_sides(sides)).loc[(0, "government")]
    oracle = permutation_test(
        [np.array(side) / 10 for side in sides], lambda x, y, axis: x.mean(axis=axis) - y.mean(axis=axis),
        vectorized=True, n_resamples=1000,
    )  # fmt: skip
    assert row["difference"] == pytest.approx(oracle.statistic)
    assert row["p"] == pytest.approx(oracle.pvalue)
    assert row["smallest_p"] == pytest.approx(2 / 70)


def by_chance(seed: int, topics: int = 60) -> Tables:
    """Interviews that dwell on a few topics each, whatever the group; one group talks longer."""
    draw = np.random.default_rng(seed)
    rows = []
    for number in range(16):
        group = "government" if number < 6 else "community"
        dwells = draw.dirichlet(np.full(topics, 0.1))
        said = draw.choice(topics, size=120 if number < 6 else 40, p=dwells)
        rows += [(f"w{number:02d}", f"I{number}", group, int(topic)) for topic in said]
    return tables(rows, topics)


def test_chance_is_told_from_difference_although_passages_hang_together() -> None:
    inference, passage_level = [], []
    for seed in range(4):
        made = by_chance(seed)
        found = topic_groups(*made, resamples=1, permutations=400)
        inference += found.loc[found["group"] == "government", "p"].tolist()
        joined = made[0].merge(made[2], on="passage_id")
        for topic in made[1]["topic"]:
            crossed = pd.crosstab(joined["group"], joined["topic"] == topic)
            if crossed.shape == (2, 2):
                passage_level.append(chi2_contingency(crossed)[1])
    assert np.mean(np.array(inference) <= 0.05) <= 0.06
    assert np.mean(np.array(passage_level) <= 0.05) > 0.4  # what counting passages would have claimed


def test_a_planted_difference_is_found() -> None:
    found = groups(two_sides(([6, 7, 5, 6, 7, 5], [2, 1, 3, 2, 1, 2])))
    row = found.loc[(0, "government")]
    assert row["reason"] == "" and row["p"] == row["smallest_p"] == pytest.approx(2 / 924)
    assert row["q"] <= 0.05 and row["difference"] == pytest.approx(0.6 - 11 / 60)
    assert 0 < row["difference_low"] < row["difference"] < row["difference_high"] < 1
    assert row["low"] < row["share_by_informant"] < row["high"]
    other = found.loc[(0, "community")]
    assert (other["difference"], other["p"]) == pytest.approx((-row["difference"], row["p"]))


def test_q_values_are_scipys_over_all_tests_that_were_made() -> None:
    draw = np.random.default_rng(3)
    rows = []
    for number, group in enumerate(["government"] * 5 + ["community"] * 6 + ["facilitator"]):
        rows += talk(f"w{number:02d}", group, dict(enumerate(draw.integers(1, 9, size=4))))
    found = groups(tables(rows, topics=4)).reset_index()
    made = found["p"].notna()
    assert made.sum() == 8 and set(found.loc[~made, "group"]) == {"facilitator"}
    assert found.loc[made, "q"].tolist() == pytest.approx(false_discovery_control(found.loc[made, "p"]))
    assert found.loc[~made, "q"].isna().all()


def test_what_so_few_interviews_cannot_show_is_not_tested() -> None:
    found = groups(two_sides(([9, 9], [0, 0, 0])))
    row = found.loc[(0, "government")]
    assert row["reason"] == "too_few_interviews" and row[["p", "q"]].isna().all()
    assert row["smallest_p"] == pytest.approx(1 / 10)
    assert row["difference"] == pytest.approx(0.9)


@pytest.mark.parametrize("strangers", [0, 3])
def test_groups_of_one_focus_group_are_compared_inside_it(strangers: int) -> None:
    rows = []
    for person, group in product(range(4), ("government", "community")):
        said = {0: 8 if group == "government" else 2, 1: 2 + person}
        rows += talk("f0", group, said, informant=f"{group}-{person}")
    for person in range(strangers):
        rows += talk("f0", "unknown", {0: 5, 1: 5}, informant=f"somebody-{person}")
    row = groups(tables(rows, kind="focus_group")).loc[(0, "government")]
    assert row["p"] == row["smallest_p"] == pytest.approx(2 / 70)
    assert np.isnan(row["low"])  # one interview


def test_people_who_spoke_together_keep_one_label() -> None:
    """Fifteen people on each side, but in three focus groups each: twenty ways to hand out the label."""
    rows = []
    for side, number, person in product(("government", "community"), range(3), range(5)):
        said = {0: 8 if side == "government" else 1, 1: 2}
        rows += talk(f"{side}-{number}", side, said, informant=f"{side}-{number}-{person}")
    row = groups(tables(rows, kind="focus_group")).loc[(0, "government")]
    assert row["smallest_p"] == pytest.approx(2 / 20) and row["reason"] == "too_few_interviews"


def test_what_the_kind_of_talk_does_is_not_laid_at_a_groups_door() -> None:
    apart = two_sides(([9, 8, 9, 8, 9], [1, 0, 1, 0, 1]))
    kinds = np.where(apart[0]["group"] == "community", "focus_group", "interview")
    row = groups((apart[0].assign(kind=kinds), *apart[1:])).loc[(0, "government")]
    assert row["reason"] == "too_few_interviews" and row["smallest_p"] == 1.0


def test_somebody_heard_again_and_again_is_still_one_person() -> None:
    made = two_sides(([9] * 6, [1] * 6))
    person = made[0]["group"] + (made[0]["transcript"].str[-1].astype(int) // 2).astype(str)
    row = groups((made[0].assign(informant=person), *made[1:])).loc[(0, "government")]
    assert (row["n_interviews"], row["n_informants"]) == (6, 3)
    assert row["smallest_p"] == pytest.approx(2 / 20) and np.isnan(row["low"])


def test_interviews_tied_by_people_of_several_groups_stay_as_they_are() -> None:
    tied = [row for name, person, group in product(("f0", "f1"), range(4), ("government", "community"))
            for row in talk(name, group, {0: 2, 1: 2}, informant=f"{group}-{person}-{name}")]  # fmt: skip
    tied += talk("f0", "government", {0: 1}, informant="lurah") + talk("f1", "government", {0: 1}, "lurah")
    row = groups(tables(tied, kind="focus_group")).loc[(0, "government")]
    assert row["reason"] == "too_few_interviews" and row["smallest_p"] == 1.0


def test_the_difference_of_core_passages_stands_beside() -> None:
    passages, topics, placed = two_sides(([6] * 4, [2] * 4))
    peripheral = placed["passage_id"].isin(passages.loc[passages["group"] == "government", "passage_id"])
    placed = placed.assign(status=np.where(peripheral & (placed["topic"] == 0), "peripheral", "core"))
    row = groups((passages, topics, placed)).loc[(0, "government")]
    assert row["difference"] == pytest.approx(0.4) and row["difference_core"] == pytest.approx(-0.2)


@pytest.mark.parametrize("group", ["unknown", None])
def test_unknown_groups_are_counted_but_compared_with_nobody(group: str | None) -> None:
    named = groups(two_sides(([6] * 4, [2] * 4)))
    passages, topics, placed = two_sides(([6] * 4, [2] * 4))
    strangers, _, places = tables([row for n in range(5) for row in talk(f"x{n}", group, {0: 9, 1: 1})])
    both = (pd.concat([passages, strangers]), topics, pd.concat([placed, places]))
    found = groups(both)
    assert found.loc[(0, "unknown"), "reason"] == "unknown_group"
    assert found.loc[(0, "unknown"), "share"] == pytest.approx(0.9)
    assert found.loc[(0, "unknown"), ["difference", "p", "smallest_p"]].isna().all()
    pd.testing.assert_frame_equal(found.drop("unknown", level="group"), named)


def test_a_group_alone_is_compared_with_nobody() -> None:
    found = groups(tables(talk("w0", "community", {0: 3, 1: 1})))
    assert found["reason"].tolist() == ["one_group"] * 2
    assert found[["low", "share_elsewhere", "p", "q", "smallest_p"]].isna().all(axis=None)


@pytest.mark.parametrize(("passages", "topics"), [(0, 2), (8, 0), (0, 0)])
def test_nothing_gives_an_empty_table_with_its_columns(passages: int, topics: int) -> None:
    whole = two_sides(([1, 2], [3, 4]))
    found = topic_groups(whole[0].iloc[:passages], whole[1].iloc[:topics], whole[2].iloc[:passages])
    assert {name: str(kind) for name, kind in found.dtypes.items()} == TABLES["topic_groups"] and found.empty


def test_one_topic_is_enough() -> None:
    passages, topics, placed = two_sides(([6] * 4, [2] * 4))
    found = topic_groups(passages, topics.iloc[:1], placed)
    assert found["topic"].tolist() == [0, 0] and found["p"].notna().all()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000))
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    made = by_chance(7, topics=5)
    options = {"resamples": 20, "permutations": 30, "seed": 2}
    whole = topic_groups(*made, **options)
    shuffled = (frame.sample(frac=1, random_state=seed) for frame in made)
    pd.testing.assert_frame_equal(topic_groups(*shuffled, **options), whole, check_exact=True)


def test_another_seed_draws_other_interviews() -> None:
    made = by_chance(1, topics=5)
    first, other = (topic_groups(*made, resamples=50, permutations=50, seed=seed) for seed in (0, 1))
    assert not first["low"].equals(other["low"]) and not first["p"].equals(other["p"])
    assert first["share"].equals(other["share"])
