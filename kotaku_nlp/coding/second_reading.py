"""A second reading of a manual coding: what a reader who saw nothing of an interview would code in it.

Two sources are put together: what the coder's own codings in the other interviews teach (out of fold by
interview), and what the machine's run said without having learnt from this interview. Unit is the
informant's turn: a turn carries a code if any of its passages does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kotaku_nlp.coding.codings import covers
from kotaku_nlp.errors import CodingError
from kotaku_nlp.language.normalise import fold
from kotaku_nlp.records import SPOKEN_KINDS, Analysis, Codebook, Coding

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]
    Marks = NDArray[np.bool_]

#: Rows of the alignment that learnt nothing from the interview they read.
INDEPENDENT = ("shipped", "zero_shot", "few_shot_out_of_fold")
_FOLDS = 5
#: Weights of vector and question beside the words and letters, the number of directions kept, and how
#: freely a code may be learnt: measured on the interviews of `corpora/governance`.
_VECTOR, _QUESTION, _DIRECTIONS, _C = 0.7, 0.7, 400, 1.0


@dataclass(frozen=True, eq=False)
class SecondReading:
    """Every informant turn of the coded interviews, in the order of transcripts and turns.

    :param coder: who coded.
    :param places: n pairs of transcript and turn.
    :param codes: k codes.
    :param coded: (n, k), True where the coder gave the code.
    :param odds: (n, k), log-odds that a reader who saw nothing of the interview would give it.
    :param vectors: (n, d), unit length, to find turns that say the like.
    :param spots: (n, k), the passage of the turn that speaks most for the code; where the coder gave the
        code, one of those that carry it.
    :param max_codes: at most so many codes are usual on a turn.
    """

    coder: str
    places: tuple[tuple[str, int], ...]
    codes: tuple[str, ...]
    coded: Marks
    odds: Matrix
    vectors: Matrix
    spots: NDArray[np.object_]
    max_codes: int


def second_reading(
    analysis: Analysis, coding: Coding, codebook: Codebook, coder: str | None = None
) -> SecondReading:
    """Read what was coded a second time.

    :param analysis: a run over the same corpus; it need not have been told of the coding.
    :param coding: a manual coding.
    :param codebook: the codebook of the coding; codes that it lacks are learnt from the coding alone.
    :param coder: whose rows to check; all rows as one coding when left out.
    :raises CodingError: when nothing of the run is coded, or one interview only and the machine knows none
        of the codes.
    """
    import numpy as np

    rows = coding.rows if coder is None else coding.rows[coding.rows["coder"] == coder]
    turns = turns_of(analysis, set(rows["transcript"]))
    given = _given(rows, turns)
    coded, codes = _laid(given, codebook)
    if not coded.any():
        raise CodingError("reread_nothing_coded", coding.name)
    machine, spots = machine_odds(analysis, turns, codes, codebook.id)
    interviews = [turn["transcript"] for turn in turns]
    alone = len(set(interviews)) < 2
    if alone and np.isnan(machine).all():
        raise CodingError("reread_one_interview", coding.name)
    vectors = turn_vectors(analysis, turns)
    learnt = np.zeros(coded.shape) if alone else held_out(features(turns, vectors), coded, interviews)
    places = tuple((turn["transcript"], turn["turn"]) for turn in turns)
    odds = combined(learnt, machine, coded)
    who = coder or coding.name
    shown = _shown(spots, given, codes)
    return SecondReading(who, places, codes, coded, odds, vectors, shown, codebook.max_codes)


def turns_of(analysis: Analysis, transcripts: set[Any]) -> list[dict[str, Any]]:
    """Return the informants' turns of some interviews, each with its passages, in order.

    :param analysis: a run.
    :param transcripts: names of transcripts; observation and document passages stay out.
    """
    passages = analysis.passages
    kept = passages[passages["kind"].isin(SPOKEN_KINDS) & passages["transcript"].isin(transcripts)]
    kept = kept.sort_values(["transcript", "turn", "start"])
    parts = [part.to_dict("records") for _, part in kept.groupby(["transcript", "turn"], sort=True)]
    return [
        {"transcript": str(part[0]["transcript"]), "turn": int(part[0]["turn"]), "passages": part}
        for part in parts
    ]


def machine_odds(
    analysis: Analysis, turns: list[dict[str, Any]], codes: tuple[str, ...], codebook: str
) -> tuple[Matrix, NDArray[np.object_]]:
    """Return what the run says of turns, and the passage of each turn that speaks most for each code.

    Rows that learnt from the interview they read are left out. A code the run did not look for is nan;
    where it looked for a code elsewhere, a passage without a row gets what is usual for the code.

    :param analysis: a run.
    :param turns: n turns.
    :param codes: k codes.
    :param codebook: id of the codebook whose rows count.
    :return: (n, k) log-odds, (n, k) passage ids.
    """
    import numpy as np

    said = analysis.alignment
    said = said[(said["codebook"] == codebook) & said["basis"].isin(INDEPENDENT)]
    wide = said.pivot_table(index="passage_id", columns="dimension", values="score")
    wide = wide.fillna(wide.median())
    ids = [passage["passage_id"] for turn in turns for passage in turn["passages"]]
    wide = wide.reindex(columns=list(codes))
    scores = wide.reindex(ids).fillna(wide.median()).to_numpy(dtype=float)
    odds, spots, first = np.empty((len(turns), len(codes))), [], 0
    for row, turn in enumerate(turns):
        own = scores[first : first + len(turn["passages"])]
        odds[row] = own.max(axis=0)
        best = np.where(np.isnan(odds[row]), 0, np.argmax(np.nan_to_num(own), axis=0))
        spots.append([ids[first + int(place)] for place in best])
        first += len(own)
    return odds, np.array(spots, dtype=object).reshape(odds.shape)


def features(turns: list[dict[str, Any]], vectors: Matrix) -> Matrix:
    """Return what a turn is recognised by: its words and letters, its vector, the words of its question.

    Nothing here knows the coding. Directions are those of the Gram matrix, so they are few and dense.

    :param turns: n turns.
    :param vectors: (n, d).
    """
    import numpy as np
    import pandas as pd
    from scipy.linalg import eigh
    from scipy.sparse import csr_matrix, hstack
    from sklearn.feature_extraction.text import TfidfVectorizer

    said = [fold(" ".join(passage["text"] for passage in turn["passages"])) for turn in turns]
    asked = [turn["passages"][0].get("question") for turn in turns]
    plain: dict[str, Any] = {"sublinear_tf": True, "lowercase": False, "token_pattern": r"\w+"}
    words = TfidfVectorizer(ngram_range=(1, 2), **plain)
    letters = TfidfVectorizer(ngram_range=(2, 5), analyzer="char_wb", sublinear_tf=True, lowercase=False)
    parts = [_weighed(words, said), _weighed(letters, said), csr_matrix(_VECTOR * vectors)]
    parts.append(_QUESTION * _weighed(words, ["" if pd.isna(text) else fold(text) for text in asked]))
    joined = hstack(parts).tocsr()
    gram = (joined @ joined.T).toarray() / 2
    last = len(turns) - 1
    values, directions = eigh(gram, subset_by_index=(max(0, last + 1 - _DIRECTIONS), last))
    return np.asarray(directions * np.sqrt(np.clip(values, 0, None)))


def held_out(known: Matrix, coded: Marks, interviews: list[str]) -> Matrix:
    """Return log-odds of every code on every turn, learnt from the other interviews only.

    :param known: (n, m), what turns are recognised by.
    :param coded: (n, k), what is learnt.
    :param interviews: n names; two at least.
    """
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold

    odds = np.full(coded.shape, -5.0)  # a code that the other interviews lack is not expected here
    folds = GroupKFold(min(_FOLDS, len(set(interviews))))
    for seen, unseen in folds.split(known, groups=interviews):
        for column in np.flatnonzero(coded[seen].any(axis=0)):
            wanted = coded[seen, column]
            if wanted.all():
                odds[unseen, column] = 5.0
                continue
            learner = LogisticRegression(C=_C, max_iter=1000, class_weight="balanced")
            odds[unseen, column] = learner.fit(known[seen], wanted).decision_function(known[unseen])
    return odds


def combined(learnt: Matrix, machine: Matrix, coded: Marks) -> Matrix:
    """Return one calibrated reading of two (Platt, 1999): how far each can be trusted shows on the coding.

    :param learnt: (n, k) log-odds, out of fold.
    :param machine: (n, k) log-odds; nan in the columns of codes that the machine does not know.
    :param coded: (n, k), True where the coder gave the code.
    """
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    odds = np.empty(coded.shape)
    heard = ~np.isnan(machine).any(axis=0)
    for columns, sources in ((heard, (learnt, machine)), (~heard, (learnt,))):
        truth = coded[:, columns].reshape(-1)
        evidence = np.stack([source[:, columns].reshape(-1) for source in sources], axis=1)
        if not truth.any() or truth.all():
            odds[:, columns] = 5.0 if truth.any() else -5.0
            continue
        fit = LogisticRegression(C=1e6, max_iter=1000).fit(evidence, truth)
        odds[:, columns] = fit.decision_function(evidence).reshape(len(coded), -1)
    return odds


def _given(rows: pd.DataFrame, turns: list[dict[str, Any]]) -> list[dict[str, list[str]]]:
    """Return for each turn its codes, each with the passages that carry it, in order."""
    rows = rows[rows["code"].notna() & (rows["code"] != "")]
    marks = {str(name): part.to_dict("records") for name, part in rows.groupby("transcript")}
    found: list[dict[str, list[str]]] = [{} for _ in turns]
    for own, turn in zip(found, turns, strict=True):
        for passage in turn["passages"]:
            here = (m for m in marks.get(turn["transcript"], ()) if covers(m, passage))
            for code in {str(mark["code"]) for mark in here}:
                own.setdefault(code, []).append(passage["passage_id"])
    return found


def _laid(given: list[dict[str, list[str]]], codebook: Codebook) -> tuple[Marks, tuple[str, ...]]:
    """Return which turn carries which code, and the codes: those of the codebook first."""
    import numpy as np

    known = [leaf.id for leaf in codebook.leaves]
    codes = (*known, *sorted(set().union(*given) - set(known)))
    laid = np.array([[code in own for code in codes] for own in given], dtype=bool)
    return laid.reshape(len(given), len(codes)), codes


def _shown(
    spots: NDArray[np.object_], given: list[dict[str, list[str]]], codes: tuple[str, ...]
) -> NDArray[np.object_]:
    """Return the passage to show for every cell: a coder is asked about a passage that the coder coded."""
    shown = spots.copy()
    for row, own in enumerate(given):
        for column, code in enumerate(codes):
            if code in own and spots[row, column] not in own[code]:
                shown[row, column] = own[code][0]
    return shown


def turn_vectors(analysis: Analysis, turns: list[dict[str, Any]]) -> Matrix:
    """Return one vector a turn: the direction of the sum of its passages' vectors.

    :param analysis: a run.
    :param turns: n turns.
    :return: (n, d), unit length.
    """
    import numpy as np

    place = {name: row for row, name in enumerate(analysis.embeddings.ids)}
    matrix = analysis.embeddings.matrix
    sums = [matrix[[place[p["passage_id"]] for p in turn["passages"]]].sum(axis=0) for turn in turns]
    vectors = np.array(sums, dtype=float).reshape(len(turns), matrix.shape[1])
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, norms, out=np.zeros_like(vectors), where=norms > 0)


def _weighed(counter: Any, texts: list[str]) -> Any:
    """Return weighed counts; texts without a single word give a column of zeros."""
    from scipy.sparse import csr_matrix

    try:
        return counter.fit_transform(texts)
    except ValueError:  # scikit-learn: empty vocabulary
        return csr_matrix((len(texts), 1))
