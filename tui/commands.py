"""The verbs of the command line: each takes the options and returns the exit code."""

import argparse
import difflib
import json
import os
import shutil
import sys
import textwrap
import time
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, TextIO
from zlib import crc32

from index.errors import ArchiveError, ArchiveLockedError, QueryError, SourceError
from index.places import Home, state_folder
from index.text.safe import safe_line, safe_text
from tui.i18n import _, ngettext, say
from tui.start import start_engine

if TYPE_CHECKING:
    from index.archive import Archive, Progress
    from index.model import Kept, Page, Row

_MOST_REFUSED = 20


def run_reader(options: argparse.Namespace) -> int:
    """Open the reader. The engine starts first: it loads while Textual does."""
    for path in options.paths:
        # A misspelt verb is no path; what else is missing the reader lists among the refused.
        meant = difflib.get_close_matches(path, options.verbs, n=1, cutoff=0.7)
        if meant and not os.path.lexists(path):
            said = _("there is no file or folder {path}; did you mean: newsreader {verb}?")
            line = said.format(path=safe_line(path), verb=meant[0])
            print(f"newsreader: {line}", file=sys.stderr)
            return 2
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print(
            "newsreader: " + _("the reader needs a terminal; see newsreader --help for the rest"),
            file=sys.stderr,
        )
        return 2
    home = Home.find(options.archive)
    command = [sys.executable, "-P", "-m", "tui", "--locale", options.locale]
    command += ["--archive", str(home.folder)] if options.archive else []
    command.append("engine")
    engine = start_engine(command)
    app = import_module("tui.app")  # Textual: only this verb pays for it
    folder = state_folder()
    if folder is not None:  # the last view of each archive is its own
        folder /= f"{crc32(os.fsencode(home.folder.resolve())):08x}"
    return int(
        app.run(
            engine,
            command=command,
            state_folder=folder,
            locale=options.locale,
            paths=options.paths,
        )
    )


def run_engine(options: argparse.Namespace) -> int:
    """Serve JSON lines."""
    from index.engine import serve

    serve(Home.find(options.archive), options.locale)
    return 0


# ---- import


def run_import(options: argparse.Namespace) -> int:
    """Import, telling of the progress on standard error where a person looks at it."""
    from index.archive import Progress
    from index.catalog.ledger import Status

    items = _JsonItems(sys.stdout) if options.json else None
    progress = Progress()
    refused: list[Status] = []
    with _archive(options) as archive, _Ticker(sys.stderr) as ticker:
        for step in archive.importing(options.paths, cleaning=options.clean):
            if isinstance(step, Status):
                if items:
                    items.add(step)
                elif step.status == "refused" and len(refused) < _MOST_REFUSED:
                    refused.append(step)
            else:
                progress = step
                ticker.show(_progress_line(progress))
    counts = progress.counts
    if items:
        items.end(counts)
    else:
        for item in refused:
            print(f"newsreader: {safe_line(f'{item.origin} {item.reason}')}", file=sys.stderr)
        more = counts["refused"] - len(refused)
        if more > 0:
            print(
                ngettext("… and {n} more", "… and {n} more", more).format(n=more), file=sys.stderr
            )
        print(_counts_line(counts))
    return 1 if counts["refused"] else 0


def _progress_line(progress: "Progress") -> str:
    done, counts = progress.done, progress.counts
    of = _(" of about {n:,}").format(n=progress.of) if progress.of and progress.of > done else ""
    refused = _(" · {n:,} refused").format(n=counts["refused"]) if counts["refused"] else ""
    rate = _(" · {n:,.0f} a second").format(n=progress.rate)
    name = progress.path.rpartition("/")[2]  # the rest of the line must fit beside it
    return _("Importing {path} · {n:,}").format(path=name, n=done) + of + rate + refused


def _counts_line(counts: dict[str, int]) -> str:
    return _(
        "{added:,} added, {updated:,} updated, {unchanged:,} unchanged, {refused:,} refused"
    ).format(**counts)


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


