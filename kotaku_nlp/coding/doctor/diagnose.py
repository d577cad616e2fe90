"""The codebook doctor: everything that can be said of a codebook, in the order of how much it matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotaku_nlp.analysis.embeddings import Remembered
from kotaku_nlp.analysis.encoders import load_encoder
from kotaku_nlp.coding.doctor.diagnosis import Diagnosis, Finding, in_order
from kotaku_nlp.coding.doctor.meaning import confusion, inseparable, misplaced, overlaps, read
from kotaku_nlp.coding.doctor.passages import passages
from kotaku_nlp.coding.doctor.rules import rules, structure
from kotaku_nlp.records import Codebook, Encoder

if TYPE_CHECKING:
    import pandas as pd

#: Findings after which the meaning of codes cannot be weighed: which sentences are whose is unclear.
_FIRST_MEND = {"id_twice", "no_such_parent", "circle"}


def diagnose(
    codebook: Codebook,
    examples: pd.DataFrame | None = None,
    encoder: Encoder | None = None,
    lang: str = "id",
    seed: int = 0,
) -> Diagnosis:
    """Look a codebook over: structure, rules, meaning, and what coded passages show of it.

    :param codebook: any codebook, also one made in Python.
    :param examples: what was coded with it, as `align` takes it: columns text, code, interview, one row a
        text × code, an empty code for a text that was read and left uncoded.
    :param encoder: what turns sentences into vectors; the embedded one when left out.
    :param lang: language of the report, in which definitions are looked for; "id" or "en".
    :param seed: seed of the draws behind the learning curves.
    :return: the findings, gravest first; the same whatever the order of codes or rows.
    :raises ValueError: when the examples lack a column.
    """
    found = [*structure(codebook), *rules(codebook, lang)]
    if _FIRST_MEND & {finding.key for finding in found}:
        return Diagnosis(codebook, in_order(found))
    known, read_as = Remembered(encoder or load_encoder()), None
    if len(codebook.leaves) > 1:
        reading = read(codebook, known)
        found += [*overlaps(codebook, known), *inseparable(reading), *misplaced(reading)]
        read_as = confusion(reading)
    if examples is not None:
        found += passages(codebook, examples, known, seed)
    return Diagnosis(codebook, in_order(without_echo(found)), read_as)


def without_echo(findings: list[Finding]) -> list[Finding]:
    """Return findings without those that a graver one says already.

    Two codes whose definitions say the same cannot be told apart by their indicators either.

    :param findings: in any order.
    """
    same = {frozenset(f.dimensions) for f in findings if f.key == "overlap"}
    return [f for f in findings if f.key != "inseparable" or frozenset(f.dimensions) not in same]
