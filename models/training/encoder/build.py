"""Train both encoders from the public data, step by step; what is there already is not made again.

    python models/training/encoder/build.py --data FOLDER --work WORK [--restricted] [--out models]

About two hours on two CPU cores, most of it the distillation.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]


def steps(data: str, work: Path, out: Path, restricted: bool) -> list[tuple[Path | None, list[str]]]:
    """Return what each step makes (nothing to keep: it always runs), and its command.

    :param data: the data folder.
    :param work: scratch folder.
    :param out: folder of the models.
    :param restricted: with the sources of a restricted licence.
    """
    here = ["--work", str(work)]
    contextual, static = out / "contextual-id-en", out / "static-id-en"
    return [
        (
            work / "pairs.tsv",
            ["sources.py", "--data", data, *here, *(["--restricted"] if restricted else [])],
        ),
        (None, ["leaks.py", "--data", data, *here]),
        (work / "vocabulary.json", ["vocabulary.py", *here]),
        (work / "words.json", ["words.py", *here]),
        (work / "teacher.done", ["teacher.py", *here]),
        (work / "grafted" / "modules.json", ["graft.py", *here]),
        (work / "distilled" / "modules.json", ["distil.py", *here]),
        (work / "adapted" / "modules.json", ["adapt.py", *here]),
        (contextual / "modules.json", ["export.py", *here, "--out", str(contextual)]),
        (static / "modules.json", ["static.py", *here, "--out", str(static)]),
    ]


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", default=os.environ.get("KOTAKU_TRAINING_DATA"))
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, help="default: WORK/models")
    parser.add_argument("--restricted", action="store_true")
    args = parser.parse_args()
    if args.data is None:
        parser.error("give --data FOLDER or set KOTAKU_TRAINING_DATA")
    work = args.work.resolve()
    # Waiting threads must not eat the second core.
    quiet = os.environ | {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "0"}
    for made, command in steps(
        str(Path(args.data).resolve()), work, args.out or work / "models", args.restricted
    ):
        if made is not None and made.exists():
            continue
        print("→", " ".join(command), flush=True)
        ran = subprocess.run([sys.executable, *command], cwd=HERE, env=quiet, check=False)
        if ran.returncode:
            return ran.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
