"""The demo corpus is what its card says: lifelike, without templates, read whole, coded twice."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path

import pandas as pd
import pytest

from kotaku_nlp.coding.codebook import load_codebook
from kotaku_nlp.coding.codings import read_coding
from kotaku_nlp.corpus.folder import read_corpus
from kotaku_nlp.corpus.passages import cut
from kotaku_nlp.records import Corpus, Turn
from kotaku_nlp.shipped import find

FOLDER = find("corpora", "demo")
FEWEST = {"government": 4, "community": 4, "facilitator": 4, "private_sector": 2, "academia_ngo_media": 1}


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus(FOLDER)


def informant_turns(corpus: Corpus) -> list[tuple[str, Turn, str]]:
    spoken = [t for t in corpus.transcripts if t.kind in ("interview", "focus_group")]
    return [
        (t.name, turn, t.text[turn.start : turn.end])
        for t in spoken
        for turn in t.turns
        if not turn.is_interviewer
    ]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def test_it_is_read_without_a_problem(corpus: Corpus) -> None:
    assert corpus.problems == ()
    assert corpus.invented


def test_it_holds_what_the_card_promises(corpus: Corpus) -> None:
    kinds = Counter(transcript.kind for transcript in corpus.transcripts)
    assert kinds["interview"] + kinds["focus_group"] >= 16 and kinds["focus_group"] >= 1
    assert kinds["observation"] >= 2 and kinds["document"] >= 1
    assert len(informant_turns(corpus)) >= 600
    interviews = defaultdict(set)
    for person in corpus.informants:
        interviews[person.group].add(person.transcript)
    assert {group: len(interviews[group]) >= n for group, n in FEWEST.items()} == dict.fromkeys(FEWEST, True)
    suffixes = {Path(transcript.path).suffix for transcript in corpus.transcripts}
    assert {".docx", ".txt", ".md", ".vtt", ".srt", ".csv", ".xlsx", ".json"} <= suffixes
    assert all(transcript.language == "id" for transcript in corpus.transcripts)


def test_every_transcript_has_its_interviewer_told_apart(corpus: Corpus) -> None:
    for transcript in corpus.transcripts:
        if transcript.kind in ("interview", "focus_group"):
            asked = [transcript.text[t.start : t.end] for t in transcript.turns if t.is_interviewer]
            said = [transcript.text[t.start : t.end] for t in transcript.turns if not t.is_interviewer]
            assert len(asked) >= 15, transcript.name
            assert sum(len(words(text)) for text in said) > 2 * sum(len(words(text)) for text in asked), (
                transcript.name
            )


def test_no_two_turns_are_near_duplicates(corpus: Corpus) -> None:
    """Of two longer turns, fewer than a fifth of the shorter one's word triples may be shared."""
    triples = [
        (name, turn.turn, {tuple(w[i : i + 3]) for i in range(len(w) - 2)})
        for name, turn, text in informant_turns(corpus)
        if len(w := words(text)) >= 12
    ]
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, (_, _, own) in enumerate(triples):
        for triple in own:
            holders[triple].append(number)
    shared: Counter[tuple[int, int]] = Counter()
    for numbers in holders.values():
        shared.update((a, b) for a in numbers for b in numbers if a < b)
    close = [
        (triples[a][:2], triples[b][:2])
        for (a, b), n in shared.items()
        if n / min(len(triples[a][2]), len(triples[b][2])) >= 0.2
    ]
    assert not close


def test_openings_are_not_repeated(corpus: Corpus) -> None:
    openings: dict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for name, _, text in informant_turns(corpus):
        if len(w := words(text)) > 6:
            openings[name][tuple(w[:3])] += 1
    repeated = {name: [o for o, n in found.items() if n > 1] for name, found in openings.items()}
    assert not {name: found for name, found in repeated.items() if found}
    everywhere = Counter(opening for found in openings.values() for opening in found)
    assert max(everywhere.values()) <= 4


@pytest.mark.parametrize("coder", ["coder_a", "coder_b"])
def test_two_readers_coded_every_informant_turn(corpus: Corpus, coder: str) -> None:
    rows = read_coding(FOLDER / "codings" / f"{coder}.csv").rows
    assert set(rows["coder"]) == {coder}
    assert set(rows["code"]) - {""} <= {leaf.id for leaf in load_codebook("ansell_gash_2008").leaves}
    assert rows.groupby(["transcript", "turn"])["code"].nunique().max() <= 2
    coded = set(zip(rows["transcript"], rows["turn"], strict=True))
    assert coded == {(name, turn.turn) for name, turn, _ in informant_turns(corpus)}


def test_the_two_readings_are_two() -> None:
    a, b = (read_coding(FOLDER / "codings" / f"coder_{name}.csv").rows for name in "ab")
    keys = ["transcript", "turn", "code"]
    both = pd.merge(a[keys], b[keys])
    assert 0.4 < len(both) / max(len(a), len(b)) < 0.98


def test_turns_become_passages_that_slice_back(corpus: Corpus) -> None:
    texts = {transcript.name: transcript.text for transcript in corpus.transcripts}
    passages = cut(corpus)
    for row in passages.itertuples():
        assert texts[row.transcript][row.start : row.end] == row.text
    assert passages["passage_id"].is_unique
