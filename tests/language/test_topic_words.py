from __future__ import annotations

from kotaku_nlp.language.topic_words import stem, topic_words


def test_fillers_function_words_and_bare_numbers_are_left_out() -> None:
    text = "Jadi gini ya Pak, eh anu, drainase di RT 27 itu kayak gak diurus gitu lho, sudah 3 tahun"
    assert topic_words(text) == ["drainase", "diurus"]


def test_variants_meet_in_one_readable_word() -> None:
    assert topic_words("koordinasinya koordinasi Koordinasi") == ["koordinasi"] * 3
    assert topic_words("jalan sendiri2") == topic_words("jalan dewek-dewek") == ["jalan", "sendiri-sendiri"]


def test_a_word_of_two_is_one_topic_word_however_it_is_written() -> None:
    assert topic_words("kerjasama warga") == topic_words("kerja sama warga") == ["kerja sama", "warga"]


def test_words_of_the_field_survive() -> None:
    for word in ("masalah", "warga", "rapat", "undangan", "anggaran", "lurah"):
        assert topic_words(word) == [word]


def test_stems_join_derived_forms() -> None:
    assert stem("pembangunan") == stem("membangun") == stem("dibangun")


def test_nothing_gives_nothing() -> None:
    assert topic_words("") == topic_words("ya, he'eh, gitu") == []
