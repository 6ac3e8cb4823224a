"""Gather what the interface says into assets/locale/*/LC_MESSAGES/newsreader.po.

Run after changing a text: `.venv/bin/python tools/messages.py`; then translate what it names.
Marked texts of tui/ (`_ N_ ngettext`) are taken, and the texts of index/ that a person may see:
templates of errors, reasons of the cleaner, problems of what came in; a constant in capitals that
is a phrase is taken for one.
"""

import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
LOCALE = ROOT / "assets" / "locale"
# A constant that is a phrase for people: words, no signs of regexes, SQL or formats.
_NOT_SAID = {"MARKER"}  # a file's first line
_PROSE = re.compile(r"(?!_)[\w“][^\\\[\]|^$=<>*\n]* [^\\\[\]|^$=<>*\n]*")


def catalog() -> Catalog:
    """All messages, not translated."""
    found = Catalog(project="newsreader", charset="utf-8", fuzzy=False)
    keywords = {"_": None, "N_": None, "ngettext": (1, 2)}
    for name, line, message, comments, _context in extract_from_dir(
        ROOT / "tui", keywords=keywords, comment_tags=("translators:",)
    ):
        if message and message != ("", ""):
            found.add(message, locations=[(f"tui/{name}", line)], auto_comments=comments)
    for path in sorted((ROOT / "index").rglob("*.py")):
        name = str(path.relative_to(ROOT))
        for line, text in _said(ast.parse(path.read_text(encoding="utf-8"))):
            found.add(text, locations=[(name, line)])
    return found


def _said(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Texts for people in a module of the index, with their lines."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=function, args=args) if _speaks(function):
                for arg in args:
                    if _is_text(arg):
                        yield arg.lineno, arg.value
            case (
                ast.AnnAssign(target=ast.Name(id=name), value=value)
                | ast.Assign(targets=[ast.Name(id=name)], value=value)
            ) if (
                _is_text(value)
                and name.isupper()
                and name[0] != "_"
                and _PROSE.fullmatch(value.value)
            ):
                yield value.lineno, value.value


def _speaks(function: ast.expr) -> bool:
    name = getattr(function, "attr", getattr(function, "id", ""))
    owner = getattr(getattr(function, "value", None), "id", "")
    if owner == "_LOG":
        return False
    return (
        (owner, name) == ("problems", "append")
        or name.endswith("Error")
        or name in {"error", "_fail", "_refused"}
    )


def _is_text(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value


_LATIN = {
    **dict(zip("абвгдђежзијклмнопрстћуфхцчш", "abvgdđežzijklmnoprstćufhcčš", strict=True)),
    "љ": "lj",
    "њ": "nj",
    "џ": "dž",
}


def in_latin(text: str) -> str:
    """Serbian in Latin letters for Serbian in Cyrillic ones."""
    latin = {**_LATIN, **{one.upper(): two.capitalize() for one, two in _LATIN.items()}}
    return "".join(latin.get(char, char) for char in text)


def derive(po: Path, source: Path) -> None:
    """Write the catalog `po` of Serbian in Latin letters anew from that in Cyrillic ones."""
    found = read_po(io.BytesIO(source.read_bytes()), locale="sr_Latn")
    for message in found:
        if message.id:
            strings = tuple(map(in_latin, _strings(message.string)))
            message.string = strings if isinstance(message.string, tuple) else strings[0]
    po.parent.mkdir(parents=True, exist_ok=True)
    po.write_bytes(_written(found, "sr_Latn"))


def update(po: Path) -> list[str]:
    """Bring `po` up to date; returns what is not translated."""
    locale = po.parent.parent.name
    old = (
        read_po(io.BytesIO(po.read_bytes()), locale=locale)
        if po.exists()
        else Catalog(locale=locale, project="newsreader", fuzzy=False)
    )
    old.update(catalog(), no_fuzzy_matching=True)
    old.obsolete.clear()
    missing = []
    for message in old:
        if message.id and locale == "en":
            message.string = message.id
        if message.id and not all(_strings(message.string)):
            missing.append(str(message.id))
    po.parent.mkdir(parents=True, exist_ok=True)
    po.write_bytes(_written(old, locale))
    return missing


def _written(found: Catalog, locale: str) -> bytes:
    """A catalog as its file: in an order of its own, without the dates of its making."""
    found.header_comment = f"# The texts of newsreader: {locale}."
    found.version, found.msgid_bugs_address = "0.1", "see README.md"
    found.last_translator = found.language_team = "newsreader"
    out = io.BytesIO()
    write_po(out, found, width=100, sort_output=True, omit_header=False, include_lineno=False)
    lines = out.getvalue().decode().splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith('"POT-Creation-Date')]
    kept = [line for line in kept if not line.startswith('"PO-Revision-Date')]
    kept = [line for line in kept if not line.startswith('"Generated-By')]
    return "".join(kept).encode()


def _strings(string: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return list(string) if isinstance(string, tuple | list) and string else [str(string or "")]


if __name__ == "__main__":
    derived = {"sr_Latn": "sr"}
    for code in sys.argv[1:] or [path.name for path in sorted(LOCALE.iterdir()) if path.is_dir()]:
        for text in update(LOCALE / code / "LC_MESSAGES" / "newsreader.po"):
            if code not in derived:
                print(f"{code}: {text}")
    for code, source in derived.items():
        derive(*(LOCALE / name / "LC_MESSAGES" / "newsreader.po" for name in (code, source)))
