"""Small steps over the XML of a project, whatever version its namespace names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

#: Characters that no XML may hold.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INTEGER = re.compile(r"\s*[+-]?\d{1,18}\s*")


def clean(text: str) -> str:
    """Return text as XML can hold it: what it forbids becomes the sign for a lost character."""
    return _FORBIDDEN.sub("\ufffd", text)


def local(element: Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def namespace(element: Element) -> str:
    """Return an element's namespace, or nothing."""
    return element.tag[1:].rpartition("}")[0] if element.tag.startswith("{") else ""


def children(element: Element | None, *names: str) -> Iterator[Element]:
    """Yield the children with one of these names, in their order."""
    return (child for child in (() if element is None else element) if local(child) in names)


def child(element: Element | None, name: str) -> Element | None:
    """Return the first child of a name."""
    return next(children(element, name), None)


def text(element: Element | None, name: str) -> str:
    """Return the text of the first child of a name, or nothing."""
    found = child(element, name)
    return "" if found is None else found.text or ""


def guid(element: Element | None, attribute: str = "guid") -> str:
    """Return a GUID as it is compared: lower case, without braces; nothing where there is none."""
    value = "" if element is None else element.get(attribute) or ""
    return value.strip().strip("{}").lower()


def whole(value: str | None) -> int:
    """Return a position; what is none becomes −1, which lies in no text."""
    return int(value) if value and _INTEGER.fullmatch(value) else -1
