"""What rules alone miss in how a passage speaks of an aspect: a learned head beside them.

Rules read words in clauses; people also praise and complain without the words. A head per aspect says
how likely a whole passage speaks of it, well or badly. Together they agree better with a coder than
either alone (`models/head-aspects` has the figures), and every row says which spoke: `rule` "model" for
what only the head heard, "…, not meant" for words that it takes for another sense.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kotaku_nlp import shipped
from kotaku_nlp.analysis.encoders import load_encoder
from kotaku_nlp.analysis.heads import Head, load_head
from kotaku_nlp.records import ASPECTS, table

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from kotaku_nlp.records import Encoder

    Matrix = NDArray[np.float32]

#: Outputs of an aspect's head: spoken of at all, well, badly.
OUTPUTS = ("evidence", "well", "badly")
#: Log-odds that a rule adds to the head's evidence, and that its tone weighs beside the head's.
_RULE_EVIDENCE, _RULE_TONE = 1.0, 2.0
#: Below this a tone is named but not certain.
_CERTAIN = 0.2
MODEL, NOT_MEANT = "model", "not meant"


@dataclass(frozen=True)
class ToneHead:
    """The head of one aspect, with the evidence that it takes to count.

    :param head: outputs `OUTPUTS`; calibrated on well and badly.
    :param threshold: log-odds of evidence from which a passage speaks of the aspect.
    """

    head: Head
    threshold: float


def shipped_tones() -> dict[str, ToneHead]:
    """Return the shipped heads, aspect → head."""
    found = {}
    for aspect in ASPECTS:
        head, facts = load_head(shipped.find("models", "head-aspects", aspect))
        found[aspect] = ToneHead(head, facts["evidence_threshold"])
    return found


def with_tones(
    sentiment: pd.DataFrame,
    passages: pd.DataFrame,
    heads: Mapping[str, ToneHead] | None = None,
    scores: Mapping[str, Matrix] | None = None,
    encoder: Encoder | None = None,
) -> pd.DataFrame:
    """Return the table "sentiment" with the heads' reading added to the rules'.

    :param sentiment: what `score_sentiment` made of the passages by rules.
    :param passages: the table "passages"; read are `passage_id`, `start`, `text` and `low_evidence`.
    :param heads: aspect → head; the shipped ones when left out.
    :param scores: aspect → (n, 3) scores of the passages, when they are known already.
    :param encoder: the embedded encoder that the heads were trained with; loaded when left out.
    """
    import numpy as np

    if passages.empty:
        return sentiment
    heads = heads or shipped_tones()
    encoder = encoder or load_encoder()
    texts = passages["text"].tolist()
    vectors = encoder.encode(texts) if scores is None else None
    rows: list[dict[str, Any]] = [dict(row) for row in sentiment.to_dict("records")]  # type: ignore[arg-type]
    clauses = _clauses(rows)
    starts = dict(zip(passages["passage_id"], zip(passages["start"], texts, strict=True), strict=True))
    for aspect, tone in heads.items():
        found = tone.head.scores(texts, vectors) if scores is None else scores[aspect]  # type: ignore[arg-type]
        known = {key: row for key, row in zip(passages["passage_id"], found, strict=True)}
        ruled = {row["passage_id"] for row in rows if row["aspect"] == aspect}
        meant = {
            key for key, row in known.items() if row[0] + _RULE_EVIDENCE * (key in ruled) >= tone.threshold
        }
        for row in rows:
            if row["aspect"] == aspect:
                _weigh(row, known[row["passage_id"]], tone.head, row["passage_id"] in meant)
        weak = set(passages.loc[passages["low_evidence"].astype(bool), "passage_id"])
        missed = [key for key in passages["passage_id"] if key in meant - ruled - weak]
        places = _strongest_clauses(missed, clauses, starts, tone.head, encoder)
        rows += [_heard(aspect, place, known[place["passage_id"]], tone.head) for place in places]
    order = np.lexsort(([row["clause"] for row in rows], _ranks(rows, passages)))
    return table("sentiment", _without_doubles([rows[place] for place in order]))


def _weigh(row: dict[str, Any], scores: Matrix, head: Head, meant: bool) -> None:
    """Change a rule's row by what the head heard in its passage."""
    if not meant:
        row |= {"aspect": "none", "certain": False, "rule": f"{row['rule']}, {NOT_MEANT}"}
        return
    told, sure = row["p_positive"] - row["p_negative"], row["certain"]
    row |= _tone(head, scores, told, row["p_neutral"])
    # A clear rule stays clear as long as the head does not turn its sign.
    row["certain"] |= bool(sure and told * (row["p_positive"] - row["p_negative"]) > 0)


