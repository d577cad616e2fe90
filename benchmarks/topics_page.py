"""The tables of `docs/topics.md`, made from what `topics.py` measured and from the rules in the code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from topics_sets import ROOT

from kotaku_nlp.analysis.topics import clusters, consensus, count, discover, model, noise, points, stability

PAGE = ROOT / "docs" / "topics.md"
#: Size of which every figure is shown; of the others AMI alone.
_SHOWN = 1000
_BLOCK = re.compile(r"(<!-- figures: (\w+) -->\n).*?(<!-- /figures -->)", re.DOTALL)
_CHANGES = {"order": "order", "seed": "seed", "left_out": "one interview less"}

Row = Mapping[str, Any]


def write_page(results: Row) -> None:
    """Put the tables between the markers of the page; a part that was not measured says so.

    :param results: from `topics.py`.
    """
    parts = results["parts"]

    def filled(match: re.Match[str]) -> str:
        tables = "\n\n".join(_BLOCKS[match[2]](parts)) or "Not measured yet."
        return f"{match[1]}\n{tables}\n\n{match[3]}"

    PAGE.write_text(_BLOCK.sub(filled, PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def table(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return a Markdown table.

    :param heads: headings of the columns.
    :param rows: cells.
    """
    lines = [heads, ["---"] * len(heads), *([_cell(value) for value in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, list):
        low, high = value
        return str(low) if low == high else f"{low} to {high}"
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def _per_cent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.0f} %"


def _means(parts: Row, part: str) -> list[Row]:
    return list(parts.get(part, {}).get("means", []))


def _rules(parts: Row) -> Iterator[str]:
    rules = {
        "fewest passages, and topic words in them, to look for topics": (
            f"{discover.FEWEST_PASSAGES}, {discover.FEWEST_WORDS}"
        ),
        "neighbours that a passage is drawn towards": points.NEIGHBOURS,
        "interviews from which each is left out in turn; below, parts of the passages are": (
            consensus.FEWEST_INTERVIEWS
        ),
        "passages grouped in one reading at most; the others follow their neighbours": f"{consensus.ROWS:,}",
        "core: share of the readings that agree": _per_cent(model._CORE_SHARE),
        "unassigned: share of the readings that agree is below": _per_cent(clusters.LOOSE),
        "most topics, and passages in each on average at least": f"{count.MOST}, {count.MEMBERS}",
        "shuffles of each null": noise.DRAWS,
        "standard deviations above both nulls that make structure": noise.CLEAR,
        "resamples of interviews for stability": stability.RESAMPLES,
        "a topic that comes back less alike than this has dissolved": stability.DISSOLVED,
    }
    yield table(("rule", "value"), list(rules.items()))


def _quality(parts: Row) -> Iterator[str]:
    means = _means(parts, "quality")
    found = sorted({row["size"] for row in means})
    ami = {(row["method"], row["size"]): row.get("ami") for row in means}
    methods = list(dict.fromkeys(row["method"] for row in means))
    if not methods:
        return
    heads = ["AMI at so many texts", *(f"{size:,}" for size in found)]
    yield table(heads, [[method, *(ami.get((method, size)) for size in found)] for method in methods])
    shown = _SHOWN if _SHOWN in found else found[-1]
    heads = [
        f"{shown:,} texts", "AMI", "V", "topics", "unassigned", "NPMI", "diversity",
        "NPMI, own words", "diversity, own words", "seconds", "CPU seconds", "peak MB", "failed",
    ]  # fmt: skip
    names = ("npmi", "diversity", "npmi_shown", "diversity_shown", "seconds", "cpu_seconds")
    yield table(
        heads,
        [
            [row["method"], row.get("ami"), row.get("v"), row.get("topics"), _per_cent(row.get("unassigned")),
             *(row.get(name) for name in names), _whole(row.get("peak_mb")), row["failed"]]
            for row in means if row["size"] == shown
        ],
    )  # fmt: skip


def _whole(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}"


def _ratio(parts: Row) -> Iterator[str]:
    rows = parts.get("quality", {}).get("ratios", [])
    heads = ("texts", "compared", "ours", "BERTopic", "ratio", "95 % interval", "set × seed")
    if rows:
        yield table(
            heads,
            [
                [f"{row['size']:,}", row["compared"], row["ours"], row["theirs"], row["ratio"],
                 f"{row['low']:.2f} to {row['high']:.2f}", row["cells"]]
                for row in rows
            ],
        )  # fmt: skip


def _stability(parts: Row) -> Iterator[str]:
    means = _means(parts, "stability")
    counts = parts.get("stability", {}).get("corpora", {})
    heads = ("corpus", "method", *_CHANGES.values(), "least, one less", "topics", "largest", "unassigned")
    if means:
        yield table(
            heads,
            [
                [_corpus(row["corpus"], counts), row["method"], *(row.get(change) for change in _CHANGES),
                 row.get("left_out_least"), row.get("topics"), _per_cent(row.get("largest")),
                 _per_cent(row.get("unassigned"))]
                for row in means
            ],
        )  # fmt: skip
        heads = ("adjusted mutual information", "method", *_CHANGES.values(), "topics, one less")
        yield table(
            heads,
            [
                [row["corpus"], row["method"], *(row.get(f"{change}_ami") for change in _CHANGES),
                 row.get("left_out_topics")]
                for row in means
            ],
        )  # fmt: skip


def _corpus(name: str, counts: Row) -> str:
    told = counts.get(name)
    return f"{name} ({told['passages']:,} passages, {told['interviews']} interviews)" if told else name


def _number(parts: Row) -> Iterator[str]:
    means = [row for row in _means(parts, "number") if row["sets"]]
    heads = (
        "sets", "how many", "error", "BERTopic's error", "best constant's error", "interval holds",
        "mean number", "BERTopic's",
    )  # fmt: skip
    if means:
        yield table(
            heads,
            [
                [row["of"], row["sets"], _per_cent(row.get("error")), _per_cent(row.get("error_of_bertopic")),
                 _per_cent(row.get("error_of_constant")), _per_cent(row.get("interval_holds")),
                 f"{row.get('taken')}", f"{row.get('taken_by_bertopic')}"]
                for row in means
            ],
        )  # fmt: skip


def _null(parts: Row) -> Iterator[str]:
    means = _means(parts, "null")
    heads = (
        "text",
        "what was done",
        "draws with structure",
        "above words",
        "above vectors",
        "BERTopic's topics",
    )
    if means:
        yield table(
            heads,
            [
                [row["set"], row["text"], f"{row['structure']} of {row['draws']}",
                 _span(row, "words"), _span(row, "vectors"), row["topics_of_bertopic"]]
                for row in means
            ],
        )  # fmt: skip


def _span(row: Row, name: str) -> str:
    low, high = row.get(f"least_{name}"), row.get(f"most_{name}")
    return "–" if low is None or high is None else f"{low:.1f} to {high:.1f}"


def _scale(parts: Row) -> Iterator[str]:
    rows = [row for row in parts.get("scale", {}).get("rows", []) if "error" not in row]
    heads = ("passages", "method", "seconds", "CPU seconds", "peak MB", "topics", "unassigned")
    if rows:
        yield table(
            heads,
            [
                [f"{row['size']:,}", row["method"], _whole(row["seconds"]), _whole(row["cpu_seconds"]),
                 _whole(row["peak_mb"]), row["topics"], _per_cent(row["unassigned"])]
                for row in rows
            ],
        )  # fmt: skip


_BLOCKS: dict[str, Callable[[Row], Iterator[str]]] = {
    "rules": _rules, "quality": _quality, "ratio": _ratio, "stability": _stability, "number": _number,
    "null": _null, "scale": _scale,
}  # fmt: skip
