"""The COREQ items that a run can fill, and what it must leave to the researcher."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kotaku_nlp.analysis.evidence import ALL
from kotaku_nlp.analysis.saturation.words import method_sentences, result_sentences
from kotaku_nlp.export.audit import codebook_hash
from kotaku_nlp.export.facts import Facts
from kotaku_nlp.records import Codebook
from kotaku_nlp.report.frames import count, rows

#: Codes named as the most and the least spoken of.
_NAMED = 3
#: Characters of a hash that a reader sees; the whole of it stands in the manifest and the audit log.
_SHOWN = 12


@dataclass(frozen=True)
class Item:
    """One item of the checklist.

    :param number: its number in COREQ.
    :param title: what it asks.
    :param sentences: what the run knows; those in square brackets are for the researcher.
    """

    number: str
    title: str
    sentences: tuple[str, ...]


def coreq_items(facts: Facts) -> tuple[Item, ...]:
    """Return the items in the order of the checklist.

    :param facts: what is known of a run.
    """
    return tuple(
        Item(number, facts.phrase(f"coreq_{number}"), tuple(tell(facts))) for number, tell in _ITEMS.items()
    )


def coders(facts: Facts) -> str:
    """Return who coded by hand, or that the researcher must say so."""
    learnt = facts.analysis.manifest.get("learnt_from")
    if not facts.coders and learnt:
        return facts.phrase("human_unnamed", coding=learnt)
    if not facts.coders:
        return facts.phrase("human_missing")
    return facts.phrase("human", coders=", ".join(facts.coders), n=len(facts.coders))


def _saturation(facts: Facts) -> Iterator[str]:
    table = facts.analysis.saturation
    if table.empty:
        yield facts.phrase("saturation_missing")
        return
    yield from method_sentences(table, facts.lang)
    for kind, name in dict.fromkeys(zip(table["kind"], table["name"], strict=True)):
        title = facts.labels.codebook(name) if kind == "dimension" else ""
        yield from result_sentences(table, kind, name, facts.lang, title=title)


def _coders(facts: Facts) -> Iterator[str]:
    yield coders(facts)
    yield facts.phrase("coders_machine", version=facts.software["version"])


def _tree(facts: Facts) -> Iterator[str]:
    if not facts.analysis.codebooks:
        yield facts.phrase("codebook_missing")
    for book in facts.analysis.codebooks:
        title, names = facts.labels.codebook(book.id), "; ".join(_branches(book, None, facts))
        yield facts.phrase("tree", title=title, codes=names, hash=_short(codebook_hash(book)))


def _branches(book: Codebook, parent: str | None, facts: Facts) -> Iterator[str]:
    """Yield the codes under a parent, each with its own in brackets."""
    for dimension in book.dimensions:
        if dimension.parent == parent:
            name = dimension.name(facts.lang)
            below = "; ".join(_branches(book, dimension.id, facts))
            yield facts.phrase("tree_branch", name=name, leaves=below) if below else name


def _derivation(facts: Facts) -> Iterator[str]:
    titles = [f"“{facts.labels.codebook(book.id)}”" for book in facts.analysis.codebooks]
    yield facts.phrase("deductive", titles=", ".join(titles)) if titles else facts.phrase("codebook_missing")
    if len(facts.analysis.topics):
        yield facts.phrase("inductive", topics=len(facts.analysis.topics))
    yield facts.phrase("derivation_open")


def _software(facts: Facts) -> Iterator[str]:
    manifest = facts.analysis.manifest
    seed = facts.analysis.settings.get("seed")
    yield facts.phrase("software", seed=facts.phrase("unknown") if seed is None else seed, **facts.software)
    models = manifest.get("models") or {}
    if models:
        told = (f"{name} {_short(model['sha256'])}" for name, model in sorted(models.items()))
        yield facts.phrase("software_models", models=", ".join(told))
    versions = manifest.get("versions") or {}
    if versions:
        told = (f"{name} {versions[name]}" for name in sorted(versions))
        yield facts.phrase("software_versions", versions=", ".join(told))
    yield facts.phrase("software_open")


def _quotations(facts: Facts) -> Iterator[str]:
    yield facts.phrase("quotations")
    yield facts.phrase("quotations_open")


def _consistency(facts: Facts) -> Iterator[str]:
    yield facts.phrase("consistency")
    yield facts.phrase("consistency_open")


def _major(facts: Facts) -> Iterator[str]:
    spoken_of, _ = _dimensions(facts)
    if spoken_of:
        yield facts.phrase("major", codes=_named(spoken_of[:_NAMED], facts))
    yield facts.phrase("major_open")


def _minor(facts: Facts) -> Iterator[str]:
    spoken_of, silent = _dimensions(facts)
    fewest = spoken_of[_NAMED:][-_NAMED:]
    if fewest:
        yield facts.phrase("minor", codes=_named(fewest[::-1], facts))
    if silent:
        names = (facts.labels.dimension(row["codebook"], row["dimension"]) for row in silent)
        yield facts.phrase("silent", codes=", ".join(names))
    yield facts.phrase("minor_open")


def _dimensions(facts: Facts) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the dimensions over all groups: those spoken of, most informants first, and the others."""
    table = [row for row in rows(facts.analysis.tables.get("dimensions")) if row["group"] == ALL]
    ordered = sorted(table, key=lambda row: (-count(row["n_informants"]), -count(row["n_passages"])))
    spoken_of = [row for row in ordered if count(row["n_informants"])]
    return spoken_of, [row for row in ordered if not count(row["n_informants"])]


def _short(digest: str) -> str:
    return f"{digest[:_SHOWN]}…"


def _named(found: Sequence[Mapping[str, Any]], facts: Facts) -> str:
    return "; ".join(
        facts.phrase(
            "code_informants",
            code=facts.labels.dimension(row["codebook"], row["dimension"]),
            n=count(row["n_informants"]),
            of=count(row["n_group_informants"]),
            passages=count(row["n_passages"]),
        )
        for row in found
    )


_ITEMS: Mapping[str, Callable[[Facts], Iterator[str]]] = {
    "22": _saturation, "24": _coders, "25": _tree, "26": _derivation, "27": _software, "29": _quotations,
    "30": _consistency, "31": _major, "32": _minor,
}  # fmt: skip
