"""A corpus folder, read: transcripts, turns, informants, and what is wrong with them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from kotaku_nlp.corpus.confirmations import SPEAKERS_FILE, Confirmations, read_confirmations
from kotaku_nlp.corpus.finding import CORPUS_FILE, Found, Listing, list_transcripts
from kotaku_nlp.corpus.informants import INFORMANTS_FILE, InformantTable, read_informants
from kotaku_nlp.corpus.readers import SUFFIXES, read_source
from kotaku_nlp.corpus.roster import NO_LABEL, Cast, Roster, enrol
from kotaku_nlp.corpus.source import Source
from kotaku_nlp.corpus.speakers import Reading, find_turns
from kotaku_nlp.corpus.unlabelled import is_data_table, reads_as_prose
from kotaku_nlp.errors import CorpusError, KotakuError, SettingsError
from kotaku_nlp.records import (
    SPOKEN_KINDS,
    UNKNOWN,
    Corpus,
    Informant,
    Position,
    Problem,
    Progress,
    Transcript,
    Turn,
    silent,
)
from kotaku_nlp.settings import read_toml

_FEW_WORDS = 50
_FOCUS_GROUP = 3
_LANGUAGES = ("id", "ms", "en")
_NAMED = 12


@dataclass(frozen=True)
class _Draft:
    """One file, read, before its people are known."""

    found: Found
    sha256: str
    source: Source
    reading: Reading
    kind: str


def read_corpus(
    folder: str | Path,
    progress: Progress = silent,
    *,
    language_of: Callable[[str], str] | None = None,
) -> Corpus:
    """Read a corpus folder. Neither its name nor the order of its files makes a difference.

    :param folder: the folder; one with nothing but transcripts works too.
    :param progress: called with "read", files done and files in all.
    :param language_of: text → "id", "ms", "en" or "und"; the package's own by default.
    :return: the corpus; files that could not be read are among its problems, level "error".
    :raises CorpusError: when there is no such folder or nothing in it to read, or a table is unreadable.
    :raises SettingsError: when corpus.toml is no TOML or holds a key nobody knows.
    """
    root = Path(folder)
    listing = list_transcripts(root, SUFFIXES)
    given = _corpus_file(root)
    table = read_informants(root / INFORMANTS_FILE).matched(sorted(listing.seen), tuple(SUFFIXES))
    confirmations = read_confirmations(root / SPEAKERS_FILE)
    drafts, failed = _read_files(listing, table, confirmations, progress)
    roster = enrol([_cast(draft, table, confirmations) for draft in drafts if _answers(draft.reading)])
    spoken = language_of or _language_of
    transcripts = tuple(_transcript(draft, roster, spoken, given.get("language")) for draft in drafts)
    problems = (
        *listing.problems, *table.problems, *confirmations.problems, *failed, *roster.problems,
        *(problem for draft in drafts for problem in _draft_problems(draft)),
        *_corpus_problems(transcripts, roster, table, listing),
    )  # fmt: skip
    return Corpus(
        name=str(given.get("name") or root.resolve().name), folder=str(root), transcripts=transcripts,
        informants=roster.informants, problems=problems, sources=_sources(root, drafts),
        invented=given.get("invented") is True,
    )  # fmt: skip


def _corpus_file(root: Path) -> dict[str, Any]:
    """Return what corpus.toml says, checked."""
    given = read_toml(root / CORPUS_FILE)
    known = ("name", "language", "settings", "invented")
    for entry in given:
        if entry not in known:
            nearest = get_close_matches(entry, known, n=1, cutoff=0.0)[0]
            raise SettingsError("unknown_setting", CORPUS_FILE, name=entry, nearest=nearest)
    language = given.get("language")
    if language is not None and language not in _LANGUAGES:
        allowed = ", ".join(_LANGUAGES)
        raise SettingsError("bad_setting", CORPUS_FILE, name="language", value=language, allowed=allowed)
    return given


def _read_files(
    listing: Listing, table: InformantTable, confirmations: Confirmations, progress: Progress
) -> tuple[list[_Draft], list[Problem]]:
    drafts: list[_Draft] = []
    failed: list[Problem] = []
    for done, found in enumerate(listing.files):
        progress("read", done, len(listing.files))
        try:
            drafts.append(_read_file(found, table, confirmations))
        except KotakuError as problem:
            failed.append(_as_problem(problem, found))
    progress("read", len(listing.files), len(listing.files))
    return drafts, failed


def _as_problem(problem: KotakuError, found: Found) -> Problem:
    """Return an error as a problem of its file, keeping the line or row that it names."""
    place = problem.where.removeprefix(found.file.name)
    return Problem(problem.key, f"{found.path}{place}", "error", dict(problem.params))


def _read_file(found: Found, table: InformantTable, confirmations: Confirmations) -> _Draft:
    source = read_source(found.file)
    sha256 = hashlib.sha256(found.file.read_bytes()).hexdigest()
    kind = table.kind_of(found.name) or found.kind
    rows = table.of(found.name)
    confirmed = confirmations.of(found.name)
    labels = [row.informant for row in rows if row.informant]
    reading = find_turns(source, confirmed, kind=kind or None, informants=labels)
    if not kind and not reading.labels and is_data_table(source):
        raise CorpusError("table_without_speech", found.file.name)
    if not kind and not reading.labels and not rows and reads_as_prose(source.text):
        kind = "document"
        reading = find_turns(source, kind=kind)
        reading = replace(reading, problems=(Problem("read_as_document", ""),))
    informants = {turn.speaker for turn in reading.turns if not turn.is_interviewer}
    kind = kind or ("focus_group" if len(informants) >= _FOCUS_GROUP else "interview")
    return _Draft(found, sha256, source, reading, kind)


def _answers(reading: Reading) -> bool:
    return any(not turn.is_interviewer for turn in reading.turns)


def _cast(draft: _Draft, table: InformantTable, confirmations: Confirmations) -> Cast:
    reading = draft.reading
    answers = dict.fromkeys(turn.speaker for turn in reading.turns if not turn.is_interviewer)
    labels = tuple(label or NO_LABEL for label in answers) if draft.kind in SPOKEN_KINDS else ()
    name = draft.found.name
    rows = table.of(name) if labels else ()
    return Cast(name, labels, reading.roles, reading.metadata, rows, confirmations.of(name))


def _transcript(
    draft: _Draft, roster: Roster, language_of: Callable[[str], str], language: str | None
) -> Transcript:
    text = draft.source.text
    ids = roster.ids.get(draft.found.name, {})
    turns = tuple(replace(turn, informant=_informant(turn, ids)) for turn in draft.reading.turns)
    answers = "\n".join(text[turn.start : turn.end] for turn in turns if not turn.is_interviewer)
    positions = tuple(Position(block.start, block.end, block.locator) for block in draft.source.blocks)
    return Transcript(
        name=draft.found.name, path=draft.found.path, sha256=draft.sha256, kind=draft.kind,
        language=language or language_of(answers or text), text=text, turns=turns,
        metadata=dict(draft.reading.metadata), positions=positions,
    )  # fmt: skip


def _informant(turn: Turn, ids: Mapping[str, str]) -> str | None:
    return None if turn.is_interviewer else ids.get(turn.speaker or NO_LABEL)


def _language_of(text: str) -> str:
    from kotaku_nlp.language.identify import language_of

    return language_of(text)


def _draft_problems(draft: _Draft) -> Iterable[Problem]:
    place = draft.found.path
    for problem in draft.reading.problems:
        yield replace(problem, where=place)
    answers = [turn for turn in draft.reading.turns if not turn.is_interviewer]
    if draft.kind not in SPOKEN_KINDS:
        return
    if not answers:
        yield Problem("no_informant_turn", place, "error")
        return
    words = sum(len(draft.source.text[turn.start : turn.end].split()) for turn in answers)
    if words < _FEW_WORDS:
        yield Problem("few_words", place, params={"words": words, "turns": len(answers)})


def _corpus_problems(
    transcripts: Sequence[Transcript], roster: Roster, table: InformantTable, listing: Listing
) -> Iterable[Problem]:
    for transcript in transcripts:
        if transcript.language not in _LANGUAGES[:2]:
            key = "language_english" if transcript.language == "en" else "language_unrecognised"
            yield Problem(key, transcript.path)
    for row in table.rows:
        if row.transcript not in listing.seen:
            near = get_close_matches(row.transcript, sorted(listing.seen), n=1, cutoff=0.5)
            params = {"transcript": row.transcript, "nearest": near[0] if near else "–"}
            yield Problem("transcript_not_there", row.place, params=params)
    yield from _unknown_groups(roster.informants, table)


def _unknown_groups(informants: Sequence[Informant], table: InformantTable) -> Iterable[Problem]:
    unknown = list(dict.fromkeys(person.id for person in informants if person.group == UNKNOWN))
    if not unknown:
        return
    names = ", ".join(unknown[:_NAMED]) + (" …" if len(unknown) > _NAMED else "")
    params: dict[str, Any] = {"count": len(unknown), "informants": names}
    yield Problem("groups_unknown" if table.given else "no_informants_file", INFORMANTS_FILE, params=params)


def _sources(root: Path, drafts: Sequence[_Draft]) -> dict[str, str]:
    """Return file → sha256 of every input that was read."""
    found = {draft.found.path: draft.sha256 for draft in drafts}
    for name in (CORPUS_FILE, INFORMANTS_FILE, SPEAKERS_FILE):
        if (root / name).is_file():
            found[name] = hashlib.sha256((root / name).read_bytes()).hexdigest()
    return dict(sorted(found.items()))
