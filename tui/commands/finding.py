"""The verbs that give articles out: `search`, `show`, `export`."""

import argparse
import json
import shutil
import sys
import textwrap
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ArchiveError, NewsreaderError
from index.text.safe import safe_line, safe_text
from tui import formats
from tui.commands import open_archive
from tui.commands.output import Style, Ticker
from tui.i18n import _, ngettext

if TYPE_CHECKING:
    from index.archive import Archive
    from index.model import Kept, Page, Query, Row
    from index.suggesting import Way


def _add_query(parser: argparse.ArgumentParser) -> None:
    """Words, filters and order: what `search` and `export` take alike."""
    parser.add_argument(
        "query", nargs="*", metavar="QUERY", help=_("words and filters; none: all articles")
    )
    parser.add_argument(
        "--language",
        action="append",
        default=[],
        metavar="L",
        help=_("only this language (may be given again)"),
    )
    parser.add_argument("--after", metavar="D", help=_("only articles dated after D"))
    parser.add_argument("--before", metavar="D", help=_("only articles dated before D"))
    parser.add_argument("--source", metavar="S", help=_("only articles of this source"))
    parser.add_argument(
        "--sort",
        choices=("relevance", "newest", "oldest", "added", "longest", "shortest"),
        default="",
        help=_("order (default: relevance with words, else newest)"),
    )


def add_search(parser: argparse.ArgumentParser) -> None:
    """Say what `search` takes."""
    parser.description = _(
        'Print the articles that match. Words must all occur; OR, NOT or -word, "a phrase",\n'
        "pref*, word~ (spelled alike), (groups); fields title: body: source: author: lang:\n"
        "date: after: before: is: tag:\n"
        "\n"
        "  newsreader search NATO lang:uk,en date:2026-02\n"
        "  newsreader search '\"peace talks\" OR ceasefire' after:2025-06 -source:example\n"
        "  newsreader search date:undated is:unread"
    )
    _add_query(parser)
    parser.add_argument(
        "--limit", type=_count, default=20, metavar="N", help=_("at most N articles (20)")
    )
    parser.add_argument(
        "--offset", type=_count, default=0, metavar="N", help=_("leave out the first N")
    )
    parser.add_argument(
        "--facets", action="store_true", help=_("also count by language, month and source")
    )
    parser.add_argument("--json", action="store_true", help=_("print one JSON object"))


def run_search(options: argparse.Namespace) -> int:
    """Print the articles that match; where there are none, what to ask instead."""
    from index.export import page_json
    from index.suggesting import instead

    query = _query(options)
    with open_archive(options) as archive:
        _fill_index(archive)
        page, _parsed = archive.search(
            query, locale=options.locale, offset=options.offset, limit=options.limit,
            facets=options.facets or options.json,
        )  # fmt: skip
        ways = {} if page.total else instead(archive, query, options.locale)
        pending = archive.catalog.pending_count()
    if options.json:
        print(json.dumps({**page_json(page), **ways, "pending": pending}, ensure_ascii=False))
    else:
        _print_page(page, options)
        for way in _ways_out(ways):
            print(f"  {safe_line(way)}", file=sys.stderr)
    if pending:
        note = ngettext(
            "{n} article is not searchable yet (an import is running, or was cut off)",
            "{n} articles are not searchable yet (an import is running, or was cut off)",
            pending,
        )
        print(f"newsreader: {note.format(n=pending)}", file=sys.stderr)
    return 0 if page.total else 1


def _ways_out(ways: "dict[str, list[Way]]") -> Iterator[str]:
    """What finds something where the query did not, as the reader says it."""
    for way in ways.get("without", ()):
        said = ngettext(
            "remove {filter}: {n} article", "remove {filter}: {n} articles", way["total"]
        )
        yield formats.fill(said, n=way["total"], filter=way["removed"])
    for way in ways.get("suggest", ()):
        said = _("did you mean {query}?").format(query=way["query"])
        yield f"{said} {formats.number(way['total'])}"


def _query(options: argparse.Namespace) -> "Query":
    from index.model import Query

    return Query(
        " ".join(options.query), tuple(options.language), options.after, options.before,
        options.source, options.sort,
    )  # fmt: skip


def _fill_index(archive: "Archive") -> None:
    """Make a lost or damaged index whole before it answers; tell of marks that are damaged."""
    if archive.is_index_new:
        with suppress(ArchiveError), Ticker(sys.stderr) as ticker:  # the note on what is missing
            for done, left in archive.sync():
                said = _("Indexing · {n} of {all}")
                ticker.show(formats.fill(said, n=done, all=done + left))
    if archive.catalog.health.marks():
        print("newsreader: " + _("some marks are damaged; see: newsreader doctor"), file=sys.stderr)


