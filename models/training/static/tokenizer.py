"""Build the lower-case unigram tokenizer of the static bilingual table.

    python tokenizer.py --work WORK --data FOLDER [--words 20000] [--pieces 10000]

Writes `tokenizer.json`: every frequent word has a piece of its own, every other
word falls into trained subwords. A unigram trainer alone breaks up words as
frequent as `masyarakat`; a table without context then averages fragments. The
clitic -nya is cut off first, so that `rumah` and `rumahnya` share a row.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from colloquial import Colloquial, read_lexicons
from data import read_rows
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

UNKNOWN = "[UNK]"
SPECIAL = ["[PAD]", UNKNOWN]
#: Stands before the first piece of a word.
MARK = "▁"
#: -nya only after three letters (hanya, punya and tanya are words of their own).
CLITIC = r"(?<=\p{L}{3})nya(?!\p{L})"
#: Everything but letters, marks and digits goes: punctuation of transcripts is the typist's, and a mark
#: that stands alone makes the word-start piece so cheap that whole words lose their own row.
SEPARATORS = r"[^\p{L}\p{M}\p{N}]+"
#: Log-probability taken from every piece inside a word: one whole word always beats two pieces.
INSIDE_PENALTY = 10.0
#: English sides are half of the text: the table is looked up for Indonesian first.
ENGLISH_SHARE = 0.5
#: Cut after training, to look at.
EXAMPLES = (
    "Koordinasinya belum berjalan, katanya nggak ada dananya.",
    "Facilitators complained about slow coordination.",
)


def untrained(clitics: bool = True) -> Tokenizer:
    """Return the tokenizer with everything but its vocabulary.

    :param clitics: cut `-nya` off.
    """
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.BertNormalizer(
                clean_text=True, handle_chinese_chars=True, strip_accents=True, lowercase=True
            ),
        ]
    )
    cuts = [
        pre_tokenizers.Split(Regex(SEPARATORS), behavior="removed"),
        pre_tokenizers.Digits(individual_digits=False),
    ]
    if clitics:
        cuts.append(pre_tokenizers.Split(Regex(CLITIC), behavior="isolated"))
    cuts.append(pre_tokenizers.Metaspace(prepend_scheme="always"))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(cuts)
    return tokenizer


def training_text(work: Path, data: Path) -> Iterator[str]:
    """Yield the unique texts of the pairs: all Indonesian, some colloquial, half of the English.

    :param work: folder that `data.py` wrote.
    :param data: data folder with the word lists.
    """
    pairs = read_rows(work / "pairs.tsv")
    twins = read_rows(work / "positives.tsv")
    indonesian = list(dict.fromkeys([p[1] for p in pairs] + [text for twin in twins for text in twin[1:]]))
    english = list(dict.fromkeys(p[2] for p in pairs))
    chooser = random.Random(1)
    speak = Colloquial(read_lexicons(data), chooser)
    yield from indonesian
    yield from (speak(text) for text in chooser.sample(indonesian, len(indonesian) // 4))
    yield from chooser.sample(english, int(len(english) * ENGLISH_SHARE))


def word_counts(tokenizer: Tokenizer, texts: list[str]) -> Counter[str]:
    """Return how often each pre-token (a word with its word-start mark) stands in the texts.

    :param tokenizer: gives normalisation and pre-tokenisation.
    :param texts: training texts.
    """
    counts: Counter[str] = Counter()
    for text in texts:
        plain = tokenizer.normalizer.normalize_str(text)
        counts.update(word for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(plain))
    return counts


def subwords(tokenizer: Tokenizer, counts: Counter[str], size: int) -> dict[str, float]:
    """Return trained subword pieces with their log-probabilities.

    :param tokenizer: gives normalisation and pre-tokenisation.
    :param counts: words with their frequency.
    :param size: number of pieces.
    """
    trainer = trainers.UnigramTrainer(
        vocab_size=size, unk_token=UNKNOWN, max_piece_length=14, show_progress=False
    )
    # Damped frequencies: subwords serve the rare words, the frequent ones have rows of their own.
    words = (
        word.removeprefix(MARK) for word, count in counts.items() for _ in range(1 + int(math.log2(count)))
    )
    tokenizer.train_from_iterator(words, trainer)
    return {
        piece: score for piece, score in json.loads(tokenizer.to_str())["model"]["vocab"] if piece != UNKNOWN
    }


def vocabulary(counts: Counter[str], pieces: dict[str, float], words: int) -> list[tuple[str, float]]:
    """Return every piece with its score: the two special ones, frequent words, subwords.

    :param counts: words with their frequency.
    :param pieces: trained subwords.
    :param words: number of whole words.
    """
    total = counts.total()
    scores = {word: math.log(count / total) for word, count in counts.most_common(words) if count > 1}
    for piece, score in pieces.items():
        scores.setdefault(
            piece, score - (0.0 if piece.startswith(MARK) and piece != MARK else INSIDE_PENALTY)
        )
    return [(name, 0.0) for name in SPECIAL] + sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=os.environ.get("KOTAKU_TRAINING_DATA"))
    parser.add_argument("--words", type=int, default=20000)
    parser.add_argument("--pieces", type=int, default=10000)
    parser.add_argument("--no-clitics", action="store_true")
    args = parser.parse_args()
    if args.data is None:
        parser.error("give --data FOLDER or set KOTAKU_TRAINING_DATA")
    tokenizer = untrained(clitics=not args.no_clitics)
    counts = word_counts(tokenizer, list(training_text(args.work, Path(args.data))))
    pieces = subwords(untrained(clitics=not args.no_clitics), counts, args.pieces)
    tokenizer.model = models.Unigram(vocabulary(counts, pieces, args.words), SPECIAL.index(UNKNOWN))
    tokenizer.save(str(args.work / "tokenizer.json"))
    print("vocabulary", tokenizer.get_vocab_size())
    for text in EXAMPLES:
        print(" ".join(tokenizer.encode(text).tokens))


if __name__ == "__main__":
    main()
