"""Contract 1: what may lie in a corpus folder, and what is said of what may not."""

import hashlib
import shutil
from dataclasses import replace

import pytest

from kotaku_nlp.corpus.folder import read_corpus
from kotaku_nlp.errors import CorpusError, SettingsError
from kotaku_nlp.messages import say

LONG = " ".join(["Kami sudah lama menunggu perbaikan saluran di gang ini dan warga akhirnya patungan."] * 5)
INTERVIEW = (
    f"P: Bagaimana ceritanya?\nN: {LONG}\nP: Lalu siapa yang membantu?\nN: Tidak ada, cuma tetangga.\n"
)
GROUP = "".join(
    f"M: Pertanyaan {n}, bagaimana?\nN1: {LONG}\nN2: Betul, kurang lebih begitu di gang kami.\nN3: {LONG}\n"
    for n in range(3)
)


def keys(corpus, level=None):
    return [problem.key for problem in corpus.problems if level in (None, problem.level)]


def people(corpus):
    return {(person.transcript, person.id): person.group for person in corpus.informants}


def test_nothing_but_transcripts(make_corpus):
    corpus = read_corpus(make_corpus({"b.txt": INTERVIEW, "a.txt": INTERVIEW}))
    assert [transcript.name for transcript in corpus.transcripts] == ["a", "b"]
    assert people(corpus) == {("a", "a/N"): "unknown", ("b", "b/N"): "unknown"}
    assert {transcript.kind for transcript in corpus.transcripts} == {"interview"}
    assert keys(corpus, "error") == []
    (problem,) = [problem for problem in corpus.problems if problem.key == "no_informants_file"]
    assert "a/N, b/N" in problem.params["informants"]


def test_the_whole_folder(make_corpus):
    folder = make_corpus(
        {
            "corpus.toml": 'name = "Kampung Hulu"\nlanguage = "id"\n',
            "informants.csv": """
                transcript,informant,group,role
                w1,I01,pemerintah,Lurah
                fgd,N1,warga,Ketua RT
                fgd,N2,swasta,
            """,
            "transcripts/w1.txt": INTERVIEW,
            "transcripts/fgd.txt": GROUP,
            "transcripts/observasi/lapangan.txt": "Air menggenang di dua gang.\n\nPompa mati.",
            "transcripts/document/notulen.md": "Hasil: usulan diterima.\n\nHasil: dana menyusul.",
            "codings/saya.csv": "transcript,code,coder\n",
        }
    )
    corpus = read_corpus(folder)
    assert corpus.name == "Kampung Hulu"
    assert {t.name: t.kind for t in corpus.transcripts} == {
        "w1": "interview", "fgd": "focus_group", "lapangan": "observation", "notulen": "document",
    }  # fmt: skip
    assert people(corpus) == {
        ("w1", "I01"): "government", ("fgd", "N1"): "community", ("fgd", "N2"): "private_sector",
        ("fgd", "fgd/N3"): "unknown",
    }  # fmt: skip
    roles = {person.id: person.role for person in corpus.informants}
    assert roles["I01"] == "Lurah"
    assert {t.path for t in corpus.transcripts} >= {
        "transcripts/observasi/lapangan.txt",
        "transcripts/w1.txt",
    }
    assert keys(corpus, "error") == []
    assert set(corpus.sources) == {
        "corpus.toml", "informants.csv", "transcripts/w1.txt", "transcripts/fgd.txt",
        "transcripts/observasi/lapangan.txt", "transcripts/document/notulen.md",
    }  # fmt: skip
    content = (folder / "transcripts/w1.txt").read_bytes()
    assert corpus.sources["transcripts/w1.txt"] == hashlib.sha256(content).hexdigest()


def test_folder_name_and_file_order_do_not_matter(make_corpus, tmp_path):
    folder = make_corpus({"transcripts/b.txt": INTERVIEW, "transcripts/a.txt": GROUP})
    first = read_corpus(folder)
    other = tmp_path / "nama lain"
    (other / "transcripts").mkdir(parents=True)
    for name in ("a.txt", "b.txt"):
        shutil.copy(folder / "transcripts" / name, other / "transcripts" / name)
    assert replace(read_corpus(other), name=first.name, folder=first.folder) == first


