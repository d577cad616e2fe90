"""The report as one plain dict: everything the page shows, before any markup.

Numbers come from the run's tables as they are; here they get a name, a language and the
passages they open to.
"""

from __future__ import annotations

from typing import Any

from kotaku_nlp.records import GROUPS, KINDS, UNKNOWN, Analysis
from kotaku_nlp.report.frames import rows
from kotaku_nlp.report.heard_out import heard_out
from kotaku_nlp.report.involvement import involvement
from kotaku_nlp.report.labels import Labels, in_order
from kotaku_nlp.report.matrix import dimensions
from kotaku_nlp.report.method import method, version
from kotaku_nlp.report.panels import Panels
from kotaku_nlp.report.quotes import quotes
from kotaku_nlp.report.reading import informants, problems, reading
from kotaku_nlp.report.sheets import sheet_names
from kotaku_nlp.report.tones import tones
from kotaku_nlp.report.topics import topics
from kotaku_nlp.report.voices import voices

#: Figures of a run folder, in the order of the page.
FIGURES = ("dimensions", "aspects", "topics", "saturation")


def summarise(analysis: Analysis, lang: str = "id") -> dict[str, Any]:
    """Return what the report says.

    :param analysis: a run.
    :param lang: "id" or "en".
    :return: plain values only; `panels` maps the key of every number to the title and the places
        in `quotes` that it opens, `labels` the names the page needs when it shows a quote.
    """
    labels = Labels(lang, analysis.codebooks)
    found = quotes(analysis)
    panels = Panels({quote["id"]: place for place, quote in enumerate(found)})
    read = reading(analysis, labels, panels, found)
    summary = {
        "lang": lang,
        "corpus": analysis.corpus_name,
        "invented": bool(analysis.manifest.get("invented")),
        "version": version(analysis),
        "reading": read,
        "problems": problems(analysis, labels),
        "involvement": involvement(analysis, labels, panels, read["n_informants"]),
        "tones": tones(analysis, labels, panels, found),
        "voices": voices(analysis, labels, panels, found),
        "dimensions": dimensions(analysis, labels, panels),
        "topics": topics(analysis, labels, panels, found),
        "saturation": heard_out(analysis, labels),
        "informants": informants(analysis, labels, panels, found),
        "apart": _apart(labels, panels, found),
        "method": method(analysis, labels),
        "filters": _filters(labels, found, analysis),
        "files": {"tables": sheet_names(analysis), "figures": list(FIGURES)},
        "quotes": found,
    }
    return summary | {"panels": panels.entries, "labels": _names(labels, found, analysis)}


def _apart(labels: Labels, panels: Panels, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Observation and document passages, source by source."""
    sources: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for quote in found:
        if quote["apart"]:
            sources.setdefault((quote["transcript"], quote["kind"]), []).append(quote)
    shown = []
    for (name, kind), passages in sources.items():
        text = labels.say("apart_more", n=labels.count(len(passages)))
        number = panels.number(text, name, [quote["id"] for quote in passages])
        shown.append(
            {"name": name, "kind": labels.name("kind", kind), "quotes": passages[:3], "number": number}
        )
    return shown


def _filters(labels: Labels, found: list[dict[str, Any]], analysis: Analysis) -> dict[str, Any]:
    """Choices of the quote browser: only what occurs, in the order of the tables."""
    speech = [quote for quote in found if not quote["apart"]]
    used = {name for quote in speech for name in quote["dimensions"]}
    books = []
    for book in analysis.codebooks:
        names = [f"{book.id}:{each.id}" for each in book.dimensions if f"{book.id}:{each.id}" in used]
        if names:
            choices = [(name, labels.dimension(*name.split(":", 1))) for name in names]
            books.append({"title": labels.codebook(book.id), "choices": choices})
    aspects = sorted({name for quote in speech for name in quote["aspects"]})
    roles = {quote["informant"]: quote["role"] for quote in speech}
    return {
        "groups": [(group, labels.name("group", group)) for group in in_order({q["group"] for q in speech})],
        "dimensions": books,
        "aspects": _aspect_choices(aspects, labels),
        "topics": _topic_choices(analysis),
        "informants": [(name, f"{name} · {roles[name]}" if roles[name] else name) for name in sorted(roles)],
    }


def _aspect_choices(names: list[str], labels: Labels) -> list[dict[str, Any]]:
    grouped: dict[str, list[tuple[str, str]]] = {}
    for name in names:
        aspect, polarity = name.split(":", 1)
        grouped.setdefault(aspect, []).append((name, labels.name("polarity", polarity)))
    return [
        {"aspect": aspect, "title": labels.name("aspect", aspect), "choices": choices}
        for aspect, choices in grouped.items()
    ]


def _names(labels: Labels, found: list[dict[str, Any]], analysis: Analysis) -> dict[str, str]:
    """Names of the labels that stand on quotes: `g:`, `k:`, `d:`, `a:` and `t:` keys."""
    names = {f"g:{group}": labels.name("group", group) for group in (*GROUPS, UNKNOWN)}
    names |= {f"k:{kind}": labels.name("kind", kind) for kind in KINDS}
    for quote in found:
        for name in quote["dimensions"]:
            names[f"d:{name}"] = labels.dimension(*name.split(":", 1))
        for name in quote["aspects"]:
            aspect, polarity = name.split(":", 1)
            names[f"a:{name}"] = f"{labels.name('aspect', aspect)}: {labels.name('polarity', polarity)}"
    return names | {f"t:{topic}": label for topic, label in _topic_choices(analysis)}


def _topic_choices(analysis: Analysis) -> list[tuple[str, str]]:
    return [
        (str(row["topic"]), row["label"] or row["words"] or str(row["topic"]))
        for row in rows(analysis.topics)
        if row["topic"] >= 0
    ]
