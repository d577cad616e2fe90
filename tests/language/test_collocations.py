from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from kotaku_nlp.language import collocations
from kotaku_nlp.language.collocations import FEWEST, LIKELIHOOD, TOGETHER, Phrases, find_phrases
from kotaku_nlp.language.topic_words import word_runs

#: "jogging track" always together; "warga" beside anything.
TEXTS = [
    "Warga meminta jogging track diperpanjang.",
    "Jogging track itu dicat warga.",
    "Lampu jogging track mati, warga mengeluh.",
    "Warga menyapu gang, warga mengangkut pasir.",
    "Pasir diangkut truk, semen dibeli bendahara.",
    "Bendahara mencatat iuran warga.",
    "Gang dicor, semen kurang, pasir habis.",
    "Iuran lampu ditagih bendahara.",
]


def pairs(texts: Sequence[str]) -> set[tuple[str, str]]:
    return {pair for found in find_phrases(texts).rounds for pair in found}


def test_words_that_belong_together_are_a_phrase_and_others_not() -> None:
    assert pairs(TEXTS) == {("jogging", "track")}
    assert find_phrases(TEXTS).read("Jogging track rusak") == ["jogging track", "rusak"]


def test_a_pair_said_too_seldom_is_none() -> None:
    assert pairs([text for text in TEXTS if "Lampu" not in text]) == set()


def test_three_words_can_be_one_phrase() -> None:
    more = [f"Rapat koordinasi teknis membahas {word}." for word in ("semen", "pasir", "lampu", "gang")]
    other = [
        f"{word.title()} dibeli {other}."
        for word in ("kayu", "batu", "cat")
        for other in ("tukang", "mandor")
    ]
    phrases = find_phrases(more + other + TEXTS)
    assert "rapat koordinasi teknis" in phrases.read("Rapat koordinasi teknis ditunda")


def test_denial_makes_a_phrase_and_is_nothing_alone() -> None:
    texts = [f"Kami belum dilibatkan soal {word}." for word in ("semen", "pasir", "lampu", "gang", "talud")]
    texts += [
        f"{word.title()} dibeli {other}."
        for word in ("kayu", "batu", "cat")
        for other in ("tukang", "mandor")
    ]
    phrases = find_phrases(texts)
    assert phrases.read("kami belum dilibatkan") == ["belum dilibatkan"]
    assert phrases.read("truk belum berangkat") == ["truk", "berangkat"]


def test_order_of_texts_does_not_matter() -> None:
    assert find_phrases(TEXTS) == find_phrases(TEXTS[::-1])


def test_the_stated_measures_hold() -> None:
    """What nltk and we compute agrees with scipy's G-test and with NPMI from counts."""
    runs = [[word.lower() for word in run] for text in TEXTS for run in word_runs(text)]
    words = [word for run in runs for word in run]
    both = sum(pair == ("jogging", "track") for run in runs for pair in pairwise(run))
    one, other, total = words.count("jogging"), words.count("track"), len(words)
    table = np.array([[both, one - both], [other - both, total - one - other + both]])
    likelihood = chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
    npmi = np.log2(both * total / one / other) / -np.log2(both / total)
    assert both >= FEWEST and likelihood >= LIKELIHOOD and npmi >= TOGETHER
    assert find_phrases(TEXTS).rounds[0]["jogging", "track"] == pytest.approx(npmi)


def test_a_word_goes_to_the_closer_neighbour() -> None:
    phrases = Phrases(({("bank", "sampah"): 0.6, ("sampah", "organik"): 0.9},))
    assert phrases.join(["bank", "sampah", "organik"]) == ["bank", "sampah organik"]
    assert phrases.join(["bank", "sampah"]) == ["bank sampah"]


@given(st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=12))
def test_joining_keeps_every_word_in_place(run: list[str]) -> None:
    phrases = Phrases(({("a", "b"): 0.6, ("b", "c"): 0.7, ("c", "c"): 0.8}, {("a b", "c"): 0.9}))
    assert " ".join(phrases.join(run)).split() == run


def test_no_text_has_no_phrase() -> None:
    assert find_phrases([]) == find_phrases(["", "ya"]) == Phrases()
    assert collocations.find_phrases(["Rapat"]).read("") == []
