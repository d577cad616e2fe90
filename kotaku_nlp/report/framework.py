"""Topics beside the codebook: what each topic stands on, and which dimensions no topic tells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kotaku_nlp.analysis.topics.frame import EMERGENT, NO_EVIDENCE, SCATTERED
from kotaku_nlp.records import OUT_OF_FRAMEWORK, Analysis
from kotaku_nlp.report.differences import Members
from kotaku_nlp.report.frames import rows
from kotaku_nlp.report.labels import Labels
from kotaku_nlp.report.panels import Panels


class Coded:
    """Which passages carry which dimension, within the framework or outside it."""

    def __init__(self, analysis: Analysis) -> None:
        table = analysis.alignment
        self._by_passage: dict[str, set[tuple[str, str]]] = {}
        for row in rows(table[table["assigned"].astype(bool)]):
            self._by_passage.setdefault(row["passage_id"], set()).add((row["codebook"], row["dimension"]))

    def among(self, passages: Sequence[str], codebook: str, dimension: str) -> list[str]:
        """Return those of some passages that carry a dimension, in their order."""
        wanted = (codebook, dimension)
        return [passage for passage in passages if wanted in self._by_passage.get(passage, ())]


def verdicts(
    analysis: Analysis, labels: Labels, panels: Panels, members: Members
) -> dict[int, list[dict[str, Any]]]:
    """Return what each topic is beside each codebook, with the dimensions it stands on.

    :param members: passages of each topic shown, best first.
    """
    coded = Coded(analysis)
    found: dict[int, list[dict[str, Any]]] = {topic: [] for topic in members}
    for row in rows(analysis.topic_verdicts):
        if row["topic"] not in found:
            continue
        names = (row["dimensions"] or "").split()
        if row["verdict"] == EMERGENT:
            names = [OUT_OF_FRAMEWORK, *names]
        own = [
            _dimension(row["codebook"], name, coded.among(members[row["topic"]], row["codebook"], name),
                       labels, panels)
            for name in names
        ]  # fmt: skip
        found[row["topic"]].append(
            {
                "codebook": labels.codebook(row["codebook"]),
                "verdict": row["verdict"],
                "text": labels.name("verdict", row["verdict"]),
                "dimensions": own,
            }
        )
    return found


def untold(
    analysis: Analysis, labels: Labels, panels: Panels, found: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return per codebook the dimensions without evidence, and those whose evidence no topic gathers."""
    coded = Coded(analysis)
    everyone = [quote["id"] for quote in found if quote["spoken"] and not quote["low"]]
    table = rows(analysis.dimension_topics)
    blocks = []
    for codebook in dict.fromkeys(row["codebook"] for row in table):
        lines = []
        for verdict in (NO_EVIDENCE, SCATTERED):
            names = [
                row["dimension"] for row in table if (row["codebook"], row["verdict"]) == (codebook, verdict)
            ]
            own = [
                _dimension(codebook, name, coded.among(everyone, codebook, name), labels, panels)
                for name in names
            ]
            if own:
                lines.append({"text": labels.name("verdict", verdict), "dimensions": own})
        if lines:
            blocks.append({"codebook": labels.codebook(codebook), "lines": lines})
    return blocks


def _dimension(
    codebook: str, name: str, passages: Sequence[str], labels: Labels, panels: Panels
) -> dict[str, Any]:
    label = "" if name == OUT_OF_FRAMEWORK else labels.dimension(codebook, name)
    text = labels.say("topic_size", n=labels.count(len(passages)))
    title = labels.dimension(codebook, name)
    number = panels.number(text, title, passages, f"d:{codebook}:{name}") if passages else None
    return {"label": label, "number": number}
