"""A project becomes a corpus folder like any other: same words, same spans, and nothing lost in silence."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotaku_nlp.coding.codebook import load_codebook, parse_codebook
from kotaku_nlp.coding.codings import read_coding
from kotaku_nlp.coding.files.gather import gather
from kotaku_nlp.coding.files.readers import read_foreign
from kotaku_nlp.coding.files.refi import from_tables, read_refi, write_refi
from kotaku_nlp.corpus.folder import read_corpus
from kotaku_nlp.errors import CodingError, CorpusError, FolderError
from kotaku_nlp.export.project import write_project
from kotaku_nlp.export.spans import CodedSpan
from kotaku_nlp.messages import LANGUAGES, say
from kotaku_nlp.projects.unpack import is_project, project_folder, unpack_project
from kotaku_nlp.records import TABLES, Analysis, Coding, Embeddings, table

TALK = "P: Bagaimana airnya?\nI1: Naik 🙏 sampai dapur.\nP: Lalu?\nI1: Kami rembug; semua ikut."
BOOK = parse_codebook(
    """
id: kerja
title: {id: Kerja bersama}
dimensions:
  - {id: proses, label: {id: Proses}, definition: cara bekerja}
  - {id: rembug, parent: proses, label: {id: Rembug}, definition: duduk bersama}
  - {id: air, label: {id: Air}, definition: air naik}
"""
)
XML = (
    '<Project xmlns="urn:QDA-XML:project:1.0" name="contoh" origin="alat uji"><Users>'
    '<User guid="00000000-0000-0000-0000-000000000001" name="Rina"/></Users>{body}</Project>'
)


def coding_of(*rows: tuple[str, str, str, str]) -> Coding:
    """Return a coding of transcript, words, code and coder."""
    columns = ["transcript", "turn", "start", "end", "quote", "code", "coder"]
    found = [(name, None, None, None, words, code, coder) for name, words, code, coder in rows]
    return Coding("uji", pd.DataFrame(found, columns=columns))


def pack(folder: Path, *rows: tuple[str, str, str, str], name: str = "skripsi.qdpx", **texts: str) -> Path:
    """Write a project of transcripts and codings."""
    table_of = pd.DataFrame((texts or {"w1": TALK}).items(), columns=["transcript", "text"])
    write_refi(folder / name, from_tables(table_of, coding_of(*rows), BOOK, name="skripsi"))
    return folder / name


def xml(folder: Path, body: str, **files: str) -> Path:
    path = folder / "mentah.qdpx"
    with ZipFile(path, "w") as archive:
        archive.writestr("project.qde", XML.format(body=body))
        for name, text in files.items():
            archive.writestr(f"sources/{name}.txt", text)
    return path


def codings(folder: Path) -> set[tuple[str, int, int, str, str]]:
    """Return what stands in the tables of codings, read as a corpus' codings are."""
    texts = {transcript.name: transcript.text for transcript in read_corpus(folder).transcripts}
    found = gather([folder / "codings"] if (folder / "codings").is_dir() else [], texts)
    assert [p for p in found.problems if p.level == "error"] == []
    read = [*found.codings, *(read_foreign(path).coding for path in (folder / "machine-codings").glob("*"))]
    columns = ["transcript", "start", "end", "code", "coder"]
    return {row for coding in read for row in coding.rows[columns].itertuples(index=False, name=None)}


def analysis_of(texts: dict[str, str]) -> Analysis:
    rows = [{"transcript": name, "path": f"{name}.txt", "sha256": "0", "kind": "interview",
             "language": "id", "text": text} for name, text in texts.items()]  # fmt: skip
    tables = {name: table(name, rows if name == "transcripts" else []) for name in TABLES}
    people = pd.DataFrame([{"transcript": "w1", "informant": "I1", "group": "community", "role": "Ketua RT",
                            "kind": "interview", "n_passages": 2}])  # fmt: skip
    empty = Embeddings((), np.zeros((0, 1), dtype=np.float32), "", "")
    return Analysis("kerja-hasil", {}, {}, **tables, tables={"informants": people}, embeddings=empty,
                    codebooks=(BOOK,))  # fmt: skip


