"""Write standard Indonesian the way people speak and type, for training only.

Interviews are spoken; the parallel text is written. Replacing words by the forms of the shipped word
lists teaches an encoder that `yg` stands for `yang` and `dak` for `tidak`.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from importlib.resources import files

#: Share of replaceable words that are replaced in one text.
RATE = 0.6
#: Of the texts that are changed, how many speak Jambi Malay rather than colloquial Indonesian.
DIALECT = 0.35
#: Jambi and Palembang Malay end these in -o; a closed list, as in the shipped dialect list.
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def listed(name: str) -> dict[str, tuple[str, ...]]:
    """Return standard word → forms, from one of the shipped lists.

    :param name: file of `kotaku_nlp/language/data`.
    """
    forms: dict[str, list[str]] = {}
    text = files("kotaku_nlp.language").joinpath("data", name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            form, standard, *_ = line.split("\t")
            if " " not in standard and form != standard and len(form) > 1:
                forms.setdefault(standard, []).append(form)
    return {word: tuple(dict.fromkeys(found)) for word, found in forms.items()}


class Speech:
    """Replaces words by spoken forms; one text stays in one variety."""

    def __init__(self, seed: int) -> None:
        """Read the lists.

        :param seed: of the choices.
        """
        own, public = listed("colloquial.tsv"), listed("colloquial_mit.tsv")
        self.colloquial: Mapping[str, Sequence[str]] = public | own
        self.dialect: Mapping[str, Sequence[str]] = own | listed("jambi.tsv")
        self.chooser = random.Random(seed)

    def __call__(self, text: str) -> str:
        """Return the text with about half of its listed words replaced.

        :param text: standard Indonesian.
        """
        forms = self.dialect if self.chooser.random() < DIALECT else self.colloquial

        def form(match: re.Match[str]) -> str:
            known = forms.get(match.group().lower())
            if not known or self.chooser.random() >= RATE:
                return match.group()
            return self.chooser.choice(known)

        return _WORD.sub(form, text)
