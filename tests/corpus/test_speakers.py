"""Turns as researchers label them: one test a habit of coding.md §3.2."""

import pytest

from kotaku_nlp.corpus.confirmations import Confirmation
from kotaku_nlp.corpus.speakers import find_turns

QUESTIONS = [
    "Bagaimana awal mula kelompok ini terbentuk, Pak?",
    "Siapa saja yang ikut rapat waktu itu?",
    "Lalu dari pihak kota, apa yang mereka janjikan?",
]
ANSWERS = [
    "Waktu itu kami dipanggil ke balai, terus disuruh tunjuk wakil dari tiap gang.",
    "Banyak, ada ibu-ibu, ada pemuda, cuma yang rumahnya di ujung tidak pernah datang.",
    "Katanya mau dikirim alat berat, sampai musim hujan lewat belum juga kelihatan.",
]


def said(source, reading):
    return [(turn.speaker, source.text[turn.start : turn.end]) for turn in reading.turns]


def asks(reading):
    return {turn.speaker for turn in reading.turns if turn.is_interviewer}


STYLES = {
    "colon": ("{}: {}", "P", "N"),
    "space before colon": ("{} : {}", "Pewawancara", "Informan"),
    "no-break space": ("{}\u00a0: {}", "P", "N"),
    "full-width colon": ("{}：{}", "P", "N"),
    "square brackets": ("[{}] {}", "P", "I1"),
    "curly brackets": ("{{{}}} {}", "Peneliti", "SR"),
    "hash": ("#{}: {}", "T", "J"),
    "dash": ("- {}: {}", "T", "J"),
    "time after": ("{} [00:01:02]: {}", "P", "Inf-01"),
    "time before": ("[00:01:02] {}: {}", "P", "Inf-01"),
    "time glued": ("00:03:40.5{}: {}", "Dini", "Rahmat"),
    "noScribe": ("{}: [00:00:12] {}", "S00", "S01"),
    "WhisperX": ("[{}]: {}", "SPEAKER_00", "SPEAKER_01"),
    "markdown": ("**{}:** {}", "Peneliti", "Narasumber"),
    "numbered": ("1. {}: {}", "T", "J"),
    "dotted id": ("{}: {}", "P", "I.1"),
    "names": ("{}: {}", "Rina", "Pak Darwis"),
    "lower case": ("{}: {}", "tanya", "jawab"),
}


@pytest.mark.parametrize("style", STYLES)
def test_every_style_of_label_is_found(make_source, style):
    form, interviewer, informant = STYLES[style]
    lines = []
    for question, answer in zip(QUESTIONS, ANSWERS, strict=True):
        lines += [form.format(interviewer, question), form.format(informant, answer)]
    source = make_source("\n".join(lines))
    reading = find_turns(source)
    expected = []
    for question, answer in zip(QUESTIONS, ANSWERS, strict=True):
        expected += [(interviewer, question), (informant, answer)]
    assert said(source, reading) == expected
    assert asks(reading) == {interviewer}
    if "time" in style or style == "noScribe":
        assert all(turn.time and turn.time[0].isdigit() for turn in reading.turns)


def test_label_alone_on_its_line_with_the_words_below(make_source):
    source = make_source("""
        Pewawancara
        Apa yang berubah sejak jalan dicor?
        Informan
        Anak-anak bisa main di depan rumah.
        Dulu becek terus.
        Pewawancara
        Siapa yang merawat sekarang?
        Informan
        Ya kami bergiliran.
        Pewawancara
        Ada iurannya, Bu?
        Informan
        Lima ribu seminggu.
    """)
    reading = find_turns(source)
    assert said(source, reading)[1] == (
        "Informan",
        "Anak-anak bisa main di depan rumah.\nDulu becek terus.",
    )
    assert len(reading.turns) == 6
    assert asks(reading) == {"Pewawancara"}


