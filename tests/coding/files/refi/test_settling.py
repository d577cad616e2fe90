"""The convention is found out, or the source is left for a person: never silently assumed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotaku_nlp.coding.files.refi.offsets import MARK, Convention, candidates, canonical
from kotaku_nlp.coding.files.refi.settling import Marked, Settlement, place, prior_of, settle

RAW = MARK + "P: Baik 🙏\r\nI1: RT 03 ikut gotong-royong.\r\nI2: Dananya belum cair 😊, Pak.\r\nI2: Sudah."
TEXT = canonical(RAW)
WORDS = ("RT 03 ikut gotong-royong", "Dananya belum cair 😊, Pak.", "Sudah")
CONVENTIONS = candidates(MARK)
CHARACTERS = st.sampled_from([*"aeiou nk.,", "ñ", "e\u0301", "🙏", "👩\u200d🌾", "你", "…"])


def counted(text: str, index: int, convention: Convention) -> int:
    """Count a place as a program would, by looking at the text in front of it."""
    front = (MARK if convention.bom else "") + text[:index]
    front = front.replace("\n", "\r\n" if convention.breaks == 2 else "\n")
    widths = {"codepoint": len(front), "utf16": len(front.encode("utf-16-le")) // 2}
    return widths.get(convention.unit, len(front.encode()))


def marked(
    text: str, spans: list[tuple[int, int]], convention: Convention, name: str = "full"
) -> list[Marked]:
    """Return selections as a program with this convention would store them."""
    found = []
    for start, end in spans:
        shown = text[start:end].replace("\n", " ")
        shown = {"full": shown, "none": "", "cut": shown[:20] + "…", "own": "kutipan penting"}[name]
        found.append(Marked(counted(text, start, convention), counted(text, end, convention), shown))
    return found


def words(*quotes: str) -> list[tuple[int, int]]:
    return [(TEXT.index(quote), TEXT.index(quote) + len(quote)) for quote in quotes]


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_three_previews_settle_each_of_twelve_conventions(convention: Convention) -> None:
    selections = marked(TEXT, words(*WORDS), convention)
    assert settle(RAW, selections) == Settlement(convention, "previews", 3, 3)


@given(
    lines=st.lists(st.lists(CHARACTERS, max_size=12).map("".join), min_size=1, max_size=8),
    mark=st.sampled_from(["", MARK]),
    end=st.sampled_from(["\n", "\r\n"]),
    data=st.data(),
)
def test_random_texts_are_recovered_under_every_convention(
    lines: list[str], mark: str, end: str, data: st.DataObject
) -> None:
    text = "\n".join(f"baris {number}: {line}|" for number, line in enumerate(lines))
    convention = data.draw(st.sampled_from([c for c in CONVENTIONS if mark or not c.bom]))
    starts = [text.index(f"baris {number}:") for number in range(len(lines))]
    spans = list(zip(starts, [text.index("|", start) + 1 for start in starts], strict=True))
    selections = marked(text, spans, convention)
    raw = mark + text.replace("\n", end)
    settlement = settle(raw, selections)
    assert settlement.basis == "previews"
    assert place(raw, selections, settlement) == [(span, "checked") for span in spans]


@given(text=st.lists(CHARACTERS | st.just("\n"), min_size=2, max_size=40).map("".join), data=st.data())
def test_what_is_settled_on_any_text_is_right(text: str, data: st.DataObject) -> None:
    """Repetitive texts cannot always be settled; what is settled is never shifted."""
    raw = MARK + text.replace("\n", "\r\n")
    text = canonical(raw)
    convention = data.draw(st.sampled_from(CONVENTIONS))
    places = st.tuples(*2 * [st.integers(0, len(text))]).filter(lambda pair: pair[0] < pair[1])
    spans = data.draw(st.lists(places, min_size=1, max_size=4))
    selections = marked(text, spans, convention)
    settlement = settle(raw, selections)
    if settlement.accepted:
        assert [span for span, _ in place(raw, selections, settlement)] == spans


def test_cut_previews_tell_the_beginning_and_the_program_decides_between_ties() -> None:
    text = "I1: " + "kami berkumpul 🙏 di balai 😊 " * 5 + "selesai."
    selections = marked(text, [(4, len(text))], Convention("utf16"), "cut")
    assert settle(text, selections).basis == "review"  # where it ends is open
    assert settle(text, selections, "NVivo for Windows 14") == Settlement(Convention("utf16"), "prior", 1, 1)


def test_a_long_preview_may_be_cut_without_a_sign_and_a_short_one_may_not() -> None:
    text = "satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas dua belas"
    assert settle(text, [Marked(0, 68, text[:55])]) == Settlement(Convention(), "previews", 1, 1)
    assert settle(text, [Marked(0, 68, text[:13])]) == Settlement(Convention(), "review", 0, 1)


@pytest.mark.parametrize(
    ("origin", "prior"),
    [
        ("ATLAS.ti for Windows 23", Convention()),
        ("NVivo for Windows 12.6", Convention("utf16", 2)),
        ("NVivo for Mac 14", None),
        ("MAXQDA 24", Convention("codepoint", 2)),
        ("QualCoder 3.6", Convention("codepoint", 2)),
        ("entah", None),
        ("", None),
    ],
)
def test_what_is_known_of_programs(origin: str, prior: Convention | None) -> None:
    assert prior_of(origin, RAW) == prior


def test_without_previews_a_known_program_is_believed_when_words_are_not_cut() -> None:
    selections = marked(TEXT, words(*WORDS), Convention("utf16", 2), "none")
    settlement = settle(RAW, selections, "NVivo for Windows 12.6")
    assert settlement == Settlement(Convention("utf16", 2), "prior")
    assert place(RAW, selections, settlement) == [(span, "unchecked") for span in words(*WORDS)]
    assert settle(RAW, selections, "ATLAS.ti").basis == "review"  # words would be cut
    assert settle(RAW, selections).basis == "review"  # too few to tell


def test_without_previews_the_known_programs_way_wins_where_ways_are_tied() -> None:
    raw = TEXT.replace("🙏", "oke").replace("😊", "ya").replace("\n", "\r\n")
    places = [(raw.index(quote), raw.index(quote) + len(quote)) for quote in ("RT 03 ikut", "Sudah")]
    selections = [Marked(start, end) for start, end in places]  # UTF-16 and code points are the same
    assert settle(raw, selections, "NVivo for Windows 14") == Settlement(Convention("utf16", 2), "prior")
    assert settle(raw, selections, "MAXQDA 24") == Settlement(Convention("codepoint", 2), "prior")
    assert settle(raw, selections).basis == "review"


def test_without_previews_many_edges_tell_by_themselves() -> None:
    text = "\n".join(f"Warga nomor {number} berkata 🙏 begitu saja" for number in range(12))
    raw = text.replace("\n", "\r\n")
    spans = [(text.index(f"nomor {n} "), text.index(f"nomor {n} ") + 7) for n in range(2, 10)]
    selections = marked(text, spans, Convention("utf16", 2), "none")
    assert settle(raw, selections) == Settlement(Convention("utf16", 2), "edges")


def test_names_that_are_no_quotes_tell_nothing_and_are_left_to_a_person_when_all_are() -> None:
    selections = marked(TEXT, words(*WORDS), Convention("codepoint", 2), "own")
    assert settle(RAW, selections, "QualCoder").basis == "review"
    mixed = [*marked(TEXT, words(*WORDS[:2]), Convention(), "full"), selections[2]]
    mixed[2] = Marked(*(counted(TEXT, at, Convention()) for at in words(WORDS[2])[0]), "kutipan penting")
    settlement = settle(RAW, mixed)
    assert settlement == Settlement(Convention(), "previews", 2, 2)
    assert place(RAW, mixed, settlement)[2] == (words(WORDS[2])[0], "unchecked")


def test_one_shifted_selection_among_many_is_named() -> None:
    text = " ".join(f"kata{number}" for number in range(40))
    spans = [(text.index(f"kata{n}"), text.index(f"kata{n}") + 6) for n in range(10, 20)]
    selections = marked(text, spans, Convention())
    selections[4] = Marked(selections[4].start + 3, selections[4].end + 3, selections[4].preview)
    settlement = settle(text, selections)
    assert settlement == Settlement(Convention(), "previews", 9, 10)
    assert [state for _, state in place(text, selections, settlement)].count("shifted") == 1


def test_mostly_shifted_selections_leave_the_source_open() -> None:
    selections = [
        Marked(s.start + 5, s.end + 5, s.preview) for s in marked(TEXT, words(*WORDS), Convention())
    ]
    settlement = settle(RAW, selections, "QualCoder")
    assert settlement.basis == "review"
    assert not settlement.accepted


@pytest.mark.parametrize("raw", ["", "x", MARK, "\r\n"])
def test_a_text_of_nothing_is_unusable(raw: str) -> None:
    settlement = settle(raw, [Marked(3, 9, "halo")], "NVivo")
    assert settlement.basis == "unusable"
    assert place(raw, [Marked(3, 9, "halo")], settlement) == [(None, "outside")]


def test_a_source_without_selections_asks_for_nothing() -> None:
    assert settle("", []).accepted
