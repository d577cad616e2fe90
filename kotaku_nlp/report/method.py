"""The method in plain words, what it cannot say, and the audit trail."""

from __future__ import annotations

from typing import Any

from kotaku_nlp.records import Analysis
from kotaku_nlp.report.labels import Labels

STEPS = ("cut", "align", "tone", "involvement", "topics", "taught")
LIMITS = (
    "prevalence", "causes", "success", "machine", "interval", "silence", "question", "dialect",
)  # fmt: skip


def method(analysis: Analysis, labels: Labels) -> dict[str, Any]:
    """Return paragraphs, limits and facts."""
    return {
        "steps": [labels.say(f"method_{step}") for step in STEPS],
        "limits": limits(analysis, labels),
        "facts": [(name, str(value)) for name, value in _facts(analysis, labels) if value not in (None, "")],
    }


def limits(analysis: Analysis, labels: Labels) -> list[str]:
    """Return what the report cannot say, one sentence or two each."""
    return [_limit(name, analysis, labels) for name in LIMITS]


def version(analysis: Analysis) -> str:
    """Return the version of kotaku-nlp that made the run, or nothing when the manifest has none."""
    versions = analysis.manifest.get("versions") or {}
    return str(versions.get("kotaku-nlp") or versions.get("kotaku_nlp") or "")


def _limit(name: str, analysis: Analysis, labels: Labels) -> str:
    if name == "interval":
        resamples = int(analysis.settings.get("resamples") or 0)
        return labels.say("limit_interval", resamples=labels.count(resamples))
    share = analysis.manifest.get("dialect_share")
    if name == "dialect" and share is not None:
        return labels.say("limit_dialect_share", share=labels.number(float(share)))
    return labels.say(f"limit_{name}")


def _facts(analysis: Analysis, labels: Labels) -> list[tuple[str, Any]]:
    settings, manifest = analysis.settings, analysis.manifest
    facts: list[tuple[str, Any]] = [
        (labels.say("fact_model"), analysis.embeddings.model),
        (labels.say("fact_revision"), analysis.embeddings.revision),
    ]
    for name, model in sorted((manifest.get("models") or {}).items()):
        facts.append((labels.say("fact_other_model", name=name), _told(model)))
    bases = sorted(set(analysis.alignment["basis"].dropna()))
    versions = manifest.get("versions") or {}
    facts += [
        (labels.say("fact_codebooks"), "; ".join(labels.codebook(book.id) for book in analysis.codebooks)),
        (labels.say("fact_basis"), "; ".join(labels.name("basis", basis) for basis in bases)),
        (labels.say("fact_seed"), settings.get("seed")),
        (labels.say("fact_resamples"), settings.get("resamples")),
        (labels.say("fact_passage_words"), _words(settings.get("passage_words"), labels)),
        (labels.say("fact_versions"), ", ".join(f"{name} {versions[name]}" for name in sorted(versions))),
        (labels.say("fact_inputs"), labels.say("fact_inputs_value")),
    ]
    return facts


def _words(n: Any, labels: Labels) -> str:
    return labels.say("fact_words", n=n) if n is not None else ""


def _told(model: Any) -> str:
    """Return what a manifest says of a model, in one line."""
    if isinstance(model, dict):
        return ", ".join(f"{name} {value}" for name, value in sorted(model.items()))
    return str(model)
