"""Time the agreement of two coders with its intervals, and show it on the demo.

    python benchmarks/agree.py [--draws 2000] [--out benchmarks/results/agree.json]

Invented codings of 18 interviews, 1,200 informant turns and 14 codes are compared by turn, with intervals,
confusions and what other tools would report; then the two readings of the demo. Both of those are machine
readings that no human coder confirmed: their κ is not agreement of people. Machines differ: read the
seconds as an order of magnitude.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kotaku_nlp.coding.agreement.compare import Agreement, compare
from kotaku_nlp.coding.agreement.pairs import ALL_CODES
from kotaku_nlp.coding.agreement.units import cut_units
from kotaku_nlp.coding.codings import read_coding
from kotaku_nlp.corpus.folder import read_corpus
from kotaku_nlp.records import Coding, Corpus, Transcript, Turn
from kotaku_nlp.shipped import find

INTERVIEWS, TURNS, CODES = 18, 1200, 14
SAID = "Kami rembug dulu di balai, lalu lurah membawa hasilnya ke kota. "


def invented_corpus() -> Corpus:
    """Return interviews in which one informant says the same thing over and over."""
    transcripts = []
    for number in range(INTERVIEWS):
        count = TURNS // INTERVIEWS + (number < TURNS % INTERVIEWS)
        places = [(turn * len(SAID), (turn + 1) * len(SAID) - 1) for turn in range(count)]
        turns = tuple(Turn(turn, "I", *place) for turn, place in enumerate(places, start=1))
        name = f"w{number:02d}"
        transcripts.append(Transcript(name, name, "", "interview", "id", SAID * count, turns))
    return Corpus("invented", "", tuple(transcripts))


def invented_codings(corpus: Corpus, seed: int = 0) -> tuple[Coding, Coding]:
    """Return two codings: one at random, and one that differs in every fifth turn.

    :param corpus: the interviews.
    :param seed: seed of the codes.
    """
    chance = np.random.default_rng(seed)
    rows: dict[str, list[tuple[Any, ...]]] = {"a": [], "b": []}
    for transcript in corpus.transcripts:
        for turn in transcript.turns:
            codes = chance.choice(CODES, size=chance.integers(0, 3), replace=False)
            other = chance.choice(CODES, size=1) if chance.random() < 0.2 else codes
            for coder, given in (("a", codes), ("b", other)):
                names = [f"code_{code:02d}" for code in given] or [""]
                rows[coder] += [(transcript.name, turn.turn, None, None, "", name, coder) for name in names]
    columns = ["transcript", "turn", "start", "end", "quote", "code", "coder"]
    frames = {coder: pd.DataFrame(own, columns=columns) for coder, own in rows.items()}
    return Coding("a", frames["a"]), Coding("b", frames["b"])


def timed(corpus: Corpus, codings: tuple[Coding, Coding], draws: int) -> tuple[Agreement, float]:
    """Return the agreement by turn, and the seconds from the codings to its tables.

    :param corpus: the transcripts.
    :param codings: two codings of them.
    :param draws: resamples of interviews.
    """
    started = time.perf_counter()
    agreement = compare(*codings, cut_units(corpus, "turn"), draws=draws)
    return agreement, round(time.perf_counter() - started, 2)


def figures_of(agreement: Agreement, seconds: float) -> dict[str, Any]:
    """Return what is worth printing of an agreement.

    :param agreement: two coders.
    :param seconds: how long it took.
    """
    rows = agreement.table[agreement.table["scope"] == "all"]
    whole = rows[rows["code"] == ALL_CODES].iloc[0]
    names = (
        "alpha",
        "low",
        "high",
        "kappa_mean",
        "kappa_mean_low",
        "kappa_mean_high",
        "kappa_min",
        "kappa_max",
    )
    size = {"interviews": int(whole["interviews"]), "turns": int(whole["n"]), "codes": len(rows) - 1}
    return {"seconds": seconds} | size | {name: round(float(whole[name]), 3) for name in names}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--draws", type=int, default=2000)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    invented = invented_corpus()
    folder = find("corpora", "demo")
    one, other = (read_coding(folder / "codings" / f"coder_{name}.csv") for name in "ab")
    figures: dict[str, Any] = {"cores": os.cpu_count(), "python": platform.python_version()}
    figures["draws"] = args.draws
    figures["invented"] = figures_of(*timed(invented, invented_codings(invented), args.draws))
    figures["demo"] = figures_of(*timed(read_corpus(folder), (one, other), args.draws))
    text = json.dumps(figures, indent=1)
    print(text)
    if args.out:
        args.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
