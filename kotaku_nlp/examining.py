"""Compose open → gather → diagnose: a codebook looked over, alone or with what was coded with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kotaku_nlp.checking import read_codings
from kotaku_nlp.coding.agreement.machine import codes_of
from kotaku_nlp.coding.codings import as_examples
from kotaku_nlp.coding.doctor.diagnose import diagnose
from kotaku_nlp.coding.doctor.diagnosis import Diagnosis
from kotaku_nlp.coding.files.codebook import open_codebook
from kotaku_nlp.coding.files.mapping import MAPPING_FILE, propose, read_mapping, rename
from kotaku_nlp.records import SPOKEN_KINDS, Problem
from kotaku_nlp.store import load_run


def examine_codebook(
    name: Path | str, folder: Path | None = None, paths: Sequence[Path | str] = (), lang: str = "id"
) -> tuple[Diagnosis, tuple[Problem, ...]]:
    """Look a codebook over, and what was coded with it where there is a run.

    :param name: a shipped codebook's id, or a file of any kind that codebooks come in.
    :param folder: a run folder, whose manual codings show the codes in use; None for the codebook alone.
    :param paths: coding files; the corpus' own `codings/` when left out.
    :param lang: language of the report.
    :return: the findings, and what of the files was left out.
    :raises KotakuError: when there is no such codebook, run or coding.
    """
    import pandas as pd

    opened = open_codebook(name)
    if folder is None:
        return diagnose(opened.codebook, lang=lang), opened.problems
    analysis = load_run(folder)
    gathered = read_codings(analysis, folder, paths)
    file = folder / MAPPING_FILE
    links = read_mapping(file, opened.codebook) if file.is_file() else ()
    links = links or propose(codes_of(gathered.codings), opened.codebook)
    spoken = analysis.passages[analysis.passages["kind"].isin(SPOKEN_KINDS)]
    parts = [as_examples(rename(coding, links), spoken) for coding in gathered.codings]
    examples = pd.concat(parts, ignore_index=True) if parts else None
    return diagnose(opened.codebook, examples, lang=lang), (*opened.problems, *gathered.problems)
