"""Compose load → gather → compare → write: the check on manual coding, for the command and for Python."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kotaku_nlp.analysis.saturation.mentions import code_mentions, interviews_in_order, read_interviews
from kotaku_nlp.analysis.saturation.tables import Saturation, saturation, together
from kotaku_nlp.analysis.saturation.words import result_sentences
from kotaku_nlp.coding.agreement.compare import Agreement
from kotaku_nlp.coding.agreement.everyone import agree
from kotaku_nlp.coding.agreement.lines import agreement_lines
from kotaku_nlp.coding.agreement.machine import codebook_of, codes_of
from kotaku_nlp.coding.agreement.marks import coders_of
from kotaku_nlp.coding.codings import is_machine
from kotaku_nlp.coding.files.gather import Gathered, gather, homes
from kotaku_nlp.coding.files.mapping import MAPPING_FILE, Link, propose, read_mapping, write_mapping
from kotaku_nlp.coding.read_again import Rereading, read_again
from kotaku_nlp.errors import CodingError
from kotaku_nlp.export.audit import append_entry, entry, read_log
from kotaku_nlp.export.decided import QUEUE, Decided, decided
from kotaku_nlp.export.decisions import SHEET, write_decision_sheet
from kotaku_nlp.export.methods import write_methods
from kotaku_nlp.export.write import KINDS, export_run
from kotaku_nlp.messages import say
from kotaku_nlp.records import Analysis, Codebook, Coding, Problem
from kotaku_nlp.store import load_run, write_csv

if TYPE_CHECKING:
    import pandas as pd

CODINGS = "codings"
COMPUTED = "agreement_computed"


@dataclass(frozen=True)
class Check:
    """What a check of manual coding found.

    :param agreement: every coder against every other, and against the machine.
    :param lines: the same for a person to read.
    :param problems: what of the codings could not be read, placed or mapped.
    """

    agreement: Agreement
    lines: tuple[str, ...]
    problems: tuple[Problem, ...]


def check_coding(
    folder: Path | str,
    paths: Sequence[Path | str] = (),
    *,
    unit: str = "turn",
    mapping: Path | None = None,
    lang: str = "id",
    draws: int = 2000,
    seed: int = 0,
) -> Check:
    """Hold manual codings against each other and against the machine, and write what was found into the run.

    Writes `agreement.parquet`, `reread.parquet` with a sheet to decide on, tables and a draft of the methods
    section, and adds to the audit log.

    :param folder: a run folder.
    :param paths: coding files; the corpus' own `codings/` when left out.
    :param unit: "turn", "passage", "sentence" or "character".
    :param mapping: a confirmed file code → dimension; without it codes called as a dimension's id are
        compared, and a file to confirm is proposed for the others.
    :param lang: language of the lines.
    :param draws: resamples of interviews for the intervals.
    :param seed: seed of the resampling.
    :raises KotakuError: when there is no run, no coding, or the mapping cannot be used.
    """
    folder, analysis = Path(folder), load_run(folder)
    gathered = read_codings(analysis, folder, paths)
    links, told = _links(analysis, gathered.codings, folder, mapping)
    agreement = agree(analysis, gathered.codings, unit, links, draws=draws, seed=seed)
    heard = codes_heard_out(analysis, gathered.codings, seed)
    _write(agreement, heard, folder, str(analysis.settings.get("lang", lang)))
    drafts = write_methods(analysis, folder, agreement.table, _drafts_before(folder))
    again = _reread(analysis, gathered.codings, links, folder, lang, seed)
    names = [coding.name for coding in gathered.codings]
    details = {"unit": unit, "codings": names, "drafts": dict(drafts.hashes)}
    append_entry(folder, entry(analysis, person(), COMPUTED, details))
    problems = (*gathered.problems, *told, *agreement.problems, *again.problems, *drafts.problems)
    lines = (*agreement_lines(agreement, lang), *_saturated(heard, lang), *again.lines)
    return Check(agreement, lines, problems)


def export_coding(
    folder: Path | str, kind: str, out: Path | None = None, paths: Sequence[Path | str] = (), lang: str = "id"
) -> tuple[Path, tuple[Problem, ...]]:
    """Write a run, the machine's coding and that of people, for other programs.

    :param folder: a run folder.
    :param kind: one of `export.write.KINDS`.
    :param out: the file or folder; named after the run, in the working folder, when left out.
    :param paths: coding files; the corpus' own `codings/` when left out.
    :param lang: language of code names and comments.
    :return: where it was written, and what could not be.
    :raises KotakuError: when there is no run, or the target cannot be written or does not read back.
    """
    folder, analysis = Path(folder), load_run(folder)
    gathered = read_codings(analysis, folder, paths)
    target = out or Path(f"{folder.resolve().name}{KINDS[kind]}")
    problems = export_run(analysis, kind, target, gathered.codings, lang)
    details = {"to": kind, "target": target.name, "codings": [coding.name for coding in gathered.codings]}
    append_entry(folder, entry(analysis, person(), "export_written", details))
    return target, (*gathered.problems, *problems)


def read_codings(analysis: Analysis, folder: Path, paths: Sequence[Path | str] = ()) -> Gathered:
    """Read coding files and lay them on the transcripts of a run.

    :param analysis: the run.
    :param folder: its folder.
    :param paths: files; the `codings/` of the run, or of the corpus that it was made from, when left out.
    :raises CodingError: when none of the files can be used.
    """
    texts = dict(zip(analysis.transcripts["transcript"], analysis.transcripts["text"], strict=True))
    speakers = analysis.manifest.get("informants", [])
    names = homes((str(row["informant"]), str(row["transcript"])) for row in speakers)
    gathered = gather(paths or _own(analysis, folder), texts, names)
    wrong = next((problem for problem in gathered.problems if problem.level == "error"), None)
    if wrong and not gathered.codings:
        raise CodingError(wrong.key, wrong.where, **wrong.params)
    return gathered


def person() -> str:
    """Return who is at the computer, for the audit log."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a computer that names nobody
        return "–"


