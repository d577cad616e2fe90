from __future__ import annotations

from dataclasses import replace

import pytest

from kotaku_nlp.report.curve import SIZE, curve
from kotaku_nlp.report.heard_out import heard_out
from kotaku_nlp.report.labels import Labels


def points(*new):
    seen, found = 0, []
    for place, n in enumerate(new, start=1):
        seen += n
        found.append({"interview": place, "new": n, "seen": seen, "low": max(0, seen - 1), "high": seen + 1})
    return found


def test_topics_and_each_codebook_have_sentences_and_a_curve(analysis):
    found = heard_out(analysis, Labels("id", analysis.codebooks))
    assert [each["title"] for each in found["sets"]] == ["Topik", "Tata kelola kolaboratif (Ansell & Gash)"]
    for each in found["sets"]:
        assert each["sentences"] and each["title"] in each["sentences"][0]
        assert [point["interview"] for point in each["points"]] == list(range(1, len(each["points"]) + 1))
    assert any("bukan kejenuhan makna" in text for text in found["method"])
    assert any("bukan bahwa tidak ada tema lain" in text for text in found["method"])


def test_a_run_without_saturation_says_nothing_of_it(analysis, read):
    bare = replace(analysis, saturation=analysis.saturation.iloc[:0])
    assert heard_out(bare, Labels("id")) == {"sets": [], "method": []}
    assert "saturation" not in [value for _, name, value in read(bare).attributes if name == "id"]


def test_page_draws_a_curve_that_can_be_heard(analysis, read):
    drawn = [value for tag, name, value in read(analysis).attributes if tag == "svg" and name == "aria-label"]
    assert len([text for text in drawn if "tema baru tiap wawancara" in text]) == 2


@pytest.mark.parametrize("new", [(3, 2, 0, 1), (0,), (1,), (0, 0, 0), tuple(range(60))])
def test_a_curve_stays_inside_its_drawing(new):
    drawn = curve(points(*new))
    assert len(drawn.dots) == len(new) and len(drawn.across) <= 12
    for x, y in drawn.dots:
        assert 0 <= x <= SIZE[0] and 0 <= y <= drawn.ground
    assert len(drawn.bars) == sum(n > 0 for n in new)
    for _, y, _, height in drawn.bars:
        assert y + height == pytest.approx(drawn.ground)


def test_more_themes_lie_higher():
    drawn = curve(points(2, 1, 0, 4))
    heights = [y for _, y in drawn.dots]
    assert heights == sorted(heights, reverse=True) and heights[1] == heights[2]
