"""What is written reads back the same, passes the schema, and is never half there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotaku_nlp.coding.files.refi import RefiProject, read_refi, write_refi
from kotaku_nlp.coding.files.refi.archive import open_package
from kotaku_nlp.coding.files.refi.guids import entity
from kotaku_nlp.coding.files.refi.normal import identities, preview, utc
from kotaku_nlp.coding.files.refi.offsets import MARK, Convention, Ruler, canonical
from kotaku_nlp.coding.files.refi.project import NO_DATE, Case, Code, Mark, Selection, Source, User, Variable
from kotaku_nlp.coding.files.refi.schema import violations
from kotaku_nlp.coding.files.refi.settling import Settlement
from kotaku_nlp.errors import CodingError

A, B = User(entity("user", "a"), "Peneliti A", "PA"), User(entity("user", "b"), "Peneliti A")
GROUP = Code(entity("code", 1), "Proses", ("Proses",), codable=False)
DIALOG = Code(
    entity("code", 2), "Dialog", ("Proses", "Dialog"), GROUP.guid, color="#36C", description="Tatap muka."
)
TWIN = Code(entity("code", 3), "Dialog", ("Dialog",), color="rgb(1,2,3)")
CODES = (GROUP, DIALOG, TWIN)
TEXT = (
    "P: Bagaimana?\nI1: Kami duduk bareng 🙏 di balai.\n"
    + "I1: Ya, kami percaya sekali kepada pengurus. " * 4
)


def chosen(start: int, end: int, *marks: Mark, **more: Any) -> Selection:
    return Selection(entity("s", start, end), start, end, marks, **more)


def project(*selections: Selection, **more: Any) -> RefiProject:
    own = Source(entity("source", 1), "I1", TEXT, Settlement(Convention(), "given"), selections)
    parts: dict[str, Any] = {"users": (A, B), "codes": CODES, "sources": (own,), **more}
    return RefiProject("contoh", **parts)


FULL = project(
    chosen(
        18,
        32,
        Mark(DIALOG.guid, A.guid, "2024-05-02T10:00:00+07:00"),
        Mark(TWIN.guid, A.guid),
        memo="dasar: x",
    ),
    chosen(18, 32, Mark(DIALOG.guid, B.guid)),
    chosen(14, len(TEXT), Mark(TWIN.guid, "")),
    chosen(3, 12, memo="catatan saja"),
)


def test_one_selection_a_span_code_and_coder(tmp_path: Path) -> None:
    path = tmp_path / "hasil.qdpx"
    write_refi(path, FULL)
    found = read_refi(path)
    rows = [
        (s.start, s.end, len(s.marks), s.preview, s.memo, s.marks[0].date if s.marks else "")
        for s in found.sources[0].selections
    ]
    assert rows == [
        (3, 12, 0, "Bagaimana?"[:9], "catatan saja", ""),
        (14, len(TEXT), 1, preview(TEXT[14:]), "", NO_DATE),
        (18, 32, 1, TEXT[18:32], "dasar: x", "2024-05-02T03:00:00Z"),
        (18, 32, 1, TEXT[18:32], "", NO_DATE),
        (18, 32, 1, TEXT[18:32], "dasar: x", NO_DATE),
    ]
    coding = found.coding().rows
    assert set(coding["coder"]) == {"Peneliti A", "Peneliti A (2)", "unknown"}
    assert set(coding["date"]) == {"", "2024-05-02T03:00:00Z"}  # the date of none is none again
    assert identities(found) == identities(FULL)
    assert len({s.guid for s in found.sources[0].selections}) == 5
    assert {code.path: code.color for code in found.codes} == {
        ("Proses",): "",
        ("Proses", "Dialog"): "#36C",
        ("Dialog",): "",
    }


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_files_are_valid_plain_and_the_same_every_time(tmp_path: Path, newline: Any) -> None:
    first, second = tmp_path / "a.qdpx", tmp_path / "b.qdpx"
    write_refi(first, FULL, newline)
    source = FULL.sources[0]
    turned = replace(source, selections=tuple(reversed(source.selections)))
    write_refi(second, replace(FULL, sources=(turned,)), newline)
    assert first.read_bytes() == second.read_bytes()
    assert violations(open_package(first)) == ()
    with ZipFile(first) as archive:
        assert archive.namelist() == ["project.qde", f"sources/{source.guid}.txt"]
        assert archive.read(archive.namelist()[1]).decode() == TEXT.replace("\n", newline)
        assert not archive.read("project.qde").startswith(b"\xef\xbb\xbf")
    assert read_refi(first).sources[0].text == TEXT


def test_empty_containers_are_left_out(tmp_path: Path) -> None:
    write_refi(tmp_path / "a.qdpx", RefiProject("kosong"))
    assert [child.tag for child in open_package(tmp_path / "a.qdpx").root()] == []


def test_cases_and_values_travel(tmp_path: Path) -> None:
    variables = (Variable("x", "Kelompok"), Variable("y", "Usia", "Integer"), Variable("z", "Mulai", "Date"))
    guid = FULL.sources[0].guid
    cases = (
        Case("k1", "Bu Contoh", {"Kelompok": "Warga", "Usia": "35", "Mulai": "2024-02-30"}, (guid,)),
        Case("k2", "Pak Contoh", {"Kelompok": "", "Usia": "40"}, selections=(entity("s", 18, 32),)),
    )
    path = tmp_path / "a.qdpx"
    write_refi(path, replace(FULL, variables=variables, cases=cases))
    found = read_refi(path)
    own = found.sources[0]
    assert [(case.name, case.values, case.sources) for case in found.cases] == [
        ("Bu Contoh", {"Kelompok": "Warga", "Usia": "35", "Mulai": "2024-02-30"}, (own.guid,)),
        ("Pak Contoh", {"Usia": "40"}, ()),
    ]
    assert found.cases[1].selections and set(found.cases[1].selections) <= {s.guid for s in own.selections}
    assert [variable.kind for variable in found.variables] == ["Text", "Integer", "Text"]  # no 30 February


def test_whole_source_codings_travel(tmp_path: Path) -> None:
    source = replace(FULL.sources[0], marks=(Mark(TWIN.guid, B.guid), Mark("tidak ada", A.guid)))
    write_refi(tmp_path / "a.qdpx", replace(FULL, sources=(source,)))
    assert [mark.code for mark in read_refi(tmp_path / "a.qdpx").sources[0].marks] == [TWIN.guid]


def test_characters_that_xml_forbids_do_not_stop_an_export(tmp_path: Path) -> None:
    text = "I1: rekaman \x0b terputus \x00 di sini"
    source = Source(
        "bukan guid", "I\x01.txt", text, Settlement(Convention(), "given"), (chosen(4, 26, Mark("k")),)
    )
    write_refi(
        tmp_path / "a.qdpx",
        RefiProject("a\x02", codes=(Code("k", "Kode\x03", ("Kode\x03",)),), sources=(source,)),
    )
    found = read_refi(tmp_path / "a.qdpx")
    assert found.sources[0].text == text
    assert found.coding().rows[["transcript", "quote", "code"]].values.tolist() == [
        ["I\ufffd.txt", text[4:26], "Kode\ufffd"]
    ]


def test_what_some_programs_show_otherwise_is_told(tmp_path: Path) -> None:
    long = Code(entity("code", 4), "n" * 64, ("n" * 64,))
    gone = Source(entity("source", 2), "I2", "", Settlement(Convention(), "none"))
    lost = chosen(1, 2, Mark("tidak ada"))
    sources = (replace(FULL.sources[0], selections=(*FULL.sources[0].selections, lost)), gone)
    told = write_refi(tmp_path / "a.qdpx", replace(FULL, codes=(*CODES, long), sources=sources))
    assert {problem.key: problem.params.get("n", 1) for problem in told} == {
        "refi_wide": 1,
        "refi_twin_names_written": 1,
        "refi_long_names": 1,
        "refi_source_not_written": 1,
        "refi_not_written": 1,
    }


def test_a_failed_check_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.qdpx"
    path.write_bytes(b"lama")
    monkeypatch.setattr(Ruler, "count", lambda self, index: index + 1)
    with pytest.raises(CodingError, match=r"a\.qdpx"):
        write_refi(path, FULL)
    assert path.read_bytes() == b"lama"
    assert [file.name for file in tmp_path.iterdir()] == ["a.qdpx"]


def test_broken_xml_is_never_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kotaku_nlp.coding.files.refi.markup.utc", lambda date: "kemarin")
    with pytest.raises(CodingError, match="kemarin"):
        write_refi(tmp_path / "a.qdpx", FULL)
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(CodingError) as caught:
        write_refi(tmp_path / "tidak ada" / "a.qdpx", FULL)
    assert caught.value.key == "refi_cannot_write"
    crooked = replace(FULL.sources[0], text=MARK + TEXT)
    with pytest.raises(CodingError) as caught:
        write_refi(tmp_path / "a.qdpx", replace(FULL, sources=(crooked,)))
    assert caught.value.key == "refi_not_canonical"


@pytest.mark.parametrize(
    ("date", "written"),
    [
        ("2024-05-02T10:00:00.5+07:00", "2024-05-02T03:00:00Z"),
        ("2024-05-02T03:00:00", "2024-05-02T03:00:00Z"),
        ("2024-05-02", "2024-05-02T00:00:00Z"),
        ("", NO_DATE),
        ("kemarin", NO_DATE),
    ],
)
def test_dates(date: str, written: str) -> None:
    assert utc(date) == written


CHARACTERS = st.sampled_from([*"aeiou nkg.,<&\"'", "ñ", "e\u0301", "🙏", "👩\u200d🌾", "你", "\n", "\t", "…"])
NAMES = st.text(st.sampled_from("aks &<>'\"🙏\u0301.>"), min_size=1, max_size=5)


@st.composite
def packed(draw: st.DrawFn) -> tuple[str, str, set[Any]]:
    """Return the XML and the text of a project some program could have written, and what it holds."""
    mark, end = draw(st.sampled_from(["", MARK])), draw(st.sampled_from(["\n", "\r\n"]))
    raw = mark + "".join(draw(st.lists(CHARACTERS, min_size=2, max_size=60))).replace("\n", end)
    text = canonical(raw)
    units, breaks = st.sampled_from(["codepoint", "utf16", "byte"]), st.sampled_from([1, 2])
    convention = draw(st.builds(Convention, units, breaks, st.just(False)))
    ruler = Ruler(raw, convention)
    paths = draw(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=3))
    codes, marks, held = "", "", set()
    for number, (outer, inner) in enumerate(paths):
        own, child = (entity("k", number, level).upper() for level in (0, 1))
        leaf = f'<Code guid="{{{child}}}" name={quoteattr(inner)} isCodable="true"/>'
        codes += f'<Code guid="{own}" name={quoteattr(outer)} isCodable="true">{leaf}</Code>'
        start = draw(st.integers(0, len(text) - 1))
        stop = draw(st.integers(start + 1, len(text)))
        coder = draw(st.sampled_from([A, B]))
        shown = quoteattr(text[start:stop].replace("\n", " "))
        places = f'startPosition="{ruler.count(start)}" endPosition="{ruler.count(stop)}"'
        coding = f'<Coding guid="{entity("c", number)}"><CodeRef targetGUID="{child}"/></Coding>'
        own = f'guid="{entity("s", number)}" name={shown} {places} creatingUser="{coder.guid}"'
        marks += f"<PlainTextSelection {own}>{coding}</PlainTextSelection>"
        held.add(("I1", start, stop, (outer, inner), "Peneliti A" if coder is A else "Peneliti A (2)"))
    users = "".join(f'<User guid="{user.guid}" name="{user.name}"/>' for user in (A, B))
    source = f'<TextSource guid="{{{entity("t")}}}" name="I1" plainTextPath="internal://i1.txt">{marks}</TextSource>'
    body = f"<Users>{users}</Users><CodeBook><Codes>{codes}</Codes></CodeBook><Sources>{source}</Sources>"
    return f'<Project xmlns="urn:QDA-XML:project:1.0" name="x">{body}</Project>', raw, held


@settings(deadline=None)
@given(made=packed(), newline=st.sampled_from(["\n", "\r\n"]))
def test_import_export_import_is_the_identity(
    tmp_path_factory: pytest.TempPathFactory, made: tuple[str, str, set[Any]], newline: Any
) -> None:
    xml, raw, held = made
    folder = tmp_path_factory.mktemp("bolak-balik")
    with ZipFile(folder / "a.qdpx", "w") as archive:
        archive.writestr("project.qde", xml)
        archive.writestr("sources/i1.txt", raw.encode())
    first = read_refi(folder / "a.qdpx")
    if first.sources[0].settlement.accepted:
        assert identities(first) == held
    write_refi(folder / "b.qdpx", first, newline, accept=["I1"])
    again = read_refi(folder / "b.qdpx")
    assert identities(again) == identities(first, accept=["I1"])
    assert again.sources[0].text == first.sources[0].text == canonical(raw)
    write_refi(folder / "c.qdpx", again, newline)
    assert (folder / "b.qdpx").read_bytes() == (folder / "c.qdpx").read_bytes()
