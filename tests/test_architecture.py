"""The arrows point down: what each part may import, and nothing heavy at import time."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "kotaku_nlp"
#: Bottom first; a file may import its own floor and those below.
FLOORS = (
    ("columns", "records", "errors", "settings", "messages", "shipped"),
    ("language",),
    ("corpus", "coding.codebook", "coding.codings"),
    ("analysis",),
    ("coding",),
    ("projects",),
    ("store",),
    ("pipeline",),
    ("report",),
    ("export", "validation"),
    ("runner", "checking", "examining", "validating"),
    ("cli",),
)
HEAVY = {
    "torch", "sentence_transformers", "transformers", "bertopic", "umap", "hdbscan", "sklearn", "scipy",
    "pandas", "numpy", "pyarrow", "matplotlib", "nltk", "docx", "openpyxl", "huggingface_hub",
}  # fmt: skip
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py")


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


def floor_of(module: str) -> int:
    for number, names in enumerate(FLOORS):
        if any(module == name or module.startswith(f"{name}.") for name in names):
            return number
    raise AssertionError(f"{module} stands on no floor of the house")


def own_imports(path: Path) -> Iterator[str]:
    """Yield every module of the project that a file imports anywhere, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (
                a.name.removeprefix("kotaku_nlp.") for a in node.names if a.name.startswith("kotaku_nlp.")
            )
        elif isinstance(node, ast.ImportFrom) and node.module == "kotaku_nlp":
            yield from (a.name for a in node.names if a.name != "__version__")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("kotaku_nlp."):
            yield str(node.module).removeprefix("kotaku_nlp.")


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_imports_point_down(path: Path) -> None:
    here = floor_of(module_of(path))
    above = [name for name in own_imports(path) if floor_of(name) > here]
    assert not above


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_heavy_libraries_are_imported_where_they_are_used(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    assert not names & HEAVY


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_files_stay_one_noun_long(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_nothing_unsafe_is_called() -> None:
    refused = {"pickle", "joblib", "marshal", "shelve", "dill"}
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                assert not {alias.name.split(".")[0] for alias in node.names} & refused, path
            elif isinstance(node, ast.ImportFrom):
                assert (node.module or "").split(".")[0] not in refused, path
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in {"eval", "exec", "print"}, path


@pytest.mark.parametrize("call", ["main(['--help'])", "main(['run', '--help'])", "main(['models', 'list'])"])
def test_help_answers_without_heavy_libraries(call: str) -> None:
    code = f"import sys\nfrom kotaku_nlp.cli import main\ntry:\n    {call}\nexcept SystemExit:\n    pass\n"
    code += "heavy = {'torch', 'bertopic', 'pandas', 'sentence_transformers', 'sklearn'} & set(sys.modules)\n"
    code += "sys.exit(f'imported {heavy}' if heavy else 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_public_names_are_there() -> None:
    import kotaku_nlp

    for name in kotaku_nlp.__all__:
        assert getattr(kotaku_nlp, name) is not None
    assert callable(kotaku_nlp.run)
    with pytest.raises(AttributeError):
        _ = kotaku_nlp.no_such_name
