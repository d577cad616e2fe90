"""What raters answered, counted: theme by theme against chance, rater by rater on the planted controls.

Raters who miss the plain questions are shown apart: the scope "counted" leaves them out, "all" does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kotaku_nlp.coding.coefficients.alpha import krippendorff_alpha
from kotaku_nlp.coding.coefficients.kappa import gwet_ac1, percent_agreement
from kotaku_nlp.validation.asking import FEWEST_ANSWERS
from kotaku_nlp.validation.kit import FITS, Item, Kit
from kotaku_nlp.validation.returned import Returned

if TYPE_CHECKING:
    import pandas as pd

PASSED, FAILED, UNCHECKED = "passed", "failed", "unchecked"
SCOPES = ("counted", "all")
#: Plain questions a rater must have answered to be checked, and the share of them to be got right.
FEWEST_CONTROLS, CONTROLS_RIGHT = 2, 2 / 3
#: One rater cannot show that others see what the machine saw.
FEWEST_RATERS = 2
#: Chance that a passage that belongs is judged higher than one that does not, when judgements mean nothing.
_EVEN = 0.5

Row = dict[str, Any]


@dataclass(frozen=True)
class Score:
    """What came of the sheets of one set.

    :param kit: the questions.
    :param raters: rater, file, sheet, asked, answered, obvious, obvious_right, random, random_right,
        status (passed, failed, unchecked).
    :param results: scope, kind, theme, label, task, n_raters, n_items, n, right, share, low, high, chance,
        inside, outside. `low` and `high` are Wilson's bounds (1927) at 95 per cent, which take every answer
        for independent. For the task "fit" `share` is the probability that a passage of the theme is judged
        higher than one of another, and `inside` and `outside` are mean judgements (0 to 2).
    :param verdicts: theme, label, verdict, a key of the wording.
    :param agreement: scope, task, n_raters, n_items, percent, alpha, ac1, over questions about themes. The
        places of texts were drawn by chance, so that agreeing by chance is as likely as guessing right.
    :param names: theme, label, rater, status, name.
    :param answers: one row an answer, with what was shown and what was right.
    """

    kit: Kit
    raters: pd.DataFrame
    results: pd.DataFrame
    verdicts: pd.DataFrame
    agreement: pd.DataFrame
    names: pd.DataFrame
    answers: pd.DataFrame

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables by their names."""
        names = ("raters", "results", "verdicts", "agreement", "names", "answers")
        return {name: getattr(self, name) for name in names}


def score(kit: Kit, sheets: Sequence[Returned]) -> Score:
    """Count the answers of all raters.

    :param kit: the questions and their key.
    :param sheets: what came back, one rater each.
    """
    import pandas as pd

    raters = pd.DataFrame([_rater(kit, sheet) for sheet in sheets], columns=_RATER)
    status = dict(zip(raters["rater"], raters["status"], strict=True))
    answers = pd.DataFrame(list(_answers(kit, sheets, status)), columns=_ANSWER)
    scopes = {"counted": answers[answers["status"] != FAILED], "all": answers}
    results = pd.DataFrame(
        [row | {"scope": scope} for scope in SCOPES for row in _results(kit, scopes[scope])], columns=_RESULT
    )
    agreement = pd.DataFrame(
        [row | {"scope": scope} for scope in SCOPES for row in _agreement(kit, scopes[scope])],
        columns=_AGREED,
    )
    verdicts = pd.DataFrame(list(_verdicts(kit, results)), columns=["theme", "label", "verdict"])
    named = answers[answers["task"] == "name"].rename(columns={"answer": "name"})
    names = named.sort_values(["theme", "rater"])[["theme", "label", "rater", "status", "name"]]
    return Score(kit, raters, results, verdicts, agreement, names.reset_index(drop=True), answers)


_RATER = [
    "rater", "file", "sheet", "asked", "answered", "obvious", "obvious_right", "random", "random_right",
    "status",
]  # fmt: skip
_ANSWER = [
    "rater", "file", "status", "number", "task", "kind", "theme", "label", "item", "value", "answer",
    "source", "expected", "right",
]  # fmt: skip
_RESULT = [
    "scope", "kind", "theme", "label", "task", "n_raters", "n_items", "n", "right", "share", "low", "high",
    "chance", "inside", "outside",
]  # fmt: skip
_AGREED = ["scope", "task", "n_raters", "n_items", "percent", "alpha", "ac1"]


def _rater(kit: Kit, sheet: Returned) -> Row:
    """Return how one rater did on the planted controls."""
    row: Row = {"rater": sheet.rater, "file": sheet.file, "sheet": sheet.sheet.code}
    row |= {"asked": len(sheet.sheet.questions), "answered": len(sheet.answers)}
    for kind in ("obvious", "random"):
        met = [item for item in kit.items if item.kind == kind and item.id in sheet.answers]
        row |= {kind: len(met), f"{kind}_right": sum(sheet.answers[item.id] == item.right for item in met)}
    enough = row["obvious"] >= FEWEST_CONTROLS
    good = row["obvious_right"] >= CONTROLS_RIGHT * row["obvious"]
    return row | {"status": UNCHECKED if not enough else PASSED if good else FAILED}


