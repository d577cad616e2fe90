"""Codebooks: the shipped ones hold what the field names, one's own is checked where it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from kotaku_nlp.coding.codebook import (
    SHIPPED,
    load_codebook,
    parse_codebook,
    thin_dimensions,
    write_codebook,
)
from kotaku_nlp.errors import CodebookError

LEAVES = {
    "ansell_gash_2008": {
        "starting_conditions", "facilitative_leadership", "institutional_design", "face_to_face_dialogue",
        "trust_building", "commitment_to_process", "shared_understanding", "intermediate_outcomes",
    },
    "deseve_2007": {
        "networked_structure", "common_purpose", "trust_participants", "governance", "access_authority",
        "distributive_accountability", "information_sharing", "access_resources",
    },
    "ratner_2012": {"listening", "dialogue", "choice"},
    "aspects": {"coordination", "communication", "cooperation"},
}  # fmt: skip
OWN = """
id: skripsi
dimensions:
  - id: percaya
    label: Kepercayaan
    definition: Orang percaya atau curiga kepada pihak lain.
  - {id: rapat, label: {id: Rapat, en: Meetings}, definition: {id: Orang bertemu langsung.}}
"""


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_codebooks_speak_both_languages_and_show_what_they_mean(name: str) -> None:
    book = load_codebook(name)
    assert book.id == name and book.source and book.title["id"] and book.title["en"]
    assert {leaf.id for leaf in book.leaves} == LEAVES.get(name, {leaf.id for leaf in book.leaves})
    for leaf in book.leaves:
        for texts in (leaf.label, leaf.definition, leaf.include, leaf.exclude):
            assert texts["id"] and texts["en"]
        assert len(leaf.indicators["id"]) >= 5 and leaf.examples
    assert not thin_dimensions(book)


def test_emerson_has_twenty_leaves_under_their_blocks() -> None:
    book = load_codebook("emerson_2012")
    blocks = {dimension.parent for dimension in book.dimensions if dimension.parent}
    assert len(book.leaves) == 20
    assert {"drivers", "principled_engagement", "shared_motivation", "capacity_for_joint_action"} <= blocks


def test_one_language_suffices_for_ones_own() -> None:
    book = parse_codebook(OWN)
    assert [leaf.name("en") for leaf in book.leaves] == ["Kepercayaan", "Meetings"]
    assert book.leaves[0].text("en").startswith("Orang percaya")
    assert book.max_codes == 2
    assert [name for name, _ in thin_dimensions(book)] == ["percaya", "rapat"]


@pytest.mark.parametrize("name", SHIPPED)
def test_written_and_read_again_is_the_same(name: str, tmp_path: Path) -> None:
    write_codebook(load_codebook(name), tmp_path / "book.yaml")
    assert load_codebook(tmp_path / "book.yaml") == load_codebook(name)


@pytest.mark.parametrize(
    ("text", "key", "where"),
    [
        ("id: [", "codebook_not_yaml", "own.yaml"),
        ("- a\n- b\n", "codebook_not_mapping", "own.yaml"),
        ("dimensions: []\n", "codebook_no_id", "own.yaml"),
        ("id: x\n", "codebook_no_dimensions", "own.yaml"),
        (OWN + "tittle: x\n", "codebook_unknown_key", "own.yaml"),
        (OWN + "unit: kata\n", "codebook_bad_unit", "own.yaml"),
        (OWN + "max_codes: nol\n", "codebook_bad_max_codes", "own.yaml"),
        (OWN.replace("label: Kepercayaan", "note: x"), "codebook_unknown_key", "own.yaml, percaya"),
        (OWN.replace("    label: Kepercayaan\n", ""), "dimension_no_label", "own.yaml, percaya"),
        (OWN.replace("id: rapat", "id: percaya"), "dimension_twice", "own.yaml, percaya"),
        (
            OWN.replace("id: rapat", "id: out_of_framework"),
            "dimension_reserved",
            "own.yaml, out_of_framework",
        ),
        (OWN.replace("id: rapat,", "id: rapat, parent: forum,"), "dimension_no_parent", "own.yaml, rapat"),
        (OWN.replace("id: rapat,", "id: rapat, parent: rapat,"), "dimension_circle", "own.yaml, rapat"),
        (OWN.replace("id: rapat,", "id: rapat, examples: 5,"), "dimension_not_list", "own.yaml, rapat"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(text: str, key: str, where: str) -> None:
    with pytest.raises(CodebookError) as caught:
        parse_codebook(text, "own.yaml")
    assert (caught.value.key, caught.value.where) == (key, where)
    for lang in ("id", "en"):
        assert caught.value.render(lang).startswith("own.yaml")


def test_an_unknown_name_offers_the_nearest() -> None:
    with pytest.raises(CodebookError, match="ansell_gash_2008"):
        load_codebook("ansel_gash")


def test_yaml_cannot_run_code() -> None:
    with pytest.raises(CodebookError):
        parse_codebook("id: !!python/object/apply:os.system ['true']\n", "own.yaml")