def test_otter_puts_name_and_time_on_a_line_of_their_own(make_source):
    source = make_source("""
        Rina Putri  0:00
        Boleh diceritakan, Pak?

        Darwis  0:07
        Boleh, jadi dulu di sini rawa semua.

        Rina Putri  0:31
        Lalu siapa yang menimbun?

        Darwis  0:36
        Warga sendiri, pelan-pelan, pakai puing.
    """)
    reading = find_turns(source)
    assert [(turn.speaker, turn.time) for turn in reading.turns] == [
        ("Rina Putri", "0:00"),
        ("Darwis", "0:07"),
        ("Rina Putri", "0:31"),
        ("Darwis", "0:36"),
    ]
    assert asks(reading) == {"Rina Putri"}


def test_bold_label_without_colon(make_source):
    lines = []
    for question, answer in zip(QUESTIONS, ANSWERS, strict=True):
        lines += [f"Peneliti {question}", f"Bu Tini {answer}"]
    bold = {number: 8 if number % 2 else 7 for number in range(1, 7)}
    source = make_source("\n".join(lines), bold)
    reading = find_turns(source)
    assert [turn.speaker for turn in reading.turns] == ["Peneliti", "Bu Tini"] * 3
    assert said(source, reading)[1] == ("Bu Tini", ANSWERS[0])


def test_unlabelled_lines_belong_to_the_turn_before(make_source):
    source = make_source("""
        P: Bagaimana dengan sampahnya?
        N: Dulu diangkut tiap hari Rabu.
        Sekarang truknya jarang masuk.

        Katanya solar belum turun.
        P: Sudah dilaporkan?
        N: Sudah, lewat grup.
    """)
    reading = find_turns(source)
    assert said(source, reading)[1][1].startswith("Dulu diangkut")
    assert said(source, reading)[1][1].endswith("Katanya solar belum turun.")
    assert len(reading.turns) == 4


def test_clock_times_addresses_and_notes_are_no_speakers(make_source):
    source = make_source("""
        P: Jam berapa kumpulnya?
        N: Biasanya begini.
        17:30 kami sudah di pos.
        Pukul 09.00: panitia datang.
        http://contoh.example/berita isinya lengkap.
        Catatan: informan tertawa.
        Lokasi: di teras.
        Contoh: gang sebelah.
        P: Terus?
        N: Terus bubar.
        Catatan: telepon berdering.
        Contoh: yang kemarin.
        Lokasi: pindah ke dalam.
        P: Siapa yang pimpin?
        N: Saya bilang: siapa saja boleh.
    """)
    reading = find_turns(source)
    assert set(reading.labels) == {"P", "N"}
    assert len(reading.turns) == 6


def test_header_block_is_metadata(make_source):
    source = make_source("""
        TRANSKRIP WAWANCARA
        Nama (inisial) : SR
        Jabatan : Ketua kelompok
        Hari/Tanggal: Senin, 3 Juni 2024
        Pewawancara: Rina Putri
        Informan: Bapak SR
        Durasi : 45 menit

        Pewawancara: Selamat pagi Pak, bisa diceritakan awalnya?
        Informan: Bisa. Awalnya kami cuma bertiga.
        Pewawancara: Lalu?
        Informan: Lalu tambah, tambah, jadi dua puluh.
    """)
    reading = find_turns(source)
    assert len(reading.turns) == 4
    assert reading.metadata["Nama (inisial)"] == "SR"
    assert reading.metadata["Jabatan"] == "Ketua kelompok"
    assert reading.metadata["Pewawancara"] == "Rina Putri"
    assert reading.metadata["title"] == "TRANSKRIP WAWANCARA"


def test_a_greeting_right_after_the_header_is_a_turn(make_source):
    source = make_source("""
        Tanggal: 3 Juni 2024
        Pewawancara: Selamat pagi, Bu.
        Informan: Pagi, Dek.
        Pewawancara: Boleh mulai?
        Informan: Silakan saja.
    """)
    assert len(find_turns(source).turns) == 4