def test_a_run_written_as_a_project_comes_back_the_same(tmp_path: Path) -> None:
    texts = {"w1": TALK, "w2": "P: Dan?\nI2: Kami 🙏 kami percaya."}
    spans = [
        CodedSpan("w1", 2, 25, 47, "air", "Rina", "kerja"),
        CodedSpan("w1", 4, 60, 71, "rembug", "Rina", "kerja"),
        CodedSpan("w1", 4, 60, 71, "rembug", "kotaku-nlp 9.9", "kerja", 0.9, "zero_shot"),
        CodedSpan("w2", 2, 12, 18, "kode sendiri", "Budi; Sari"),
        CodedSpan("w2", 2, 12, 18, "rembug", "Budi; Sari", "kerja"),
    ]
    path = tmp_path / "hasil.qdpx"
    write_project(analysis_of(texts), spans, path)
    unpacked = unpack_project(path)
    labels = {dimension.id: dimension.name("id") for dimension in BOOK.dimensions}
    wanted = {(s.transcript, s.start, s.end, labels.get(s.code, s.code), s.coder) for s in spans}
    assert codings(unpacked.folder) == wanted
    person = next(p for p in read_corpus(unpacked.folder).informants if p.transcript == "w1")
    assert (person.id, person.group, person.role) == ("I1", "community", "Ketua RT")
    assert [file.name for file in (unpacked.folder / "machine-codings").iterdir()] == ["kotaku-nlp 9.9.csv"]
    book = load_codebook(unpacked.folder / "codebook.yaml")
    assert {leaf.id for leaf in book.leaves} >= {row[3] for row in codings(unpacked.folder)}
    assert next(d for d in book.dimensions if d.id == "Rembug").text("id") == "duduk bersama"


NAMES = [
    "Pak Lurah",
    "pak lurah",
    "Bu/Camat: 1.docx",
    "-rapat",
    "README",
    "CON",
    "..",
    "a.txt.txt",
    "é" * 200,
]
CODES = [
    "Air",
    "a; b",
    "a, b",
    "a",
    "b",
    "Proses > Air",
    "x|y",
    "c:\\d",
    "=SUM(A1)",
    "out_of_framework",
    "12",
]
WORDS = st.text(alphabet="ab é🙏\u0301\n\t;,\"'=-ı", min_size=2, max_size=40).filter(str.strip)


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), WORDS, min_size=1, max_size=4), st.data())
def test_every_span_is_found_again_whatever_things_are_called(
    texts: dict[str, str], data: st.DataObject
) -> None:
    rows = []
    for name, text in texts.items():
        for _ in range(data.draw(st.integers(0, 3))):
            start = data.draw(st.integers(0, len(text) - 1))
            end = data.draw(st.integers(start + 1, len(text)))
            coder = data.draw(st.sampled_from(["Rina", "=Rina", "Budi; Sari", "../budi"]))
            rows.append((name, None, start, end, "", data.draw(st.sampled_from(CODES)), coder))
    columns = ["transcript", "turn", "start", "end", "quote", "code", "coder"]
    project = from_tables(
        pd.DataFrame(texts.items(), columns=["transcript", "text"]),
        Coding("uji", pd.DataFrame(rows, columns=columns)), name="uji",
    )  # fmt: skip
    with TemporaryDirectory() as base:
        path = Path(base) / "uji.qdpx"
        write_refi(path, project)
        unpacked = unpack_project(path)
        files = {line.stem for line in (unpacked.folder / "transcripts").iterdir()}
        assert {t.name for t in read_corpus(unpacked.folder).transcripts} == files
        names = {}
        if (unpacked.folder / "codebook.yaml").is_file():
            book = load_codebook(unpacked.folder / "codebook.yaml")
            names = {leaf.id: leaf.name("id") for leaf in book.leaves}
        read = read_refi(path).coding().rows
        spoken = {t.name: t.text for t in read_corpus(unpacked.folder).transcripts}
        found = {(spoken[t], a, b, names[code], coder) for t, a, b, code, coder in codings(unpacked.folder)}
        own = {source.name: source.text for source in read_refi(path).sources}
        wanted = {
            (own[row.transcript], row.start, row.end, row.code_path, row.coder) for row in read.itertuples()
        }
        assert found == wanted


