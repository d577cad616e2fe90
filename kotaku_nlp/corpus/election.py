"""Which candidate labels are speakers: by counting, alternation and likeness, over the whole file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import pairwise

from kotaku_nlp.corpus.interviewers import leaning
from kotaku_nlp.corpus.labels import Mark, Style, known_labels
from kotaku_nlp.corpus.lexicon import key, words

#: Marked labels first; a bold run or a line of its own counts only where no other mark is found.
_ROUNDS: tuple[tuple[Style, ...], ...] = (
    ("colon", "stamped", "bracket"), ("bold",), ("loose",), ("dot",), ("alone",),
)  # fmt: skip
MAX_LABELS = 20
_WORD = re.compile(r"[^\W\d_]\w*")


def elect(
    marks: Sequence[Mark | None],
    text: str,
    accepted: Collection[str] = (),
    refused: Collection[str] = (),
) -> list[Mark | None]:
    """Return the marks that are labels of speakers, None at every other line.

    A label is a speaker when it recurs and alternates with others; one that stands only once
    is accepted when it looks like those that do.

    :param marks: candidate of every line of the dialogue, None where there is none.
    :param text: the canonical text; a word that also occurs in lower case is hardly a name.
    :param accepted: keys that the researcher confirmed.
    :param refused: keys that the researcher struck out.
    """
    marks = [None if mark and mark.key in refused else mark for mark in marks]
    winners: set[str] = set()
    styles: tuple[Style, ...] = ()
    for styles in _ROUNDS:
        winners = _Round(marks, text, styles).winners()
        if winners:
            break
    winners |= set(accepted)
    return [mark if mark and mark.key in winners and _counts(mark, styles) else None for mark in marks]


def _counts(mark: Mark, styles: tuple[Style, ...]) -> bool:
    """Tell whether an elected label also counts in this style: "A. Yani" or a name alone may be speech."""
    if mark.style == "dot":
        return "dot" in styles
    return mark.style != "alone" or "alone" in styles or (_is_known(mark.key) and len(mark.key) > 3)


class _Round:
    """One round of the election, among candidates of some styles."""

    def __init__(self, marks: Sequence[Mark | None], text: str, styles: tuple[Style, ...]) -> None:
        self.text = text
        self.small = {word for word in _WORD.findall(text) if word[0].islower()}
        self.lines = len(marks)
        self.open = "colon" in styles
        self.faint = bool({"loose", "dot"} & set(styles))
        self.marks = [mark for mark in marks if mark and mark.style in styles and not _nobody(mark)]
        self.counts = Counter(mark.key for mark in self.marks)
        self.labels = {mark.key: mark.label for mark in reversed(self.marks)}

    def winners(self) -> set[str]:
        """Return the keys elected in this round; none when the candidates do not make a dialogue."""
        core = self._core()
        if not core:
            return self._tiny()
        if len(core) == 1 and not self._alone_may_speak(core[0]):
            return set()
        if len(core) > 1 and not self._alternates(set(core)):
            return set()
        if self.faint and not self._has_both_sides(core):
            return set()
        shapes = {_shape(self.labels[name]) for name in core}
        once = [name for name in self.counts if name not in core and self._resembles(name, shapes)]
        return set((core + once)[:MAX_LABELS])

    def _core(self) -> list[str]:
        """Labels that recur often enough for what they look like, the most frequent first."""
        top = max(self.counts.values(), default=0)
        least = 2 if self.open or self.faint else 3
        core = []
        for name, count in self.counts.most_common():
            if count < least or (self.faint and not _is_known(name)):
                continue
            strong = _is_known(name) or _is_code(self.labels[name])
            wanted = least if strong or self._is_name(name) else max(5, top // 5, self.lines // 10)
            if count >= wanted:
                core.append(name)
        return core

    def _tiny(self) -> set[str]:
        """Take, where nobody speaks twice, the labels that cannot be much else."""
        if not self.open or len(self.counts) > MAX_LABELS:
            return set()
        found = {name for name in self.counts if _is_known(name)}
        if any(len(name) > 3 for name in found) or 3 * len(found) >= self.lines:
            return found
        named = {name for name in self.counts if _is_code(self.labels[name]) or self._is_name(name)}
        return named if len(named) > 1 and 2 * len(named) >= self.lines else set()

    def _alone_may_speak(self, name: str) -> bool:
        return _is_known(name) or _is_code(self.labels[name]) or 2 * self.counts[name] >= self.lines

    def _has_both_sides(self, core: list[str]) -> bool:
        """Tell whether one label asks and one answers by its name: items "a." and "b." do not."""
        sides = {leaning(self.labels[name]) > 0 for name in core if leaning(self.labels[name])}
        return sides == {True, False}

    def _alternates(self, core: set[str]) -> bool:
        order = [mark.key for mark in self.marks if mark.key in core]
        changes = sum(a != b for a, b in pairwise(order))
        known = self.open and any(_is_known(name) for name in core)
        share = 0.02 if known else 0.08 if self.open else 0.2
        return changes >= max(1, 0.1 * (len(order) - 1)) and len(order) >= share * self.lines

    def _resembles(self, name: str, shapes: set[str]) -> bool:
        label = self.labels[name]
        if _is_known(name):
            return self.open
        shape = _shape(label)
        if shape not in shapes:
            return False
        return shape != "Xx" or (self._is_name(name) and self.counts[name] > 0)

    def _is_name(self, name: str) -> bool:
        """Tell whether a label never stands in lower case in the text, as a name does not."""
        label = self.labels[name]
        if not label[0].isupper():
            return False
        plain = label.lower()
        if not self.small.issuperset(_WORD.findall(plain)):
            return True
        return not re.search(rf"(?<!\w){re.escape(plain)}(?!\w)", self.text)


def _nobody(mark: Mark) -> bool:
    """Tell whether a candidate is a note, a field, a sound or, unmarked, an answer."""
    name = mark.key
    if name in words("not_speakers") or name in words("sounds"):
        return True
    if name in words("fields") and name not in words("person_fields"):
        return True
    return mark.style in ("alone", "bold") and name in words("assent")


def _is_known(name: str) -> bool:
    """Tell whether a key is, or begins with, a word that names speakers: "informan3", "pewawancara"."""
    bare = name.rstrip("0123456789")
    return bare in known_labels() or any(
        bare.startswith(word) for word in words("informant") | words("interviewer") if len(word) > 4
    )


def _is_code(label: str) -> bool:
    """Tell whether a label looks like a code or initials: "SR", "N2", "I.1", "Inf-01", "SPEAKER_00"."""
    return bool(re.fullmatch(r"[^\W\d_]{1,12}[.\-_ ]?\d{1,3}[a-z]?|(?:[A-Z]\.?){1,4}", label))


def _shape(label: str) -> str:
    """Return what a label looks like: its kind of word, its case and whether a number follows."""
    first = label.split()[0]
    if key(first) in words("honorifics"):
        return "honorific"
    bare = re.sub(r"[.\-_ ]?\d+[a-z]?$", "", label)
    number = "9" if bare != label else ""
    if number:
        return key(bare) + number
    if len(bare) <= 4 and bare.replace(".", "").isupper():
        return "XX"
    return " ".join("Xx" if word[0].isupper() else "x" for word in bare.split())