def _answers(kit: Kit, sheets: Sequence[Returned], status: Mapping[str, str]) -> Iterator[Row]:
    items = {item.id: item for item in kit.items}
    for sheet in sheets:
        for question in sheet.sheet.questions:
            if question.item not in sheet.answers:
                continue
            item, value = items[question.item], sheet.answers[question.item]
            yield {
                "rater": sheet.rater, "file": sheet.file, "status": status[sheet.rater],
                "number": question.number, "task": item.task, "kind": item.kind, "theme": item.theme,
                "label": kit.themes.get(item.theme, ""), "item": item.id, "value": value,
                **_told(item, value),
            }  # fmt: skip


def _told(item: Item, value: Any) -> Row:
    """Return an answer in words, where it is from, what was expected, and whether it is that."""
    if item.task in ("words", "passages") and item.right is not None:
        chosen = {"answer": item.texts[value], "source": item.sources[value]}
        return chosen | {"expected": item.texts[item.right], "right": value == item.right}
    source = " ".join(item.sources)
    if item.task == "fit":
        # between the ends a judgement is neither: it counts in the means alone
        return {
            "answer": str(value),
            "source": source,
            "expected": str(item.right),
            "right": value == item.right,
        }
    return {"answer": str(value), "source": source, "expected": "", "right": None}


def _results(kit: Kit, answers: pd.DataFrame) -> Iterator[Row]:
    """Yield one row a theme and task that was asked, also where nobody answered; then the controls."""
    asked = {(item.kind, item.theme if item.kind == "real" else "", item.task): None for item in kit.items}
    for kind, theme, task in asked:
        if task == "name":
            continue
        own = answers[(answers["kind"] == kind) & (answers["task"] == task)]
        own = own[own["theme"] == theme] if kind == "real" else own
        row: Row = {"kind": kind, "theme": theme, "label": kit.themes.get(theme, ""), "task": task}
        row |= {"n_raters": own["rater"].nunique(), "n_items": own["item"].nunique(), "n": len(own)}
        yield row | (_fit(own) if (kind, task) == ("real", "fit") else _share(kit, own))


def _share(kit: Kit, answers: pd.DataFrame) -> Row:
    """Return the share of right answers with its bounds, and what guessing would give."""
    from scipy.stats import binomtest

    n, right = len(answers), int(answers["right"].astype(bool).sum())
    if not n:
        return {"right": 0}
    bounds = binomtest(right, n).proportion_ci(method="wilson")
    chance = sum(kit.item(name).chance for name in answers["item"]) / n
    return {"right": right, "share": right / n, "low": bounds.low, "high": bounds.high, "chance": chance}


def _fit(answers: pd.DataFrame) -> Row:
    """Return how far judgements part what belongs from what does not, every rater on a scale of their own."""
    import numpy as np

    higher: list[float] = []
    for _, own in answers.groupby("rater"):
        values = own["value"].to_numpy(dtype=float)
        belongs = (own["expected"] != "0").to_numpy(dtype=bool)
        apart = values[belongs][:, None] - values[~belongs][None, :]
        higher += ((np.sign(apart) + 1) / 2).ravel().tolist()
    sides = {
        name: float(answers.loc[side, "value"].astype(float).mean()) if side.any() else None
        for name, side in (("inside", answers["expected"] != "0"), ("outside", answers["expected"] == "0"))
    }
    return {"share": float(np.mean(higher)) if higher else None, "chance": _EVEN, **sides}


def _agreement(kit: Kit, answers: pd.DataFrame) -> Iterator[Row]:
    """Yield how far raters agree, task by task, over the questions that two or more of them answered."""
    for task in ("words", "passages", "fit"):
        items = [item for item in kit.items if item.task == task and item.kind == "real"]
        own = answers[(answers["kind"] == "real") & (answers["task"] == task)]
        own = own[own.groupby("item")["rater"].transform("nunique") >= FEWEST_RATERS]
        if own.empty:
            continue
        people = sorted(own["rater"].unique())
        given = {(row["rater"], row["item"]): row["value"] for row in own.to_dict("records")}
        ratings = [[given.get((who, item.id)) for item in items] for who in people]
        choices = len(FITS) if task == "fit" else max(len(item.texts) for item in items)
        yield {
            "task": task, "n_raters": len(people), "n_items": own["item"].nunique(),
            "percent": percent_agreement(ratings),
            "alpha": krippendorff_alpha(ratings, "ordinal" if task == "fit" else "nominal"),
            "ac1": gwet_ac1(ratings, choices),
        }  # fmt: skip


def _verdicts(kit: Kit, results: pd.DataFrame) -> Iterator[Row]:
    """Yield what can be said of each theme, by the raters who count."""
    counted = results[(results["scope"] == "counted") & (results["kind"] == "real")]
    for theme, label in kit.themes.items():
        own = {row["task"]: row for row in counted[counted["theme"] == theme].to_dict("records")}
        states = {task: _state(own[task]) for task in ("words", "passages") if task in own}
        yield {"theme": theme, "label": label, "verdict": _verdict(states)}


def _state(row: Mapping[Any, Any]) -> str:
    if row["n"] < FEWEST_ANSWERS or row["n_raters"] < FEWEST_RATERS:
        return "few"
    return "seen" if row["low"] > row["chance"] else "unseen"


def _verdict(states: Mapping[str, str]) -> str:
    """Return the key of a verdict: tasks with too few answers say nothing for or against."""
    seen = [task for task, state in states.items() if state == "seen"]
    unseen = [task for task, state in states.items() if state == "unseen"]
    if not states:
        return "validation_verdict_unasked"
    if not seen:
        return "validation_verdict_reread" if unseen else "validation_verdict_few"
    return f"validation_verdict_{seen[0]}" if unseen else "validation_verdict_seen"
