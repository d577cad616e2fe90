"""The check on manual coding from the command line: agreement, mapping to confirm, export and its log."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from kotaku_nlp.checking import check_coding
from kotaku_nlp.cli import main
from kotaku_nlp.coding.agreement.compare import COLUMNS
from kotaku_nlp.coding.codebook import load_codebook
from kotaku_nlp.messages import say

TURNS = (
    ("Kami percaya sama pengurus karena kuitansinya selalu ditempel di pos ronda.", "trust_building"),
    ("Rapatnya tiap malam Jumat, semua duduk satu meja sampai ketemu jalannya.", "face_to_face_dialogue"),
    ("Selokan di depan rumah sudah jadi, tidak banjir lagi kalau hujan.", "intermediate_outcomes"),
    ("Saya jualan kue di pasar, tiap pagi berangkat jam empat.", ""),
)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("uji") / "korpus"
    (folder / "transcripts").mkdir(parents=True)
    (folder / "codings").mkdir()
    rows = {"ani": ["transcript,turn,code,coder"], "budi": ["transcript,turn,code,coder"]}
    for name in ("w1", "w2", "w3", "w4"):
        lines = []
        for place, (text, code) in enumerate(TURNS * 2, start=1):
            lines += ["P: Bagaimana ceritanya?", f"N: {text}"]
            rows["ani"].append(f"{name},{2 * place},{code},ani")
            rows["budi"].append(f"{name},{2 * place},{code if place != 1 else ''},budi")
        (folder / "transcripts" / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for coder, own in rows.items():
        (folder / "codings" / f"{coder}.csv").write_text("\n".join(own) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def run(corpus: Path) -> Path:
    out = corpus.with_name("hasil")
    done = kotaku("run", corpus, "--out", out)
    assert done.exit_code == 0, done.output
    return out


def kotaku(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)


def test_agree_finds_the_codings_of_the_corpus_and_writes_what_it_says(run: Path) -> None:
    done = kotaku("agree", run)
    assert done.exit_code == 0, done.output
    table = pd.read_parquet(run / "agreement.parquet")
    assert list(table.columns)[: len(COLUMNS)] == list(COLUMNS)
    assert set(table["kind"]) == {"human_human", "human_machine"}
    trust = table[(table["code"] == "trust_building") & (table["scope"] == "all")]
    people = trust[trust["kind"] == "human_human"].iloc[0]
    assert (people["both"], people["only_a"], people["only_b"], people["n"]) == (4, 4, 0, 32)
    assert "ani" in done.output and (run / "tables" / "agreement.csv").is_file()
    assert "ani" in (run / "methods-id.md").read_text("utf-8")


def test_codes_of_ones_own_are_proposed_confirmed_and_then_compared(run: Path, tmp_path: Path) -> None:
    own = tmp_path / "saya.csv"
    lines = [f"w{n},2,Percaya pengurus" for n in (1, 2, 3, 4)]
    own.write_text("transcript,turn,code\n" + "\n".join(lines) + "\n", encoding="utf-8")
    first = kotaku("agree", run, own)
    proposed = (run / "mapping.csv").read_text("utf-8-sig")
    assert "Percaya pengurus" in proposed and "mapping.csv" in first.output
    confirmed = tmp_path / "padanan.csv"
    confirmed.write_text("code,dimension,confirmed\nPercaya pengurus,trust_building,ya\n", encoding="utf-8")
    second = kotaku("agree", run, own, "--map", confirmed)
    table = pd.read_parquet(run / "agreement.parquet")
    machine = table[(table["kind"] == "human_machine") & (table["code"] == "trust_building")]
    assert second.exit_code == 0, second.output
    assert (machine["both"] + machine["only_a"]).tolist() == [4, 4]


def test_a_missing_coding_is_named_and_nothing_breaks(run: Path) -> None:
    done = kotaku("agree", run, "tidak-ada.csv")
    assert done.exit_code == 2 and "tidak-ada.csv" in done.output


@pytest.mark.parametrize("kind", ["qdpx", "docx", "xlsx", "csv"])
def test_a_run_is_exported_and_the_log_says_so(run: Path, tmp_path: Path, kind: str) -> None:
    target = tmp_path / f"keluar.{kind}"
    done = kotaku("export", run, "--to", kind, "--out", target)
    assert done.exit_code == 0, done.output
    assert target.exists()
    if kind == "qdpx":
        with zipfile.ZipFile(target) as archive:
            assert "project.qde" in archive.namelist()
    last = json.loads((run / "audit.jsonl").read_text("utf-8").splitlines()[-1])
    assert last["what"] == "export_written" and last["details"]["to"] == kind


def test_learning_from_a_coding_of_another_tool_scores_out_of_fold(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "hasil"
    done = kotaku("run", corpus, "--out", out, "--learn")
    assert done.exit_code == 0, done.output
    table = pd.read_parquet(out / "alignment.parquet")
    assert set(table["basis"]) == {"few_shot_out_of_fold"}


def test_what_to_reread_is_written_decided_and_kept(run: Path) -> None:
    done = kotaku("agree", run)
    sheet = run / "reread.csv"
    assert done.exit_code == 0 and "reread.csv" in done.output
    queue = pd.read_parquet(run / "reread.parquet")
    rows = pd.read_csv(sheet, dtype=str, keep_default_na=False)
    assert len(rows) == len(queue) > 0 and not {"direction", "score"} & set(rows.columns)
    assert set(queue["coder"]) == {"ani", "budi"}
    rows.loc[0, "decision"] = "ambil"
    rows.to_csv(sheet, index=False)
    again = kotaku("agree", run)
    kept = pd.read_csv(sheet, dtype=str, keep_default_na=False)
    assert again.exit_code == 0 and "%" in again.output
    assert kept.loc[0, "decision"] == "ambil"
    rows.loc[1, "decision"] = "mungkin"
    rows.to_csv(sheet, index=False)
    wrong = kotaku("agree", run)
    assert wrong.exit_code == 1 and "mungkin" in wrong.output and "α" in wrong.output
    assert pd.read_csv(sheet, dtype=str, keep_default_na=False).loc[1, "decision"] == "mungkin"
    sheet.unlink()


def test_work_on_a_sheet_outlives_a_lost_queue(run: Path) -> None:
    kotaku("agree", run)
    sheet = run / "reread.csv"
    rows = pd.read_csv(sheet, dtype=str, keep_default_na=False)
    rows.loc[0, "reason"] = "ingat rapat kedua"
    rows.to_csv(sheet, index=False)
    (run / "reread.parquet").unlink()
    done = kotaku("agree", run)
    assert done.exit_code == 1 and "reread.parquet" in done.output
    assert pd.read_csv(sheet, dtype=str, keep_default_na=False).loc[0, "reason"] == "ingat rapat kedua"
    sheet.unlink()


def test_dates_of_a_coding_reach_the_look_for_shifts(run: Path, tmp_path: Path) -> None:
    lines = [
        f"w{n},{2 * p},{code},ani,2024-05-0{n}" for n in (1, 2, 3, 4) for p, (_, code) in enumerate(TURNS, 1)
    ]
    dated = tmp_path / "ani.csv"
    dated.write_text("transcript,turn,code,coder,date\n" + "\n".join(lines) + "\n", encoding="utf-8")
    found = check_coding(run, [dated], lang="en", draws=20).lines
    assert any(line.startswith("ani: No code shows a shift") for line in found)
    undated = check_coding(run, lang="en", draws=20).lines
    assert [line.split(":")[0] for line in undated if "column date" in line] == ["ani, budi"]


def test_the_table_for_spreadsheets_gives_reasons_in_words(run: Path) -> None:
    kotaku("agree", run)
    told = set(pd.read_csv(run / "tables" / "agreement.csv")["reason"].dropna())
    keys = set(pd.read_parquet(run / "agreement.parquet")["reason"].dropna())
    assert keys and told == {say(key, "id") for key in keys}


def test_a_methods_draft_that_was_edited_stays(run: Path) -> None:
    kotaku("agree", run)
    draft = run / "methods-id.md"
    ours = draft.read_text("utf-8")
    kotaku("agree", run, "--unit", "sentence")
    assert draft.read_text("utf-8") != ours  # nobody touched it
    draft.write_text("Metode saya.\n", encoding="utf-8")
    done = kotaku("agree", run)
    assert draft.read_text("utf-8") == "Metode saya.\n" and "methods-id.new.md" in done.output
    assert (run / "methods-id.new.md").read_text("utf-8") == ours
    assert done.exit_code == 0, done.output


def test_a_mapping_into_any_codebook_of_the_run_is_understood(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "dua"
    made = kotaku("run", corpus, "--out", out, "--codebook", "ansell_gash_2008", "--codebook", "ratner_2012")
    assert made.exit_code == 0, made.output
    second = load_codebook("ratner_2012").leaves[0].id
    own, file = tmp_path / "saya.csv", tmp_path / "padanan.csv"
    own.write_text("transcript,turn,code\nw1,2,Kepercayaan\nw2,2,Kepercayaan\n", encoding="utf-8")
    file.write_text(f"code,dimension,confirmed\nKepercayaan,{second},ya\n", encoding="utf-8")
    done = kotaku("agree", out, own, "--map", file)
    assert done.exit_code == 0, done.output
    table = pd.read_parquet(out / "agreement.parquet")
    assert second in set(table.loc[table["kind"] == "human_machine", "code"])
    file.write_text("code,dimension,confirmed\nKepercayaan,tidak_dikenal,ya\n", encoding="utf-8")
    wrong = kotaku("agree", out, own, "--map", file)
    assert wrong.exit_code == 2 and "tidak_dikenal" in wrong.output


def test_a_coding_to_learn_from_may_name_the_informant(corpus: Path, tmp_path: Path) -> None:
    folder = tmp_path / "korpus"
    shutil.copytree(corpus, folder, ignore=shutil.ignore_patterns(".kotaku", "codings"))
    names = "\n".join(f"w{n},Pak {n}" for n in (1, 2, 3, 4))
    (folder / "informants.csv").write_text(f"transcript,informant\n{names}\n", encoding="utf-8")
    lines = [f"Pak {n},{2 * p},{code}" for n in (1, 2, 3, 4) for p, (_, code) in enumerate(TURNS * 2, 1)]
    own = tmp_path / "ani.csv"
    own.write_text("transcript,turn,code\n" + "\n".join(lines) + "\n", encoding="utf-8")
    out = tmp_path / "hasil"
    done = kotaku("run", folder, "--out", out, "--learn", own)
    assert done.exit_code == 0, done.output
    assert set(pd.read_parquet(out / "alignment.parquet")["basis"]) == {"few_shot_out_of_fold"}
