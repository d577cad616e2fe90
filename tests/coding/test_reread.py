"""The reread queue: what comes up, in which order, beside what, and what decisions about it show."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotaku_nlp.coding.reread import (
    COLUMNS,
    DECISIONS,
    audit,
    audit_lines,
    confusions,
    describe,
    reread_queue,
    weigh,
)
from kotaku_nlp.coding.second_reading import SecondReading, combined, held_out, second_reading
from kotaku_nlp.errors import CodingError
from kotaku_nlp.records import TABLES, Analysis, Codebook, Coding, Dimension, Embeddings, table

BOOK = Codebook(
    "air", {"id": "Air"},
    (
        Dimension("banjir", {"id": "Banjir", "en": "Flood"},
                  {"id": "Air masuk.", "en": "Water comes in."}),
        Dimension("rapat", {"id": "Rapat", "en": "Meeting"},
                  {"id": "Duduk bersama.", "en": "Sitting together."}),
    ),
)  # fmt: skip
SAID = {
    "banjir": "air sungai naik masuk dapur, banjir merendam rumah kami",
    "rapat": "kami rapat di balai, duduk bersama membahas usulan warga",
    "": "anak saya sekolah di kota, pulangnya naik angkot sore hari",
}
VECTORS = {"banjir": (1.0, 0.0, 0.0), "rapat": (0.0, 1.0, 0.0), "": (0.0, 0.0, 1.0)}
INTERVIEWS, TURNS = 6, 9


def truth(interview: int, turn: int) -> str:
    return list(SAID)[(interview + turn) % 3]


def corpus() -> list[tuple[str, int, str]]:
    return [(f"w{i}", 2 * t, truth(i, t)) for i in range(INTERVIEWS) for t in range(1, TURNS + 1)]


def run_of(machine: bool = True, cut: bool = False) -> Analysis:
    """Return a run in which every turn is one passage; with `cut`, the first turn has two."""
    passages, rows, vectors = [], [], []
    for name, turn, code in corpus():
        pieces = 2 if cut and turn == 2 else 1
        for piece in range(pieces):
            own = code if piece == pieces - 1 else ""
            spot = f"{name}:{turn}" + (f".{piece + 1}" if pieces > 1 else "")
            text = f"{SAID[own]} {name} {turn}"
            place = {"passage_id": spot, "transcript": name, "turn": turn, "text": text}
            start = 1000 * turn + 200 * piece
            passages.append(place | {"kind": "interview", "start": start, "end": start + len(text)})
            vectors.append(VECTORS[own])
            for leaf in BOOK.leaves:
                score = 2.0 if own == leaf.id else -3.0
                rows.append({"passage_id": spot, "codebook": "air", "dimension": leaf.id, "score": score,
                             "basis": "zero_shot"})  # fmt: skip
    frames = {name: table(name, []) for name in TABLES}
    frames["passages"] = pd.DataFrame(passages)
    columns = ["passage_id", "codebook", "dimension", "score", "basis"]
    frames["alignment"] = pd.DataFrame(rows if machine else [], columns=columns)
    ids = tuple(passage["passage_id"] for passage in passages)
    embeddings = Embeddings(ids, np.array(vectors, dtype=np.float32), "made", "1")
    return Analysis("made", {}, {}, **frames, tables={}, embeddings=embeddings)


def coding_of(slips: dict[tuple[str, int], str] | None = None) -> Coding:
    rows = [
        {"transcript": name, "turn": turn, "start": None, "end": None, "quote": "", "coder": "rina",
         "code": (slips or {}).get((name, turn), code)}
        for name, turn, code in corpus()
    ]  # fmt: skip
    return Coding("rina", pd.DataFrame(rows))


FORGOTTEN = next((n, t) for n, t, c in corpus() if c == "banjir" and n == "w2")
TAKEN_FOR = next((n, t) for n, t, c in corpus() if c == "banjir" and n == "w4")
SURPLUS = next((n, t) for n, t, c in corpus() if c == "" and n == "w1")
SLIPS = {FORGOTTEN: "", TAKEN_FOR: "rapat", SURPLUS: "rapat"}


def spot(place: tuple[str, int]) -> str:
    return f"{place[0]}:{place[1]}"


@pytest.mark.parametrize("machine", [True, False], ids=["machine", "coding alone"])
def test_slips_come_first_and_say_what_they_are(machine: bool) -> None:
    queue = reread_queue(second_reading(run_of(machine), coding_of(SLIPS), BOOK), 20)
    shown = queue[queue["direction"] != "random"].head(3).set_index("passage_id")
    assert set(shown.index) == {spot(place) for place in SLIPS}
    assert shown.loc[spot(FORGOTTEN), ["code", "direction"]].tolist() == ["banjir", "omission"]
    taken = shown.loc[spot(TAKEN_FOR)]
    assert {taken["code"], taken["instead"]} == {"rapat", "banjir"}
    assert (taken["direction"] == "overcoding") == (taken["code"] == "rapat")
    assert shown.loc[spot(SURPLUS), ["code", "direction"]].tolist() == ["rapat", "overcoding"]
    assert (shown["margin"] > 0).all()


def test_neighbours_come_from_other_interviews_and_speak_for_and_against() -> None:
    queue = reread_queue(second_reading(run_of(), coding_of(SLIPS), BOOK), 20)
    row = queue[queue["passage_id"] == spot(FORGOTTEN)].iloc[0]
    given = {spot((n, t)): c for n, t, c in corpus()} | {spot(p): c for p, c in SLIPS.items()}
    assert given[row["agreeing"]] == "banjir"
    assert given[row["contradicting"]] != "banjir"
    assert not {row["agreeing"].split(":")[0], row["contradicting"].split(":")[0]} & {FORGOTTEN[0]}


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    run, coding = run_of(), coding_of(SLIPS)
    expected = reread_queue(second_reading(run, coding, BOOK), 20, seed=3)
    order = np.random.default_rng(seed).permutation(len(run.passages))
    shuffled = replace(
        run,
        passages=run.passages.iloc[order],
        alignment=run.alignment.sample(frac=1, random_state=seed),
        embeddings=replace(
            run.embeddings,
            ids=tuple(run.embeddings.ids[p] for p in order),
            matrix=run.embeddings.matrix[order],
        ),
    )
    rows = Coding(coding.name, coding.rows.sample(frac=1, random_state=seed))
    pd.testing.assert_frame_equal(reread_queue(second_reading(shuffled, rows, BOOK), 20, seed=3), expected)


def test_the_table_is_that_of_the_contract() -> None:
    queue = reread_queue(second_reading(run_of(), coding_of(SLIPS), BOOK), 20)
    least = ["rank", "passage_id", "code", "direction", "score", "margin", "agreeing", "contradicting"]
    assert list(queue.columns)[:8] == least
    assert {name: str(kind) for name, kind in queue.dtypes.items()} == COLUMNS
    assert queue["rank"].tolist() == list(range(1, len(queue) + 1))
    assert queue["passage_id"].is_unique
    flagged = queue[queue["direction"] != "random"]
    assert flagged["score"].is_monotonic_decreasing


def made(odds: np.ndarray, coded: np.ndarray, interviews: int = 8) -> SecondReading:
    n, k = odds.shape
    places = tuple((f"w{turn % interviews}", turn) for turn in range(n))
    spots = np.array([[f"{a}:{b}"] * k for a, b in places], dtype=object)
    vectors = np.eye(n)
    return SecondReading("x", places, tuple(f"k{c}" for c in range(k)), coded, odds, vectors, spots, 2)


def test_no_code_and_no_interview_fills_the_queue() -> None:
    rng = np.random.default_rng(0)
    odds = rng.normal(-3, 0.5, (400, 5))
    odds[:, 0] += 6  # one code in doubt everywhere
    queue = reread_queue(made(odds, np.zeros((400, 5), dtype=bool)), 100)
    flagged = queue[queue["direction"] != "random"]
    assert flagged["code"].value_counts().max() <= 36
    odds = rng.normal(-3, 0.5, (400, 5))
    odds[::8] += 4  # one interview in doubt everywhere
    queue = reread_queue(made(odds, np.zeros((400, 5), dtype=bool)), 100)
    flagged = queue[queue["direction"] != "random"]
    assert flagged["passage_id"].str.split(":").str[0].value_counts().max() <= 23


def test_a_tenth_is_drawn_blindly_from_the_rest_and_by_seed() -> None:
    odds = np.random.default_rng(1).normal(-1, 1, (400, 5))
    reading = made(odds, np.zeros((400, 5), dtype=bool))
    queue, again, other = (reread_queue(reading, 100, seed=seed) for seed in (0, 0, 1))
    pd.testing.assert_frame_equal(queue, again)
    blind = queue[queue["direction"] == "random"]
    assert len(queue) == 100 and len(blind) == 10
    assert blind["stands_for"].sum() == pytest.approx(400 - 90)
    assert set(blind["passage_id"]) != set(other.loc[other["direction"] == "random", "passage_id"])
    assert blind["rank"].max() - blind["rank"].min() > 10


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 12), st.integers(1, 4))
def test_doubt_is_a_probability_and_grows_with_the_odds_against_the_coder(seed: int, n: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    reading = made(rng.normal(0, 30, (n, k)), rng.random((n, k)) < 0.3)
    found = weigh(reading)
    assert ((found.score >= 0) & (found.score <= 1)).all()
    turn, code = int(rng.integers(n)), int(rng.integers(k))
    step = np.zeros((n, k))
    step[turn, code] = -1.0 if reading.coded[turn, code] else 1.0
    more = weigh(replace(reading, odds=reading.odds + step))
    assert more.score[turn, code] >= found.score[turn, code] - 1e-12


def test_nothing_in_doubt_gives_random_rows_only() -> None:
    coded = np.zeros((60, 3), dtype=bool)
    queue = reread_queue(made(np.full((60, 3), -12.0), coded), 50)
    assert set(queue["direction"]) == {"random"}


def test_an_interview_is_read_without_its_own_coding() -> None:
    """Turning the coding of one interview upside down changes nothing in what is learnt for it."""
    rng = np.random.default_rng(2)
    known, coded = rng.normal(size=(40, 6)), rng.random((40, 3)) < 0.4
    interviews = [f"w{turn // 10}" for turn in range(40)]
    first = held_out(known, coded, interviews)
    turned = coded.copy()
    turned[:10] = ~turned[:10]
    assert np.array_equal(held_out(known, turned, interviews)[:10], first[:10])
    assert not np.array_equal(held_out(known, turned, interviews)[10:], first[10:])


def test_rows_that_learnt_from_the_interview_are_not_heard() -> None:
    run = run_of()
    told = replace(run, alignment=run.alignment.assign(basis="few_shot"))
    alone = second_reading(run_of(machine=False), coding_of(SLIPS), BOOK)
    assert np.allclose(second_reading(told, coding_of(SLIPS), BOOK).odds, alone.odds)


def test_a_machine_that_knows_better_is_heard_more() -> None:
    rng = np.random.default_rng(3)
    coded = rng.random((200, 2)) < 0.3
    good, noise = np.where(coded, 2.0, -2.0) + rng.normal(size=coded.shape), rng.normal(size=coded.shape)
    odds = combined(noise, good, coded)
    assert np.corrcoef(odds.ravel(), good.ravel())[0, 1] > 0.99
    assert abs((1 / (1 + np.exp(-odds))).mean() - coded.mean()) < 0.01


def test_a_turn_in_pieces_is_one_row_at_the_piece_that_speaks_for_the_code() -> None:
    place = next((n, t) for n, t, c in corpus() if c == "banjir" and t == 2)
    reading = second_reading(run_of(cut=True), coding_of({place: ""}), BOOK)
    row = reread_queue(reading, 20).iloc[:2]
    assert f"{place[0]}:2.2" in set(row["passage_id"])
    assert len(reading.places) == INTERVIEWS * TURNS


def test_a_coder_is_asked_about_a_passage_that_the_coder_coded() -> None:
    """The machine finds the second piece stronger; the coder marked the first."""
    run = run_of(cut=True)
    first = next((n, t) for n, t, c in corpus() if c == "banjir" and t == 2)
    piece = run.passages.set_index("passage_id").loc[f"{first[0]}:2.1"]
    rows = coding_of({first: ""}).rows
    own = {"transcript": first[0], "turn": None, "start": piece["start"], "end": piece["end"],
           "quote": "", "coder": "rina", "code": "banjir"}  # fmt: skip
    coding = Coding("rina", pd.concat([rows, pd.DataFrame([own])], ignore_index=True))
    reading = second_reading(run, coding, BOOK)
    turn = reading.places.index(first)
    assert reading.spots[turn, 0] == f"{first[0]}:2.1"
    unmarked = second_reading(run, Coding("rina", rows), BOOK)
    assert unmarked.spots[turn, 0] == f"{first[0]}:2.2"


def test_codes_that_the_codebook_lacks_are_checked_too() -> None:
    coding = coding_of(SLIPS)
    coding.rows["code"] = coding.rows["code"].replace("rapat", "musyawarah")
    reading = second_reading(run_of(), coding, BOOK)
    assert reading.codes == ("banjir", "rapat", "musyawarah")
    queue = reread_queue(reading, 20)
    assert spot(TAKEN_FOR) in set(queue.head(4)["passage_id"])


def test_only_the_asked_coder_is_read() -> None:
    mine, hers = coding_of(SLIPS).rows, coding_of().rows.assign(coder="dewi")
    both = Coding("dua", pd.concat([hers, mine], ignore_index=True))
    reading = second_reading(run_of(), both, BOOK, "rina")
    assert reading.coder == "rina"
    assert np.array_equal(reading.coded, second_reading(run_of(), coding_of(SLIPS), BOOK).coded)


def test_nothing_coded_and_one_interview_alone_are_told_with_the_cure() -> None:
    rows = coding_of().rows
    with pytest.raises(CodingError, match="names transcripts"):
        second_reading(run_of(), Coding("x", rows.assign(transcript="lain")), BOOK)
    one = Coding("x", rows[rows["transcript"] == "w1"])
    with pytest.raises(CodingError, match="at least two interviews"):
        second_reading(run_of(machine=False), one, BOOK)
    assert len(reread_queue(second_reading(run_of(), one, BOOK), 10))


def test_confused_codes_are_counted() -> None:
    slips = {(n, t): "rapat" for n, t, c in corpus() if c == "banjir" and n in {"w0", "w1"}}
    found = confusions(second_reading(run_of(), coding_of(slips), BOOK))
    first = found.iloc[0]
    assert (first["code"], first["read_as"], first["n"]) == ("rapat", "banjir", len(slips))
    assert first["share"] == pytest.approx(len(slips) / first["coded"])


def queue_of(n: int, blind: int, outside: int) -> pd.DataFrame:
    return pd.DataFrame({
        "passage_id": [f"a:{row}" for row in range(n + blind)],
        "code": "k",
        "direction": ["omission"] * n + ["random"] * blind,
        "stands_for": [1.0] * n + [outside / max(1, blind)] * blind,
    })  # fmt: skip


def test_decisions_show_precision_and_what_was_missed() -> None:
    queue = queue_of(20, 10, 500)
    words = ["take"] * 6 + ["recode"] * 2 + ["keep"] * 7 + ["refine"] + ["undecidable"] * 2
    decided = queue.head(18)[["passage_id", "code"]].assign(decision=words)
    blind = queue.tail(10)[["passage_id", "code"]].assign(decision=["take"] + ["keep"] * 9)
    found = audit(pd.concat([decided, blind]), queue)
    assert (found.decided, found.changed, found.undecidable, found.open) == (16, 8, 2, 2)
    assert found.precision == 0.5
    assert (found.low, found.high) == (pytest.approx(0.28, abs=0.001), pytest.approx(0.72, abs=0.001))
    assert found.missed == pytest.approx(50)
    assert found.missed_low is not None and found.missed_high is not None
    assert 0 < found.missed_low < 50 < found.missed_high < 500
    lines = audit_lines(found, "en")
    assert "8 had their coding changed (50%; 95% interval 28–72%)" in lines[0]
    assert "about 50 turns" in lines[1]


def test_the_last_decision_counts_and_other_queues_are_passed_over() -> None:
    queue = queue_of(2, 0, 0)
    decisions = pd.DataFrame({
        "passage_id": ["a:0", "a:0", "b:9"], "code": "k", "decision": ["keep", "take", "take"],
    })  # fmt: skip
    found = audit(decisions, queue)
    assert (found.decided, found.changed, found.missed) == (1, 1, None)
    with pytest.raises(ValueError, match="perhaps"):
        audit(decisions.assign(decision="perhaps"), queue)


@settings(deadline=None)
@given(st.integers(0, 40), st.integers(1, 40))
def test_bounds_hold_the_share(hits: int, n: int) -> None:
    hits = min(hits, n)
    queue = queue_of(n, 0, 0)
    words = ["take"] * hits + ["keep"] * (n - hits)
    found = audit(queue[["passage_id", "code"]].assign(decision=words), queue)
    assert found.low is not None and found.high is not None and found.precision is not None
    assert 0 <= found.low <= found.precision + 1e-9 and found.precision - 1e-9 <= found.high <= 1


def test_every_coder_has_decisions_of_their_own() -> None:
    queue = pd.concat([queue_of(2, 0, 0).assign(coder=name) for name in ("rina", "dewi")])
    decisions = queue[["passage_id", "code", "coder"]].assign(decision=["take", "take", "keep", "keep"])
    for name, changed in (("rina", 2), ("dewi", 0)):
        found = audit(decisions, queue[queue["coder"] == name])
        assert (found.decided, found.changed, found.open) == (2, changed, 0)
    half = audit(decisions[decisions["coder"] == "dewi"], queue[queue["coder"] == "rina"])
    assert (half.decided, half.open) == (0, 2)


def test_no_decisions_yet_are_told() -> None:
    empty = pd.DataFrame({"passage_id": [], "code": [], "decision": []}, dtype="string")
    lines = audit_lines(audit(empty, queue_of(3, 1, 5)), "id")
    assert lines[0].startswith("Belum ada keputusan")
    assert len(DECISIONS) == 5


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_row_is_told_with_its_definition_and_hides_the_draw(lang: str) -> None:
    queue = reread_queue(second_reading(run_of(), coding_of(SLIPS), BOOK), 20)
    row = queue[queue["passage_id"] == spot(TAKEN_FOR)].iloc[0]
    text = describe(row, BOOK, lang)
    for dimension in BOOK.dimensions:
        assert dimension.name(lang) in text
        assert dimension.text(lang) in text
    assert describe({**row, "direction": "random"}, BOOK, lang) == text
