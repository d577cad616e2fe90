"""informants.csv as people write it."""

import pytest

from kotaku_nlp.corpus.groups import group_of, nearest_groups
from kotaku_nlp.corpus.informants import kind_of, read_informants
from kotaku_nlp.errors import CorpusError


def test_contract_columns(tmp_path):
    file = tmp_path / "informants.csv"
    file.write_text(
        "transcript,informant,group,role,date\nw1,I01,government,Lurah,2024-06-03\n", encoding="utf-8"
    )
    table = read_informants(file)
    (row,) = table.rows
    assert (row.transcript, row.informant, row.group, row.role) == ("w1", "I01", "government", "Lurah")
    assert row.columns == {"date": "2024-06-03"}
    assert table.given
    assert not table.problems


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_indonesian_heads_any_delimiter_any_encoding(tmp_path, delimiter, encoding):
    lines = [
        ["Transkrip", "Kode Informan", "Kelompok", "Jabatan", "Usia"],
        ["w1", "I01", "Masyarakat", "Ketua RT – 05", "44"],
    ]
    file = tmp_path / "informants.csv"
    file.write_bytes("\r\n".join(delimiter.join(line) for line in lines).encode(encoding))
    (row,) = read_informants(file).rows
    assert (row.informant, row.group, row.role) == ("I01", "community", "Ketua RT – 05")
    assert row.columns == {"Usia": "44"}


def test_a_post_is_the_role_even_when_the_part_played_stands_beside_it(tmp_path):
    file = tmp_path / "informants.csv"
    file.write_text("berkas,informan,unsur,peran,jabatan\nw1,I01,swasta,pendukung,Manajer\n")
    (row,) = read_informants(file).rows
    assert row.role == "Manajer"
    assert row.columns == {"peran": "pendukung"}


def test_a_group_nobody_knows_is_said_with_row_and_nearest(tmp_path):
    file = tmp_path / "informants.csv"
    file.write_text("transcript,informant,group\nw1,I01,comunity\nw2,I02,fasilitator\n")
    table = read_informants(file)
    assert [row.group for row in table.rows] == ["unknown", "facilitator"]
    (problem,) = table.problems
    assert (problem.key, problem.level) == ("group_unrecognised", "error")
    assert problem.where == "informants.csv, row 2"
    assert "community" in problem.params["nearest"]


def test_an_empty_group_is_no_problem(tmp_path):
    file = tmp_path / "informants.csv"
    file.write_text("transcript,informant,group\nw1,I01,\n")
    table = read_informants(file)
    assert table.rows[0].group == "unknown"
    assert not table.problems


def test_duplicate_rows_are_named(tmp_path):
    file = tmp_path / "informants.csv"
    file.write_text("transcript,informant,group\nw1,I01,government\nw1,I01,government\nw1,I-01,community\n")
    table = read_informants(file)
    assert [row.group for row in table.rows] == ["government"]
    assert [(problem.key, problem.level) for problem in table.problems] == [
        ("row_twice", "notice"), ("row_twice", "error"),
    ]  # fmt: skip


def test_cells_beyond_the_last_column_and_empty_transcripts_are_named(tmp_path):
    file = tmp_path / "informants.csv"
    file.write_text("transcript,informant,group,role\nw1,I01,government,Kabid, Kota\n,I02,community,\n")
    assert [problem.key for problem in read_informants(file).problems] == [
        "row_too_long", "row_without_transcript",
    ]  # fmt: skip


def test_missing_column_names_what_is_there(tmp_path):
    file = tmp_path / "informants.csv"
    file.write_text("siapa,kelompok\nI01,warga\n")
    with pytest.raises(CorpusError) as caught:
        read_informants(file)
    assert caught.value.key == "sheet_columns_missing"
    assert "siapa" in caught.value.render("id")


def test_empty_file_is_said(tmp_path):
    file = tmp_path / "informants.csv"
    file.write_text("\n\n")
    with pytest.raises(CorpusError, match=r"informants\.csv"):
        read_informants(file)


def test_no_file_is_an_empty_table(tmp_path):
    assert not read_informants(tmp_path / "informants.csv").given


def test_transcripts_match_whatever_ending_and_case(tmp_path):
    file = tmp_path / "informants.csv"
    file.write_text(
        "transcript,informant,group\nW1.docx,I01,government\nw2,I02,community\nlain,I03,community\n"
    )
    table = read_informants(file).matched(["w1", "W2"], [".docx", ".txt"])
    assert [row.transcript for row in table.rows] == ["w1", "W2", "lain"]


@pytest.mark.parametrize(
    ("name", "group"),
    [("Pemerintah", "government"), ("warga", "community"), ("Sektor Swasta", "private_sector"),
     ("Fasilitator/Konsultan", "facilitator"), ("akademisi/LSM/media", "academia_ngo_media"),
     ("private_sector", "private_sector"), ("academia-ngo-media", "academia_ngo_media"), ("", "unknown"),
     ("unknown", "unknown"), ("ksatria", None)],
)  # fmt: skip
def test_group_names(name, group):
    assert group_of(name) == group


def test_nearest_groups_are_never_empty():
    assert nearest_groups("xyzzy")


@pytest.mark.parametrize(
    ("name", "kind"),
    [("FGD", "focus_group"), ("Wawancara", "interview"), ("Observasi", "observation"),
     ("dokumen", "document"), ("focus group", "focus_group"), ("angket", "")],
)  # fmt: skip
def test_kind_names(name, kind):
    assert kind_of(name) == kind
