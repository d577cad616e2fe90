"""Word lists of `corpus/data`: what labels, header fields and table heads are called."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

#: What makes no difference between two spellings of one label: "Inf-01", "INF 01", "inf.01".
_IGNORED = re.compile(r"[\s.,_\-'’/&+()*#]+")


@cache
def words(name: str, file: str = "labels.toml") -> frozenset[str]:
    """Return one list.

    :param name: key of the list in the file.
    :param file: a file of `corpus/data`.
    :raises KeyError: when there is no such list.
    """
    return frozenset(ordered(name, file))


def ordered(name: str, file: str = "labels.toml") -> tuple[str, ...]:
    """Return one list in the order in which it is written.

    :param name: key of the list in the file.
    :param file: a file of `corpus/data`.
    :raises KeyError: when there is no such list.
    """
    return tuple(_lists(file)[name])


@cache
def _lists(file: str) -> dict[str, list[str]]:
    return tomllib.loads(files("kotaku_nlp.corpus").joinpath("data", file).read_text(encoding="utf-8"))


def key(text: str) -> str:
    """Return the form under which labels, fields and heads are compared.

    :param text: e.g. "Nama (inisial)" or "I.1"; the keys are "namainisial" and "i1".
    """
    return _IGNORED.sub("", text.casefold())
