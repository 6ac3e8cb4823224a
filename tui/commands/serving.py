"""The verbs that open the reader, and the service it talks to."""

import argparse
import gc
import os
import sys
from importlib import import_module
from zlib import crc32

import assets
from index.places import Home, state_folder
from index.text.safe import safe_line
from tui import picture, settings, terminal
from tui.i18n import _, locale_of, set_locale
from tui.start import start_engine


def run_reader(options: argparse.Namespace) -> int:
    """Open the reader. The engine starts first: it loads while Textual does."""
    for path in options.paths:
        # A misspelt verb is no path; what else is missing the reader lists among the refused.
        if os.path.lexists(path):
            continue
        import difflib

        meant = difflib.get_close_matches(path, options.verbs, n=1, cutoff=0.7)
        if meant:
            said = _("there is no file or folder {path}; did you mean: newsreader {verb}?")
            line = said.format(path=safe_line(path), verb=meant[0])
            print(f"newsreader: {line}", file=sys.stderr)
            return 2
    held, folder = options.settings, state_folder()
    is_plain = options.plain or held.plain or not terminal.can_draw()
    if not (sys.stdin.isatty() and sys.stdout.isatty()) and not options.plain:
        print(
            "newsreader: " + _("the reader needs a terminal; see newsreader --help for the rest"),
            file=sys.stderr,
        )
        return 2
    chosen = settings.load_chosen(folder, held)
    locale = options.locale or chosen.locale or held.locale or locale_of()
    home, paths = Home.find(options.archive), list(options.paths)
    if options.sample:
        home = home if options.archive else Home.sample()
        if not home.catalog.exists():
            paths.insert(0, str(assets.SAMPLE))
    command = [sys.executable, "-P", "-m", "tui", "--locale", locale]
    command += ["--archive", str(home.folder)] if options.archive or options.sample else []
    command.append("engine")
    engine = start_engine(command)
    gc.disable()  # nothing of what is imported now becomes garbage; on again after the first frame
    if is_plain:
        set_locale(locale)
        plain = import_module("tui.plain")  # nothing of Textual
        return int(plain.run(engine, command=command, paths=paths))
    # The last view of each archive is its own.
    own = folder and folder / f"{crc32(os.fsencode(home.folder.resolve())):08x}"
    try:
        if own is not None and not paths:
            picture.show(own, held, chosen, locale)
        keymap = import_module("tui.keymap")  # Textual: only this verb pays for it
        problems = [*held.problems, *keymap.rebind(held)]  # before the keys are bound
        app = import_module("tui.app")
        look = app.Look(held, chosen, locale, folder, tuple(map(_with_line, problems)))
        return int(app.run(engine, command=command, state_folder=own, look=look, paths=paths))
    finally:
        picture.take_down()


def _with_line(problem: settings.Problem) -> str:
    said = _("config.toml, line {n}: {problem}").format(n=problem.line, problem=problem)
    return f"{said} · newsreader config check"


def add_engine(parser: argparse.ArgumentParser) -> None:
    """Say what `engine` takes."""
    parser.description = _(
        "Serve the archive as JSON lines on standard input and output (docs/engine.md)."
    )


def run_engine(options: argparse.Namespace) -> int:
    """Serve JSON lines."""
    from index.engine import serve

    serve(Home.find(options.archive), options.locale, options.settings.aliases)
    return 0
