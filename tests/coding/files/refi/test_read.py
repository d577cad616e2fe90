"""Projects as programs really write them, and what the report says of each oddity."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr
from zipfile import ZipFile

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotaku_nlp.coding.codebook import parse_codebook, write_codebook
from kotaku_nlp.coding.codings import COLUMNS
from kotaku_nlp.coding.files.refi import Convention, read_refi, write_refi
from kotaku_nlp.errors import CodebookError, CodingError
from kotaku_nlp.records import Coding

USER, OTHER = "11111111-0000-4000-8000-000000000001", "11111111-0000-4000-8000-000000000002"
DIALOG, TRUST = "c0000000-0000-4000-8000-000000000002", "c0000000-0000-4000-8000-000000000003"
GROUP, TEXT_GUID = "c0000000-0000-4000-8000-000000000001", "50000000-0000-4000-8000-000000000001"
USERS = (
    f'<Users><User guid="{USER}" name="Peneliti A" id="PA"/><User guid="{OTHER}" name="Peneliti B"/></Users>'
)
CODES = f"""<CodeBook><Codes><Code guid="{GROUP}" name="Proses" isCodable="false">
<Code guid="{DIALOG}" name="Dialog" isCodable="true"><Description>Pertemuan langsung.</Description></Code>
<Code guid="{TRUST}" name="Percaya" isCodable="true"/></Code></Codes></CodeBook>"""
TEXT = "P: Bagaimana?\nI1: Kami duduk bareng 🙏 di balai.\nI1: Ya, kami percaya."


def select(
    quote: str, code: str = DIALOG, inside: str = "", attributes: str = "", text: str = TEXT, **coding: str
) -> str:
    start = text.index(quote)
    extra = "".join(f' {name}="{value}"' for name, value in coding.items())
    return (
        f'<PlainTextSelection guid="5e000000-0000-4000-8000-{start:012d}" name={quoteattr(quote)} '
        f'startPosition="{start}" endPosition="{start + len(quote)}" {attributes}>{inside}'
        f'<Coding guid="0c000000-0000-4000-8000-{start:012d}"{extra}><CodeRef targetGUID="{code}"/></Coding>'
        "</PlainTextSelection>"
    )


def source(inside: str, name: str = "I1.txt", path: str = "internal://i1.txt", more: str = "") -> str:
    return f'<TextSource guid="{TEXT_GUID}" name="{name}" plainTextPath="{path}" {more}>{inside}</TextSource>'


def project(inside: str) -> str:
    return f"{USERS}{CODES}<Sources>{inside}</Sources>"


def keys(path: Path, **options: Any) -> dict[str, str]:
    """Return what the report tells: key → level."""
    report = read_refi(path, **options).report
    assert report is not None
    for lang in ("id", "en"):
        assert all("{" not in line for line in report.lines(lang))
    return {problem.key: problem.level for problem in report.problems}


def spans(coding: Coding) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in coding.rows[["quote", "code", "coder"]].itertuples(index=False)]


def test_a_project_becomes_a_coding_a_codebook_and_informants(pack: Any, tmp_path: Path) -> None:
    when = "2024-05-02T03:00:00Z"
    inside = select("duduk bareng 🙏", attributes=f'creatingUser="{USER}" creationDateTime="{when}"')
    variable = "7a000000-0000-4000-8000-000000000001"
    variables = f'<Variables><Variable guid="{variable}" name="Kelompok" typeOfVariable="Text"/></Variables>'
    reference = f'<VariableRef targetGUID="{variable}"/><TextValue>Warga</TextValue>'
    value = f'<VariableValue>{reference}</VariableValue><SourceRef targetGUID="{TEXT_GUID}"/>'
    case = "ca000000-0000-4000-8000-000000000001"
    cases = f'<Cases><Case guid="{case}" name="Bu Contoh">{value}</Case></Cases>'
    body = f"{USERS}{CODES}{variables}{cases}<Sources>{source(inside)}</Sources>"
    found = read_refi(pack(body, {"i1.txt": TEXT}))

    rows = found.coding().rows
    assert tuple(rows.columns[: len(COLUMNS)]) == COLUMNS
    row = rows.iloc[0].to_dict()
    assert TEXT[row["start"] : row["end"]] == row["quote"] == "duduk bareng 🙏"
    assert (row["transcript"], row["code"], row["coder"], row["date"]) == ("I1", "Dialog", "Peneliti A", when)
    assert row["code_path"] == "Proses > Dialog"
    assert found.transcripts().to_dict("records") == [{"transcript": "I1", "text": TEXT}]
    assert [(case.name, case.values, case.sources) for case in found.cases] == [
        ("Bu Contoh", {"Kelompok": "Warga"}, (TEXT_GUID,))
    ]
    book = found.codebook()
    assert [(d.id, d.parent, d.text("id")) for d in book.dimensions] == [
        ("Proses", None, "Proses"),
        ("Dialog", "Proses", "Pertemuan langsung."),
        ("Percaya", "Proses", "Percaya"),
    ]
    write_codebook(book, tmp_path / "kode.yaml")
    assert parse_codebook((tmp_path / "kode.yaml").read_text(encoding="utf-8")) == book
    assert found.report is not None
    assert {tally.element: (tally.found, tally.kept) for tally in found.report.tallies} == {
        "User": (2, 2),
        "Code": (3, 3),
        "Variable": (1, 1),
        "Case": (1, 1),
        "VariableValue": (1, 1),
        "TextSource": (1, 1),
        "PlainTextSelection": (1, 1),
        "Coding": (1, 1),
    }
    assert found.report.violations == ()


def test_braces_and_upper_case_do_not_part_what_belongs_together(pack: Any) -> None:
    braced = f"{{{DIALOG.upper()}}}"
    inside = select("duduk bareng", braced, creatingUser=f"{{{USER.upper()}}}")
    found = read_refi(
        pack(project(source(inside)), {"I1.TXT": "\ufeff" + TEXT}, folder="Sources", qde="A.qde")
    )
    assert spans(found.coding()) == [("duduk bareng", "Dialog", "Peneliti A")]


@pytest.mark.parametrize(
    ("attributes", "coding", "coder"),
    [
        (f'creatingUser="{USER}"', {"creatingUser": OTHER}, "Peneliti B"),
        (f'creatingUser="{USER}" modifyingUser="{OTHER}"', {}, "Peneliti A"),
        (f'modifyingUser="{OTHER}"', {}, "Peneliti B"),
        ("", {}, "unknown"),
        ("", {"creatingUser": "99999999-0000-4000-8000-000000000009"}, "user-99999999"),
    ],
)
def test_who_coded(pack: Any, attributes: str, coding: dict[str, str], coder: str) -> None:
    path = pack(project(source(select("percaya", attributes=attributes, **coding))), {"i1.txt": TEXT})
    assert spans(read_refi(path).coding()) == [("percaya", "Dialog", coder)]
    assert ("refi_unknown_coder" in keys(path)) == (coder[0] == "u")
    assert keys(path)["refi_no_date"] == "notice"


def test_nested_and_overlapping_spans_are_all_kept_and_twins_counted_once(pack: Any) -> None:
    inside = select("Kami duduk bareng") + select("duduk bareng 🙏 di balai") + select("duduk bareng", TRUST)
    path = pack(project(source(inside + select("duduk bareng", TRUST))), {"i1.txt": TEXT})
    assert len(read_refi(path).coding().rows) == 3
    assert keys(path)["refi_fate_twice"] == "notice"


def test_codes_of_one_name_are_called_by_their_path(pack: Any) -> None:
    body = project(source(select("percaya", TRUST) + select("duduk bareng"))).replace(
        f'<Code guid="{TRUST}" name="Percaya"', f'<Code guid="{TRUST}" name="Proses"'
    )
    found = read_refi(pack(body, {"i1.txt": TEXT}))
    assert [code for _, code, _ in spans(found.coding())] == ["Proses > Proses", "Dialog"]
    assert {d.id for d in found.codebook().dimensions} == {"Proses", "Proses > Proses", "Dialog"}
    assert keys(pack(body, {"i1.txt": TEXT}))["refi_twin_names"] == "notice"


@pytest.mark.parametrize("text", ["", "x"])
def test_a_source_of_one_byte_with_selections_is_a_loud_error(pack: Any, text: str) -> None:
    path = pack(project(source(select("percaya"))), {"i1.txt": text})
    assert keys(path)["refi_empty_source"] == "error"
    assert read_refi(path).coding(accept=["I1"]).rows.empty


def test_an_end_beyond_the_text_names_the_source(pack: Any) -> None:
    beyond = select("percaya").replace(f'endPosition="{TEXT.index("percaya") + 7}"', 'endPosition="999"')
    backwards = select("balai").replace("startPosition=", 'startPosition="-4" ignored=')
    good = ["Bagaimana", "Kami", "duduk bareng", "bareng 🙏", "di balai", "Ya", "kami percaya", "🙏 di"]
    path = pack(project(source("".join(map(select, good)) + beyond + backwards)), {"i1.txt": TEXT})
    found = read_refi(path)
    assert [quote for quote, _, _ in spans(found.coding())] == good
    assert spans(found.coding(accept=["I1"])) == spans(found.coding())
    assert found.report is not None
    problem = next(p for p in found.report.problems if p.key == "refi_outside")
    assert (problem.level, problem.where, problem.params["n"]) == ("error", "proyek.qdpx, I1", 2)
    assert problem.params["end"] == 999
    coding = next(tally for tally in found.report.tallies if tally.element == "Coding")
    assert (coding.found, coding.kept, coding.lost) == (10, 8, {"refi_fate_outside": 2})


def test_shifted_spans_are_refused_until_somebody_says_otherwise(pack: Any) -> None:
    shifted = "".join(select(quote) for quote in ("duduk", "balai", "percaya")).replace(
        'Position="', 'Position="1'
    )
    path = pack(project(source(shifted)), {"i1.txt": TEXT + "\n" + "lagi " * 50})
    assert keys(path)["refi_needs_review"] == "error"
    found = read_refi(path)
    assert found.coding().rows.empty
    assert len(found.coding(accept=["I1"]).rows) == 3
    told = read_refi(path, conventions={"I1": Convention()})
    assert told.sources[0].settlement.basis == "given"
    assert told.coding().rows.empty  # the previews still stand elsewhere
    assert keys(path, conventions={"I1": Convention()})["refi_shifted"] == "error"


def test_what_a_codebook_does_not_hold_is_told(pack: Any) -> None:
    inside = select("duduk", GROUP) + select("percaya", "99999999-0000-4000-8000-000000000009")
    path = pack(project(source(inside)), {"i1.txt": TEXT})
    assert [code for _, code, _ in spans(read_refi(path).coding())] == ["Proses"]
    assert keys(path)["refi_not_codable"] == "notice"
    assert keys(path)["refi_fate_code_unknown"] == "error"


def test_codings_to_cases_memos_and_whole_sources_are_no_coding_of_spans(pack: Any, tmp_path: Path) -> None:
    case = "ca000000-0000-4000-8000-000000000001"
    at, guid = TEXT.index("balai"), "5e000000-0000-4000-8000-999999999999"
    own = f'guid="{guid}" name="balai" startPosition="{at}" endPosition="{at + 5}"'
    memo = f"<PlainTextSelection {own}><Description>catatan</Description></PlainTextSelection>"
    reference = f'<CodeRef targetGUID="{DIALOG}"/>'
    whole = f'<Coding guid="0c000000-0000-4000-8000-999999999999">{reference}</Coding>'
    cases = f'<Cases><Case guid="{case}" name="I1">{reference}</Case></Cases>'
    inside = select("percaya", case) + memo + whole
    path = pack(f"{USERS}{CODES}{cases}<Sources>{source(inside)}</Sources>", {"i1.txt": TEXT})
    found = read_refi(path)
    assert found.coding().rows.empty
    assert found.sources[0].marks[0].code == DIALOG
    assert [(case.name, len(case.selections)) for case in found.cases] == [("I1", 1)]
    write_refi(tmp_path / "lagi.qdpx", found)
    again = read_refi(tmp_path / "lagi.qdpx")
    assert [(s.preview, s.memo, s.marks) for s in again.sources[0].selections] == [
        ("balai", "catatan", ()),
        ("percaya", "", ()),
    ]
    assert again.cases[0].selections == (again.sources[0].selections[1].guid,)
    told = {"refi_fate_case", "refi_memos", "refi_lost_whole_source", "refi_lost_case_codes"}
    assert told <= keys(path).keys()


def test_a_whole_source_tied_to_a_case_is_a_tie_and_no_lost_coding(pack: Any) -> None:
    case = "ca000000-0000-4000-8000-000000000001"
    whole = f'<Coding guid="{guid(1)}"><CodeRef targetGUID="{case}"/></Coding>'
    cases = f'<Cases><Case guid="{case}" name="I1"/></Cases>'
    path = pack(f"{USERS}{CODES}{cases}<Sources>{source(whole)}</Sources>", {"i1.txt": TEXT})
    report = read_refi(path).report
    assert report is not None
    coding = next(tally for tally in report.tallies if tally.element == "Coding")
    assert (coding.found, coding.kept, coding.lost) == (1, 0, {"refi_fate_case": 1})
    assert "refi_lost_whole_source" not in keys(path)


def test_a_missing_text_is_told_once(pack: Any) -> None:
    picture = f'<PictureSource guid="{guid(2)}" name="denah.png" path="internal://x.png"/>'
    path = pack(project(source(select("percaya")) + picture))
    report = read_refi(path).report
    assert report is not None
    told = [p for p in report.problems if p.key in ("refi_text_missing", "refi_lost_source")]
    assert [(p.key, p.where, dict(p.params)) for p in told] == [
        ("refi_text_missing", "proyek.qdpx, I1", {}),
        ("refi_lost_source", "proyek.qdpx", {"n": 1}),
    ]
    assert read_refi(path).wordless == ("denah.png",)


def test_elements_are_called_by_peoples_words(pack: Any) -> None:
    report = read_refi(pack(project(source(select("percaya"))) + "<Aneh/>", {"i1.txt": TEXT})).report
    assert report is not None
    lines = report.lines("id")
    assert "pengodean: ditemukan 1, dipakai 1" in lines and "Aneh: ditemukan 1, dipakai 0" in lines
    assert not any("Coding" in line or "TextSource" in line for line in lines)


def test_text_may_stand_in_the_xml_in_a_word_document_or_nowhere(pack: Any) -> None:
    content = f"<PlainTextContent>{TEXT}</PlainTextContent>{select('percaya')}"
    assert len(read_refi(pack(project(source(content, path="")))).coding().rows) == 1

    document, stream = docx.Document(), io.BytesIO()
    for line in TEXT.splitlines():
        document.add_paragraph(line)
    document.save(stream)
    styled = source(select("percaya"), path="", more='richTextPath="internal://i1.docx"').replace(
        'plainTextPath=""', ""
    )
    path = pack(project(styled), {"i1.docx": stream.getvalue()})
    assert spans(read_refi(path).coding()) == [("percaya", "Dialog", "unknown")]
    assert keys(path)["refi_text_from_word"] == "notice"
    assert keys(pack(project(styled), {"i1.docx": b"rusak"}))["refi_text_missing"] == "error"
    assert keys(pack(project(source(select("percaya")))))["refi_text_missing"] == "error"
    assert keys(pack(project(source(""))))["refi_text_missing"] == "notice"
    outside = source(select("percaya"), path="absolute:///etc/hostname")
    assert keys(pack(project(outside)))["refi_text_elsewhere"] == "error"


@pytest.mark.parametrize("path", ["i1.txt", "internal:/i1.txt", "internal://sources/I1.txt"])
def test_schemes_are_read_generously(pack: Any, path: str) -> None:
    assert (
        len(read_refi(pack(project(source(select("percaya"), path=path)), {"i1.txt": TEXT})).coding().rows)
        == 1
    )


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_other_encodings_are_read_and_told(pack: Any, encoding: str) -> None:
    text = "I1: Café di balai – kami percaya."
    path = pack(project(source(select("percaya", text=text))), {"i1.txt": text.encode(encoding)})
    assert read_refi(path).sources[0].text == text
    assert keys(path)["refi_text_not_utf8"] == "notice"


def guid(number: int) -> str:
    return f"ab000000-0000-4000-8000-{number:012d}"


def test_pdf_and_recordings_are_read_by_their_text(pack: Any) -> None:
    coding = f'<Coding guid="{{}}"><CodeRef targetGUID="{TRUST}"/></Coding>'
    corners = 'page="1" firstX="1" firstY="1" secondX="2" secondY="2"'
    page = f'<PDFSelection guid="{guid(1)}" {corners}>{coding.format(guid(2))}</PDFSelection>'
    held = f'guid="{guid(3)}" plainTextPath="internal://i1.txt"'
    shown = f"<Representation {held}>{select('percaya')}</Representation>"
    pdf = (
        f'<PDFSource guid="{TEXT_GUID}" name="Laporan.pdf" path="internal://x.pdf">{page}{shown}</PDFSource>'
    )
    sync = "".join(
        f'<SyncPoint guid="{guid(n)}" timeStamp="1" position="{TEXT.index(quote)}"/>'
        for n, quote in ((4, "duduk"), (5, " 🙏"))
    )
    ends = f'fromSyncPoint="{guid(4).upper()}" toSyncPoint="{guid(5)}"'
    own = f'<TranscriptSelection guid="{guid(6)}" name="duduk bareng" {ends}>{coding.format(guid(7))}'
    spoken = f'guid="{guid(8)}" plainTextPath="internal://i1.txt">{sync}{own}</TranscriptSelection>'
    later = f'<Transcript guid="{guid(10)}" plainTextPath="internal://i1.txt"/>'
    whole = coding.format(guid(11))
    inside = f"<Transcript {spoken}</Transcript>{later}{whole}"
    audio = f'<AudioSource guid="{guid(9)}" name="I1.mp3">{inside}</AudioSource>'
    path = pack(project(pdf + audio), {"i1.txt": TEXT})
    found = read_refi(path)
    assert found.report is not None
    assert found.coding().rows[["transcript", "quote"]].values.tolist() == [
        ["Laporan", "percaya"],
        ["I1", "duduk bareng"],
    ]
    assert [(s.name, s.guid, len(s.marks)) for s in found.sources] == [
        ("Laporan", TEXT_GUID, 0),
        ("I1", guid(9), 1),
        ("I1 (2)", guid(10), 0),
    ]
    told = {"refi_lost_media", "refi_lost_elsewhere_codings", "refi_lost_whole_source"}
    assert told <= keys(path).keys()
    lost = {tally.element: tally.lost for tally in found.report.tallies if tally.lost}
    assert lost["Coding"] == {"refi_lost_elsewhere_codings": 1, "refi_lost_whole_source": 1}
    assert found.report.violations == ()


def test_sources_of_one_name_are_numbered(pack: Any) -> None:
    twin = source("").replace(TEXT_GUID, "50000000-0000-4000-8000-000000000002")
    found = read_refi(pack(project(source("") + twin), {"i1.txt": TEXT}))
    assert [s.name for s in found.sources] == ["I1", "I1 (2)"]


def test_values_may_stand_under_the_sources(pack: Any) -> None:
    variables = "".join(f'<Variable guid="{guid(n)}" name="Usia" typeOfVariable="Integer"/>' for n in (1, 2))
    value = '<VariableValue><VariableRef targetGUID="{}"/><IntegerValue>{}</IntegerValue></VariableValue>'
    inside = value.format(guid(1), 35) + value.format(guid(2), 36) + value.format(USER, 37)
    path = pack(
        f"{USERS}<Variables>{variables}</Variables><Sources>{source(inside)}</Sources>", {"i1.txt": TEXT}
    )
    assert read_refi(path).sources[0].values == {"Usia": "35", "Usia (2)": "36"}
    assert keys(path)["refi_lost_value"] == "notice"


def test_what_has_no_place_here_is_counted(pack: Any) -> None:
    notes = (
        f'<Notes><Note guid="{TEXT_GUID}"><PlainTextContent>c</PlainTextContent>{select("P")}</Note></Notes>'
    )
    member = f'<MemberCode targetGUID="{DIALOG}"/>'
    sets = f'<Sets><Set guid="{guid(1)}" name="himpunan">{member}</Set></Sets>'
    path = pack(project("") + notes + sets + "<Aneh/><Aneh/>", {})
    found = read_refi(path)
    assert found.report is not None
    lost = {tally.element: (tally.found, tally.kept) for tally in found.report.tallies}
    assert lost["Note"] == lost["Set"] == lost["Coding"] == lost["PlainTextSelection"] == (1, 0)
    assert lost["Aneh"] == (2, 0)
    assert all(tally.found - tally.kept == sum(tally.lost.values()) for tally in found.report.tallies)
    assert keys(path)["refi_schema"] == "notice"


def test_a_later_version_is_read_and_told(pack: Any) -> None:
    path = pack(project(source(select("percaya"))), {"i1.txt": TEXT}, version="1.5")
    assert len(read_refi(path).coding().rows) == 1
    assert keys(path)["refi_other_version"] == "notice"


@pytest.mark.parametrize("namespace", ["urn:QDA-XML:codebook:1.0", "urn:QDA-XML:codebook:1.5"])
def test_a_codebook_alone(tmp_path: Path, namespace: str) -> None:
    path = tmp_path / "buku kode.qdc"
    inside = CODES.replace("<CodeBook>", "").replace("</CodeBook>", "")
    path.write_text(
        f'<CodeBook xmlns="{namespace}" origin="alat uji">{inside}<Sets/></CodeBook>', encoding="utf-8"
    )
    found = read_refi(path)
    assert [d.id for d in found.codebook().leaves] == ["Dialog", "Percaya"]
    assert found.codebook().id == "buku_kode"
    assert found.coding().rows.empty
    assert found.report is not None
    assert bool(found.report.violations) == namespace.endswith("1.0")  # the empty <Sets/> of some programs


def test_a_project_without_codes_has_no_codebook(pack: Any) -> None:
    with pytest.raises(CodebookError):
        read_refi(pack("")).codebook()


def test_a_tree_without_a_bottom_is_refused_in_words(pack: Any) -> None:
    depth = 3000
    codes = f'<Code guid="{DIALOG}" name="k" isCodable="true">' * depth + "</Code>" * depth
    with pytest.raises(CodingError) as caught:
        read_refi(pack(f"<CodeBook><Codes>{codes}</Codes></CodeBook>"))
    assert caught.value.key == "refi_too_deep"


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_damage_anywhere_gives_a_project_or_words(tmp_path_factory: Any, data: st.DataObject) -> None:
    """Whatever is broken, nobody sees a stack trace."""
    path = tmp_path_factory.mktemp("rusak") / "proyek.qdpx"
    xml = f'<Project xmlns="urn:QDA-XML:project:1.0" name="x">{project(source(select("percaya")))}</Project>'
    raw, packed = bytearray(xml.encode()), data.draw(st.booleans())
    if packed:
        _zip(path, bytes(raw))
        raw = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    if packed:
        path.write_bytes(raw)
    else:
        _zip(path, bytes(raw))
    try:
        found = read_refi(path)
    except CodingError as problem:
        assert all(problem.render(lang).startswith("proyek.qdpx: ") for lang in ("id", "en"))
    else:
        assert found.report is not None and found.report.lines("id")
        assert all(row["quote"] in TEXT for row in found.coding().rows.to_dict("records"))


def _zip(path: Path, xml: bytes) -> None:
    with ZipFile(path, "w") as archive:
        archive.writestr("project.qde", xml)
        archive.writestr("sources/i1.txt", TEXT)


def test_other_xml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "halaman.qdc"
    path.write_text("<html/>", encoding="utf-8")
    with pytest.raises(CodingError, match=r"halaman\.qdc: .*html"):
        read_refi(path)
