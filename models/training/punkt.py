"""Train the Indonesian sentence splitter (Punkt) and save it as plain text.

    python models/training/punkt.py --data FOLDER [--out kotaku_nlp/language/data/punkt_id]

Punkt learns collocations, sentence starters and which words are written with a
small letter. The abbreviations are a list: those of officials, addresses and
letters are rare in edited prose, and what Punkt takes for an abbreviation there
is mostly a rare word at the end of a caption.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import nltk
from nltk.data import FileSystemPathPointer
from nltk.tokenize.punkt import (
    PunktParameters,
    PunktSentenceTokenizer,
    PunktTrainer,
    load_punkt_params,
    save_punkt_params,
)

#: Without the final full stop, in lower case, as Punkt keeps them.
ABBREVIATIONS = frozenset(
    """
    dr drs dra ir h hj hjh kh tgk prof st s.t s.h s.e s.sos s.pd s.ag s.ip s.kom s.kep s.km
    m.si m.t m.m m.pd m.h
    m.a m.sc ph.d a.md sp bpk sdr sdri tn ny nn alm almh
    jl jln gg no nmr kel kec kab kpg ds dk dsn prov kav
    tgl tg thn bln hlm hal ay lamp vol ed
    rp rb jt
    dll dsb dst dkk spt cth ttg yth u.p a.n d.a s.d d.h a.l tsb sbb
    telp tlp fax ttd pt cv tbk
    jan feb mar apr jun jul agt agu ags sep sept okt nov des
    """.split()
)
#: Capitalisation is kept of words seen this often: the rest is names, and makes the file large.
LEAST_COUNT = 3
#: Split after training, to look at.
EXAMPLES = (
    "Pak H. Darmo dari Dinas PU datang jam 9. Rapatnya singkat, dr. Rina tidak hadir.",
    "Suratnya a.n. Bpk. Lurah tgl. 5 Mei. Isinya soal drainase di Jl. Mawar No. 12, Kel. Legok.",
    "Dananya Rp. 50 juta, dll. Kemudian warga menambah sendiri. Sudah itu saja.",
)


def training_text(data: Path) -> Iterator[str]:
    """Yield Indonesian texts: the Indonesian side of the pairs, and the seed passages.

    :param data: the data folder.
    """
    csv.field_size_limit(1 << 24)
    with gzip.open(data / "parallel" / "id_en_pairs.tsv.gz", "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            if "software" not in row["domain"]:
                yield re.sub(r"\s+", " ", row["id"])
    for path in sorted((data / "governance-seed").glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            yield json.loads(line)["text"]


def train(texts: list[str]) -> PunktParameters:
    """Return Punkt parameters: learned collocations, starters and capitalisation, listed abbreviations.

    :param texts: Indonesian texts.
    """
    trainer = PunktTrainer()
    trainer.train("\n".join(texts), finalize=True)
    params: PunktParameters = trainer.get_params()
    # None of the 213 that Punkt learns is both frequent and never written without its full stop.
    params.abbrev_types = set(ABBREVIATIONS)
    counts = Counter(word for text in texts for word in re.findall(r"\w+", text.lower()))
    kept = {word: flags for word, flags in params.ortho_context.items() if counts[word] >= LEAST_COUNT}
    params.ortho_context = defaultdict(int, kept)
    return params


def save(params: PunktParameters, folder: Path) -> None:
    """Write the parameters in nltk's plain-text format, lines sorted so that a change can be read.

    :param params: what `train` returned.
    :param folder: an existing folder.
    """
    # nltk reads and writes only below the folders on its path.
    nltk.data.path.append(str(folder.parent))
    save_punkt_params(params, dir=str(folder))
    for path in folder.iterdir():
        lines = sorted(path.read_text("utf-8").split("\n"))
        path.write_text("\n".join(lines), "utf-8")
        path.chmod(0o644)


def sentences(folder: Path, text: str) -> list[str]:
    """Split a text with saved parameters.

    :param folder: folder that `save_punkt_params` wrote.
    :param text: Indonesian text.
    """
    params = load_punkt_params(FileSystemPathPointer(str(folder)))
    found: list[str] = PunktSentenceTokenizer(params).tokenize(text)
    return found


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=os.environ.get("KOTAKU_TRAINING_DATA"))
    parser.add_argument("--out", type=Path, default=Path("kotaku_nlp/language/data/punkt_id"))
    args = parser.parse_args()
    if args.data is None:
        parser.error("give --data FOLDER or set KOTAKU_TRAINING_DATA")
    args.out.mkdir(parents=True, exist_ok=True)
    save(train(list(training_text(Path(args.data)))), args.out.resolve())
    for text in EXAMPLES:
        print(sentences(args.out.resolve(), text))


if __name__ == "__main__":
    main()
