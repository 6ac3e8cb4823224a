"""Pictures of the running reader for README and docs: ./dev shots [FOLDER [NAME …]]

The sample is imported into an archive of its own; the reader runs on the real engine. Needs
rsvg-convert (librsvg2-bin) or the package cairosvg, and DejaVu and Noto CJK fonts.
"""

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path
from xml.sax.saxutils import escape

from rich.cells import cell_len

from tui.text.bidi import is_right_to_left

ROOT = Path(__file__).parent.parent
SIZE = 20
WIDE, HIGH = SIZE * 0.602, SIZE * 1.165  # a cell of DejaVu Sans Mono, so that lines meet
EDGE = 14
SHOTS = {
    # name: columns, lines, look, locale, what is done
    "reader": (120, 40, "ink", "en", ["search:Oster", "j", "enter", "n"]),
    "list": (80, 24, "paper", "en", []),
    "article": (80, 24, "paper", "en", ["search:пором", "enter", "n"]),
    "cuts": (120, 40, "paper", "en", ["search:gulls", "enter", "c"]),
    "languages": (120, 40, "ink", "en", ["L"]),
    "dates": (80, 24, "ink", "en", ["D"]),
    "broad": (200, 60, "ink", "en", ["j", "j", "j"]),
    "ukrainian": (120, 40, "paper", "uk", ["search:пором", "enter", "c"]),
    "arabic": (120, 40, "ink", "en", ["search:lang:ar", "enter"]),
    "chinese": (120, 40, "paper", "en", ["search:渡轮", "enter", "n"]),
    "help": (120, 40, "ink", "en", ["question_mark"]),
    "side": (80, 24, "ink", "en", ["f", "j", "j", "j"]),
    "side-wide": (120, 40, "paper", "uk", ["search:lang:en", "f"]),
    "dates-side": (200, 60, "ink", "en", ["search:date:2025-11..2026-02", "f", "down:12", "left"]),
    "nothing": (80, 24, "ink", "en", ["search:gulls lang:uk date:2026"]),
    "picked": (80, 24, "ink", "en", ["space", "space", "j", "v", "j"]),
    "about": (120, 40, "ink", "en", ["search:Oster", "I"]),
    "palette": (80, 24, "paper", "en", ["colon"]),
    "tags": (80, 24, "ink", "en", ["t"]),
    "wrong": (80, 24, "ink", "en", ["search:lanf:uk"]),
    "small": (60, 20, "ink", "en", ["search:ferry", "enter"]),
    "small-side": (60, 20, "ink", "uk", ["f"]),
    "complete": (
        80,
        24,
        "ink",
        "en",
        ["search:ferry", "slash", "space", "l", "a", "n", "g", "colon"],
    ),
    "keep": (120, 40, "ink", "en", ["search:gulls", "enter", "right_curly_bracket"]),
    "first-run": (80, 24, "ink", "en", None),
}


DOCS = ("reader", "cuts", "first-run")
"""Those taken where none is named: the pictures of README and docs."""


def svg(strips, columns, lines, paper):
    """The screen as SVG: a rectangle and a text for each run of one style."""
    width, height = columns * WIDE + 2 * EDGE, lines * HIGH + 2 * EDGE
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}">',
        f'<rect width="100%" height="100%" rx="8" fill="{paper}"/>',
        f'<g font-family="DejaVu Sans Mono, Noto Sans Mono CJK SC" font-size="{SIZE}">',
    ]
    for row, strip in enumerate(strips):
        column = 0
        for segment in strip:
            style = segment.style
            here, there = _colours(style, paper)
            x, y = EDGE + column * WIDE, EDGE + row * HIGH
            wide = cell_len(segment.text)
            if there != paper:
                box = f'width="{wide * WIDE + 0.3:.1f}" height="{HIGH + 0.3:.1f}"'
                drawn.append(f'<rect x="{x:.1f}" y="{y:.1f}" {box} fill="{there}"/>')
            drawn += _texts(segment.text, x, y + SIZE * 0.93, _look(style, here))
            column += wide
    return "\n".join([*drawn, "</g></svg>"])


def _colours(style, paper):
    ink, ground = "#808080", paper
    if style and style.color and style.color.triplet:
        ink = style.color.triplet.hex
    if style and style.bgcolor and style.bgcolor.triplet:
        ground = style.bgcolor.triplet.hex
    return (ground, ink) if style and style.reverse else (ink, ground)


