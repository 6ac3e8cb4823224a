"""The verbs of the command line, in modules by theme.

Each verb has two functions in its module: `add_VERB(parser)` says what it takes,
`run_VERB(options)` does it and returns the exit code. A module is imported only when one of its
verbs is asked for.
"""

import argparse
from importlib import import_module
from typing import TYPE_CHECKING

from index.places import Home

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.archive import Archive

_MODULES = {
    "import": "importing",
    "search": "finding",
    "show": "finding",
    "export": "finding",
    "clean": "importing",
    "stats": "counting",
    "languages": "counting",
    "imports": "counting",
    "language": "correcting",
    "undo": "correcting",
    "doctor": "upkeep",
    "reclean": "cleaning",
    "keep": "cleaning",
    "source": "cleaning",
    "config": "configuring",
    "backup": "upkeep",
    "restore": "upkeep",
    "dump": "upkeep",
    "load": "upkeep",
    "engine": "serving",
}
VERBS = tuple(_MODULES)


def add(verb: str, parser: argparse.ArgumentParser) -> None:
    """Make `parser` the one of `verb`: what it takes, and what runs it (`options.run`)."""
    module = import_module(f"tui.commands.{_MODULES[verb]}")
    getattr(module, f"add_{verb}")(parser)
    run: Callable[[argparse.Namespace], int] = getattr(module, f"run_{verb}")
    parser.set_defaults(run=run)


def open_archive(options: argparse.Namespace) -> "Archive":
    """The archive that the options name."""
    from index.archive import Archive

    return Archive(Home.find(options.archive), options.settings.aliases)
