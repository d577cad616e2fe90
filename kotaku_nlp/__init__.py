"""kotaku-nlp: a second reader for Indonesian interviews on collaborative governance.

Every public name is imported when it is first used, so that `import kotaku_nlp` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

#: Public name → module that defines it.
_PUBLIC = {
    "Agreement": "coding.agreement.compare",
    "Analysis": "records",
    "Codebook": "records",
    "Coding": "records",
    "Corpus": "records",
    "Encoder": "records",
    "KotakuError": "errors",
    "Settings": "settings",
    "agree": "coding.agreement.everyone",
    "align": "analysis.alignment",
    "analyse": "pipeline",
    "compare": "coding.agreement.compare",
    "cut_units": "coding.agreement.units",
    "crosswalk": "coding.crosswalk",
    "diagnose": "coding.doctor.diagnose",
    "discover_topics": "analysis.topics.discover",
    "load_codebook": "coding.files.codebook",
    "load_encoder": "analysis.encoders",
    "load_polarity": "analysis.polarity",
    "load_run": "store",
    "load_topics": "analysis.topics.model",
    "read_coding": "coding.files.gather",
    "read_corpus": "corpus.folder",
    "run": "runner",
}

__all__ = sorted(_PUBLIC)


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'kotaku_nlp' has no attribute {name!r}")
    value = getattr(import_module(f"kotaku_nlp.{_PUBLIC[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_PUBLIC])
