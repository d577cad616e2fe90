from __future__ import annotations

from dataclasses import replace

import pytest

from kotaku_nlp.records import Problem
from kotaku_nlp.report.labels import Labels
from kotaku_nlp.report.panels import Panels
from kotaku_nlp.report.quotes import quotes
from kotaku_nlp.report.summary import summarise
from kotaku_nlp.report.topics import topics


@pytest.fixture(scope="module")
def told(analysis):
    """What the page says of topics, and the panels that its numbers open."""
    summary = summarise(analysis, "id")
    return summary["topics"], summary["panels"], summary["quotes"]


@pytest.fixture(scope="module")
def by_label(told):
    return {topic["label"]: topic for block in told[0]["blocks"] for topic in block["topics"]}


def opened(told, number):
    """Return the ids that a number opens to."""
    _, panels, found = told
    return [found[place]["id"] for place in panels[number["key"]]["quotes"]]


def again(analysis, lang="id", **changes):
    changed = replace(analysis, **changes)
    found = quotes(changed)
    panels = Panels({quote["id"]: place for place, quote in enumerate(found)})
    return topics(changed, Labels(lang, changed.codebooks), panels, found)


def test_every_topic_stands_once_under_its_theme_and_the_rest_apart(told, analysis):
    blocks = told[0]["blocks"]
    assert [block["label"] for block in blocks] == ["rapat, surat", "Topik yang berdiri sendiri"]
    shown = [topic["label"] for block in blocks for topic in block["topics"]]
    assert sorted(shown) == sorted(analysis.topics["label"])


def test_without_themes_no_heading_stands_over_the_topics(analysis):
    found = again(analysis, topic_themes=analysis.topic_themes.iloc[:0])
    assert [(block["label"], len(block["topics"])) for block in found["blocks"]] == [("", 5)]


def test_core_and_peripheral_open_to_their_own_passages(told, by_label, analysis):
    status = dict(zip(analysis.passage_topics["passage_id"], analysis.passage_topics["status"], strict=True))
    whole, _, _, core, peripheral = by_label["Rapat dan pendampingan"]["numbers"]
    parts = {"core": opened(told, core), "peripheral": opened(told, peripheral)}
    for kind, passages in parts.items():
        assert passages and {status[passage] for passage in passages} == {kind}
    assert sorted(parts["core"] + parts["peripheral"]) == sorted(opened(told, whole))
    assert core["text"] == f"{len(parts['core'])} inti"


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("Gotong royong", "kokoh (0,91)"),
        ("Kabar, surat, jadwal dinas", "cukup (0,74)"),
        ("Sesudah dibangun", "goyah (0,52)"),
    ],
)
def test_stability_is_said_in_a_word(by_label, label, said):
    assert by_label[label]["steady"]["text"] == said


def test_only_sure_differences_stand_with_a_topic(told, by_label, analysis):
    groups = {label: [each["text"] for each in topic["groups"]] for label, topic in by_label.items()}
    more, less = groups.pop("Gotong royong"), groups.pop("Rapat dan pendampingan")
    assert len(more) == 1 and more[0].startswith("Masyarakat lebih sering")
    assert len(less) == 1 and less[0].startswith("Masyarakat lebih jarang")
    assert not any(groups.values())
    group = dict(zip(analysis.passages["passage_id"], analysis.passages["group"], strict=True))
    passages = opened(told, by_label["Gotong royong"]["groups"][0])
    assert {group[passage] for passage in passages} == {"community"}


def test_what_was_not_tested_is_said_once_with_its_reason(told, analysis):
    untested = {"facilitator", "government", "private_sector"} & set(
        analysis.topic_groups.loc[analysis.topic_groups["reason"] == "too_few_interviews", "group"]
    )
    said = told[0]["groups"]["told"]
    assert said[0].startswith("Perbedaan yang dapat dipastikan tertulis")
    (few,) = [text for text in said if text.startswith("Belum dapat diuji karena")]
    names = {"facilitator": "Fasilitator", "government": "Pemerintah", "private_sector": "Swasta"}
    assert untested and all(names[group] in few for group in untested)


