from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotaku_nlp.language.listing import words
from kotaku_nlp.language.stems import stem_of


@pytest.mark.parametrize(
    ("root", "forms"),
    [
        ("tanya", "bertanya ditanya pertanyaan tanyakan"),
        ("tulis", "menulis ditulis tulisan penulis tertulis"),
        ("sapu", "menyapu disapu penyapu"),
        ("pakai", "memakai dipakai pakaian"),
        ("kirim", "mengirim dikirim pengiriman"),
        ("urus", "mengurus pengurus urusan diurus"),
        ("kerja", "bekerja pekerjaan pengerjaan dikerjakan"),
        ("ajar", "belajar mengajar pelajaran"),
        ("baik", "memperbaiki perbaikan"),
        ("beri", "berikan diberi"),
        ("cat", "mengecat pengecatan"),
        ("undang", "undangan mengundang diundang"),
    ],
)
def test_affixes_come_off(root: str, forms: str) -> None:
    assert {stem_of(form) for form in forms.split()} == {root}


def test_roots_that_look_affixed_stay_whole() -> None:
    for root in ("masalah", "perempuan", "kepala", "ketua", "sekolah", "ikan", "jalan"):
        assert stem_of(root) == root


def test_an_office_is_not_its_holder() -> None:
    assert stem_of("kelurahan") != stem_of("lurah")
    assert stem_of("pemerintah") != stem_of("perintah")


def test_unknown_words_stay_as_they_are() -> None:
    for word in ("whatsapp", "bkm", "jogging", "x", ""):
        assert stem_of(word) == word


@given(st.sampled_from(sorted(words("roots.txt"))))
def test_a_root_is_its_own_stem(root: str) -> None:
    assert stem_of(root) == root


@given(st.text(alphabet="abdeiklmnprstu", max_size=14))
def test_a_stem_is_a_root_or_the_word_and_final(word: str) -> None:
    found = stem_of(word)
    assert found == word or stem_of(found) == found or found in words("lexicon.txt")
