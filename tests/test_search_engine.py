"""Under the face of the index: exact order, Whoosh's own answer, files, merges, sudden death."""

import itertools
import random
import re
import subprocess
import sys
import textwrap

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.errors import ArchiveError, ArchiveLockedError
from index.search import build, layout, lexicon, merging, pairs, rank, tree, vocabulary
from index.search.analysis import terms
from index.search.compile import compiled
from index.search.execute import Execution
from index.search.fulltext import FullText
from index.search.portions import Portions
from index.search.query import parse
from index.search.rank import Chosen, Ranker
from index.search.scoring import INFLECTED, K1, NAMED, TITLE_WEIGHT, B, rarity
from index.search.segment import LAST_PLACE, Segment
from index.search.spelling import all_within, edits_within
from index.search.store import ArrayIndex
from index.search.typing import open_last_word
from index.search.view import View
from index.search.vocabulary import Vocabulary
from index.text.fold import fold
from index.text.words import words
from tests.search_model import (
    ARCHIVES,
    ENTRIES,
    QUERIES,
    STEPS,
    TODAY,
    asked,
    by_day,
    counted,
    entry,
    find,
    holds,
    keys_of,
    take_all_paths,
)


@pytest.fixture(scope="module", params=["as it is", "all paths"])
def sizes(request):
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "all paths":
            take_all_paths(patch)
        yield


# --- the order is exactly BM25F ---------------------------------------------------------------


class Archive:
    """BM25F worked out article by article."""

    def __init__(self, entries):
        self.words = {
            e.key: (
                [w.text for w in terms(e.title)],
                [w.text for w in terms(e.body)],
            )
            for e in entries
        }
        self.entries = {e.key: e for e in entries}
        self.count = len(entries)

    def lengths(self, field):
        weigh = {
            "": lambda t, b: TITLE_WEIGHT * len(t) + len(b),
            "title": lambda t, _: len(t),
            "body": lambda _, b: len(b),
        }[field]
        return {key: weigh(*parts) for key, parts in self.words.items()}

    def word(self, text, field, key):
        words = self.words
        title, body = words[key]
        weight = {
            "": TITLE_WEIGHT * title.count(text) + body.count(text),
            "title": title.count(text),
            "body": body.count(text),
        }[field]
        if field == "title":
            holders = sum(text in t for t, _ in words.values())
        else:
            holders = sum(text in t + b for t, b in words.values())
        return self.scored(weight, holders, field, key)

    def scored(self, weight, holders, field, key):
        lengths = self.lengths(field)
        average = sum(lengths.values()) / self.count or 1
        norm = K1 * (1 - B + B * lengths[key] / average)
        return rarity(self.count, holders) * weight * (K1 + 1) / (weight + norm) if weight else 0

    def any_form(self, ways, field, key):
        """A word that stands there in any of `ways`: what each is worth, and whether one is it."""
        found = {key: self.standing(ways, field, e) for key, e in self.entries.items()}
        holders = sum(times > 0 for times, _ in found.values())
        times, best = found[key]
        return best * self.scored(times, holders, field, key)

    def standing(self, ways, field, e):
        """How much the words of an article weigh that are one of `ways`, and the best of these."""
        times, best = 0, 0
        for name, weight in (("title", TITLE_WEIGHT if not field else 1), ("body", 1)):
            if field in ("", name):
                for word, keys in zip(
                    self.words[e.key][name == "body"], keys_of(e, name), strict=True
                ):
                    worth = [worth for worth, fits in ways if fits(word, keys)]
                    times += weight * bool(worth)
                    best = max([best, *worth])
        return times, best

    def worth(self, node, e, sets, weight=1):
        if isinstance(node, tree.Or):
            return sum(self.worth(part, e, sets, weight) for part in node.parts)
        if isinstance(node, tree.Widened):
            ways, others = ways_of(node)
            found = sum(self.worth(part, e, sets, NAMED) for part in others)
            if not isinstance(node.asked, tree.Word):
                found += self.worth(node.asked, e, sets)
            field = node.asked.field if isinstance(node.asked, tree.Word) else ""
            return found + (self.any_form(ways, field, e.key) if ways else 0)
        if not holds(node, e, sets) or isinstance(node, tree.Not | tree.Every | tree.FilterNode):
            return 0
        if isinstance(node, tree.And):
            return sum(self.worth(part, e, sets, weight) for part in node.parts)
        if node.field in ("source", "author"):
            return 0
        match node:
            case tree.Word(text):
                return weight * self.word(text, node.field, e.key)
            case tree.Keyed():
                return self.any_form(way_of(node), node.field, e.key)
            case tree.Phrase(parts):
                return weight * sum(self.word(text, node.field, e.key) for text in parts)
            case tree.Fuzzy(text) | tree.Prefix(text, typed=True):
                return 1 + self.word(text, node.field, e.key)
        return 1


