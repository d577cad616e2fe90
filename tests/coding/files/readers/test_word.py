"""Word comments as codes: ranges in the very text that the transcript reader makes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kotaku_nlp.coding.files.readers import read_document
from kotaku_nlp.coding.files.readers.word import codes_in, has_comments, read_word_comments
from kotaku_nlp.corpus.readers import read_source
from kotaku_nlp.errors import CodingError, CorpusError

W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
W15 = "http://schemas.microsoft.com/office/word/2012/wordml"
EXTENDED = "http://schemas.microsoft.com/office/2011/relationships/commentsExtended"


def saved(document: Any, folder: Path) -> Path:
    path = folder / "lurah.docx"
    document.save(str(path))
    return path


def marked(document: Any, text: str, author: str = "rina") -> str:
    """Add a comment and return its number as the XML needs it."""
    return str(
        document.add_comment(document.add_paragraph("").add_run(""), text=text, author=author).comment_id
    )


def body(document: Any, xml: str) -> None:
    document.element.body.insert(0, parse_xml(f"<w:p {nsdecls('w')}>{xml}</w:p>"))


def bare(text: str, author: str = "rina") -> tuple[Any, str]:
    """Return a document with a comment whose range is still nowhere, and the comment's number."""
    document = Document()
    number = marked(document, text, author)
    for name in ("commentRangeStart", "commentRangeEnd"):
        for element in document.element.body.xpath(f"//w:{name}"):
            element.getparent().remove(element)
    return document, number


