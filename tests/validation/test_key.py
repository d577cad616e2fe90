"""The key: read back as it was, kept for every set of sheets that is still out."""

from __future__ import annotations

import pytest

from kotaku_nlp.errors import RunError
from kotaku_nlp.validation.key import KEY, add_kit, read_kits


def test_a_key_is_read_back_as_it_was(kit, tmp_path):
    add_kit(tmp_path / "validation", kit)
    assert read_kits(tmp_path / "validation") == (kit,)


def test_sets_written_before_stay(kit, kit_of, tmp_path):
    other = kit_of(seed=9)[0]
    for one in (kit, other, kit):
        add_kit(tmp_path, one)
    assert read_kits(tmp_path) == (other, kit)


def test_fewer_raters_do_not_lose_a_sheet_that_is_out(kit_of, tmp_path):
    three, one = kit_of(raters=3)[0], kit_of(raters=1)[0]
    add_kit(tmp_path, three)
    add_kit(tmp_path, one)
    (kept,) = read_kits(tmp_path)
    assert kept.sheets == three.sheets


def test_no_key_is_no_set(tmp_path):
    assert read_kits(tmp_path) == ()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 7, "sets": []}', '{"format": 1, "sets": [{}]}'])
def test_a_damaged_key_is_named_with_the_cure(tmp_path, text):
    (tmp_path / KEY).write_text(text, encoding="utf-8")
    with pytest.raises(RunError, match="key cannot be read") as told:
        read_kits(tmp_path)
    assert told.value.where == str(tmp_path / KEY)
