"""How many slips planted in a coding the reread queue brings up among its first hundred rows.

    python benchmarks/reread.py [--plantings 20] [--out benchmarks/results/reread.json]

Population: all informant turns × codes of the demo, coder by coder. Each planting takes 5 per cent of the
codings away and moves as many to another code of the same turn, drawn at random. A row is a hit when its turn
and code are a planted cell; a slip is found when one of its cells is (a moved code has two). Beside the
queue as a researcher gets it, a tenth of its rows blind random turns: the ranking without those, random
order, keyword order (codebook words) and self-confidence of few-shot learning alone.

Only planted slips count. The two readings of the demo agree with each other at κ .78 only: whatever else the
queue brings up counts as a false alarm here, also where a careful reader would agree with it, so precision
is a floor. The interviews are invented and the readings are machine readings that no human coder confirmed.
Every choice was made on the interviews of `corpora/governance`; the demo was only measured.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from kotaku_nlp.coding.codebook import load_codebook
from kotaku_nlp.coding.codings import read_coding
from kotaku_nlp.coding.reread import reread_queue
from kotaku_nlp.coding.second_reading import (
    SecondReading,
    combined,
    features,
    held_out,
    machine_odds,
    second_reading,
    turns_of,
)
from kotaku_nlp.corpus.folder import read_corpus
from kotaku_nlp.language.tokens import tokenise
from kotaku_nlp.pipeline import analyse
from kotaku_nlp.records import Analysis, Codebook
from kotaku_nlp.settings import Settings
from kotaku_nlp.shipped import find

FIRST, SHARE = 100, 0.05
Cell = tuple[int, int]
Marks = NDArray[np.bool_]


def plant(coded: Marks, rng: np.random.Generator) -> tuple[Marks, list[list[Cell]]]:
    """Return a coding with slips planted in it, and the cells of each slip.

    :param coded: turns × codes.
    :param rng: what draws them.
    """
    given = [(int(turn), int(code)) for turn, code in np.argwhere(coded)]
    n = round(SHARE * len(given))
    drawn = [given[place] for place in rng.permutation(len(given))[: 2 * n]]
    planted = coded.copy()
    for cell in drawn:
        planted[cell] = False
    slips = [[cell] for cell in drawn[:n]]
    for turn, code in drawn[n:]:
        free = np.flatnonzero(~coded[turn] & ~planted[turn])
        moved = int(rng.choice(free))
        planted[turn, moved] = True
        slips.append([(turn, code), (turn, moved)])
    return planted, slips


def measure(cells: Sequence[Cell], slips: Iterable[Sequence[Cell]], size: int) -> dict[str, float]:
    """Return recall of slips and precision of the first rows.

    :param cells: the rows of an order, best first.
    :param slips: the cells of each planted slip.
    :param size: number of all cells.
    """
    slips, first = list(slips), set(cells[:FIRST])
    wrong = {cell for slip in slips for cell in slip}
    found = [bool(first & set(slip)) for slip in slips]
    removed = [hit for hit, slip in zip(found, slips, strict=True) if len(slip) == 1]
    moved = [hit for hit, slip in zip(found, slips, strict=True) if len(slip) == 2]
    precision = len(first & wrong) / FIRST
    return {
        "recall": float(np.mean(found)), "recall_removed": float(np.mean(removed)),
        "recall_moved": float(np.mean(moved)), "precision": precision,
        "times_chance": precision / (len(wrong) / size),
    }  # fmt: skip


def by_words(turns: Sequence[dict[str, Any]], codebook: Codebook) -> NDArray[np.float64]:
    """Return how much of a turn the codebook's words for a code make up, as a rank between 0 and 1.

    A word that several codes share counts less.

    :param turns: what `turns_of` returned.
    :param codebook: the codebook.
    """
    bags = [
        set().union(*map(_words, (*leaf.label.values(), *leaf.definition.values(), *leaf.aliases)))
        | set().union(*(_words(text) for own in leaf.indicators.values() for text in own))
        for leaf in codebook.leaves
    ]
    spread = {word: sum(word in bag for bag in bags) for bag in bags for word in bag}
    said = [set().union(*(_words(passage["text"]) for passage in turn["passages"])) for turn in turns]
    shares = np.array(
        [[sum(1 / spread[w] ** 2 for w in own & bag) / max(1, len(own)) for bag in bags] for own in said]
    )
    return np.asarray(rankdata(shares).reshape(shares.shape) / shares.size)


def _words(text: str) -> set[str]:
    return {token.norm for token in tokenise(text)}


def ordered(doubt: NDArray[np.float64]) -> list[Cell]:
    """Return the most doubtful cells, best first.

    :param doubt: turns × codes.
    """
    flat = np.argsort(-doubt, axis=None, kind="stable")[:FIRST]
    return [(int(cell) // doubt.shape[1], int(cell) % doubt.shape[1]) for cell in flat]


def queue_cells(reading: SecondReading, share: float, seed: int) -> list[Cell]:
    """Return the cells of the queue.

    :param reading: the second reading.
    :param share: share of blind random rows.
    :param seed: of their draw.
    """
    queue = reread_queue(reading, FIRST, share, seed)
    turn_of = {spot: turn for turn, own in enumerate(reading.spots) for spot in own}
    return [
        (turn_of[spot], reading.codes.index(code))
        for spot, code in zip(queue["passage_id"], queue["code"], strict=True)
    ]


def plantings(run: Analysis, name: str, codebook: Codebook, n: int) -> list[dict[str, dict[str, float]]]:
    """Return the measures of every order, planting by planting.

    :param run: the run over the demo.
    :param name: the coder.
    :param codebook: the codebook.
    :param n: number of plantings.
    """
    coding = read_coding(find("corpora", "demo") / "codings" / f"{name}.csv")
    whole = second_reading(run, coding, codebook)
    turns = turns_of(run, set(coding.rows["transcript"]))
    machine, _ = machine_odds(run, turns, whole.codes, codebook.id)
    known, words = features(turns, whole.vectors), by_words(turns, codebook)
    interviews = [place for place, _ in whole.places]
    found = []
    for seed in range(n):
        rng = np.random.default_rng(seed)
        coded, slips = plant(whole.coded, rng)
        learnt = held_out(known, coded, interviews)
        reading = replace(whole, coded=coded, odds=combined(learnt, machine, coded))
        alone = combined(learnt, np.full(coded.shape, np.nan), coded)
        likely = 1 / (1 + np.exp(-alone))
        orders = {
            "queue": queue_cells(reading, 0.1, seed),
            "ranking": queue_cells(reading, 0.0, seed),
            "random": ordered(rng.random(coded.shape)),
            "keywords": ordered(np.where(coded, 1 - words, words)),
            "few_shot": ordered(np.where(coded, 1 - likely, likely)),
        }
        found.append({order: measure(cells, slips, coded.size) for order, cells in orders.items()})
    return found


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--plantings", type=int, default=20)
    parser.add_argument("--model", default=Settings().model, help="encoder of the run")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    codebook = load_codebook("ansell_gash_2008")
    corpus = read_corpus(find("corpora", "demo"))
    run = analyse(corpus, codebooks=[codebook], settings=Settings(model=args.model))
    facts = {"unit": f"first {FIRST} rows", "plantings": args.plantings, "encoder": run.embeddings.model}
    results: dict[str, Any] = facts | {"coders": {}}
    for name in ("coder_a", "coder_b"):
        found = plantings(run, name, codebook, args.plantings)
        results["coders"][name] = {
            order: {key: round(float(np.mean([one[order][key] for one in found])), 3) for key in measures}
            for order, measures in found[0].items()
        }
        for order, values in results["coders"][name].items():
            print(f"{name}  {order:10}", "  ".join(f"{key} {value:.3f}" for key, value in values.items()))
    if args.out:
        args.out.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
