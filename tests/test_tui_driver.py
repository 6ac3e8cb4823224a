"""The terminal's driver by itself, on a terminal of the test's own."""

import asyncio
import os
import pty
import sys

import pytest
from textual.app import App

from tui.driver import TerminalDriver


@pytest.fixture
def keyboard(monkeypatch):
    """What types into the terminal that the process seems to run in."""
    keyboard, terminal = pty.openpty()
    with os.fdopen(terminal, "r", closefd=False) as keys, os.fdopen(terminal, "w") as screen:
        monkeypatch.setattr(sys, "__stdin__", keys)
        monkeypatch.setattr(sys, "__stdout__", screen)
        yield keyboard
    os.close(keyboard)


def test_what_is_typed_after_the_screen_is_given_back_is_left_to_the_shell(keyboard):
    async def quit_and_type():
        driver = TerminalDriver(App())
        driver.start_application_mode()
        driver.stop_application_mode()
        os.write(keyboard, b"make\n")
        driver.disable_input()  # as Textual does once more when it ends
        driver.close()

    asyncio.run(quit_and_type())
    os.set_blocking(sys.__stdin__.fileno(), False)  # were it lost, reading would wait for ever
    assert os.read(sys.__stdin__.fileno(), 100) == b"make\n"
