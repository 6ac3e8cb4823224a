"""Keys and pastes told apart in what a terminal sends. A paste of any size costs little."""

import re
from collections.abc import Iterator
from typing import Final

LONGEST: Final = 65536
"""Characters of a paste that are kept: more than any line of ours takes."""
_BEGIN, _END = "\x1b[200~", "\x1b[201~"
_MANY = 64  # characters that arrive at once in the same run: nobody types them
# A control sequence, a key with Alt, or a run of text.
_PART = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|O.|[^\[O\x1b])?|[^\x1b]+", re.DOTALL)


class Pastes:
    """Splits what comes in, read by read, where pastes begin and end.

    A terminal marks a paste ("bracketed paste"); in one that does not, a long run of text is taken
    for one, since the keys of a reader are not meant to be pasted.
    """

    def __init__(self) -> None:
        self._pasting = False
        self._kept: list[str] = []
        self._room = LONGEST
        self._tail = ""

    def split(self, text: str) -> Iterator[tuple[str, bool]]:
        """Pieces of `text` in order, each with whether it is a paste; a paste comes when whole."""
        while text:
            if self._pasting:
                text = self._tail + text
                head, end, rest = text.partition(_END)
                if end:
                    self._keep(head)
                    yield "".join(self._kept), True
                    self._pasting, self._tail = False, ""
                    self._kept, self._room = [], LONGEST
                else:
                    # The beginning of the end mark may stand here, its end come with the next read.
                    self._tail = head[-len(_END) + 1 :]
                    self._keep(head[: len(head) - len(self._tail)])
                text = rest
                continue
            head, begin, text = text.partition(_BEGIN)
            yield from _keys(head)
            self._pasting = bool(begin)

    def _keep(self, text: str) -> None:
        if self._room > 0:
            self._kept.append(text[: self._room])
            self._room -= len(text)


def _keys(text: str) -> Iterator[tuple[str, bool]]:
    if len(text) < _MANY:
        if text:
            yield text, False
        return
    for match in _PART.finditer(text):
        part = match[0]
        yield part[:LONGEST], len(part) >= _MANY and part[0] != "\x1b"
