"""Build the bilingual vocabulary: WordPiece, lower case, in the form that BERT tokenizers read.

    python vocabulary.py --work WORK [--size 28000]

Writes `vocabulary/` (a tokenizer that transformers loads as it is). All Indonesian text counts, some of it in
spoken spelling, and half of the English: the model is looked up for Indonesian first.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

from sources import read_rows
from spoken import Speech
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
SIZE = 28000
ENGLISH_SHARE = 0.5
SPOKEN_SHARE = 0.3
#: Cut after training, to look at.
EXAMPLES = (
    "Koordinasinya belum berjalan, katanya nggak ada dananya.",
    "Kami ni dak pernah diajak rapat, cak mano nak tau.",
    "Facilitators complained about slow coordination.",
)


def texts(work: Path) -> Iterator[str]:
    """Yield the unique training texts.

    :param work: folder that `sources.py` wrote.
    """
    pairs = read_rows(work / "pairs.tsv")
    similar = read_rows(work / "twins.tsv") + read_rows(work / "spoken.tsv") + read_rows(work / "plain.tsv")
    indonesian = list(
        dict.fromkeys([row[1] for row in pairs] + [side for row in similar for side in row[1:]])
    )
    english = list(dict.fromkeys(row[2] for row in pairs))
    chooser, speak = random.Random(1), Speech(1)
    yield from indonesian
    yield from (speak(text) for text in chooser.sample(indonesian, int(len(indonesian) * SPOKEN_SHARE)))
    yield from chooser.sample(english, int(len(english) * ENGLISH_SHARE))


def trained(lines: Iterator[str], size: int) -> Tokenizer:
    """Return the trained tokenizer.

    :param lines: training texts.
    :param size: pieces in the vocabulary.
    """
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True, strip_accents=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=size, special_tokens=SPECIAL, min_frequency=2, limit_alphabet=300, show_progress=False
    )
    tokenizer.train_from_iterator(lines, trainer)
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
    args = parser.parse_args()
    tokenizer = trained(texts(args.work), args.size)
    tokenizer.save(str(args.work / "vocabulary.json"))
    print("vocabulary", tokenizer.get_vocab_size())
    for text in EXAMPLES:
        print(" ".join(tokenizer.encode(text).tokens))


if __name__ == "__main__":
    main()
