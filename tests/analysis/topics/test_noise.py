"""Structure or chance: real text stands clear of both nulls, shuffled text does not."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from kotaku_nlp.analysis.topics import noise as module
from kotaku_nlp.analysis.topics.noise import CLEAR, Noise, noise
from kotaku_nlp.analysis.topics.points import centred

SUBJECTS = tomllib.loads((Path(__file__).parent / "subjects.toml").read_text(encoding="utf-8"))
TEXTS = [text for some in SUBJECTS.values() for text in some]
SUBJECT = np.repeat(np.arange(len(SUBJECTS)), [len(some) for some in SUBJECTS.values()])
_DRAW = np.random.default_rng(0)
#: Vectors about their subjects; every column tells of every subject, as those of an encoder do.
ROWS = centred(_DRAW.normal(size=(len(SUBJECTS), 48))[SUBJECT] + _DRAW.normal(size=(len(TEXTS), 48)))


def redrawn(seed: int) -> list[str]:
    """Return the texts with their words redrawn over all of them, each as long as it was."""
    words = np.random.default_rng(seed).permutation([word for text in TEXTS for word in text.split()])
    ends = np.cumsum([len(text.split()) for text in TEXTS])[:-1]
    return [" ".join(part) for part in np.split(words, ends)]


def permuted(seed: int) -> np.ndarray:
    """Return vectors whose columns were each shuffled."""
    draw = np.random.default_rng(seed)
    return centred(np.stack([draw.permutation(column) for column in ROWS.T], axis=1))


def test_real_text_stands_clear_of_chance() -> None:
    found = noise(TEXTS, ROWS, 0)
    assert found.structure
    assert min(found.words, found.vectors) > CLEAR


@pytest.mark.parametrize("seed", range(3))
def test_redrawn_words_do_not(seed: int) -> None:
    found = noise(redrawn(seed), ROWS, 0)
    assert abs(found.words) < CLEAR < found.vectors
    assert not found.structure


@pytest.mark.parametrize("seed", range(3))
def test_vectors_whose_columns_were_permuted_do_not(seed: int) -> None:
    found = noise(TEXTS, permuted(seed), 0)
    assert found.vectors < CLEAR < found.words
    assert not found.structure


@pytest.mark.parametrize(("words", "vectors"), [(9.0, 1.0), (1.0, 9.0), (4.0, 9.0)])
def test_one_null_is_not_enough(words: float, vectors: float) -> None:
    assert not Noise(words, vectors).structure
    assert Noise(CLEAR + 0.1, CLEAR + 0.1).structure


def test_the_same_seed_draws_the_same() -> None:
    assert noise(TEXTS, ROWS, 1) == noise(TEXTS, ROWS, 1) != noise(TEXTS, ROWS, 2)


def test_vectors_that_are_all_the_same_are_not_structure() -> None:
    found = noise(TEXTS, centred(np.ones((len(TEXTS), 8))), 0)
    assert not found.structure
    assert np.isfinite([found.words, found.vectors]).all()


@pytest.mark.parametrize("most", [40, 41, 43, 70, 71])
def test_of_many_passages_some_are_compared(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_ROWS", most)
    monkeypatch.setattr(module, "DRAWS", 5)
    assert noise(TEXTS, ROWS, 0).structure
