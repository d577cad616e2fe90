"""What a run knows about its own method: read from its manifest and tables, nothing computed anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kotaku_nlp.analysis.profiles import spoken
from kotaku_nlp.coding.agreement.pairs import ALL_CODES
from kotaku_nlp.coding.codings import is_machine
from kotaku_nlp.messages import say
from kotaku_nlp.records import Analysis
from kotaku_nlp.report.frames import rows
from kotaku_nlp.report.labels import Labels
from kotaku_nlp.report.method import version

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Facts:
    """A run, its agreement table, and the language to tell them in.

    :param analysis: a run.
    :param agreement: its table "agreement", None when none was computed.
    :param lang: "id" or "en".
    """

    analysis: Analysis
    agreement: pd.DataFrame | None
    lang: str

    @cached_property
    def labels(self) -> Labels:
        """Names and numbers in the language."""
        return Labels(self.lang, self.analysis.codebooks)

    def phrase(self, key: str, /, **params: Any) -> str:
        """Return one message; `key` without its `methods_`."""
        return say(f"methods_{key}", self.lang, **params)

    @property
    def software(self) -> dict[str, str]:
        """Version of kotaku-nlp, model and revision; what the run does not know is the researcher's."""
        vectors = self.analysis.embeddings
        found = {"version": version(self.analysis), "model": vectors.model, "revision": vectors.revision}
        return {name: value or self.phrase("unknown") for name, value in found.items()}

    @property
    def counts(self) -> dict[str, int]:
        """How many interviews, informants and passages of informants there are."""
        passages = spoken(self.analysis.passages)
        return {
            "interviews": passages["transcript"].nunique(),
            "informants": passages["informant"].nunique(),
            "passages": len(passages),
        }

    @property
    def bases(self) -> str:
        """What the machine's coding rests on, in words."""
        bases = sorted(set(self.analysis.alignment["basis"].dropna()))
        return self.in_words(bases) or self.phrase("unknown")

    @cached_property
    def pairs(self) -> tuple[tuple[dict[str, Any], ...], ...]:
        """Rows of the agreement table, those of one pair of coders, unit and basis together."""
        found: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
        for row in rows(self.agreement):
            key = tuple(row[name] for name in ("coder_a", "coder_b", "kind", "basis", "unit"))
            found.setdefault(key, []).append(row)
        return tuple(tuple(pair) for pair in found.values())

    @property
    def coders(self) -> list[str]:
        """The persons who coded, as the agreement table names them."""
        named = {pair[0][side] for pair in self.pairs for side in ("coder_a", "coder_b")}
        return sorted(name for name in named if not is_machine(name))

    @property
    def draws(self) -> int | None:
        """The most resamples that an interval of agreement rests on, where the table tells."""
        told = [row["draws"] for pair in self.pairs for row in pair if row.get("draws")]
        return int(max(told)) if told else None

    def in_words(self, bases: Iterable[str]) -> str:
        """Return what some bases are called."""
        return "; ".join(self.labels.name("basis", basis) for basis in bases)

    def code(self, code: str) -> str:
        """Return the name of a code: its label where a codebook of the run has it."""
        books = (book.id for book in self.analysis.codebooks if any(code == d.id for d in book.dimensions))
        return self.labels.dimension(next(books, ""), code)

    def value(self, row: dict[str, Any], name: str, low: str = "low", high: str = "high") -> str:
        """Return a coefficient of a row, with its interval where there is one."""
        value = self.labels.number(row[name])
        if row.get(low) is None or row.get(high) is None:
            return value
        bounds = {"low": self.labels.number(row[low]), "high": self.labels.number(row[high])}
        return self.phrase("value_interval", value=value, **bounds)


def over_all(pair: Sequence[dict[str, Any]], scope: str) -> dict[str, Any] | None:
    """Return the row over all codes in one scope, None when there is none."""
    return next((row for row in pair if row["scope"] == scope and row["code"] == ALL_CODES), None)


def of_codes(pair: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of single codes on all units."""
    return [row for row in pair if row["scope"] == "all" and row["code"] != ALL_CODES]
