"""Reads sheets that come back, from whatever program: by number and code, whatever was moved or renamed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from kotaku_nlp.coding.files.readers.grids import Grid, read_grids
from kotaku_nlp.corpus.lexicon import key
from kotaku_nlp.errors import CorpusError, RunError
from kotaku_nlp.messages import LANGUAGES, say
from kotaku_nlp.records import Problem
from kotaku_nlp.validation.answers import Answer, given, understood
from kotaku_nlp.validation.kit import LETTERS, Item, Kit, Question, Sheet

_CODE = re.compile(r"\b[0-9A-F]{5}-[0-9A-F]{5}\b")
_SUFFIX = ".xlsx"
#: How much of an answer a message repeats, in signs.
_SHOWN = 40


@dataclass(frozen=True)
class Returned:
    """One rater's sheet.

    :param rater: initials, or the file's name where none were given or two raters share them.
    :param file: name of the file.
    :param sheet: which sheet it is.
    :param answers: question id → answer; what was left blank is not there.
    """

    rater: str
    file: str
    sheet: Sheet
    answers: Mapping[str, Answer] = field(default_factory=dict)


@dataclass(frozen=True)
class Read:
    """What came back: the set of questions, every rater's sheet, what could not be read."""

    kit: Kit | None
    sheets: tuple[Returned, ...]
    problems: tuple[Problem, ...]


def read_returned(paths: Sequence[Path], kits: Sequence[Kit]) -> Read:
    """Read returned sheets.

    A sheet that cannot be used is named and left out; so is a single answer.

    :param paths: workbooks, or folders of them.
    :param kits: the key of the run.
    :return: the raters in the order of initials and file names, whatever the order of `paths`.
    """
    problems: list[Problem] = []
    found: list[tuple[Kit, Returned]] = []
    for path in _files(paths):
        try:
            kit, sheet, told = _read(path, kits)
        except (CorpusError, RunError) as problem:
            problems.append(Problem(problem.key, problem.where, "error", problem.params))
            continue
        twin = next((other for _, other in found if _alike(sheet, other)), None)
        if twin:
            problems.append(Problem("validation_twice", sheet.file, "notice", {"other": twin.file}))
        else:
            problems += told
            found.append((kit, sheet))
    return _together(found, kits, problems)


def _alike(a: Returned, b: Returned) -> bool:
    """Tell a copy of a sheet, saved again or not, from the sheet of somebody else."""
    return (a.sheet.code, key(a.rater), a.answers) == (b.sheet.code, key(b.rater), b.answers)


def _files(paths: Sequence[Path]) -> list[Path]:
    """Return the workbooks, those of a folder included; a program's lock files are none."""
    found = [file for path in paths for file in (sorted(path.iterdir()) if path.is_dir() else [path])]
    direct = {path for path in paths if not path.is_dir()}
    wanted = [f for f in found if f in direct or (f.suffix == _SUFFIX and not f.name.startswith(("~$", ".")))]
    return sorted(dict.fromkeys(wanted), key=lambda file: (file.name, str(file)))


def _together(found: Sequence[tuple[Kit, Returned]], kits: Sequence[Kit], problems: list[Problem]) -> Read:
    """Put sheets of one set together; those of another set are named, and raters told apart."""
    if not found:
        return Read(None, (), tuple(problems))
    # the set of which most sheets came back; of two equals the one written last
    kit = max(reversed(kits), key=lambda kit: sum(other is kit for other, _ in found))
    for other, sheet in found:
        if other is not kit:
            problems.append(Problem("validation_other_set", sheet.file, "error", {"code": sheet.sheet.code}))
    sheets = sorted((s for other, s in found if other is kit), key=lambda s: (key(s.rater), s.file))
    return Read(kit, _told_apart(sheets, problems), tuple(problems))


def _told_apart(sheets: Sequence[Returned], problems: list[Problem]) -> tuple[Returned, ...]:
    """Give raters with the same initials names of their own: the file's, else a number."""
    times = Counter(key(sheet.rater) for sheet in sheets)
    named: list[Returned] = []
    used: Counter[str] = Counter()
    for sheet in sheets:
        name = sheet.rater
        if times[key(name)] > 1:
            problems.append(Problem("validation_same_initials", sheet.file, "notice", {"initials": name}))
            name = f"{name} ({sheet.file})"
        used[name] += 1
        named.append(replace(sheet, rater=f"{name} {used[name]}" if used[name] > 1 else name))
    return tuple(named)


def _read(path: Path, kits: Sequence[Kit]) -> tuple[Kit, Returned, list[Problem]]:
    """Read one workbook.

    :raises CorpusError: when it is missing or damaged.
    :raises RunError: when it is no sheet of this run.
    """
    if not path.is_file():
        raise RunError("validation_missing", str(path))
    if path.suffix.lower() != _SUFFIX:
        raise RunError("validation_not_workbook", path.name, suffix=path.suffix or "–")
    grids = read_grids(path)
    kit, sheet = _identified(path, grids, kits)
    problems: list[Problem] = []
    answers = _Filled(path.name, kit, sheet, problems).read(grids)
    initials = _field(grids, "validation_initials")
    if not initials:
        problems.append(Problem("validation_no_initials", path.name, "notice"))
    if not answers:
        problems.append(Problem("validation_blank", path.name, "notice"))
    return kit, Returned(initials or path.stem, path.name, sheet, answers), problems


