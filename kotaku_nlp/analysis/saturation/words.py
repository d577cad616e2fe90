"""What the tables of saturation say, in sentences for the draft of a thesis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kotaku_nlp.analysis.evidence import ALL
from kotaku_nlp.analysis.saturation.guest import RULES
from kotaku_nlp.analysis.saturation.tables import REASON, Kind
from kotaku_nlp.messages import say
from kotaku_nlp.records import GROUPS

if TYPE_CHECKING:
    import pandas as pd

#: The rule that sentences speak of; the table holds the others.
TOLD = RULES[0]


def method_sentences(table: pd.DataFrame, lang: str) -> tuple[str, ...]:
    """Return how saturation was counted, and what it must not be taken for.

    :param table: the table "saturation".
    :param lang: "id" or "en".
    :return: nothing for an empty table.
    """
    if table.empty:
        return ()
    kinds, by_date = set(table["kind"]), set(table["ordered_by"]) == {"date"}
    threshold = _percent(TOLD.threshold, lang)
    return (
        say("saturation_method", lang, base=TOLD.base, run=TOLD.run, threshold=threshold),
        say("saturation_method_date" if by_date else "saturation_method_file", lang),
        say("saturation_method_meaning", lang),
        *(say(f"saturation_method_{kind}", lang) for kind in ("topic", "dimension", "code") if kind in kinds),
    )


def result_sentences(
    table: pd.DataFrame, kind: Kind, name: str, lang: str, title: str = ""
) -> tuple[str, ...]:
    """Return what came out for one set of themes: over all interviews, what is unheard, and per group.

    :param table: the table "saturation".
    :param kind: what the themes are.
    :param name: codebook or coder, as in the table.
    :param lang: "id" or "en".
    :param title: what a reader calls the codebook or coder; `name` when left out.
    :return: nothing where the table does not hold that set.
    """
    groups = {row["group"]: row for row in _rows(table, kind, name)}
    if ALL not in groups:
        return ()
    found = groups[ALL]
    what = say(f"saturation_what_{kind}", lang, title=title or name)
    return (*_overall(found, what, lang), *_unseen(found, lang), *_by_group(groups, lang))


def _overall(row: Mapping[str, Any], what: str, lang: str) -> Iterator[str]:
    """Yield the sentence on the order in which the interviews were held, and on other orders."""
    yield say(
        f"saturation_result_{_outcome(row)}", lang,
        what=what, themes=row["n_themes"], n=row["n_interviews"], reached=row["reached"],
        base=TOLD.base, run=TOLD.run, fewest=TOLD.fewest,
        ratio=_percent(row["ratio"] or 0.0, lang),
    )  # fmt: skip
    if row["share_reached"] is None:
        return
    key = "rare" if row["reached_median"] is None else "open" if row["reached_high"] is None else ""
    yield say(
        f"saturation_orders_{key}" if key else "saturation_orders", lang,
        orders=_count(row["n_orders"], lang), share=_percent(row["share_reached"], lang),
        median=row["reached_median"], low=row["reached_low"], high=row["reached_high"],
    )  # fmt: skip


def _unseen(row: Mapping[str, Any], lang: str) -> Iterator[str]:
    """Yield how many themes may be unheard, where that was estimated."""
    if row["chao2"] is None:
        return
    unseen, low, high = (round(row[end] - row["n_themes"]) for end in ("chao2", "chao2_low", "chao2_high"))
    coverage = _percent(row["coverage"], lang)
    if high:
        yield say("saturation_unseen", lang, unseen=unseen, low=low, high=high, coverage=coverage)
    else:
        yield say("saturation_unseen_none", lang)


def _by_group(groups: Mapping[str, Mapping[str, Any]], lang: str) -> Iterator[str]:
    """Yield the groups in one sentence; with a single one it would repeat what was said of all."""
    known = [group for group in GROUPS if group in groups]
    if len(known) < 2:
        return
    told = (
        say(
            f"saturation_group_{_outcome(groups[group])}", lang,
            group=say(f"report_group_{group}", lang), run=TOLD.run,
            reached=groups[group]["reached"], n=groups[group]["n_interviews"],
        )
        for group in known
    )  # fmt: skip
    yield say("saturation_groups", lang, groups="; ".join(told))


def _outcome(row: Mapping[str, Any]) -> str:
    return str(row["reason"]).removeprefix(REASON) if row["reason"] else "reached"


def _rows(table: pd.DataFrame, kind: str, name: str) -> list[dict[Any, Any]]:
    """Return the rows of one set of themes under the rule told, nulls as None."""
    of_rule = (
        (table["base"] == TOLD.base) & (table["run"] == TOLD.run) & (table["threshold"] == TOLD.threshold)
    )
    own = table[(table["kind"] == kind) & (table["name"] == name) & of_rule].astype(object)
    return own.where(own.notna(), None).to_dict("records")


def _count(number: int, lang: str) -> str:
    """Return a count with its thousands parted: 1.000 in Indonesian, 1,000 in English."""
    text = f"{number:,}"
    return text.replace(",", ".") if lang == "id" else text


def _percent(share: float, lang: str) -> str:
    """Return a percentage with one decimal where it needs one: 5.4% is above a threshold of 5%."""
    text = f"{100 * share:.1f}".removesuffix(".0")
    return text.replace(".", ",") if lang == "id" else text
