"""A run folder: whole or not at all, the same when read back, safe to open and to share."""

from __future__ import annotations

import json
import os
import shutil
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kotaku_nlp.analysis.evidence import evidence_tables
from kotaku_nlp.coding.codebook import load_codebook, parse_codebook
from kotaku_nlp.errors import RunError
from kotaku_nlp.records import TABLES, Analysis, Embeddings, Problem, table
from kotaku_nlp.store import (
    MANIFEST,
    check_target,
    load_run,
    replacing,
    save,
    write_json,
)

BOOK = parse_codebook(
    "id: skripsi/2024\ntitle: {id: Punya saya}\ndimensions:\n"
    "  - {id: percaya, label: Percaya, definition: 'ya: saling percaya', indicators: ['=kami percaya']}\n"
)
TURNS = (
    "Kami diundang rapat, tapi undangannya terlambat.",
    "=HYPERLINK(1) itu yang saya dengar.",
    "Iya, betul.",
)


class Topics:
    """Stand in for the topics of a run: anything that saves itself into a folder."""

    def save(self, folder: Any, /) -> None:
        Path(folder).mkdir()
        write_json(Path(folder) / "topics.json", {"words": ["rapat"]})


def tables_of(turns: tuple[str, ...] = TURNS) -> dict[str, pd.DataFrame]:
    """Make the tables of a run of one interview, one passage a turn, with nulls where a run has them."""
    made: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    text = "\n".join(turns)
    made["transcripts"] = [
        {"transcript": "w01", "path": "transcripts/w01.txt", "sha256": "0" * 64, "kind": "interview",
         "language": "id", "text": text}
    ]  # fmt: skip
    start = 0
    for number, said in enumerate(turns, start=1):
        span = {"start": start, "end": start + len(said)}
        start += len(said) + 1
        whose = {"transcript": "w01", "turn": number, "speaker": "N", "informant": "I1"}
        made["turns"].append(whose | span | {"is_interviewer": False, "time": None})
        passage = {"passage_id": f"w01:{number}"}
        made["passages"].append(
            passage | whose | span
            | {"role": "Ketua RT", "group": "community", "kind": "interview", "text": said,
               "low_evidence": number == 3, "question": None, "dialect_share": 0.0}
        )  # fmt: skip
        for dimension in ("percaya", "out_of_framework"):
            hit = (dimension == "percaya") == (number == 1)
            made["alignment"].append(
                passage | {"codebook": BOOK.id, "dimension": dimension, "score": 0.1, "probability": 0.9,
                           "assigned": hit, "abstained": False, "basis": "zero_shot",
                           "start": 0 if hit else None, "end": 9 if hit else None}
            )  # fmt: skip
        blank = {"p_negative": None, "p_neutral": None, "p_positive": None}
        made["aspects"].append(passage | {"aspect": "coordination", "polarity": "absent"} | blank)
        made["passage_topics"].append(
            passage | {"topic": -1, "membership": 0.0, "status": "unassigned", "closeness": 0.0}
        )
    made["profile"] = [
        {"group": "community", "codebook": BOOK.id, "measure": "dimension", "name": "percaya",
         "n_passages": 1, "n_informants": 1, "n_interviews": 1, "n_group_informants": 1, "n_no_evidence": 2,
         "value": 1.0, "value_by_informant": 1 / 3, "low": None, "high": None}
    ]  # fmt: skip
    return {name: table(name, rows) for name, rows in made.items()}


def analysis_of(tables: dict[str, pd.DataFrame]) -> Analysis:
    problems = (
        Problem("few_words", "w01.txt", params={"words": 12, "turns": 3}),
        Problem("corpus_empty", "", "error"),
    )
    books = (BOOK, load_codebook("aspects"))
    manifest: dict[str, Any] = {
        "corpus": "rw05", "settings": {"lang": "id", "codebooks": [b.id for b in books]},
        "codebooks": [book.id for book in books], "inputs": {"transcripts/w01.txt": "0" * 64},
        "informants": [{"transcript": "w01", "informant": "I1", "tempat": "Kampung Tengah"}],
        "problems": [
            {"key": p.key, "where": p.where, "level": p.level, "params": dict(p.params)} for p in problems
        ],
    }  # fmt: skip
    ids = tuple(tables["passages"]["passage_id"])
    matrix = np.random.default_rng(0).normal(size=(4, len(ids))).astype(np.float32).T
    return Analysis(
        corpus_name="rw05",
        settings=manifest["settings"],
        manifest=manifest,
        tables=evidence_tables(tables, books, manifest["informants"]),
        embeddings=Embeddings(ids, matrix, "lab/model", "r1"),
        problems=problems,
        codebooks=books,
        topic_model=Topics(),
        **tables,
    )


ANALYSIS = analysis_of(tables_of())


