"""How a line may open with a speaker's label: the grammar, without a decision.

Whether a candidate is a speaker is decided over the whole file, in `election`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Literal

from kotaku_nlp.corpus.lexicon import key, words
from kotaku_nlp.corpus.lines import Line

Style = Literal["colon", "stamped", "bracket", "loose", "dot", "bold", "alone"]

_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,\-]\d{1,3})?"
_SPAN = rf"{_CLOCK}(?:\s*(?:-->|[-–—])\s*{_CLOCK})?"
#: A time mark in its wrapping: [00:01:02], (1:02), {..}, #00:03:40-5#, <..>.
WRAPPED = rf"(?:\[\s*{_SPAN}\s*\]|\(\s*{_SPAN}\s*\)|\{{\s*{_SPAN}\s*\}}|#{_SPAN}#?|<{_SPAN}>)"
_BLANK = r"[ \t\u00a0\u2007\u202f]"
_NAME = rf"(?P<name>[^\W\d_][\w.'’/&+\-]*(?:{_BLANK}{{1,2}}[\w.'’/&+\-]+){{0,4}})"
_ROLE = rf"(?:{_BLANK}*\((?P<role>[^()\n:]{{1,60}})\))?"
_STRESS = r"(?:\*\*|__|\*)?"
_COLON = r"[:：]"

_LEAD = re.compile(
    rf"\s*(?:{_STRESS}(?P<stamp>{WRAPPED}|{_SPAN}){_STRESS}{_BLANK}*)?(?:\d{{1,3}}[.)]{_BLANK}+|\d{{1,3}}[.)](?=[^\W\d_]))?"
    rf"(?:[-–—•·>]{_BLANK}*)?(?:\#{{1,6}}{_BLANK}*)?{_STRESS}"
)
_AFTER_STAMP = rf"(?:{_BLANK}*(?P<after>{WRAPPED}))?"
#: "X :" "X (Ketua BKM):" "X [00:01:02]:" "**X:**"; not "http://", not "jam 17:30".
_WITH_COLON = re.compile(
    rf"{_NAME}{_ROLE}{_AFTER_STAMP}{_STRESS}{_BLANK}*{_COLON}(?![/\\])(?!(?<=\d{_COLON})\d){_STRESS}"
)
_WITH_STAMP = re.compile(rf"{_NAME}{_ROLE}{_BLANK}+(?P<after>{WRAPPED}|{_CLOCK}){_BLANK}*$")
_IN_BRACKETS = re.compile(rf"[\[{{]{_BLANK}*{_NAME}{_ROLE}{_BLANK}*[\]}}]{_STRESS}(?:{_BLANK}*{_COLON})?")
#: "P<tab>…", "Peneliti – …", and the slip "P; …".
_LOOSE = re.compile(rf"{_NAME}{_ROLE}(?:{_BLANK}*\t{_BLANK}*|{_BLANK}+[-–—=]{_BLANK}+|;{_BLANK}+)(?=\S)")
#: "P. …": only letters of a label, since sentences end so too.
_DOTTED = re.compile(rf"(?P<name>[^\W\d_]{{1,2}}\d?)(?P<role>)\.{_BLANK}+(?=\S)")
_ALONE = re.compile(rf"{_NAME}{_ROLE}{_STRESS}{_BLANK}*$")
_SAID_STAMP = re.compile(rf"\s*(?P<stamp>{WRAPPED})")
_END_STAMP = re.compile(rf"(?P<stamp>\[{_SPAN}\]|\{{{_SPAN}\}}|#{_SPAN}#)\s*$")
_CLOCK_NAME = re.compile(r"\d{1,2}[.:]\d{2}$|^\d|[./]\w+\.\w|@|//")
_NUMBERED = re.compile(r"(?P<base>[^\W\d_]+)[.\-_ ]?(?P<number>\d{1,4})")
_MAX_LABEL = 40


@dataclass(frozen=True)
class Mark:
    """A candidate label at the start of a line.

    :param label: as it stands, white space collapsed, role and time left out.
    :param key: the form under which spellings are compared.
    :param style: how it is marked off.
    :param said: offset into the line where speech begins.
    :param role: what stands in parentheses after the label.
    :param time: time mark before or after the label.
    """

    label: str
    key: str
    style: Style
    said: int
    role: str = ""
    time: str | None = None


def mark_of(line: Line) -> Mark | None:
    """Return the label that a line may open with, or nothing.

    :param line: one line of the canonical text.
    """
    text = line.text
    lead = _LEAD.match(text)
    assert lead is not None  # every part of it is optional
    rest, time = lead.end(), lead["stamp"]
    found = _match(text, rest, line.bold)
    if found is None:
        return None
    style, match = found
    label = re.sub(r"\s+", " ", match["name"]).rstrip(".-/&+ ")
    if not _may_be_label(label):
        return None
    after = match.groupdict().get("after")
    said, inner = _after_time(text, match.end())
    return Mark(
        label, key(label), style, said, (match["role"] or "").strip(), clean_time(time or after or inner)
    )


def _match(text: str, rest: int, bold: int) -> tuple[Style, re.Match[str]] | None:
    if match := _WITH_COLON.match(text, rest):
        return "colon", match
    if match := _WITH_STAMP.match(text, rest):
        return "stamped", match
    if match := _IN_BRACKETS.match(text, rest):
        return "bracket", match
    if match := _LOOSE.match(text, rest):
        return "loose", match
    if match := _DOTTED.match(text, rest):
        return "dot", match
    if rest < bold < len(text) and (match := _ALONE.match(text[:bold].rstrip(), rest)):
        return "bold", match
    if (match := _ALONE.match(text, rest)) and _may_stand_alone(match):
        return "alone", match
    return None


def _may_stand_alone(match: re.Match[str]) -> bool:
    name = match["name"]
    return len(name) <= 30 and len(name.split()) <= 3 and (not name.endswith(".") or len(name) <= 3)


def _may_be_label(label: str) -> bool:
    """Tell whether a name is not plainly a clock time, an address or the start of a sentence."""
    if not label or len(label) > _MAX_LABEL or _CLOCK_NAME.search(label):
        return False
    first, *others = label.split()
    if others and key(label) not in words("informant") and not all(_named(word) for word in others):
        return False
    if not first[0].islower() or len(first) <= 3:
        return True
    return bool({key(label), key(label).rstrip("0123456789"), key(first)} & known_labels())


def _named(word: str) -> bool:
    """Tell whether a word after the first may belong to a name: "SR", "3", "Kunci", "dan", "bkm"."""
    return not word[0].islower() or len(word) <= 3 or key(word) in known_labels()


@cache
def known_labels() -> frozenset[str]:
    """Return all words known to name a speaker, as keys."""
    return (
        words("interviewer") | words("informant") | words("interviewer_letter")
        | words("informant_letter") | words("speaker") | words("honorifics")
    )  # fmt: skip


def _after_time(text: str, said: int) -> tuple[int, str | None]:
    stamp = _SAID_STAMP.match(text, said)
    if stamp and stamp.end() < len(text):
        return stamp.end(), stamp["stamp"]
    return said, None


def end_stamp(text: str) -> tuple[int, str | None]:
    """Return where a line's speech ends and the time mark behind it, as f4 writes it (#00:03:40-5#).

    :param text: one line.
    """
    stamp = _END_STAMP.search(text)
    return (stamp.start(), clean_time(stamp["stamp"])) if stamp else (len(text), None)


def clean_time(stamp: str | None) -> str | None:
    """Return a time mark without its wrapping, otherwise as the file writes it."""
    return stamp.strip("[](){}<># \t") if stamp else None


def settle(marks: Sequence[Mark | None]) -> list[Mark | None]:
    """Give one person one key over the whole file.

    Numbers that only count the turns are dropped ("A1:", "B2:", "A3:" …), and a role stays part
    of the label when it alone tells two people apart ("Informan (Lurah)", "Informan (Ketua RT)").

    :param marks: candidate of every line.
    """
    settled = _without_counters(marks)
    roles: dict[str, set[str]] = defaultdict(set)
    for mark in settled:
        if mark and mark.role:
            roles[mark.key].add(key(mark.role))
    return [_with_role(mark) if mark and len(roles[mark.key]) > 1 else mark for mark in settled]


def _with_role(mark: Mark) -> Mark:
    if not mark.role:
        return mark
    label = f"{mark.label} ({mark.role})"
    return replace(mark, label=label, key=key(label))


def _without_counters(marks: Sequence[Mark | None]) -> list[Mark | None]:
    numbered = [(mark, _NUMBERED.fullmatch(mark.label)) for mark in marks if mark and mark.style == "colon"]
    found = [(mark, match) for mark, match in numbered if match]
    numbers = [int(match["number"]) for _, match in found]
    bases = Counter(match["base"] for _, match in found)
    if len(found) < 6 or len([base for base, n in bases.items() if n > 1]) < 2:
        return list(marks)
    steps = [after - before for before, after in pairwise(numbers)]
    rising = sum(0 <= step <= 2 for step in steps) / len(steps)
    distinct = len({mark.key for mark, _ in found}) / len(found)
    if rising < 0.9 or distinct < 0.6:
        return list(marks)
    return [_uncounted(mark) if mark else None for mark in marks]


def _uncounted(mark: Mark) -> Mark:
    match = _NUMBERED.fullmatch(mark.label)
    return replace(mark, label=match["base"], key=key(match["base"])) if match else mark
