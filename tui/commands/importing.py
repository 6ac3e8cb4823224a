"""The verbs that take articles in: `import`, and `clean`, which touches no archive."""

import argparse
import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from index.errors import SourceError
from index.text.safe import safe_line
from tui import formats
from tui.commands import open_archive
from tui.commands.output import Ticker
from tui.i18n import _, ngettext, say

if TYPE_CHECKING:
    from index.importing import Progress

_MOST_REFUSED = 20


def add_import(parser: argparse.ArgumentParser) -> None:
    """Say what `import` takes."""
    parser.description = _(
        "Add articles: text, HTML and JSONL files, folders of them, each also as .gz .xz .zst;\n"
        "- reads standard input. What is there already is left as it is, so an import may be\n"
        "stopped and run again. Each JSONL line is an object with text, html or html_path, and\n"
        "any of id url title date language source author."
    )
    parser.add_argument(
        "paths", nargs="+", metavar="PATH", help=_("file, folder, or - for standard input")
    )
    parser.add_argument(
        "--json", action="store_true", help=_("print what became of each item as one JSON object")
    )
    parser.add_argument(
        "--no-clean",
        dest="clean",
        action="store_false",
        help=_("keep every line as the article's text"),
    )


def run_import(options: argparse.Namespace) -> int:
    """Import, telling of the progress on standard error where a person looks at it."""
    from index.catalog.ledger import Status
    from index.importing import Progress

    items = _JsonItems(sys.stdout) if options.json else None
    progress = Progress()
    refused: list[Status] = []
    odd = 0
    with open_archive(options) as archive:
        try:
            with Ticker(sys.stderr) as ticker:
                for step in archive.importing(options.paths, cleaning=options.clean):
                    if isinstance(step, Status):
                        odd += step.status != "refused" and bool(step.reason)
                        if items:
                            items.add(step)
                        elif step.status == "refused" and len(refused) < _MOST_REFUSED:
                            refused.append(step)
                    else:
                        progress = step
                        ticker.show(_progress_line(progress))
        except KeyboardInterrupt:
            for page in archive.catalog.ledger.pages(1):
                if page.finished is None:
                    said = f"{formats.counts(page.counts)} · {_('not finished')}"
                    print(said, end="", file=sys.stderr)  # whoever ends the program ends the line
            raise
        number = archive.catalog.ledger.pages(1)[0].number
    counts = progress.counts
    if items:
        items.end(counts)
    else:
        for item in refused:
            print(f"newsreader: {safe_line(f'{item.origin}: {item.reason}')}", file=sys.stderr)
        more = counts["refused"] - len(refused)
        if more > 0:
            print(
                ngettext("… and {n} more", "… and {n} more", more).format(n=more), file=sys.stderr
            )
        print(formats.counts(counts))
        if odd:
            said = ngettext(
                "{n} came in damaged or looks odd; see: newsreader imports {number}",
                "{n} came in damaged or look odd; see: newsreader imports {number}",
                odd,
            )
            print(said.format(n=formats.number(odd), number=number), file=sys.stderr)
    return 1 if counts["refused"] else 0


def _progress_line(progress: "Progress") -> str:
    done, counts = progress.done, progress.counts
    name = progress.path.rpartition("/")[2]  # the rest of the line must fit beside it
    far = formats.number(done)
    if progress.of and progress.of > done:
        far = formats.fill(_("{n} of about {all}"), n=done, all=progress.of)
    rate = formats.fill(_("{n} a second"), n=round(progress.rate))
    parts = [_("Importing {name}").format(name=name), far, rate]
    if counts["refused"]:
        said = ngettext("{n} refused", "{n} refused", counts["refused"])
        parts.append(formats.fill(said, n=counts["refused"]))
    return " · ".join(parts)


class _JsonItems:
    """One JSON object of an import's items, written as they come: their number has no bound."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._out.write('{"items":[')
        self._first = True

    def add(self, item: object) -> None:
        self._out.write("" if self._first else ",")
        self._out.write(json.dumps(item._asdict(), ensure_ascii=False))  # type: ignore[attr-defined]
        self._first = False

    def end(self, counts: dict[str, int]) -> None:
        self._out.write("]," + json.dumps(counts)[1:] + "\n")


def add_clean(parser: argparse.ArgumentParser) -> None:
    """Say what `clean` takes."""
    parser.description = _(
        "Clean articles and print them, in the order they come. No archive is touched."
    )
    parser.add_argument(
        "paths",
        nargs="*",
        default=["-"],
        metavar="PATH",
        help=_("file, folder, or - for standard input"),
    )
    parser.add_argument("--json", action="store_true", help=_("print one JSON object a line"))


def run_clean(options: argparse.Namespace) -> int:
    """Clean and print, in input order."""
    from index.export import cleaned_json
    from index.ingest import ingest
    from index.model import Article, Document
    from index.sources import read

    refused = 0

    def documents() -> Iterator[Document]:
        nonlocal refused
        for item in read(options.paths or ["-"]):
            if isinstance(item, SourceError):
                refused += 1
                _complain(item)
            else:
                yield item

    def plain(article: Article) -> str:
        title = [article.cleaned.title] if article.cleaned.title else []
        return "\n\n".join([*title, *article.cleaned.body]) + "\n"

    for article in ingest(documents()):
        if options.json:
            print(json.dumps(cleaned_json(article), ensure_ascii=False))
        else:
            print(plain(article))
    return 1 if refused else 0


def _complain(error: SourceError) -> None:
    reason = safe_line(say(error.template, error.values))
    print(f"newsreader: {safe_line(error.origin)}: {reason}", file=sys.stderr)
