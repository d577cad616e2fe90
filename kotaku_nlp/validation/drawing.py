"""Draws passages for questions: none twice, no two from one informant, those first that a theme rests on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from kotaku_nlp.validation.themes import Passage, same_text

if TYPE_CHECKING:
    import numpy as np

#: Lengths (words) that say enough and are quickly read; others are taken where these run out.
SHORTEST, LONGEST = 12, 40
#: Shorter passages say too little to be judged by anybody.
TOO_SHORT = 5

T = TypeVar("T")


@dataclass
class Drawer:
    """What draws, and remembers which passages were shown: nobody should know one from another question."""

    rng: np.random.Generator
    shown: set[str] = field(default_factory=set)

    def shuffled(self, things: Sequence[T]) -> list[T]:
        """Return the things in an order drawn by chance."""
        return [things[place] for place in self.rng.permutation(len(things))]

    def pick(
        self, passages: Sequence[Passage], n: int, beside: Collection[Passage] = (), sure: bool = True
    ) -> list[Passage]:
        """Return passages of different informants that were not shown yet, or none when there are not enough.

        :param passages: what to draw from.
        :param n: how many.
        :param beside: passages shown in the same question; their informants and texts are passed over.
        :param sure: prefer what the theme rests on; otherwise all of it weighs the same.
        """
        found: list[Passage] = []
        people = {passage.informant for passage in beside}
        texts = self.shown | {same_text(passage) for passage in beside}
        ranked = sorted(self.shuffled(passages), key=lambda p: (sure and not p.sure, not _readable(p)))
        for passage in ranked:
            told = same_text(passage)
            if (
                len(found) < n
                and passage.length >= TOO_SHORT
                and not (passage.informant in people or told in texts)
            ):
                found.append(passage)
                people.add(passage.informant)
                texts.add(told)
        return found if len(found) == n else []

    def stranger(self, pools: Mapping[str, Sequence[Passage]], beside: Collection[Passage]) -> Passage | None:
        """Return a passage of another theme, every theme with the same chance; of another informant if any.

        :param pools: theme → passages that do not belong to the theme asked about.
        :param beside: the passages that do.
        """
        keys = self.shuffled(sorted(pools))
        for company in (beside, ()):
            for key in keys:
                if found := self.pick(pools[key], 1, company):
                    return found[0]
        return None

    def keep(self, passages: Collection[Passage]) -> None:
        """Remember that passages are shown."""
        self.shown |= {same_text(passage) for passage in passages}


def mixture(size: int, themes: int) -> list[int]:
    """Return how many texts each of several themes gives to a question without a right answer.

    As even as can be, but never so that one theme alone gives a single text: that one would be the intruder.

    :param size: number of texts.
    :param themes: number of themes, two or more.
    """
    used = min(size, themes)
    counts = [size // used + (place < size % used) for place in range(used)]
    return mixture(size, used - 1) if counts.count(1) == 1 and used > 2 else counts


def _readable(passage: Passage) -> bool:
    return SHORTEST <= passage.length <= LONGEST
