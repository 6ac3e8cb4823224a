"""The `newsreader` command: what was asked, who does it, and how it ended (the exit code)."""

import argparse
import logging
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType
from typing import NoReturn

from index.errors import ArchiveError, NewsreaderError, QueryError
from index.places import state_folder
from index.text.safe import safe_line
from tui import commands, settings
from tui.commands.serving import run_reader
from tui.i18n import _, locale_of, say, set_locale

# Our arrays are small: threads for them cost more than they give, most of all in many processes.
# Read by numpy's libraries at import, so it stands before any.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Nor may a file that lies where newsreader is run be taken for a module by the processes it starts.
os.environ.setdefault("PYTHONSAFEPATH", "1")

_LARGEST_LOG = 2**20
_OPTIONS_WITH_VALUE = {"--archive", "--locale"}
DONE, NOTHING, USAGE, UNUSABLE = 0, 1, 2, 3


def main(argv: list[str] | None = None) -> int:
    """Run newsreader; return its exit code: 0 done, 1 nothing or not all, 2 usage, 3 no archive."""
    arguments = sys.argv[1:] if argv is None else argv
    held = settings.load()
    set_locale(_locale_asked(arguments) or held.locale or locale_of())
    _hand_on_limits(held)
    verb = _verb(arguments)
    at = arguments.index(verb) if verb else len(arguments)
    options = _parser(verb).parse_args([*arguments[:at], *arguments[at + 1 :]])
    options.settings = held
    if verb:  # the reader remembers which was chosen in it
        options.locale = options.locale or held.locale or locale_of()
    signal.signal(signal.SIGTERM, _terminate)
    _log_to(options)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        return int(options.run(options))
    except QueryError as error:
        return _say_query_error(error, options)
    except ArchiveError as error:
        return _say_error(error, UNUSABLE)
    except NewsreaderError as error:
        return _say_error(error, NOTHING)
    except BrokenPipeError:  # `newsreader search … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 128 + signal.SIGINT
    except _TerminatedError:
        return 128 + signal.SIGTERM


def _hand_on_limits(held: settings.Settings) -> None:
    """Tell the processes that read files what the settings allow; the environment goes before."""
    for name in settings.SECTIONS["limits"]:
        if value := getattr(held, name):
            os.environ.setdefault(f"NEWSREADER_{name.upper()}", str(value))


def _say_error(error: NewsreaderError, code: int) -> int:
    print(f"newsreader: {safe_line(say(error.template, error.values))}", file=sys.stderr)
    return code


def _say_query_error(error: QueryError, options: argparse.Namespace) -> int:
    """Print what is wrong with a query, the wrong part marked under it; the exit code."""
    message = safe_line(say(error.template, error.values))
    query = " ".join(getattr(options, "query", []))
    if getattr(options, "json", False):
        import json

        from index.export import error_json

        print(json.dumps({"error": error_json(error)}, ensure_ascii=False))
    print(f"newsreader: {message}", file=sys.stderr)
    if query and safe_line(query) == query and len(query) < 500:
        marks = "^" * max(1, min(error.end, len(query)) - error.at)
        print(f"  {query}\n  {' ' * error.at}{marks}", file=sys.stderr)
    return USAGE


class _TerminatedError(BaseException):
    """SIGTERM came: end, keeping what is kept."""


def _terminate(_: int, __: FrameType | None) -> NoReturn:
    raise _TerminatedError


def _verb(arguments: list[str]) -> str | None:
    """The verb asked for: the first argument that is no option, if it is one of ours."""
    rest = iter(arguments)
    for argument in rest:
        if argument in _OPTIONS_WITH_VALUE:
            next(rest, None)
        elif not argument.startswith("-") or argument == "-":
            return argument if argument in commands.VERBS else None
    return None


def _locale_asked(arguments: list[str]) -> str:
    """The --locale among `arguments`, before they are parsed: help and errors speak it, too."""
    for n, argument in enumerate(arguments):
        if argument == "--locale" and n + 1 < len(arguments):
            return arguments[n + 1]
        if argument.startswith("--locale="):
            return argument.partition("=")[2]
    return ""


