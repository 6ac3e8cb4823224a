"""The verbs that tell how much there is: `stats`, `languages`."""

import argparse
import json

from tui import formats
from tui.commands import open_archive
from tui.i18n import _


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
