from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotaku_nlp.analysis.involvement import involvement_table
from kotaku_nlp.records import GROUPS, PHASES, TABLES

STATUSES = {"involved", "excluded", "contractual", "mentioned"}


def passages(*turns: tuple[str, str], question: str | None = None) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"passage_id": f"a:{number}", "group": group, "start": 1000, "text": text, "question": question}
            for number, (group, text) in enumerate(turns, start=1)
        ]
    )


def told(group: str, text: str, question: str | None = None) -> set[tuple[str, str]]:
    found = involvement_table(passages((group, text), question=question))
    return {(row["actor_group"], row["status"]) for row in found.to_dict("records")}


def only(group: str, text: str) -> dict[str, object]:
    (row,) = involvement_table(passages((group, text))).to_dict("records")
    return {str(key): value for key, value in row.items()}


def test_the_speaker_was_never_asked() -> None:
    row = only("community", "Kami ni dak pernah diajak, tau-tau la ado tukang.")
    assert (row["actor_group"], row["status"], row["said_by"]) == ("community", "excluded", "self")


def test_firms_were_never_invited_to_plan() -> None:
    row = only("facilitator", "perusahaan belum pernah diundang waktu menyusun rencana")
    assert (row["actor_group"], row["phase"], row["status"]) == ("private_sector", "planning", "excluded")
    assert row["said_by"] == "other"


@pytest.mark.parametrize(
    ("group", "text", "expected"),
    [
        # somebody named takes part
        ("government", "Pihak swasta hadir dalam musyawarah perencanaan.", ("private_sector", "involved")),
        ("community", "Perusahaan bantu tempat sampah dua belas buah.", ("private_sector", "involved")),
        ("government", "Warga diajak memetakan gang masing-masing.", ("community", "involved")),
        ("community", "Pak camat ikut jongkok di pinggir got.", ("government", "involved")),
        ("government", "Talud itu dikerjakan oleh KSM.", ("community", "involved")),
        ("government", "Dinas melibatkan kampus waktu survei.", ("academia_ngo_media", "involved")),
        # the speaker's own group
        ("community", "Kito galo-galo begotong royong masang paving.", ("community", "involved")),
        ("private_sector", "Kami menyumbang dua puluh tong.", ("private_sector", "involved")),
        ("government", "Kami menyusun rencana itu dengan BKM.", ("government", "involved")),
        ("government", "Kami menyusun rencana itu dengan BKM.", ("community", "involved")),
        ("community", "Kerja bakti tiap Minggu pagi, ramai.", ("community", "involved")),
        # left out
        ("government", "Dalam penyusunan RPLP masyarakat kurang dilibatkan.", ("community", "excluded")),
        ("community", "Dinas tidak melibatkan kami waktu pemetaan.", ("community", "excluded")),
        ("community", "Kami cuma jadi penonton be.", ("community", "excluded")),
        ("community", "Tidak ada satu pun warga yang diajak rapat.", ("community", "excluded")),
        ("community", "Harusnya swasta diajak dari awal.", ("private_sector", "excluded")),
        ("government", "Orang dinas tidak datang waktu rembug.", ("government", "excluded")),
        # paid
        ("community", "Yang ngecor pemborong dari kota.", ("private_sector", "contractual")),
        ("community", "Kontraktor ikut rapat sekali.", ("private_sector", "contractual")),
        ("private_sector", "Kami jual material ke BKM, dibayar kontan.", ("private_sector", "contractual")),
        ("private_sector", "Toko kami cuma menang lelang.", ("private_sector", "contractual")),
        ("community", "Kami diupah delapan puluh ribu sehari.", ("community", "contractual")),
        ("government", "Gambarnya dibuat konsultan perencana.", ("facilitator", "contractual")),
        # nothing happened
        ("community", "Kalau perusahaan diundang, mungkin mereka mau.", ("private_sector", "mentioned")),
        ("community", "Apakah swasta dilibatkan?", ("private_sector", "mentioned")),
        ("community", "Nanti perusahaan akan diundang.", ("private_sector", "mentioned")),
        ("community", "Rumah saya dekat pabrik.", ("private_sector", "mentioned")),
        ("government", "Bantuan itu untuk warga.", ("community", "mentioned")),
        ("community", "Jangan diajak bicara swasta itu.", ("private_sector", "mentioned")),
    ],
)
def test_status(group: str, text: str, expected: tuple[str, str]) -> None:
    found = told(group, text)
    assert expected in found
    assert {status for name, status in found if name == expected[0]} == {expected[1]}


def test_a_denied_denial_is_no_exclusion() -> None:
    assert told("government", "Warga bukannya tidak dilibatkan, cuma undangannya dadakan.") == {
        ("community", "involved")
    }
    assert ("community", "excluded") not in told("community", "Bukannya tidak dilibatkan, cuma mendadak.")


def test_a_paid_contractor_is_never_involved() -> None:
    for text in (
        "Pemborong kerja cepat.",
        "Pemborongnya ikut gotong royong.",
        "Kami rapat dengan kontraktor.",
    ):
        assert ("private_sector", "involved") not in told("community", text)


def test_a_contractor_stays_one_when_called_they() -> None:
    assert told("government", "Kontraktornya ramah, tiap Sabtu mereka kirim ikan ke kantor.") == {
        ("private_sector", "contractual")
    }


def test_willing_is_not_yet_taking_part() -> None:
    assert told("government", "Perusahaan mau ikut katanya.") == {("private_sector", "mentioned")}


