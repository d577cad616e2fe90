from __future__ import annotations

import pytest

from kotaku_nlp.language.identify import dialect_share, language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Rapatnya sudah dua kali, tapi dari dinas belum ada yang datang karena masih menunggu surat.", "id"),
        (
            "Kami ni dak pernah diajak, tau-tau la ado tukang di depan rumah, kato dio sudah ado rapatnyo.",
            "id",
        ),
        (
            "Kami nak tengok kedai tu tapi tak boleh sebab dah tutup, kerana hari ni cuti, cakap dia.",
            "ms",
        ),
        ("We were asked to come to the meeting but nobody told us what it was about.", "en"),
        ("Aku wis ngomong karo wong-wong kuwi nanging ora ana sing gelem teka amarga udan deres.", "und"),
        ("Abdi teh geus nyarios ka aranjeunna tapi teu aya nu daek datang kusabab hujan.", "und"),
        ("iya betul", "und"),
        ("", "und"),
        ("12 34 56 78 90 11 12 13", "und"),
    ],
)
def test_language(text: str, language: str) -> None:
    assert language_of(text) == language


def test_dialect_share_counts_listed_words() -> None:
    assert dialect_share("Rapatnya lancar dan semua pihak hadir") == 0
    assert dialect_share("dak tau siapo") == pytest.approx(2 / 3)
    assert dialect_share("info foto toko video Tebo Bungo") == 0
    assert dialect_share("awalnyo bagus") == pytest.approx(1 / 2)
    assert dialect_share("") == 0
