"""The verbs that look after an archive: `doctor`."""

import argparse
import sys

from index.errors import ArchiveError, ArchiveLockedError
from index.text.safe import safe_line
from tui.commands import open_archive
from tui.commands.output import Ticker
from tui.i18n import _, ngettext, say


def add_doctor(parser: argparse.ArgumentParser) -> None:
    """Say what `doctor` takes."""
    parser.description = _(
        "Check the catalog (the truth) and the index (a copy). --repair makes the index anew from\n"
        "the catalog; nothing that cannot be made again is ever touched."
    )
    parser.add_argument("--repair", action="store_true", help=_("rebuild the index"))


def run_doctor(options: argparse.Namespace) -> int:
    """Check catalog and index; with --repair, make the index anew."""
    try:
        opened = open_archive(options)
    except ArchiveError as error:
        if isinstance(error, ArchiveLockedError):
            raise
        problem = safe_line(say(error.template, error.values))
        print(_("catalog: {problem}").format(problem=problem))
        print(
            _(
                "It cannot be opened, so nothing was changed. Keep a copy of the file; put back\n"
                "an earlier copy of it, or move it away and import the articles again."
            )
        )
        return 3
    with opened as archive, Ticker(sys.stderr) as ticker:
        problems = archive.catalog.check()
        for problem in problems:
            print(_("catalog: {problem}").format(problem=safe_line(problem)))
        if options.repair:
            for done, left in archive.rebuild():
                ticker.show(_("Indexing · {n:,} of {of:,}").format(n=done, of=done + left))
        sound = archive.fulltext.verify()
        articles, indexed = archive.catalog.count(), archive.fulltext.count
        pending = archive.catalog.pending_count()
    line = ngettext("catalog: {n:,} article, sound", "catalog: {n:,} articles, sound", articles)
    if not problems:
        print(line.format(n=articles))
    whole = sound and indexed == articles and not pending
    if not sound:
        print(_("index: damaged; run: newsreader doctor --repair"))
    elif whole:
        print(_("index: whole"))
    else:
        print(
            _(
                "index: {indexed:,} of {articles:,} articles; run: newsreader doctor --repair"
            ).format(indexed=indexed, articles=articles)
        )
    return 0 if whole and not problems else 1
