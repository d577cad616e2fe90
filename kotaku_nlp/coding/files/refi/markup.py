"""A project → the XML of `project.qde`, its elements in the order that the schema fixes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from kotaku_nlp.coding.files.refi.elements import clean
from kotaku_nlp.coding.files.refi.guids import entity, valid
from kotaku_nlp.coding.files.refi.naming import stem
from kotaku_nlp.coding.files.refi.normal import utc
from kotaku_nlp.coding.files.refi.offsets import Ruler, stored
from kotaku_nlp.coding.files.refi.project import Case, Code, Mark, RefiProject, Selection, Source, Variable
from kotaku_nlp.coding.files.refi.schema import PROJECT

_COLOR = re.compile(r"#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")
#: How values of a kind are recognised; a variable with others is written as text, so that none is lost.
_KINDS: Mapping[str, Callable[[str], object]] = {
    "Boolean": re.compile("true|false|0|1").fullmatch,
    "Integer": re.compile("[+-]?[0-9]+").fullmatch,
    "Float": re.compile(r"[+-]?[0-9]+(\.[0-9]+)?").fullmatch,
    "Date": lambda value: re.fullmatch(r"\d{4}-\d\d-\d\d", value) and _parses(date.fromisoformat, value),
    "DateTime": lambda value: (
        re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?", value) and _parses(datetime.fromisoformat, value)
    ),
}


def project_xml(project: RefiProject, newline: str, origin: str) -> bytes:
    """Return the XML of a normal project.

    :param newline: line end of the text files; positions count it as it is stored.
    :param origin: the program that writes, with its version.
    """
    root = Element("Project", {"xmlns": PROJECT, "name": clean(project.name), "origin": origin})
    root.set("creationDateTime", utc(project.created))
    for user in project.users:
        own = {"guid": user.guid, "name": user.name} | ({"id": user.id} if user.id else {})
        SubElement(_container(root, "Users"), "User", own)
    if project.codes:
        _codes(SubElement(SubElement(root, "CodeBook"), "Codes"), project.codes, None)
    kinds = {variable.name: (variable, _kind(variable, project)) for variable in project.variables}
    for variable, kind in kinds.values():
        _variable(_container(root, "Variables"), variable, kind)
    for case in project.cases:
        _case(_container(root, "Cases"), case, kinds)
    for source in project.sources:
        if source.text:
            _source(_container(root, "Sources"), source, kinds, newline)
    _description(root, clean(project.description))
    indent(root, " ")
    xml: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return xml + b"\n"


def text_name(source: Source) -> str:
    """Return the name of the file that holds a source's text."""
    return f"{source.guid}.txt"


def _container(root: Element, name: str) -> Element:
    """Return a container, made when it gets its first child: the schema forbids empty ones."""
    found = root.find(name)
    return SubElement(root, name) if found is None else found


def _codes(holder: Element, codes: Iterable[Code], parent: str | None) -> None:
    codes = tuple(codes)
    for code in codes:
        if code.parent != parent:
            continue
        color = {"color": code.color} if _COLOR.fullmatch(code.color) else {}
        codable = "true" if code.codable else "false"
        own = {"guid": code.guid, "name": code.name, "isCodable": codable} | color
        element = SubElement(holder, "Code", own)
        _description(element, code.description)
        _codes(element, codes, code.guid)


def _variable(holder: Element, variable: Variable, kind: str) -> None:
    own = {"guid": valid(variable.guid, "variable"), "name": clean(variable.name), "typeOfVariable": kind}
    _description(SubElement(holder, "Variable", own), clean(variable.description))


def _case(holder: Element, case: Case, kinds: Mapping[str, tuple[Variable, str]]) -> None:
    element = SubElement(holder, "Case", {"guid": case.guid, "name": case.name})
    _description(element, case.description)
    _values(element, case.values, kinds)
    for name, guids in (("SourceRef", case.sources), ("SelectionRef", case.selections)):
        for guid in guids:
            SubElement(element, name, {"targetGUID": guid})


def _source(holder: Element, source: Source, kinds: Mapping[str, tuple[Variable, str]], newline: str) -> None:
    # A name that ends like a file's would lose its end when it is read as a file's name again.
    name = source.name if stem(source.name) == source.name else f"{source.name}.txt"
    path = f"internal://{text_name(source)}"
    element = SubElement(holder, "TextSource", {"guid": source.guid, "name": name, "plainTextPath": path})
    _description(element, source.description)
    raw = source.text.replace("\n", newline)
    ruler = Ruler(raw, stored(raw))
    for selection in source.selections:
        _selection(element, selection, ruler)
    for number, mark in enumerate(source.marks):
        _coding(element, mark, entity("coding", source.guid, number))
    _values(element, source.values, kinds)


def _selection(holder: Element, selection: Selection, ruler: Ruler) -> None:
    first = selection.marks[0] if selection.marks else None
    own = {
        "guid": selection.guid,
        "name": selection.preview,
        "startPosition": str(ruler.count(selection.start or 0)),
        "endPosition": str(ruler.count(selection.end or 0)),
    }
    if first:
        own |= {"creatingUser": first.user, "creationDateTime": first.date}
    element = SubElement(holder, "PlainTextSelection", own)
    _description(element, selection.memo)
    if first:
        _coding(element, first, entity("coding", selection.guid))


def _coding(holder: Element, mark: Mark, guid: str) -> None:
    own = {"guid": guid, "creatingUser": mark.user, "creationDateTime": mark.date}
    SubElement(SubElement(holder, "Coding", own), "CodeRef", {"targetGUID": mark.code})


def _values(holder: Element, values: Mapping[str, str], kinds: Mapping[str, tuple[Variable, str]]) -> None:
    for name, value in values.items():
        if value and name in kinds:
            variable, kind = kinds[name]
            element = SubElement(holder, "VariableValue")
            SubElement(element, "VariableRef", {"targetGUID": valid(variable.guid, "variable")})
            SubElement(element, f"{kind}Value").text = value


def _kind(variable: Variable, project: RefiProject) -> str:
    values = [case.values.get(variable.name, "") for case in project.cases]
    values += [source.values.get(variable.name, "") for source in project.sources]
    fits = _KINDS.get(variable.kind)
    return variable.kind if fits and all(fits(value) for value in values if value) else "Text"


def _parses(read: Callable[[str], object], value: str) -> bool:
    try:
        read(value)
    except ValueError:
        return False
    return True


def _description(holder: Element, text: str) -> None:
    if text:
        SubElement(holder, "Description").text = text
