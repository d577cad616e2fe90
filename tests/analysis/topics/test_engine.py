"""BERTopic, guarded: our words in its slot, true examples, nothing of ours changed."""

from __future__ import annotations

import numpy as np

from kotaku_nlp.analysis.topics.clusters import ConsensusClusters
from kotaku_nlp.analysis.topics.engine import fit_engine, words_of
from kotaku_nlp.analysis.topics.points import unit
from kotaku_nlp.analysis.topics.words import describe

SUBJECTS = ("banjir drainase lumpur", "iuran bendahara kas", "rapat undangan notulen", "truk sampah jadwal")
TEXTS = [f"{SUBJECTS[row % 4]} warga-warga {'abcdefghij'[row // 4] * 4}" for row in range(40)]
BLOCKS = [[row for row in range(40) if row // 4 % 5 == interview] for interview in range(5)]


def test_bertopic_tells_our_words_and_examples_of_the_topic_itself() -> None:
    draw = np.random.default_rng(0)
    matrix = unit(np.eye(4)[np.arange(40) % 4] + draw.normal(scale=0.1, size=(40, 4)))
    before = matrix.copy()
    clusters = ConsensusClusters(4)
    engine = fit_engine(TEXTS, matrix, clusters, BLOCKS)
    labels = clusters.labels_
    assert np.array_equal(matrix, before)
    told = describe(TEXTS, labels.tolist(), BLOCKS)
    assert words_of(engine) == tuple(told[topic].words for topic in sorted(told) if topic >= 0)
    assert "warga-warga" in engine.vectorizer_model.vocabulary_
    likeness = clusters.vectors_ @ clusters.centres_.T
    for topic in range(4):
        rows = np.flatnonzero(labels == topic)
        nearest = rows[np.argsort(-likeness[rows, topic], kind="stable")[:3]]
        assert engine.get_representative_docs(topic) == [TEXTS[row] for row in nearest]
