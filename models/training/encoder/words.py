"""Build the vocabulary of the static table: a row of its own for every frequent word.

    python words.py --work WORK [--words 15000] [--pieces 7000]

Writes `words.json`. Every other word falls into trained subwords. A unigram trainer alone breaks up words
as frequent as `masyarakat`; a table without context then averages fragments. The clitic -nya is cut off
first, so that `rumah` and `rumahnya` share a row; punctuation goes, for in transcripts it is the
typist's.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from vocabulary import EXAMPLES, english, indonesian

UNKNOWN = "[UNK]"
SPECIAL = ["[PAD]", UNKNOWN]
#: Stands before the first piece of a word.
MARK = "▁"
#: -nya only after three letters (hanya, punya and tanya are words of their own).
CLITIC = r"(?<=\p{L}{3})nya(?!\p{L})"
#: A mark that stands alone makes the word-start piece so cheap that whole words lose their own row.
SEPARATORS = r"[^\p{L}\p{M}\p{N}]+"
#: Log-probability taken from every piece inside a word: one whole word always beats two pieces.
INSIDE_PENALTY = 10.0


def untrained() -> Tokenizer:
    """Return the tokenizer with everything but its vocabulary."""
    tokenizer = Tokenizer(models.Unigram())
    bert = normalizers.BertNormalizer(
        clean_text=True, handle_chinese_chars=True, strip_accents=True, lowercase=True
    )
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), bert])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(SEPARATORS), behavior="removed"),
            pre_tokenizers.Digits(individual_digits=False),
            pre_tokenizers.Split(Regex(CLITIC), behavior="isolated"),
            pre_tokenizers.Metaspace(prepend_scheme="always"),
        ]
    )
    return tokenizer


def word_counts(tokenizer: Tokenizer, lines: Iterable[str]) -> Counter[str]:
    """Return how often each pre-token (a word with its word-start mark) stands in the texts.

    :param tokenizer: gives normalisation and pre-tokenisation.
    :param lines: training texts.
    """
    counts: Counter[str] = Counter()
    for line in lines:
        plain = tokenizer.normalizer.normalize_str(line)
        counts.update(word for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(plain))
    return counts


def subwords(counts: Counter[str], size: int) -> dict[str, float]:
    """Return trained subword pieces with their log-probabilities.

    :param counts: words with their frequency.
    :param size: number of pieces.
    """
    tokenizer = untrained()
    trainer = trainers.UnigramTrainer(
        vocab_size=size, unk_token=UNKNOWN, max_piece_length=14, show_progress=False
    )
    # Damped frequencies: subwords serve the rare words, the frequent ones have rows of their own.
    words = (
        word.removeprefix(MARK) for word, count in counts.items() for _ in range(1 + int(math.log2(count)))
    )
    tokenizer.train_from_iterator(words, trainer)
    scores = json.loads(tokenizer.to_str())["model"]["vocab"]
    return {piece: score for piece, score in scores if piece != UNKNOWN}


def vocabulary(counts: Counter[str], pieces: dict[str, float], words: int) -> list[tuple[str, float]]:
    """Return every piece with its score: the two special ones, frequent words, subwords.

    :param counts: words with their frequency.
    :param pieces: trained subwords.
    :param words: number of whole words.
    """
    total = counts.total()
    scores = {word: math.log(count / total) for word, count in counts.most_common(words) if count > 1}
    for piece, score in pieces.items():
        starts = piece.startswith(MARK) and piece != MARK
        scores.setdefault(piece, score - (0.0 if starts else INSIDE_PENALTY))
    return [(name, 0.0) for name in SPECIAL] + sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--words", type=int, default=15000)
    parser.add_argument("--pieces", type=int, default=7000)
    args = parser.parse_args()
    tokenizer = untrained()
    counts = word_counts(tokenizer, chain(indonesian(args.work), english(args.work)))
    rows = vocabulary(counts, subwords(counts, args.pieces), args.words)
    tokenizer.model = models.Unigram(rows, SPECIAL.index(UNKNOWN))
    tokenizer.save(str(args.work / "words.json"))
    print("vocabulary", tokenizer.get_vocab_size())
    for text in EXAMPLES:
        print(" ".join(tokenizer.encode(text).tokens))


if __name__ == "__main__":
    main()
