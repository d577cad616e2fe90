"""A transcript as a Word document, its codes as comments: one comment a coded span, code and coder.

The document's body is the canonical text and nothing else, one paragraph a line; what it is stands in
the header.
"""

from __future__ import annotations

import io
import re
import zipfile
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from kotaku_nlp.export.spans import CodedSpan, machine_name
from kotaku_nlp.messages import say
from kotaku_nlp.records import Analysis
from kotaku_nlp.report.frames import rows
from kotaku_nlp.report.labels import Labels

#: Written into every document, so that one run always gives the same bytes.
EPOCH = datetime(2000, 1, 1)
#: What XML 1.0 cannot hold.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: What no file name may hold on one system or another.
_UNNAMEABLE = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_SPELLING = {"id": "id-ID", "en": "en-US"}


def write_transcripts(
    analysis: Analysis, spans: Iterable[CodedSpan], folder: Path, lang: str = "id"
) -> list[Path]:
    """Write every transcript of a run as a Word document with its codes as comments.

    :param analysis: a run.
    :param spans: the coded places to show.
    :param folder: folder to write into; it is made when it is not there.
    :param lang: language of code names and comments.
    :return: the files written, one a transcript.
    """
    folder.mkdir(parents=True, exist_ok=True)
    of: dict[str, list[CodedSpan]] = {}
    for span in spans:
        of.setdefault(span.transcript, []).append(span)
    labels = Labels(lang, analysis.codebooks)
    names = _file_names(analysis.transcripts["transcript"])
    written = []
    for transcript in rows(analysis.transcripts):
        name = transcript["transcript"]
        turns = rows(analysis.turns[analysis.turns["transcript"] == name])
        header = say("export_header", lang, transcript=name, machine=machine_name(analysis))
        raw = document(transcript, turns, of.get(name, ()), labels, header)
        written.append(folder / names[name])
        written[-1].write_bytes(raw)
    return written


def document(
    transcript: Mapping[str, Any],
    turns: Iterable[Mapping[str, Any]],
    spans: Sequence[CodedSpan],
    labels: Labels,
    header: str = "",
) -> bytes:
    """Return one transcript as the bytes of a Word document.

    :param transcript: a row of the table "transcripts".
    :param turns: its rows of the table "turns"; speaker labels before them are set bold.
    :param spans: its coded places; each covers at least one character that shows.
    :param labels: names of the codes.
    :param header: what stands above every page.
    """
    text = str(transcript["text"])
    written = _blank_document(str(transcript["transcript"]), str(transcript["language"]), header)
    heads = [(text.rfind("\n", 0, turn["start"]) + 1, turn["start"]) for turn in turns]
    cuts = {place for head in heads for place in head}
    cuts |= {place for span in spans for place in (span.start, span.end)}
    starts, ends, runs = _write_text(written, text, cuts)
    for first, last in heads:
        for run in runs[bisect_left(starts, first) : bisect_left(starts, last)]:
            run.bold = True
    for span in spans:
        inside = runs[bisect_left(starts, span.start) : bisect_left(ends, span.end + 1)]
        _comment(written, inside, span, labels)
    return _timeless(written)


def comment_text(span: CodedSpan, labels: Labels) -> str:
    """Return what a comment says: the code, and under it how a machine came to it.

    The second line stands in brackets, so that a reader of comments can tell it from a second code.
    """
    name = labels.dimension(span.codebook, span.code) if span.codebook else span.code
    if span.probability is None:
        return name
    told = {"probability": labels.number(span.probability), "basis": labels.name("basis", span.basis)}
    return f"{name}\n{say('export_comment_machine', labels.lang, **told)}"


def _blank_document(title: str, language: str, header: str) -> Any:
    from docx import Document
    from docx.oxml.ns import qn
    from docx.shared import Mm

    written = Document()
    section = written.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.header.paragraphs[0].text = _writable(header)
    for element in written.styles.element.iter(qn("w:lang")):  # else all of it is underlined in red
        element.set(qn("w:val"), _SPELLING.get(language, _SPELLING["id"]))
    facts = written.core_properties
    facts.title, facts.author, facts.comments = _writable(title)[:255], "kotaku-nlp", ""
    facts.created = facts.modified = EPOCH
    return written


def _write_text(written: Any, text: str, cuts: Iterable[int]) -> tuple[list[int], list[int], list[Any]]:
    """Write one paragraph a line, a new run at every cut; return starts, ends and runs in order."""
    places = sorted(set(cuts))
    starts: list[int] = []
    ends: list[int] = []
    runs: list[Any] = []
    begin = 0
    for line in text.split("\n"):
        end = begin + len(line)
        paragraph = written.add_paragraph()
        within = places[bisect_left(places, begin + 1) : bisect_left(places, end)]
        for first, last in pairwise((begin, *within, end)):
            if first < last:
                starts.append(first)
                ends.append(last)
                runs.append(paragraph.add_run(_writable(text[first:last])))
        begin = end + 1
    return starts, ends, runs


def _comment(written: Any, inside: Sequence[Any], span: CodedSpan, labels: Labels) -> None:
    from docx.oxml.ns import qn

    author = _writable(span.coder)
    initials = "KN" if span.by_machine else "".join(word[0] for word in author.split())[:3].upper()
    comment = written.add_comment(inside, _writable(comment_text(span, labels)), author, initials)
    # python-docx sets the time of writing: it is not when somebody coded, and differs at every writing.
    comment._element.attrib.pop(qn("w:date"))
    when = _date(span.date)
    if when is not None:
        comment._element.date = when


def _date(said: str) -> datetime | None:
    """Return a date as a file says it; one without a zone counts as UTC, whatever computer writes."""
    try:
        when = datetime.fromisoformat(said)
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _writable(text: str) -> str:
    """Return a text of the same length that XML can hold."""
    return _UNWRITABLE.sub(lambda sign: " " if sign[0].isspace() else "\ufffd", text)


def _file_names(transcripts: Iterable[str]) -> dict[str, str]:
    """Return a file name for every transcript; names that would be the same get a number."""
    named: dict[str, str] = {}
    taken: set[str] = set()
    for transcript in transcripts:
        stem = _UNNAMEABLE.sub("_", transcript).strip(" .") or "_"
        name, number = f"{stem}.docx", 2
        while name.casefold() in taken:
            name, number = f"{stem} ({number}).docx", number + 1
        taken.add(name.casefold())
        named[transcript] = name
    return named


def _timeless(written: Any) -> bytes:
    """Return the document's bytes without the time of writing."""
    raw, fixed = io.BytesIO(), io.BytesIO()
    written.save(raw)
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, EPOCH.timetuple()[:6]), old.read(name), zipfile.ZIP_DEFLATED)
    return fixed.getvalue()