def _log_to(options: argparse.Namespace) -> None:
    """Keep a log of the unexpected in the XDG state folder; nothing is ever sent anywhere."""
    folder = state_folder()
    handler: logging.Handler = logging.NullHandler()
    if folder is not None and os.access(folder, os.W_OK):
        path = folder / "newsreader.log"
        with suppress(OSError):
            if path.stat().st_size > _LARGEST_LOG:
                path.replace(path.with_suffix(".log.1"))
        handler = logging.FileHandler(path, encoding="utf-8", delay=True)
    who = options.run.__name__.removeprefix("run_")
    layout = f"%(asctime)s {who}[%(process)d] %(levelname)s %(name)s: %(message)s"
    logging.basicConfig(handlers=[handler], level=logging.WARNING, format=layout)


# ---- what can be asked


class _Version(argparse.Action):
    """Prints the version: asked for so rarely that finding it must not slow every start."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[object] | None,
        option_string: str | None = None,
    ) -> NoReturn:
        from importlib.metadata import version

        print(f"newsreader {version('newsreader-tui')}")
        parser.exit()


def _parser(verb: str | None) -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    group = common.add_argument_group(_("everywhere"))
    group.add_argument(
        "--archive",
        metavar="DIR",
        help=_("the archive's folder (else NEWSREADER_HOME, else the XDG data folder)"),
    )
    group.add_argument(
        "--locale",
        metavar="L",
        help=_("language of the interface and of typed dates: en, uk, de …"),
    )
    group.add_argument("--version", action=_Version, nargs=0, help=_("print the version and end"))
    if verb is None:
        return _reader_parser(common)
    parser = argparse.ArgumentParser(
        prog=f"newsreader {verb}",
        parents=[common],
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    commands.add(verb, parser)
    return parser


def _reader_parser(common: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="newsreader",
        parents=[common],
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        description=_(
            "Read and search news in many languages, offline. Without a verb: opens the reader."
        ),
        epilog=_(
            "verbs:\n"
            "  import PATH…|-     add files, folders, JSONL dumps (.gz .xz .zst too)\n"
            "  search QUERY       print the articles that match\n"
            "  show ID            print one article\n"
            "  export QUERY       write them out: JSONL, CSV, Markdown, text\n"
            "  clean [PATH…|-]    clean articles and print them; no archive is touched\n"
            "  stats, languages   what the archive holds\n"
            "  language ID L      correct an article's language; - for as detected\n"
            "  reclean [QUERY]    clean what is here again, with all that was learned since\n"
            "  keep ID BLOCK      keep a block that was cut\n"
            "  source [SOURCE]    decide whether its articles are cleaned\n"
            "  doctor [--repair]  check the archive, rebuild its index\n"
            "  config WHAT        the settings: path, check, show\n"
            "  backup, restore    all of it in one file\n"
            "  dump, load         all you did with it, as text\n"
            "  engine             the JSON-lines service the reader itself uses\n"
            "\n"
            "examples:\n"
            "  newsreader --sample                        try it on the sample articles\n"
            "  newsreader ~/crawl                         import a folder and read\n"
            "  newsreader search 'NATO lang:uk date:7d'   words and filters\n"
            "  newsreader search '\"peace talks\" -sport' --sort newest --json\n"
            "\n"
            "newsreader VERB --help tells more. Exit codes: 0 done, 1 nothing found or some\n"
            "refused, 2 usage, 3 the archive cannot be used."
        ),
    )
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help=_("files or folders to import first, in the background"),
    )
    parser.add_argument(
        "--plain",
        action="store_true",
        help=_("read in lines, without drawing: for screen readers and simple terminals"),
    )
    parser.add_argument(
        "--sample",
        action="store_true",
        help=_("open the sample articles, in an archive of their own"),
    )
    parser.set_defaults(run=run_reader, verbs=commands.VERBS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
