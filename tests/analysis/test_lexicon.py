"""Entries are found as units, longest first, in the spelling people use."""

from __future__ import annotations

from kotaku_nlp.analysis.lexicon import (
    Entry,
    Lexicon,
    aspect_lexicon,
    compile_lexicon,
    expand,
    general_lexicon,
    units,
)


def terms(lexicon: Lexicon, text: str) -> list[str]:
    tokens = units(text)
    return [text[tokens[hit.first].start : tokens[hit.last - 1].end] for hit in lexicon.match(tokens, text)]


def test_the_longer_unit_wins() -> None:
    assert terms(aspect_lexicon(), "kami tidak pernah diajak") == ["tidak pernah diajak"]


def test_colloquial_and_jambi_spelling_meet_the_list() -> None:
    for text in ("kerja sendiri2", "begawe dewek-dewek", "kerjo sendiri²"):
        assert any("2" in term or "²" in term or "dewek" in term for term in terms(aspect_lexicon(), text))
    assert terms(aspect_lexicon(), "dakdo koordinasi") == ["dakdo koordinasi"]


def test_a_gap_stands_only_where_the_entry_says_so() -> None:
    loose = compile_lexicon([Entry("rapat * batal", -2, ("coordination",))])
    tight = compile_lexicon([Entry("rapat batal", -2, ("coordination",))])
    text = "rapat kemarin itu batal"
    assert terms(loose, text) == [text]
    assert terms(tight, text) == []
    assert terms(loose, "rapat yang kemarin dulu itu batal") == []


def test_an_entry_does_not_reach_across_a_full_stop() -> None:
    assert terms(compile_lexicon([Entry("rapat batal", -2)]), "Kami rapat. Batal semua.") == []


def test_context_lets_a_word_count_or_not() -> None:
    away = compile_lexicon([Entry("tertutup", -2, away=frozenset({"sampah"}))])
    assert terms(away, "tertutup sampah") == []
    assert terms(away, "orangnya tertutup") == ["tertutup"]


def test_alternatives_and_optional_words_are_written_out() -> None:
    assert set(expand("?sudah cepat/langsung dijawab")) == {
        ("sudah", "cepat", "dijawab"),
        ("sudah", "langsung", "dijawab"),
        ("cepat", "dijawab"),
        ("langsung", "dijawab"),
    }


def test_the_lists_are_of_the_promised_size_and_signed_both_ways() -> None:
    assert general_lexicon().size >= 300
    assert aspect_lexicon().size >= 1000
