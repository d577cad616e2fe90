"""A judge of polarity: something that scores texts, and what makes of scores probabilities and doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from kotaku_nlp.analysis.conformal import LEAST, Calibration, calibrate
from kotaku_nlp.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

#: The order of scores and probabilities everywhere.
POLES = ("negative", "neutral", "positive")


class Scorer(Protocol):
    """Anything that scores texts: words, an encoder's vectors, a fine-tuned body."""

    def scores(self, texts: Sequence[str], /) -> NDArray[np.floating[Any]]:
        """Return the logits of every text in the order of `POLES`, shape (n, 3)."""
        ...


class Polarity(Protocol):
    """Anything that judges texts."""

    def predict(self, texts: Sequence[str], /) -> pd.DataFrame:
        """Return one row per text: p_negative, p_neutral, p_positive, certain."""
        ...


@dataclass(frozen=True)
class Judge:
    """A scorer with its calibration.

    :param scorer: what reads the texts.
    :param calibration: learnt on texts that the scorer did not train on.
    """

    scorer: Scorer
    calibration: Calibration = field(default_factory=Calibration)

    def predict(self, texts: Sequence[str], /) -> pd.DataFrame:
        """Judge texts.

        A row is certain where the conformal set at the level of the calibration holds one polarity: at the
        shipped level of 0.2, of the texts of each polarity that are like those calibrated on, at least 80
        in 100 have theirs in the set. A text without a letter says nothing: it is neutral and not certain.

        :param texts: any texts, whatever their domain.
        :return: DataFrame p_negative, p_neutral, p_positive (sum 1), certain, one row per text.
        """
        import numpy as np
        import pandas as pd

        probabilities = self.calibration.probabilities(self.scorer.scores(texts).reshape(-1, len(POLES)))
        certain = self.calibration.certain(probabilities)
        silent = np.array([not any(map(str.isalpha, text)) for text in texts], dtype=bool)
        probabilities[silent] = (0.0, 1.0, 0.0)
        frame = pd.DataFrame(probabilities, columns=[f"p_{pole}" for pole in POLES])
        return frame.assign(certain=certain & ~silent)


def recalibrate(judge: Polarity, texts: Sequence[str], labels: Sequence[str]) -> Judge:
    """Return a judge whose probabilities and doubt fit a user's own texts; what it learnt stays.

    50 to 100 clauses from the user's interviews do, read by a person and at least ten of each polarity.
    Clauses that the judge was trained on make it too sure.

    :param judge: from `load_polarity`; rules over words cannot be calibrated.
    :param texts: clauses.
    :param labels: "negative", "neutral" or "positive" for each.
    :raises ModelError: when there are too few of a polarity, or a label is none of the three.
    """
    import numpy as np

    if not isinstance(judge, Judge):
        raise ModelError("polarity_fixed")
    if len(texts) != len(labels):
        raise ModelError("polarity_not_as_many", texts=len(texts), labels=len(labels))
    unknown = next((label for label in labels if label not in POLES), None)
    if unknown is not None:
        raise ModelError("polarity_label_unknown", label=unknown)
    truth = np.array([POLES.index(label) for label in labels], dtype=int)
    counts = np.bincount(truth, minlength=len(POLES))
    if counts.min() < LEAST:
        told = ", ".join(f"{pole} {count}" for pole, count in zip(POLES, counts, strict=True))
        raise ModelError("polarity_few", least=LEAST, counts=told)
    fitted = calibrate(judge.scorer.scores(texts), truth, judge.calibration.level)
    return replace(judge, calibration=fitted)
