"""The tables a reader opens: every number beside the ids of the passages it stands on, best first.

Nothing is estimated here; rows of the run's tables are counted, joined and put in order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kotaku_nlp.analysis.presence import HEARD, MODEL
from kotaku_nlp.analysis.profiles import assigned_dimensions, spoken
from kotaku_nlp.analysis.topics.quotes import quote_order
from kotaku_nlp.records import ASPECTS, GROUPS, PHASES, UNKNOWN, Codebook

if TYPE_CHECKING:
    import pandas as pd

    Frames = Mapping[str, pd.DataFrame]

#: Over all groups together; such rows carry no interval.
ALL = "all"
_POLARITIES = ("positive", "mixed", "negative", "neutral", "uncertain")
_STATUSES = ("involved", "excluded", "contractual", "mentioned")


def evidence_tables(
    tables: Frames, codebooks: Sequence[Codebook], details: Sequence[Mapping[str, Any]] = ()
) -> dict[str, pd.DataFrame]:
    """Return the tables informants, involvement, dimensions, aspects, topics and quotes.

    Columns that end in `ids` hold passage ids separated by blanks, the most telling first.

    :param tables: the tables of a run, by name.
    :param codebooks: codebooks of the run, which give the order of dimensions.
    :param details: rows of the informant table: transcript, informant and whatever else it said.
    """
    return {
        "informants": _informants(tables, details),
        "involvement": _involvement(tables),
        "dimensions": _dimensions(tables, codebooks),
        "aspects": _aspects(tables),
        "topics": _topics(tables),
        "quotes": _quotes(tables, codebooks),
    }


def _informants(tables: Frames, details: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    passages = spoken(tables["passages"])
    words = passages["text"].map(lambda text: len(text.split()))
    found = (
        passages.assign(words=words, low=passages["low_evidence"].astype(int))
        .groupby(["transcript", "informant", "group", "role", "kind"], dropna=False, sort=True)
        .agg(n_turns=("turn", "nunique"), n_passages=("passage_id", "size"),
             n_words=("words", "sum"), n_low_evidence=("low", "sum"))
        .reset_index()
    )  # fmt: skip
    if not details:
        return found
    keys, told = ["transcript", "informant"], pd.DataFrame(list(details))
    extra = told[[*keys, *(column for column in told.columns if column not in found.columns)]]
    return found.merge(extra.drop_duplicates(keys), on=keys, how="left")


def _involvement(tables: Frames) -> pd.DataFrame:
    import pandas as pd

    counted = spoken(tables["passages"])[["passage_id", "informant", "transcript"]]
    found = counted.merge(tables["involvement"], on="passage_id")
    rows = []
    for group in GROUPS:
        for phase in PHASES:
            here = found[(found["actor_group"] == group) & (found["phase"] == phase)]
            by_status = {status: here[here["status"] == status] for status in _STATUSES}
            involved, excluded = by_status["involved"], by_status["excluded"]
            row: dict[str, Any] = {"actor_group": group, "phase": phase}
            row["n_involved_informants"] = involved["informant"].nunique()
            row["n_involved_passages"] = involved["passage_id"].nunique()
            row["n_involved_interviews"] = involved["transcript"].nunique()
            row["n_self_informants"] = involved.loc[involved["said_by"] == "self", "informant"].nunique()
            row["n_excluded_informants"] = excluded["informant"].nunique()
            for status in _STATUSES[1:]:
                row[f"n_{status}_passages"] = by_status[status]["passage_id"].nunique()
            for status, part in by_status.items():
                row[f"{status}_ids"] = _ids(_most_telling(part))
            rows.append(row)
    return pd.DataFrame(rows)


def _most_telling(part: pd.DataFrame) -> pd.DataFrame:
    """Put what words say before what a model heard, and what people say of themselves before hearsay."""
    guessed = part["rule"].astype(str).str.endswith((MODEL, HEARD))
    order = ["guessed", "said_by", "passage_id"]
    return part.assign(guessed=guessed).sort_values(order, ascending=[True, False, True])


def _dimensions(tables: Frames, codebooks: Sequence[Codebook]) -> pd.DataFrame:
    import pandas as pd

    counted = spoken(tables["passages"])[["passage_id", "informant", "group"]]
    hits = counted.merge(assigned_dimensions(tables["alignment"]), on="passage_id")
    profile = tables["profile"][tables["profile"]["measure"] == "dimension"]
    people = counted["informant"].nunique()
    rows = []
    for codebook in codebooks:
        for name in (leaf.id for leaf in codebook.leaves):
            here = hits[(hits["codebook"] == codebook.id) & (hits["dimension"] == name)]
            here = here.sort_values(["probability", "passage_id"], ascending=[False, True])
            of_groups = profile[(profile["codebook"] == codebook.id) & (profile["name"] == name)]
            for known in of_groups.to_dict("records"):
                rows.append(known | {"passage_ids": _ids(here[here["group"] == known["group"]])})
            n = here["informant"].nunique()
            rows.append({
                "codebook": codebook.id, "name": name, "group": ALL,
                "n_passages": here["passage_id"].nunique(),
                "n_informants": n, "n_group_informants": people, "value": n / people if n else None,
                "passage_ids": _ids(here),
            })  # fmt: skip
    columns = ["codebook", "dimension", "group", "n_passages", "n_informants", "n_group_informants",
               "value", "low", "high", "passage_ids"]  # fmt: skip
    return pd.DataFrame(rows).rename(columns={"name": "dimension"}).reindex(columns=columns)


def _aspects(tables: Frames) -> pd.DataFrame:
    import pandas as pd

    counted = spoken(tables["passages"])[["passage_id", "informant", "transcript", "group"]]
    tones = counted.merge(tables["aspects"], on="passage_id")
    tones = tones.assign(tone=tones["p_positive"] - tones["p_negative"])
    profile = tables["profile"][tables["profile"]["measure"] == "aspect"]
    known = {(row["name"], row["group"]): row for row in profile.to_dict("records")}
    rows = []
    for aspect in ASPECTS:
        of_aspect = tones[tones["aspect"] == aspect]
        for group in (*dict.fromkeys(profile["group"]), ALL):
            here = of_aspect if group == ALL else of_aspect[of_aspect["group"] == group]
            estimate = known.get((aspect, group)) or _tone_of_all(here)
            rows.append({"aspect": aspect, "group": group} | estimate | _poles(here))
    columns = ["aspect", "group", "n_passages", *(f"n_{pole}" for pole in _POLARITIES), "n_no_evidence",
               "n_informants", "n_interviews", "n_group_informants", "value", "value_by_informant", "low",
               "high", *(f"{pole}_ids" for pole in _POLARITIES)]  # fmt: skip
    return pd.DataFrame(rows).reindex(columns=columns)


def _poles(here: pd.DataFrame) -> dict[str, Any]:
    """Count and list the passages of each polarity, the clearest first."""
    found: dict[str, Any] = {}
    for pole in _POLARITIES:
        part = here[here["polarity"] == pole]
        part = part.assign(clear=-part["tone"].abs()).sort_values(["clear", "passage_id"])
        found |= {f"n_{pole}": part["passage_id"].nunique(), f"{pole}_ids": _ids(part)}
    return found


def _tone_of_all(here: pd.DataFrame) -> dict[str, Any]:
    said = here[here["tone"].notna()]
    return {
        "n_passages": len(said),
        "n_informants": said["informant"].nunique(),
        "n_interviews": said["transcript"].nunique(),
        "n_group_informants": here["informant"].nunique(),
        "n_no_evidence": len(here) - len(said),
        "value": said["tone"].mean() if len(said) else None,
        "value_by_informant": said.groupby("informant")["tone"].mean().mean() if len(said) else None,
    }


def _topics(tables: Frames) -> pd.DataFrame:
    counted = spoken(tables["passages"])[["passage_id", "group"]]
    members = counted.merge(tables["passage_topics"], on="passage_id")
    members = members[members["status"] != "unassigned"]
    ordered = quote_order(tables["passages"], tables["passage_topics"])
    ids = {topic: " ".join(order) for topic, order in ordered.items()}
    columns = ["topic", "label", "words", "size", "stability", "n_informants", "n_interviews"]
    topics = tables["topics"][columns]
    said = members.groupby(["topic", "group"]).size()
    by_group = {f"n_{group}": [int(said.get((topic, group), 0)) for topic in topics["topic"]]
                for group in (*GROUPS, UNKNOWN)}  # fmt: skip
    return topics.assign(**by_group, passage_ids=[ids.get(topic, "") for topic in topics["topic"]])


def _quotes(tables: Frames, codebooks: Sequence[Codebook]) -> pd.DataFrame:
    quotes = tables["passages"].drop(columns=["start", "end", "speaker", "dialect_share"])
    hits = assigned_dimensions(tables["alignment"])
    for codebook in codebooks[:1]:
        own = hits[hits["codebook"] == codebook.id].sort_values("probability", ascending=False, kind="stable")
        quotes = quotes.assign(
            dimensions=quotes["passage_id"].map(own.groupby("passage_id")["dimension"].agg("; ".join))
        )
    told = tables["aspects"][tables["aspects"]["polarity"] != "absent"]
    told = told.assign(both=told["aspect"].astype(str) + ": " + told["polarity"].astype(str))
    placed = tables["passage_topics"][tables["passage_topics"]["status"] != "unassigned"]
    quotes = quotes.assign(
        aspects=quotes["passage_id"].map(told.groupby("passage_id")["both"].agg("; ".join)),
        topic=quotes["passage_id"].map(placed.drop_duplicates("passage_id").set_index("passage_id")["topic"]),
    ).astype({"topic": "Int64"})
    columns = ["passage_id", "transcript", "turn", "informant", "role", "group", "kind", "dimensions",
               "aspects", "topic", "low_evidence", "question", "text"]  # fmt: skip
    return quotes.reindex(columns=columns)


def _ids(part: pd.DataFrame) -> str:
    return " ".join(dict.fromkeys(part["passage_id"].astype(str)))
