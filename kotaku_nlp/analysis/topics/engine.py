"""BERTopic, guarded: our clusterer in its slot, Indonesian words, no hub, no trace left in the process."""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from kotaku_nlp.analysis.topics.words import WORDS, describe
from kotaku_nlp.language.topic_words import topic_words

if TYPE_CHECKING:
    import pandas as pd
    from bertopic import BERTopic

    from kotaku_nlp.analysis.topics.clusters import ConsensusClusters
    from kotaku_nlp.analysis.topics.points import Matrix

#: BERTopic keeps this many passages of each topic as its own examples.
_EXAMPLES = 3
#: Parts of BERTopic that nobody here uses, and that import sentence-transformers and transformers (seconds).
_UNUSED = tuple(
    f"bertopic.{part}"
    for part in (
        "backend._multimodal", "representation._textgeneration", "representation._visual",
        "representation._zeroshot",
    )
)  # fmt: skip


def fit_engine(
    texts: Sequence[str],
    matrix: Matrix,
    clusters: ConsensusClusters,
    blocks: Sequence[Sequence[int]] | None = None,
) -> BERTopic:
    """Fit BERTopic on given vectors; its topic ids are those of the clusterer, its words those of `describe`.

    The text goes in once per distinct passage, sorted. What is wrong in BERTopic 0.17.4 is kept out: no
    English token pattern, no English clean-up of the text, a copy of the vectors, and examples of a topic
    that are its passages nearest to the centre instead of a sample drawn with replacement.

    :param texts: distinct passages, at least two with topic words.
    :param matrix: their unit vectors, shape (n, d).
    :param clusters: an unfitted clusterer.
    :param blocks: rows of each interview; every passage counts as an interview of its own when left out.
    """
    with contained():
        from bertopic import BERTopic
        from bertopic.dimensionality import BaseDimensionalityReduction
        from bertopic.representation._base import BaseRepresentation
        from bertopic.vectorizers import ClassTfidfTransformer
        from sklearn.feature_extraction.text import CountVectorizer

        class Engine(BERTopic):
            """BERTopic that keeps our numbering, which counts repeated passages too, and true examples."""

            def _sort_mappings_by_frequency(self, documents: pd.DataFrame) -> pd.DataFrame:
                self._update_topic_size(documents)
                return documents

            def _save_representative_docs(self, documents: pd.DataFrame) -> None:
                self.representative_docs_ = _nearest(documents, clusters)

        class SpokenWords(BaseRepresentation):
            """The words of a topic as `describe` chooses them."""

            def extract_topics(self, model: Any, documents: Any, weights: Any, topics: Any) -> dict[int, Any]:
                ordered = documents.sort_values("ID")
                found = describe(ordered["Document"].tolist(), ordered["Topic"].tolist(), blocks)
                return {
                    topic: list(zip(told.words, told.weights, strict=True)) for topic, told in found.items()
                }

        engine = Engine(
            language="multilingual",
            embedding_model=None,
            top_n_words=WORDS,
            umap_model=BaseDimensionalityReduction(),
            hdbscan_model=clusters,
            vectorizer_model=CountVectorizer(analyzer=topic_words),
            ctfidf_model=ClassTfidfTransformer(bm25_weighting=True, reduce_frequent_words=True),
            representation_model=SpokenWords(),
        )
        engine.fit(list(texts), embeddings=matrix.copy())
    return engine


def words_of(engine: BERTopic) -> tuple[tuple[str, ...], ...]:
    """Return the words of every topic 0 … k-1, in the order of their choice.

    :param engine: a fitted BERTopic.
    """
    told: Mapping[int, Any] = engine.get_topics()
    return tuple(tuple(word for word, _ in told[topic]) for topic in sorted(told) if topic >= 0)


@contextmanager
def contained() -> Iterator[None]:
    """Keep what BERTopic does to the process on import inside: its warning filters and its log handler."""
    log = logging.getLogger("BERTopic")
    fresh = "bertopic" not in sys.modules
    # None says "not installed", which BERTopic is prepared for.
    blocked = [name for name in _UNUSED if fresh and name not in sys.modules]
    sys.modules.update(dict.fromkeys(blocked))  # type: ignore[arg-type]
    try:
        with warnings.catch_warnings():
            # Third-party imports warn about themselves; that is nobody's business here.
            warnings.simplefilter("ignore")
            yield
    finally:
        for name in blocked:
            del sys.modules[name]
        if fresh:
            for handler in list(log.handlers):
                log.removeHandler(handler)
            log.propagate = True


def _nearest(documents: pd.DataFrame, clusters: ConsensusClusters) -> dict[int, list[str]]:
    """Return for every topic its passages nearest to the centre; passages without a topic are no examples."""
    import numpy as np

    likeness = clusters.vectors_ @ clusters.centres_.T
    ordered = documents.sort_values("ID")
    texts, topics = ordered["Document"].tolist(), ordered["Topic"].to_numpy(dtype=np.int64)
    found: dict[int, list[str]] = {}
    for topic in np.unique(topics).tolist():
        rows = np.flatnonzero(topics == topic)
        nearest = rows[np.argsort(-likeness[rows, topic], kind="stable")[:_EXAMPLES]]
        found[topic] = [texts[row] for row in nearest] if topic >= 0 else []
    return found
