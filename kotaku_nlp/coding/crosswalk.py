"""Which dimensions of two frameworks correspond, as expected and as a run shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product
from typing import TYPE_CHECKING, Any

from kotaku_nlp.coding.agreement.resampling import FEWEST_INTERVIEWS, Resampling, bounds, resampled
from kotaku_nlp.coding.codebook import shipped_codebook
from kotaku_nlp.errors import CodebookError
from kotaku_nlp.messages import say
from kotaku_nlp.records import OUT_OF_FRAMEWORK, SPOKEN_KINDS

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

RELATIONS = ("same", "broader", "narrower", "related", "none")
#: Column → dtype of `seen_together`.
COLUMNS = {
    "dimension_a": "string",
    "dimension_b": "string",
    "relation": "string",
    "n_a": "int64",
    "n_b": "int64",
    "n_both": "int64",
    "interviews": "int64",
    "lift": "float64",
    "low": "float64",
    "high": "float64",
    "q": "float64",
    "verdict": "string",
}
_TURNED = {"broader": "narrower", "narrower": "broader"}
#: Two codes have met when that many passages in that many interviews carry both.
_FEWEST_PASSAGES, _FEWEST_HOMES = 3, 3
#: Share of false alarms among the pairs called unexpected (Benjamini and Hochberg, 1995).
_FALSE_ALARMS = 0.05


@dataclass(frozen=True)
class Pair:
    """How a dimension of one codebook stands to a dimension of another.

    :param a: codebook and dimension.
    :param b: codebook and dimension.
    :param relation: one of `RELATIONS`, read from `a` to `b`.
    :param reason: one line a language.
    :param source: where the claim comes from, one line a language.
    """

    a: tuple[str, str]
    b: tuple[str, str]
    relation: str
    reason: Mapping[str, str]
    source: Mapping[str, str]

    def turned(self) -> Pair:
        """Return the same correspondence seen from the other side."""
        return Pair(self.b, self.a, _TURNED.get(self.relation, self.relation), self.reason, self.source)


@cache
def load_crosswalk() -> tuple[Pair, ...]:
    """Return every correspondence between dimensions of the shipped codebooks, each once."""
    import yaml

    raw = yaml.safe_load(files("kotaku_nlp.frameworks").joinpath("crosswalk.yaml").read_text("utf-8"))
    return tuple(
        Pair(
            _place(row["a"]), _place(row["b"]), row["relation"], row["reason"], raw["sources"][row["source"]]
        )
        for row in raw["pairs"]
    )


def crosswalk(a: str, b: str, lang: str = "id") -> pd.DataFrame:
    """Return which dimensions of one shipped codebook correspond to which of another.

    :param a: id of a shipped codebook.
    :param b: id of another.
    :param lang: language of labels, reasons and sources, "id" or "en".
    :return: DataFrame dimension_a, label_a, relation, dimension_b, label_b, reason, source, in the order of
        `a`; a dimension of `a` without counterpart has one row, relation "none" and no dimension_b.
    :raises CodebookError: when the crosswalk does not know one of the codebooks.
    """
    import pandas as pd

    _known(a, b)
    left, right = shipped_codebook(a), shipped_codebook(b)
    labels = {leaf.id: leaf.name(lang) for leaf in right.leaves}
    found = _between(a, b)
    rows: list[tuple[str | None, ...]] = []
    for leaf in left.leaves:
        own = [found[leaf.id, other] for other in labels if (leaf.id, other) in found]
        rows += [
            (leaf.id, leaf.name(lang), pair.relation, pair.b[1], labels[pair.b[1]], pair.reason[lang],
             pair.source[lang])
            for pair in own
        ] or [(leaf.id, leaf.name(lang), "none", None, None, say("crosswalk_none", lang), None)]  # fmt: skip
    columns = ["dimension_a", "label_a", "relation", "dimension_b", "label_b", "reason", "source"]
    return pd.DataFrame(rows, columns=columns)


def seen_together(
    alignment: pd.DataFrame, passages: pd.DataFrame, a: str, b: str, how: Resampling | None = None
) -> pd.DataFrame:
    """Return how often assigned dimensions of two codebooks stand together, beside what was expected.

    Counted are interview and focus-group passages to which both codebooks assign something: among all
    passages any two frameworks of one field would seem to agree, because both leave small talk alone.

    :param alignment: the table "alignment" of a run with both codebooks.
    :param passages: the table "passages" of that run.
    :param a: id of a codebook.
    :param b: id of another; user codebooks have no expectation, every relation is then "none".
    :param how: resamples of interviews behind the intervals.
    :return: table with `COLUMNS`, one row a pair of dimensions, largest lift first: `lift` is how many times
        as often they stand together as chance would have it, `low` and `high` its 95 % interval (interviews
        resampled, null below four), `q` the chance that the lift is no more than one, after Benjamini and
        Hochberg over all pairs. `verdict`: "agrees" (expected, in three passages of three interviews or
        more, and the interval lies over one), "not_seen" (expected, not shown), "unexpected" (the same where
        nothing was expected, and q at most .05), "apart" (neither), "too_few" (fewer than four interviews).
    """
    import pandas as pd

    counts = _counts(alignment, passages, a, b)
    expected = _between(a, b)
    rows = [
        row | {"relation": expected[pair].relation if pair in expected else "none"}
        for row in _rows(counts, how or Resampling())
        for pair in [(row["dimension_a"], row["dimension_b"])]
    ]
    for row in rows:
        row["verdict"] = _verdict(row, len(counts.n))
    table = pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)
    order = ["lift", "dimension_a", "dimension_b"]
    return table.sort_values(order, ascending=[False, True, True], ignore_index=True)


def crosswalk_lines(table: pd.DataFrame, lang: str = "id") -> list[str]:
    """Return what a run shows of a crosswalk, agreements first, then what was not expected or not seen.

    :param table: what `seen_together` returned.
    :param lang: "id" or "en".
    """
    if (table["verdict"] == "too_few").any():
        return [say("crosswalk_too_few", lang, least=FEWEST_INTERVIEWS)]
    lines = []
    for verdict in ("agrees", "unexpected", "not_seen"):
        for row in table[table["verdict"] == verdict].to_dict("records"):
            told = {name: row[name] for name in ("dimension_a", "dimension_b", "n_both", "interviews")}
            told |= {"relation": say(f"crosswalk_relation_{row['relation']}", lang)}
            told |= {name: _figure(row[name], lang) for name in ("lift", "low", "high")}
            lines.append(say(f"crosswalk_{verdict}", lang, **told))
    return lines or [say("crosswalk_nothing", lang)]


@dataclass(frozen=True)
class _Counts:
    """What each of i interviews adds.

    :param names: the dimensions of either codebook, A and B of them.
    :param n: (i,), passages to which both codebooks assign something.
    :param a: (i, A), those with each dimension of the one.
    :param b: (i, B), those with each dimension of the other.
    :param both: (i, A, B), those with both.
    """

    names: tuple[tuple[str, ...], tuple[str, ...]]
    n: Floats
    a: Floats
    b: Floats
    both: Floats


def _counts(alignment: pd.DataFrame, passages: pd.DataFrame, a: str, b: str) -> _Counts:
    import numpy as np

    spoken = passages.loc[passages["kind"].isin(SPOKEN_KINDS), ["passage_id", "transcript"]]
    hits = alignment[alignment["dimension"] != OUT_OF_FRAMEWORK]
    grids = []
    for book in (a, b):
        own = hits[hits["codebook"] == book]
        grids.append(own.pivot(index="passage_id", columns="dimension", values="assigned").astype(bool))
    both = sorted(set(grids[0].index[grids[0].any(axis=1)]) & set(grids[1].index[grids[1].any(axis=1)]))
    home = spoken[spoken["passage_id"].isin(both)].sort_values("passage_id")
    left, right = (grid.loc[home["passage_id"]].to_numpy(dtype=float) for grid in grids)
    _, member = np.unique(home["transcript"].to_numpy(dtype=str), return_inverse=True)
    inside = (np.arange(member.max(initial=-1) + 1)[:, None] == member).astype(float)
    together = np.einsum("ip,pa,pb->iab", inside, left, right)
    names = (tuple(map(str, grids[0].columns)), tuple(map(str, grids[1].columns)))
    return _Counts(names, inside.sum(axis=1), inside @ left, inside @ right, together)


def _rows(counts: _Counts, how: Resampling) -> list[dict[str, Any]]:
    import numpy as np
    from scipy.stats import false_discovery_control

    pairs = list(product(*counts.names))
    if not pairs:
        return []
    weights = how.weights(len(counts.n))
    sums = [resampled(part, weights) for part in (counts.n, counts.a, counts.b, counts.both)]
    lifts = [_lift(*parts) for parts in zip(*sums, strict=True)]
    whole, drawn, without = (lift.reshape(len(lift), len(pairs)) for lift in lifts)
    limits = bounds(drawn, without)
    # A resample in which one of the two never occurs says nothing for the pair: it counts against it.
    p = (1 + (~(drawn > 1)).sum(axis=0)) / (1 + len(drawn))
    q = false_discovery_control(p) if len(drawn) else np.full(len(pairs), np.nan)
    found = []
    for place, (name_a, name_b) in enumerate(pairs):
        i, j = divmod(place, len(counts.names[1]))
        found.append({
            "dimension_a": name_a, "dimension_b": name_b, "n_a": int(counts.a[:, i].sum()),
            "n_b": int(counts.b[:, j].sum()), "n_both": int(counts.both[:, i, j].sum()),
            "interviews": int((counts.both[:, i, j] > 0).sum()), "lift": whole[0, place],
            "low": limits.low[place], "high": limits.high[place], "q": q[place],
        })  # fmt: skip
    return found


def _lift(n: Floats, a: Floats, b: Floats, both: Floats) -> Floats:
    """Return lifts, samples × A × B; nan where one of the two never occurs."""
    import numpy as np

    chance = a[:, :, None] * b[:, None, :]
    return np.divide(both * n[:, None, None], chance, out=np.full(both.shape, np.nan), where=chance > 0)


def _verdict(row: Mapping[str, Any], interviews: int) -> str:
    if interviews < FEWEST_INTERVIEWS:
        return "too_few"
    met = row["n_both"] >= _FEWEST_PASSAGES and row["interviews"] >= _FEWEST_HOMES and row["low"] > 1
    if row["relation"] != "none":
        return "agrees" if met else "not_seen"
    return "unexpected" if met and row["q"] <= _FALSE_ALARMS else "apart"


def _between(a: str, b: str) -> dict[tuple[str, str], Pair]:
    """Return the correspondences from one codebook to another, whichever way they are written down."""
    pairs = [*load_crosswalk(), *(pair.turned() for pair in load_crosswalk())]
    return {(pair.a[1], pair.b[1]): pair for pair in pairs if (pair.a[0], pair.b[0]) == (a, b)}


def _known(*books: str) -> None:
    known = sorted({place[0] for pair in load_crosswalk() for place in (pair.a, pair.b)})
    for book in books:
        if book not in known:
            raise CodebookError("crosswalk_unknown", name=book, known=", ".join(known))


def _place(text: str) -> tuple[str, str]:
    book, _, dimension = text.partition("/")
    return book, dimension


def _figure(value: float, lang: str) -> str:
    plain = "–" if value != value else f"{value:.1f}"
    return plain.replace(".", ",") if lang == "id" else plain
