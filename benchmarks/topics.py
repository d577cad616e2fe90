"""Measure topic discovery on Indonesian text with known topics.

    python benchmarks/topics.py --data FOLDER --out topics.json

FOLDER holds the public evaluation data: `sib-200/ind_Latn`, `detik-titles` and `panl-bppt`. Vectors are
those of the shipped static encoder, encoded once and the same for every method but TF-IDF. Baselines in
the same run: BERTopic as it comes (UMAP seeded, HDBSCAN), and k-means on TF-IDF. AMI is adjusted mutual
information with the known topics; unassigned texts count as a topic of their own, so leaving texts out
is not free. Validation text only; test splits are not read.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_mutual_info_score

from kotaku_nlp.analysis.encoders import load_encoder
from kotaku_nlp.analysis.topics.clusters import NeighbourClusters
from kotaku_nlp.analysis.topics.discover import discover_topics
from kotaku_nlp.language.topic_words import topic_words

Vectors = NDArray[np.float32]
Texts = tuple[list[str], list[str]]
#: Texts and their labels → predicted topics, -1 for those left out.
Method = Callable[[list[str], Vectors, int], Sequence[int]]

SAMPLES = {"detik-titles": 1000, "panl-bppt": 1500}
SMALL = (12, 16, 20, 25, 30, 40, 60)
DRAWS = 40
CHANCE = 0.05


def corpora(data: Path) -> dict[str, Texts]:
    """Return texts and known topics of each corpus; the large ones as a fixed random sample.

    :param data: the data folder.
    """
    with open(data / "sib-200" / "ind_Latn" / "train.tsv", encoding="utf-8", newline="") as lines:
        sib = [(row["text"], row["category"]) for row in csv.DictReader(lines, delimiter="\t")]
    with open(
        data / "detik-titles" / "berita_detik_5_kategori.csv", encoding="utf-8-sig", newline=""
    ) as lines:
        detik = [(row["JUDUL"], row["KATEGORI"]) for row in csv.DictReader(lines)]
    with open(data / "panl-bppt" / "train.csv", encoding="utf-8", newline="") as lines:
        panl = [(row[1], row[0]) for row in csv.reader(lines)]
    found = {"sib-200 ind": sib}
    for name, rows in (("detik-titles", detik), ("panl-bppt", panl)):
        found[name] = random.Random(0).sample(rows, SAMPLES[name])
    return {name: ([text for text, _ in rows], [topic for _, topic in rows]) for name, rows in found.items()}


def ours(texts: list[str], vectors: Vectors, number: int) -> Sequence[int]:
    """Return our topics; `number` 0 chooses their number from the text."""
    return discover_topics(texts, vectors, topics=number or None).labels.tolist()


def ours_all(texts: list[str], vectors: Vectors, number: int) -> Sequence[int]:
    """Return our topics before any text is left out as far from all."""
    return NeighbourClusters(number).fit(vectors).groups_.tolist()


def bertopic(texts: list[str], vectors: Vectors, number: int) -> Sequence[int]:
    """Return the topics of BERTopic as it comes, its UMAP seeded."""
    from bertopic import BERTopic
    from umap import UMAP

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reducer = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=0)
        model = BERTopic(language="multilingual", umap_model=reducer, nr_topics=number or None)
        return list(model.fit_transform(texts, vectors.copy())[0])


def umap_kmeans(texts: list[str], vectors: Vectors, number: int) -> Sequence[int]:
    """Return k-means topics after UMAP to ten dimensions, 30 neighbours, seeded."""
    from umap import UMAP

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reducer = UMAP(n_neighbors=30, n_components=10, min_dist=0.0, metric="cosine", random_state=0)
        points = reducer.fit_transform(vectors)
    return KMeans(number, n_init=10, random_state=0).fit_predict(points).tolist()


def kmeans(texts: list[str], vectors: Vectors, number: int) -> Sequence[int]:
    """Return k-means topics of the vectors as they are."""
    return KMeans(number, n_init=10, random_state=0).fit_predict(vectors).tolist()


def tfidf_kmeans(texts: list[str], vectors: Vectors, number: int) -> Sequence[int]:
    """Return k-means topics of TF-IDF weights."""
    weights = TfidfVectorizer(analyzer=topic_words, sublinear_tf=True).fit_transform(texts)
    return KMeans(number, n_init=10, random_state=0).fit_predict(weights).tolist()


METHODS: dict[str, Method] = {
    "kotaku-nlp": ours,
    "kotaku-nlp, nothing left out": ours_all,
    "BERTopic as it comes": bertopic,
    "UMAP + k-means": umap_kmeans,
    "k-means": kmeans,
    "TF-IDF + k-means": tfidf_kmeans,
}
#: Methods that also choose the number of topics.
CHOOSING = ("kotaku-nlp", "BERTopic as it comes")


def measure(
    method: Method, texts: list[str], gold: list[str], vectors: Vectors, number: int
) -> dict[str, Any]:
    """Return AMI, AMI of the texts that were not left out, number of topics, share left out, seconds."""
    start = time.perf_counter()
    found = np.asarray(method(texts, vectors, number))
    seconds = time.perf_counter() - start
    kept = found >= 0
    return {
        "ami": round(float(adjusted_mutual_info_score(gold, found)), 3),
        "ami_kept": round(float(adjusted_mutual_info_score(np.array(gold)[kept], found[kept])), 3),
        "topics": len(set(found[kept].tolist())),
        "unassigned": round(float(1 - kept.mean()), 3),
        "seconds": round(seconds, 1),
    }


def small(gold: list[str], vectors: Vectors) -> dict[str, dict[str, float]]:
    """Return mean AMI on random draws of few texts, and the share of draws no better than chance."""
    known = len(set(gold))
    found = {}
    for size in SMALL:
        values = []
        for draw in range(DRAWS):
            rows = np.random.default_rng(draw).permutation(len(gold))[:size]
            clusters = NeighbourClusters(max(2, min(known, size // 8))).fit(vectors[rows])
            values.append(adjusted_mutual_info_score([gold[row] for row in rows], clusters.groups_))
        no_better = float(np.mean(np.array(values) <= CHANCE))
        found[str(size)] = {"ami": round(float(np.mean(values)), 3), "no_better_than_chance": no_better}
    return found


def main() -> None:
    """Print and write every figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    encoder = load_encoder()
    results: dict[str, Any] = {"encoder": encoder.id, "revision": encoder.revision, "corpora": {}}
    warm = np.random.default_rng(0).normal(size=(200, 8)).astype(np.float32)
    umap_kmeans([], warm, 2)  # compiles UMAP, so that no method pays for it
    for name, (texts, gold) in corpora(options.data).items():
        vectors = encoder.encode(texts)
        number = len(set(gold))
        print(f"\n{name}: {len(texts)} texts, {number} known topics")
        rows: dict[str, Any] = {}
        for method, call in METHODS.items():
            rows[f"{method}, known number"] = measure(call, texts, gold, vectors, number)
            if method in CHOOSING:
                rows[f"{method}, chosen number"] = measure(call, texts, gold, vectors, 0)
        for row, figures in rows.items():
            print(f"  {row:46s}", "  ".join(f"{key} {value}" for key, value in figures.items()), flush=True)
        few = small(gold, vectors)
        print("  few texts:", "  ".join(f"{size}: {figures['ami']}" for size, figures in few.items()))
        results["corpora"][name] = {
            "texts": len(texts),
            "known_topics": number,
            "methods": rows,
            "few_texts": few,
        }
    if options.out:
        options.out.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
