"""JSON transcripts in the shapes that transcription programmes write."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotaku_nlp.corpus.readers import read_source
from kotaku_nlp.errors import CorpusError


def written(folder, data, **options):
    path = folder / "w.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data, **options), encoding="utf-8")
    return path


def test_whisperx_segments(tmp_path, read):
    segments = [
        {
            "start": 0.5,
            "end": 2,
            "text": " Siapa yang ikut?",
            "speaker": "SPEAKER_00",
            "words": [{"word": "Siapa"}],
        },
        {"start": 3725.9, "end": 3726, "text": " Semua RT,", "speaker": "SPEAKER_01", "words": []},
        {"start": 3727, "end": 3728, "text": " BKM juga.", "speaker": "SPEAKER_01"},
        {"start": 3729, "end": 3730, "text": " (musik)"},
    ]
    source, texts = read(written(tmp_path, {"text": "semua", "segments": segments, "language": "id"}))
    assert texts == ["SPEAKER_00: Siapa yang ikut?", "SPEAKER_01: Semua RT,", "BKM juga.", "(musik)"]
    assert [block.time for block in source.blocks] == ["00:00:00", "01:02:05", "01:02:07", "01:02:09"]
    assert [block.speaker for block in source.blocks] == ["SPEAKER_00", "SPEAKER_01", "SPEAKER_01", None]
    assert source.blocks[1].locator == "item 2"
    assert source.metadata == {"language": "id"}


@pytest.mark.parametrize(
    "data",
    [
        [{"speaker": "P", "text": "Lalu?"}, {"speaker": "I", "text": "Jalan."}],
        {"turns": [{"speaker": "P", "text": "Lalu?"}, {"speaker": "I", "text": "Jalan."}]},
        {"transcript": [{"pembicara": "P", "ucapan": "Lalu?"}, {"pembicara": "I", "ucapan": "Jalan."}]},
        {"transcript": {"segments": [{"label": "P:", "teks": "Lalu?"}, {"label": "I:", "teks": "Jalan."}]}},
    ],
)
def test_lists_of_turns(tmp_path, read, data):
    source, texts = read(written(tmp_path, data))
    assert texts == ["P: Lalu?", "I: Jalan."]
    assert [block.speaker for block in source.blocks] == ["P", "I"]
    assert [source.text[block.said : block.end] for block in source.blocks] == ["Lalu?", "Jalan."]


@pytest.mark.parametrize(
    "data", [{"transcript": "P: Lalu?\r\nI: Jalan."}, {"text": "P: Lalu?\n\nI: Jalan.\n"}]
)
def test_text_in_a_field(tmp_path, read, data):
    source, texts = read(written(tmp_path, data))
    assert texts == ["P: Lalu?", "I: Jalan."]
    assert {block.kind for block in source.blocks} == {"paragraph"}


def test_list_of_texts_and_questions_with_answers(tmp_path, read):
    assert read(written(tmp_path, ["P: Lalu?", "I: Jalan."]))[1] == ["P: Lalu?", "I: Jalan."]
    source, texts = read(written(tmp_path, [{"pertanyaan": "Lalu?", "jawaban": "Jalan."}]))
    assert texts == ["Lalu?", "Jalan."]
    assert [block.speaker for block in source.blocks] == ["pertanyaan", "jawaban"]


def test_half_an_emoji_can_still_be_stored(tmp_path, read):
    path = written(tmp_path, '[{"speaker": "I", "text": "bagus \\ud83d\\ude4f dan \\ud83d saja"}]')
    assert read(path)[1] == ["I: bagus 🙏 dan \ufffd saja"]


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ('{"turns": [', "reading_json"),
        ("P: bukan json", "reading_json"),
        ("[" * 100_000, "reading_json"),
        ('{"umur": 45}', "reading_json_shape"),
        ('[{"umur": 45}]', "reading_json_shape"),
        ("17", "reading_json_shape"),
    ],
)
def test_no_transcript(tmp_path, content, key):
    with pytest.raises(CorpusError) as caught:
        read_source(written(tmp_path, content))
    assert caught.value.key == key and caught.value.where == "w.json"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(), min_size=1), st.booleans())
def test_any_text_comes_back(tmp_path_factory, read, words, ascii_only):
    turns = [{"speaker": f"I{n}", "text": text} for n, text in enumerate([*words, "akhir"])]
    folder = tmp_path_factory.mktemp("any")
    source, _ = read(written(folder, turns, ensure_ascii=ascii_only))
    said = [source.text[block.said : block.end] for block in source.blocks]
    expected = [text.replace("\r\n", "\n").replace("\r", "\n").strip() for text in [*words, "akhir"]]
    assert [text for text in said if any(map(str.isalnum, text))] == [
        text for text in expected if any(map(str.isalnum, text))
    ]
