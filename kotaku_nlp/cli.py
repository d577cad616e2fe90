"""The commands: thin, over functions of the same name. Alone prints, exits and reads the environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from traceback import format_exc
from typing import TYPE_CHECKING, Any

import click

from kotaku_nlp import __version__
from kotaku_nlp.errors import KotakuError
from kotaku_nlp.messages import LANGUAGES, say

if TYPE_CHECKING:
    from kotaku_nlp.records import Corpus, Problem, Progress

UNITS = ("turn", "passage", "sentence", "character")
FORMS = ("qdpx", "docx", "xlsx", "csv")
DONE, SOME_INPUT_WRONG, WRONG_USAGE = 0, 1, 2
#: Language of help and of messages without --lang.
_LANG = os.environ.get("KOTAKU_LANG", "id") if os.environ.get("KOTAKU_LANG") in LANGUAGES else "id"


def _help(key: str) -> str:
    return say(f"help_{key}", _LANG)


_lang = click.option("--lang", type=click.Choice(LANGUAGES), default=None, help=_help("lang"))


@click.group(help=_help("kotaku"), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kotaku-nlp", message="%(prog)s %(version)s")
def main() -> None:
    """Group of all commands."""
    for stream in (sys.stdout, sys.stderr):  # a Windows console that is not UTF-8 must not end a run
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


@main.command(help=_help("run"))
@click.argument("corpus", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help=_help("out"))
@click.option("--codebook", "codebooks", multiple=True, help=_help("codebook_option"))
@click.option("--model", help=_help("model_option"))
@click.option("--learn", is_flag=False, flag_value="", default=None, help=_help("learn"))
@click.option("--topics", type=click.IntRange(min=2), help=_help("topics"))
@click.option("--seed", type=click.IntRange(min=0), help=_help("seed"))
@_lang
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
    with _errors(lang):
        from kotaku_nlp import runner

        corpus, told = _opened(corpus, lang or _LANG)
        chosen = lang or runner.language(corpus, _LANG)
        learnt = None if learn is None else learn or corpus / "codings"
        values: dict[str, Any] = {"model": model, "topics": topics, "seed": seed, "lang": chosen}
        values["codebooks"] = list(codebooks) or None
        with _progress(chosen) as progress:
            analysis = runner.run(corpus, out, learn=learnt, progress=progress, **values)
        problems = (*told, *analysis.problems)
        _print_problems(problems, chosen)
        target = out or runner.default_target(corpus)
        _say("run_done", chosen, report=target / "report.html", **runner.counts(analysis))
        sys.exit(_code(problems))


@main.command(help=_help("check"))
@click.argument("corpus", type=click.Path(path_type=Path))
@_lang
def check(corpus: Path, lang: str | None) -> None:
    """Say what is in a corpus folder, and write speakers.csv to confirm."""
    lang = lang or _LANG
    with _errors(lang):
        from kotaku_nlp.corpus.confirmations import write_speakers
        from kotaku_nlp.corpus.folder import read_corpus

        corpus, told = _opened(corpus, lang)
        with _progress(lang) as progress:
            found = read_corpus(corpus, progress)
        problems = (*told, *found.problems)
        _print_speakers(found, lang)
        _print_problems(problems, lang)
        if found.transcripts:
            write_speakers(found, corpus / "speakers.csv")
            _say("check_done", lang, file=corpus / "speakers.csv")
        sys.exit(_code(problems))


@main.command(help=_help("agree"))
@click.argument("folder", metavar="RUN", type=click.Path(path_type=Path))
@click.argument("codings", metavar="[CODING]…", nargs=-1, type=click.Path(path_type=Path))
@click.option("--unit", type=click.Choice(UNITS), default="turn", show_default=True, help=_help("unit"))
@click.option("--map", "mapping", type=click.Path(path_type=Path), help=_help("map"))
@_lang
def agree(folder: Path, codings: tuple[Path, ...], unit: str, mapping: Path | None, lang: str | None) -> None:
    """Compare manual codings with each other and with the machine."""
    lang = lang or _LANG
    with _errors(lang):
        from kotaku_nlp.checking import check_coding

        check = check_coding(folder, codings, unit=unit, mapping=mapping, lang=lang)
        click.echo("\n".join(check.lines))
        _print_problems(check.problems, lang)
        _say("agree_done", lang, folder=folder)
        sys.exit(_code(check.problems))


@main.command(help=_help("export"))
@click.argument("folder", metavar="RUN", type=click.Path(path_type=Path))
@click.argument("codings", metavar="[CODING]…", nargs=-1, type=click.Path(path_type=Path))
@click.option("--to", "kind", type=click.Choice(FORMS), required=True, help=_help("to"))
@click.option("--out", type=click.Path(path_type=Path), help=_help("export_out"))
@_lang
def export(folder: Path, codings: tuple[Path, ...], kind: str, out: Path | None, lang: str | None) -> None:
    """Write a run, its coding and that of people, for other programs."""
    lang = lang or _LANG
    with _errors(lang):
        from kotaku_nlp.checking import export_coding

        target, problems = export_coding(folder, kind, out, codings, lang)
        _print_problems(problems, lang)
        _say("export_done", lang, target=target)
        sys.exit(_code(problems))


@main.group(help=_help("codebook"))
def codebook() -> None:
    """Group of the codebook commands."""


@codebook.command("list", help=_help("codebook_list"))
@_lang
def list_codebooks(lang: str | None) -> None:
    """List the shipped codebooks."""
    from kotaku_nlp.coding.codebook import SHIPPED, load_codebook

    for name in SHIPPED:
        book = load_codebook(name)
        click.echo(f"{name:18} {len(book.leaves):3}  {book.title.get(lang or _LANG, name)}")


@codebook.command("show", help=_help("codebook_show"))
@click.argument("name")
@_lang
def show_codebook(name: str, lang: str | None) -> None:
    """Print a codebook's dimensions and definitions."""
    lang = lang or _LANG
    with _errors(lang):
        from kotaku_nlp.coding.codebook import load_codebook

        book = load_codebook(name)
        click.echo(f"{book.id}: {book.title.get(lang) or book.id}\n{book.source}\n")
        parents = {dimension.parent for dimension in book.dimensions}
        for dimension in book.dimensions:
            inset = "  " if dimension.parent else ""
            head = f"{inset}{dimension.id}: {dimension.name(lang)}"
            click.echo(head if dimension.id in parents else f"{head}\n{inset}    {dimension.text(lang)}")


