"""IMPORT.md: what became of everything that a project file holds, for the person who made it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kotaku_nlp.coding.files.refi.words import word_for
from kotaku_nlp.messages import say
from kotaku_nlp.projects.people import People
from kotaku_nlp.projects.project import Project

ACCOUNT_FILE = "IMPORT.md"


def account(
    project: Project, files: Mapping[str, str], people: People, codings: Mapping[str, int], lang: str
) -> str:
    """Return the report of an import, as Markdown.

    :param project: the project, with everything that is to be told of it.
    :param files: source → file of its transcript.
    :param people: its informants.
    :param codings: file of codings → rows.
    :param lang: "id" or "en".
    """
    parts = [
        [f"# {say('projects_md_title', lang, file=_flat(project.file))}", say("projects_md_intro", lang)],
        _part("projects_md_counts", lang, _tallies(project, lang)),
        _part("projects_md_sources", lang, (f"{_flat(name)} → transcripts/{f}" for name, f in files.items())),
        _part(
            "projects_md_variables",
            lang,
            (f"{_flat(name)} → {_flat(column)}" for name, column in people.variables.items()),
        ),
        _part("projects_md_codings", lang, (f"{_flat(name)}: {n}" for name, n in codings.items())),
        _part("projects_md_errors", lang, _told(project, "error", lang)),
        _part("projects_md_notices", lang, _told(project, "notice", lang)),
    ]
    return "\n\n".join(block for part in parts for block in part) + "\n"


def _part(heading: str, lang: str, lines: Iterator[str]) -> list[str]:
    """Return heading and list; a part of which nothing is to be said says so."""
    listed = [f"- {line}" for line in lines]
    return [f"## {say(heading, lang)}", "\n".join(listed) if listed else say("projects_md_none", lang)]


def _tallies(project: Project, lang: str) -> Iterator[str]:
    for tally in project.tallies:
        yield say(
            "projects_md_tally", lang, what=word_for(tally.what, lang), found=tally.found, kept=tally.kept
        )


def _told(project: Project, level: str, lang: str) -> Iterator[str]:
    for problem in project.problems:
        if problem.level == level:
            yield f"{_flat(problem.where)}: {_flat(say(problem.key, lang, **problem.params))}"


def _flat(text: str) -> str:
    """Return text on one line, without what Markdown or HTML would take for a sign."""
    line = " ".join(text.split())
    return "".join(f"\\{char}" if char in "\\`*_[]<>#|" else char for char in line)
