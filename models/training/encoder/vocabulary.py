"""Build the bilingual vocabulary: the English teacher's own pieces, and Indonesian ones beside them.

    python vocabulary.py --work WORK [--size 28800] [--teacher FOLDER]

Writes `vocabulary.json`, a WordPiece tokenizer in lower case. The teacher's pieces that our English text uses
stay as they are: an English sentence is cut as the teacher cuts it, and enters the student through the
teacher's own vectors. The rest of the rows are pieces learnt from Indonesian, some of it in spoken spelling.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from sources import read_rows
from spoken import Speech
from teacher import packaged_teacher
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
#: Pieces in all; with them the model stays under 45 MB in half precision.
SIZE = 28800
#: Of the teacher's pieces, so many stay: the most frequent in our English text.
ENGLISH = 13500
SPOKEN_SHARE = 0.3
#: Cut after training, to look at.
EXAMPLES = (
    "Koordinasinya belum berjalan, katanya nggak ada dananya.",
    "Kami ni dak pernah diajak rapat, cak mano nak tau.",
    "Facilitators complained about slow coordination.",
)


def indonesian(work: Path) -> Iterator[str]:
    """Yield the unique Indonesian training texts, some of them a second time in spoken spelling.

    :param work: folder that `sources.py` wrote.
    """
    rows = [
        side
        for name, sides in (("pairs", (1,)), ("lexicon", (1,)), ("twins", (1, 2)), ("spoken", (1, 2)))
        for row in read_rows(work / f"{name}.tsv")
        for side in (row[place] for place in sides)
    ]
    unique = list(dict.fromkeys(rows + [row[1] for row in read_rows(work / "plain.tsv")]))
    chooser, speak = random.Random(1), Speech(1)
    yield from unique
    yield from (speak(text) for text in chooser.sample(unique, int(len(unique) * SPOKEN_SHARE)))


def english(work: Path) -> Iterator[str]:
    """Yield the unique English training texts.

    :param work: folder that `sources.py` wrote.
    """
    yield from dict.fromkeys(
        row[2] for name in ("pairs", "lexicon") for row in read_rows(work / f"{name}.tsv")
    )


def cutter(vocabulary: dict[str, int] | None = None) -> Tokenizer:
    """Return a tokenizer that normalises and splits as the teacher's does.

    :param vocabulary: its pieces, or none before training.
    """
    tokenizer = Tokenizer(models.WordPiece(vocabulary or {}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True, strip_accents=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


def teachers_pieces(teacher: Tokenizer, lines: Iterable[str], most: int) -> list[str]:
    """Return the teacher's pieces that stay: its single characters, and what the English text uses most.

    :param teacher: the teacher's tokenizer.
    :param lines: English texts.
    :param most: pieces to keep.
    """
    counts: Counter[str] = Counter()
    for encoding in teacher.encode_batch(list(lines), add_special_tokens=False):
        counts.update(set(encoding.tokens))
    single = [
        piece for piece in teacher.get_vocab() if len(piece.removeprefix("##")) == 1 and piece.isascii()
    ]
    used = [piece for piece, _ in counts.most_common(most)]
    return list(dict.fromkeys([*sorted(single), *used]))[:most]


def learnt_pieces(lines: Iterable[str], size: int) -> list[str]:
    """Return WordPieces learnt from texts, the earliest merges first.

    :param lines: Indonesian texts.
    :param size: pieces to learn.
    """
    tokenizer = cutter()
    trainer = trainers.WordPieceTrainer(
        vocab_size=size, special_tokens=SPECIAL, min_frequency=2, limit_alphabet=300, show_progress=False
    )
    tokenizer.train_from_iterator(lines, trainer)
    return [piece for piece, _ in sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])]


def bilingual(kept: list[str], learnt: list[str], size: int) -> Tokenizer:
    """Return the tokenizer of both.

    :param kept: pieces of the teacher.
    :param learnt: Indonesian pieces, the most useful first.
    :param size: pieces in all.
    """
    pieces = list(dict.fromkeys([*SPECIAL, *(p for p in kept if p not in SPECIAL), *learnt]))[:size]
    tokenizer = cutter({piece: row for row, piece in enumerate(pieces)})
    ids = [(token, tokenizer.token_to_id(token)) for token in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=ids
    )
    return tokenizer


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--size", type=int, default=SIZE)
    parser.add_argument("--english", type=int, default=ENGLISH)
    parser.add_argument("--teacher", type=Path, help="folder of all-MiniLM-L6-v2")
    args = parser.parse_args()
    teacher = Tokenizer.from_file(str((args.teacher or packaged_teacher()) / "tokenizer.json"))
    teacher.no_truncation()
    teacher.no_padding()
    kept = teachers_pieces(teacher, english(args.work), args.english)
    tokenizer = bilingual(kept, learnt_pieces(indonesian(args.work), args.size), args.size)
    tokenizer.save(str(args.work / "vocabulary.json"))
    same = [
        tokenizer.encode(text, add_special_tokens=False).tokens
        == teacher.encode(text, add_special_tokens=False).tokens
        for text in random.Random(2).sample(list(english(args.work)), 2000)
    ]
    print(
        json.dumps(
            {"pieces": tokenizer.get_vocab_size(), "english_cut_alike": round(sum(same) / len(same), 3)}
        )
    )
    for text in EXAMPLES:
        print(" ".join(tokenizer.encode(text).tokens))


if __name__ == "__main__":
    main()
