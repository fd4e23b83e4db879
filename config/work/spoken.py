"""Commands that speak the language of the terminal throughout: what they are for, their usage, and
how they fail.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext, ngettext

from config.language.problems import say
from config.work.terminal import TerminalCommand, speak_the_terminals_language

# what argparse says of every command; it asks gettext, for which this is where the words stand
ARGPARSE = (
    say("usage: "),
    say("positional arguments"),
    say("options"),
    say("show this help message and exit"),
    say("%(prog)s: error: %(message)s\n"),
    say("argument %(argument_name)s: %(message)s"),
    say("the following arguments are required: %s"),
    say("unrecognized arguments: %s"),
    say("expected one argument"),
    say("invalid %(type)s value: %(value)r"),
    say("invalid choice: %(value)r (choose from %(choices)s)"),
)
# Django's own options stand in every command and are for those who work on it
OF_DJANGO = frozenset(
    (
        "--version",
        "--verbosity",
        "--settings",
        "--pythonpath",
        "--traceback",
        "--no-color",
        "--force-color",
        "--skip-checks",
    )
)


class SpokenCommand(TerminalCommand):
    """A command whose words are marked with `say` and said in the language of the terminal."""

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        """Return the parser, its words translated."""
        speak_the_terminals_language()
        # argparse looks its words up by the name _ in its own module
        vars(argparse).update(_=gettext, ngettext=ngettext)
        # people call ./mingcha, which calls manage.py
        called = "mingcha" if prog_name.endswith("manage.py") else prog_name
        parser = super().create_parser(called, subcommand, **options)
        _translate(parser)
        return parser

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Carry the command out; on a command line what goes wrong is said without the name of an
        exception.
        """
        try:
            return super().execute(*args, **options)
        except CommandError as error:
            if not getattr(self, "_called_from_command_line", False) or options.get("traceback"):
                raise
            self.stderr.write(str(error))
            sys.exit(error.returncode)


def _translate(parser: argparse.ArgumentParser) -> None:
    if parser.description:
        parser.description = gettext(parser.description)
    for action in parser._actions:
        if OF_DJANGO & set(action.option_strings):
            action.help = argparse.SUPPRESS
        if action.help and action.help != argparse.SUPPRESS:
            action.help = gettext(action.help)
        if isinstance(action, argparse._SubParsersAction):
            for choice in action._choices_actions:
                choice.help = gettext(choice.help) if choice.help else None
            for inner in dict.fromkeys(action.choices.values()):
                _translate(inner)
