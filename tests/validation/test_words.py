"""Word intrusion: five words of a topic, one that is strong elsewhere and weak here."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotaku_nlp.messages import say
from kotaku_nlp.validation.asking import PLAIN_WORDS
from kotaku_nlp.validation.drawing import Drawer
from kotaku_nlp.validation.themes import Passage, Theme
from kotaku_nlp.validation.words import plain_words, random_words, read_vocabulary, stems, word_item


def drawer(seed=0):
    return Drawer(np.random.default_rng(seed))


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 3), st.integers(0, 1))
def test_five_words_are_the_topics_and_one_is_not(themes, seed, place, turn):
    theme, vocabulary = themes[place], read_vocabulary(themes)
    item = word_item(theme, turn, vocabulary, drawer(seed))
    intruder = item.texts[item.right]
    others = [text for text in item.texts if text != intruder]
    assert sorted(others) == sorted(theme.words[5 * turn : 5 * turn + 5])
    assert intruder not in theme.words
    assert item.sources[item.right] != theme.key
    assert item.chance == pytest.approx(1 / 6)


@settings(deadline=None)
@given(st.integers(0, 10_000))
def test_two_questions_on_a_topic_share_no_word(themes, seed):
    vocabulary, one = read_vocabulary(themes), drawer(seed)
    first, second = (word_item(themes[0], turn, vocabulary, one) for turn in (0, 1))
    assert set(first.texts).isdisjoint(second.texts)


def test_the_place_of_the_intruder_is_drawn(themes):
    vocabulary = read_vocabulary(themes)
    places = {word_item(themes[0], 0, vocabulary, drawer(seed)).right for seed in range(60)}
    assert places == set(range(6))


def theme(key, words, texts):
    passages = tuple(Passage(f"{key}:{n}", f"I{n}", text, True) for n, text in enumerate(texts))
    return Theme(key, key, tuple(words.split()), passages)


def test_a_word_that_is_strong_here_too_is_no_intruder():
    here = theme("a", "parit hujan pompa lumpur sungai", ["parit hujan pompa lumpur sungai lurah"] * 4)
    there = theme("b", "lurah stempel berkas amplop arsip", ["lurah stempel berkas amplop arsip"] * 4)
    found = dict(read_vocabulary((here, there)).intruders(here))
    assert set(found) == {"stempel", "berkas", "amplop", "arsip"}


def test_another_form_of_a_topics_word_is_no_intruder():
    here = theme("a", "bangun hujan pompa lumpur sungai", ["bangun hujan pompa lumpur sungai"] * 4)
    there = theme("b", "pembangunan stempel berkas amplop arsip", ["pembangunan stempel berkas amplop arsip"])
    assert stems("pembangunan") == stems("bangun")
    assert "pembangunan" not in dict(read_vocabulary((here, there)).intruders(here))


def test_a_topic_of_few_words_is_not_asked_about(themes):
    short = replace(themes[0], words=themes[0].words[:4])
    own = (short, *themes[1:])
    assert word_item(short, 0, read_vocabulary(own), drawer()) is None


def test_a_topic_alone_has_no_intruder(themes):
    alone = themes[:1]
    assert word_item(alone[0], 0, read_vocabulary(alone), drawer()) is None
    assert random_words(1, read_vocabulary(alone), drawer()) is None


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 4))
def test_random_words_have_no_odd_one(themes, seed, n):
    item = random_words(1, read_vocabulary(themes[:n]), drawer(seed))
    counts = [item.sources.count(key) for key in set(item.sources)]
    assert len(item.texts) == len(set(item.texts)) == 6
    assert counts.count(1) != 1
    assert item.kind == "random"


@pytest.mark.parametrize("name", PLAIN_WORDS)
@pytest.mark.parametrize("lang", ["id", "en"])
def test_plain_words_are_five_and_one(name, lang):
    listed = say(f"validation_words_{name}", lang)
    item = plain_words(name, listed, drawer())
    assert len(set(item.texts)) == 6
    assert item.texts[item.right] == listed.partition("|")[2].strip()
