"""What the elements around a block of HTML tell of it, as figures."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from index.clean import echoes, nearness
from index.clean.blocks import Piece, Place
from index.clean.features import Figures
from index.clean.forms import Floats, Ints
from index.clean.wording import tokens

# Words in classes and ids, by what they tell. A newsroom names its elements for what they hold.
_WORDS: Final = {
    "body": r"article-?_?(?:body|content|text|copy)|story-?_?(?:body|content|text)|"
    r"post-?_?(?:body|content|text)|entry-?_?(?:body|content|text)|body-?_?(?:text|copy|content)|"
    r"rich-?_?text|paragraph|articlebody|single-content|page-content|td-post|"
    r"detail-?_?(?:text|content)|news-?_?(?:text|content|body)",
    "article": r"article|story|entry|post(?!er|al)|news|artikel|articulo|noticia|haber",
    "content": r"content|main|text|copy|detail|inhalt|cuerpo|texto|corps|contenu",
    "lead": r"lead|intro|summary|standfirst|excerpt|teaser-?_?text|deck|dek|subtitle|sapo|"
    r"entradilla|chapo|abstract|perex|description|subhead|vorspann|bajada|copete|"
    r"sommario|anons",
    "comment": r"comment|disqus|reply|respond|discussion|kommentar|komentar|comentario|opinion",
    "related": r"relat|recom|more-|read-?_?(?:more|also|next)|also|suggest|similar|popular|"
    r"trending|most|latest|recent|outbrain|taboola|teaser|promo|card|carousel|slider|"
    r"swiper|upnext|see-?also|list|grid|feed|further|mehr|voir|lire|podobne|tiles?|"
    r"headlines",
    "share": r"share|social|follow|facebook|twitter|whatsapp|addthis|sharing|sns|bookmark|teilen",
    "nav": r"nav|menu|breadcrumb|crumb|pagination|pager|pages|toolbar|topbar|header|masthead|"
    r"tabs?(?![a-z])|search|login|skip|toc|logo",
    "side": r"side|aside|widget|rail|column-?_?(?:right|left)|right-?_?col|left-?_?col|secondary",
    "foot": r"foot|bottom|legal|copyright|colophon|impressum",
    "advert": r"(?:^|[-_ ])ads?(?:$|[-_ ])|advert|sponsor|promot|banner|anzeige|werbung|"
    r"publicidad|dfp|partner",
    "author": r"author|byline|auteur|autor|writer|reporter|journalist|contributor|credits?",
    "bio": r"bio(?:$|[-_ ])|about-?_?(?:the-?_?)?author|author-?_?(?:box|bio|info|desc)|profile",
    "date": r"date|time|publish|pubdate|datum|fecha|updated|meta|dateline|timestamp",
    "caption": r"caption|figure|credit|image|photo|picture|gallery|media|wp-caption|slide|legend|"
    r"bildunter|foto",
    "tag": r"(?:^|[-_ ])tags?(?:$|[-_ ])|topic|categor|keyword|section-?_?(?:name|label|title)|"
    r"rubri|kicker|label|hashtag",
    "subscribe": r"newsletter|subscri|paywall|signup|sign-?up|register|abo(?:$|[-_ ])|mailing|"
    r"donat|regwall|premium",
    "cookie": r"cookie|consent|gdpr|privacy|cmp|modal|popup|overlay|notice|alert",
    "consent": r"onetrust|cookiebot|cybot|didomi|usercentrics|qc-?cmp|sp_message|truste|"
    r"cookie-?_?(?:law|banner|notice|consent|bar|policy|message|popup)|"
    r"gdpr-?_?(?:banner|notice|prompt)|privacy-?_?(?:banner|notice|prompt)|"
    r"external-?_?content|embed-?_?consent|opt-?in-",
    "title": r"title|headline|heading|titre|titulo|titel|(?:^|[-_ ])h1|hed",
    "hidden": r"hidden|hide|sr-only|screen-?_?reader|visually|invisible|noprint|no-print|"
    r"print-?_?only|accessib",
    "embed": r"embed|tweet|instagram|quote|blockquote|infobox|factbox|box|table|poll|quiz|video|"
    r"player|audio|podcast",
}
_PATTERNS: Final = [re.compile(pattern) for pattern in _WORDS.values()]
_OPEN: Final = re.compile(r"\((?:[^()]|\([^()]*\))*\)|\[[^]]*\]|.\?")
"""What of a pattern may be this or that: a group, a set, a sign that may be missing."""


def _hints() -> tuple[dict[str, int], int]:
    """Of the patterns that need one of some three letters in a row, the bits by these; all others.

    Each of a pattern's alternatives must have three letters that are certain.
    """
    hints: dict[str, int] = {}
    others = 0
    for place, pattern in enumerate(_WORDS.values()):
        assert not set(pattern) & set("\\*+{"), "_OPEN knows nothing of these"
        certain = [
            max(re.findall(r"[a-z0-9_-]+", one), key=len, default="")[:3]
            for one in _OPEN.sub(" ", pattern).split("|")
        ]
        if min(map(len, certain)) < 3:
            others |= 1 << place
            continue
        for letters in certain:
            hints[letters] = hints.get(letters, 0) | 1 << place
    return hints, others


_HINTS, _OTHERS = _hints()
_TAGS: Final = (
    "article", "main", "nav", "aside", "footer", "header", "form", "figure", "figcaption", "table",
    "ul", "ol", "li", "blockquote", "button", "section", "p", "td", "dl", "label", "select", "a",
)  # fmt: skip
_TAG_BIT: Final = {tag: 1 << (len(_WORDS) + place) for place, tag in enumerate(_TAGS)}
_BITS: Final = len(_WORDS) + len(_TAGS)
COUNTED: Final = sum(
    1 << place for place, name in enumerate(_WORDS) if name in ("comment", "share")
)
"""The bits of what readers do with a text, of which a page may show how many did."""
_KEPT: Final = 50_000
_TOLD: Final = 300
"""Characters of an element's classes and id that are looked at."""
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_known: dict[tuple[str, str], int] = {}


