"""Who asks and who answers: a small score from four weak pieces of evidence.

For every label of a file::

    score = lexicon + n/(n+1) · (4 · (q − q̄) + 0.8 · log2(w̄ / w)) + 0.5 if the label speaks first

* lexicon: +3 or −3 for a word that names a side ("Pewawancara", "Informan"), +0.8 or −0.8 for a
  letter that leans to one (P, T, Q, M and N, J, I): P is also *partisipan*, so a letter never decides;
* n: the label's turns, so that one short "Apa?" decides nothing;
* q: share of the label's turns that ask (a question mark, or an opening question word, half);
  q̄ the mean share of the other labels;
* w: mean words a turn, w̄ that of the other labels, the logarithm cut at ±1.5.

A label above +1 asks; if none is, the best one does when it leads the second by 1 or more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2

from kotaku_nlp.corpus.lexicon import key, words

_ASKS = 1.0
_LEAD = 1.0


@dataclass(frozen=True)
class Voice:
    """What is counted of one label.

    :param turns: number of turns.
    :param words: mean words a turn.
    :param questions: share of turns that ask, 0 … 1.
    :param first: whether the label speaks first.
    """

    label: str
    turns: int
    words: float
    questions: float
    first: bool = False


def voice_of(label: str, said: Sequence[str], first: bool = False) -> Voice:
    """Count what one label says.

    :param label: the label.
    :param said: its turns.
    :param first: whether it opens the conversation.
    """
    count = max(1, len(said))
    total = sum(len(text.split()) for text in said)
    return Voice(label, len(said), total / count, sum(map(asking, said)) / count, first)


def asking(text: str) -> float:
    """Return how much a turn reads as a question: 1 with a question mark, ½ by its first word.

    In a long turn a question mark is often rhetorical and counts by its share of the sentences.
    """
    marks = text.count("?") + text.count("？")
    if marks:
        return min(1.0, 60 * marks / max(60, len(text.split())))
    first = re.match(r"\W*([^\W\d_]+)", text)
    return 0.5 if first and first[1].lower() in words("question_words") else 0.0


def scores(voices: Sequence[Voice]) -> dict[str, float]:
    """Return label → score; above 0 speaks for an interviewer.

    Numbered labels of one side ("N1", "N2", "Peserta 3") are scored together: they answer alike.

    :param voices: one per label of the file.
    """
    found: dict[str, float] = {}
    for voice in voices:
        kin = [other for other in voices if _kin(voice.label, other.label)]
        others = [other for other in voices if other not in kin]
        found[voice.label] = _score(_pooled(voice.label, kin), others) if others else _alone(voice, voices)
    return found


def _alone(voice: Voice, voices: Sequence[Voice]) -> float:
    return _score(voice, [other for other in voices if other is not voice])


def _kin(label: str, other: str) -> bool:
    base = key(label).rstrip("0123456789")
    same = base == key(other).rstrip("0123456789") and base != key(label)
    return label == other or (same and leaning(label) != 0)


def _pooled(label: str, voices: Sequence[Voice]) -> Voice:
    turns = max(1, sum(voice.turns for voice in voices))
    length = sum(voice.words * voice.turns for voice in voices) / turns
    questions = sum(voice.questions * voice.turns for voice in voices) / turns
    return Voice(label, turns, length, questions, any(voice.first for voice in voices))


def _score(voice: Voice, others: Sequence[Voice]) -> float:
    score = leaning(voice.label)
    if not others:
        return score
    rest = _pooled("", others)
    ratio = max(-1.5, min(1.5, log2(max(rest.words, 1) / max(voice.words, 1))))
    trust = voice.turns / (voice.turns + 1)
    return score + trust * (4 * (voice.questions - rest.questions) + 0.8 * ratio) + 0.5 * voice.first


def leaning(label: str) -> float:
    """Return what a label's own words say: +3 asks, −3 answers, ±0.8 for a letter, 0 for nothing."""
    name = key(label)
    bare = name.rstrip("0123456789")
    for wanted, side in ((words("interviewer"), 3.0), (words("informant"), -3.0)):
        if any(bare == word or (len(word) > 4 and bare.startswith(word)) for word in wanted):
            return side
    if bare in words("interviewer_letter") and bare == name:
        return 0.8
    return -0.8 if bare in words("informant_letter") else 0.0


def interviewers(voices: Sequence[Voice], known: Mapping[str, bool] | None = None) -> frozenset[str]:
    """Return the labels that ask.

    :param voices: one per label of the file.
    :param known: label → whether it asks, from speakers.csv or informants.csv; wins over the score.
    """
    known = known or {}
    certain = {label for label, asks in known.items() if asks}
    open_voices = [voice for voice in voices if voice.label not in known]
    found = scores(voices)
    asks = {voice.label for voice in open_voices if found[voice.label] > _ASKS and len(voices) > 1}
    asks |= {voice.label for voice in open_voices if leaning(voice.label) >= 3}
    if asks and len(asks | certain) == len(voices):
        asks = {max(asks, key=lambda label: found[label])} if len(voices) > 1 else asks
    if not asks and not certain and len(voices) > 1:
        asks = _leader(open_voices, found)
    return frozenset(asks | certain)


def _leader(voices: Sequence[Voice], found: Mapping[str, float]) -> set[str]:
    order = sorted(voices, key=lambda voice: -found[voice.label])
    if not order:
        return set()
    if len(order) == 1 and len(found) > 1 and leaning(order[0].label) >= 0:
        return {order[0].label}  # everybody else is known to answer
    best = found[order[0].label]
    second = found[order[1].label] if len(order) > 1 else best - _LEAD
    return {order[0].label} if best > 0 and best - second >= _LEAD else set()
