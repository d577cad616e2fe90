"""Tables that a spreadsheet opens: no cell runs, no text is lost."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotaku_nlp.store import harmless, write_csv, write_json

FORMULAS = ["=1+1", "+62 812", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "=cmd|' /C calc'!A0"]


@pytest.mark.parametrize("kind", ["object", "string", "category"])
def test_no_cell_can_run_as_a_formula(kind: str) -> None:
    safe = harmless(pd.DataFrame({"text": pd.Series(FORMULAS, dtype=kind)}))["text"]
    assert safe.tolist() == [f"'{text}" for text in FORMULAS]


def test_no_heading_can_run_as_a_formula() -> None:
    """Further columns of informants.csv become headings, so a heading is a user's text too."""
    assert harmless(pd.DataFrame({"=1+1": ["a"], "tempat": ["b"]})).columns.tolist() == ["'=1+1", "tempat"]


def test_everything_else_stays_as_it_is() -> None:
    frame = pd.DataFrame(
        {"text": ["iya = betul", "", None, "'kutip"], "n": [-1, 2, -3, 4], "v": [-0.5, np.nan, 1, 2]}
    )
    frame["kosong"] = pd.Series([None] * 4, dtype="string")
    frame["campur"] = [1, -2, None, "teks"]
    before = frame.copy()
    safe = harmless(frame)
    pd.testing.assert_frame_equal(frame, before)
    assert safe["text"].tolist() == frame["text"].tolist()
    assert safe["campur"].tolist() == frame["campur"].tolist()
    pd.testing.assert_frame_equal(safe[["n", "v"]], frame[["n", "v"]])
    assert safe["kosong"].isna().all()


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12), max_size=6
    )
)
def test_any_text_comes_back_from_csv_and_none_begins_a_formula(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    path = tmp_path_factory.getbasetemp() / "kutipan.csv"
    write_csv(pd.DataFrame({"text": pd.Series(texts, dtype="string")}), path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = [row[0] for row in list(csv.reader(file))[1:]]
    assert [cell.removeprefix("'") for cell in cells] == [text.removeprefix("'") for text in texts]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in cells)


def test_a_csv_begins_with_the_mark_that_spreadsheets_want(tmp_path: Path) -> None:
    write_csv(pd.DataFrame({"text": ["“petik”, ketua RT"]}), tmp_path / "a.csv")
    raw = (tmp_path / "a.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.decode("utf-8-sig") == 'text\r\n"“petik”, ketua RT"\r\n'


@pytest.mark.parametrize("text", ["iya\r=1+1", "iya\n=1+1", 'iya"\r\n=1+1', 'iya",\r=1+1'])
def test_no_text_breaks_out_of_its_cell(tmp_path: Path, text: str) -> None:
    write_csv(pd.DataFrame({"a": [text], "b": ["x"]}), tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["a", "b"], [text, "x"]]


def test_json_is_readable_and_takes_what_json_does_not_know(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"z": "é", "a": tmp_path, "n": [1, None]})
    text = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert "é" in text and text.endswith("}\n") and text.index('"z"') < text.index('"a"')
    assert json.loads(text)["a"] == str(tmp_path)
