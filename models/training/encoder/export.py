"""Write the contextual student in half precision: what is shipped.

python export.py --work WORK --out models/contextual-id-en [--from adapted]
"""

from __future__ import annotations

import argparse
from pathlib import Path

from student import Student, save_student


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
    print(sum(path.stat().st_size for path in args.out.rglob("*") if path.is_file()) / 1e6, "MB")


if __name__ == "__main__":
    main()