def ways_of(node):
    """The ways in which single words stand for a widened node, and what else does."""
    ways = []
    others = []
    if isinstance(node.asked, tree.Word):
        ways.append((1, lambda word, _: word == node.asked.text))
    for part in node.more:
        found = way_of(part)
        ways.extend(found)
        if not found:
            others.append(part)
    return ways, others


def way_of(node):
    match node:
        case tree.Word(text):
            return [(NAMED, lambda word, _: word == text)]
        case tree.Keyed():
            return [(NAMED if node.of_name else INFLECTED, lambda _, keys: node.fits(keys))]
        case tree.Or(parts):
            each = [way_of(part) for part in parts]
            return [way for ways in each for way in ways] if all(each) else []
    return []


@pytest.mark.usefixtures("sizes")
@ARCHIVES
@given(
    batches=st.lists(st.lists(ENTRIES, min_size=1, max_size=12), min_size=1, max_size=4),
    queries=st.lists(QUERIES, min_size=8, max_size=8),
    sets=st.sets(st.integers(1, 60)),
    widened=st.booleans(),
    typing=st.booleans(),
)
def test_the_first_ten_are_those_of_exact_bm25f(
    tmp_path_factory, batches, queries, sets, widened, typing
):
    index = FullText(tmp_path_factory.mktemp("index"))
    index.rebuild()
    entries = []
    for batch in batches:
        # Every entry has a key of its own: nothing is replaced, so all statistics are known.
        fresh = [
            type(e)(len(entries) + n, *(getattr(e, name) for name in e.__slots__[1:]))
            for n, e in enumerate(batch, 1)
        ]
        index.put(fresh)
        entries += fresh
    model = Archive(entries)
    for query in queries:
        parsed = asked(query, widened, typing=typing)
        options = {"sort": "relevance", "limit": 10, "ids": lambda _: sets}
        # There are shorter ways, but for whoever asks for the place of an article; fewer of them
        # where facets are counted.
        alone = index.search(parsed, facets=False, **options)
        short = index.search(parsed, **options)
        hits = index.search(parsed, keep=1, **options)
        worth = {
            e.key: round(model.worth(parsed.tree, e, sets), 9)
            for e in entries
            if holds(parsed.tree, e, sets)
        }
        newest = by_day([e for e in entries if e.key in worth], -1)
        best = sorted(newest, key=lambda key: -worth[key])[:10]
        assert hits.keys == best
        assert hits.scores == pytest.approx([worth[key] for key in best], abs=1e-4)
        assert hits.facets == counted([e for e in entries if e.key in worth])
        assert (alone.total, alone.keys) == (hits.total, hits.keys)
        assert (short.total, short.keys, short.facets) == (hits.total, hits.keys, hits.facets)
        assert alone.scores == pytest.approx(hits.scores, abs=1e-8)


@pytest.mark.parametrize("facets", [True, False])
def test_a_word_still_being_typed_comes_before_those_that_go_on(index, facets):
    index.put([entry(n, "boats on a lake", day=n % 7) for n in range(1, 40)])
    last = {50: "a boat on the long lake", 51: "boat boats"}
    index.put([entry(52, "boating"), *(entry(n, text, day=9) for n, text in last.items())])
    hits = index.search(open_last_word(parse("boat", today=TODAY)), facets=facets, limit=20)
    others = by_day([entry(n, "", day=n % 7) for n in range(1, 40)], -1)
    assert hits.keys == [51, 50, *others[:18]]
    assert hits.scores[2:] == [1.0] * 18
    assert hits.total == 42


def test_far_pages_are_in_the_same_order_as_near_ones(index, monkeypatch):
    monkeypatch.setattr(layout, "DENSE_FROM", 2)
    monkeypatch.setattr(rank, "_FEW", 1)
    for begin in (0, 100):
        index.put([entry(begin + n, "boat " * (n % 9 + 1) + "sea " * (n % 4)) for n in range(100)])
    whole = find(index, "boat sea", limit=10_000)
    index.close()
    index = FullText(index.folder)
    near = [find(index, "boat sea", offset=at, limit=5) for at in range(0, 200, 5)]
    assert [key for page in near for key in page.keys] == whole.keys
    assert [score for page in near for score in page.scores] == whole.scores


