"""SIGKILL at every file event of every operation: what comes back is as if nothing had happened.

These are the events that Python sees. `python -m tools.kills events` does it at each system call,
`python -m tools.kills random` at random times: docs/durability.md.
"""

import os

import pytest

from tools.kills import OPERATIONS, each_event

STRIDE = 1 if os.environ.get("NEWSREADER_KILLS") == "all" else 4
"""How many events it goes on at a time: a quarter of them is enough for every day."""


@pytest.mark.slow
@pytest.mark.parametrize("name", OPERATIONS)
def test_killed_at_any_change_of_a_file_the_archive_comes_back_whole(name, tmp_path):
    said = each_event(name, tmp_path, calls=False, stride=STRIDE)
    assert said["kills"] > 1, "the events were never reached"
    assert said["differences"] == []
