"""A coding brought home: by name and by words, each loss told once with its place."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotaku_nlp.coding.files.readers.imported import IMPORTED, frame
from kotaku_nlp.coding.files.settle import Settled, settle
from kotaku_nlp.messages import say
from kotaku_nlp.records import Coding

TEXTS = {
    "g3-lurah-hd": "P: Bagaimana?\nI: Airnya naik sampai dapur.\nP: Lalu?\nI: Kami rembug.",
    "rt17": "P: Rapat?\nI: Kami rembug.\nP: Lagi?\nI: Kami rembug.",
}


def rows(*cells: dict[str, Any]) -> Coding:
    empty = dict.fromkeys(IMPORTED, "") | {
        "turn": None,
        "start": None,
        "end": None,
        "coder": "rina",
        "code": "x",
    }
    return frame(
        "rina", [empty | {"place": f"rina.csv, row {n}"} | one for n, one in enumerate(cells, start=2)]
    )


def spans(found: Settled) -> list[tuple[str, str]]:
    records = found.coding.rows.to_dict("records")
    return [(row["transcript"], TEXTS[row["transcript"]][row["start"] : row["end"]]) for row in records]


def keys(found: Settled) -> list[str]:
    return [problem.key for problem in found.problems[1:]]


def test_quotes_are_located_and_names_need_not_be_exact() -> None:
    found = settle(
        rows(
            {"transcript": "G3_Lurah HD.docx", "quote": "airnya naik"},
            {"transcript": "Pak RT", "quote": "Rapat?"},
            {"transcript": "rt17", "turn": 2, "quote": "Kami rembug."},
        ),
        TEXTS,
        names={"pak rt": "rt17"},
    )
    assert spans(found)[:2] == [("g3-lurah-hd", "Airnya naik"), ("rt17", "Rapat?")]
    assert found.coding.rows["turn"].tolist()[2] == 2 and found.coding.rows["quote"][0] == "Airnya naik"
    assert keys(found) == [] and found.problems[0].params == {"kept": 3, "left": 0}


def test_an_ambiguous_quote_is_told_once_with_its_places() -> None:
    two = {"transcript": "rt17", "quote": "Kami rembug."}
    found = settle(rows(two, two | {"code": "y"}), TEXTS)
    assert found.coding.rows.empty and found.left == {"settle_ambiguous": 2}
    assert keys(found) == ["settle_ambiguous"] and found.problems[1].where == "rina.csv, row 2"
    assert found.problems[1].params["lines"] == "2, 4"


def test_equal_passages_are_told_apart_by_their_neighbours() -> None:
    own = "\ufeffJudul lain\n" + TEXTS["rt17"]
    start = own.rindex("Kami rembug.")
    found = settle(rows({"transcript": "rt17", "start": start, "end": start + 12}), TEXTS, {"rt17": own})
    assert found.coding.rows["start"].tolist() == [TEXTS["rt17"].rindex("Kami rembug.")]


def test_positions_of_the_same_text_stand_and_others_are_never_trusted() -> None:
    text = TEXTS["g3-lurah-hd"]
    start = text.index("Airnya")
    row = {"transcript": "g3-lurah-hd", "start": start, "end": start + 6}
    assert spans(settle(rows(row), TEXTS)) == [("g3-lurah-hd", "Airnya")]
    assert spans(settle(rows(row), TEXTS, {"g3-lurah-hd": text})) == [("g3-lurah-hd", "Airnya")]
    shifted = settle(rows(row | {"quote": "Airnya"}), TEXTS, {"g3-lurah-hd": text[:2] + "  " + text[2:]})
    assert spans(shifted) == [("g3-lurah-hd", "Airnya")]
    moved = settle(rows({**row, "start": start + 3, "end": start + 9, "quote": "Airnya"}), TEXTS)
    assert spans(moved) == [("g3-lurah-hd", "Airnya")] and keys(moved) == ["settle_moved"]
    lost = settle(rows(row | {"quote": "Tidak ada"}), TEXTS)
    assert keys(lost) == ["settle_nowhere"]
    outside = settle(rows(row | {"end": 10_000}), TEXTS)
    assert outside.left == {"settle_outside": 1}


def test_documents_are_known_by_their_text_or_their_words() -> None:
    own = {"Interview 7": TEXTS["rt17"].replace("\n", "\n\n")}
    start = own["Interview 7"].index("Rapat?")
    found = settle(
        rows(
            {"transcript": "Interview 7", "start": start, "end": start + 6, "quote": "Rapat?"},
            {"transcript": "koding akhir", "quote": "sampai dapur"},
            {"transcript": "koding akhir", "quote": "Kami rembug."},
        ),
        TEXTS,
        own,
    )
    assert spans(found) == [("rt17", "Rapat?"), ("g3-lurah-hd", "sampai dapur")]
    assert keys(found) == ["settle_by_text", "settle_by_words", "settle_no_transcript"]
    assert found.left == {"settle_no_transcript": 1}


@pytest.mark.parametrize("quote", ["Airnya naik sampai ke dapur.", "Bagaimana? I: Airnya [...] dapur."])
def test_what_was_placed_by_other_words_is_told(quote: str) -> None:
    found = settle(rows({"transcript": "g3-lurah-hd", "quote": quote}), TEXTS)
    assert "Airnya naik sampai dapur" in spans(found)[0][1]
    assert found.problems[1].level == "notice"
    for lang in ("id", "en"):
        assert "dapur" in say(found.problems[1].key, lang, **found.problems[1].params)


def test_names_that_differ_by_a_mark_only_are_not_mixed_up() -> None:
    texts = {"rt-17": "Kami rembug.", "rt 17": "Airnya naik."}
    found = settle(rows({"transcript": "rt 17", "turn": 1}, {"transcript": "RT17", "turn": 1}), texts)
    assert found.coding.rows["transcript"].tolist() == ["rt 17"]
    assert found.left == {"settle_no_transcript": 1}


def test_an_empty_coding_stays_one() -> None:
    found = settle(rows(), TEXTS)
    assert found.coding.rows.columns.tolist() == list(IMPORTED) and found.problems[0].params["kept"] == 0


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["rt17", "g3-lurah-hd", "lain"]),
            st.sampled_from(["Kami rembug.", "dapur", "tidak ada", ""]),
            st.one_of(st.none(), st.integers(0, 90)),
            st.one_of(st.none(), st.integers(0, 90)),
        ),
        max_size=8,
    )
)
def test_every_row_is_placed_or_counted(cells: list[tuple[str, str, int | None, int | None]]) -> None:
    found = settle(
        rows(*({"transcript": t, "quote": q, "start": a, "end": b} for t, q, a, b in cells)), TEXTS
    )
    assert len(found.coding.rows) + sum(found.left.values()) == len(cells)
    for row in found.coding.rows.to_dict("records"):
        assert TEXTS[row["transcript"]][row["start"] : row["end"]] == row["quote"] != ""