@pytest.mark.parametrize("joined", [" ", " OR "])
def test_the_first_of_many_articles_with_some_words_begin_the_whole_order(
    index, monkeypatch, joined
):
    take_all_paths(monkeypatch)
    chance = random.Random(3)
    words, weights = ["reef", "tide", "boat", "sea", "wind", "shore"], [0.01, 0.04, 0.1, 1, 4, 10]
    for begin in (0, 170, 300):
        bodies = [chance.choices(words, weights, k=chance.randint(1, 40)) for _ in range(200)]
        index.put([entry(begin + n, " ".join(body)) for n, body in enumerate(bodies)], tidy=False)
    for count in (2, 3, 4):
        for chosen in itertools.combinations(words, count):
            text = joined.join(chosen)
            first, whole = find(index, text, limit=7, facets=False), find(index, text, limit=10_000)
            assert (first.total, first.keys) == (len(whole.keys), whole.keys[:7])
            assert first.scores == pytest.approx(whole.scores[:7], abs=1e-8)


KEYS = st.sets(st.integers(1, 25))

# --- Whoosh's own searcher gives the same -----------------------------------------------------


@pytest.mark.usefixtures("sizes")
@ARCHIVES
@given(
    steps=STEPS,
    queries=st.lists(QUERIES, min_size=8, max_size=8),
    sets=KEYS,
    widened=st.booleans(),
)
def test_whooshs_own_searcher_finds_and_scores_the_same(
    tmp_path_factory, steps, queries, sets, widened
):
    index = FullText(tmp_path_factory.mktemp("index"))
    index.rebuild()
    for step in steps:
        if isinstance(step, list):
            index.put(step)
        elif step != "reopen":
            index.delete(step)
    view = View(ArrayIndex(index.folder))
    for query in queries:
        execution = Execution(view, compiled(asked(query, widened).tree, lambda _: sets))
        ranker = Ranker(execution)
        for leaf, here in enumerate(view.leaves):
            ours = execution.run(leaf).as_list()
            walked, scores = execution.walk(execution.asked, leaf)
            living = np.ones(len(walked), bool) if here.alive is None else here.alive[walked]
            assert ours.tolist() == walked[living].tolist(), query
            chosen = Chosen(ranker, [(leaf, ours)])
            assert np.allclose(ranker.scores(chosen), scores[living]), query


def test_portions_made_ahead_are_found_like_entries_put(index, monkeypatch):
    monkeypatch.setattr(build, "MOST_TOKENS", 40)
    monkeypatch.setattr(build, "_WAITING", 10)
    index.put([entry(1, "old boat"), entry(2, "old sea", day=3)])
    fresh = [entry(key, "boat and sea " * 3, day=key, language="uk") for key in range(2, 30)]
    made = Portions(index.folder)
    paths = made.make(fresh)
    assert len(paths) == 1
    assert find(index, "boat").total == 1
    index.adopt(paths, [e.key for e in fresh])
    assert find(index, "boat").total == 29
    assert find(index, "old").keys == [1]
    assert find(index, "sea", sort="newest", limit=3).keys == [29, 28, 27]
    assert index.verify()
    assert made.make([]) == []


def test_entries_put_without_tidying_are_found_and_merged_later(index):
    for key in range(20):
        index.put([entry(key, "boat")], tidy=False)
    assert find(index, "boat").total == 20
    before = len(list(index.folder.glob("*.seg")))
    index.tidy()
    assert len(list(index.folder.glob("*.seg"))) < before == 20
    assert find(index, "boat").total == 20


# --- parts ------------------------------------------------------------------------------------

LETTERS = st.sampled_from(
    list(" ,.'’-12 345\u00a0\u202fabАбїй\u0301火山ßŁøİ«»“(\"ʼéд\u200dӀ\u0483_")
)


def words_read(texts, known):
    pieces, counts = known.read(texts, "en")
    found, sizes = known.words_of.at(pieces)
    terms = iter([known.words[number].decode() for number in found])
    lengths = iter(sizes)
    return [[next(terms) for _ in range(count) for _ in range(next(lengths))] for count in counts]


TEXTS = st.lists(st.text(st.one_of(LETTERS, st.characters()), max_size=30), max_size=4)


