"""What a search should find, by going through every article; and articles and queries to try."""

from datetime import date, timedelta

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from index.errors import QueryError
from index.model import Entry
from index.search import build, execute, facets, few, layout, many, merging, pairs, rank, tree
from index.search.analysis import read_keys, terms
from index.search.expand import expand
from index.search.query import parse
from index.search.spelling import edits_within
from index.search.typing import open_last_word

TODAY = date(2026, 2, 20)
EPOCH = date(1970, 1, 1)


def entry(key, body, title="", **more):
    made = {"source": "", "author": "", "language": "en", "day": None} | more
    return Entry(key, title, body, **made)


def day(text):
    return (date.fromisoformat(text) - EPOCH).days


def find(index, text, **options):
    return index.search(parse(text, today=TODAY), **options)


def holds(node, e, sets):
    match node:
        case tree.Every():
            return True
        case tree.And(parts):
            return all(holds(part, e, sets) for part in parts)
        case tree.Or(parts):
            return any(holds(part, e, sets) for part in parts)
        case tree.Not(part):
            return not holds(part, e, sets)
        case tree.Language(code):
            return e.language == code
        case tree.Undated():
            return e.day is None
        case tree.Dated(start, end):
            on = None if e.day is None else EPOCH + timedelta(days=e.day)
            return on is not None and (start or on) <= on <= (end or on)
        case tree.Unsourced():
            return not e.source
        case tree.Flagged() | tree.Tagged():
            return e.key in sets
        case tree.Widened(asked, more):
            return any(holds(part, e, sets) for part in (asked, *more))
        case tree.Keyed():
            fields = [node.field] if node.field else ["title", "body"]
            return any(node.fits(keys) for name in fields for keys in keys_of(e, name))
    names = [node.field] if node.field else ["title", "body"]
    return any(in_text(node, [w.text for w in terms(getattr(e, name))]) for name in names)


def keys_of(e, name):
    """The keys of each word of title or body."""
    text = getattr(e, name)
    return [read_keys(text[w.start : w.end], w.text, e.language) for w in terms(text)]


def in_text(node, words):
    match node:
        case tree.Word(text):
            return text in words
        case tree.Prefix(text):
            return any(word.startswith(text) for word in words)
        case tree.Wildcard(pattern):
            first, *others, last = pattern.split("*")
            return any(like(word, first, others, last) for word in words)
        case tree.Fuzzy(text, distance):
            return any(edits_within(text, word, distance) for word in words)
        case tree.Phrase(phrase, _, slop):
            return any(
                follows(phrase[1:], words, at + 1, slop)
                for at, word in enumerate(words)
                if word == phrase[0]
            )


def follows(phrase, words, at, slop):
    if not phrase:
        return True
    return any(
        words[at + gap : at + gap + 1] == [phrase[0]]
        and follows(phrase[1:], words, at + gap + 1, slop)
        for gap in range(slop + 1)
    )


def like(word, first, others, last):
    if not (word.startswith(first) and word.endswith(last)) or len(word) < len(first + last):
        return False
    middle = word[len(first) : len(word) - len(last)]
    for piece in others:
        at = middle.find(piece)
        if at < 0:
            return False
        middle = middle[at + len(piece) :]
    return True


# Making a failure smaller would build thousands of indexes.
ARCHIVES = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
PLAIN = ["ab", "abc", "abd", "bcd", "acd", "ca", "火山", "об'єкт", "x-y", "1 500"]
SPOKEN = ["Oslo", "Осло", "boats", "boat", "санкцій", "Данії", "дані", "ООН"]
WORDS = st.sampled_from([*PLAIN, *SPOKEN])
LANGUAGES = ("en", "uk", "und")
TEXTS = st.lists(WORDS, max_size=7).map(" ".join)
ENTRIES = st.builds(
    Entry,
    key=st.integers(1, 25),
    title=TEXTS,
    body=TEXTS,
    source=st.sampled_from(["", "ab post", "ca wire"]),
    author=st.sampled_from(["", "abc bcd"]),
    language=st.sampled_from(LANGUAGES),
    day=st.none() | st.integers(-800, 22_000),
)
CLAUSES = st.sampled_from(
    [
        *(
            "ab",
            "abc",
            "bcd",
            "ab*",
            "a*d",
            "*b*",
            "abc~",
            "acbd~2",
            '"ab abc"',
            '"ab abc"~1',
            "火",
        ),
        *(
            "title:ab",
            "body:abc",
            "title:a*",
            'body:"abc ab"',
            'title:"ca ca"',
            "-body:ab",
            "об’єкт",
        ),
        *("source:ab", "source:unknown", "author:bcd", "lang:uk", "lang:en,und", "date:undated"),
        *("date:2000..2020", "after:1999", "before:2010-05", "is:read", "-ab", "-lang:en", "x-y"),
        *("title:(ab OR ca)", "-date:2010", "body:ab*", "title:abc~", '"ab ca ab"~2', "zz", "zz*"),
        *("Осло", "Oslo", "boating", "title:boats", "body:Oslo", '"boats"', "Denmark", "санкція"),
        *("UN", "United Nations", "title:Осло", "-boat", "body:(boating OR Данія)"),
    ]
)


def _is_taken(query):
    """Whether `query` is not refused, as one with many words to be looked through is."""
    try:
        parse(query, today=TODAY)
    except QueryError:
        return False
    return True


QUERIES = st.recursive(
    CLAUSES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(" ".join),
        st.lists(inner, min_size=2, max_size=3).map(" OR ".join),
        inner.map("({})".format),
        inner.map("-({})".format),
    ),
    max_leaves=5,
).filter(_is_taken)


def asked(query, widened, *, typing=False):
    """The query as parsed, its words widened or not, the last one finished or not."""
    parsed = parse(query, today=TODAY)
    parsed = open_last_word(parsed) if typing else parsed
    return expand(parsed, LANGUAGES) if widened else parsed


STEPS = st.lists(
    st.one_of(
        st.lists(ENTRIES, min_size=1, max_size=12),
        st.sets(st.integers(1, 25), max_size=5),
        st.just("reopen"),
    ),
    min_size=1,
    max_size=6,
)


def by_day(entries, sign):
    return [
        e.key for e in sorted(entries, key=lambda e: (e.day is None, sign * (e.day or 0), -e.key))
    ]


def counted(entries):
    facets = {"language": {}, "month": {}, "source": {}}
    for e in entries:
        on = None if e.day is None else EPOCH + timedelta(days=e.day)
        for name, value in [
            ("language", e.language),
            ("month", on.isoformat()[:7] if on else "undated"),
            ("source", e.source or "unknown"),
        ]:
            facets[name][value] = facets[name].get(value, 0) + 1
    return facets


def take_all_paths(patch):
    """Set the limits so low that what is made for many articles is used for few."""
    patch.setattr(layout, "DENSE_FROM", 2)
    patch.setattr(layout, "CHAMPIONS", 1)
    patch.setattr(layout, "BAND", 30)
    patch.setattr(execute, "_FEW", 2)
    patch.setattr(facets, "_FEW", 2)
    patch.setattr(few, "_MANY", 2)
    patch.setattr(many, "MOST_WORDS", 2)
    patch.setattr(many, "_LONG", 1)
    patch.setattr(many, "_STRIPES", 2)
    patch.setattr(pairs, "MOST", 2)
    patch.setattr(rank, "_FEW", 1)
    patch.setattr(rank, "_STRETCH", 2)
    patch.setattr(merging, "ALIKE", 2)
    patch.setattr(merging, "STRETCH", 20)
    patch.setattr(build, "STRETCH", 20)
