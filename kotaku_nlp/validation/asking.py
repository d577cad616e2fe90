"""Which questions are asked: some about every theme, planted controls, and no more than there is time for."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from math import ceil

from kotaku_nlp.messages import say
from kotaku_nlp.records import Problem
from kotaku_nlp.validation.drawing import Drawer
from kotaku_nlp.validation.kit import Item, Kit, Sheet
from kotaku_nlp.validation.passages import (
    naming_items,
    passage_item,
    plain_fit,
    plain_passages,
    random_passages,
)
from kotaku_nlp.validation.sheets import make_sheets
from kotaku_nlp.validation.themes import Theme
from kotaku_nlp.validation.words import Vocabulary, plain_words, random_words, read_vocabulary, word_item

#: How long the questions of one rater may take, in minutes.
MINUTES = 15
#: Questions on the words and on the passages of each theme, if there is time.
QUESTIONS = 2
#: Reading of plain prose, in words a minute, and what a decision takes beside it, in seconds.
_PACE = 200
_DECISION = {"words": 8, "passages": 8, "name": 20, "fit": 3}
#: A theme with fewer answers is not judged: 4 of which 3 are right tell it from guessing, 2 of 2 do not.
FEWEST_ANSWERS = 4
#: Subjects of the planted controls; their texts stand in the wording.
PLAIN_WORDS = ("fruit", "body")
PLAIN_PASSAGES = ("cooking",)
PLAIN_FIT = "giraffe"
#: Word questions without a right answer; of passage questions there is one.
RANDOM = 2


@dataclass
class _Plan:
    """The questions that all raters get, and how long they take."""

    limit: float
    items: list[Item] = field(default_factory=list)

    @property
    def left(self) -> float:
        """Time that is left, in seconds."""
        return 60 * self.limit - sum(map(_seconds, self.items))

    def add(self, items: Sequence[Item], needed: bool = False) -> None:
        """Take questions on all themes together, or none of them where time is short."""
        if needed or sum(map(_seconds, items)) <= self.left:
            self.items += items


def make_kit(
    themes: Sequence[Theme],
    what: str,
    drawer: Drawer,
    *,
    raters: int,
    seed: int,
    lang: str = "id",
    minutes: int = MINUTES,
) -> tuple[Kit, tuple[Problem, ...]]:
    """Return the questions on some themes, with their key.

    One question on the words and one on the passages of every theme are always asked, a second of each if
    all of them fit the time. In what is left each rater names as many themes as fit, by turns.

    :param themes: topics or codes, in a settled order.
    :param what: what they are: `themes.TOPICS`, or the id of a codebook.
    :param drawer: draws everything that is drawn.
    :param raters: number of sheets, each in an order of its own.
    :param seed: the seed that `drawer` was made with, for the record.
    :param lang: language of the planted controls and of the sheets.
    :param minutes: time that one rater should need.
    :return: the kit, without sheets when nothing can be asked, and what could not be asked.
    """
    plan = _shared(themes, drawer, minutes, lang)
    naming = {theme.key: found for theme in themes if (found := naming_items(theme, themes, drawer))}
    turns = _turns(drawer.shuffled(sorted(naming)), naming, plan.left, raters)
    items = [*plan.items]
    if any(turns):
        text = say(f"validation_text_{PLAIN_FIT}", lang)
        items += [item for key, own in naming.items() for item in (*own, plain_fit(key, text))]
    sheets = make_sheets(items, turns, drawer) if items else ()
    labels = {theme.key: theme.label for theme in themes}
    time = max((_minutes(items, sheet) for sheet in sheets), default=0)
    kit = Kit(what, lang, seed, themes_hash(themes), time, labels, tuple(items), sheets)
    every = ceil((60 * minutes - plan.left + sum(_seconds(i) for own in naming.values() for i in own)) / 60)
    return kit, tuple(_problems(kit, themes, tuple(naming), minutes, every))


def _shared(themes: Sequence[Theme], drawer: Drawer, minutes: int, lang: str) -> _Plan:
    """Return what all raters are asked: intrusion, and controls of the kinds that are asked at all."""
    plan, vocabulary = _Plan(minutes), read_vocabulary(themes)
    for turn in range(QUESTIONS):
        words = partial(word_item, turn=turn, words=vocabulary, drawer=drawer)
        passages = partial(passage_item, turn=turn, themes=themes, drawer=drawer)
        plan.add(_each(themes, words), needed=turn == 0)
        plan.add(_each(themes, passages), needed=turn == 0)
        if turn == 0:
            plan.add(list(_controls(plan.items, themes, vocabulary, drawer, lang)), needed=True)
    return plan


def _turns(
    keys: Sequence[str], naming: Mapping[str, Sequence[Item]], left: float, raters: int
) -> list[list[str]]:
    """Return the themes that each rater names: as many as fit the time, going round."""
    longest = max((sum(map(_seconds, naming[key])) for key in keys), default=1.0)
    each = min(len(keys), max(0, int(left // longest)))
    return [[keys[(rater * each + place) % len(keys)] for place in range(each)] for rater in range(raters)]


def themes_hash(themes: Sequence[Theme]) -> str:
    """Return a hash of themes with their words and passages, to know them again.

    :param themes: topics or codes.
    """
    told = [[theme.key, theme.words, [[p.id, p.text] for p in theme.passages]] for theme in themes]
    return sha256(json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()


def _each(themes: Sequence[Theme], ask: Callable[[Theme], Item | None]) -> list[Item]:
    return [item for theme in themes if (item := ask(theme))]


def _controls(
    items: Sequence[Item], themes: Sequence[Theme], vocabulary: Vocabulary, drawer: Drawer, lang: str
) -> Iterator[Item]:
    """Yield plain questions and such without an answer, of the kinds that are asked at all."""
    tasks = {item.task for item in items}
    if "words" in tasks:
        for name in PLAIN_WORDS:
            yield plain_words(name, say(f"validation_words_{name}", lang), drawer)
        found = [random_words(number, vocabulary, drawer) for number in range(1, RANDOM + 1)]
        yield from (item for item in found if item)
    if "passages" in tasks:
        for name in PLAIN_PASSAGES:
            own = [say(f"validation_text_{name}_{part}", lang) for part in ("one", "two", "three", "four")]
            yield plain_passages(name, own, say("validation_text_football", lang), drawer)
        if blank := random_passages(1, themes, drawer):
            yield blank


def _seconds(item: Item) -> float:
    """Return how long a rater needs for a question."""
    read = sum(len(text.split()) for text in item.texts)
    return 60 * read / _PACE + _DECISION[item.task]


def _minutes(items: Sequence[Item], sheet: Sheet) -> int:
    """Return how long a rater needs for a sheet."""
    asked = {question.item for question in sheet.questions}
    return ceil(sum(_seconds(item) for item in items if item.id in asked) / 60)


def _problems(
    kit: Kit, themes: Sequence[Theme], nameable: Sequence[str], minutes: int, every: int
) -> Iterator[Problem]:
    """Yield what could not be asked, and what the answers will not suffice for."""
    if len(themes) < 2:
        yield Problem("validation_one_theme", "", "notice", {"n": len(themes)})
        return
    asked = {task: _answers(kit, task) for task in ("words", "passages", "name")}
    spoken = [theme for theme in themes if theme.words]
    for key, without in (
        ("validation_unasked_words", [theme for theme in spoken if theme.key not in asked["words"]]),
        ("validation_unasked_passages", [theme for theme in themes if theme.key not in asked["passages"]]),
        ("validation_unasked_name", [theme for theme in themes if theme.key not in nameable]),
    ):
        if without:
            yield Problem(key, "", "notice", {"names": _listed(without)})
    late = [theme for theme in themes if theme.key in nameable and theme.key not in asked["name"]]
    if late:
        params = {"names": _listed(late), "minutes": minutes, "needed": every}
        yield Problem("validation_no_time", "", "notice", params)
    if kit.minutes > minutes:
        yield Problem("validation_long", "", "notice", {"minutes": kit.minutes, "wanted": minutes})
    fewest = min((n for task in ("words", "passages") for n in asked[task].values()), default=FEWEST_ANSWERS)
    if fewest < FEWEST_ANSWERS:
        raters = ceil(FEWEST_ANSWERS * len(kit.sheets) / fewest)
        params = {"answers": fewest, "fewest": FEWEST_ANSWERS, "raters": raters}
        yield Problem("validation_few_answers", "", "notice", params)


def _listed(themes: Sequence[Theme]) -> str:
    return "; ".join(theme.label for theme in themes)


def _answers(kit: Kit, task: str) -> Counter[str]:
    """Return theme → number of answers that all sheets together can give to one sort of question."""
    items = {item.id: item for item in kit.items if item.task == task and item.kind == "real"}
    asked = (question.item for sheet in kit.sheets for question in sheet.questions)
    return Counter(items[name].theme for name in asked if name in items)
