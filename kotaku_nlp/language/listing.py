"""Load the word lists of `language/data`: UTF-8 text, one entry a line, `#` opens a comment."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable


def data_folder() -> Traversable:
    """Return the folder of the lists, in a checkout as in a wheel."""
    return files("kotaku_nlp.language").joinpath("data")


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the lines of a list, each cut at its tabs; comments and blank lines are left out.

    :param name: file name, e.g. "connectives.tsv".
    """
    lines = data_folder().joinpath(name).read_text(encoding="utf-8").splitlines()
    return tuple(tuple(line.split("\t")) for line in lines if line.strip() and not line.startswith("#"))


@cache
def words(name: str) -> frozenset[str]:
    """Return the entries of a plain list as a set.

    :param name: file name, e.g. "stopwords.txt".
    """
    return frozenset(row[0] for row in rows(name))


@cache
def pairs(name: str) -> Mapping[str, str]:
    """Return a two-column list as a mapping; the first of two equal keys counts.

    :param name: file name, e.g. "jambi.tsv".
    """
    return dict(reversed([(row[0], row[1]) for row in rows(name)]))
