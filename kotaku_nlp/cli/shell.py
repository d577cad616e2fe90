"""What every command shares: its language, its progress, its errors as lines, and its exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from tempfile import NamedTemporaryFile
from traceback import format_exc
from typing import TYPE_CHECKING, Any

import click

from kotaku_nlp.errors import KotakuError
from kotaku_nlp.messages import LANGUAGES, say

if TYPE_CHECKING:
    from kotaku_nlp.records import Corpus, Problem, Progress

DONE, SOME_INPUT_WRONG, WRONG_USAGE = 0, 1, 2
#: Language of help and of messages without --lang.
LANG = os.environ.get("KOTAKU_LANG", "id") if os.environ.get("KOTAKU_LANG") in LANGUAGES else "id"


def help_of(key: str) -> str:
    """Return the help of a command or option, in the language of the environment."""
    return say(f"help_{key}", LANG)


with_lang = click.option("--lang", type=click.Choice(LANGUAGES), default=None, help=help_of("lang"))


@contextmanager
def errors(lang: str | None) -> Iterator[None]:
    """Turn what a user can mend into a line on stderr and an exit code; never a stack trace."""
    lang = lang or LANG
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
def progress(lang: str) -> Iterator[Progress]:
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


def show_speakers(corpus: Corpus, lang: str) -> None:
    """Print who speaks in each transcript, and how often."""
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


def show_problems(problems: tuple[Problem, ...], lang: str) -> None:
    """Print what was wrong, or worth knowing, to stderr."""
    for problem in problems:
        mark = say("error" if problem.level == "error" else "notice", lang)
        text = say(problem.key, lang, **problem.params)
        click.echo(f"{mark}: {problem.where}: {text}" if problem.where else f"{mark}: {text}", err=True)


def exit_code(problems: tuple[Problem, ...]) -> int:
    """Return the exit code: some input wrong, or done."""
    return SOME_INPUT_WRONG if any(problem.level == "error" for problem in problems) else DONE


def tell(key: str, lang: str, **params: Any) -> None:
    """Print a message of the wording table."""
    click.echo(say(key, lang, **params))
