"""Structure and rules: what a codebook lacks is found without reading its meaning, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kotaku_nlp.coding.codebook import SHIPPED, load_codebook
from kotaku_nlp.coding.doctor.diagnosis import Finding
from kotaku_nlp.coding.doctor.rules import rules, structure
from kotaku_nlp.records import Codebook, Dimension

SAYINGS = tuple(f"kami rapat di balai yang ke {n}" for n in range(5))


def code(
    name: str, label: str = "", definition: str = "orang bertemu muka di balai", **more: Any
) -> Dimension:
    whole: dict[str, Any] = {
        "indicators": {"id": tuple(f"{text} {name}" for text in SAYINGS)},
        "examples": tuple(f"kata orang {n} {name}" for n in range(3)),
        "include": {"id": "juga yang batal"}, "exclude": {"id": "surat masuk ke kode lain"},
    }  # fmt: skip
    return Dimension(name, {"id": label or name}, {"id": definition}, **(whole | more))


def book(*dimensions: Dimension, max_codes: int = 2) -> Codebook:
    return Codebook("uji", {"id": "Uji"}, dimensions, max_codes=max_codes)


def found(made: Codebook) -> dict[str, Finding]:
    return {finding.key: finding for finding in (*structure(made), *rules(made, "id"))}


WHOLE = book(code("rapat"), code("dana"))


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_codebooks_lack_nothing(name: str) -> None:
    made = load_codebook(name)
    assert not [*structure(made), *rules(made, "id"), *rules(made, "en")]


def test_a_whole_codebook_is_healthy() -> None:
    assert not found(WHOLE)


@pytest.mark.parametrize(
    ("made", "key", "severity", "names"),
    [
        (book(code("rapat")), "one_code", "high", ("rapat",)),
        (book(code("a"), code("a", "lain")), "id_twice", "high", ("a",)),
        (book(code("a"), code("b", parent="x")), "no_such_parent", "high", ("b",)),
        (book(code("a", parent="b"), code("b", parent="a")), "circle", "high", ("a", "b")),
        (book(code("a", "Warga"), code("b", "warga-warga")), "label_twice", "high", ("a", "b")),
        (book(code("a", "Meetings"), code("b", "meeting")), "label_twice", "high", ("a", "b")),
        (book(code("a", aliases=("Rembug",)), code("b", "rembug")), "alias_twice", "medium", ("a", "b")),
        (book(code("rapat", definition="Rapat")), "label_as_definition", "high", ("rapat",)),
        (book(code("a"), code("b", include={}, exclude={})), "no_rules", "medium", ("b",)),
        (book(code("a"), code("b", exclude={})), "no_exclude", "low", ("b",)),
        (book(code("a"), code("b", indicators={})), "few_indicators", "medium", ("b",)),
        (book(code("a"), code("b", examples=())), "no_example", "medium", ("b",)),
        (book(code("a"), code("b", examples=("satu",))), "few_examples", "low", ("b",)),
        (book(code("a"), code("b"), max_codes=3), "idle_limit", "low", ()),
        (book(*(code(f"c{n}") for n in range(41))), "many_codes", "low", ()),
    ],
)  # fmt: skip
def test_what_is_missing_is_found(made: Codebook, key: str, severity: str, names: tuple[str, ...]) -> None:
    finding = found(made)[key]
    assert (finding.severity, finding.dimensions) == (severity, names)


def test_a_group_without_codes_is_told_from_a_code() -> None:
    bare: dict[str, Any] = {"indicators": {}, "examples": (), "include": {}, "exclude": {}}
    grouped = book(
        code("Proses", **bare), code("a", parent="Proses"), code("Hasil", definition="Hasil", **bare)
    )
    assert found(grouped)["empty_group"].dimensions == ("Hasil",)
    flat = book(code("a"), code("Hasil", definition="Hasil", **bare))
    assert "empty_group" not in found(flat)


def test_one_word_and_repeated_sentences_are_shown() -> None:
    twice = code("b", indicators={"id": ("Rapat", *SAYINGS)})
    once = code("a", indicators={"id": tuple(f"{text}!" for text in SAYINGS)})
    told = found(book(once, twice))
    assert [quote.text for quote in told["one_word"].quotes] == ["Rapat"]
    assert {quote.dimension for quote in told["sentence_twice"].quotes} == {"a", "b"}


def test_a_definition_in_the_other_language_is_a_note() -> None:
    made = book(code("a"), replace(code("b"), definition={"en": "people meet"}))
    assert found(made)["no_definition_here"].dimensions == ("b",)
    assert {f.key for f in rules(made, "en")} == {"no_definition_here"}
