"""The model commands: list, show, fetch."""

from __future__ import annotations

import click

from kotaku_nlp.cli.shell import LANG, errors, help_of, tell, with_lang
from kotaku_nlp.messages import say


@click.group(help=help_of("models"), invoke_without_command=True)
@click.pass_context
def models(context: click.Context) -> None:
    """Group of the model commands; alone it lists them."""
    if context.invoked_subcommand is None:
        context.invoke(list_models)


@models.command("list", help=help_of("models_list"))
@with_lang
def list_models(lang: str | None) -> None:
    """List the models that have a short name, and whether they are here."""
    from kotaku_nlp.analysis.encoders import is_here, known_models

    for name, entry in known_models().items():
        here = say("model_here" if is_here(name) else "model_away", lang or LANG)
        click.echo(f"{name:22} {entry['megabytes']:4} MB  {here:12} {entry[lang or LANG]}")


@models.command("show", help=help_of("models_show"))
@click.argument("name")
@with_lang
def show_model(name: str, lang: str | None) -> None:
    """Print what is known of a model."""
    lang = lang or LANG
    with errors(lang):
        from kotaku_nlp.analysis.encoders import describe

        for key, value in describe(name).items():
            click.echo(f"{key:10} {value[lang] if isinstance(value, dict) else value}")


@models.command("fetch", help=help_of("models_fetch"))
@click.argument("name")
@with_lang
def fetch_models(name: str, lang: str | None) -> None:
    """Download a hub model once: the only command that uses the network."""
    lang = lang or LANG
    with errors(lang):
        from kotaku_nlp.analysis.encoders import fetch_model

        tell("model_fetched", lang, name=name, folder=fetch_model(name))
