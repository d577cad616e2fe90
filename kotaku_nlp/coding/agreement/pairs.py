"""Two coders on the same units: the rows of the table "agreement", with intervals by interview."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kotaku_nlp.coding.agreement.resampling import Bounds, Resampling, bounds, number, resampled
from kotaku_nlp.coding.coefficients.alpha import alpha_many, distance_matrix, masi_distance
from kotaku_nlp.coding.coefficients.counts import (
    FEWEST_POSITIVES,
    Counts,
    ac1_many,
    kappa_many,
    undefined_reason,
)
from kotaku_nlp.coding.coefficients.ratings import encode

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: Stands in the column "code" of rows over all codes.
ALL_CODES = "all_codes"
SCOPES = ("all", "coded")
FEW = "agree_reason_few_positives"
_COUNTED = (
    "n", "both", "only_a", "only_b", "neither", "percent", "p_pos", "p_neg", "prevalence", "bias",
)  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """What coders are compared on.

    :param interviews: the interview of each unit.
    :param sizes: how often each unit counts.
    :param unit: the kind of unit.
    """

    interviews: Sequence[str]
    sizes: Sequence[int]
    unit: str

    @cached_property
    def names(self) -> list[str]:
        """The interviews, each once, in the order of their names: so the order of units changes nothing."""
        return sorted(set(self.interviews))

    @cached_property
    def n(self) -> int:
        """How many units there are, each by its size."""
        return sum(self.sizes)

    def only(self, kept: Sequence[int]) -> Sample:
        """Return the sample of some of the units."""
        return Sample([self.interviews[n] for n in kept], [self.sizes[n] for n in kept], self.unit)

    def by_interview(self, values: Floats) -> Floats:
        """Return the sums of something over the units of each interview, each unit by its size."""
        import numpy as np

        row_of = {name: row for row, name in enumerate(self.names)}
        rows = np.array([row_of[name] for name in self.interviews], dtype=np.intp)
        sizes = np.array(self.sizes, dtype=float).reshape(-1, *[1] * (values.ndim - 1))
        sums = np.zeros((len(self.names), *values.shape[1:]))
        np.add.at(sums, rows, values * sizes)
        return sums

    def alphas(self, table: Floats, distances: Floats, weights: Sequence[Floats]) -> list[Floats]:
        """Return Krippendorff's α of each sample of interviews.

        A unit with m values adds their distances over m − 1, and its values to the totals (`alpha`).

        :param table: units × values, how many coders gave a unit that value; two coders or more.
        :param distances: values × values.
        :param weights: samples × interviews, several kinds of samples.
        """
        apart = ((table @ distances) * table).sum(axis=1) / (table.sum(axis=1) - 1)
        observed, totals = (resampled(self.by_interview(values), weights) for values in (apart, table))
        return [alpha_many(*sums, distances) for sums in zip(observed, totals, strict=True)]


@dataclass(frozen=True)
class Reader:
    """One coder's codes on the units of a sample.

    :param name: the coder.
    :param codes: for each unit the codes given, None where the coder did not read it.
    :param basis: how a machine came to them; None for a person.
    :param uses: interview and code → how often it was marked, where units are no measure of that.
    """

    name: str
    codes: Sequence[frozenset[str] | None]
    basis: str | None = None
    uses: Mapping[tuple[str, str], int] | None = None


@dataclass(frozen=True, eq=False)
class Pair:
    """Two coders on units that both read.

    :param sample: those units.
    :param a: codes of one coder.
    :param b: codes of the other.
    :param uses: code → how often each of them marked it, where units are no measure of that.
    """

    sample: Sample
    a: Sequence[frozenset[str]]
    b: Sequence[frozenset[str]]
    resampling: Resampling = field(default_factory=Resampling)
    uses: tuple[Counter[str], Counter[str]] | None = None

    @cached_property
    def codes(self) -> list[str]:
        """The codes that either coder used, in the order of their names."""
        return sorted(frozenset().union(*self.a, *self.b))

    @cached_property
    def weights(self) -> list[Floats]:
        """How often each interview counts: in the whole, in the resamples, in samples without one."""
        return self.resampling.weights(len(self.sample.names))

    @cached_property
    def cells(self) -> Floats:
        """2×2 table of each unit and code, (units, 4, codes): both, only a, only b, neither."""
        import numpy as np

        shape = (len(self.a), len(self.codes))
        one, other = (
            np.array([[code in given for code in self.codes] for given in side], dtype=bool).reshape(shape)
            for side in (self.a, self.b)
        )
        return np.stack([one & other, one & ~other, ~one & other, ~one & ~other], axis=1).astype(float)

    def only(self, kept: Sequence[int]) -> Pair:
        """Return the pair on some of its units."""
        a, b = ([side[n] for n in kept] for side in (self.a, self.b))
        return replace(self, sample=self.sample.only(kept), a=a, b=b)

    def in_scope(self, scope: str) -> Pair:
        """Return the pair on all units, or on those that at least one coder coded."""
        coded = [n for n, (one, other) in enumerate(zip(self.a, self.b, strict=True)) if one or other]
        return self.only(coded) if scope == "coded" else self


def pair_of(one: Reader, other: Reader, sample: Sample, resampling: Resampling) -> Pair:
    """Return two coders on the units that both read.

    :param one: a coder.
    :param other: another.
    :param sample: the units of both.
    :param resampling: how intervals are drawn.
    """
    read = [n for n, both in enumerate(zip(one.codes, other.codes, strict=True)) if None not in both]
    a, b = ([side[n] or frozenset() for n in read] for side in (one.codes, other.codes))
    both = sample.only(read)
    return Pair(both, a, b, resampling, _used(one, other, set(both.names)))


def _used(one: Reader, other: Reader, interviews: set[str]) -> tuple[Counter[str], Counter[str]] | None:
    if one.uses is None or other.uses is None:
        return None
    found: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for count, uses in zip(found, (one.uses, other.uses), strict=True):
        for (interview, code), times in uses.items():
            count[code] += times if interview in interviews else 0
    return found


def code_rows(pair: Pair, scope: str) -> Iterator[dict[str, Any]]:
    """Yield one row a code: counts, coefficients and the interval of κ, or the reason why there is none.

    Below five units coded by either coder the coefficients are left out; the counts stand. Characters are
    no measure of that: there it is five marks.

    :param pair: two coders on all units.
    :param scope: which of them are looked at, one of `SCOPES`.
    """
    pair = pair.in_scope(scope)
    samples = resampled(pair.sample.by_interview(pair.cells), pair.weights)
    kappa, ac1 = (_bounds(many, samples) for many in (kappa_many, ac1_many))
    for place, code in enumerate(pair.codes):
        counts = _counts(samples[0][0, :, place])
        reason = _reason(pair, place)
        if reason is None and scope == "coded" and not counts.neither:
            reason = "agree_reason_never_without"  # choosing the coded units chose κ ≤ 0
        row: dict[str, Any] = {"code": code, "reason": reason, "interviews": len(pair.sample.names)}
        row |= {name: getattr(counts, name) for name in _COUNTED}
        if reason is None:
            row |= {name: getattr(counts, name) for name in ("kappa", "ac1", "pabak")}
            row |= kappa.told(place)
            row |= {"ac1_low": number(ac1.low[place]), "ac1_high": number(ac1.high[place])}
        yield row


def _reason(pair: Pair, place: int) -> str | None:
    """Return why a code has no coefficient, None when nothing speaks against it."""
    reason = undefined_reason(_counts(pair.cells[:, :, place].sum(axis=0)))
    if pair.uses is None or reason not in (None, FEW):
        return reason
    return FEW if min(uses[pair.codes[place]] for uses in pair.uses) < FEWEST_POSITIVES else None


def overall_row(pair: Pair, scope: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the row over all codes, whose `low` and `high` belong to α with MASI.

    `percent` is the share of units with the very same codes. α on single values is given where no unit
    carries two codes, so that codes exclude each other. The mean of κ is over the codes that have one,
    and stands beside their spread.

    :param pair: two coders on all units.
    :param scope: which of them are looked at, one of `SCOPES`.
    :param rows: its rows from `code_rows`.
    """
    pair = pair.in_scope(scope)
    row: dict[str, Any] = {"code": ALL_CODES, "interviews": len(pair.sample.names), "n": pair.sample.n}
    if not pair.sample.n:
        return row | {"reason": "agree_reason_no_units"}
    same = sum(size for size, a, b in zip(pair.sample.sizes, pair.a, pair.b, strict=True) if a == b)
    row |= {"percent": same / pair.sample.n} | _alphas(pair) | _mean_kappa(pair, rows)
    return row | {"reason": "agree_reason_one_category" if row["alpha"] is None else None}


