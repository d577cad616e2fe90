"""The XML of a project or codebook → its nouns. Nothing is judged here; what is odd is kept as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element

from kotaku_nlp.coding.files.refi.archive import Package
from kotaku_nlp.coding.files.refi.elements import child, children, guid, local, text, whole
from kotaku_nlp.coding.files.refi.naming import stem, unique
from kotaku_nlp.coding.files.refi.offsets import Convention, canonical
from kotaku_nlp.coding.files.refi.project import (
    Case,
    Code,
    Mark,
    RefiProject,
    Selection,
    Source,
    User,
    Variable,
)
from kotaku_nlp.coding.files.refi.settling import Marked, Settlement, place, settle
from kotaku_nlp.coding.files.refi.texts import raw_text

#: Where the text of a source stands, by the kind of source: in itself, or in elements inside it.
_HOLDERS = {
    "TextSource": "",
    "PDFSource": "Representation",
    "PictureSource": "TextDescription",
    "AudioSource": "Transcript",
    "VideoSource": "Transcript",
}


def parse_codebook(root: Element, name: str) -> RefiProject:
    """Return the codebook under a `<CodeBook>`, as a project that holds nothing else."""
    return RefiProject(name, root.get("origin") or "", "codebook", codes=_codes(child(root, "Codes")))


def parse_project(
    root: Element, package: Package, name: str, conventions: Mapping[str, Convention]
) -> RefiProject:
    """Return the project under a `<Project>`.

    :param package: the texts beside the XML.
    :param name: what the project is called when it does not say so.
    :param conventions: by source, how its positions are counted, where a person has said so.
    """
    names = _variables(child(root, "Variables"))
    labels = {variable.guid: variable.name for variable in names}
    sources = _sources(root, package, labels, conventions)
    return RefiProject(
        name=root.get("name") or name,
        origin=root.get("origin") or "",
        created=root.get("creationDateTime") or "",
        users=tuple(
            User(guid(user), user.get("name") or "", user.get("id") or "")
            for user in children(child(root, "Users"), "User")
        ),
        codes=_codes(child(child(root, "CodeBook"), "Codes")),
        variables=names,
        cases=tuple(_case(case, labels, sources) for case in children(child(root, "Cases"), "Case")),
        sources=sources,
        wordless=tuple(
            element.get("name") or guid(element)[:8]
            for element in children(child(root, "Sources"), *_HOLDERS)
            if not any(_held(element))
        ),
        description=text(root, "Description"),
    )


def _codes(tree: Element | None) -> tuple[Code, ...]:
    """Return the tree's codes, parents first; of two with one GUID the first."""
    found: dict[str, Code] = {}
    for code in _branch(tree, None, ()):
        found.setdefault(code.guid, code)
    return tuple(found.values())


def _branch(tree: Element | None, parent: str | None, above: tuple[str, ...]) -> Iterator[Code]:
    for element in children(tree, "Code"):
        path = (*above, element.get("name") or "")
        code = Code(
            guid=guid(element) or str(uuid5(NAMESPACE_URL, "/".join(path))),
            name=path[-1],
            path=path,
            parent=parent,
            codable=(element.get("isCodable") or "true").strip().lower() not in ("false", "0"),
            color=element.get("color") or "",
            description=text(element, "Description"),
        )
        yield code
        yield from _branch(element, code.guid, path)


def _variables(tree: Element | None) -> tuple[Variable, ...]:
    found = list(children(tree, "Variable"))
    names = unique(element.get("name") or guid(element) for element in found)
    return tuple(
        Variable(guid(element), name, element.get("typeOfVariable") or "Text", text(element, "Description"))
        for element, name in zip(found, names, strict=True)
    )


