"""The topics: what each is, how surely, who says it, and how it stands beside the codebook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from kotaku_nlp.analysis.topics.model import CORE, PERIPHERAL
from kotaku_nlp.records import Analysis
from kotaku_nlp.report.differences import differences
from kotaku_nlp.report.frames import count, ids, rows
from kotaku_nlp.report.framework import untold, verdicts
from kotaku_nlp.report.labels import Labels
from kotaku_nlp.report.panels import Panels
from kotaku_nlp.report.standing import STABILITY, no_topics, standing, word

_FACTS = (("size", "size"), ("informants", "n_informants"), ("interviews", "n_interviews"))
#: Quotes that stand below a topic; the others open with its numbers.
_QUOTES = 2


def topics(analysis: Analysis, labels: Labels, panels: Panels, found: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the report says of topics.

    :return: `none`, why there are none, or ""; `standing`; `blocks`, topics under their themes; `groups`, the
        table of topics × groups; `untold`, dimensions that no topic tells.
    """
    table = [row for row in rows(analysis.tables.get("topics")) if row["topic"] >= 0]
    by_id = {quote["id"]: quote for quote in found}
    members = {
        row["topic"]: [passage for passage in ids(row["passage_ids"]) if passage in by_id] for row in table
    }
    told = differences(analysis, labels, panels, members, by_id)
    beside = verdicts(analysis, labels, panels, members)
    status = dict(zip(analysis.passage_topics["passage_id"], analysis.passage_topics["status"], strict=True))
    shown = {}
    for row in table:
        topic = row["topic"]
        own = _topic(row, members[topic], by_id, status, labels, panels)
        shown[topic] = own | {"verdicts": beside[topic], "groups": told["of"][topic]}
    return {
        "none": "" if table else no_topics(analysis, labels),
        "standing": standing(analysis, labels, [r["stability"] for r in table if r["stability"] is not None]),
        "blocks": _blocks(analysis, shown, labels),
        "groups": told,
        "untold": untold(analysis, labels, panels, found) if table else [],
    }


def _topic(
    row: dict[str, Any],
    passages: list[str],
    by_id: Mapping[str, Any],
    status: Mapping[str, str],
    labels: Labels,
    panels: Panels,
) -> dict[str, Any]:
    label = row["label"] or row["words"] or ""
    numbers = [
        panels.number(labels.say(f"topic_{name}", n=labels.count(count(row[column]))), label, passages)
        for name, column in _FACTS
    ]
    kinds = Counter(status.get(passage) for passage in passages)
    for kind in (CORE, PERIPHERAL):
        own = [passage for passage in passages if status.get(passage) == kind]
        text = labels.say(f"topic_{kind}", n=labels.count(kinds[kind]))
        numbers.append(panels.number(text, f"{label} · {labels.name('status', kind)}", own))
    steady = None
    if row["stability"] is not None:
        name = word(row["stability"], STABILITY)
        value = labels.number(row["stability"])
        text = labels.say("topic_stability", how=labels.name("stability", name), value=value)
        steady = {"name": name, **panels.number(text, label, passages)}
    quotes = [by_id[passage] for passage in passages if not by_id[passage]["low"]][:_QUOTES]
    return {
        "label": label,
        "words": _further(row["words"] or "", label),
        "numbers": numbers,
        "steady": steady,
        "quotes": quotes,
    }


def _further(words: str, label: str) -> str:
    """Return the words of a topic that its label does not say already."""
    return words.removeprefix(label).removeprefix(", ")


def _blocks(analysis: Analysis, shown: Mapping[int, dict[str, Any]], labels: Labels) -> list[dict[str, Any]]:
    """Set topics under their themes, those that stand alone last; without any theme there is no heading."""
    blocks, alone = [], list(shown)
    for row in rows(analysis.topic_themes):
        inside = [int(topic) for topic in (row["topics"] or "").split() if int(topic) in shown]
        if row["level"] == 0 and len(inside) > 1:
            blocks.append({"label": row["label"] or "", "topics": [shown[topic] for topic in inside]})
            alone = [topic for topic in alone if topic not in inside]
    heading = labels.say("themes_alone") if blocks else ""
    rest = [{"label": heading, "topics": [shown[topic] for topic in alone]}] if alone else []
    return blocks + rest
