"""The crosswalk: what is written down holds from both sides; what a run shows is counted as it should be."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from kotaku_nlp.coding.agreement.resampling import Resampling
from kotaku_nlp.coding.codebook import SHIPPED, load_codebook
from kotaku_nlp.coding.crosswalk import (
    COLUMNS,
    RELATIONS,
    crosswalk,
    crosswalk_lines,
    load_crosswalk,
    seen_together,
)
from kotaku_nlp.errors import CodebookError

LEAVES = {name: [leaf.id for leaf in load_codebook(name).leaves] for name in SHIPPED}
A, B = "ansell_gash_2008", "deseve_2007"
QUICK = Resampling(draws=300)


def test_every_pair_names_leaves_once_with_reason_and_source() -> None:
    pairs = load_crosswalk()
    for pair in pairs:
        assert pair.a[1] in LEAVES[pair.a[0]] and pair.b[1] in LEAVES[pair.b[0]] and pair.a[0] != pair.b[0]
        assert pair.relation in RELATIONS and pair.relation != "none"
        assert set(pair.reason) == set(pair.source) == {"id", "en"} and all(pair.reason.values())
        assert pair.turned().turned() == pair
    assert len({frozenset((pair.a, pair.b)) for pair in pairs}) == len(pairs)


@pytest.mark.parametrize(("a", "b"), list(permutations(SHIPPED, 2)))
def test_two_codebooks_correspond_the_same_from_either_side(a: str, b: str) -> None:
    there, back = crosswalk(a, b), crosswalk(b, a, "en")
    assert list(dict.fromkeys(there["dimension_a"])) == LEAVES[a]
    turned = {"same": "same", "related": "related", "broader": "narrower", "narrower": "broader"}
    columns = ["dimension_a", "dimension_b", "relation"]
    one = {tuple(row) for row in there.dropna(subset="dimension_b")[columns].to_numpy()}
    other = back.dropna(subset="dimension_b")[columns].to_numpy()
    assert one == {(left, right, turned[relation]) for right, left, relation in other}


def test_trust_is_trust_in_every_framework_and_ratner_has_none() -> None:
    found = crosswalk(A, "emerson_2012").set_index("dimension_a").loc[["trust_building"]]
    assert found[["relation", "dimension_b"]].to_numpy().tolist() == [["same", "sm_mutual_trust"]]
    ratner = crosswalk(A, "ratner_2012").set_index("dimension_a").loc[["trust_building"]]
    assert ratner["relation"].tolist() == ["none"] and ratner["dimension_b"].isna().all()


def test_an_unknown_codebook_is_named() -> None:
    with pytest.raises(CodebookError, match="skripsi"):
        crosswalk(A, "skripsi")


def run_of(
    rule: Callable[[int], tuple[str, str]], n: int = 120, interviews: int = 8
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return alignment and passages in which the rule gives each passage one dimension of either codebook."""
    passages = pd.DataFrame(
        [(f"p{row:03}", f"w{row % interviews}", "interview") for row in range(n)],
        columns=["passage_id", "transcript", "kind"],
    )
    rows = [
        {
            "passage_id": f"p{row:03}",
            "codebook": book,
            "dimension": name,
            "assigned": name == rule(row)[place],
        }
        for row in range(n)
        for place, book in enumerate((A, B))
        for name in (*LEAVES[book], "out_of_framework")
    ]
    return pd.DataFrame(rows), passages


