"""Word documents: the text of the transcript and nothing else, each comment exactly on its words."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from kotaku_nlp.corpus.readers import read_source
from kotaku_nlp.export.spans import CodedSpan, human_spans, in_order, machine_spans
from kotaku_nlp.export.word import comment_text, document, write_transcripts
from kotaku_nlp.messages import LANGUAGES
from kotaku_nlp.report.frames import rows
from kotaku_nlp.report.labels import Labels

SIGNS = st.sampled_from([*"ab Z.:;\t\n🙏é", "e\u0301", "\u200b", "\u2028", "  ", "&<>", "ﷺ"])


def marked(raw):
    """Return the text of a document, and of each comment its range, author, text and date."""
    opened = Document(io.BytesIO(raw))
    text, starts, ends = [], {}, {}
    for number, paragraph in enumerate(opened.element.body.iter(qn("w:p"))):
        text += ["\n"] if number else []
        for node in paragraph.iter():
            here = sum(map(len, text))
            if node.tag == qn("w:t"):
                text.append(node.text or "")
            elif node.tag == qn("w:tab") and node.getparent().tag == qn("w:r"):
                text.append("\t")
            elif node.tag == qn("w:commentRangeStart"):
                starts[int(node.get(qn("w:id")))] = here
            elif node.tag == qn("w:commentRangeEnd"):
                ends[int(node.get(qn("w:id")))] = here
    comments = {
        comment.comment_id: (starts[comment.comment_id], ends[comment.comment_id], comment)
        for comment in opened.comments
    }
    assert starts.keys() == ends.keys() == comments.keys()
    return "".join(text), list(comments.values())


def told(raw):
    text, comments = marked(raw)
    return [(text[start:end], comment.author, comment.text) for start, end, comment in comments]


def write(analysis, spans, lang="id"):
    transcript = rows(analysis.transcripts)[0]
    turns = rows(analysis.turns[analysis.turns["transcript"] == transcript["transcript"]])
    return document(transcript, turns, spans, Labels(lang, analysis.codebooks), "kepala halaman")


@settings(max_examples=40, deadline=None)
@given(st.lists(SIGNS, min_size=1, max_size=40).map("".join), st.data())
def test_every_comment_lies_exactly_on_its_span(with_text, text, data):
    places = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))
    drawn = data.draw(st.lists(places.map(sorted).filter(lambda p: text[p[0] : p[1]].strip()), max_size=5))
    spans = in_order(CodedSpan("w1", 1, *place, f"kode {n}", "Ani") for n, place in enumerate(drawn))
    found, comments = marked(write(with_text(text), spans))
    assert found == text
    assert len(comments) == len(spans)
    for span, (start, end, comment) in zip(spans, comments, strict=True):
        # A line feed at the edge of a span is the border between two paragraphs: no word lies on it.
        assert text[start:end].strip("\n") == text[span.start : span.end].strip("\n")
        assert span.start <= start < end <= span.end
        assert comment.text == span.code


def test_comments_name_code_and_coder_and_for_the_machine_how_sure_it_was(analysis, coding):
    people, _ = human_spans(
        analysis,
        [coding({"transcript": "w1", "quote": "duduk bersama", "code": "punya saya"},
                {"transcript": "w1", "turn": 2, "code": "percaya"})],
    )  # fmt: skip
    spans = in_order((*people, *machine_spans(analysis)[:2]))
    turn = "Kami 🙏 duduk bersama, é lama. Kami percaya."
    note = "(usulan mesin, peluang 0,83, dasar: tanpa contoh (definisi dan indikator))"
    assert told(write(analysis, spans)) == [
        (turn, "Peneliti A", "Percaya"),
        (turn, "kotaku-nlp 9.8.7", f"Dialog\n{note}"),
        (turn, "kotaku-nlp 9.8.7", f"Percaya\n{note}"),
        ("duduk bersama", "Peneliti A", "punya saya"),
    ]
    english = "(suggested by a machine, probability 0.83, basis: zero-shot (definitions and indicators))"
    assert told(write(analysis, spans, "en"))[1][2] == f"Dialogue\n{english}"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("basis", ["shipped", "zero_shot", "few_shot", "few_shot_out_of_fold"])
def test_the_second_line_can_be_told_from_a_second_code(analysis, lang, basis):
    """Readers of comments part codes at line ends and semicolons, and can leave out what is in brackets."""
    span = CodedSpan("w1", 2, 28, 32, "percaya", "kotaku-nlp", "kerja", 0.5, basis)
    code, note = comment_text(span, Labels(lang, analysis.codebooks)).split("\n")
    assert code in ("Percaya", "Trust")
    assert note.startswith("(") and note.endswith(")") and ";" not in note


def test_a_span_over_several_turns_is_one_comment(with_text):
    text = "I1: satu\nP: lalu?\nI1: dua 🙏 tiga"
    raw = write(with_text(text, [(4, 8), (12, 17), (22, 32)]), [CodedSpan("w1", 1, 6, 27, "k", "Ani")])
    assert [part for part, _, _ in told(raw)] == [text[6:27]]


def test_the_transcript_reader_finds_the_same_text_again(analysis, tmp_path):
    written = write_transcripts(analysis, machine_spans(analysis), tmp_path)
    assert [path.name for path in written] == ["w1.docx", "w2.docx", "catatan.docx"]
    for path, text in zip(written, analysis.transcripts["text"], strict=True):
        assert read_source(path).text == text.replace("\n\n", "\n")  # blank lines are no paragraphs to it


def test_speaker_labels_are_bold_and_what_is_said_is_not(with_text):
    text = "Informan: betul begitu\nP: ya?"
    opened = Document(io.BytesIO(write(with_text(text, [(10, 22), (26, 29)]), [])))
    weights = [[(run.text, bool(run.bold)) for run in p.runs] for p in opened.paragraphs]
    assert weights == [[("Informan: ", True), ("betul begitu", False)], [("P: ", True), ("ya?", False)]]


def test_what_xml_cannot_hold_keeps_its_place(with_text):
    text = "awal\x0cakhir\x00!\ufffe."
    found, ((start, end, comment),) = marked(
        write(with_text(text), [CodedSpan("w1", None, 5, 10, "k\x01<&>", "A\x0bB")])
    )
    assert found == "awal akhir\ufffd!\ufffd."
    assert (found[start:end], comment.text, comment.author) == ("akhir", "k\ufffd<&>", "A B")


@pytest.mark.parametrize(
    ("date", "iso"),
    [("2024-05-12T10:00:00+07:00", "2024-05-12T03:00:00+00:00"), ("2024-05-12", "2024-05-12T00:00:00+00:00")],
)
def test_a_comment_bears_the_date_of_the_coding_and_no_other(with_text, date, iso):
    run = with_text("betul")
    spans = [CodedSpan("w1", None, 0, 5, "k", "Ani", date=said) for said in (date, "kemarin", "")]
    dates = [comment.timestamp for _, _, comment in marked(write(run, spans))[1]]
    assert [when and when.isoformat() for when in dates] == [iso, None, None]


def test_the_same_run_gives_the_same_bytes_and_nothing_of_the_hour(analysis):
    spans = machine_spans(analysis)[:2]
    raw = write(analysis, spans)
    assert raw == write(analysis, spans)
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        assert {entry.date_time[0] for entry in package.infolist()} == {2000}
        assert b"2000-01-01T00:00:00Z" in package.read("docProps/core.xml")


def test_names_that_no_disk_takes_are_mended_and_told_apart(analysis, tmp_path):
    odd = analysis.transcripts.assign(transcript=["../w:1", "..?w*1", "akhir."])
    turns = analysis.turns.iloc[:0]
    written = write_transcripts(replace(analysis, transcripts=odd, turns=turns), [], tmp_path / "baru")
    assert {path.parent for path in written} == {tmp_path / "baru"}
    assert [path.name for path in written] == ["_w_1.docx", "_w_1 (2).docx", "akhir.docx"]