class _Ticker:
    """One line of progress, rewritten in place; silent where nobody looks."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._looks = out.isatty()
        self._next = 0.0

    def show(self, line: str) -> None:
        now = time.monotonic()
        if self._looks and now >= self._next:
            self._next = now + 0.1
            width = shutil.get_terminal_size().columns - 1
            self._out.write(f"\r{safe_line(line)[:width]}\x1b[K")
            self._out.flush()

    def __enter__(self) -> "_Ticker":
        return self

    def __exit__(self, *_: object) -> None:
        if self._looks and self._next:
            self._out.write("\r\x1b[K")
            self._out.flush()


# ---- search, show


def run_search(options: argparse.Namespace) -> int:
    """Print the articles that match."""
    from index.export import page_json
    from index.model import Query

    query = Query(
        " ".join(options.query), tuple(options.language), options.after, options.before,
        options.source, options.sort,
    )  # fmt: skip
    with _archive(options) as archive:
        page, _parsed = archive.search(
            query, locale=options.locale, offset=options.offset, limit=options.limit,
            facets=options.facets or options.json,
        )  # fmt: skip
        pending = archive.catalog.pending_count()
    if options.json:
        print(json.dumps(page_json(page), ensure_ascii=False))
    else:
        _print_page(page, options)
    if pending:
        note = ngettext(
            "{n} article is not searchable yet (an import is running, or was cut off)",
            "{n} articles are not searchable yet (an import is running, or was cut off)",
            pending,
        )
        print(f"newsreader: {note.format(n=pending)}", file=sys.stderr)
    return 0 if page.total else 1


def _print_page(page: "Page", options: argparse.Namespace) -> None:
    style = _Style(sys.stdout)
    for row in page.rows:
        _print_row(row, style)
    if options.facets:
        for name, counts in page.facets.items():
            print(style.bold(name))
            for value, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
                print(f"  {count:>8,}  {value}")
    shown = _("{n} of {total}").format(n=len(page.rows), total=f"{page.total:,}")
    asked = f" · {page.query}" if page.query else ""
    if page.total:
        print(f"{shown}{asked} · {page.took_ms:.0f} ms", file=sys.stderr)
    else:
        print(_("nothing found") + asked, file=sys.stderr)


def _print_row(row: "Row", style: "_Style") -> None:
    title = row.title or row.lede
    spans = row.title_hits if row.title else row.lede_hits
    marked = style.hits(title, spans, bold=row.title is not None)
    about = [row.date or _("undated"), row.language, row.source or _("unknown source")]
    print(marked)
    print(style.muted("  " + " · ".join([*about, row.id])))
    if row.snippet:
        print("  " + style.hits(row.snippet, row.snippet_hits))
    print()


def run_show(options: argparse.Namespace) -> int:
    """Print one article."""
    from index.archive import minutes
    from index.export import kept_json

    with _archive(options) as archive:
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
    style, article = _Style(sys.stdout), kept.article
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


# ---- clean


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
    print(f"newsreader: {safe_line(error.origin)} {reason}", file=sys.stderr)


# ---- what there is


def run_stats(options: argparse.Namespace) -> int:
    """Print counts over the archive."""
    with _archive(options) as archive:
        found = archive.catalog.statistics()
    if options.json:
        print(json.dumps(found, ensure_ascii=False))
        return 0
    for name, value in found.items():
        if isinstance(value, dict):
            top = list(value.items())[:12]
            print(f"{name:<12}" + ", ".join(f"{key} {count:,}" for key, count in top))
        else:
            print(f"{name:<12}{value if value is not None else '–'}")
    return 0


def run_languages(options: argparse.Namespace) -> int:
    """Print the languages with the number of articles in each."""
    from babel import Locale, UnknownLocaleError

    with _archive(options) as archive:
        counts = archive.catalog.statistics()["languages"]
    assert isinstance(counts, dict)
    if options.json:
        found = {"languages": [{"id": code, "articles": n} for code, n in counts.items()]}
        print(json.dumps(found, ensure_ascii=False))
        return 0
    for code, count in counts.items():
        try:
            name = Locale.parse(code).get_display_name(options.locale) or code
        except (UnknownLocaleError, ValueError):
            name = _("not known") if code == "und" else code
        print(f"{count:>10,}  {code:<8} {name}")
    return 0


def run_doctor(options: argparse.Namespace) -> int:
    """Check catalog and index; with --repair, make the index anew."""
    try:
        opened = _archive(options)
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
    with opened as archive, _Ticker(sys.stderr) as ticker:
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


# ---- shared


def _archive(options: argparse.Namespace) -> "Archive":
    from index.archive import Archive

    return Archive(Home.find(options.archive))


def show_query_error(error: QueryError, options: argparse.Namespace) -> None:
    """Print what is wrong with a query, the wrong part marked under it."""
    message = safe_line(say(error.template, error.values))
    query = " ".join(getattr(options, "query", []))
    if getattr(options, "json", False):
        from index.export import error_json

        print(json.dumps({"error": error_json(error)}, ensure_ascii=False))
    print(f"newsreader: {message}", file=sys.stderr)
    if query and safe_line(query) == query and len(query) < 500:
        marks = "^" * max(1, min(error.end, len(query)) - error.at)
        print(f"  {query}\n  {' ' * error.at}{marks}", file=sys.stderr)


class _Style:
    """Attributes for a terminal; nothing where output goes elsewhere, or NO_COLOR is set."""

    def __init__(self, out: TextIO) -> None:
        self._on = (
            out.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        )

    def bold(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[22m" if self._on else text

    def muted(self, text: str) -> str:
        return f"\x1b[2m{text}\x1b[22m" if self._on else text

    def hits(self, text: str, spans: Sequence[tuple[int, int]], *, bold: bool = False) -> str:
        if not self._on:
            return text
        parts, at = [], 0
        for start, end in spans:
            parts += [text[at:start], f"\x1b[4m{text[start:end]}\x1b[24m"]
            at = end
        whole = "".join([*parts, text[at:]])
        return self.bold(whole) if bold else whole
