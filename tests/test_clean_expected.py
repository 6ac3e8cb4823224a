"""Where a page is cut: by what is to be expected of it, and by how far things stand apart."""

import numpy as np
import pytest

from index.clean.expected import balanced
from index.clean.features import figures
from index.clean.nearness import NAMES, nearness
from index.clean.page import read_page
from index.clean.score import KINDS, Scores
from index.clean.states import THRESHOLD
from index.clean.stretches import without_far
from index.model import Label

EVEN = np.full((1, len(KINDS)), 1 / len(KINDS))


def kept(chances, words):
    """Which blocks of these chances and sizes are kept."""
    scores = Scores(np.array(chances, dtype=np.float32), EVEN.repeat(len(chances), axis=0))
    return (balanced(scores, np.array(words)).body >= THRESHOLD).tolist()


@pytest.mark.parametrize(
    ("chances", "words", "expected"),
    [
        pytest.param((0.99, 0.99, 0.45), (80, 80, 20), [True, True, False], id="a sure page"),
        pytest.param((0.4, 0.4, 0.4), (80, 80, 20), [True, True, True], id="all unsure"),
        pytest.param((0.5, 0.4, 0.1), (80, 80, 200), [True, True, False], id="some unsure"),
        pytest.param((0.1, 0.1), (80, 80), [False, False], id="hopeless"),
        pytest.param((0.9, 0.1), (0, 0), [True, False], id="no words"),
    ],
)
def test_where_a_page_is_unsure_less_is_asked_of_its_blocks(chances, words, expected):
    assert kept(chances, words) == expected


def test_of_all_cuts_the_one_is_made_that_keeps_most_rightly_in_expectation():
    random = np.random.default_rng(5)
    for _ in range(30):
        chances, words = random.uniform(0.26, 0.99, 12), random.integers(1, 90, 12)
        told = np.array(kept(chances, words))

        def share(some, chances=chances, words=words):
            right = (words * chances)[some].sum()
            return right / ((words * chances).sum() + (words * (1 - chances))[some].sum())

        best = max(share(chances >= least) for least in chances)
        assert share(told) == pytest.approx(best, abs=1e-5)


PARAGRAPH = (
    "The harbour of Wexley will be dredged next spring, the council said on Monday, and the "
    "fishing boats will use the old quay for six weeks."
)
NOTICE = "All texts of this site belong to the Wexley Herald, and nobody may copy them unasked."


def left(body, chance=0.8):
    """The body of a page whose prose has this chance of body and whose links have none."""
    pieces = read_page(f"<body>{body}</body>").pieces
    counted = figures(pieces)
    agrees = np.array([float(piece.place.level == 1) for piece in pieces])
    table = nearness([piece.place for piece in pieces], counted, agrees)
    assert table.shape[1] == len(NAMES)
    prose = counted.words.counts > 8
    found = [Label.BODY if one else Label.NAV for one in prose]
    kind = EVEN.repeat(len(pieces), axis=0)
    done = without_far(found, Scores(np.where(prose, chance, 0.0), kind), counted.lines(), table)
    return [piece.text for piece, label in zip(pieces, done, strict=True) if label is Label.BODY]


STORY = f"<div><h1>Harbour dredged</h1><p>{PARAGRAPH}</p><p>{PARAGRAPH}</p></div>"
MENU = "<ul>" + "<li>More</li>" * 25 + "</ul>"


def test_prose_far_below_the_article_and_outside_of_all_that_holds_it_is_cut():
    page = f"<div id=page><div>{STORY}{MENU}</div><p>{NOTICE}</p></div>"
    assert left(page) == [PARAGRAPH, PARAGRAPH]
    assert left(page, chance=0.97) == [PARAGRAPH, PARAGRAPH, NOTICE]
    assert left(page.replace(MENU, "")) == [PARAGRAPH, PARAGRAPH, NOTICE]


def test_an_article_that_goes_on_far_below_in_its_element_is_kept():
    page = f"<div>{STORY.removesuffix('</div>')}{MENU}<p>{NOTICE}</p></div></div>"
    assert left(page) == [PARAGRAPH, PARAGRAPH, NOTICE]


def test_an_article_far_from_its_title_is_kept():
    page = f"<div><h1>Harbour dredged</h1>{MENU}</div><div><p>{PARAGRAPH}</p></div>"
    assert left(page) == [PARAGRAPH]
    assert left(page.replace("h1", "p")) == [PARAGRAPH]