@given(TEXTS, TEXTS)
@example([], ["\u109a", "\u109a 火 \u109a火"])  # marks on no character
@settings(max_examples=200, deadline=None)
def test_texts_read_at_once_have_the_words_of_each(first, second):
    known = Vocabulary()
    for texts in (first, second):
        assert words_read(texts, known) == [[w.text for w in words(text)] for text in texts]


def test_a_long_text_read_in_parts_has_the_words_of_the_whole(monkeypatch):
    monkeypatch.setattr(vocabulary, "MOST_AT_ONCE", 50)
    text = "Costs 1 234 567 and\u00a01 500 boats, " * 9 + "x" * 200 + " end"
    assert words_read(["", text], Vocabulary()) == [[], [word.text for word in words(text)]]


@given(
    known=st.sets(st.text("abcé火", min_size=1, max_size=7), min_size=1, max_size=60),
    asked=st.text("abcé火", min_size=1, max_size=7),
    most=st.integers(1, 2),
)
@settings(max_examples=30, deadline=None)
def test_neighbours_are_all_words_within_so_many_edits(tmp_path_factory, known, asked, most):
    path = tmp_path_factory.mktemp("segment") / "one"
    build.build(path, [entry(1, " ".join(known))])
    segment = Segment(path)
    held = [text.decode() for text in segment.texts(*segment.fields["text"])]
    found = [segment.text(n).decode() for n in lexicon.neighbours(segment, "text", asked, most)]
    assert sorted(found) == sorted(word for word in held if edits_within(asked, word, most))


def test_words_are_counted_however_often_they_stand(index):
    index.put([entry(1, "sea " * 700, title="sea " * 20), entry(2, "sea " * 63), entry(3, "sea")])
    assert find(index, "sea").keys == [1, 2, 3]
    assert find(index, "body:sea").total == 3
    merged = FullText(index.folder)
    for key in range(10, 40):
        merged.put([entry(key, "land")])
    again = find(merged, "sea")
    assert again.keys == [1, 2, 3]


@pytest.mark.parametrize("field", ["", "body:"])
def test_a_word_is_found_as_often_in_a_row_as_it_is_asked_for(index, field):
    index.put([entry(times, "so, " + "ho " * times + "he said", "ho") for times in range(1, 12)])
    for times in range(2, 12):
        found = find(index, f'{field}"{"ho " * times}he"').keys
        assert sorted(found) == list(range(times, 12))
    assert find(index, f'{field}"so ho ho he"').keys == [2]
    assert find(index, f'{field}"{"ho " * 12}"').total == 0


def test_a_phrase_does_not_run_from_the_title_into_the_body(index):
    index.put([entry(1, "boat on the lake", title="a small"), entry(2, "a small boat")])
    assert find(index, '"small boat"').keys == [2]
    assert find(index, '"small boat"~99').keys == [2]


def test_words_far_into_a_book_are_found_one_by_one(index):
    index.put([entry(1, "word " * LAST_PLACE + "needle in hay"), entry(2, "needle in hay")])
    assert sorted(find(index, "needle hay").keys) == [1, 2]
    assert find(index, '"needle in"').keys == [2]


def test_few_segments_are_kept_and_none_grows_without_bound(index):
    for key in range(1, 100):
        index.put([entry(key, f"word{key} word")])
    parts = ArrayIndex(index.folder).segments
    assert len(parts) < 3 * merging.ALIKE
    assert sum(part.doc_count() for part in parts) == index.count == 99
    assert find(index, "word").total == 99
    files = {path.name for path in index.folder.iterdir()}
    assert len(files) == len(parts) + 3  # the list, the lock, what is known to be whole


def test_what_is_deleted_is_gone_from_the_files_when_it_is_half(index):
    index.put([entry(key, f"word{key}") for key in range(1, 101)])
    index.delete(range(1, 61))
    (part,) = ArrayIndex(index.folder).segments
    assert (part.doc_count_all(), part.opened.find("text", b"word7")) == (40, -1)


def test_every_byte_is_checked_on_request(index):
    index.put([entry(1, "a word")])
    assert index.verify()
    (path,) = index.folder.glob("*.seg")
    content = bytearray(path.read_bytes())
    content[-64] ^= 1
    path.write_bytes(content)
    assert not FullText(index.folder).verify()


def test_two_writers_do_not_write_at_once(index):
    other = FullText(index.folder)
    lock = ArrayIndex.lock_of(index.folder)
    assert lock.acquire()
    with pytest.raises(ArchiveLockedError):
        other.put([entry(1, "a")])
    lock.release()
    other.put([entry(1, "a")])
    index.put([entry(2, "a")])
    assert find(index, "a").keys == [2, 1]


