"""Word intrusion (Chang et al., 2009): five words of a topic and one that is strong elsewhere, weak here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kotaku_nlp.language.topic_words import stem, topic_words
from kotaku_nlp.validation.drawing import Drawer, mixture
from kotaku_nlp.validation.kit import Item, Kind
from kotaku_nlp.validation.themes import Theme

#: Words of the topic in one question.
OWN = 5
#: An intruder is said in at most this share of how often its own topic says it.
_WEAK = 1 / 3

Presence = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Vocabulary:
    """The words of all topics, and how often each is said in each.

    :param themes: the topics, those without words left out.
    :param presence: theme → word → share of the theme's passages in which it is said, in any form.
    """

    themes: tuple[Theme, ...]
    presence: Presence

    def intruders(self, theme: Theme) -> list[tuple[str, str]]:
        """Return words strong in other topics and weak in this one, with their topics, weakest first."""
        taken = frozenset[str]().union(*(stems(word) for word in theme.words))
        here = self.presence[theme.key]
        found = [
            (here[word], word, other.key)
            for other in self.themes
            for word in other.words[:OWN]
            if other.key != theme.key
            and not stems(word) & taken
            and self.presence[other.key][word] > 0
            and here[word] <= _WEAK * self.presence[other.key][word]
        ]
        return [(word, key) for _, word, key in sorted(found)]


def read_vocabulary(themes: Sequence[Theme]) -> Vocabulary:
    """Return the words of topics, counted in the passages.

    :param themes: topics.
    """
    spoken = tuple(theme for theme in themes if theme.words)
    asked = {word for theme in spoken for word in theme.words}
    presence = {}
    for theme in spoken:
        said = [stems(passage.text) for passage in theme.passages]
        presence[theme.key] = {
            word: sum(stems(word) <= text for text in said) / max(1, len(said)) for word in sorted(asked)
        }
    return Vocabulary(spoken, presence)


@lru_cache(maxsize=1 << 14)
def stems(text: str) -> frozenset[str]:
    """Return the stems of the words of a text that may carry a topic; of a lone word at least itself."""
    found = frozenset(stem(part) for word in topic_words(text) for part in word.split())
    return found or frozenset({text.casefold()})


def word_item(theme: Theme, turn: int, words: Vocabulary, drawer: Drawer) -> Item | None:
    """Return a question on a topic's words, or None when it has too few or no other topic has a fitting one.

    The first question has the five strongest words, the second the next five: no word is shown for its
    own topic twice.

    :param theme: the topic.
    :param turn: 0 for the first question, 1 for the second.
    :param words: the words of all topics.
    :param drawer: draws the intruder and the order.
    """
    own = theme.words[turn * OWN : (turn + 1) * OWN]
    found = words.intruders(theme) if theme in words.themes else []
    if len(own) < OWN or len(found) <= turn:
        return None
    weakest = found[: max(turn + 1, len(found) // 2)]
    # every question of a topic has another intruder: its own part of the candidates
    word, key = drawer.shuffled(weakest[turn::2])[0]
    texts = [(text, theme.key) for text in own] + [(word, key)]
    return _item(f"words-{theme.key}-{turn + 1}", theme.key, "real", texts, word, drawer)


def random_words(number: int, words: Vocabulary, drawer: Drawer) -> Item | None:
    """Return six words from all over the topics, none of which is the odd one.

    :param number: number of the control.
    :param words: the words of all topics.
    :param drawer: draws words and order.
    """
    if len(words.themes) < 2:
        return None
    texts: list[tuple[str, str]] = []
    taken: frozenset[str] = frozenset()
    for theme, count in zip(drawer.shuffled(words.themes), mixture(OWN + 1, len(words.themes)), strict=False):
        for word in drawer.shuffled(theme.words):
            if count and not stems(word) & taken:
                texts.append((word, theme.key))
                taken |= stems(word)
                count -= 1
    if len(texts) <= OWN:
        return None
    chosen = drawer.shuffled([word for word, _ in texts])[0]
    return _item(f"words-random-{number}", "", "random", texts, chosen, drawer)


def plain_words(name: str, listed: str, drawer: Drawer) -> Item:
    """Return a question that anybody who reads it gets right.

    :param name: name of the control.
    :param listed: five words and, behind a bar, the intruder.
    :param drawer: draws the order.
    """
    own, _, intruder = (part.strip() for part in listed.partition("|"))
    texts = [(word.strip(), "") for word in (*own.split(","), intruder)]
    return _item(f"words-obvious-{name}", "", "obvious", texts, intruder, drawer)


def _item(
    name: str, theme: str, kind: Kind, texts: Sequence[tuple[str, str]], intruder: str, drawer: Drawer
) -> Item:
    shown = drawer.shuffled(texts)
    words = tuple(word for word, _ in shown)
    sources = tuple(source for _, source in shown)
    return Item(name, "words", theme, kind, words, sources, words.index(intruder))
