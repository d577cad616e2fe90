"""The words and the label of every topic: what sets it apart, in a form that several people used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kotaku_nlp.language.collocations import find_phrases
from kotaku_nlp.language.topic_words import stem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    Weights = NDArray[np.float64]

#: A topic has up to this many words.
WORDS = 10
#: Its label is the first four of them, three where these are more than four words, as with phrases.
_LABEL_WORDS = (3, 4)
#: With fewer topics c-TF-IDF is flat: words are weighed by log-odds.
_FEW_TOPICS = 4
#: A word of a topic is used in so many interviews.
_INTERVIEWS = 2
#: Words looked at for a topic, strongest first, and what strength counts beside likeness to those taken.
_CANDIDATES = 60
_STRENGTH = 0.7
#: Words that share more of their letters (Dice's coefficient of letter trigrams) are one word to a reader.
_SAME_LETTERS = 0.7
_TINY = 1e-12


@dataclass(frozen=True)
class TopicWords:
    """The words of a topic in the order of their choice, each with its weight, 0 to 1."""

    words: tuple[str, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True)
class _Word:
    """A word that a topic may be described by, with its strength there, 0 to 1."""

    key: str
    shown: str
    strength: float


@dataclass(frozen=True)
class Usage:
    """Who uses which words in which topic; rows are `topics`, columns are `keys`.

    :param topics: topics in ascending order, -1 included where some passages have none.
    :param keys: stems of words and phrases, sorted.
    :param forms: for each topic, key → how often each written form stands there.
    :param use: sum over interviews of log2(1 + times used), so that one informant who repeats a word does
        not outweigh several who say it.
    :param interviews: number of interviews in which a key is used.
    :param anywhere: the same over all topics together, shape (keys,).
    """

    topics: tuple[int, ...]
    keys: tuple[str, ...]
    forms: tuple[Mapping[str, Counter[str]], ...]
    use: Weights
    interviews: Weights
    anywhere: Weights


def describe(
    texts: Sequence[str], groups: Sequence[int], blocks: Sequence[Sequence[int]] | None = None
) -> dict[int, TopicWords]:
    """Return the words of every topic, up to ten.

    Words are weighed by c-TF-IDF (Grootendorst, 2022) with BM25 weights; where there are fewer than four
    topics by log-odds with an informative Dirichlet prior (Monroe, Colaresi and Quinn, 2008). What is
    weighed is not how often a word stands, but the sum over interviews of log2(1 + times used), and a word
    has to be used in two interviews of its topic: names, places and turns of phrase of one informant
    describe none. A word belongs to the topic that it is strongest in. Only where that leaves fewer than
    three words do others follow: those that are stronger elsewhere, then those used in two interviews of
    the whole text, and for a topic that still has none, or stands in one interview only, whatever it has.

    A phrase counts apart from its parts, so it replaces them where they are said in it, and weighs by the
    square root of its number of words, since it tells more. Forms of one stem
    are one word, shown as it is said most in the topic. Words are taken by maximal marginal relevance
    (Carbonell and Goldstein, 1998): one that is near to those taken comes later, a variant never.

    :param texts: distinct passages, each with topic words; their order does not matter.
    :param groups: their topics, -1 for none.
    :param blocks: rows of each interview; a row may stand in several. Every passage counts as an interview
        of its own when left out.
    :return: topic → its words; at least one word each, -1 included where it has passages.
    """
    import numpy as np

    usage = count(texts, groups, blocks)
    few = sum(topic >= 0 for topic in usage.topics) < _FEW_TOPICS
    lengths = np.array([len(key.split()) for key in usage.keys])
    weights = (_log_odds if few else _ctfidf)(usage.use) * np.sqrt(lengths)
    owners = weights.argmax(axis=0)
    return {topic: _chosen(usage, weights[row], owners == row, row) for row, topic in enumerate(usage.topics)}


def labels_of(words: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return a label of every topic: its first three words or phrases, four where they are single words.

    Where two topics would have the same label, the later one names more of its words; a number in
    brackets parts topics of the very same words.

    :param words: the words of every topic, the strongest first.
    """
    labels: list[str] = []
    for some in words:
        options = [", ".join(some[:stop]) for stop in range(_label_words(some), max(len(some), 1) + 1)]
        options += [f"{options[-1]} ({number})" for number in range(2, len(words) + 2)]
        taken = {_bag(label) for label in labels}
        labels.append(next(label for label in options if _bag(label) not in taken))
    return tuple(labels)


