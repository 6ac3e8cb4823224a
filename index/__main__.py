"""The importer: a process that adds to an archive and tells of it in JSON lines on standard output.

    python -m index FOLDER INDEX import [--no-clean] -- PATH…
    python -m index FOLDER INDEX reclean JSON
    python -m index FOLDER INDEX sync

It ends after the current batch when its standard input closes, so it never outlives the engine.
"""

import json
import os
import sys
import threading
import time
from pathlib import Path

from index.archive import Archive
from index.catalog.ledger import Status
from index.errors import NewsreaderError
from index.export import error_json
from index.importing import Progress
from index.places import Home
from index.recleaning import Recleaned

_EVERY_S = 0.2
_MOST_ITEMS = 1_000


def main(arguments: list[str]) -> int:
    """Run one import, or index what is pending."""
    folder, index, verb, *rest = arguments
    ended = threading.Event()
    threading.Thread(target=_watch_input, args=(ended,), daemon=True).start()
    try:
        with Archive(Home(Path(folder), Path(index))) as archive:
            if verb == "import":
                paths = rest[rest.index("--") + 1 :]
                _say({"result": _import(archive, paths, "--no-clean" not in rest, ended)})
            elif verb == "reclean":
                _say({"result": _reclean(archive, json.loads(rest[0]), ended)})
            else:
                for _ in archive.sync():
                    _say({"event": "synced", "committed": True})
                    if ended.is_set():
                        break
                archive.prepare()
                _say({"event": "synced", "committed": True})
                _say({"result": {}})
    except NewsreaderError as error:
        _say({"error": error_json(error)})
        return 3
    return 0


def _import(
    archive: Archive, paths: list[str], cleaning: bool, ended: threading.Event
) -> dict[str, object]:
    items: list[dict[str, object]] = []
    progress, flagged, told, committed = Progress(), 0, 0.0, 0.0
    found = archive.fulltext.count
    steps = archive.importing(paths, cleaning=cleaning)
    for step in steps:
        if isinstance(step, Status):
            if step.reason and len(items) < _MOST_ITEMS:
                items.append(step._asdict())
            flagged += bool(step.reason) and step.status != "refused"
            continue
        progress = step
        moment = time.monotonic()
        grown = archive.fulltext.count != found
        if grown or moment - told > _EVERY_S:
            told, found = moment, archive.fulltext.count
            fresh = grown or moment - committed > 1.0
            committed = moment if fresh else committed
            _say({**_event(progress), "finished": False, "committed": fresh})
        if ended.is_set():
            steps.close()
            break
    _say({**_event(progress), "finished": True, "committed": True})
    return {**progress.counts, "flagged": flagged, "items": items}


def _reclean(
    archive: Archive, asked: dict[str, object], ended: threading.Event
) -> dict[str, object]:
    """Clean again what is asked for; it is gone on with when the same is asked again."""
    keys = archive.asked(asked)
    last, told, committed = Recleaned(0, len(keys), 0, 0.0), 0.0, 0.0
    for last in archive.recleaning(keys, asked):
        moment = time.monotonic()
        if moment - told > _EVERY_S:
            told = moment
            fresh = moment - committed > 1.0
            committed = moment if fresh else committed
            _say({**_recleaned(last), "finished": False, "committed": fresh})
        if ended.is_set():
            break
    _say({**_recleaned(last), "finished": True, "committed": True})
    return {"recleaned": last.done, "changed": last.changed, "of": last.of}


def _recleaned(step: Recleaned) -> dict[str, object]:
    counts = {"added": 0, "updated": step.changed, "unchanged": step.done - step.changed}
    return {
        "event": "progress",
        "work": "reclean",
        "path": "",
        "done": step.done,
        "of": step.of,
        "rate": round(step.rate, 1),
        **counts,
        "refused": 0,
    }


def _event(progress: Progress) -> dict[str, object]:
    return {
        "event": "progress",
        "path": progress.path,
        "done": progress.done,
        "of": progress.of,
        "rate": round(progress.rate, 1),
        **progress.counts,
    }


def _say(message: dict[str, object]) -> None:
    data = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    os.write(1, data + b"\n")


def _watch_input(ended: threading.Event) -> None:
    # Not sys.stdin: a thread in a buffered read would abort the interpreter as it shuts down.
    while os.read(0, 4096):
        pass
    ended.set()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