def test_plain_tables_are_read_as_our_own_long_tables_too(tmp_path: Path) -> None:
    path = pack(
        tmp_path, ("w1", "Kami rembug; semua ikut.", "rembug", "Rina"), ("w1", "Lalu?", "baru", "Budi")
    )
    folder = unpack_project(path).folder
    rows = read_coding(folder / "codings").rows
    assert sorted(zip(rows["quote"], rows["code"], rows["coder"], strict=True)) == [
        ("Kami rembug; semua ikut.", "Rembug", "Rina"), ("Lalu?", "baru", "Budi"),
    ]  # fmt: skip
    assert sorted(file.name for file in (folder / "codings").iterdir()) == ["Budi.csv", "Rina.csv"]


def test_recordings_and_pictures_are_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    guid = "00000000-0000-0000-0000-00000000000"
    body = (
        f'<Sources><TextSource guid="{guid}2" name="lurah" plainTextPath="internal://lurah.txt"/>'
        f'<PictureSource guid="{guid}3" name="denah" path="internal://x.png"/>'
        f'<AudioSource guid="{guid}4" name="rekaman" path="internal://x.mp3"/>'
        f'<PDFSource guid="{guid}5" name="perda"/></Sources>'
    )
    unpacked = unpack_project(xml(tmp_path, body, lurah=TALK))
    skipped = [p.params["name"] for p in unpacked.problems if p.level == "error"]
    assert skipped == ["denah", "rekaman", "perda"] and unpacked.counts["transcripts"] == 1
    for lang in LANGUAGES:
        report = (
            unpack_project(tmp_path / "mentah.qdpx", tmp_path / lang, lang).folder / "IMPORT.md"
        ).read_text()
        assert "denah" in report and say("projects_md_errors", lang) in report


def test_a_code_with_sub_codes_that_was_used_can_be_learnt(tmp_path: Path) -> None:
    path = pack(tmp_path, ("w1", "Lalu?", "proses", "Rina"), ("w1", "Kami rembug", "rembug", "Rina"))
    unpacked = unpack_project(path)
    book = load_codebook(unpacked.folder / "codebook.yaml")
    assert {"Proses", "Rembug"} <= {leaf.id for leaf in book.leaves}
    assert "codebook_import_lifted" in {problem.key for problem in unpacked.problems}


def test_a_project_imported_again_gives_the_same_and_keeps_what_others_put_there(tmp_path: Path) -> None:
    path = pack(tmp_path, ("w1", "Lalu?", "air", "Rina"))
    folder = unpack_project(path).folder
    first = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    (folder / "speakers.csv").write_text("milik peneliti", "utf-8")
    assert unpack_project(path).folder == folder == project_folder(path)
    assert {file: file.read_bytes() for file in first} == first
    pack(tmp_path, ("w2", "Baru", "air", "Budi"), w2="Baru sekali ini.")
    unpack_project(path)
    names = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}
    assert {"speakers.csv", "transcripts/w2.txt", "codings/Budi.csv"} <= names
    assert not {"transcripts/w1.txt", "codings/Rina.csv"} & names
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".")] == []


def test_work_by_hand_is_used_and_never_overwritten(tmp_path: Path) -> None:
    path = pack(tmp_path, ("w1", "Lalu?", "air", "Rina"))
    folder = unpack_project(path).folder
    (folder / "transcripts" / "w1.txt").write_text("I1: Sudah saya rapikan.", "utf-8")
    kept = unpack_project(path)
    assert kept.problems[-1].key == "projects_kept_as_changed"
    pack(tmp_path, ("w1", "Kami", "air", "Rina"))
    with pytest.raises(FolderError) as caught:
        unpack_project(path)
    assert caught.value.key == "projects_changed_by_hand" and str(folder) in caught.value.render("id")
    assert (folder / "transcripts" / "w1.txt").read_text("utf-8") == "I1: Sudah saya rapikan."


def test_a_file_of_somebody_else_is_not_replaced_by_a_renewal(tmp_path: Path) -> None:
    path = pack(tmp_path, ("w1", "Lalu?", "air", "Rina"))
    folder = unpack_project(path).folder
    (folder / "transcripts" / "w2.txt").write_text("tambahan saya", "utf-8")
    pack(tmp_path, w1=TALK, w2="dari proyek")
    with pytest.raises(FolderError, match=r"w2\.txt"):
        unpack_project(path)
    assert (folder / "transcripts" / "w2.txt").read_text("utf-8") == "tambahan saya"


