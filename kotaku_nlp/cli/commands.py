"""The commands on a corpus and on a run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kotaku_nlp import __version__
from kotaku_nlp.cli.codebook import codebook
from kotaku_nlp.cli.models import models
from kotaku_nlp.cli.shell import (
    LANG,
    errors,
    exit_code,
    help_of,
    progress,
    show_problems,
    show_speakers,
    tell,
    with_lang,
)

if TYPE_CHECKING:
    from kotaku_nlp.records import Problem
    from kotaku_nlp.validating import Handout, Scored

UNITS = ("turn", "passage", "sentence", "character")
FORMS = ("qdpx", "docx", "xlsx", "csv")


@click.group(help=help_of("kotaku"), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kotaku-nlp", message="%(prog)s %(version)s")
def main() -> None:
    """Group of all commands."""
    for stream in (sys.stdout, sys.stderr):  # a Windows console that is not UTF-8 must not end a run
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


@main.command(help=help_of("run"))
@click.argument("corpus", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help=help_of("out"))
@click.option("--codebook", "codebooks", multiple=True, help=help_of("codebook_option"))
@click.option("--model", help=help_of("model_option"))
@click.option("--learn", is_flag=False, flag_value="", default=None, help=help_of("learn"))
@click.option("--topics", type=click.IntRange(min=2), help=help_of("topics"))
@click.option("--seed", type=click.IntRange(min=0), help=help_of("seed"))
@with_lang
def run(
    corpus: Path,
    out: Path | None,
    codebooks: tuple[str, ...],
    model: str | None,
    learn: str | None,
    topics: int | None,
    seed: int | None,
    lang: str | None,
) -> None:
    """Analyse a corpus and write its run folder."""
    with errors(lang):
        from kotaku_nlp import runner

        corpus, told = _opened(corpus, lang or LANG)
        chosen = lang or runner.language(corpus, LANG)
        learnt = None if learn is None else learn or corpus / "codings"
        values: dict[str, Any] = {"model": model, "topics": topics, "seed": seed, "lang": chosen}
        values["codebooks"] = list(codebooks) or None
        with progress(chosen) as shown:
            analysis = runner.run(corpus, out, learn=learnt, progress=shown, **values)
        problems = (*told, *analysis.problems)
        show_problems(problems, chosen)
        target = out or runner.default_target(corpus)
        tell("run_done", chosen, report=target / "report.html", **runner.counts(analysis))
        sys.exit(exit_code(problems))


@main.command(help=help_of("check"))
@click.argument("corpus", type=click.Path(path_type=Path))
@with_lang
def check(corpus: Path, lang: str | None) -> None:
    """Say what is in a corpus folder, and write speakers.csv to confirm."""
    lang = lang or LANG
    with errors(lang):
        from kotaku_nlp.corpus.confirmations import write_speakers
        from kotaku_nlp.corpus.folder import read_corpus

        corpus, told = _opened(corpus, lang)
        with progress(lang) as shown:
            found = read_corpus(corpus, shown)
        problems = (*told, *found.problems)
        show_speakers(found, lang)
        show_problems(problems, lang)
        if found.transcripts:
            write_speakers(found, corpus / "speakers.csv")
            tell("check_done", lang, file=corpus / "speakers.csv")
        sys.exit(exit_code(problems))


@main.command(help=help_of("agree"))
@click.argument("folder", metavar="RUN", type=click.Path(path_type=Path))
@click.argument("codings", metavar="[CODING]…", nargs=-1, type=click.Path(path_type=Path))
@click.option("--unit", type=click.Choice(UNITS), default="turn", show_default=True, help=help_of("unit"))
@click.option("--map", "mapping", type=click.Path(path_type=Path), help=help_of("map"))
@with_lang
def agree(folder: Path, codings: tuple[Path, ...], unit: str, mapping: Path | None, lang: str | None) -> None:
    """Compare manual codings with each other and with the machine."""
    lang = lang or LANG
    with errors(lang):
        from kotaku_nlp.checking import check_coding

        check = check_coding(folder, codings, unit=unit, mapping=mapping, lang=lang)
        click.echo("\n".join(check.lines))
        show_problems(check.problems, lang)
        tell("agree_done", lang, folder=folder)
        sys.exit(exit_code(check.problems))


@main.command(help=help_of("export"))
@click.argument("folder", metavar="RUN", type=click.Path(path_type=Path))
@click.argument("codings", metavar="[CODING]…", nargs=-1, type=click.Path(path_type=Path))
@click.option("--to", "kind", type=click.Choice(FORMS), required=True, help=help_of("to"))
@click.option("--out", type=click.Path(path_type=Path), help=help_of("export_out"))
@with_lang
def export(folder: Path, codings: tuple[Path, ...], kind: str, out: Path | None, lang: str | None) -> None:
    """Write a run, its coding and that of people, for other programs."""
    lang = lang or LANG
    with errors(lang):
        from kotaku_nlp.checking import export_coding

        target, problems = export_coding(folder, kind, out, codings, lang)
        show_problems(problems, lang)
        tell("export_done", lang, target=target)
        sys.exit(exit_code(problems))


@main.command(help=help_of("validate"))
@click.argument("folder", metavar="RUN", type=click.Path(path_type=Path))
@click.argument("returned", metavar="[SHEET]…", nargs=-1, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help=help_of("validate_out"))
@click.option(
    "--raters", type=click.IntRange(1, 99), default=2, show_default=True, help=help_of("validate_raters")
)
@click.option(
    "--minutes", type=click.IntRange(min=1), default=15, show_default=True, help=help_of("validate_minutes")
)
@click.option("--codebook", help=help_of("validate_codebook"))
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help=help_of("seed"))
@with_lang
def validate(
    folder: Path,
    returned: tuple[Path, ...],
    out: Path | None,
    raters: int,
    minutes: int,
    codebook: str | None,
    seed: int,
    lang: str | None,
) -> None:
    """Write blind sheets for other readers, or score those that came back."""
    lang = lang or LANG
    with errors(lang):
        from kotaku_nlp.validating import score_validation, write_validation

        done: Handout | Scored
        if returned:
            done = score_validation(folder, returned, lang)
        else:
            done = write_validation(
                folder, out, raters=raters, seed=seed, codebook=codebook, minutes=minutes, lang=lang
            )
        click.echo("\n".join(done.lines))
        show_problems(done.problems, lang)
        sys.exit(exit_code(done.problems))


@main.command(help=help_of("demo"))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@with_lang
def demo(folder: Path, lang: str | None) -> None:
    """Copy the demo corpus into a folder of one's own."""
    lang = lang or LANG
    with errors(lang):
        from kotaku_nlp.shipped import copy_demo

        copy_demo(folder)
        tell("demo_done", lang, folder=folder)


main.add_command(codebook)
main.add_command(models)


def _opened(path: Path, lang: str) -> tuple[Path, tuple[Problem, ...]]:
    """Return a corpus folder as it is, and a project file as the folder that is made of it."""
    from kotaku_nlp.projects.unpack import is_project, unpack_project

    if not is_project(path):
        return path, ()
    unpacked = unpack_project(path, lang=lang)
    click.echo("\n".join(unpacked.lines(lang)))
    return unpacked.folder, unpacked.problems