def test_role_behind_the_label_is_kept_apart(make_source):
    source = make_source("""
        P: Siapa yang menyusun usulan?
        Informan 3 (Lurah): Tim inti, kami hanya mengetahui.
        Bapak SR (Ketua BKM): Kami susun malam-malam di rumah saya.
        P: Dibahas lagi?
        Informan 3: Sekali, waktu musyawarah.
        Bapak SR: Sebenarnya dua kali, Pak Lurah tidak ikut yang kedua.
    """)
    reading = find_turns(source)
    assert set(reading.labels) == {"P", "Informan 3", "Bapak SR"}
    assert reading.roles == {"Informan 3": "Lurah", "Bapak SR": "Ketua BKM"}


def test_roles_that_alone_tell_people_apart_stay_in_the_label(make_source):
    source = make_source("""
        P: Siapa yang datang?
        Informan (Lurah): Semua saya undang.
        Informan (Ketua RT): Undangannya tidak sampai ke kami.
        P: Lewat apa undangannya?
        Informan (Lurah): Lewat grup.
        Informan (Ketua RT): Saya tidak ada di grup itu.
    """)
    assert set(find_turns(source).labels) == {"P", "Informan (Lurah)", "Informan (Ketua RT)"}


def test_one_label_spelt_in_several_ways_is_one_speaker(make_source):
    source = make_source("""
        P: Sudah lama tinggal di sini?
        I.1: Dari kecil.
        P : Orang tua juga?
        I 1: Iya, dari kakek.
        P: Betah?
        I.1 : Betah, cuma air pasang itu.
    """)
    assert find_turns(source).labels == ("P", "I.1")


def test_numbers_that_only_count_turns_are_no_persons(make_source):
    lines = [f"{'AB'[n % 2]}{n}: {QUESTIONS[n % 3] if n % 2 == 0 else ANSWERS[n % 3]}" for n in range(1, 15)]
    assert set(find_turns(make_source("\n".join(lines))).labels) == {"A", "B"}


def test_who_speaks_once_in_a_focus_group_is_found(make_source):
    rounds = [f"M: {QUESTIONS[n % 3]}\nN1: {ANSWERS[n % 3]}\nN2: {ANSWERS[(n + 1) % 3]}" for n in range(8)]
    source = make_source("\n".join([*rounds[:4], "N3: Apa?", *rounds[4:]]))
    reading = find_turns(source)
    assert set(reading.labels) == {"M", "N1", "N2", "N3"}
    assert asks(reading) == {"M"}


def test_p_can_be_the_one_who_answers(make_source):
    source = make_source("""
        I: Apa yang Ibu kerjakan di kelompok?
        P: Saya bendahara, jadi semua kuitansi saya yang simpan di lemari, rapi per bulan.
        I: Sejak kapan?
        P: Sejak yang lama pindah, kira-kira tiga tahun, waktu itu tidak ada yang mau.
        I: Ada laporan ke warga?
        P: Ada, ditempel di pos ronda tiap habis bulan, walau jarang yang baca juga.
    """)
    assert asks(find_turns(source)) == {"I"}


def test_what_is_confirmed_wins_over_inference(make_source):
    source = make_source("""
        A: Bagaimana airnya sekarang?
        B: Lancar, asal listrik hidup.
        A: Siapa yang pegang kunci pompa?
        B: Pak RT, kadang anaknya.
    """)
    confirmed = {
        "A": Confirmation("A", is_interviewer=False),
        "B": Confirmation("B", is_interviewer=True),
    }
    assert asks(find_turns(source, confirmed)) == {"B"}
    struck = {"B": Confirmation("B", nobody=True)}
    assert find_turns(source, struck).labels == ("A",)


def test_unconfirmed_rows_change_nothing(make_source):
    source = make_source("P: Berapa iurannya?\nN: Sepuluh ribu.\nP: Rutin?\nN: Kadang-kadang saja.")
    row = Confirmation("N", is_interviewer=True, confirmed=False)
    assert asks(find_turns(source, {"N": row})) == {"P"}


