"""What each stakeholder group says: group × dimension and group × aspect, intervals by interview.

Passages of one interview are not independent, so the intervals resample interviews, never passages
(cluster bootstrap, percentile; Field & Welsh, 2007). Observations and documents stay out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kotaku_nlp.analysis.resampling import FEWEST_INTERVIEWS, interval, interview_weights, ratios
from kotaku_nlp.records import ASPECTS, GROUPS, OUT_OF_FRAMEWORK, SPOKEN_KINDS, UNKNOWN, Codebook, table

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Weights = NDArray[np.int64]


def spoken(passages: pd.DataFrame) -> pd.DataFrame:
    """Return the passages of informants in interviews and focus groups: all that may be counted."""
    return passages[passages["kind"].isin(SPOKEN_KINDS) & passages["informant"].notna()]


def profile_table(
    passages: pd.DataFrame,
    alignment: pd.DataFrame,
    aspects: pd.DataFrame,
    codebooks: Sequence[Codebook],
    resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Return the table "profile".

    A dimension's value is the share of the group's informants with an assigned passage, and by
    informant the mean share of an informant's passages; an aspect's value is the mean of P(positive)
    − P(negative) over passages with evidence, and by informant the mean of the informants' means.
    Without evidence the value is null, never 0; below four interviews there is no interval.

    :param passages: the table "passages".
    :param alignment: the table "alignment".
    :param aspects: the table "aspects".
    :param codebooks: codebooks of the alignment.
    :param resamples: resamples of interviews.
    :param seed: seed of the resampling.
    """
    counted = spoken(passages)[["passage_id", "transcript", "informant", "group"]]
    hits = counted.merge(alignment[alignment["assigned"].astype(bool)], on="passage_id")
    tones = counted.merge(aspects, on="passage_id")
    tones = tones.assign(tone=tones["p_positive"] - tones["p_negative"])
    rows: list[dict[str, Any]] = []
    for group in (*GROUPS, UNKNOWN):
        own = counted[counted["group"] == group]
        if own.empty:
            continue
        weights = interview_weights(own["transcript"].nunique(), resamples, seed, group)
        of_hits, of_tones = hits[hits["group"] == group], tones[tones["group"] == group]
        rows += (row | {"group": group} for row in _dimension_rows(own, of_hits, codebooks, weights))
        rows += (row | {"group": group} for row in _aspect_rows(own, of_tones, weights))
    return table("profile", rows)


def _dimension_rows(
    own: pd.DataFrame, hits: pd.DataFrame, codebooks: Sequence[Codebook], weights: Weights | None
) -> Iterator[dict[str, Any]]:
    people = own.groupby("transcript")["informant"].nunique().sort_index()
    said = own.groupby("informant")["passage_id"].nunique()
    for codebook in codebooks:
        for name in (leaf.id for leaf in codebook.leaves):
            found = hits[(hits["codebook"] == codebook.id) & (hits["dimension"] == name)]
            per_interview = (
                found.groupby("transcript")["informant"].nunique().reindex(people.index, fill_value=0)
            )
            low, high = _interval(per_interview.to_numpy(), people.to_numpy(), weights)
            share = (
                found.groupby("informant")["passage_id"].nunique().reindex(said.index, fill_value=0) / said
            )
            yield _counts(own, found, codebook.id, "dimension", name) | (
                {
                    "value": found["informant"].nunique() / own["informant"].nunique(),
                    "value_by_informant": share.mean(), "low": low, "high": high,
                }
                if len(found) else _NOTHING
            )  # fmt: skip


def _aspect_rows(own: pd.DataFrame, tones: pd.DataFrame, weights: Weights | None) -> Iterator[dict[str, Any]]:
    interviews = sorted(own["transcript"].unique())
    for name in ASPECTS:
        found = tones[(tones["aspect"] == name) & tones["tone"].notna()]
        by_interview = (
            found.groupby("transcript")["tone"].agg(["sum", "count"]).reindex(interviews, fill_value=0)
        )
        low, high = _interval(by_interview["sum"].to_numpy(), by_interview["count"].to_numpy(), weights)
        if found["transcript"].nunique() < FEWEST_INTERVIEWS:
            low = high = None
        yield _counts(own, found, "aspects", "aspect", name) | (
            {
                "value": found["tone"].mean(), "low": low, "high": high,
                "value_by_informant": found.groupby("informant")["tone"].mean().mean(),
            }
            if len(found) else _NOTHING
        )  # fmt: skip


_NOTHING = {"value": None, "value_by_informant": None, "low": None, "high": None}


def _counts(own: pd.DataFrame, found: pd.DataFrame, codebook: str, measure: str, name: str) -> dict[str, Any]:
    passages = found["passage_id"].nunique()
    return {
        "codebook": codebook,
        "measure": measure,
        "name": name,
        "n_passages": passages,
        "n_informants": found["informant"].nunique(),
        "n_interviews": found["transcript"].nunique(),
        "n_group_informants": own["informant"].nunique(),
        "n_no_evidence": own["passage_id"].nunique() - passages,
    }


def _interval(parts: Any, wholes: Any, weights: Weights | None) -> tuple[float | None, float | None]:
    """Return the percentile interval of sum(parts) / sum(wholes) over resampled interviews."""
    return (None, None) if weights is None else interval(ratios(parts, wholes, weights))


def assigned_dimensions(alignment: pd.DataFrame) -> pd.DataFrame:
    """Return the assigned rows that name a dimension, `out_of_framework` left out."""
    return alignment[alignment["assigned"].astype(bool) & (alignment["dimension"] != OUT_OF_FRAMEWORK)]
