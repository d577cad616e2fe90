"""Settings: known names only, values in range, and errors that say where and which."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotaku_nlp.errors import SettingsError
from kotaku_nlp.settings import Settings, read_settings, read_toml

NAMES = {field.name for field in fields(Settings)}


def write(folder: Path, text: str) -> Path:
    file = folder / "kotaku.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_defaults_are_those_of_the_documents() -> None:
    plain = Settings()
    assert (plain.codebooks, plain.model, plain.lang) == (("ansell_gash_2008",), "contextual", "id")
    with pytest.raises(FrozenInstanceError):
        plain.seed = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("topik", "topics"), ("sead", "seed"), ("codebook", "codebooks"), ("Lang", "lang"), ("modell", "model")],
)
def test_an_unknown_name_is_refused_with_the_nearest(typed: str, meant: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings().updated({typed: 3}, where="corpus.toml")
    assert caught.value.code == 2
    for lang in ("id", "en"):
        told = caught.value.render(lang)
        assert told.startswith("corpus.toml: ") and f"'{typed}'" in told and f"'{meant}'" in told


@given(st.text(max_size=20))
def test_any_unknown_name_is_refused_and_never_crashes(name: str) -> None:
    if name in NAMES:
        return
    with pytest.raises(SettingsError) as caught:
        Settings().updated({name: 1})
    assert caught.value.params["nearest"] in NAMES


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lang", "fr"), ("lang", 1), ("topics", 1), ("topics", "tiga"), ("topics", True), ("seed", -1),
        ("seed", 2**32), ("seed", 1.5), ("passage_words", 19), ("resamples", 99), ("codebooks", []),
        ("codebooks", 3), ("codebooks", ["aspects", 2]), ("model", False),
    ],
)  # fmt: skip
def test_a_bad_value_names_the_setting_the_file_and_what_is_allowed(name: str, value: Any) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings().updated({name: value}, where="kotaku.toml")
    problem = caught.value
    assert (problem.key, problem.where, problem.params["name"]) == ("bad_setting", "kotaku.toml", name)
    assert problem.params["allowed"]


def test_values_at_the_edge_are_taken() -> None:
    edge = {"topics": 2, "seed": 2**32 - 1, "passage_words": 20, "resamples": 100, "lang": "en"}
    assert {name: getattr(Settings().updated(edge), name) for name in edge} == edge


def test_none_leaves_a_setting_and_one_codebook_may_stand_alone() -> None:
    base = Settings(seed=7)
    assert base.updated({"seed": None, "topics": None}) == base
    assert base.updated({"codebooks": "aspects"}).codebooks == ("aspects",)
    assert base.updated({"codebooks": ["aspects", "punya_saya.yaml"]}).codebooks == (
        "aspects",
        "punya_saya.yaml",
    )


def test_settings_survive_the_manifest() -> None:
    chosen = Settings(codebooks=("aspects", "emerson_2012"), topics=5, lang="en", seed=3)
    assert Settings().updated(chosen.as_dict()) == chosen
    assert isinstance(chosen.as_dict()["codebooks"], list)


def test_a_file_is_read_over_a_base(tmp_path: Path) -> None:
    file = write(tmp_path, '[settings]\nseed = 4\ncodebooks = ["aspects"]\n[lain]\nx = 1\n')
    found = read_settings(file, Settings(seed=1, lang="en"))
    assert (found.seed, found.codebooks, found.lang) == (4, ("aspects",), "en")


def test_a_missing_file_changes_nothing(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "tidak-ada.toml", Settings(seed=9)) == Settings(seed=9)
    assert read_toml(tmp_path / "tidak-ada.toml") == {}


def test_a_file_saved_by_notepad_is_read(tmp_path: Path) -> None:
    file = tmp_path / "kotaku.toml"
    file.write_bytes(b"\xef\xbb\xbf[settings]\r\nseed = 2\r\n")
    assert read_settings(file).seed == 2


@pytest.mark.parametrize(
    "content", [b"[settings\nseed=1", b"seed = \xff\xfe", b"=", b"settings = 3", b"settings = []"]
)
def test_a_broken_file_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "corpus.toml"
    file.write_bytes(content)
    for read in (read_settings, read_toml):
        with pytest.raises(SettingsError) as caught:
            read(file)
        assert str(caught.value).startswith("corpus.toml: ")


def test_a_value_out_of_range_in_a_file_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"^kotaku\.toml: .*'passage_words'"):
        read_settings(write(tmp_path, "[settings]\npassage_words = 3\n"))