def _label_words(words: Sequence[str]) -> int:
    """Return how many words make a label."""
    fewest, most = _LABEL_WORDS
    long = len(" ".join(words[:fewest]).split()) > most
    return min(fewest if long else most, max(len(words), 1))


def count(texts: Sequence[str], groups: Sequence[int], blocks: Sequence[Sequence[int]] | None) -> Usage:
    """Count who uses which words in which topic; parameters as those of `describe`."""
    import numpy as np
    from sklearn.feature_extraction.text import CountVectorizer

    phrases = find_phrases(texts)
    read = [phrases.read(text) for text in texts]
    topics = sorted(set(groups))
    forms: dict[int, dict[str, Counter[str]]] = {topic: {} for topic in topics}
    for words, topic in zip(read, groups, strict=True):
        for word in words:
            forms[topic].setdefault(stem(word), Counter())[word] += 1
    vectoriser = CountVectorizer(analyzer=_stems)
    counts = vectoriser.fit_transform(read)
    told_in = _told_in(len(texts), blocks)
    here = [counts.multiply(np.equal(groups, topic)[:, None]).tocsr() for topic in topics]
    said = [told_in @ part for part in here]
    return Usage(
        topics=tuple(topics),
        keys=tuple(vectoriser.get_feature_names_out()),
        forms=tuple(forms[topic] for topic in topics),
        use=np.stack([_column_sums(part.log1p()) / np.log(2) for part in said]),
        interviews=np.stack([_column_sums(part > 0) for part in said]),
        anywhere=_column_sums(told_in @ counts > 0),
    )


def _told_in(texts: int, blocks: Sequence[Sequence[int]] | None) -> csr_matrix:
    """Return which text stands in which interview, interviews × texts; a text without one is its own."""
    import numpy as np
    from scipy.sparse import csr_matrix

    some = [sorted(set(rows)) for rows in blocks or ()]
    known = {row for rows in some for row in rows}
    some += [[row] for row in range(texts) if row not in known]
    rows = np.repeat(np.arange(len(some)), [len(rows) for rows in some])
    columns = np.array([row for rows in some for row in rows], dtype=np.int64)
    return csr_matrix((np.ones(len(columns)), (rows, columns)), shape=(len(some), texts))


def _column_sums(matrix: csr_matrix) -> Weights:
    import numpy as np

    return np.asarray(matrix.sum(axis=0), dtype=np.float64).ravel()


def _stems(words: Sequence[str]) -> list[str]:
    return [stem(word) for word in words]


def _ctfidf(use: Weights) -> Weights:
    """Return c-TF-IDF with BM25 weights, topics × words; 0 for what is common everywhere."""
    import numpy as np

    of_word = use.sum(axis=0)
    mean = int(use.sum(axis=1).mean())
    idf = np.log(1 + (mean - of_word + 0.5) / (of_word + 0.5))
    return np.asarray(use / use.sum(axis=1, keepdims=True) * idf.clip(0.0))


