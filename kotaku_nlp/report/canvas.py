"""The sheet that figures are drawn on: A4 column width, black on white, the same bytes every time.

Drawn with matplotlib's own objects, without pyplot, so that nothing global changes.
"""

from __future__ import annotations

import textwrap
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kotaku_nlp.report.labels import Labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Text width of an A4 thesis page with margins of 4 and 3 cm, in inches.
WIDTH = 14 / 2.54
DPI = 300
CAPTION_COLUMNS = 104
PLUS, MINUS, INK, SOFT, HAIR = "#2f77ab", "#c8671b", "#211f1b", "#65605a", "#ddd7cb"
BLUES = ("#ffffff", "#e6eef4", "#c5dae8", "#94bcd6", "#4f8db7", "#1f5f8f")

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


def sheet(heights: list[float], columns: int = 1) -> tuple[Figure, list[Axes]]:
    """Return a figure with rows of drawings of these heights, in inches, and its drawings row by row."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, sum(heights) + 0.55), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(len(heights), columns, squeeze=False, gridspec_kw={"height_ratios": heights})
    return figure, list(axes.flat)


def captioned(figure: Figure, text: str, height: float) -> Figure:
    """Set the caption below, and the height of the sheet to what the drawings need, in inches."""
    figure.supxlabel(textwrap.fill(text, CAPTION_COLUMNS), x=0.01, ha="left", fontsize=6.5, color=SOFT)
    figure.set_size_inches(WIDTH, height + 0.55)
    return figure


def nothing(labels: Labels, text: str = "") -> Figure:
    """Return a sheet that says why nothing is drawn."""
    figure, (axis,) = sheet([0.6])
    axis.set_axis_off()
    said = textwrap.fill(text or labels.say("figure_empty"), CAPTION_COLUMNS - 20)
    axis.text(0.5, 0.5, said, ha="center", va="center", color=SOFT)
    return figure


def bare(axis: Axes, keep: tuple[str, ...] = ()) -> None:
    """Take the frame off, apart from the sides to keep."""
    for side in ("top", "right", "bottom", "left"):
        axis.spines[side].set_visible(side in keep)


def short(text: str, most: int = 40) -> str:
    """Return a text of at most so many characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


@contextmanager
def style() -> Iterator[None]:
    """Draw in our style while the block runs."""
    from matplotlib import rc_context

    # An emoji in a topic label has no glyph in the shipped font: a box is drawn, which is enough.
    with rc_context(STYLE), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def save(figure: Figure, path: Path) -> Path:
    """Write a figure without the time of writing, and return its path."""
    metadata = {"Date": None, "Creator": "kotaku-nlp"} if path.suffix == ".svg" else {"Software": None}
    figure.savefig(path, dpi=DPI, metadata=metadata)
    return path
