"""What to read again: where a reader who saw nothing of an interview would not code as the coder did.

For every turn three slips are weighed against the coding as it stands: a code forgotten, one code given
in place of another, a code given where none belongs. Each turn stands in the queue once, with the cell
(turn × code) that is most in doubt. Every tenth row is drawn blindly from all other turns, so that the
decisions show how good the queue was and what it missed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import ceil, sqrt
from typing import TYPE_CHECKING, Any

from kotaku_nlp.coding.second_reading import SecondReading
from kotaku_nlp.messages import say
from kotaku_nlp.records import Codebook

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]

#: Column → dtype of the table "reread"; from `coder` on for our own use.
COLUMNS = {
    "rank": "int64",
    "passage_id": "string",
    "code": "string",
    "direction": "string",
    "score": "float64",
    "margin": "float64",
    "agreeing": "string",
    "contradicting": "string",
    "coder": "string",
    "coded": "bool",
    "instead": "string",
    "probability": "float64",
    "stands_for": "float64",
}
RANDOM = "random"
#: How many slips a hundred codings are taken to hold: forgotten, given in place of another, given where
#: none belongs. On the interviews of `corpora/governance` the order hardly depends on the first two; a larger
#: third fills the queue with codings that only the machine finds weak.
FORGOTTEN, EXCHANGED, SURPLUS = 0.1, 0.05, 0.02
#: No code and no interview has more than so many times its equal share of the queue.
_SHARE = 2.0
#: Below this a doubt is not worth a reader's time.
_LEAST = 0.01
#: What a reader may decide about a row.
DECISIONS = ("keep", "take", "recode", "refine", "undecidable")
_CHANGED = ("take", "recode")
#: Whether the coder gave the code, and whether another one is in question → what is said.
_SAID = {
    (False, False): "reread_omission",
    (False, True): "reread_omission_instead",
    (True, False): "reread_overcoding",
    (True, True): "reread_overcoding_instead",
}


@dataclass(frozen=True, eq=False)
class Doubts:
    """How doubtful every cell is.

    :param score: (n, k), probability that the cell is a slip, under the shares above.
    :param margin: (n, k), log-odds by which the turn reads better with the cell changed, shares left aside.
    :param instead: (n, k), column of the code that would be exchanged for this one, −1 where none.
    """

    score: Matrix
    margin: Matrix
    instead: NDArray[np.int64]


@dataclass(frozen=True)
class Audit:
    """What decisions about a queue show.

    `low` and `high` are Wilson's bounds (1927) of the precision, at 95 per cent. `missed` estimates how
    many turns outside the queue would be coded otherwise; it speaks of the one code a turn that was most
    in doubt, so it is a floor. Undecidable rows count in neither; None where nothing was decided.
    """

    decided: int
    changed: int
    precision: float | None
    low: float | None
    high: float | None
    random_decided: int
    random_changed: int
    missed: float | None
    missed_low: float | None
    missed_high: float | None
    undecidable: int
    open: int


def reread_queue(
    reading: SecondReading, size: int = 100, random_share: float = 0.1, seed: int = 0
) -> pd.DataFrame:
    """Return what to read again, most doubtful first, blind random turns mixed in.

    :param reading: what `second_reading` returned.
    :param size: at most so many rows.
    :param random_share: share of rows drawn from turns outside the queue; at least one row, unless 0.
    :param seed: of the draw.
    :return: table with `COLUMNS`. `coded` says whether the coder gave the code. `agreeing` is the nearest
        passage (cosine; of another interview if there is one) that the coder coded the way the row
        suggests, `contradicting` the nearest coded the way this one is. `stands_for` is the number of
        turns a random row was drawn for.
    :raises ValueError: when the share is not below one, or negative.
    """
    import numpy as np
    import pandas as pd

    if not 0 <= random_share < 1:
        raise ValueError(f"random_share {random_share} is not from 0 to below 1")
    doubts = weigh(reading)
    worst = doubts.score.argmax(axis=1)
    drawn = min(ceil(size * random_share), len(reading.places)) if random_share else 0
    flagged = _capped(reading, doubts, worst, size - drawn)
    outside = sorted(set(range(len(reading.places))) - set(flagged))
    # A short queue gets as many blind rows as its length asks for.
    drawn = min(drawn, len(outside), max(1, ceil(len(flagged) * random_share / (1 - random_share))))
    rng = np.random.default_rng(seed)
    blind = [int(turn) for turn in rng.choice(outside, drawn, replace=False)] if drawn else []
    order = list(flagged)
    for place, turn in zip(
        sorted(rng.choice(len(flagged) + drawn, drawn, replace=False)), blind, strict=True
    ):
        order.insert(int(place), turn)
    weight = len(outside) / max(1, drawn)
    rows = [_row(reading, doubts, turn, int(worst[turn]), turn in blind, weight) for turn in order]
    frame = pd.DataFrame(rows, columns=list(COLUMNS)[1:])
    frame.insert(0, "rank", range(1, len(frame) + 1))
    return frame.astype(COLUMNS)


def weigh(reading: SecondReading) -> Doubts:
    """Weigh, for every turn, one slip of each kind against the coding as it stands.

    :param reading: what `second_reading` returned.
    """
    import numpy as np

    odds, coded = np.clip(reading.odds, -20, 20), reading.coded
    wanted, unwanted = np.exp(odds) * ~coded, np.exp(-odds) * coded
    room = coded.sum(axis=1, keepdims=True) < reading.max_codes
    usual = np.clip(coded.mean(axis=0), 0, 0.5)
    alone = FORGOTTEN * wanted * room + SURPLUS * usual / (1 - usual) * unwanted
    per_pair = EXCHANGED / max(1, coded.shape[1] - 1)
    pairs = wanted * unwanted.sum(axis=1, keepdims=True) + unwanted * wanted.sum(axis=1, keepdims=True)
    exchanged = per_pair * pairs
    total = 1 + alone.sum(axis=1, keepdims=True) + exchanged.sum(axis=1, keepdims=True) / 2
    partner = np.where(coded, wanted.argmax(axis=1)[:, None], unwanted.argmax(axis=1)[:, None])
    instead = np.where((exchanged > alone) & (exchanged > 0), partner, -1)
    theirs = np.take_along_axis(odds, partner, axis=1) * (instead >= 0)
    margin = np.where(coded, theirs - odds, odds - theirs)
    return Doubts((alone + exchanged) / total, margin, instead)


def confusions(reading: SecondReading) -> pd.DataFrame:
    """Return which code the second reading gives where the coder has another.

    :param reading: what `second_reading` returned.
    :return: DataFrame code (the coder's), read_as, n (turns on which read_as is the strongest code that
        the coder did not give, and likelier than the coder's), coded (turns with the code), share; most
        frequent first.
    """
    import numpy as np
    import pandas as pd

    rival = np.where(reading.coded, -np.inf, reading.odds)
    rows = []
    for column, code in enumerate(reading.codes):
        own = np.flatnonzero(reading.coded[:, column])
        other = rival[own].argmax(axis=1)
        likelier = rival[own].max(axis=1, initial=-np.inf) > reading.odds[own, column]
        for place, n in Counter(other[likelier].tolist()).items():
            rows.append((code, reading.codes[place], n, len(own), n / len(own)))
    frame = pd.DataFrame(rows, columns=["code", "read_as", "n", "coded", "share"])
    return frame.sort_values(["n", "code", "read_as"], ascending=[False, True, True], ignore_index=True)


def audit(decisions: pd.DataFrame, queue: pd.DataFrame) -> Audit:
    """Return how good a queue was and what it missed, from what readers decided.

    :param decisions: columns passage_id, code, decision (`DECISIONS`), and coder where the queue is of
        several; of several decisions on one row the last counts, rows of other queues are passed over.
    :param queue: what `reread_queue` returned.
    :raises ValueError: when a decision is none of `DECISIONS`.
    """
    unknown = sorted(set(decisions["decision"]) - set(DECISIONS))
    if unknown:
        raise ValueError(f"decisions {unknown} are none of {', '.join(DECISIONS)}")
    keys = [name for name in ("passage_id", "code", "coder") if name in queue and name in decisions]
    last = decisions.drop_duplicates(keys, keep="last")
    joined = queue.merge(last[[*keys, "decision"]].astype("string"), on=keys, how="left")
    settled = joined[joined["decision"].notna() & (joined["decision"] != "undecidable")]
    blind = settled["direction"] == RANDOM
    changed = settled["decision"].isin(_CHANGED)
    n, hits = int((~blind).sum()), int((changed & ~blind).sum())
    n_blind, hits_blind = int(blind.sum()), int((changed & blind).sum())
    outside = float(queue.loc[queue["direction"] == RANDOM, "stands_for"].sum())
    missed = [None if value is None else value * outside for value in _wilson(hits_blind, n_blind)]
    undecidable = int((joined["decision"] == "undecidable").sum())
    still_open = int(joined["decision"].isna().sum())
    shown = (n, hits, *_wilson(hits, n), n_blind, hits_blind)
    return Audit(*shown, missed[0], missed[1], missed[2], undecidable, still_open)


def describe(row: Any, codebook: Codebook, lang: str = "id") -> str:
    """Return what a row of the queue says: the doubt, and the definition to read it against.

    A random row reads like the others: whoever decides should not know which rows were drawn.

    :param row: a row of the queue, as a mapping or a Series.
    :param codebook: the codebook of the coding.
    :param lang: "id" or "en".
    """
    import pandas as pd

    known = {dimension.id: dimension for dimension in codebook.dimensions}
    codes = [str(code) for code in (row["code"], row["instead"]) if not pd.isna(code)]
    names = [known[code].name(lang) if code in known else code for code in codes]
    key = _SAID[bool(row["coded"]), len(codes) > 1]
    parts = [say(key, lang, code=names[0], other=names[-1])]
    parts += [
        say("reread_definition", lang, code=name, text=known[code].text(lang))
        for code, name in zip(codes, names, strict=True)
        if code in known
    ]
    return " ".join(parts)


def audit_lines(found: Audit, lang: str = "id") -> list[str]:
    """Return what an audit says, for the methods chapter.

    :param found: what `audit` returned.
    :param lang: "id" or "en".
    """
    lines = []
    if found.precision is None or found.low is None or found.high is None:
        lines.append(say("reread_nothing_decided", lang))
    else:
        bounds = {"share": found.precision, "low": found.low, "high": found.high}
        shares = {name: round(100 * value) for name, value in bounds.items()}
        lines.append(say("reread_precision", lang, n=found.decided, changed=found.changed, **shares))
    if found.missed is not None and found.missed_low is not None and found.missed_high is not None:
        bounds = {"missed": found.missed, "low": found.missed_low, "high": found.missed_high}
        whole = {name: round(value) for name, value in bounds.items()}
        lines.append(
            say("reread_missed", lang, n=found.random_decided, changed=found.random_changed, **whole)
        )
    if found.open or found.undecidable:
        lines.append(say("reread_open", lang, open=found.open, undecidable=found.undecidable))
    return lines


def _capped(reading: SecondReading, doubts: Doubts, worst: NDArray[np.int64], size: int) -> list[int]:
    """Return the most doubtful turns, no code and no interview above its share."""
    top = doubts.score.max(axis=1)
    ranked = sorted(range(len(top)), key=lambda turn: (-round(float(top[turn]), 9), reading.places[turn]))
    most_code = ceil(_SHARE * size / len(reading.codes))
    most_interview = ceil(_SHARE * size / len({transcript for transcript, _ in reading.places}))
    codes: Counter[int] = Counter()
    interviews: Counter[str] = Counter()
    kept: list[int] = []
    for turn in ranked:
        code, interview = int(worst[turn]), reading.places[turn][0]
        if len(kept) == size or top[turn] < _LEAST:
            break
        if codes[code] < most_code and interviews[interview] < most_interview:
            codes[code] += 1
            interviews[interview] += 1
            kept.append(turn)
    return kept


def _row(
    reading: SecondReading, doubts: Doubts, turn: int, code: int, blind: bool, weight: float
) -> tuple[Any, ...]:
    import numpy as np

    coded, other = bool(reading.coded[turn, code]), int(doubts.instead[turn, code])
    direction = RANDOM if blind else "overcoding" if coded else "omission"
    probability = 1 / (1 + np.exp(-reading.odds[turn, code]))
    return (
        reading.spots[turn, code], reading.codes[code], direction, doubts.score[turn, code],
        doubts.margin[turn, code], _nearest(reading, turn, code, not coded),
        _nearest(reading, turn, code, coded), reading.coder, coded,
        reading.codes[other] if other >= 0 else None, probability, weight if blind else 1.0,
    )  # fmt: skip


def _nearest(reading: SecondReading, turn: int, code: int, state: bool) -> str | None:
    """Return the nearest passage in which the code was given, or was not; another interview's first."""
    import numpy as np

    at = np.flatnonzero(reading.coded[:, code] == state)
    at = at[at != turn]
    if not len(at):
        return None
    home = reading.places[turn][0]
    abroad = np.array([reading.places[place][0] != home for place in at])
    at = at[abroad] if abroad.any() else at
    near = np.round(reading.vectors[at] @ reading.vectors[turn], 9)
    return str(reading.spots[at[int(near.argmax())], code])


def _wilson(hits: int, n: int) -> tuple[float | None, float | None, float | None]:
    """Return a share and its bounds (Wilson, 1927), at 95 per cent."""
    if not n:
        return None, None, None
    z, share = 1.959964, hits / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return share, max(0.0, middle - half), min(1.0, middle + half)
