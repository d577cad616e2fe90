"""Dates as people write them into a table of informants."""

from __future__ import annotations

import re
from datetime import date

_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_IN_WORDS = re.compile(r"(?<!\d)(\d{1,2})[\s-]+([A-Za-z]{3,})\.?[\s-]+(\d{4})(?!\d)")
#: The first letters of a month in Indonesian, older Indonesian and English.
_MONTHS = {
    "jan": 1, "feb": 2, "peb": 2, "mar": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6, "jul": 7, "agu": 8,
    "agt": 8, "ags": 8, "aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "nop": 11, "des": 12, "dec": 12,
}  # fmt: skip


def read_date(text: str) -> date | None:
    """Return the date that a cell tells: 2024-05-14, 14/05/2024 or "Selasa, 14 Mei 2024".

    Of two numbers the first is the day, as Indonesians write; what cannot be a date so is None.

    :param text: a cell.
    """
    if found := _YEAR_FIRST.search(text):
        return _date(int(found[1]), int(found[3]), int(found[4]))
    if found := _IN_WORDS.search(text):
        return _date(int(found[3]), _MONTHS.get(found[2][:3].lower(), 0), int(found[1]))
    if found := _DAY_FIRST.search(text):
        year = int(found[4])
        return _date(year if year > 99 else 2000 + year, int(found[3]), int(found[1]))
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