def confusion_rows(pair: Pair) -> Iterator[dict[str, Any]]:
    """Yield which code one coder used where the other used another, or none.

    A code that both gave to a unit stands beside itself. Otherwise each code that only a gave stands
    beside each that only b gave, or beside null where b gave nothing else, and the other way round.

    :param pair: two coders.
    """
    found: Counter[tuple[str | None, str | None]] = Counter()
    for size, a, b in zip(pair.sample.sizes, pair.a, pair.b, strict=True):
        for one, other in _beside(a, b):
            found[one, other] += size
    for one, other in sorted(found, key=lambda codes: [(code is None, code or "") for code in codes]):
        yield {"code_a": one, "code_b": other, "n": found[one, other]}


def _beside(a: frozenset[str], b: frozenset[str]) -> Iterator[tuple[str | None, str | None]]:
    yield from ((code, code) for code in a & b)
    if a != b:
        yield from ((one, other) for one in a - b or {None} for other in b - a or {None})


def _counts(cells: Floats) -> Counts:
    both, only_a, only_b, neither = (int(cell) for cell in cells)
    return Counts(both, only_a, only_b, neither)


def _bounds(many: Any, samples: Sequence[Floats]) -> Bounds:
    """Return the bounds of a coefficient from (samples, 4, codes) of resamples and of samples without one."""
    drawn, without = (many(*(sums[:, cell] for cell in range(4))) for sums in samples[1:])
    return bounds(drawn, without)


