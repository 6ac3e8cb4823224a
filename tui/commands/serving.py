"""The verbs that open the reader, and the service it talks to."""

import argparse
import difflib
import os
import sys
from importlib import import_module
from zlib import crc32

from index.places import Home, state_folder
from index.text.safe import safe_line
from tui.i18n import _
from tui.start import start_engine


def run_reader(options: argparse.Namespace) -> int:
    """Open the reader. The engine starts first: it loads while Textual does."""
    for path in options.paths:
        # A misspelt verb is no path; what else is missing the reader lists among the refused.
        meant = difflib.get_close_matches(path, options.verbs, n=1, cutoff=0.7)
        if meant and not os.path.lexists(path):
            said = _("there is no file or folder {path}; did you mean: newsreader {verb}?")
            line = said.format(path=safe_line(path), verb=meant[0])
            print(f"newsreader: {line}", file=sys.stderr)
            return 2
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print(
            "newsreader: " + _("the reader needs a terminal; see newsreader --help for the rest"),
            file=sys.stderr,
        )
        return 2
    home = Home.find(options.archive)
    command = [sys.executable, "-P", "-m", "tui", "--locale", options.locale]
    command += ["--archive", str(home.folder)] if options.archive else []
    command.append("engine")
    engine = start_engine(command)
    app = import_module("tui.app")  # Textual: only this verb pays for it
    folder = state_folder()
    if folder is not None:  # the last view of each archive is its own
        folder /= f"{crc32(os.fsencode(home.folder.resolve())):08x}"
    return int(
        app.run(
            engine,
            command=command,
            state_folder=folder,
            locale=options.locale,
            paths=options.paths,
        )
    )


def add_engine(parser: argparse.ArgumentParser) -> None:
    """Say what `engine` takes."""
    parser.description = _(
        "Serve the archive as JSON lines on standard input and output (docs/engine.md)."
    )


def run_engine(options: argparse.Namespace) -> int:
    """Serve JSON lines."""
    from index.engine import serve

    serve(Home.find(options.archive), options.locale)
    return 0
