"""The doctor as a whole: a codebook with faults gets them told, with sentences and cures, gravest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from kotaku_nlp.coding.codebook import parse_codebook
from kotaku_nlp.coding.doctor.coded import at_most, coded
from kotaku_nlp.coding.doctor.diagnose import diagnose
from kotaku_nlp.coding.doctor.diagnosis import SEVERITIES, Diagnosis, Finding

if TYPE_CHECKING:
    from kotaku_nlp.records import FloatMatrix

BAD = parse_codebook("""
id: buruk
title: {id: Codebook buruk, en: Bad codebook}
dimensions:
- {id: percaya, label: Kepercayaan, definition: "Rasa saling percaya antara warga, pemerintah, dan pengurus.",
   indicators: [warga percaya pengurus karena dananya dibuka, kami curiga uangnya dipakai,
     janji dinas ditepati, laporan uang ditempel di balai, bendahara jujur soal kas]}
- {id: yakin, label: Keyakinan,
   definition: "Rasa yakin dan saling percaya antara warga, pengurus, dan pemerintah.",
   indicators: [warga yakin pengurus jujur, kami tidak yakin uangnya dipakai benar,
     buku kas dibuka untuk warga, pemerintah menepati janji, dana ditempel di balai]}
- {id: rapat, label: Rapat, definition: Rapat,
   indicators: [rapat, kami duduk bersama dalam musyawarah, musyawarah dihadiri semua ketua,
     undangan musyawarah mendadak, air sungai naik masuk rumah merendam dapur]}
- {id: banjir, label: Banjir, definition: "Air sungai naik dan masuk rumah orang.",
   indicators: [air sungai naik masuk rumah, banjir masuk rumah merendam dapur, air banjir surut di dapur,
     air sungai meluap masuk dapur, rumah terendam air sungai sampai lutut]}
