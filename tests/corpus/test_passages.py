"""Passages: what is cut, what stays whole, what is flagged."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotaku_nlp.corpus.folder import read_corpus
from kotaku_nlp.corpus.passages import cut, thin, transcripts_table, turns_table
from kotaku_nlp.corpus.pieces import FRAGMENT, MOST_SENTENCES, balanced
from kotaku_nlp.language.sentences import sentences
from kotaku_nlp.records import TABLES

LONG = " ".join(
    f"Pada pertemuan nomor {n} kami membahas letak saluran dan siapa yang menjaga alat di malam hari."
    for n in range(14)
)
TEXT = f"""P: Bagaimana rapatnya?
N: Rapatnya dua kali, yang kedua hanya dihadiri pengurus dan tukang.
P: Benar begitu, Pak?
N: Iya, betul, Mbak.
P: Bisa diceritakan lengkap?
N: {LONG}
"""


@pytest.fixture
def passages(make_corpus):
    corpus = read_corpus(
        make_corpus(
            {"transcripts/w1.txt": TEXT,
             "transcripts/observasi/o.txt": "Judul\n\nAir setinggi lutut di gang dua pada pukul tujuh pagi.",
             "informants.csv": "transcript,informant,group,role\nw1,I01,warga,Ketua RT\n"}
        )
    )  # fmt: skip
    return corpus, cut(corpus)


def test_columns_and_exact_offsets(passages):
    corpus, table = passages
    assert list(table.columns) == list(TABLES["passages"])
    texts = {transcript.name: transcript.text for transcript in corpus.transcripts}
    for row in table.itertuples():
        assert texts[row.transcript][row.start : row.end] == row.text
    assert table["passage_id"].is_unique


def test_ids_people_and_questions(passages):
    _, table = passages
    rows = table.set_index("passage_id")
    assert rows.loc["w1:2", "question"] == "Bagaimana rapatnya?"
    assert (rows.loc["w1:2", ["informant", "group", "role"]] == ["I01", "community", "Ketua RT"]).all()
    assert {f"w1:6.{k}" for k in (1, 2, 3)} <= set(rows.index)
    assert not any(text.startswith("Bagaimana") for text in table["text"])


def test_a_bare_yes_is_flagged_and_keeps_its_question(passages):
    _, table = passages
    rows = table.set_index("passage_id")
    assert rows.loc["w1:4", "low_evidence"]
    assert rows.loc["w1:4", "question"] == "Benar begitu, Pak?"
    assert not rows.loc["w1:2", "low_evidence"]


def test_observations_have_no_informant(passages):
    _, table = passages
    rows = table[table["kind"] == "observation"]
    assert list(rows["passage_id"]) == ["o:1", "o:2"]
    assert rows["informant"].isna().all()
    assert set(rows["group"]) == {"unknown"}
    assert rows["question"].isna().all()


def test_tables_of_transcripts_and_turns(passages):
    corpus, _ = passages
    turns = turns_table(corpus)
    assert list(turns.columns) == list(TABLES["turns"])
    assert list(turns[turns["transcript"] == "w1"]["turn"]) == [1, 2, 3, 4, 5, 6]
    transcripts = transcripts_table(corpus)
    assert list(transcripts.columns) == list(TABLES["transcripts"])
    assert list(transcripts["transcript"]) == ["o", "w1"]


def test_an_empty_corpus_gives_an_empty_table(passages):
    from dataclasses import replace

    corpus, _ = passages
    assert list(cut(replace(corpus, transcripts=())).columns) == list(TABLES["passages"])


@pytest.mark.parametrize(
    "text",
    ["Iya, betul.", "Ya begitulah, Mbak.", "He'eh.", "Oh iya iya, bener.", "(tertawa)", "Dak tau jugo.", "…"],
)
def test_thin(text):
    assert thin(text)


@pytest.mark.parametrize(
    "text",
    [
        "Rapatnya cuma sekali, undangannya datang malam sebelumnya.",
        "Kami patungan beli solar buat pompa tiap minggu.",
    ],
)
def test_not_thin(text):
    assert not thin(text)


def split_of(text):
    return [text[start:end] for start, end in balanced(text, 90, sentences)]


def test_pieces_are_balanced_and_no_sentence_is_broken():
    pieces = split_of(LONG)
    lengths = [len(piece.split()) for piece in pieces]
    assert max(lengths) <= 2 * min(lengths)
    assert all(piece.endswith(".") and piece[0].isupper() for piece in pieces)
    assert " ".join(pieces) == LONG


def test_a_short_last_sentence_joins_its_neighbour():
    pieces = split_of(f"{LONG} Begitu, Mbak.")
    assert len(pieces[-1].split()) >= FRAGMENT


def test_speech_without_any_stop_mark_is_cut_too():
    pieces = split_of("jadi waktu itu kami " * 200)
    assert len(pieces) > 4
    assert max(len(piece.split()) for piece in pieces) <= 135


word = st.sampled_from(["kami", "rapat", "gang", "dana", "turun", "ya", "pompa"])
spoken = st.lists(
    st.lists(word, min_size=1, max_size=40).map(lambda words: " ".join(words).capitalize() + "."),
    min_size=1,
    max_size=40,
).map(" ".join)


@settings(max_examples=100, deadline=None)
@given(spoken, st.integers(20, 120))
def test_every_word_lies_in_exactly_one_piece(text, passage_words):
    spans = balanced(text, passage_words, sentences)
    assert " ".join(text[start:end] for start, end in spans).split() == text.split()
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    if len(text.split()) > passage_words:
        assert all(text[start:end].count(".") <= MOST_SENTENCES for start, end in spans)
