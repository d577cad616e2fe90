"""Figures for a thesis: A4 column width, black on white, the same bytes every time.

Drawn with matplotlib's own objects, without pyplot, so that nothing global changes.
"""

from __future__ import annotations

import textwrap
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kotaku_nlp.report.labels import Labels
from kotaku_nlp.report.summary import FIGURES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Text width of an A4 thesis page with margins of 4 and 3 cm, in inches.
WIDTH = 14 / 2.54
DPI = 300
CAPTION_COLUMNS = 104
#: Where the counts stand beside the bars, on the axis −1 … 1 drawn further: their right edges.
COLUMNS = (1.3, 1.66, 2.15)
PLUS, MINUS, INK, SOFT, HAIR = "#2f77ab", "#c8671b", "#211f1b", "#65605a", "#ddd7cb"
BLUES = ("#ffffff", "#e6eef4", "#c5dae8", "#94bcd6", "#4f8db7", "#1f5f8f")
#: One colour per group, told apart by colour-blind readers and in grey (after Okabe & Ito, 2008).
GROUP_COLOURS = ("#1f5f8f", "#e0a030", "#6fb3d9", "#2f8f6f", "#c8671b", "#b3aca0", "#7a5a8c", "#404040")

STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 7.5,
    "axes.linewidth": 0.6,
    "axes.edgecolor": SOFT,
    "axes.titlesize": 8.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.0,
    "text.parse_math": False,
    "svg.hashsalt": "kotaku-nlp",
    "svg.fonttype": "path",
}


def write_figures(summary: dict[str, Any], folder: Path, lang: str = "id") -> list[Path]:
    """Write `dimensions`, `aspects` and `topics` as SVG and PNG.

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
    }
    written = []
    with _style():
        for name in FIGURES:
            figure = drawers[name](summary, labels)
            written += [_save(figure, folder / f"{name}.{kind}") for kind in ("svg", "png")]
    return written


def draw_dimensions(summary: dict[str, Any], labels: Labels) -> Figure:
    """Draw the heat map: dimensions × groups, informants of the group in the cells."""
    books = [book for book in summary["dimensions"] if book["rows"]]
    if not books:
        return _nothing(labels)
    heights = [0.27 * len(book["rows"]) + 0.75 for book in books]
    figure, axes = _sheet(heights)
    for axis, book in zip(axes, books, strict=True):
        _heat(axis, book)
    return _captioned(figure, labels.say("figure_dimensions"), sum(heights))


def draw_aspects(summary: dict[str, Any], labels: Labels) -> Figure:
    """Draw diverging bars per aspect and group, with interval, n and what is without evidence."""
    if not summary["tones"]:
        return _nothing(labels)
    heights = [0.2 * len(block["rows"]) + 0.6 for block in summary["tones"]]
    figure, axes = _sheet(heights)
    for axis, block in zip(axes, summary["tones"], strict=True):
        _diverging(axis, block, labels)
    return _captioned(figure, labels.say("figure_aspects"), sum(heights))


def draw_topics(summary: dict[str, Any], labels: Labels) -> Figure:
    """Draw the size of each topic, stacked by group."""
    from matplotlib.ticker import MaxNLocator

    shown = [topic for topic in summary["topics"] if any(topic["sizes"].values())]
    if not shown:
        return _nothing(labels, labels.say("no_topics"))
    height = 0.25 * len(shown) + 0.95
    figure, (axis,) = _sheet([height])
    groups = [group for group, _ in summary["filters"]["groups"]]
    left = [0.0] * len(shown)
    for colour, group in zip(_cycle(len(groups)), groups, strict=True):
        sizes = [topic["sizes"][group] for topic in shown]
        if any(sizes):
            axis.barh(range(len(shown)), sizes, left=left, height=0.62, color=colour,
                      edgecolor="white", linewidth=0.5, label=labels.name("group", group))  # fmt: skip
        left = [a + b for a, b in zip(left, sizes, strict=True)]
    axis.set_yticks(range(len(shown)), [_short(topic["label"]) for topic in shown])
    axis.invert_yaxis()
    axis.set_xlabel(labels.say("figure_axis_passages"))
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    _bare(axis, keep=("bottom",))
    axis.legend(frameon=False, fontsize=6.5, ncols=3, loc="lower left", bbox_to_anchor=(0, 1.0))
    return _captioned(figure, labels.say("figure_topics"), height)


def _heat(axis: Axes, book: dict[str, Any]) -> None:
    from matplotlib.patches import Rectangle

    axis.set_title(_short(book["title"], 90), pad=22)
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
    axis.set_yticks(range(len(book["rows"])), [_short(row["label"], 34) for row in book["rows"]])
    axis.tick_params(length=0)
    _bare(axis)


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
    _bare(axis)


def _sheet(heights: list[float]) -> tuple[Figure, list[Axes]]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, sum(heights) + 0.55), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(len(heights), 1, squeeze=False, gridspec_kw={"height_ratios": heights})
    return figure, list(axes[:, 0])


def _captioned(figure: Figure, text: str, height: float) -> Figure:
    figure.supxlabel(textwrap.fill(text, CAPTION_COLUMNS), x=0.01, ha="left", fontsize=6.5, color=SOFT)
    figure.set_size_inches(WIDTH, height + 0.55)
    return figure


def _nothing(labels: Labels, text: str = "") -> Figure:
    figure, (axis,) = _sheet([0.6])
    axis.set_axis_off()
    axis.text(0.5, 0.5, text or labels.say("figure_empty"), ha="center", va="center", color=SOFT)
    return figure


def _bare(axis: Axes, keep: tuple[str, ...] = ()) -> None:
    for side in ("top", "right", "bottom", "left"):
        axis.spines[side].set_visible(side in keep)


def _short(text: str, most: int = 40) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _cycle(n: int) -> list[str]:
    return [GROUP_COLOURS[k % len(GROUP_COLOURS)] for k in range(n)]


@contextmanager
def _style() -> Iterator[None]:
    from matplotlib import rc_context

    # An emoji in a topic label has no glyph in the shipped font: a box is drawn, which is enough.
    with rc_context(STYLE), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def _save(figure: Figure, path: Path) -> Path:
    metadata = {"Date": None, "Creator": "kotaku-nlp"} if path.suffix == ".svg" else {"Software": None}
    figure.savefig(path, dpi=DPI, metadata=metadata)
    return path
