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
from tui import commands
from tui.i18n import _, locale_of, say, set_locale

# Our arrays are small: threads for them cost more than they give, most of all in many processes.
# Read by numpy's libraries at import, so it stands before any.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Nor may a file that lies where newsreader is run be taken for a module by the processes it starts.
os.environ.setdefault("PYTHONSAFEPATH", "1")

_LARGEST_LOG = 2**20
_VERBS = ("import", "search", "show", "clean", "stats", "languages", "doctor", "engine")
_OPTIONS_WITH_VALUE = {"--archive", "--locale"}
DONE, NOTHING, USAGE, UNUSABLE = 0, 1, 2, 3


def main(argv: list[str] | None = None) -> int:
    """Run newsreader; return its exit code: 0 done, 1 nothing or not all, 2 usage, 3 no archive."""
    arguments = sys.argv[1:] if argv is None else argv
    set_locale(_locale_asked(arguments))
    verb = _verb(arguments)
    options = _parser(verb).parse_args([a for a in arguments if a != verb] if verb else arguments)
    options.locale = options.locale or locale_of()
    signal.signal(signal.SIGTERM, _terminate)
    _log_to(options)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        return int(options.run(options))
    except QueryError as error:
        commands.show_query_error(error, options)
        return USAGE
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


def _say_error(error: NewsreaderError, code: int) -> int:
    print(f"newsreader: {safe_line(say(error.template, error.values))}", file=sys.stderr)
    return code


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
            return argument if argument in _VERBS else None
    return None


def _locale_asked(arguments: list[str]) -> str:
    """The --locale among `arguments`, before they are parsed: help and errors speak it, too."""
    for n, argument in enumerate(arguments):
        if argument == "--locale" and n + 1 < len(arguments):
            return arguments[n + 1]
        if argument.startswith("--locale="):
            return argument.partition("=")[2]
    return locale_of()


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
    getattr(sys.modules[__name__], f"_add_{verb}")(parser)
    parser.set_defaults(run=getattr(commands, f"run_{verb}"))
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
            "  clean [PATH…|-]    clean articles and print them; no archive is touched\n"
            "  stats, languages   what the archive holds\n"
            "  doctor [--repair]  check the archive, rebuild its index\n"
            "  engine             the JSON-lines service the reader itself uses\n"
            "\n"
            "examples:\n"
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
    parser.set_defaults(run=commands.run_reader, verbs=_VERBS)
    return parser


def _add_import(parser: argparse.ArgumentParser) -> None:
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


def _add_search(parser: argparse.ArgumentParser) -> None:
    parser.description = _(
        'Print the articles that match. Words must all occur; OR, NOT or -word, "a phrase",\n'
        "pref*, word~ (spelled alike), (groups); fields title: body: source: author: lang:\n"
        "date: after: before: is: tag:\n"
        "\n"
        "  newsreader search NATO lang:uk,en date:2026-02\n"
        "  newsreader search '\"peace talks\" OR ceasefire' after:2025-06 -source:example\n"
        "  newsreader search date:undated is:unread"
    )
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


def _add_show(parser: argparse.ArgumentParser) -> None:
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


def _add_clean(parser: argparse.ArgumentParser) -> None:
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


def _add_stats(parser: argparse.ArgumentParser) -> None:
    parser.description = _("How much the archive holds.")
    parser.add_argument("--json", action="store_true", help=_("print one JSON object"))


def _add_languages(parser: argparse.ArgumentParser) -> None:
    parser.description = _("The languages in the archive, with the number of articles.")
    parser.add_argument("--json", action="store_true", help=_("print one JSON object"))


def _add_doctor(parser: argparse.ArgumentParser) -> None:
    parser.description = _(
        "Check the catalog (the truth) and the index (a copy). --repair makes the index anew from\n"
        "the catalog; nothing that cannot be made again is ever touched."
    )
    parser.add_argument("--repair", action="store_true", help=_("rebuild the index"))


def _add_engine(parser: argparse.ArgumentParser) -> None:
    parser.description = _(
        "Serve the archive as JSON lines on standard input and output (docs/engine.md)."
    )


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


if __name__ == "__main__":
    sys.exit(main())
