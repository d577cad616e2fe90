"""The words that a topic may be made of: readable, without function words, fillers and people's names."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from kotaku_nlp.language.listing import words
from kotaku_nlp.language.normalise import known, normalise
from kotaku_nlp.language.phrases import find, index_of
from kotaku_nlp.language.stems import stem_of
from kotaku_nlp.language.tokens import Token, tokenise

#: These carry a topic only with the word that they deny: "tidak dilibatkan".
DENIALS = frozenset({"tidak", "belum", "tanpa"})
_SHORTEST = 3
_SHORTEST_ACRONYM = 2
#: A capital word this short is an acronym even where the lexicon has its letters: "LAS", "BOP".
_ACRONYM = 4
_INITIALS = 2
#: Clitics before a verb: "kuajak", "kaubawa"; what remains has to be a known word of this length.
_PROCLITICS = ("kau", "ku")
_ENCLITIC = "nya"
_PARTICLES = ("lah", "kah", "pun")
_SHORTEST_VERB = 4


def topic_words(text: str) -> list[str]:
    """Return the words of a text that may carry a topic, in order.

    Stop words of Indonesian and English, fillers, forms of address with the names that follow them, bare
    numbers and words of fewer than three letters are left out. Words stay readable: normal forms without
    clitics, reduplication in one word, acronyms as written, a listed pair such as "kerja sama" one word.

    :param text: any text.
    """
    return [word for run in word_runs(text) for word in run if word not in DENIALS]


def word_runs(text: str) -> list[list[str]]:
    """Return the topic words of a text in runs of neighbours, where phrases may be looked for.

    Anything left out parts two runs, and so does a punctuation mark. Words that deny ("tidak", "belum",
    "tanpa") stand in the runs, though alone they carry no topic.

    :param text: any text.
    """
    tokens = tokenise(text)
    compounds = {phrase.start: phrase for phrase in find(tokens, index_of("compounds.txt"))}
    names, shouted = _names(tokens), text.isupper()
    runs: list[list[str]] = [[]]
    place = 0
    while place < len(tokens):
        compound = compounds.get(place)
        after = compound.end if compound else place + 1
        word = " ".join(_shown(token, shouted) for token in tokens[place:after])
        if compound and after == place + 1:
            word = compound.words  # written in one: "kerjasama"
        carries = bool(compound) or (place not in names and _carries(tokens[place].norm, word))
        if tokens[place].apart or not carries:
            runs.append([])
        if carries:
            runs[-1].append(word)
        place = after
    return [run for run in runs if run]


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Return the key under which the forms of a word are counted together; never to be shown.

    Case does not count, "warga-warga" is counted with "warga", a phrase word by word.

    :param word: a word or phrase from `topic_words`.
    """
    return " ".join(_key(part) for part in word.lower().split())


def _key(word: str) -> str:
    front, _, back = word.partition("-")
    if front and back and stem_of(front) == stem_of(back):
        return stem_of(front)
    return stem_of(word)


def _shown(token: Token, shouted: bool) -> str:
    """Return a token as a reader sees it: an acronym as written, any other word in its normal form."""
    written = token.text.split("-")[0]
    if (
        not shouted
        and written.isupper()
        and len(written) >= _SHORTEST_ACRONYM
        and (len(written) <= _ACRONYM or written.lower() not in words("roots.txt"))
    ):
        return written
    return _without_clitic(token.norm)


def _without_clitic(norm: str) -> str:
    """Take off what `normalise` leaves: a clitic in front, -nya after a short word, and two at once."""
    if norm in known():
        return norm
    for particle in _PARTICLES:
        host = normalise(norm.removesuffix(particle))
        if norm.endswith(particle) and host in known():
            return host
    noun = norm.removesuffix(_ENCLITIC)
    if noun != norm and len(noun) >= _SHORTEST and noun in known():
        return noun
    for clitic in _PROCLITICS:
        verb = norm.removeprefix(clitic)
        if verb != norm and len(verb) >= _SHORTEST_VERB and verb in known():
            return verb
    return norm


def _carries(norm: str, shown: str) -> bool:
    """Tell whether a word may stand in a run."""
    if shown in DENIALS:
        return True
    shortest = _SHORTEST_ACRONYM if shown.isupper() else _SHORTEST
    return (
        len(shown) >= shortest and shown[0].isalpha() and not _is_empty(norm) and not _is_empty(shown.lower())
    )


def _is_empty(word: str) -> bool:
    return all(part in _empty() for part in word.split())


def _names(tokens: Sequence[Token]) -> frozenset[int]:
    """Return the places of people's names after a form of address: "Bu Yanti", "Pak Haji Rahman".

    What people are ("Pak Lurah", "Bu Bidan") is no name, but a name may follow it.
    """
    found: set[int] = set()
    place = 0
    while place < len(tokens):
        if tokens[place].text.lower() not in words("address.txt"):
            place += 1
            continue
        place += 1
        start = place
        while place < len(tokens) and _is_capital(tokens[place]) and _is_called(tokens, place, start):
            if tokens[place].norm not in words("roles.txt"):
                found.add(place)
            place += 1
    return frozenset(found)


def _is_called(tokens: Sequence[Token], place: int, start: int) -> bool:
    """Tell whether a capitalised word still belongs to whom the form of address calls."""
    token = tokens[place]
    if token.text.lower() in words("address.txt") or (token.apart and place > start):
        return False
    return place == start or token.norm in words("roles.txt") or token.norm not in known()


def _is_capital(token: Token) -> bool:
    """Tell whether a word is written as a name is, or as the initials that stand for one: "Bu SR"."""
    return token.text.istitle() or (token.text.isupper() and len(token.text) <= _INITIALS)


@cache
def _empty() -> frozenset[str]:
    """Return the words that carry no topic."""
    lists = ("stopwords.txt", "stopwords_en.txt", "fillers.txt", "numbers.txt", "address.txt")
    return frozenset().union(*(words(name) for name in lists))
