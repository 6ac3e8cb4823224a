"""What the blocks of a page say twice, and how near each stands to the title."""

import numpy as np

from index.clean import echoes, nearness
from index.clean.features import figures
from index.clean.forms import read_letters
from index.clean.page import read_page
from index.clean.wording import read_words

FIRST = "The harbour of Wexley will be dredged next spring, the council said on Monday evening."
SECOND = "Fishing boats will use the old quay for six weeks, and the ferry line will be moved east."
TITLE = "Harbour of Wexley to be dredged"
LEGAL = "All texts of this site belong to the Wexley Herald, and nobody may copy them unasked."


def said(name, *lines):
    return echoes.echoes(read_words(read_letters(list(lines))))[
        :, echoes.NAMES.index(name)
    ].tolist()


def test_a_copy_of_a_paragraph_echoes_it_and_not_the_other_way_round():
    assert said("said_before", FIRST, SECOND, FIRST) == [0, 0, 1]
    assert said("said_after", FIRST, SECOND, FIRST) == [1, 0, 0]


def test_a_block_that_holds_all_paragraphs_once_more_echoes_most_of_them():
    whole = said("said_before", FIRST, SECOND, f"{FIRST} {SECOND}")[2]
    assert 0.8 < whole < 1  # where the paragraphs meet there are words that none of them holds


def test_lines_too_short_for_a_run_of_words_echo_nothing():
    assert said("said_before", "Harbour", "Harbour", "") == [0, 0, 0]
    assert said("said_after") == []


def near(name, body):
    pieces = read_page(f"<body>{body}</body>").pieces
    agrees = np.array([float(piece.text == TITLE) for piece in pieces])
    table = nearness.nearness([piece.place for piece in pieces], figures(pieces), agrees)
    return table[:, nearness.NAMES.index(name)].tolist()


STORY = f"<div><h1>{TITLE}</h1><div><p>{FIRST}</p><p>{SECOND}</p></div></div>"


def test_the_article_stands_nearer_to_its_title_than_what_only_shares_the_page():
    body = f"<div id=page><div>{STORY}</div><div><p>{LEGAL}</p></div></div>"
    title, first, second, legal = near("up_from_title", body)
    assert title == 0
    assert first == second < legal
    assert near("share_nearer", body)[3] > near("share_nearer", body)[1] == 0


def test_prose_is_counted_from_the_title_down():
    before, title, first, second = near("prose_since_title", f"<p>{LEGAL}</p>{STORY}")
    assert before == title == -1
    assert first == 0 < second


def test_a_page_that_shows_no_title_tells_nothing_of_it():
    assert set(near("titled", f"<div><p>{FIRST}</p></div>")) == {-1}
