"""Which topics are near one another: a tree of topics, and the few themes that a reader is shown.

Topics are joined by average linkage of their centres (Sokal and Michener, 1958); the height of a join is
the mean cosine distance between the topics on its two sides. Centres have the mean of all passages taken
off, so unrelated topics lie at 1 and beyond.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kotaku_nlp.analysis.profiles import spoken
from kotaku_nlp.analysis.topics.model import UNASSIGNED
from kotaku_nlp.records import table

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from kotaku_nlp.analysis.topics.points import Matrix

    Floats = NDArray[np.float64]

#: So few topics need no headings over them.
_FLAT = 5
#: About as many headings as a reader keeps in mind.
_MOST_THEMES = 7
#: Topics no nearer than this have nothing in common that chance would not give.
_UNRELATED = 1.0
#: A node's words are used in at least this share of the passages of each of its topics.
_SHARED = 0.05
_LABEL_WORDS = 3
#: So many passages of a topic, the surest, tell which words it uses.
_READ = 200


def topic_family(
    centres: Matrix, topics: pd.DataFrame, passages: pd.DataFrame, passage_topics: pd.DataFrame
) -> pd.DataFrame:
    """Return the tree of topics.

    A join is labelled by the words that its topics share: of the words that name them, those used in the
    passages of every one of them, and more than elsewhere; where there are none, by the first word of each.

    :param centres: direction of each topic, shape (k, d), of topic 0 first.
    :param topics: table `topics`.
    :param passages: table `passages`.
    :param passage_topics: table `passage_topics`.
    :return: one row per node: the topics 0 … k-1 and their joins from k on, nearest first; `parent` is null
        at the root, `height` 0 for a topic, `topics` the ids inside, separated by blanks.
    :raises ValueError: when centres and topics differ in number.
    """
    if len(centres) != len(topics):
        raise ValueError(f"{len(centres)} centres for {len(topics)} topics")
    known = topics.sort_values("topic").reset_index(drop=True)
    members, parents, heights = _tree(centres)
    words = {
        row["topic"]: [word for word in (row["words"] or "").split(", ") if word]
        for row in known.to_dict("records")
    }
    used = _usage({word for some in words.values() for word in some}, passages, passage_topics, len(known))
    rows = [
        {
            "node": node, "parent": parents.get(node), "height": heights[node],
            "topics": " ".join(map(str, inside)),
            "label": known["label"][node] if node < len(known) else _label(inside, words, used),
        }
        for node, inside in enumerate(members)
    ]  # fmt: skip
    return table("topic_family", rows)


def themes(family: pd.DataFrame) -> pd.DataFrame:
    """Cut a tree of topics into the themes that a reader is shown, as an indented list.

    Up to five topics stay a plain list. Of more, two to seven themes are made, cut where the next join
    would be furthest from the last; topics that are no nearer than unrelated ones are not joined, even if
    more themes remain.

    :param family: what `topic_family` returned.
    :return: rows in reading order, the theme with the largest topic first: at `level` 0 a theme, or a topic
        that stands alone; at `level` 1 the topics of the theme above.
    """
    nodes = family.sort_values("node").set_index("node")
    count = (len(nodes) + 1) // 2
    last = count + _joins(nodes["height"].to_numpy()[count:], count)
    shown = nodes[: last if count else 0]
    parent = shown["parent"].fillna(last)
    tops = sorted(shown.index[parent >= last], key=lambda node: _topics(shown["topics"][node])[0])
    rows = []
    for top in tops:
        inside = _topics(shown["topics"][top])
        rows += [(0, top), *((1, topic) for topic in inside if len(inside) > 1)]
    listed = [{"level": level, "node": node} | nodes.loc[node].to_dict() for level, node in rows]
    return table("topic_themes", listed)


def _tree(centres: Matrix) -> tuple[list[list[int]], dict[int, int], list[float]]:
    """Return the topics inside every node, the parent of every node but the root, and the heights."""
    import numpy as np
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import squareform

    count = len(centres)
    members, heights = [[topic] for topic in range(count)], [0.0] * count
    parents: dict[int, int] = {}
    if count > 1:
        # By hand, since scipy's cosine distance of a centre without direction is not a number.
        norms = np.linalg.norm(centres, axis=1, keepdims=True)
        rows = np.divide(centres, norms, out=np.zeros(centres.shape), where=norms > 0)
        apart = np.clip(1.0 - rows @ rows.T, 0.0, 2.0)
        joins = linkage(squareform(apart, checks=False), "average")
        for node, (left, right, height, _) in enumerate(joins.tolist(), start=count):
            parents |= {int(left): node, int(right): node}
            members.append(sorted(members[int(left)] + members[int(right)]))
            heights.append(height)
    return members, parents, heights


def _joins(heights: Floats, count: int) -> int:
    """Return how many joins are made before the tree is cut."""
    import numpy as np

    related = int((heights < _UNRELATED).sum())
    fewest, most = max(1, count - _MOST_THEMES), min(count - 2, related)
    if count <= _FLAT:
        return 0
    if most < fewest:
        return related
    return fewest + int(np.argmax(np.diff(heights)[fewest - 1 : most]))


def _topics(cell: str) -> list[int]:
    return [int(topic) for topic in cell.split()]


def _usage(
    words: set[str], passages: pd.DataFrame, passage_topics: pd.DataFrame, count: int
) -> Mapping[str, Floats]:
    """Return the share of each topic's passages in which each word stands, (k,); suffixes are let pass."""
    import numpy as np

    placed = passage_topics[passage_topics["status"] != UNASSIGNED]
    placed = placed[placed["topic"].isin(range(count))].merge(
        spoken(passages)[["passage_id", "text"]], on="passage_id"
    )
    placed = placed.sort_values(["membership", "passage_id"], ascending=[False, True])
    read = placed.groupby("topic").head(_READ)
    sizes = np.bincount(read["topic"], minlength=count)
    texts, topic = [text.casefold() for text in read["text"]], read["topic"].to_numpy()
    found = {}
    for word in words:
        begins, low = re.compile(rf"\b{re.escape(word.casefold())}"), word.casefold()
        stands = np.array([low in text and bool(begins.search(text)) for text in texts], dtype=bool)
        found[word] = np.bincount(topic[stands], minlength=count) / np.maximum(sizes, 1)
    return found


def _label(inside: Sequence[int], words: Mapping[int, Sequence[str]], used: Mapping[str, Floats]) -> str:
    """Return the words that topics share, or the first word of each."""
    import numpy as np

    within = np.isin(np.arange(len(words)), inside)
    ranked = []
    for word in {word for topic in inside for word in words[topic]}:
        least = used[word][within].min()
        elsewhere = used[word][~within].mean() if not within.all() else 0.0
        if least >= _SHARED and least > elsewhere:
            ranked.append((elsewhere - least, word))
    taken: list[str] = []
    for _, word in sorted(ranked):
        if not any(word in other or other in word for other in taken):
            taken.append(word)
    return ", ".join(taken[:_LABEL_WORDS] or _firsts(inside, words))


def _firsts(inside: Sequence[int], words: Mapping[int, Any]) -> list[str]:
    """Return the first word of each topic, the largest topics first."""
    firsts = dict.fromkeys(words[topic][0] for topic in inside if words[topic])
    return list(firsts)[:_LABEL_WORDS]
