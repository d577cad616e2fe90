"""Web pages: what a browser shows, as paragraphs and cells."""

from __future__ import annotations

import html

from hypothesis import given, settings
from hypothesis import strategies as st


def page(folder, body):
    path = folder / "w.html"
    path.write_text(body, encoding="utf-8")
    return path


NOSCRIBE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>wawancara</title>
<style>p { color: red }</style></head><body>
<p style="font-weight:600">Transcribed with noScribe vers. 0.7</p>
<p><a name="ts_0_4000_S00" >S00: Siapa yang</a> <a name="ts_4000_5000_S00">diundang?</a></p>
<p><a name="ts_65000_70000_S01" >S01: Semua RT &amp; <b>BKM</b>,<br>juga <i>swasta</i>. //S00: Oh.//</a></p>
<script>alert("P: bukan teks")</script></body></html>"""


def test_noscribe(tmp_path, read):
    source, texts = read(page(tmp_path, NOSCRIBE))
    assert texts == [
        "Transcribed with noScribe vers. 0.7", "S00: Siapa yang diundang?",
        "S01: Semua RT & BKM,\njuga swasta. //S00: Oh.//",
    ]  # fmt: skip
    assert [block.speaker for block in source.blocks] == [None, "S00", "S01"]
    assert [block.time for block in source.blocks] == [None, "00:00:00", "00:01:05"]
    assert source.text[source.blocks[1].said :].startswith("Siapa")
    assert source.metadata == {"title": "wawancara"}


def test_tables_lists_and_bold(tmp_path, read):
    body = "<b>P:</b> Apa\n  saja?<ul><li>jalan<li>air</ul>"
    body += "<table><tr><th>Tanya<th>Jawab<tr><td>A?<td>B.</table>usai"
    source, texts = read(page(tmp_path, body))
    assert texts == ["P: Apa saja?", "jalan", "air", "Tanya", "Jawab", "A?", "B.", "usai"]
    assert [(block.table, block.row, block.column) for block in source.blocks[3:7]] == [
        (1, 1, 1), (1, 1, 2), (1, 2, 1), (1, 2, 2),
    ]  # fmt: skip
    assert source.blocks[0].bold == 2 and source.blocks[7].kind == "paragraph"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(categories=("L", "N", "M", "P", "S")), min_size=1), min_size=1))
def test_any_words_come_back(tmp_path_factory, read, words):
    body = "".join(f"<p>x{html.escape(word)}</p>" for word in words)
    assert read(page(tmp_path_factory.mktemp("any"), body))[1] == [f"x{word}" for word in words]
