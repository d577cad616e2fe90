"""The commands as a newcomer types them, on corpora as they come: whole, broken, tiny, empty."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from kotaku_nlp.cli import main
from kotaku_nlp.records import TABLES
from kotaku_nlp.shipped import find
from kotaku_nlp.store import load_run

DEMO = find("corpora", "demo")
FIVE_TURNS = (
    "P: Bagaimana awalnya, Bu?\nN: Awalnya dari rembug warga di balai, Bu Lurah yang mengundang kami semua.\n"
    "P: Lalu?\nN: Dinasnya tidak pernah datang, padahal sudah kami surati tiga kali.\nP: Terima kasih.\n"
)


def kotaku(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def corpus(folder: Path, files: dict[str, bytes | str]) -> Path:
    (folder / "c").mkdir()
    for name, content in files.items():
        (folder / "c" / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder / "c"


@pytest.fixture(scope="module")
def demo_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    assert kotaku("demo", folder / "contoh").exit_code == 0
    done = kotaku("run", folder / "contoh")
    assert done.exit_code == 0, done.output
    assert str(folder / "contoh-hasil" / "report.html") in done.output
    return folder / "contoh-hasil"


def test_the_demo_fills_every_table_sheet_and_figure(demo_run: Path) -> None:
    for name, columns in TABLES.items():
        frame = pd.read_parquet(demo_run / f"{name}.parquet")
        assert list(frame.columns) == list(columns), name
        assert len(frame), name
    for name in ("informants", "involvement", "dimensions", "aspects", "topics", "quotes"):
        assert (demo_run / "tables" / f"{name}.csv").stat().st_size > 200
    for name in ("dimensions", "aspects", "topics", "saturation"):
        assert (demo_run / "figures" / f"{name}.svg").is_file() and (
            demo_run / "figures" / f"{name}.png"
        ).is_file()
    with pd.ExcelFile(demo_run / "tables.xlsx") as book:
        assert len(book.sheet_names) == 15
    manifest = json.loads((demo_run / "manifest.json").read_text("utf-8"))
    assert manifest["invented"] and len(manifest["inputs"]) >= 20 and manifest["model"]["revision"]


def test_every_passage_has_its_rows(demo_run: Path) -> None:
    analysis = load_run(demo_run)
    n = len(analysis.passages)
    assert len(analysis.alignment) == n * 9 and len(analysis.aspects) == n * 3
    assert len(analysis.passage_topics) == n
    texts = analysis.transcripts.set_index("transcript")["text"]
    where = analysis.passages.set_index("passage_id")["transcript"]
    for table in (analysis.alignment.dropna(subset=["start"]), analysis.sentiment, analysis.involvement):
        for row in table.sample(min(len(table), 200), random_state=0).itertuples():
            assert texts[where[row.passage_id]][int(row.start) : int(row.end)].strip()


def test_every_number_of_the_evidence_opens_to_as_many_passages(demo_run: Path) -> None:
    analysis = load_run(demo_run)
    tables, known = analysis.tables, set(analysis.passages["passage_id"])
    pairs = [("topics", "size", "passage_ids"), ("dimensions", "n_passages", "passage_ids")]
    pairs += [
        ("aspects", f"n_{p}", f"{p}_ids") for p in ("positive", "mixed", "negative", "neutral", "uncertain")
    ]
    pairs += [("involvement", f"n_{s}_passages", f"{s}_ids") for s in ("involved", "excluded", "contractual")]
    for name, number, ids in pairs:
        for row in tables[name].to_dict("records"):
            opened = str(row[ids]).split()
            assert len(opened) == row[number] and set(opened) <= known, (name, number)
    by_group = tables["topics"].filter(regex="^n_(government|community|private|facil|academia|unknown)")
    assert (by_group.sum(axis=1) == tables["topics"]["size"]).all()


def test_shuffled_and_renamed_folders_give_the_same_tables(demo_run: Path, tmp_path: Path) -> None:
    other = tmp_path / "nama-lain"
    (other / "transcripts").mkdir(parents=True)
    for path in sorted((DEMO / "transcripts").rglob("*"), reverse=True):
        if path.is_file():
            target = other / path.relative_to(DEMO)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    for name in ("informants.csv", "corpus.toml"):
        shutil.copy(DEMO / name, other / name)
    assert kotaku("run", other).exit_code == 0
    for name in TABLES:
        first, again = (
            pd.read_parquet(f / f"{name}.parquet") for f in (demo_run, tmp_path / "nama-lain-hasil")
        )
        pd.testing.assert_frame_equal(first, again)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_export(demo_run: Path, tmp_path: Path, kind: str) -> None:
    target = tmp_path / f"keluar.{kind}"
    assert kotaku("export", demo_run, "--to", kind, "--out", target).exit_code == 0
    assert target.is_file() if kind == "xlsx" else (target / "quotes.csv").is_file()


def test_learning_says_so_and_never_scores_a_coded_interview_in_fold(demo_run: Path, tmp_path: Path) -> None:
    contoh = demo_run.with_name("contoh")
    one = tmp_path / "satu.csv"
    shutil.copy(contoh / "codings" / "coder_a.csv", one)
    assert kotaku("run", contoh, "--out", tmp_path / "belajar", "--learn", one).exit_code == 0
    analysis = load_run(tmp_path / "belajar")
    kinds = analysis.alignment.merge(analysis.passages[["passage_id", "kind"]])
    spoken = kinds[kinds["kind"].isin(["interview", "focus_group"])]
    assert set(spoken["basis"]) == {"few_shot_out_of_fold"}


def test_bad_files_are_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    files: dict[str, bytes | str] = {"baik.txt": FIVE_TURNS, "kosong.txt": "", "rusak.docx": b"bukan docx"}
    files["hanya-tanya.txt"] = "P: Halo?\nP: Ada orang?\nP: Siapa namanya?\nP: Sudah lama?\n"
    done = kotaku("run", corpus(tmp_path, files))
    assert done.exit_code == 1, done.output
    for name in ("kosong.txt", "rusak.docx", "hanya-tanya.txt"):
        assert name in done.output
    assert "Traceback" not in done.output
    assert (tmp_path / "c-hasil" / "report.html").is_file()


@pytest.mark.parametrize("n", [1, 2, 7, 50])
@pytest.mark.parametrize("same", [True, False])
def test_any_number_of_passages(tmp_path: Path, n: int, same: bool) -> None:
    said = [
        "Kami rembug lagi di balai soal drainase itu."
        + ("" if same else f" Tahun ke-{i} beda lagi ceritanya, ikan {i} ekor.")
        for i in range(n)
    ]
    text = "".join(f"P: Lalu bagaimana?\nN: {line}\n" for line in said)
    done = kotaku("run", corpus(tmp_path, {"w.txt": text}))
    assert done.exit_code == 0, done.output
    assert len(load_run(tmp_path / "c-hasil").passages) == n


def test_a_corpus_of_nothing_but_a_broken_file_still_answers(tmp_path: Path) -> None:
    done = kotaku("run", corpus(tmp_path, {"rusak.docx": b"PK"}))
    assert done.exit_code == 1 and "rusak.docx" in done.output and "Traceback" not in done.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "tidak-ada"),
        ("run", DEMO, "--codebook", "entah"),
        ("run", DEMO, "--model", "entah"),
        ("export", DEMO, "--to", "csv"),
    ],
)
def test_wrong_usage_ends_with_a_line_and_no_trace(arguments: tuple[object, ...], tmp_path: Path) -> None:
    done = kotaku(*arguments, *(("--out", tmp_path / "x")))
    assert done.exit_code == 2 and "Traceback" not in done.output
    assert len(done.output.strip().splitlines()) <= 3


def test_a_foreign_folder_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "skripsi").mkdir()
    (tmp_path / "skripsi" / "bab4.docx").write_bytes(b"x")
    done = kotaku("run", DEMO, "--out", tmp_path / "skripsi")
    assert done.exit_code == 2 and (tmp_path / "skripsi" / "bab4.docx").is_file()


def test_check_writes_speakers_to_confirm(tmp_path: Path) -> None:
    folder = corpus(tmp_path, {"w.txt": FIVE_TURNS})
    done = kotaku("check", folder)
    assert done.exit_code == 0 and "pewawancara" in done.output
    assert (folder / "speakers.csv").is_file()


def test_codebooks_and_models_are_listed_and_shown() -> None:
    assert "emerson_2012" in kotaku("codebook", "list").output
    assert "Membangun kepercayaan" in kotaku("codebook", "show", "ansell_gash_2008").output
    assert kotaku("codebook", "check", "tidak-ada.yaml").exit_code == 2
    listed = kotaku("models", "list").output
    assert listed.index("contextual") < listed.index("static") < listed.index("multilingual-e5-small")
    assert kotaku("models", "show", "static").exit_code == 0
    assert kotaku("models").output == listed


def test_our_own_mistake_is_kept_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("rusak di dalam")

    monkeypatch.setattr("kotaku_nlp.corpus.folder.read_corpus", broken)
    done = kotaku("check", tmp_path)
    assert done.exit_code == 1 and "Traceback" not in done.output and "RuntimeError" in done.output
    kept = Path(re.search(r"(/\S+\.txt)", done.output)[1])  # type: ignore[index]
    assert "rusak di dalam" in kept.read_text("utf-8")
    kept.unlink()
