"""The machine as a coder: what of its coding may be judged, and under which codebook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from kotaku_nlp.coding.agreement.marks import Book, Marks, marks_of
from kotaku_nlp.coding.codings import MACHINE
from kotaku_nlp.coding.files.mapping import NONE, Link
from kotaku_nlp.records import Analysis, Codebook, Coding, Problem

#: On what a machine has learnt from it is never judged.
LEARNT = "few_shot"


def machine_marks(analysis: Analysis, coding: Coding, codebook: Codebook | None, book: Book) -> Marks:
    """Return what the machine assigned, in the interviews that it has not learnt from.

    :param analysis: the run that the coding comes from.
    :param coding: the machine's coding under one codebook.
    :param codebook: that codebook; where nobody can say which, what any of them learnt from is left out.
    :param book: the run's transcripts.
    """
    rows = analysis.alignment
    rows = rows if codebook is None else rows[rows["codebook"] == codebook.id]
    where = rows["passage_id"].map(analysis.passages.set_index("passage_id")["transcript"])
    learnt = set(where[rows["basis"] == LEARNT]) & book.spoken
    read = book.spoken - learnt
    marks = marks_of(coding, book)
    return replace(
        marks,
        marks=tuple(mark for mark in marks.marks if mark.transcript in read),
        read=read,
        problems=(*marks.problems, *_left_out(learnt)),
        basis="+".join(sorted(set(rows.loc[where.isin(read), "basis"]))) or LEARNT,
    )


def _left_out(learnt: set[str]) -> tuple[Problem, ...]:
    """Tell which interviews the machine is not judged on; what it reads beside interviews is no news."""
    if not learnt:
        return ()
    params = {"n": len(learnt), "transcripts": ", ".join(sorted(learnt))}
    return (Problem("agree_learnt_left_out", MACHINE, "notice", params),)


def codes_of(codings: Iterable[Coding]) -> list[str]:
    """Return every code of the codings, as often as it was given.

    :param codings: codings, manual ones or the machine's.
    """
    return [str(code) for coding in codings for code in coding.rows["code"].dropna() if code]


def codebook_of(
    analysis: Analysis, codings: Sequence[Coding], links: Sequence[Link] | None = None
) -> Codebook | None:
    """Return the codebook of the run that most of some codings' codes belong to, None when none does.

    :param analysis: a run.
    :param codings: codings, manual ones or the machine's.
    :param links: code → dimension, where the codes are not called as dimensions.
    """
    codes = codes_of(codings)
    if links is not None:
        targets = {link.code: link.dimension for link in links if link.confirmed}
        codes = [targets.get(code, NONE) for code in codes]
    hits = {
        codebook.id: sum(code in {leaf.id for leaf in codebook.leaves} for code in codes)
        for codebook in analysis.codebooks
    }
    best = max(analysis.codebooks, key=lambda codebook: hits[codebook.id], default=None)
    return best if best is not None and hits[best.id] else None
