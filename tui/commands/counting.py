"""The verbs that tell how much there is, and how it came: `stats`, `languages`, `imports`."""

import argparse
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from index.text.safe import safe_line
from tui import formats
from tui.commands import open_archive
from tui.i18n import _, ngettext

if TYPE_CHECKING:
    from index.catalog.ledger import PageOfLedger


def add_stats(parser: argparse.ArgumentParser) -> None:
    """Say what `stats` takes."""
    parser.description = _("How much the archive holds.")
    parser.add_argument("--json", action="store_true", help=_("print one JSON object"))


def run_stats(options: argparse.Namespace) -> int:
    """Print counts over the archive."""
    with open_archive(options) as archive:
        found = archive.catalog.statistics()
    if options.json:
        print(json.dumps(found, ensure_ascii=False))
        return 0
    for name, value in found.items():
        if isinstance(value, dict):
            top = list(value.items())[:12]
            print(f"{name:<12}" + ", ".join(f"{key} {formats.number(count)}" for key, count in top))
        else:
            print(f"{name:<12}{value if value is not None else '–'}")
    return 0


def add_languages(parser: argparse.ArgumentParser) -> None:
    """Say what `languages` takes."""
    parser.description = _("The languages in the archive, with the number of articles.")
    parser.add_argument("--json", action="store_true", help=_("print one JSON object"))


def run_languages(options: argparse.Namespace) -> int:
    """Print the languages with the number of articles in each."""
    with open_archive(options) as archive:
        counts = archive.catalog.statistics()["languages"]
    assert isinstance(counts, dict)
    if options.json:
        found = {"languages": [{"id": code, "articles": n} for code, n in counts.items()]}
        print(json.dumps(found, ensure_ascii=False))
        return 0
    for code, count in counts.items():
        print(f"{formats.number(count):>10}  {code:<8} {formats.language(code)}")
    return 0


def add_imports(parser: argparse.ArgumentParser) -> None:
    """Say what `imports` takes."""
    parser.description = _(
        "The last imports, the newest first; with a number, what was refused in that one, came in\n"
        "damaged or looks odd, each with the reason."
    )
    parser.add_argument("number", nargs="?", type=int, metavar="NUMBER", help=_("of an import"))
    parser.add_argument("--json", action="store_true", help=_("print one JSON object a line"))


def run_imports(options: argparse.Namespace) -> int:
    """Print the ledger, or a page of it; exit code 1 where that page tells of nothing."""
    with open_archive(options) as archive:
        ledger = archive.catalog.ledger
        if options.number is None:
            for page in ledger.pages():
                print(json.dumps(asdict(page), ensure_ascii=False) if options.json else _said(page))
            return 0
        items = list(ledger.items(options.number))
    for item in items:
        if options.json:
            print(json.dumps(item._asdict(), ensure_ascii=False))
        else:
            print(safe_line(f"{item.id or item.status} {item.origin}: {item.reason}"))
    if not items:
        print(_("nothing found"), file=sys.stderr)
    return 0 if items else 1


def _said(page: "PageOfLedger") -> str:
    parts = [
        f"{page.number:>4}  {page.started[:16].replace('T', ' ')}",
        formats.counts(page.counts),
    ]
    if page.remarked:
        said = ngettext("{n} with a reason", "{n} with a reason", page.remarked)
        parts.append(formats.fill(said, n=page.remarked))
    if page.finished is None:
        parts.append(_("not finished"))
    paths = list(page.paths[:1])
    more = len(page.paths) - len(paths)
    if more > 0:
        paths.append(ngettext("… and {n} more", "… and {n} more", more).format(n=more))
    return safe_line("  ".join([" · ".join(parts), " ".join(paths)]))
