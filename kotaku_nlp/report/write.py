"""Writes what a researcher opens: the page, the tables and the figures of a run."""

from __future__ import annotations

from pathlib import Path

from kotaku_nlp.records import Analysis, Progress, silent
from kotaku_nlp.report.figures import write_figures
from kotaku_nlp.report.labels import Labels
from kotaku_nlp.report.page import render
from kotaku_nlp.report.sheets import sheets
from kotaku_nlp.report.summary import summarise
from kotaku_nlp.report.workbook import write_workbook
from kotaku_nlp.store import write_csv

STAGE = "report"


def write_report(
    analysis: Analysis, folder: Path, lang: str = "id", progress: Progress = silent
) -> list[Path]:
    """Write report.html, tables/*.csv, tables.xlsx and figures/ into a folder.

    :param analysis: a run.
    :param folder: an existing folder; files of the same names are replaced.
    :param lang: "id" or "en": language of page, captions, the workbook's first sheet, and the tables on
        topics and saturation.
    :param progress: told after each of the four steps.
    :return: the files written.
    """
    for name in ("tables", "figures"):
        (folder / name).mkdir(exist_ok=True)
    summary = summarise(analysis, lang)
    progress(STAGE, 1, 4)
    page = folder / "report.html"
    page.write_text(render(summary), encoding="utf-8", newline="\n")
    progress(STAGE, 2, 4)
    written = [page, *_write_tables(analysis, folder / "tables", lang)]
    written.append(write_workbook(analysis, folder / "tables.xlsx", lang))
    progress(STAGE, 3, 4)
    written += write_figures(summary, folder / "figures", lang)
    progress(STAGE, 4, 4)
    return written


def export_tables(analysis: Analysis, kind: str, target: Path, lang: str = "id") -> None:
    """Write the tables of a run again, as one workbook or as a folder of CSV files.

    :param analysis: a run.
    :param kind: "xlsx" or "csv".
    :param target: the workbook's file, or the folder for the CSV files.
    :param lang: language of the workbook's first sheet, and of the tables on topics and saturation.
    """
    if kind == "xlsx":
        target.parent.mkdir(parents=True, exist_ok=True)
        write_workbook(analysis, target, lang)
        return
    target.mkdir(parents=True, exist_ok=True)
    _write_tables(analysis, target, lang)


def _write_tables(analysis: Analysis, folder: Path, lang: str) -> list[Path]:
    written = []
    for name, frame in sheets(analysis, Labels(lang, analysis.codebooks)).items():
        written.append(folder / f"{name}.csv")
        write_csv(frame, written[-1])
    return written
