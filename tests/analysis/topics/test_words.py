"""The words of topics: said by several, distinct, diverse, and in the form that people used."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotaku_nlp.analysis.topics.words import _ctfidf, _log_odds, count, describe, labels_of
from kotaku_nlp.language.topic_words import stem

#: Four topics, three interviews each speaking of all; topic → passage of each interview.
SAID = {
    "sampah": (
        "Truk sampah telat, jadwal angkut berubah, sampah menumpuk dan diangkut malam.",
        "Sampah menumpuk, truk sampah rusak.",
        "Jadwal angkut belum jelas, truk sampah kecil, petugas mengangkut sampah.",
    ),
    "banjir": (
        "Banjir masuk dapur, drainase mampet, lumpur tebal.",
        "Drainase dangkal, banjir setinggi lutut, lumpur di dapur.",
        "Banjir surut, drainase dikeruk, kasur basah. Tenam Jaya terendam, Tenam Jaya sepi.",
    ),
    "rapat": (
        "Undangan rapat mendadak, notulen tidak dibacakan. Rapat BKM sepi.",
        "Rapat BKM diundur, undangan lewat telepon, notulen hilang.",
        "Kami diundang BKM, rapatnya molor, notulennya hilang.",
    ),
    "iuran": (
        "Iuran ditagih bendahara, kas kosong, warga menunggak.",
        "Bendahara menagih iuran, kas dicatat, warga menunggak iuran.",
        "Kas dipegang bendahara, penagihan iuran lancar.",
    ),
}
TEXTS = [text for some in SAID.values() for text in some]
GROUPS = [topic for topic in range(len(SAID)) for _ in range(3)]
BLOCKS = [[row for row in range(len(TEXTS)) if row % 3 == interview] for interview in range(3)]


def words_of(
    groups: Sequence[int] = GROUPS, blocks: Sequence[Sequence[int]] | None = BLOCKS
) -> list[tuple[str, ...]]:
    found = describe(TEXTS, groups, blocks)
    return [found[topic].words for topic in sorted(found) if topic >= 0]


def test_words_are_those_of_the_topic() -> None:
    sampah, banjir, rapat, iuran = words_of()
    assert {"truk sampah", "sampah", "menumpuk"} <= set(sampah)
    assert {"banjir", "drainase", "lumpur"} <= set(banjir)
    assert {"BKM", "rapat", "notulen"} <= set(rapat)
    assert {"iuran", "bendahara", "kas"} <= set(iuran)


def test_what_one_interview_says_describes_no_topic() -> None:
    told = [word for words in words_of() for word in words]
    assert not {"tenam", "jaya", "tenam jaya", "kasur", "telepon", "malam"} & set(told)


def test_a_word_said_often_by_one_counts_less_than_one_said_by_several() -> None:
    loud = ["becek " * 6 + "licin", "becek licin", "licin", "licin"]
    found = describe([*loud, *TEXTS[3:]], [0] * 4 + GROUPS[3:])
    assert found[0].words[:2] == ("licin", "becek")


def test_a_phrase_stands_beside_its_parts_and_a_variant_does_not() -> None:
    texts = [
        "Koordinator bank sampah, sampah menumpuk",
        "Bank sampah, sampah busuk, koordinasi",
        "Bank sampah, sampah, koordinator",
    ]
    sampah = describe([*texts, *TEXTS[3:]], [0] * 3 + GROUPS[3:])[0].words
    assert {"bank sampah", "sampah"} <= set(sampah)
    assert len({"koordinator", "koordinasi"} & set(sampah)) == 1


def test_one_informant_is_all_a_topic_has() -> None:
    told = describe(TEXTS, GROUPS, [[0, 1, 2], [3, 4, 5, 6, 7, 8, 9, 10, 11]])[0].words
    assert len(told) == 3
    assert all(word in " ".join(SAID["sampah"]).lower() for word in told)


def test_forms_of_a_stem_are_one_word_as_most_people_say_it() -> None:
    texts = [
        "Pengangkutan macet",
        "Diangkut malam, diangkut pagi",
        "Diangkut truk, mengangkut pasir",
        "Gang sempit",
        "Gang gelap",
    ]
    found = describe(texts, [0, 0, 0, 1, 1])
    assert "diangkut" in found[0].words
    assert not {"angkut", "mengangkut", "pengangkutan"} & set(found[0].words)


def test_no_word_stands_twice_in_a_topic_or_in_two() -> None:
    keys = [[stem(word) for word in words] for words in words_of()]
    assert all(len(set(some)) == len(some) for some in keys)
    assert len({key for some in keys for key in some}) == sum(len(some) for some in keys)


def test_order_of_rows_and_of_interviews_does_not_matter() -> None:
    order = np.random.default_rng(0).permutation(len(TEXTS))
    place = {int(row): new for new, row in enumerate(order)}
    blocks = [[place[row] for row in block[::-1]] for block in BLOCKS[::-1]]
    moved = describe([TEXTS[row] for row in order], [GROUPS[row] for row in order], blocks)
    for topic, told in describe(TEXTS, GROUPS, BLOCKS).items():
        assert moved[topic].words == told.words
        assert moved[topic].weights == pytest.approx(told.weights)


def test_few_topics_are_told_apart_by_log_odds() -> None:
    first, second = words_of([int(group > 1) for group in GROUPS])
    assert {"drainase", "banjir"} & set(first[:4])
    assert {"iuran", "BKM"} & set(second[:4])


def test_passages_without_a_topic_have_words_of_their_own() -> None:
    found = describe(TEXTS, [-1 if group == 3 else group for group in GROUPS], BLOCKS)
    assert set(found) == {-1, 0, 1, 2}
    assert "iuran" in found[-1].words


def test_weights_lie_between_nothing_and_one() -> None:
    for told in describe(TEXTS, GROUPS, BLOCKS).values():
        assert len(told.weights) == len(told.words)
        assert all(0.0 <= weight <= 1.0 for weight in told.weights)
        assert told.weights[0] == max(told.weights) == 1.0


def test_ctfidf_is_bertopics() -> None:
    from scipy.sparse import csr_matrix

    from kotaku_nlp.analysis.topics.engine import contained

    with contained():
        from bertopic.vectorizers import ClassTfidfTransformer
    use = np.random.default_rng(0).integers(0, 9, (5, 30)).astype(float)
    theirs = (
        ClassTfidfTransformer(bm25_weighting=True).fit(csr_matrix(use)).transform(csr_matrix(use)).toarray()
    )
    assert np.allclose(_ctfidf(use), theirs.clip(0.0))


def test_log_odds_are_those_of_monroe_and_others() -> None:
    """Equation 16 and 20 of the paper, word by word."""
    use = np.random.default_rng(1).integers(1, 9, (3, 7)).astype(float)
    prior = use.sum(axis=0) / 3
    for topic, word in np.ndindex(use.shape):
        here, there = use[topic], np.delete(use, topic, axis=0).sum(axis=0)
        y, z, a, whole = here[word], there[word], prior[word], prior.sum()
        delta = np.log((y + a) / (here.sum() + whole - y - a)) - np.log(
            (z + a) / (there.sum() + whole - z - a)
        )
        assert _log_odds(use)[topic, word] == pytest.approx(delta / np.sqrt(1 / (y + a) + 1 / (z + a)))


def test_use_counts_interviews_not_repetition() -> None:
    usage = count(["banjir banjir banjir", "banjir", "drainase banjir"], [0, 0, 1], [[0], [1, 2]])
    place = usage.keys.index("banjir")
    assert usage.use[:, place] == pytest.approx([np.log2(4) + 1, 1])
    assert usage.interviews[:, place].tolist() == [2, 1]
    assert usage.anywhere[place] == 2


def test_a_label_is_one_line_of_three_or_four() -> None:
    assert labels_of([("sampah", "bank sampah", "jadwal angkut", "truk")]) == (
        "sampah, bank sampah, jadwal angkut",
    )
    assert labels_of([("banjir", "drainase", "lumpur", "dapur", "kasur")]) == (
        "banjir, drainase, lumpur, dapur",
    )
    assert labels_of([("banjir",)]) == ("banjir",)


@given(st.lists(st.lists(st.sampled_from(["a", "b", "c", "d e", "f"]), max_size=6, unique=True), max_size=6))
def test_no_two_topics_share_a_label(words: list[list[str]]) -> None:
    labels = labels_of(words)
    assert len(labels) == len(words)
    assert len({frozenset(label.split(", ")) for label in labels}) == len(labels)
    for label, some in zip(labels, words, strict=True):
        assert label.startswith(", ".join(some[:3]))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(-1, 4), min_size=len(TEXTS), max_size=len(TEXTS)), st.booleans())
def test_every_topic_has_words_however_it_is_cut(groups: list[int], known: bool) -> None:
    found = describe(TEXTS, groups, BLOCKS if known else None)
    assert set(found) == set(groups)
    for topic, told in found.items():
        own = " ".join(text for text, group in zip(TEXTS, groups, strict=True) if group == topic).lower()
        assert told.words
        assert all(word.lower() in own for word in told.words)


def test_one_word_in_all_the_text_does_not_crash() -> None:
    assert [told.words for told in describe(["banjir", "Banjir!"], [0, 1]).values()] == [
        ("banjir",),
        ("banjir",),
    ]
