"""Where the lines of a small saturation curve lie on the page: geometry only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

#: Width and height of the drawing, and its margins: left, top, right, bottom.
SIZE = (340, 140)
MARGINS = (26, 10, 8, 22)
#: Interviews named below the axis, at most.
_TICKS = 12


@dataclass(frozen=True)
class Curve:
    """A drawing of themes heard, interview by interview.

    :param band: path of the band of other orders.
    :param line: path of the themes heard in the order held.
    :param bars: x, y, width and height of the new themes of each interview.
    :param dots: x and y of each point of the line.
    :param across: x and text of each named interview.
    :param up: y and text of the marks on the left.
    :param ground: y of the axis.
    """

    band: str
    line: str
    bars: tuple[tuple[float, float, float, float], ...]
    dots: tuple[tuple[float, float], ...]
    across: tuple[tuple[float, int], ...]
    up: tuple[tuple[float, int], ...]
    ground: float


def curve(points: Sequence[dict[str, Any]]) -> Curve:
    """Lay out a curve.

    :param points: rows of `saturation_curve` of one set of themes, in order; at least one.
    """
    left, top, right, bottom = MARGINS
    most = max(1, *(max(point["seen"], point["high"]) for point in points))
    step = (SIZE[0] - left - right) / len(points)
    ground = float(SIZE[1] - bottom)
    xs = [round(left + step * (place + 0.5), 1) for place in range(len(points))]

    def y(value: float) -> float:
        return round(ground - (ground - top) * value / most, 1)

    def path(name: str) -> list[str]:
        return [f"{x} {y(point[name])}" for x, point in zip(xs, points, strict=True)]

    width = round(step * 0.35, 1)
    every = -(-len(points) // _TICKS)
    return Curve(
        band="M" + "L".join([*path("low"), *reversed(path("high"))]) + "Z",
        line="M" + "L".join(path("seen")),
        bars=tuple(
            (round(x - width / 2, 1), y(point["new"]), width, round(ground - y(point["new"]), 1))
            for x, point in zip(xs, points, strict=True)
            if point["new"]
        ),
        dots=tuple((x, y(point["seen"])) for x, point in zip(xs, points, strict=True)),
        across=tuple((x, point["interview"]) for x, point in list(zip(xs, points, strict=True))[::every]),
        up=tuple((y(value), value) for value in sorted({0, most // 2, most})),
        ground=ground,
    )
