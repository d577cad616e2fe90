"""speakers.csv: written to be confirmed, obeyed once it is."""

import csv

from kotaku_nlp.corpus.confirmations import COLUMNS, read_confirmations, write_speakers
from kotaku_nlp.corpus.folder import read_corpus

INTERVIEW = "P: Siapa yang jaga pompa?\nN: Bergilir, Bu.\nP: Ada jadwalnya?\nN: Ada, ditempel.\n"


def rows_of(file):
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_written_for_every_speaker_in_contract_order(make_corpus):
    folder = make_corpus({"w2.txt": INTERVIEW, "w1.txt": INTERVIEW})
    write_speakers(read_corpus(folder), folder / "speakers.csv")
    rows = rows_of(folder / "speakers.csv")
    assert tuple(rows[0]) == COLUMNS
    assert [(row["transcript"], row["label"], row["is_interviewer"]) for row in rows] == [
        ("w1", "P", "ya"), ("w1", "N", "tidak"), ("w2", "P", "ya"), ("w2", "N", "tidak"),
    ]  # fmt: skip
    assert {row["confirmed"] for row in rows} == {"tidak"}


def test_confirmed_rows_win_and_are_never_overwritten(make_corpus):
    folder = make_corpus(
        {
            "w1.txt": INTERVIEW,
            "speakers.csv": """
                transcript;label;informant;is_interviewer;group;confirmed
                w1;P;Bu Asih;0;warga;1
                w1;N;;TRUE;;ya
            """,
        }
    )
    corpus = read_corpus(folder)
    assert {turn.speaker for turn in corpus.transcripts[0].turns if turn.is_interviewer} == {"N"}
    (person,) = corpus.informants
    assert (person.id, person.group) == ("Bu Asih", "community")
    write_speakers(corpus, folder / "speakers.csv")
    assert [(row["label"], row["informant"], row["group"]) for row in rows_of(folder / "speakers.csv")] == [
        ("P", "Bu Asih", "warga"), ("N", "", ""),
    ]  # fmt: skip
    assert read_corpus(folder).informants == corpus.informants


def test_a_second_check_changes_nothing(make_corpus):
    folder = make_corpus({"w1.txt": INTERVIEW})
    file = folder / "speakers.csv"
    write_speakers(read_corpus(folder), file)
    first = file.read_bytes()
    file.write_bytes(first.replace(b"tidak\n", b"ya\n"))
    confirmed = read_corpus(folder)
    assert [person.id for person in confirmed.informants] == ["w1/N"]
    write_speakers(confirmed, file)
    assert file.read_bytes() == first.replace(b"tidak\n", b"ya\n")


def test_a_label_struck_out_is_no_speaker(make_corpus):
    text = (
        "P: Apa kabar airnya?\nN: Lancar.\nIntan: begitu namanya.\nP: Sejak kapan?\nN: Lama.\nIntan: itu.\n"
    )
    folder = make_corpus(
        {"w1.txt": text, "speakers.csv": "transcript,label,informant,confirmed\nw1,Intan,-,ya\n"}
    )
    labels = {turn.speaker for turn in read_corpus(folder).transcripts[0].turns}
    assert labels == {"P", "N"}


def test_formulas_are_made_harmless(make_corpus):
    folder = make_corpus({"=1+2.txt": INTERVIEW})
    file = folder / "speakers.csv"
    write_speakers(read_corpus(folder), file)
    assert {row["transcript"] for row in rows_of(file)} == {"'=1+2"}
    assert set(read_confirmations(file).rows) == {"=1+2"}


def test_a_flag_nobody_understands_is_said(make_corpus):
    folder = make_corpus(
        {"w1.txt": INTERVIEW, "speakers.csv": "transcript,label,is_interviewer,confirmed\nw1,P,mungkin,ya\n"}
    )
    (problem,) = [problem for problem in read_corpus(folder).problems if problem.key == "flag_unclear"]
    assert (problem.level, problem.where) == ("error", "speakers.csv, row 2")
