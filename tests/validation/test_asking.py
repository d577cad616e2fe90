"""What is asked: alike for every theme, no passage twice, within the time, whatever the order of rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from kotaku_nlp.validation.themes import topic_themes


def counted(kit, task, kind="real"):
    return Counter(item.theme for item in kit.items if (item.task, item.kind) == (task, kind))


def keys(problems):
    return [problem.key for problem in problems]


def test_every_theme_is_asked_about_alike(kit):
    assert counted(kit, "words") == dict.fromkeys("0123", 2)
    assert counted(kit, "passages") == dict.fromkeys("0123", 2)
    assert counted(kit, "name") == dict.fromkeys("0123", 1)
    assert counted(kit, "fit") == dict.fromkeys("0123", 4)


def test_controls_are_planted(kit):
    planted = Counter((item.task, item.kind) for item in kit.items if not item.theme)
    assert planted == {
        ("words", "obvious"): 2, ("words", "random"): 2,
        ("passages", "obvious"): 1, ("passages", "random"): 1,
    }  # fmt: skip


def test_no_passage_is_shown_twice(kit):
    shown = [source for item in kit.items if item.task != "words" for source in item.sources if source]
    assert len(shown) == len(set(shown))


def test_the_order_of_rows_changes_nothing(analysis, shuffled, kit_of, kit):
    for seed in range(3):
        assert kit_of(topic_themes(shuffled(analysis, seed)))[0] == kit


def test_another_seed_asks_otherwise(kit_of, kit):
    assert kit_of(seed=1)[0].items != kit.items


def test_more_raters_change_neither_questions_nor_the_sheets_of_others(kit_of, kit):
    more = kit_of(raters=4)[0]
    assert more.items == kit.items
    assert more.sheets[:2] == kit.sheets


@pytest.mark.parametrize("minutes", [9, 12, 15, 30])
def test_the_time_is_kept(kit_of, minutes):
    kit, problems = kit_of(minutes=minutes)
    assert kit.minutes <= minutes
    assert "validation_long" not in keys(problems)


def test_where_time_is_short_what_is_left_out_is_said(kit_of):
    kit, problems = kit_of(minutes=1)
    assert counted(kit, "words") == counted(kit, "passages") == dict.fromkeys("0123", 1)
    assert not counted(kit, "name")
    assert {"validation_no_time", "validation_long", "validation_few_answers"} <= set(keys(problems))
    needed = next(problem for problem in problems if problem.key == "validation_few_answers")
    assert needed.params == {"answers": 2, "fewest": 4, "raters": 4}
    assert "validation_few_answers" not in keys(kit_of(minutes=1, raters=4)[1])


def test_raters_name_by_turns_what_one_alone_has_no_time_for(kit_of):
    kit, _ = kit_of(minutes=12)
    named = [{kit.item(q.item).theme for q in sheet.questions if kit.item(q.item).task == "name"}
             for sheet in kit.sheets]  # fmt: skip
    assert all(named)
    assert len(named[0]) < 4
    assert named[0] != named[1]


def test_the_time_that_is_told_suffices_for_all_names(kit_of):
    short = next(p for p in kit_of(minutes=12, raters=1)[1] if p.key == "validation_no_time")
    assert "validation_no_time" not in keys(kit_of(minutes=short.params["needed"], raters=1)[1])


@pytest.mark.parametrize("n", [0, 1])
def test_one_theme_cannot_be_tested(themes, kit_of, n):
    kit, problems = kit_of(themes[:n])
    assert (kit.items, kit.sheets) == ((), ())
    assert keys(problems) == ["validation_one_theme"]


@pytest.mark.parametrize("n", [2, 3])
def test_few_themes_are_asked_about(themes, kit_of, n):
    kit, _ = kit_of(themes[:n])
    assert len(counted(kit, "words")) == len(counted(kit, "passages")) == n


def test_what_cannot_be_asked_is_named(themes, kit_of):
    thin = replace(themes[0], words=themes[0].words[:3], passages=themes[0].passages[:6])
    kit, problems = kit_of((thin, *themes[1:]))
    for task in ("words", "passages", "name"):
        assert "0" not in counted(kit, task)
        told = next(problem for problem in problems if problem.key == f"validation_unasked_{task}")
        assert told.params["names"] == thin.label


def test_themes_without_words_are_asked_by_passages(themes, kit_of):
    codes = tuple(replace(theme, words=()) for theme in themes)
    kit, problems = kit_of(codes)
    assert {item.task for item in kit.items} == {"passages", "name", "fit"}
    assert "validation_unasked_words" not in keys(problems)


def test_themes_without_passages_are_asked_by_nothing_wrong(themes, kit_of):
    kit, problems = kit_of(tuple(replace(theme, passages=()) for theme in themes))
    assert not any(item.kind == "real" for item in kit.items)
    assert not kit.sheets
    assert "validation_unasked_passages" in keys(problems)
