"""read_source: every file is either read or named with its cure."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotaku_nlp.corpus.readers import SUFFIXES, read_source
from kotaku_nlp.errors import CorpusError
from kotaku_nlp.messages import wording


def refused(path) -> CorpusError:
    with pytest.raises(CorpusError) as caught:
        read_source(path)
    assert path.name in caught.value.where
    for lang in ("id", "en"):
        assert not re.search(r"[{}]{2}|\{\w+\}", caught.value.render(lang))
    return caught.value


def test_formats_of_the_contract_are_all_there():
    wanted = ".docx .txt .md .vtt .srt .csv .xlsx .json .pdf .odt .rtf .html"
    assert set(wanted.split()) <= set(SUFFIXES)


def test_missing_file_and_folder(tmp_path):
    assert refused(tmp_path / "tidak-ada.txt").key == "reading_missing"
    (tmp_path / "folder.txt").mkdir()
    assert refused(tmp_path / "folder.txt").key == "reading_missing"


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_empty_file(tmp_path, suffix):
    path = tmp_path / f"kosong{suffix}"
    path.touch()
    assert refused(path).key == "reading_empty"


@pytest.mark.parametrize("name", ["rekaman.mp3", "lama.doc", "tanpa"])
def test_unknown_suffix_says_which_can_be_read(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"x")
    error = refused(path)
    assert error.key == "reading_suffix"
    assert all(suffix in error.render("id") for suffix in (".docx", ".txt", ".vtt", ".xlsx", ".json"))


def test_suffix_in_capitals(tmp_path, read):
    path = tmp_path / "WAWANCARA.TXT"
    path.write_text("P: Sejak kapan, Pak?\n", encoding="utf-8")
    assert read(path)[1] == ["P: Sejak kapan, Pak?"]


@pytest.mark.parametrize(
    ("suffix", "content"),
    [
        (".txt", "\n \u00a0\n\t\u200b\n"),
        (".md", "---\ntitle: Catatan\n---\n\n"),
        (".csv", ",,\n \n"),
        (".json", "[]"),
        (".json", '{"segments": []}'),
        (".json", '{"transcript": "  "}'),
        (".vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n\n"),
        (".srt", "\n\n"),
        (".html", "<html><head><style>p {}</style></head><body><script>halo()</script></body></html>"),
        (".rtf", "{\\rtf1\\ansi }"),
    ],
)
def test_no_text_in_it(tmp_path, suffix, content):
    path = tmp_path / f"hampa{suffix}"
    path.write_text(content, encoding="utf-8")
    assert refused(path).key == "reading_no_text"


def test_file_that_cannot_be_opened(tmp_path, monkeypatch):
    path = tmp_path / "sedang-dibuka.txt"
    path.write_text("P: Halo", encoding="utf-8")

    def denied(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "read_bytes", denied)
    assert refused(path).key == "reading_closed"


def test_every_key_has_both_languages_and_names_no_blame():
    keys = {key: texts for key, texts in wording().items() if key.startswith("reading_")}
    assert len(keys) >= 12
    for texts in keys.values():
        assert set(re.findall(r"\{(\w+)\}", texts["id"])) == set(re.findall(r"\{(\w+)\}", texts["en"]))
        assert "salah" not in texts["id"].replace("salah satu", "")


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
@settings(max_examples=25, deadline=None)
@given(
    data=st.one_of(st.binary(min_size=1, max_size=200), st.text(min_size=1).map(lambda t: t.encode("utf-8")))
)
def test_odd_bytes_are_read_or_refused_but_never_crash(tmp_path_factory, read, suffix, data):
    path = tmp_path_factory.mktemp("odd") / f"acak{suffix}"
    path.write_bytes(data)
    try:
        read(path)
    except CorpusError as error:
        assert error.render("id").startswith("acak")


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["speaker", "text", "start", "segments", "transcript", "x"]), inner)
    ),
)


@settings(max_examples=100, deadline=None)
@given(JSONS)
def test_odd_json_is_read_or_refused_but_never_crashes(tmp_path_factory, read, data):
    path = tmp_path_factory.mktemp("odd") / "acak.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    try:
        read(path)
    except CorpusError as error:
        assert error.key in ("reading_json_shape", "reading_no_text")
