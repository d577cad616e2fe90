"""An invented run of four topics told by eight informants, and raters who fill in sheets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from kotaku_nlp.analysis.evidence import evidence_tables
from kotaku_nlp.coding.codebook import parse_codebook
from kotaku_nlp.records import TABLES, Analysis, Embeddings, table
from kotaku_nlp.validation.asking import make_kit
from kotaku_nlp.validation.drawing import Drawer
from kotaku_nlp.validation.themes import TOPICS, topic_themes
from kotaku_nlp.validation.workbook import write_sheet_file

BOOK = parse_codebook(
    """
id: kerja
title: {id: Kerja, en: Work}
dimensions:
  - {id: air, label: {id: Air, en: Water}, definition: soal air}
  - {id: surat, label: {id: Surat, en: Letters}, definition: soal surat}
  - {id: bahan, label: {id: Bahan, en: Material}, definition: soal bahan}
"""
)
SUBJECTS = (
    "parit genangan hujan sungai luapan pompa tanggul selokan lumpur bendungan",
    "surat undangan stempel kelurahan berkas amplop formulir legalisir arsip loket",
    "semen batu pasir tukang upah mandor adukan besi genteng cangkul",
    "sampah botol plastik timbangan pengepul karung gerobak kompos kardus rongsokan",
)
INFORMANTS, TIMES = 8, 3


def said(subject, informant, time):
    words = SUBJECTS[subject].split()
    four = [words[(informant + 3 * time + step) % len(words)] for step in range(4)]
    return "Waktu itu {} dan {} sudah ada, lalu {} datang, {} menyusul di gang kami nomor {}{}.".format(
        *four, informant + 1, "abc"[time]
    )


def core(subjects=4, informants=INFORMANTS):
    """Every informant is a transcript of their own and speaks three times of every subject."""
    made = {name: [] for name in TABLES}
    for informant in range(informants):
        name, text = f"w{informant}", ""
        for turn, (time, subject) in enumerate(np.ndindex(TIMES, subjects), start=1):
            start = len(text) + 3
            told = said(subject, informant, time)
            text += f"I: {told}\n"
            place = {"transcript": name, "turn": turn, "speaker": "I", "informant": f"I{informant}",
                     "start": start, "end": start + len(told)}  # fmt: skip
            made["turns"].append(place | {"is_interviewer": False, "time": None})
            passage = f"{name}:{turn}"
            made["passages"].append(place | {
                "passage_id": passage, "role": "", "group": "community", "kind": "interview",
                "low_evidence": False, "text": told, "question": "", "dialect_share": 0.0,
            })  # fmt: skip
            made["passage_topics"].append(
                {
                    "passage_id": passage,
                    "topic": subject,
                    "membership": 0.9,
                    "status": "core",
                    "closeness": 0.5,
                }
            )
            made["alignment"] += [reading(passage, leaf, subject, time) for leaf in range(3)]
        made["transcripts"].append({"transcript": name, "path": f"{name}.txt", "sha256": "0" * 64,
                                    "kind": "interview", "language": "id", "text": text})  # fmt: skip
    for subject in range(subjects):
        words = SUBJECTS[subject].split()
        made["topics"].append({
            "topic": subject, "label": f"judul {words[0]}", "words": ", ".join(words), "size": 24,
            "stability": 0.9, "n_informants": informants, "n_interviews": informants,
        })  # fmt: skip
    return {name: table(name, made[name]) for name in TABLES}


def reading(passage, leaf, subject, time):
    """A passage is coded with its subject; the first time someone speaks of water, with letters as well."""
    both = (subject, leaf, time) == (0, 1, 0)
    return {
        "passage_id": passage, "codebook": "kerja", "dimension": BOOK.leaves[leaf].id, "score": 0.5,
        "probability": 0.8, "assigned": leaf == subject or both, "abstained": False, "basis": "zero_shot",
        "start": 0, "end": 1,
    }  # fmt: skip


def analysis_of(tables):
    manifest = {
        "corpus": "Karangan",
        "settings": {},
        "codebooks": ["kerja"],
        "problems": [],
        "informants": [],
    }
    ids = tuple(tables["passages"]["passage_id"])
    return Analysis(
        corpus_name="Karangan", settings={}, manifest=manifest, codebooks=(BOOK,),
        embeddings=Embeddings(ids, np.zeros((len(ids), 2), np.float32), "penyandi", "f00d"),
        tables=evidence_tables(tables, (BOOK,)), **tables,
    )  # fmt: skip


@pytest.fixture(scope="session")
def run_of():
    """Return a function from numbers of subjects and informants to a run."""

    def make(subjects=4, informants=INFORMANTS):
        return analysis_of(core(subjects, informants))

    return make


@pytest.fixture(scope="session")
def analysis(run_of):
    return run_of()


@pytest.fixture(scope="session")
def themes(analysis):
    return topic_themes(analysis)


@pytest.fixture(scope="session")
def kit_of(themes):
    """Return a function that makes a kit of the themes, or of others."""

    def make(own=None, *, raters=2, seed=0, minutes=60, **more):
        drawer = Drawer(np.random.default_rng(seed))
        own = themes if own is None else own
        return make_kit(own, TOPICS, drawer, raters=raters, seed=seed, minutes=minutes, **more)

    return make


@pytest.fixture(scope="session")
def kit(kit_of):
    return kit_of()[0]


@pytest.fixture
def fill(tmp_path):
    """Return a function that writes and fills in a sheet: number → cell, or a function of item and order."""

    def make(kit, place=0, answers=None, initials="AB", name="lembar.xlsx", change=None):
        path, sheet = tmp_path / name, kit.sheets[place]
        path.parent.mkdir(exist_ok=True)
        write_sheet_file(kit, sheet, path)
        book = load_workbook(path)
        questions = {question.number: question for question in sheet.questions}
        for page in book.worksheets:
            for row in page.iter_rows():
                if row[0].value == "Inisial Anda:":
                    row[1].value = initials
                question = questions.get(row[0].value)
                if question is not None and answers is not None:
                    row[1].value = (
                        answers(kit.item(question.item), question.order)
                        if callable(answers)
                        else answers.get(question.number)
                    )
        if change:
            change(book)
        book.save(path)
        return path

    return make


def truth(item, order):
    """The answer of somebody who sees all that the machine saw."""
    if item.task == "name":
        return "nama"
    return item.right if item.task == "fit" else "ABCDEF"[order.index(item.right)]


@pytest.fixture(scope="session")
def knowing():
    return truth


@pytest.fixture(scope="session")
def shuffled():
    """Return a function that puts the rows of every table of a run in another order."""

    def make(analysis, seed):
        mixed = {name: getattr(analysis, name).sample(frac=1, random_state=seed) for name in TABLES}
        mixed = {name: frame.reset_index(drop=True) for name, frame in mixed.items()}
        assert isinstance(mixed["passages"], pd.DataFrame)
        return replace(analysis, **mixed)

    return make
