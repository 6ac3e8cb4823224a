"""Starting the engine. It is done before Textual is imported, so nothing heavy is imported here."""

import os
import subprocess
from collections.abc import Sequence

# Read by Textual at import: a frame may follow another after 8 ms, not 17, so that what a letter
# has found does not wait for the frame in which the letter was shown.
os.environ.setdefault("TEXTUAL_FPS", "120")


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