def test_the_inviter_is_not_left_out_with_the_uninvited() -> None:
    assert told("community", "Warga tidak diundang oleh dinas.") == {
        ("community", "excluded"),
        ("government", "mentioned"),
    }


def test_the_meeting_somebody_was_kept_from_is_no_involvement() -> None:
    assert told("government", "Warga tidak dilibatkan dalam musyawarah perencanaan.") == {
        ("community", "excluded")
    }
    assert told("facilitator", "Swasta belum pernah hadir di rapat itu.") == {("private_sector", "excluded")}


def test_an_invited_group_that_stayed_away_did_not_take_part() -> None:
    text = "Perusahaan diundang, tapi perusahaan tidak datang waktu musyawarah."
    assert told("government", text) == {("private_sector", "excluded")}


def test_involved_and_excluded_both_stand_when_both_are_said() -> None:
    text = "Dulu swasta tidak dilibatkan. Sekarang perusahaan ikut rapat perencanaan."
    assert told("government", text) == {("private_sector", "excluded"), ("private_sector", "involved")}


def test_a_named_neighbour_of_an_excluded_group_is_not_excluded() -> None:
    found = told("community", "Yang bikin aturan itu anak KKN, kami dak diajak.")
    assert ("community", "excluded") in found
    assert ("academia_ngo_media", "excluded") not in found


def test_kami_of_an_unknown_group_gives_nothing() -> None:
    for group in ("unknown", "", "pejabat"):
        assert told(group, "Kami ikut rapat dan kami menyumbang semen.") == set()
    assert told("unknown", "Kami ikut rapat. Warga tidak dilibatkan.") == {("community", "excluded")}


def test_an_official_at_his_desk_takes_part_in_nothing() -> None:
    assert told("government", "Kami kirim surat tiap Senin.") == set()


def test_reported_speech_is_told_by_others() -> None:
    row = only("community", "Katanya warga sudah dilibatkan waktu pemetaan swadaya.")
    assert (row["status"], row["said_by"]) == ("involved", "other")


def test_phases_are_read_per_clause() -> None:
    text = (
        "Waktu pemetaan swadaya dan menyusun rencana itu perusahaan tidak diundang. "
        + "Ya sudah, kami maklum saja, namanya juga orang sibuk, rumahnya pun jauh dari sini. " * 3
        + "Waktu pengecoran perusahaan bantu semen."
    )
    found = involvement_table(passages(("community", text)))
    firms = found[found["actor_group"] == "private_sector"]
    assert set(zip(firms["phase"], firms["status"], strict=True)) == {
        ("planning", "excluded"),
        ("implementation", "involved"),
    }


def test_the_question_gives_the_phase_of_a_bare_answer() -> None:
    found = involvement_table(
        passages(("community", "Swasta dak pernah dilibatkan."), question="Siapa saja yang ikut perencanaan?")
    )
    assert list(found["phase"]) == ["planning"]


def test_another_programme_is_named_in_the_rule() -> None:
    assert str(only("community", "Kami ikut rapat PNPM dulu.")["rule"]).endswith("@pnpm")
    assert "@" not in str(only("community", "Kami ikut rapat KOTAKU, beda dengan PNPM.")["rule"])
    assert "@" not in str(only("community", "Kami ikut rapat.")["rule"])


def test_offsets_cut_the_clause_out_of_the_transcript() -> None:
    before = "x" * 1000
    text = "Ya begitulah, Pak. Swasta dak pernah diundang, tapi camat datang terus. Rumah saya dekat pabrik."
    transcript = before + text
    found = involvement_table(passages(("community", text))).set_index("actor_group")
    cut = {group: transcript[row["start"] : row["end"]] for group, row in found.iterrows()}
    assert cut["private_sector"].rstrip(" ,") == "Swasta dak pernah diundang"
    assert cut["government"] == "tapi camat datang terus."


def test_a_mention_points_at_the_name() -> None:
    row = only("community", "Rumah saya dekat sekali dengan pabrik.")
    assert (row["start"], row["end"]) == (1031, 1037)


def test_one_row_for_each_passage_group_phase_and_status() -> None:
    text = "Warga ikut rapat. Warga hadir lagi di rapat. Warga datang terus. RT juga datang rapat."
    found = involvement_table(passages(("government", text), ("government", text)))
    assert not found.duplicated(["passage_id", "actor_group", "phase", "status"]).any()
    assert list(found["passage_id"].unique()) == ["a:1", "a:2"]


def test_an_empty_table_keeps_its_columns() -> None:
    for empty in (passages(), passages(("community", "")), passages(("community", "Ya, begitu saja."))):
        found = involvement_table(empty)
        assert list(found.columns) == list(TABLES["involvement"])
        assert found.empty


def test_missing_values_do_no_harm() -> None:
    frame = passages(("community", "Warga ikut rapat.")).astype("string").assign(start=0, group=pd.NA)
    assert len(involvement_table(frame)) == 1


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            "kami warga pak lurah tidak diajak ikut rapat, perusahaan dengan yang kalau harusnya mereka "
            "diundang kontraktor gotong royong . ? bukannya dan penonton".split(" ")
        ),
        max_size=14,
    ),
    st.sampled_from([*GROUPS, "unknown"]),
)
def test_rows_are_always_well_formed(words: list[str], group: str) -> None:
    text = " ".join(words)
    for row in involvement_table(passages((group, text))).to_dict("records"):
        assert row["actor_group"] in GROUPS
        assert row["phase"] in PHASES
        assert row["status"] in STATUSES
        assert 1000 <= row["start"] < row["end"] <= 1000 + len(text)
