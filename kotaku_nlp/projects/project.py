"""A project of another tool in our own nouns, whichever tool it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kotaku_nlp.records import Codebook, Coding, Problem


@dataclass(frozen=True)
class Case:
    """A person, or another thing that is studied.

    :param values: variable → value.
    :param whole: sources that belong to it from beginning to end.
    :param parts: sources of which only passages belong to it.
    """

    name: str
    values: Mapping[str, str] = field(default_factory=dict)
    whole: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Tally:
    """How many of one kind of thing the file holds, and how many were taken over.

    :param what: the kind, by the name that REFI-QDA has for it, such as "Case" or "Coding".
    """

    what: str
    found: int
    kept: int


@dataclass(frozen=True)
class Project:
    """What a project file holds.

    :param file: its name.
    :param texts: source → canonical text; the coding's places count in it.
    :param coding: who coded what, codes by the ids of the codebook.
    :param codebook: None when there is no code.
    :param values: source → variable → value, where a source has values of its own.
    :param tallies: what was found and taken over, kind by kind.
    :param problems: what a person should know; "error" for what was left out and can be mended.
    """

    file: str
    name: str
    texts: Mapping[str, str]
    coding: Coding
    codebook: Codebook | None = None
    cases: tuple[Case, ...] = ()
    variables: tuple[str, ...] = ()
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    tallies: tuple[Tally, ...] = ()
    problems: tuple[Problem, ...] = ()
