from __future__ import annotations

import re
from dataclasses import replace

import pytest

from kotaku_nlp.messages import LANGUAGES, wording
from kotaku_nlp.records import Problem
from kotaku_nlp.report.page import render
from kotaku_nlp.report.summary import summarise

HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)> "onload="alert(2) </script> {{ 7*7 }}'


@pytest.fixture(scope="module", params=LANGUAGES)
def page(request, read, analysis):
    return read(analysis, request.param)


def test_every_number_opens_to_passages_that_exist(page, analysis):
    known = set(analysis.passages["passage_id"])
    assert len(page.openers) > 100
    for key, said in page.openers:
        entry = page.data["panels"][key]
        assert entry["title"], said
        ids = [page.data["quotes"][place]["id"] for place in entry["quotes"]]
        assert ids and set(ids) <= known, said


def test_no_number_stands_without_quotes(page):
    assert [text for text in page.loose if text not in ("0",)] == []


def test_a_cell_opens_to_as_many_passages_as_it_says(read, analysis):
    page = read(analysis, "id")
    cells = analysis.tables["dimensions"]
    sizes = sorted(
        len(page.data["panels"][key]["quotes"])
        for key, said in page.openers
        if "/" in said and "petikan" in said
    )
    assert sizes == sorted(cells[cells["n_passages"] > 0]["n_passages"])


def test_counts_of_the_first_screen_are_those_of_the_corpus(read, analysis):
    said = [text for _, text in read(analysis, "id").openers[:4]]
    assert said == ["6", "8", "40", "40"]  # six transcripts, eight people; notes and minutes stay out


def test_denials_and_contractors_stand_apart_from_involvement(analysis):
    summary = summarise(analysis, "id")
    private = summary["involvement"]["main"]["rows"][2]
    planning, implementation = private["cells"]
    assert planning["main"] is None
    assert [it["status"] for it in planning["apart"]] == ["excluded"]
    assert implementation["main"]["text"] == "2 dari 8 informan"
    assert "contractual" in [it["status"] for it in implementation["apart"]]


def test_missing_evidence_is_said_and_never_drawn_as_zero(analysis):
    block = summarise(analysis, "id")["tones"][0]
    private = next(row for row in block["rows"] if row["group"] == "private_sector")
    assert private["number"] is None and private["value"] is None
    markup = render(summarise(analysis, "id"))
    assert "tidak ada bukti" in markup
    assert "terlalu sedikit wawancara untuk selang" in markup


def test_a_group_from_which_nobody_speaks_is_shown_as_silent(analysis):
    aspects = analysis.tables["aspects"]
    tables = dict(analysis.tables) | {"aspects": aspects[aspects["group"] != "private_sector"]}
    block = summarise(replace(analysis, tables=tables), "id")["tones"][0]
    row = next(row for row in block["rows"] if row["group"] == "private_sector")
    assert row["members"] == 0 and row["number"] is None


def test_observations_and_documents_enter_no_panel_of_numbers(page, analysis):
    kinds = {quote["kind"] for quote in page.data["quotes"] if quote["apart"]}
    assert kinds == {"observation", "document"}
    tone = next(row for row in summarise(analysis, "id")["tones"][0]["rows"] if row["group"] == "all")
    shown = page.data["panels"][tone["without"]["key"]]["quotes"]
    assert not any(page.data["quotes"][place]["apart"] for place in shown)


def test_marks_cut_out_the_words_that_were_labelled(page):
    quote = next(q for q in page.data["quotes"] if "Kerja samanya baik" in q["text"])
    found = {name: quote["text"][start:end] for name, start, end in quote["marks"]}
    assert found["a:cooperation:positive"] == "Kerja samanya baik"
    assert found["a:coordination:negative"] == "koordinasinya masih kurang"
    assert found["d:ansell_gash_2008:commitment_to_process"] == "Gotong royong kompak"


