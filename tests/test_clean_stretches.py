"""Stretches of flat text taken for body that are none: a site's rules amid its comment form."""

import pytest

from index.clean.blocks import flat_pieces
from index.clean.features import figures
from index.clean.stretches import without_rules
from index.model import Label

ARTICLE = (
    "The town council of Lower Wexley voted on Monday to reopen the old ferry line across the bay.",
    "The boats will carry two hundred people each and run every forty minutes until midnight.",
)
FORM = ("Your name", "Add a comment")
RULES = (
    "A message may hold no more than two thousand characters.",
    "Please post in English or in the language of the island.",
    "Comments will be moderated by the harbour master.",
)
END = ("Send", "Cancel reply")
LABEL = {"b": Label.BODY, "c": Label.COMMENT, "n": Label.NAV}


@pytest.mark.parametrize(
    ("lines", "found", "expected"),
    [
        pytest.param((*ARTICLE, *FORM, *RULES, *END), "bbccbbbcc", "bbccccccc", id="amid the form"),
        pytest.param((*FORM, *RULES, *END), "ccbbbcc", "ccbbbcc", id="without an article above"),
        pytest.param(
            (*ARTICLE, *FORM, *RULES[:2], *END), "bbccbbcc", "bbccbbcc", id="no phrase says so"
        ),
        pytest.param((*ARTICLE, *RULES, *END), "bbbbbcc", "bbbbbcc", id="right under the article"),
        pytest.param(
            (*ARTICLE, *FORM, *RULES, "Home", "Sport"),
            "bbccbbbnn",
            "bbccbbbnn",
            id="nothing of comments after it",
        ),
        pytest.param(
            (*ARTICLE, *FORM, *RULES * 3, *END),
            "bbcc" + "b" * 9 + "cc",
            "bbcc" + "b" * 9 + "cc",
            id="too long for rules",
        ),
    ],
)
def test_rules_amid_a_form_for_comments_are_of_the_comments(lines, found, expected):
    counted = figures(flat_pieces("\n".join(lines))).lines()
    done = without_rules([LABEL[key] for key in found], counted)
    assert done == [LABEL[key] for key in expected]
