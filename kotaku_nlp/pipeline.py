"""analyse(): the only file that knows the order of the stages.

read → cut → embed → discover, align, score, involve → profile, relate. Everything a user may have got wrong
is looked at before anything slow begins.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kotaku_nlp.analysis.alignment import alignment_table
from kotaku_nlp.analysis.aspects import aspect_table
from kotaku_nlp.analysis.embeddings import Remembered, embed
from kotaku_nlp.analysis.encoders import SentenceEncoder, load_encoder
from kotaku_nlp.analysis.evidence import evidence_tables
from kotaku_nlp.analysis.involvement import involvement_table
from kotaku_nlp.analysis.presence import with_presence
from kotaku_nlp.analysis.profiles import profile_table, spoken
from kotaku_nlp.analysis.reader import load_reader
from kotaku_nlp.analysis.relations import relation_tables
from kotaku_nlp.analysis.sentiment import score_sentiment
from kotaku_nlp.analysis.tones import with_tones
from kotaku_nlp.analysis.topics.tables import topic_tables
from kotaku_nlp.coding.codings import as_examples
from kotaku_nlp.coding.files.codebook import load_codebook
from kotaku_nlp.corpus.passages import cut, transcripts_table, turns_table
from kotaku_nlp.records import Analysis, Codebook, Coding, Corpus, Encoder, Problem, Progress, silent
from kotaku_nlp.settings import Settings
from kotaku_nlp.shipped import digest

if TYPE_CHECKING:
    import pandas as pd

_LIBRARIES = (
    "kotaku-nlp",
    "bertopic",
    "nltk",
    "numpy",
    "pandas",
    "scikit-learn",
    "sentence-transformers",
    "torch",
)


@dataclass
class Stages:
    """How far a run is: tells the progress and keeps the seconds of each stage."""

    progress: Progress
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time one stage and say when it begins and ends."""
        self.progress(name, 0, 1)
        started = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - started, 3)
        self.progress(name, 1, 1)


def analyse(
    corpus: Corpus,
    codebooks: Sequence[str | Path | Codebook] | None = None,
    settings: Settings | None = None,
    *,
    learn: Coding | None = None,
    encoder: Encoder | None = None,
    cache: Path | None = None,
    progress: Progress = silent,
) -> Analysis:
    """Read a corpus as a second reader would, and return every table of the run.

    :param corpus: what `read_corpus` returned.
    :param codebooks: codebooks to align with: shipped ids, files, or codebooks; those of the settings
        when left out.
    :param settings: settings; the defaults when left out.
    :param learn: a manual coding to learn from; interviews coded in it are scored out of fold.
    :param encoder: encoder of topics and zero-shot alignment; the one that the settings name when left out.
    :param cache: folder in which vectors are kept between runs, or None.
    :param progress: told at every stage.
    :return: the analysis; the same corpus, settings and versions give the same tables.
    :raises KotakuError: when a codebook, model or setting cannot be used.
    """
    settings = settings or Settings()
    books = _codebooks(codebooks or settings.codebooks)
    encoder = encoder or load_encoder(settings.model, settings.device, settings.backend)
    run = Stages(progress)
    with run.stage("cut"):
        passages = cut(corpus, settings.passage_words)
        tables = {
            "transcripts": transcripts_table(corpus),
            "turns": turns_table(corpus),
            "passages": passages,
        }
        examples = as_examples(learn, passages) if learn else None
    with run.stage("embed"):
        memory, body = _memories(encoder, cache)
        reader = Remembered(load_reader(), cache)
        embeddings = embed(
            passages["passage_id"].tolist(), passages["text"].tolist(), memory, progress=progress
        )
    with run.stage("discover"):
        found = topic_tables(passages, embeddings.matrix, settings.seed, settings.topics)
        tables |= {"topics": found.topics, "passage_topics": found.passage_topics}
    with run.stage("align"):
        voices = (body, reader)
        tables["alignment"] = alignment_table(passages, books, embeddings.matrix, memory, examples, *voices)
    with run.stage("score"):
        tables["sentiment"] = with_tones(score_sentiment(passages), passages, *voices)
        tables["aspects"] = aspect_table(tables["sentiment"], passages)
    with run.stage("involve"):
        tables["involvement"] = with_presence(involvement_table(passages), passages, *voices)
    with run.stage("profile"):
        told = (tables["alignment"], tables["aspects"], books)
        tables["profile"] = profile_table(passages, *told, settings.resamples, settings.seed)
    with run.stage("relate"):
        draws = (settings.resamples, settings.seed)
        tables |= relation_tables(tables, books, found.model, _details(corpus), *draws)
    memory.keep()
    body.keep()
    reader.keep()
    problems = (*corpus.problems, *_cut_short(encoder, passages), *found.problems)
    chosen = settings.updated({"codebooks": [book.id for book in books]})
    identity = {"id": embeddings.model, "revision": embeddings.revision}
    manifest = _manifest(corpus, chosen, identity, tables, run.seconds, problems, learn, found.facts)
    return Analysis(
        corpus_name=corpus.name,
        settings=chosen.as_dict(),
        manifest=manifest,
        tables=evidence_tables(tables, books, manifest["informants"]),
        embeddings=embeddings,
        problems=problems,
        codebooks=books,
        topic_model=found.model,
        **tables,
    )