@pytest.mark.parametrize("stamp", [None, "{", '{"project": "lain.qdpx", "sha256": "", "files": {}}'])
def test_folders_that_are_not_ours_are_refused(tmp_path: Path, stamp: str | None) -> None:
    path = pack(tmp_path)
    folder = project_folder(path)
    folder.mkdir()
    (folder / "penting.txt").write_text("penting", "utf-8")
    if stamp is not None:
        (folder / ".kotaku-import.json").write_text(stamp, "utf-8")
    with pytest.raises(FolderError) as caught:
        unpack_project(path)
    assert caught.value.key == "projects_folder_taken" and caught.value.code == 2


def test_a_stamp_that_lists_files_elsewhere_removes_nothing(tmp_path: Path) -> None:
    path = pack(tmp_path)
    folder = unpack_project(path).folder
    (tmp_path / "penting.txt").write_bytes(b"")
    stamp = json.loads((folder / ".kotaku-import.json").read_text("utf-8"))
    stamp["files"]["../penting.txt"] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    (folder / ".kotaku-import.json").write_text(json.dumps(stamp), "utf-8")
    unpack_project(path)
    assert (tmp_path / "penting.txt").exists()


def test_codebooks_and_projects_without_text_are_refused_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(CorpusError) as caught:
        unpack_project(xml(tmp_path, "<Sources><TextSource guid='x' name='hilang'/></Sources>"))
    assert caught.value.key == "projects_no_text" and "hilang" in caught.value.render("id")
    assert not (tmp_path / "mentah-korpus").exists()
    book = tmp_path / "kode.qdpx"
    book.write_bytes(b"")
    with ZipFile(book, "w") as archive:
        archive.writestr("project.qde", '<CodeBook xmlns="urn:QDA-XML:codebook:1.0"/>')
    with pytest.raises(CodingError) as refused:
        unpack_project(book)
    assert refused.value.key == "projects_codebook_only"
    with pytest.raises(CodingError):
        unpack_project(tmp_path / "tidak-ada.qdpx")


def test_only_whole_projects_are_projects(tmp_path: Path) -> None:
    (tmp_path / "korpus.qdpx").mkdir()
    (tmp_path / "q.qda").mkdir()
    assert is_project("a.QDPX") and is_project("a.sqlite3") and is_project(tmp_path / "q.qda")
    assert not any(map(is_project, (tmp_path, tmp_path / "korpus.qdpx", "a.qdc", "a.csv")))


