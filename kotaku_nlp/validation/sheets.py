"""Puts questions in order, one order for every rater, and numbers them as they are read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256

from kotaku_nlp.validation.drawing import Drawer
from kotaku_nlp.validation.kit import Item, Question, Sheet

#: Letter of each part of a sheet, in the order in which it is read.
PARTS = {"words": "A", "passages": "B", "name": "C"}


def make_sheets(items: Sequence[Item], turns: Sequence[Sequence[str]], drawer: Drawer) -> tuple[Sheet, ...]:
    """Return a sheet for each rater, the order of questions and texts drawn anew for each.

    All are asked the same about words and passages; which themes a rater names is a matter of turns.

    Neither place nor number tells a control from a question, or two questions on one theme.

    :param items: all questions.
    :param turns: for each rater the themes to name.
    :param drawer: draws the orders.
    """
    by_id = {item.id: item for item in items}
    sheets = []
    for number, named in enumerate(turns, start=1):
        questions = tuple(_questions(items, named, drawer))
        sheets.append(Sheet(sheet_code(questions, by_id, number), number, questions))
    return tuple(sheets)


def sheet_code(questions: Sequence[Question], items: Mapping[str, Item], number: int) -> str:
    """Return a hash of what stands on a sheet, short enough to be read out: ten hexadecimal digits.

    :param questions: the questions in their order.
    :param items: the questions by id.
    :param number: number of the sheet.
    """
    told = [[q.number, [items[q.item].texts[place] for place in q.order]] for q in questions]
    text = json.dumps([number, told], ensure_ascii=False)
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest().upper()
    return f"{digest[:5]}-{digest[5:10]}"


def _questions(items: Sequence[Item], named: Sequence[str], drawer: Drawer) -> Iterator[Question]:
    for task in ("words", "passages"):
        asked = drawer.shuffled([item for item in items if item.task == task])
        for number, item in enumerate(asked, start=1):
            order = tuple(drawer.shuffled(range(len(item.texts))))
            yield Question(f"{PARTS[task]}{number}", item.id, order)
    namings = drawer.shuffled([item for item in items if item.task == "name" and item.theme in named])
    for number, naming in enumerate(namings, start=1):
        question = Question(f"{PARTS['name']}{number}", naming.id, tuple(range(len(naming.texts))))
        yield replace(question, order=tuple(drawer.shuffled(question.order)))
        judged = [item for item in items if item.task == "fit" and item.theme == naming.theme]
        # the passage that fits no name is judged once by everybody
        judged = [item for item in judged if item.kind == "real" or number == 1]
        for place, item in enumerate(drawer.shuffled(judged), start=1):
            yield Question(f"{question.number}.{place}", item.id, (0,))
