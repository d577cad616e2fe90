"""Ways of finding topics that `topics.py` compares: ours, BERTopic as it comes, others for its slots."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import HDBSCAN, AgglomerativeClustering, KMeans
from sklearn.decomposition import NMF, PCA, LatentDirichletAllocation
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.mixture import GaussianMixture
from topics_sets import Matrix

from kotaku_nlp.analysis.topics.discover import discover_topics
from kotaku_nlp.analysis.topics.engine import contained
from kotaku_nlp.language.collocations import find_phrases
from kotaku_nlp.language.topic_words import stem, topic_words

Labels = NDArray[np.int64]
#: Principal components that clusterers other than ours are given, as many as ours takes.
DIMENSIONS = 32
#: BERTopic's own least size of a topic.
_LEAST = 10
_WORDS = 10
_STARTS = 10


@dataclass(frozen=True)
class Task:
    """What a method is given.

    :param texts: n passages.
    :param vectors: their unit vectors, shape (n, d).
    :param number: how many topics; chosen by the method when None.
    :param seed: of whatever the method draws.
    :param interviews: the interview of each passage, or None.
    """

    texts: Sequence[str]
    vectors: Matrix
    number: int | None = None
    seed: int = 0
    interviews: Sequence[str] | None = None


@dataclass(frozen=True)
class Outcome:
    """What a method finds.

    :param labels: topic of every passage, shape (n,), -1 for none.
    :param words: the words that the method itself shows for each topic, or None.
    :param read: texts → the words in them, as the method writes words.
    """

    labels: Labels
    words: Sequence[Sequence[str]] | None = None
    read: Callable[[Sequence[str]], list[list[str]]] = lambda texts: [topic_words(text) for text in texts]


Method = Callable[[Task], Outcome]


def ours(task: Task) -> Outcome:
    """Return our topics, with all that a run computes: number, null, consensus, stability, words."""
    found = discover_topics(task.texts, task.vectors, task.interviews, task.seed, task.number)
    return Outcome(found.labels, [[stem(word) for word in words] for words in found.words], _stemmed)


def _stemmed(texts: Sequence[str]) -> list[list[str]]:
    """Return the stems of words, and of phrases as well as of the words in them."""
    phrases = find_phrases(list(texts))
    return [[stem(word) for word in (*phrases.read(text), *topic_words(text))] for text in texts]


def bertopic(task: Task) -> Outcome:
    """Return the topics of BERTopic as it comes, its UMAP seeded; reduced by itself to a number asked for."""
    with contained():
        from bertopic import BERTopic

        model = BERTopic(language="multilingual", umap_model=_umap(task.seed))
        model.fit(list(task.texts), embeddings=task.vectors.copy())
        if task.number:
            # It counts its unassigned passages as a topic: one more is asked for where there are some.
            model.reduce_topics(list(task.texts), nr_topics=task.number + (-1 in model.topics_))
    told = model.get_topics()
    words = [[word for word, _ in told[topic] if word] for topic in sorted(told) if topic >= 0]
    split = model.vectorizer_model.build_analyzer()
    return Outcome(np.array(model.topics_), words, lambda texts: [split(text) for text in texts])


def umap_kmeans(task: Task) -> Outcome:
    """Return k-means topics on BERTopic's UMAP."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _kmeans(_umap(task.seed).fit_transform(task.vectors), task)


def pca_kmeans(task: Task) -> Outcome:
    """Return k-means topics on principal components."""
    return _kmeans(_pca(task), task)


def ward(task: Task) -> Outcome:
    """Return the topics of agglomerative clustering (Ward, 1963) on principal components."""
    return Outcome(AgglomerativeClustering(task.number).fit_predict(_pca(task)))


def gaussians(task: Task) -> Outcome:
    """Return the topics of a mixture of Gaussians, diagonal, on principal components."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = GaussianMixture(
            task.number, covariance_type="diag", n_init=3, reg_covar=1e-4, random_state=task.seed
        )
        return Outcome(model.fit_predict(_pca(task).astype(np.float64)))


def density(task: Task) -> Outcome:
    """Return HDBSCAN's topics on principal components, their least size BERTopic's."""
    return Outcome(HDBSCAN(min_cluster_size=_LEAST, copy=True).fit_predict(_pca(task)))


def nmf(task: Task) -> Outcome:
    """Return topics of non-negative matrix factorisation on counts of words."""
    return _of_counts(NMF(task.number, init="nndsvda", max_iter=400, random_state=task.seed), task)


def lda(task: Task) -> Outcome:
    """Return topics of latent Dirichlet allocation on counts of words."""
    return _of_counts(LatentDirichletAllocation(task.number, max_iter=30, random_state=task.seed), task)


#: Those of the methods that are ours: measured again when our code changes.
OURS = "kotaku-nlp"
PLAIN = "BERTopic"
#: Method → function, and whether it chooses the number of topics itself.
METHODS: dict[str, tuple[Method, bool]] = {
    f"{OURS}, number chosen": (ours, True),
    f"{OURS}, number known": (ours, False),
    f"{PLAIN} as it comes": (bertopic, True),
    f"{PLAIN}, number known": (bertopic, False),
    "UMAP, k-means": (umap_kmeans, False),
    "PCA, k-means": (pca_kmeans, False),
    "PCA, Ward": (ward, False),
    "PCA, Gaussians": (gaussians, False),
    "PCA, HDBSCAN": (density, True),
    "NMF on counts": (nmf, False),
    "LDA on counts": (lda, False),
}


def warm_up() -> None:
    """Compile UMAP, so that no method pays for it."""
    umap_kmeans(Task([], np.random.default_rng(0).normal(size=(200, 8)).astype(np.float32), 2))


def _umap(seed: int) -> Any:
    """Return the UMAP that BERTopic makes when it is given none, but seeded."""
    from umap import UMAP

    return UMAP(
        n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", low_memory=False, random_state=seed
    )


def _pca(task: Task) -> Matrix:
    count = min(DIMENSIONS, len(task.vectors) - 1)
    return np.asarray(PCA(count, random_state=task.seed).fit_transform(task.vectors), dtype=np.float32)


def _kmeans(points: Matrix, task: Task) -> Outcome:
    return Outcome(KMeans(task.number, n_init=_STARTS, random_state=task.seed).fit_predict(points))


def _of_counts(model: Any, task: Task) -> Outcome:
    vectoriser = CountVectorizer(analyzer=topic_words)
    counts = vectoriser.fit_transform(task.texts)
    with warnings.catch_warnings():
        # Not converged after so many rounds is a result too.
        warnings.simplefilter("ignore")
        labels = model.fit_transform(counts).argmax(axis=1)
    names = vectoriser.get_feature_names_out()
    words = [[str(names[place]) for place in np.argsort(-row)[:_WORDS]] for row in model.components_]
    return Outcome(labels, words)
