"""Add written slices and their blind readings to the coded corpus.

    python corpora/assemble.py --written FOLDER --readings FOLDER --split train=g8,c10 [--out FOLDER]

FOLDER of slices: `<author>.txt` in the notation of `notation.py`. FOLDER of readings:
`<anything>-<reader>.txt`. A passage that was read blind gets what more than half of its readings, the
writer's among them, gave it. Authors that a split holds already and that are named again are replaced; all
others stay as they are.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any

from notation import MAX_CODES, Record, read_notation

GOVERNANCE = Path(__file__).resolve().parent / "governance"
LABELS = ("phase", "codes", "clauses", "involvement")
#: Fewer readings than this settle nothing: the labels stay the writer's.
ENOUGH = 3
#: The order of the fields in a line.
FIELDS = (
    "id author interview turn speaker question group register text place programme phase codes clauses "
    "involvement readings pair_id pair_kind"
).split()


def settled(readings: Sequence[Record]) -> Record:
    """Return the labels that stand, from the writer's reading and the blind ones after it.

    :param readings: the writer first; at least `ENOUGH`.
    """
    books = sorted({book for reading in readings for book in reading["codes"]})
    codes = {book: _settled_codes([reading["codes"].get(book, []) for reading in readings]) for book in books}
    phases = [reading["phase"] for reading in readings]
    acts = _kept(readings, "involvement", _act)
    return {
        "phase": _majority(phases, len(readings), phases[0]),
        "codes": {book: found for book, found in codes.items() if found},
        "clauses": _kept(readings, "clauses", lambda row: (row["aspect"], row["polarity"])),
        "involvement": [row | {"phase": _act_phase(readings, row)} for row in acts],
    }


def _stands(votes: int, readings: int) -> bool:
    return 2 * votes > readings


def _majority(said: Sequence[Any], readings: int, otherwise: Any) -> Any:
    """Return what more than half of the readings said, or the other value."""
    most, votes = Counter(said).most_common(1)[0]
    return most if _stands(votes, readings) else otherwise


def _settled_codes(given: Sequence[list[Record]]) -> list[Record]:
    ranks: dict[str, list[int]] = defaultdict(list)
    for codes in given:
        for rank, code in enumerate(codes):
            ranks[code["dimension"]].append(rank)
    standing = [name for name, found in ranks.items() if _stands(len(found), len(given))]
    standing.sort(key=lambda name: (-len(ranks[name]), sum(ranks[name]) / len(ranks[name])))
    spans = {code["dimension"]: code for codes in reversed(given) for code in codes}
    return [spans[name] for name in standing[:MAX_CODES]]


def _kept(readings: Sequence[Record], field: str, key: Callable[[Record], Hashable]) -> list[Record]:
    """Return the rows whose key most readings gave, as the first of them has them."""
    votes = Counter(one for reading in readings for one in {key(row) for row in reading[field]})
    kept: list[Record] = []
    taken: set[Hashable] = set()
    for reading in readings:
        fresh = [
            row for row in reading[field] if _stands(votes[key(row)], len(readings)) and key(row) not in taken
        ]
        kept += fresh
        taken |= {key(row) for row in fresh}
    return sorted(kept, key=lambda row: (row["start"], row["end"]))


def _act(row: Record) -> tuple[str, str]:
    return row["actor_group"], row["status"]


def _act_phase(readings: Sequence[Record], row: Record) -> str:
    """Return the phase that most of those who gave this group and status gave with it."""
    said = [
        other["phase"] for reading in readings for other in reading["involvement"] if _act(other) == _act(row)
    ]
    return str(_majority(said, len(said), row["phase"]))


def readings_of(folder: Path, texts: Mapping[str, str]) -> dict[str, list[Record]]:
    """Return passage id → blind readings, in the order of the file names.

    :param folder: files `<anything>-<reader>.txt`.
    :param texts: passage id → text.
    :raises SystemExit: when a line cannot be read.
    """
    found: dict[str, list[Record]] = defaultdict(list)
    for path in sorted(folder.glob("*.txt")):
        records, problems = read_notation(path, texts)
        if problems:
            raise SystemExit("\n".join(problems))
        reader = path.stem.rpartition("-")[2]
        for record in records:
            labels = {name: record[name] for name in LABELS}
            found[record["id"]].append({"reader": reader} | labels)
    return found


def line_of(record: Record, blind: Sequence[Record]) -> Record:
    """Return one line of the corpus.

    :param record: as written.
    :param blind: its blind readings.
    """
    readings = [{"reader": "writer"} | {name: record[name] for name in LABELS}, *blind]
    row = record | {"readings": readings if blind else []}
    if len(readings) >= ENOUGH:
        row |= settled(readings)
    row = {"pair_id": None, "pair_kind": None, "speaker": None, "question": None} | row
    return {name: row[name] for name in FIELDS}


def read_lines(path: Path) -> list[Record]:
    """Return the objects of a file of JSON lines; a missing file holds none.

    :param path: the file.
    """
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def write_lines(path: Path, rows: Sequence[Record]) -> None:
    """Write JSON lines.

    :param path: the file.
    :param rows: one object a line.
    """
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--written", type=Path, required=True)
    parser.add_argument("--readings", type=Path, required=True)
    parser.add_argument("--split", action="append", default=[], metavar="NAME=AUTHOR,…")
    parser.add_argument("--out", type=Path, default=GOVERNANCE)
    args = parser.parse_args()
    written: dict[str, list[Record]] = {}
    for path in sorted(args.written.glob("*.txt")):
        written[path.stem], problems = read_notation(path)
        if problems:
            raise SystemExit("\n".join(problems))
    texts = {record["id"]: record["text"] for records in written.values() for record in records}
    blind = readings_of(args.readings, texts)
    for split in args.split:
        name, _, authors = split.partition("=")
        added = authors.split(",")
        if missing := [author for author in added if author not in written]:
            raise SystemExit(f"{args.written}: no slice of {', '.join(missing)}")
        path = args.out / f"{name}.jsonl"
        rows = [row for row in read_lines(path) if row["author"] not in added]
        rows += [line_of(record, blind[record["id"]]) for author in added for record in written[author]]
        write_lines(path, rows)
        print(f"{name}: {len(rows)} passages, {sum(bool(row['readings']) for row in rows)} read again")


if __name__ == "__main__":
    main()
