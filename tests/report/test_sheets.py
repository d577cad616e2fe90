from __future__ import annotations

import pytest

from kotaku_nlp.columns import RELATIONS, TABLES
from kotaku_nlp.messages import wording
from kotaku_nlp.report.labels import Labels
from kotaku_nlp.report.sheets import sheet_names, sheets


@pytest.fixture(scope="module")
def told(analysis):
    return sheets(analysis, Labels("id", analysis.codebooks))


def test_every_table_is_there_in_order(told, analysis):
    assert list(told) == sheet_names(analysis) == [*analysis.tables, *RELATIONS]
    assert all(told[name] is analysis.tables[name] for name in analysis.tables)


def test_every_column_has_a_heading_of_its_own(told):
    for name in RELATIONS:
        assert all(f"report_head_{column}" in wording() for column in TABLES[name]), name
        assert told[name].columns.is_unique


def test_codes_are_said_in_words_and_numbers_stay(told, analysis):
    groups = told["topic_groups"]
    assert list(groups["Nomor topik"]) == list(analysis.topic_groups["topic"])
    assert set(groups["Topik"]) == set(analysis.topics["label"])
    assert groups["p (uji permutasi)"].dtype == float
    assert "Masyarakat" in set(groups["Kelompok"]) and "wawancara terlalu sedikit" in set(
        groups["Alasan bila kosong"]
    )
    verdicts = told["topic_verdicts"].set_index("Topik")
    assert verdicts.loc["Gotong royong", "Kedudukan"] == "ditopang satu dimensi"
    assert ";" in verdicts.loc["Rapat dan pendampingan", "Dimensi penopang"]
    assert set(told["topic_dimensions"]["Terkait"]) <= {"ya", "tidak"}
    themes = told["topic_themes"]
    assert themes["Topik-topiknya"][0] == "Rapat dan pendampingan; Kabar, surat, jadwal dinas"


def test_no_code_of_ours_is_left_in_a_cell(told):
    for name in RELATIONS:
        for column in told[name].select_dtypes("object"):
            for cell in told[name][column].dropna():
                assert "_" not in str(cell), (name, column, cell)


def test_empty_tables_keep_their_headings(nothing):
    for name, frame in sheets(nothing, Labels("en", nothing.codebooks)).items():
        assert len(frame) == 0 and (name not in RELATIONS or len(frame.columns) >= len(TABLES[name]))
