from __future__ import annotations

import pytest

from kotaku_nlp.language.negation import hedged, negated, negation, reported, wished
from kotaku_nlp.language.tokens import tokenise


def factor(text: str, word: str) -> float:
    tokens = tokenise(text)
    return negated(tokens, [token.norm for token in tokens].index(word))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("kami tidak dilibatkan", "dilibatkan"),
        ("kami dak pernah dilibatkan", "dilibatkan"),
        ("nggak ada koordinasi", "koordinasi"),
        ("dakdo koordinasi samo sekali", "koordinasi"),
        ("semua jalan tanpa koordinasi", "koordinasi"),
        ("minim sosialisasi ke bawah", "sosialisasi"),
        ("bukan dilibatkan", "dilibatkan"),
        ("tidak pernah ribut", "ribut"),
        ("tidak ada kendala", "kendala"),
        ("rapat rutin belum", "rutin"),
    ],
)
def test_negators_flip(text: str, word: str) -> None:
    assert factor(text, word) < 0


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("tidak hanya rapat", "rapat"),
        ("bukan cuma rapat", "rapat"),
        ("kurang lebih sebulan sekali rapat", "rapat"),
        ("tidak kurang koordinasi kami", "koordinasi"),
        ("mau tidak mau rapat", "rapat"),
        ("kalau tidak salah rapat dua kali", "rapat"),
        ("tidak apa-apa lancar saja", "lancar"),
        ("tidak heran kompak", "kompak"),
        ("dak dak lah, lancar be", "lancar"),
        ("siapa lagi kalau bukan faskel", "faskel"),
        ("lancar", "lancar"),
    ],
)
def test_what_only_looks_like_negation_leaves_the_word_alone(text: str, word: str) -> None:
    assert factor(text, word) == 1


def test_strengths_follow_the_negator() -> None:
    assert factor("tidak lancar", "lancar") == -1
    assert factor("belum lancar", "lancar") == pytest.approx(-0.7)
    assert factor("kurang lancar", "lancar") == pytest.approx(-0.6)
    assert -1 < factor("tidak terlalu lancar", "lancar") < 0
    assert 0 < factor("kadang lancar", "lancar") < 1


def test_two_negators_cancel() -> None:
    tokens = tokenise("bukannya tidak dilibatkan")
    found = negation(tokens, 2, 3)
    assert found.factor > 0
    assert found.words == ("bukannya", "tidak")


def test_scope_ends_at_a_mark_and_after_a_few_words() -> None:
    assert factor("tidak, rapatnya lancar", "lancar") == 1
    assert factor("tidak datang ke kantor lurah itu rapat lancar", "lancar") == 1
    assert factor("tidak   lancar", "lancar") == -1


def test_a_negator_inside_the_expression_is_not_applied_again() -> None:
    tokens = tokenise("kami tidak diajak")
    assert negated(tokens, 1, 3) == 1


@pytest.mark.parametrize(
    "text",
    ["harusnya ada rapat rutin", "kalau bisa dikabari dulu", "ke depan komunikasi lebih baik",
     "semoga lancar",
     "perlu ditingkatkan lagi", "alangkah baiknya duduk bersama", "idealnya sebulan sekali",
     "kedepannya lebih kompak", "harusnyo dikabari", "harapan kami begitu"],
)  # fmt: skip
def test_wishes(text: str) -> None:
    assert wished(tokenise(text))


@pytest.mark.parametrize(
    "text", ["rapatnya rutin", "tidak perlu ditanya lagi", "sudah sesuai harapan", "dia mau datang"]
)
def test_no_wishes(text: str) -> None:
    assert not wished(tokenise(text))


@pytest.mark.parametrize(
    "text",
    ["katanya sih transparan", "kato dio lah ado rapatnyo", "kata orang dinas nanti",
     "janjinya dulu bulan Mei", "bilangnya sudah beres", "kata Pak Darmo begitu"],
)  # fmt: skip
def test_reported_speech(text: str) -> None:
    assert reported(tokenise(text))


@pytest.mark.parametrize(
    "text", ["dengan kata lain lancar", "kata kuncinya sabar", "menurut saya bagus", "kata saya begitu"]
)
def test_own_speech(text: str) -> None:
    assert not reported(tokenise(text))


def test_hedges() -> None:
    assert hedged(tokenise("mungkin karena sibuk"))
    assert hedged(tokenise("kayaknya lancar"))
    assert not hedged(tokenise("rapatnya lancar"))


def test_an_empty_clause_says_nothing() -> None:
    assert not wished(()) and not reported(()) and not hedged(())
