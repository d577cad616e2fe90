"""Every word a user sees stands in both languages, is there when asked for, and is asked for."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter

import pytest

from kotaku_nlp.messages import LANGUAGES, say, wording

PACKAGE = Path(__file__).resolve().parents[1] / "kotaku_nlp"
SOURCES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}
TEMPLATES = {path: path.read_text(encoding="utf-8") for path in sorted(PACKAGE.glob("report/templates/*.*"))}
#: Any stretch of text put into a key when the program runs.
HOLE = "(.+?)"


@dataclass(frozen=True)
class Sink:
    """A callable that takes the key of a message.

    :param position: which argument the key is.
    :param prefix: what is put in front of it.
    """

    position: int
    prefix: str = ""


@dataclass
class Sinks:
    """Known sinks: plain functions and methods apart, private ones by their file."""

    plain: dict[tuple[str, Path | None], Sink] = field(default_factory=dict)
    methods: dict[str, Sink] = field(default_factory=dict)

    def of(self, call: ast.Call, path: Path) -> Sink | None:
        if isinstance(call.func, ast.Name):
            return self.plain.get((call.func.id, path)) or self.plain.get((call.func.id, None))
        return self.methods.get(call.func.attr) if isinstance(call.func, ast.Attribute) else None


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def key_argument(call: ast.Call, sink: Sink) -> ast.expr | None:
    named = next((keyword.value for keyword in call.keywords if keyword.arg in ("key", "stage")), None)
    return call.args[sink.position] if len(call.args) > sink.position else named


def patterns(node: ast.expr | None) -> list[str]:
    """Return regular expressions of the keys that an expression can be, as far as it is written out."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [re.escape(node.value)]
    if isinstance(node, ast.IfExp):
        return patterns(node.body) + patterns(node.orelse)
    if isinstance(node, ast.JoinedStr):
        parts = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else HOLE for p in node.values]
        return ["".join(parts)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return [left + (patterns(node.right) or [HOLE])[0] for left in patterns(node.left)]
    return []


def passed_on(node: ast.expr | None) -> tuple[str, str] | None:
    """Return prefix and parameter when a key is a parameter, bare or behind a fixed prefix."""
    if isinstance(node, ast.Name):
        return "", node.id
    if isinstance(node, ast.JoinedStr) and len(node.values) == 2:
        first, second = node.values
        if isinstance(first, ast.Constant) and isinstance(second, ast.FormattedValue):
            return (str(first.value), second.value.id) if isinstance(second.value, ast.Name) else None
    return None


def errors() -> list[str]:
    return [node.name for node in SOURCES[PACKAGE / "errors.py"].body if isinstance(node, ast.ClassDef)]


def find_sinks() -> Sinks:
    """Follow say(), errors, Problem and progress through the functions that pass their key on."""
    sinks = Sinks(methods={"stage": Sink(0, "stage_"), "progress": Sink(0, "stage_")})
    sinks.plain = {(name, None): Sink(0) for name in ("say", "Problem", *errors())}
    sinks.plain[("progress", None)] = Sink(0, "stage_")
    for _ in range(4):  # each round follows one more hand
        for path, tree in SOURCES.items():
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef) and node.name not in ("__init__", "render"):
                    _follow(node, path, sinks)
    return sinks


def _follow(function: ast.FunctionDef, path: Path, sinks: Sinks) -> None:
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    method = names[:1] == ["self"]
    names = names[1:] if method else names
    for call in calls(function):
        sink = sinks.of(call, path)
        found = passed_on(key_argument(call, sink)) if sink else None
        if sink is None or found is None or found[1] not in names:
            continue
        derived = Sink(names.index(found[1]), sink.prefix + found[0])
        if method:
            sinks.methods.setdefault(function.name, derived)
        else:
            sinks.plain.setdefault((function.name, path if function.name.startswith("_") else None), derived)


SINKS = find_sinks()


def asked() -> Iterator[tuple[str, str, ast.Call, Sink]]:
    """Yield place, key pattern, call and sink of every message that the package asks for."""
    for path, tree in SOURCES.items():
        for call in calls(tree):
            sink = SINKS.of(call, path)
            if sink is None:
                continue
            for pattern in patterns(key_argument(call, sink)):
                yield f"{path.name}:{call.lineno}", re.escape(sink.prefix) + pattern, call, sink
    for path, text in TEMPLATES.items():
        prefix = "report_js_" if path.suffix == ".js" else "report_"
        for key, more in re.findall(r"\bsay\(\s*\"(\w+)\"( ~)?", text):
            yield path.name, prefix + key + (HOLE if more else ""), ast.Call(ast.Name("say"), [], []), Sink(0)


