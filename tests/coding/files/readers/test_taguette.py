"""Taguette databases: bytes over the text of the HTML, checked against the snippet."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotaku_nlp.coding.files.readers.taguette import page_of, read_taguette
from kotaku_nlp.errors import CodingError

HTML = (
    "<h1>Wawancara</h1>\n<p>P: Bagaimana <b>café</b>-nya?</p><p>I: Naik 🙏 &amp; kotor.<br>Kami rembug.</p>"
)
PLAIN = "Wawancara\nP: Bagaimana café-nya?I: Naik 🙏 & kotor.Kami rembug."
SCHEMA = """
CREATE TABLE documents (id integer, name text, filename text, contents text, project_id integer);
CREATE TABLE highlights (
    id integer, document_id integer, start_offset integer, end_offset integer, snippet text
);
CREATE TABLE tags (id integer, project_id integer, path text, description text);
CREATE TABLE highlight_tags (highlight_id integer, tag_id integer);
CREATE TABLE commands (id integer, date text, user_login text, payload text);
"""


def database(folder: Path, *highlights: tuple[str, str, tuple[int, ...]], shift: int = 0) -> Path:
    """Make a database; each highlight is its words, its snippet (HTML) and its tags."""
    path = folder / "skripsi.sqlite3"
    with closing(sqlite3.connect(path)) as base, base:
        base.executescript(SCHEMA)
        base.execute("INSERT INTO documents VALUES (1, 'Lurah.docx', 'x.docx', ?, 1)", (HTML,))
        tags = [(1, 1, "proses.rembug", "duduk bersama"), (2, 1, "air", "")]
        base.executemany("INSERT INTO tags VALUES (?, ?, ?, ?)", tags)
        for number, (words, snippet, given_tags) in enumerate(highlights, start=1):
            start = len(PLAIN[: PLAIN.index(words)].encode()) + shift
            row = (number, 1, start, start + len(words.encode()), snippet)
            base.execute("INSERT INTO highlights VALUES (?, ?, ?, ?, ?)", row)
            base.executemany(
                "INSERT INTO highlight_tags VALUES (?, ?)", [(number, tag) for tag in given_tags]
            )
        for login, date in (("rina", "2024-05-01"), ("budi", "2024-05-02")):
            payload = json.dumps({"type": "highlight_add", "highlight_id": 1, "tags": [1]})
            base.execute("INSERT INTO commands VALUES (1, ?, ?, ?)", (date, login, payload))
        base.execute("INSERT INTO commands VALUES (2, '2024-05-03', 'rina', 'bukan json')")
    return path


def test_bytes_become_code_points_of_the_canonical_text(tmp_path: Path) -> None:
    path = database(
        tmp_path,
        ("Kami rembug", "Kami rembug", (1, 2)),
        ("café-nya?I: Naik 🙏 & kotor.", "<b>café</b>-nya?</p><p>I: Naik 🙏 &amp; kotor.", (2,)),
        ("Wawancara", "", ()),
    )
    found = read_taguette(path)
    rows = found.coding.rows
    assert found.texts["Lurah"] == "Wawancara\nP: Bagaimana café-nya?\nI: Naik 🙏 & kotor.\nKami rembug."
    assert rows["code"].tolist() == ["air", "proses.rembug", "air", ""]
    assert rows["coder"].tolist() == ["budi", "budi", "Taguette", "Taguette"]
    assert rows["quote"].tolist() == [
        "Kami rembug", "Kami rembug", "café-nya?\nI: Naik 🙏 & kotor.", "Wawancara",
    ]  # fmt: skip
    text = found.texts["Lurah"]
    assert [text[a:b] for a, b in zip(rows["start"], rows["end"], strict=True)] == rows["quote"].tolist()
    assert rows["date"].tolist() == ["2024-05-02", "2024-05-02", "", ""]
    assert found.problems[0].params["kept"] == 3 and found.problems[0].params["uncoded"] == 1


@pytest.mark.parametrize("shift", [1, -1, 2, 10_000])
def test_shifted_positions_are_refused_with_their_place(tmp_path: Path, shift: int) -> None:
    found = read_taguette(database(tmp_path, ("Naik 🙏", "Naik 🙏", (1, 2)), shift=shift))
    assert found.coding.rows.empty and found.left == {"readers_shifted": 2}
    assert found.problems[1].where == "skripsi.sqlite3, highlight 1, Lurah"


def test_a_position_inside_a_character_is_refused(tmp_path: Path) -> None:
    found = read_taguette(database(tmp_path, ("🙏 & kotor", "", (1,)), shift=1))
    assert found.left == {"readers_shifted": 1}


def test_a_lost_document_is_told(tmp_path: Path) -> None:
    path = database(tmp_path, ("Naik", "Naik", (1,)))
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("UPDATE highlights SET document_id = 9")
    assert read_taguette(path).left == {"readers_orphan": 1}


def test_another_tools_database_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "x.sqlite3")) as base, base:
        base.execute("CREATE TABLE source (id)")
    with pytest.raises(CodingError, match="Taguette"):
        read_taguette(tmp_path / "x.sqlite3")


@given(st.lists(st.text(alphabet="aé🙏 ", min_size=1), min_size=1), st.data())
def test_every_span_of_the_nodes_slices_back(parts: list[str], data: st.DataObject) -> None:
    page = page_of("x", "".join(f"<p>{part}</p>" for part in parts))
    start = data.draw(st.integers(0, len(page.raw) - 1))
    end = data.draw(st.integers(start + 1, len(page.raw)))
    assert page.place(len(page.raw[:start].encode())) == start
    first, last = page.canonical(start, end)
    assert page.text[first:last].replace("\n", "") == page.raw[start:end]
    assert page.text == "\n".join(parts)
