"""From documents to articles: cleaning, language, lede; in as many processes as there are cores."""

import ctypes
import itertools
import logging
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import connection, get_context, parent_process
from typing import TypeAlias
from urllib.parse import urlsplit

import regex

from index.clean import clean_all
from index.clean.keeping import Span, with_kept
from index.clean.reasons import CLOSE_CALLS
from index.clean.whole import keep_everything
from index.language import detect
from index.model import Article, Cleaned, Document, Label
from index.search.segment import LAST_PLACE
from index.text.safe import safe_line, safe_url
from index.text.words import count as count_words

_LOG = logging.getLogger(__name__)
CHUNK = 16
"""Documents cleaned at once, and handed to a worker."""
_INLINE = 24
"""So few documents are not worth starting a process for."""
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""How malloc.h names what is set."""
_KEPT, _LARGE = 64 << 20, 16 << 20
"""Bytes that a worker keeps, and that it asks the system for by themselves."""
_LEDE_LENGTH = 240
_SENTENCE_END = regex.compile(
    r"""(?<=\P{Lu}[.!?…]["”»’)\]]*)\s+(?=[\p{Lu}\p{Lo}«"“„‘(—–-])|(?<=[。！？][」』”]*)"""
)


@dataclass(frozen=True, slots=True)
class Habits:
    """What is known beside a document of how to clean it.

    `template` are the `index.clean.memory.line_key` of lines that stand in many documents of its
    source; `kept` the spans (`index.clean.keeping`) that its reader wants kept.
    """

    cleaning: bool = True
    template: frozenset[int] = frozenset()
    kept: tuple[Span, ...] = ()


_Asked: TypeAlias = tuple[Document, Habits]
USUAL = Habits()
WHOLE = Habits(cleaning=False)


def ingest(
    documents: Iterable[Document],
    *,
    habits: Callable[[Document], Habits] = lambda _: USUAL,
    workers: int | None = None,
) -> Iterator[Article]:
    """The articles that `documents` become, in their order, each cleaned as `habits` says.

    A document that the cleaner fails on, or that kills its process, is kept whole and says so.
    `workers` processes share the work (default: as many as cores, less the one that stores).
    """
    source = iter(documents)
    first = list(itertools.islice(source, _INLINE))
    count = _cores() if workers is None else workers
    asked = ((document, habits(document)) for document in itertools.chain(first, source))
    if len(first) >= _INLINE and count > 0:
        yield from _in_processes(asked, count)
        return
    for chunk in _chunks(asked):
        yield from to_articles(chunk)


def to_article(document: Document, habits: Habits = USUAL) -> Article:
    """The article that `document` becomes. Never fails: what cannot be cleaned is kept whole."""
    return to_articles([(document, habits)])[0]


def to_articles(asked: Sequence[_Asked]) -> list[Article]:
    """What `to_article` makes of each document, in their order, at less cost."""
    documents = [document for document, _ in asked]
    try:
        cleaned = _cleaned(asked)
    except Exception:  # noqa: BLE001 - the border of the cleaner: an item must never be lost to it
        if len(asked) > 1:
            # Whichever it was, the others are cleaned.
            return [to_article(document, habits) for document, habits in asked]
        _LOG.exception("cleaning %s failed", documents[0].origin)
        cleaned = [_uncleaned(documents[0])]
    return [as_article(document, one) for document, one in zip(documents, cleaned, strict=True)]


def _cleaned(asked: Sequence[_Asked]) -> list[Cleaned]:
    done = iter(clean_all([(one, habits.template) for one, habits in asked if habits.cleaning]))
    return [
        with_kept(next(done), habits.kept) if habits.cleaning else keep_everything(document)
        for document, habits in asked
    ]


def _uncleaned(document: Document) -> Cleaned:
    return keep_everything(document, unsure="the cleaner failed; nothing was cut")


def as_article(document: Document, cleaned: Cleaned) -> Article:
    """The article that is made of `document` once it is cleaned."""
    body = "\n".join(cleaned.body)
    told = f"{cleaned.title or ''}\n{body}" if body else _all_text(cleaned)
    language, sure = detect(told, document.stated.language)
    return Article(
        document=document,
        cleaned=cleaned,
        language=language,
        language_sure=sure,
        source=source_of(document),
        lede=lede(cleaned),
        words=(words := count_words(body)),
        remarks=_remarks(cleaned, words),
    )


def _remarks(cleaned: Cleaned, words: int) -> tuple[str, ...]:
    """Why a text was not taken for an article like others, if it was not."""
    doubts = [] if cleaned.unsure in {"", CLOSE_CALLS} else [cleaned.unsure]
    if words > LAST_PLACE:
        doubts.append(f"only the first {LAST_PLACE:,} of its {words:,} words are found in phrases")
    return tuple(doubts)


def lede(cleaned: Cleaned) -> str:
    """The first sentence of the body (of all text, where there is none), at most 240 characters."""
    body = next(
        (b.text for b in cleaned.blocks if b.label is Label.BODY and b.style != "subhead"), ""
    )
    text = safe_line(body or _all_text(cleaned)[:1000]).strip()
    end = next(
        (m.start() for m in _SENTENCE_END.finditer(text[:1000]) if m.start() >= 30), len(text)
    )
    sentence = text[:end]
    if len(sentence) <= _LEDE_LENGTH:
        return sentence
    cut = sentence[:_LEDE_LENGTH]
    return (cut.rsplit(" ", 1)[0] if " " in cut[_LEDE_LENGTH // 2 :] else cut).rstrip(
        " ,;:–—-"
    ) + "…"


def _all_text(cleaned: Cleaned) -> str:
    return " ".join(block.text for block in cleaned.blocks)


def source_of(document: Document) -> str | None:
    """The outlet: as stated, else the host of the URL."""
    if document.stated.source:
        return safe_line(document.stated.source).strip() or None
    url = safe_url(document.stated.url)
    if url is None:
        return None
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return None
    return safe_line(host).removeprefix("www.") or None


# ---- processes


def _cores() -> int:
    """Worker processes for this machine."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        cores = os.cpu_count() or 1
    return max(1, cores - 1)


def _chunks(asked: Iterable[_Asked]) -> Iterator[list[_Asked]]:
    source = iter(asked)
    return iter(lambda: list(itertools.islice(source, CHUNK)), [])


def _in_processes(asked: Iterable[_Asked], count: int) -> Iterator[Article]:
    chunks = _chunks(asked)
    pool = _pool(count)
    waiting: deque[tuple[list[_Asked], Future[list[Article]]]] = deque()
    try:
        for chunk in chunks:
            waiting.append((chunk, pool.submit(to_articles, chunk)))
            while len(waiting) >= 3 * count:
                yield from _take(waiting)
                if getattr(pool, "_broken", False):
                    pool = _replaced(pool, waiting, count)
        while waiting:
            yield from _take(waiting)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _take(waiting: deque[tuple[list[_Asked], Future[list[Article]]]]) -> list[Article]:
    """The oldest result; where its process died, each document again in a process of its own."""
    chunk, future = waiting.popleft()
    try:
        return future.result()
    except BrokenProcessPool:
        return [_alone(one) for one in chunk]


def _alone(asked: _Asked) -> Article:
    document = asked[0]
    with _pool(1) as pool:
        try:
            return pool.submit(to_articles, [asked]).result()[0]
        except BrokenProcessPool:
            _LOG.error("the process that cleaned %s died", document.origin)
            return as_article(document, _uncleaned(document))


def _replaced(
    pool: ProcessPoolExecutor,
    waiting: deque[tuple[list[_Asked], Future[list[Article]]]],
    count: int,
) -> ProcessPoolExecutor:
    """A new pool that takes over what a broken one had still to do."""
    pool.shutdown(wait=False, cancel_futures=True)
    fresh = _pool(count)
    for n, (chunk, future) in enumerate(waiting):
        if not future.done() or future.cancelled() or future.exception() is not None:
            waiting[n] = (chunk, fresh.submit(to_articles, chunk))
    return fresh


def _pool(count: int) -> ProcessPoolExecutor:
    context = get_context("spawn")
    return ProcessPoolExecutor(count, mp_context=context, initializer=start_worker)


def start_worker() -> None:
    """Leave Ctrl-C to the parent, and end when it ends, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    keep_memory()
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


def keep_memory() -> None:
    """Keep what one document's arrays took for those of the next, in the whole process.

    glibc gives it back to the system between any two, and the system makes all of it anew: up to a
    tenth of the time (mallopt(3)). Other C libraries do as they please.
    """
    with suppress(OSError, AttributeError, TypeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_TRIM_THRESHOLD, _KEPT)
        mallopt(_MMAP_THRESHOLD, _LARGE)
