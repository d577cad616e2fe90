"""Quotes: each passage with its source, its labels, and where in it the evidence lies.

A mark is `[name, start, end]`, half-open code points into the passage's text. Names:
`d:<codebook>:<dimension>`, `a:<aspect>:<polarity>` and `i:<actor group>:<phase>:<status>`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from kotaku_nlp.records import OUT_OF_FRAMEWORK, SPOKEN_KINDS, UNKNOWN, Analysis
from kotaku_nlp.report.frames import rows

Mark = tuple[str, int, int]


def quotes(analysis: Analysis) -> list[dict[str, Any]]:
    """Return one plain record per passage, in the order of the passages table.

    :return: id, transcript, turn, informant, role, group, kind, spoken (an informant's, so it
        counts), apart (observation or document), low, question, text, dimensions
        (`codebook:dimension`), aspects (`aspect:polarity`), topic (or None), marks.
    """
    dimensions = _gather(
        (row["passage_id"], f"{row['codebook']}:{row['dimension']}") for row in _hits(analysis)
    )
    aspects = _gather(
        (row["passage_id"], f"{row['aspect']}:{row['polarity']}")
        for row in rows(analysis.aspects)
        if row["polarity"] != "absent"
    )
    topics: dict[str, int] = {}
    for row in rows(analysis.passage_topics):
        if row["status"] != "unassigned" and row["topic"] >= 0:
            topics.setdefault(row["passage_id"], row["topic"])
    marks = _gather(_marks(analysis))
    found = []
    for row in rows(analysis.passages):
        passage = row["passage_id"]
        found.append(
            {
                "id": passage,
                "transcript": row["transcript"],
                "turn": row["turn"],
                "informant": row["informant"] or row["speaker"] or "",
                "role": row["role"] or "",
                "group": row["group"] or UNKNOWN,
                "kind": row["kind"],
                "spoken": row["kind"] in SPOKEN_KINDS and row["informant"] is not None,
                "apart": row["kind"] not in SPOKEN_KINDS,
                "low": bool(row["low_evidence"]),
                "question": row["question"] or "",
                "text": row["text"] or "",
                "dimensions": dimensions.get(passage, []),
                "aspects": aspects.get(passage, []),
                "topic": topics.get(passage),
                "marks": _inside(marks.get(passage, []), row),
            }
        )
    return found


def spoken(found: list[dict[str, Any]], **wanted: Any) -> list[str]:
    """Return ids of spoken passages whose fields equal those given."""
    return [
        quote["id"]
        for quote in found
        if quote["spoken"] and all(quote[name] == value for name, value in wanted.items())
    ]


def _hits(analysis: Analysis) -> list[dict[str, Any]]:
    """Alignment rows that say something: assigned, and within the framework."""
    table = analysis.alignment
    return rows(table[table["assigned"].astype(bool) & (table["dimension"] != OUT_OF_FRAMEWORK)])


def _marks(analysis: Analysis) -> Iterator[tuple[str, Mark]]:
    for row in _hits(analysis):
        if row["start"] is not None and row["end"] is not None:
            name = f"d:{row['codebook']}:{row['dimension']}"
            yield row["passage_id"], (name, row["start"], row["end"])
    for row in rows(analysis.sentiment):
        if row["aspect"] != "none":
            yield row["passage_id"], (f"a:{row['aspect']}:{row['polarity']}", row["start"], row["end"])
    for row in rows(analysis.involvement):
        name = f"i:{row['actor_group']}:{row['phase']}:{row['status']}"
        yield row["passage_id"], (name, row["start"], row["end"])


def _inside(marks: list[Mark], passage: dict[str, Any]) -> list[list[Any]]:
    """Shift marks from transcript to passage; drop what does not lie inside it."""
    if len(passage["text"] or "") != passage["end"] - passage["start"]:
        return []
    base, end = passage["start"], passage["end"]
    return [[name, a - base, b - base] for name, a, b in marks if base <= a < b <= end]


def _gather(pairs: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for key, value in pairs:
        if value not in found[key]:
            found[key].append(value)
    return found
