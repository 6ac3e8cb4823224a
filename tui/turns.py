"""Keys in their turn: one is sent on only when what the one before it did is done.

Textual sends each key to what has the focus when it is read. Of keys read at once, those after one
that opens a panel would go to the list behind it.
"""

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from textual import events

if TYPE_CHECKING:
    from textual.app import App
    from textual.message_pump import MessagePump

Typed = events.Key | events.Paste
_ROUNDS = 4  # a key submits a line, the line says that it is left, the page moves the focus
_LONGEST = 0.5  # seconds a key may take before the next one is sent all the same


class Turns:
    """What was typed and not yet sent on; nothing is until `begin`."""

    def __init__(self, app: "App[None]") -> None:
        self._app = app
        self._waiting: deque[Typed] = deque()
        self._turn: Typed | None = None
        """The one of those waiting that is being sent on."""
        self._under_way: Typed | None = None
        self._told: MessagePump = app
        self._round = 0
        self._begun = False

    def begin(self) -> None:
        """There is a page to take what was typed."""
        self._begun = True
        self._next()

    def is_next(self, typed: Typed) -> bool:
        """Whether `typed` is to be sent on now; else it comes again when its turn has come."""
        if typed is self._turn:
            self._turn = None
            return True
        if self._begun and self._under_way is None and not self._waiting:
            return True
        self._waiting.append(typed)  # also where nothing is under way: others came before it
        if self._under_way is None:
            self._next()
        return False

    def sent(self, typed: Typed, to: "MessagePump") -> None:
        """`typed` was sent to a widget, and goes up from there as far as it is not stopped."""
        if not typed.is_forwarded:  # it was for the application itself
            self._next()
            return
        self._under_way, self._told, self._round = typed, to, 0
        asyncio.get_running_loop().call_later(_LONGEST, self._end, typed)
        self._follow(typed, to)

    def _follow(self, typed: Typed, at: "MessagePump") -> None:
        """Learn when `at` has done with it: what is posted now comes after it."""

        def passed() -> None:
            above = at._parent
            if above is None or (typed._stop_propagation and not self._round):
                self.done(typed)
            elif above is not self._app:
                self._follow(typed, above)
            elif self._round:  # the first time the application says itself that it is done
                self.done(typed)

        if not at.call_later(passed):
            self.done(typed)

    def done(self, typed: Typed) -> None:
        """What is bound to `typed` is done; what was posted for it is heard in further rounds."""
        if self._under_way is not typed:
            return
        self._round += 1
        if self._waiting and self._round < _ROUNDS:
            self._follow(typed, self._told)
        else:
            self._end(typed)

    def _end(self, typed: Typed) -> None:
        if self._under_way is typed:
            self._under_way = None
            self._next()

    def _next(self) -> None:
        if self._waiting and self._begun:
            self._app.call_later(self._send_on)  # after the focus that the last one has moved

    async def _send_on(self) -> None:
        if self._waiting and self._under_way is None:
            self._turn = self._waiting.popleft()
            await self._app.on_event(self._turn)
