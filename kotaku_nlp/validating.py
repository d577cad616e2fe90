"""Compose load → ask → write, and load → read → score: the validation by other readers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kotaku_nlp.errors import RunError
from kotaku_nlp.messages import say
from kotaku_nlp.records import Analysis, Problem
from kotaku_nlp.store import load_run, write_csv
from kotaku_nlp.validation.asking import MINUTES, make_kit, themes_hash
from kotaku_nlp.validation.drawing import Drawer
from kotaku_nlp.validation.key import KEY, add_kit, read_kits
from kotaku_nlp.validation.kit import Kit
from kotaku_nlp.validation.lines import score_lines
from kotaku_nlp.validation.returned import read_returned
from kotaku_nlp.validation.score import Score, score
from kotaku_nlp.validation.themes import TOPICS, Theme, code_themes, topic_themes
from kotaku_nlp.validation.workbook import write_sheet_file

#: Where the key and the results lie in a run folder, and the sheets to hand out in it: apart from the key.
FOLDER, SHEETS = "validation", "sheets"


@dataclass(frozen=True)
class Handout:
    """Sheets to hand out.

    :param kit: the questions with their key.
    :param files: a workbook for each rater; none when nothing could be asked.
    :param lines: what was written, for the person who hands it out.
    :param problems: what could not be asked, and what is worth knowing.
    """

    kit: Kit
    files: tuple[Path, ...]
    lines: tuple[str, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Scored:
    """What came of returned sheets: the score, the same for a person to read, what could not be read.

    `score` is None when no sheet could be read.
    """

    score: Score | None
    lines: tuple[str, ...]
    problems: tuple[Problem, ...]


def write_validation(
    folder: Path | str,
    out: Path | str | None = None,
    *,
    raters: int = 2,
    seed: int = 0,
    codebook: str | None = None,
    minutes: int = MINUTES,
    lang: str = "id",
) -> Handout:
    """Write blind sheets for people who do not know the result, and the key into the run folder.

    A sheet that is already there stays as it is: somebody may have filled it in.

    :param folder: a run folder.
    :param out: where the sheets go; a folder of the run that holds nothing else when left out.
    :param raters: number of sheets.
    :param seed: seed of everything drawn.
    :param codebook: ask about its dimensions instead of the topics.
    :param minutes: time that one rater should need.
    :param lang: language of the sheets.
    :raises RunError: when there is no run, the codebook is none of its, or the key is damaged.
    """
    import numpy as np

    folder, analysis = Path(folder), load_run(folder)
    what = codebook or TOPICS
    drawer = Drawer(np.random.default_rng(seed))
    themes = _themes(analysis, what, lang)
    kit, problems = make_kit(themes, what, drawer, raters=raters, seed=seed, lang=lang, minutes=minutes)
    if not kit.items:
        return Handout(kit, (), (say("validation_nothing", lang),), problems)
    target = Path(out) if out else folder / FOLDER / SHEETS
    add_kit(folder / FOLDER, kit)
    target.mkdir(parents=True, exist_ok=True)
    files, kept = [], []
    for sheet in kit.sheets:
        file = target / f"{say('validation_file', lang)}-{sheet.number}-{sheet.code}.xlsx"
        if file.exists():
            kept.append(Problem("validation_kept", file.name, "notice"))
        else:
            write_sheet_file(kit, sheet, file)
        files.append(file)
    told = Problem("validation_word_for_word", "", "notice", {"key": str(folder / FOLDER / KEY)})
    head = say("validation_written", lang, minutes=kit.minutes, folder=target, n=len(files))
    lines = (head, *(f"  {file.name}" for file in files))
    return Handout(kit, tuple(files), lines, (*problems, *kept, told))


def score_validation(folder: Path | str, paths: Sequence[Path | str], lang: str = "id") -> Scored:
    """Score returned sheets, and write the tables into the run folder.

    :param folder: the run folder that the sheets were written from.
    :param paths: returned workbooks, or folders of them.
    :param lang: language of the lines.
    :raises RunError: when there is no run, no sheet was written from it, or the key is damaged.
    """
    folder, analysis = Path(folder), load_run(folder)
    kits = read_kits(folder / FOLDER)
    if not kits:
        raise RunError("validation_no_key", str(folder))
    read = read_returned([Path(path) for path in paths], kits)
    if read.kit is None:
        return Scored(None, (), read.problems)
    found = score(read.kit, read.sheets)
    told = found.verdicts.assign(verdict=[say(key, lang) for key in found.verdicts["verdict"]])
    for name, table in (found.tables | {"verdicts": told}).items():
        write_csv(table, folder / FOLDER / f"{name}.csv")
    done = say("validation_scored", lang, folder=folder / FOLDER)
    return Scored(found, (*score_lines(found, lang), done), (*read.problems, *_changed(analysis, read.kit)))


def _themes(analysis: Analysis, what: str, lang: str) -> tuple[Theme, ...]:
    return topic_themes(analysis) if what == TOPICS else code_themes(analysis, what, lang)


def _changed(analysis: Analysis, kit: Kit) -> tuple[Problem, ...]:
    """Say when the run was made anew since the sheets were written: the answers hold for what it was then."""
    try:
        same = themes_hash(_themes(analysis, kit.what, kit.lang)) == kit.run
    except RunError:  # the codebook is gone
        same = False
    return () if same else (Problem("validation_run_changed", "", "notice"),)
