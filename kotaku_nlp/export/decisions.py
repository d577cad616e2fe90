"""The reread queue as a sheet for a person to decide on, and the decisions read back from it.

The sheet does not say which rows were drawn blindly, nor how sure the queue was: whoever decides should not
know. A run keeps a sheet in which something was decided.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kotaku_nlp.coding.reread import DECISIONS, describe
from kotaku_nlp.corpus.lexicon import key
from kotaku_nlp.corpus.sheets import read_sheet
from kotaku_nlp.errors import CodingError
from kotaku_nlp.records import Analysis, Codebook
from kotaku_nlp.store import write_csv

if TYPE_CHECKING:
    import pandas as pd

SHEET = "reread.csv"
COLUMNS = (
    "rank", "coder", "transcript", "turn", "code", "doubt", "text", "agreeing", "contradicting",
    "decision", "reason", "passage_id",
)  # fmt: skip
#: What a person may write, and what it means.
_WORDS = {
    "tetap": "keep",
    "ambil": "take",
    "ubah": "recode",
    "perjelas": "refine",
    "ragu": "undecidable",
} | {word: word for word in DECISIONS}


def write_decision_sheet(
    queue: pd.DataFrame, analysis: Analysis, codebook: Codebook, path: Path, lang: str = "id"
) -> None:
    """Write the queue as a sheet with two empty columns, decision and reason.

    :param queue: the table "reread".
    :param analysis: the run that it belongs to.
    :param codebook: codebook of the codes.
    :param path: the CSV file.
    :param lang: language of the doubts.
    """
    passages = analysis.passages.set_index("passage_id")
    texts = passages["text"]
    sheet = queue.assign(
        transcript=queue["passage_id"].map(passages["transcript"]),
        turn=queue["passage_id"].map(passages["turn"]),
        text=queue["passage_id"].map(texts),
        doubt=[describe(row, codebook, lang) for row in queue.to_dict("records")],
        agreeing=queue["agreeing"].map(texts).fillna(""),
        contradicting=queue["contradicting"].map(texts).fillna(""),
        decision="",
        reason="",
    )
    write_csv(sheet[list(COLUMNS)], path)


def read_decisions(path: Path) -> pd.DataFrame:
    """Return what a person filled in; rows with neither a decision nor a reason are left out.

    :param path: a sheet that `write_decision_sheet` wrote.
    :return: DataFrame passage_id, code, coder, decision (one of `DECISIONS`, empty where only a reason was
        written), reason; without coder where the sheet has no such column.
    :raises CodingError: when a decision is none of the known words; the message names the row.
    :raises CorpusError: when the file cannot be read.
    """
    import pandas as pd

    sheet = read_sheet(path, path.name, (), ("passage_id", "code", "decision"))
    columns = ["passage_id", "code", *(["coder"] if "coder" in sheet.columns else []), "decision", "reason"]
    rows = []
    for row in sheet.rows:
        said = row["decision"]
        if not (said or row["reason"]):
            continue
        if said and key(said) not in _WORDS:
            known = ", ".join(word for word in _WORDS if word not in DECISIONS)
            raise CodingError("decision_unknown", f"{path.name}, row {row.line}", said=said, known=known)
        rows.append({name: row[name] for name in columns} | {"decision": _WORDS[key(said)] if said else ""})
    return pd.DataFrame(rows, columns=columns, dtype="string")
