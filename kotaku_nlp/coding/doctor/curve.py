"""Learning curves: how many more coded passages would make a code checkable, or that it cannot be said.

A code is checkable when a reader taught on other interviews agrees with the coder at κ .60 or more, the two
giving the code equally often. κ is measured on interviews left out, after learning from a quarter, a half,
three quarters and all of the rest, each again for several draws of interviews. κ is then taken to rise
towards a ceiling as 1/√n falls, n being the coded passages of that code (the error of an estimate shrinks
so), and the line is read off at .60. Draws are averaged in four batches and every batch gives its own answer.
Nothing is said where not even three batches agree within a factor of two, where the answer lies beyond three
times what is there, or where κ does not rise. That is often so: the codebook's own sentences already teach
much of what passages would.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kotaku_nlp.coding.doctor.coded import Coded
from kotaku_nlp.coding.doctor.diagnosis import Finding, Measured
from kotaku_nlp.coding.doctor.reader import taught

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]

#: κ from which a code counts as checkable ("substantial", Landis and Koch, 1977).
CHECKABLE = 0.6
_KEYS = {"more": "curve_more", "cannot_say": "curve_cannot_say", "checkable": "curve_checkable"}
_SHARES, _BATCHES, _DRAWS, _FOLDS = (0.25, 0.5, 0.75, 1.0), 4, 12, 4
_FEWEST, _FARTHEST, _SPREAD = 8, 3.0, 2.0


@dataclass(frozen=True)
class Outlook:
    """What a code's learning curve says.

    :param kappa: κ out of fold with all that is coded, median of the draws.
    :param answer: "checkable" now, "more" passages would do, or it "cannot_say".
    :param more: so many more coded passages of this code; 0 unless the answer is "more".
    """

    kappa: float
    answer: Literal["checkable", "more", "cannot_say"]
    more: int = 0


def curves(data: Coded, kernel: Matrix, targets: Matrix, rng: np.random.Generator) -> Iterator[Finding]:
    """Yield, in three findings at most, which codes are checkable, would be with more, or cannot be foreseen.

    :param data: coded passages of four interviews or more.
    :param kernel: see `Coded.kernel`.
    :param targets: see `Coded.kernel`.
    :param rng: what draws interviews.
    """
    given = data.given.sum(axis=0)
    leaves = [number for number in range(len(data.book.leaves)) if given[number] >= _FEWEST]
    n, kappas = measured(data, kernel, targets, rng)
    found = {
        data.book.leaves[leaf].id: outlook(n[:, :, leaf], kappas[:, :, leaf], int(given[leaf]))
        for leaf in leaves
    }
    for answer, key in _KEYS.items():
        own = {name: seen for name, seen in found.items() if seen.answer == answer}
        if own:
            told = tuple(Measured(name, seen.kappa, seen.more) for name, seen in own.items())
            yield Finding(key, "low", tuple(own), weight=-1, measured=told)


def measured(data: Coded, kernel: Matrix, targets: Matrix, rng: np.random.Generator) -> tuple[Matrix, Matrix]:
    """Return how much was learnt from and how well it was learnt.

    :param data: coded passages of four interviews or more.
    :param kernel: see `Coded.kernel`.
    :param targets: see `Coded.kernel`.
    :param rng: what draws interviews.
    :return: draws × shares × codes, twice: coded passages of the code that were learnt from (mean of the
        folds), and κ on the interviews left out.
    """
    import numpy as np

    names = np.array(data.interviews)
    rest = np.arange(len(names), len(kernel))
    shape = (_DRAWS, len(_SHARES), targets.shape[1])
    n, kappas = np.zeros(shape), np.zeros(shape)
    for draw in range(_DRAWS):
        folds = np.array_split(rng.permutation(np.unique(names)), _FOLDS)
        for place, share in enumerate(_SHARES):
            scores = np.zeros(data.given.shape)
            for fold in folds:
                asked = np.flatnonzero(np.isin(names, fold))
                others = rng.permutation(np.setdiff1d(names, fold))
                seen = np.flatnonzero(np.isin(names, others[: max(1, round(share * len(others)))]))
                scores[asked] = taught(kernel, targets, np.r_[seen, rest], asked)
                n[draw, place] += data.given[seen].sum(axis=0) / _FOLDS
            kappas[draw, place] = [kappa(data.given[:, c], scores[:, c]) for c in range(shape[2])]
    return n, kappas


def kappa(given: NDArray[np.bool_], scores: NDArray[np.float64]) -> float:
    """Return Cohen's κ (1960) between a coder and scores that give the code equally often.

    :param given: (n,), which passages carry the code.
    :param scores: (n,), larger speaks more for it.
    """
    import numpy as np

    positive, n = int(given.sum()), len(given)
    if positive in (0, n):
        return 0.0
    taken = np.argsort(-scores, kind="stable")[:positive]
    chance = positive / n
    return float((given[taken].mean() - chance) / (1 - chance))


def outlook(n: Matrix, kappas: Matrix, now: int) -> Outlook:
    """Return what a learning curve says of one code.

    :param n: draws × shares, coded passages of the code that were learnt from; draws in four batches.
    :param kappas: draws × shares, κ out of fold.
    :param now: coded passages of the code that there are.
    """
    import numpy as np

    reached = float(np.median(kappas[:, -1]))
    if reached >= CHECKABLE:
        return Outlook(reached, "checkable")
    batches = [points.reshape(_BATCHES, -1, points.shape[1]).mean(axis=1) for points in (n, kappas)]
    first, middle, third, _ = sorted(_needed(*batch) for batch in zip(*batches, strict=True))
    if third > min(_FARTHEST * now, _SPREAD * first):
        return Outlook(reached, "cannot_say")
    return Outlook(reached, "more", max(1, round(middle - now)))


def _needed(n: Matrix, kappas: Matrix) -> float:
    """Return the coded passages at which a curve meets the goal; infinite where it never does."""
    import numpy as np

    slope, ceiling = np.polyfit(1 / np.sqrt(np.maximum(n, 0.5)), kappas, 1)
    if slope >= 0 or ceiling <= CHECKABLE:
        return float("inf")
    return float((slope / (CHECKABLE - ceiling)) ** 2)
