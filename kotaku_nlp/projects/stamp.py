"""What an import wrote, by hash: so that it can be renewed, and nobody's hand-made changes are lost."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

STAMP_FILE = ".kotaku-import.json"


@dataclass(frozen=True)
class Stamp:
    """An import: of which project, and what it wrote.

    :param project: name of the project file.
    :param sha256: its content.
    :param files: path in the folder → sha256.
    """

    project: str
    sha256: str
    files: Mapping[str, str] = field(default_factory=dict)

    def changed(self, folder: Path) -> list[str]:
        """Return the files that are gone, or no longer what was written."""
        return [name for name, sha256 in self.files.items() if _sha256(folder / name) != sha256]


def stamp_of(path: Path, folder: Path) -> Stamp:
    """Return the stamp of a project for the files that lie in a folder.

    :param path: the project; of a QualCoder folder its database counts, with what is not yet in it.
    :param folder: the folder that was written.
    """
    parts = (path / "data.qda", path / "data.qda-wal") if path.is_dir() else (path,)
    whole = hashlib.sha256("".join(_sha256(part) for part in parts).encode()).hexdigest()
    written = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return Stamp(path.name, whole, {file.relative_to(folder).as_posix(): _sha256(file) for file in written})


def read_stamp(folder: Path) -> Stamp | None:
    """Return the stamp that lies in a folder, None where there is none that can be read."""
    try:
        raw = json.loads((folder / STAMP_FILE).read_text(encoding="utf-8"))
        files = {str(name): str(sha256) for name, sha256 in raw["files"].items() if _inside(str(name))}
        return Stamp(str(raw["project"]), str(raw["sha256"]), files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_stamp(stamp: Stamp, folder: Path) -> None:
    """Write a stamp into a folder."""
    text = json.dumps(vars(stamp), ensure_ascii=False, indent=1)
    (folder / STAMP_FILE).write_text(text + "\n", encoding="utf-8")


def _inside(name: str) -> bool:
    """Tell whether a name leads nowhere out of its folder: what a stamp lists may be removed."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and ":" not in name and "\\" not in name


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
