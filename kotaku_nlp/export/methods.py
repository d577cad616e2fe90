"""The methods section as a draft: a paragraph and the COREQ items, in the researcher's language.

Every number comes from the run's manifest or tables. What the run does not know stands in square
brackets, for the researcher (COREQ: Tong, Sainsbury and Craig, 2007).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kotaku_nlp.export.coreq import Item, coders, coreq_items
from kotaku_nlp.export.facts import Facts, of_codes, over_all
from kotaku_nlp.messages import LANGUAGES, say
from kotaku_nlp.records import Analysis, Problem

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Methods:
    """A draft of the methods section.

    :param title: what it is a draft of.
    :param note: how to use it.
    :param paragraph: sentences, in order; those in square brackets are for the researcher.
    :param items: the COREQ items.
    :param headings: of the paragraph and of the items.
    """

    title: str
    note: str
    paragraph: tuple[str, ...]
    items: tuple[Item, ...]
    headings: tuple[str, str]

    def markdown(self) -> str:
        """Return the draft as Markdown, which reads as plain text too."""
        first, second = self.headings
        parts = [f"# {self.title}", self.note, f"## {first}", " ".join(self.paragraph), f"## {second}"]
        for item in self.items:
            parts += [f"### {item.number}. {item.title}", " ".join(item.sentences)]
        return "\n\n".join(parts) + "\n"


def methods(analysis: Analysis, agreement: pd.DataFrame | None = None, lang: str = "id") -> Methods:
    """Return the draft of the methods section of a run.

    :param analysis: a run.
    :param agreement: its table "agreement"; without it the draft says that agreement is missing.
    :param lang: "id" or "en".
    """
    facts = Facts(analysis, agreement, lang)
    return Methods(
        title=facts.phrase("title", corpus=analysis.corpus_name),
        note=facts.phrase("note"),
        paragraph=tuple(_paragraph(facts)),
        items=coreq_items(facts),
        headings=(facts.phrase("paragraph"), facts.phrase("coreq")),
    )


@dataclass(frozen=True)
class Drafts:
    """The drafts of a run folder.

    :param hashes: file → sha256 of what we wrote into it last.
    :param problems: edited drafts that were kept, and where the new one stands.
    """

    hashes: Mapping[str, str]
    problems: tuple[Problem, ...] = ()


def write_methods(
    analysis: Analysis,
    folder: Path,
    agreement: pd.DataFrame | None = None,
    before: Mapping[str, str] | None = None,
) -> Drafts:
    """Write the draft in both languages, `methods-id.md` and `methods-en.md`.

    A draft that somebody edited is kept; a new one goes beside it, `methods-id.new.md`.


    :param analysis: a run.
    :param folder: an existing folder.
    :param agreement: the run's table "agreement", if it was computed.
    :param before: `hashes` of the last time; a file that they do not know counts as edited.
    """
    hashes = dict(before or {})
    problems = []
    for lang in LANGUAGES:
        name = f"methods-{lang}.md"
        text = methods(analysis, agreement, lang).markdown().encode("utf-8")
        if (folder / name).is_file() and hashes.get(name) == _hash(text):
            continue  # nothing new: what stands there is this draft, or this draft edited
        place = next(path for path in _places(folder, lang) if _ours(path, text, hashes))
        place.write_bytes(text)
        hashes[place.name] = _hash(text)
        if place.name != name:
            problems.append(Problem("methods_kept", name, "notice", {"file": place.name}))
    return Drafts(hashes, tuple(problems))


def _places(folder: Path, lang: str) -> Iterator[Path]:
    yield folder / f"methods-{lang}.md"
    yield folder / f"methods-{lang}.new.md"
    yield from (folder / f"methods-{lang}.new{number}.md" for number in count(2))


def _ours(path: Path, text: bytes, hashes: Mapping[str, str]) -> bool:
    """Say whether a file may be written: it is not there, as we left it, or the same already."""
    if not path.exists():
        return True
    there = path.read_bytes()
    return there == text or _hash(there) == hashes.get(path.name)


def _hash(text: bytes) -> str:
    return sha256(text).hexdigest()


def _paragraph(facts: Facts) -> Iterator[str]:
    if facts.analysis.manifest.get("invented"):
        yield facts.phrase("invented")
    counts = {name: facts.labels.count(n) for name, n in facts.counts.items()}
    yield facts.phrase("corpus", **counts) if facts.counts["passages"] else facts.phrase("corpus_missing")
    yield from _codebooks(facts)
    yield coders(facts)
    yield facts.phrase("machine", bases=facts.bases, **facts.software)
    yield facts.phrase("role")
    if "learnt_from" in facts.analysis.manifest:
        learnt = facts.analysis.manifest["learnt_from"]
        yield facts.phrase("learnt", coding=learnt) if learnt else facts.phrase("not_learnt")
    yield from _agreement(facts)
    yield _intervals(facts)
    yield facts.phrase("limits")


def _codebooks(facts: Facts) -> Iterator[str]:
    if not facts.analysis.codebooks:
        yield facts.phrase("codebook_missing")
    for book in facts.analysis.codebooks:
        told = {"title": facts.labels.codebook(book.id), "codes": len(book.leaves)}
        if book.source:
            yield facts.phrase("codebook_sourced", source=book.source.strip(), **told)
        else:
            yield facts.phrase("codebook", **told)


def _agreement(facts: Facts) -> Iterator[str]:
    if not facts.pairs:
        yield facts.phrase("agreement_missing")
    for pair in facts.pairs:
        whole, coded = over_all(pair, "all"), over_all(pair, "coded")
        first = whole or pair[0]
        who = {"a": first["coder_a"], "b": first["coder_b"]}
        if whole and whole["reason"]:
            yield facts.phrase("agreement_reason", reason=say(whole["reason"], facts.lang), **who)
            continue
        n, unit = facts.labels.count(int(first["n"])), facts.phrase(f"unit_{first['unit']}")
        yield facts.phrase("agreement", kind=_kind(first, facts), n=n, unit=unit, **who)
        if whole and whole.get("alpha") is not None:
            yield facts.phrase("alpha", value=facts.value(whole, "alpha"))
        if coded and coded.get("alpha") is not None:
            yield facts.phrase("alpha_coded", value=facts.value(coded, "alpha"))
        yield from _kappas(pair, whole, facts)


def _kind(row: dict[str, Any], facts: Facts) -> str:
    if row["kind"] == "human_machine" and row["basis"]:
        return facts.phrase("kind_human_machine_basis", basis=facts.in_words(row["basis"].split("+")))
    return facts.phrase(f"kind_{row['kind']}")


def _kappas(pair: tuple[dict[str, Any], ...], whole: dict[str, Any] | None, facts: Facts) -> Iterator[str]:
    """Tell κ: its mean and spread where the table has them, else every code that has one."""
    if whole and whole.get("kappa_mean") is not None:
        yield facts.phrase(
            "kappa",
            mean=facts.value(whole, "kappa_mean", "kappa_mean_low", "kappa_mean_high"),
            lowest=facts.labels.number(whole["kappa_min"]),
            highest=facts.labels.number(whole["kappa_max"]),
        )
    elif told := [row for row in of_codes(pair) if row["kappa"] is not None]:
        values = (
            facts.phrase("code_value", code=facts.code(row["code"]), value=facts.value(row, "kappa"))
            for row in told
        )
        yield facts.phrase("kappa_codes", codes="; ".join(values))
    untold = [facts.code(row["code"]) for row in of_codes(pair) if row["kappa"] is None]
    if untold:
        yield facts.phrase("untold", codes=", ".join(untold))


def _intervals(facts: Facts) -> str:
    resamples = facts.analysis.settings.get("resamples")
    told = facts.phrase("unknown") if resamples is None else facts.labels.count(int(resamples))
    if facts.draws is None:
        return facts.phrase("intervals", resamples=told)
    return facts.phrase("intervals_drawn", resamples=told, draws=facts.labels.count(facts.draws))
