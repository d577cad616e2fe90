"""QualCoder projects, made table by table: checked against the stored words, never written to."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotaku_nlp.coding.files.readers.canonical import canonical
from kotaku_nlp.coding.files.readers.databases import open_copy
from kotaku_nlp.coding.files.readers.qualcoder import code_tree, read_qualcoder
from kotaku_nlp.errors import CodingError
from kotaku_nlp.messages import say

TEXT = "P: Bagaimana airnya?\r\nI: Naik 🙏 sampai dapur.\nP: Lalu?\nI: Kami rembug."
SCHEMA = """
CREATE TABLE source (id integer, name text, fulltext text, mediapath text, memo text, owner text, date text);
CREATE TABLE code_cat (catid integer, name text, supercatid integer);
CREATE TABLE code_name (cid integer, name text, memo text, catid integer, owner text, supercid integer);
CREATE TABLE code_text (ctid integer, cid integer, fid integer, seltext text, pos0 integer, pos1 integer,
                        owner text, date text, memo text);
CREATE TABLE code_image (imid integer);
"""


def project(folder: Path, *codings: tuple[int, str, str], text: str = TEXT) -> Path:
    """Make a project; each coding is a code's id, the words, the owner."""
    folder = folder / "skripsi.qda"
    folder.mkdir()
    with closing(sqlite3.connect(folder / "data.qda")) as base, base:
        base.executescript(SCHEMA)
        base.execute("INSERT INTO source VALUES (1, 'Lurah.docx', ?, NULL, '', '', '')", (text,))
        base.execute("INSERT INTO source VALUES (2, 'foto.png', NULL, '/images/foto.png', '', '', '')")
        base.executemany("INSERT INTO code_cat VALUES (?, ?, ?)", [(1, "Proses", None), (2, "Forum", 1)])
        codes = [
            (1, "rembug", "duduk bersama", 2, None),
            (2, "air", "", None, None),
            (3, "banjir", "", None, 2),
        ]
        base.executemany("INSERT INTO code_name VALUES (?, ?, ?, ?, 'rina', ?)", codes)
        for number, (code, words, owner) in enumerate(codings, start=1):
            start = text.index(words)
            row = (number, code, 1, words, start, start + len(words), owner, "2024-05-01", "ingat")
            base.execute("INSERT INTO code_text VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        base.executemany("INSERT INTO code_image VALUES (?)", [(1,), (2,)])
    return folder


def test_codings_come_with_their_words_coder_date_and_path(tmp_path: Path) -> None:
    folder = project(tmp_path, (1, "Kami rembug.", "rina"), (3, "Naik 🙏", "budi"))
    before = (folder / "data.qda").read_bytes()
    found = read_qualcoder(folder)
    rows = found.coding.rows
    assert rows["transcript"].tolist() == ["Lurah", "Lurah"]
    assert rows["code"].tolist() == ["rembug", "banjir"]
    assert rows["code_path"].tolist() == ["Proses > Forum > rembug", "air > banjir"]
    assert rows["coder"].tolist() == ["rina", "budi"]
    assert rows["date"].tolist() == ["2024-05-01"] * 2 and rows["memo"].tolist() == ["ingat"] * 2
    text = found.texts["Lurah"]
    spans = zip(rows["start"], rows["end"], strict=True)
    assert [text[a:b] for a, b in spans] == rows["quote"].tolist() == ["Kami rembug.", "Naik 🙏"]
    assert "\r" not in text
    assert (folder / "data.qda").read_bytes() == before and [p.name for p in folder.iterdir()] == ["data.qda"]


def test_everything_left_out_is_counted_with_its_reason(tmp_path: Path) -> None:
    folder = project(
        tmp_path, (1, "Kami rembug.", "rina"), (1, "Lalu?", "📌 Speaker coding"), (9, "Lalu?", "rina")
    )
    with closing(sqlite3.connect(folder / "data.qda")) as base, base:
        base.execute("INSERT INTO code_text VALUES (7, 2, 1, 'dapur', 3, 8, 'rina', '', '')")
        base.execute("INSERT INTO code_text VALUES (8, 2, 1, 'dapur', 300, 305, 'rina', '', '')")
        base.execute("INSERT INTO code_text VALUES (9, 2, 1, 'dapur', 'x', NULL, 'rina', '', '')")
    found = read_qualcoder(folder)
    assert found.left == {
        "readers_orphan": 1, "readers_shifted": 3, "readers_speaker_marks": 1, "readers_on_pictures": 2,
    }  # fmt: skip
    first = found.problems[0]
    assert (first.key, first.params["kept"], first.params["left"]) == ("readers_counts", 1, 7)
    shifted = [problem for problem in found.problems if problem.key == "readers_shifted"]
    assert shifted[0].where == "skripsi.qda, code_text 7, Lurah" and shifted[0].level == "error"
    assert "dapur" in say(shifted[0].key, "id", **shifted[0].params)


def test_categories_in_a_circle_end(tmp_path: Path) -> None:
    folder = project(tmp_path, (1, "Lalu?", "rina"))
    with closing(sqlite3.connect(folder / "data.qda")) as base, base:
        base.execute("UPDATE code_cat SET supercatid = 2 WHERE catid = 1")
    assert read_qualcoder(folder).coding.rows["code"].tolist() == ["rembug"]


def test_the_whole_tree_is_there_with_its_definitions(tmp_path: Path) -> None:
    with open_copy(project(tmp_path) / "data.qda", frozenset(), "QualCoder") as database:
        found = code_tree(database)
    assert {place: (node.path, node.memo) for place, node in found.items()} == {
        ("code", 1): (("Proses", "Forum", "rembug"), "duduk bersama"),
        ("code", 2): (("air",), ""),
        ("code", 3): (("air", "banjir"), ""),
        ("group", 1): (("Proses",), ""),
        ("group", 2): (("Proses", "Forum"), ""),
    }


def test_codes_that_share_a_name_are_told_apart(tmp_path: Path) -> None:
    folder = project(tmp_path, (1, "Lalu?", "rina"), (2, "Lalu?", "rina"))
    with closing(sqlite3.connect(folder / "data.qda")) as base, base:
        base.execute("UPDATE code_name SET name = 'rembug' WHERE cid = 2")
    found = read_qualcoder(folder)
    assert found.coding.rows["code"].tolist() == ["Proses > Forum > rembug", "rembug"]
    assert "readers_code_twins" in {problem.key for problem in found.problems}


def test_changes_not_yet_in_the_main_file_are_read(tmp_path: Path) -> None:
    folder = project(tmp_path)
    with closing(sqlite3.connect(folder / "data.qda")) as base:
        base.execute("PRAGMA journal_mode = WAL")
        with base:
            base.execute("INSERT INTO code_text VALUES (1, 1, 1, 'P:', 0, 2, 'rina', '', '')")
        assert read_qualcoder(folder).coding.rows["quote"].tolist() == ["P:"]


@pytest.mark.parametrize(
    ("content", "key"), [(None, "coding_missing"), (b"PK\x03\x04", "readers_not_database")]
)
def test_what_is_no_project_is_refused(tmp_path: Path, content: bytes | None, key: str) -> None:
    folder = tmp_path / "kosong.qda"
    folder.mkdir()
    if content is not None:
        (folder / "data.qda").write_bytes(content)
    with pytest.raises(CodingError) as caught:
        read_qualcoder(folder)
    assert caught.value.key == key


def test_damage_and_other_databases_are_errors_with_a_cure(tmp_path: Path) -> None:
    folder = project(tmp_path, (1, "Lalu?", "rina"))
    whole = (folder / "data.qda").read_bytes()
    (folder / "data.qda").write_bytes(whole[:100] + b"\x55" * (len(whole) - 100))
    with pytest.raises(CodingError) as caught:
        read_qualcoder(folder)
    assert caught.value.key == "readers_damaged" and caught.value.render("id") != caught.value.render("en")
    (folder / "data.qda").unlink()
    with closing(sqlite3.connect(folder / "data.qda")) as base, base:
        base.execute("CREATE VIEW source AS SELECT 1")
        base.execute("CREATE TABLE lain (a)")
    with pytest.raises(CodingError) as caught:
        read_qualcoder(folder)
    assert caught.value.key == "readers_other_database"


def test_a_missing_column_is_no_stack_trace(tmp_path: Path) -> None:
    folder = project(tmp_path, (1, "Lalu?", "rina"))
    with closing(sqlite3.connect(folder / "data.qda")) as base, base:
        base.execute("ALTER TABLE code_name RENAME COLUMN name TO nama")
    with pytest.raises(CodingError, match="name"):
        read_qualcoder(folder)


@given(st.text(alphabet="\ufeffab\r\n🙏é\u0301"), st.data())
def test_canonical_offsets_show_the_same_words(raw: str, data: st.DataObject) -> None:
    text = canonical(raw)
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, len(raw)))
    body = raw[start:end].removeprefix("\ufeff") if start == 0 else raw[start:end]
    words = text.text[text.at(start) : text.at(end)]
    assert words.replace("\n", "") == body.replace("\r", "").replace("\n", "")
    assert text.at(len(raw)) == len(text.text) and "\r" not in text.text
