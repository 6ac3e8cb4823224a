"""The verb that corrects an article's language: `language`."""

import argparse

from tui import formats
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
