"""What coded passages show of a codebook: codes too rarely given, never apart, or never told apart."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING

from kotaku_nlp.coding.doctor.coded import MOST_PASSAGES, Coded, at_most, coded
from kotaku_nlp.coding.doctor.curve import curves
from kotaku_nlp.coding.doctor.diagnosis import Finding, Quote, listed
from kotaku_nlp.coding.doctor.reader import by_chance, unseen
from kotaku_nlp.records import Codebook, Encoder

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]

#: Below this many coded passages nothing can be said of a code.
FEWEST_PASSAGES = 8
FEWEST_INTERVIEWS = 4
#: Two codes are "always given together" when this share of the passages of either carries both.
_TOGETHER = 0.8
_APART, _CHANCE = 0.65, 0.05
#: Share of the coded passages from which it matters that they carry more codes than the codebook allows.
_OVER = 0.05
_PAIRS, _QUOTES = 5, 2


def passages(book: Codebook, examples: pd.DataFrame, encoder: Encoder, seed: int = 0) -> Iterator[Finding]:
    """Yield what coded passages show of a codebook's codes.

    :param book: the codebook.
    :param examples: columns text, code, interview; see `diagnose`.
    :param encoder: what turns texts into vectors.
    :param seed: seed of the draws behind the learning curves, and of interviews when there are many.
    :raises ValueError: when the examples lack a column.
    """
    import numpy as np

    data = coded(book, examples)
    if data.unknown:
        yield Finding(
            "unknown_codes", "medium", params={"codes": listed(list(data.unknown)), "n": len(data.unknown)}
        )
    yield from seldom(data)
    yield from together(data)
    yield from over_limit(data)
    if len(set(data.interviews)) < FEWEST_INTERVIEWS or len(book.leaves) < 2:
        yield Finding(
            "few_interviews", "low", params={"n": len(set(data.interviews)), "least": FEWEST_INTERVIEWS}
        )
        return
    rng = np.random.default_rng(seed)
    data = at_most(data, MOST_PASSAGES, rng)
    kernel, targets = data.kernel(encoder)
    yield from inseparable(data, kernel, targets)
    yield from curves(data, kernel, targets, rng)


def seldom(data: Coded) -> Iterator[Finding]:
    """Yield the codes that were given to no passage, and those given to too few.

    :param data: coded passages.
    """
    counts = {leaf.id: int(n) for leaf, n in zip(data.book.leaves, data.given.sum(axis=0), strict=True)}
    never = tuple(name for name, n in counts.items() if n == 0)
    if never:
        yield Finding("never_given", "medium", never, weight=len(never))
    few = tuple(name for name, n in counts.items() if 0 < n < FEWEST_PASSAGES)
    if few:
        told = {"least": FEWEST_PASSAGES, "counts": listed([f"{name}: {counts[name]}" for name in few])}
        yield Finding("few_passages", "medium", few, params=told, weight=len(few))


def together(data: Coded) -> Iterator[Finding]:
    """Yield pairs of codes that hardly ever stand without each other.

    :param data: coded passages.
    """
    import numpy as np

    for i, j in combinations(range(len(data.book.leaves)), 2):
        both, either = data.given[:, i] & data.given[:, j], data.given[:, i] | data.given[:, j]
        if both.sum() < FEWEST_PASSAGES or both.sum() < _TOGETHER * either.sum():
            continue
        names = (data.book.leaves[i].id, data.book.leaves[j].id)
        quotes = tuple(Quote(names[0], data.texts[row]) for row in np.flatnonzero(both)[:_QUOTES])
        told = {"both": int(both.sum()), "either": int(either.sum())}
        yield Finding("together", "high", names, quotes, told, weight=both.sum() / either.sum())


def over_limit(data: Coded) -> Iterator[Finding]:
    """Yield that passages carry more codes than `max_codes`: the machine then has to leave some out.

    :param data: coded passages.
    """
    counts = data.given.sum(axis=1)
    over, some = int((counts > data.book.max_codes).sum()), int((counts > 0).sum())
    if over and over >= _OVER * some:
        told = {"over": over, "some": some, "max_codes": data.book.max_codes}
        yield Finding("over_limit", "medium", params=told)


def inseparable(data: Coded, kernel: Matrix, targets: Matrix) -> Iterator[Finding]:
    """Yield pairs of codes whose passages a reader taught on the other interviews cannot tell apart.

    :param data: coded passages.
    :param kernel: see `Coded.kernel`.
    :param targets: see `Coded.kernel`.
    """
    scores = out_of_fold(data, kernel, targets)
    alone = [(data.given.sum(axis=1) == 1) & data.given[:, leaf] for leaf in range(targets.shape[1])]
    found = []
    for i, j in combinations(range(len(alone)), 2):
        if min(alone[i].sum(), alone[j].sum()) < FEWEST_PASSAGES:
            continue
        lean = scores[:, i] - scores[:, j]
        share = float((lean[alone[i]][:, None] > lean[alone[j]]).mean())
        if share <= _APART and by_chance(share, alone[i].sum(), alone[j].sum()) > _CHANCE:
            found.append((share, i, j))
    for share, i, j in sorted(found)[:_PAIRS]:
        names = (data.book.leaves[i].id, data.book.leaves[j].id)
        quotes = (*_leaning(data, scores, alone[i], (i, j)), *_leaning(data, scores, alone[j], (j, i)))
        told = {"share": round(100 * share), "first": int(alone[i].sum()), "second": int(alone[j].sum())}
        yield Finding("inseparable_passages", "high", names, quotes, told, weight=1 - share)


def out_of_fold(data: Coded, kernel: Matrix, targets: Matrix) -> Matrix:
    """Return the scores (n, k) of every passage from a reader that saw nothing of its interview.

    :param data: coded passages.
    :param kernel: see `Coded.kernel`.
    :param targets: see `Coded.kernel`.
    """
    n = len(data.texts)
    groups = [*(f"i {name}" for name in data.interviews), *(f"s {row}" for row in range(len(kernel) - n))]
    return unseen(kernel, targets, groups)[:n]


def _leaning(data: Coded, scores: Matrix, rows: NDArray[np.bool_], pair: tuple[int, int]) -> Iterator[Quote]:
    """Yield the passages of one code that speak most for the other."""
    import numpy as np

    places = np.flatnonzero(rows)
    lean = scores[places, pair[1]] - scores[places, pair[0]]
    for place in np.argsort(-lean, kind="stable")[:_QUOTES]:
        yield Quote(data.book.leaves[pair[0]].id, data.texts[places[place]])
