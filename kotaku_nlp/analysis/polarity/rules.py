"""Polarity by rules: general words and aspect words, negation, wish, hearsay, contrast; nothing learned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kotaku_nlp.analysis.judging import Evidence, Reading, poles, read

if TYPE_CHECKING:
    import pandas as pd

_BEFORE_CONTRAST = 0.5


@dataclass(frozen=True)
class RulePolarity:
    """Word lists with negation, wish, hearsay and contrast; nothing is learned."""

    def predict(self, texts: Sequence[str], /) -> pd.DataFrame:
        """Judge texts.

        :param texts: any texts; one without a judging word is neutral and not certain.
        :return: DataFrame p_negative, p_neutral, p_positive (sum 1), certain, one row per text.
        """
        import pandas as pd

        judged = [poles(_evidence(read(text))) for text in texts]
        return pd.DataFrame(
            {
                "p_negative": pd.Series([one.negative for one in judged], dtype="float64"),
                "p_neutral": pd.Series([one.neutral for one in judged], dtype="float64"),
                "p_positive": pd.Series([one.positive for one in judged], dtype="float64"),
                "certain": pd.Series([one.certain for one in judged], dtype="bool"),
            }
        )


def _evidence(reading: Reading) -> list[Evidence]:
    """Return every judging expression once, weaker before a contrast and where conceded."""
    judged = {(item.first, item.last): item for item in reading.aspects if item.value}
    covered = {at for first, last in judged for at in range(first, last)}
    loose = [item for item in reading.general if covered.isdisjoint(range(item.first, item.last))]
    return [_discounted(item, reading) for item in (*judged.values(), *loose)]


def _discounted(item: Evidence, reading: Reading) -> Evidence:
    parts = reading.parts
    following = item.part + 1
    before = following < len(parts) and parts[following].relation == "contrast"
    if "," not in item.rule and (before or parts[item.part].relation == "concession"):
        return replace(item, value=item.value * _BEFORE_CONTRAST)
    return item
