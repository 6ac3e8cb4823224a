"""The verb `config`: where the settings lie, what is wrong with them, what holds."""

import argparse
import json

from tui import settings
from tui.i18n import _


def add_config(parser: argparse.ArgumentParser) -> None:
    """Say what `config` takes."""
    parser.description = _(
        "The settings: where their file lies (path), what is wrong in it (check), and what holds,\n"
        "the keys included, in the form of such a file (show)."
    )
    parser.add_argument("what", choices=("path", "check", "show"), metavar="path|check|show")


def run_config(options: argparse.Namespace) -> int:
    """Print path, problems (exit code 1 where there are any) or all that holds."""
    file, held = settings.path(), options.settings
    if options.what == "path":
        print(file)
        return 0
    from tui import keymap  # it knows the names of keys, and costs Textual's

    problems = [*held.problems, *keymap.rebind(held)]
    if options.what == "show":
        print("\n".join(_as_toml(held)))
        print("\n[keys]")
        print("\n".join(keymap.as_toml()))
        return 0
    for problem in sorted(problems, key=lambda problem: problem.line):
        print(f"{file}:{problem.line}: {problem}")
    if not file.exists():
        print(_("There is no {path}: all is as built in.").format(path=file))
    elif not problems:
        print(_("{path} is as it should be.").format(path=file))
    return 1 if problems else 0


def _as_toml(held: settings.Settings) -> list[str]:
    """All settings; those that are as built in stand there as comments."""
    lines: list[str] = []
    built_in = settings.Settings()
    for section, names in settings.SECTIONS.items():
        lines += ["", f"[{section}]"]
        for name in names:
            value = getattr(held, name)
            plain = [str(one) for one in value] if isinstance(value, tuple) else value
            mark = "# " if value == getattr(built_in, name) else ""
            lines.append(f"{mark}{name} = {json.dumps(plain, ensure_ascii=False)}")
    return lines[1:]
