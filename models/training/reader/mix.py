"""Weigh the reader beside rules and linear heads, on dev, and write that into the reader's facts.

    python models/training/reader/mix.py [--out models/reader-id] [--cache FOLDER]

What is shipped is fitted on all of dev. Every figure is cross-fitted over dev's five authors: weights and
thresholds chosen on four, measured on the fifth.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from figures import dimension_figures, involvement_figures, place_figures, tone_figures
from fits import by_f1, by_kappa, decided, taken, weighed
from heard import Dev, dimensions_of, listen
from numpy.typing import NDArray

from kotaku_nlp.analysis.mixing import Mix, likely
from kotaku_nlp.analysis.presence import PresenceMixes, rule_words, statuses_said
from kotaku_nlp.analysis.reader import ACTORS, STATUSES
from kotaku_nlp.analysis.tones import OUTPUTS, ToneMixes
from kotaku_nlp.records import ASPECTS, GROUPS, PHASES

ROOT = Path(__file__).resolve().parents[3]
#: At most this share of who was left out or paid may be called involved where the weights are chosen. At .05
#: most of those who did take part would be lost.
WRONG = 0.15
_INVOLVED = (0.3, 0.34, 0.38, 0.42, 0.46, 0.5, 0.55, 0.6)
_DOUBTS = (0.03, 0.05, 0.08, 0.12, 0.2, 0.3)
Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Mixes:
    """Everything that is chosen on dev."""

    dimensions: Mapping[str, Mix]
    aspects: Mapping[str, ToneMixes]
    involvement: PresenceMixes


def chosen(dev: Dev, rows: Rows) -> Mixes:
    """Return weights and thresholds that suit some passages.

    :param dev: dev as heard.
    :param rows: which passages.
    """
    dimensions = {
        book: decided(taken(voices, rows), dev.labels(*dimensions_of(book))[rows], by_kappa)
        for book, voices in dev.dimensions.items()
    }
    aspects = {aspect: _tones(dev, aspect, rows) for aspect in ASPECTS}
    return Mixes(dimensions, aspects, _presence(dev, rows))


def _tones(dev: Dev, aspect: str, rows: Rows) -> ToneMixes:
    heard, truth = dev.tones[aspect], dev.labels(*(f"{aspect}:{name}" for name in OUTPUTS))[rows]
    own = dev.sentiment[dev.sentiment["aspect"] == aspect]
    tones = (own["p_positive"] - own["p_negative"]).groupby(own["passage_id"]).mean()
    told = dev.passages["passage_id"].map(tones).to_numpy(float)[rows]
    ruled, told = np.isfinite(told).astype(np.float32), np.nan_to_num(told)
    head, reader = heard.head[rows], heard.reader[rows]
    both = [{"reader": reader[:, at], "head": head[:, at]} for at in range(len(OUTPUTS))]
    there, one = np.flatnonzero(truth[:, 0]), np.flatnonzero(truth[:, 1] != truth[:, 2])
    lean = {"reader": reader[:, 1] - reader[:, 2], "head": head[:, 1] - head[:, 2], "rule": told}
    return ToneMixes(
        decided(both[0] | {"rule": ruled}, truth[:, 0], by_f1),
        # Tone is asked for only where there is evidence: what it is there, not how often it is anywhere.
        weighed(taken(both[1], there), truth[there, 1]),
        weighed(taken(both[2], there), truth[there, 2]),
        weighed(taken(lean, one), truth[one, 1]),
    )


def _presence(dev: Dev, rows: Rows) -> PresenceMixes:
    stages = dev.labels(*(f"stage:{phase}" for phase in PHASES))
    stage = weighed(taken({**dev.presence.stage, "rule": dev.cues}, rows), stages[rows])
    truth = dev.labels(*ACTORS).reshape(-1, len(GROUPS), len(STATUSES))[rows]
    voices = taken(status_voices(dev), rows)
    statuses: dict[str, Mix] = {}
    for at, status in enumerate(STATUSES):
        own = {"reader": voices["reader"][..., at], status: voices[status]}
        if status == STATUSES[0]:
            own |= {name: voices[name] for name in ("head", *STATUSES[1:], "mentioned")}
        statuses[status] = decided(own, truth[..., at], by_f1)
    return _careful(PresenceMixes(stage, statuses, {}), voices, truth)


def status_voices(dev: Dev) -> dict[str, Any]:
    """Return voice → (n, 5): the head, the rules' words by status; and the reader's (n, 5, 3).

    :param dev: dev as heard.
    """
    found: dict[tuple[str, str], list[dict[Any, Any]]] = {}
    for row in dev.involvement.to_dict("records"):
        found.setdefault((row["passage_id"], row["actor_group"]), []).append(row)
    words = rule_words(found, dev.passages["passage_id"].tolist())
    return words | {"head": dev.presence.took, "reader": dev.presence.actors}


def _careful(mixes: PresenceMixes, voices: Mapping[str, Any], truth: NDArray[np.bool_]) -> PresenceMixes:
    """Return the mixes with the bounds that find most, while few left out or paid are called involved."""
    chances = np.stack(
        [
            likely(mixes.statuses[status].odds({**voices, "reader": voices["reader"][..., at]}))
            for at, status in enumerate(STATUSES)
        ],
        axis=-1,
    )
    best, most = mixes, -1.0
    for bound, excluded, contractual in product(_INVOLVED, _DOUBTS, _DOUBTS):
        involved = mixes.statuses[STATUSES[0]]
        statuses = {**mixes.statuses, STATUSES[0]: Mix(involved.weights, involved.offset, bound)}
        tried = PresenceMixes(
            mixes.stage, statuses, dict(zip(STATUSES[1:], (excluded, contractual), strict=True))
        )
        said = statuses_said(chances, tried)
        found = by_f1(truth[..., 0], said[..., 0], 0.5)
        if wrongly(said, truth) <= WRONG and found > most:
            best, most = tried, found
    return best


def wrongly(said: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    """Return which share of who was left out or paid, and took no part, is called involved.

    :param said: (n, 5, 3) `GROUPS` × `STATUSES`.
    :param truth: the same by the coders.
    """
    others = truth[..., 1:].any(axis=-1) & ~truth[..., 0]
    return float((said[..., 0] & others).sum() / max(others.sum(), 1))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "reader-id")
    parser.add_argument("--cache", type=Path)
    args = parser.parse_args()
    dev = listen(args.cache)
    folds = [np.flatnonzero(dev.authors == author) for author in sorted(set(dev.authors))]
    everything = np.arange(len(dev.authors))
    fitted = [(rows, chosen(dev, np.setdiff1d(everything, rows))) for rows in folds]
    figures = {
        "passages": len(dev.rows),
        "dimensions": dimension_figures(dev, [(rows, mixes.dimensions) for rows, mixes in fitted]),
        "aspects": tone_figures(dev, [(rows, mixes.aspects) for rows, mixes in fitted]),
        "involvement": involvement_figures(dev, [(rows, mixes.involvement) for rows, mixes in fitted]),
        "places": place_figures(dev),
    }
    shipped = chosen(dev, everything)
    facts = json.loads((args.out / "reader.json").read_text(encoding="utf-8"))
    facts |= {
        "dimensions": {book: mix.facts() for book, mix in shipped.dimensions.items()},
        "aspects": {aspect: asdict(mixes) for aspect, mixes in shipped.aspects.items()},
        "involvement": asdict(shipped.involvement),
        "figures": figures,
    }
    text = json.dumps(facts, ensure_ascii=False, indent=1)
    (args.out / "reader.json").write_text(text + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
