"""The coded corpus keeps its format and its promises; its tools read, settle and refuse as they say."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "corpora"))

import assemble  # noqa: E402
import check  # noqa: E402
import notation  # noqa: E402

WRITTEN = """\
= lorong ; com ; jambi ; Kelurahan Sungai Rumbai ; KOTAKU
? Bagaimana dananya?
- Awalnyo kami dak pecayo. Sejak kuitansi ditempel di pos, orang mulai nyumbang lagi.
c a.tb e.mtr d.tru | Sejak kuitansi .. di pos
a cm+ com>com | kuitansi ditempel di pos
i com imp in | orang mulai nyumbang
p imp
= - ; gov ; formal ; - ; -
- Hujan turun sejak pagi dan jalan di depan kantor tergenang sampai mata kaki.
"""


def written(tmp_path: Path, text: str = WRITTEN) -> tuple[list[dict[str, Any]], list[str]]:
    path = tmp_path / "x9.txt"
    path.write_text(text, encoding="utf-8")
    return notation.read_notation(path)


@pytest.fixture(scope="module")
def splits() -> dict[str, list[dict[str, Any]]]:
    return {name: assemble.read_lines(check.GOVERNANCE / f"{name}.jsonl") for name in check.SPLITS}


def test_the_notation_is_read_with_offsets(tmp_path: Path) -> None:
    (first, second), problems = written(tmp_path)
    assert not problems
    assert (first["interview"], first["turn"], first["question"]) == ("x9-lorong", 2, "Bagaimana dananya?")
    code = first["codes"]["ansell_gash_2008"][0]
    assert code["dimension"] == "trust_building"
    assert first["text"][code["start"] : code["end"]] == "Sejak kuitansi ditempel di pos"
    assert first["clauses"][0] | {"start": 0, "end": 0} == {
        "start": 0,
        "end": 0,
        "aspect": "communication",
        "polarity": "positive",
        "view": "own",
        "holder": "community",
        "target": "community",
    }
    assert second["interview"] is None and second["place"] is None and not second["codes"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("c a.zz | kami", "no such dimension: a.zz"),
        ("c a.tb | tidak ada di sini", "not in the passage"),
        ("a xx+ com>com | kami", "aspect, polarity"),
        ("i com besok in | kami", "group, phase and status"),
        ("p besok", "no such phase"),
        ("ini bukan baris notasi", "a line begins with"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, line: str, told: str) -> None:
    _, problems = written(tmp_path, WRITTEN.replace("p imp", line))
    assert len(problems) == 1
    assert problems[0].startswith("x9, line 7:") and told in problems[0]


def reading(*dimensions: str, phase: str | None = None, **clauses: str) -> dict[str, Any]:
    codes = [{"dimension": name, "start": 0, "end": 4} for name in dimensions]
    told = [
        {"start": 0, "end": 4, "aspect": a, "polarity": p, "view": "own", "holder": None, "target": None}
        for a, p in clauses.items()
    ]
    book = {"ansell_gash_2008": codes} if codes else {}
    return {"phase": phase, "codes": book, "clauses": told, "involvement": []}


def test_a_label_stands_when_two_of_three_gave_it() -> None:
    three = [
        reading("trust_building", "shared_understanding", phase="planning", cooperation="positive"),
        reading("shared_understanding", cooperation="negative"),
        reading("commitment_to_process", "shared_understanding", phase="planning", cooperation="positive"),
    ]
    found = assemble.settled(three)
    assert [c["dimension"] for c in found["codes"]["ansell_gash_2008"]] == ["shared_understanding"]
    assert [c["polarity"] for c in found["clauses"]] == ["positive"]
    assert found["phase"] == "planning"


def test_of_five_readings_three_decide() -> None:
    five = [reading("trust_building"), reading("trust_building"), reading(), reading(), reading()]
    assert assemble.settled(five)["codes"] == {}
    five[2] = reading("trust_building", phase="planning")
    assert [c["dimension"] for c in assemble.settled(five)["codes"]["ansell_gash_2008"]] == ["trust_building"]
    assert assemble.settled(five)["phase"] is None


def test_a_new_slice_leaves_the_others_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slices, readings = tmp_path / "slices", tmp_path / "readings"
    slices.mkdir()
    readings.mkdir()
    (slices / "x9.txt").write_text(WRITTEN, encoding="utf-8")
    (readings / "x9-r1.txt").write_text("# x9-001\nc a.ff | *\n# x9-002\n", encoding="utf-8")
    assemble.write_lines(tmp_path / "train.jsonl", [{"id": "y1-001", "author": "y1", "readings": []}])
    command = ["assemble.py", "--written", str(slices), "--readings", str(readings), "--out", str(tmp_path)]
    for _ in range(2):  # a second time replaces, and does not double
        monkeypatch.setattr(sys, "argv", [*command, "--split", "train=x9"])
        assemble.main()
    rows = assemble.read_lines(tmp_path / "train.jsonl")
    assert [row["id"] for row in rows] == ["y1-001", "x9-001", "x9-002"]
    # One blind reading settles nothing: the label stays the writer's.
    assert check.dimensions(rows[1]) == ["trust_building"]
    assert [r["reader"] for r in rows[1]["readings"]] == ["writer", "r1"]
    monkeypatch.setattr(sys, "argv", [*command, "--split", "train=z3"])
    with pytest.raises(SystemExit, match="no slice of z3"):
        assemble.main()


def test_every_line_keeps_the_format(splits: dict[str, list[dict[str, Any]]]) -> None:
    rows = [row for part in splits.values() for row in part]
    assert check.schema_faults([*rows, *assemble.read_lines(check.GOVERNANCE / "contrast.jsonl")]) == []
    broken = json.loads(json.dumps(rows[0])) | {"id": "lain", "register": "gaul"}
    assert check.schema_faults([broken]) == ["lain: register"]


def test_a_near_copy_is_found(splits: dict[str, list[dict[str, Any]]]) -> None:
    row = next(row for row in splits["test"] if len(row["text"].split()) > 20)
    assert check.near_duplicates([row, row | {"id": "salinan"}]) == [("salinan", row["id"])]
    assert check.near_duplicates([row], [row["text"]]) == [(row["id"], "other 0")]


def test_no_author_stands_in_two_splits(splits: dict[str, list[dict[str, Any]]]) -> None:
    authors = [{row["author"] for row in part} for part in splits.values()]
    assert sum(map(len, authors)) == len(set().union(*authors))


def test_it_loads_with_one_call() -> None:
    table = pd.read_json(check.GOVERNANCE / "dev.jsonl", lines=True)
    assert {"text", "codes", "clauses", "involvement", "readings"} <= set(table.columns)


def test_every_place_that_speaks_of_it_says_what_it_is() -> None:
    english = ("machine-written", "no human coder", "not human agreement")
    for path in (check.GOVERNANCE / "README.md", ROOT / "README.md"):
        text = " ".join(path.read_text(encoding="utf-8").split())
        assert all(words in text for words in english), path
    card = " ".join((check.GOVERNANCE / "README.md").read_text(encoding="utf-8").split())
    assert "nothing in it was ever said by anyone" in card
    wording = (ROOT / "kotaku_nlp" / "wording" / "report.toml").read_text(encoding="utf-8")
    assert all(words in wording for words in (*english, "nothing in it was ever said by anyone"))
    assert "bukan kesepakatan manusia" in wording
