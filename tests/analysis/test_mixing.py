"""Several voices weighed into one answer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import expit

from kotaku_nlp.analysis.mixing import Mix, likely, mix_of

FINITE = st.floats(-20, 20, width=32)


@given(arrays(np.float32, (3, 2), elements=FINITE), FINITE, FINITE)
def test_odds_are_a_weighted_sum_and_their_probability_the_logistic(
    voice: np.ndarray, weight: float, offset: float
) -> None:
    odds = Mix({"reader": weight, "rule": 2.0}, offset).odds({"reader": voice, "rule": 1, "unheard": "x"})
    assert np.allclose(odds, weight * voice + 2 + offset, rtol=1e-4, atol=1e-3)
    assert np.allclose(likely(odds), expit(odds), atol=1e-6)


def test_a_voice_that_is_missing_is_asked_for() -> None:
    with pytest.raises(KeyError, match="head"):
        Mix({"head": 1.0}, 0.0).odds({"reader": np.zeros(2)})


def test_a_mix_is_read_again_from_its_facts() -> None:
    mix = Mix({"reader": 0.5, "head": 1.25}, -0.75, 0.32)
    assert mix_of(mix.facts()) == mix