def test_where_no_difference_is_sure_that_is_said(analysis):
    groups = analysis.topic_groups.assign(p=0.3, q=0.9, reason="")
    found = again(analysis, topic_groups=groups)
    assert found["groups"]["told"] == ["Tidak ada perbedaan yang dapat dipastikan."]
    assert not any(topic["groups"] for block in found["blocks"] for topic in block["topics"])


def test_a_corpus_without_groups_is_told_how_to_name_them(analysis):
    groups = analysis.topic_groups.assign(group="unknown", p=None, q=None, reason="unknown_group")
    found = again(analysis, topic_groups=groups.drop_duplicates("topic"))
    assert found["groups"]["told"] == [Labels("id").say("topic_groups_unknown_group")]


def test_cells_of_topics_and_groups_open_to_that_groups_passages(told, analysis):
    group = dict(zip(analysis.passages["passage_id"], analysis.passages["group"], strict=True))
    heads = told[0]["groups"]["groups"]
    at = heads.index("Masyarakat")
    filled = [row["cells"][at] for row in told[0]["groups"]["rows"] if row["cells"][at]["key"]]
    assert filled
    for cell in filled:
        assert {group[passage] for passage in opened(told, cell)} == {"community"}


def test_a_verdict_names_its_dimensions_and_opens_to_their_passages(told, by_label, analysis):
    (verdict,) = by_label["Gotong royong"]["verdicts"]
    assert verdict["text"] == "ditopang satu dimensi"
    (dimension,) = verdict["dimensions"]
    assert dimension["label"] == Labels("id", analysis.codebooks).dimension(
        "ansell_gash_2008", "commitment_to_process"
    )
    hits = analysis.alignment
    carrying = set(hits[hits["dimension"] == "commitment_to_process"]["passage_id"])
    own = set(opened(told, by_label["Gotong royong"]["numbers"][0]))
    assert set(opened(told, dimension["number"])) == carrying & own
    assert [each["text"] for each in by_label["Sesudah dibangun"]["verdicts"]] == ["di luar kerangka"]
    assert len(by_label["Rapat dan pendampingan"]["verdicts"][0]["dimensions"]) == 2


def test_dimensions_that_no_topic_tells_stand_in_one_line_each(told, analysis):
    (book,) = told[0]["untold"]
    lines = {line["text"]: line["dimensions"] for line in book["lines"]}
    table = analysis.dimension_topics
    for verdict, said in (("no_evidence", "tidak ada bukti"), ("scattered", "ada bukti, tetapi tersebar")):
        expected = (table["verdict"] == verdict).sum()
        assert len(lines.get(said, [])) == expected
    assert all(each["number"] is None for each in lines.get("tidak ada bukti", []))


def test_why_there_are_no_topics_is_said_as_the_run_said_it(analysis):
    problem = Problem(
        "topics_no_structure", "", "notice", {"distinct": 40, "content": 9, "passages": 8, "words": 8}
    )
    tables = dict(analysis.tables) | {"topics": analysis.tables["topics"].iloc[:0]}
    found = again(
        analysis, tables=tables, topics=analysis.topics.iloc[:0], problems=(problem,),
        manifest={"topics": {"number": None, "noise": None, "whole": None, "reason": "topics_no_structure"}},
    )  # fmt: skip
    assert found["none"].startswith("Tidak ada struktur topik di luar kebetulan: 40 petikan")
    assert found["blocks"] == [] and found["untold"] == []


def test_words_that_the_label_says_are_not_said_again(analysis):
    tables = {name: frame.copy() for name, frame in analysis.tables.items()}
    tables["topics"].loc[0, ["label", "words"]] = ["rembuk, rapat", "rembuk, rapat, relawan"]
    shown = again(analysis, tables=tables)["blocks"][0]["topics"][0]
    assert shown["words"] == "relawan"