def test_one_id_in_two_transcripts_is_one_person(make_corpus):
    corpus = read_corpus(
        make_corpus(
            {"a.txt": INTERVIEW, "b.txt": INTERVIEW,
             "informants.csv": "transcript,informant,group\na,I07,warga\nb,I07,warga\n"}
        )
    )  # fmt: skip
    assert {person.id for person in corpus.informants} == {"I07"}


def test_a_letter_that_every_interview_uses_is_no_person(make_corpus):
    corpus = read_corpus(
        make_corpus(
            {"a.txt": INTERVIEW, "b.txt": INTERVIEW,
             "informants.csv": "transcript,informant,group\na,N,warga\nb,N,pemerintah\n"}
        )
    )  # fmt: skip
    assert people(corpus) == {("a", "a/N"): "community", ("b", "b/N"): "government"}


def test_one_label_of_two_groups_is_two_persons(make_corpus):
    corpus = read_corpus(
        make_corpus(
            {"a.txt": GROUP, "b.txt": GROUP,
             "informants.csv": "transcript,informant,group\na,N1,warga\nb,N1,pemerintah\n"}
        )
    )  # fmt: skip
    assert people(corpus)["a", "a/N1"] == "community"
    assert people(corpus)["b", "b/N1"] == "government"


def test_a_row_without_informant_speaks_for_the_whole_group(make_corpus):
    corpus = read_corpus(make_corpus({"a.txt": GROUP, "informants.csv": "transcript,group\na,warga\n"}))
    assert people(corpus) == {("a", f"a/N{n}"): "community" for n in (1, 2, 3)}


def test_labels_and_rows_that_do_not_fit_are_named(make_corpus):
    corpus = read_corpus(
        make_corpus(
            {"a.txt": GROUP,
             "informants.csv": "transcript,informant,group\na,N1,warga\na,N9,warga\nz,I01,warga\n"}
        )
    )  # fmt: skip
    found = {problem.key: problem for problem in corpus.problems}
    assert found["informant_not_in_transcript"].where == "informants.csv, row 3"
    assert found["informant_not_in_transcript"].level == "error"
    assert found["transcript_not_there"].where == "informants.csv, row 4"
    assert "a/N2" in found["groups_unknown"].params["informants"]


def test_the_table_tells_that_a_label_answers(make_corpus):
    text = "A: Di mana posko dulu?\nB: Itu rahasia ya?\nA: Kenapa?\nB: Kan sudah dibilang?\n"
    corpus = read_corpus(
        make_corpus({"a.txt": text, "informants.csv": "transcript,informant,group\na,A,warga\n"})
    )
    assert {turn.speaker for turn in corpus.transcripts[0].turns if not turn.is_interviewer} == {"A"}


def test_role_comes_from_the_header_when_no_table_gives_it(make_corpus):
    corpus = read_corpus(make_corpus({"a.txt": f"Nama: SR\nJabatan: Ketua kelompok\n\n{INTERVIEW}"}))
    assert corpus.informants[0].role == "Ketua kelompok"


def test_what_is_none_of_ours_is_passed_over(make_corpus):
    junk = ("~$w1.docx", ".w1.txt", "Thumbs.db", "README.md", "Readme - isi.txt", ".DS_Store")
    corpus = read_corpus(
        make_corpus({"transcripts/w1.txt": INTERVIEW} | {f"transcripts/{n}": "x" for n in junk})
    )
    assert [transcript.name for transcript in corpus.transcripts] == ["w1"]
    assert keys(corpus, "error") == []


def test_bad_files_are_named_and_the_rest_goes_on(make_corpus):
    folder = make_corpus(
        {"w1.txt": INTERVIEW, "kosong.txt": "", "rekaman.mp3": "x", "hanya.txt": "P: Halo?\nP: Ada?\n"}
    )
    (folder / "rusak.docx").write_bytes(b"PK\x03\x04 bukan dokumen")
    corpus = read_corpus(folder)
    errors = {problem.where.split(",")[0]: problem for problem in corpus.problems if problem.level == "error"}
    assert set(errors) >= {"kosong.txt", "rekaman.mp3", "rusak.docx"}
    assert "w1" in {transcript.name for transcript in corpus.transcripts}
    for problem in corpus.problems:
        for lang in ("id", "en"):
            assert "{" not in say(problem.key, lang, **problem.params)


