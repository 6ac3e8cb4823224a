"""The phrases that say why a block was cut: a closed set, so that each can be translated."""

from typing import Final

from index.model import Label

TITLE: Final = "is the title"
REPEATED_TITLE: Final = "repeats the title"
BYLINE: Final = "names the author"
DATE: Final = "gives the date"
SOURCE: Final = "names the source"
HEADING: Final = "heads a list of other articles"
END: Final = "marks the end of the article"
TEASER: Final = "points to another article"
COMMENT: Final = "asks for a comment"
READERS: Final = "is among the readers' comments"
BIO: Final = "tells about the author"
SECTION: Final = "names a section or topic"
CREDIT: Final = "credits a picture"
CAPTION: Final = "describes a picture"
SHARE: Final = "offers to share or follow"
NEWSLETTER: Final = "offers a subscription"
NAV: Final = "is a menu, button or notice of the site"
COOKIE: Final = "asks about cookies"
LEGAL: Final = "states rights or terms"
REPEATED: Final = "repeats an earlier paragraph"
TEMPLATE: Final = "stands on many pages of this source"

ALL: Final = (
    TITLE, REPEATED_TITLE, BYLINE, DATE, SOURCE, HEADING, END, TEASER, COMMENT, READERS, BIO,
    SECTION, CREDIT, CAPTION, SHARE, NEWSLETTER, NAV, COOKIE, LEGAL, REPEATED, TEMPLATE,
)  # fmt: skip

USUAL: Final = {
    Label.TITLE: TITLE,
    Label.BYLINE: BYLINE,
    Label.DATE: DATE,
    Label.BODY: "",
    Label.ATTRIBUTION: SOURCE,
    Label.RELATED: TEASER,
    Label.COMMENT: READERS,
    Label.BIO: BIO,
    Label.MARKER: HEADING,
    Label.SECTION: SECTION,
    Label.CAPTION: CAPTION,
    Label.SHARE: SHARE,
    Label.NAV: NAV,
    Label.LEGAL: LEGAL,
}
"""What a label says where nothing more exact is known."""

# Doubts about a whole document, as `Cleaned.unsure` gives them.
NO_PROSE: Final = "No prose was found, so that everything was kept"
LITTLE_LEFT: Final = "Little would have been left, so that everything was kept"
TOO_LONG: Final = "The text is too long to be judged, so that everything was kept"
BROKEN: Final = "The page is damaged, so that its text was read without its structure"
CLOSE_CALLS: Final = "Some of what was cut may belong to the article"

DOUBTS: Final = (NO_PROSE, LITTLE_LEFT, TOO_LONG, BROKEN, CLOSE_CALLS)
