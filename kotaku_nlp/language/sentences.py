"""Cut a text into sentences: nltk's Punkt trained on Indonesian (Kiss & Strunk, 2006), and line ends."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from kotaku_nlp.language.listing import data_folder

if TYPE_CHECKING:
    from nltk.tokenize.punkt import PunktSentenceTokenizer

_LINE = re.compile(r"[^\n\r\u2028\u2029]+")
#: After these a full stop never ends a sentence: "Rp. 5.000", "No. 12", "dr. Rina", "1. Rapat".
_OPEN = re.compile(
    r"(?:^|(?<=[\s(\"“'/]))"
    r"(?:Rp|No|Nmr|Jl|Jln|Gg|Tgl|Hlm|Kel|Kec|Kab|[Dd]rs?|[Dd]ra|Ir|Prof|Bpk|Sdri?|Yth|Hj?|a\.n|u\.p|d\.a)\.$"
    r"|^\(?\d{1,3}\.$",
    re.IGNORECASE,
)
#: Before a figure these are abbreviations too: "RT. 07", "Blok. 3".
_NUMBERED = re.compile(r"(?:^|\s)(?:RT|RW|Blok|Lt|Lantai|Pasal|Bab|Km|Th|Tahap)\.$", re.IGNORECASE)
#: Before a small letter these are a pause or the end of a quotation: "ya... begitulah", "Sudah? tanya dia".
_PAUSE = re.compile(r"(?:…|\.\.|[?!])[\"”’')]*$")
#: A stop before a letter, for transcripts typed without capitals.
_STOP = re.compile(r"(?<=[^\W\d_]{2}[.?!])\s+(?=[^\W\d_])")
_LONGEST_ABBREVIATION = 12
_CAPITAL_AFTER_STOP = re.compile(r"[.?!][\"”’')]*\s+[\"“‘'(]*[A-Z]")


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return the sentences as half-open offsets into the text, white space outside.

    Every character that is no white space lies in exactly one sentence. Line ends
    part sentences; a line without any stop mark is one sentence.

    :param text: any text.
    """
    small = _is_small(text)
    found: list[tuple[int, int]] = []
    for line in _LINE.finditer(text):
        found.extend(_of_line(text, line.start(), line.end(), small))
    return tuple(found)


def _is_small(text: str) -> bool:
    """Tell whether a text is typed without capitals, as chats and quick transcripts are."""
    if _CAPITAL_AFTER_STOP.search(text):
        return False
    first = next((character for character in text if character.isalpha()), "")
    return first.islower() or len(_STOP.findall(text)) > 1


def _of_line(text: str, start: int, end: int, small: bool) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for first, last in _pieces(text[start:end], small):
        span = _trimmed(text, start + first, start + last)
        if span[0] == span[1]:
            continue
        if found and _continues(text[slice(*found[-1])], text[slice(*span)], small):
            span = (found.pop()[0], span[1])
        found.append(span)
    return found


def _pieces(line: str, small: bool) -> list[tuple[int, int]]:
    """Return where Punkt cuts a line; without capitals, every stop that ends no abbreviation cuts."""
    spans: list[tuple[int, int]] = list(_splitter().span_tokenize(line))
    if not small:
        return spans
    cuts = {first for first, _ in spans} | {
        match.end() for match in _STOP.finditer(line) if _ends(line, match)
    }
    edges = [*sorted(cuts), len(line)]
    return list(pairwise(edges))


def _ends(line: str, stop: re.Match[str]) -> bool:
    word = line[max(0, stop.start() - _LONGEST_ABBREVIATION) : stop.start()].split()[-1].rstrip(".?!").lower()
    return line[stop.start() - 1] != "." or word not in _table("abbrev_types.txt")


def _continues(head: str, tail: str, small: bool) -> bool:
    """Tell whether two pieces are one sentence: cut after an abbreviation, or before a small letter."""
    if not any(character.isalnum() for character in tail):
        return True
    if tail[0].isdigit() and _NUMBERED.search(head):
        return True
    return bool(_OPEN.search(head)) or (not small and tail[0].islower() and bool(_PAUSE.search(head)))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return start, max(start, start + len(piece.strip()))


@cache
def _splitter() -> PunktSentenceTokenizer:
    """Return the splitter with the parameters of `data/punkt_id`.

    The tables are read here and not by nltk's `load_punkt_params`, which reads only
    below nltk's own data path: a setting of the whole process that is not ours to change.
    """
    from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

    params = PunktParameters()
    params.abbrev_types = set(_table("abbrev_types.txt"))
    params.sent_starters = set(_table("sent_starters.txt"))
    params.collocations = {tuple(line.split("\t")) for line in _table("collocations.tab")}
    for line in _table("ortho_context.tab"):
        word, flags = line.split("\t")
        params.ortho_context[word] = int(flags)
    return PunktSentenceTokenizer(params)


@cache
def _table(name: str) -> tuple[str, ...]:
    text = data_folder().joinpath("punkt_id", name).read_text(encoding="utf-8")
    return tuple(line for line in text.split("\n") if line)
