"""Polarity of any text, whatever its domain: learned judges that abstain, and rules that show their words."""

from kotaku_nlp.analysis.polarity.checkpoint import Checkpoint, load_checkpoint
from kotaku_nlp.analysis.polarity.judge import POLES, Judge, Polarity, Scorer, recalibrate
from kotaku_nlp.analysis.polarity.loading import load_polarity, save_polarity
from kotaku_nlp.analysis.polarity.reader import Reader
from kotaku_nlp.analysis.polarity.rules import RulePolarity

__all__ = [
    "POLES",
    "Checkpoint",
    "Judge",
    "Polarity",
    "Reader",
    "RulePolarity",
    "Scorer",
    "load_checkpoint",
    "load_polarity",
    "recalibrate",
    "save_polarity",
]
