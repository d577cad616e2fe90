"""What an import kept and what it lost, element by element, as the standard asks of a reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from kotaku_nlp.coding.files.refi.elements import local
from kotaku_nlp.coding.files.refi.project import RefiProject, Row, Source
from kotaku_nlp.coding.files.refi.schema import Violation
from kotaku_nlp.coding.files.refi.words import word_for
from kotaku_nlp.messages import say
from kotaku_nlp.records import Problem

#: Elements that we have no noun for, and why a researcher need or need not care.
_LEFT_OUT = {
    "Note": "refi_lost_notes",
    "Link": "refi_lost_links",
    "Set": "refi_lost_sets",
    "Graph": "refi_lost_graphs",
    "PictureSelection": "refi_lost_media",
    "PDFSelection": "refi_lost_media",
    "AudioSelection": "refi_lost_media",
    "VideoSelection": "refi_lost_media",
}
#: Elements that only hold, point or repeat; they are told of with what they belong to.
_STRUCTURE = frozenset(
    "Project CodeBook Codes Users Variables Cases Sources Notes Links Sets Graphs NoteRef CodeRef SourceRef "
    "SelectionRef VariableRef MemberCode MemberSource MemberNote Vertex Edge SyncPoint Representation "
    "TextDescription Transcript PlainTextContent Description TextValue BooleanValue IntegerValue FloatValue "
    "DateValue DateTimeValue".split()
)
_SELECTIONS = ("PlainTextSelection", "TranscriptSelection")
_SOURCES = ("TextSource", "PDFSource", "PictureSource", "AudioSource", "VideoSource")
#: Reasons that are told source by source, with their places.
_TOLD = frozenset(
    ("refi_text_lost", *(f"refi_fate_{fate}" for fate in ("outside", "shifted", "review", "empty_text")))
)


@dataclass(frozen=True)
class Tally:
    """How many of one element were found and kept; `lost` counts the others by the key of their reason."""

    element: str
    found: int
    kept: int
    lost: Mapping[str, int]


@dataclass(frozen=True)
class ImportReport:
    """Everything worth knowing about one import.

    :param where: name of the file.
    :param version: the namespace that the file names.
    :param violations: what the file breaks of the schema.
    :param tallies: element by element, what was found, kept and lost.
    :param problems: the same in words, with what a person should look at first.
    """

    where: str
    version: str
    violations: tuple[Violation, ...]
    tallies: tuple[Tally, ...]
    problems: tuple[Problem, ...]

    def lines(self, lang: str = "id") -> list[str]:
        """Return the report as lines to print."""
        counts = [
            say("refi_tally", lang, element=word_for(tally.element, lang), found=tally.found, kept=tally.kept)
            for tally in self.tallies
        ]
        told = [f"{problem.where}: {say(problem.key, lang, **problem.params)}" for problem in self.problems]
        return counts + told


def import_report(
    project: RefiProject, root: Element, where: str, version: str, violations: tuple[Violation, ...]
) -> ImportReport:
    """Return what was kept and lost of a file.

    :param project: what was made of it.
    :param root: its XML.
    :param where: name of the file.
    :param version: the namespace of its root.
    :param violations: what it breaks of the schema.
    """
    tallies = tuple(_tallies(project, root))
    problems = (
        *_about_file(where, version, violations),
        *(found for source in project.sources for found in _about_source(source, project, where)),
        *_about_codes(project, where),
        *_about_coders(project, where),
        *_about_losses(tallies, where),
    )
    return ImportReport(where, version, violations, tallies, problems)


def _tallies(project: RefiProject, root: Element) -> Iterator[Tally]:
    found = Counter(local(element) for element in root.iter())
    yield from _kept(found, "User", len(project.users), "refi_lost_elsewhere")
    yield from _kept(found, "Code", len(project.codes), "refi_lost_twin_code")
    yield from _kept(found, "Variable", len(project.variables), "refi_lost_elsewhere")
    yield from _kept(found, "Case", len(project.cases), "refi_lost_elsewhere")
    values = sum(len(case.values) for case in project.cases)
    values += sum(len(source.values) for source in project.sources)
    yield from _kept(found, "VariableValue", values, "refi_lost_value")
    for name in _SOURCES:
        yield from _texts(found, name, [source for source in project.sources if source.origin == name])
    yield from _placed(found, project)
    yield from _codings(found, list(project.rows()), project)
    for name, reason in _LEFT_OUT.items():
        yield from _kept(found, name, 0, reason)
    formatted = sum(1 for e in root.iter() if e.get("richTextPath") and e.get("plainTextPath"))
    yield from _kept(Counter(richTextPath=formatted), "richTextPath", 0, "refi_lost_formatting")
    tied = sum(1 for e in root.iter() if local(e) == "Case" for part in e if local(part) == "CodeRef")
    yield from _kept(Counter(CodeRef=tied), "CodeRef", 0, "refi_lost_case_codes")
    known = {*_STRUCTURE, *_LEFT_OUT, *_SOURCES, *_SELECTIONS}
    known |= {"User", "Code", "Variable", "Case", "VariableValue", "Coding"}
    for name in sorted(set(found) - known):
        yield from _kept(found, name, 0, "refi_lost_unknown")


def _kept(found: Mapping[str, int], name: str, kept: int, reason: str) -> Iterator[Tally]:
    if found[name]:
        lost = found[name] - kept
        yield Tally(name, found[name], kept, {reason: lost} if lost else {})


def _texts(found: Mapping[str, int], name: str, sources: list[Source]) -> Iterator[Tally]:
    """Yield the sources of one kind; those that are told by name are not counted a second time."""
    kept = min(len({source.guid for source in sources if source.text}), found[name])
    unread = found[name] - kept
    told = sum(1 for s in sources if not s.text and (s.trouble or s.settlement.basis == "unusable"))
    lost = {"refi_text_lost": min(told, unread), "refi_lost_source": max(unread - told, 0)}
    if found[name]:
        yield Tally(name, found[name], kept, {reason: n for reason, n in lost.items() if n})


def _placed(found: Mapping[str, int], project: RefiProject) -> Iterator[Tally]:
    """Yield the selections: those that lie somewhere are kept, whether they may be used or not."""
    total = sum(found[name] for name in _SELECTIONS)
    selections = [selection for source in project.sources for selection in source.selections]
    kept = sum(selection.start is not None for selection in selections)
    lost = {
        "refi_fate_outside": len(selections) - kept,
        "refi_lost_elsewhere_passages": total - len(selections),
    }
    if total:
        yield Tally("PlainTextSelection", total, kept, {reason: n for reason, n in lost.items() if n})


def _codings(found: Mapping[str, int], rows: list[Row], project: RefiProject) -> Iterator[Tally]:
    """Yield the codings; one that ties a whole source to a case is no coding, as with passages."""
    cases = {case.guid for case in project.cases}
    whole = [mark.code in cases for source in project.sources for mark in source.marks]
    fates = Counter[str](row.fate for row in rows)
    fates["case"] += sum(whole)
    lost = {f"refi_fate_{fate}": n for fate, n in sorted(fates.items()) if fate != "kept"}
    lost["refi_lost_whole_source"] = len(whole) - sum(whole)
    lost["refi_lost_elsewhere_codings"] = found["Coding"] - len(rows) - len(whole)
    if found["Coding"]:
        yield Tally("Coding", found["Coding"], fates["kept"], {key: n for key, n in lost.items() if n})


def _about_file(where: str, version: str, violations: tuple[Violation, ...]) -> Iterator[Problem]:
    if not version.endswith(":1.0"):
        yield Problem("refi_other_version", where, "notice", {"version": version or "-"})
    if violations:
        first = violations[0]
        detail = {"n": len(violations), "line": first.line, "detail": first.message}
        yield Problem("refi_schema", where, "notice", detail)


def _about_source(source: Source, project: RefiProject, file: str) -> Iterator[Problem]:
    where = f"{file}, {source.name}"
    selections, settlement = len(source.selections), source.settlement
    if source.trouble:
        yield Problem(source.trouble, where, "error" if selections and not source.text else "notice")
    if settlement.basis == "unusable" and not source.trouble:
        yield Problem("refi_empty_source", where, "error", {"n": selections, "size": len(source.text)})
    if settlement.basis == "review":
        counts = {"n": selections, "matched": settlement.matched, "telling": settlement.telling}
        yield Problem("refi_needs_review", where, "error", counts)
    elif settlement.basis in ("prior", "edges"):
        told = {"n": selections, "origin": project.origin or "-"}
        yield Problem(f"refi_by_{settlement.basis}", where, "notice", told)
    if settlement.basis != "unusable":
        yield from _about_selections(source, where)


def _about_selections(source: Source, where: str) -> Iterator[Problem]:
    """Yield what is odd about single selections, all of one kind together with the first of them."""
    outside = [selection for selection in source.selections if selection.state == "outside"]
    if outside:
        start, end = outside[0].original
        places = {"n": len(outside), "start": start, "end": end, "size": len(source.text)}
        yield Problem("refi_outside", where, "error", places)
    shifted = [selection for selection in source.selections if selection.state == "shifted"]
    if shifted and source.settlement.accepted:
        told = {"n": len(shifted), "start": shifted[0].original[0], "preview": shifted[0].preview[:60]}
        yield Problem("refi_shifted", where, "error", told)
    memos = sum(1 for selection in source.selections if selection.memo and not selection.marks)
    if memos:
        yield Problem("refi_memos", where, "notice", {"n": memos})


def _about_codes(project: RefiProject, where: str) -> Iterator[Problem]:
    names = Counter(code.name for code in project.codes)
    twins = sorted(name for name, n in names.items() if n > 1)
    if twins:
        yield Problem("refi_twin_names", where, "notice", {"n": len(twins), "names": ", ".join(twins[:5])})
    groups = {code.guid: code.name for code in project.codes if not code.codable}
    used = sorted({groups[row.mark.code] for row in project.rows() if row.mark.code in groups})
    if used:
        told = {"n": len(used), "names": ", ".join(used[:5])}
        yield Problem("refi_not_codable", where, "notice", told)
    bare = sum(1 for code in project.codes if not code.description.strip())
    if bare:
        yield Problem("refi_no_definition", where, "notice", {"n": bare, "total": len(project.codes)})


def _about_coders(project: RefiProject, where: str) -> Iterator[Problem]:
    rows = [row for row in project.rows() if row.fate == "kept"]
    known = {user.guid for user in project.users}
    strangers = sum(1 for row in rows if row.mark.user not in known)
    if strangers:
        yield Problem("refi_unknown_coder", where, "notice", {"n": strangers})
    undated = sum(1 for row in rows if not row.mark.date)
    if undated:
        yield Problem("refi_no_date", where, "notice", {"n": undated})


def _about_losses(tallies: tuple[Tally, ...], where: str) -> Iterator[Problem]:
    """Yield why things were lost, each reason once; only what the format does not know is called by name."""
    lost: Counter[tuple[str, str]] = Counter()
    for tally in tallies:
        for reason, n in tally.lost.items():
            lost[reason, tally.element if reason == "refi_lost_unknown" else ""] += n
    for (reason, element), n in lost.items():
        if reason not in _TOLD:
            grave = reason == "refi_fate_code_unknown"
            told = {"n": n} | ({"element": element} if element else {})
            yield Problem(reason, where, "error" if grave else "notice", told)