def test_a_reader_keeps_what_it_has_while_others_write_and_clean_up(index):
    index.put([entry(key, "word") for key in range(1, 9)])
    reader = FullText(index.folder)
    for key in range(9, 60):
        index.put([entry(key, "word"), entry(1, "other")])
    assert find(reader, "word").total == 8
    reader.refresh()
    assert find(reader, "word").total == 58


def test_a_disk_that_refuses_is_told_in_a_sentence(index, monkeypatch):
    index.put([entry(1, "a")])

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("index.search.segment.os.fsync", full)
    with pytest.raises(ArchiveError, match=r"disk that holds .* is full"):
        index.put([entry(2, "a")])
    monkeypatch.undo()
    assert find(index, "a").keys == [1]
    index.put([entry(2, "a")])
    assert find(index, "a").total == 2


KILLED = textwrap.dedent(
    """
    import os, signal, sys
    from pathlib import Path
    from index.model import Entry
    from index.search import merging
    from index.search.fulltext import FullText
    from index.search.portions import Portions, clear
    from index.search.query import parse
    from datetime import date

    merging.ALIKE = 2
    ahead = sys.argv[2] == "made ahead"
    folder = Path(sys.argv[1])
    armed = {"left": -1}

    def hook(event, arguments):
        if armed["left"] < 0 or event not in ("open", "os.rename", "os.remove"):
            return
        if str(folder) in str(arguments[0]):
            if armed["left"] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            armed["left"] -= 1

    sys.addaudithook(hook)

    def entries(first, last, word):
        return [Entry(key, "", word, "", "", "en", None) for key in range(first, last)]

    index = FullText(folder)
    index.rebuild()
    index.put(entries(0, 10, "old"))
    index.close()
    event, deaths, added = 0, 0, 0
    while True:
        child = os.fork()
        if not child:
            index = FullText(folder)
            armed["left"] = event
            fresh = entries(0, 5, "new") + entries(100 + added, 120 + added, "more")
            if ahead:
                index.adopt(Portions(folder).make(fresh), [entry.key for entry in fresh])
                index.tidy()
            else:
                index.put(fresh)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        index = FullText(folder)
        assert not index.needs_rebuild and index.verify()
        def total(word):
            return index.search(parse(word, today=date(2026, 1, 1))).total
        more = total("more")
        assert more in (added, added + 20), (more, added)
        assert (total("new"), total("old")) in [(5, 5), (0, 10)]
        assert index.count == 10 + more
        added = more
        if os.WIFEXITED(status):
            break
        deaths += 1
        event += 1
    assert more and total("new") == 5
    clear(folder)
    left = len([path for path in folder.iterdir() if path.is_file()]) - len(index._index.segments)
    assert left == 3, list(folder.iterdir())
    print(deaths)
    """
)


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")
@pytest.mark.parametrize("way", ["put", "made ahead"])
def test_killed_at_any_file_event_the_index_is_as_before_or_as_after(tmp_path, way):
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path / "index"), way],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 8


# --- phrases ----------------------------------------------------------------------------------


@pytest.mark.parametrize("room", [0, 0.35, 2], ids=["no pairs", "some pairs", "all pairs"])
def test_phrases_are_found_whether_their_words_are_paired_or_not(index, monkeypatch, room):
    take_all_paths(monkeypatch)
    monkeypatch.setattr(pairs, "ROOM", room)
    letters = ["ka", "lo", "mi", "nu"]
    texts = [" ".join(letters[(n + at * (n % 3)) % 4] for at in range(9)) for n in range(40)]
    texts = [f"pi {text} pi ka ka lo pi" if n % 13 == 3 else text for n, text in enumerate(texts)]
    made = [entry(n, text, title=f"ka {text[-5:]}") for n, text in enumerate(texts)]
    index.put(made[:25])
    index.put(made[25:], tidy=False)
    rare = ("pi ka", "lo pi", "pi lo", "pi nu")
    for phrase in ("ka lo", "ka ka", "lo ka", "mi nu lo", "nu", "ka lo mi nu", "nu mi", *rare):
        for field, facets in itertools.product(("", "title:", "body:"), (True, False)):
            found = set(find(index, f'{field}"{phrase}"', limit=99, facets=facets).keys)
            assert found == {
                n
                for n, text in enumerate(texts)
                if (field != "title:" and phrase in text)
                or (field != "body:" and phrase in f"ka {text[-5:]}")
            }


