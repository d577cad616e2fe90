"""A set of questions with its key, and the sheets on which raters see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Task = Literal["words", "passages", "name", "fit"]
#: A question about a theme; one whose answer is plain; one that has no right answer.
Kind = Literal["real", "obvious", "random"]

LETTERS = "ABCDEF"
#: Answers to "does it fit the name".
FITS = (0, 1, 2)


@dataclass(frozen=True)
class Item:
    """One question.

    :param id: names it in the key; raters never see it.
    :param task: "words" and "passages": which one does not belong; "name": what do these have in common;
        "fit": does this passage fit the name that the rater gave.
    :param theme: key of the theme, "" for a planted control.
    :param kind: a question about a theme, or what sort of control.
    :param texts: what is shown, in an order drawn by chance.
    :param sources: passage id, or the key of the theme a word is from, of every text; "" for ours.
    :param right: place of the intruder in `texts`; for "fit" the judgement expected, 0 or 2; None for "name".
        In a question without a right answer it is one place drawn by chance, to see what guessing gives.
    """

    id: str
    task: Task
    theme: str
    kind: Kind
    texts: tuple[str, ...]
    sources: tuple[str, ...]
    right: int | None

    @property
    def chance(self) -> float:
        """Share of right answers that guessing gives."""
        return 1 / len(self.texts) if self.task in ("words", "passages") else 1 / len(FITS)


@dataclass(frozen=True)
class Question:
    """A question as it stands on one sheet: its number there, and the order in which its texts are shown."""

    number: str
    item: str
    order: tuple[int, ...]


@dataclass(frozen=True)
class Sheet:
    """What one rater is given: `code` is a hash of all that stands on it, in the order in which it does."""

    code: str
    number: int
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Kit:
    """All questions of one set with their answers: the key.

    :param what: `themes.TOPICS`, or the id of a codebook.
    :param lang: language of the sheets.
    :param seed: seed of everything drawn.
    :param run: hash of the themes and their passages, to tell when a run was made anew.
    :param minutes: how long the questions take one rater.
    :param themes: key → label.
    :param items: the questions.
    :param sheets: who sees them in which order.
    """

    what: str
    lang: str
    seed: int
    run: str
    minutes: int
    themes: Mapping[str, str]
    items: tuple[Item, ...]
    sheets: tuple[Sheet, ...]

    def item(self, name: str) -> Item:
        """Return a question by its id."""
        return next(item for item in self.items if item.id == name)
