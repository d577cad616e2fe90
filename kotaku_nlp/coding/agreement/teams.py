"""Three coders or more on the same units: one Krippendorff's α over all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kotaku_nlp.coding.agreement.pairs import Reader, Sample
from kotaku_nlp.coding.agreement.resampling import Resampling, bounds, number
from kotaku_nlp.coding.coefficients.alpha import distance_matrix, masi_distance
from kotaku_nlp.coding.coefficients.ratings import encode


def team_row(readers: Sequence[Reader], sample: Sample, scope: str, resampling: Resampling) -> dict[str, Any]:
    """Return α with MASI over all coders, with its interval by interview.

    :param readers: the coders.
    :param sample: the units.
    :param scope: "all" units that two coders read, or those "coded" by at least one.
    :param resampling: how the interval is drawn.
    """
    columns = list(zip(*(reader.codes for reader in readers), strict=True))
    kept = [n for n, codes in enumerate(columns) if _in_scope(codes, scope)]
    sample = sample.only(kept)
    coders = ", ".join(reader.name for reader in readers)
    row: dict[str, Any] = {"coders": coders, "unit": sample.unit, "scope": scope, "n": sample.n}
    row["interviews"] = len(sample.names)
    if not kept:
        return row
    encoded = encode([[reader.codes[n] for n in kept] for reader in readers])
    masi = distance_matrix(encoded.values, masi_distance)
    weights = resampling.weights(row["interviews"])
    whole, drawn, without = sample.alphas(encoded.table(), masi, weights)
    return row | {"alpha": number(whole[0])} | bounds(drawn[:, None], without[:, None]).told(0)


def _in_scope(codes: Sequence[frozenset[str] | None], scope: str) -> bool:
    read = [given for given in codes if given is not None]
    return len(read) >= 2 and (scope == "all" or any(read))
