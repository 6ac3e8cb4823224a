"""What the elements of a page say of a block, once a first guess is made for all of them."""

import numpy as np

from index.clean.context import PAGE_NAMES, context
from index.clean.features import figures
from index.clean.page import read_page

TEXT = "The harbour of Wexley will be dredged next spring, the council said on Monday evening."
PAGE = (
    "<body><div id=page><div id=story>"
    + f"<p>{TEXT}</p>" * 4
    + f"<div id=box><p>{TEXT}</p><p>{TEXT}</p></div></div>"
    + f"<div id=side><p>{TEXT}</p></div></div></body>"
)
STORY, BOX, SIDE = slice(0, 4), slice(4, 6), slice(6, 7)


def told(name, chances):
    """The column `name` of the context of `PAGE`, whose blocks are body with these chances."""
    odds = np.log(np.array(chances) / (1 - np.array(chances)))
    return context(figures(read_page(PAGE).pieces), odds)[:, PAGE_NAMES.index(name)]


def test_a_block_outside_the_element_that_holds_the_article_is_known():
    inside = told("in_main_0.8", (0.9, 0.9, 0.9, 0.9, 0.2, 0.2, 0.6))
    assert inside.tolist() == [1, 1, 1, 1, 1, 1, 0]


def test_a_box_within_the_article_is_told_by_what_is_guessed_of_the_rest_of_it():
    others = told("branch_others", (0.9, 0.9, 0.9, 0.9, 0.2, 0.1, 0.9))
    assert others[STORY].min() == 1
    assert others[BOX].max() < 0.3
    assert others[SIDE] == 0


def test_a_block_is_seen_beside_those_of_its_own_parent_without_itself():
    alike = told("alike_parent", (0.9, 0.9, 0.9, 0.3, 0.2, 0.1, 0.9))
    assert np.allclose(alike[BOX], (0.1, 0.2))
    assert np.isclose(alike[3], 0.9)


def test_a_page_without_any_guess_of_body_has_no_main_element():
    odds = np.full(7, -20.0)
    found = context(figures(read_page(PAGE).pieces), odds)
    assert np.isfinite(found).all()
