"""What the word lists and the words around them say of a text, as a few numbers beside its words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kotaku_nlp.analysis.lexicon import general_lexicon, units
from kotaku_nlp.language.negation import hedged, negation, reported, wished

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Columns of the matrix, in order.
CUES = ("good", "bad", "last", "turned", "wished", "hedged", "reported", "length", "any_good", "any_bad")
_MANY = 3


def cue_matrix(texts: Sequence[str]) -> NDArray[np.float32]:
    """Return the cues of texts, shape (n, len(CUES)).

    :param texts: any texts; one without a listed word has zeros for words good and bad.
    """
    import numpy as np

    rows = [_cues(text) for text in texts]
    return np.array(rows, dtype=np.float32).reshape(len(rows), len(CUES))


def _cues(text: str) -> list[Any]:
    """Weigh the listed words of one text; a negator within reach turns or weakens its word."""
    tokens = units(text)
    good = bad = last = 0.0
    turned = 0
    for hit in general_lexicon().match(tokens, text):
        factor = 1.0 if hit.entry.unit else negation(tokens, hit.first, hit.last).factor
        last = hit.entry.weight * factor
        good, bad, turned = good + max(last, 0), bad + max(-last, 0), turned + (factor < 0)
    sign = (last > 0) - (last < 0)
    around = [wished(tokens), hedged(tokens), reported(tokens), math.log1p(len(tokens)) / 4]
    said = [math.log1p(good), math.log1p(bad), sign, min(turned, _MANY) / _MANY]
    return [*said, *around, good > 0, bad > 0]
