"""A built wheel carries the models and the demo corpus, and runs where nothing of the checkout is."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return next(out.glob("*.whl"))


def test_the_wheel_holds_what_a_run_needs_and_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    for part in (
        "_shipped/models/static-id-en/model.safetensors",
        "_shipped/models/contextual-id-en/tokenizer.json", "_shipped/models/head-ansell-gash/head.json",
        "_shipped/models/head-aspects/cooperation/head.json",
        "_shipped/models/head-involvement/stage/head.json",
        "_shipped/models/reader-id/reader.json", "_shipped/models/polarity-words/judge.json",
        "analysis/topics/composed.csv",
        "_shipped/corpora/demo/informants.csv", "frameworks/ansell_gash_2008.yaml", "wording/report.toml",
        "language/data/NOTICE",
    ):  # fmt: skip
        assert f"kotaku_nlp/{part}" in names
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/")) or ".kotaku/" in name]


def test_the_wheel_runs_in_an_environment_of_its_own(wheel: Path, tmp_path: Path) -> None:
    """Installed without the checkout; the libraries come from this environment to spare the download."""
    venv.create(tmp_path / "env", with_pip=False, symlinks=True)
    site = next((tmp_path / "env" / "lib").glob("python3*")) / "site-packages"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)  # our own build, made a moment ago
    libraries = next(path for path in sys.path if path.endswith("site-packages"))
    (site / "libraries.pth").write_text(libraries + "\n", encoding="utf-8")
    code = "import kotaku_nlp, sys\nfrom pathlib import Path\n"
    code += f"assert Path(kotaku_nlp.__file__).is_relative_to({str(site)!r}), kotaku_nlp.__file__\n"
    code += "from kotaku_nlp.cli import main\nmain()\n"
    demo, python = tmp_path / "contoh", tmp_path / "env" / "bin" / "python"
    for arguments in (["demo", str(demo)], ["check", str(demo)], ["models", "list"]):
        command = [str(python), "-P", "-c", code, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
        assert done.returncode == 0, done.stderr[-2000:]
    command = [str(python), "-P", "-c", code.replace("from kotaku_nlp.cli import main\nmain()", _ENCODE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.stdout.strip() == "(1, 384)", done.stderr[-2000:]


_ENCODE = "print(kotaku_nlp.load_encoder().encode(['rembug warga']).shape)"
