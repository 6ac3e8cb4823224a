"""Lines cut by their score that are kept after all, since the article goes on through them."""

import numpy as np
import pytest

from index.clean.blocks import flat_pieces
from index.clean.features import figures
from index.clean.page import read_page
from index.clean.rescue import rescued
from index.clean.score import KINDS, Scores
from index.model import Label

PROSE = (
    "The town council of Lower Wexley voted on Monday to reopen the old ferry line across the bay.",
    "The boats will carry two hundred people each and run every forty minutes until midnight.",
)
SENTENCE = "Nobody in the harbour had asked for more."
ITEM = "Lower Quay to Gull Rock"
LABEL = {"b": Label.BODY, "r": Label.RELATED, "t": Label.TITLE, "d": Label.DATE}
KEY = {label: key for key, label in LABEL.items()}


def settled(lines, found, chances):
    """The labels after the rescue of `lines`, whose chances of body are `chances`; b is body."""
    pieces = flat_pieces("\n".join(lines))
    kind = np.full((len(lines), len(KINDS)), 1 / len(KINDS))
    scores = Scores(np.array(chances), kind)
    done = rescued([LABEL[key] for key in found], scores, pieces, figures(pieces).lines())
    return "".join(KEY[label] for label in done)


@pytest.mark.parametrize(
    ("lines", "found", "chances", "expected"),
    [
        pytest.param((*PROSE, ITEM), "bbr", (0.9, 0.9, 0.32), "bbb", id="after it, on .3"),
        pytest.param((*PROSE, ITEM), "bbr", (0.9, 0.9, 0.28), "bbr", id="after it, under .3"),
        pytest.param((ITEM, *PROSE), "rbb", (0.32, 0.9, 0.9), "bbb", id="before it"),
        pytest.param((*PROSE, SENTENCE), "bbr", (0.9, 0.9, 0.17), "bbb", id="a sentence, on .15"),
        pytest.param((*PROSE, ITEM, ITEM), "bbrr", (0.9, 0.9, 0.4, 0.4), "bbbb", id="two in a row"),
        pytest.param(
            (*PROSE, "19 March 2026", ITEM), "bbdr", (0.9, 0.9, 0, 0.4), "bbdr", id="beyond a gap"
        ),
        pytest.param(
            (PROSE[0], *(ITEM,) * 7, PROSE[1]),
            "brrrrrrrb",
            (0.9, *(0.12,) * 7, 0.9),
            "bbbbbbbbb",
            id="a long list in its midst",
        ),
    ],
)
def test_a_line_that_touches_the_article_is_kept_on_less(lines, found, chances, expected):
    assert settled(lines, found, chances) == expected


def test_a_phrase_that_names_a_line_keeps_it_cut():
    assert settled((*PROSE, "Read also: the bakers"), "bbr", (0.9, 0.9, 0.4)) == "bbr"


def test_a_date_beside_the_article_stays_a_date():
    assert settled(("19 March 2026", *PROSE), "dbb", (0.4, 0.9, 0.9)) == "dbb"


def test_a_standfirst_is_kept_and_a_headline_stays_the_title():
    headline = "Night ferry returns to the strait"
    stand = "After nine winters the town wants its boats back, whatever they cost"
    lines = (headline, stand, "19 March 2026", *PROSE)
    assert settled(lines, "ttdbb", (0.05, 0.4, 0, 0.9, 0.9)) == "tbdbb"
    assert settled(lines, "trdbb", (0.12, 0.18, 0, 0.9, 0.9)) == "tbdbb"
    assert settled(lines, "trdbb", (0.05, 0.12, 0, 0.9, 0.9)) == "trdbb"


def test_what_looks_like_the_title_needs_more_unless_it_ends_as_a_sentence_does():
    headline = "Night ferry returns to the strait after nine winters"
    for ending, expected in (("", "tbb"), (" of rest.", "bbb")):
        assert settled((headline + ending, *PROSE), "tbb", (0.38, 0.9, 0.9)) == expected
    assert settled((headline, *PROSE), "tbb", (0.42, 0.9, 0.9)) == "bbb"


def test_what_stands_far_above_the_article_is_no_standfirst():
    lines = ("The bakers of the old town have won the regional prize", *(ITEM,) * 12, *PROSE)
    assert settled(lines, "r" * 13 + "bb", (0.2, *(0.01,) * 12, 0.9, 0.9)) == "r" * 13 + "bb"


def alike(chance, second="p", text=PROSE[1], between=""):
    """Whether a block that was cut beside a paragraph of the same page is kept."""
    page = f"<body><div><p>{PROSE[0]}</p>{between}<{second}>{text}</{second}></div></body>"
    pieces = read_page(page).pieces
    kind = np.full((2, len(KINDS)), 1 / len(KINDS))
    scores = Scores(np.array((0.9, chance)), kind)
    done = rescued([Label.BODY, Label.RELATED], scores, pieces, figures(pieces).lines())
    return done[1] is Label.BODY


def test_a_paragraph_of_a_page_is_kept_on_less_beside_one_like_it():
    assert alike(0.22)
    assert not alike(0.18)
    assert not alike(0.22, second="aside")
    assert not alike(0.22, text=ITEM)
    assert not alike(0.22, between="</div><div>")
