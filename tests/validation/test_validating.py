"""From a run folder to sheets, and from filled sheets to tables: the whole way."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from openpyxl import load_workbook

from kotaku_nlp.errors import RunError
from kotaku_nlp.store import save
from kotaku_nlp.validating import score_validation, write_validation

TABLES = ("raters", "results", "verdicts", "agreement", "names", "answers")


@pytest.fixture
def run(analysis, tmp_path):
    folder = tmp_path / "hasil"
    folder.mkdir()
    save(analysis, folder)
    return folder


def answered(handout, knowing, initials=("AB", "CD")):
    for file, sheet, who in zip(handout.files, handout.kit.sheets, initials, strict=False):
        book = load_workbook(file)
        questions = {question.number: question for question in sheet.questions}
        for page in book.worksheets:
            for row in page.iter_rows():
                if row[0].value == "Inisial Anda:":
                    row[1].value = who
                if row[0].value in questions:
                    question = questions[row[0].value]
                    row[1].value = knowing(handout.kit.item(question.item), question.order)
        book.save(file)
    return handout.files


def test_sheets_are_written_and_scored(run, knowing):
    handout = write_validation(run, minutes=30)
    assert len(handout.files) == 2
    assert all(file.parent == run / "validation" / "sheets" for file in handout.files)
    assert "2 lembar ditulis" in handout.lines[0]
    found = score_validation(run, answered(handout, knowing))
    assert found.problems == ()
    assert "AB, CD" in found.lines[0]
    for name in TABLES:
        assert not pd.read_csv(run / "validation" / f"{name}.csv").empty
    told = pd.read_csv(run / "validation" / "verdicts.csv")["verdict"]
    assert set(told) == {"Dikenali: pembaca lain melihat kesamaan yang sama."}


def test_the_key_is_apart_from_the_sheets(run):
    handout = write_validation(run)
    assert (run / "validation" / "key.json").is_file()
    assert sorted(handout.files[0].parent.iterdir()) == sorted(handout.files)
    assert any(problem.key == "validation_word_for_word" for problem in handout.problems)


def test_every_quote_is_cut_from_its_source_and_belongs_where_the_key_says(run, analysis):
    kit = write_validation(run, minutes=30).kit
    passages = analysis.passages.set_index("passage_id")
    texts = analysis.transcripts.set_index("transcript")["text"]
    topics = analysis.passage_topics.set_index("passage_id")["topic"].astype(str)
    quotes = [(item, place) for item in kit.items for place in range(len(item.texts)) if item.task != "words"]
    ours = [(item, place) for item, place in quotes if not item.sources[place]]
    assert {item.kind for item, _ in ours} == {"obvious"}
    for item, place in quotes:
        source = item.sources[place]
        if not source:
            continue
        row = passages.loc[source]
        assert item.texts[place] == texts[row["transcript"]][row["start"] : row["end"]]
        if item.kind == "real":
            stranger = item.right == place if item.task == "passages" else item.right == 0
            assert (topics[source] != item.theme) == stranger


def test_a_sheet_that_is_there_is_not_overwritten(run, knowing):
    handout = write_validation(run)
    answered(handout, knowing)
    before = [file.read_bytes() for file in handout.files]
    again = write_validation(run)
    assert [file.read_bytes() for file in again.files] == before
    assert [p.where for p in again.problems if p.key == "validation_kept"] == [f.name for f in handout.files]


def test_sheets_go_where_they_are_wanted(run, tmp_path):
    handout = write_validation(run, tmp_path / "bagikan" / "ini", raters=3)
    assert {file.parent for file in handout.files} == {tmp_path / "bagikan" / "ini"}
    assert len(handout.files) == 3


def test_codes_can_be_asked_about_in_english(run):
    handout = write_validation(run, codebook="kerja", lang="en")
    assert handout.kit.themes == {"air": "Water", "surat": "Letters", "bahan": "Material"}
    assert handout.files[0].name.startswith("sheet-1-")
    with pytest.raises(RunError):
        write_validation(run, codebook="lain")


def test_a_run_that_was_made_anew_is_said(run, knowing):
    files = answered(write_validation(run), knowing)
    table = pd.read_parquet(run / "passage_topics.parquet")
    table["topic"] = table["topic"].map({0: 1, 1: 0}).fillna(table["topic"]).astype("int64")
    table.to_parquet(run / "passage_topics.parquet", index=False)
    found = score_validation(run, files)
    assert [problem.key for problem in found.problems] == ["validation_run_changed"]


def test_a_run_of_one_topic_writes_nothing(run_of, tmp_path):
    folder = tmp_path / "satu"
    folder.mkdir()
    save(run_of(subjects=1), folder)
    handout = write_validation(folder)
    assert (handout.files, [p.key for p in handout.problems]) == ((), ["validation_one_theme"])
    assert handout.lines == ("Tidak ada lembar yang ditulis, karena tidak ada yang dapat ditanyakan.",)
    assert not (folder / "validation").exists()


def test_without_a_key_or_a_readable_sheet_nothing_is_scored(run, tmp_path):
    with pytest.raises(RunError, match="no sheet was written"):
        score_validation(run, [tmp_path])
    write_validation(run)
    found = score_validation(run, [tmp_path / "tiada.xlsx"])
    assert (found.score, found.lines) == (None, ())
    assert [(p.key, p.level) for p in found.problems] == [("validation_missing", "error")]


def test_tables_cannot_run_in_a_spreadsheet(run, knowing):
    def naming(item, order):
        return "@HYPERLINK(1)" if item.task == "name" else knowing(item, order)

    found = score_validation(run, answered(write_validation(run, minutes=30), naming))
    assert set(found.score.names["name"]) == {"@HYPERLINK(1)"}
    assert set(pd.read_csv(run / "validation" / "names.csv")["name"]) == {"'@HYPERLINK(1)"}


def test_the_key_is_plain_json(run):
    write_validation(run)
    said = json.loads((run / "validation" / "key.json").read_text(encoding="utf-8"))
    assert said["sets"][0]["what"] == "topics"
