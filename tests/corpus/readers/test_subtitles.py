"""Subtitles: every cue is read, its speaker taken from where the format says it."""

from __future__ import annotations

import html

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotaku_nlp.corpus.readers import read_source
from kotaku_nlp.errors import CorpusError


def write(tmp_path, name, content):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8", newline="")
    return path


NOSCRIBE = """WEBVTT Transcribed with noScribe

NOTE
media: rekaman.wav

NOTE
Transcribed with noScribe vers. 0.7

1
00:00:01.200 --> 00:00:04.000 align:start
<v S00>Bagaimana awalnya, <i>Pak</i>?

2
01:02:03.999 --> 01:02:09.000
<v.keras S01>Awalnya &lt;rapat&gt; RT &amp; RW <tertawa> (..)
terus sepakat //S00: Oh ya. //</v>
"""


def test_vtt_voice_tags(tmp_path, read):
    source, texts = read(write(tmp_path, "w.vtt", NOSCRIBE))
    assert texts == [
        "S00: Bagaimana awalnya, Pak?",
        "S01: Awalnya <rapat> RT & RW <tertawa> (..)\nterus sepakat //S00: Oh ya. //",
    ]
    first, second = source.blocks
    assert (first.speaker, first.time, first.kind, first.locator) == ("S00", "00:00:01", "cue", "cue 1")
    assert (second.speaker, second.time) == ("S01", "01:02:03")
    assert source.text[first.said : first.end] == "Bagaimana awalnya, Pak?"
    assert "rekaman.wav" in source.metadata["note"]


def test_several_voices_in_one_cue(tmp_path, read):
    cue = "(musik)\n<v Bu RT>Sudah dirapatkan?</v>\n<v Pak Lurah>Sudah.</v>\n"
    source, texts = read(write(tmp_path, "w.vtt", f"\nWEBVTT\n\n00:01.000 --> 00:02.000\n{cue}"))
    assert texts == ["(musik)", "Bu RT: Sudah dirapatkan?", "Pak Lurah: Sudah."]
    assert [block.speaker for block in source.blocks] == [None, "Bu RT", "Pak Lurah"]
    assert {block.time for block in source.blocks} == {"00:00:01"}


@pytest.mark.parametrize("suffix", ["vtt", "srt"])
def test_whisperx_prefix_and_run_of_cues(tmp_path, read, suffix):
    head, dot = ("WEBVTT\n\n", ".") if suffix == "vtt" else ("", ",")
    cues = [
        "[SPEAKER_00]: Siapa yang diundang?", "[SPEAKER_01]: Semua RT,", "[SPEAKER_01]: BKM juga.",
        "[SPEAKER_00]: Swasta?",
    ]  # fmt: skip
    body = "\r\n\r\n".join(
        f"{n}\r\n00:00:{n:02}{dot}000 --> 00:00:{n:02}{dot}900\r\n{cue}" for n, cue in enumerate(cues, 1)
    )
    source, texts = read(write(tmp_path, f"w.{suffix}", head + body))
    # Whose cue goes on needs no label again: the turn slices out without one in its middle.
    assert texts == [
        "SPEAKER_00: Siapa yang diundang?", "SPEAKER_01: Semua RT,", "BKM juga.", "SPEAKER_00: Swasta?",
    ]  # fmt: skip
    assert [block.speaker for block in source.blocks] == [
        "SPEAKER_00",
        "SPEAKER_01",
        "SPEAKER_01",
        "SPEAKER_00",
    ]
    said = [source.text[block.said : block.end] for block in source.blocks]
    assert said == ["Siapa yang diundang?", "Semua RT,", "BKM juga.", "Swasta?"]
    assert [block.time for block in source.blocks] == ["00:00:01", "00:00:02", "00:00:03", "00:00:04"]


def srt(*cues):
    return "\n\n".join(
        f"{n}\n00:00:{n:02},000 --> 00:00:{n:02},900\n{cue}" for n, cue in enumerate(cues, start=1)
    )


def test_plain_prefixes_are_left_to_the_speaker_step(tmp_path, read):
    source, texts = read(write(tmp_path, "w.srt", srt("Pewawancara: Jam 17:30 ya?", "Iya.")))
    assert texts == ["Pewawancara: Jam 17:30 ya?", "Iya."]
    assert [block.speaker for block in source.blocks] == [None, None]


def test_blank_line_inside_a_cue_loses_nothing(tmp_path, read):
    vtt = "WEBVTT\n\n00:01.000 --> 00:02.000\nWarga ikut\n\ndari awal.\n\nNOTE selesai\n\n"
    vtt += "00:03.000 --> 00:04.000\nYa.\n"
    assert read(write(tmp_path, "w.vtt", vtt))[1] == ["Warga ikut\ndari awal.", "Ya."]
    texts = read(write(tmp_path, "w.srt", srt("Warga ikut\n\ndari awal.", "Ya.")))[1]
    assert [text.split() for text in texts] == [["Warga", "ikut", "dari", "awal."], ["Ya."]]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("w.vtt", "WEBVTT\n\n1:02.5 --> 1:03,25\nBenar.\n"),
        ("w.srt", '1\n0:01:02.5 --> 0:01:03,25\n{\\an8}<font color="#fff">Benar.</font>\n'),
        ("terbalik.srt", "WEBVTT\n\n01:02.000 --> 01:03.000\nBenar.\n"),
    ],
)
def test_careless_times(tmp_path, read, name, content):
    source, texts = read(write(tmp_path, name, content))
    assert texts == ["Benar."] and source.blocks[0].time == "00:01:02"


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("w.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nSatu\n\n00:03.000 --> \nDua\n", "line 6"),
        ("w.srt", "1\n00:00:01,000 --> 00:00:02,000\nSatu\n\n2\n00:03 --> besok\nDua\n", "line 6"),
        ("w.srt", "Pewawancara: ini bukan takarir", "line 1"),
    ],
)
def test_cue_that_cannot_be_read_is_named(tmp_path, name, content, place):
    with pytest.raises(CorpusError) as caught:
        read_source(write(tmp_path, name, content))
    assert caught.value.key == "reading_cue" and place in caught.value.where


WORDS = st.text(
    st.characters(categories=("L", "M", "N", "P", "S")) | st.sampled_from(" \xa0\u200d🙏"), min_size=1
)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(WORDS.filter(lambda w: any(map(str.isalnum, w)) and "{" not in w and "[" not in w), min_size=1)
)
def test_any_words_come_back(tmp_path_factory, read, cues):
    folder = tmp_path_factory.mktemp("any")
    body = "".join(
        f"00:00:{n % 60:02}.000 --> 00:00:{n % 60:02}.500\n<v S{n}>{html.escape(cue, quote=False)}\n\n"
        for n, cue in enumerate(cues)
    )
    source, _ = read(write(folder, "w.vtt", f"WEBVTT\n\n{body}"))
    said = [source.text[block.said : block.end] for block in source.blocks]
    assert said == [cue.strip() for cue in cues]
