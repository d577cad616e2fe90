"""Phrases that a corpus makes itself: words that stand together more often than chance would have it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log2
from typing import TYPE_CHECKING

from kotaku_nlp.language.topic_words import DENIALS, word_runs

if TYPE_CHECKING:
    from nltk.collocations import BigramCollocationFinder

    Runs = Sequence[Sequence[str]]
    Pair = tuple[str, str]

#: A pair is said at least so often …
FEWEST = 3
#: … is no chance (log-likelihood ratio, chi-squared with one degree of freedom, p < .001) …
LIKELIHOOD = 10.83
#: … and its parts belong together (normalised pointwise mutual information, -1 to 1).
TOGETHER = 0.5
#: Pairs are joined, then pairs of what was joined: phrases of up to this many words.
_LONGEST = 3


@dataclass(frozen=True)
class Phrases:
    """The phrases of a corpus.

    :param rounds: pair of neighbours, lower case → its NPMI; the second mapping pairs what the first joined.
    """

    rounds: tuple[Mapping[Pair, float], ...] = ()

    def read(self, text: str) -> list[str]:
        """Return the topic words of a text, phrases in one.

        A lone word of denial is left out.

        :param text: any text.
        """
        return [word for run in word_runs(text) for word in self.join(run) if word not in DENIALS]

    def join(self, run: Sequence[str]) -> list[str]:
        """Return a run of neighbours with its phrases joined by blanks; where two overlap the closer one."""
        words = list(run)
        for pairs in self.rounds:
            words = _joined(words, pairs)
        return words


def find_phrases(texts: Iterable[str]) -> Phrases:
    """Find the phrases of two or three words in texts, beside the listed compounds.

    Two neighbouring topic words are a phrase when they stand together at least `FEWEST` times, by a
    log-likelihood ratio (Dunning, 1993) of `LIKELIHOOD` or more, and with a normalised pointwise mutual
    information (Bouma, 2009) of `TOGETHER` or more. Texts in another order give the same phrases.

    :param texts: distinct passages.
    """
    runs: Runs = [run for text in texts for run in word_runs(text)]
    rounds: list[Mapping[Pair, float]] = []
    for _ in range(_LONGEST - 1):
        pairs = _collocations(runs)
        if not pairs:
            break
        rounds.append(pairs)
        runs = [_joined(run, pairs) for run in runs]
    return Phrases(tuple(rounds))


def _collocations(runs: Runs) -> dict[Pair, float]:
    """Return the pairs of neighbours that are phrases, with their NPMI."""
    from nltk.collocations import BigramCollocationFinder
    from nltk.metrics import BigramAssocMeasures

    finder = BigramCollocationFinder.from_documents([[word.lower() for word in run] for run in runs])
    finder.apply_freq_filter(FEWEST)
    sure = {
        pair
        for pair, value in finder.score_ngrams(BigramAssocMeasures.likelihood_ratio)
        if value >= LIKELIHOOD and _may_join(*pair)
    }
    bound = {
        pair: _normalised(value, finder, pair)
        for pair, value in finder.score_ngrams(BigramAssocMeasures.pmi)
        if pair in sure
    }
    return {pair: value for pair, value in sorted(bound.items()) if value >= TOGETHER}


def _normalised(pmi: float, finder: BigramCollocationFinder, pair: Pair) -> float:
    """Return PMI over the information of the pair itself: 1 when its parts never stand apart."""
    return float(pmi / log2(finder.word_fd.N() / finder.ngram_fd[pair]))


def _may_join(first: str, second: str) -> bool:
    """Tell whether a pair can be read as a phrase: no doubled word, denial only in front, not too long."""
    last = second.split()[0]
    return first != second and last not in DENIALS and len(f"{first} {second}".split()) <= _LONGEST


def _joined(run: Sequence[str], pairs: Mapping[Pair, float]) -> list[str]:
    """Join neighbours that are a pair, left to right; a word goes to the closer of its two neighbours."""
    lower = [word.lower() for word in run]
    values = [pairs.get(pair, 0.0) for pair in pairwise(lower)] + [0.0, 0.0]
    found: list[str] = []
    place = 0
    while place < len(run):
        if values[place] > 0 and values[place] >= values[place + 1]:
            found.append(f"{run[place]} {run[place + 1]}")
            place += 2
        else:
            found.append(run[place])
            place += 1
    return found
