"""Where the shipped models and the demo corpus lie: in a checkout or inside the wheel."""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path

from kotaku_nlp.errors import ModelError, RunError

_PACKAGE = Path(__file__).resolve().parent
#: A wheel carries `models/` and `corpora/demo` inside the package; a checkout has them beside it.
_ROOTS = (_PACKAGE / "_shipped", _PACKAGE.parent)


def find(*parts: str) -> Path:
    """Return the folder or file of something shipped, e.g. `find("models", "static-id-en")`.

    :param parts: path below the root of the project.
    :raises ModelError: when neither layout has it; the message says how to reinstall.
    """
    for root in _ROOTS:
        candidate = root.joinpath(*parts)
        if candidate.exists():
            return candidate
    raise ModelError("not_shipped", name="/".join(parts))


def digest(*parts: str) -> str:
    """Return the sha256 over the weights and facts of something shipped, file after file.

    :param parts: path below the root of the project.
    :raises ModelError: when it is not part of this installation.
    """
    total = sha256()
    for path in sorted(find(*parts).rglob("*")):
        if path.suffix in (".safetensors", ".json"):
            total.update(path.read_bytes())
    return total.hexdigest()


def copy_demo(folder: Path) -> None:
    """Copy the demo corpus into a folder that is empty or not there yet.

    :param folder: where to.
    :raises RunError: when the folder holds something already.
    """
    if folder.exists() and (folder.is_file() or any(folder.iterdir())):
        raise RunError("demo_target_not_empty", str(folder))
    shutil.copytree(find("corpora", "demo"), folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*"))
