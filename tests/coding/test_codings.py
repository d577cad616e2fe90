"""Manual codings: long tables as people make them, laid over passages."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from kotaku_nlp.coding.codings import as_examples, covers, read_coding
from kotaku_nlp.errors import CodingError
from kotaku_nlp.records import Coding

PASSAGES = pd.DataFrame({
    "passage_id": ["a:2", "a:4", "b:2"],
    "transcript": ["a", "a", "b"],
    "turn": [2, 4, 2],
    "start": [10, 60, 5],
    "end": [41, 91, 30],
    "text": [
        "Kami rembug di balai tiap bulan", "Airnya naik sampai dapur kami. ", "Lurahnya ganti lagi, Mbak",
    ],
})  # fmt: skip


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "rina.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_by_turn_is_read(tmp_path: Path, delimiter: str, encoding: str) -> None:
    text = "Transkrip,Giliran,Kode,Pengode\na,2,dialog – tatap,rina\na,4,,rina\n".replace(",", delimiter)
    rows = read_coding(written(tmp_path, text, encoding)).rows
    assert rows["code"].tolist() == ["dialog – tatap", ""]
    assert rows["turn"].tolist() == [2, 4]
    assert rows["start"].isna().all()


def test_without_a_coder_the_file_names_one(tmp_path: Path) -> None:
    assert read_coding(written(tmp_path, "transcript,turn,code\na,2,x\n")).rows["coder"].tolist() == ["rina"]


def test_a_folder_is_all_its_tables(tmp_path: Path) -> None:
    written(tmp_path, "transcript,turn,code\na,2,x\n")
    (tmp_path / "budi.csv").write_text("transcript,turn,code\na,2,y\n", encoding="utf-8")
    assert read_coding(tmp_path).rows["coder"].tolist() == ["budi", "rina"]


@pytest.mark.parametrize(
    ("text", "key", "where"),
    [
        ("", "coding_empty", "rina.csv"),
        ("transcript,turn\na,2\n", "coding_no_column", "rina.csv"),
        ("transcript,code\na,x\n", "coding_no_place", "rina.csv"),
        ("transcript,turn,code\na,2,x\n,3,x\n", "coding_row_no_transcript", "rina.csv, row 3"),
        ("transcript,turn,code\na,dua,x\n", "coding_row_no_number", "rina.csv, row 2"),
        ("transcript,turn,code\na,,x\n", "coding_row_no_place", "rina.csv, row 2"),
    ],
)
def test_what_is_wrong_is_named_with_its_row(tmp_path: Path, text: str, key: str, where: str) -> None:
    with pytest.raises(CodingError) as caught:
        read_coding(written(tmp_path, text))
    assert (caught.value.key, caught.value.where) == (key, where)
    assert caught.value.render("id") != caught.value.render("en")


def test_other_formats_are_refused_with_a_cure(tmp_path: Path) -> None:
    (tmp_path / "proyek.qdpx").write_bytes(b"PK")
    with pytest.raises(CodingError, match="CSV"):
        read_coding(tmp_path / "proyek.qdpx")


def coding(**columns: object) -> Coding:
    row: dict[str, object] = {"transcript": "a", "turn": None, "start": None, "end": None, "quote": ""}
    row |= {"code": "x", "coder": "rina"} | columns
    return Coding("rina", pd.DataFrame([row]))


@pytest.mark.parametrize(
    ("columns", "carries"),
    [
        ({"turn": 2}, ["x", ""]),
        ({"start": 30, "end": 70}, ["x", "x"]),
        ({"start": 90, "end": 95}, ["", ""]),  # the passage's last character is a blank
        ({"quote": "rembug  di BALAI"}, ["x", ""]),
        ({"quote": "tidak pernah dikatakan"}, ["", ""]),
    ],
)
def test_a_code_lies_on_the_passages_it_covers(columns: dict[str, object], carries: list[str]) -> None:
    examples = as_examples(coding(**columns), PASSAGES)
    assert examples["code"].tolist() == carries
    assert set(examples["interview"]) == {"a"}  # interview b was not coded


def test_touching_ends_do_not_overlap() -> None:
    mark = coding(start=41, end=60).rows.iloc[0].to_dict()
    assert not any(covers(mark, passage) for passage in PASSAGES.to_dict("records"))
