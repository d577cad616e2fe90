"""What is validated: the topics of a run, or the dimensions of a codebook, with their passages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kotaku_nlp.analysis.topics.model import CORE, UNASSIGNED
from kotaku_nlp.errors import RunError
from kotaku_nlp.records import OUT_OF_FRAMEWORK, SPOKEN_KINDS, Analysis
from kotaku_nlp.report.frames import rows

#: What is asked about when no codebook is named.
TOPICS = "topics"


@dataclass(frozen=True)
class Passage:
    """What one informant said; `text` is cut from the transcript, `sure` marks what the theme rests on."""

    id: str
    informant: str
    text: str
    sure: bool

    @property
    def length(self) -> int:
        """Number of words."""
        return len(self.text.split())


@dataclass(frozen=True)
class Theme:
    """A topic or a code.

    :param key: its number or id, as the tables of the run have it.
    :param label: its name for the researcher; raters never see it.
    :param words: its words, strongest first; a code has none.
    :param passages: what informants said that belongs to it, in the order of their ids.
    """

    key: str
    label: str
    words: tuple[str, ...]
    passages: tuple[Passage, ...]


def topic_themes(analysis: Analysis) -> tuple[Theme, ...]:
    """Return the topics of a run.

    Only what informants say counts; observations, documents and thin passages are left out.

    :param analysis: a run.
    """
    placed = analysis.passage_topics[analysis.passage_topics["status"] != UNASSIGNED]
    members = ((str(row["topic"]), row["passage_id"], row["status"] == CORE) for row in rows(placed))
    passages = _gathered(analysis, members)
    return tuple(
        Theme(
            str(row["topic"]), row["label"] or "", _words(row["words"]), passages.get(str(row["topic"]), ())
        )
        for row in sorted(rows(analysis.topics), key=lambda row: row["topic"])
    )


def code_themes(analysis: Analysis, codebook: str, lang: str = "id") -> tuple[Theme, ...]:
    """Return the dimensions of a codebook to which the machine assigned passages.

    :param analysis: a run.
    :param codebook: id of one of its codebooks.
    :param lang: language of the labels.
    :raises RunError: when the run was not aligned with this codebook.
    """
    book = next((book for book in analysis.codebooks if book.id == codebook), None)
    if book is None:
        known = ", ".join(book.id for book in analysis.codebooks)
        raise RunError("validation_no_codebook", codebook, known=known)
    table = analysis.alignment
    assigned = rows(table[(table["codebook"] == codebook) & table["assigned"]])
    members = (
        (row["dimension"], row["passage_id"], not row["abstained"])
        for row in assigned
        if row["dimension"] != OUT_OF_FRAMEWORK
    )
    passages = _gathered(analysis, members)
    leaves = [leaf for leaf in book.leaves if leaf.id in passages]
    return tuple(Theme(leaf.id, leaf.name(lang), (), passages[leaf.id]) for leaf in leaves)


def foreign(theme: Theme, others: Iterable[Theme]) -> dict[str, tuple[Passage, ...]]:
    """Return what surely does not belong to a theme: theme → its passages that are none of this one's.

    :param theme: the theme.
    :param others: themes; the theme itself may be among them.
    """
    own = {passage.id for passage in theme.passages} | {same_text(passage) for passage in theme.passages}
    return {
        other.key: tuple(p for p in other.passages if p.id not in own and same_text(p) not in own)
        for other in others
        if other.key != theme.key
    }


def same_text(passage: Passage) -> str:
    """Return the form under which two passages say the same."""
    return " ".join(passage.text.casefold().split())


def _words(cell: str | None) -> tuple[str, ...]:
    return tuple(word for part in (cell or "").split(",") if (word := part.strip()))


def _gathered(
    analysis: Analysis, members: Iterable[tuple[str, str, bool]]
) -> Mapping[str, tuple[Passage, ...]]:
    """Return theme → its passages, from theme, passage id and whether it is a sure one."""
    said = _said(analysis)
    found: dict[str, dict[str, Passage]] = defaultdict(dict)
    for key, passage, sure in members:
        if passage in said:
            informant, text = said[passage]
            found[key][passage] = Passage(passage, informant, text, sure)
    return {key: _in_order(tuple(own.values())) for key, own in found.items()}


def _said(analysis: Analysis) -> dict[str, tuple[str, str]]:
    """Return passage → informant and words, of what informants say at some length."""
    texts = dict(zip(analysis.transcripts["transcript"], analysis.transcripts["text"], strict=True))
    return {
        row["passage_id"]: (row["informant"], texts[row["transcript"]][row["start"] : row["end"]])
        for row in rows(analysis.passages)
        if row["kind"] in SPOKEN_KINDS and row["informant"] and not row["low_evidence"]
    }


def _in_order(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    return tuple(sorted(passages, key=lambda passage: passage.id))
