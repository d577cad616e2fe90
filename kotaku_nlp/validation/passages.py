"""Passage intrusion and naming: what people said, without what the machine made of it.

Passage intrusion shows up to four passages of one theme, each by another informant, and one of another theme.
Naming follows ProxAnn (Hoyle et al., 2025): name what some passages have in common, then say of further
passages whether they fit the name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kotaku_nlp.validation.drawing import Drawer, mixture
from kotaku_nlp.validation.kit import Item, Kind
from kotaku_nlp.validation.themes import Passage, Theme, foreign

#: Passages of the theme in one question: as many as there are informants for.
OWN = (4, 3)
#: Passages to name, and of those to judge how many belong and how many do not.
EXAMPLES, INSIDE, OUTSIDE = 3, 2, 2


def passage_item(theme: Theme, turn: int, themes: Sequence[Theme], drawer: Drawer) -> Item | None:
    """Return a question on a theme's passages, or None when too few informants or no other theme speak.

    :param theme: the theme.
    :param turn: number of the question, from 0.
    :param themes: all themes.
    :param drawer: draws passages and order.
    """
    for size in OWN:
        own = drawer.pick(theme.passages, size)
        stranger = drawer.stranger(foreign(theme, themes), own) if own else None
        if stranger:
            drawer.keep([*own, stranger])
            return _intrusion(f"passages-{theme.key}-{turn + 1}", theme.key, "real", own, stranger, drawer)
    return None


def random_passages(number: int, themes: Sequence[Theme], drawer: Drawer) -> Item | None:
    """Return five passages from all over the themes, none of which is the odd one.

    :param number: number of the control.
    :param themes: all themes.
    :param drawer: draws passages and order.
    """
    if len(themes) < 2:
        return None
    found: list[Passage] = []
    for theme, count in zip(drawer.shuffled(themes), mixture(OWN[0] + 1, len(themes)), strict=False):
        picked = drawer.pick(theme.passages, count, found)
        if not picked:
            return None
        found += picked
    drawer.keep(found)
    chosen, *others = drawer.shuffled(found)
    return _intrusion(f"passages-random-{number}", "", "random", others, chosen, drawer)


def plain_passages(name: str, own: Sequence[str], intruder: str, drawer: Drawer) -> Item:
    """Return a question that anybody who reads it gets right; its texts are ours, nobody said them.

    :param name: name of the control.
    :param own: texts on one plain subject.
    :param intruder: a text on another.
    :param drawer: draws the order.
    """
    texts = drawer.shuffled([*own, intruder])
    sources = ("",) * len(texts)
    return Item(
        f"passages-obvious-{name}", "passages", "", "obvious", tuple(texts), sources, texts.index(intruder)
    )


def naming_items(theme: Theme, themes: Sequence[Theme], drawer: Drawer) -> list[Item]:
    """Return a theme's passages to name and those to judge, nothing when there are too few.

    :param theme: the theme.
    :param themes: all themes.
    :param drawer: draws passages and order.
    """
    examples = drawer.pick(theme.passages, EXAMPLES)
    inside = drawer.pick([p for p in theme.passages if p not in examples], INSIDE, sure=False)
    if not (examples and inside):
        return []
    outside: list[Passage] = []
    pools: Mapping[str, Sequence[Passage]] = foreign(theme, themes)
    for _ in range(OUTSIDE):
        stranger = drawer.stranger(pools, [*inside, *outside])
        if stranger is None:
            return []
        outside.append(stranger)
        pools = {key: [p for p in own if p is not stranger] for key, own in pools.items()}
    drawer.keep([*examples, *inside, *outside])
    sources = tuple(passage.id for passage in examples)
    texts = tuple(passage.text for passage in examples)
    naming = Item(f"name-{theme.key}", "name", theme.key, "real", texts, sources, None)
    judged = [(passage, 2) for passage in inside] + [(passage, 0) for passage in outside]
    return [naming, *(_fit(theme, place, *one) for place, one in enumerate(judged, start=1))]


def plain_fit(theme: str, text: str) -> Item:
    """Return a passage to judge that fits no name a theme of the run could be given.

    :param theme: key of the theme among whose passages it is shown.
    :param text: a text on a plainly different subject.
    """
    return Item(f"fit-{theme}-obvious", "fit", theme, "obvious", (text,), ("",), 0)


def _fit(theme: Theme, place: int, passage: Passage, expected: int) -> Item:
    name = f"fit-{theme.key}-{place}"
    return Item(name, "fit", theme.key, "real", (passage.text,), (passage.id,), expected)


def _intrusion(
    name: str, theme: str, kind: Kind, own: Sequence[Passage], stranger: Passage, drawer: Drawer
) -> Item:
    shown = drawer.shuffled([*own, stranger])
    texts = tuple(passage.text for passage in shown)
    sources = tuple(passage.id for passage in shown)
    return Item(name, "passages", theme, kind, texts, sources, sources.index(stranger.id))
