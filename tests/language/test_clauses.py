from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotaku_nlp.language.clauses import clauses
from kotaku_nlp.language.sentences import sentences
from kotaku_nlp.language.tokens import tokenise

WORDS = st.sampled_from(
    ["rapat", "tapi", "kami", "meskipun", "kalau", "karena", "tidak", "hanya", "cuma", "padahal", "sibuk",
     ",", ";", ".", "\n", "(", '"', "tidak hanya", "lancar", "ya", "Lurah"]
)  # fmt: skip
SPEECH = st.lists(WORDS, max_size=25).map(" ".join)


def shape(text: str) -> list[tuple[str, str]]:
    return [(text[clause.start : clause.end], clause.relation) for clause in clauses(text)]


@settings(deadline=None)
@given(SPEECH | st.text(max_size=60))
def test_clauses_cover_every_visible_character_once_and_cross_no_sentence(text: str) -> None:
    covered = [0] * len(text)
    spans = sentences(text)
    for clause in clauses(text):
        assert any(start <= clause.start < clause.end <= end for start, end in spans)
        assert (clause.connective == "") == (clause.relation == "")
        for place in range(clause.start, clause.end):
            covered[place] += 1
    assert all(
        count == 1 or (count == 0 and mark.isspace()) for mark, count in zip(text, covered, strict=True)
    )


@settings(deadline=None)
@given(SPEECH)
def test_only_a_whole_sentence_may_be_shorter_than_two_words(text: str) -> None:
    spans = set(sentences(text))
    for clause in clauses(text):
        assert (clause.start, clause.end) in spans or len(tokenise(text[clause.start : clause.end])) >= 2


def test_contrast_opens_a_clause_and_the_comma_stays_before_it() -> None:
    assert shape("Kerja samanya baik, tapi koordinasinya masih kurang.") == [
        ("Kerja samanya baik,", ""),
        ("tapi koordinasinya masih kurang.", "contrast"),
    ]


@pytest.mark.parametrize(
    "word", ["tetapi", "namun", "cuma", "cuman", "hanya saja", "padahal", "sayangnya", "malah"]
)
def test_every_contrast_connective(word: str) -> None:
    assert shape(f"Lurahnya rajin, {word} dinasnya jarang turun")[1][1] == "contrast"


def test_concession_marks_the_clause_that_it_heads_wherever_it_stands() -> None:
    assert shape("Meskipun infonya telat, kami tetap jalan") == [
        ("Meskipun infonya telat,", "concession"),
        ("kami tetap jalan", ""),
    ]
    assert shape("Kami tetap jalan walaupun infonya telat") == [
        ("Kami tetap jalan", ""),
        ("walaupun infonya telat", "concession"),
    ]


def test_cause_and_condition() -> None:
    assert shape("Kalau tidak ada BKM, warga tidak tahu apa-apa")[0] == ("Kalau tidak ada BKM,", "condition")
    assert shape("Rapatnya batal karena dinasnya tidak datang")[1] == (
        "karena dinasnya tidak datang",
        "cause",
    )
    assert [relation for _, relation in shape("Rajin datang kalau ada wartawan")] == ["", "condition"]


@pytest.mark.parametrize(
    "text",
    [
        "tidak hanya rapat, tapi juga turun ke lapangan",
        "nggak cuma rapat tapi juga turun ke lapangan",
        "bukan sekadar datang, melainkan ikut kerja",
    ],
)
def test_not_only_but_also_is_one_clause(text: str) -> None:
    assert len(clauses(text)) == 1


def test_a_second_contrast_after_not_only_still_cuts() -> None:
    found = shape("Tidak hanya rapat tapi juga turun ke lapangan, tapi habis itu hilang lagi")
    assert [relation for _, relation in found] == ["", "contrast"]


@pytest.mark.parametrize(
    "text",
    [
        "yang datang cuma dua orang saja",
        "kalau bisa dikabari jauh hari",
        "saya tidak tahu kalau rapatnya pindah",
        "drainase, jalan, lampu, semua sudah jadi",
        "kemarin kalau tidak salah dua puluh orang",
    ],
)
def test_what_only_looks_like_a_connective_cuts_nothing(text: str) -> None:
    assert len(clauses(text)) == 1


def test_however_opens_a_contrast_and_not_a_concession() -> None:
    assert shape("Dananya kecil. Walaupun begitu warga mau swadaya.")[1][1] == "contrast"


def test_jambi_and_short_forms_are_understood() -> None:
    assert [relation for _, relation in shape("Kompak nian kami ni, cuman dinasnyo dak pernah turun")] == [
        "",
        "contrast",
    ]
    assert shape("programnya bagus tp warganya tdk diajak")[1][1] == "contrast"
