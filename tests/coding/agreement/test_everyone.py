"""All coders of a run against each other and against the machine, and how it is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kotaku_nlp.coding.agreement.compare import Agreement, compare
from kotaku_nlp.coding.agreement.everyone import agree
from kotaku_nlp.coding.agreement.lines import agreement_lines
from kotaku_nlp.coding.agreement.units import cut_units
from kotaku_nlp.coding.codebook import parse_codebook
from kotaku_nlp.coding.codings import MACHINE
from kotaku_nlp.coding.files.mapping import Link
from kotaku_nlp.errors import CodingError
from kotaku_nlp.messages import LANGUAGES
from kotaku_nlp.records import TABLES, Analysis, Coding, Embeddings, table

BOOK = parse_codebook(
    "id: uji\ntitle: Uji\ndimensions:\n"
    "  - {id: dialog, label: Dialog, definition: 'duduk bersama'}\n"
    "  - {id: percaya, label: Percaya, definition: 'saling percaya'}\n"
)
OTHER = parse_codebook(
    "id: lain\ntitle: Lain\ndimensions:\n  - {id: hasil, label: Hasil, definition: 'yang tercapai'}\n"
)
SAID = "Kami duduk bersama. Lalu dijawab."
INTERVIEWS = tuple(f"w{number}" for number in range(6))


def run(basis: dict[str, str] | None = None, assigned: str = "dialog") -> Analysis:
    """Make a run of six interviews with four turns; the machine reads `assigned` in every odd turn."""
    made: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    text = "\n".join([SAID] * 4)
    for name in INTERVIEWS:
        made["transcripts"].append({
            "transcript": name, "path": name, "sha256": "", "kind": "interview", "language": "id",
            "text": text,
        })  # fmt: skip
        for number in range(1, 5):
            start = (number - 1) * (len(SAID) + 1)
            whose = {"transcript": name, "turn": number, "speaker": "I", "informant": name}
            span = {"start": start, "end": start + len(SAID)}
            made["turns"].append(whose | span | {"is_interviewer": False, "time": None})
            passage = {"passage_id": f"{name}:{number}"}
            made["passages"].append(passage | whose | span | {
                "role": "", "group": "community", "kind": "interview", "low_evidence": False,
                "text": SAID, "question": None, "dialect_share": 0.0,
            })  # fmt: skip
            for codebook, dimension in (("uji", "dialog"), ("uji", "percaya"), ("lain", "hasil")):
                hit = dimension == assigned and number % 2 == 1
                made["alignment"].append(passage | {
                    "codebook": codebook, "dimension": dimension, "score": 0.0, "probability": 0.5,
                    "assigned": hit, "abstained": False, "basis": (basis or {}).get(name, "zero_shot"),
                    "start": None, "end": None,
                })  # fmt: skip
    tables: dict[str, Any] = {name: table(name, rows) for name, rows in made.items()}
    blank = Embeddings((), np.zeros((0, 2), dtype=np.float32), "uji", "")
    return Analysis("uji", {}, {}, tables={}, embeddings=blank, codebooks=(BOOK, OTHER), **tables)


def coding(coder: str, *turns: tuple[int, str], names: tuple[str, ...] = INTERVIEWS) -> Coding:
    columns = ["transcript", "turn", "start", "end", "quote", "code", "coder"]
    rows = [(name, turn, None, None, "", code, coder) for name in names for turn, code in turns]
    return Coding(coder, pd.DataFrame(rows, columns=columns))


def whole(agreement: Agreement) -> pd.DataFrame:
    rows = agreement.table
    return rows[(rows["code"] == "all_codes") & (rows["scope"] == "all")].set_index(["coder_a", "coder_b"])


RINA = coding("rina", (1, "dialog"), (2, ""), (3, "dialog"), (4, "percaya"))
ADI = coding("adi", (1, "dialog"), (2, "dialog"), (3, "dialog"), (4, ""))


def test_people_stand_beside_people_and_the_machine() -> None:
    found = whole(agree(run(), [RINA, ADI], draws=20))
    assert found.index.tolist() == [("adi", "rina"), ("adi", MACHINE), ("rina", MACHINE)]
    assert found["kind"].tolist() == ["human_human", "human_machine", "human_machine"]
    assert found["basis"].fillna("").tolist() == ["", "zero_shot", "zero_shot"]
    assert found["percent"].tolist() == [0.5, 0.75, 0.75]


def test_a_team_is_everybody_together() -> None:
    found = agree(run(), [RINA, ADI], draws=20).together
    assert found["coders"].unique().tolist() == [f"adi, rina, {MACHINE}"]
    assert agree(run(), [RINA], draws=20).together.empty


def test_interviews_that_the_machine_learnt_from_are_left_out_and_told() -> None:
    basis = dict.fromkeys(INTERVIEWS, "few_shot_out_of_fold") | {"w1": "few_shot", "w4": "few_shot"}
    agreement = agree(run(basis), [RINA], draws=20)
    (found,) = whole(agreement).to_dict("records")
    assert (found["n"], found["interviews"], found["basis"]) == (16, 4, "few_shot_out_of_fold")
    (problem,) = agreement.problems
    assert problem.params == {"n": 2, "transcripts": "w1, w4"}


def test_a_machine_that_learnt_from_everything_is_not_judged() -> None:
    agreement = agree(run(dict.fromkeys(INTERVIEWS, "few_shot")), [RINA], draws=20)
    assert whole(agreement).loc[("rina", MACHINE), "n"] == 0
    assert set(agreement.table["reason"]) == {"agree_reason_no_units"}


def test_the_machine_of_a_run_is_not_judged_on_what_it_learnt_by_whatever_way() -> None:
    """w1 was learnt from and nothing is assigned in it: it must not count as read and left uncoded."""
    basis = dict.fromkeys(INTERVIEWS, "few_shot_out_of_fold") | {"w1": "few_shot", "w4": "few_shot"}
    made = run(basis)
    quiet = made.alignment["assigned"] & ~made.alignment["passage_id"].str.startswith("w1:")
    made = replace(made, alignment=made.alignment.assign(assigned=quiet))
    agreement = compare(RINA, made.coding("uji"), made, draws=20)
    (found,) = whole(agreement).to_dict("records")
    assert (found["n"], found["interviews"], found["basis"]) == (16, 4, "few_shot_out_of_fold")
    assert found["kind"] == "human_machine"
    assert [problem.params["transcripts"] for problem in agreement.problems] == ["w1, w4"]
    with pytest.raises(CodingError, match="out of fold"):
        compare(RINA, made.coding("uji"), cut_units(made))


def test_a_machine_that_assigned_nothing_is_read_with_care() -> None:
    made = run({"w1": "few_shot"}, assigned="nihil")
    found = whole(compare(RINA, made.coding("uji"), made, draws=20)).to_dict("records")
    assert [(row["n"], row["interviews"]) for row in found] == [(20, 5)]


def test_the_basis_is_that_of_what_is_judged() -> None:
    made = run(dict.fromkeys(INTERVIEWS, "few_shot_out_of_fold") | {"w1": "few_shot", "w5": "zero_shot"})
    kinds = made.transcripts["kind"].mask(made.transcripts["transcript"] == "w5", "document")
    made = replace(made, transcripts=made.transcripts.assign(kind=kinds))
    assert set(agree(made, [RINA], draws=20).table["basis"]) == {"few_shot_out_of_fold"}


def test_the_machine_exported_and_read_again_is_nobody() -> None:
    exported = coding(f"{MACHINE} 0.1.0", (1, "dialog"))
    found = whole(agree(run(), [RINA, exported], draws=20))
    assert found.index.tolist() == [("rina", MACHINE)]
    with pytest.raises(CodingError, match="codings/"):
        agree(run(), [exported])
    made = compare(RINA, exported, run(), draws=20).table
    assert set(made["kind"]) == {"human_machine"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_coders_who_share_no_interview_are_told_so_and_no_number(lang: str) -> None:
    apart = [coding("rina", (1, "rembug"), names=("w1",)), coding("adi", (1, "rembug"), names=("w2",))]
    agreement = agree(run(), apart, draws=20)
    lines = agreement_lines(agreement, lang)
    told = "\n".join(lines[:-1])
    assert {"id": "Pilih transkrip", "en": "Choose transcripts"}[lang] in told
    assert "%" not in told and "κ" not in told and "NVivo" not in told and agreement.tools.empty


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_lines_name_the_unit_that_was_counted(lang: str) -> None:
    lines = agreement_lines(agree(run(), [RINA, ADI], "sentence", draws=20), lang)
    (why,) = (line for line in lines if line.startswith(("Mengapa", "Why")))
    assert {"id": "per kalimat", "en": "counts sentences"}[lang] in why


def test_own_codes_are_compared_as_they_are_and_mapped_for_the_machine() -> None:
    own = [
        Coding(c.name, c.rows.assign(code=c.rows["code"].replace({"dialog": "rembug", "percaya": "yakin"})))
        for c in (RINA, ADI)
    ]
    links = (Link("rembug", "dialog", confirmed=True), Link("yakin", "none", confirmed=True))
    table_ = agree(run(), own, links=links, draws=20).table
    codes = table_.groupby(["coder_a", "coder_b"])["code"].agg(set).to_dict()
    assert codes[("adi", "rina")] == {"rembug", "yakin", "all_codes"}
    assert codes[("rina", MACHINE)] == {"dialog", "all_codes"}


def test_without_a_dimension_among_the_codes_the_machine_stays_out() -> None:
    foreign = coding("rina", (1, "rembug"))
    agreement = agree(run(), [foreign, coding("adi", (1, "rembug"))], draws=20)
    assert whole(agreement).index.tolist() == [("adi", "rina")]
    assert [problem.key for problem in agreement.problems] == ["agree_no_dimension"]


def test_the_codebook_is_the_one_that_people_used() -> None:
    agreement = agree(run(assigned="hasil"), [coding("rina", (1, "hasil"), (3, "hasil"))], draws=20)
    assert whole(agreement).loc[("rina", MACHINE), "percent"] == 1


def test_without_a_coding_there_is_a_cure() -> None:
    with pytest.raises(CodingError, match="codings/"):
        agree(run(), [])


@pytest.mark.parametrize("unit", ["passage", "sentence", "character"])
def test_every_unit_can_be_compared(unit: str) -> None:
    found = whole(agree(run(), [RINA, ADI], unit, draws=20))
    assert found["unit"].tolist() == [unit] * 3
    assert found["percent"].tolist() == [0.5, 0.75, 0.75]  # whole turns were coded and all are alike


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_lines_tell_every_pair_and_what_is_not_confirmed(lang: str) -> None:
    lines = agreement_lines(agree(run(), [RINA, ADI], draws=20), lang)
    heads = [line for line in lines if " – " in line and "24 " in line]
    assert [head.split(" (")[0] for head in heads] == ["adi – rina", f"adi – {MACHINE}", f"rina – {MACHINE}"]
    told = "\n".join(lines)
    assert {"id": "belum dipastikan", "en": "not confirmed"}[lang] in told
    assert {"id": "0,50", "en": "0.50"}[lang] in told
    assert "nan" not in told and "<NA>" not in told


def test_the_lines_say_why_a_code_has_no_coefficient() -> None:
    rare = coding("rina", (1, "dialog"), names=("w1", "w2"))
    lines = agreement_lines(agree(run(), [rare], draws=20), "en")
    assert any(
        line.startswith("Without a coefficient: dialog.") and "fewer than five" in line for line in lines
    )
    assert any("fewer than four interviews" in line for line in lines)


def test_plain_lists_are_told_too() -> None:
    a, b = ["p"] * 6 + [None] * 6, ["p"] * 7 + [None] * 5
    lines = agreement_lines(compare(a, b, [f"w{n % 5}" for n in range(12)], draws=50), "en")
    assert lines[0] == "a – b (two coders): 12 units, 5 interviews"
    assert any("one interview is left out" in line for line in lines)
    assert any("nominal α" in line for line in lines)
    assert not any("NVivo" in line for line in lines)