def _identified(path: Path, grids: Sequence[Grid], kits: Sequence[Kit]) -> tuple[Kit, Sheet]:
    """Return the sheet whose code stands in the workbook.

    :raises RunError: when there is no code, or it is of another run, or there are several.
    """
    codes = {code for grid in grids for row in grid.rows for cell in row for code in _CODE.findall(cell)}
    known = [(kit, sheet) for kit in kits for sheet in kit.sheets if sheet.code in codes]
    if len(known) > 1:
        told = ", ".join(sheet.code for _, sheet in known)
        raise RunError("validation_mixed", path.name, codes=told)
    if not known:
        reason = "validation_other_run" if codes else "validation_no_code"
        raise RunError(reason, path.name, code=", ".join(sorted(codes)) or "–")
    return known[0]


def _field(grids: Sequence[Grid], name: str) -> str:
    """Return what stands to the right of a field's name, on one line."""
    labels = {key(say(name, lang).rstrip(":")) for lang in LANGUAGES}
    for grid in grids:
        for row in grid.rows:
            for place, cell in enumerate(row):
                if key(cell.rstrip(": ")) in labels:
                    return next((" ".join(other.split()) for other in row[place + 1 :] if other.strip()), "")
    return ""


@dataclass(frozen=True)
class _Filled:
    """The answers of one workbook on their way out.

    :param problems: gains what is wrong with single rows.
    """

    file: str
    kit: Kit
    sheet: Sheet
    problems: list[Problem]

    def read(self, grids: Sequence[Grid]) -> dict[str, Answer]:
        """Return question id → answer; where a question stands twice, only if both say the same."""
        questions = {question.number: question for question in self.sheet.questions}
        items = {item.id: item for item in self.kit.items}
        found: dict[str, Answer] = {}
        unclear: set[str] = set()
        for grid in grids:
            for place, number, cells in _rows(grid):
                answer = self._answer(place, number, cells, questions.get(number), items)
                if answer is None:
                    continue
                item = questions[number].item
                if item in found and found[item] != answer:
                    unclear.add(item)
                    self._tell("validation_row_twice", place, number=number)
                found[item] = answer
        return {item: answer for item, answer in found.items() if item not in unclear}

    def _answer(
        self,
        place: str,
        number: str,
        cells: Mapping[str, str],
        question: Question | None,
        items: Mapping[str, Item],
    ) -> Answer | None:
        """Return the answer of one row; None when it is blank, or told why it does not count."""
        said = cells["answer"].strip()
        if not given(said):
            return None
        if question is None:
            self._tell("validation_row_unknown", place, number=number, answer=said[:_SHOWN])
            return None
        item = items[question.item]
        if not _same(question, item, cells):
            self._tell("validation_row_changed", place, number=number)
            return None
        answer = understood(said, item, question)
        if answer is None:
            choices = ", ".join(LETTERS[: len(item.texts)]) if item.task != "fit" else "0, 1, 2"
            self._tell("validation_row_unclear", place, number=number, answer=said[:_SHOWN], choices=choices)
        return answer

    def _tell(self, reason: str, place: str, **params: str) -> None:
        self.problems.append(Problem(reason, f"{self.file}, {place}", "error", params))


def _rows(grid: Grid) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield place, number and cells ("answer", "passage", letters) of the rows under a head row."""
    heads: dict[str, int] = {}
    for line, row in enumerate(grid.rows, start=1):
        if named := _heads(row):
            heads = named
            continue
        number = _cell(row, heads.get("number")).strip().rstrip(".").upper()
        if heads and re.fullmatch(r"[A-C]\d+(\.\d+)?", number):
            cells = {name: _cell(row, column) for name, column in heads.items()}
            yield f"{grid.name} row {line}", number, cells


def _heads(row: Sequence[str]) -> dict[str, int]:
    """Return the columns that a head row names; nothing when it is none."""
    known = {
        key(say(f"validation_head_{name}", lang)): name
        for name in ("number", "answer", "passage")
        for lang in LANGUAGES
    }
    known |= {key(letter): letter for letter in LETTERS}
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        if name := known.get(key(cell)):
            found.setdefault(name, place)
    return found if {"number", "answer"} <= set(found) else {}


def _cell(row: Sequence[str], column: int | None) -> str:
    return row[column] if column is not None and column < len(row) else ""


def _same(question: Question, item: Item, cells: Mapping[str, str]) -> bool:
    """Tell whether a row still shows what was asked: sorted columns or overwritten texts would not."""
    if item.task == "name":
        return True
    names = ["passage"] if item.task == "fit" else list(LETTERS[: len(item.texts)])
    shown = [_plain(cells.get(name, "")) for name in names]
    return not any(shown) or shown == [_plain(item.texts[place]) for place in question.order]


def _plain(text: str) -> str:
    """Return a text without what programs change when they save it: white space, signs no cell may hold."""
    return "".join(sign for sign in text if sign.isalnum()).casefold()
