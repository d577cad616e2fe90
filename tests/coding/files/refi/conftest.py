"""Invented projects, put together in the test that reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

Pack = Callable[..., Path]


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    """Return a function that packs a project from the inside of its XML and its text files."""

    def build(
        body: str,
        files: Mapping[str, str | bytes] | None = None,
        *,
        name: str = "proyek.qdpx",
        qde: str = "project.qde",
        folder: str = "sources",
        attributes: str = 'name="contoh" origin="alat uji"',
        version: str = "1.0",
    ) -> Path:
        path = tmp_path / name
        xml = f'<Project xmlns="urn:QDA-XML:project:{version}" {attributes}>'
        with ZipFile(path, "w", ZIP_DEFLATED) as archive:
            archive.writestr(qde, f"{xml}{body}</Project>")
            for file, content in (files or {}).items():
                archive.writestr(f"{folder}/{file}", content)
        return path

    return build
