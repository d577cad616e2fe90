"""One frozen settings object, from keyword arguments, kotaku.toml or corpus.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from kotaku_nlp.errors import SettingsError

DEFAULT_CODEBOOK = "ansell_gash_2008"
DEFAULT_MODEL = "contextual"
DEVICES = ("auto", "cpu", "cuda", "mps")
BACKENDS = ("torch", "onnx", "openvino")
_TEXTS = ("model", "lang", "device", "backend")
#: The largest seed that every library takes.
_LARGEST_SEED = 2**32 - 1


@dataclass(frozen=True)
class Settings:
    """What a user may decide about a run.

    :param codebooks: ids or files of the codebooks to align with.
    :param model: encoder of topics and zero-shot alignment: "static", a folder or a hub name.
    :param topics: number of topics, or None to choose it from the text.
    :param lang: language of report and messages, "id" or "en".
    :param seed: seed of everything that draws numbers, 0 to 2^32 - 1.
    :param passage_words: a turn longer than this many words is cut into sentences.
    :param resamples: resamples of interviews behind every interval.
    :param device: what the encoder computes on: "auto" (a GPU if there is one), "cpu", "cuda" or "mps".
    :param backend: what runs the encoder: "torch", or "onnx" or "openvino" where they are installed.
    """

    codebooks: tuple[str, ...] = (DEFAULT_CODEBOOK,)
    model: str = DEFAULT_MODEL
    topics: int | None = None
    lang: str = "id"
    seed: int = 0
    passage_words: int = 90
    resamples: int = 1000
    device: str = "auto"
    backend: str = "torch"

    def __post_init__(self) -> None:
        _demand(self.lang in ("id", "en"), "lang", self.lang, "id, en")
        _demand(self.topics is None or self.topics >= 2, "topics", self.topics, "2 …")
        _demand(0 <= self.seed <= _LARGEST_SEED, "seed", self.seed, f"0 … {_LARGEST_SEED}")
        _demand(self.passage_words >= 20, "passage_words", self.passage_words, "20 …")
        _demand(self.resamples >= 100, "resamples", self.resamples, "100 …")
        _demand(self.device in DEVICES, "device", self.device, ", ".join(DEVICES))
        _demand(self.backend in BACKENDS, "backend", self.backend, ", ".join(BACKENDS))
        _demand(len(self.codebooks) > 0, "codebooks", "[]", DEFAULT_CODEBOOK)

    def updated(self, values: Mapping[str, Any], where: str = "") -> Settings:
        """Return these settings with some values replaced.

        :param values: setting → value, as TOML gives them; None leaves a setting as it is.
        :param where: the file the values come from, for the error.
        :raises SettingsError: for a name nobody knows (with the nearest one) or a bad value.
        """
        known = {f.name for f in fields(self)}
        for name in values:
            if name not in known:
                nearest = get_close_matches(name, known, n=1, cutoff=0.0)[0]
                raise SettingsError("unknown_setting", where, name=name, nearest=nearest)
        given = {name: _typed(name, value, where) for name, value in values.items() if value is not None}
        try:
            return replace(self, **given)
        except SettingsError as problem:  # a value out of range does not know its file
            raise SettingsError(problem.key, where, **problem.params) from None

    def as_dict(self) -> dict[str, Any]:
        """Return the settings as plain values, for a manifest."""
        return asdict(self) | {"codebooks": list(self.codebooks)}


def read_settings(path: Path, base: Settings | None = None) -> Settings:
    """Read a `[settings]` table of a TOML file over the defaults; a missing file changes nothing.

    :param path: `kotaku.toml` or `corpus.toml`.
    :param base: settings to start from.
    :raises SettingsError: when the file is not TOML or names an unknown setting.
    """
    base = base or Settings()
    values = read_toml(path).get("settings", {})
    return base.updated(values, where=path.name)


def read_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file, or nothing when there is no such file.

    :raises SettingsError: when the file is not TOML, or its `settings` are no table.
    """
    if not path.is_file():
        return {}
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise SettingsError("bad_toml", path.name, detail=str(problem)) from problem
    settings = tables.get("settings", {})
    _demand(isinstance(settings, dict), "settings", settings, "[settings]", path.name)
    return tables


def _typed(name: str, value: Any, where: str) -> Any:
    if name == "codebooks":
        if isinstance(value, str):
            return (value,)
        _demand(
            isinstance(value, list | tuple) and all(isinstance(item, str) for item in value),
            name,
            value,
            '["…"]',
            where,
        )
        return tuple(value)
    wanted: type = str if name in _TEXTS else int
    _demand(isinstance(value, wanted) and not isinstance(value, bool), name, value, wanted.__name__, where)
    return value


def _demand(condition: bool, name: str, value: Any, allowed: str, where: str = "") -> None:
    if not condition:
        raise SettingsError("bad_setting", where, name=name, value=value, allowed=allowed)