def write_run(folder: Path, analysis: Analysis = ANALYSIS) -> Path:
    with replacing(folder) as partial:
        save(analysis, partial)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def assert_same(found: Analysis, wanted: Analysis) -> None:
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(found, name), getattr(wanted, name), obj=name)
    assert found.tables.keys() == wanted.tables.keys()
    for name, frame in wanted.tables.items():
        pd.testing.assert_frame_equal(found.tables[name], frame, obj=name)
    for name in ("corpus_name", "settings", "manifest", "problems", "codebooks"):
        assert getattr(found, name) == getattr(wanted, name), name
    assert found.embeddings.ids == wanted.embeddings.ids
    assert (found.embeddings.model, found.embeddings.revision) == ("lab/model", "r1")
    assert np.array_equal(found.embeddings.matrix, wanted.embeddings.matrix)


def test_a_run_reads_back_the_same(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "rw05-hasil")
    assert_same(load_run(folder), ANALYSIS)
    assert_same(load_run(str(folder)), ANALYSIS)


def test_an_empty_run_reads_back_the_same(tmp_path: Path) -> None:
    empty = analysis_of({name: table(name, []) for name in TABLES})
    assert_same(load_run(write_run(tmp_path / "kosong", empty)), empty)


def test_the_machine_is_a_coder_among_coders_also_when_read_back(tmp_path: Path) -> None:
    rows = load_run(write_run(tmp_path / "run")).coding(BOOK.id).rows
    assert rows[["transcript", "turn", "code", "coder", "basis"]].to_numpy().tolist() == [
        ["w01", 1, "percaya", "kotaku-nlp", "zero_shot"]
    ]


def test_the_files_of_the_contract_are_there_and_none_is_a_pickle(tmp_path: Path) -> None:
    files = contents(write_run(tmp_path / "run"))
    assert {f"{name}.parquet" for name in TABLES} | {MANIFEST, "topic_model/topics.json"} <= files.keys()
    assert any(name.startswith("embeddings/") for name in files)
    assert {Path(name).suffix for name in files} == {".parquet", ".json", ".yaml", ".safetensors"}
    assert json.loads(files[MANIFEST]) == ANALYSIS.manifest


