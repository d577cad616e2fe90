"""Taguette projects (`.sqlite3`): highlights with their tags.

Positions are UTF-8 bytes over the text of the document's HTML, tags not counted; the snippet beside
them is checked. Who coded is told by the log of commands only: a highlight belongs to the person who
last saved it, because its tags stand as that person left them.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from kotaku_nlp.coding.files.readers.canonical import same_words
from kotaku_nlp.coding.files.readers.databases import Database, open_copy
from kotaku_nlp.coding.files.readers.imported import Imported, Ledger, own_stems
from kotaku_nlp.corpus.readers import SUFFIXES

_NEEDED = frozenset({"documents", "highlights", "tags", "highlight_tags"})
_BREAKS = frozenset(
    "address article aside blockquote br dd div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre section table td th "
    "tr ul".split()
)


def read_taguette(path: Path) -> Imported:
    """Read a Taguette database.

    :param path: the `.sqlite3` file.
    :raises CodingError: when there is no such file, or it is damaged or something else.
    """
    ledger = Ledger(path.name)
    with open_copy(path, _NEEDED, "Taguette") as database:
        pages = _pages(database, ledger)
        tags = {row["id"]: str(row["path"]) for row in database.rows("tags", "id")}
        saved = _last_saved(database)
        given: dict[Any, list[str]] = {}
        for link in database.rows("highlight_tags"):
            if link["tag_id"] in tags:
                given.setdefault(link["highlight_id"], []).append(tags[link["tag_id"]])
        for row in database.rows("highlights", "id"):
            coder, date = saved.get(row["id"], ("Taguette", ""))
            _keep(row, pages, sorted(given.get(row["id"], [])), coder, date, ledger)
    return ledger.close(path.stem)


@dataclass(frozen=True)
class Page:
    """A document of Taguette.

    :param name: the transcript.
    :param raw: the text nodes of its HTML, one after the other: what byte positions count in.
    :param breaks: positions in `raw` where a line ends although no line feed stands there.
    :param bytes: byte position of every character of `raw`, and of its end.
    """

    name: str
    raw: str
    breaks: tuple[int, ...]
    bytes: tuple[int, ...]

    @property
    def text(self) -> str:
        """The canonical text: paragraphs joined by one LF."""
        bounds = [0, *self.breaks, len(self.raw)]
        return "\n".join(self.raw[a:b] for a, b in pairwise(bounds))

    def place(self, byte: int) -> int | None:
        """Return which character of `raw` a byte position begins, None when it cuts one in two."""
        at = bisect_right(self.bytes, byte) - 1
        return at if at >= 0 and self.bytes[at] == byte else None

    def canonical(self, start: int, end: int) -> tuple[int, int]:
        """Return a span of `raw` as a span of `text`."""
        return start + bisect_right(self.breaks, start), end + bisect_right(self.breaks, end - 1)


def page_of(name: str, html: str) -> Page:
    """Return a document from its HTML."""
    parser = _Text()
    parser.feed(html.replace("\r\n", "\n").replace("\r", "\n"))
    parser.close()
    raw = "".join(parser.parts)
    sizes = (len(char.encode("utf-8", "surrogatepass")) for char in raw)
    # Where the HTML itself breaks the line there is a line feed already.
    breaks = {at for at in parser.breaks if 0 < at < len(raw) and "\n" not in (raw[at - 1], raw[at])}
    return Page(name, raw, tuple(sorted(breaks)), (0, *accumulate(sizes)))


class _Text(HTMLParser):
    """Collects text nodes, and where block elements begin and end."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.breaks: list[int] = []
        self._length = 0

    def handle_data(self, data: str) -> None:
        """Take up text as it is."""
        self.parts.append(data)
        self._length += len(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a block begins."""
        if tag in _BREAKS:
            self.breaks.append(self._length)

    def handle_endtag(self, tag: str) -> None:
        """Note where a block ends."""
        if tag in _BREAKS:
            self.breaks.append(self._length)


def _pages(database: Database, ledger: Ledger) -> dict[Any, Page]:
    rows = database.rows("documents", "id")
    stems = own_stems((str(row["name"]) for row in rows), SUFFIXES)
    pages = {row["id"]: page_of(stems[str(row["name"])], str(row["contents"] or "")) for row in rows}
    ledger.texts.update({page.name: page.text for page in pages.values()})
    return pages


def _last_saved(database: Database) -> dict[Any, tuple[str, str]]:
    """Return highlight id → who last saved it, and when."""
    found: dict[Any, tuple[str, str]] = {}
    for row in database.rows("commands", "id"):
        try:
            payload = json.loads(row.get("payload") or "{}")
        except (TypeError, ValueError):
            continue  # the log is no more than a help
        if isinstance(payload, dict) and payload.get("type") == "highlight_add" and row.get("user_login"):
            saved = str(row["user_login"]), str(row.get("date") or "")
            found[payload.get("highlight_id", payload.get("id"))] = saved
    return found


def _keep(
    row: Mapping[str, Any], pages: Mapping[Any, Page], tags: list[str], coder: str, date: str, ledger: Ledger
) -> None:
    place = f"highlight {row['id']}"
    page = pages.get(row["document_id"])
    if page is None:
        ledger.leave("readers_orphan", place, count=max(1, len(tags)))
        return
    span = _checked(page, row)
    if span is None:
        quote, codes, count = _words(row)[:60], ", ".join(tags) or "–", max(1, len(tags))
        ledger.leave("readers_shifted", f"{place}, {page.name}", count=count, code=codes, quote=quote)
        return
    start, end = page.canonical(*span)
    for tag in tags or [""]:  # a highlight without a tag was read and left uncoded
        ledger.keep(
            place, transcript=page.name, start=start, end=end, quote=page.text[start:end],
            code=tag, coder=coder, date=date,
        )  # fmt: skip


def _checked(page: Page, row: Mapping[str, Any]) -> tuple[int, int] | None:
    """Return the span in the page's raw text, None where the snippet says something else."""
    bounds = row.get("start_offset"), row.get("end_offset")
    if not all(isinstance(bound, int) for bound in bounds):
        return None
    start, end = (page.place(int(bound or 0)) for bound in bounds)
    if start is None or end is None or not start < end:
        return None
    snippet = _words(row)
    return (start, end) if not snippet or same_words(page.raw[start:end], snippet) else None


def _words(row: Mapping[str, Any]) -> str:
    return page_of("", str(row.get("snippet") or "")).raw
