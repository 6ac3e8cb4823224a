"""Cut the power: what a disk may hold that forgets all that was not synced.

    python -m tools.power [OPERATION …] [--chances N] [--seed N]

Traces (strace) what an operation of `tools.kills` writes, syncs, renames and removes, and makes of
it disks as they may be found after the power failed at any of these calls:

- the poorest one, with nothing but what was synced: files by their own sync, names by that of the
  folder they stand in;
- N others (100), each with some of what was not synced as well: any of the writes of each file,
  torn between sectors, and the changes of names up to some point, in their order.

On each, newsreader must open the archive, `doctor` find it sound, all that it said it had kept be
there, and another run give what an undisturbed one does. SQLite's shared memory is no part of the
disk; folders count as there once they are made. Prints one JSON line an operation; the exit code
is 1 where something was wrong.
"""

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from index.archive import Archive
from tools.kills import (
    OPERATIONS,
    ROOT,
    TRACKED,
    begin_import,
    differences,
    home_of,
    missing,
    pile,
    seen,
)  # fmt: skip

SECTOR = 512
_CALLS = (
    "openat,close,write,pwrite64,ftruncate,fsync,fdatasync,rename,unlink,lseek,sendfile,"
    "copy_file_range,fallocate,writev,pwritev,link,truncate,renameat,renameat2,unlinkat"
)
_CALL = re.compile(r"(\w+)\((.*)\)\s+= (-?\d+)(?:<.*>)?(?: E.*)?$")
_CUT = re.compile(r"(\d+) +(.*) <unfinished \.\.\.>$")
_ON = re.compile(r"(\d+) +<\.\.\. \w+ resumed>(.*)$")


class Write(NamedTuple):
    """Bytes written at an offset; None: the file's length is set to it."""

    at: int
    data: bytes | None


@dataclass
class File:
    """What a file is sure to hold, and what was written since."""

    synced: bytes = b""
    since: list[Write] = field(default_factory=list)

    def content(self) -> bytes:
        return _written(self.synced, self.since)


def _written(content: bytes, writes: list[Write]) -> bytes:
    held = bytearray(content)
    for at, data in writes:
        if data is None:
            held = held[:at] + bytes(max(0, at - len(held)))
            continue
        held += bytes(max(0, at - len(held)))
        held[at : at + len(data)] = data
    return bytes(held)


class Disk:
    """The files below a folder, as they are and as they are sure to be."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.now: dict[str, File] = {}
        for path in root.rglob("*"):
            if path.is_file():
                self.now[str(path)] = File(path.read_bytes())
        self.synced = dict(self.now)
        self.changes: list[tuple[str, File | None]] = []
        """Names changed since their folder was synced: a file, or None where it is gone."""

    def name(self, path: str, file: File | None) -> None:
        if file is None:
            self.now.pop(path, None)
        else:
            self.now[path] = file
        self.changes.append((path, file))

    def sync_folder(self, path: str) -> None:
        rest = []
        for name, file in self.changes:
            if os.path.dirname(name) == path:  # noqa: PTH120 - millions of them, and all are texts
                _put(self.synced, name, file)
            else:
                rest.append((name, file))
        self.changes = rest

    def after(self, chance: random.Random | None) -> dict[str, bytes]:
        """The files that may be found now: the least that is sure, or by chance more than that."""
        names = dict(self.synced)
        if chance is None:
            return {name: file.synced for name, file in names.items()}
        for name, file in self.changes[: chance.randint(0, len(self.changes))]:
            _put(names, name, file)
        return {name: _by_chance(file, chance) for name, file in names.items()}


def _put(names: dict[str, File], name: str, file: File | None) -> None:
    if file is None:
        names.pop(name, None)
    else:
        names[name] = file


def _by_chance(file: File, chance: random.Random) -> bytes:
    share = chance.choice((0.1, 0.5, 0.9, 1.0))
    kept = [write for write in file.since if chance.random() < share]
    return _written(file.synced, [_torn(write, chance) for write in kept])


def _torn(write: Write, chance: random.Random) -> Write:
    """Now and then the write only up to the end of some sector."""
    if write.data is None or chance.random() >= 0.1:
        return write
    end = (write.at // SECTOR + chance.randint(1, 8)) * SECTOR
    return write._replace(data=write.data[: end - write.at])


# ---- what was done, from its trace


@dataclass
class Open:
    """An open file or folder; `file` is None where it is none of the disk's files."""

    path: str
    file: File | None
    at: int = 0


def replay(trace: str, disk: Disk, told: str) -> Iterator[str]:
    """Do to `disk` what `trace` says, and stop after each call that changes it.

    Yields what was written to the file `told` so far.
    """
    opened: dict[int, Open] = {}
    said = ""
    for name, arguments, result in _calls(trace):
        number = _number(arguments)
        if result < 0:
            continue
        if name == "openat":
            opened[result] = _opened(disk, *arguments.split(", ")[1:3])
        elif name == "close":
            opened.pop(number, None)
        elif name in {"rename", "unlink"}:
            if _renamed(disk, [_text(part) for part in arguments.split(", ")]):
                yield said
        elif held := opened.get(number):
            if name == "write" and held.path == told:
                said += _bytes(arguments).decode()
            elif _changed(disk, held, name, arguments, result):
                yield said


def _opened(disk: Disk, name: str, flags: str) -> Open:
    path = _text(name)
    file = disk.now.get(path)
    if file is None and "O_CREAT" in flags and path.startswith(str(disk.root)):
        if path.endswith("-shm"):
            return Open(path, None)
        file = File()
        disk.name(path, file)
    if file is not None and "O_TRUNC" in flags and file.content():
        file.since.append(Write(0, None))
    return Open(path, file, len(file.content()) if file and "O_APPEND" in flags else 0)