def bits(tag: str, classes: str, identity: str) -> int:
    """What a tag, its classes and its id say, a bit for each word group and each telling tag."""
    found = _TAG_BIT.get(tag, 0)
    if not classes and not identity:
        return found
    key = (classes, identity)
    told = _known.get(key)
    if told is None:
        told = 0
        # No word of a group goes on beyond a space, and most names stand in many elements.
        for name in f"{classes} {identity}"[:_TOLD].split():
            told |= _of_name(name)
        if len(_known) >= _KEPT:
            _known.clear()
        _known[key] = told
    return found | told


@lru_cache(maxsize=_KEPT)
def _of_name(name: str) -> int:
    """What one class or id says."""
    shown = _CAMEL.sub("-", name).lower()
    possible = _OTHERS
    for place in range(len(shown) - 2):
        possible |= _HINTS.get(shown[place : place + 3], 0)
    found = 0
    while possible:
        lowest = possible & -possible
        if _PATTERNS[lowest.bit_length() - 1].search(shown):
            found |= lowest
        possible ^= lowest
    return found


_OWN_TAGS: Final = (
    "p",
    "li",
    "td",
    "div",
    "figcaption",
    "button",
    "label",
    "option",
    "dd",
    "br",
    "section",
    "article",
    "header",
    "blockquote",
)
_TAG_ROW: Final = {tag: row for row, tag in enumerate(_OWN_TAGS)}
_TAG_ROWS: Final = np.eye(len(_OWN_TAGS) + 1, len(_OWN_TAGS))
"""A row for each of these tags, and a last one for all others."""
NAMES: Final = (
    *(f"near_{name}" for name in (*_WORDS, *_TAGS)),
    *(f"around_{name}" for name in (*_WORDS, *_TAGS)),
    *(f"tag_{name}" for name in _OWN_TAGS),
    *("links", "level", "is_h1", "heading", "bold", "depth"),
    *(
        f"{kind}_{level}"
        for level in ("path", "parent", "grand", "great")
        for kind in ("mass", "share", "links", "blocks", "prose")
    ),
    *("since_h1", "until_h1", "path_in_core", "parent_in_core", "grand_in_core"),
    *("links_before", "links_after"),
)  # fmt: skip


class Told(NamedTuple):
    """What the head of a page says of its content: title, description, and the body itself."""

    title: str = ""
    description: str = ""
    body: str = ""


def dom_table(pieces: list[Piece], figures: Figures, told: Told) -> Floats:
    """All figures of a page's blocks: of its text, its elements, its head, and its echoes."""
    head = head_figures(figures, told)
    own, whole = head[:, _TITLE_WORDS], head[:, _TITLE_SHARE]
    agrees = 2 * own * whole / np.maximum(own + whole, 1e-6)
    places = [piece.place for piece in pieces if piece.place is not None]
    return np.concatenate(
        [
            figures.table,
            dom_figures(pieces, figures),
            head,
            echoes.echoes(figures.words),
            nearness.nearness(places, figures, agrees),
        ],
        axis=1,
    )


HEAD_NAMES: Final = (
    "has_body", "body_words", "body_triples", "has_description", "description_words",
    "description_share", "title_words", "title_share",
)  # fmt: skip
PAGE_NAMES: Final = (*NAMES, *HEAD_NAMES, *echoes.NAMES, *nearness.NAMES)
"""What a page's figures hold beside those of its text."""
_TITLE_WORDS, _TITLE_SHARE = HEAD_NAMES.index("title_words"), HEAD_NAMES.index("title_share")