def test_a_file_in_which_only_the_interviewer_speaks(make_corpus):
    text = "Pewawancara: Halo?\nPewawancara: Masih di sana, Bu?\nPewawancara: Baik, lain kali saja.\n"
    corpus = read_corpus(make_corpus({"w1.txt": INTERVIEW, "sepi.txt": text}))
    (problem,) = [problem for problem in corpus.problems if problem.level == "error"]
    assert (problem.key, problem.where) == ("no_informant_turn", "sepi.txt")


def test_two_files_of_one_stem_are_an_error_naming_both(make_corpus):
    corpus = read_corpus(make_corpus({"w1.txt": INTERVIEW, "w1.md": INTERVIEW, "w2.txt": INTERVIEW}))
    (problem,) = [problem for problem in corpus.problems if problem.key == "transcript_twice"]
    assert problem.level == "error"
    assert "w1.txt" in problem.where
    assert "w1.md" in problem.where
    assert [transcript.name for transcript in corpus.transcripts] == ["w2"]


def test_files_beside_transcripts_are_not_silently_lost(make_corpus):
    corpus = read_corpus(make_corpus({"transcripts/w1.txt": INTERVIEW, "w2.txt": INTERVIEW}))
    (problem,) = [problem for problem in corpus.problems if problem.key == "transcripts_beside"]
    assert "w2.txt" in problem.params["files"]


def test_few_words_and_foreign_languages_are_noticed(make_corpus):
    folder = make_corpus({"a.txt": "P: Ya?\nN: Ya.\nP: Lagi?\nN: Sudah."})
    corpus = read_corpus(folder, language_of=lambda text: "und")
    assert "few_words" in keys(corpus, "notice")
    assert "language_unrecognised" in keys(corpus, "notice")
    assert "language_english" in keys(read_corpus(folder, language_of=lambda text: "en"))


def test_unlabelled_writing_is_a_document_and_says_so(make_corpus):
    text = "Pemerintah kota menetapkan lokasi penataan melalui keputusan wali kota pada tahun ini.\n\n"
    corpus = read_corpus(make_corpus({"a.txt": text * 6}))
    assert corpus.transcripts[0].kind == "document"
    assert "read_as_document" in keys(corpus)
    assert corpus.informants == ()


@pytest.mark.parametrize("files", [{}, {"README.md": "x"}, {"transcripts/.x": "x"}])
def test_empty_folder(make_corpus, files):
    with pytest.raises(CorpusError) as caught:
        read_corpus(make_corpus(files))
    assert caught.value.key == "corpus_empty"


def test_no_folder_and_a_single_file(make_corpus):
    folder = make_corpus({"w1.txt": INTERVIEW})
    with pytest.raises(CorpusError) as caught:
        read_corpus(folder / "w1.txt")
    assert str(folder) in caught.value.render("id")
    with pytest.raises(CorpusError) as caught:
        read_corpus(folder / "tidak ada")
    assert caught.value.key == "corpus_missing"


def test_corpus_toml_is_strict(make_corpus):
    with pytest.raises(SettingsError, match="language"):
        read_corpus(make_corpus({"w1.txt": INTERVIEW, "corpus.toml": 'langauge = "id"'}))
    with pytest.raises(SettingsError):
        read_corpus(make_corpus({"w1.txt": INTERVIEW, "corpus.toml": 'language = "klingon"'}))


def test_progress_is_told(make_corpus):
    seen = []
    folder = make_corpus({"a.txt": INTERVIEW, "b.txt": INTERVIEW})
    read_corpus(folder, lambda stage, done, total: seen.append((stage, done, total)))
    assert seen[0] == ("read", 0, 2)
    assert seen[-1] == ("read", 2, 2)
