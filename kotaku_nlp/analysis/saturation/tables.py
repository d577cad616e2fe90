"""The tables of saturation: the rules over every group, and the curve of themes heard.

Themes depend on which interview happened to come first, so beside the order in which they were held
stand the median and the 95 % band over other orders of the same interviews.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from zlib import crc32

from kotaku_nlp.analysis.evidence import ALL
from kotaku_nlp.analysis.saturation.guest import NEVER, RULES, Rule, new_themes, orders_of, ratios, reached
from kotaku_nlp.analysis.saturation.mentions import Interviews
from kotaku_nlp.analysis.saturation.unseen import richness
from kotaku_nlp.records import GROUPS, UNKNOWN, table

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

Kind = Literal["topic", "dimension", "code"]

#: What every reason begins with; with its outcome it is a key of the wording table.
REASON = "saturation_reason_"
#: Orders that a band rests on, where there are not fewer.
ORDERS = 1000
#: Lower end, middle and upper end of a 95 % band; each is a number that one of the orders gave.
_BAND = (0.025, 0.5, 0.975)
#: With fewer interviews than the smallest rule needs, nothing is estimated.
_FEWEST = min(rule.fewest for rule in RULES)


@dataclass(frozen=True)
class Saturation:
    """How far the themes of some interviews are heard out: the tables "saturation" and "saturation_curve"."""

    table: pd.DataFrame
    curve: pd.DataFrame


@dataclass(frozen=True)
class _Heard:
    """Themes of one group: interviews × themes in the order held, and in other orders."""

    names: tuple[str, ...]
    heard: NDArray[np.bool_]
    new: NDArray[np.int64]
    new_in_orders: NDArray[np.int64]


def saturation(
    kind: Kind,
    name: str,
    mentions: pd.DataFrame,
    interviews: Interviews,
    *,
    least: int = 1,
    possible: int | None = None,
    orders: int = ORDERS,
    seed: int = 0,
) -> Saturation:
    """Return how soon further interviews brought nothing new, over all interviews and per group.

    :param kind: what the themes are.
    :param name: codebook or coder; anything that tells one set of themes from another of its kind.
    :param mentions: DataFrame transcript, group, theme; one row per passage and theme, in any order.
    :param interviews: the interviews in their order; mentions elsewhere are left out.
    :param least: passages of an interview in which a theme must stand to be heard there.
    :param possible: how many themes can occur at all, where a framework fixes it; no estimate is higher.
    :param orders: orders of the interviews to draw for the bands; all of them when there are fewer.
    :param seed: seed of the draw; each group draws its own, whatever the kind.
    """
    rows: list[dict[str, Any]] = []
    points: list[dict[str, Any]] = []
    for group in (ALL, *GROUPS, UNKNOWN):
        names = interviews.names if group == ALL else interviews.of(group)
        if not names:
            continue
        own = mentions if group == ALL else mentions[mentions["group"] == group]
        found = _hear(own, names, least, orders, seed, group)
        key = {"kind": kind, "name": name, "group": group}
        told = key | _counts(found, possible) | {"ordered_by": interviews.ordered_by}
        rows += (told | _judged(found, rule) for rule in RULES)
        points += (key | point for point in _points(found))
    return Saturation(table("saturation", rows), table("saturation_curve", points))


def together(parts: Iterable[Saturation]) -> Saturation:
    """Return the tables of several kinds or names below each other, as they come.

    :param parts: what `saturation` returned; none gives empty tables.
    """
    rows: list[dict[Any, Any]] = []
    points: list[dict[Any, Any]] = []
    for part in parts:
        rows += part.table.to_dict("records")
        points += part.curve.to_dict("records")
    return Saturation(table("saturation", rows), table("saturation_curve", points))


def _hear(
    mentions: pd.DataFrame, names: tuple[str, ...], least: int, orders: int, seed: int, group: str
) -> _Heard:
    """Lay mentions out as interviews × themes; the orders drawn do not depend on the order held."""
    import numpy as np

    known = mentions[mentions["transcript"].isin(names)]
    often = known.groupby(["theme", "transcript"]).size().unstack("transcript", fill_value=0)
    heard = often.reindex(columns=list(names), fill_value=0).to_numpy().T >= least
    heard = heard[:, heard.any(axis=0)]
    by_name = np.array(sorted(range(len(names)), key=names.__getitem__))
    drawn = orders_of(len(names), orders, np.random.default_rng([seed, crc32(group.encode())]))
    held = np.arange(len(names))[None, :]
    return _Heard(names, heard, new_themes(heard, held)[0], new_themes(heard, by_name[drawn]))


def _counts(found: _Heard, possible: int | None) -> dict[str, Any]:
    """Return what is the same under every rule: counts, and themes that nobody mentioned."""
    n_interviews, n_themes = found.heard.shape
    per_theme = found.heard.sum(axis=0).tolist()
    unseen = richness(per_theme, n_interviews) if n_interviews >= _FEWEST else None
    if unseen and possible is not None:
        unseen = unseen.at_most(max(possible, n_themes))
    return {
        "n_interviews": n_interviews,
        "n_themes": n_themes,
        "chao2": unseen.chao2 if unseen else None,
        "chao2_low": unseen.low if unseen else None,
        "chao2_high": unseen.high if unseen else None,
        "coverage": unseen.coverage if unseen else None,
        "n_orders": len(found.new_in_orders),
    }


def _judged(found: _Heard, rule: Rule) -> dict[str, Any]:
    """Return what one rule says, or the reason why it says nothing.

    An order that never reaches saturation counts as later than every one that does: a bound that falls
    among those is null.
    """
    import numpy as np

    told: dict[str, Any] = {"base": rule.base, "run": rule.run, "threshold": rule.threshold}
    few = len(found.names) < rule.fewest
    if few or not found.new.any():
        return told | _SILENT | {"reason": REASON + ("too_few" if few else "no_theme")}
    point = int(reached(found.new[None, :], rule)[0])
    every = reached(found.new_in_orders, rule)
    later = len(found.names) + 1
    bounds = _bounds(np.where(every == NEVER, later, every)).tolist()
    low, median, high = (None if bound == later else bound for bound in bounds)
    steps = ratios(found.new, rule.base, rule.run)
    ratio = float(steps[point - rule.base if point else -1])
    outcome = "empty_base" if np.isnan(ratio) else "not_reached"
    return told | {
        "reached": point or None,
        "reached_low": low,
        "reached_median": median,
        "reached_high": high,
        "share_reached": float((every != NEVER).mean()),
        "ratio": None if np.isnan(ratio) else ratio,
        "reason": None if point else REASON + outcome,
    }


_SILENT: dict[str, Any] = dict.fromkeys(
    ("reached", "reached_low", "reached_median", "reached_high", "share_reached", "ratio")
)


def _points(found: _Heard) -> Iterator[dict[str, Any]]:
    """Yield the curve, interview by interview."""
    low, median, high = _bounds(found.new_in_orders.cumsum(axis=1))
    for place, (transcript, seen) in enumerate(zip(found.names, found.new.cumsum(), strict=True)):
        yield {
            "interview": place + 1,
            "transcript": transcript,
            "seen": seen,
            "new": found.new[place],
            "low": low[place],
            "median": median[place],
            "high": high[place],
        }


def _bounds(in_orders: NDArray[np.int64]) -> NDArray[np.int64]:
    import numpy as np

    return np.quantile(in_orders, _BAND, axis=0, method="inverted_cdf").astype(np.int64)
