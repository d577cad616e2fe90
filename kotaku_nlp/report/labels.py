"""Names and numbers as a reader of one language expects them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kotaku_nlp.messages import say, wording
from kotaku_nlp.records import GROUPS, OUT_OF_FRAMEWORK, UNKNOWN, Codebook, Problem

#: Order in which groups stand in every table; `all` closes it.
GROUP_ORDER = (*GROUPS, UNKNOWN, "all")
POLARITIES = ("positive", "mixed", "negative", "neutral", "uncertain")


@dataclass(frozen=True)
class Labels:
    """What things are called in one language.

    :param lang: "id" or "en".
    :param codebooks: codebooks whose dimensions are named.
    """

    lang: str
    codebooks: tuple[Codebook, ...] = ()

    def say(self, key: str, /, **params: Any) -> str:
        """Return one message of the report; `key` without its `report_`."""
        return say(f"report_{key}", self.lang, **params)

    def name(self, noun: str, value: str | None) -> str:
        """Return the name of a group, kind, phase, aspect …; an unforeseen value names itself."""
        key = f"report_{noun}_{value}"
        return wording()[key][self.lang] if key in wording() else str(value or "")

    def dimension(self, codebook: str, dimension: str) -> str:
        """Return the label of a dimension."""
        if dimension == OUT_OF_FRAMEWORK:
            return self.say("out_of_framework")
        for book in self.codebooks:
            if book.id == codebook:
                for each in book.dimensions:
                    if each.id == dimension:
                        return each.name(self.lang)
        return dimension

    def codebook(self, codebook: str) -> str:
        """Return the title of a codebook."""
        for book in self.codebooks:
            if book.id == codebook:
                return book.title.get(self.lang) or next(iter(book.title.values()), book.id)
        return codebook

    def theme_set(self, kind: str, name: str) -> str:
        """Return what a set of themes is called: the topics, or a codebook by its title."""
        return self.say("themes_topic") if kind == "topic" else self.codebook(name)

    def problem(self, problem: Problem) -> str:
        """Return what a problem says; an unworded one still shows its key and values."""
        try:
            return say(problem.key, self.lang, **problem.params)
        except (KeyError, IndexError):
            values = ", ".join(f"{name}: {value}" for name, value in problem.params.items())
            return f"{problem.key} ({values})" if values else problem.key

    def number(self, value: float, digits: int = 2, sign: bool = False) -> str:
        """Return a decimal number: comma in Indonesian, a true minus in both."""
        text = f"{value:+.{digits}f}" if sign else f"{value:.{digits}f}"
        if float(text) == 0:
            text = text.lstrip("+-")
        text = text.replace("-", "−")
        return text.replace(".", ",") if self.lang == "id" else text

    def percent(self, share: float) -> str:
        """Return a share 0 … 1 in whole percent; one that is not nothing is never 0."""
        return "<1%" if 0 < share < 0.005 else f"{100 * share:.0f}%"

    def count(self, value: int) -> str:
        """Return a count with its thousands parted: 1.204 in Indonesian, 1,204 in English."""
        text = f"{value:,}"
        return text.replace(",", ".") if self.lang == "id" else text


def in_order(groups: Iterable[str]) -> list[str]:
    """Return groups in the order of every table; a user's own stand before `all`."""
    found = set(groups)
    known = [group for group in GROUP_ORDER if group in found and group != "all"]
    return known + sorted(found - set(GROUP_ORDER)) + (["all"] if "all" in found else [])