def _renamed(disk: Disk, paths: list[str]) -> bool:
    """Take the name `paths[0]` from a file, and give it `paths[1]` if there is one."""
    file = disk.now.get(paths[0])
    if file is None:
        return False
    for path in paths[1:]:
        disk.name(path, file)
    disk.name(paths[0], None)
    return True


def _changed(disk: Disk, held: Open, name: str, arguments: str, result: int) -> bool:
    """Do what is done to an open file; whether that changes what the disk may hold."""
    file = held.file
    if file is None:
        synced = name in {"fsync", "fdatasync"}
        if synced:
            disk.sync_folder(held.path)
        return synced
    match name:
        case "lseek":
            held.at = result
            return False
        case "fsync" | "fdatasync":
            file.synced, file.since = file.content(), []
        case "write":
            file.since.append(Write(held.at, _bytes(arguments)[:result]))
            held.at += result
        case "pwrite64":
            file.since.append(Write(int(arguments.rpartition(", ")[2]), _bytes(arguments)))
        case "ftruncate":
            file.since.append(Write(int(arguments.rpartition(", ")[2]), None))
        case _:
            raise NotImplementedError(f"{name} is not understood here")
    return True


def _calls(trace: str) -> Iterator[tuple[str, str, int]]:
    begun: dict[str, str] = {}
    for line in trace.splitlines():
        if cut := _CUT.match(line):
            begun[cut[1]] = cut[2]
            continue
        on = _ON.match(line)
        whole = begun.pop(on[1], "") + on[2] if on else line.partition(" ")[2].lstrip()
        found = _CALL.match(whole)
        if found:
            yield found[1], found[2], int(found[3])


def _number(arguments: str) -> int:
    found = re.match(r"\d+", arguments)
    return int(found[0]) if found else -1


def _bytes(text: str) -> bytes:
    hexadecimal = text.partition('"')[2].partition('"')[0]
    return bytes.fromhex(hexadecimal.replace("\\x", ""))


def _text(text: str) -> str:
    return os.fsdecode(_bytes(text))


# ---- what is done, and what must be true


def _work(folder: Path) -> None:
    """Import thrice and mark, saying what is kept."""
    told = os.open(folder.parent / "told", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for n in range(3):
        with Archive(home_of(folder)) as archive:
            path = pile(folder.parent / f"{folder.name}-{n}.jsonl", 4 + 4 * n, 5)
            for step in archive.importing([str(path)], workers=0):
                if getattr(step, "id", None):
                    os.write(told, f"kept {step.id}\n".encode())  # type: ignore[union-attr]
            archive.catalog.marks.flag(TRACKED[: n + 1], starred=True, tag="sea")
            for line, _ in archive.catalog.lines(TRACKED[: n + 1]):
                os.write(told, f"starred {line.id}\n".encode())
    os.close(told)


ALL = {"work": (begin_import, _work), **OPERATIONS}


def cut(name: str, scratch: Path, chances: int, seed: int) -> dict[str, object]:
    """Cut the power during the operation `name`."""
    begin, act = ALL[name]
    base, whole, folder = (scratch / each for each in ("base", "whole", "cut"))
    begin(base)
    shutil.copytree(base, whole)
    act(whole)
    before, right = seen(base) if name != "migrate" else None, seen(whole)
    (scratch / "told").unlink(missing_ok=True)
    shutil.copytree(base, folder)
    disk = Disk(folder)
    trace = _traced(name, folder)
    steps = sum(1 for _ in replay(trace, Disk(_as_before(folder, base)), str(scratch / "told")))
    chance = random.Random(seed)
    lucky = sorted(chance.choices(range(steps), k=chances))
    tried, wrong = set(), []
    for step, told in enumerate(replay(trace, disk, str(scratch / "told"))):
        found = [disk.after(None), *(disk.after(chance) for _ in range(lucky.count(step)))]
        for files in found:
            digest = sha256(repr((sorted(files.items()), told)).encode()).digest()
            if digest in tried:
                continue
            tried.add(digest)
            _lay(folder, files)
            wrong += [f"{step}: {said}" for said in _problems(folder, act, before, right, told)]
    return {"operation": name, "calls": steps, "disks": len(tried), "wrong": wrong}


def _as_before(folder: Path, base: Path) -> Path:
    shutil.rmtree(folder)
    shutil.copytree(base, folder)
    return folder


def _traced(name: str, folder: Path) -> str:
    out = folder.parent / "trace"
    command = [
        "strace", "-f", "-q", "-xx", "-s", str(2**24), "-o", str(out), "-e", f"trace={_CALLS}",
        sys.executable, "-m", "tools.power", "--act", name, str(folder),
    ]  # fmt: skip
    subprocess.run(command, cwd=ROOT, check=True)
    return out.read_text()


def _lay(folder: Path, files: dict[str, bytes]) -> None:
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            path.unlink()
    for name, content in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(content)


def _problems(folder: Path, act: object, before: object, right: object, told: str) -> Iterator[str]:
    try:
        yield from missing(folder, told)
        yield from differences(folder, act, before, right)  # type: ignore[arg-type]
    except Exception as error:  # noqa: BLE001 - any failure is what is looked for
        yield f"{type(error).__name__}: {error}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.power", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="OPERATION", help=", ".join(ALL))
    parser.add_argument("--chances", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--act", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.act:  # what is traced
        ALL[options.names[0]][1](Path(options.names[1]))
        return 0
    failed = False
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
    for name in options.names or ALL:
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="power-", dir=memory) as scratch:
            said = cut(name, Path(scratch), options.chances, options.seed)
        print(json.dumps({**said, "seconds": round(time.monotonic() - began)}), flush=True)
        failed = failed or bool(said["wrong"])
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
