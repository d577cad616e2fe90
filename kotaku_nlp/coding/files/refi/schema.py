"""What a file breaks of the schema that REFI published: told, never a reason to stop reading."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from kotaku_nlp.coding.files.refi.archive import Package
from kotaku_nlp.coding.files.refi.elements import namespace

PROJECT = "urn:QDA-XML:project:1.0"
CODEBOOK = "urn:QDA-XML:codebook:1.0"
_SCHEMAS = {PROJECT: "Project-v1.0.xsd", CODEBOOK: "Codebook-v1.0.xsd"}


@dataclass(frozen=True)
class Violation:
    """One thing that the schema forbids.

    :param line: line of the XML.
    :param message: what the schema's reader says of it, in English.
    """

    line: int
    message: str


def violations(package: Package) -> tuple[Violation, ...]:
    """Return what a project or codebook breaks of its schema; nothing where we know no schema for it.

    :raises CodingError: when the XML is damaged or unsafe.
    """
    from lxml import etree  # type: ignore[import-untyped]

    kind = namespace(package.root())  # read once with care, so that nothing unsafe comes this far
    if kind not in _SCHEMAS:
        return ()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    schema = _schema(kind)
    try:
        schema.validate(etree.fromstring(package.xml, parser))
    except etree.XMLSyntaxError as problem:  # the stricter of two readers
        return (Violation(problem.lineno or 0, str(problem)),)
    return tuple(Violation(entry.line, _readable(entry.message)) for entry in schema.error_log)


@cache
def _schema(kind: str) -> Any:
    from lxml import etree

    text = files("kotaku_nlp.coding.files.refi").joinpath("data", _SCHEMAS[kind]).read_bytes()
    return etree.XMLSchema(etree.fromstring(text))


def _readable(message: str) -> str:
    for kind in _SCHEMAS:
        message = message.replace(f"{{{kind}}}", "")
    return message