def test_hostile_text_is_inert(read, analysis):
    passages = analysis.passages.copy()
    passages.loc[0, ["text", "question", "role", "informant", "speaker"]] = HOSTILE
    tables = {name: frame.copy() for name, frame in analysis.tables.items()}
    tables["topics"].loc[0, ["label", "words"]] = HOSTILE
    tables["informants"].loc[0, ["informant", "role", "tanggal"]] = HOSTILE
    topics, themes = analysis.topics.copy(), analysis.topic_themes.copy()
    topics.loc[0, "label"] = themes.loc[0, "label"] = HOSTILE
    evil = replace(
        analysis, corpus_name=HOSTILE, passages=passages, tables=tables, topics=topics, topic_themes=themes,
        problems=(Problem("no_such_key", HOSTILE, "error", {"detail": HOSTILE}),),
    )  # fmt: skip
    page = read(evil)
    assert page.tags.count("script") == 2 and "img" not in page.tags
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    assert page.data["quotes"][0]["text"] == HOSTILE
    assert HOSTILE in "".join(page.text)  # shown as it was said


def test_page_asks_nothing_of_the_network(page):
    for tag, name, value in page.attributes:
        if name in ("src", "href", "action", "srcset", "data", "poster"):
            assert not re.match(r"(?i)(https?:)?//", value), (tag, value)
    style_and_script = re.findall(r"<style>.*?</style>|<script>.*?</script>", page.markup, re.S)
    assert len(style_and_script) == 2
    for part in style_and_script:
        assert "://" not in part and "@import" not in part and "url(" not in part


def test_policy_lets_only_the_pages_own_code_run(page):
    import base64
    import hashlib

    policy = next(value for tag, _, value in page.attributes if tag == "meta" and "default-src" in value)
    assert "default-src 'none'" in policy and "unsafe" not in policy
    for tag in ("style", "script"):
        inside = re.search(rf"<{tag}>(.*?)</{tag}>", page.markup, re.S).group(1)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert not [value for _, name, value in page.attributes if name == "style"]


def test_script_never_builds_markup_from_text(page):
    code = re.search(r"<script>(.*?)</script>", page.markup, re.S).group(1)
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|fetch\(|XMLHttp", code
    )


def test_invented_corpora_say_so(read, analysis):
    assert "Korpus ini karangan" in "".join(read(analysis).text)
    real = replace(analysis, manifest={**analysis.manifest, "invented": False})
    assert "Korpus ini karangan" not in "".join(read(real).text)


def test_nothing_read_still_gives_a_page(read, nothing):
    for lang in LANGUAGES:
        page = read(nothing, lang)
        assert page.openers == [] and page.data["quotes"] == []
        assert wording()["report_no_topics"][lang] in "".join(page.text)
        assert wording()["report_nothing_read"][lang] in "".join(page.text)


def test_too_little_text_for_topics_is_said(read, analysis):
    tables = dict(analysis.tables) | {"topics": analysis.tables["topics"].iloc[:0]}
    few = replace(
        analysis,
        tables=tables,
        topics=analysis.topics.iloc[:0],
        passage_topics=analysis.passage_topics.iloc[:0],
    )
    assert "Teks terlalu sedikit untuk topik" in "".join(read(few).text)


def test_two_renders_are_the_same(analysis, fixture):
    assert render(summarise(analysis, "id")) == render(summarise(fixture.build(), "id"))


def test_both_languages_have_every_word():
    ours = {key: texts for key, texts in wording().items() if key.startswith("report_")}
    assert len(ours) > 100
    for key, texts in ours.items():
        assert set(texts) == set(LANGUAGES), key
        fields = [set(re.findall(r"\{(\w+)\}", texts[lang])) for lang in LANGUAGES]
        assert fields[0] == fields[1], key


def test_every_control_has_a_name(page):
    labelled = page.markup.count("<label")
    controls = page.tags.count("select") + page.tags.count("input")
    assert labelled == controls
    assert page.tags.count("h1") == 1 and page.tags.count("main") == 1


def test_english_page_speaks_english(read, analysis):
    text = "".join(read(analysis, "en").text)
    assert "Who took part in planning" in text and "tidak ada bukti" not in text


def test_problems_show_even_when_nobody_worded_them(read, analysis):
    text = "".join(read(analysis).text)
    assert "groups_unknown_here" in text and "informants.csv" in text
    assert "berkas pengaturan tidak dapat dibaca (baris 3)" in text
