"""Asks the terminal how many cells each line of a file takes: columns.py TEXTS RESULT."""

import os
import re
import sys
import termios
import tty
from pathlib import Path

texts = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
before = termios.tcgetattr(0)
tty.setcbreak(0)
columns = []
for text in texts:
    os.write(1, f"\r\x1b[K{text}\x1b[6n".encode())
    said = b""
    while not (found := re.search(rb"\x1b\[\d+;(\d+)R", said)):
        said += os.read(0, 64)
    columns.append(str(int(found[1]) - 1))
termios.tcsetattr(0, termios.TCSANOW, before)
Path(sys.argv[2]).write_text("\n".join(columns))