def test_everybody_may_read_a_run(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        folder = write_run(tmp_path / "run")
    finally:
        os.umask(before)
    for path in [folder, *folder.rglob("*")]:
        wanted = 0o755 if path.is_dir() else 0o644
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path.name


@pytest.mark.parametrize("name", ["skripsi/2024", "../../keluar", "..", 'a:b*"?', "CON 1"])
def test_a_codebook_of_any_id_stays_in_the_run(tmp_path: Path, name: str) -> None:
    odd = replace(
        ANALYSIS, codebooks=(replace(BOOK, id=name),), manifest={**ANALYSIS.manifest, "codebooks": [name]}
    )
    folder = write_run(tmp_path / "luar" / "run", odd)
    assert load_run(folder).codebooks == odd.codebooks
    assert not [p for p in tmp_path.rglob("*.yaml") if folder not in p.parents]
    assert not set('\\:*?"<>|') & set("".join(p.name for p in (folder / "codebooks").iterdir()))


# --- whole or not at all -----------------------------------------------------------------------


def test_a_failing_first_run_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), replacing(tmp_path / "run") as partial:
        (partial / "setengah.txt").write_text("x")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_an_old_run_survives_a_failing_one(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run")
    (folder / "review.jsonl").write_text('{"verdict": "setuju"}\n')
    before = contents(folder)
    with pytest.raises(OSError, match="disk full"), replacing(folder) as partial:
        save(ANALYSIS, partial)
        raise OSError("disk full")
    assert contents(folder) == before
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.parametrize("failing", [1, 2], ids=["old cannot move", "new cannot move"])
def test_an_old_run_survives_when_a_folder_cannot_be_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    """Windows refuses to rename a folder of which a file is open in another program."""
    folder = write_run(tmp_path / "run")
    before, moves, rename = contents(folder), [0], Path.rename

    def refuse(self: Path, target: Path) -> Path:
        moves[0] += 1
        if moves[0] == failing:
            raise PermissionError(13, "in use", str(self))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(PermissionError), replacing(folder) as partial:
        save(ANALYSIS, partial)
    assert contents(folder) == before
    assert list(tmp_path.iterdir()) == [folder]


def test_the_target_is_seen_whole_or_old_while_a_run_is_written(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run")
    before = contents(folder)
    with replacing(folder) as partial:
        assert not list(partial.iterdir())
        save(ANALYSIS, partial)
        assert contents(folder) == before


def test_a_new_run_replaces_the_old_and_keeps_what_people_made(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run")
    (folder / "review.jsonl").write_text('{"verdict": "setuju"}\n')
    (folder / "codings" / "dalam").mkdir(parents=True)
    (folder / "codings" / "dalam" / "ani.csv").write_text("transcript,turn,code,coder\n")
    (folder / "tables").mkdir()
    (folder / "tables" / "lama.csv").write_text("x")
    write_run(folder, analysis_of(tables_of(TURNS[:2])))
    assert len(load_run(folder).passages) == 2
    assert (folder / "review.jsonl").read_text() == '{"verdict": "setuju"}\n'
    assert (folder / "codings" / "dalam" / "ani.csv").is_file()
    assert not (folder / "tables").exists()
    assert list(tmp_path.iterdir()) == [folder]


def test_what_the_new_run_wrote_itself_is_not_overwritten(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run")
    (folder / "review.jsonl").write_text("lama")
    with replacing(folder) as partial:
        save(ANALYSIS, partial)
        (partial / "review.jsonl").write_text("baru")
    assert (folder / "review.jsonl").read_text() == "baru"


def test_a_damaged_run_may_be_run_again(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run")
    (folder / MANIFEST).write_text("{")
    (folder / "topics.parquet").unlink()
    assert_same(load_run(write_run(folder)), ANALYSIS)


def test_parents_are_made_and_an_empty_folder_is_taken(tmp_path: Path) -> None:
    assert_same(load_run(write_run(tmp_path / "a" / "b" / "run")), ANALYSIS)
    (tmp_path / "kosong").mkdir()
    assert_same(load_run(write_run(tmp_path / "kosong")), ANALYSIS)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    there = write_run(tmp_path / "disk" / "run")
    (there / "review.jsonl").write_text("catatan")
    (tmp_path / "run").symlink_to(there)
    write_run(tmp_path / "run", analysis_of(tables_of(TURNS[:1])))
    assert (tmp_path / "run").is_symlink()
    assert len(load_run(there).passages) == 1
    assert (there / "review.jsonl").read_text() == "catatan"


def test_the_working_folder_itself_can_be_the_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sini").mkdir()
    monkeypatch.chdir(tmp_path / "sini")
    write_run(Path("."))
    assert_same(load_run(tmp_path / "sini"), ANALYSIS)


@pytest.mark.parametrize(
    "files",
    [["skripsi.docx"], [".gitignore"], [MANIFEST, "index.html"], ["passages.parquet"], ["lain/x.txt"]],
    ids=["documents", "hidden", "a web page's manifest", "tables without manifest", "folders"],
)
def test_a_foreign_folder_is_refused_and_left_alone(tmp_path: Path, files: list[str]) -> None:
    folder = tmp_path / "punya-saya"
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("penting")
    before = contents(tmp_path)
    for refuse in (check_target, write_run):
        with pytest.raises(RunError) as caught:
            refuse(folder)
        assert (caught.value.key, caught.value.where) == ("not_a_run_folder", str(folder))
        assert "--out" in caught.value.render("id")
    assert contents(tmp_path) == before


def test_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "hasil").write_text("penting")
    with pytest.raises(RunError):
        write_run(tmp_path / "hasil")
    assert (tmp_path / "hasil").read_text() == "penting"


# --- damaged runs ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run(tmp_path_factory.mktemp("store") / "run")


def damaged(folder: Path) -> RunError:
    with pytest.raises(RunError) as caught:
        load_run(folder)
    assert caught.value.where == str(folder)
    assert "kotaku run" in caught.value.render("id")
    return caught.value


FILES = (
    "passages.parquet", "profile.parquet", "embeddings/vectors.safetensors", "embeddings/embeddings.json",
    "codebooks/skripsi%2F2024.yaml", MANIFEST,
)  # fmt: skip


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("how", ["missing", "empty", "cut", "noise"])
def test_a_damaged_run_is_said(whole: Path, tmp_path: Path, name: str, how: str) -> None:
    folder = shutil.copytree(whole, tmp_path / "run")
    content = (folder / name).read_bytes()
    if how == "missing":
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(
            {"empty": b"", "cut": content[: len(content) // 3], "noise": b"\xff\x00{"}[how]
        )
    wanted = "no_run_here" if (name, how) == (MANIFEST, "missing") else "run_damaged"
    assert damaged(folder).key == wanted


@pytest.mark.parametrize(
    "manifest", ["[]", "3", "{}", '{"codebooks": []}', '{"codebooks": null, "problems": []}']
)
def test_a_manifest_of_another_kind_is_said(whole: Path, tmp_path: Path, manifest: str) -> None:
    folder = shutil.copytree(whole, tmp_path / "run")
    (folder / MANIFEST).write_text(manifest)
    assert damaged(folder).key == "run_damaged"


def test_a_table_without_a_column_and_vectors_without_ids_are_said(whole: Path, tmp_path: Path) -> None:
    first, second = shutil.copytree(whole, tmp_path / "a"), shutil.copytree(whole, tmp_path / "b")
    ANALYSIS.passages.drop(columns="text").to_parquet(first / "passages.parquet")
    assert damaged(first).params["detail"]
    write_json(second / "embeddings" / "embeddings.json", {"model": "m", "revision": "r", "ids": ["w01:1"]})
    assert damaged(second).key == "run_damaged"


@pytest.mark.parametrize("name", ["tidak-ada", "."])
def test_where_there_is_no_run_the_cure_is_said(tmp_path: Path, name: str) -> None:
    assert damaged(tmp_path / name).key == "no_run_here"