class TestTables:
    def test_questions_beside_answers(self, make_table):
        source = make_table(
            [
                ["No", "Pewawancara (P)", "Jawaban Informan (J)"],
                ["1", QUESTIONS[0], ANSWERS[0]],
                ["2", QUESTIONS[1], ANSWERS[1]],
                ["3", QUESTIONS[2], ANSWERS[2]],
            ]
        )
        reading = find_turns(source)
        assert said(source, reading) == [
            pair
            for question, answer in zip(QUESTIONS, ANSWERS, strict=True)
            for pair in (("P", question), ("J", answer))
        ]
        assert asks(reading) == {"P"}

    def test_columns_of_codes_are_no_speech(self, make_table):
        source = make_table(
            [
                ["P/J", "Uraian", "Koding", "Tema"],
                ["P", QUESTIONS[0], "", ""],
                ["J", ANSWERS[0], "undangan", "Partisipasi warga"],
                ["P", QUESTIONS[1], "", ""],
                ["J", ANSWERS[1], "hadir", "Partisipasi warga"],
            ]
        )
        reading = find_turns(source)
        assert [text for _, text in said(source, reading)] == [
            QUESTIONS[0], ANSWERS[0], QUESTIONS[1], ANSWERS[1],
        ]  # fmt: skip

    def test_label_alone_in_a_cell_without_heads(self, make_table):
        rows = []
        for question, answer in zip(QUESTIONS, ANSWERS, strict=True):
            rows += [["Peneliti :", question], ["Pak Umar :", answer]]
        source = make_table(rows)
        reading = find_turns(source)
        assert [turn.speaker for turn in reading.turns] == ["Peneliti", "Pak Umar"] * 3
        assert [text for _, text in said(source, reading)][:2] == [QUESTIONS[0], ANSWERS[0]]

    def test_an_empty_label_cell_goes_on_with_the_speaker_above(self, make_table):
        source = make_table(
            [
                ["Penutur", "Ucapan"],
                ["P", QUESTIONS[0]],
                ["N", ANSWERS[0]],
                ["", ANSWERS[1]],
                ["P", QUESTIONS[2]],
                ["N", ANSWERS[2]],
            ]
        )
        assert [turn.speaker for turn in find_turns(source).turns] == ["P", "N", "N", "P", "N"]

    def test_a_list_of_persons_is_no_dialogue(self, make_table):
        people = [["Yati", "42", "Online", "Pagi", "Ya"], ["Heri", "51", "Tatap muka", "Sore", "Tidak"]]
        heads = ["Sebutan", "Angka", "Cara", "Saat", "Rekam"]
        assert find_turns(make_table([heads, *people * 5])).labels == ()

    def test_a_table_of_fields_is_metadata(self, make_table):
        fields = [["Nama", "SR"], ["Jabatan", ": Ketua RT"]]
        talk = ["P: Apa kabar kelompoknya?", "N: Baik, masih jalan.", "P: Siapa ketuanya?", "N: Saya."]
        source = make_table([*fields, *([line, ""] for line in talk)])
        reading = find_turns(source)
        assert reading.metadata == {"Nama": "SR", "Jabatan": "Ketua RT"}
        assert [turn.speaker for turn in reading.turns] == ["P", "N", "P", "N"]


class TestWithoutLabels:
    def test_questions_are_told_apart_when_they_convince(self, make_source):
        text = "\n\n".join(line for pair in zip(QUESTIONS, ANSWERS, strict=True) for line in pair)
        reading = find_turns(make_source(text), kind="interview")
        assert [turn.is_interviewer for turn in reading.turns] == [True, False] * 3
        assert [problem.key for problem in reading.problems] == ["no_labels_questions"]

    def test_otherwise_one_informant_speaks(self, make_source):
        reading = find_turns(make_source("\n\n".join(ANSWERS)), kind="interview")
        assert [turn.is_interviewer for turn in reading.turns] == [False] * 3
        assert [problem.key for problem in reading.problems] == ["no_labels_one_informant"]

    def test_in_a_document_nobody_speaks(self, make_source):
        source = make_source("Hasil rapat: usulan diterima.\nCatatan: dana menyusul.\nHasil rapat: ditunda.")
        reading = find_turns(source, kind="document")
        assert [turn.speaker for turn in reading.turns] == [None] * 3
        assert not any(turn.is_interviewer for turn in reading.turns)


