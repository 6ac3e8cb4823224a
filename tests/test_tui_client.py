"""The engine's client over real pipes: answers, errors, a lost engine, an end without remains."""

import asyncio
import json
import signal
import sys

import pytest

from index.text.safe import safe_line
from tests.tui_pilot import command
from tui.answers import AnswerError, Lost, Ready, Restarted, error_of, reading_of, spans_of
from tui.client import Engine, EngineLostError, Superseded
from tui.start import start_engine


class Heard:
    """Keeps the events, and waits for one of a kind."""

    def __init__(self):
        self.events = []
        self._came = asyncio.Condition()

    def __call__(self, event):
        self.events.append(event)

    async def first(self, kind):
        async with asyncio.timeout(10):
            while not any(isinstance(event, kind) for event in self.events):
                await asyncio.sleep(0)
        return next(event for event in self.events if isinstance(event, kind))


@pytest.fixture
async def engine():
    opened = Engine(start_engine(command()), command())
    opened.heard = Heard()
    await opened.open(opened.heard)
    yield opened
    await opened.close()


async def test_the_engine_says_when_it_is_ready(engine):
    assert await engine.heard.first(Ready) == Ready(100)


async def test_an_engine_nobody_has_listened_to_yet_is_ended_with_its_reader():
    stubborn = ["sh", "-c", "trap '' TERM; cat >/dev/null"]
    for line in (command(), stubborn):
        process = start_engine(line)
        await Engine(process, line).close()
        assert process.returncode is not None


async def test_a_search_is_answered_with_rows_and_counts(engine):
    answer = await engine.search("ferry")
    assert (answer.total, len(answer.rows)) == (25, 25)
    assert answer.facets["language"] == {"en": 25}
    row = answer.rows[0]
    assert row.lede[slice(*row.lede_hits[0])] == "ferry"


async def test_a_newer_search_overtakes_an_older(engine):
    older = asyncio.create_task(engine.search("wait!"))
    await asyncio.sleep(0)
    newer = await engine.search("ferry")
    assert newer.total == 25
    with pytest.raises(Superseded):
        await older


async def test_a_refusal_carries_its_template_and_its_place(engine):
    with pytest.raises(AnswerError) as caught:
        await engine.search("a wrong:b")
    error = caught.value
    assert (error.template, error.at, error.end) == ("There is no field “{field}:”.", 2, 8)
    assert str(error) == "There is no field “wrong:”."


async def test_who_waits_hears_when_the_engine_dies_and_the_next_one_answers(engine):
    with pytest.raises(EngineLostError):
        await engine.search("die!")
    await engine.heard.first(Restarted)
    assert (await engine.search("ferry")).total == 25


async def test_an_engine_that_only_dies_is_given_up():
    line = [sys.executable, "-c", "raise SystemExit('newsreader: no \x1b[2Jdisk')"]
    engine = Engine(start_engine(line), line)
    heard = Heard()
    await engine.open(heard)
    assert (await heard.first(Lost)).reason == "no disk"
    with pytest.raises(EngineLostError):
        await engine.search("ferry")
    await engine.close()


async def test_closing_leaves_no_process():
    process = start_engine(command())
    engine = Engine(process, command())
    await engine.open(Heard())
    await engine.close()
    assert process.returncode == 0


async def test_an_engine_that_does_not_listen_is_ended():
    line = [sys.executable, "-c", "import time; print('{}', flush=True); time.sleep(99)"]
    process = start_engine(line)
    engine = Engine(process, line)
    await engine.open(Heard())
    await engine.close()
    assert process.returncode is not None


async def test_lines_of_any_length_and_nonsense_between_them_are_taken():
    code = (
        "import json,sys\n"
        "print('not json'); print('[1]'); print('{\"event\": \"unheard\"}', flush=True)\n"
        "request = json.loads(sys.stdin.readline())\n"
        "result = {'undone': 'x' * 3_000_000, 'changed': 1}\n"
        "print(json.dumps({'id': request['id'], 'result': result}), flush=True)\n"
        "sys.stdin.read()\n"
    )
    line = [sys.executable, "-c", code]
    engine = Engine(start_engine(line), line)
    await engine.open(Heard())
    what, changed = await engine.undo()
    assert (len(what), changed) == (3_000_000, 1)
    await engine.close()


HOSTILE = "a\x1b[2Jb\x9d52;c;x\x07\u202ec"


def test_every_string_of_an_article_is_made_safe():
    found = {
        "id": HOSTILE, "title": HOSTILE, "byline": HOSTILE, "date": HOSTILE, "date_from": HOSTILE,
        "language": HOSTILE, "source": HOSTILE, "origin": HOSTILE,
        "url": f"https://a.example/{HOSTILE}", "hits": [[0, 0, 99], [7, 0, 1]],
        "blocks": [{"n": 1, "text": HOSTILE, "label": "body", "reason": HOSTILE, "style": HOSTILE}],
        "unsure": HOSTILE, "problems": [HOSTILE],
    }  # fmt: skip
    reading = reading_of(found)
    told = json.dumps(repr(reading), ensure_ascii=False)
    assert not any(sign in told for sign in ("\x1b", "\x9d", "\x07", "\u202e", "\\x1b", "u202e"))
    assert reading.blocks[0].text == safe_line(HOSTILE) == "abc"
    assert reading.hits == ((0, 0, 3),)


@pytest.mark.parametrize(
    ("found", "message"),
    [
        ({"message": "plain {braces}"}, "plain {braces}"),
        ({"template": "no {x}", "values": {"x": "\x1b[2Jy"}}, "no y"),
        ({"template": "no {x}", "values": {}}, "no {x}"),
        ({}, "the engine refused this"),
    ],
)
def test_any_refusal_can_be_said(found, message):
    from tui.i18n import say

    error = error_of(found)
    assert say(error.template, error.values) == message


@pytest.mark.parametrize(
    ("spans", "kept"),
    [
        ([[2, 4], [0, 1]], ((0, 1), (2, 4))),
        ([[0, 3], [2, 5]], ((0, 3), (3, 5))),
        ([[8, 9]], ()),
        (None, ()),
    ],
)
def test_spans_are_in_order_apart_and_within_the_text(spans, kept):
    assert spans_of(spans, 5) == kept


async def test_a_mark_set_while_the_engine_is_killed_is_set_by_the_next(engine):
    await engine.heard.first(Ready)
    engine._process.kill()
    assert await engine.flag({"articles": ["a0000001"]}, starred=True) == 1
    assert isinstance(await engine.heard.first(Restarted), Restarted)
    assert (await engine.search("is:starred")).total == 1


async def test_a_stopped_engine_is_woken_and_answers_what_it_was_asked(engine):
    await engine.heard.first(Ready)
    engine._process.send_signal(signal.SIGSTOP)
    assert (await engine.search("ferry")).total == 25
    await engine.heard.first(Restarted)


async def test_an_archive_that_cannot_be_used_is_not_tried_again():
    line = [sys.executable, "-c", "import sys; print('no archive', file=sys.stderr); sys.exit(3)"]
    opened = Engine(start_engine(line), line)
    heard = Heard()
    await opened.open(heard)
    assert await heard.first(Lost) == Lost("no archive")
    assert not any(isinstance(event, Restarted) for event in heard.events)
    await opened.close()
