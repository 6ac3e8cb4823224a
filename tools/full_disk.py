"""Fill the disk at N points of an import, and see that it is said and that nothing is lost.

    python -m tools.full_disk [N]      20 points; needs the right to mount a disk of memory

Each point is the command on a disk a little larger than the last: it must end with exit code 3 and
one sentence that names the path and the free space; with room again a second run must complete, and
`doctor` find nothing. Prints one JSON line a point; the exit code is 1 where that failed.
"""

import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ARTICLES = 600
_SAID = re.compile(r"\Anewsreader: the disk that holds \S+ is full \(\d+\.\d MB free\)[^\n]*\n\Z")


def main(arguments: list[str]) -> int:
    points = int(arguments[0]) if arguments else 20
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="full-disk-") as scratch:
        pile = Path(scratch) / "pile.jsonl"
        _write(pile)
        with _disk(Path(scratch) / "roomy") as disk:
            _newsreader(disk, "import", str(pile))
            needed = shutil.disk_usage(disk).used
        for point in range(points):
            said = _point(
                Path(scratch) / f"disk-{point}", pile, needed * (point + 1) // (points + 2)
            )
            wrong += not said["fine"]
            print(json.dumps(said), flush=True)
    return int(wrong > 0)


def _write(pile: Path) -> None:
    chance = random.Random(20260223)
    lines = [
        " ".join(f"word{chance.randrange(2000)}" for _ in range(200)) for _ in range(_ARTICLES)
    ]
    pile.write_text("".join(json.dumps({"text": f"{line}."}) + "\n" for line in lines))


def _point(folder: Path, pile: Path, room: int) -> dict[str, object]:
    with _disk(folder, room) as disk:
        first = _newsreader(disk, "import", str(pile))
        _mount("remount", f"size={2**28}", disk)
        second = _newsreader(disk, "import", str(pile))
        counts = json.loads(_newsreader(disk, "stats", "--json").stdout)
        doctor = _newsreader(disk, "doctor")
    fine = (
        first.returncode == 3
        and _SAID.match(first.stderr) is not None
        and second.returncode == doctor.returncode == 0
        and counts["articles"] == _ARTICLES
    )
    return {
        "bytes": room, "code": first.returncode, "said": first.stderr[-300:],
        "second": second.stdout.strip(), "articles": counts["articles"],
        "doctor": doctor.returncode, "fine": fine,
    }  # fmt: skip


@contextmanager
def _disk(folder: Path, size: int = 2**28) -> Iterator[Path]:
    folder.mkdir()
    _mount("rw", f"size={size}", folder)
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def _mount(how: str, size: str, folder: Path) -> None:
    command = ["mount", "-t", "tmpfs", "-o", f"{how},{size}", "tmpfs", str(folder)]
    subprocess.run(command, check=True)


def _newsreader(disk: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "tui", "--archive", str(disk / "a"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
