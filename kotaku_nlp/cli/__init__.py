"""The commands: thin, over functions of the same name. Alone prints, exits and reads the environment."""

from kotaku_nlp.cli.commands import main

__all__ = ["main"]
