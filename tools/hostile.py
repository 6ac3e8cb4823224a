"""Hostile files: bombs, absurd sizes and nesting, what is no file. And what reading them costs.

python -m tools.hostile FOLDER      write them
python -m tools.hostile             write them, import each alone, print a JSON line of each:
                                    status, reason, seconds, peak memory; exit code 1 where one
                                    takes more than 512 MB or 30 s of a core,
                                        or is not in the ledger with its reason
"""

import gzip
import json
import lzma
import os
import resource
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import zstandard

MB = 2**20
MOST_MEMORY, MOST_SECONDS = 512 * MB, 30
_ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
_PROSE = "The quay was closed for a day and boats waited outside the harbour. "


def write(folder: Path) -> Iterator[Path]:
    """Write each hostile file into `folder`; the paths to import."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in _plain():
        yield _put(folder / name, data)
    for name, chunks in _packed():
        path = folder / name
        with path.open("wb") as file:
            for chunk in chunks:
                file.write(chunk)
        yield path
    yield from _no_files(folder)


def _put(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def _plain() -> Iterator[tuple[str, bytes]]:
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "bomb">{_ENTITIES}]>'
    yield "entities.xhtml", f"{bomb}<html><body><p>&e11;</p></body></html>".encode()
    outside = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><html><p>&f; and more.</p>'
    yield "external.html", outside.encode()
    yield "nested.html", b"<div>" * 200_000 + _PROSE.encode()
    yield "spans.html", b"<b><i>" * 100_000 + _PROSE.encode() * 5
    yield "table.html", b"<table><tr><td>" * 50_000
    yield "attributes.html", b"<p " + b" ".join(b"a%d=b" % n for n in range(300_000)) + b">x y</p>"
    yield "paragraphs.html", b"<p>Tide.</p>" * 400_000
    yield "comments.html", b"<!--" * 500_000
    yield "links.html", b'<a href="/x">more</a> ' * 200_000
    yield "script.html", b"<html><script>" + b"a" * (20 * MB) + b"</script><p>Tide.</p></html>"
    yield "metadata.html", b'<script type="application/ld+json">' + b"[" * 900_000 + b"</script>x"
    yield "one-line.txt", _PROSE.encode() * (60 * MB // len(_PROSE))
    yield "one-word.txt", b"a" * (60 * MB)
    yield "lines.txt", b"x\n" * (16 * MB)
    yield "blank.txt", b"\n" * (60 * MB)
    yield "marks.txt", ("a" + "\u0301" * 2_000_000).encode()
    yield "escapes.txt", b"\x1b]" * (8 * MB)
    yield "digits.txt", b"2026-02-" * (2 * MB)
    yield "emoji.txt", "🚢".encode() + _PROSE.encode() * (7 * MB // len(_PROSE))
    yield "largest.txt", _PROSE.encode() * (15 * MB // len(_PROSE))
    yield "huge.txt", b"a b " * (20 * MB)
    yield "zeros.txt", b"\0" * (8 * MB)
    yield "brackets.jsonl", b"[" * 2_000_000
    yield "objects.jsonl", b'{"a":' * 400_000
    yield "number.jsonl", b'{"text": "x", "id": ' + b"9" * 3_000_000 + b"}"
    yield "long-line.jsonl", b'{"text": "' + b"a" * (40 * MB) + b'"}\n{"text": "after it"}'
    yield "long-text.jsonl", b'{"text": "' + _PROSE.encode() * (30 * MB // len(_PROSE)) + b'"}'
    yield "many.jsonl", b"{\n" * 100_000
    yield "keys.jsonl", json.dumps({f"k{n}": n for n in range(400_000)} | {"text": "x"}).encode()
    yield "surrogates.jsonl", b'{"text": "' + b"\\ud800" * 1_000_000 + b'"}'
    yield "outside.jsonl", b'{"html_path": "../../../../etc/passwd"}\n{"html_path": "/etc/passwd"}'


def _packed() -> Iterator[tuple[str, Iterator[bytes]]]:
    zeros = bytes(MB)
    yield "bomb.txt.gz", _gzipped(zeros, 4096)
    yield "bomb.jsonl.gz", _gzipped(b" " * MB, 2048)
    yield "bomb.txt.xz", _compressed(lzma.LZMACompressor(), zeros, 2048)
    yield "bomb.txt.zst", _compressed(zstandard.ZstdCompressor(level=19).compressobj(), zeros, 4096)
    wide = zstandard.ZstdCompressionParameters(window_log=30, enable_ldm=True)
    packer = zstandard.ZstdCompressor(compression_params=wide)
    yield "window.txt.zst", _compressed(packer.compressobj(), os.urandom(MB), 2)
    dictionary = [{"id": lzma.FILTER_LZMA2, "dict_size": 2**30 + 2**29}]
    yield "dictionary.txt.xz", iter([lzma.compress(b"a tide", filters=dictionary)])
    yield "twice.txt.gz", iter([gzip.compress(gzip.compress(bytes(64 * MB)))])
    yield "cut.txt.gz", iter([gzip.compress(_PROSE.encode() * 1000)[:-9]])
    yield "lying.txt.zst", iter([b"\x28\xb5\x2f\xfd" + b"\xff" * 100])


def _gzipped(data: bytes, times: int) -> Iterator[bytes]:
    import zlib

    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    for _ in range(times):
        yield packer.compress(data)
    yield packer.flush()


def _compressed(packer: object, data: bytes, times: int) -> Iterator[bytes]:
    for _ in range(times):
        yield packer.compress(data)  # type: ignore[attr-defined]
    yield packer.flush()  # type: ignore[attr-defined]


def _no_files(folder: Path) -> Iterator[Path]:
    slip = folder / "slip.zip"
    with zipfile.ZipFile(slip, "w") as archive:
        archive.writestr("../../outside.txt", "slipped")
    yield slip
    loop = folder / "loop"
    loop.mkdir()
    (loop / "again").symlink_to(loop)
    (loop / "self.txt").symlink_to(loop / "self.txt")
    yield loop
    fifo = folder / "pipes"
    fifo.mkdir()
    os.mkfifo(fifo / "pipe.txt")
    yield fifo
    device = folder / "devices"
    device.mkdir()
    (device / "zero.txt").symlink_to("/dev/zero")
    (device / "terminal.txt").symlink_to("/dev/tty")
    (device / "memory.txt").symlink_to("/proc/self/mem")
    yield device
    sockets = folder / "s"
    sockets.mkdir()
    with socket.socket(socket.AF_UNIX) as made:
        here = Path.cwd()
        os.chdir(sockets)  # the name of a socket must be short
        made.bind("socket.txt")
        os.chdir(here)
    yield sockets
    deep = folder / "deep"
    deep.mkdir()
    here = Path.cwd()
    os.chdir(deep)
    for _ in range(500):  # longer than any path may be: made, and reached, step by step only
        Path("d" * 8).mkdir()
        os.chdir("d" * 8)
    Path("deep.txt").write_text("down here")
    os.chdir(here)
    yield deep
    crowd = folder / "crowd"
    crowd.mkdir()
    for number in range(3_000):
        (crowd / f"{number}.txt").touch()
    yield crowd


def measured(path: Path, scratch: Path) -> dict[str, object]:
    """Import `path` into an archive of its own: what became of it, and what that cost."""
    folder = scratch / f"archive-{path.name}"
    began = time.monotonic()
    command = [sys.executable, "-m", "tools.hostile", "--import", str(folder), str(path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert process.stdout is not None
    said = process.stdout.read().decode("utf-8", "replace")
    code = process.wait()
    took = time.monotonic() - began
    lines = [line for line in said.splitlines() if line.startswith("{")]
    found: dict[str, object] = json.loads(lines[-1]) if lines else {"said": said[-300:]}
    database = sqlite3.connect(folder / "catalog.db")
    told = database.execute("SELECT status, reason FROM item LIMIT 3").fetchall()
    count = database.execute("SELECT count(*) FROM article").fetchone()[0]
    database.close()
    found |= {"file": path.name, "seconds": round(took, 1), "code": code, "ledger": told}
    peak, cpu = found.get("peak", 2**60), found.get("cpu", took)
    fits = peak <= MOST_MEMORY and cpu <= MOST_SECONDS  # type: ignore[operator]
    return {**found, "articles": count, "fine": bool(fits and told and code in {0, 1})}


def _import(folder: str, path: str) -> int:
    """The import as the command does it, and the peak memory of it and its workers."""
    from tui.__main__ import main as newsreader

    code = newsreader(["--archive", folder, "import", path])
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(one.ru_utime + one.ru_stime for one in used)
    print(json.dumps({"peak": 1024 * max(one.ru_maxrss for one in used), "cpu": round(cpu, 1)}))
    return code


def main() -> int:
    if sys.argv[1:2] == ["--import"]:
        return _import(*sys.argv[2:])
    if len(sys.argv) > 1:
        for path in write(Path(sys.argv[1])):
            print(path)
        return 0
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="hostile-") as scratch:
        # By a process of its own: the peak of whoever starts another counts as that one's too.
        command = [sys.executable, "-m", "tools.hostile", str(Path(scratch) / "files")]
        paths = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
        for path in map(Path, paths.splitlines()):
            said = measured(path, Path(scratch))
            wrong += not said["fine"]
            print(json.dumps(said, ensure_ascii=False, default=str), flush=True)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