def planted(row: int) -> tuple[str, str]:
    """Trust stands with trust as expected, dialogue with resources as nobody expects, the rest by turns."""
    if row % 3 == 0:
        return "trust_building", "trust_participants"
    if row % 3 == 1:
        return "face_to_face_dialogue", "access_resources"
    return "institutional_design", ("governance", "common_purpose", "information_sharing")[row // 3 % 3]


def test_expected_unexpected_and_unseen_are_told_apart() -> None:
    table = seen_together(*run_of(planted), A, B, QUICK)
    verdict = table.set_index(["dimension_a", "dimension_b"])["verdict"]
    assert verdict["trust_building", "trust_participants"] == "agrees"
    assert verdict["face_to_face_dialogue", "access_resources"] == "unexpected"
    assert verdict["commitment_to_process", "common_purpose"] == "not_seen"
    assert verdict["trust_building", "access_resources"] == "apart"
    assert dict(table.dtypes.astype(str)) == COLUMNS and len(table) == len(LEAVES[A]) * len(LEAVES[B])


def test_one_passage_shows_no_agreement() -> None:
    rare = run_of(lambda row: ("trust_building", "trust_participants") if row == 5 else planted(row * 3 + 1))
    verdict = seen_together(*rare, A, B, QUICK).set_index(["dimension_a", "dimension_b"])["verdict"]
    assert verdict["trust_building", "trust_participants"] == "not_seen"


def test_lift_is_what_counting_gives() -> None:
    alignment, passages = run_of(planted)
    table = seen_together(alignment, passages, A, B, QUICK).set_index(["dimension_a", "dimension_b"])
    row = table.loc[[("institutional_design", "governance")]].to_dict("records")[0]
    n = [planted(r) for r in range(120)]
    a, b = sum(x == "institutional_design" for x, _ in n), sum(y == "governance" for _, y in n)
    both = sum(pair == ("institutional_design", "governance") for pair in n)
    assert (row["n_a"], row["n_b"], row["n_both"]) == (a, b, both)
    assert row["lift"] == pytest.approx(both * len(n) / (a * b)) and row["low"] <= row["lift"] <= row["high"]


def test_dimensions_given_independently_surprise_nobody() -> None:
    rng = np.random.default_rng(5)
    drawn = [(str(rng.choice(LEAVES[A])), str(rng.choice(LEAVES[B]))) for _ in range(240)]
    table = seen_together(*run_of(lambda row: drawn[row], 240), A, B, QUICK)
    assert "unexpected" not in set(table["verdict"])


def test_order_of_rows_changes_nothing_and_codebooks_may_change_sides() -> None:
    alignment, passages = run_of(planted)
    table = seen_together(alignment, passages, A, B, QUICK)
    mixed = seen_together(
        alignment.sample(frac=1, random_state=1), passages.sample(frac=1, random_state=2), A, B, QUICK
    )
    pd.testing.assert_frame_equal(table, mixed)
    turned = seen_together(alignment, passages, B, A, QUICK).set_index(["dimension_b", "dimension_a"])
    ours = table.set_index(["dimension_a", "dimension_b"])
    assert (turned["verdict"].reindex(ours.index) == ours["verdict"]).all()


def test_only_what_informants_say_counts() -> None:
    alignment, passages = run_of(planted)
    passages.loc[:59, "kind"] = "observation"
    table = seen_together(alignment, passages, A, B, QUICK).set_index(["dimension_a", "dimension_b"])
    assert table.loc[("trust_building", "trust_participants"), "n_both"] == 20


@pytest.mark.parametrize("interviews", [1, 3])
def test_few_interviews_get_no_verdict(interviews: int) -> None:
    table = seen_together(*run_of(planted, interviews=interviews), A, B, QUICK)
    assert set(table["verdict"]) == {"too_few"} and table["low"].isna().all()
    assert len(crosswalk_lines(table, "id")) == 1


def test_codebooks_of_ones_own_have_no_expectation() -> None:
    alignment, passages = run_of(planted)
    alignment["codebook"] = alignment["codebook"].replace(B, "skripsi")
    table = seen_together(alignment, passages, A, "skripsi", QUICK)
    assert set(table["relation"]) == {"none"} and "unexpected" in set(table["verdict"])
    assert seen_together(alignment, passages, A, "tidak_ada", QUICK).empty


@pytest.mark.parametrize("lang", ["id", "en"])
def test_what_is_found_is_told(lang: str) -> None:
    lines = crosswalk_lines(seen_together(*run_of(planted), A, B, QUICK), lang)
    assert any("trust_building" in line for line in lines) and "{" not in "".join(lines)
    kinds = [line.split(" ", 1)[0] for line in lines]
    assert kinds == sorted(kinds, key=kinds.index)  # each kind stands together
