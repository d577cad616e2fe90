"""Passages are drawn once, each by another informant; no question without an answer has an odd one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotaku_nlp.validation.drawing import Drawer, mixture
from kotaku_nlp.validation.themes import Passage

LONG = "satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas dua belas"


def passage(number, informant, text="", sure=True):
    return Passage(f"w:{number}", informant, text or f"{LONG} {number}", sure)


def drawer(seed=0):
    return Drawer(np.random.default_rng(seed))


@given(st.integers(4, 8), st.integers(2, 12))
def test_a_mixture_has_no_odd_one(size, themes):
    counts = mixture(size, themes)
    assert sum(counts) == size
    assert len(counts) <= themes
    assert len(counts) >= 2
    assert counts.count(1) != 1


@given(st.integers(0, 50), st.integers(1, 4))
def test_picked_passages_are_of_different_informants(seed, n):
    pool = [passage(number, f"I{number % 4}") for number in range(12)]
    picked = drawer(seed).pick(pool, n)
    assert len({one.informant for one in picked}) == n


def test_too_few_informants_give_nothing():
    assert drawer().pick([passage(number, "I1") for number in range(9)], 2) == []


def test_informants_of_the_same_question_are_passed_over():
    beside = [passage(99, "I1")]
    picked = drawer().pick([passage(1, "I1"), passage(2, "I2")], 1, beside)
    assert [one.informant for one in picked] == ["I2"]


def test_the_same_words_are_shown_once_whoever_says_them():
    twins = [passage(1, "I1", f"{LONG} ya"), passage(2, "I2", f"{LONG}  YA")]
    one = drawer()
    assert one.pick(twins, 2) == []
    one.keep(one.pick(twins, 1))
    assert one.pick(twins, 1) == []


@pytest.mark.parametrize("seed", range(5))
def test_sure_and_readable_passages_come_first(seed):
    wanted = passage(1, "I1")
    pool = [passage(2, "I2", "pendek saja kata orang itu"), passage(3, "I3", sure=False), wanted]
    assert drawer(seed).pick(pool, 1) == [wanted]


def test_a_few_words_are_never_shown():
    assert drawer().pick([passage(1, "I1", "Iya, betul.")], 1) == []


@given(st.integers(0, 30))
def test_a_stranger_is_of_another_informant_where_there_is_one(seed):
    pools = {"1": [passage(1, "I1"), passage(2, "I2")], "2": [passage(3, "I1")]}
    stranger = drawer(seed).stranger(pools, [passage(9, "I1")])
    assert stranger is not None
    assert stranger.informant == "I2"


def test_a_stranger_of_the_same_informant_is_better_than_none():
    assert drawer().stranger({"1": [passage(1, "I1")]}, [passage(9, "I1")]) == passage(1, "I1")
    assert drawer().stranger({"1": []}, []) is None