def given(call: ast.Call, sink: Sink) -> set[str] | None:
    """Return the names of the values that go with a key, or None where they are not written out."""
    if isinstance(call.func, ast.Name) and call.func.id == "Problem":
        params = next((k.value for k in call.keywords if k.arg == "params"), None)
        params = params or (call.args[3] if len(call.args) > 3 else ast.Dict([], []))
        if not isinstance(params, ast.Dict) or not all(isinstance(key, ast.Constant) for key in params.keys):
            return None
        return {str(key.value) for key in params.keys if isinstance(key, ast.Constant)}
    if any(keyword.arg is None for keyword in call.keywords):
        return None
    return {str(keyword.arg) for keyword in call.keywords}


@pytest.mark.parametrize("file", sorted((PACKAGE / "wording").glob("*.toml")), ids=lambda file: file.stem)
def test_every_key_stands_in_both_languages_with_the_same_placeholders(file: Path) -> None:
    for key, texts in tomllib.loads(file.read_text(encoding="utf-8")).items():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", key), key
        assert set(texts) == set(LANGUAGES), key
        assert all(isinstance(text, str) and text == text.strip() and text for text in texts.values()), key
        assert placeholders(texts["id"]) == placeholders(texts["en"]), key
        assert all(name.isidentifier() for name in placeholders(texts["id"])), key


def test_indonesian_is_respectful() -> None:
    """Nobody is told that they are wrong; "salah satu" (one of) blames nobody."""
    for key, texts in wording().items():
        assert not re.search(r"\bsalah(?! (satu|seorang|sebuah))", texts["id"].lower()), key


def test_the_code_asks_for_many_messages() -> None:
    """Guard the reading of the sources itself: it must see errors, problems, helpers and templates."""
    found = {pattern for _, pattern, _, _ in asked()}
    assert {"not_a_run_folder", "help_lang", "codebook_no_id", "stage_embed", "report_title"} <= found
    assert len(found) > 100


def test_every_key_that_the_code_names_exists() -> None:
    keys = wording()
    missing = {(place, key) for place, key, _, _ in asked() if not any(re.fullmatch(key, k) for k in keys)}
    assert not missing


def test_every_message_is_given_its_values() -> None:
    short = set()
    for place, pattern, call, sink in asked():
        key, values = pattern.replace("\\", ""), given(call, sink)
        if ":" not in place or values is None or key not in wording():
            continue
        missing = placeholders(wording()[key]["id"]) - values
        if missing:
            short.add((place, key, *sorted(missing)))
    assert not short


def test_every_key_is_used() -> None:
    texts = [node for tree in SOURCES.values() for node in ast.walk(tree)]
    constants = {n.value for n in texts if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    constants |= {word for text in TEMPLATES.values() for word in re.findall(r"[\w-]+", text)}
    prefixes = {sink.prefix for sink in (*SINKS.plain.values(), *SINKS.methods.values())} | {"report_js_"}
    made = {pattern for _, pattern, _, _ in asked()}
    made |= {p for n in texts if isinstance(n, ast.JoinedStr | ast.BinOp) for p in patterns(n)}
    shapes = [re.compile(pattern) for pattern in made if re.match("[a-z]", pattern)]
    unused = []
    for key in wording():
        plain = any(key.startswith(prefix) and key[len(prefix) :] in constants for prefix in prefixes)
        matches = (match for shape in shapes if (match := shape.fullmatch(key)))
        if not plain and not any(constants.issuperset(match.groups()) for match in matches):
            unused.append(key)
    assert not unused


def test_values_are_put_in() -> None:
    told = {lang: say("unknown_setting", lang, name="topik", nearest="topics") for lang in LANGUAGES}
    assert all("'topik'" in text and "'topics'" in text for text in told.values())
    assert told["id"] != told["en"]
    assert say("interviewer") == "pewawancara"  # Indonesian unless asked otherwise


@pytest.mark.parametrize("ask", [("tidak_ada_kunci_ini",), ("interviewer", "jv")])
def test_unknown_keys_and_languages_are_errors(ask: tuple[str, ...]) -> None:
    with pytest.raises(KeyError):
        say(*ask)


def test_a_key_defined_twice_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "wording").mkdir()
    for name in ("a", "b"):
        text = '[kembar]\nid = "kembar"\nen = "twin"\n'
        (tmp_path / "wording" / f"{name}.toml").write_text(text, encoding="utf-8")
    (tmp_path / "wording" / "catatan.md").write_text("[kembar]", encoding="utf-8")
    monkeypatch.setattr("kotaku_nlp.messages.files", lambda package: tmp_path)
    with pytest.raises(ValueError, match=r"'kembar' is defined twice, again in b\.toml"):
        wording.__wrapped__()