def qualcoder(folder: Path, text: str) -> Path:
    """Make a project of one interview, with a case, attributes and a code that nobody used."""
    folder = folder / "skripsi.qda"
    folder.mkdir()
    at = text.index("Kami rembug")
    with closing(sqlite3.connect(folder / "data.qda")) as base, base:
        base.executescript(
            """
            CREATE TABLE source (id integer, name text, fulltext text);
            CREATE TABLE code_cat (catid integer, name text, memo text, supercatid integer);
            CREATE TABLE code_name (cid integer, name text, memo text, catid integer);
            CREATE TABLE code_text (ctid integer, cid integer, fid integer, seltext text, pos0 integer,
                                    pos1 integer, owner text, date text, memo text);
            CREATE TABLE cases (caseid integer, name text);
            CREATE TABLE case_text (caseid integer, fid integer, pos0 integer, pos1 integer);
            CREATE TABLE attribute_type (name text, caseOrFile text);
            CREATE TABLE attribute (name text, attr_type text, value text, id integer);
            CREATE TABLE annotation (anid integer);
            INSERT INTO code_cat VALUES (1, 'Proses', 'cara bekerja', NULL);
            INSERT INTO code_name VALUES (1, 'rembug', 'duduk bersama', 1), (2, 'air', '', NULL);
            INSERT INTO cases VALUES (1, 'Bu Sari');
            INSERT INTO attribute_type VALUES ('Unsur', 'case'), ('Tempat', 'file'), ('Usia', 'case');
            INSERT INTO attribute VALUES ('Unsur', 'case', 'Warga', 1), ('Usia', 'case', '45', 1),
                                         ('Tempat', 'file', 'Balai RW', 1);
            INSERT INTO annotation VALUES (1);
            """
        )
        base.execute("INSERT INTO source VALUES (1, 'w1.docx', ?), (2, 'foto.png', NULL)", (text,))
        base.execute("INSERT INTO case_text VALUES (1, 1, 0, ?)", (len(text),))
        row = (1, 1, 1, "Kami rembug", at, at + 11, "rina", "2024-05-01", "ingat")
        base.execute("INSERT INTO code_text VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    return folder


def test_a_qualcoder_project_brings_cases_attributes_and_unused_codes(tmp_path: Path) -> None:
    folder = qualcoder(tmp_path, TALK)
    at = TALK.index("Kami rembug")
    unpacked = unpack_project(folder)
    assert unpacked.folder == tmp_path / "skripsi-korpus"
    assert codings(unpacked.folder) == {("w1", at, at + 11, "rembug", "rina")}
    (person,) = read_corpus(unpacked.folder).informants
    assert (person.id, person.group, dict(person.columns)) == (
        "Bu Sari", "community", {"place": "Balai RW", "Usia": "45"},
    )  # fmt: skip
    book = {d.id: d for d in load_codebook(unpacked.folder / "codebook.yaml").dimensions}
    assert book["Proses"].text("id") == "cara bekerja" and book["rembug"].parent == "Proses" and "air" in book
    told = {problem.key: problem for problem in unpacked.problems}
    assert told["projects_source_skipped"].params["name"] == "foto.png"
    assert dict(told["projects_notes"].params) == {"annotations": 1, "journals": 0}


def test_dates_and_memos_travel_with_their_codings(tmp_path: Path) -> None:
    folder = unpack_project(qualcoder(tmp_path, TALK)).folder
    row = read_foreign(folder / "codings" / "rina.csv").coding.rows.iloc[0]
    assert (row["date"], row["memo"]) == ("2024-05-01", "ingat")
    texts = {"w1": TALK}
    settled = gather([folder / "codings"], texts)
    assert settled.codings[0].rows["date"].tolist() == ["2024-05-01"]
    assert "readers_columns_unread" not in {problem.key for problem in settled.problems}


def test_a_refi_coding_keeps_its_date_and_the_memo_beside_it(tmp_path: Path) -> None:
    when, place = "2024-05-02T00:00:00Z", {"transcript": "w1", "quote": "Lalu?"}
    rows = [{**place, "code": "air", "coder": "Rina", "date": when, "memo": "=ingat"}]
    texts = pd.DataFrame([("w1", TALK)], columns=["transcript", "text"])
    write_refi(tmp_path / "a.qdpx", from_tables(texts, Coding("uji", pd.DataFrame(rows)), BOOK))
    folder = unpack_project(tmp_path / "a.qdpx").folder
    row = read_foreign(folder / "codings" / "Rina.csv").coding.rows.iloc[0]
    assert (row["date"], row["memo"]) == (when, "=ingat")


def test_a_text_of_one_character_is_a_transcript_whose_codings_were_lost(tmp_path: Path) -> None:
    guid = "00000000-0000-0000-0000-00000000000"
    place = f'guid="{guid}6" name="x" startPosition="0" endPosition="9"'
    body = (
        f'<Sources><TextSource guid="{guid}2" name="lurah" plainTextPath="internal://lurah.txt">'
        f"<PlainTextSelection {place}/></TextSource></Sources>"
    )
    told = {problem.key for problem in unpack_project(xml(tmp_path, body, lurah="x")).problems}
    assert "refi_empty_source" in told and "projects_text_missing" not in told


def test_only_cases_that_reached_a_row_are_counted_as_taken(tmp_path: Path) -> None:
    folder = qualcoder(tmp_path, TALK)
    with closing(sqlite3.connect(folder / "data.qda")) as base, base:
        base.execute("INSERT INTO cases VALUES (2, 'Pak Budi')")
    unpacked = unpack_project(folder)
    loose = next(problem for problem in unpacked.problems if problem.key == "projects_case_loose")
    assert (loose.level, dict(loose.params)) == ("error", {"n": 1, "names": "Pak Budi"})
    report = (unpacked.folder / "IMPORT.md").read_text("utf-8")
    assert "kasus: 2 ditemukan, 1 diambil" in report and "Pak Budi" in report


def test_the_report_speaks_of_things_and_not_of_elements(tmp_path: Path) -> None:
    path = pack(tmp_path, ("w1", "Lalu?", "air", "Rina"))
    report = (unpack_project(path).folder / "IMPORT.md").read_text("utf-8")
    assert "pengodean: 1 ditemukan, 1 diambil" in report and "sumber teks: 1 ditemukan, 1 diambil" in report
    assert not any(name in report for name in ("Coding", "TextSource", "PlainTextSelection"))


def test_a_missing_text_is_told_once_with_its_codings(tmp_path: Path) -> None:
    guid = "00000000-0000-0000-0000-00000000000"
    coding = f'<Coding guid="{guid}7"><CodeRef targetGUID="{guid}8"/></Coding>'
    place = f'guid="{guid}6" name="x" startPosition="0" endPosition="1"'
    body = (
        f'<CodeBook><Codes><Code guid="{guid}8" name="air" isCodable="true"/></Codes></CodeBook>'
        f'<Sources><TextSource guid="{guid}2" name="lurah" plainTextPath="internal://lurah.txt"/>'
        f'<TextSource guid="{guid}3" name="hilang" plainTextPath="internal://hilang.txt">'
        f"<PlainTextSelection {place}>{coding}</PlainTextSelection></TextSource></Sources>"
    )
    problems = unpack_project(xml(tmp_path, body, lurah=TALK)).problems
    told = [p for p in problems if "hilang" in f"{p.where} {say(p.key, **p.params)}" or "_source" in p.key]
    assert [(p.key, dict(p.params)) for p in told] == [("projects_text_missing", {"name": "hilang", "n": 1})]


@pytest.mark.parametrize(
    "text", ["\ufeff\ufeffP: Lalu?\r\nI: Kami rembug.", "P: Lalu?\r\n\x0bI: Kami rembug."]
)
def test_texts_with_odd_beginnings_and_line_ends_keep_their_places(tmp_path: Path, text: str) -> None:
    unpacked = unpack_project(qualcoder(tmp_path, text) / "data.qda")
    assert unpacked.folder == tmp_path / "skripsi-korpus"
    (transcript,) = read_corpus(unpacked.folder).transcripts
    (found,) = codings(unpacked.folder)
    assert transcript.text[found[1] : found[2]] == "Kami rembug"


def test_a_text_that_no_transcript_can_keep_is_named_with_its_codings(tmp_path: Path) -> None:
    folder = qualcoder(tmp_path, "Kami rembug" + "\x01" * 20)
    with closing(sqlite3.connect(folder / "data.qda")) as base, base:
        base.execute("INSERT INTO source VALUES (3, 'w3', 'I: Airnya naik.')")
    unpacked = unpack_project(folder)
    told = {p.key: dict(p.params) for p in unpacked.problems if p.level == "error"}
    assert told["projects_unreadable"] == {"name": "w1"} and told["projects_codings_lost"] == {"n": 1}
    assert [file.name for file in (unpacked.folder / "transcripts").iterdir()] == ["w3.txt"]


def test_a_taguette_project_is_a_corpus(tmp_path: Path) -> None:
    path = tmp_path / "tag.sqlite3"
    html = "<p>P: Bagaimana?</p><p>I: Kami rembug.</p>"
    with closing(sqlite3.connect(path)) as base, base:
        base.executescript(
            """
            CREATE TABLE documents (id integer, name text, contents text);
            CREATE TABLE highlights (id integer, document_id integer, start_offset integer,
                                     end_offset integer, snippet text);
            CREATE TABLE tags (id integer, path text, description text);
            CREATE TABLE highlight_tags (highlight_id integer, tag_id integer);
            INSERT INTO tags VALUES (1, 'proses.rembug', 'duduk bersama'), (2, 'air', '');
            INSERT INTO highlights VALUES (1, 1, 16, 27, 'Kami rembug'), (2, 1, 0, 2, 'P:');
            INSERT INTO highlight_tags VALUES (1, 1);
            """
        )
        base.execute("INSERT INTO documents VALUES (1, 'lurah.docx', ?), (2, 'kosong', '')", (html,))
    unpacked = unpack_project(path)
    text = (unpacked.folder / "transcripts" / "lurah.txt").read_text("utf-8")
    assert text == "P: Bagaimana?\nI: Kami rembug."
    assert codings(unpacked.folder) == {
        ("lurah", 17, 28, "proses.rembug", "Taguette"), ("lurah", 0, 2, "", "Taguette"),
    }  # fmt: skip
    book = load_codebook(unpacked.folder / "codebook.yaml")
    assert [(d.id, d.text("id")) for d in book.dimensions] == [
        ("proses.rembug", "duduk bersama"),
        ("air", "air"),
    ]
    assert [p.params["name"] for p in unpacked.problems if p.level == "error"] == ["kosong"]
