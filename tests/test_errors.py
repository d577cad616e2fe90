"""Errors say what, where and the cure, in both languages, and carry the exit code."""

from __future__ import annotations

import pytest

from kotaku_nlp.errors import (
    CodebookError,
    CodingError,
    CorpusError,
    KotakuError,
    ModelError,
    RunError,
    SettingsError,
)


def test_the_place_stands_in_front() -> None:
    problem = RunError("no_run_here", "hasil/rw05")
    assert problem.render("id").startswith("hasil/rw05: tidak ada hasil analisis")
    assert problem.render("en").startswith("hasil/rw05: there is no run")
    assert str(problem) == problem.render("en")


def test_without_a_place_the_message_stands_alone() -> None:
    problem = SettingsError("unknown_setting", name="topik", nearest="topics")
    assert problem.render("id") == "pengaturan 'topik' tidak dikenal. Mungkin maksudnya 'topics'?"


def test_values_may_hold_braces() -> None:
    told = CorpusError("reading_damaged", "w01.rtf", detail="{\\rtf1 {rusak}").render("id")
    assert "{\\rtf1 {rusak}" in told


def test_input_that_cannot_be_used_exits_with_one_and_wrong_usage_with_two() -> None:
    assert CorpusError("corpus_missing").code == 1
    for kind in (CodebookError, CodingError, ModelError, SettingsError, RunError):
        assert issubclass(kind, KotakuError) and kind.code == 2


def test_one_name_catches_them_all() -> None:
    with pytest.raises(KotakuError) as caught:
        raise ModelError("model_not_here", name="multilingual-minilm")
    assert (caught.value.key, caught.value.where) == ("model_not_here", "")
    assert "kotaku models fetch multilingual-minilm" in caught.value.render("id")
