"""The verbs that change how articles here are cleaned: `reclean`, `keep`, `source`."""

import argparse
import json
import sys

from index.errors import NotFoundError
from index.text.safe import safe_line
from tui import formats
from tui.commands import open_archive
from tui.commands.output import Ticker
from tui.i18n import _, ngettext


def add_reclean(parser: argparse.ArgumentParser) -> None:
    """Say what `reclean` takes."""
    parser.description = _(
        "Clean articles that are here already again, with all that has been learned since; all of\n"
        "them where neither a query nor a source is named. Ids, flags, tags and kept blocks stay.\n"
        "It may be stopped; the same asked again goes on from there."
    )
    parser.add_argument("query", nargs="*", metavar="QUERY", help=_("only what this finds"))
    parser.add_argument("--source", metavar="S", help=_("only the articles of this source"))
    parser.add_argument("--json", action="store_true", help=_("print one JSON object"))


def run_reclean(options: argparse.Namespace) -> int:
    """Clean again, telling of the progress on standard error where a person looks at it."""
    asked: dict[str, object] = {}
    if options.query:
        asked["query"] = " ".join(options.query)
    if options.source:
        asked["source"] = options.source
    done = changed = 0
    with open_archive(options) as archive, Ticker(sys.stderr) as ticker:
        keys = archive.asked(asked)
        for step in archive.recleaning(keys, asked):
            done, changed = step.done, step.changed
            said = _("Cleaning again · {n} of {all}")
            ticker.show(formats.fill(said, n=done, all=step.of))
    if options.json:
        print(json.dumps({"recleaned": done, "changed": changed, "of": len(keys)}))
    else:
        said = ngettext("{n} article cleaned again", "{n} articles cleaned again", done)
        print(formats.fill(said, n=done))
        said = ngettext("{n} of them changed", "{n} of them changed", changed)
        print(formats.fill(said, n=changed))
    return 0 if keys else 1


def add_keep(parser: argparse.ArgumentParser) -> None:
    """Say what `keep` takes."""
    parser.description = _(
        "Keep blocks of an article that the cleaner cut, or with --cut let them be cut again.\n"
        "newsreader show ID --cuts prints the number of each line; the number here is that of\n"
        "the block in show ID --json, from 0."
    )
    parser.add_argument("id", metavar="ID")
    parser.add_argument("blocks", metavar="BLOCK", type=int, nargs="+")
    parser.add_argument(
        "--cut", dest="kept", action="store_false", help=_("leave the decision to the cleaner")
    )


def run_keep(options: argparse.Namespace) -> int:
    """Keep blocks, or no longer."""
    with open_archive(options) as archive:
        key = archive.catalog.find(options.id)
        for block in options.blocks:
            archive.keep(key, block, kept=options.kept)
        for _step in archive.sync():
            pass
    return 0


def add_source(parser: argparse.ArgumentParser) -> None:
    """Say what `source` takes."""
    parser.description = _(
        "Decide whether articles of a source are cleaned. Without a decision it prints what is\n"
        "decided; without a source, which sources are never cleaned."
    )
    parser.add_argument("source", nargs="?", metavar="SOURCE")
    parser.add_argument(
        "--clean",
        dest="clean",
        action=argparse.BooleanOptionalAction,
        default=None,
        help=_("clean its articles, or with --no-clean keep every line of them"),
    )
    parser.add_argument("--json", action="store_true", help=_("print one JSON object"))


def run_source(options: argparse.Namespace) -> int:
    """Tell or decide whether a source is cleaned; its articles here are then cleaned again."""
    with open_archive(options) as archive:
        sites = archive.catalog.sites
        found: dict[str, object]
        if options.source is None:
            found = {"uncleaned": sorted(sites.uncleaned())}
            lines = sorted(sites.uncleaned())
        else:
            source, here = options.source, sites.articles(options.source)
            if not here and options.clean is None:
                raise NotFoundError("no article here is from {source}", source=source)
            if options.clean is not None and sites.set_cleaned(source, clean=options.clean):
                for _step in archive.recleaning(here, {"source": source}):
                    pass
            clean = source not in sites.uncleaned()
            found = {"source": source, "clean": clean, "articles": len(here)}
            said = _("{source}: cleaned") if clean else _("{source}: kept as it comes")
            lines = [said.format(source=source)]
    if options.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        for line in lines:
            print(safe_line(line))
    return 0
