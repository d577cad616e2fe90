"""Word documents: nothing that a person sees is lost, nothing stands twice."""

from __future__ import annotations

import re
import zipfile

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st


def saved(folder, document):
    path = folder / "wawancara.docx"
    document.save(path)
    return path


def inside(xml):
    return parse_xml(f"<w:p {nsdecls('w')}>{xml}</w:p>")


def test_paragraphs_bold_labels_and_soft_breaks(tmp_path, read):
    document = Document()
    paragraph = document.add_paragraph()
    paragraph.add_run("Pewawancara").bold = True
    paragraph.add_run(" ")
    paragraph.add_run("(P)").bold = True
    paragraph.add_run(" : Sejak kapan\tIbu ikut?\nI: Sejak awal.")
    document.add_paragraph("")
    document.add_paragraph("Jalan dua arah, ya Bu 🙏")
    source, texts = read(saved(tmp_path, document))
    # Typed with shift and enter: one block a line, although it is one paragraph.
    assert texts == ["Pewawancara (P) : Sejak kapan\tIbu ikut?", "I: Sejak awal.", "Jalan dua arah, ya Bu 🙏"]
    assert source.text == "\n".join(texts)
    assert [block.bold for block in source.blocks] == [len("Pewawancara (P)"), 0, 0]
    assert [block.locator for block in source.blocks] == ["paragraph 1", "paragraph 1", "paragraph 3"]


def test_bold_by_style(tmp_path, read):
    document = Document()
    document.styles["Heading 1"].font.bold = True
    document.add_heading("Bagian A", level=1)
    paragraph = document.add_paragraph()
    paragraph.add_run("I: ", style="Strong")
    paragraph.add_run("sudah")
    heading = document.add_heading("", level=1)
    heading.add_run("tipis").bold = False
    source, _ = read(saved(tmp_path, document))
    assert [block.bold for block in source.blocks] == [8, 3, 0]


def test_bold_label_alone_on_its_line_in_a_cell(tmp_path, read):
    document = Document()
    cell = document.add_table(rows=1, cols=1).cell(0, 0)
    cell.paragraphs[0].add_run("Informan").bold = True
    cell.add_paragraph("Kami diundang.")
    source, texts = read(saved(tmp_path, document))
    assert texts == ["Informan\nKami diundang."]
    assert source.blocks[0].bold == len("Informan")


def test_numbers_of_lists_do_not_appear(tmp_path, read):
    document = Document()
    document.add_paragraph("T: Kapan?", style="List Number")
    document.add_paragraph("J: Kemarin.", style="List Bullet")
    assert read(saved(tmp_path, document))[1] == ["T: Kapan?", "J: Kemarin."]


