"""The verbs that look after an archive: `doctor`, `backup`, `restore`, `dump`, `load`."""

import argparse
import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ArchiveError, ArchiveLockedError, NewsreaderError
from index.places import Home
from index.text.safe import safe_line
from tui import formats
from tui.commands import open_archive
from tui.commands.output import Ticker
from tui.i18n import _, ngettext, say

if TYPE_CHECKING:
    from index.catalog.health import Problem


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
        health = archive.catalog.health
        problems = health.repair() if options.repair else health.check()
        for found in problems:
            said = safe_line(say(found.template, found.values))
            print(_("catalog: {problem}").format(problem=said))
        if options.repair:
            for done, left in archive.rebuild():
                said = _("Indexing · {n} of {all}")
                ticker.show(formats.fill(said, n=done, all=done + left))
        sound = archive.fulltext.verify()
        articles, indexed = archive.catalog.count(), archive.fulltext.count
        pending = archive.catalog.pending_count()
    if problems:
        print(_catalog_advice(problems, repaired=options.repair))
    else:
        line = ngettext("catalog: {n} article, sound", "catalog: {n} articles, sound", articles)
        print(formats.fill(line, n=articles))
    whole = sound and indexed == articles and not pending
    if not sound:
        print(_("index: damaged; run: newsreader doctor --repair"))
    elif whole:
        print(_("index: whole"))
    else:
        said = _("index: {n} of {all} articles; run: newsreader doctor --repair")
        print(formats.fill(said, n=min(indexed, articles - pending), all=articles))
    return 0 if whole and not problems else 1


def _catalog_advice(problems: "list[Problem]", *, repaired: bool) -> str:
    if not repaired:
        return _(
            "All that is not named can be read. newsreader doctor --repair puts right what can be\n"
            "without guessing; make a copy first: newsreader backup FILE"
        )
    if any(problem.part in {"article", "content"} for problem in problems):
        return _(
            "The rest can be read. An article named above comes back when its file is imported\n"
            "again into a new archive, or with: newsreader restore BACKUP"
        )
    return _("The rest can be read. A mark named above can be set again by hand.")


# ---- backup, restore


def add_backup(parser: argparse.ArgumentParser) -> None:
    """Say what `backup` takes."""
    parser.description = _(
        "Copy all articles, their originals and all marks into one file, also while the reader\n"
        "runs. The index is not in it: it is made again from the articles."
    )
    parser.add_argument("file", metavar="FILE", help=_("the file to write"))
    parser.add_argument(
        "--force", action="store_true", help=_("write over a file that is there already")
    )


def run_backup(options: argparse.Namespace) -> int:
    """Copy the archive into one file."""
    from index.safekeeping import back_up

    target = Path(options.file)
    if target.exists() and not options.force:
        raise NewsreaderError("{path} is there already; choose another name", path=target)
    size = back_up(Home.find(options.archive), target)
    print(formats.fill(_("{path} · {n} MB"), path=safe_line(str(target)), n=round(size / 2**20, 1)))
    return 0


def add_restore(parser: argparse.ArgumentParser) -> None:
    """Say what `restore` takes."""
    parser.description = _(
        "Make the archive hold what a backup holds. What it held before is kept beside it, as\n"
        "catalog.db.before-restore. A file that is no whole backup changes nothing."
    )
    parser.add_argument("file", metavar="FILE", help=_("a file that newsreader backup wrote"))


def run_restore(options: argparse.Namespace) -> int:
    """Put a backup in the place of the archive."""
    from index.safekeeping import restore

    aside = restore(Home.find(options.archive), Path(options.file))
    if aside is not None:
        print(_("what was there before: {path}").format(path=safe_line(str(aside))))
    with open_archive(options) as archive, Ticker(sys.stderr) as ticker:
        for done, left in archive.sync():
            ticker.show(formats.fill(_("Indexing · {n} of {all}"), n=done, all=done + left))
        count = archive.catalog.count()
    print(formats.fill(ngettext("{n} article", "{n} articles", count), n=count))
    return 0


# ---- dump, load


def add_dump(parser: argparse.ArgumentParser) -> None:
    """Say what `dump` takes."""
    parser.description = _(
        "Print what you did, as text, a line of JSON each: read and starred articles, tags, saved\n"
        "searches, reading places, corrected languages, kept parts, rules for sources."
    )


def run_dump(options: argparse.Namespace) -> int:
    """Print all that a person did."""
    from index.safekeeping import dump

    with open_archive(options) as archive:
        for line in dump(archive):
            print(line)
    return 0


def add_load(parser: argparse.ArgumentParser) -> None:
    """Say what `load` takes."""
    parser.description = _(
        "Add what newsreader dump printed to what is there; articles are known by their bytes.\n"
        "A file with a wrong line changes nothing."
    )
    parser.add_argument("file", metavar="FILE", help=_("a dump, or - for standard input"))


def run_load(options: argparse.Namespace) -> int:
    """Take over a dump."""
    from index.safekeeping import load

    try:
        with contextlib.ExitStack() as stack:
            lines = (
                sys.stdin.buffer
                if options.file == "-"
                else stack.enter_context(Path(options.file).open("rb"))
            )
            archive = stack.enter_context(open_archive(options))
            taken, missing = load(archive, lines)
    except OSError as error:
        raise NewsreaderError(
            "{path} cannot be read: {why}", path=options.file, why=error.strerror
        ) from error
    print(formats.fill(ngettext("{n} line taken over", "{n} lines taken over", taken), n=taken))
    if missing:
        line = ngettext(
            "{n} line is about an article that is not here",
            "{n} lines are about articles that are not here",
            missing,
        )
        print(f"newsreader: {formats.fill(line, n=missing)}", file=sys.stderr)
    return 1 if missing else 0
