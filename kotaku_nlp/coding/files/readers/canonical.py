"""Another tool's text made canonical, and its offsets with it."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from kotaku_nlp.corpus.readers.building import clean

_BOM = "\ufeff"


@dataclass(frozen=True)
class Canonical:
    """A text as a tool stores it, made canonical (no BOM, LF line ends).

    :param text: the canonical text.
    :param raw: the text as it was.
    :param gone: positions in `raw` of the characters that are no longer there, ascending.
    """

    text: str
    raw: str
    gone: tuple[int, ...] = ()

    def at(self, offset: int) -> int:
        """Return where an offset into `raw` lies in `text`."""
        return offset - bisect_left(self.gone, offset)


def canonical(raw: str) -> Canonical:
    """Return a text made canonical, able to carry its offsets over."""
    gone = [0] if raw.startswith(_BOM) else []
    gone += [at + 1 for at in range(len(raw) - 1) if raw[at] == "\r" and raw[at + 1] == "\n"]
    return Canonical(clean(raw.removeprefix(_BOM)), raw, tuple(gone))


def same_words(one: str, other: str) -> bool:
    """Tell whether two texts are the same but for white space."""
    return "".join(one.split()) == "".join(other.split())
