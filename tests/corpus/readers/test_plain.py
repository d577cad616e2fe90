"""Text and Markdown: the canonical text is the whole file, one block a line."""

from __future__ import annotations

import codecs
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kotaku_nlp.corpus.readers import read_source
from kotaku_nlp.errors import CorpusError

TALK = "Pewawancara : Apa kabar, Pak?\r\n\r\nInforman\t: Baik… “alhamdulillah” – café\r\n"
LINES = ["Pewawancara : Apa kabar, Pak?", "Informan\t: Baik… “alhamdulillah” – café"]


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
        (b"", "cp1252"),
    ],
)
def test_encodings(tmp_path, read, mark, encoding):
    path = tmp_path / "teks.txt"
    path.write_bytes(mark + TALK.encode(encoding))
    source, texts = read(path)
    assert source.text == TALK.replace("\r\n", "\n")
    assert texts == LINES
    assert [block.locator for block in source.blocks] == ["line 1", "line 3"]


@pytest.mark.parametrize(
    "data",
    [
        b"kata \x81\x8d\x8f tak terbaca",  # in no code page that we know
        codecs.BOM_UTF16_LE + b"a\x00b",  # half a character at the end
        bytes(range(1, 32)) * 10,
        b"\x00" * 100 + b"\x01\x02",
    ],
)
def test_undecodable(tmp_path, data):
    path = tmp_path / "rusak.txt"
    path.write_bytes(data)
    with pytest.raises(CorpusError) as caught:
        read_source(path)
    assert caught.value.key == "reading_undecodable" and caught.value.where == "rusak.txt"


def test_old_mac_line_ends_and_nul_padding(tmp_path, read):
    path = tmp_path / "mac.txt"
    path.write_bytes(b"T: Siapa?\rJ: Saya\r" + b"\x00" * 3)
    assert read(path)[1] == ["T: Siapa?", "J: Saya"]


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\r\n\t\ufeff\u0301🙏\xa0 ")))
@example("P:\xa0ya\r\n\rI: e\u0301 🙏\u2028lanjut\x85\n")
def test_any_text_comes_back_whole(tmp_path_factory, read, text):
    path = tmp_path_factory.mktemp("any") / "apa-saja.txt"
    path.write_bytes(codecs.BOM_UTF8 + text.encode("utf-8"))
    canonical = re.sub("\r\n|\r", "\n", text)
    seen = [line for line in canonical.split("\n") if line.strip(" \t\xa0\ufeff\u3000\u2028") != ""]
    try:
        source, texts = read(path)
    except CorpusError as error:
        assert error.key == "reading_no_text"
        assert not any(char.isalnum() for char in text)
        return
    assert source.text == canonical
    # Every line that holds a letter, digit or sign is a block, in order and uncut.
    assert [line for line in seen if any(map(str.isalnum, line))] == [
        line for line in texts if any(map(str.isalnum, line))
    ]


def test_front_matter_is_metadata_and_stays_in_the_text(tmp_path, read):
    path = tmp_path / "catatan.md"
    content = (
        "---\ntitle: Rapat: penataan drainase\ndate: 2018-03-04\ntags:\n- rapat\n- RT 05\n"
        "tempat: \"Balai\"\n---\n\n"
        "# Hadir\n\n**Pewawancara:** Dari mana mulainya?\n"
    )  # fmt: skip
    path.write_text(content, encoding="utf-8")
    source, texts = read(path)
    assert source.text == content
    assert texts == ["# Hadir", "**Pewawancara:** Dari mana mulainya?"]
    assert source.metadata == {
        "title": "Rapat: penataan drainase", "date": "2018-03-04", "tags": "rapat; RT 05", "tempat": "Balai",
    }  # fmt: skip
    assert [block.bold for block in source.blocks] == [0, len("**Pewawancara:**")]


@pytest.mark.parametrize(
    "content",
    [
        "---\nP: Siapa saja?\nI: Warga.\nP: Lalu?\n---\n",  # talk between two rules
        "---\ntitle: tanpa penutup\nP: Halo\n",
        "P: Halo\n---\ntitle: bukan kepala\n---\n",
        "---\n---\nP: Halo\n",
    ],
)
def test_no_front_matter_no_line_lost(tmp_path, read, content):
    path = tmp_path / "bukan.md"
    path.write_text(content, encoding="utf-8")
    source, texts = read(path)
    assert source.metadata == {}
    assert texts == content.split("\n")[:-1]


def test_rich_text(tmp_path, read):
    path = tmp_path / "wawancara.rtf"
    path.write_text(
        r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\f0 {\b P:} Sejak kapan?\par "
        r"I: Sejak \u8220?tahun lalu\u8221?, caf\'e9\par }",
        encoding="ascii",
    )
    assert read(path)[1] == ["P: Sejak kapan?", "I: Sejak “tahun lalu”, café"]


def test_rich_text_that_is_none(tmp_path):
    path = tmp_path / "palsu.rtf"
    path.write_text("P: Halo", encoding="utf-8")
    with pytest.raises(CorpusError) as caught:
        read_source(path)
    assert caught.value.key == "reading_damaged"
