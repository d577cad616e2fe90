"""The draft of the methods section: no number from nowhere, machine and people apart, gaps left open."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from kotaku_nlp.export.audit import codebook_hash
from kotaku_nlp.export.coreq import coreq_items
from kotaku_nlp.export.facts import Facts
from kotaku_nlp.export.methods import methods, write_methods

OPEN = {"id": "[Peneliti:", "en": "[Researcher:"}
COLUMNS = [
    "coder_a",
    "coder_b",
    "kind",
    "basis",
    "unit",
    "scope",
    "code",
    "n",
    "kappa",
    "low",
    "high",
    "reason",
]


def row(a, b, scope, code, **cells):
    kind = "human_machine" if b == "kotaku-nlp" else "human_human"
    basis = "shipped+zero_shot" if kind == "human_machine" else None
    found = dict.fromkeys(COLUMNS) | {"coder_a": a, "coder_b": b, "kind": kind, "basis": basis}
    return found | {"unit": "turn", "scope": scope, "code": code, "n": 1234} | cells


@pytest.fixture(scope="module")
def agreement():
    """An agreement table with its rows over all codes, as `compare` makes it."""
    made = []
    for b, kappa in (("Budi", 0.71), ("kotaku-nlp", 0.34)):
        few = {"reason": "agree_reason_few_positives"}
        made += [
            row("Ani", b, "all", "percaya", kappa=kappa, low=kappa - 0.1, high=kappa + 0.1, draws=1999),
            row("Ani", b, "all", "aturan", **few),
            row("Ani", b, "all", "all_codes", alpha=kappa + 0.05, low=0.11, high=0.92, draws=1998,
                kappa_mean=kappa, kappa_mean_low=0.21, kappa_mean_high=0.87, kappa_min=0.31, kappa_max=0.99),
            row("Ani", b, "coded", "all_codes", n=321, alpha=0.415, low=0.19, high=0.63, draws=1990),
        ]  # fmt: skip
    return pd.DataFrame(made)


def said(text):
    """Return the numbers of a text, hashes and versions aside."""
    text = re.sub(r"[0-9a-f]{12}…|\d+\.\d+\.\d+|### \d+", "", text)
    return set(re.findall(r"−?\d+(?:[.,]\d+)?", text))


@pytest.mark.parametrize("lang", ["id", "en"])
def test_no_number_stands_in_the_draft_that_is_not_in_the_run(analysis, agreement, lang):
    facts = Facts(analysis, agreement, lang)
    cells = agreement.select_dtypes("number").stack().tolist()
    known = {facts.labels.number(cell) for cell in cells} | {facts.labels.count(int(c)) for c in cells}
    known |= {facts.labels.count(n) for n in (4, 600, *facts.counts.values())}  # seed and resamples
    for book in analysis.codebooks:
        known |= {str(len(book.leaves)), *re.findall(r"\d+", book.source)}
    dimensions = analysis.tables["dimensions"]
    known |= {str(int(n)) for n in dimensions[["n_passages", "n_informants", "n_group_informants"]].stack()}
    known |= {str(len(facts.coders)), "95", "00", "256"}  # the level, the revision f00d, the name of a hash
    assert said(methods(analysis, agreement, lang).markdown()) <= known


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_interval_and_coefficient_of_the_table_is_told_of_the_right_pair(analysis, agreement, lang):
    text = " ".join(methods(analysis, agreement, lang).paragraph)
    dot = "," if lang == "id" else "."
    people, machine = text.index("Budi ("), text.index("kotaku-nlp (")
    assert people < text.index(f"0{dot}76") < machine < text.index(f"0{dot}39")  # α of each
    assert text.count(f"0{dot}11") == text.count(f"0{dot}19") == text.count(f"0{dot}21") == 2
    assert text.count(f"1{'.' if lang == 'id' else ','}234") == 2
    assert ("Aturan" if lang == "id" else "Rules") in text  # the code without a coefficient is named


def test_machine_and_people_are_told_apart(analysis, agreement):
    text = " ".join(methods(analysis, agreement, "id").paragraph)
    assert "Pengodean manual: Ani, Budi (jumlah pengode manusia: 2)." in text
    assert "Ani dengan kotaku-nlp (manusia dan mesin, dasar: pengklasifikasi bawaan; tanpa contoh" in text
    assert "Ani dengan Budi (manusia dan manusia)" in text
    assert "label mesin adalah usulan" in text
    assert "mengambil ulang wawancara, bukan petikan" in text
    assert "kotaku-nlp 9.8.7 dengan model teks penyandi (revisi f00d)" in text


def test_a_table_of_the_least_columns_tells_each_kappa(analysis, agreement):
    least = agreement[agreement["code"] != "all_codes"][COLUMNS]
    text = " ".join(methods(analysis, least, "en").paragraph)
    assert "Cohen's κ by code: Trust 0.71 (95% interval 0.61 to 0.81)." in text
    assert "Cohen's κ by code: Trust 0.34 (95% interval 0.24 to 0.44)." in text
    assert "Krippendorff" not in text


def test_agreement_that_cannot_be_computed_is_left_open_with_its_reason(analysis):
    none = pd.DataFrame([row("Ani", "Budi", "all", "all_codes", n=0, reason="agree_reason_no_units")])
    text = " ".join(methods(analysis, none, "en").paragraph)
    assert "[Researcher: the agreement of Ani with Budi could not be computed: there is no unit" in text
    assert "was computed on" not in text


@pytest.mark.parametrize("lang", ["id", "en"])
def test_what_the_run_lacks_is_left_to_the_researcher(analysis, lang):
    bare = methods(analysis, None, lang)
    gaps = [sentence for sentence in bare.paragraph if sentence.startswith(OPEN[lang])]
    assert len(gaps) == 2  # who coded, and how far they agree
    assert "kotaku agree" in gaps[1]
    by_number = {item.number: item for item in bare.items}
    assert list(by_number) == ["22", "24", "25", "26", "27", "29", "30", "31", "32"]
    for number, item in by_number.items():
        asked = any(sentence.startswith(OPEN[lang]) for sentence in item.sentences)
        assert asked == (number != "25")  # the run knows its coding tree whole


def test_an_empty_run_still_says_what_is_missing(analysis):
    nothing = replace(
        analysis, manifest={}, settings={}, codebooks=(), tables={}, alignment=analysis.alignment.iloc[:0],
        passages=analysis.passages.iloc[:0], topics=analysis.topics.iloc[:0],
    )  # fmt: skip
    draft = methods(nothing, None, "en")
    assert sum(sentence.startswith("[Researcher:") for sentence in draft.paragraph) == 4
    assert "kotaku-nlp [Researcher: fill in]" in draft.markdown()
    assert "{" not in draft.markdown()


def test_coreq_items_tell_tree_software_and_themes(analysis, agreement):
    items = {item.number: " ".join(item.sentences) for item in coreq_items(Facts(analysis, agreement, "id"))}
    assert "Proses (Percaya; Dialog); Aturan" in items["25"]
    assert f"{codebook_hash(analysis.codebooks[0])[:12]}…" in items["25"]
    assert "python 3.11.0" in items["27"] and "kepala abababababab…" in items["27"]
    assert "Aturan (1 dari 2 informan, 1 petikan)" in items["31"]
    assert "tidak dihitung sebagai pengode" in items["24"]


def test_codes_without_a_passage_are_no_evidence_and_not_the_least(analysis):
    table = analysis.alignment
    silent = analysis.tables["dimensions"].assign(n_informants=0, n_passages=0, n_group_informants=2)
    quiet = replace(analysis, tables={**analysis.tables, "dimensions": silent}, alignment=table)
    items = {item.number: " ".join(item.sentences) for item in coreq_items(Facts(quiet, None, "id"))}
    assert "tidak ada bukti" in items["32"] and "Percaya, Dialog, Aturan" in items["32"]
    assert "paling sedikit" not in items["32"] and "terbanyak" not in items["31"]


@pytest.mark.parametrize(("learnt", "words"), [("kode-a", "belajar dari"), (None, "tidak belajar")])
def test_what_the_machine_learnt_from_is_said(analysis, learnt, words):
    taught = replace(analysis, manifest={**analysis.manifest, "learnt_from": learnt})
    assert words in " ".join(methods(taught, None, "id").paragraph)


def test_an_invented_corpus_is_no_research(analysis):
    invented = replace(analysis, manifest={**analysis.manifest, "invented": True})
    assert methods(invented).paragraph[0].startswith("Korpus ini karangan")
    assert not methods(analysis).paragraph[0].startswith("Korpus ini karangan")


def test_the_draft_is_written_in_both_languages(analysis, agreement, tmp_path):
    written = write_methods(analysis, tmp_path, agreement)
    assert list(written.hashes) == ["methods-id.md", "methods-en.md"] and not written.problems
    first, second = ((tmp_path / name).read_text(encoding="utf-8") for name in written.hashes)
    assert first == methods(analysis, agreement, "id").markdown()
    assert second.startswith("# Draft of the methods section: Kampung Karangan\n\n")
    assert second.count("\n### ") == 9


def test_an_edited_draft_is_never_overwritten(analysis, agreement, tmp_path):
    first = write_methods(analysis, tmp_path)
    own = tmp_path / "methods-id.md"
    own.write_text("Metode saya sendiri.\n", encoding="utf-8")
    second = write_methods(analysis, tmp_path, agreement, first.hashes)
    beside = tmp_path / "methods-id.new.md"
    assert own.read_text(encoding="utf-8") == "Metode saya sendiri.\n"
    assert beside.read_text(encoding="utf-8") == methods(analysis, agreement, "id").markdown()
    assert [(p.where, p.params["file"]) for p in second.problems] == [("methods-id.md", "methods-id.new.md")]
    untouched = (tmp_path / "methods-en.md").read_text(encoding="utf-8")
    assert untouched == methods(analysis, agreement, "en").markdown()
    beside.write_text("Disunting juga.\n", encoding="utf-8")
    third = write_methods(analysis, tmp_path, agreement.iloc[:4], second.hashes)
    assert beside.read_text(encoding="utf-8") == "Disunting juga.\n" and own.is_file()
    assert [p.params["file"] for p in third.problems] == ["methods-id.new2.md"]


def test_an_edited_draft_of_which_there_is_no_newer_one_is_left_alone(analysis, tmp_path):
    first = write_methods(analysis, tmp_path)
    (tmp_path / "methods-id.md").write_text("Metode saya.\n", encoding="utf-8")
    again = write_methods(analysis, tmp_path, None, first.hashes)
    assert not again.problems and len(list(tmp_path.iterdir())) == 2


def test_a_draft_that_nobody_remembers_writing_counts_as_edited(analysis, tmp_path):
    (tmp_path / "methods-id.md").write_text("Dari mana?\n", encoding="utf-8")
    assert [p.where for p in write_methods(analysis, tmp_path).problems] == ["methods-id.md"]
    assert (tmp_path / "methods-id.md").read_text(encoding="utf-8") == "Dari mana?\n"
