"""What a codebook can be asked without reading its meaning: its structure, its rules, its examples."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from kotaku_nlp.coding.codebook import thin_dimensions
from kotaku_nlp.coding.doctor.diagnosis import Finding, Quote, Severity
from kotaku_nlp.coding.doctor.sentences import sentences_of
from kotaku_nlp.language.normalise import fold
from kotaku_nlp.language.topic_words import stem, topic_words
from kotaku_nlp.records import Codebook, Dimension

#: Coders keep this many codes in mind (MacQueen et al., 1998).
MOST_CODES = 40
FEWEST_EXAMPLES = 3
_SHOWN = 4
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def structure(book: Codebook) -> Iterator[Finding]:
    """Yield what is amiss with the list of codes itself.

    :param book: any codebook, also one made in Python that no file reader has checked.
    """
    if len(book.leaves) == 1:
        yield Finding("one_code", "high", (book.leaves[0].id,))
    if len(book.leaves) > MOST_CODES:
        yield Finding("many_codes", "low", (), params={"n": len(book.leaves), "most": MOST_CODES})
    if 1 < len(book.leaves) < book.max_codes:
        yield Finding("idle_limit", "low", (), params={"max_codes": book.max_codes, "n": len(book.leaves)})
    yield from _tree(book)
    yield from _names(book)


def rules(book: Codebook, lang: str) -> Iterator[Finding]:
    """Yield which definitions, rules, indicators and examples are missing.

    :param book: any codebook.
    :param lang: language of the report, "id" or "en".
    """
    leaves = book.leaves
    bare = [leaf for leaf in leaves if _only_repeats(leaf)]
    yield from _about("label_as_definition", "high", bare)
    foreign = [leaf for leaf in leaves if not leaf.definition.get(lang)]
    yield from _about("no_definition_here", "low", foreign, lang=lang)
    neither = [leaf for leaf in leaves if not leaf.include and not leaf.exclude]
    yield from _about("no_rules", "medium", neither)
    yield from _about("no_exclude", "low", [d for d in leaves if d.include and not d.exclude])
    thin = {name for name, _ in thin_dimensions(book)}
    yield from _about("few_indicators", "medium", [leaf for leaf in leaves if leaf.id in thin])
    yield from _about("no_example", "medium", [leaf for leaf in leaves if not leaf.examples])
    few = [leaf for leaf in leaves if 0 < len(leaf.examples) < FEWEST_EXAMPLES]
    yield from _about("few_examples", "low", few, least=FEWEST_EXAMPLES)
    yield from _single_words(leaves)
    yield from _repeated(book)


def _about(key: str, severity: Severity, leaves: Iterable[Dimension], **params: object) -> Iterator[Finding]:
    """Yield one finding on all the codes of which something is true; it weighs less than one on a pair."""
    names = tuple(leaf.id for leaf in leaves)
    if names:
        yield Finding(key, severity, names, params=params, weight=1 - 1 / (1 + len(names)))


def _tree(book: Codebook) -> Iterator[Finding]:
    ids = [dimension.id for dimension in book.dimensions]
    parents = {dimension.id: dimension.parent for dimension in book.dimensions}
    twice = tuple(dict.fromkeys(one for one in ids if ids.count(one) > 1))
    if twice:
        yield Finding("id_twice", "high", twice)
    yield from _about(
        "no_such_parent", "high", [d for d in book.dimensions if d.parent and d.parent not in ids]
    )
    yield from _about("circle", "high", [d for d in book.dimensions if _in_circle(d.id, parents)])
    if any(parents.values()):
        empty = (leaf for leaf in book.leaves if not leaf.parent and _only_repeats(leaf))
        yield from _about("empty_group", "medium", [d for d in empty if not _any_texts(d)])


def _in_circle(name: str, parents: dict[str, str | None]) -> bool:
    above, steps = parents[name], 0
    while above is not None and above != name and steps <= len(parents):
        above, steps = parents.get(above), steps + 1
    return above == name


def _names(book: Codebook) -> Iterator[Finding]:
    """Yield codes that go by one name: labels alike but for case, marks or plural, and shared aliases."""
    labels: dict[str, list[Dimension]] = {}
    for dimension in book.dimensions:
        for label in {_plain(text) for text in dimension.label.values()} - {""}:
            labels.setdefault(label, []).append(dimension)
    groups = {tuple(d.id for d in found): found for found in labels.values() if len(found) > 1}
    for names, found in groups.items():
        yield Finding("label_twice", "high", names, tuple(Quote(d.id, d.name("id")) for d in found))
    named: dict[str, list[str]] = {}
    for dimension in book.dimensions:
        for name in {_plain(text) for text in (*dimension.aliases, *dimension.label.values())} - {""}:
            named.setdefault(name, []).append(dimension.id)
    for name, owners in named.items():
        if len(owners) > 1 and tuple(owners) not in groups:
            yield Finding("alias_twice", "medium", tuple(owners), params={"alias": name})


def _plain(name: str) -> str:
    """Return a name without case, marks and plural: "Warga-warga" is "warga", "Meetings" is "meeting"."""
    return " ".join(_singular(word) for word in _WORD.findall(name.casefold()))


def _singular(word: str) -> str:
    left, _, right = word.partition("-")
    if left == right:
        return left
    return (
        word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
    )


def _only_repeats(leaf: Dimension) -> bool:
    """Say whether the definition brings no word that the label does not have."""
    label = {stem(word) for text in leaf.label.values() for word in topic_words(text)}
    label |= {word for text in leaf.label.values() for word in _WORD.findall(text.casefold())}
    said = [word for text in leaf.definition.values() for word in topic_words(text)]
    return all(word in label or stem(word) in label for word in said)


def _single_words(leaves: Iterable[Dimension]) -> Iterator[Finding]:
    found = [
        Quote(leaf.id, text)
        for leaf in leaves
        for text in chain.from_iterable(leaf.indicators.values())
        if len(text.split()) == 1
    ]
    if found:
        names = tuple(dict.fromkeys(quote.dimension for quote in found))
        yield Finding("one_word", "low", names, tuple(found[:_SHOWN]), {"words": len(found)}, len(found))


def _repeated(book: Codebook) -> Iterator[Finding]:
    """Yield sentences that stand, word for word, under two codes."""
    owners: dict[str, dict[str, str]] = {}
    for sentence in sentences_of(book):
        if sentence.use and len(sentence.text.split()) > 1:
            owners.setdefault(fold(sentence.text), {})[book.leaves[sentence.owner].id] = sentence.text
    for found in (found for found in owners.values() if len(found) > 1):
        quotes = tuple(Quote(name, text) for name, text in found.items())
        yield Finding("sentence_twice", "high", tuple(found), quotes)


def _any_texts(leaf: Dimension) -> bool:
    return bool(leaf.examples or any(leaf.indicators.values()) or leaf.include or leaf.exclude)
