"""Passage intrusion and naming: what is shown, and that none of it is wrong evidence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kotaku_nlp.validation.drawing import Drawer
from kotaku_nlp.validation.passages import naming_items, passage_item, random_passages
from kotaku_nlp.validation.themes import code_themes


def drawer(seed=0):
    return Drawer(np.random.default_rng(seed))


def informants(themes, sources):
    people = {passage.id: passage.informant for theme in themes for passage in theme.passages}
    return [people[source] for source in sources]


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 3))
def test_one_passage_is_of_another_theme_and_all_of_different_informants(themes, seed, place):
    theme = themes[place]
    own = {passage.id: passage.text for passage in theme.passages}
    item = passage_item(theme, 0, themes, drawer(seed))
    inside = [source in own for source in item.sources]
    assert inside.count(False) == 1
    assert not inside[item.right]
    assert len(set(informants(themes, item.sources))) == 5
    assert all(
        own[source] == text for source, text in zip(item.sources, item.texts, strict=True) if source in own
    )


@settings(deadline=None)
@given(st.integers(0, 10_000))
def test_a_passage_with_both_codes_is_no_intruder(analysis, seed):
    codes = code_themes(analysis, "kerja")
    for code in codes[:2]:
        own = {passage.id for passage in code.passages}
        item = passage_item(code, 0, codes, drawer(seed))
        assert item.sources[item.right] not in own


def test_three_informants_give_a_smaller_question(run_of):
    from kotaku_nlp.validation.themes import topic_themes

    themes = topic_themes(run_of(informants=3))
    item = passage_item(themes[0], 0, themes, drawer())
    assert len(item.texts) == 4
    assert item.chance == 1 / 4
    assert passage_item(replace(themes[0], passages=themes[0].passages[:6]), 0, themes, drawer()) is None


def test_a_theme_alone_is_not_asked_about(themes):
    assert passage_item(themes[0], 0, themes[:1], drawer()) is None
    assert random_passages(1, themes[:1], drawer()) is None
    assert naming_items(themes[0], themes[:1], drawer()) == []


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 4))
def test_random_passages_have_no_odd_one(themes, seed, n):
    homes = {passage.id: theme.key for theme in themes for passage in theme.passages}
    item = random_passages(1, themes[:n], drawer(seed))
    shown = [homes[source] for source in item.sources]
    assert [shown.count(key) for key in set(shown)].count(1) != 1
    assert len(set(informants(themes, item.sources))) == 5


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 3))
def test_judged_passages_belong_exactly_when_expected(themes, seed, place):
    own = {passage.id for passage in themes[place].passages}
    naming, *judged = naming_items(themes[place], themes, drawer(seed))
    assert set(naming.sources) <= own
    assert len(naming.texts) == 3
    assert [(item.right == 2) for item in judged] == [item.sources[0] in own for item in judged]
    assert sorted(item.right for item in judged) == [0, 0, 2, 2]
    sources = [*naming.sources, *(item.sources[0] for item in judged)]
    assert len(set(sources)) == len(sources)