@codebook.command("check", help=_help("codebook_check"))
@click.argument("file")
@_lang
def check_codebook(file: str, lang: str | None) -> None:
    """Check one's own codebook file."""
    lang = lang or _LANG
    with _errors(lang):
        from kotaku_nlp.coding.codebook import load_codebook, thin_dimensions

        book = load_codebook(file)
        for dimension, n in thin_dimensions(book):
            _say("codebook_thin", lang, name=file, dimension=dimension, n=n)
        _say("codebook_good", lang, name=file, leaves=len(book.leaves), max_codes=book.max_codes)


@codebook.command("import", help=_help("codebook_import"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help=_help("codebook_import_out"))
@_lang
def import_codebook(file: Path, out: Path | None, lang: str | None) -> None:
    """Turn the codebook of another tool into a YAML file."""
    lang = lang or _LANG
    with _errors(lang):
        from kotaku_nlp.coding.files.codebook import write_imported

        target, found = write_imported(file, out)
        _print_problems(found.problems, lang)
        _say("codebook_import_done", lang, file=target, codes=len(found.codebook.leaves))
        sys.exit(_code(found.problems))


@main.group(help=_help("models"), invoke_without_command=True)
@click.pass_context
def models(context: click.Context) -> None:
    """Group of the model commands; alone it lists them."""
    if context.invoked_subcommand is None:
        context.invoke(list_models)


@models.command("list", help=_help("models_list"))
@_lang
def list_models(lang: str | None) -> None:
    """List the models that have a short name, and whether they are here."""
    from kotaku_nlp.analysis.encoders import is_here, known_models

    for name, entry in known_models().items():
        here = say("model_here" if is_here(name) else "model_away", lang or _LANG)
        click.echo(f"{name:22} {entry['megabytes']:4} MB  {here:12} {entry[lang or _LANG]}")


@models.command("show", help=_help("models_show"))
@click.argument("name")
@_lang
def show_model(name: str, lang: str | None) -> None:
    """Print what is known of a model."""
    lang = lang or _LANG
    with _errors(lang):
        from kotaku_nlp.analysis.encoders import describe

        for key, value in describe(name).items():
            click.echo(f"{key:10} {value[lang] if isinstance(value, dict) else value}")


@models.command("fetch", help=_help("models_fetch"))
@click.argument("name")
@_lang
def fetch_models(name: str, lang: str | None) -> None:
    """Download a hub model once: the only command that uses the network."""
    lang = lang or _LANG
    with _errors(lang):
        from kotaku_nlp.analysis.encoders import fetch_model

        _say("model_fetched", lang, name=name, folder=fetch_model(name))


@main.command(help=_help("demo"))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@_lang
def demo(folder: Path, lang: str | None) -> None:
    """Copy the demo corpus into a folder of one's own."""
    lang = lang or _LANG
    with _errors(lang):
        from kotaku_nlp.shipped import copy_demo

        copy_demo(folder)
        _say("demo_done", lang, folder=folder)


def _opened(path: Path, lang: str) -> tuple[Path, tuple[Problem, ...]]:
    """Return a corpus folder as it is, and a project file as the folder that is made of it."""
    from kotaku_nlp.projects.unpack import is_project, unpack_project

    if not is_project(path):
        return path, ()
    unpacked = unpack_project(path, lang=lang)
    click.echo("\n".join(unpacked.lines(lang)))
    return unpacked.folder, unpacked.problems


@contextmanager
def _errors(lang: str | None) -> Iterator[None]:
    """Turn what a user can mend into a line on stderr and an exit code; never a stack trace."""
    lang = lang or _LANG
    try:
        yield
    except KotakuError as problem:
        click.echo(f"{say('error', lang)}: {problem.render(lang)}", err=True)
        sys.exit(problem.code)
    except KeyboardInterrupt:
        click.echo(say("interrupted", lang), err=True)
        sys.exit(130)
    except OSError as problem:
        place = problem.filename or ""
        click.echo(
            f"{say('error', lang)}: {say('disk', lang, file=place, detail=problem.strerror)}", err=True
        )
        sys.exit(WRONG_USAGE)
    except Exception as problem:  # our own mistake: kept in a file to send, never thrown at the reader
        with NamedTemporaryFile("w", suffix=".txt", prefix="kotaku-", delete=False, encoding="utf-8") as file:
            file.write(format_exc())
        told = say("unforeseen", lang, detail=type(problem).__name__, file=file.name)
        click.echo(f"{say('error', lang)}: {told}", err=True)
        sys.exit(SOME_INPUT_WRONG)


@contextmanager
def _progress(lang: str) -> Iterator[Progress]:
    """Yield a progress bar on a terminal, plain lines on stderr elsewhere."""
    if not sys.stderr.isatty():
        yield _plain_lines(lang)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, Any] = {}

        def tell(stage: str, done: int, total: int, /) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(say(f"stage_{stage}", lang), total=total)
            bars.update(tasks[stage], completed=done, total=max(total, 1))

        yield tell


