from __future__ import annotations

from dataclasses import replace

import pytest

from kotaku_nlp.report.labels import Labels
from kotaku_nlp.report.standing import STABILITY, WHOLE, standing, word


def told(analysis, facts, settings=None, lang="id", stabilities=(0.9, 0.7, 0.2, 0.76)):
    changed = replace(analysis, manifest={"topics": facts}, settings=settings or {})
    return standing(changed, Labels(lang), stabilities)


FACTS = {
    "number": {"taken": 5, "low": 3, "high": 8},
    "noise": {"words": 12.4, "vectors": 9.1},
    "whole": {"ari": 0.71, "ami": 0.74},
}


@pytest.mark.parametrize(
    ("value", "scale", "said"),
    [
        (0.75, STABILITY, "firm"), (0.749, STABILITY, "fair"), (0.6, STABILITY, "fair"),
        (0.59, STABILITY, "shaky"), (0.0, STABILITY, "shaky"), (0.9, WHOLE, "excellent"),
        (0.66, WHOLE, "moderate"), (-0.3, WHOLE, "poor"),
    ],
)  # fmt: skip
def test_a_value_has_one_word(value, scale, said):
    assert word(value, scale) == said


def test_number_comes_with_its_interval(analysis):
    assert told(analysis, FACTS)["number"] == "5 topik; antara 3 dan 8 sama-sama masuk akal."
    assert told(analysis, FACTS, {"topics": 5})["number"].startswith("5 topik; jumlahnya diminta.")
    assert told(analysis, FACTS | {"number": None})["number"] == "5 topik."
    assert "asked for" in told(analysis, FACTS | {"number": None}, {"topics": 5}, "en")["number"]


def test_chance_is_said_before_its_numbers(analysis):
    clear, _ = told(analysis, FACTS)["sure"]
    assert clear[0] == "Bukan kebetulan" and "12 dan 9 simpangan baku" in clear[1]
    near, _ = told(analysis, FACTS | {"noise": {"words": 9.0, "vectors": 1.2}})["sure"]
    assert near[0] == "Belum beda dari kebetulan"


def test_how_topics_come_back_is_counted_in_words(analysis):
    _, (head, text) = told(analysis, FACTS)["sure"]
    assert head == "2 kokoh, 1 cukup, 1 goyah"
    assert "cukup mirip" in text and "0,71" in text


@pytest.mark.parametrize("manifest", [{}, {"topics": {}}, {"topics": None}])
def test_a_run_that_did_not_look_says_less(analysis, manifest):
    found = standing(replace(analysis, manifest=manifest), Labels("id"), [])
    assert found == {"number": "5 topik.", "sure": []}
