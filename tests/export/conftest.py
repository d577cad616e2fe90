"""An invented run of two interviews and a note, small enough to count by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from kotaku_nlp.analysis.evidence import evidence_tables
from kotaku_nlp.coding.codebook import parse_codebook
from kotaku_nlp.records import TABLES, Analysis, Coding, Embeddings, table

BOOK = parse_codebook(
    """
id: kerja
title: {id: Kerja bersama, en: Working together}
source: Karangan (2024)
dimensions:
  - {id: proses, label: {id: Proses, en: Process}, definition: cara bekerja}
  - {id: percaya, parent: proses, label: {id: Percaya, en: Trust}, definition: saling percaya}
  - {id: dialog, parent: proses, label: {id: Dialog, en: Dialogue}, definition: bertemu muka}
  - {id: aturan, label: {id: Aturan, en: Rules}, definition: siapa boleh apa}
"""
)
TALKS = {
    "w1": [("P", None, "Bagaimana rapatnya?"), ("I1", "I1", "Kami 🙏 duduk bersama, é lama. Kami percaya."),
           ("I1", "I1", "=SUM(A1) kata bendahara,\tbegitu.")],
    "w2": [("P", None, "Dan aturannya?"), ("I2", "I2", "Aturan dari kota, kami ikut saja.")],
    "catatan": [("", None, "Rapat mulai terlambat.")],
}  # fmt: skip
#: passage → the codes that the machine assigned to it
ASSIGNED = {"w1:2": ("dialog", "percaya"), "w2:2": ("aturan",)}
KINDS = {"w1": "interview", "w2": "interview", "catatan": "observation"}
GROUPS = {"I1": ("community", "Ketua RT"), "I2": ("government", "Lurah")}


def text_of(talk):
    return "\n\n".join(f"{label}: {said}" if label else said for label, _, said in talk)


def core():
    made = {name: [] for name in TABLES}
    for name, talk in TALKS.items():
        text, at = text_of(talk), 0
        made["transcripts"].append({
            "transcript": name, "path": f"transcripts/{name}.txt", "sha256": "0" * 64, "kind": KINDS[name],
            "language": "id", "text": text,
        })  # fmt: skip
        for turn, (label, informant, said) in enumerate(talk, start=1):
            start = text.index(said, at)
            at = start + len(said)
            place = {"transcript": name, "turn": turn, "speaker": label, "informant": informant,
                     "start": start, "end": at}  # fmt: skip
            made["turns"].append(place | {"is_interviewer": label == "P", "time": None})
            if label != "P":
                made["passages"].append(passage(place, said))
                made["alignment"] += readings(made["passages"][-1])
    return {name: table(name, made[name]) for name in TABLES}


def passage(place, said):
    group, role = GROUPS.get(place["informant"], ("unknown", ""))
    return place | {
        "passage_id": f"{place['transcript']}:{place['turn']}", "role": role, "group": group,
        "kind": KINDS[place["transcript"]], "low_evidence": False, "text": said, "question": "",
        "dialect_share": 0.0,
    }  # fmt: skip


def readings(row):
    for leaf in BOOK.leaves:
        yield {
            "passage_id": row["passage_id"], "codebook": BOOK.id, "dimension": leaf.id, "score": 0.5,
            "probability": 0.83, "assigned": leaf.id in ASSIGNED.get(row["passage_id"], ()),
            "abstained": False, "basis": "zero_shot", "start": row["start"], "end": row["end"],
        }  # fmt: skip


@pytest.fixture(scope="session")
def analysis():
    tables = core()
    ids = tuple(tables["passages"]["passage_id"])
    manifest = {
        "versions": {"kotaku-nlp": "9.8.7", "python": "3.11.0"},
        "models": {"kepala": {"sha256": "ab" * 32}},
        "learnt_from": None,
    }
    return Analysis(
        corpus_name="Kampung Karangan",
        settings={"seed": 4, "resamples": 600},
        manifest=manifest,
        embeddings=Embeddings(ids, np.zeros((len(ids), 2), np.float32), "penyandi", "f00d"),
        tables=evidence_tables(tables, (BOOK,)),
        codebooks=(BOOK,),
        **tables,
    )


@pytest.fixture(scope="session")
def with_text(analysis):
    """Return a function from a text to a run whose only transcript it is."""

    def make(text, turns=()):
        one = analysis.transcripts.iloc[:1].assign(text=text)
        spoken = [
            {"transcript": "w1", "turn": number, "speaker": "I1", "informant": "I1", "start": start,
             "end": end, "is_interviewer": False, "time": None}
            for number, (start, end) in enumerate(turns, start=1)
        ]  # fmt: skip
        return replace(analysis, transcripts=one, turns=table("turns", spoken))

    return make


@pytest.fixture(scope="session")
def coding():
    """Return a function from rows to a manual coding by "Peneliti A", empty cells as a reader gives them."""

    def make(*rows, name="kode-a"):
        empty = {"turn": None, "start": None, "end": None, "quote": "", "coder": "Peneliti A"}
        frame = pd.DataFrame([empty | row for row in rows])
        return Coding(name, frame.astype({column: "Int64" for column in ("turn", "start", "end")}))

    return make