@pytest.mark.parametrize("room", [0, 2], ids=["no pairs", "all pairs"])
def test_a_phrase_may_say_a_word_many_times(index, monkeypatch, room):
    take_all_paths(monkeypatch)
    monkeypatch.setattr(pairs, "ROOM", room)
    chance = random.Random(3)
    texts = [" ".join(chance.choices(["ka", "ka", "lo", "mi"], k=n)) for n in range(1, 40)]
    index.put([entry(n, text, title="nu") for n, text in enumerate(texts)])
    for phrase in ("ka ka ka", "ka ka ka lo", "lo ka ka", "ka lo ka lo", "mi ka ka mi", "ka " * 9):
        for slop in (0, 1, 3):
            between = rf"( \w+){{0,{slop}}} "
            like = re.compile(rf"\b{between.join(phrase.split())}\b")
            found = find(index, f'"{phrase}"~{slop}', limit=99).keys
            assert set(found) == {n for n, text in enumerate(texts) if like.search(text)}


@pytest.mark.parametrize("text", ["ka*", "kab", "kab OR ka* OR lo", "kab~", "lo OR lang:en"])
def test_what_is_worth_the_same_comes_after_what_is_worth_more_the_newest_first(
    index, monkeypatch, text
):
    take_all_paths(monkeypatch)
    chance = random.Random(9)
    made = ("kab", "kal", "kam", "lo", "mi", "nu nu")
    texts = [" ".join(chance.choices(made, k=chance.randint(1, 6))) for _ in range(150)]
    index.put([entry(n, body, day=chance.choice([None, 1, 2, 3])) for n, body in enumerate(texts)])
    index.delete(range(0, 150, 7))
    parsed = open_last_word(parse(text, today=TODAY))
    every = index.search(parsed, limit=500, sort="relevance")
    for most in (1, 5, 20, 60):
        first = index.search(parsed, limit=most, sort="relevance", facets=False)
        assert first.keys == every.keys[:most]
        index.forget_words()
    execution = Execution(index._view, compiled(parsed.tree, lambda _: ()))
    parts = [(leaf, execution.run(leaf).as_list()) for leaf in range(len(index._view.leaves))]
    chosen = Chosen(Ranker(execution), parts)
    scores = np.round(Ranker(execution).scores(chosen), 9)
    days = index._view.days().take(chosen.articles)
    keys = index._view.keys().take(chosen.articles)
    assert every.keys == keys[np.lexsort((keys, days, scores))[::-1]].tolist()


# --- many words at once -----------------------------------------------------------------------

NEARLY = st.text("abcé", min_size=1, max_size=9)


@given(NEARLY, st.lists(NEARLY, min_size=1, max_size=30), st.sampled_from([1, 2]))
def test_many_words_are_as_far_from_one_as_each_of_them(word, others, most):
    assert all_within(word, others, most).tolist() == [
        edits_within(word, other, most) for other in others
    ]


def test_patterns_are_looked_for_in_all_words_at_once(index):
    chance = random.Random(5)
    words = sorted({"".join(chance.choices("abcé", k=chance.randint(1, 7))) for _ in range(300)})
    index.put([entry(n, word) for n, word in enumerate(words)])
    for pattern in ("*a*", "*b", "a*b", "*ab*ca*", "a*a*a", "*é*a", "b*c*", "*aba"):
        like = re.compile(fold(pattern).replace("*", ".*")).fullmatch
        found = {words[key] for key in find(index, pattern, limit=999).keys}
        assert {fold(word) for word in found} == {fold(word) for word in words if like(fold(word))}


@pytest.mark.parametrize("field", ["", "body:"])
def test_any_of_many_words_is_in_the_same_order_as_any_of_few(index, monkeypatch, field):
    words = [f"w{n}" for n in range(12)]
    bodies = [" ".join(words[n * at % 12] for at in range(1, n % 9 + 3)) for n in range(80)]
    index.put([entry(n, body, title=body[:3]) for n, body in enumerate(bodies)])
    found = []
    for limit in (99, 3):
        monkeypatch.setattr(rank, "_MANY_WORDS", limit)
        monkeypatch.setattr(rank, "_FEW", 1)
        index.forget_words()
        found.append(find(index, " OR ".join(f"{field}{word}" for word in words), limit=20))
    assert found[0] == found[1]
