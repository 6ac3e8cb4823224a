"""Articles written out: JSONL that can be imported again, CSV, Markdown, or plain text."""

import csv
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from index.catalog import Catalog
from index.errors import DamagedError, NewsreaderError
from index.model import Block, Kept, Label
from index.text.safe import safe_line, safe_url

FORMS = ("jsonl", "csv", "md", "txt")
_COLUMNS = ("id", "date", "language", "source", "title", "author", "url", "tags", "text")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_copies(catalog: Path, keys: Sequence[int], target: Path) -> int:
    """Write the articles `keys` of the catalog at `catalog` to `target`; how many there were.

    The name's ending says the form: .jsonl, .csv, .md or .txt. A file that is there is left alone.
    Raises NewsreaderError.
    """
    form = target.suffix.casefold().removeprefix(".")
    if form not in FORMS:
        raise NewsreaderError("a file of articles is called .jsonl, .csv, .md or .txt")
    begun = False
    try:
        with target.open("x", encoding="utf-8") as file, Catalog(catalog, write=False) as kept:
            begun = True
            write_out(kept, keys, form, file)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError as error:
        raise NewsreaderError(
            "{path} is there already; choose another name", path=safe_line(str(target))
        ) from error
    except OSError as error:
        if begun:
            target.unlink(missing_ok=True)  # half a copy would pass for a whole one
        raise NewsreaderError(
            "{path} cannot be written: {why}", path=safe_line(str(target)), why=error.strerror
        ) from error
    return len(keys)


def write_out(catalog: Catalog, keys: Iterable[int], form: str, file: TextIO) -> int:
    """Write the articles `keys` to `file` in one of `FORMS`; how many.

    Raises DamagedError where one is damaged, when the others are written.
    """
    write: dict[str, Callable[[Kept, TextIO, bool], None]] = {
        "jsonl": _as_jsonl,
        "csv": _as_csv,
        "md": _as_markdown,
        "txt": _as_text,
    }
    written, damaged = 0, None
    for key in keys:
        try:
            kept = catalog.get(key)
        except DamagedError as error:
            damaged = damaged or error
            continue
        write[form](kept, file, written > 0)
        written += 1
    if damaged is not None:
        raise damaged
    return written


def _said(kept: Kept) -> dict[str, str | list[str] | None]:
    article = kept.article
    cleaned = article.cleaned
    return {
        "id": kept.id,
        "url": safe_url(article.document.stated.url),
        "title": cleaned.title,
        "date": cleaned.date,
        "language": article.language,
        "source": article.source,
        "author": cleaned.byline,
        "text": "\n\n".join(cleaned.body),
        "tags": list(kept.flags.tags),
    }


def _as_jsonl(kept: Kept, file: TextIO, _: bool) -> None:
    known = {name: value for name, value in _said(kept).items() if value}
    file.write(json.dumps(known, ensure_ascii=False) + "\n")


def _as_csv(kept: Kept, file: TextIO, follows: bool) -> None:
    table = csv.writer(file, lineterminator="\n")
    if not follows:
        table.writerow(_COLUMNS)
    said = _said(kept)
    said["tags"] = ", ".join(kept.flags.tags)
    table.writerow([_harmless(str(said[name] or "")) for name in _COLUMNS])


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe before one says it is text."""
    return f"'{cell}" if cell.lstrip().startswith(_FORMULA) else cell


def _as_markdown(kept: Kept, file: TextIO, follows: bool) -> None:
    cleaned = kept.article.cleaned
    file.write("\n---\n\n" if follows else "")
    file.write(f"# {safe_line(cleaned.title or kept.article.lede)}\n\n")
    file.write(f"*{safe_line(' · '.join(_about(kept)))}*\n")
    for block in _body(kept):
        lead = {"subhead": "## ", "quote": "> ", "item": "- "}.get(block.style, "")
        file.write(f"\n{lead}{safe_line(block.text)}\n")


def _as_text(kept: Kept, file: TextIO, follows: bool) -> None:
    file.write("\n\n* * *\n\n" if follows else "")
    if kept.article.cleaned.title:
        file.write(f"{safe_line(kept.article.cleaned.title)}\n")
    file.write(f"{safe_line(' · '.join(_about(kept)))}\n")
    for block in _body(kept):
        file.write(f"\n{safe_line(block.text)}\n")


def _about(kept: Kept) -> list[str]:
    article = kept.article
    cleaned, url = article.cleaned, article.document.stated.url
    known = [cleaned.byline, article.source, cleaned.date, article.language, url]
    return [part for part in known if part]


def _body(kept: Kept) -> Iterator[Block]:
    return (block for block in kept.article.cleaned.blocks if block.label is Label.BODY)