def head_figures(figures: Figures, told: Told) -> Floats:
    """How much of each block its page's linked data, description and title hold."""
    words = figures.words
    total = len(words.counts)
    body = tokens(told.body)
    description, title = set(tokens(told.description)), set(tokens(told.title))
    both = np.sort(words.entries * total + words.line)
    both = both[np.diff(both, prepend=-1) != 0]
    lexeme, line = both // total, both % total
    size = np.maximum(np.bincount(line, minlength=total), 1)

    def shared(other: set[str]) -> Floats:
        """How many of the distinct words of each line are among the others."""
        if not other:
            return np.zeros(total)
        there = np.zeros(len(words.lexemes), dtype=bool)
        there[[words.places[one] for one in other if one in words.places]] = True
        return np.bincount(line, weights=there[lexeme], minlength=total)

    lead, head = shared(description), shared(title)
    columns = [
        np.full(total, bool(body)),
        shared(set(body)) / size,
        _triples(figures, body) / np.maximum(words.counts - 2, 1),
        np.full(total, bool(description)),
        lead / size,
        lead / max(len(description), 1),
        head / size,
        head / max(len(title), 1),
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def _triples(figures: Figures, body: list[str]) -> Floats:
    """How many three words in a row of each line are in a row in `body`, too."""
    known = set(zip(body, body[1:], body[2:], strict=False))
    if not known:
        return np.zeros(len(figures.words.counts))
    lines = figures.words.lines()
    return np.array(
        [
            sum(three in known for three in zip(line, line[1:], line[2:], strict=False))
            for line in lines
        ],
        dtype=np.float64,
    )


def dom_figures(pieces: list[Piece], figures: Figures) -> Floats:
    """The figures of `NAMES` for the blocks of a page."""
    places = [piece.place for piece in pieces]
    known = [place for place in places if place is not None]
    if len(known) != len(places):
        return np.zeros((len(places), len(NAMES)), dtype=np.float32)
    counts = np.minimum(figures.words.counts, 100).astype(np.float64)
    links = np.array([place.links for place in known], dtype=np.float64)
    levels = np.array([place.level for place in known])
    return np.concatenate(
        [
            _unpacked([place.near for place in known]),
            _unpacked([place.around for place in known]),
            _TAG_ROWS[[_TAG_ROW.get(place.tag, -1) for place in known]],
            np.stack(
                [
                    links,
                    levels,
                    levels == 1,
                    levels > 0,
                    np.array([place.bold for place in known]),
                    np.minimum(np.array([place.depth for place in known]), 40) / 10,
                ],
                axis=1,
            ),
            _groups(counts, links, figures),
            _headings(known),
            _alike(counts, figures),
            _around(links),
        ],
        axis=1,
        dtype=np.float32,
    )


def _unpacked(masks: list[int]) -> Floats:
    packed = np.array(masks, dtype=np.uint64)[:, None]
    return ((packed >> np.arange(_BITS, dtype=np.uint64)) & np.uint64(1)).astype(np.float32)


def _keys(figures: Figures, levels: int) -> Iterator[Ints]:
    """For each of `levels` (path, parent, its parent, …) which blocks are in one group."""
    assert figures.groups is not None
    for level in range(levels):
        yield figures.groups[:, level]


def _groups(counts: Floats, links: Floats, figures: Figures) -> Floats:
    """How much text, how linked, the blocks hold that share a path, a parent, its parent."""
    prose = np.where((figures.words.counts >= 10) & (links < 0.3), counts, 0)
    total = max(float(prose.sum()), 1.0)
    columns = []
    for group in _keys(figures, 4):
        held = np.bincount(group, weights=counts)
        sentences = np.bincount(group, weights=prose)
        linked = np.bincount(group, weights=links * counts)
        size = np.bincount(group)
        columns += [
            np.log1p(held)[group],
            (sentences / total)[group],
            (linked / np.maximum(held, 1))[group],
            np.log1p(size)[group],
            (sentences / np.maximum(held, 1))[group],
        ]
    return np.stack(columns, axis=1)


def _headings(places: list[Place]) -> Floats:
    """Blocks since, and until, the first heading of the highest level."""
    rows = np.arange(len(places))
    first = next((row for row, place in enumerate(places) if place.level == 1), None)
    if first is None:
        return np.full((len(places), 2), -1.0)
    since = np.where(rows >= first, np.log1p(rows - np.minimum(first, rows)), -1)
    until = np.where(rows < first, np.log1p(np.maximum(first - rows, 0)), -1)
    return np.stack([since, until], axis=1)


def _alike(counts: Floats, figures: Figures) -> Floats:
    """The share of the core's words that stand like this block, and in the same parents."""
    inside = np.where(figures.texts.inside(figures.core), counts, 0)
    total = max(float(inside.sum()), 1.0)
    columns = [(np.bincount(group, weights=inside) / total)[group] for group in _keys(figures, 3)]
    return np.stack(columns, axis=1)


def _around(links: Floats) -> Floats:
    before = np.concatenate([[1.0], links[:-1]])
    after = np.concatenate([links[1:], [1.0]])
    return np.stack([before, after], axis=1)
