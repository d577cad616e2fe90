"""Codes beside dimensions: proposed, confirmed by a person, applied; nothing slips through."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from kotaku_nlp.coding.codebook import load_codebook, parse_codebook
from kotaku_nlp.coding.files.mapping import (
    Link,
    apply_mapping,
    propose,
    read_mapping,
    rename,
    write_mapping,
)
from kotaku_nlp.errors import CodingError
from kotaku_nlp.messages import say
from kotaku_nlp.records import Coding

BOOK = parse_codebook("""
id: skripsi
dimensions:
  - {id: trust, label: {id: Kepercayaan, en: Trust building}, aliases: [saling percaya], definition: x}
  - {id: meetings, label: {id: Rapat, en: Meetings}, aliases: [rembug], definition: x}
  - {id: talk, label: {id: Dialog, en: Dialogue}, aliases: [rembug], definition: x}
""")


def coding(*codes: str) -> Coding:
    rows = [
        {"transcript": "a", "turn": turn, "start": None, "end": None, "quote": "", "code": code, "coder": "r"}
        for turn, code in enumerate(codes, start=1)
    ]
    return Coding("r", pd.DataFrame(rows))


def proposed(code: str) -> str:
    return propose([code], BOOK)[0].dimension


@pytest.mark.parametrize(
    ("code", "dimension"),
    [
        ("trust", "trust"),
        ("KEPERCAYAAN", "trust"),
        ("Trust-building", "trust"),
        ("Saling Percaya", "trust"),
        ("kepercayan", "trust"),
        ("Proses > Rapat", "meetings"),
        ("rembug", ""),  # an alias of two dimensions
        ("banjir", ""),
    ],
)
def test_a_dimension_is_proposed_by_name_then_by_spelling(code: str, dimension: str) -> None:
    assert proposed(code) == dimension


def test_only_an_id_needs_no_confirmation() -> None:
    links = propose(["Kepercayaan", "trust", "", "trust"], BOOK)
    assert [(link.code, link.confirmed) for link in links] == [("Kepercayaan", False), ("trust", True)]


def test_every_shipped_dimension_is_found_by_its_own_names() -> None:
    book = load_codebook("ansell_gash_2008")
    for leaf in book.leaves:
        for name in (leaf.id, *leaf.label.values()):
            assert propose([name], book)[0].dimension == leaf.id


def test_written_confirmed_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "mapping.csv"
    write_mapping(propose(["kepercayan", "banjir", "=Rapat()"], BOOK), path)
    text = path.read_text(encoding="utf-8-sig")
    assert text.splitlines()[0] == "code,dimension,confirmed" and "'=Rapat()" in text
    path.write_text(
        "code;dimension;confirmed\nkepercayan;Kepercayaan;ya\nbanjir;NONE;x\n'=Rapat();;tidak\n", "utf-8"
    )
    links = read_mapping(path, BOOK)
    assert links == (Link("kepercayan", "trust", True), Link("banjir", "none", True), Link("=Rapat()"))


def test_what_was_confirmed_survives_a_new_proposal(tmp_path: Path) -> None:
    path = tmp_path / "mapping.csv"
    path.write_text(
        "code,dimension,confirmed\nKepercayan,meetings,ya\nlama,none,ya\nbaru,talk,tidak\n", "utf-8"
    )
    write_mapping(propose(["kepercayan", "baru"], BOOK), path)
    assert {(link.code, link.dimension) for link in read_mapping(path, BOOK)} == {
        ("Kepercayan", "meetings"), ("lama", "none"), ("baru", "talk"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "key", "names"),
    [
        ("x,tust,ya\n", "mapping_unknown", "'trust'"),
        ("x,trust,mungkin\n", "mapping_unclear", "mungkin"),
        ("x,trust,ya\nX,talk,ya\n", "mapping_code_twice", "X"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_row(
    tmp_path: Path, rows: str, key: str, names: str
) -> None:
    path = tmp_path / "mapping.csv"
    path.write_text("code,dimension,confirmed\n" + rows, "utf-8")
    with pytest.raises(CodingError) as caught:
        read_mapping(path, BOOK)
    assert caught.value.key == key and caught.value.where.startswith("mapping.csv, row ")
    assert names in caught.value.render("id") and names in caught.value.render("en")


def test_a_missing_file_is_an_error_with_a_cure(tmp_path: Path) -> None:
    with pytest.raises(CodingError, match="not there"):
        read_mapping(tmp_path / "mapping.csv", BOOK)


def test_applied_it_speaks_in_dimensions_and_counts_the_rest() -> None:
    links = [Link("Percaya", "trust", True), Link("banjir", "none", True), Link("rapat", "meetings")]
    found = apply_mapping(coding("percaya", "banjir", "rapat", "asing", ""), links, "mapping.csv")
    assert found.coding.rows["code"].tolist() == ["trust", "", "", "", ""]
    assert [(p.key, p.level, p.params["codes"]) for p in found.problems] == [
        ("mapping_left_out", "notice", "banjir"), ("mapping_open", "error", "asing, rapat"),
    ]  # fmt: skip
    assert "asing" in say("mapping_open", "id", **found.problems[1].params)


def test_only_what_is_confirmed_is_renamed() -> None:
    links = [Link("Percaya", "trust", True), Link("banjir", "none", True), Link("rapat", "meetings")]
    found = rename(coding("percaya", "banjir", "rapat", "asing", "", "none"), links)
    assert found.rows["code"].tolist() == ["trust", "", "rapat", "asing", "", "none"]


def test_two_codes_of_one_dimension_count_once() -> None:
    rows = coding("percaya").rows
    twice = Coding("r", pd.concat([rows.assign(code_path="a"), rows.assign(code="yakin", code_path="b")]))
    links = [Link("percaya", "trust", True), Link("yakin", "trust", True)]
    assert apply_mapping(twice, links).coding.rows["code"].tolist() == ["trust"]
