"""Texts that are cleaned at once: each comes out as it would alone, to the last bit."""

import platform
import subprocess
import sys
from itertools import accumulate, pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.clean import clean, clean_all
from index.clean.blocks import flat_pieces
from index.clean.context import context
from index.clean.features import figures
from index.clean.listings import flat_table
from index.clean.memory import line_key
from index.ingest import Habits, to_article, to_articles
from index.model import Document, Form, Label, Stated

LINES = (
    "The harbour office of Lower Wexley closed the eastern pier on Friday, after a crane fell.",
    "“Nobody was hurt, and that is all I can say today,” the harbour master Edda Korrin said.",
    "Портова служба закрила східний причал у п'ятницю, бо впав кран, сказали в адміністрації.",
    "港务局周五表示，东码头将在下个月底重新开放，届时渡轮恢复运行。",
    "Related articles",
    "Three boats collide in the strait",
    "12 votes",
    "7 votes",
    "Reply",
    "Anna, 14:05",
    "2 March 2026",
    "Leave a comment",
    "All rights reserved",
    "***",
    "Read also: the crane that nobody wanted…",
    "harbour@wexley.example",
)
TEXTS = st.lists(st.sampled_from(LINES), min_size=1, max_size=30).map("\n".join)


def document(name, text, **stated):
    html = text.startswith("<")
    form = Form.HTML if html else Form.TEXT
    return Document(name, name, text, html, form, "utf-8", b"", Stated(**stated))


@given(st.lists(TEXTS, min_size=2, max_size=6))
@example(["Reply", "Reply", "\n".join(LINES)])
def test_no_figure_of_a_line_knows_the_lines_of_other_texts(texts):
    pieces = [flat_pieces(text) for text in texts]
    sizes = [len(own) for own in pieces]
    every = figures([piece for own in pieces for piece in own], sizes)
    guess = np.linspace(-7, 7, sum(sizes)) * np.where(np.arange(sum(sizes)) % 3, 1, -1)
    table, around = flat_table(every), context(every, guess)
    for own, (start, end) in zip(pieces, pairwise([0, *accumulate(sizes)]), strict=True):
        alone = figures(own)
        np.testing.assert_array_equal(table[start:end], flat_table(alone))
        np.testing.assert_array_equal(around[start:end], context(alone, guess[start:end]))


@given(st.lists(TEXTS, min_size=1, max_size=6), st.sampled_from(LINES))
def test_a_text_comes_out_the_same_in_company(texts, recurring):
    memory = {line_key(recurring)}
    asked = [(document(str(n), text), memory if n % 2 else None) for n, text in enumerate(texts)]
    assert clean_all(asked) == [clean(*one) for one in asked]


def test_pages_empty_texts_feed_items_and_long_texts_keep_their_order():
    story = "\n".join(LINES[:3] * 4)
    page = "".join(f"<p>{line}</p>" for line in LINES[:3] * 4)
    documents = [
        document("text", story),
        document("page", f"<html><body><h1>Pier closed</h1>{page}</body></html>"),
        document("empty", " \n "),
        document("feed", LINES[0], title="Pier closed"),
        document("long", f"{story}\n" * 100),
        document("last", story),
    ]
    assert len(documents[4].content) > 60_000  # more than is judged at once
    found = clean_all([(one, None) for one in documents])
    assert found == [clean(one) for one in documents]
    assert [len(one.blocks) for one in found] == [12, 13, 0, 1, 1200, 12]


class Failing:
    """A template that cannot be looked up."""

    def __contains__(self, key):
        raise OSError("unreadable")


def test_a_text_that_the_cleaner_fails_on_is_kept_whole_and_its_company_is_cleaned():
    text = "\n".join((*LINES[:2] * 3, *LINES[4:6]))
    one, broken, other = (document(name, text) for name in ("one", "broken", "other"))
    asked = [(one, Habits()), (broken, Habits(template=Failing())), (other, Habits())]
    done = to_articles(asked)
    assert [article.document for article in done] == [one, broken, other]
    assert done[0] == to_article(one)
    assert done[2] == to_article(other)
    assert Label.MARKER in {block.label for block in done[0].cleaned.blocks}
    assert {block.label for block in done[1].cleaned.blocks} == {Label.BODY}
    assert done[1].cleaned.unsure == "the cleaner failed; nothing was cut"


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries do as they please")
def test_what_a_worker_frees_is_there_for_the_next_document():
    program = """
import resource, numpy
from index.ingest import keep_memory
keep_memory()
taken = []
for _ in range(9):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    arrays = [numpy.ones(500_000) for _ in range(10)]
    del arrays
    taken.append(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
print(sum(taken[2:]) // 7)
"""
    pages = int(subprocess.check_output([sys.executable, "-c", program]))
    assert pages < 1_000  # of the ten thousand that the arrays fill
