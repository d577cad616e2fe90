"""Every coder of a run against every other, people with people and people with the machine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations

from kotaku_nlp.coding.agreement.compare import Agreement, compare_marks
from kotaku_nlp.coding.agreement.machine import codebook_of, codes_of, machine_marks
from kotaku_nlp.coding.agreement.marks import Book, Marks, coders_of, marks_of
from kotaku_nlp.coding.agreement.resampling import Resampling
from kotaku_nlp.coding.agreement.units import cut_units
from kotaku_nlp.coding.codings import is_machine
from kotaku_nlp.coding.files.mapping import Link, apply_mapping, propose
from kotaku_nlp.errors import CodingError
from kotaku_nlp.records import Analysis, Codebook, Coding, Problem


def agree(
    analysis: Analysis,
    codings: Iterable[Coding],
    unit: str = "turn",
    links: Sequence[Link] | None = None,
    *,
    draws: int = 2000,
    seed: int = 0,
) -> Agreement:
    """Compare manual codings with each other, and each with the machine.

    People are compared on their own codes; with the machine on the dimensions of one codebook of the
    run: that which most of their codes belong to. The machine is never judged on what it learnt from:
    interviews that its head has seen are left out, and a notice says so.

    :param analysis: a run.
    :param codings: manual codings, settled on the run's transcripts; one may hold several coders.
    :param unit: "turn", "passage", "sentence" or "character".
    :param links: code → dimension, confirmed; without it codes called as a dimension's id are compared.
    :param draws: resamples of interviews for the intervals.
    :param seed: seed of the resampling.
    :raises CodingError: when there is no manual coding.
    """
    people = [(name, coding) for name, coding in coders_of(codings) if not is_machine(name)]
    if not people:
        raise CodingError("agree_no_coding")
    units = cut_units(analysis, unit)
    own = [marks_of(coding, units.book, name) for name, coding in people]
    pairs, teams, problems = list(combinations(own, 2)), [own], []
    codebook = codebook_of(analysis, [coding for _, coding in people], links)
    if codebook is None:
        problems.append(Problem("agree_no_dimension", "", "error"))
    else:
        machine = machine_marks(analysis, analysis.coding(codebook.id), codebook, units.book)
        mapped = [_mapped(name, coding, codebook, links, units.book) for name, coding in people]
        pairs += ((person, machine) for person in mapped)
        teams.append([*mapped, machine])
    teams = [team for team in teams if len(team) > 2]
    return compare_marks(pairs, units, Resampling(draws, seed), teams, problems)


def _mapped(name: str, coding: Coding, codebook: Codebook, links: Sequence[Link] | None, book: Book) -> Marks:
    """Return a person's marks under the dimensions of a codebook; what was left out is told."""
    mapped = apply_mapping(coding, propose(codes_of([coding]), codebook) if links is None else links)
    marks = marks_of(mapped.coding, book, name)
    told = tuple(replace(problem, where=f"{name}, {problem.where}") for problem in mapped.problems)
    return replace(marks, problems=(*marks.problems, *told))
