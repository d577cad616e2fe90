"""Figures of topics × groups, and of saturation."""

from __future__ import annotations

import textwrap
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
    sheet,
    short,
)
from kotaku_nlp.report.labels import Labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SHADE = BLUES[2]


def draw_topics(summary: dict[str, Any], labels: Labels) -> Figure:
    """Draw topics × groups: a column per group, the mean share of each topic with its interval."""
    from matplotlib.ticker import MaxNLocator

    groups = summary["topics"]["groups"]
    if not groups["rows"]:
        return nothing(labels, summary["topics"]["none"])
    height = 0.27 * len(groups["rows"]) + 0.75
    figure, columns = sheet([height], len(groups["groups"]))
    most = max(_reach(cell) for row in groups["rows"] for cell in row["cells"] if cell)
    for x, (axis, name) in enumerate(zip(columns, groups["groups"], strict=True)):
        axis.set_title(textwrap.fill(name, 14), fontsize=7)
        for y, row in enumerate(groups["rows"]):
            if row["cells"][x]:
                _share(axis, y, row["cells"][x])
        axis.set_xlim(-0.04 * most, 1.06 * most)
        axis.set_ylim(len(groups["rows"]) - 0.5, -0.5)
        axis.set_yticks(range(len(groups["rows"])), [short(row["label"], 34) for row in groups["rows"]])
        axis.tick_params(labelleft=x == 0, labelsize=6.5)
        axis.xaxis.set_major_locator(MaxNLocator(nbins=2, steps=[1, 2, 4, 5, 10]))
        axis.xaxis.set_major_formatter(lambda value, _: labels.percent(value))
        axis.grid(axis="both", color=HAIR, linewidth=0.5)
        axis.set_axisbelow(True)
        bare(axis)
    return captioned(figure, labels.say("figure_topics"), height)


def draw_saturation(summary: dict[str, Any], labels: Labels) -> Figure:
    """Draw themes heard, interview by interview: one drawing per set of themes."""
    sets = [each for each in summary["saturation"]["sets"] if each["points"]]
    if not sets:
        return nothing(labels)
    figure, axes = sheet([1.55] * len(sets))
    for axis, each in zip(axes, sets, strict=True):
        _curve(axis, each)
    axes[-1].set_xlabel(labels.say("figure_axis_interviews"), fontsize=6.5)
    return captioned(figure, labels.say("figure_saturation"), 1.55 * len(sets) + 0.1)


def _reach(cell: dict[str, Any]) -> float:
    return max(cell["value"], cell["high"] or 0.0, 0.01)


def _share(axis: Axes, y: int, cell: dict[str, Any]) -> None:
    """Draw one share: a dot, filled where it differs from other groups, and its interval."""
    if cell["low"] is not None and cell["high"] is not None:
        axis.plot([cell["low"], cell["high"]], [y, y], color=PLUS, linewidth=1.1, zorder=2)
    face = PLUS if cell["direction"] else "white"
    axis.plot([cell["value"]], [y], marker="o", markersize=4, markerfacecolor=face, markeredgecolor=PLUS,
              markeredgewidth=1.0, clip_on=False, zorder=3)  # fmt: skip


def _curve(axis: Axes, each: dict[str, Any]) -> None:
    from matplotlib.ticker import MaxNLocator

    points = each["points"]
    x = [point["interview"] for point in points]
    low, high, seen, new = ([point[name] for point in points] for name in ("low", "high", "seen", "new"))
    axis.set_title(short(each["title"], 90), pad=5)
    axis.fill_between(x, low, high, color=_SHADE, linewidth=0, zorder=1)
    axis.bar(x, new, width=0.35, color=MINUS, zorder=2)
    axis.plot(x, seen, color=INK, linewidth=1.0, marker="o", markersize=2.2, zorder=3)
    axis.set_ylim(0, 1.08 * max(1, *high, *seen))
    axis.set_xlim(0.4, len(points) + 0.6)
    axis.xaxis.set_major_locator(MaxNLocator(nbins=12, integer=True, min_n_ticks=1))
    axis.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True, min_n_ticks=1))
    axis.tick_params(labelsize=6.5, colors=SOFT)
    axis.grid(axis="y", color=HAIR, linewidth=0.5)
    axis.set_axisbelow(True)
    bare(axis, keep=("bottom",))