def _memories(encoder: Encoder, cache: Path | None) -> tuple[Remembered, Remembered]:
    """Return the run's encoder and the embedded body of the shipped heads: one, where they are the same."""
    memory, body = Remembered(encoder, cache), load_encoder()
    same = (memory.id, memory.revision) == (body.id, body.revision)
    return memory, memory if same else Remembered(body, cache)


def _cut_short(encoder: Encoder, passages: pd.DataFrame) -> list[Problem]:
    """Say how many passages are longer than the encoder reads, where it can tell."""
    if not isinstance(encoder, SentenceEncoder):
        return []
    count = encoder.cut_short(passages["text"].tolist())
    return [Problem("passages_cut_short", "", params={"n": count, "name": encoder.id})] if count else []


def _codebooks(named: Sequence[str | Path | Codebook]) -> tuple[Codebook, ...]:
    """Load the codebooks, each once, in the order given."""
    books = (item if isinstance(item, Codebook) else load_codebook(item) for item in named)
    return tuple({book.id: book for book in books}.values())


def _manifest(
    corpus: Corpus,
    settings: Settings,
    model: Mapping[str, str],
    tables: Mapping[str, pd.DataFrame],
    seconds: Mapping[str, float],
    problems: Sequence[Problem],
    learn: Coding | None,
    topics: Mapping[str, Any],
) -> dict[str, Any]:
    return {
        "corpus": corpus.name,
        "invented": corpus.invented,
        "settings": settings.as_dict(),
        "codebooks": list(settings.codebooks),
        "seed": settings.seed,
        "model": dict(model),
        "models": _shipped_models(),
        "topics": dict(topics),
        "dialect_share": _dialect_share(tables["passages"]),
        "learnt_from": learn.name if learn else None,
        "versions": _versions(),
        "inputs": dict(sorted(corpus.sources.items())),
        "counts": {name: len(frame) for name, frame in tables.items()},
        "informants": _details(corpus),
        "problems": [asdict(problem) for problem in problems],
        "seconds": dict(seconds),
    }


def _details(corpus: Corpus) -> list[dict[str, str]]:
    """Return what the informant table says beyond group and role, person by person."""
    return [
        {"transcript": person.transcript, "informant": person.id} | dict(person.columns)
        for person in corpus.informants
    ]


def _shipped_models() -> dict[str, dict[str, str]]:
    """Return the sha256 of the models that read every run, whatever encoder it names."""
    names = ("contextual-id-en", "reader-id", "head-ansell-gash", "head-aspects", "head-involvement")
    return {name: {"sha256": digest("models", name)} for name in names}


def _dialect_share(passages: pd.DataFrame) -> float:
    """Return the mean share of Jambi Malay words in what informants say."""
    said = spoken(passages)["dialect_share"]
    return round(float(said.mean()), 4) if len(said) else 0.0


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # a checkout that runs without being installed
            found[name] = "unknown"
    return found
