"""What is shipped is found in a checkout and in a wheel, and the demo overwrites nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from kotaku_nlp import shipped
from kotaku_nlp.errors import ModelError, RunError


@pytest.fixture
def layouts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Stand in for the two places: inside a wheel, and beside the package in a checkout."""
    wheel, checkout = tmp_path / "paket" / "_shipped", tmp_path / "klon"
    monkeypatch.setattr(shipped, "_ROOTS", (wheel, checkout))
    return wheel, checkout


def demo_at(root: Path) -> None:
    (root / "corpora" / "demo" / "transcripts").mkdir(parents=True)
    (root / "corpora" / "demo" / "transcripts" / "w01.txt").write_text(
        "N: Kami diundang.\n", encoding="utf-8"
    )
    (root / "corpora" / "demo" / ".kotaku").mkdir()
    (root / "corpora" / "demo" / ".kotaku" / "vectors.safetensors").write_bytes(b"cache")


@pytest.mark.parametrize("name", ["contextual-id-en", "static-id-en"])
def test_the_models_are_there(name: str) -> None:
    assert (shipped.find("models", name) / "modules.json").is_file()


@pytest.mark.parametrize("place", [0, 1], ids=["wheel", "checkout"])
def test_either_layout_is_found(layouts: tuple[Path, Path], place: int) -> None:
    demo_at(layouts[place])
    assert shipped.find("corpora", "demo") == layouts[place] / "corpora" / "demo"


def test_the_wheel_comes_first(layouts: tuple[Path, Path]) -> None:
    for root in layouts:
        demo_at(root)
    assert shipped.find("corpora", "demo").is_relative_to(layouts[0])


def test_what_is_nowhere_is_named_with_the_cure(layouts: tuple[Path, Path]) -> None:
    with pytest.raises(ModelError, match=r"models/lain.*Install kotaku-nlp again"):
        shipped.find("models", "lain")


@pytest.mark.parametrize("there", [True, False], ids=["empty folder", "no folder"])
def test_the_demo_is_copied_without_hidden_files(
    layouts: tuple[Path, Path], tmp_path: Path, there: bool
) -> None:
    demo_at(layouts[1])
    target = tmp_path / "baru" / "demo"
    if there:
        target.mkdir(parents=True)
    shipped.copy_demo(target)
    copied = [path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()]
    assert copied == ["transcripts/w01.txt"]


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_the_demo_overwrites_nothing(layouts: tuple[Path, Path], tmp_path: Path, kind: str) -> None:
    demo_at(layouts[1])
    target = tmp_path / "punya-saya"
    mine = target if kind == "file" else target / "catatan.txt"
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("penting", encoding="utf-8")
    with pytest.raises(RunError) as caught:
        shipped.copy_demo(target)
    assert caught.value.where == str(target)
    assert mine.read_text(encoding="utf-8") == "penting"
    assert kind == "file" or [path.name for path in target.iterdir()] == ["catatan.txt"]
