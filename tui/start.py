"""Starting the engine. It is done before Textual is imported, so nothing heavy is imported here."""

import subprocess
from collections.abc import Sequence


def start_engine(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    """Start the engine, out of reach of the terminal's signals."""
    return subprocess.Popen(  # noqa: S603 - our own command
        list(command),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        start_new_session=True,
    )
