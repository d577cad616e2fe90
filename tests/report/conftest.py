"""The invented analysis beside these tests, and the page as a reader of its markup sees it."""

from __future__ import annotations

import importlib.util
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

VOID = {"meta", "input", "br", "hr", "line", "rect", "path", "link", "img"}


class Page(HTMLParser):
    """Collects what a page says and does: openers, texts outside them, attributes, data."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.markup = markup
        self.openers: list[tuple[str, str]] = []
        self.loose: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.tags: list[str] = []
        self.text: list[str] = []
        self._stack: list[tuple[str, dict[str, str]]] = []
        self._raw: dict[str, str] = {}
        self.feed(markup)
        self.data = json.loads(self._raw["data"])

    def handle_starttag(self, tag, attrs):
        found = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in found.items()]
        if "data-open" in found:
            self.openers.append((found["data-open"], ""))
        if tag not in VOID:
            self._stack.append((tag, found))

    def handle_endtag(self, tag):
        while self._stack:
            name, _ = self._stack.pop()
            if name == tag:
                return

    def handle_data(self, data):
        tags = [tag for tag, _ in self._stack]
        if tags and tags[-1] == "script":
            self._raw[self._stack[-1][1].get("id", "code")] = data
            return
        if "style" in tags:
            return
        self.text.append(data)
        inside = [attrs for _, attrs in self._stack]
        if any("data-open" in attrs for attrs in inside):
            key, said = self.openers[-1]
            self.openers[-1] = (key, said + data)
        elif self._counts(tags, inside) and any(letter.isdigit() for letter in data):
            self.loose.append(data.strip())

    @staticmethod
    def _counts(tags, inside):
        """Tell whether a text stands where only numbers with quotes may stand."""
        if not any("data-numbers" in attrs for attrs in inside):
            return False
        quoting = {"figure", "option", "select", "h2", "h3", "caption", "summary", "thead"}
        prose = {"note", "cite", "words", "flag", "flag error"}
        return not (
            quoting & set(tags)
            or any(attrs.get("class") in prose or "data-text" in attrs for attrs in inside)
        )


@pytest.fixture(scope="session")
def fixture():
    """The module that builds analyses by hand."""
    path = Path(__file__).parent / "fixture" / "build.py"
    spec = importlib.util.spec_from_file_location("report_fixture_build", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def analysis(fixture):
    return fixture.build()


@pytest.fixture(scope="session")
def nothing(fixture):
    return fixture.empty()


@pytest.fixture(scope="session")
def read():
    """Return a function from an analysis to its page, parsed."""
    from kotaku_nlp.report.page import render
    from kotaku_nlp.report.summary import summarise

    return lambda analysis, lang="id": Page(render(summarise(analysis, lang)))
