"""Weigh the words of each clause: what is evidence, of what sign, and by which rule.

A word's weight is changed by what stands around it (negation, wish, hearsay,
hedge), and a clause's by its neighbours: what comes after "tapi" counts double,
a conceded clause half, and of two states the later one. Units that hold their
own negator are never negated again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kotaku_nlp.analysis.lexicon import Hit, aspect_lexicon, general_lexicon
from kotaku_nlp.analysis.parts import Part, read_parts
from kotaku_nlp.language.negation import negation
from kotaku_nlp.language.tokens import Token

#: Share of its weight that evidence keeps …
_BEFORE_CONTRAST = 0.5  # … before "tapi", when the same is judged after it: 2 to 1
_EARLIER_STATE = 0.3  # … of a state that the speaker says is over
_CONDITION = 0.3  # … inside "kalau …": it need not be so
_HEDGED = 0.6
_WISHED = 0.6  # "harusnya rutin": it is not
_STILL_BAD = 0.8  # "semoga tidak macet lagi": it did
_FEARED = 0.6  # "jangan sampai tumpang tindih": it could
_DOUBLE_NEGATION = 0.6  # "tidak lambat" praises less than "cepat"
_HEARSAY = -0.4  # "katanya sih transparan"
_LACK = -1.2  # a named thing that is not there
_INTENSE = 1.25
_STRONGEST = 3.0
_NEAR = 5
_NEAR_SOFT = 3
_ELLIPSIS_WORDS = 6
_INTENSIFIERS = frozenset(
    "sangat sekali banget betul benar-benar paling amat terlalu selalu terus-terusan sungguh".split()
)
_DENIERS = frozenset({"bukan", "bukannya"})
_DENIED = frozenset(
    "masalah soal persoalan perkara karena gara-gara salah menyalahkan tidak kurang berarti".split()
)
_AND = frozenset({"dan", "serta", "maupun", "sama", "atau"})


@dataclass(frozen=True)
class Evidence:
    """What one expression says in its clause.

    :param aspect: aspect, or "" for a general word.
    :param value: signed weight after all rules; 0 names without judging.
    :param rule: the rule that decided, readable.
    :param part: number of its clause.
    :param first: its first token in the text.
    :param last: one past its last.
    :param weak: whether hedges or hearsay forbid certainty.
    :param basis: position of the judging word that a named theme took its sign from, −1 for none.
    """

    aspect: str
    value: float
    rule: str
    part: int
    first: int
    last: int
    weak: bool = False
    basis: int = -1


@dataclass(frozen=True)
class Reading:
    """A text with its clauses and the evidence found in them."""

    text: str
    tokens: tuple[Token, ...]
    parts: tuple[Part, ...]
    aspects: tuple[Evidence, ...]
    general: tuple[Evidence, ...]


def read(text: str) -> Reading:
    """Find and weigh the evidence of a text.

    :param text: any text.
    """
    tokens, parts = read_parts(text)
    owner = {at: part for part in parts for at in range(part.first, part.first + len(part.tokens))}
    hits = [hit for hit in aspect_lexicon().match(tokens, text) if hit.first in owner]
    judging = {at for hit in hits if not hit.entry.soft for at in range(hit.first, hit.last)}
    loose = [hit for hit in general_lexicon().match(tokens, text) if hit.first in owner]
    general = [
        weigh(hit, owner[hit.first], "")
        for hit in loose
        if judging.isdisjoint(range(hit.first, hit.last))
    ]  # fmt: skip
    found: list[Evidence] = []
    for hit in hits:
        found += _aspect_evidence(hit, owner[hit.first], general)
    found = _shared(_once(found), tokens) + _carried(parts, found, general)
    return Reading(text, tokens, parts, tuple(_in_time(parts, found)), tuple(general))


def weigh(hit: Hit, part: Part, aspect: str) -> Evidence:
    """Weigh a judging expression by what surrounds it in its clause.

    :param hit: where it stands.
    :param part: its clause.
    :param aspect: what it is evidence of; "" for a general word.
    """
    value, rule = _negated(hit, part)
    if part.relation == "condition" and not hit.entry.term.startswith("slot:"):
        value, rule = value * _CONDITION, "condition"
    if value and part.wished:
        value, rule = (-value * _WISHED if value > 0 else value * _STILL_BAD), "wish"
    elif value > 0 and part.hearsay:
        value, rule = value * _HEARSAY, "hearsay"
    if part.hedged:
        value *= _HEDGED
    if _intensified(hit, part):
        value *= _INTENSE
    value = max(-_STRONGEST, min(_STRONGEST, value))
    weak = part.hedged or rule in ("hearsay", "condition")
    return Evidence(aspect, value, rule, part.number, hit.first, hit.last, weak)


def _negated(hit: Hit, part: Part) -> tuple[float, str]:
    weight = hit.entry.weight
    if _denied(hit, part):
        return 0.0, "denial"
    around = negation(part.tokens, hit.first - part.first, min(hit.last - part.first, len(part.tokens)))
    if hit.entry.unit or around.factor == 1.0:
        return weight, "slot" if hit.entry.term.startswith("slot:") else "lexicon"
    if weight < 0 and around.words[0].startswith("jangan"):
        return weight * _FEARED, "fear"
    value = weight * around.factor
    return (value * _DOUBLE_NEGATION if weight < 0 < value else value), "negation"


def _denied(hit: Hit, part: Part) -> bool:
    """Tell whether "bukan soal …" or "bukannya tidak …" takes the expression out of the question."""
    at = hit.first - part.first
    norms = [token.norm for token in part.tokens[: at + 1]]
    return any(
        norms[place] in _DENIERS and norms[place + 1] in _DENIED
        for place in range(max(0, at - 3), at)
        if place + 1 < len(norms)
    )


def _intensified(hit: Hit, part: Part) -> bool:
    first, last = hit.first - part.first, hit.last - part.first
    around = part.tokens[max(0, first - 1) : first] + part.tokens[last : last + 1]
    return any(token.norm in _INTENSIFIERS for token in around)


def _aspect_evidence(hit: Hit, part: Part, general: Sequence[Evidence]) -> list[Evidence]:
    """Weigh an entry of the aspect list; one that only names takes its sign from a word nearby."""
    entry = hit.entry
    if entry.weight:
        weighed = weigh(hit, part, "")
    else:
        named = _named(hit, part, general)
        if named is None:
            return []
        weighed = named
    return [replace(weighed, aspect=aspect) for aspect in entry.aspects]


def _named(hit: Hit, part: Part, general: Sequence[Evidence]) -> Evidence | None:
    reach = _NEAR_SOFT if hit.entry.soft else _NEAR
    judged = _nearest(hit, [item for item in general if item.part == part.number and item.value], reach)
    if _denied(hit, part):
        return None if hit.entry.soft else Evidence("", 0.0, "denial", part.number, hit.first, hit.last)
    if judged:
        first, last = min(hit.first, judged.first), max(hit.last, judged.last)
        rule = "judgement" if judged.rule == "lexicon" else judged.rule
        return replace(judged, first=first, last=last, rule=rule, basis=judged.first)
    if hit.entry.soft:
        return None
    around = negation(part.tokens, hit.first - part.first, min(hit.last - part.first, len(part.tokens)))
    if around.factor < 0 and not around.words[0].startswith("bukan") and part.relation != "condition":
        return Evidence("", _LACK, "lack", part.number, hit.first, hit.last, part.hedged)
    if part.wished:
        return Evidence("", _LACK * _WISHED, "wish", part.number, hit.first, hit.last, part.hedged)
    return Evidence("", 0.0, "named", part.number, hit.first, hit.last)


def _nearest(hit: Hit, items: Iterable[Evidence], reach: int) -> Evidence | None:
    """Return the closest judgement; of two as close, the one that follows."""

    def distance(item: Evidence) -> tuple[int, bool]:
        return max(item.first - hit.last, hit.first - item.last, -1), item.first < hit.first

    near = [item for item in items if distance(item)[0] < reach]
    return min(near, key=distance, default=None)


def _once(found: Iterable[Evidence]) -> list[Evidence]:
    """Let a judging word speak of an aspect once, however often the clause names that aspect."""
    kept: dict[tuple[str, int, int], Evidence] = {}
    for number, item in enumerate(found):
        key = (item.aspect, item.part, item.basis if item.basis >= 0 else -1 - number)
        kept.setdefault(key, item)
    return list(kept.values())


def _shared(found: list[Evidence], tokens: Sequence[Token]) -> list[Evidence]:
    """Let "komunikasi dan koordinasinya lancar" judge both."""
    shared = []
    for item in found:
        mates = [
            other
            for other in found
            if other.part == item.part and other.value and 0 < other.first - item.last <= 2
            and tokens[item.last].norm in _AND
        ]  # fmt: skip
        if item.rule == "named" and mates:
            item = replace(item, value=mates[0].value, rule=mates[0].rule, last=mates[0].last)
        shared.append(item)
    return shared


def _carried(parts: Sequence[Part], found: Sequence[Evidence], general: Sequence[Evidence]) -> list[Evidence]:
    """Let a short "tapi masih kurang" speak of what the clause before it named."""
    carried: list[Evidence] = []
    busy = {item.part for item in found}
    for part in parts[1:]:
        if part.relation != "contrast" or part.number in busy or len(part.tokens) > _ELLIPSIS_WORDS:
            continue
        aspects = dict.fromkeys(item.aspect for item in found if item.part == part.number - 1)
        for item in general:
            if item.part == part.number and item.value:
                carried += [replace(item, aspect=aspect, rule="carried") for aspect in aspects]
    return carried


def _in_time(parts: Sequence[Part], found: Sequence[Evidence]) -> list[Evidence]:
    """Weaken what stands before a contrast, is conceded, or is said to be over."""
    spoken: dict[str, list[int]] = {}
    for item in found:
        spoken.setdefault(item.aspect, []).append(item.part)
    return [_discounted(item, parts, spoken[item.aspect]) for item in found]


def _discounted(item: Evidence, parts: Sequence[Part], others: Sequence[int]) -> Evidence:
    part = parts[item.part]
    later = any(parts[number].era == "later" for number in others if number != part.number)
    if part.era == "earlier" and later:
        return replace(item, value=item.value * _EARLIER_STATE, rule=f"{item.rule}, earlier state")
    following = part.number + 1
    if following in others and parts[following].relation == "contrast":
        return replace(item, value=item.value * _BEFORE_CONTRAST, rule=f"{item.rule}, before contrast")
    if part.relation == "concession" and any(abs(number - part.number) == 1 for number in others):
        return replace(item, value=item.value * _BEFORE_CONTRAST, rule=f"{item.rule}, conceded")
    return item


@dataclass(frozen=True)
class Poles:
    """Three probabilities that sum to one, and whether they can be relied on."""

    negative: float
    neutral: float
    positive: float
    certain: bool

    @property
    def polarity(self) -> str:
        """Name the largest; a tie is neutral."""
        if self.positive > max(self.negative, self.neutral):
            return "positive"
        return "negative" if self.negative > max(self.positive, self.neutral) else "neutral"


#: Mass that stands for "no judgement"; one word of weight 1 just outweighs it.
_NEUTRAL_MASS = 0.7
_SMOOTHING = 0.1
_CONTRADICTED = 0.5
_SURE = 0.5


def poles(items: Sequence[Evidence]) -> Poles:
    """Turn evidence into probabilities.

    :param items: evidence of one clause and aspect, or of one text.
    """
    good = sum(item.value for item in items if item.value > 0)
    bad = -sum(item.value for item in items if item.value < 0)
    total = good + bad + _NEUTRAL_MASS + 2 * _SMOOTHING
    negative, positive = (bad + _SMOOTHING) / total, (good + _SMOOTHING) / total
    neutral = 1.0 - negative - positive
    contradicted = min(good, bad) > _CONTRADICTED * max(good, bad)
    weak = bool(items) and all(item.weak for item in items)
    sure = max(negative, neutral, positive) >= _SURE
    return Poles(negative, neutral, positive, bool(items) and sure and not contradicted and not weak)
