"""Tell which phase of a programme a text speaks of, by weighted cue words.

Preparation, planning, implementation, sustainability (KOTAKU juklak, 2016), or unclear: no cue, no guess.
The cue nearest the words in question weighs most; the interviewer's question decides only where the
answer itself has no cue.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kotaku_nlp.analysis.aliases import Names, Word, words_of
from kotaku_nlp.language.tokens import tokenise
from kotaku_nlp.records import PHASES

UNCLEAR = PHASES[-1]
#: At this many characters a cue weighs half of what it weighs beside the clause.
_HALF = 120.0
#: Less than one good cue beside the clause is no evidence.
_LEAST = 1.0
_LANGUAGES = ("id", "en")


@dataclass(frozen=True, slots=True)
class Cue:
    """A word or phrase at `start:end` that speaks of a phase, and how plainly (1–3)."""

    start: int
    end: int
    phase: str
    weight: float


def phase_of(text: str, question: str = "") -> str:
    """Return the phase a text speaks of.

    :param text: a passage.
    :param question: what the interviewer asked before it.
    :return: one of `records.PHASES`; "unclear" where neither has a cue or two phases weigh the same.
    """
    return phase_at(find_cues(text), 0, len(text), question)


def phase_at(cues: Sequence[Cue], start: int, end: int, question: str = "") -> str:
    """Return the phase that a stretch of a text speaks of, its surroundings weighing less with distance.

    :param cues: `find_cues` of the text.
    :param start: where the stretch begins.
    :param end: one past its end.
    :param question: what the interviewer asked before it.
    """
    found = _heaviest([(cue.phase, cue.weight * _nearness(cue, start, end)) for cue in cues])
    if found == UNCLEAR and question:
        return _heaviest([(cue.phase, cue.weight) for cue in find_cues(question)])
    return found


def find_cues(text: str) -> tuple[Cue, ...]:
    """Return the cues of a text, in order, none overlapping.

    :param text: any text.
    """
    return cues_among(words_of(tokenise(text)))


def cues_among(words: Sequence[Word]) -> tuple[Cue, ...]:
    """Return the cues among the words of a text.

    :param words: `words_of` its tokens.
    """
    return tuple(
        Cue(words[first].start, words[last - 1].end, phase, weight)
        for first, last, (phase, weight) in _names().find(words)
        if weight
    )


def _nearness(cue: Cue, start: int, end: int) -> float:
    distance = max(0, start - cue.end, cue.start - end)
    return _HALF / (_HALF + distance)


def _heaviest(weights: Sequence[tuple[str, float]]) -> str:
    total = dict.fromkeys(PHASES[:-1], 0.0)
    for phase, weight in weights:
        total[phase] += weight
    first, second = sorted(total, key=lambda phase: -total[phase])[:2]
    clear = total[first] >= _LEAST and total[first] > total[second]
    return first if clear else UNCLEAR


@cache
def _names() -> Names[tuple[str, float]]:
    entries: dict[str, tuple[str, float]] = {}
    for phase, weight, cue in (*_shipped(), *_own()):
        entries[cue.lower() if len(cue) > 4 else cue] = (phase, weight)
    return Names(entries.items())


def _shipped() -> Iterator[tuple[str, float, str]]:
    """Yield the cues of the framework file: several words say more than one."""
    import yaml

    path = files("kotaku_nlp").joinpath("frameworks", "phases.yaml")
    for phase in yaml.safe_load(path.read_text(encoding="utf-8"))["phases"]:
        for language in _LANGUAGES:
            for cue in phase["cues"][language]:
                yield phase["id"], 3.0 if " " in cue else 2.0, cue


def _own() -> Iterator[tuple[str, float, str]]:
    path = files("kotaku_nlp.analysis").joinpath("data", "involvement_phases.tsv")
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            phase, weight, cues = line.split("\t")
            yield from ((phase, float(weight), cue) for cue in cues.split("|"))