def _look(style, ink):
    look = [f'fill="{ink}"']
    if style and style.bold:
        look.append('font-weight="bold"')
    if style and style.italic:
        look.append('font-style="italic"')
    if style and style.underline:
        look.append('text-decoration="underline"')
    return " ".join(look)


def _texts(text, x, y, look):
    """Runs that keep to the grid: wide characters one by one, right-to-left runs from the right."""
    run, kind, start = "", "", x
    turned = is_right_to_left(text)
    for char in text:
        wide = cell_len(char)
        direction = unicodedata.bidirectional(char)
        this = "wide" if wide == 2 else "right" if direction in {"R", "AL", "NSM"} else "left"
        if direction in {"WS", "CS", "ES", "ON", "AN"} and kind == "right":
            this = "right" if turned or char == " " or direction == "AN" else "left"
        if kind == "wide" or this != kind:
            yield from _text(run, kind, start, x, y, look)
            run, kind, start = "", this, x
        run += char
        x += wide * WIDE
    yield from _text(run, kind, start, x, y, look)


def _text(run, kind, start, end, y, look):
    if not run.strip():
        return
    lead = len(run) - len(run.lstrip())
    said = escape(run.strip()).replace(" ", "\u00a0")
    if kind == "right":
        end -= (len(run) - len(run.rstrip())) * WIDE
        yield f'<text x="{end:.1f}" y="{y:.1f}" direction="rtl" {look}>{said}</text>'
    else:
        yield f'<text x="{start + lead * WIDE:.1f}" y="{y:.1f}" {look}>{said}</text>'


def png(source, target):
    """Draw an SVG file."""
    if shutil.which("rsvg-convert"):
        subprocess.run(["rsvg-convert", "-z", "0.8", "-o", str(target), str(source)], check=True)
        return
    import cairosvg

    cairosvg.svg2png(url=str(source), write_to=str(target))


async def shoot(name, archive, folder):
    from tui import i18n
    from tui.app import Look, Newsreader
    from tui.client import Engine
    from tui.settings import Chosen
    from tui.start import start_engine
    from tui.state import View

    columns, lines, look, locale, steps = SHOTS[name]
    place = archive / "empty" if steps is None else archive / "full"
    line = [sys.executable, "-m", "tui", "--archive", str(place), "--locale", locale, "engine"]
    i18n.set_locale(locale)
    app = Newsreader(Engine(start_engine(line), line), View(), look=Look(chosen=Chosen(theme=look)))
    async with app.run_test(size=(columns, lines)) as pilot:
        await _until(pilot, lambda: app.main._answer is not None)
        for step in steps or []:
            verb, _, text = step.partition(":")
            if verb == "search" and text:
                app.main.line.value = text
                await _until(pilot, lambda text=text: _is_shown(app.main, text))
                app.main._to_list()
            else:
                await pilot.press(*[verb] * int(text or 1))
            await asyncio.sleep(0.6)
        await asyncio.sleep(0.8)
        strips = app.screen._compositor.render_strips()
        drawn = svg(strips, columns, lines, app.theme_variables["paper"])
    source = archive / f"{name}.svg"
    source.write_text(drawn, encoding="utf-8")
    png(source, folder / f"{name}.png")


def _is_shown(main, text):
    return main._answer.text == text or main.understood.error is not None


async def _until(pilot, holds):
    for _ in range(400):
        if holds():
            return
        await asyncio.sleep(0.05)
        await pilot.pause()
    raise TimeoutError


def main():
    parser = argparse.ArgumentParser(prog="./dev shots", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "docs" / "pictures")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(SHOTS))
    asked = parser.parse_args()
    folder, wanted = asked.folder, asked.names or DOCS
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("NEWSREADER_TODAY", "2026-02-21")
    os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as name:
        archive = Path(name)
        shutil.copytree(ROOT / "assets" / "sample", archive / "crawl")
        line = [sys.executable, "-m", "tui", "--archive", str(archive / "full"), "import", "crawl"]
        subprocess.run(
            line,
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=archive,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        for one in wanted:
            asyncio.run(shoot(one, archive, folder))
            print(folder / f"{one}.png")


if __name__ == "__main__":
    main()
