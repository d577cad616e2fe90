"""Decisions on a queue: told coder by coder, logged once, and never lost, whatever stands in the sheet."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from kotaku_nlp.coding.reread import COLUMNS
from kotaku_nlp.export.audit import read_log
from kotaku_nlp.export.decided import QUEUE, decided
from kotaku_nlp.export.decisions import SHEET, read_decisions, write_decision_sheet


@pytest.fixture
def sheet(analysis, tmp_path):
    """A run folder in which two coders have the same cell to read again."""
    blank = {name: "" if kind == "string" else 0 for name, kind in COLUMNS.items()}
    rows = [
        blank | {"rank": rank, "passage_id": "w1:2", "code": "percaya", "direction": "omission",
                 "coder": coder, "instead": None, "stands_for": 1.0}
        for rank, coder in enumerate(("ani", "budi"), start=1)
    ]  # fmt: skip
    queue = pd.DataFrame(rows).astype(COLUMNS)
    queue.to_parquet(tmp_path / QUEUE, index=False)
    write_decision_sheet(queue, analysis, analysis.codebooks[0], tmp_path / SHEET)
    return tmp_path / SHEET


def fill(path: Path, column: str, *cells: str) -> None:
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    rows.loc[: len(cells) - 1, column] = cells
    rows.to_csv(path, index=False)


def test_an_untouched_sheet_holds_no_work(analysis, sheet):
    assert decided(sheet.parent, analysis, "ani") is None
    sheet.unlink()
    assert decided(sheet.parent, analysis, "ani") is None


def test_decisions_on_the_same_cell_belong_to_their_coders(analysis, sheet):
    fill(sheet, "decision", "ambil", "tetap")
    assert read_decisions(sheet)[["coder", "decision"]].to_numpy().tolist() == [
        ["ani", "take"], ["budi", "keep"],
    ]  # fmt: skip
    found = decided(sheet.parent, analysis, "ani", "en")
    first, ani, second, budi = found.lines
    assert "ani" in first and "(100%" in ani and "budi" in second and "(0%" in budi
    assert [(p.key, p.level, p.params["n"]) for p in found.problems] == [("reread_kept", "notice", 2)]


def test_a_reason_alone_is_work_too(analysis, sheet):
    fill(sheet, "reason", "perlu tanya Bu Ani")
    found = decided(sheet.parent, analysis, "ani", "en")
    assert found is not None and found.problems[0].key == "reread_kept"
    assert any("decided yet" in line for line in found.lines)
    assert not read_log(sheet.parent).entries


def test_a_decision_is_logged_once_and_again_when_it_changes(analysis, sheet):
    fill(sheet, "decision", "ambil")
    for _ in range(2):
        decided(sheet.parent, analysis, "ani")
    (logged,) = read_log(sheet.parent).entries
    assert (logged.what, logged.who) == ("item_adjudicated", "ani")
    assert dict(logged.details) == {
        "passage_id": "w1:2", "code": "percaya", "coder": "ani", "decision": "take", "reason": "",
    }  # fmt: skip
    fill(sheet, "decision", "tetap", "tetap")
    decided(sheet.parent, analysis, "ani")
    assert [e.details["decision"] for e in read_log(sheet.parent).entries] == ["take", "keep", "keep"]


def test_work_without_its_queue_is_kept_and_the_queue_named(analysis, sheet):
    fill(sheet, "decision", "ambil")
    (sheet.parent / QUEUE).unlink()
    (problem,) = decided(sheet.parent, analysis, "ani").problems
    assert (problem.key, problem.level, problem.where) == ("reread_table_missing", "error", SHEET)


@pytest.mark.parametrize("text", ["", "passage_id,code\nw1:2,percaya\n"])
def test_a_sheet_that_cannot_be_read_is_told_and_kept(analysis, sheet, text):
    sheet.write_text(text, encoding="utf-8")
    (problem,) = decided(sheet.parent, analysis, "ani").problems
    assert problem.level == "error" and SHEET in problem.where


def test_a_word_that_nobody_knows_is_told_with_its_row(analysis, sheet):
    fill(sheet, "decision", "ambil", "mungkin")
    (problem,) = decided(sheet.parent, analysis, "ani").problems
    assert problem.level == "error" and problem.where == f"{SHEET}, row 3"
    assert problem.params["said"] == "mungkin"
