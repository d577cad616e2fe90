"""Every coded place comes out once, at its own words, or is named with its reason."""

from __future__ import annotations

import pytest

from kotaku_nlp.export.spans import human_spans, machine_spans
from kotaku_nlp.messages import LANGUAGES, say


def words(analysis, span):
    texts = dict(zip(analysis.transcripts["transcript"], analysis.transcripts["text"], strict=True))
    return texts[span.transcript][span.start : span.end]


def test_the_machine_is_a_coder_with_version_probability_and_basis(analysis):
    found = machine_spans(analysis)
    assert [(span.transcript, span.turn, span.code) for span in found] == [
        ("w1", 2, "dialog"), ("w1", 2, "percaya"), ("w2", 2, "aturan"),
    ]  # fmt: skip
    assert {(s.coder, s.probability, s.basis) for s in found} == {("kotaku-nlp 9.8.7", 0.83, "zero_shot")}
    assert all(span.by_machine for span in found)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"turn": 2}, "Kami 🙏 duduk bersama, é lama. Kami percaya."),
        ({"start": 33, "end": 40}, "🙏 duduk"),
        ({"quote": "kami  PERCAYA."}, "Kami percaya."),
    ],
)
def test_a_code_stands_where_its_row_says(analysis, coding, row, said):
    (span,), problems = human_spans(analysis, [coding({"transcript": "w1", "code": "percaya"} | row)])
    assert words(analysis, span) == said
    assert (span.turn, span.coder, span.codebook, span.by_machine) == (2, "Peneliti A", "kerja", False)
    assert not problems


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"turn": 9}, "export_no_turn"),
        ({"start": 5, "end": 900}, "export_span_outside"),
        ({"start": 5, "end": 5}, "export_span_outside"),
        ({"start": 22, "end": 24}, "export_span_blank"),
        ({"quote": "kalimat yang tidak pernah diucapkan siapa pun"}, "export_quote_not_found"),
        ({"quote": "kami"}, "export_quote_twice"),
        ({}, "export_quote_not_found"),
    ],
)
def test_a_row_without_a_place_is_named_and_the_others_go_on(analysis, coding, row, reason):
    good = {"transcript": "w2", "code": "aturan", "turn": 2}
    rows = coding({"transcript": "w1", "code": "percaya"} | row, good)
    spans, (problem,) = human_spans(analysis, [rows])
    assert [span.transcript for span in spans] == ["w2"]
    assert (problem.key, problem.level, problem.where) == (reason, "error", "kode-a, w1")
    for lang in LANGUAGES:
        assert "percaya" in say(problem.key, lang, **problem.params)


def test_a_transcript_that_the_run_lacks_is_named_once(analysis, coding):
    rows = [{"transcript": "w9", "code": code, "turn": 1} for code in ("percaya", "dialog", "")]
    spans, (problem,) = human_spans(analysis, [coding(*rows)])
    assert not spans
    assert (problem.key, dict(problem.params)) == ("export_no_transcript", {"transcript": "w9", "n": 2})


def test_a_place_read_and_left_uncoded_is_no_span_and_no_problem(analysis, coding):
    assert human_spans(analysis, [coding({"transcript": "w1", "turn": 2, "code": ""})]) == ((), ())


def test_the_same_coding_twice_is_one_span_and_row_order_does_not_matter(analysis, coding):
    rows = [
        {"transcript": "w2", "turn": 2, "code": "aturan"},
        {"transcript": "w1", "turn": 2, "code": "percaya"},
        {"transcript": "w1", "start": 28, "end": 43, "code": "punya saya"},
    ]
    one, _ = human_spans(analysis, [coding(*rows)])
    two, _ = human_spans(analysis, [coding(*rows[::-1]), coding(*rows)])
    assert one == two
    assert len(one) == 3
    assert {span.code: span.codebook for span in one}["punya saya"] is None


def test_a_span_coded_twice_is_one_with_its_first_date(analysis, coding):
    row = {"transcript": "w1", "turn": 2, "code": "percaya"}
    for dates in (("2024-05-12", "2024-05-01"), ("2024-05-01", "2024-05-12")):
        (span,), _ = human_spans(analysis, [coding(*({**row, "date": date} for date in dates))])
        assert span.date == "2024-05-01"


def test_a_nameless_coder_goes_by_the_coding(analysis, coding):
    rows = coding({"transcript": "w1", "turn": 2, "code": "percaya", "coder": ""}, name="lembar-b")
    (span,), _ = human_spans(analysis, [rows])
    assert span.coder == "lembar-b"
