"""What tells comments and lists of teasers in flat text: their beat, and the words they share."""

import numpy as np
import pytest

from index.clean.blocks import flat_pieces
from index.clean.context import FLAT_NAMES, context
from index.clean.features import figures
from index.clean.listings import NAMES, flat_table

ARTICLE = """The harbour of Wexley will be dredged next spring, the council said on Monday evening.
Dredging the harbour has been put off for ten years, although the ferry ran aground twice.
The council will pay for the dredging of the harbour with what the ferry earns in Wexley."""
COMMENTS = """
Anna
2 days ago at 07:47 am
It was about time that somebody thought of our poor fishermen and their boats.
12 votes
Bert
2 days ago at 09:12 am
Nobody asked me, and I have lived beside that smelly basin all my life, thank you.
7 votes
Carl
3 days ago at 11:05 am
More money for nothing.
31 votes"""
TEASERS = """
Baker wins prize for the longest loaf
A loaf of eleven metres made the baker Olga Brandt famous far beyond the valley of Nurn.
Snow closes three mountain passes
Drivers were stuck for nine hours when snow fell on the mountain passes of the north."""


def told(text, name):
    """The column `name` for the lines of `text`."""
    table = flat_table(figures(flat_pieces(text)))
    return table[:, -len(NAMES) :][:, NAMES.index(name)]


@pytest.mark.parametrize("line", ["at 7:47 am", "12:05 The ferry is back", "07:47", "17:30:12"])
def test_a_short_line_with_a_time_of_day_is_a_stamp(line):
    assert told(ARTICLE + "\n" + line, "stamp").tolist() == [0, 0, 0, 1]


@pytest.mark.parametrize("line", ["It ended 3:2", "Psalm 12:75", "1.12:30", "a:15", ":", "5:1"])
def test_scores_and_verses_are_no_times_of_day(line):
    assert not told(line + "\n" + ARTICLE, "stamp").any()


def test_lines_that_differ_by_their_numbers_recur():
    alike = told(ARTICLE + COMMENTS, "alike")
    assert alike[6::4].tolist() == [2, 2, 2]
    assert told(ARTICLE + COMMENTS, "recurring")[6::4].all()
    assert not told(ARTICLE + COMMENTS, "recurring")[:3].any()


def test_signs_of_markup_are_counted():
    markup = told(ARTICLE + '\n<table width="3"><tr>', "markup")
    assert markup[:3].tolist() == [0, 0, 0]
    assert np.isclose(markup[3], np.log1p(5))


def test_a_teaser_shares_words_with_the_line_beside_it_and_none_with_the_article():
    text = ARTICLE + "\nMore" * 8 + TEASERS
    beside, rare = (told(text, name) for name in ("beside", "rare_core"))
    assert beside[11:].min() > 0.1
    assert rare[:3].min() > rare[11:].max()


def test_a_run_of_other_articles_is_known_by_its_words_though_each_line_is_likely():
    odds = np.array([5.0, 5, 5, -5, -5, -5, 2, 2, 2, 2])
    text = ARTICLE + "\nMore\nMore\nMore" + TEASERS
    found = context(figures(flat_pieces(text)), odds)
    words, rank = (found[:, FLAT_NAMES.index(name)] for name in ("own_words", "own_rank"))
    assert words[0] > 2 * words[6]
    assert rank.tolist() == [0] * 6 + [1] * 4


@pytest.mark.parametrize("text", [":", "...", "a", ":\n:", "1:1", "© ©\nß"])
def test_every_text_has_finite_figures(text):
    counted = figures(flat_pieces(text))
    assert np.isfinite(flat_table(counted)).all()
    for odds in (-9.0, 0.0, 9.0):
        assert np.isfinite(context(counted, np.full(len(counted.table), odds))).all()
