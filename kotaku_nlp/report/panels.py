"""What each number opens to: the passages it stands on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


class Panels:
    """Collects, number by number, the title and passages of its side panel.

    :param order: passage id → place in the page's list of quotes.
    """

    def __init__(self, order: Mapping[str, int]) -> None:
        self._order = order
        self._known: dict[tuple[str, str, tuple[int, ...]], str] = {}
        self.entries: dict[str, dict[str, Any]] = {}

    def number(self, text: str, title: str, passages: Iterable[str], mark: str = "") -> dict[str, Any]:
        """Return a number that opens to its quotes.

        :param text: the number as it is shown.
        :param title: heading of the panel.
        :param passages: ids, best first; those the page does not hold are left out.
        :param mark: which evidence spans to mark: the start of a mark's name (see `quotes`).
        :return: `text` and `key`; `key` is None when there is nothing to open.
        """
        title = title[:1].upper() + title[1:]
        places = [self._order[passage] for passage in dict.fromkeys(passages) if passage in self._order]
        if not places:
            return {"text": text, "key": None, "title": title}
        # Several numbers of one cell open to the same: the page holds it once.
        key = self._known.setdefault((title, mark, tuple(places)), f"e{len(self.entries) + 1}")
        self.entries.setdefault(key, {"title": title, "quotes": places, "mark": mark})
        return {"text": text, "key": key, "title": title}
