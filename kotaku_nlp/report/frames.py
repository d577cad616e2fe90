"""Tables as plain values: what templates and JSON can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def rows(frame: pd.DataFrame | None) -> list[dict[str, Any]]:
    """Return a table as dictionaries, missing values as None and numbers as Python's own.

    :param frame: a table, or None when a run has none of that name.
    """
    if frame is None:
        return []
    return [
        {str(name): plain(value) for name, value in zip(frame.columns, row, strict=True)}
        for row in frame.itertuples(index=False, name=None)
    ]


def plain(value: Any) -> Any:
    """Return one cell as None, bool, int, float or str."""
    import pandas as pd

    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return None
    return value.item() if hasattr(value, "item") else value


def ids(cell: Any) -> list[str]:
    """Return the passage ids of a blank-separated cell, in their order."""
    return str(cell).split() if cell else []


def count(cell: Any) -> int:
    """Return a count; a missing one is 0."""
    return int(cell) if cell is not None else 0
