"""An answer is understood however it was written, and never guessed at."""

from __future__ import annotations

import pytest

from kotaku_nlp.validation.answers import given, understood
from kotaku_nlp.validation.kit import Item, Question

WORDS = Item("w", "words", "0", "real", ("ikan", "air", "surat", "perahu", "danau", "jala"), ("0",) * 6, 2)
LONG = (
    "Kami menunggu surat dari kelurahan.",
    "Kami menunggu air surut dulu.",
    "Batu itu berat.",
    "Kami makan bersama di balai.",
)
PASSAGES = Item("p", "passages", "0", "real", LONG, ("a", "b", "c", "d"), 0)
FIT = Item("f", "fit", "0", "real", ("Batu itu berat.",), ("c",), 2)
NAME = Item("n", "name", "0", "real", LONG[:3], ("a", "b", "c"), None)
#: Shown from the last to the first.
TURNED = Question("A1", "w", (5, 4, 3, 2, 1, 0))
AS_IS = Question("B1", "p", (0, 1, 2, 3))


@pytest.mark.parametrize(
    ("said", "place"),
    [("A", 5), ("f", 0), ("d.", 2), ("(D)", 2), ("D) surat", 2), ("d = surat", 2), ("jawaban D", 2),
     ("1", 5), ("4.", 2), ("4,0", 2), ("surat", 2), (" SURAT ", 2), ("Surat.", 2), ("air", 1)],
)  # fmt: skip
def test_letters_numbers_and_words_are_understood(said, place):
    assert understood(said, WORDS, TURNED) == place


@pytest.mark.parametrize(
    "said", ["G", "7", "0", "A atau B", "A, B", "A-B", "A/B", "1-2", "ikan, air", "sungai", "12", "suratnya"]
)
def test_what_names_no_word_is_not_understood(said):
    assert understood(said, WORDS, TURNED) is None


@pytest.mark.parametrize(
    ("said", "place"),
    [("c", 2), ("e", None), ("5", None), (LONG[1], 1), ("Batu itu berat", 2), ("Kami menunggu a", 1),
     ("Kami menunggu", None), ("Kami makan b", None)],
)  # fmt: skip
def test_the_beginning_of_a_passage_stands_for_it_where_it_is_clear(said, place):
    assert understood(said, PASSAGES, AS_IS) == place


@pytest.mark.parametrize(
    ("said", "value"),
    [("0", 0), ("2", 2), ("1.0", 1), ("2 - cocok", 2), ("1 = agak", 1), ("tidak cocok", 0), ("Agak", 1),
     ("cocok", 2), ("fits somewhat", 1), ("3", None), ("-1", None), ("baik", None), ("12", None)],
)  # fmt: skip
def test_judgements_are_understood(said, value):
    assert understood(said, FIT, Question("C1.1", "f", (0,))) == value


def test_a_name_is_taken_as_it_stands():
    assert understood("  Surat\n menyurat ", NAME, Question("C1", "n", (0, 1, 2))) == "Surat menyurat"


@pytest.mark.parametrize("said", ["", " ", "-", "?", "…", "tidak tahu", "Ragu-ragu", "don't know"])
def test_no_answer_is_none(said):
    assert not given(said)


@pytest.mark.parametrize("said", ["A", "0", "air"])
def test_an_answer_is_one(said):
    assert given(said)
