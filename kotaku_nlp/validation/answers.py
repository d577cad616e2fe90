"""What a rater wrote, understood: a letter, a number, the word itself, or a judgement."""

from __future__ import annotations

import re

from kotaku_nlp.corpus.lexicon import key
from kotaku_nlp.messages import LANGUAGES, say
from kotaku_nlp.validation.kit import FITS, LETTERS, Item, Question

#: Place of a text in `Item.texts`, a judgement, or a name.
Answer = int | str
#: What may follow a letter or digit: nothing, or a sign and a word; another letter would be another answer.
_MORE = r"\s*(?:[)\].:=–-]\s*(?:[^\W\d].{2,})?)?"
#: "B", "(b)", "B.", "B) surat", "jawaban B"; "2", "2.", "2,0", "2 - cocok".
_LETTER = re.compile(rf"(?:\w{{4,}}\s+)?[(\[]?([a-f]){_MORE}", re.IGNORECASE | re.DOTALL)
_DIGIT = re.compile(rf"[(\[]?(\d)(?:[.,]0)?{_MORE}", re.DOTALL)
#: So much of a passage's beginning stands for it.
_BEGINNING = 12


def given(said: str) -> bool:
    """Tell whether anything was answered; "–" and "tidak tahu" are no answer.

    :param said: what stands in the cell.
    """
    unsure = {key(word) for lang in LANGUAGES for word in say("validation_unsure", lang).split(",")}
    return any(sign.isalnum() for sign in said) and key(said) not in unsure


def understood(said: str, item: Item, question: Question) -> Answer | None:
    """Return an answer, or None when it cannot be told what was meant.

    :param said: what stands in the cell.
    :param item: the question.
    :param question: the order in which its texts were shown.
    """
    if item.task == "name":
        return " ".join(said.split())
    if item.task == "fit":
        return _judgement(said)
    by_text = _by_text(said, item)
    if by_text is not None:
        return by_text
    place = _place(said)
    return question.order[place] if place is not None and place < len(question.order) else None


def _by_text(said: str, item: Item) -> int | None:
    """Return the text that was copied into the cell, or whose beginning was."""
    wanted = key(said)
    whole = [place for place, text in enumerate(item.texts) if key(text) == wanted]
    begun = [place for place, text in enumerate(item.texts) if key(text).startswith(wanted)]
    found = whole or (begun if len(wanted) >= _BEGINNING else [])
    return found[0] if len(found) == 1 else None


def _place(said: str) -> int | None:
    """Return the place, from 0, that a letter or a number names."""
    if match := _LETTER.fullmatch(said.strip()):
        return LETTERS.index(match[1].upper())
    if match := _DIGIT.fullmatch(said.strip()):
        return int(match[1]) - 1 if int(match[1]) > 0 else None
    return None


def _judgement(said: str) -> int | None:
    match = _DIGIT.fullmatch(said.strip())
    if match:
        return int(match[1]) if int(match[1]) in FITS else None
    names = {
        key(word): value
        for value, name in zip(FITS, ("none", "some", "full"), strict=True)
        for lang in LANGUAGES
        for word in say(f"validation_fit_{name}", lang).split(",")
    }
    return names.get(key(said))
