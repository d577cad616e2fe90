"""Themes: only what informants say, cut from the transcripts, and never evidence for another theme."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kotaku_nlp.errors import RunError
from kotaku_nlp.validation.themes import code_themes, foreign, topic_themes


def test_topics_have_their_words_and_passages(themes):
    assert [theme.key for theme in themes] == ["0", "1", "2", "3"]
    assert themes[1].words[:2] == ("surat", "undangan")
    assert [len(theme.passages) for theme in themes] == [24] * 4


def test_texts_are_cut_from_the_transcripts(analysis):
    other = replace(analysis, passages=analysis.passages.assign(text="bukan ini"))
    assert topic_themes(other) == topic_themes(analysis)
    texts = dict(zip(analysis.transcripts["transcript"], analysis.transcripts["text"], strict=True))
    for theme in topic_themes(other):
        assert all(passage.text in texts[passage.id.partition(":")[0]] for passage in theme.passages)


@pytest.mark.parametrize(
    "change",
    [{"kind": "observation"}, {"kind": "document"}, {"low_evidence": True}, {"informant": None}],
    ids=lambda change: next(iter(change)),
)
def test_what_is_no_informants_word_is_left_out(analysis, change):
    passages = analysis.passages.copy()
    for column, value in change.items():
        passages.loc[passages["transcript"] == "w0", column] = value
    left = topic_themes(replace(analysis, passages=passages))
    assert {passage.informant for theme in left for passage in theme.passages} == {
        f"I{n}" for n in range(1, 8)
    }


def test_unassigned_passages_belong_to_no_topic(analysis):
    placed = analysis.passage_topics.assign(status="unassigned", topic=-1)
    assert all(not theme.passages for theme in topic_themes(replace(analysis, passage_topics=placed)))


def test_peripheral_passages_are_not_sure(analysis):
    placed = analysis.passage_topics.assign(status="peripheral")
    found = topic_themes(replace(analysis, passage_topics=placed))
    assert not any(passage.sure for theme in found for passage in theme.passages)


def test_codes_are_the_dimensions_with_evidence(analysis):
    codes = code_themes(analysis, "kerja", "en")
    assert [(code.key, code.label, code.words) for code in codes] == [
        ("air", "Water", ()), ("surat", "Letters", ()), ("bahan", "Material", ()),
    ]  # fmt: skip
    assert [len(code.passages) for code in codes] == [24, 32, 24]


def test_what_is_coded_with_both_is_foreign_to_neither(analysis):
    water, letters, _ = codes = code_themes(analysis, "kerja")
    shared = {passage.id for passage in water.passages} & {passage.id for passage in letters.passages}
    assert len(shared) == 8
    for one, other in ((water, "surat"), (letters, "air")):
        assert shared.isdisjoint(passage.id for passage in foreign(one, codes)[other])


def test_the_same_words_elsewhere_are_not_foreign(themes):
    first, second = themes[:2]
    twin = replace(second.passages[0], text=first.passages[0].text.upper())
    second = replace(second, passages=(twin, *second.passages[1:]))
    assert twin not in foreign(first, (first, second))["1"]


def test_an_unknown_codebook_is_named_with_those_there_are(analysis):
    with pytest.raises(RunError, match="kerja") as told:
        code_themes(analysis, "lain")
    assert told.value.where == "lain"
