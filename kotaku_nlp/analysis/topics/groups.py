"""Who says it: how much of each stakeholder group's talk a topic is, and whether groups differ.

Every informant counts once, so that a talkative one decides nothing: a group's share of a topic is the
mean of its informants' shares, and groups are compared by it. Pooled passages would let long interviews
decide, and where one group's are longer a test of them rejects more true hypotheses than it says.

Intervals and tests keep together what was said together. Interviews that share an informant are one
block. A block of one group is a unit, and labels change places only between units of one kind
(interviews with interviews, focus groups with focus groups): what the kind of talk does is not laid at a
group's door. In a focus group of several groups labels change places between its informants. Several
interviews tied together by informants of several groups stay as they are. Where nothing is left to change
places, or too little for the level of the test, no test is possible, and that is said instead of a p-value.
The interval of a difference resamples the two sides each for itself and takes kinds of talk as they come, so
it may leave out 0 where the test finds nothing.

A passage counts in its topic whether it is core or peripheral, so that every number opens to the passages
behind it. Memberships are not drawn: they are shares of neighbours, not probabilities, and dropping
passages by them would shrink all shares alike. Chance errors of assignment are in the differences between
interviews, and so in intervals and tests already; what the border of a topic does is shown by
`difference_core`, the difference when core passages alone count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kotaku_nlp.analysis.profiles import spoken
from kotaku_nlp.analysis.resampling import (
    arrangements,
    interval,
    interview_blocks,
    interview_weights,
    permutation_p,
    ratios,
)
from kotaku_nlp.analysis.topics.model import CORE, UNASSIGNED
from kotaku_nlp.records import GROUPS, UNKNOWN, table

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

#: A test that cannot reach this, whatever was said, is not made.
ALPHA = 0.05
PERMUTATIONS = 4999
#: Why a topic × group was not tested; "" where it was.
TOO_FEW_INTERVIEWS = "too_few_interviews"
ONE_GROUP = "one_group"
UNKNOWN_GROUP = "unknown_group"
_VOICE = ["block", "informant", "group"]
#: What a group has that is compared with nobody.
_UNTESTED = dict.fromkeys(
    ("share_elsewhere", "difference", "difference_low", "difference_high", "difference_core", "p", "q",
     "smallest_p")
)  # fmt: skip


def topic_groups(
    passages: pd.DataFrame,
    topics: pd.DataFrame,
    passage_topics: pd.DataFrame,
    resamples: int = 1000,
    permutations: int = PERMUTATIONS,
    seed: int = 0,
) -> pd.DataFrame:
    """Return how much each stakeholder group speaks of each topic, and how surely more or less than others.

    Passages of low evidence are left out; those that belong to no topic are part of what a group said.
    A group is compared with the informants of all other named groups. The test is exact where all
    arrangements of labels can be counted; p-values of all tests are held together by Benjamini and
    Hochberg (1995).

    :param passages: table `passages`.
    :param topics: table `topics`; its topics are told, also those nobody counted speaks of.
    :param passage_topics: table `passage_topics`.
    :param resamples: resamples of interviews.
    :param permutations: when labels can be arranged in more ways than this, so many are drawn.
    :param seed: seed of resamples and permutations.
    :return: one row per topic × group that speaks. `share` is of passages, `share_by_informant` the mean of
        informants' shares, low and high its interval (null below four interviews); share_elsewhere,
        difference and p are by informant too. p is null where it cannot be tested, and `reason` says why;
        `smallest_p` is the least that so many interviews can give.
    """
    names = sorted(topics["topic"].astype(int))
    counted = heard(passages, passage_topics)
    if counted.empty or not names:
        return table("topic_groups", [])
    voices = _voices(counted, names)
    people = spoken(passages)["informant"].groupby(spoken(passages)["group"].fillna(UNKNOWN)).nunique()
    rows: list[dict[str, Any]] = []
    for group in (*GROUPS, UNKNOWN):
        own = counted[counted["group"] == group]
        if len(own):
            compared = _compare(voices, group, resamples, permutations, seed)
            rows += (
                {"topic": topic, "group": group, "n_group_informants": people[group]} | numbers | told
                for topic, numbers, told in zip(names, _counts(own, names), compared, strict=True)
            )
    frame = table("topic_groups", [_UNTESTED | row for row in rows])
    frame["q"] = _held_together(frame["p"].to_numpy())
    order = frame["group"].map({group: place for place, group in enumerate((*GROUPS, UNKNOWN))})
    return frame.assign(order=order).sort_values(["topic", "order"], ignore_index=True).drop(columns="order")


def heard(passages: pd.DataFrame, passage_topics: pd.DataFrame) -> pd.DataFrame:
    """Return the passages that count: what informants say, without those of low evidence.

    :param passages: table `passages`.
    :param passage_topics: table `passage_topics`.
    :return: passage_id, transcript, informant, group, kind, block of interviews, topic (-1 where there is
        none) and status (null there).
    """
    counted = spoken(passages)
    counted = counted[~counted["low_evidence"].astype(bool)]
    counted = counted[["passage_id", "transcript", "informant", "group", "kind"]].astype(str).assign(
        group=counted["group"].fillna(UNKNOWN).astype(str),
        block=interview_blocks(counted["transcript"].tolist(), counted["informant"].tolist()),
    )  # fmt: skip
    placed = passage_topics[passage_topics["status"] != UNASSIGNED][["passage_id", "topic", "status"]]
    found = counted.merge(placed.astype({"passage_id": str}), on="passage_id", how="left")
    return found.assign(topic=found["topic"].astype("float64").fillna(-1).astype(int))


@dataclass(frozen=True)
class Voices:
    """What every informant says, in alphabetical order of blocks and informants.

    :param group: the group of each of v voices.
    :param block: the block of interviews of each.
    :param unit: what the label of each is tied to: voices of one unit keep one label.
    :param stratum: where labels may change places.
    :param shares: (v, topics) shares of a voice's passages.
    :param core: the same, of core passages alone.
    """

    group: NDArray[Any]
    block: NDArray[Any]
    unit: NDArray[Any]
    stratum: NDArray[Any]
    shares: Floats
    core: Floats

    def only(self, chosen: Flags) -> Voices:
        """Return some of the voices."""
        return Voices(**{name: value[chosen] for name, value in vars(self).items()})


def _counts(own: pd.DataFrame, names: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Yield what is counted of each topic among the passages of one group."""
    import pandas as pd

    found = own.groupby("topic").agg(
        n_passages=("passage_id", "size"), n_informants=("informant", "nunique"),
        n_interviews=("transcript", "nunique"),
    )  # fmt: skip
    for row in found.reindex(pd.Index(names), fill_value=0).to_dict("records"):
        yield {str(key): value for key, value in row.items()} | {"share": row["n_passages"] / len(own)}


