"""Fuzzing in small: what once failed must not again, and a few hundred hostile inputs a target."""

import logging
import random
from contextlib import suppress
from pathlib import Path

import pytest

from tools.fuzz.__main__ import NAMES
from tools.fuzz.finds import Watch
from tools.fuzz.mutate import changed
from tools.fuzz.targets import TARGETS

GOLDEN = Path(__file__).parent / "golden" / "fuzz"
FOUND = sorted(path for path in GOLDEN.glob("*/*"))


def test_every_target_can_be_named():
    assert set(NAMES) == set(TARGETS)


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_fuzzing_once_found_is_mended(path):
    TARGETS[path.parent.name].run(path.read_bytes())


@pytest.mark.parametrize("name", NAMES)
def test_hostile_inputs_break_no_promise(name):
    target, chance = TARGETS[name], random.Random(20260221)
    pool = target.seeds()
    logging.disable(logging.ERROR)  # the engine logs each request that does not fit
    try:
        for data in [*pool, *(changed(chance, pool)[: target.longest] for _ in range(60))]:
            target.run(data)
    finally:
        logging.disable(logging.NOTSET)


def test_an_input_that_takes_too_much_cpu_is_kept_and_fuzzing_goes_on(tmp_path: Path) -> None:
    def spin(data: bytes) -> None:
        while data == b"slow":
            with suppress(Exception):  # as code would that takes any failure for an expected one
                sum(range(1000))

    watch = Watch(spin, tmp_path, slow=0.1)
    watch(b"slow")
    watch(b"quick")

    assert [path.read_bytes() for path in tmp_path.glob("find-*") if not path.suffix] == [b"slow"]
