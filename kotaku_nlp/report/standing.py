"""How far the topics as a whole can be relied on: how many, whether beyond chance, whether they come back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from kotaku_nlp.analysis.topics.noise import Noise
from kotaku_nlp.records import Analysis
from kotaku_nlp.report.labels import Labels

#: Stability of one topic, 0 to 1, in a word (Hennig, 2007: stable from .75, a pattern from .6).
STABILITY = ((0.75, "firm"), (0.6, "fair"), (0.0, "shaky"))
#: Adjusted Rand index of the whole, in a word (Steinley, 2004).
WHOLE = ((0.9, "excellent"), (0.8, "good"), (0.65, "moderate"), (-1.0, "poor"))


def word(value: float, scale: Sequence[tuple[float, str]]) -> str:
    """Return what a value on a scale is called: the first whose least value it reaches."""
    return next(name for least, name in scale if value >= least)


def no_topics(analysis: Analysis, labels: Labels) -> str:
    """Return why there are no topics, as the run itself said it."""
    reason = _facts(analysis).get("reason")
    problem = next((each for each in analysis.problems if reason and each.key == reason), None)
    return labels.problem(problem) if problem else labels.say("no_topics")


def standing(analysis: Analysis, labels: Labels, stabilities: Sequence[float]) -> dict[str, Any]:
    """Return the sentence on the number of topics, and what says how sure it is.

    :param stabilities: of the topics shown, each 0 to 1.
    :return: `number`, one sentence, and `sure`, pairs of a verdict in a word or two and what it rests on; few
        where a run did not look.
    """
    facts = _facts(analysis)
    known = [word(value, STABILITY) for value in stabilities]
    told = [_noise(facts.get("noise"), labels), _back(known, facts.get("whole"), labels)]
    return {
        "number": _number(len(analysis.topics), facts.get("number"), analysis.settings.get("topics"), labels),
        "sure": [pair for pair in told if pair],
    }


def _facts(analysis: Analysis) -> Mapping[str, Any]:
    return analysis.manifest.get("topics") or {}


def _number(n: int, number: Mapping[str, int] | None, asked: Any, labels: Labels) -> str:
    if number is None:
        return labels.say("topics_asked" if asked else "topics_n", n=n)
    key = "topics_asked_range" if asked else "topics_range"
    return labels.say(key, n=n, low=number["low"], high=number["high"])


def _noise(noise: Mapping[str, float] | None, labels: Labels) -> tuple[str, str] | None:
    if noise is None:
        return None
    found = Noise(noise["words"], noise["vectors"])
    numbers = {"words": labels.number(found.words, 0), "vectors": labels.number(found.vectors, 0)}
    key = "beyond" if found.structure else "within"
    return labels.say(f"topics_{key}_chance"), labels.say(f"topics_{key}_chance_long", **numbers)


def _back(known: Sequence[str], whole: Mapping[str, float] | None, labels: Labels) -> tuple[str, str] | None:
    if not known:
        return None
    said = Counter(known)
    parts = [f"{said[name]} {labels.name('stability', name)}" for _, name in STABILITY if said[name]]
    text = labels.say("topics_back")
    if whole is not None:
        how = labels.name("whole", word(whole["ari"], WHOLE))
        ari, ami = labels.number(whole["ari"]), labels.number(whole["ami"])
        text = f"{text} {labels.say('topics_whole', how=how, ari=ari, ami=ami)}"
    return ", ".join(parts), text
