"""What every coder may want to read again: people only, own codes too, one table, dates if there are any."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kotaku_nlp.coding.files.mapping import Link
from kotaku_nlp.coding.read_again import read_again
from kotaku_nlp.coding.reread import COLUMNS
from kotaku_nlp.records import TABLES, Analysis, Codebook, Coding, Dimension, Embeddings, table

BOOK = Codebook(
    "air", {"id": "Air"},
    (
        Dimension("banjir", {"id": "Banjir"}, {"id": "Air masuk."}),
        Dimension("rapat", {"id": "Rapat"}, {"id": "Duduk bersama."}),
    ),
)  # fmt: skip
SAID = {
    "banjir": "air sungai naik masuk dapur, banjir merendam rumah kami",
    "rapat": "kami rapat di balai, duduk bersama membahas usulan warga",
    "": "anak saya sekolah di kota, pulangnya naik angkot sore hari",
}
PLACES = [(f"w{i}", t, [*SAID][(i + t) % 3]) for i in range(5) for t in range(1, 7)]


def run() -> Analysis:
    passages = [
        {"passage_id": f"{name}:{turn}", "transcript": name, "turn": turn, "kind": "interview",
         "text": f"{SAID[code]} {name} {turn}", "start": 100 * turn, "end": 100 * turn + 80}
        for name, turn, code in PLACES
    ]  # fmt: skip
    frames: dict[str, Any] = {name: table(name, []) for name in TABLES} | {"passages": pd.DataFrame(passages)}
    vectors = np.array([np.eye(3)[[*SAID].index(code)] for *_, code in PLACES], dtype=np.float32)
    ids = tuple(str(passage["passage_id"]) for passage in passages)
    return Analysis("x", {}, {}, **frames, tables={}, embeddings=Embeddings(ids, vectors, "made", "1"))


def coding(coder: str, dates: bool = False, **renamed: str) -> Coding:
    rows = [
        {"transcript": name, "turn": turn, "start": None, "end": None, "quote": "", "coder": coder,
         "code": renamed.get(code, code), "date": f"2024-05-{int(name[1]) + 1:02}" if dates else ""}
        for name, turn, code in PLACES
    ]  # fmt: skip
    return Coding(coder, pd.DataFrame(rows))


def test_the_queues_are_one_table_with_one_order() -> None:
    found = read_again(run(), [coding("rina"), coding("adi")], None, BOOK).queue
    assert found["rank"].tolist() == list(range(1, len(found) + 1))
    assert found["coder"].unique().tolist() == ["adi", "rina"]
    assert {name: str(kind) for name, kind in found.dtypes.items()} == COLUMNS


def test_the_machine_of_an_earlier_export_has_nothing_to_reread() -> None:
    found = read_again(run(), [coding("rina"), coding("kotaku-nlp 0.1.0")], None, BOOK)
    assert set(found.queue["coder"]) == {"rina"} and not any("kotaku-nlp" in line for line in found.lines)


def test_codes_that_nobody_confirmed_are_read_under_their_own_names() -> None:
    own = coding("rina", banjir="air naik", rapat="rembug")
    for code in ("air naik", "rembug"):  # one of each was forgotten
        own.rows.loc[(own.rows["code"] == code).idxmax(), "code"] = ""
    waiting = (Link("air naik", "banjir"), Link("rembug", ""))
    found = read_again(run(), [own], waiting, BOOK)
    assert not found.problems and {"air naik", "rembug"} <= set(found.queue["code"])
    half = read_again(run(), [own], (Link("air naik", "banjir", confirmed=True), waiting[1]), BOOK)
    codes = set(half.queue["code"])
    assert "rembug" in codes and "air naik" not in codes


def test_codings_without_dates_are_named_once_with_the_cure() -> None:
    lines = read_again(run(), [coding("rina"), coding("adi")], None, BOOK, "en").lines
    (told,) = (line for line in lines if "column date" in line)
    assert told.startswith("adi, rina: ")


def test_codings_with_dates_are_looked_at_for_shifts() -> None:
    lines = read_again(run(), [coding("rina", dates=True), coding("adi")], None, BOOK, "en").lines
    assert "rina: No code shows a shift over the order of coding." in lines
    assert any(line.startswith("adi: ") and "column date" in line for line in lines)


def test_nothing_to_read_again_is_an_empty_table_of_the_same_kind() -> None:
    elsewhere = Coding("rina", coding("rina").rows.assign(transcript="lain"))
    found = read_again(run(), [elsewhere], None, BOOK)
    assert [(problem.key, problem.where) for problem in found.problems] == [("reread_nothing_coded", "rina")]
    assert found.queue.empty and {n: str(k) for n, k in found.queue.dtypes.items()} == COLUMNS