def _log_odds(use: Weights) -> Weights:
    """Return z-scores of the log-odds of each word, topics × words, a topic against all others.

    The prior has the proportions of the whole text and the weight of a topic of mean size.
    """
    import numpy as np

    total = use.sum()
    prior = use.sum(axis=0) / len(use)
    others = use.sum(axis=0) - use
    size, rest = use.sum(axis=1, keepdims=True), total - use.sum(axis=1, keepdims=True)
    strength = prior.sum()

    def odds(words: Weights, words_in_all: Weights) -> Weights:
        apart = words_in_all + strength - words - prior
        return np.asarray(np.log(words + prior) - np.log(np.maximum(apart, prior.min())))

    variance = 1 / (use + prior) + 1 / (others + prior)
    return np.asarray((odds(use, size) - odds(others, rest)) / np.sqrt(variance))


def _chosen(usage: Usage, weights: Weights, own: NDArray[np.bool_], row: int) -> TopicWords:
    """Choose the words of one topic, from the firmest down to what there is.

    :param weights: weight of every key in the topic, shape (keys,).
    :param own: keys that are strongest in this topic, shape (keys,).
    :param row: row of the topic.
    """
    here, telling = usage.interviews[row] > 0, weights > 0
    shared = here & (usage.anywhere >= _INTERVIEWS)
    firm = shared & telling & (usage.interviews[row] >= _INTERVIEWS)
    best = firm & own if (firm & own).any() else here
    strength = (weights / max(float(weights[best].max()), _TINY)).clip(0.0, 1.0)
    taken: list[_Word] = []
    fewest = _LABEL_WORDS[0]
    last = fewest if usage.interviews[row].max() < _INTERVIEWS else 1
    tiers = ((WORDS, firm & own), (fewest, firm), (fewest, shared), (last, here))
    for until, allowed in tiers:
        if len(taken) < until:
            _take(taken, _strongest(usage, row, strength, allowed), until)
    return TopicWords(tuple(word.shown for word in taken), tuple(word.strength for word in taken))


def _strongest(usage: Usage, row: int, strength: Weights, allowed: NDArray[np.bool_]) -> list[_Word]:
    """Return the strongest words of a topic; ties by how many use them, then by their letters."""
    import numpy as np

    order = np.lexsort((-usage.use[row], -strength))
    best = [place for place in order if allowed[place]][:_CANDIDATES]
    keys = [usage.keys[place] for place in best]
    return [
        _Word(key, _most_said(usage.forms[row][key]), float(strength[place]))
        for key, place in zip(keys, best, strict=True)
    ]


def _most_said(forms: Counter[str]) -> str:
    return min(forms, key=lambda form: (-forms[form], form))


def _take(taken: list[_Word], candidates: Sequence[_Word], until: int) -> None:
    """Add candidates to the words taken until there are `until`, by maximal marginal relevance."""
    near = [max((_likeness(word, other) for other in taken), default=0.0) for word in candidates]
    while len(taken) < until and min(near, default=1.0) < 1.0:
        left = [place for place, value in enumerate(near) if value < 1.0]
        best = max(
            left, key=lambda place: _STRENGTH * candidates[place].strength - (1 - _STRENGTH) * near[place]
        )
        taken.append(candidates[best])
        near = [
            max(value, _likeness(word, candidates[best]))
            for value, word in zip(near, candidates, strict=True)
        ]


def _likeness(one: _Word, other: _Word) -> float:
    """Return how alike two words are, 0 to 1: shared stems, and 1 where their letters are nearly the same.

    A phrase is no variant of its parts, though it holds their letters.
    """
    mine, theirs = one.key.split(), other.key.split()
    same_length = len(mine) == len(theirs)
    if same_length and _shared(_trigrams(one.shown), _trigrams(other.shown)) > _SAME_LETTERS:
        return 1.0
    return len({*mine} & {*theirs}) / len({*mine, *theirs})


def _shared(one: Counter[str], other: Counter[str]) -> float:
    return 2 * (one & other).total() / max(1, one.total() + other.total())


def _trigrams(word: str) -> Counter[str]:
    framed = f" {word.lower()} "
    return Counter(framed[place : place + 3] for place in range(len(framed) - 2))


def _bag(label: str) -> frozenset[str]:
    return frozenset(label.casefold().split(", "))