""")  # fmt: skip
SAID = {
    "percaya": "pengurus jujur dan uang kas dibuka kepada kami",
    "rapat": "kami duduk musyawarah dihadiri ketua dan diundang",
    "banjir": "air sungai naik lalu banjir masuk rumah dan dapur",
    "": "anak saya sekolah di kota naik angkot sore hari",
}


class Words:
    """An encoder of words: texts are near that share some."""

    def encode(self, texts: Sequence[str], /) -> FloatMatrix:
        vectors = np.zeros((len(texts), 96), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.casefold().split():
                vectors[row, int(sha256(word.encode()).hexdigest(), 16) % 96] += 1
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def examples(rows: Sequence[tuple[str, Sequence[str]]], interviews: int = 6) -> pd.DataFrame:
    """Return passages, each with its codes, dealt out to interviews."""
    made = [
        (f"{text} {row}", code, f"w{row % interviews}")
        for row, (text, codes) in enumerate(rows)
        for code in codes or [""]
    ]
    return pd.DataFrame(made, columns=["text", "code", "interview"])


def keyed(diagnosis: Diagnosis) -> dict[str, Finding]:
    return {finding.key: finding for finding in diagnosis.findings}


CLEAN = examples([(text, [code] if code else []) for code, text in SAID.items()] * 12)


def test_a_bad_codebook_is_told_what_is_wrong_with_it() -> None:
    diagnosis = diagnose(BAD, encoder=Words())
    found = keyed(diagnosis)
    assert found["overlap"].dimensions == ("percaya", "yakin")
    assert {quote.dimension for quote in found["overlap"].quotes} == {"percaya", "yakin"}
    assert found["label_as_definition"].dimensions == ("rapat",)
    strayed = {(quote.dimension, quote.toward) for quote in found["misplaced"].quotes}
    assert ("rapat", "banjir") in strayed
    assert {"no_rules", "no_example", "one_word"} <= set(found)
    assert "banjir" not in found["misplaced"].dimensions
    ranks = [SEVERITIES.index(finding.severity) for finding in diagnosis.findings]
    assert ranks == sorted(ranks)


def test_the_confusion_matrix_counts_every_indicator_once() -> None:
    read_as = diagnose(BAD, encoder=Words()).confusion
    assert read_as is not None
    assert read_as.sum(axis=1).to_dict() == {leaf.id: 5 for leaf in BAD.leaves}
    assert read_as.to_numpy()[3].argmax() == 3


def test_two_codes_with_the_same_indicators_cannot_be_told_apart() -> None:
    doing = ("duduk", "rapat", "kumpul", "bicara", "sepakat", "makan", "pulang", "datang", "tidur", "hadir")
    texts = [f"kami {word} di balai" for word in doing]
    first, second = BAD.dimensions[0], BAD.dimensions[3]
    twins = (
        replace(first, indicators={"id": tuple(texts[::2])}),
        replace(second, indicators={"id": tuple(texts[1::2])}),
    )
    found = keyed(diagnose(replace(BAD, dimensions=twins), encoder=Words()))
    apart = keyed(diagnose(replace(BAD, dimensions=(first, second)), encoder=Words()))
    assert found["inseparable"].dimensions == ("percaya", "banjir") and "inseparable" not in apart


def test_neither_the_order_of_codes_nor_of_rows_changes_a_finding() -> None:
    turned = replace(BAD, dimensions=BAD.dimensions[::-1])
    one = diagnose(BAD, CLEAN, Words()).findings
    other = diagnose(turned, CLEAN.sample(frac=1, random_state=3), Words()).findings
    assert [f.key for f in one] == [f.key for f in other]
    assert [set(f.dimensions) for f in one] == [set(f.dimensions) for f in other]


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_finding_is_told_with_its_cure(lang: str) -> None:
    diagnosis = diagnose(BAD, CLEAN, Words(), lang=lang)
    lines = diagnosis.lines(lang)
    heads = [line for line in lines if line.startswith("[")]
    cures = [line for line in lines if line.startswith(("    Saran: ", "    Cure: "))]
    assert len(heads) == len(cures) == len(diagnosis.findings) > 5
    assert "{" not in "".join(lines) and "Kepercayaan (percaya)" in "".join(lines)


def test_a_codebook_without_faults_is_called_healthy() -> None:
    assert len(Diagnosis(BAD, ()).lines("id")) == 1


def test_meaning_waits_until_ids_are_mended() -> None:
    twice = replace(BAD, dimensions=(*BAD.dimensions, BAD.dimensions[0]))
    diagnosis = diagnose(twice, CLEAN, Words())
    assert "id_twice" in keyed(diagnosis) and diagnosis.confusion is None
    assert "overlap" not in keyed(diagnosis)


def test_one_code_and_no_sentences_are_no_obstacle() -> None:
    alone = replace(BAD, dimensions=BAD.dimensions[:1])
    assert "one_code" in keyed(diagnose(alone, CLEAN, Words()))
    bare = tuple(replace(d, indicators={}) for d in BAD.dimensions)
    assert "few_indicators" in keyed(diagnose(replace(BAD, dimensions=bare), encoder=Words()))


def test_coded_passages_show_rare_unused_and_unknown_codes() -> None:
    few = pd.concat([CLEAN, examples([("uang kas", ["yakin"])] * 3), examples([("lain", ["tak dikenal"])])])
    found = keyed(diagnose(BAD, few, Words()))
    assert found["few_passages"].dimensions == ("yakin",) and found["unknown_codes"].params["n"] == 1
    assert keyed(diagnose(BAD, CLEAN, Words()))["never_given"].dimensions == ("yakin",)


def test_codes_that_never_stand_alone_and_passages_with_too_many() -> None:
    pair = [(SAID["percaya"], ["percaya", "yakin", "rapat"])] * 9 + [(SAID["banjir"], ["banjir"])] * 9
    found = keyed(diagnose(BAD, examples(pair), Words()))
    assert found["together"].severity == "high" and found["over_limit"].params["over"] == 9
    assert "together" not in keyed(diagnose(BAD, CLEAN, Words()))


def test_codes_given_at_random_are_not_told_apart_and_clean_ones_are_checkable() -> None:
    random = examples([(SAID["percaya"], [("percaya", "yakin")[(n * n + n // 7) % 2]]) for n in range(48)])
    found = keyed(diagnose(BAD, random, Words()))
    assert found["inseparable_passages"].dimensions == ("percaya", "yakin")
    clean = keyed(diagnose(BAD, CLEAN, Words()))
    assert "inseparable_passages" not in clean
    assert set(clean["curve_checkable"].dimensions) == {"percaya", "rapat", "banjir"}
    assert all(one.kappa >= 0.6 for one in clean["curve_checkable"].measured)
    assert "Banjir (κ 1,00)" in "".join(diagnose(BAD, CLEAN, Words()).lines("id"))


def test_few_interviews_are_told_and_nothing_is_foretold() -> None:
    two = examples([(SAID["banjir"], ["banjir"])] * 10, interviews=2)
    found = keyed(diagnose(BAD, two, Words()))
    assert "few_interviews" in found and not any(key.startswith("curve_") for key in found)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ValueError, match="interview"):
        diagnose(BAD, CLEAN.drop(columns="interview"), Words())


def test_a_large_coding_is_cut_to_whole_interviews() -> None:
    data = coded(BAD, CLEAN)
    kept = at_most(data, 20, np.random.default_rng(0))
    assert len(kept.texts) <= 20 and len(kept.given) == len(kept.texts)
    whole = {name: data.interviews.count(name) for name in set(kept.interviews)}
    assert all(kept.interviews.count(name) == n for name, n in whole.items())
    assert at_most(data, 10_000, np.random.default_rng(0)) is data


def test_an_empty_coding_is_read() -> None:
    found = keyed(diagnose(BAD, CLEAN.iloc[:0], Words()))
    assert set(found["never_given"].dimensions) == {leaf.id for leaf in BAD.leaves}
