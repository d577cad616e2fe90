"""Measure topic discovery, part by part, so that a run may be cut and go on.

    python benchmarks/topics.py --parts PART… --data FOLDER [--real FOLDER] [--cache FOLDER]
                                [--out FILE] [--quick] [--again] [--write]

quality    label sets at 100 to 5,000 texts: ours, BERTopic as it comes, other reducers, clusterers, NMF, LDA
stability  demo and the largest corpus of --real: other order, other seed, one interview left out
number     texts composed of 2 to 20 labels: the number of topics, and its interval
null       shuffled words, shuffled vectors, and texts as they are: is there structure?
scale      1,000 and 20,000 passages: seconds and peak memory in a process of its own

--data holds the public label sets `sib-200/ind_Latn`, `detik-titles` and `panl-bppt` (training splits; test
splits are not read), --real corpora of real interviews, each a folder. All methods get the vectors of the
same encoder, encoded once and kept in --cache. --out is written after every line; what it already holds is
not measured again, unless our code or the encoder changed. --write, alone or after parts, puts the tables
of --out into `docs/topics.md`. --quick is for looking whether all runs: its figures say nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from topics_checks import (
    NUMBERS,
    SIZES,
    measure_null,
    measure_number,
    measure_scale,
    null_summary,
    number_summary,
)
from topics_ledger import Ledger, Row, read
from topics_page import write_page
from topics_quality import measure_quality, measure_stability, quality_summary, stability_summary
from topics_sets import DEMO, ROOT, Vectors, labelled, largest_first, spoken

from kotaku_nlp.analysis.encoders import load_encoder

OUT = ROOT / "benchmarks" / "results" / "topics.json"
#: What is not as it might be expected, for a reader of the figures.
_NOTES = {
    "quality": {
        "notes": [
            "Half of the texts of each set are among those that the number of topics was learnt from "
            "(models/training/topics/compose.py); figures with the known number learnt from none.",
            "A seed draws the sample and seeds the method. Sets with fewer texts than a size are left out.",
            "Label sets have no interviews: ours leaves out parts of the passages instead.",
            "Seconds and CPU seconds are of one method after imports; ours includes the null, the number and "
            "the stability over resamples. On a machine that does other things read CPU seconds.",
            "peak_mb: 1,000 texts, first seed, a process of its own with all its imports.",
        ]
    },
    "scale": {"notes": ["Seconds and CPU seconds include imports and compilation; vectors are given."]},
}


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    sizes: tuple[int, ...] = (100, 250, 500, 1000, 5000)
    seeds: tuple[int, ...] = (0, 1, 2, 3, 4)
    changes: int = 2
    interviews: int | None = None
    numbers: tuple[int, ...] = NUMBERS
    composed: tuple[int, ...] = SIZES
    draws: int = 3
    nulls: int = 20
    null_size: int = 250
    scales: tuple[int, ...] = (1000, 20_000)


QUICK = Plan((100,), (0,), 1, 4, (4,), (100,), 1, 1, 80, (100,))


def _quality(ledger: Ledger, vectors: Vectors, plan: Plan, args: argparse.Namespace) -> None:
    sets = list(labelled(args.data).values())
    measure_quality(ledger, sets, vectors, plan.sizes, plan.seeds)


def _stability(ledger: Ledger, vectors: Vectors, plan: Plan, args: argparse.Namespace) -> None:
    real = largest_first(args.real) if args.real else []
    ledger.note("stability", informant_passages={one.name: len(one.texts) for one in real})
    corpora = [spoken(DEMO), *real[:1]]
    some = [corpus.of_interviews(plan.interviews) for corpus in corpora]
    measure_stability(ledger, some, vectors, plan.changes)


def _number(ledger: Ledger, vectors: Vectors, plan: Plan, args: argparse.Namespace) -> None:
    measure_number(ledger, args.data, vectors, plan.numbers, plan.composed, plan.draws)


def _null(ledger: Ledger, vectors: Vectors, plan: Plan, args: argparse.Namespace) -> None:
    measure_null(ledger, [*labelled(args.data).values(), spoken(DEMO)], vectors, plan.nulls, plan.null_size)


def _scale(ledger: Ledger, vectors: Vectors, plan: Plan, args: argparse.Namespace) -> None:
    measure_scale(ledger, labelled(args.data)["panl"], vectors, plan.scales)


Measure = Callable[[Ledger, Vectors, Plan, argparse.Namespace], None]
Summary = Callable[[list[Row]], Row]
PARTS: dict[str, tuple[Measure, Summary]] = {
    "quality": (_quality, quality_summary),
    "stability": (_stability, stability_summary),
    "number": (_number, number_summary),
    "null": (_null, null_summary),
    "scale": (_scale, lambda rows: {}),
}


def summarise(ledger: Ledger) -> None:
    """Put the summaries of all parts that have lines beside them.

    :param ledger: the results.
    """
    for part, (_, summary) in PARTS.items():
        if rows := ledger.rows(part):
            ledger.note(part, **summary(rows), **_NOTES.get(part, {}))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--parts", nargs="+", choices=list(PARTS), default=[])
    parser.add_argument("--data", type=Path)
    parser.add_argument("--real", type=Path)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--model", help="encoder; the shipped default when left out")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--again", action="store_true", help="measure also what --out already holds")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/topics.md")
    args = parser.parse_args()
    if not args.parts and not args.write:
        parser.error("say --parts or --write")
    if args.data is None and set(args.parts) - {"stability"}:
        parser.error("--data is wanted for these parts")
    if args.quick and args.out == OUT:
        parser.error("--quick wants an --out of its own")
    encoder = load_encoder(args.model)
    ledger = Ledger(args.out, f"{encoder.id}@{encoder.revision}", args.again)
    vectors, plan = Vectors(encoder, args.cache), QUICK if args.quick else Plan()
    for part in args.parts:
        PARTS[part][0](ledger, vectors, plan, args)
        summarise(ledger)
    if args.write:
        summarise(ledger)
        write_page(read(args.out))


if __name__ == "__main__":
    main()