def test_codes_stand_where_the_comment_does(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("P: Bagaimana airnya?")
    paragraph = document.add_paragraph("I: ")
    first = paragraph.add_run("Naik sampai dapur")
    paragraph.add_run(", lalu surut.")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text = "I"
    last = table.cell(0, 1).paragraphs[0].add_run("Kami rembug. ")
    document.add_comment([first, last], text="Kode: air; rembug\nair", author="Rina")
    document.add_comment(last, text="rapat", author="Budi")
    path = saved(document, tmp_path)
    found = read_word_comments(path)
    rows = found.coding.rows
    assert found.texts["lurah"] == read_source(path).text
    assert rows["code"].tolist() == ["air", "rembug", "rapat"]
    assert rows["coder"].tolist() == ["Rina", "Rina", "Budi"]
    assert rows["quote"].tolist()[1:] == ["Naik sampai dapur, lalu surut.\nI\nKami rembug.", "Kami rembug."]
    text = found.texts["lurah"]
    assert [text[a:b] for a, b in zip(rows["start"], rows["end"], strict=True)] == rows["quote"].tolist()
    assert rows["place"].tolist()[2] == "lurah.docx, comment 2"
    assert set(rows["transcript"]) == {"lurah"} and rows["date"].str.startswith("20").all()


def test_tracked_changes_count_as_accepted(tmp_path: Path) -> None:
    document, number = bare("rembug")
    body(
        document,
        f'<w:r><w:t>I: </w:t></w:r><w:commentRangeStart w:id="{number}"/>'
        '<w:del w:id="90" w:author="x"><w:r><w:delText>Mereka</w:delText></w:r></w:del>'
        '<w:ins w:id="91" w:author="x"><w:r><w:t>Kami</w:t></w:r></w:ins>'
        '<w:moveFrom w:id="92" w:author="x"><w:r><w:t>kemarin</w:t></w:r></w:moveFrom>'
        f'<w:r><w:t xml:space="preserve"> rembug.</w:t></w:r><w:commentRangeEnd w:id="{number}"/>',
    )
    assert read_word_comments(saved(document, tmp_path)).coding.rows["quote"].tolist() == ["Kami rembug."]


def test_a_range_may_begin_and_end_in_blank_paragraphs(tmp_path: Path) -> None:
    document, number = bare("rembug")
    body(document, f'<w:commentRangeEnd w:id="{number}"/>')
    body(document, "<w:r><w:t>Kami rembug.</w:t><w:br/><w:br/><w:t>Lalu pulang.</w:t></w:r>")
    body(document, f'<w:r><w:t> </w:t></w:r><w:commentRangeStart w:id="{number}"/>')
    body(document, "<w:r><w:t>Sebelumnya.</w:t></w:r>")
    found = read_word_comments(saved(document, tmp_path))
    assert found.coding.rows["quote"].tolist() == ["Kami rembug.\nLalu pulang."]


def test_a_comment_without_a_passage_is_told_not_guessed(tmp_path: Path) -> None:
    document, number = bare("rembug")
    ends = f'<w:commentRangeStart w:id="{number}"/><w:commentRangeEnd w:id="{number}"/>'
    body(document, f"<w:r><w:t>Kami rembug.</w:t></w:r>{ends}")
    found = read_word_comments(saved(document, tmp_path))
    assert found.coding.rows.empty and found.left == {"readers_comment_nowhere": 1}
    assert found.problems[1].where == "lurah.docx, comment 1"


def test_replies_and_remarks_and_empty_comments_are_told(tmp_path: Path) -> None:
    document = Document()
    run = document.add_paragraph("").add_run("Kami rembug.")
    comments = [
        document.add_comment(run, text=text, author="rina") for text in ("rembug", "setuju", "", "a" * 90)
    ]
    for number, comment in enumerate(comments[:2], start=1):
        comment._comment_elm.p_lst[-1].set(f"{{{W14}}}paraId", f"0000000{number}")
    extended = (
        f'<w15:commentsEx xmlns:w15="{W15}"><w15:commentEx w15:paraId="00000001"/>'
        '<w15:commentEx w15:paraId="00000002" w15:paraIdParent="00000001"/></w15:commentsEx>'
    )
    part = Part(
        PackURI("/word/commentsExtended.xml"), "application/xml", extended.encode(), document.part.package
    )
    document.part.relate_to(part, EXTENDED)
    found = read_word_comments(saved(document, tmp_path))
    assert found.coding.rows["code"].tolist() == ["rembug"]
    assert found.left == {
        "readers_comment_reply": 1, "readers_comment_empty": 1, "readers_comment_remark": 1,
    }  # fmt: skip
    assert "setuju" in str(found.problems[1].params)


def test_a_document_without_comments_is_refused_with_a_cure(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("Kami rembug.")
    path = saved(document, tmp_path)
    assert not has_comments(path)
    for reader, key in ((read_word_comments, "readers_no_comments"), (read_document, "readers_word_nothing")):
        with pytest.raises(CodingError) as caught:
            reader(path)
        assert caught.value.key == key


def test_text_boxes_keep_their_comments(tmp_path: Path) -> None:
    document, number = bare("kotak")
    box = (
        "<w:r><w:pict><v:shape xmlns:v='urn:schemas-microsoft-com:vml'><v:textbox><w:txbxContent><w:p>"
        f'<w:commentRangeStart w:id="{number}"/><w:r><w:t>Di kotak.</w:t></w:r>'
        f'<w:commentRangeEnd w:id="{number}"/></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>'
    )
    body(document, f"<w:r><w:t>Luar.</w:t></w:r>{box}")
    assert read_word_comments(saved(document, tmp_path)).coding.rows["quote"].tolist() == ["Di kotak."]


def test_codes_in_a_comment() -> None:
    assert codes_in(" #Kepercayaan ;; kode:  rapat  rutin\nKepercayaan\n") == ["Kepercayaan", "rapat rutin"]
    assert codes_in(" ; \n") == []


PIECES = st.lists(
    st.sampled_from(["kata", " ", "é🙏", "<br>", "<p>", "\t", "dua kata ", "<s>", "<e>"]),
    min_size=1,
    max_size=14,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PIECES)
def test_whatever_lies_around_a_range_its_words_come_out(tmp_path: Path, pieces: list[str]) -> None:
    """The words between the marks, as one concatenates them, are the quote; blanks aside."""
    document, number = bare("x")
    paragraphs, said, inside, seen = [""], "", False, set()
    for piece in pieces:
        if piece in ("<s>", "<e>"):
            if piece in seen or (piece == "<e>" and "<s>" not in seen):
                continue
            seen.add(piece)
            inside = piece == "<s>"
            paragraphs[-1] += f'<w:commentRange{"Start" if inside else "End"} w:id="{number}"/>'
        elif piece == "<p>":
            paragraphs.append("")
        elif piece == "<br>":
            paragraphs[-1] += "<w:r><w:br/></w:r>"
        else:
            paragraphs[-1] += f'<w:r><w:t xml:space="preserve">{piece}</w:t></w:r>'
            said += piece if inside else ""
    for xml in reversed(paragraphs):
        body(document, xml)
    if not read_source_or_nothing(path := saved(document, tmp_path)):
        return
    found = read_word_comments(path)
    quotes = found.coding.rows["quote"].tolist()
    complete = {"<s>", "<e>"} <= seen and said.strip()
    assert ["".join(quote.split()) for quote in quotes] == (["".join(said.split())] if complete else [])


def read_source_or_nothing(path: Path) -> str:
    try:
        return read_source(path).text
    except CorpusError:
        return ""
