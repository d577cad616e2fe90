"""What was found in a codebook, and how it is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from kotaku_nlp.messages import say
from kotaku_nlp.records import Codebook

if TYPE_CHECKING:
    import pandas as pd

Severity = Literal["high", "medium", "low"]
SEVERITIES: tuple[Severity, ...] = ("high", "medium", "low")
#: Names that one line lists, and letters of a quote that it shows.
_NAMED, _LETTERS = 6, 160


@dataclass(frozen=True)
class Quote:
    """A sentence of the codebook or of a coded passage that shows a finding.

    :param dimension: the code that it belongs to.
    :param text: the sentence.
    :param toward: the code that it speaks more for, if that is what it shows.
    """

    dimension: str
    text: str
    toward: str = ""


@dataclass(frozen=True)
class Measured:
    """How well a code can be checked: κ out of fold, and how many more coded passages it would take."""

    dimension: str
    kappa: float
    more: int = 0


@dataclass(frozen=True)
class Finding:
    """One thing to look at again.

    :param key: which kind; the wording table says it as `doctor_<key>` and its cure as `doctor_<key>_cure`.
    :param severity: how much it matters.
    :param dimensions: ids of the codes that it is about; none when it is about the whole codebook.
    :param quotes: the sentences that show it.
    :param params: further values that the message names.
    :param weight: order among findings of one severity, larger first.
    :param measured: what was measured of each code; the message names it as `codes`.
    """

    key: str
    severity: Severity
    dimensions: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)
    weight: float = 0.0
    measured: tuple[Measured, ...] = ()


@dataclass(frozen=True)
class Diagnosis:
    """Everything that was found in one codebook.

    :param codebook: the codebook.
    :param findings: what matters most first.
    :param confusion: leaves × leaves, how many indicators and examples of each (row) are read as each
        (column) when unseen; None where the sentences could not be weighed.
    """

    codebook: Codebook
    findings: tuple[Finding, ...]
    confusion: pd.DataFrame | None = field(default=None, compare=False)

    def lines(self, lang: str = "id") -> list[str]:
        """Return the findings as lines to read, each with its sentences and a cure.

        :param lang: "id" or "en".
        """
        book = self.codebook
        told = {"name": book.title.get(lang) or book.id, "leaves": len(book.leaves), "n": len(self.findings)}
        head = say("doctor_head" if self.findings else "doctor_healthy", lang, **told)
        return [head, *(line for finding in self.findings for line in self._told(finding, lang))]

    def _told(self, finding: Finding, lang: str) -> Iterator[str]:
        names = {dimension.id: dimension.name(lang) for dimension in self.codebook.dimensions}
        labels = [_named(one, names.get(one, one)) for one in finding.dimensions]
        told = {"names": listed(labels), "n": len(labels), **finding.params}
        if finding.measured:
            told["codes"] = listed([_figures(one, names, lang) for one in finding.measured])
        mark = say(f"doctor_severity_{finding.severity}", lang)
        yield f"[{mark}] {say(f'doctor_{finding.key}', lang, **told)}"
        for quote in finding.quotes:
            toward = f" → {names.get(quote.toward, quote.toward)}" if quote.toward else ""
            yield f"    {names.get(quote.dimension, quote.dimension)}: “{_short(quote.text)}”{toward}"
        yield f"    {say('doctor_cure', lang)}: {say(f'doctor_{finding.key}_cure', lang, **told)}"


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings by severity, then by weight, then by name: the same whatever order they came in."""
    return tuple(
        sorted(findings, key=lambda f: (SEVERITIES.index(f.severity), -f.weight, f.key, f.dimensions))
    )


def listed(names: list[str]) -> str:
    """Return names as one phrase, the first few of many."""
    return ", ".join(names[:_NAMED]) + (f" … (+{len(names) - _NAMED})" if len(names) > _NAMED else "")


def _named(code: str, label: str) -> str:
    return label if label.casefold() == code.casefold() else f"{label} ({code})"


def _figures(one: Measured, names: Mapping[str, str], lang: str) -> str:
    kappa = f"{one.kappa:.2f}".replace(".", "," if lang == "id" else ".")
    more = f"+{one.more}, " if one.more else ""
    return f"{names.get(one.dimension, one.dimension)} ({more}κ {kappa})"


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _LETTERS else plain[: _LETTERS - 2].rstrip() + " …"