def test_nothing_at_all_is_no_turn(make_source):
    assert find_turns(make_source("")).turns == ()
    assert find_turns(make_source("P:\nN:\nP:\nN:")).turns == ()


@pytest.mark.parametrize("form", ["{}\t{}", "{} – {}", "{}. {}", "{}; {}"])
def test_labels_without_a_colon_at_all(make_source, form):
    pairs = [line for pair in zip("PPP", QUESTIONS, strict=True) for line in [pair]]
    lines = [
        form.format(*line)
        for pair in zip(pairs, zip("NNN", ANSWERS, strict=True), strict=True)
        for line in pair
    ]
    reading = find_turns(make_source("\n".join(lines)))
    assert [turn.speaker for turn in reading.turns] == ["P", "N"] * 3
    assert asks(reading) == {"P"}


def test_only_the_answers_are_labelled(make_source):
    text = "\n".join(f"{question}\nJ: {answer}" for question, answer in zip(QUESTIONS, ANSWERS, strict=True))
    reading = find_turns(make_source(text))
    assert [(turn.speaker, turn.is_interviewer) for turn in reading.turns] == [(None, True), ("J", False)] * 3


def test_only_the_questions_are_labelled(make_source):
    text = "\n".join(f"P: {question}\n{answer}" for question, answer in zip(QUESTIONS, ANSWERS, strict=True))
    reading = find_turns(make_source(text))
    assert [(turn.speaker, turn.is_interviewer) for turn in reading.turns] == [("P", True), (None, False)] * 3


def test_items_of_a_list_are_no_speakers(make_source):
    source = make_source("\n".join(f"{letter}. perbaikan saluran di gang {letter}" for letter in "abcabcabc"))
    assert find_turns(source).labels == ()


def test_a_slip_of_the_colon_is_no_lost_turn(make_source):
    source = make_source("P; Sudah lama, Bu?\nN: Lama.\nP: Sejak kapan?\nN: Sejak gadis.")
    assert [turn.speaker for turn in find_turns(source).turns] == ["P", "N", "P", "N"]


def test_tags_of_a_markup_are_no_speakers(make_source):
    source = make_source("<td> air\n<li> got\n<td> jalan\n<li> lampu\n<td> sampah\n<li> taman")
    assert find_turns(source).labels == ()


def test_a_long_report_with_headings_that_recur_is_no_dialogue(make_source):
    body = "Kegiatan berlangsung di balai dan dihadiri perwakilan tiap gang.\n" * 12
    heads = ("Makassar 1: pertemuan", "Kajang 1: kunjungan", "Makassar 1: penutup", "Kajang 1: laporan")
    source = make_source("\n".join(body + head for head in heads))
    assert find_turns(source).labels == ()


def test_lines_of_a_document_broken_by_hand_are_one_paragraph(make_source):
    source = make_source(
        "Air menggenang sampai lutut di gang\nsebelah utara sejak subuh.\n- pompa mati\n\ntitik"
    )
    reading = find_turns(source, kind="observation")
    assert [text for _, text in said(source, reading)] == [
        "Air menggenang sampai lutut di gang\nsebelah utara sejak subuh.", "- pompa mati", "titik",
    ]  # fmt: skip


def test_cues_of_one_speaker_run_on():
    from kotaku_nlp.corpus.source import Block, Source

    pieces = [
        ("S00", "Siapa yang datang?"),
        ("S01", "Dari gang kami"),
        ("S01", "ada enam orang."),
        ("S00", "Lalu?"),
    ]
    text, blocks = "", []
    for number, (speaker, words) in enumerate(pieces):
        start = len(text)
        text += words + "\n"
        blocks.append(
            Block(start, start + len(words), "cue", f"cue {number}", speaker=speaker, time=f"00:0{number}")
        )
    source = Source(text, tuple(blocks))
    reading = find_turns(source)
    assert said(source, reading) == [
        ("S00", "Siapa yang datang?"), ("S01", "Dari gang kami\nada enam orang."), ("S00", "Lalu?"),
    ]  # fmt: skip
    assert reading.turns[1].time == "00:01"
