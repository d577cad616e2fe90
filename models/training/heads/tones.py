"""Train the heads that hear how a passage speaks of coordination, communication and cooperation.

    python models/training/heads/tones.py [--out models/head-aspects]

Learns from train and contrast partners of `corpora/governance`; the evidence that a head takes was chosen on
scores out of fold by author. Prints rules alone, and rules and head together, on dev.
"""

from __future__ import annotations

import argparse
import json
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from coded import TAUGHT, read
from folds import out_of_fold
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from kotaku_nlp.analysis.aspects import aspect_table
from kotaku_nlp.analysis.encoders import load_encoder
from kotaku_nlp.analysis.heads import Head, calibrated, fit_head, save_head
from kotaku_nlp.analysis.sentiment import score_sentiment
from kotaku_nlp.analysis.tones import OUTPUTS, ToneHead, with_tones
from kotaku_nlp.records import ASPECTS

ROOT = Path(__file__).resolve().parents[3]
THRESHOLDS = np.round(np.arange(-1, 1.01, 0.05), 2)
POLARITIES = ["positive", "negative", "mixed", "neutral"]


def targets(labels: pd.Series) -> NDArray[np.bool_]:
    """Return (n, 3): spoken of, well, badly.

    :param labels: polarity labels.
    """
    well, badly = labels.isin(["positive", "mixed"]), labels.isin(["negative", "mixed"])
    return np.c_[labels != "absent", well, badly].astype(bool)


def tuned(
    head: Head, scores: NDArray[np.float32], wanted: NDArray[np.bool_], ruled: NDArray[np.bool_]
) -> ToneHead:
    """Calibrate the two poles, and choose the evidence that it takes by F1.

    :param head: head fitted on everything.
    :param scores: out-of-fold scores.
    :param wanted: targets.
    :param ruled: where the rules found the aspect.
    """
    head = calibrated(head, scores[:, 1:], wanted[:, 1:], 2)
    found = [f1_score(wanted[:, 0], scores[:, 0] + 1.0 * ruled >= threshold) for threshold in THRESHOLDS]
    return ToneHead(head, float(THRESHOLDS[int(np.argmax(found))]))


def figures(found: pd.Series, labels: pd.Series) -> dict[str, float]:
    """Return evidence F1, macro-F1 of polarity where the coder found some, and accuracy of the pole.

    :param found: polarity by the method.
    :param labels: polarity by the coder.
    """
    there, poled = labels != "absent", labels.isin(["positive", "negative"])
    both = poled & found.isin(["positive", "negative"])
    macro = f1_score(labels[there], found[there], labels=POLARITIES, average="macro", zero_division=0)
    return {
        "evidence_f1": round(100 * f1_score(there, found != "absent"), 1),
        "polarity_macro_f1": round(100 * macro, 1),
        "pole_accuracy": round(100 * float((labels[both] == found[both]).mean()), 1),
        "pole_passages": int(both.sum()),
    }


def table_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Return what the stages read of a passage.

    :param rows: passages.
    """
    frame = pd.DataFrame({"passage_id": [str(n) for n in range(len(rows))], "text": rows["text"].tolist()})
    return frame.assign(start=0, low_evidence=False)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "head-aspects")
    args = parser.parse_args()
    rows, held, encoder = read(*TAUGHT), read("dev"), load_encoder()
    texts, authors = rows["text"].tolist(), rows["author"].to_numpy(str)
    vectors, passages = encoder.encode(texts), table_of(rows)
    others, unseen = table_of(held), encoder.encode(held["text"].tolist())
    rules, told = score_sentiment(passages), score_sentiment(others)
    fit = partial(fit_head, names=OUTPUTS)
    for aspect in ASPECTS:
        wanted = targets(rows[aspect])
        scores = out_of_fold(fit, texts, vectors, wanted, authors)
        ruled = passages["passage_id"].isin(rules.loc[rules["aspect"] == aspect, "passage_id"]).to_numpy()
        tone = tuned(fit(texts, vectors, wanted), scores, wanted, ruled)
        found = {aspect: tone.head.scores(held["text"].tolist(), unseen)}
        both = with_tones(told, others, {aspect: tone}, found)
        facts = {"aspect": aspect, "passages": len(rows), "authors": int(rows["author"].nunique())}
        facts |= {"evidence_threshold": tone.threshold, "dev_passages": len(held)}
        facts["figures"] = {
            name: figures(polarity(sentiment, others, aspect), held[aspect])
            for name, sentiment in (("rules", told), ("rules_and_head", both))
        }
        facts |= {"encoder": encoder.id, "encoder_revision": encoder.revision}
        save_head(tone.head, args.out / aspect, facts)
        print(json.dumps(facts, indent=1), flush=True)


def polarity(sentiment: pd.DataFrame, passages: pd.DataFrame, aspect: str) -> pd.Series:
    """Return the polarity of one aspect, passage by passage.

    :param sentiment: the table "sentiment".
    :param passages: the passages.
    :param aspect: one of the three.
    """
    found = aspect_table(sentiment, passages)
    return found[found["aspect"] == aspect]["polarity"].reset_index(drop=True)


if __name__ == "__main__":
    main()
