"""A research project as REFI-QDA knows it: who coded what, where, with which codes.

Texts are canonical and positions are half-open code points into them; where a file's own positions
differ, they are kept beside. GUIDs are lower case, without braces.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from kotaku_nlp.coding.files.refi.settling import Settlement, State

if TYPE_CHECKING:
    import pandas as pd

    from kotaku_nlp.coding.files.refi.report import ImportReport
    from kotaku_nlp.records import Codebook, Coding

#: What a file that tells no date is given when it is written: the format's readers want one.
NO_DATE = "1970-01-01T00:00:00Z"


@dataclass(frozen=True)
class User:
    """A coder; `id` holds initials."""

    guid: str
    name: str
    id: str = ""


@dataclass(frozen=True)
class Code:
    """A code with its place in the tree; names need not be unique, so `path` may not be either."""

    guid: str
    name: str
    path: tuple[str, ...]
    parent: str | None = None
    codable: bool = True
    color: str = ""
    description: str = ""


@dataclass(frozen=True)
class Variable:
    """An attribute of cases or sources."""

    guid: str
    name: str
    kind: str = "Text"
    description: str = ""


@dataclass(frozen=True)
class Case:
    """A person or another thing that is studied: its values by variable, and where it speaks."""

    guid: str
    name: str
    values: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    selections: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True)
class Mark:
    """That somebody put a code somewhere: GUIDs of code and user; either may point to nothing."""

    code: str
    user: str = ""
    date: str = ""


@dataclass(frozen=True)
class Selection:
    """A stretch of a source. `start:end` is canonical, and null where the file's positions fit nowhere.

    :param original: the positions as the file gives them.
    :param state: what `start:end` rests on.
    :param memo: the selection's description.
    """

    guid: str
    start: int | None
    end: int | None
    marks: tuple[Mark, ...] = ()
    preview: str = ""
    memo: str = ""
    original: tuple[int, int] = (0, 0)
    state: State = "checked"


@dataclass(frozen=True)
class Source:
    """One text. `name` is its transcript's name, unique in a project.

    :param origin: the element it came from, e.g. "TextSource" or "Transcript".
    :param trouble: key of the message that says why the text is missing or doubtful.
    """

    guid: str
    name: str
    text: str
    settlement: Settlement
    selections: tuple[Selection, ...] = ()
    marks: tuple[Mark, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    description: str = ""
    origin: str = "TextSource"
    trouble: str = ""


Fate = Literal["kept", "code_unknown", "outside", "empty_text", "shifted", "review", "twice", "case"]


@dataclass(frozen=True)
class Row:
    """One coding of one selection, and what becomes of it."""

    source: Source
    selection: Selection
    mark: Mark
    fate: Fate


@dataclass(frozen=True)
class RefiProject:
    """A whole project, or a codebook alone when `kind` says so.

    :param wordless: names of the sources for which the file holds no text at all, such as pictures.
    """

    name: str
    origin: str = ""
    kind: Literal["project", "codebook"] = "project"
    created: str = ""
    users: tuple[User, ...] = ()
    codes: tuple[Code, ...] = ()
    variables: tuple[Variable, ...] = ()
    cases: tuple[Case, ...] = ()
    sources: tuple[Source, ...] = ()
    wordless: tuple[str, ...] = ()
    description: str = ""
    report: ImportReport | None = None

    def rows(self, accept: Collection[str] = ()) -> Iterator[Row]:
        """Yield every coding of a selection with its fate.

        :param accept: names of sources whose doubtful selections the caller takes upon trust.
        """
        codes, cases = {code.guid for code in self.codes}, {case.guid for case in self.cases}
        for source in self.sources:
            seen: set[tuple[int | None, int | None, str, str]] = set()
            for selection in source.selections:
                for mark in selection.marks:
                    fate = _fate(source, selection, mark, codes, cases, source.name in accept)
                    key = (selection.start, selection.end, mark.code, mark.user)
                    if fate == "kept" and key in seen:
                        fate = "twice"
                    seen.add(key)
                    yield Row(source, selection, mark, fate)

    def coding(self, accept: Collection[str] = ()) -> Coding:
        """Return who coded what, one row a span, code and coder.

        :param accept: names of sources whose doubtful selections the caller takes upon trust.
        :return: the columns of a manual coding, then code_path, date and memo; a code whose name is
            not unique is called by its path.
        """
        from kotaku_nlp.coding.files.refi.tables import coding_of

        return coding_of(self, accept)

    def codebook(self) -> Codebook:
        """Return the code tree as a codebook.

        :raises CodebookError: when the project holds no code.
        """
        from kotaku_nlp.coding.files.refi.tables import codebook_of

        return codebook_of(self)

    def transcripts(self) -> pd.DataFrame:
        """Return the sources: transcript, text."""
        from kotaku_nlp.coding.files.refi.tables import transcripts_of

        return transcripts_of(self)


def _fate(
    source: Source, selection: Selection, mark: Mark, codes: set[str], cases: set[str], trusted: bool
) -> Fate:
    if mark.code in cases:
        return "case"
    if mark.code not in codes:
        return "code_unknown"
    if source.settlement.basis == "unusable":
        return "empty_text"
    if selection.start is None or selection.state == "outside":
        return "outside"
    if trusted or (source.settlement.accepted and selection.state != "shifted"):
        return "kept"
    return "shifted" if source.settlement.accepted else "review"
