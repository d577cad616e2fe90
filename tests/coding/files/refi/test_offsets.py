"""Positions translate both ways, whatever counts as one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotaku_nlp.coding.files.refi.offsets import MARK, Convention, Ruler, candidates, canonical, stored

PIECES = st.sampled_from([*"ab .ñ你", "e\u0301", "🙏", "👩\u200d🌾", "\r\n", "\n", "\r", "\u2028"])
RAW = st.builds(lambda mark, pieces: mark + "".join(pieces), st.sampled_from(["", MARK]), st.lists(PIECES))


@given(raw=RAW, data=st.data())
def test_counting_and_finding_are_inverse(raw: str, data: st.DataObject) -> None:
    convention = data.draw(st.sampled_from(candidates(MARK + raw)))
    ruler = Ruler(raw, convention)
    places = [ruler.count(index) for index in range(len(canonical(raw)) + 1)]
    assert places == sorted(set(places))
    assert [ruler.index(place) for place in places] == list(range(len(places)))
    assert ruler.index(places[0] - 1) is None
    assert ruler.index(places[-1] + 1) is None


def test_the_sheet_of_six_conventions_that_give_four_numbers() -> None:
    raw = MARK + "P: Baik 🙏\r\nI1: RT 03 ikut gotong-royong."
    at = canonical(raw).index("gotong-royong")
    assert [
        Ruler(raw, convention).count(at)
        for convention in (
            Convention("codepoint", 2),
            Convention("codepoint", 1),
            Convention("utf16", 2),
            Convention("utf16", 1),
            Convention("codepoint", 2, bom=True),
            Convention("byte", 1),
        )
    ] == [26, 25, 27, 26, 27, 28]


def test_inside_a_character_is_nowhere_and_between_cr_and_lf_is_before_the_line_end() -> None:
    assert Ruler("🙏a", Convention("utf16")).index(1) is None
    assert Ruler("ñ", Convention("byte")).span(0, 1) is None
    ruler = Ruler("a\r\nb", Convention(breaks=2))
    assert [ruler.index(position) for position in range(5)] == [0, 1, 1, 2, 3]
    assert ruler.span(1, 2) is None  # nothing but half a line end
    assert ruler.span(0, 9) is None
    assert ruler.span(-1, 2) is None
    assert ruler.span(3, 0) is None


def test_a_program_may_count_two_although_it_writes_lf() -> None:
    assert Ruler("a\nb", Convention(breaks=2)).count(2) == 3
    assert Ruler("a\nb\r\nc", Convention(breaks=2)).count(2) == 2  # mixed line ends count as they are stored


@pytest.mark.parametrize(("raw", "breaks"), [("a\nb", 1), ("a\r\nb", 2), ("a\rb", 1)])
def test_the_standards_own_convention_counts_the_file_as_it_is(raw: str, breaks: int) -> None:
    assert stored(raw) == Convention("codepoint", 2 if breaks == 2 else 1)
    assert Ruler(raw, stored(raw)).count(len(canonical(raw))) == len(raw)


def test_canonical_text_changes_nothing_else() -> None:
    assert canonical(MARK + "e\u0301 \u2028🙏\r\nb\rc\n") == "e\u0301 \u2028🙏\nb\nc\n"
