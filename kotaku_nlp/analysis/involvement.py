"""Which stakeholder group took part in which phase, was left out, or worked on contract, passage by passage.

First by rules (`participation`, `actors`, `phases`). A denial is no involvement and neither is paid work:
both stand apart, so that nobody counts a contractor as a partner. A clause about another programme keeps
its place, and its rule names that programme.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from kotaku_nlp.analysis.aliases import Names, Word, words_of
from kotaku_nlp.analysis.participation import (
    CONTRACTUAL,
    EXCLUDED,
    INVOLVED,
    MENTIONED,
    Finding,
    read_participation,
)
from kotaku_nlp.analysis.phases import cues_among, phase_at
from kotaku_nlp.language.sentences import sentences
from kotaku_nlp.language.tokens import tokenise
from kotaku_nlp.records import table

if TYPE_CHECKING:
    import pandas as pd

_KOTAKU = "kotaku"
#: An invitation is taking part until the same passage says that the invited stayed away.
_INVITATIONS = ("passive:", "invite:")
_ABSENT = "attend:"
#: Of two things that one clause says of a group: "warga tidak dilibatkan dalam musyawarah" is a denial.
_STRENGTH = (EXCLUDED, INVOLVED, CONTRACTUAL, MENTIONED)


def involvement_table(passages: pd.DataFrame) -> pd.DataFrame:
    """Return who took part in what, for every passage that says so.

    :param passages: table `passages`; needs passage_id, group, start and text, and uses question.
    :return: table `involvement`; `start` and `end` are offsets into the transcript's text. For each
        passage, group and phase there is at most one row a status; a group that is involved, excluded or
        contractual somewhere in the passage has no row that merely mentions it.
    """
    rows: list[dict[str, Any]] = []
    for passage in passages.to_dict("records"):
        rows.extend(_of_passage(passage))
    return table("involvement", rows)


def _of_passage(passage: dict[Any, Any]) -> Iterator[dict[str, Any]]:
    text, group, question = (_string(passage.get(key)) for key in ("text", "group", "question"))
    tokens = tokenise(text)
    words = words_of(tokens)
    cues = cues_among(words)
    programmes = _programmes(text, words)
    kept: dict[tuple[str, str, str], dict[str, Any]] = {}
    for finding in _told(read_participation(text, group, tokens, words)):
        phase = phase_at(cues, finding.start, finding.end, question)
        key = (finding.group, phase, finding.status)
        if key not in kept:
            kept[key] = {
                "passage_id": passage["passage_id"],
                "actor_group": finding.group,
                "phase": phase,
                "status": finding.status,
                "said_by": "self" if finding.group == group and not finding.reported else "other",
                "start": int(passage["start"]) + finding.start,
                "end": int(passage["start"]) + finding.end,
                "rule": finding.rule + _tag(programmes, finding),
            }
    yield from kept.values()


def _told(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings without the mere mentions of groups of which more is said.

    A clause that says two things of a group counts once, as the denial if it has one.
    """
    said = {finding.group for finding in findings if finding.status != MENTIONED}
    strongest: dict[tuple[str, int], Finding] = {}
    for finding in findings:
        if (finding.status == MENTIONED and finding.group in said) or _stayed_away(finding, findings):
            continue
        key = (finding.group, finding.start)
        known = strongest.get(key)
        if known is None or _STRENGTH.index(finding.status) < _STRENGTH.index(known.status):
            strongest[key] = finding
    return list(strongest.values())


def _stayed_away(invited: Finding, findings: Sequence[Finding]) -> bool:
    return (
        invited.status == INVOLVED
        and invited.rule.startswith(_INVITATIONS)
        and any(
            other.status == EXCLUDED
            and other.group == invited.group
            and other.start >= invited.start
            and other.rule.startswith(_ABSENT)
            for other in findings
        )
    )


def _programmes(text: str, words: Sequence[Word]) -> list[tuple[int, int, str]]:
    """Return the sentences that speak of another programme and not of KOTAKU: start, end, its id."""
    named = [(words[first].start, value) for first, _, value in _other_programmes().find(words)]
    found = []
    for start, end in sentences(text) if named else ():
        ids = {value for at, value in named if start <= at < end}
        if ids and _KOTAKU not in ids:
            found.append((start, end, "+".join(sorted(ids))))
    return found


def _tag(programmes: Sequence[tuple[int, int, str]], finding: Finding) -> str:
    return next((f"@{name}" for start, end, name in programmes if start <= finding.start < end), "")


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


@cache
def _other_programmes() -> Names[str]:
    """Return the names of programmes other than KOTAKU, each with its id.

    A company's giving (CSR) is a way of taking part in KOTAKU and no programme beside it.
    """
    import yaml

    path = files("kotaku_nlp").joinpath("frameworks", "programmes.yaml")
    programmes = yaml.safe_load(path.read_text(encoding="utf-8"))["programmes"]
    return Names(
        (str(alias), programme["id"])
        for programme in programmes
        if programme["id"] != "csr"
        for alias in programme["aliases"]
    )
