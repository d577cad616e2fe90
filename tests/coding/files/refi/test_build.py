"""From the tables of a run to a project: the machine as its own user, nothing lost in silence."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from kotaku_nlp import __version__
from kotaku_nlp.coding.codings import COLUMNS
from kotaku_nlp.coding.files.refi import from_tables, read_refi, write_refi
from kotaku_nlp.records import Codebook, Coding, Dimension

TEXTS = pd.DataFrame(
    [("I1", "P: Halo?\nI1: Kami duduk bareng 🙏 di balai."), ("I2.txt", "I2: Kami percaya. Kami percaya.")],
    columns=["transcript", "text"],
)
BOOK = Codebook(
    "buku",
    {"id": "Buku"},
    (
        Dimension("process", {"id": "Proses", "en": "Process"}, {}),
        Dimension(
            "dialogue",
            {"id": "Dialog", "en": "Dialogue"},
            {"id": "Tatap muka.", "en": "Face to face."},
            "process",
        ),
        Dimension("trust", {"id": "Percaya", "en": "Trust"}, {"id": "Yakin.", "en": "Belief."}, "process"),
    ),
)


def coding(*rows: dict[str, object]) -> Coding:
    frame = pd.DataFrame(rows).reindex(columns=[*COLUMNS, "date", "probability", "basis"])
    return Coding("manual", frame.astype({"turn": "Int64", "start": "Int64", "end": "Int64"}))


ROWS = coding(
    {
        "transcript": "I1",
        "start": 18,
        "end": 30,
        "code": "dialogue",
        "coder": "Peneliti A",
        "date": "2024-05-02",
    },
    {
        "transcript": "I1",
        "turn": 2,
        "code": "dialogue",
        "coder": "kotaku-nlp",
        "probability": 0.8312,
        "basis": "shipped",
    },
    {"transcript": "I2.txt", "quote": "I2: Kami", "code": "Percaya", "coder": "Peneliti A"},
    {"transcript": "I2.txt", "turn": 1, "code": "kode sendiri", "coder": ""},
    {"transcript": "I1", "turn": 1, "code": "", "coder": "Peneliti A"},
)
TURNS = pd.DataFrame(
    [("I1", 1, 3, 8), ("I1", 2, 13, 42), ("I2.txt", 1, 4, 31)], columns=["transcript", "turn", "start", "end"]
)


def test_everything_stands_in_the_file(tmp_path: Path) -> None:
    people = pd.DataFrame(
        [
            ("I1", "Bu Contoh", "community", None),
            ("I2.txt", "Bu Contoh", "community", "ketua"),
            ("I1", "", "x", "y"),
        ],
        columns=["transcript", "informant", "group", "role"],
    )
    write_refi(
        tmp_path / "a.qdpx", from_tables(TEXTS, ROWS, BOOK, people, TURNS, name="studi", created="2024-06-01")
    )
    found = read_refi(tmp_path / "a.qdpx")
    rows = found.coding().rows
    assert rows[["transcript", "quote", "code_path", "coder"]].values.tolist() == [
        ["I1", "Kami duduk bareng 🙏 di balai.", "Proses > Dialog", f"kotaku-nlp {__version__}"],
        ["I1", "duduk bareng", "Proses > Dialog", "Peneliti A"],
        ["I2.txt", "I2: Kami", "Proses > Percaya", "Peneliti A"],
        ["I2.txt", "Kami percaya. Kami percaya.", "kode sendiri", "unknown"],
    ]
    assert rows["memo"][0] == "peluang 0,83; dasar: shipped"
    assert rows["date"].tolist() == ["", "2024-05-02T00:00:00Z", "", ""]
    machine = next(user for user in found.users if user.id == "KN")
    assert [user.name for user in found.users if user.guid == machine.guid] == [f"kotaku-nlp {__version__}"]
    (case,) = found.cases
    assert (case.name, case.values) == ("Bu Contoh", {"group": "community", "role": "ketua"})
    assert case.sources == tuple(source.guid for source in found.sources)
    assert [code.codable for code in found.codes] == [False, True, True, True]
    assert found.created == "2024-06-01T00:00:00Z"


def test_the_row_order_of_the_tables_does_not_matter(tmp_path: Path) -> None:
    for name, rows in (("a", ROWS.rows), ("b", ROWS.rows[::-1])):
        write_refi(tmp_path / f"{name}.qdpx", from_tables(TEXTS, Coding("x", rows), BOOK, None, TURNS))
    assert (tmp_path / "a.qdpx").read_bytes() == (tmp_path / "b.qdpx").read_bytes()


def test_labels_come_in_the_language_that_is_asked_for() -> None:
    found = from_tables(TEXTS, ROWS, BOOK, turns=TURNS, lang="en")
    assert [code.path for code in found.codes[:2]] == [("Process",), ("Process", "Dialogue")]
    assert found.codes[1].description == "Face to face."
    assert "probability 0.83; basis: shipped" in {s.memo for s in found.sources[0].selections}


@pytest.mark.parametrize(
    "row",
    [
        {"transcript": "I9", "start": 1, "end": 2},
        {"transcript": "I1", "start": 5, "end": 5},
        {"transcript": "I1", "start": 5, "end": 999},
        {"transcript": "I1", "turn": 7},
        {"transcript": "I1"},
        {"transcript": "I2.txt", "quote": "Kami percaya."},
    ],
)
def test_a_row_without_one_clear_place_is_named(row: dict[str, object]) -> None:
    found = from_tables(TEXTS, coding({**row, "code": "trust", "coder": "A"}), BOOK, turns=TURNS)
    assert all(not source.selections for source in found.sources)
    assert found.report is not None
    problem = found.report.problems[0]
    assert (problem.key, problem.level) == ("refi_lost_unplaced", "error")
    assert problem.where == f"manual, {row['transcript']}"
    assert found.report.lines("id") and found.report.lines("en")


def test_the_machine_is_one_user_however_it_is_called() -> None:
    names = ("kotaku-nlp", f"kotaku-nlp {__version__}", "kotaku-nlp 0.0.9", "kotaku-nlpx")
    rows = [{"transcript": "I1", "turn": 2, "code": "trust", "coder": name} for name in names]
    users = from_tables(TEXTS, coding(*rows), BOOK, turns=TURNS, name="studi").users
    assert sorted((user.name, user.id) for user in users) == sorted(
        [(f"kotaku-nlp {__version__}", "KN"), ("kotaku-nlp 0.0.9", "KN"), ("kotaku-nlpx", "K")]
    )
    other = from_tables(TEXTS, coding(*rows), BOOK, turns=TURNS, name="studi lain").users
    assert {user.guid for user in users if user.id == "KN"} == {
        user.guid for user in other if user.id == "KN"
    }


def test_uncoded_rows_are_counted() -> None:
    report = from_tables(TEXTS, ROWS, BOOK, turns=TURNS).report
    assert report is not None
    assert report.tallies[0].lost == {"refi_lost_uncoded": 1}
    assert [problem.key for problem in report.problems] == ["refi_lost_uncoded"]
    assert (report.tallies[0].found, report.tallies[0].kept) == (5, 4)
