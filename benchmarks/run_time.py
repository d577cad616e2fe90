"""Time `kotaku run` on a corpus, first and second run, and a first vector, beside what imports alone cost.

    python benchmarks/run_time.py [--corpus corpora/demo] [--out benchmarks/results/run_time.json]

The corpus is copied to a scratch folder, so that the first run finds no cached vectors. Machines differ:
read the ratio to the imports, and the share of each stage.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
#: What a run may import; sentence-transformers comes with bertopic, and with models of other makers.
LIBRARIES = ("bertopic", "matplotlib.pyplot", "pandas", "sentence_transformers", "torch")
IMPORTS = "import bertopic, matplotlib.pyplot, pandas, torch"
FIRST_VECTOR = (
    "import sys; from kotaku_nlp.analysis.encoders import load_encoder;"
    "load_encoder(sys.argv[1]).encode(['satu kalimat'])"
)
RUN = "from kotaku_nlp.cli import main; main()"


def timed(code: str, *arguments: str) -> float:
    """Return the seconds that a fresh Python takes for some code.

    :param code: what to run.
    :param arguments: its command line.
    :raises SystemExit: when it fails.
    """
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return round(time.perf_counter() - started, 1)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpora" / "demo")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        corpus = Path(scratch) / "corpus"
        shutil.copytree(args.corpus, corpus, ignore=shutil.ignore_patterns(".kotaku"))
        figures: dict[str, Any] = {"cores": os.cpu_count(), "python": platform.python_version()}
        figures["imports_seconds"] = timed(IMPORTS)
        figures["import_seconds_of"] = {name: timed(f"import {name}") for name in LIBRARIES}
        figures["first_vector_seconds"] = {
            name: timed(FIRST_VECTOR, name) for name in ("contextual", "static")
        }
        figures["first_run_seconds"] = timed(RUN, "run", str(corpus))
        figures["second_run_seconds"] = timed(RUN, "run", str(corpus))
        manifest = json.loads((Path(scratch) / "corpus-hasil" / "manifest.json").read_text(encoding="utf-8"))
    figures["second_run_over_imports"] = round(figures["second_run_seconds"] / figures["imports_seconds"], 2)
    figures["stage_seconds"] = manifest["seconds"]
    figures["passages"] = manifest["counts"]["passages"]
    text = json.dumps(figures, indent=1)
    print(text)
    if args.out:
        args.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
