"""Cleaning pages: structure, metadata by vote, and pages meant to break a parser."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.clean import clean, reasons
from index.clean.dom import NAMES, bits
from index.clean.metadata import Witnesses, date_of
from index.clean.page import read_page
from index.clean.verdicts import Verdict
from index.model import Document, Form, Label, Stated

PARAGRAPHS = (
    "The harbour of Wexley will be dredged next spring, the council said on Monday evening.",
    "“The sand has come back every year since the storm,” the harbour master Ole Brandt told us.",
    "Fishing boats will use the old quay for six weeks, and the ferry line will be moved east.",
    "Work on the harbour should end in May, before the sailing season of Wexley begins again.",
    "The council set aside two million crowns for it and asked the county for a third of that.",
)


def page(body, head=""):
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"


def article(extra=""):
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return f"<article><h1>Harbour of Wexley to be dredged</h1>{text}</article>{extra}"


def html(source, **stated):
    return clean(Document("a", "a", source, True, Form.HTML, "utf-8", b"", Stated(**stated)))


def squeezed(text):
    return "".join(text.split())


def test_menus_teasers_and_footers_are_cut_and_the_article_is_kept():
    menu = "<nav><ul><li><a href=/>Home</a></li><li><a href=/s>Sport</a></li></ul></nav>"
    related = (
        "<aside class=related><h3>Related articles</h3><ul>"
        "<li><a href=/1>Lighthouse of Wexley gets a new lamp</a></li>"
        "<li><a href=/2>Bakers win the golden loaf once more</a></li></ul></aside>"
    )
    footer = "<footer><p>© 2024 Wexley Herald. All rights reserved.</p></footer>"
    cleaned = html(page(menu + article(related + footer)))
    assert cleaned.body == PARAGRAPHS
    cut = {block.text: block for block in cleaned.blocks if block.label is not Label.BODY}
    assert cut["© 2024 Wexley Herald. All rights reserved."].label is Label.LEGAL
    assert cut["Related articles"].label is Label.MARKER
    assert all(block.reason in reasons.ALL for block in cut.values())


def test_subheads_and_list_items_of_the_body_keep_their_style():
    half = len(PARAGRAPHS) // 2
    first, second = (
        "".join(f"<p>{one}</p>" for one in part) for part in (PARAGRAPHS[:half], PARAGRAPHS[half:])
    )
    cleaned = html(
        page(f"<article><h1>Harbour</h1>{first}<h2>What it costs</h2>{second}</article>")
    )
    styles = {block.text: block.style for block in cleaned.blocks}
    assert styles["What it costs"] == "subhead"
    assert styles[PARAGRAPHS[0]] == ""


LINKED = (
    '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Harbour of Wexley to '
    'be dredged", "datePublished": "2024-03-04T18:30:00+01:00", "author": [{"name": "Ida Holm"}]}'
    "</script>"
)


@pytest.mark.parametrize(
    ("head", "url", "date", "origin"),
    [
        (LINKED, None, "2024-03-04T18:30:00+01:00", "metadata"),
        ('<meta property="article:published_time" content="2024-03-04">', None, "2024-03-04",
         "metadata"),
        ("", "https://wexley.example/2024/03/04/harbour", "2024-03-04", "url"),
        ('<script type="application/ld+json">{"datePublished": "2024-03-04", broken</script>',
         None, "2024-03-04", "metadata"),
        ('<meta name="date" content="soon">', None, None, None),
        ("", None, None, None),
    ],
)  # fmt: skip
def test_the_date_of_a_page_comes_from_its_best_witness(head, url, date, origin):
    cleaned = html(page(article(), head), url=url)
    assert (cleaned.date, cleaned.date_from) == (date, origin)


def test_title_and_byline_are_the_article_s_not_the_site_s():
    head = f"<title>Harbour of Wexley to be dredged | Wexley Herald</title>{LINKED}"
    cleaned = html(page(article(), head))
    assert cleaned.title == "Harbour of Wexley to be dredged"
    assert cleaned.byline == "Ida Holm"


def under_heading(line):
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return (
        f"<article><h1>Harbour of Wexley to be dredged</h1><div class=date>{line}</div>"
        f"{text}</article>"
    )


PUBLISHED = '<meta property="article:published_time" content="2026-03-02T10:00:00Z">'
BRITISH = '<meta property="og:locale" content="en_GB">'
AMERICAN = '<meta property="og:locale" content="en_US">'


@pytest.mark.parametrize(
    ("head", "line", "date", "origin"),
    [
        pytest.param(PUBLISHED, "12 May 2021", "2021-05-12", "stated", id="markup written anew"),
        pytest.param(
            PUBLISHED, "3 March 2026", "2026-03-02T10:00:00Z", "metadata", id="another time zone"
        ),
        pytest.param(
            PUBLISHED,
            "Updated 12 May 2026",
            "2026-03-02T10:00:00Z",
            "metadata",
            id="an update is no publication",
        ),
        pytest.param(
            PUBLISHED, "12 May 2021 – 9 July 2022", "2026-03-02T10:00:00Z", "metadata", id="a span"
        ),
        pytest.param(BRITISH, "By Ole Brandt, 3/4/2024", "2024-04-03", "stated", id="day first"),
        pytest.param(AMERICAN, "By Ole Brandt, 3/4/2024", "2024-03-04", "stated", id="month first"),
        pytest.param("", "By Ole Brandt, 3/4/2024", None, None, id="nobody tells which"),
        pytest.param("", "12.16.2025", "2025-12-16", "stated", id="no month has number 16"),
    ],
)
def test_a_line_beside_the_heading_tells_its_own_date(head, line, date, origin):
    cleaned = html(page(under_heading(line), head))
    assert (cleaned.date, cleaned.date_from) == (date, origin)


@pytest.mark.parametrize(
    "modified",
    [
        '<meta property="article:modified_time" content="2026-05-07T08:00:00Z">',
        '<script type="application/ld+json">{"@type": "WebPage", "dateModified": "2026-05-07"}'
        "</script>",
    ],
)
def test_a_line_that_shows_when_the_page_was_changed_is_no_other_date(modified):
    shown = page(under_heading("7 May 2026, 10.08"), PUBLISHED + modified)
    assert html(shown).date == "2026-03-02T10:00:00Z"
    assert html(page(under_heading("7 May 2026, 10.08"), PUBLISHED)).date == "2026-05-07"


def test_one_line_that_bears_the_markup_out_is_enough():
    today = "<p>May 7, 2026</p>"
    assert html(page(today + under_heading("March 2, 2026"), PUBLISHED)).date.startswith("2026-03")


def test_a_time_element_says_for_programs_what_its_words_say_wrongly():
    shown = "<time datetime=2024-12-20>August 28, 2024</time>"
    assert html(page(under_heading(shown))).date == "2024-12-20"


def test_the_date_of_a_picture_is_not_the_article_s():
    caption = "The old dredger at work on the sand bar, 24 April 2023"
    assert html(page(under_heading(caption))).date is None
    labelled = under_heading(caption) + "<ul><li>Date: 28 April 2023</li></ul>"
    assert html(page(labelled)).date == "2023-04-28"


def test_a_page_that_only_scripts_fill_still_has_its_head():
    script = "<script>write('" + " ".join(PARAGRAPHS)
    cleaned = html(f"<html><head>{PUBLISHED}</head><body>{script}</body></html>")
    assert cleaned.date == "2026-03-02T10:00:00Z"


def test_the_time_of_another_article_is_no_match_for_a_date_line():
    other = (
        "<aside class=related><a href=/1>Bakers win</a><time datetime=2025-04-14></time></aside>"
    )
    cleaned = html(page(under_heading("January 28, 2025") + other))
    assert (cleaned.date, cleaned.date_from) == ("2025-01-28", "stated")


@pytest.mark.parametrize(
    ("label", "date"), [(Label.NAV, "2017-05-11"), (Label.COMMENT, "2020-03-18")]
)
def test_the_day_on_which_a_reader_joined_is_not_the_article_s(label, date):
    body = f"<h1>Where did it go?</h1><p>May 11, 2017</p><p>{PARAGRAPHS[0]}</p>"
    pieces = read_page(page(body)).pieces
    verdicts = [Verdict(one) for one in (Label.TITLE, label, Label.BODY)]
    dated = date_of(Stated(), Witnesses(shown_date="2020-03-18"), pieces, verdicts)
    assert dated.iso == date


def test_the_heading_under_which_a_page_is_shared_is_its_title():
    shared = "Why the sand comes back to Wexley every year"
    head = (
        f'<title>Wexley harbour dredging cost</title><meta property="og:title" content="{shared}">'
    )
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    body = f"<article><h1>Wexley harbour dredging cost</h1><h2>{shared}</h2>{text}</article>"
    assert html(page(body, head)).title == shared
    elsewhere = f"<article><h1>Wexley harbour dredging cost</h1>{text}</article>"
    assert html(page(elsewhere, head)).title == "Wexley harbour dredging cost"


@pytest.mark.parametrize(
    ("slug", "title"),
    [
        ("how-the-harbour-was-dredged", "How the harbour was dredged"),
        ("the-long-dredging-of-our-harbour", "The long dredging of our harbour"),
        ("a3f9", "The long dredging of our harbour"),
    ],
)
def test_between_two_titles_the_address_decides(slug, title):
    head = (
        "<title>How the harbour was dredged</title>"
        '<meta property="og:title" content="How the harbour was dredged">'
    )
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    body = f"<article><h1>The long dredging of our harbour</h1>{text}</article>"
    assert html(page(body, head), url=f"https://wexley.example/news/{slug}.html").title == title


def test_a_title_without_a_heading_loses_what_the_site_adds():
    head = "<title>Harbour of Wexley to be dredged - Wexley Herald</title>"
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    assert html(page(text, head)).title == "Harbour of Wexley to be dredged"


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 100_000 + PARAGRAPHS[0] + "</div>" * 100_000,
        "<b><i>" * 50_000 + PARAGRAPHS[0],
        "<p>" + PARAGRAPHS[0] + "<table><tr><td><ul><li><a href='",
        "<html><body><!-- never closed " + PARAGRAPHS[0],
        "<script>var a = '<p>' ; " + PARAGRAPHS[0],
        PARAGRAPHS[0],
        f"<p>{PARAGRAPHS[0]}<script type='application/ld+json'>{'[' * 100_000}</script>",
        "<p>" + "x" * 3_000_000 + "</p>",
        "<li>word" * 30_000,
        "<p>" + PARAGRAPHS[0] + "</p>" + "<" * 200_000,
    ],
    ids=[
        "deep", "deep inline", "unclosed", "comment", "script", "no tags", "json", "one word",
        "list", "angles",
    ],
)  # fmt: skip
def test_broken_pages_give_their_text(source):
    cleaned = html(source)
    assert cleaned.body


def texts(body):
    return [block.text for block in html(page(body)).blocks]


def test_an_article_for_readers_without_scripts_is_read():
    paragraphs = "".join(f"<p>{paragraph} {paragraph}</p>" for paragraph in PARAGRAPHS)
    article = f"<div><h1>Harbour</h1><noscript>{paragraphs}</noscript></div>"
    assert texts(article)[1:] == [f"{paragraph} {paragraph}" for paragraph in PARAGRAPHS]


def test_a_notice_for_readers_without_scripts_is_not():
    notice = "<noscript><p>Please switch on JavaScript.</p></noscript>"
    assert texts(f"<p>{PARAGRAPHS[0]}</p>{notice}") == [PARAGRAPHS[0]]


def test_a_number_of_comments_is_not_glued_to_its_paragraph():
    counted = f'<p><a class="comments-count">12</a>{PARAGRAPHS[0]}</p>'
    assert texts(counted) == ["12", PARAGRAPHS[0]]
    assert texts(counted.replace("comments-count", "footnote")) == [f"12{PARAGRAPHS[0]}"]


@pytest.mark.parametrize("source", ["", "   ", "<html></html>", "<!-- -->", "<script>x</script>"])
def test_pages_without_text_have_no_body(source):
    assert html(source).body == ()


FRAGMENTS = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<div class='related'>",
        "</div>",
        "<h1>",
        "<br>",
        "<a href=x>",
        "</a>",
        "<li>",
        "<b>",
    ]
)


@given(st.lists(FRAGMENTS | st.text("abc XYZ.é中\n", min_size=1, max_size=12), max_size=30))
def test_the_blocks_of_a_page_hold_all_its_text_in_order(parts):
    text = "".join(part for part in parts if not part.startswith("<"))
    cleaned = html("<body>" + "".join(parts))
    assert squeezed("".join(block.text for block in cleaned.blocks)) == squeezed(text)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("post-body", {"body", "article"}),
        ("entryText", {"body", "article", "content"}),
        ("postal", set()),
        ("read_also", {"related"}),
        ("tiles", {"related"}),
        ("tabs", {"nav"}),
        ("tablet", {"embed"}),
        ("top-ads", {"advert"}),
        ("shadow", set()),
        ("right-col", {"side"}),
        ("about-the-author", {"author", "bio"}),
        ("tags", {"tag"}),
        ("gdpr-banner", {"advert", "cookie", "consent"}),
        ("privacy_prompt", {"cookie", "consent"}),
        ("optIn-x", {"consent"}),
        ("x h1", {"title"}),
        ("shed", {"title"}),
        ("screenReader", {"hidden"}),
        ("print_only", {"hidden"}),
    ],
)
def test_what_the_names_of_elements_say(name, says):
    groups = [one.removeprefix("near_") for one in NAMES if one.startswith("near_")]
    told = bits("div", name, "")
    assert {group for place, group in enumerate(groups) if told >> place & 1} == says
