"""Articles written to a file: JSONL that can be imported again, Markdown, or plain text."""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from index.catalog import Catalog
from index.errors import NewsreaderError
from index.model import Block, Kept, Label
from index.text.safe import safe_line

_FORMS = {".jsonl": "jsonl", ".md": "markdown", ".txt": "text"}


def write_copies(catalog: Path, keys: Sequence[int], target: Path) -> int:
    """Write the articles `keys` of the catalog at `catalog` to `target`; how many there were.

    The name's ending says the form: .jsonl, .md or .txt. A file that is there is left alone.
    Raises NewsreaderError.
    """
    form = _FORMS.get(target.suffix.casefold())
    if form is None:
        raise NewsreaderError("a file of articles is called .jsonl, .md or .txt")
    write: dict[str, Callable[[Kept, TextIO, bool], None]] = {
        "jsonl": _as_jsonl,
        "markdown": _as_markdown,
        "text": _as_text,
    }
    begun = False
    try:
        with target.open("x", encoding="utf-8") as file, Catalog(catalog, write=False) as kept:
            begun = True
            for number, key in enumerate(keys):
                write[form](kept.get(key), file, number > 0)
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


def _as_jsonl(kept: Kept, file: TextIO, _: bool) -> None:
    article = kept.article
    cleaned = article.cleaned
    said = {
        "id": kept.id,
        "url": article.document.stated.url,
        "title": cleaned.title,
        "date": cleaned.date,
        "language": article.language,
        "source": article.source,
        "author": cleaned.byline,
        "text": "\n\n".join(cleaned.body),
        "tags": list(kept.flags.tags),
    }
    known = {name: value for name, value in said.items() if value}
    file.write(json.dumps(known, ensure_ascii=False) + "\n")


def _as_markdown(kept: Kept, file: TextIO, follows: bool) -> None:
    cleaned = kept.article.cleaned
    file.write("\n---\n\n" if follows else "")
    file.write(f"# {safe_line(cleaned.title or kept.article.lede)}\n\n")
    file.write(f"*{safe_line(' · '.join(_about(kept)))}*\n")
    for block in _body(kept):
        lead = {"subhead": "## ", "quote": "> ", "item": "- "}.get(block.style, "")
        file.write(f"\n{lead}{safe_line(block.text)}\n")


def _as_text(kept: Kept, file: TextIO, follows: bool) -> None:
    file.write("\n\n\f\n" if follows else "")
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
