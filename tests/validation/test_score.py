"""Answers counted: against chance, apart for raters who miss the plain questions, whatever the order."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotaku_nlp.coding.coefficients.alpha import krippendorff_alpha
from kotaku_nlp.validation.kit import Item, Kit, Question, Sheet
from kotaku_nlp.validation.lines import number, score_lines
from kotaku_nlp.validation.returned import Returned
from kotaku_nlp.validation.score import score


def items():
    six, five = tuple("uvwxyz"), tuple("pqrst")
    for theme in "01":
        for turn in (1, 2):
            yield Item(f"words-{theme}-{turn}", "words", theme, "real", six, (theme,) * 6, turn)
            yield Item(f"passages-{theme}-{turn}", "passages", theme, "real", five, five, turn)
        yield Item(f"name-{theme}", "name", theme, "real", five[:3], five[:3], None)
        for place, expected in enumerate((2, 2, 0, 0), start=1):
            yield Item(f"fit-{theme}-{place}", "fit", theme, "real", ("p",), ("p",), expected)
    for place in (1, 2, 3):
        yield Item(f"words-obvious-{place}", "words", "", "obvious", six, ("",) * 6, 0)
    yield Item("words-random-1", "words", "", "random", six, tuple("010101"), 3)


ITEMS = tuple(items())
SHEET = Sheet("ABCDE-12345", 1, tuple(Question(f"A{n}", i.id, (0,)) for n, i in enumerate(ITEMS, start=1)))
KIT = Kit("topics", "id", 0, "f00d", 10, {"0": "air", "1": "surat"}, ITEMS, (SHEET,))
TRUE = {item.id: "nama" if item.task == "name" else item.right for item in ITEMS}
#: Right on no question about a theme, and on none of the plain ones.
BLIND = {item.id: "entah" if item.task == "name" else 1 if item.task == "fit" else 4 for item in ITEMS}


def rater(name, answers, **changed):
    return Returned(name, f"{name}.xlsx", SHEET, answers | changed)


def only(*prefixes):
    return {name: value for name, value in TRUE.items() if name.startswith(prefixes)}


def row(found, task, theme="0", scope="counted", kind="real"):
    table = found.results
    hit = table[(table["task"] == task) & (table["scope"] == scope) & (table["kind"] == kind)]
    (one,) = hit[hit["theme"] == (theme if kind == "real" else "")].to_dict("records")
    return one


def wilson(right, n):
    z = 1.959963984540054
    middle, share = 1 + z * z / n, right / n
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (share + z * z / (2 * n) - half) / middle, (share + z * z / (2 * n) + half) / middle


@settings(deadline=None, max_examples=16)
@given(st.lists(st.booleans(), min_size=4, max_size=4))
def test_shares_have_wilsons_bounds(hits):
    names = [("A", "words-0-1"), ("A", "words-0-2"), ("B", "words-0-1"), ("B", "words-0-2")]
    wrong = {who: {item: 5 for (w, item), hit in zip(names, hits, strict=True) if w == who and not hit}
             for who in "AB"}  # fmt: skip
    one = row(score(KIT, [rater(who, TRUE | wrong[who]) for who in "AB"]), "words")
    assert (one["n"], one["right"], one["n_raters"], one["n_items"]) == (4, sum(hits), 2, 2)
    assert (one["low"], one["high"]) == pytest.approx(wilson(sum(hits), 4), abs=1e-12)
    assert one["chance"] == pytest.approx(1 / 6)


def test_chance_is_that_of_the_questions_answered():
    short = replace(ITEMS[1], texts=tuple("pqrs"), sources=tuple("pqrs"))
    kit = replace(KIT, items=(ITEMS[0], short, *ITEMS[2:]))
    assert row(score(kit, [rater("A", TRUE)]), "passages")["chance"] == pytest.approx((1 / 4 + 1 / 5) / 2)


def test_what_was_left_blank_is_not_counted_as_missed():
    found = score(KIT, [rater("A", only("words-0-1", "words-obvious"))])
    assert (row(found, "words")["n"], row(found, "words")["right"]) == (1, 1)
    assert row(found, "passages")["n"] == 0
    assert row(found, "words", "1")["n"] == 0
    assert found.raters.iloc[0]["answered"] == 4


def test_raters_who_miss_the_plain_questions_are_shown_apart():
    found = score(KIT, [rater("A", TRUE), rater("B", TRUE), rater("C", BLIND)])
    assert dict(zip(found.raters["rater"], found.raters["status"], strict=True)) == {
        "A": "passed", "B": "passed", "C": "failed",
    }  # fmt: skip
    assert (row(found, "words")["n"], row(found, "words", scope="all")["n"]) == (4, 6)
    assert row(found, "words", scope="all")["right"] == 4
    assert set(found.answers["rater"]) == {"A", "B", "C"}
    told = "\n".join(score_lines(found))
    assert "C: menjawab 22 dari 22 soal; soal mudah hanya 0 dari 3 tepat" in told
    assert "bila semua pembaca dihitung: kata penyusup: 4 dari 6" in told


@pytest.mark.parametrize(
    ("missed", "answered", "status"),
    [(0, 3, "passed"), (1, 3, "passed"), (2, 3, "failed"), (1, 2, "failed"), (0, 2, "passed"),
     (1, 1, "unchecked"), (0, 0, "unchecked")],
)  # fmt: skip
def test_two_thirds_of_the_plain_questions_are_needed(missed, answered, status):
    plain = {f"words-obvious-{n}": 5 if n <= missed else 0 for n in range(1, answered + 1)}
    found = score(KIT, [rater("A", only("words-0") | plain)])
    assert found.raters.iloc[0]["status"] == status
    assert row(found, "words")["n"] == (0 if status == "failed" else 2)


def test_guessing_is_shown_by_questions_without_an_answer():
    found = score(KIT, [rater("A", TRUE), rater("B", TRUE | {"words-random-1": 0})])
    one = row(found, "words", kind="random")
    assert (one["n"], one["right"]) == (2, 1)
    assert any("1 dari 2 kena kata yang diundi" in line for line in score_lines(found))


def verdict(found, theme="0"):
    table = found.verdicts.set_index("theme")["verdict"]
    return table[theme].removeprefix("validation_verdict_")


@pytest.mark.parametrize(
    ("words", "passages", "expected"),
    [(True, True, "seen"), (True, False, "words"), (False, True, "passages"), (False, False, "reread")],
)
def test_verdicts(words, passages, expected):
    missed = {f"words-0-{n}": 5 for n in (1, 2) if not words}
    missed |= {f"passages-0-{n}": 4 for n in (1, 2) if not passages}
    found = score(KIT, [rater("A", TRUE | missed), rater("B", TRUE | missed)])
    assert verdict(found) == expected
    assert verdict(found, "1") == "seen"


def test_one_rater_or_three_answers_do_not_make_a_verdict():
    assert verdict(score(KIT, [rater("A", TRUE)])) == "few"
    three = [rater("A", TRUE), rater("B", only("words-0-1", "passages-0-1", "words-obvious"))]
    assert verdict(score(KIT, three)) == "few"
    assert verdict(score(KIT, [rater("A", BLIND), rater("B", BLIND)])) == "few"  # nobody counts


def test_what_was_not_asked_gets_no_verdict():
    kit = replace(KIT, items=tuple(item for item in ITEMS if item.theme != "1"))
    sheet = replace(
        SHEET, questions=tuple(q for q in SHEET.questions if "-1-" not in q.item and q.item != "name-1")
    )
    answers = {name: value for name, value in TRUE.items() if "-1-" not in name and name != "name-1"}
    assert verdict(score(kit, [Returned("A", "A.xlsx", sheet, answers)]), "1") == "unasked"


def test_fit_is_each_raters_own_scale():
    strict = {"fit-0-1": 1, "fit-0-2": 1, "fit-0-3": 0, "fit-0-4": 0}
    lenient = {"fit-0-1": 2, "fit-0-2": 2, "fit-0-3": 1, "fit-0-4": 2}
    found = row(score(KIT, [rater("A", TRUE | strict), rater("B", TRUE | lenient)]), "fit")
    # A parts all four pairs; B parts two and leaves two even
    assert found["share"] == pytest.approx((4 + 2 + 2 * 0.5) / 8)
    assert (found["inside"], found["outside"]) == (1.5, 0.75)


def test_agreement_is_that_of_the_coefficients():
    other = TRUE | {"words-0-1": 5, "words-1-2": 0}
    found = score(KIT, [rater("A", TRUE), rater("B", other)])
    one = found.agreement.set_index(["scope", "task"]).loc[("counted", "words")]
    names = ["words-0-1", "words-0-2", "words-1-1", "words-1-2"]
    ratings = [[answers[name] for name in names] for answers in (TRUE, other)]
    assert one["percent"] == 0.5
    assert one["alpha"] == pytest.approx(krippendorff_alpha(ratings))
    assert (one["n_raters"], one["n_items"]) == (2, 4)


def test_raters_who_share_no_question_have_no_agreement():
    a, b = only("words-0", "words-obvious"), only("words-1", "words-obvious")
    assert score(KIT, [rater("A", a), rater("B", b)]).agreement.empty


def test_the_order_of_sheets_changes_no_number():
    sheets = [rater("A", TRUE), rater("B", BLIND), rater("C", TRUE | {"words-0-1": 4})]
    one, other = score(KIT, sheets), score(KIT, sheets[::-1])
    for table in ("results", "verdicts", "agreement", "names"):
        assert one.tables[table].equals(other.tables[table])


def test_names_and_answers_are_kept_as_given():
    found = score(KIT, [rater("A", TRUE | {"name-0": "air bah"})])
    assert found.names.to_dict("records")[0] == {
        "theme": "0", "label": "air", "rater": "A", "status": "passed", "name": "air bah",
    }  # fmt: skip
    chosen = found.answers.set_index("item").loc["passages-0-1"]
    assert (chosen["answer"], chosen["expected"], chosen["right"]) == ("q", "q", True)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_lines_are_worded_with_nobody_nothing_and_everything(lang):
    for sheets in ([rater("A", {})], [rater("A", BLIND)], [rater("A", TRUE), rater("B", TRUE)]):
        told = score_lines(score(KIT, sheets), lang)
        assert any("air" in line for line in told)
    assert number(0.5, lang) == ("0,50" if lang == "id" else "0.50")
    assert number(None, lang) == "–"