def _voices(counted: pd.DataFrame, names: Sequence[int]) -> Voices:
    """Gather passages by informant, and say which labels may change places with which."""
    import pandas as pd

    named = counted[counted["group"] != UNKNOWN].groupby("block")
    blocks = pd.DataFrame({
        "groups": named["group"].nunique(), "interviews": named["transcript"].nunique(),
        "kinds": named["kind"].agg(lambda kinds: "+".join(sorted(set(kinds)))),
    })  # fmt: skip
    people = counted.groupby(_VOICE).size().reset_index(name="said").merge(blocks, on="block", how="left")
    person = people["block"] + "\n" + people["informant"] + "\n" + people["group"]
    shared = people["groups"] > 1
    within = people["block"].where(people["interviews"] == 1, person)
    return Voices(
        group=people["group"].to_numpy(dtype=str),
        block=people["block"].to_numpy(dtype=str),
        unit=person.where(shared, people["block"]).to_numpy(dtype=str),
        stratum=("within\n" + within).where(shared, "of " + people["kinds"]).to_numpy(dtype=str),
        shares=_shares(counted, people, names),
        core=_shares(counted[counted["status"] == CORE], people, names),
    )


def _shares(rows: pd.DataFrame, people: pd.DataFrame, names: Sequence[int]) -> Floats:
    """Return the share of each topic in what each of `people` said, (people, topics)."""
    import numpy as np
    import pandas as pd

    kept = rows[rows["topic"].isin(names)]
    voices = pd.MultiIndex.from_frame(people[_VOICE])
    place = voices.get_indexer(pd.MultiIndex.from_frame(kept[_VOICE]))
    counts = np.zeros((len(people), len(names)))
    np.add.at(counts, (place, np.searchsorted(names, kept["topic"])), 1)
    return counts / people["said"].to_numpy()[:, None]


