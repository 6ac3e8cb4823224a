"""Fuzz targets for a time: `./dev fuzz [TARGET …] [--seconds N] [--seed N] [--own]`.

With atheris (requirements/fuzz.txt) inputs grow by what code they reach; without it, or with --own,
by a mutator of our own that knows nothing of the code. Each find is kept, once for each place that
failed, in .fuzz/TARGET; mend it, and put the file into tests/golden/fuzz/TARGET, where the suite
runs it for ever. Prints one JSON line a target; the exit code is 1 where something was found.
"""

import argparse
import json
import logging
import os
import resource
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[2]
FINDS = ROOT / ".fuzz"
NAMES = ("sources", "cleaner", "safe", "query", "engine", "replies", "segment")
_SLOW_S = 25  # of CPU
_STUCK_S = 3600  # of the clock, for what no signal of Python's reaches
_ROUND_S = 120
"""A child's time. Code under atheris holds on to memory (up to 10 MB a second in the cleaner, which
the same inputs without it do not): a new child goes on with the corpus before that is a find."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--seconds", type=int, default=60, help="for each target (60)")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of chance")
    parser.add_argument("--own", action="store_true", help="do without atheris")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    unknown = set(options.targets) - set(NAMES)
    if unknown:
        parser.error(f"there is no target {', '.join(sorted(unknown))}")
    own = options.own or find_spec("atheris") is None
    if options.child:
        _fuzz(options.targets[0], options.seconds, options.seed, own=own)
        return 0
    return max(_run(name, options, own=own) for name in options.targets or NAMES)


def _run(name: str, options: argparse.Namespace, *, own: bool) -> int:
    """Fuzz one target in a process of its own, which a find may kill; 1 where there was one."""
    folder = FINDS / name
    (folder / "corpus").mkdir(parents=True, exist_ok=True)
    before = set(folder.glob("find-*.txt")) | set(folder.glob("dead-*"))
    cpu, began = _cpu_of_children(), time.monotonic()
    inputs = ended = 0
    for number, seconds in enumerate(_rounds(options.seconds)):
        command = [sys.executable, "-m", "tools.fuzz", name, "--child"]
        command += ["--seconds", str(seconds), "--seed", str(options.seed + number)]
        done = _child(command + (["--own"] if own else []))
        log = done.stdout + done.stderr
        (folder / "log.txt").write_text(log)
        inputs += _inputs(log)
        ended = ended or done.returncode
    finds = sorted((set(folder.glob("find-*.txt")) | set(folder.glob("dead-*"))) - before)
    said = {
        "target": name,
        "by": "own" if own else "atheris",
        "seconds": round(time.monotonic() - began),
        "cpu_s": round(_cpu_of_children() - cpu),
        "inputs": inputs,
        "seed": options.seed,
        "finds": [str(path.relative_to(ROOT)) for path in finds],
        "ended": ended,
    }
    print(json.dumps(said), flush=True)
    return 1 if finds or ended else 0


def _rounds(seconds: int) -> list[int]:
    """`seconds` in parts of at most `_ROUND_S`."""
    whole, rest = divmod(seconds, _ROUND_S)
    return [_ROUND_S] * whole + ([rest] if rest or not whole else [])


def _child(command: list[str]) -> subprocess.CompletedProcess[str]:
    # In memory where that can be had: nothing then waits for a disk.
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(prefix="fuzz-", dir=memory) as scratch:
        return subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False,
            env={**os.environ, "TMPDIR": scratch, "XDG_STATE_HOME": scratch},
        )  # fmt: skip


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _inputs(log: str) -> int:
    """How many inputs were tried, as libFuzzer and our own mutator say at the end."""
    lines = [line for line in log.splitlines() if "number_of_executed_units" in line]
    return int(lines[-1].split(":")[-1]) if lines else 0


def _fuzz(name: str, seconds: int, seed: int, *, own: bool) -> None:
    logging.disable(logging.CRITICAL)
    folder = FINDS / name
    if own:
        from tools.fuzz.mutate import mutate
        from tools.fuzz.targets import TARGETS

        mutate(TARGETS[name], folder, seconds, seed, slow=_SLOW_S)
        return
    import atheris

    with atheris.instrument_imports(include=["index", "tui"]):
        from tools.fuzz.targets import TARGETS
    from tools.fuzz.finds import Watch

    TARGETS[name].run(b"")  # what is made once takes its time: it must not count as a slow input
    watch = Watch(TARGETS[name].run, folder, _SLOW_S)
    seeds = folder / "seeds"
    seeds.mkdir(exist_ok=True)
    for n, data in enumerate(TARGETS[name].seeds()):
        (seeds / str(n)).write_bytes(data)
    arguments = [
        sys.argv[0], f"-max_total_time={seconds}", f"-seed={seed % 2**31 or 1}",
        f"-artifact_prefix={folder}/dead-", f"-timeout={_STUCK_S}", "-rss_limit_mb=1536",
        f"-report_slow_units={_STUCK_S}",
        f"-max_len={TARGETS[name].longest}", "-print_final_stats=1", "-verbosity=0",
        str(folder / "corpus"), str(seeds),
    ]  # fmt: skip
    atheris.Setup(arguments, watch)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
