"""Turn formal Indonesian into the spelling of speech and chat, for training only.

Interviews are spoken; the parallel text is written. Substituting listed word
forms on the Indonesian side teaches the table that `yg` stands for `yang`.
"""

from __future__ import annotations

import csv
import json
import random
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

#: Share of replaceable words that are replaced in one colloquial text.
RATE = 0.5
#: Frequent in transcripts; weighted above the rare chat forms of the lists.
COMMON: Mapping[str, tuple[str, ...]] = {
    "tidak": ("nggak", "gak", "ga", "enggak", "ndak", "tdk", "tak"),
    "sudah": ("udah", "sdh", "dah"),
    "yang": ("yg",),
    "dengan": ("dgn", "sama"),
    "untuk": ("utk", "buat"),
    "karena": ("krn", "karna", "soalnya"),
    "bagaimana": ("gimana", "bgmn"),
    "seperti": ("kayak", "kaya", "spt"),
    "kalau": ("kalo", "klo"),
    "tetapi": ("tapi", "tp"),
    "saja": ("aja",),
    "sangat": ("banget", "sgt"),
    "hanya": ("cuma", "cuman"),
    "begitu": ("gitu",),
    "begini": ("gini",),
    "belum": ("blm", "belom"),
    "juga": ("jg",),
    "jadi": ("jd",),
    "bisa": ("bs",),
    "orang": ("org",),
    "dalam": ("dlm",),
    "pada": ("pd",),
    "mengapa": ("kenapa", "ngapain"),
    "membuat": ("bikin",),
    "benar": ("bener",),
    "lihat": ("liat",),
    "memang": ("emang",),
    "masyarakat": ("masy",),
    "masih": ("msh",),
    "sampai": ("sampe",),
    "pakai": ("pake",),
    "bapak": ("pak", "bpk"),
    "ingin": ("pengen", "pingin"),
    "nanti": ("ntar", "entar"),
    "saya": ("sy", "gue", "aku"),
}


class Colloquial:
    """Replaces words by colloquial forms."""

    def __init__(self, forms: Mapping[str, Sequence[str]], chooser: random.Random) -> None:
        """Keep the word list and the source of chance.

        :param forms: formal word → colloquial forms.
        :param chooser: draws the words and the forms.
        """
        self.forms = forms
        self.chooser = chooser

    def __call__(self, text: str) -> str:
        """Return the text with about half of its listed words replaced.

        :param text: formal Indonesian.
        """
        return re.sub(r"\w+", self._form, text)

    def _form(self, match: re.Match[str]) -> str:
        forms = self.forms.get(match.group().lower())
        if not forms or self.chooser.random() >= RATE:
            return match.group()
        return self.chooser.choice(forms)


def read_lexicons(data: Path) -> dict[str, tuple[str, ...]]:
    """Return formal word → colloquial forms, from Indo-Collex and nlp-bahasa (both MIT).

    :param data: the data folder.
    """
    entries: list[tuple[str, str]] = []
    with open(data / "lexicon" / "indo-collex" / "full.csv", encoding="utf-8", newline="") as lines:
        entries += [(row["transformed"], row["original-for"]) for row in csv.DictReader(lines)]
    slang = (data / "lexicon" / "nlp-bahasa" / "combined_slang_words.txt").read_text("utf-8")
    entries += list(json.loads(slang).items())
    forms: dict[str, list[str]] = {word: list(listed) for word, listed in COMMON.items()}
    for informal, formal in entries:
        informal, formal = informal.strip().lower(), formal.strip().lower()
        # The common words keep their own list: the long tail of chat spellings would crowd it out.
        if (
            formal not in COMMON
            and formal.isalpha()
            and informal.isalpha()
            and len(informal) > 1
            and informal != formal
        ):
            forms.setdefault(formal, []).append(informal)
    return {word: tuple(dict.fromkeys(listed)) for word, listed in forms.items()}
