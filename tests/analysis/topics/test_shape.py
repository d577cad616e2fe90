"""The shape of a text: as many numbers whatever the text, and they tell where topics are."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from sklearn.metrics import silhouette_score

from kotaku_nlp.analysis.topics import shape as module
from kotaku_nlp.analysis.topics.points import Points, centred
from kotaku_nlp.analysis.topics.shape import LADDER, shape

SUBJECT = np.repeat(np.arange(4), 15)
ROWS = centred(np.eye(8)[SUBJECT] + np.random.default_rng(0).normal(scale=0.05, size=(60, 8)))
CURVES = ("vectors", "points", "modularity", "gap")


@pytest.fixture(scope="module")
def four() -> dict[str, np.ndarray]:
    """Return the four curves of a text of four subjects."""
    return dict(zip(CURVES, shape(ROWS, len(ROWS))[1:].reshape(4, len(LADDER)), strict=True))


def test_silhouettes_and_gap_are_highest_where_the_topics_are(four: dict[str, np.ndarray]) -> None:
    at = LADDER.index(4)
    assert four["vectors"].argmax() == four["points"].argmax() == at
    assert four["gap"][at] > 1.0 > four["gap"][0]


def test_indices_are_those_of_the_libraries(four: dict[str, np.ndarray]) -> None:
    at = LADDER.index(4)
    assert four["vectors"][at] == pytest.approx(silhouette_score(ROWS, SUBJECT, metric="cosine"))
    graph = nx.from_scipy_sparse_array(Points(ROWS).graph)
    subjects = [set(np.flatnonzero(SUBJECT == subject).tolist()) for subject in range(4)]
    assert four["modularity"][at] == pytest.approx(nx.community.modularity(graph, subjects), abs=1e-4)


def test_vectors_whose_columns_do_not_belong_together_have_no_gap(four: dict[str, np.ndarray]) -> None:
    draw = np.random.default_rng(5)
    mixed = centred(np.stack([draw.permutation(column) for column in ROWS.T], axis=1))
    gap = shape(mixed, len(mixed))[1:].reshape(4, len(LADDER))[3]
    assert np.abs(gap).max() < 0.5 * four["gap"].max()


@pytest.mark.parametrize("kind", ["ten", "alike", "two kinds", "zero", "one column"])
def test_every_text_has_as_many_finite_numbers(kind: str) -> None:
    rows = {
        "ten": ROWS[::6],
        "alike": centred(np.ones((40, 8))),
        "two kinds": centred(np.eye(8)[np.arange(40) % 2]),
        "zero": np.where(np.arange(60)[:, None] % 3 == 0, 0, ROWS).astype(np.float32),
        "one column": ROWS[:, :1],
    }[kind]
    found = shape(rows, 200)
    assert found.shape == (1 + 4 * len(LADDER),)
    assert np.isfinite(found).all()
    assert found[0] == pytest.approx(np.log(200))


@pytest.mark.parametrize("most", [41, 50, 59])
def test_of_many_passages_some_are_looked_at(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_ROWS", most)
    found = shape(ROWS, len(ROWS))
    assert np.isfinite(found).all()
    assert found[0] == pytest.approx(np.log(len(ROWS)))
    assert found[1:].reshape(4, len(LADDER))[1].argmax() == LADDER.index(4)
