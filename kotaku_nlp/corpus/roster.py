"""Who is who: speaker labels of the transcripts, rows of informants.csv, confirmations.

A cell of the `informant` column is the label as it stands in the file, or, where the file has one
informant, an id. The same id in two transcripts is one person. Where there is no id, the person is
`transcript/label`; so it is too where the cell is but a word or letter that every interview uses
("N", "Informan"), or where two transcripts give one label different groups or posts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from kotaku_nlp.corpus.confirmations import Confirmation
from kotaku_nlp.corpus.informants import InformantRow
from kotaku_nlp.corpus.labels import known_labels
from kotaku_nlp.corpus.lexicon import key
from kotaku_nlp.records import UNKNOWN, Informant, Problem

#: Stands for the label of the one informant of a file without labels.
NO_LABEL = "informan"
_ROLE_FIELDS = ("jabatan", "posisi", "pekerjaan", "position", "role", "occupation", "profesi")


@dataclass(frozen=True)
class Cast:
    """What is known of one transcript before people get their ids.

    :param labels: labels that answer, in the order in which they first speak.
    :param roles: label → post, as it stood behind the label.
    :param confirmed: confirmed rows of speakers.csv, by label.
    """

    transcript: str
    labels: tuple[str, ...]
    roles: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[InformantRow, ...] = ()
    confirmed: Mapping[str, Confirmation] = field(default_factory=dict)


@dataclass(frozen=True)
class _Claim:
    """What the tables say of one label; `id` is None without a word, `is_label` when it merely repeats it."""

    cast: Cast
    label: str
    id: str | None = None
    is_label: bool = False
    row: InformantRow | None = None

    @property
    def trait(self) -> tuple[str, str]:
        return (self.row.group, key(self.row.role)) if self.row else (UNKNOWN, "")


@dataclass(frozen=True)
class Roster:
    """transcript → label → person, the people, and what did not fit."""

    ids: Mapping[str, Mapping[str, str]]
    informants: tuple[Informant, ...]
    problems: tuple[Problem, ...] = ()


def enrol(casts: Sequence[Cast]) -> Roster:
    """Give every label that answers its person.

    :param casts: one per transcript in which somebody answers.
    """
    problems: list[Problem] = []
    claims = [claim for cast in casts for claim in _claims(cast, problems)]
    parted = _parted(claims)
    ids: dict[str, dict[str, str]] = defaultdict(dict)
    people: dict[tuple[str, str], Informant] = {}
    for claim in claims:
        person = _person(claim, parted)
        ids[claim.cast.transcript][claim.label] = person.id
        people.setdefault((person.transcript, person.id), person)
    problems.extend(_two_groups(people.values()))
    return Roster(ids, tuple(people.values()), tuple(problems))


def _claims(cast: Cast, problems: list[Problem]) -> list[_Claim]:
    """Match the labels of one transcript with its rows."""
    named = [row for row in cast.rows if row.informant]
    common = next((row for row in cast.rows if not row.informant), None)
    confirmed = {key(label): row for label, row in cast.confirmed.items()}
    claims: dict[str, _Claim] = {}
    for label in cast.labels:
        row = next((row for row in named if _means(row.informant, label, cast.roles)), None)
        wanted = confirmed.get(key(label))
        if wanted is not None and wanted.informant and wanted.informant != f"{cast.transcript}/{label}":
            own = next((r for r in named if key(r.informant) == key(wanted.informant or "")), row)
            claims[label] = _Claim(cast, label, wanted.informant, False, own or common)
        else:
            name = row.informant if row else None
            claims[label] = _Claim(cast, label, name, row is not None, row or common)
    used = {id(claim.row) for claim in claims.values()}
    left = [row for row in named if id(row) not in used]
    if len(cast.labels) == 1 and len(left) == 1 and claims[cast.labels[0]].id is None:
        label = cast.labels[0]
        return [_Claim(cast, label, left[0].informant, False, left[0])]
    problems.extend(_unmatched(row, cast) for row in left)
    return list(claims.values())


def _means(informant: str, label: str, roles: Mapping[str, str]) -> bool:
    """Tell whether a cell names a label, with or without what stands in parentheses behind it."""
    name = key(informant)
    return name in (key(label), key(f"{label} {roles.get(label, '')}"))


def _unmatched(row: InformantRow, cast: Cast) -> Problem:
    near = get_close_matches(row.informant, cast.labels, n=1, cutoff=0.3)
    params = {
        "informant": row.informant, "transcript": cast.transcript,
        "labels": ", ".join(cast.labels), "nearest": near[0] if near else cast.labels[0],
    }  # fmt: skip
    return Problem("informant_not_in_transcript", row.place, "error", params)


def _parted(claims: Iterable[_Claim]) -> frozenset[str]:
    """Return the labels that two transcripts share while their tables tell the people apart."""
    traits: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for claim in claims:
        if claim.is_label and claim.id is not None:
            traits[claim.id].add(claim.trait)
    return frozenset(name for name, found in traits.items() if len(found) > 1)


def _person(claim: _Claim, parted: frozenset[str]) -> Informant:
    cast, row = claim.cast, claim.row
    identity = claim.id
    if identity is None or (claim.is_label and (key(identity) in known_labels() or identity in parted)):
        identity = f"{cast.transcript}/{claim.label}"
    confirmed = {key(label): entry for label, entry in cast.confirmed.items()}.get(key(claim.label))
    group = (confirmed.group if confirmed else None) or (row.group if row else UNKNOWN)
    role = (row.role if row else "") or cast.roles.get(claim.label, "") or _role_in_header(cast)
    return Informant(identity, cast.transcript, group, role, dict((row.columns if row else None) or {}))


def _role_in_header(cast: Cast) -> str:
    """Return the post that the header block gives, when there is but one person it can mean."""
    if len(cast.labels) != 1:
        return ""
    fields = {key(name): value for name, value in cast.metadata.items()}
    return next((fields[name] for name in _ROLE_FIELDS if fields.get(name)), "")


def _two_groups(people: Iterable[Informant]) -> list[Problem]:
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    for person in people:
        if person.group != UNKNOWN:
            groups[person.id].setdefault(person.group, person.transcript)
    return [
        Problem("informant_in_two_groups", ", ".join(found.values()), "notice", _named(name, found))
        for name, found in groups.items()
        if len(found) > 1
    ]


def _named(name: str, groups: Iterable[str]) -> dict[str, str]:
    return {"informant": name, "groups": ", ".join(groups)}
