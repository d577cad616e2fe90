"""A run folder: Parquet tables, vectors and a manifest, written whole or not at all. No pickle."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from kotaku_nlp.analysis.embeddings import save_tensors
from kotaku_nlp.analysis.evidence import evidence_tables
from kotaku_nlp.coding.codebook import load_codebook, write_codebook
from kotaku_nlp.columns import RELATIONS, TABLES
from kotaku_nlp.errors import CodebookError, RunError
from kotaku_nlp.records import Analysis, Embeddings, Problem, table

if TYPE_CHECKING:
    import pandas as pd

MANIFEST = "manifest.json"
#: What a person made in a run folder: it outlives the run it was made in.
KEPT = (
    "review.jsonl", "audit.jsonl", "mapping.csv", "reread.csv", "reread.parquet", "codings",
    "methods-id.md", "methods-en.md", "methods-id.new.md", "methods-en.new.md", "validation",
)  # fmt: skip
#: What a spreadsheet may take for the beginning of a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """Yield an empty folder that takes the place of `folder` when the block ends well.

    A run folder that is already there is replaced, its review log and codings carried over;
    when the block fails, what was there stays as it was.

    :param folder: the run folder to write.
    :raises RunError: when `folder` is a file, or a non-empty folder that is no run.
    """
    folder = folder.resolve()  # a link stays a link to where the run lies
    check_target(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield partial
        for name in KEPT:
            if (folder / name).exists() and not (partial / name).exists():
                _copy(folder / name, partial / name)
        _swap(partial, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def check_target(folder: Path) -> None:
    """Refuse a target that would lose somebody's files.

    :raises RunError: when `folder` is a file, or a non-empty folder that is no run.
    """
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir()) and not _is_run(folder)):
        raise RunError("not_a_run_folder", str(folder))


def _is_run(folder: Path) -> bool:
    """Tell a run, even a damaged one, from any other folder with a `manifest.json` (web pages have one)."""
    return (folder / MANIFEST).is_file() and any((folder / f"{name}.parquet").is_file() for name in TABLES)


def save(analysis: Analysis, folder: Path) -> None:
    """Write every table, the vectors, the topics and the manifest of an analysis into a folder."""
    for name in TABLES:
        getattr(analysis, name).to_parquet(folder / f"{name}.parquet", index=False)
    _save_embeddings(analysis.embeddings, folder / "embeddings")
    for codebook in analysis.codebooks:
        (folder / "codebooks").mkdir(exist_ok=True)
        write_codebook(codebook, _codebook_file(folder, codebook.id))
    if analysis.topic_model is not None:
        analysis.topic_model.save(folder / "topic_model")
    write_json(folder / MANIFEST, analysis.manifest)


def load_run(folder: Path | str) -> Analysis:
    """Read a run folder back.

    :param folder: a folder that `kotaku run` wrote.
    :return: the analysis with its tables; the topic model is read only when asked for
        (`load_topics`).
    :raises RunError: when there is no run, or a table of it is missing or damaged.
    """
    from safetensors import SafetensorError

    folder = Path(folder)
    if not (folder / MANIFEST).is_file():
        raise RunError("no_run_here", str(folder))
    try:
        return _load(folder)
    except (OSError, ValueError, KeyError, TypeError, SafetensorError, CodebookError) as problem:
        raise RunError("run_damaged", str(folder), detail=str(problem)[:200]) from problem


def _read_table(folder: Path, name: str) -> pd.DataFrame:
    """Read one table; runs of before there were relations of topics have none of them."""
    import pandas as pd

    path = folder / f"{name}.parquet"
    if name in RELATIONS and not path.exists():
        return table(name, [])
    return table(name, pd.read_parquet(path))


def _load(folder: Path) -> Analysis:
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    tables: dict[str, Any] = {name: _read_table(folder, name) for name in TABLES}
    codebooks = tuple(load_codebook(_codebook_file(folder, name)) for name in manifest["codebooks"])
    return Analysis(
        corpus_name=manifest["corpus"],
        settings=manifest["settings"],
        manifest=manifest,
        tables=evidence_tables(tables, codebooks, manifest.get("informants", [])),
        embeddings=_load_embeddings(folder / "embeddings"),
        codebooks=codebooks,
        problems=tuple(Problem(**problem) for problem in manifest["problems"]),
        **tables,
    )


def write_json(path: Path, value: Any) -> None:
    """Write a value as readable JSON, keys in the order given; what JSON does not know, as its text."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
    path.write_text(text + "\n", encoding="utf-8")


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV that a spreadsheet opens right and cannot run.

    UTF-8 with BOM, so that spreadsheets see the letters; a text cell that a spreadsheet would
    take for a formula gets an apostrophe in front. Lines end in CRLF (RFC 4180): only then is a cell
    with a lone CR quoted, and cannot begin a row of its own.
    """
    harmless(frame).to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def harmless(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with every text cell safe from formula injection (CWE-1236)."""
    safe = frame.copy()
    for column in safe.columns:
        if str(safe[column].dtype) in ("object", "string", "category"):
            safe[column] = safe[column].astype(object).map(_harmless_cell, na_action="ignore")
    return safe.rename(columns=_harmless_cell)  # column names come from the user's informant table


def _harmless_cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _codebook_file(folder: Path, name: str) -> Path:
    """Return where a codebook lies; a user's id may hold signs that no file name can."""
    return folder / "codebooks" / f"{quote(name, safe='')}.yaml"


def _save_embeddings(embeddings: Embeddings, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    save_tensors({"vectors": embeddings.matrix}, folder / "vectors.safetensors")
    facts = {"model": embeddings.model, "revision": embeddings.revision, "ids": list(embeddings.ids)}
    write_json(folder / "embeddings.json", facts)


def _load_embeddings(folder: Path) -> Embeddings:
    from safetensors.numpy import load_file

    facts = json.loads((folder / "embeddings.json").read_text(encoding="utf-8"))
    matrix = load_file(folder / "vectors.safetensors")["vectors"]
    if len(matrix) != len(facts["ids"]):
        raise ValueError(f"{len(matrix)} vectors, {len(facts['ids'])} ids")
    return Embeddings(tuple(facts["ids"]), matrix, facts["model"], facts["revision"])


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy2(source, target)


def _swap(partial: Path, folder: Path) -> None:
    """Put `partial` where `folder` was; the old one is removed only once the new one stands."""
    partial.chmod(0o755)
    if not folder.exists():
        partial.rename(folder)
        return
    old = Path(mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
    try:
        folder.rename(old / "run")  # fails where a file of the run is open in another program
    except OSError:
        old.rmdir()
        raise
    try:
        partial.rename(folder)
    except OSError:
        (old / "run").rename(folder)
        old.rmdir()
        raise
    shutil.rmtree(old, ignore_errors=True)
