"""One base error and its few children: what went wrong, where, and the cure."""

from __future__ import annotations

from typing import Any

from kotaku_nlp.messages import say


class KotakuError(Exception):
    """An error meant for the person at the keyboard; only the command line exits on it.

    :param key: key of the message in the wording table; it names the cure too.
    :param where: file, and row, line or turn where it helps.
    :param params: values the message names.
    """

    #: Exit code of the command line: 2 for what was asked wrongly, 1 for input that cannot be used.
    code = 2

    def __init__(self, key: str, where: str = "", /, **params: Any) -> None:
        super().__init__(key, where, params)
        self.key = key
        self.where = where
        self.params = params

    def render(self, lang: str = "en") -> str:
        """Return the message in one language, the place in front."""
        text = say(self.key, lang, **self.params)
        return f"{self.where}: {text}" if self.where else text

    def __str__(self) -> str:
        return self.render()


class CorpusError(KotakuError):
    """A corpus folder, transcript or informant table that cannot be used."""

    code = 1


class FolderError(CorpusError):
    """A corpus folder that is not there, or is no folder: asked for wrongly."""

    code = 2


class CodebookError(KotakuError):
    """A codebook that cannot be used."""


class CodingError(KotakuError):
    """A coding file that cannot be used."""


class ModelError(KotakuError):
    """A model that cannot be loaded."""


class SettingsError(KotakuError):
    """A setting nobody knows, or a value out of range."""


class RunError(KotakuError):
    """A run folder that cannot be read or written."""
