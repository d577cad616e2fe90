"""Measure sentence encoders on Indonesian validation text, part by part, so that a run may be cut and go on.

    python benchmarks/encoder.py --data FOLDER [--model NAME|FOLDER]… [--only NAME…] [--parts PART…]
                                 [--out FILE] [--again] [--no-baselines]

FOLDER holds the public evaluation data (`pairs`, `parallel`, `topics/sib-200`, `lexicon`, `sentiment`);
test splits are not read. Two baselines run beside the named models: TF-IDF cosine, and the English
teacher as it is. With --out the file is written after every part of every model; what it already holds of
the same revision of a model is not measured again, and what it holds of other models stays. `revisions`
says which revision of a model gave the figures of a part; figures of parts not named there were measured
before revisions were kept.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from encoder_parts import PARTS, Subject, english, of_encoder, tfidf

Results = dict[str, Any]


def read(file: Path | None) -> Results:
    """Return the results of earlier runs, or empty ones.

    :param file: where they lie, or None.
    """
    found: Results = {"unit": "per cent unless named", "revisions": {}, "models": {}}
    return found | (json.loads(file.read_text(encoding="utf-8")) if file and file.is_file() else {})


def write(results: Results, file: Path | None) -> None:
    """Write the results, whole or not at all.

    :param results: what was measured so far.
    :param file: where they go, or None.
    """
    if file is None:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(f".{os.getpid()}.partial")
    partial.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    partial.replace(file)


def missing(results: Results, subject: Subject, parts: list[str], again: bool) -> Iterator[str]:
    """Yield the parts that are to be measured of a model.

    :param results: what is known.
    :param subject: the model.
    :param parts: the parts asked for.
    :param again: measure also what is known of this revision.
    """
    known = results["revisions"].get(subject.name, {})
    yield from (part for part in parts if again or known.get(part) != subject.revision)


def measure(results: Results, subject: Subject, part: str, data: Path) -> None:
    """Measure one part of one model and put it among the results.

    :param results: what is known; changed in place.
    :param subject: the model.
    :param part: a key of `PARTS`.
    :param data: the data folder.
    """
    figures = PARTS[part](subject, data)
    results["models"].setdefault(subject.name, {}).update(figures)
    results["revisions"].setdefault(subject.name, {})[part] = subject.revision
    print(
        json.dumps({"model": subject.name, "revision": subject.revision, "part": part} | figures), flush=True
    )


def subjects(args: argparse.Namespace, parser: argparse.ArgumentParser) -> list[Subject]:
    """Return the models to measure.

    :param args: the command line.
    :param parser: told of a name that is none of them.
    """
    baselines = [] if args.no_baselines else [tfidf(args.data), english()]
    found = [subject for subject in (*baselines, *map(of_encoder, args.model)) if subject is not None]
    names = [subject.name for subject in found]
    if unknown := sorted(set(args.only or ()) - set(names)):
        parser.error(f"--only {' '.join(unknown)}: not among {', '.join(names)}")
    return [subject for subject in found if not args.only or subject.name in args.only]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", action="append", default=[], metavar="NAME|FOLDER")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="measure these of the models only")
    parser.add_argument("--parts", nargs="+", choices=list(PARTS), default=list(PARTS))
    parser.add_argument("--out", type=Path)
    parser.add_argument("--again", action="store_true", help="measure also what --out already holds")
    parser.add_argument("--no-baselines", action="store_true")
    args = parser.parse_args()
    results = read(args.out)
    for subject in subjects(args, parser):
        for part in missing(results, subject, args.parts, args.again):
            measure(results, subject, part, args.data)
            write(results, args.out)
    if args.out is None:
        json.dump(results, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