def _print_page(page: "Page", options: argparse.Namespace) -> None:
    style = Style(sys.stdout)
    for row in page.rows:
        _print_row(row, style)
    if options.facets:
        for name, counts in page.facets.items():
            print(style.bold(name))
            for value, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
                print(f"  {count:>8,}  {safe_line(value)}")
    shown = _("{n} of {total}").format(n=len(page.rows), total=formats.number(page.total))
    asked = f" · {page.query}" if page.query else ""
    if page.total:
        print(f"{shown}{asked} · {page.took_ms:.0f} ms", file=sys.stderr)
    else:
        print(_("nothing found") + asked, file=sys.stderr)


def _print_row(row: "Row", style: "Style") -> None:
    title = row.title or row.lede
    spans = row.title_hits if row.title else row.lede_hits
    marked = style.hits(title, spans, bold=row.title is not None)
    about = [row.date or _("undated"), row.language, row.source or _("unknown source")]
    print(marked)
    print(style.muted("  " + " · ".join([*about, row.id])))
    if row.snippet:
        print("  " + style.hits(row.snippet, row.snippet_hits))
    print()


def add_show(parser: argparse.ArgumentParser) -> None:
    """Say what `show` takes."""
    parser.description = _(
        "Print one article: its text as cleaned, the original, or what was cut and why."
    )
    parser.add_argument("id", metavar="ID", help=_("the article's id, or the beginning of it"))
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--json", action="store_true", help=_("print one JSON object"))
    which.add_argument(
        "--raw", action="store_true", help=_("the text as it came, made safe for the terminal")
    )
    which.add_argument(
        "--cuts", action="store_true", help=_("with all that was cut, where it stood, and why")
    )


def run_show(options: argparse.Namespace) -> int:
    """Print one article."""
    from index.archive import minutes
    from index.export import kept_json

    with open_archive(options) as archive:
        kept = archive.get(options.id)
        if options.json:
            line = archive.catalog.lines([kept.key])[0][0]
            print(json.dumps(kept_json(kept, minutes(line)), ensure_ascii=False))
        elif options.raw:
            print(safe_text(kept.article.document.content))
        else:
            _print_article(kept, cuts=options.cuts)
    return 0


def _print_article(kept: "Kept", *, cuts: bool) -> None:
    style, article = Style(sys.stdout), kept.article
    cleaned, document = article.cleaned, article.document
    width = min(78, shutil.get_terminal_size().columns)
    if cleaned.title:
        print(style.bold(textwrap.fill(cleaned.title, width)))
    about = [cleaned.byline, cleaned.date or _("undated"), article.language, article.source]
    print(style.muted(" · ".join(part for part in about if part)))
    print(style.muted((document.stated.url and safe_line(document.stated.url)) or document.origin))
    cut = 0
    for block in cleaned.blocks:
        if block.label.value == "body":
            print("\n" + textwrap.fill(block.text, width))
        elif cuts and block.text.strip():
            reason = f" ({_(block.reason)})" if block.reason else ""
            print("\n" + style.muted(f"┄ {block.label.value}{reason}"))
            print(textwrap.indent(textwrap.fill(block.text, width - 2), "┄ "))
        else:
            cut += bool(block.text.strip())
    if cut:
        line = ngettext("{n} line cut (--cuts shows it)", "{n} lines cut (--cuts shows them)", cut)
        print("\n" + style.muted(line.format(n=cut)))


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def add_export(parser: argparse.ArgumentParser) -> None:
    """Say what `export` takes."""
    parser.description = _(
        "Print the articles that match a query, whole: as JSONL that can be imported again, as\n"
        "CSV (what a spreadsheet would take for a formula is marked as text), as Markdown or text."
    )
    _add_query(parser)
    parser.add_argument(
        "--format", choices=("jsonl", "csv", "md", "txt"), default="jsonl", help=_("(jsonl)")
    )
    parser.add_argument("--output", metavar="FILE", help=_("write a new file instead of printing"))


def run_export(options: argparse.Namespace) -> int:
    """Write out the articles that match."""
    from index.copies import write_out

    with open_archive(options) as archive, ExitStack() as stack:
        _fill_index(archive)
        keys = archive.find(_query(options), options.locale)
        try:
            out = sys.stdout
            if options.output:
                out = stack.enter_context(Path(options.output).open("x", encoding="utf-8"))
            written = write_out(archive.catalog, keys, options.format, out)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise NewsreaderError(
                "{path} cannot be written: {why}", path=options.output or "-", why=error.strerror
            ) from error
    said = ngettext("{n} article", "{n} articles", written)
    print(formats.fill(said, n=written), file=sys.stderr)
    return 0 if written else 1
