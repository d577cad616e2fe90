"""One method in a process of its own: its seconds, imports and compilation included, and its peak memory.

python benchmarks/topics_child.py FOLDER METHOD        (`topics.py` starts it)
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from topics_methods import METHODS, Task
from topics_scores import sizes

_STATUS = Path("/proc/self/status")


def apart(task: Task, method: str) -> dict[str, Any]:
    """Run a method in a fresh process.

    :param task: what it is given.
    :param method: a key of `METHODS`.
    :return: seconds, CPU seconds, megabytes before and at the peak, number of topics, share unassigned.
    :raises RuntimeError: when it fails; says why.
    """
    with tempfile.TemporaryDirectory() as folder:
        facts = {
            "texts": list(task.texts), "number": task.number, "seed": task.seed,
            "interviews": None if task.interviews is None else list(task.interviews),
        }  # fmt: skip
        Path(folder, "task.json").write_text(json.dumps(facts), encoding="utf-8")
        np.save(Path(folder, "vectors.npy"), task.vectors)
        done = subprocess.run(
            [sys.executable, __file__, folder, method], capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise RuntimeError(f"child: {done.stderr[-500:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def peak_mb() -> int:
    """Return the most memory that this process has held, in megabytes."""
    if _STATUS.is_file():
        # Unlike `ru_maxrss`, this does not count what the parent held when it started us.
        found = re.search(r"VmHWM:\s+(\d+) kB", _STATUS.read_text())
        if found:
            return int(found[1]) // 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // (1024 * 1024 if sys.platform == "darwin" else 1024)


def main() -> None:
    """Command line."""
    folder, method = Path(sys.argv[1]), sys.argv[2]
    facts = json.loads((folder / "task.json").read_text(encoding="utf-8"))
    task = Task(vectors=np.load(folder / "vectors.npy", allow_pickle=False), **facts)
    before, started = peak_mb(), time.perf_counter()
    labels = METHODS[method][0](task).labels
    figures = {
        "seconds": round(time.perf_counter() - started, 1),
        "cpu_seconds": round(time.process_time(), 1),
        "before_mb": before,
        "peak_mb": peak_mb(),
    }
    print(json.dumps(figures | sizes(labels)))


if __name__ == "__main__":
    main()
