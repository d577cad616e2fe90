"""Figures for a thesis: dimensions and aspects here, topics and saturation in `topic_figures`."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kotaku_nlp.report.canvas import (
    BLUES,
    HAIR,
    INK,
    MINUS,
    PLUS,
    SOFT,
    bare,
    captioned,
    nothing,
    save,
    sheet,
    short,
    style,
)
from kotaku_nlp.report.labels import Labels
from kotaku_nlp.report.summary import FIGURES
from kotaku_nlp.report.topic_figures import draw_saturation, draw_topics

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Where the counts stand beside the bars, on the axis −1 … 1 drawn further: their right edges.
COLUMNS = (1.3, 1.66, 2.15)


def write_figures(summary: dict[str, Any], folder: Path, lang: str = "id") -> list[Path]:
    """Write `dimensions`, `aspects`, `topics` and `saturation` as SVG and PNG.

    :param summary: what `summarise` found.
    :param folder: where the files go; it exists.
    :param lang: language of labels and captions.
    :return: the files, in order.
    """
    labels = Labels(lang)
    drawers: dict[str, Callable[[dict[str, Any], Labels], Figure]] = {
        "dimensions": draw_dimensions,
        "aspects": draw_aspects,
        "topics": draw_topics,
        "saturation": draw_saturation,
    }
    written = []
    with style():
        for name in FIGURES:
            figure = drawers[name](summary, labels)
            written += [save(figure, folder / f"{name}.{kind}") for kind in ("svg", "png")]
    return written


def draw_dimensions(summary: dict[str, Any], labels: Labels) -> Figure:
    """Draw the heat map: dimensions × groups, informants of the group in the cells."""
    books = [book for book in summary["dimensions"] if book["rows"]]
    if not books:
        return nothing(labels)
    heights = [0.27 * len(book["rows"]) + 0.75 for book in books]
    figure, axes = sheet(heights)
    for axis, book in zip(axes, books, strict=True):
        _heat(axis, book)
    return captioned(figure, labels.say("figure_dimensions"), sum(heights))


def draw_aspects(summary: dict[str, Any], labels: Labels) -> Figure:
    """Draw diverging bars per aspect and group, with interval, n and what is without evidence."""
    if not summary["tones"]:
        return nothing(labels)
    heights = [0.2 * len(block["rows"]) + 0.6 for block in summary["tones"]]
    figure, axes = sheet(heights)
    for axis, block in zip(axes, summary["tones"], strict=True):
        _diverging(axis, block, labels)
    return captioned(figure, labels.say("figure_aspects"), sum(heights))


def _heat(axis: Axes, book: dict[str, Any]) -> None:
    from matplotlib.patches import Rectangle

    axis.set_title(short(book["title"], 90), pad=22)
    for y, row in enumerate(book["rows"]):
        for x, cell in enumerate(row["cells"]):
            shade = cell["shade"] if cell else 0
            dashed = bool(cell and cell["thin"])
            axis.add_patch(
                Rectangle((x - 0.47, y - 0.46), 0.94, 0.92, facecolor="white" if dashed else BLUES[shade],
                          edgecolor=BLUES[4] if dashed else HAIR, linewidth=0.6,
                          linestyle=(0, (3, 2)) if dashed else "solid")
            )  # fmt: skip
            text = cell["text"] if cell else "–"
            colour = "white" if shade >= 4 and not dashed else INK if cell else SOFT
            axis.text(x, y, text, ha="center", va="center", color=colour, fontsize=7)
    axis.set_xlim(-0.5, len(book["groups"]) - 0.5)
    axis.set_ylim(len(book["rows"]) - 0.5, -0.5)
    axis.xaxis.tick_top()
    axis.set_xticks(
        range(len(book["groups"])), [textwrap.fill(name, 13) for name in book["groups"]], fontsize=6.5
    )
    axis.set_yticks(range(len(book["rows"])), [short(row["label"], 34) for row in book["rows"]])
    axis.tick_params(length=0)
    bare(axis)


def _diverging(axis: Axes, block: dict[str, Any], labels: Labels) -> None:
    axis.set_title(block["label"], pad=5)
    for y, row in enumerate(block["rows"]):
        if row["number"]:
            value = row["value"]
            axis.barh(y, value, height=0.56, color=PLUS if value >= 0 else MINUS, zorder=2)
            axis.plot([value, value], [y - 0.28, y + 0.28], color=INK, linewidth=0.9, zorder=3)
            if row["interval"]:
                axis.errorbar(value, y, xerr=[[value - row["low"]], [row["high"] - value]], fmt="none",
                              ecolor=INK, elinewidth=0.8, capsize=2, capthick=0.8, zorder=3)  # fmt: skip
            for x, name in zip(COLUMNS, ("passages", "informants"), strict=False):
                axis.text(x, y, row[name]["text"], va="center", ha="right", fontsize=6.5)
        else:
            reason = labels.say("no_evidence" if row["members"] else "no_informants")
            axis.text(0.04, y, reason, va="center", fontsize=6.5, style="italic", color=SOFT)
        if row["without"]:
            axis.text(COLUMNS[-1], y, row["without"]["text"], va="center", ha="right", fontsize=6.5)
    for x, name in zip(COLUMNS, ("passages", "informants", "without"), strict=True):
        axis.text(x, -0.75, labels.say(f"col_{name}"), va="bottom", ha="right", fontsize=6.5, color=SOFT)
    axis.axvline(0, color=SOFT, linewidth=0.7, zorder=1)
    axis.set_xlim(-1, COLUMNS[-1])
    axis.set_ylim(len(block["rows"]) - 0.5, -0.5)
    axis.set_xticks([-1, -0.5, 0, 0.5, 1], [labels.number(x, 1, sign=True) for x in (-1, -0.5, 0, 0.5, 1)])
    axis.set_yticks(range(len(block["rows"])), [row["label"] for row in block["rows"]])
    axis.grid(axis="x", color=HAIR, linewidth=0.5, zorder=0)
    axis.set_axisbelow(True)
    bare(axis)
