"""Write the contextual student in half precision: what is shipped.

    python export.py --work WORK --out models/contextual-id-en [--from adapted]

A plain sentence-transformers folder, and `kotaku.json` beside it.
"""

from __future__ import annotations

import argparse
import json
from hashlib import sha256
from pathlib import Path

from student import Student, save_student


def write_facts(folder: Path, name: str, size: int) -> None:
    """Write what the library asks of a shipped model: its name, its size, a revision made of its weights.

    :param folder: the model's folder.
    :param name: how manifests call it.
    :param size: numbers a vector.
    """
    (weights,) = folder.rglob("model.safetensors")
    facts = {"id": name, "revision": sha256(weights.read_bytes()).hexdigest()[:12], "dim": size}
    (folder / "kotaku.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--from", dest="start", default="adapted")
    args = parser.parse_args()
    student = Student(args.work / args.start)
    save_student(student.body, student.tokenizer, args.out, half=True)
    write_facts(args.out, "contextual-id-en", student.body.config.hidden_size)
    print(sum(path.stat().st_size for path in args.out.rglob("*") if path.is_file()) / 1e6, "MB")


if __name__ == "__main__":
    main()