def _values(element: Element, labels: Mapping[str, str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for value in children(element, "VariableValue"):
        name = labels.get(guid(child(value, "VariableRef"), "targetGUID"))
        said = next((part.text or "" for part in value if local(part) != "VariableRef"), "")
        if name is not None:
            values.setdefault(name, said.strip())
    return values


def _case(element: Element, labels: Mapping[str, str], sources: tuple[Source, ...]) -> Case:
    """Return a case with all that is tied to it: NVivo ties passages to cases by coding them."""
    own = guid(element)
    coded = [s.guid for source in sources for s in source.selections if any(m.code == own for m in s.marks)]
    whole = [source.guid for source in sources if any(mark.code == own for mark in source.marks)]
    tied = [guid(ref, "targetGUID") for ref in children(element, "SelectionRef")]
    named = [guid(ref, "targetGUID") for ref in children(element, "SourceRef")]
    return Case(
        own,
        element.get("name") or own[:8],
        _values(element, labels),
        tuple(dict.fromkeys(named + whole)),
        tuple(dict.fromkeys(tied + coded)),
        text(element, "Description"),
    )


@dataclass(frozen=True)
class _Held:
    """A text in its source: a recording may have several, and what is the source's own goes to the first."""

    kind: str
    name: str
    owner: Element
    holder: Element

    @property
    def parts(self) -> tuple[Element, ...]:
        """The elements whose codings and values are this text's."""
        return (self.owner,) if self.owner is self.holder else (self.owner, self.holder)


def _held(element: Element) -> Iterator[_Held]:
    inside = _HOLDERS[local(element)]
    for number, holder in enumerate(children(element, inside) if inside else (element,)):
        name = element.get("name") or holder.get("name") or guid(element)[:8]
        yield _Held(local(element), stem(name), element if number == 0 else holder, holder)


def _sources(
    root: Element, package: Package, labels: Mapping[str, str], conventions: Mapping[str, Convention]
) -> tuple[Source, ...]:
    found = [held for element in children(child(root, "Sources"), *_HOLDERS) for held in _held(element)]
    names = unique(held.name for held in found)
    origin = root.get("origin") or ""
    return tuple(
        _source(replace(held, name=name), package, labels, conventions.get(name), origin)
        for held, name in zip(found, names, strict=True)
    )


def _source(
    held: _Held, package: Package, labels: Mapping[str, str], told: Convention | None, origin: str
) -> Source:
    raw, trouble = raw_text(held.holder, package)
    found = list(_selections(held.holder))
    marked = [Marked(*selection.original, selection.preview) for selection in found]
    settlement = settle(raw, marked, origin)
    if told is not None and settlement.basis != "unusable":
        settlement = Settlement(told, "given")
    return Source(
        guid=guid(held.owner) or guid(held.holder),
        name=held.name,
        text=canonical(raw),
        settlement=settlement,
        selections=tuple(_placed(found, raw, marked, settlement)),
        marks=tuple(mark for part in held.parts for mark in _marks(part)),
        values={name: value for part in held.parts for name, value in _values(part, labels).items()},
        description=text(held.owner, "Description"),
        origin=held.kind,
        trouble=trouble,
    )


def _placed(
    found: list[Selection], raw: str, marked: list[Marked], settlement: Settlement
) -> Iterator[Selection]:
    for selection, (span, state) in zip(found, place(raw, marked, settlement), strict=True):
        start, end = span if span else (None, None)
        yield replace(selection, start=start, end=end, state=state)


def _selections(holder: Element) -> Iterator[Selection]:
    """Yield the selections of a text; those of a recording's transcript go by its time marks."""
    syncs = {guid(sync): whole(sync.get("position")) for sync in children(holder, "SyncPoint")}
    for element in children(holder, "PlainTextSelection", "TranscriptSelection"):
        if local(element) == "PlainTextSelection":
            places = whole(element.get("startPosition")), whole(element.get("endPosition"))
        else:
            ends = guid(element, "fromSyncPoint"), guid(element, "toSyncPoint")
            places = syncs.get(ends[0], -1), syncs.get(ends[1], -1)
        yield Selection(
            guid(element),
            None,
            None,
            _marks(element),
            element.get("name") or "",
            text(element, "Description"),
            places,
        )


def _marks(element: Element) -> tuple[Mark, ...]:
    """Return the codings of an element; what they leave out is taken from it."""
    user = guid(element, "creatingUser") or guid(element, "modifyingUser")
    date = element.get("creationDateTime") or element.get("modifiedDateTime") or ""
    return tuple(
        Mark(
            guid(child(coding, "CodeRef"), "targetGUID"),
            guid(coding, "creatingUser") or user,
            coding.get("creationDateTime") or date,
        )
        for coding in children(element, "Coding")
    )
