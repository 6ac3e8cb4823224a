"""A mutator for where atheris cannot be had: seeds, changed at random, crossed with each other."""

import random
import time
from pathlib import Path

from tools.fuzz.finds import Watch
from tools.fuzz.targets import Target

_PIECES = (
    b"\x1b", b"\x9b", b"\xc2\x9b", b"\0", b"\xff", b"\xed\xa0\x80", b"\xe2\x80\xae", b"\r", b"\n",
    b"{", b"}", b"[", b"]", b'"', b"\\", b"<", b">", b"&#0;", b"<!--", b"]]>", b"-", b"(", b":",
    b"~", b"*", b"..", b"1e999", b"9" * 30, b"null", b"\\ud800", b"\xcc\x81" * 9,
    b"\xf0\x9f\x91\xa9",
)  # fmt: skip


def mutate(target: Target, folder: Path, seconds: float, seed: int, *, slow: float) -> None:
    """Try changed seeds of `target` for `seconds`; keep in `folder` what it fails on."""
    chance, watch = random.Random(seed), Watch(target.run, folder, slow)
    pool, tried, end = target.seeds(), 0, time.monotonic() + seconds
    for data in pool:
        watch(data)
    while time.monotonic() < end:
        data = changed(chance, pool)[: target.longest]
        watch(data)
        tried += 1
    print(f"number_of_executed_units: {tried}")


def changed(chance: random.Random, pool: list[bytes]) -> bytes:
    """An input made of those in `pool` by a few changes."""
    data = chance.choice(pool)
    for _ in range(chance.choice((1, 1, 2, 3, 5, 8))):
        at = chance.randrange(len(data) + 1)
        before, after = data[:at], data[at:]
        match chance.randrange(5):
            case 0:
                data = before + bytes([chance.randrange(256)]) + after[1:]
            case 1:
                data = before + chance.choice(_PIECES) + after
            case 2:
                data = before + after[chance.randrange(1, 40) :]
            case 3:
                data = before + after[: chance.randrange(1, 60)] * 2 + after
            case _:
                data = before + chance.choice(pool)[at:]
    return data
