"""Whether a run of a Word document is bold: by itself, by its style, or by its paragraph's."""

from __future__ import annotations

from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFF = ("0", "false", "off", "none")


class Weights:
    """The weights that a document's styles give.

    :param part: the main document part, as python-docx holds it.
    """

    def __init__(self, part: Any) -> None:
        styles = {style.get(_W + "styleId"): style for style in part.styles.element.iter(_W + "style")}
        self._bold = {name: _inherited(style, styles) for name, style in styles.items()}
        defaults = (
            name
            for name, style in styles.items()
            if style.get(_W + "type") == "paragraph" and style.get(_W + "default") in ("1", "true", "on")
        )
        self._default = next(defaults, None)

    def bold(self, run: Any, paragraph: Any) -> bool:
        """Return the weight of a run; its own setting wins over its style, and that over the paragraph's."""
        own = _own(run.find(_W + "rPr"))
        if own is not None:
            return own
        by_style = self._of(run, "rPr", "rStyle")
        if by_style is not None:
            return by_style
        return bool(self._of(paragraph, "pPr", "pStyle", self._default))

    def _of(self, element: Any, holder: str, name: str, default: str | None = None) -> bool | None:
        found = element.find(f"{_W}{holder}/{_W}{name}")
        return self._bold.get(default if found is None else found.get(_W + "val"))


def _own(properties: Any) -> bool | None:
    mark = None if properties is None else properties.find(_W + "b")
    return None if mark is None else mark.get(_W + "val", "1").lower() not in _OFF


def _inherited(style: Any, styles: dict[Any, Any]) -> bool | None:
    """Return the weight a style sets, or the one it is based on; damaged files may go in circles."""
    seen: set[Any] = set()
    while style is not None and style not in seen:
        seen.add(style)
        own = _own(style.find(_W + "rPr"))
        if own is not None:
            return own
        base = style.find(_W + "basedOn")
        style = None if base is None else styles.get(base.get(_W + "val"))
    return None