def _alphas(pair: Pair) -> dict[str, Any]:
    """Return α with MASI, its bounds, and α on single values where codes exclude each other."""
    encoded = encode([pair.a, pair.b])
    table = encoded.table()
    masi = distance_matrix(encoded.values, masi_distance)
    whole, drawn, without = pair.sample.alphas(table, masi, pair.weights)
    found = {"alpha": number(whole[0])} | bounds(drawn[:, None], without[:, None]).told(0)
    if all(len(codes) < 2 for codes in (*pair.a, *pair.b)):
        nominal = distance_matrix(encoded.values, "nominal")
        found["alpha_nominal"] = number(pair.sample.alphas(table, nominal, pair.weights[:1])[0][0])
    return found


def _mean_kappa(pair: Pair, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    import numpy as np

    given = [place for place, row in enumerate(rows) if row.get("kappa") is not None]
    if not given:
        return {}
    kappas = [rows[place]["kappa"] for place in given]
    drawn = resampled(pair.sample.by_interview(pair.cells[:, :, given]), pair.weights)[1]
    each = np.ma.masked_invalid(kappa_many(*(drawn[:, cell] for cell in range(4))))
    means = each.mean(axis=1).filled(np.nan) if len(drawn) else np.zeros(0)
    told = bounds(means[:, None], np.zeros((0, 1))).told(0)
    found = {"kappa_mean": float(np.mean(kappas)), "kappa_min": min(kappas), "kappa_max": max(kappas)}
    return found | {f"kappa_mean_{end}": told[end] for end in ("low", "high")}
