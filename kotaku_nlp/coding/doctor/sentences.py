"""The sentences of a codebook that say what each code means, in the one language in which it says most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kotaku_nlp.records import Codebook, Dimension


@dataclass(frozen=True)
class Sentence:
    """One sentence of a codebook.

    :param owner: number of its leaf.
    :param use: True for indicators and examples, which show the code in use; False for label, definition
        and inclusion, which describe it.
    """

    owner: int
    text: str
    use: bool


def sentences_of(codebook: Codebook) -> list[Sentence]:
    """Return the sentences of every leaf.

    A translation of a sentence is left out: beside its original it would make every code look consistent.

    :param codebook: any codebook.
    """
    lang = main_language(codebook)
    return [
        Sentence(number, text, use)
        for number, leaf in enumerate(codebook.leaves)
        for text, use in _of(leaf, lang)
        if text.strip()
    ]


def main_language(codebook: Codebook) -> str:
    """Return the language in which the leaves hold most indicators, then most definitions, then "id"."""
    indicators = [lang for leaf in codebook.leaves for lang, texts in leaf.indicators.items() for _ in texts]
    definitions = [lang for leaf in codebook.leaves for lang in leaf.definition]
    found = sorted({*indicators, *definitions, "id"}, key=lambda lang: (lang != "id", lang))
    return max(found, key=lambda lang: (indicators.count(lang), definitions.count(lang)))


def indicators_of(leaf: Dimension, lang: str) -> tuple[str, ...]:
    """Return the indicators of a leaf in one language, or in whichever there are."""
    return leaf.indicators.get(lang) or next((texts for texts in leaf.indicators.values() if texts), ())


def _of(leaf: Dimension, lang: str) -> Iterator[tuple[str, bool]]:
    yield from ((text, True) for text in (*indicators_of(leaf, lang), *leaf.examples))
    include = leaf.include.get(lang) or next(iter(leaf.include.values()), "")
    yield from ((text, False) for text in (leaf.text(lang), leaf.name(lang), *include.split(";")))
