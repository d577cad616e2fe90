"""The published schema refuses what the format forbids."""

from __future__ import annotations

import pytest

from kotaku_nlp.coding.files.refi.archive import Package
from kotaku_nlp.coding.files.refi.schema import violations
from kotaku_nlp.errors import CodingError

GUID = "c0000000-0000-4000-8000-000000000001"


def project(body: str, root: str = "Project", kind: str = "project:1.0") -> Package:
    xml = f'<{root} xmlns="urn:QDA-XML:{kind}" name="x">\n{body}</{root}>'
    return Package("proyek.qdpx", xml.encode())


def code(color: str) -> str:
    own = f'guid="{{{GUID.upper()}}}" name="k" isCodable="true" color="{color}"'
    return f"<CodeBook><Codes><Code {own}/></Codes></CodeBook>"


@pytest.mark.parametrize(
    "body", ["", code("#36C"), code("#3366cc"), f"{code('#36C')}<Description>d</Description>"]
)
def test_what_is_allowed(body: str) -> None:
    assert violations(project(body)) == ()


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (f"<Description>d</Description>{code('#36C')}", "CodeBook"),
        (code("rgb(1,2,3)"), "rgb"),
        ("<Sources/>", "Sources"),
        (code("#36C").replace(GUID.upper(), "1"), "guid"),
        (f"<Cases><Case guid='{GUID}'><Aneh/></Case></Cases>", "Aneh"),
    ],
)
def test_what_is_refused_and_where(body: str, word: str) -> None:
    found = violations(project(body))
    assert any(word in violation.message for violation in found)
    assert all(violation.line == 2 and "urn:" not in violation.message for violation in found)


def test_a_codebook_has_a_schema_of_its_own_and_other_versions_have_none() -> None:
    inside = f'<Codes><Code guid="{GUID}" name="k" isCodable="true"/></Codes>'
    xml = f'<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="x">{inside}{{}}</CodeBook>'
    assert violations(Package("a.qdc", xml.format("").encode())) == ()
    assert violations(Package("a.qdc", xml.format("<Sets/>").encode()))
    assert violations(project("<Aneh/>", kind="project:2.0")) == ()


def test_unsafe_xml_never_reaches_the_schema() -> None:
    with pytest.raises(CodingError):
        violations(Package("a.qdc", b'<!DOCTYPE a [<!ENTITY b "c">]><CodeBook>&b;</CodeBook>'))