def _compare(
    voices: Voices, group: str, resamples: int, permutations: int, seed: int
) -> Iterator[dict[str, Any]]:
    """Yield what is estimated of each topic for one group against all other named groups."""
    import numpy as np

    own = voices.only(voices.group == group)
    others = voices.only((voices.group != group) & (voices.group != UNKNOWN))
    compared = group != UNKNOWN and len(others.group) > 0
    here = _resampled(own, resamples, seed, group)
    rest = _resampled(others, resamples, seed, f"all but {group}")
    test = _test(voices, group, permutations, seed) if compared else None
    for topic in range(voices.shares.shape[1]):
        share = own.shares[:, topic].mean()
        low, high = interval(here[:, topic])
        told = {"share_by_informant": share, "low": low, "high": high}
        if test is None:
            yield told | {"reason": UNKNOWN_GROUP if group == UNKNOWN else ONE_GROUP}
            continue
        low, high = interval(here[:, topic] - rest[:, topic])
        yield told | {
            "share_elsewhere": others.shares[:, topic].mean(),
            "difference": share - others.shares[:, topic].mean(),
            "difference_low": low, "difference_high": high,
            "difference_core": own.core[:, topic].mean() - others.core[:, topic].mean(),
            "p": None if np.isnan(test.p[topic]) else test.p[topic],
            "smallest_p": test.smallest_p, "reason": test.reason,
        }  # fmt: skip


def _resampled(voices: Voices, resamples: int, seed: int, name: str) -> Floats:
    """Return mean shares over resampled blocks of interviews, (resamples, topics); nan when too few."""
    import numpy as np

    blocks, place = np.unique(voices.block, return_inverse=True)
    weights = interview_weights(len(blocks), resamples, seed, name)
    if weights is None:
        return np.full((resamples, voices.shares.shape[1]), np.nan)
    member = np.eye(len(blocks))[:, place]
    return ratios(member @ voices.shares, member.sum(axis=1)[:, None], weights)


@dataclass(frozen=True)
class Tested:
    """A permutation test of one group: p (topics,), nan where it was not made, and what it could reach."""

    p: Floats
    smallest_p: float
    reason: str


def _test(voices: Voices, group: str, permutations: int, seed: int) -> Tested:
    """Compare one group with all other named groups, its label handed out anew between units."""
    import numpy as np

    named = voices.only(voices.group != UNKNOWN)
    _, first, place = np.unique(named.unit, return_index=True, return_inverse=True)
    labelled = named.group[first] == group
    ways = arrangements(labelled, named.stratum[first].tolist(), permutations, seed, group)
    if ways.smallest_p > ALPHA:
        return Tested(np.full(named.shares.shape[1], np.nan), ways.smallest_p, TOO_FEW_INTERVIEWS)
    member = np.eye(len(first))[:, place]
    sums, sizes = member @ named.shares, member.sum(axis=1)
    observed = _differences(labelled[None, :], sums, sizes)[0]
    p = permutation_p(observed, _differences(ways.members, sums, sizes))
    return Tested(p, ways.smallest_p, "")


def _differences(labelled: Flags, sums: Floats, sizes: Floats) -> Floats:
    """Return the mean share of labelled informants less that of all others, (ways, topics).

    :param labelled: (ways, units).
    :param sums: (units, topics) shares of a unit's informants, summed.
    :param sizes: (units,) informants.
    """
    members = labelled.astype(float)
    here, people = members @ sums, (members @ sizes)[:, None]
    return (here / people) - (sums.sum(axis=0) - here) / (sizes.sum() - people)


def _held_together(p: Floats) -> Floats:
    """Return q-values of the tests that were made."""
    import numpy as np
    from scipy.stats import false_discovery_control

    q, made = np.full(len(p), np.nan), ~np.isnan(p)
    if made.any():
        q[made] = false_discovery_control(p[made])
    return q
