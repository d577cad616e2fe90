"""Topics beside the codebook: what the framework foresaw, and what it did not.

A topic and a dimension belong together when more of the topic's passages carry the dimension than if
topics and dimensions had nothing to do with one another. Intervals resample interviews (those that share
an informant together), so that one interview that says one thing often shows nothing.

Every passage with evidence that informants say counts. A passage on which the reading abstains stands in
its topic's size, but neither carries a dimension nor lies outside the framework: abstaining makes every
share smaller, and never makes a topic emergent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kotaku_nlp.analysis.resampling import FEWEST_INTERVIEWS, interval, interview_weights
from kotaku_nlp.analysis.topics.groups import heard
from kotaku_nlp.records import OUT_OF_FRAMEWORK, Codebook, table

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: A dimension carries a topic from one passage in five on. A passage has few codes and a reading
#: assigns only what it is sure of: half of the passages is out of reach of a dimension that is plainly what a
#: topic is about, while below a fifth the dimension leaves nearly all of the topic untold.
PART = 0.2
#: A topic is outside the framework when more than half of its passages are.
MOST = 0.5
#: … and what binds topic and dimension is heard in at least this many interviews.
FEWEST_HEARD = 2
SUPPORTED = "supported"
SPLIT = "split"
MERGED = "merged"
EMERGENT = "emergent"
UNCLEAR = "unclear"
_NO_INTERVAL = dict.fromkeys(("low", "high", "lift_low", "lift_high"))
COVERED = "covered"
SCATTERED = "scattered"
NO_EVIDENCE = "no_evidence"


@dataclass(frozen=True)
class TopicFrame:
    """Topics beside the codebooks of a run.

    :param pairs: one row per topic × leaf dimension and × `out_of_framework`: passages together, their share
        of the topic, `lift` over independence (1: as often as chance gives), each with an interval (null when
        the topic stands in fewer than four interviews), and whether they are `linked`.
    :param topics: one row per topic × codebook, with its verdict: "supported" (one dimension carries it),
        "merged" (as supported, and other topics have the same one), "split" (several dimensions), "emergent"
        (outside the framework), "unclear"; `dimensions` are those linked, strongest first.
    :param dimensions: one row per leaf dimension: "covered" by `topics`, "scattered" (evidence that no topic
        gathers) or "no_evidence".
    """

    pairs: pd.DataFrame
    topics: pd.DataFrame
    dimensions: pd.DataFrame


def topic_frame(
    passages: pd.DataFrame,
    topics: pd.DataFrame,
    passage_topics: pd.DataFrame,
    alignment: pd.DataFrame,
    codebooks: Sequence[Codebook],
    resamples: int = 1000,
    seed: int = 0,
) -> TopicFrame:
    """Lay topics beside the dimensions of each codebook.

    A topic and a dimension are linked when the dimension holds a fifth of the topic's passages (for
    `out_of_framework`: more than half), the lower bound of the lift is above 1, and two interviews or more
    say it.

    :param passages: table `passages`.
    :param topics: table `topics`.
    :param passage_topics: table `passage_topics`.
    :param alignment: table `alignment`.
    :param codebooks: codebooks of the alignment.
    :param resamples: resamples of interviews.
    :param seed: seed of the resampling.
    """
    names = sorted(topics["topic"].astype(int))
    counted = heard(passages, passage_topics)
    pairs: list[dict[str, Any]] = []
    verdicts: list[dict[str, Any]] = []
    dimensions: list[dict[str, Any]] = []
    for codebook in codebooks:
        crossed = _cross(counted, alignment, codebook, names)
        found = list(_pair_rows(crossed, resamples, seed))
        links = sorted((row for row in found if row["linked"]), key=lambda row: -row["share"])
        pairs += found
        verdicts += _topic_rows(links, crossed)
        dimensions += _dimension_rows(links, crossed)
    return TopicFrame(
        pairs=table("topic_dimensions", [_NO_INTERVAL | row for row in pairs]),
        topics=table("topic_verdicts", verdicts),
        dimensions=table("dimension_topics", dimensions),
    )


@dataclass(frozen=True)
class Crossed:
    """Topics × dimensions of one codebook, counted block by block of interviews.

    :param codebook: the codebook's id.
    :param topics: k topic ids.
    :param dimensions: m leaves, `out_of_framework` last.
    :param hits: passages × dimensions assigned, with block, topic, transcript, informant.
    :param abstained: passages of each topic on which the reading abstains, by topic id.
    :param said: (blocks,) passages.
    :param sizes: (blocks, k) passages of each topic.
    :param spread: (blocks, m) passages of each dimension, with a topic or without.
    :param both: (blocks, k, m) passages together.
    """

    codebook: str
    topics: Sequence[int]
    dimensions: Sequence[str]
    hits: pd.DataFrame
    abstained: pd.Series[int]
    said: Floats
    sizes: Floats
    spread: Floats
    both: Floats


def _cross(
    counted: pd.DataFrame, alignment: pd.DataFrame, codebook: Codebook, names: Sequence[int]
) -> Crossed:
    """Count topics × dimensions of one codebook."""
    import numpy as np

    own = alignment[alignment["codebook"] == codebook.id]
    own = own[["passage_id", "dimension", "assigned", "abstained"]].astype({"passage_id": str})
    rows = counted.merge(own, on="passage_id")
    dimensions = [*(leaf.id for leaf in codebook.leaves), OUT_OF_FRAMEWORK]
    hits = rows[rows["assigned"].astype(bool) & rows["dimension"].isin(dimensions)]
    unsure = rows[(rows["dimension"] == OUT_OF_FRAMEWORK) & rows["abstained"].astype(bool)]
    blocks = np.unique(counted["block"].to_numpy(dtype=str))

    topic, dimension = ("topic", names), ("dimension", dimensions)
    return Crossed(
        codebook.id, names, dimensions, hits, unsure.groupby("topic")["passage_id"].nunique(),
        said=_tally(counted, blocks), sizes=_tally(counted, blocks, topic),
        spread=_tally(hits, blocks, dimension), both=_tally(hits, blocks, topic, dimension),
    )  # fmt: skip


def _tally(rows: pd.DataFrame, blocks: NDArray[Any], *by: tuple[str, Sequence[Any]]) -> Floats:
    """Count rows by block and whatever else, each a column and its values; other values are left out."""
    import numpy as np

    for column, values in by:
        rows = rows[rows[column].isin(values)]
    places = [np.searchsorted(blocks, rows["block"].to_numpy(dtype=str))]
    for column, values in by:
        at = {value: place for place, value in enumerate(values)}
        places.append(rows[column].map(at).to_numpy(dtype=int))
    counts = np.zeros((len(blocks), *(len(values) for _, values in by)))
    np.add.at(counts, tuple(places), 1)
    return counts


def _pair_rows(crossed: Crossed, resamples: int, seed: int) -> Iterator[dict[str, Any]]:
    """Yield topic × dimension, in the order of topics and of the codebook."""
    import numpy as np

    told = crossed.hits.groupby(["topic", "dimension"])[["informant", "transcript"]].nunique()
    counts = told.to_dict("index")
    stands = (crossed.sizes > 0).sum(axis=0)
    ones = np.ones((1, len(crossed.said)))
    weights = interview_weights(len(crossed.said), resamples, seed, crossed.codebook)
    share, lift = _strength(crossed, ones)
    drawn = None if weights is None else _strength(crossed, weights)
    for at, topic in enumerate(crossed.topics):
        for column, dimension in enumerate(crossed.dimensions):
            people = counts.get((topic, dimension), {"informant": 0, "transcript": 0})
            row = {
                "topic": topic, "codebook": crossed.codebook, "dimension": dimension,
                "n_passages": int(crossed.both[:, at, column].sum()),
                "n_informants": people["informant"], "n_interviews": people["transcript"],
                "share": share[0, at, column], "lift": lift[0, at, column],
            }  # fmt: skip
            if drawn is not None and stands[at] >= FEWEST_INTERVIEWS:
                row["low"], row["high"] = interval(drawn[0][:, at, column])
                row["lift_low"], row["lift_high"] = interval(drawn[1][:, at, column])
            yield row | {"linked": _linked(row)}


def _strength(crossed: Crossed, weights: Any) -> tuple[Floats, Floats]:
    """Return share of the topic and lift over independence in each resample, (draws, k, m)."""
    import numpy as np

    both = np.tensordot(weights.astype(float), crossed.both, axes=1)
    sizes = (weights @ crossed.sizes)[:, :, None]
    chance = (weights @ crossed.spread)[:, None, :] / np.maximum(weights @ crossed.said, 1)[:, None, None]
    nothing = np.full(both.shape, np.nan)
    share = np.divide(both, sizes, out=nothing.copy(), where=sizes > 0)
    return share, np.divide(share, chance, out=nothing, where=chance > 0)


def _linked(row: dict[str, Any]) -> bool:
    """Say whether topic and dimension belong together: enough, more than by chance, in several interviews."""
    enough = row["share"] > MOST if row["dimension"] == OUT_OF_FRAMEWORK else row["share"] >= PART
    above = (row.get("lift_low") or 0.0) > 1.0
    return bool(enough and above and row["n_interviews"] >= FEWEST_HEARD)


def _topic_rows(links: Sequence[dict[str, Any]], crossed: Crossed) -> Iterator[dict[str, Any]]:
    """Yield the verdict on every topic; links come strongest first."""
    own: dict[int, list[str]] = {topic: [] for topic in crossed.topics}
    for link in links:
        own[link["topic"]].append(link["dimension"])
    alone = [linked[0] for linked in own.values() if len(linked) == 1]
    for at, (topic, linked) in enumerate(own.items()):
        if OUT_OF_FRAMEWORK in linked:
            verdict = EMERGENT
        elif len(linked) == 1:
            verdict = MERGED if alone.count(linked[0]) > 1 else SUPPORTED
        else:
            verdict = SPLIT if linked else UNCLEAR
        yield {
            "topic": topic, "codebook": crossed.codebook, "verdict": verdict,
            "dimensions": " ".join(name for name in linked if name != OUT_OF_FRAMEWORK),
            "n_passages": int(crossed.sizes[:, at].sum()),
            "n_outside": int(crossed.both[:, at, -1].sum()),
            "n_abstained": int(crossed.abstained.get(topic, 0)),
        }  # fmt: skip


def _dimension_rows(links: Sequence[dict[str, Any]], crossed: Crossed) -> Iterator[dict[str, Any]]:
    """Yield the verdict on every leaf; links come strongest first."""
    told = crossed.hits.groupby("dimension")[["passage_id", "informant", "transcript"]].nunique()
    counts = told.to_dict("index")
    for dimension in crossed.dimensions[:-1]:
        topics = [str(link["topic"]) for link in links if link["dimension"] == dimension]
        here = counts.get(dimension, {"passage_id": 0, "informant": 0, "transcript": 0})
        yield {
            "codebook": crossed.codebook, "dimension": dimension,
            "verdict": COVERED if topics else SCATTERED if here["passage_id"] else NO_EVIDENCE,
            "topics": " ".join(topics), "n_passages": here["passage_id"],
            "n_informants": here["informant"], "n_interviews": here["transcript"],
        }  # fmt: skip
