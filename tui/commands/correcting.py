"""The verbs that put things right: `language` corrects an article's, `undo` takes a change back."""

import argparse

from index.text.safe import safe_line
from tui import formats, undoing
from tui.commands import open_archive
from tui.i18n import _


def add_language(parser: argparse.ArgumentParser) -> None:
    """Say what `language` takes."""
    parser.description = _("Correct the language of an article, for ever; - for as detected.")
    parser.add_argument("id", metavar="ID", help=_("the article's id, or the beginning of it"))
    parser.add_argument("language", metavar="LANGUAGE", help=_("a language, such as uk, or -"))


def run_language(options: argparse.Namespace) -> int:
    """Say which language an article is in."""
    from index.correcting import correct_language

    with open_archive(options) as archive:
        wanted = None if options.language == "-" else options.language
        code, _changed = correct_language(archive, options.id, wanted)
    print(f"{code}  {formats.language(code)}")
    return 0


def add_undo(parser: argparse.ArgumentParser) -> None:
    """Say what `undo` takes."""
    parser.description = _(
        "Take back the last change that you made, here or in the reader: marks, tags, saved\n"
        "searches, languages, kept blocks, rules for sources, a dump taken over. Once more takes\n"
        "back the one before it."
    )


def run_undo(options: argparse.Namespace) -> int:
    """Take back the last change; exit code 1 where there is none."""
    with open_archive(options) as archive:
        what, keys = archive.catalog.undo.last()
        archive.catch_up()
    if what is None:
        print(_("there is nothing to undo"))
        return 1
    print(safe_line(undoing.said(what, len(keys))))
    return 0
