"""Cleaning flat text: what is kept, what is cut and why, and that nothing is lost."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import assets
from index.clean import clean, context, dom, features, listings, reasons, verdicts
from index.clean.blocks import flat_pieces
from index.clean.features import figures
from index.clean.lexicon import CATEGORIES, files, sections, tokens
from index.clean.memory import line_key
from index.clean.score import KINDS, Scores, weights
from index.model import Document, Form, Label, Stated
from index.sources import read
from index.text.mojibake import unmangled
from index.text.safe import safe_line, split_lines

PROSE = (
    "The town council of Lower Wexley voted on Monday to reopen the old ferry line across the bay.",
    "“We have waited nine years for this,” said Mayor Ada Pellin, who first asked for it in 2017.",
    "The boats will carry two hundred people each and run every forty minutes until midnight.",
    "Tickets for the ferry line will cost as much as the bus, the council of the town added.",
)


def flat(text, **stated):
    return clean(Document("a.txt", "a.txt", text, False, Form.TEXT, "utf-8", b"", Stated(**stated)))


LEDE = "Wexley council votes by nine to four for a second ferry across the strait"


def labels(cleaned):
    return [(block.n, block.label) for block in cleaned.blocks]


def test_a_date_glued_before_the_first_sentence_becomes_a_block_of_its_own():
    cleaned = flat(f" date 2026-02-19 {PROSE[0]}\n\n{PROSE[1]}")
    assert labels(cleaned) == [(1, Label.DATE), (1, Label.BODY), (3, Label.BODY)]
    assert (cleaned.date, cleaned.date_from) == ("2026-02-19", "stated")
    assert cleaned.body == PROSE[:2]


@pytest.mark.parametrize(
    "line",
    [
        "12 March will be remembered in Wexley, where the ferry line opened in heavy rain.",
        "2024 was a hard year for Wexley and for the ferry line that the town had lost before.",
        "19.02.2026 reiste der Rat der Stadt an den Hafen, um die neue Linie zu sehen.",
    ],
)
def test_a_sentence_that_begins_with_a_date_stays_whole(line):
    cleaned = flat(f"{line}\n{PROSE[1]}\n{PROSE[2]}")
    assert cleaned.body[0] == line
    assert cleaned.date is None


@pytest.mark.parametrize(
    ("line", "label"),
    [
        (f" date 2026-02-19 {LEDE}", Label.BODY),
        (f"2026-02-19 {LEDE}", Label.TITLE),  # no field of a dump: a headline may stand so
        (" date 2026-02-19 Wexley votes for a second ferry", Label.TITLE),
    ],
)
def test_what_a_dump_has_glued_behind_a_labelled_date_is_text_though_it_looks_like_a_title(
    line, label
):
    pieces = flat_pieces(f"{line}\n{PROSE[0]}")
    sure = np.zeros((len(pieces), len(KINDS)), dtype=np.float32)
    sure[1, KINDS.index(Label.TITLE)] = 1
    scores = Scores(np.array([0.01, 0.01, 0.99], dtype=np.float32), sure)
    found = verdicts._one_title([Label.DATE, Label.TITLE, Label.BODY], scores, pieces)
    assert found == [Label.DATE, label, Label.BODY]


@pytest.mark.parametrize(
    ("line", "chance", "label"),
    [
        ("The mayor of Wexley has asked for a second ferry.", 0.06, Label.BODY),
        ("The mayor of Wexley has asked for a second ferry.", 0.04, Label.TITLE),
        ("The mayor of Wexley has asked for a second ferry", 0.06, Label.TITLE),
    ],
)
def test_a_sentence_with_its_stop_is_a_title_only_where_it_can_hardly_be_text(line, chance, label):
    pieces = flat_pieces(f"{line}\n{PROSE[0]}")
    sure = np.zeros((2, len(KINDS)), dtype=np.float32)
    sure[0, KINDS.index(Label.TITLE)] = 1
    scores = Scores(np.array([chance, 0.99], dtype=np.float32), sure)
    assert verdicts._one_title([Label.TITLE, Label.BODY], scores, pieces) == [label, Label.BODY]


def test_a_single_word_is_kept_and_said_to_be_no_prose():
    cleaned = flat("Wexley")
    assert cleaned.body == ("Wexley",)
    assert cleaned.unsure == reasons.NO_PROSE


def test_a_date_glued_behind_the_first_line_becomes_a_block_of_its_own():
    cleaned = flat(f"Wexley votes for a second ferry2026-02-19\n{PROSE[0]}\n{PROSE[1]}")
    assert labels(cleaned)[:3] == [(1, Label.TITLE), (1, Label.DATE), (2, Label.BODY)]
    assert (cleaned.title, cleaned.date) == ("Wexley votes for a second ferry", "2026-02-19")


def test_a_date_glued_behind_a_later_line_may_be_another_articles():
    cleaned = flat(f"{PROSE[0]}\n{PROSE[1]}\nMORE TOPICS:\nGulls move into the stadium2026-02-19")
    assert cleaned.blocks[-1].text == "Gulls move into the stadium2026-02-19"
    assert cleaned.date is None


def test_what_follows_a_heading_over_other_articles_is_cut_with_a_reason():
    teasers = [
        "Bakers of Wexley win the golden loaf for the third time",
        "Why the lighthouse turned its lamp off for one whole night",
    ]
    cleaned = flat("\n".join([*PROSE, "RELATED ARTICLES", *teasers, "Leave a comment"]))
    assert cleaned.body == PROSE
    cut = cleaned.blocks[len(PROSE) :]
    assert [block.label for block in cut] == [
        Label.MARKER, Label.RELATED, Label.RELATED, Label.COMMENT,
    ]  # fmt: skip
    assert all(block.reason in reasons.ALL for block in cut)
    assert cut[0].reason == reasons.HEADING


def test_a_headline_and_a_summary_as_feeds_give_them_are_all_article():
    cleaned = flat("The ferry line opens again in May.", title="Ferry back in Wexley")
    assert labels(cleaned) == [(1, Label.BODY)]
    assert cleaned.title == "Ferry back in Wexley"


def test_the_stated_title_repeated_as_first_line_is_the_title_and_not_body():
    cleaned = flat("\n".join(["Ferry back in Wexley!", *PROSE]), title="Ferry back in Wexley")
    assert cleaned.blocks[0].label is Label.TITLE
    assert cleaned.body == PROSE


@pytest.mark.parametrize(
    ("stated", "date", "origin"),
    [
        ({"date": "2024-05-06T07:08:09Z"}, "2024-05-06T07:08:09Z", "metadata"),
        ({"date": "6 May 2024"}, "2024-05-06", "metadata"),
        ({"url": "https://wexley.example/2024/05/06/ferry"}, "2024-05-06", "url"),
        ({"url": "https://wexley.example/99/2024/ferry"}, None, None),
        ({"date": "soon"}, None, None),
        ({"date": "2024-13-45"}, None, None),
        ({}, None, None),
    ],
)
def test_a_date_says_where_it_came_from_or_is_none(stated, date, origin):
    cleaned = flat("\n".join(PROSE), **stated)
    assert (cleaned.date, cleaned.date_from) == (date, origin)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("Source: Bay Herald; Photo: A. Nobody", ("Bay Herald",)),
        ("Джерело: «Вечірній Порт»", ("Вечірній Порт",)),
    ],
)
def test_a_line_that_states_the_source_is_cut_and_names_it(line, named):
    cleaned = flat("\n".join([*PROSE, line]))
    assert cleaned.blocks[-1].label is Label.ATTRIBUTION
    assert cleaned.attribution == named


def test_a_sentence_that_cites_an_outlet_stays_body_and_names_it():
    sentence = "Про це пише «Вечірній Порт» з посиланням на двох моряків."
    cleaned = flat(f"Міська рада відновила паромну лінію через затоку.\n{sentence}")
    assert sentence in cleaned.body
    assert cleaned.attribution == ("Вечірній Порт",)


def squeezed(text):
    return "".join(text.split())


@given(
    st.lists(st.text(max_size=80) | st.sampled_from([*PROSE, "Related", "Share", ""]), max_size=12)
)
def test_the_blocks_in_order_are_the_whole_text(parts):
    text = "\n".join(parts)
    cleaned = flat(text)
    seen = squeezed("".join(block.text for block in cleaned.blocks))
    assert seen == squeezed("".join(safe_line(line) for line in split_lines(unmangled(text))))


@given(st.lists(st.sampled_from([*PROSE, "Related", "Share", "Reply", "42", "©"]), min_size=1))
def test_blocks_carry_line_numbers_reasons_and_something_to_read(parts):
    cleaned = flat("\n".join(parts))
    assert [block.n for block in cleaned.blocks] == list(range(1, len(parts) + 1))
    assert all(
        (block.reason in reasons.ALL) != (block.label is Label.BODY) for block in cleaned.blocks
    )
    assert cleaned.body


@pytest.mark.parametrize("text", ["", " \n\t\n", "\u200b"])
def test_nothing_at_all_gives_no_blocks(text):
    assert flat(text).blocks == ()


@pytest.mark.parametrize(
    "text",
    [
        "word",
        "Share",
        "Leave a comment\nShare\nTweet\n© 2020",
        "1. Alba 2:31\n2. Bellis 2:33\n3. Crocus 2:40",
        "x" * 3_000_000,
        "word " * 600_000,
        "a\n" * 60_000,
        "((((" * 100_000,
        "2024-01-01 " * 100_000,
    ],
    ids=lambda text: text[:10],
)
def test_text_without_prose_is_kept(text):
    assert flat(text).body


def test_a_line_known_from_other_pages_of_the_source_is_cut_as_template():
    line = "Readers of the Bay Herald have supported its reporters since the great storm."
    text = "\n".join([*PROSE, line])
    document = Document("a.txt", "a.txt", text, False, Form.TEXT, "utf-8", b"")
    assert clean(document).body == (*PROSE, line)
    remembered = clean(document, memory={line_key(line)})
    assert remembered.body == PROSE
    assert remembered.blocks[-1].reason in reasons.ALL


def test_a_paragraph_that_stands_twice_is_kept_once():
    cleaned = flat("\n".join((*PROSE, PROSE[2])))
    assert cleaned.body == PROSE
    assert (cleaned.blocks[-1].n, cleaned.blocks[-1].reason) == (5, reasons.REPEATED)


def test_the_lines_of_a_refrain_are_all_kept():
    refrain = "Row on, row on, the tide is high tonight."
    lines = (PROSE[0], refrain, PROSE[1], refrain, PROSE[2], refrain, PROSE[3])
    assert flat("\n".join(lines)).body == lines


def test_long_lines_differing_only_at_their_end_are_both_kept():
    long = " ".join([PROSE[0]] * 60)
    lines = (*PROSE, f"{long} Nobody had asked for more.", f"{long} Everybody asked for more.")
    assert flat("\n".join(lines)).body == lines


def test_terms_are_known_by_how_they_begin_however_long_they_go_on():
    terms = "All rights reserved: " + "no part of it goes to print without a word from us, and " * 6
    story = f"The council said that all rights reserved to it {'will be used with care and ' * 10}"
    found = figures(flat_pieces(f"{terms}\n{story}")).hits
    assert [[CATEGORIES[hit.category] for hit in hits] for hits in found] == [["legal"], []]


def test_a_template_line_is_known_again_by_its_words():
    assert line_key("Page 3 of 9: MORE NEWS") == line_key("page 12 of 40 – more news")
    assert line_key("More news") != line_key("More sport")


HEADING = "A second ferry for Lower Wexley"
DECK = "The boats are to run until midnight, and cost as much as the bus does"


@pytest.mark.parametrize(
    ("heading", "deck", "titled", "body", "expected"),
    [
        (HEADING, DECK, 0.2, 0.2, "TB"),
        (HEADING, DECK, 0.1, 0.2, "NT"),  # nobody would take the heading for a title
        (HEADING, DECK, 0.2, 0.1, "NT"),  # nor what comes after it for text
        (HEADING, "Boats until midnight", 0.2, 0.2, "NT"),
        ("News", DECK, 0.2, 0.2, "NT"),
        ("Home » News » Wexley council", DECK, 0.2, 0.2, "NT"),
        (f"Home: {DECK}", DECK, 0.2, 0.2, "NT"),
    ],
)
def test_of_two_lines_that_may_be_the_title_the_second_is_the_standfirst(
    heading, deck, titled, body, expected
):
    named = {"N": Label.NAV, "T": Label.TITLE, "B": Label.BODY}
    lines = figures(flat_pieces("\n".join((heading, deck, *PROSE)))).lines()
    kind = np.zeros((len(lines.counts), len(KINDS)))
    kind[0, KINDS.index(Label.TITLE)] = titled
    chance = np.array([0.0, body, *[1.0] * len(PROSE)])
    rest = [Label.BODY] * len(PROSE)
    done = verdicts._under_title([Label.NAV, Label.TITLE, *rest], Scores(chance, kind), lines)
    assert done == [*(named[key] for key in expected), *rest]


def test_what_was_kept_in_doubt_is_said():
    cleaned = flat("Leave a comment\nShare\nTweet\n© 2020")
    assert cleaned.unsure in reasons.DOUBTS
    assert flat("\n".join(PROSE)).unsure == ""


def test_subheads_between_paragraphs_are_body_with_a_style():
    cleaned = flat("\n".join([*PROSE[:2], "What it will cost", *PROSE[2:]]))
    styles = {block.text: block.style for block in cleaned.blocks}
    assert styles["What it will cost"] == "subhead"
    assert styles[PROSE[0]] == ""


def test_the_weights_fit_the_features():
    pieces = flat_pieces("\n".join(PROSE))
    columns = len(features.NAMES)
    assert features.figures(pieces).table.shape == (len(PROSE), columns)
    page, flat_text = len(dom.PAGE_NAMES), len(listings.NAMES)
    for name, extra, around in (
        ("flat", flat_text, context.FLAT_NAMES),
        ("html", page, context.PAGE_NAMES),
    ):
        trained = weights(name)
        assert len(trained.first.inner) == columns + extra
        assert trained.second.column.max() < columns + extra + len(around)
        assert len(trained.kind.inner) == columns + extra + len(around)
        assert trained.mean.shape == (columns + extra + len(around),)


@pytest.mark.parametrize("name", files())
def test_every_phrase_of_a_lexicon_is_in_a_known_section_and_has_words(name):
    entries = sections(name)
    assert entries
    for category, entry in entries:
        assert category in {*CATEGORIES, "cites", "outlet", "updated"}
        assert tokens(entry)


SEEDS = Path(__file__).parents[2] / "shared" / "seeds"


@pytest.mark.skipif(not SEEDS.exists(), reason="the seed articles (../shared) are not here")
def test_the_seed_articles_are_cut_as_a_person_would():
    gold = json.loads((SEEDS / "gold.json").read_text(encoding="utf-8"))
    for file in gold["files"]:
        cleaned = flat((SEEDS / file["file"]).read_text(encoding="utf-8"))
        found = {block.n: str(block.label) for block in cleaned.blocks}
        assert found == {line["n"]: line["label"] for line in file["lines"]}
        assert (cleaned.title, cleaned.byline, cleaned.date) == (
            file["gold_title"], file["gold_byline"], file["gold_date"],
        )  # fmt: skip
        assert set(cleaned.attribution) == set(file["gold_attribution"])


@pytest.mark.parametrize(("name", "words"), [("ferry-de", "14 Kronen"), ("ferry-uk", "Рибалки")])
def test_an_article_goes_on_after_a_pointer_to_another_one(name, words):
    """Prose in mid-article behind a "read also" is no teaser: a sentence would be lost."""
    found = {item.stated.id: item for item in read([str(assets.SAMPLE)])}
    assert any(words in paragraph for paragraph in clean(found[name]).body)
