"""The audit log: only added to, read back as written, a damaged line kept and named."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from multiprocessing import get_context

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotaku_nlp.export import audit
from kotaku_nlp.export.audit import LOG, append_entry, codebook_hash, entry, read_log, text_hash

NOON = datetime(2024, 5, 12, 12, 0, tzinfo=timezone(timedelta(hours=7)))


@pytest.fixture
def made(analysis):
    return entry(analysis, "Ani", "item_adjudicated", {"passage_id": "w1:2", "decision": "tetap"}, NOON)


def test_an_entry_says_who_when_what_and_on_which_ground(analysis, made, tmp_path):
    append_entry(tmp_path, made)
    (found,) = read_log(tmp_path).entries
    assert found == made
    assert (found.when, found.who, found.what) == ("2024-05-12T05:00:00Z", "Ani", "item_adjudicated")
    assert found.models == {"penyandi": "f00d", "kepala": "ab" * 32}
    assert found.codebooks == {"kerja": codebook_hash(analysis.codebooks[0])}
    assert found.texts == text_hash(analysis)


def test_an_entry_made_now_is_dated_now(analysis):
    when = datetime.fromisoformat(entry(analysis, "Ani", "export_written").when)
    assert timedelta(0) <= datetime.now(UTC) - when < timedelta(minutes=1)


def test_hashes_follow_content_and_nothing_else(analysis):
    book, texts = analysis.codebooks[0], analysis.transcripts
    assert codebook_hash(replace(book, max_codes=1)) != codebook_hash(book) == codebook_hash(replace(book))
    moved = replace(analysis, transcripts=texts.iloc[::-1].assign(path="lain"))
    assert text_hash(moved) == text_hash(analysis)
    assert text_hash(replace(analysis, transcripts=texts.assign(text=texts["text"] + "."))) != text_hash(
        analysis
    )


def test_only_what_is_known_is_logged(analysis):
    with pytest.raises(ValueError, match="'dibaca' is none of agreement_computed"):
        entry(analysis, "Ani", "dibaca")


def test_a_run_with_which_nothing_was_done_has_an_empty_log(tmp_path):
    assert read_log(tmp_path) == audit.Log()


@given(st.lists(st.text(max_size=20), min_size=1, max_size=5))
def test_entries_come_back_in_their_order_and_are_only_added(analysis, tmp_path_factory, names):
    folder = tmp_path_factory.mktemp("log")
    before = b""
    for name in names:
        append_entry(folder, entry(analysis, name, "export_written", {"to": name}, NOON))
        after = (folder / LOG).read_bytes()
        assert after.startswith(before)
        before = after
    log = read_log(folder)
    assert [(found.who, found.details["to"]) for found in log.entries] == [(name, name) for name in names]
    assert not log.problems


def test_a_last_line_cut_off_is_kept_named_and_written_behind(made, tmp_path):
    append_entry(tmp_path, made)
    whole = (tmp_path / LOG).read_bytes()
    (tmp_path / LOG).write_bytes(whole + whole[:40])
    cut = read_log(tmp_path)
    assert cut.entries == (made,)
    assert [(p.key, p.where, p.level) for p in cut.problems] == [
        ("export_audit_line", "audit.jsonl, 2", "error")
    ]
    append_entry(tmp_path, made)
    assert (tmp_path / LOG).read_bytes() == whole + whole[:40] + b"\n" + whole
    again = read_log(tmp_path)
    assert again.entries == (made, made)
    assert again.problems == cut.problems


@pytest.mark.parametrize(
    "line", [b"\xff\xfe", b"[]", b"1", b"null", b'{"when": "x"}', b"{}", b'{"when": 1, "who": "a"}']
)
def test_lines_that_are_no_entries_are_named(made, tmp_path, line):
    append_entry(tmp_path, made)
    whole = (tmp_path / LOG).read_bytes()
    (tmp_path / LOG).write_bytes(line + b"\n\n" + whole)
    log = read_log(tmp_path)
    assert log.entries == (made,)
    assert [problem.where for problem in log.problems] == ["audit.jsonl, 1"]


@pytest.mark.parametrize(("name", "value"), [("who", 3), ("details", "x"), ("codebooks", ["kerja"])])
def test_an_entry_with_a_field_of_another_kind_is_none(made, tmp_path, name, value):
    append_entry(tmp_path, made)
    said = json.loads((tmp_path / LOG).read_text(encoding="utf-8")) | {name: value}
    (tmp_path / LOG).write_text(json.dumps(said) + "\n", encoding="utf-8")
    log = read_log(tmp_path)
    assert (len(log.entries), len(log.problems)) == (0, 1)


def test_details_that_json_does_not_know_are_written_as_text(analysis, tmp_path):
    append_entry(tmp_path, entry(analysis, "Ani", "export_written", {"file": tmp_path}))
    assert read_log(tmp_path).entries[0].details == {"file": str(tmp_path)}


def test_a_full_disk_leaves_the_log_as_it_was(made, tmp_path, monkeypatch):
    append_entry(tmp_path, made)
    whole = (tmp_path / LOG).read_bytes()
    real = os.write
    monkeypatch.setattr(audit.os, "write", lambda handle, line: real(handle, line[:25]))
    with pytest.raises(OSError) as full:
        append_entry(tmp_path, made)
    assert full.value.filename == LOG
    assert (tmp_path / LOG).read_bytes() == whole


def _append_many(folder, made):
    for _ in range(50):
        append_entry(folder, made)


def test_two_programs_do_not_mix_their_lines(made, tmp_path):
    context = get_context("spawn")
    both = [context.Process(target=_append_many, args=(tmp_path, made)) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    log = read_log(tmp_path)
    assert (len(log.entries), log.problems) == (100, ())