def _own(analysis: Analysis, folder: Path) -> list[Path]:
    corpus = str(analysis.manifest.get("corpus_folder") or "")
    places = (folder / CODINGS, folder / corpus / CODINGS) if corpus else (folder / CODINGS,)
    return [place for place in places if place.is_dir()]


def _links(
    analysis: Analysis, codings: Sequence[Coding], folder: Path, mapping: Path | None
) -> tuple[Sequence[Link] | None, tuple[Problem, ...]]:
    """Return how codes and dimensions go together, and what of it waits for the researcher.

    Without a file of the researcher's own, codes that are not called as a dimension's id are written to
    one in the run folder, to confirm; what stands confirmed in it is used.
    """
    proposals = {book.id: propose(codes_of(codings), book) for book in analysis.codebooks}
    hits = {name: sum(bool(link.dimension) for link in links) for name, links in proposals.items()}
    books = sorted(analysis.codebooks, key=lambda book: -hits[book.id])
    proposed = proposals[books[0].id] if books else ()
    if mapping is not None:
        return _read_for_any(mapping, books), ()
    if all(link.confirmed for link in proposed):
        return None, ()
    file = folder / MAPPING_FILE
    write_mapping(proposed, file)
    links = _read_for_any(file, books)
    waiting = [link.code for link in links if not link.confirmed]
    told = Problem("mapping_proposed", file.name, "notice", {"n": len(waiting), "file": str(file)})
    return links, (told,) if waiting else ()


def _read_for_any(file: Path, books: Sequence[Codebook]) -> tuple[Link, ...]:
    """Read a mapping into the first codebook whose dimensions it names.

    :raises CodingError: what is the matter under the first codebook, when it fits none.
    """
    first: CodingError | None = None
    for book in books:
        try:
            return read_mapping(file, book)
        except CodingError as problem:
            first = first or problem
    if first is None:
        raise CodingError("mapping_missing", str(file))
    raise first


def _drafts_before(folder: Path) -> dict[str, str]:
    """Return what we wrote into each draft last, by the audit log."""
    found: dict[str, str] = {}
    for logged in read_log(folder).entries:
        if logged.what == COMPUTED and isinstance(logged.details.get("drafts"), dict):
            found |= logged.details["drafts"]
    return found


def _reread(
    analysis: Analysis,
    codings: Sequence[Coding],
    links: Sequence[Link] | None,
    folder: Path,
    lang: str,
    seed: int,
) -> Rereading | Decided:
    """Write what each coder may want to read again, or say what the decisions on an earlier queue show."""
    work = decided(folder, analysis, person(), lang)
    if work is not None:
        return work
    codebook = codebook_of(analysis, codings, links) or analysis.codebooks[0]
    found = read_again(analysis, codings, links, codebook, lang, seed)
    found.queue.to_parquet(folder / QUEUE, index=False)
    write_decision_sheet(found.queue, analysis, codebook, folder / SHEET, lang)
    return found


def _write(agreement: Agreement, heard: Saturation, folder: Path, lang: str) -> None:
    agreement.table.to_parquet(folder / "agreement.parquet", index=False)
    frames: dict[str, pd.DataFrame] = {
        "agreement": _told(agreement.table, lang),
        "confusion": agreement.confusion,
        "coders_together": agreement.together,
        "other_tools": _told(agreement.tools, lang),
        "saturation_codes": _told(heard.table, lang),
        "saturation_codes_curve": heard.curve,
    }
    (folder / "tables").mkdir(exist_ok=True)
    for name, frame in frames.items():
        write_csv(frame, folder / "tables" / f"{name}.csv")


def codes_heard_out(analysis: Analysis, codings: Sequence[Coding], seed: int = 0) -> Saturation:
    """Judge for every person who coded whether further interviews brought new codes.

    :param analysis: the run.
    :param codings: manual codings.
    :param seed: seed of the orders drawn.
    """
    order = interviews_in_order(analysis.passages, analysis.manifest.get("informants", []))
    return together(
        saturation(
            "code", name, code_mentions(analysis.passages, coding), read_interviews(order, coding), seed=seed
        )
        for name, coding in coders_of(codings)
        if not is_machine(name)
    )


def _saturated(heard: Saturation, lang: str) -> list[str]:
    names = dict.fromkeys(heard.table["name"])
    return [line for name in names for line in result_sentences(heard.table, "code", name, lang, title=name)]


def _told(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return a table with its reasons in words, for people who read it in a spreadsheet."""
    reasons = frame["reason"].astype(object).map(lambda reason: say(reason, lang), na_action="ignore")
    return frame.assign(reason=reasons)
