"""What stands between the stages: topics beside groups, dimensions and one another, and what is heard out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kotaku_nlp.analysis.saturation.mentions import dimension_mentions, interviews_in_order, topic_mentions
from kotaku_nlp.analysis.saturation.tables import saturation, together
from kotaku_nlp.analysis.topics.family import themes, topic_family
from kotaku_nlp.analysis.topics.frame import topic_frame
from kotaku_nlp.analysis.topics.groups import topic_groups
from kotaku_nlp.records import Codebook, table

if TYPE_CHECKING:
    import pandas as pd

    from kotaku_nlp.analysis.topics.model import Topics

    Frames = Mapping[str, pd.DataFrame]


def relation_tables(
    tables: Frames,
    codebooks: Sequence[Codebook],
    model: Topics | None,
    details: Sequence[Mapping[str, Any]] = (),
    resamples: int = 1000,
    seed: int = 0,
) -> dict[str, pd.DataFrame]:
    """Return the tables named in `columns.RELATIONS`.

    :param tables: the tables of a run: passages, topics, passage_topics and alignment are read.
    :param codebooks: codebooks of the run.
    :param model: the topics, or None when there are none.
    :param details: rows of the informant table, which may date the interviews.
    :param resamples: resamples of interviews.
    :param seed: seed of every draw.
    """
    three = (tables["passages"], tables["topics"], tables["passage_topics"])
    frame = topic_frame(*three, tables["alignment"], codebooks, resamples=resamples, seed=seed)
    heard = _heard_out(tables, codebooks, details, seed)
    return {
        "topic_groups": topic_groups(*three, resamples=resamples, seed=seed),
        "topic_dimensions": frame.pairs,
        "topic_verdicts": frame.topics,
        "dimension_topics": frame.dimensions,
        **_families(tables, model),
        **heard,
    }


def _families(tables: Frames, model: Topics | None) -> dict[str, pd.DataFrame]:
    if model is None:
        return {"topic_family": table("topic_family", []), "topic_themes": table("topic_themes", [])}
    family = topic_family(model.centres, tables["topics"], tables["passages"], tables["passage_topics"])
    return {"topic_family": family, "topic_themes": themes(family)}


def _heard_out(
    tables: Frames, codebooks: Sequence[Codebook], details: Sequence[Mapping[str, Any]], seed: int
) -> dict[str, pd.DataFrame]:
    """Judge saturation of topics and of what the machine assigned; manual codes are judged with `agree`."""
    passages = tables["passages"]
    order = interviews_in_order(passages, details)
    parts = []
    if len(tables["topics"]):
        heard = topic_mentions(passages, tables["passage_topics"])
        parts.append(saturation("topic", "topics", heard, order, seed=seed))
    for book in codebooks:
        heard = dimension_mentions(passages, tables["alignment"], book.id)
        parts.append(saturation("dimension", book.id, heard, order, possible=len(book.leaves), seed=seed))
    told = together(parts)
    return {"saturation": told.table, "saturation_curve": told.curve}
