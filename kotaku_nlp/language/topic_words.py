"""The words that a topic may be made of: readable, without function words and fillers."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from kotaku_nlp.language.listing import words
from kotaku_nlp.language.phrases import find, index_of
from kotaku_nlp.language.tokens import tokenise

if TYPE_CHECKING:
    from snowballstemmer.indonesian_stemmer import IndonesianStemmer

_SHORTEST = 3


def topic_words(text: str) -> list[str]:
    """Return the words of a text that may carry a topic, in order, as normal forms.

    The analyzer of a topic vectoriser. Stop words, fillers, forms of address, bare
    numbers and words of fewer than three letters are left out; words stay readable, and
    a listed pair such as "kerja sama" is one word.

    :param text: any text.
    """
    tokens = tokenise(text)
    compounds = {phrase.start: phrase for phrase in find(tokens, index_of("compounds.txt"))}
    found: list[str] = []
    place = 0
    while place < len(tokens):
        compound = compounds.get(place)
        if compound:
            found.append(compound.words)
        else:
            found.extend(word for word in tokens[place].norm.split() if _carries(word))
        place = compound.end if compound else place + 1
    return found


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Return the stem of a word, to count its variants together; never to be shown.

    Snowball's Indonesian stemmer (Tala, 2003).

    :param word: a normal form, e.g. from `topic_words`.
    """
    return str(_stemmer().stemWord(word))


def _carries(word: str) -> bool:
    return len(word) >= _SHORTEST and word[0].isalpha() and word not in _empty()


@cache
def _empty() -> frozenset[str]:
    """Return the words that carry no topic."""
    return words("stopwords.txt") | words("fillers.txt") | words("numbers.txt")


@cache
def _stemmer() -> IndonesianStemmer:
    from snowballstemmer import stemmer

    return stemmer("indonesian")
