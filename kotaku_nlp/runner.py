"""Compose analyse → save → render, for the command and for Python."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from kotaku_nlp.coding.files.gather import gather, homes
from kotaku_nlp.coding.files.readers import READERS
from kotaku_nlp.corpus.folder import read_corpus
from kotaku_nlp.errors import CodingError
from kotaku_nlp.messages import LANGUAGES
from kotaku_nlp.pipeline import analyse
from kotaku_nlp.projects.unpack import is_project, project_folder, unpack_project
from kotaku_nlp.records import Analysis, Coding, Corpus, Problem, Progress, silent
from kotaku_nlp.report.write import write_report
from kotaku_nlp.settings import Settings, read_settings, read_toml
from kotaku_nlp.store import check_target, replacing, save

CACHE = ".kotaku"


def default_target(folder: Path | str) -> Path:
    """Return where a corpus' run goes unless somebody says otherwise: `<corpus>-hasil` beside it."""
    folder = project_folder(folder) if is_project(folder) else Path(folder).resolve()
    return folder.with_name(f"{folder.name}-hasil")


def run(
    folder: Path | str,
    out: Path | str | None = None,
    settings: Settings | None = None,
    *,
    learn: Path | str | None = None,
    progress: Progress = silent,
    **values: Any,
) -> Analysis:
    """Read a corpus folder, analyse it and write the run folder with its report.

    :param folder: the corpus folder, or a project of another tool, which is unpacked
        beside itself first.
    :param out: the run folder; `<corpus>-hasil` beside the corpus when left out.
    :param settings: settings; read from `kotaku.toml` and `corpus.toml` when left out.
    :param learn: a manual coding to learn from; a folder means all its coding files.
    :param progress: told at every stage.
    :param values: single settings by name, e.g. `seed=1`, over those of the files.
    :return: the analysis that was written.
    :raises KotakuError: when the folder, a setting, a codebook or the model cannot be used.
    """
    folder, target = Path(folder), Path(out) if out else default_target(folder)
    check_target(target)
    unpacked = unpack_project(folder) if is_project(folder) else None
    folder = unpacked.folder if unpacked else folder
    settings = _settings(folder, settings, values)
    corpus = read_corpus(folder, progress)
    if unpacked:
        corpus = replace(corpus, problems=(*unpacked.problems, *corpus.problems))
    coding, told = _taught(learn, corpus) if learn else (None, ())
    corpus = replace(corpus, problems=(*corpus.problems, *told))
    with replacing(target) as partial:
        cache = _cache(folder, target, partial)
        analysis = analyse(corpus, settings=settings, learn=coding, cache=cache, progress=progress)
        place = {"corpus_folder": _from_there(folder, target)}
        analysis = replace(analysis, manifest={**analysis.manifest, **place})
        save(analysis, partial)
        write_report(analysis, partial, settings.lang, progress)
    return analysis


def _taught(learn: Path | str, corpus: Corpus) -> tuple[Coding, tuple[Problem, ...]]:
    """Read the coding to learn from, laid on the transcripts of the corpus; several files are one."""
    import pandas as pd

    texts = {transcript.name: transcript.text for transcript in corpus.transcripts}
    names = homes((informant.id, informant.transcript) for informant in corpus.informants)
    gathered = gather([learn], texts, names)
    if not gathered.codings:
        wrong = next((p for p in gathered.problems if p.level == "error"), None)
        if wrong:
            raise CodingError(wrong.key, wrong.where, **wrong.params)
        raise CodingError("importing_empty_folder", str(learn), known=" ".join(READERS))
    rows = [coding.rows for coding in gathered.codings]
    name = gathered.codings[0].name if len(rows) == 1 else Path(learn).name
    return Coding(name, pd.concat(rows, ignore_index=True)), gathered.problems


def _from_there(folder: Path, target: Path) -> str:
    """Return where the corpus lies, seen from its run: `agree` looks for manual codings there."""
    try:
        return os.path.relpath(folder.resolve(), target.resolve())
    except ValueError:  # another drive
        return str(folder.resolve())


def _settings(folder: Path, settings: Settings | None, values: Mapping[str, Any]) -> Settings:
    """Return the settings: the working folder's file first, the corpus' own over it, then the values."""
    if settings is None:
        settings = Settings()
        for path in _files(folder):
            settings = read_settings(path, settings)
    return settings.updated(values)


def _files(folder: Path) -> tuple[Path, Path]:
    return Path("kotaku.toml"), folder / "corpus.toml"


def _cache(folder: Path, target: Path, partial: Path) -> Path:
    """Return the folder for vectors: in the corpus, or in the run when the corpus is read-only."""
    if os.access(folder, os.W_OK):
        return folder / CACHE
    if (target / CACHE).is_dir():
        shutil.copytree(target / CACHE, partial / CACHE)
    return partial / CACHE


def language(folder: Path, fallback: str) -> str:
    """Return the language that the settings files ask for, or the fallback when none does.

    :param folder: the corpus folder.
    :param fallback: language of the command line.
    """
    asked = [read_toml(path).get("settings", {}).get("lang") for path in _files(folder)]
    return next((lang for lang in reversed(asked) if lang in LANGUAGES), fallback)


def counts(analysis: Analysis) -> dict[str, int]:
    """Return how many interviews, informants, passages and topics an analysis holds."""
    informants = analysis.tables["informants"]
    return {
        "interviews": informants["transcript"].nunique(),
        "informants": informants["informant"].nunique(),
        "passages": len(analysis.passages),
        "topics": len(analysis.topics),
    }