def _plain_lines(lang: str) -> Callable[[str, int, int], None]:
    begun: set[str] = set()

    def tell(stage: str, done: int, total: int, /) -> None:
        if stage not in begun:
            begun.add(stage)
            click.echo(f"{say(f'stage_{stage}', lang)} …", err=True)

    return tell


def _print_speakers(corpus: Corpus, lang: str) -> None:
    groups = {(person.transcript, person.id): person.group for person in corpus.informants}
    for transcript in corpus.transcripts:
        click.echo(
            f"{transcript.path} ({say('report_kind_' + transcript.kind, lang)}, {transcript.language})"
        )
        turns: dict[tuple[str, str], int] = {}
        for turn in transcript.turns:
            who = say("interviewer", lang) if turn.is_interviewer else turn.informant or "–"
            key = (turn.speaker or "–", who)
            turns[key] = turns.get(key, 0) + 1
        for (label, who), n in turns.items():
            group = groups.get((transcript.name, who))
            named = f"  [{say('report_group_' + group, lang)}]" if group else ""
            click.echo(f"    {label:16} {n:4} {say('turns', lang)}  {who}{named}")


def _print_problems(problems: tuple[Problem, ...], lang: str) -> None:
    for problem in problems:
        mark = say("error" if problem.level == "error" else "notice", lang)
        text = say(problem.key, lang, **problem.params)
        click.echo(f"{mark}: {problem.where}: {text}" if problem.where else f"{mark}: {text}", err=True)


def _code(problems: tuple[Problem, ...]) -> int:
    return SOME_INPUT_WRONG if any(problem.level == "error" for problem in problems) else DONE


def _say(key: str, lang: str, **params: Any) -> None:
    click.echo(say(key, lang, **params))


if __name__ == "__main__":
    main()
