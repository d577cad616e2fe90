"""What is opened, and what is refused before anything of it is read."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from kotaku_nlp.coding.files.refi.archive import open_package
from kotaku_nlp.errors import CodingError

EMPTY = '<Project xmlns="urn:QDA-XML:project:1.0" name="contoh"/>'


def archive(tmp_path: Path, entries: dict[str, str | bytes]) -> Path:
    path = tmp_path / "proyek.qdpx"
    with ZipFile(path, "w", ZIP_DEFLATED) as package:
        for name, content in entries.items():
            package.writestr(name, content)
    return path


def refused(path: Path) -> CodingError:
    with pytest.raises(CodingError) as caught:
        open_package(path).root()
    for lang in ("id", "en"):
        assert caught.value.render(lang).startswith(f"{path.name}: ")
    return caught.value


@pytest.mark.parametrize("name", ["project.qde", "Project.QDE", "studi lapangan.qde"])
@pytest.mark.parametrize("folder", ["sources/", "Sources/", "SOURCES\\"])
def test_names_are_found_however_they_are_spelt(tmp_path: Path, name: str, folder: str) -> None:
    extra = {
        "Sources/.root": "",
        "__MACOSX/._project.qde": "x",
        ".tersembunyi.qde": "x",
        "__MACOSX/a.qde": "x",
    }
    path = archive(tmp_path, {name: EMPTY, f"{folder}ABC.txt": "isi", f"{folder}suara.mp3": b"\0", **extra})
    package = open_package(path)
    assert package.root().get("name") == "contoh"
    assert package.files == {"abc.txt": b"isi"}


def test_project_qde_is_preferred(tmp_path: Path) -> None:
    path = archive(tmp_path, {"lama.qde": "<x/>", "project.qde": EMPTY})
    assert open_package(path).root().get("name") == "contoh"


@pytest.mark.parametrize(
    "name", ["../keluar.txt", "sources/../../keluar.txt", "/etc/keluar", "C:\\keluar.txt"]
)
def test_a_path_that_climbs_out_is_refused(tmp_path: Path, name: str) -> None:
    problem = refused(archive(tmp_path, {"project.qde": EMPTY, name: "x"}))
    assert problem.key == "refi_climbing"
    assert name in problem.render("id")


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path, {"project.qde": EMPTY, "sources/a.mp3": bytes(60_000_000)})
    assert refused(path).key == "refi_bomb"


def test_limits_on_what_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = archive(
        tmp_path, {"project.qde": EMPTY, "sources/a.txt": "isi " * 300, "sources/b.mp3": "x" * 9000}
    )
    monkeypatch.setattr("kotaku_nlp.coding.files.refi.archive.MEGABYTE", 10)
    monkeypatch.setattr("kotaku_nlp.coding.files.refi.archive._RATIO", 2)
    assert refused(path).key == "refi_bomb"
    monkeypatch.setattr("kotaku_nlp.coding.files.refi.archive._RATIO", 10_000)
    assert open_package(path).files["a.txt"].startswith(b"isi")  # the recording does not count
    monkeypatch.setattr("kotaku_nlp.coding.files.refi.archive._TOTAL_MB", 100)
    assert refused(path).key == "refi_oversized"
    monkeypatch.setattr("kotaku_nlp.coding.files.refi.archive._ENTRIES", 2)
    assert refused(path).key == "refi_many_entries"


ENTITY_BOMB = """<!DOCTYPE Project [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>
<Project xmlns="urn:QDA-XML:project:1.0" name="&c;"/>"""
OUTSIDE = """<!DOCTYPE Project [<!ENTITY a SYSTEM "file:///etc/hostname">]>
<Project xmlns="urn:QDA-XML:project:1.0" name="x"><Description>&a;</Description></Project>"""


@pytest.mark.parametrize("xml", [ENTITY_BOMB, OUTSIDE])
@pytest.mark.parametrize("bare", [True, False])
def test_entities_are_refused(tmp_path: Path, xml: str, bare: bool) -> None:
    if bare:
        path = tmp_path / "kode.qdc"
        path.write_text(xml, encoding="utf-8")
    else:
        path = archive(tmp_path, {"project.qde": xml})
    assert refused(path).key == "refi_unsafe_xml"


@pytest.mark.parametrize(
    ("entries", "key"),
    [
        ({"sources/a.txt": "x"}, "refi_no_project"),
        ({"a.qde": EMPTY, "b.qde": EMPTY}, "refi_many_projects"),
        ({"project.qde": EMPTY, "sources/a.txt": "x", "Sources/A.txt": "y"}, "refi_twice"),
        ({"project.qde": "<Project"}, "refi_damaged_xml"),
        ({"project.qde": ""}, "refi_damaged_xml"),
        ({"project.qde": '<?xml version="1.0" encoding="entah"?><Project/>'}, "refi_damaged_xml"),
    ],
)
def test_what_holds_no_single_project_is_refused(
    tmp_path: Path, entries: dict[str, str | bytes], key: str
) -> None:
    assert refused(archive(tmp_path, entries)).key == key


def test_damaged_archives_are_refused(tmp_path: Path) -> None:
    path = archive(tmp_path, {"project.qde": EMPTY, "sources/a.txt": "isi " * 1000})
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert refused(path).key == "refi_damaged_zip"
    path.write_bytes(whole[:60] + b"\xff" * 30 + whole[90:])
    assert refused(path).key == "refi_damaged_zip"
    path.write_bytes(b"bukan arsip")
    assert refused(path).key == "refi_not_zip"
    path.unlink()
    assert refused(path).key == "refi_missing"


def test_a_locked_archive_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path, {"project.qde": EMPTY})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1  # the flag in the central directory
    path.write_bytes(data)
    assert refused(path).key == "refi_locked"
