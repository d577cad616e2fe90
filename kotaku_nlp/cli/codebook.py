"""The codebook commands: list, show, check, import."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kotaku_nlp.cli.shell import LANG, errors, exit_code, help_of, show_problems, tell, with_lang


@click.group(help=help_of("codebook"))
def codebook() -> None:
    """Group of the codebook commands."""


@codebook.command("list", help=help_of("codebook_list"))
@with_lang
def list_codebooks(lang: str | None) -> None:
    """List the shipped codebooks."""
    from kotaku_nlp.coding.codebook import SHIPPED, load_codebook

    for name in SHIPPED:
        book = load_codebook(name)
        click.echo(f"{name:18} {len(book.leaves):3}  {book.title.get(lang or LANG, name)}")


@codebook.command("show", help=help_of("codebook_show"))
@click.argument("name")
@with_lang
def show_codebook(name: str, lang: str | None) -> None:
    """Print a codebook's dimensions and definitions."""
    lang = lang or LANG
    with errors(lang):
        from kotaku_nlp.coding.files.codebook import load_codebook

        book = load_codebook(name)
        click.echo(f"{book.id}: {book.title.get(lang) or book.id}\n{book.source}\n")
        parents = {dimension.parent for dimension in book.dimensions}
        for dimension in book.dimensions:
            inset = "  " if dimension.parent else ""
            head = f"{inset}{dimension.id}: {dimension.name(lang)}"
            click.echo(head if dimension.id in parents else f"{head}\n{inset}    {dimension.text(lang)}")


@codebook.command("check", help=help_of("codebook_check"))
@click.argument("file")
@click.argument("codings", metavar="[CODING]…", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--with", "folder", metavar="RUN", type=click.Path(path_type=Path), help=help_of("codebook_with")
)
@with_lang
def check_codebook(file: str, codings: tuple[Path, ...], folder: Path | None, lang: str | None) -> None:
    """Look a codebook over: what overlaps, what is missing, what nothing separates."""
    lang = lang or LANG
    with errors(lang):
        from kotaku_nlp.examining import examine_codebook

        diagnosis, problems = examine_codebook(file, folder, codings, lang)
        show_problems(problems, lang)
        click.echo("\n".join(diagnosis.lines(lang)))
        book = diagnosis.codebook
        tell("codebook_good", lang, name=file, leaves=len(book.leaves), max_codes=book.max_codes)
        sys.exit(exit_code(problems))


@codebook.command("import", help=help_of("codebook_import"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help=help_of("codebook_import_out"))
@with_lang
def import_codebook(file: Path, out: Path | None, lang: str | None) -> None:
    """Turn the codebook of another tool into a YAML file."""
    lang = lang or LANG
    with errors(lang):
        from kotaku_nlp.coding.files.codebook import write_imported

        target, found = write_imported(file, out)
        show_problems(found.problems, lang)
        tell("codebook_import_done", lang, file=target, codes=len(found.codebook.leaves))
        sys.exit(exit_code(found.problems))
