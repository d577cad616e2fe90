"""Cases and variables as informants: by the words that the informant reader knows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from kotaku_nlp.corpus.informants import read_informants
from kotaku_nlp.corpus.sheets import write_sheet
from kotaku_nlp.projects.people import People, people_of
from kotaku_nlp.projects.project import Case, Project
from kotaku_nlp.records import Coding

PAIR = "P: Bagaimana?\nI1: Baik sekali, Bu.\nP: Dan Bapak?\nI1: Sama saja.\nP: Lalu?\nI1: Sudah."
GROUP = "\n".join(
    ["Moderator: Siapa dulu?", "Sari: Saya saja.", "Budi: Silakan.", "Sari: Airnya naik.", "Budi: Ya."]
)


@pytest.fixture
def people(tmp_path: Path):
    """Return a function that gives the informants of a project with two transcripts."""

    def build(*cases: Case, **values: dict[str, str]) -> People:
        files = {}
        for name, text in {"w1": PAIR, "fgd": GROUP}.items():
            files[name] = tmp_path / f"{name}.txt"
            files[name].write_text(text, "utf-8")
        coding = Coding("uji", pd.DataFrame())
        project = Project("uji.qdpx", "uji", {}, coding, cases=cases, values=values)
        return people_of(project, files)

    return build


def case(name: str, source: str = "w1", *, part: bool = False, **values: str) -> Case:
    there = frozenset({source})
    return Case(name, values, frozenset() if part else there, there if part else frozenset())


def test_one_case_is_the_one_informant_under_its_own_name(people) -> None:
    found = people(case("Bu Sari", Kelompok="Warga", Jabatan="Ketua RT", Usia="45"))
    assert found.columns == ("transcript", "informant", "group", "role", "Usia")
    assert found.rows == (("w1", "Bu Sari", "Warga", "Ketua RT", "45"),)
    assert [problem.key for problem in found.problems] == ["projects_group_from"]


def test_where_several_speak_a_case_is_who_bears_its_name(people) -> None:
    found = people(
        case("Sari", "fgd", part=True, unsur="warga"),
        case("budi", "fgd", part=True, unsur="Kelurahan"),
        case("RW 03", "fgd", unsur="warga"),
    )
    assert [row[:2] for row in found.rows] == [("fgd", "Sari"), ("fgd", "budi")]
    left = next(problem for problem in found.problems if problem.key == "projects_case_left")
    assert left.params == {"transcript": "fgd", "n": 1, "names": "RW 03"}


def test_a_case_of_a_whole_discussion_is_about_the_transcript(people) -> None:
    assert people(case("RW 03", "fgd", Tempat="Balai")).rows == (("fgd", "", "Balai"),)
    assert people(case("RW 03", "fgd", part=True, Tempat="Balai")).rows == ()


def test_cases_of_no_transcript_are_told_and_not_counted(people) -> None:
    found = people(case("Sari"), Case("Pak Budi", {"Usia": "45"}), case("Bu Ani", "rekaman"))
    loose = next(problem for problem in found.problems if problem.key == "projects_case_loose")
    assert loose.level == "error" and loose.params == {"n": 2, "names": "Pak Budi, Bu Ani"}
    assert found.cases == 1
    assert people(case("RW 03", "fgd", part=True)).cases == 0


def test_what_a_source_says_of_itself_counts_where_its_case_does_not(people) -> None:
    sources = {"w1": {"tempat": "Kantor", "lama": "1\njam"}, "fgd": {"lama": "2 jam"}}
    found = people(case("Sari", tempat="Balai"), **sources)
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    assert rows == [
        {"transcript": "w1", "informant": "Sari", "place": "Balai", "lama": "1 jam"},
        {"transcript": "fgd", "informant": "", "place": "", "lama": "2 jam"},
    ]


def test_the_group_is_found_by_its_values_when_no_name_tells(people) -> None:
    found = people(case("A", asal="Swasta"), case("B", "fgd", asal="OPD"))
    assert found.variables["asal"] == "group"


def test_values_that_name_no_group_are_told_and_stay_a_variable(people, tmp_path: Path) -> None:
    found = people(case("A", Kelompok="RT 03", Jenis="putih"))
    assert found.columns == ("transcript", "informant", "Kelompok (variabel)", "Jenis (variabel)")
    assert [problem.key for problem in found.problems] == ["projects_group_unknown"]
    write_sheet(tmp_path / "informants.csv", found.columns, found.rows)
    table = read_informants(tmp_path / "informants.csv")
    assert table.problems == () and table.rows[0].group == "unknown"


def test_a_kind_is_taken_over_where_it_is_one(people) -> None:
    assert people(case("A", Jenis="FGD")).columns[2:] == ("kind",)