def _heard(aspect: str, place: Mapping[str, Any], scores: Matrix, head: Head) -> dict[str, Any]:
    """Return a row for an aspect that no rule found, at the clause that speaks most for it."""
    return {**place, "aspect": aspect, "rule": MODEL, "words": ""} | _tone(head, scores, 0.0, 1.0)


def _tone(head: Head, scores: Matrix, told: float, neutral: float) -> dict[str, Any]:
    """Blend a rule's tone with the head's: the sign by both, how far from neutral by the stronger."""
    import numpy as np

    good, bad = (float(p) for p in head.probabilities(scores[1:]))
    judged = max(1 - neutral, good, bad)
    lean = _RULE_TONE * told + float(scores[1] - scores[2])
    share = 1 / (1 + np.exp(-head.slope * lean))
    positive, negative = float(judged * share), float(judged * (1 - share))
    poles = {"positive": positive, "negative": negative, "neutral": 1 - judged}
    return {
        "p_positive": positive,
        "p_negative": negative,
        "p_neutral": 1 - judged,
        "polarity": max(poles, key=lambda pole: poles[pole]),
        "certain": bool(abs(positive - negative) >= _CERTAIN or judged < 0.5),
    }


def _clauses(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[int, Mapping[str, Any]]]:
    """Return passage → clause number → a row of that clause."""
    found: dict[str, dict[int, Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["passage_id"], {}).setdefault(row["clause"], dict(row))
    return found


def _strongest_clauses(
    keys: Sequence[str],
    clauses: Mapping[str, Mapping[int, Mapping[str, Any]]],
    starts: Mapping[str, tuple[int, str]],
    head: Head,
    encoder: Encoder,
) -> list[Mapping[str, Any]]:
    """Return, for each passage, the row of the clause in which the head hears the aspect most."""
    rows = [row for key in keys for row in clauses.get(key, {}).values()]
    if not rows:
        return []
    parts = []
    for row in rows:
        start, text = starts[row["passage_id"]]
        parts.append(text[row["start"] - start : row["end"] - start])
    heard = head.scores(parts, encoder.encode(parts))[:, 0]
    best: dict[str, tuple[float, int]] = {}
    for place, row in enumerate(rows):
        best[row["passage_id"]] = max(
            best.get(row["passage_id"], (float("-inf"), 0)), (float(heard[place]), -place)
        )
    return [rows[-place] for _, place in best.values()]


def _without_doubles(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Drop a clause's row without aspect where another row of it has one, and doubles of it."""
    spoken = {(row["passage_id"], row["clause"]) for row in rows if row["aspect"] != "none"}
    kept: list[dict[str, Any]] = []
    silent: set[tuple[str, int]] = set()
    for row in rows:
        key = (row["passage_id"], row["clause"])
        if row["aspect"] == "none":
            if key in spoken or key in silent:
                continue
            silent.add(key)
        kept.append(row)
    return kept


def _ranks(rows: Sequence[Mapping[str, Any]], passages: pd.DataFrame) -> list[int]:
    rank = {key: number for number, key in enumerate(passages["passage_id"])}
    return [rank[row["passage_id"]] for row in rows]
