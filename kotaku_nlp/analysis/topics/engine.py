"""BERTopic, guarded: our clusterer in its slot, Indonesian words, no hub, no trace left in the process."""

from __future__ import annotations

import logging
import sys
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from kotaku_nlp.language.topic_words import stem, topic_words

if TYPE_CHECKING:
    import pandas as pd
    from bertopic import BERTopic

    from kotaku_nlp.analysis.topics.clusters import Matrix, NeighbourClusters

WORDS = 10


def fit_engine(texts: Sequence[str], matrix: Matrix, clusters: NeighbourClusters) -> BERTopic:
    """Fit BERTopic on given vectors; its topic ids are those of the clusterer.

    The text goes in once per distinct passage, sorted. Words are weighted by c-TF-IDF (Grootendorst,
    2022) with BM25 weights and frequent words damped.

    :param texts: distinct passages, at least two with topic words.
    :param matrix: their unit vectors, shape (n, d).
    :param clusters: an unfitted clusterer.
    """
    with contained():
        from bertopic import BERTopic
        from bertopic.dimensionality import BaseDimensionalityReduction
        from bertopic.representation._base import BaseRepresentation
        from bertopic.vectorizers import ClassTfidfTransformer
        from sklearn.feature_extraction.text import CountVectorizer

        class Engine(BERTopic):
            """BERTopic that keeps our numbering, which counts repeated passages too."""

            def _sort_mappings_by_frequency(self, documents: pd.DataFrame) -> pd.DataFrame:
                self._update_topic_size(documents)
                return documents

        class OneFormPerStem(BaseRepresentation):
            """The strongest words of a topic, one for each stem."""

            def extract_topics(self, model: Any, documents: Any, weights: Any, topics: Any) -> dict[int, Any]:
                return {topic: one_per_stem(words) for topic, words in topics.items()}

        engine = Engine(
            language="multilingual",
            embedding_model=None,
            top_n_words=WORDS,
            umap_model=BaseDimensionalityReduction(),
            hdbscan_model=clusters,
            vectorizer_model=CountVectorizer(analyzer=topic_words),
            ctfidf_model=ClassTfidfTransformer(bm25_weighting=True, reduce_frequent_words=True),
            representation_model=OneFormPerStem(),
        )
        engine.fit(list(texts), embeddings=matrix.copy())
    return engine


def words_of(engine: BERTopic, texts: Sequence[str], groups: Sequence[int]) -> tuple[tuple[str, ...], ...]:
    """Return the words of every topic 0 … k-1, strongest first.

    A topic of which c-TF-IDF singles out nothing is described by its most frequent words.

    :param engine: a fitted BERTopic.
    :param texts: the passages that it was fitted on.
    :param groups: their topics, 0 … k-1.
    """
    told: Mapping[int, Any] = engine.get_topics()
    found = []
    for topic in range(max(groups) + 1):
        words = tuple(word for word, _ in told.get(topic, ()) if word)
        members = [text for text, group in zip(texts, groups, strict=True) if group == topic]
        found.append(words or _frequent(members))
    return tuple(found)


def one_per_stem(words: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """Return the strongest words, at most `WORDS`, none a variant of one before it.

    :param words: (word, weight), strongest first; empty words are left out.
    """
    found: dict[str, tuple[str, float]] = {}
    for word, weight in words:
        if word:
            found.setdefault(stem(word), (word, float(weight)))
    return list(found.values())[:WORDS]


@contextmanager
def contained() -> Iterator[None]:
    """Keep what BERTopic does to the process on import inside: its warning filters and its log handler."""
    log = logging.getLogger("BERTopic")
    fresh = "bertopic" not in sys.modules
    try:
        with warnings.catch_warnings():
            # Third-party imports warn about themselves; that is nobody's business here.
            warnings.simplefilter("ignore")
            yield
    finally:
        if fresh:
            for handler in list(log.handlers):
                log.removeHandler(handler)
            log.propagate = True


def _frequent(texts: Sequence[str]) -> tuple[str, ...]:
    counts = Counter(word for text in texts for word in topic_words(text))
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(word for word, _ in one_per_stem([(word, float(count)) for word, count in ranked]))
