"""Drift: whether a code is used for other things late in the coding than early in it.

A code's interviews are put in the order of coding and parted at every place: how far is the centroid of
the codings after it from that of the codings before? The farthest place is kept. Whether it could be
chance is asked by shuffling the order of the interviews, not of the passages: people who are interviewed
together talk alike whatever the coder does. For the same reason every vector is taken relative to the
mean of its interview's uncoded turns first.

Comparing each coding with its forerunners, in the later half and in the earlier, was tried first: it gave a
code that changed altogether p = .07 in ten interviews, where this gives .015.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kotaku_nlp.coding.codings import covers
from kotaku_nlp.coding.second_reading import turn_vectors, turns_of
from kotaku_nlp.errors import CodingError
from kotaku_nlp.messages import say
from kotaku_nlp.records import Analysis, Codebook, Coding

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]

#: Column → dtype of the table "drift".
COLUMNS = {
    "code": "string",
    "n": "int64",
    "interviews": "int64",
    "shift": "float64",
    "since": "string",
    "p": "float64",
    "q": "float64",
    "drifts": "bool",
    "passages": "string",
}
#: Fewer codings or interviews than this say nothing about a movement; five interviews have 120 orders.
FEWEST_CODINGS, FEWEST_INTERVIEWS = 10, 5
#: Share of false alarms among the codes said to drift (Benjamini and Hochberg, 1995).
_FALSE_ALARMS = 0.1
_REREAD = 5
_FEWEST_UNCODED = 3


def drift(analysis: Analysis, coding: Coding, draws: int = 999, seed: int = 0) -> pd.DataFrame:
    """Return which codes moved over the order of coding.

    :param analysis: a run over the same corpus.
    :param coding: one coder's coding; its rows say in `date` when a code was given.
    :param draws: shuffled orders behind every p.
    :param seed: of the shuffles.
    :return: table with `COLUMNS`, one row a code with enough codings: `shift` is the largest cosine
        distance between the codings before and after a place, `since` the first interview after it, `p`
        of the shuffles, `q` after Benjamini and Hochberg over the codes. Where a code drifts, `passages`
        holds the later passages farthest from the earlier centroid, separated by blanks, farthest first.
    :raises CodingError: when the coding says of no code when it was given.
    """
    import pandas as pd

    rows = [
        row
        for code, part in in_order(analysis, coding).groupby("code", sort=True)
        if len(part) >= FEWEST_CODINGS and part["transcript"].nunique() >= FEWEST_INTERVIEWS
        for row in [_tested(part, draws, seed) | {"code": str(code)}]
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table["q"] = adjusted(table["p"].tolist())
    table["drifts"] = table["q"] <= _FALSE_ALARMS
    table["passages"] = table["passages"].where(table["drifts"], "")
    return table.astype(COLUMNS)


def in_order(analysis: Analysis, coding: Coding) -> pd.DataFrame:
    """Return every coded turn once a code, in the order of coding.

    An interview's codings stay together, where the first of them was made.

    :param analysis: a run over the same corpus.
    :param coding: one coder's coding.
    :return: DataFrame with, among others, code, transcript, passage_id and vector, the vector relative to
        the mean of its interview's uncoded turns.
    :raises CodingError: when the coding says of no code when it was given.
    """
    import numpy as np
    import pandas as pd

    rows = coding.rows
    dates = (
        pd.to_datetime(rows["date"], errors="coerce", utc=True, format="mixed") if "date" in rows else None
    )
    if dates is None or dates.isna().all():
        raise CodingError("drift_no_dates", coding.name)
    rows = rows.assign(date=dates)[dates.notna() & rows["code"].notna() & (rows["code"] != "")]
    turns = turns_of(analysis, set(rows["transcript"]))
    marks = {str(name): part.to_dict("records") for name, part in rows.groupby("transcript")}
    given = [
        [(m, _touched(m, turn)) for m in marks[turn["transcript"]] if _touched(m, turn)] for turn in turns
    ]
    vectors = _relative(
        turn_vectors(analysis, turns), turns, np.array([not own for own in given], dtype=bool)
    )
    found = [
        (str(mark["code"]), mark["date"], turn["transcript"], turn["turn"], spot, vector)
        for turn, own, vector in zip(turns, given, vectors, strict=True)
        for mark, spot in own
    ]
    frame = pd.DataFrame(found, columns=["code", "date", "transcript", "turn", "passage_id", "vector"])
    frame["first"] = frame.groupby(["code", "transcript"])["date"].transform("min")
    frame = frame.sort_values(["code", "first", "transcript", "date", "turn"])
    return frame.drop_duplicates(["code", "transcript", "turn"], ignore_index=True)


def shift(sums: Matrix, sizes: NDArray[np.int64]) -> tuple[float, int]:
    """Return how far codings moved apart, and where.

    :param sums: (m, d), the sum of each interview's vectors, in the order of coding.
    :param sizes: (m,), number of codings of each interview.
    :return: the largest cosine distance between what lies before and after a place, and the number of
        interviews before it; a quarter of the codings at least lies on either side.
    """
    import numpy as np

    before, n = np.cumsum(sums, axis=0)[:-1], np.cumsum(sizes)[:-1]
    after = sums.sum(axis=0) - before
    norms = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    products = (before * after).sum(axis=1)
    apart = 1 - np.divide(products, norms, out=np.zeros(len(norms)), where=norms > 1e-12)
    enough = np.minimum(n, sizes.sum() - n) * 4 >= sizes.sum()
    if not enough.any():  # one interview holds most codings
        return 0.0, len(sums)
    place = int(np.where(enough, apart, -1.0).argmax())
    return float(apart[place]), place + 1


def p_value(sums: Matrix, sizes: NDArray[np.int64], draws: int, rng: np.random.Generator) -> float:
    """Return how often a shuffled order of the interviews shifts at least as much as the true one.

    :param sums: (m, d), the sum of each interview's vectors, in the order of coding.
    :param sizes: (m,), number of codings of each interview.
    :param draws: number of shuffles.
    :param rng: what shuffles.
    """
    seen = shift(sums, sizes)[0] - 1e-9
    orders = (rng.permutation(len(sums)) for _ in range(draws))
    return (1 + sum(shift(sums[order], sizes[order])[0] >= seen for order in orders)) / (1 + draws)


def adjusted(p: list[float]) -> list[float]:
    """Return p-values corrected for their number (Benjamini and Hochberg, 1995).

    :param p: one a code.
    """
    order = sorted(range(len(p)), key=lambda place: -p[place])
    q, least = [0.0] * len(p), 1.0
    for above, place in enumerate(order):
        least = min(least, p[place] * len(p) / (len(p) - above))
        q[place] = least
    return q


def drift_lines(table: pd.DataFrame, codebook: Codebook, lang: str = "id") -> list[str]:
    """Return what to read again where a code moved.

    :param table: what `drift` returned.
    :param codebook: the codebook of the coding.
    :param lang: "id" or "en".
    """
    names = {dimension.id: dimension.name(lang) for dimension in codebook.dimensions}
    moved = table[table["drifts"]].to_dict("records")
    if not moved:
        return [say("drift_none", lang)]
    return [
        say("drift_found", lang, code=names.get(row["code"], row["code"]),
            passages=row["passages"].replace(" ", ", "))
        for row in moved
    ]  # fmt: skip


def _tested(part: pd.DataFrame, draws: int, seed: int) -> dict[str, Any]:
    """Return what the codings of one code show, in their order."""
    import numpy as np

    vectors = np.stack(part["vector"].to_list())
    names, owner, sizes = np.unique(part["transcript"], return_inverse=True, return_counts=True)
    order = np.array(list(dict.fromkeys(owner.tolist())))
    sums = np.stack([vectors[owner == own].sum(axis=0) for own in order])
    value, place = shift(sums, sizes[order])
    earlier = np.isin(owner, order[:place])
    near = vectors @ vectors[earlier].sum(axis=0) / np.maximum(np.linalg.norm(vectors, axis=1), 1e-12)
    late = [row for row in np.argsort(near, kind="stable") if not earlier[row]][:_REREAD]
    return {
        "n": len(part), "interviews": len(names), "shift": value,
        "since": names[order[place]] if place < len(order) else None,
        "p": p_value(sums, sizes[order], draws, np.random.default_rng(seed)),
        "passages": " ".join(part["passage_id"].iloc[late]),
    }  # fmt: skip


def _relative(vectors: Matrix, turns: list[dict[str, Any]], uncoded: NDArray[np.bool_]) -> Matrix:
    """Return vectors less what their interview talks of anyway: its uncoded turns, or all if few are so."""
    import numpy as np

    names, moved = np.array([turn["transcript"] for turn in turns]), vectors.copy()
    for name in set(names.tolist()):
        own = names == name
        base = own & uncoded if (own & uncoded).sum() >= _FEWEST_UNCODED else own
        moved[own] -= vectors[base].mean(axis=0)
    return moved


def _touched(mark: Any, turn: dict[str, Any]) -> str:
    """Return the first passage of a turn that a coded place touches, "" where it touches none."""
    return next((str(p["passage_id"]) for p in turn["passages"] if covers(mark, p)), "")
