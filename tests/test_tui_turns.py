"""Keys typed faster than they are heard keep their order."""

from textual import events
from textual.app import App

from tui.turns import Turns


class Heard(App):
    def __init__(self):
        super().__init__()
        self.turns = Turns(self)
        self.heard = ""

    async def on_event(self, event):
        if not isinstance(event, events.Key):
            await super().on_event(event)
        elif self.turns.is_next(event):
            self.heard += event.key
            self.turns.sent(event, self.screen)


async def test_a_key_does_not_overtake_those_that_wait():
    app = Heard()
    async with app.run_test() as pilot:
        app.turns.begin()
        first = events.Key("a", "a")
        assert app.turns.is_next(first)
        first._set_forwarded()
        app.turns.sent(first, app.screen)
        await app.on_event(events.Key("b", "b"))
        while app.turns._under_way is first:
            app.turns.done(first)
        # Nothing is under way, and the one that waits has not been sent on yet.
        await app.on_event(events.Key("c", "c"))
        await pilot.pause()
        assert app.heard == "bc"