def test_tables_merged_and_nested_in_document_order(tmp_path, read):
    document = Document()
    document.add_paragraph("Sebelum")
    table = document.add_table(rows=3, cols=3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "Judul"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "Pertanyaan 1"
    cell = table.cell(1, 1)
    cell.text = "Jawaban pertama"
    cell.add_paragraph("lanjutannya")
    nested = cell.add_table(rows=1, cols=2)
    nested.cell(0, 0).text, nested.cell(0, 1).text = "dalam 1", "dalam 2"
    cell.add_paragraph("penutup")
    table.cell(2, 2).text = "akhir"
    document.add_paragraph("Sesudah")
    source, texts = read(saved(tmp_path, document))
    assert texts == [
        "Sebelum", "Judul", "Pertanyaan 1", "Jawaban pertama\nlanjutannya", "dalam 1", "dalam 2", "penutup",
        "akhir", "Sesudah",
    ]  # fmt: skip
    places = [(block.kind, block.table, block.row, block.column) for block in source.blocks]
    assert places == [
        ("paragraph", None, None, None), ("cell", 1, 1, 1), ("cell", 1, 2, 1), ("cell", 1, 2, 2),
        ("cell", 2, 1, 1), ("cell", 2, 1, 2), ("cell", 1, 2, 2), ("cell", 1, 3, 3),
        ("paragraph", None, None, None),
    ]  # fmt: skip
    assert source.blocks[3].locator == "table 1 row 2 column 2"


TEXT_BOX = """
<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">
  <mc:Choice Requires="wps"><w:drawing><w:txbxContent><w:p><w:r><w:t>Kode: I-07</w:t></w:r></w:p>
  </w:txbxContent></w:drawing></mc:Choice>
  <mc:Fallback><w:pict><w:txbxContent><w:p><w:r><w:t>Kode: I-07</w:t></w:r></w:p></w:txbxContent></w:pict>
  </mc:Fallback></mc:AlternateContent></w:r>"""


def test_what_word_hides_in_wrappers(tmp_path, read):
    document = Document()
    body = document.element.body
    body.insert(0, inside(
        '<w:r><w:t xml:space="preserve">I: </w:t></w:r>'
        '<w:ins w:id="1" w:author="a"><w:r><w:t>warga</w:t></w:r></w:ins>'
        '<w:del w:id="2" w:author="a"><w:r><w:delText>swasta</w:delText></w:r></w:del>'
        '<w:r><w:t xml:space="preserve"> </w:t></w:r>'
        "<w:sdt><w:sdtContent><w:r><w:t>ikut</w:t></w:r></w:sdtContent></w:sdt>"
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>Ketuk di sini</w:t></w:r>"
        "</w:sdtContent></w:sdt>"
        '<w:r><w:instrText>PAGE</w:instrText><w:noBreakHyphen/><w:t>rapat</w:t><w:br w:type="page"/>'
        "<w:t>di balai</w:t></w:r>" + TEXT_BOX
    ))  # fmt: skip
    body.insert(1, parse_xml(
        f"<w:sdt {nsdecls('w')}><w:sdtContent>"
        "<w:p><w:r><w:t>P: Lalu?</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    ))  # fmt: skip
    source, texts = read(saved(tmp_path, document))
    assert texts == ["I: warga ikut-rapat", "di balai", "Kode: I-07", "P: Lalu?"]
    assert source.blocks[2].locator == "paragraph 1 text box"


def test_header_and_footer_are_metadata_and_comments_are_left_out(tmp_path, read):
    document = Document()
    document.sections[0].header.paragraphs[0].text = "Transkrip Informan 3"
    document.sections[0].footer.paragraphs[0].text = "4"
    run = document.add_paragraph().add_run("I: Kami diundang.")
    document.add_comment([run], text="kode: partisipasi", author="peneliti", initials="p")
    source, texts = read(saved(tmp_path, document))
    assert texts == ["I: Kami diundang."]
    assert source.metadata == {"header": "Transkrip Informan 3"}


#: What XML can hold: no control characters, no unassigned last code points of a plane.
CHARACTERS = st.characters(exclude_categories=("Cs", "Cc", "Cn")) | st.sampled_from(
    "\r\n\t\xa0\ufeff\u0301🙏"
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(CHARACTERS, max_size=30), min_size=1, max_size=6))
def test_any_paragraphs_come_back(tmp_path_factory, read, paragraphs):
    document = Document()
    document.add_paragraph("awal")
    for text in paragraphs:
        document.add_paragraph(text)
    table = document.add_table(rows=1, cols=1)
    table.cell(0, 0).text = "sel"
    _, texts = read(saved(tmp_path_factory.mktemp("any"), document))
    lines = [line for text in paragraphs for line in re.split("[\r\n]", text)]
    shown = [line for line in lines if any(map(str.isalnum, line))]
    assert [text for text in texts if any(map(str.isalnum, text))] == ["awal", *shown, "sel"]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_damaged_documents_never_crash(tmp_path_factory, data):
    from kotaku_nlp.corpus.readers import read_source
    from kotaku_nlp.errors import CorpusError

    folder = tmp_path_factory.mktemp("damaged")
    document = Document()
    document.add_paragraph("P: Halo, Pak.")
    content = bytearray(saved(folder, document).read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(len(content) // 2, len(content))) :]
    path = folder / "rusak.docx"
    path.write_bytes(content)
    try:
        read_source(path)
    except CorpusError as error:
        assert error.where == "rusak.docx"


def test_part_that_is_no_document(tmp_path):
    from kotaku_nlp.corpus.readers import read_source
    from kotaku_nlp.errors import CorpusError

    path = tmp_path / "bukan.docx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("halo.txt", "P: Halo")
    with pytest.raises(CorpusError) as caught:
        read_source(path)
    assert caught.value.key == "reading_damaged"
