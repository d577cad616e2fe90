"""Write Indonesian with the words of its neighbours: lexicons learnt from the few translations there are.

Minangkabau, Javanese, Banjarese and Palembang Malay have five hundred to a thousand sentences each beside
their Indonesian. A word model (IBM Model 1, Brown et al. 1993, by nltk) finds which word stands for
which; replacing them in other Indonesian text makes many more texts in which a model meets these words.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from sources import read_rows, words

#: A pair of words must have been seen together this often, and be this probable.
SEEN, PROBABLE = 2, 0.35
ROUNDS = 8
#: Share of the listed words that are replaced in one text.
RATE = 0.9
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def lexicon(pairs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """Return Indonesian word → regional words, learnt from translations.

    :param pairs: regional text and its Indonesian.
    """
    from nltk.translate import AlignedSent, IBMModel1

    aligned = [AlignedSent(words(said), words(standard)) for said, standard in pairs]
    model = IBMModel1(aligned, ROUNDS)
    together: Counter[tuple[str, str]] = Counter()
    for pair in aligned:
        together.update((b, a) for a in set(pair.words) for b in set(pair.mots))
    found: dict[str, list[str]] = defaultdict(list)
    for (standard, said), count in together.items():
        if count >= SEEN and standard.isalpha() and said.isalpha():
            if model.translation_table[said][standard] >= PROBABLE:
                found[standard].append(said)
    # A word that mostly stays the same is not replaced.
    return {word: forms for word, forms in found.items() if word not in forms}


class Neighbours:
    """Replaces words by those of one regional language; one text stays in one."""

    def __init__(self, work: Path, seed: int) -> None:
        """Learn the lexicons.

        :param work: folder with `spoken.tsv`.
        :param seed: of the choices.
        """
        rows = read_rows(work / "spoken.tsv")
        sources = sorted({source for source, _, _ in rows if source.startswith("nusa")})
        self.lexicons: list[Mapping[str, list[str]]] = [
            lexicon([(said, standard) for source, said, standard in rows if source == name])
            for name in sources
        ]
        self.chooser = random.Random(seed)

    def __call__(self, text: str) -> str:
        """Return the text in the words of a neighbour.

        :param text: standard Indonesian.
        """
        forms = self.chooser.choice(self.lexicons)

        def form(match: re.Match[str]) -> str:
            known = forms.get(match.group().lower())
            if not known or self.chooser.random() >= RATE:
                return match.group()
            return self.chooser.choice(known)

        return _WORD.sub(form, text)
