from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotaku_nlp.analysis.actors import find_actors
from kotaku_nlp.records import GROUPS


def groups(text: str) -> list[str]:
    return [actor.group for actor in find_actors(text)]


def names(text: str) -> list[str]:
    return [actor.text for actor in find_actors(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # RT: the head of the neighbourhood, or a place, a household, a kind of area or house
        ("Kemarin pak RT mampir.", ["community"]),
        ("Pak RT 21 yang bawa daftar.", ["community"]),
        ("Ketua RT 21 yang bawa daftar.", ["community"]),
        ("Air naik di RT 21 semalam.", []),
        ("RT 27 paling parah.", []),
        ("Yang kena RT tiga saja.", []),
        ("Ada RTH baru dan rehab RTLH.", []),
        ("Jumlah RT dihitung per rumah tangga.", []),
        # PU
        ("orang PU turun mengukur", ["government"]),
        ("pekerjaan pu itu", []),
        # LKM
        ("LKM rapat tiap Sabtu", ["community"]),
        ("LKM memberi kredit ke nasabah", ["private_sector"]),
        # UPL
        ("UPL memegang nota", ["community"]),
        ("berkas UKL-UPL belum ada", []),
        # LPM
        ("LPM kelurahan menyiapkan kursi", ["community"]),
        ("LPM dan mahasiswa datang mengabdi", ["academia_ngo_media", "academia_ngo_media"]),
        # balai
        ("Dari balai belum ada kabar.", ["government"]),
        ("Kumpulnya di balai warga.", []),
        ("Kumpulnya di balai RT malam itu.", []),
        ("Kumpulnya di balai pertemuan atau balai adat.", []),
        # Pokja
        ("Pokja PKP jarang kumpul", ["government"]),
        ("Pokja III itu", []),
        ("Pokja pengadaan menutup lelang", []),
        # PPK, TA, TL, SF
        ("PPK belum tanda tangan kontrak", ["government"]),
        ("PPK menghitung suara pilkada", []),
        ("TA 2019 anggarannya kecil", []),
        ("TA dari OSP datang", ["facilitator", "facilitator"]),
        ("TL rapat kemarin belum dibuat", []),
        ("SF bersama faskel keliling", ["facilitator", "facilitator"]),
        ("sf keliling", []),
        # bank: the longest match says which
        ("Bank Jambi memberi tong", ["private_sector"]),
        ("bank sampah menimbang Sabtu", ["community"]),
        ("Bank Dunia meninjau", ["facilitator"]),
        ("ditagih bank keliling", []),
        # askot
        ("askot memeriksa laporan", ["facilitator"]),
        ("askot PSSI menggelar turnamen", []),
        # generic words are actors only when they act
        ("anak komunitas sungai ikut", ["academia_ngo_media"]),
        ("rasa komunitas itu penting", []),
        ("media meliput peresmian", ["academia_ngo_media"]),
        ("media tanam habis", []),
        ("anggota dewan menitip usulan", ["government"]),
        ("dewan pengawas koperasi kami", ["private_sector"]),
        ("pusat kota macet", []),
        ("aturan pusat berubah", ["government"]),
        ("Saya lahir di Jakarta.", []),
        ("Kami menunggu keputusan Jakarta.", ["government"]),
        # kelurahan: a place unless it acts
        ("Rapatnya di kelurahan saja.", []),
        ("Saya antar berkas ke kelurahan.", []),
        ("Kelurahan mengundang lewat surat.", ["government"]),
        ("Staf kelurahan yang mencatat.", ["government"]),
        ("polisi tidur di gang itu", []),
        ("perjalanan dinas terus", []),
    ],
)
def test_ambiguous_forms_follow_their_rules(text: str, expected: list[str]) -> None:
    assert groups(text) == expected


@pytest.mark.parametrize("text", ["kami ikut", "kita semua", "kito galo-galo", "awak ni", "dio datang"])
def test_pronouns_are_no_names(text: str) -> None:
    assert find_actors(text) == ()


def test_media_after_awak_is_the_press() -> None:
    assert names("Awak media datang.") == ["Awak media"]


def test_the_mosque_board_is_told_from_the_programme_body() -> None:
    (board,) = find_actors("BKM masjid kami urunan karpet.")
    (body,) = find_actors("BKM kami menyusun proposal.")
    assert (board.group, body.group) == ("community", "community")
    assert board.kind != body.kind == "programme_body"


@pytest.mark.parametrize(
    ("text", "group", "flag"),
    [
        ("Pemborongnyo dari luar kota.", "private_sector", "contractual"),
        ("konsultan pengawas jarang nampak", "facilitator", "contractual"),
        ("Babinsa ikut angkat karung", "government", "security"),
        ("PDAM memasang meteran", "private_sector", "state_owned"),
        ("pedagang pasar patungan", "private_sector", "local"),
    ],
)
def test_flags(text: str, group: str, flag: str) -> None:
    (actor,) = find_actors(text)
    assert actor.group == group
    assert flag in actor.flags


def test_clitics_case_hyphens_and_doubling() -> None:
    assert groups("lurahnyo camatlah wargonyo") == ["government", "government", "community"]
    assert names("ibu ibu PKK, ibu-ibu PKK, ibu2 PKK") == ["ibu ibu PKK", "ibu-ibu PKK", "ibu2 PKK"]
    assert names("warga-warga") == ["warga-warga"]
    assert groups("dlh dan pkk") == []
    assert groups("DLH dan PKK") == ["government", "community"]


def test_longest_match_wins() -> None:
    assert names("koordinator BKM dan tim inti perencanaan partisipatif") == [
        "koordinator BKM",
        "tim inti perencanaan partisipatif",
    ]


def test_buildings_are_places() -> None:
    assert groups("Sosialisasinya di hotel.") == []
    assert groups("Pihak hotel menyumbang tong.") == ["private_sector"]


def test_a_rule_does_not_reach_over_a_full_stop() -> None:
    assert groups("LKM sudah tutup buku. Kredit motor saya macet.") == ["community"]


@given(st.text(alphabet=st.sampled_from(list("RT PUlurahBKM-21.,²’\n😀é")), max_size=60))
def test_offsets_always_give_the_name(text: str) -> None:
    for actor in find_actors(text):
        assert text[actor.start : actor.end] == actor.text
        assert actor.group in GROUPS


def test_a_thousand_passages_are_quick() -> None:
    text = "Pak lurah, RT 21, pengurus BKM dan orang dinas rapat di balai warga soal drainase. " * 3
    find_actors(text)
    started = time.perf_counter()
    for number in range(1000):
        find_actors(f"{text} {number}")
    assert time.perf_counter() - started < 2
