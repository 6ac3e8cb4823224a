"""What the head of a page and its markup state: title, byline and date, each by vote."""

import html
import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final
from urllib.parse import urlsplit

from index.clean.blocks import Piece
from index.clean.dom import Told
from index.clean.metadata import Witnesses, clean_field, read_date, url_date
from index.clean.page import Element, Page
from index.clean.wording import tokens

_PUBLISHED: Final = (
    "article:published_time", "article:published:time", "og:published_time", "datepublished",
    "date_published", "pubdate",
    "publishdate", "publish-date", "publish_date", "published_time", "publication_date",
    "publication-date", "publicationdate", "published", "published-date", "parsely-pub-date",
    "sailthru.date", "dc.date.issued", "dcterms.issued", "dc.date.published", "dc.date.created",
    "dcterms.created", "dc.date", "dcterms.date", "dc.created", "citation_date",
    "citation_publication_date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime",
    "article.published", "article:published", "article_date_original", "originalpublicationdate",
    "original-publication-date", "bt:pubdate", "rnews:datepublished", "article:post_date",
    "shareaholic:article_published_time", "vr:published_time", "displaydate", "doc_date",
    "article.created", "created", "creation_date", "createdate", "date", "dateline", "time",
    "article:create_at", "og:article:published_time", "mediator_published_time", "ptime", "pdate",
    "weibo: article:create_at", "weibo:article:create_at", "eomportal-firstpublished",
)  # fmt: skip
_MODIFIED: Final = (
    "article:modified_time", "og:updated_time", "last-modified", "datemodified", "dcterms.modified",
)  # fmt: skip
_TITLES: Final = (
    "og:title",
    "twitter:title",
    "dc.title",
    "parsely-title",
    "sailthru.title",
    "headline",
)
_AUTHORS: Final = (
    "author", "article:author", "dc.creator", "parsely-author", "sailthru.author", "byl",
    "dcterms.creator", "citation_author", "twitter:creator:name", "mediator_author", "authors",
)  # fmt: skip
_SECTIONS: Final = ("article:section", "section", "parsely-section", "sailthru.section", "category")
_LONGEST_SECTION: Final = 80
_SCRIPTS: Final = 12
_SCRIPT_LENGTH: Final = 300_000
_ARTICLES: Final = re.compile(r"Article|Posting|Report|WebPage|Recipe|Review|CreativeWork|Story")
_LOOSE_DATE: Final = re.compile(r'"datePublished"\s*:\s*"([^"]{4,40})"')
_SEPARATOR: Final = re.compile(r"\s+[|•·»«–—-]\s+|\s*[|»｜]\s*|\s+::?\s+|\s+/\s+| _ |_(?=\S+$)")
_TIMES: Final = 6
_CLEARLY: Final = 0.1
"""How much better than the heading a stated title has to fit the page's address."""
_COUNTRY: Final = re.compile(r"\s*[A-Za-z]{2,3}(?:[-_][A-Za-z]{4})?[-_]([A-Za-z]{2})\b")
_MONTH_FIRST: Final = frozenset(("US", "PH", "PR", "GU"))
"""Countries that write 3/4/2024 for the fourth of March (CLDR's short date begins with M)."""
_BESIDE: Final = 2
"""Headings after the first-level one among which what readers see as the title is looked for."""
_SAME: Final = 0.8
_RELATED: Final = 0.3
"""How much of their words titles share that are the same, or at least of the same thing."""
_TAGS: Final = re.compile(r"<[^<>]*>")


def read_heads(page: Page, root: Element, url: str | None) -> tuple[Witnesses, Told]:
    """What the markup of a page states of it and tells of its content; `url` says where it is."""
    metas = _metas(root)
    articles = _news_first(list(_linked_data(root)))
    address = url or metas.get("og:url") or _canonical(root)
    title = _title(page, root, metas, articles, address)
    shown, worded = _first_time(root)
    heard = Witnesses(
        title=title,
        byline=_byline(metas, articles),
        date=_date(root, metas, articles),
        modified=_modified(metas, articles),
        shown_date=shown,
        shown_words=worded,
        month_first=_month_first(root, metas),
        url_date=url_date(address),
        section=_section(metas, articles),
    )
    return heard, Told(
        title=title or "",
        description=metas.get("og:description") or metas.get("description") or "",
        body=max((_text(one.get("articleBody")) for one in articles), key=len, default=""),
    )


def _text(value: object) -> str:
    """`value` if it is text; entities and tags in it taken off, as some sites leave them there."""
    if not isinstance(value, str):
        return ""
    return _TAGS.sub(" ", html.unescape(value)) if "&" in value or "<" in value else value


def _metas(root: Element) -> dict[str, str]:
    """The first content of each named meta element."""
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = element.get("content")
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


def _canonical(root: Element) -> str | None:
    for element in root.iter("link"):
        if (element.get("rel") or "").lower() == "canonical":
            href: str | None = element.get("href")
            return href
    return None


def _linked_data(root: Element) -> Iterator[dict[str, Any]]:
    """The objects of JSON-LD that are, or look like, articles."""
    scripts = 0
    for element in root.iter("script"):
        if "ld+json" not in (element.get("type") or "").lower():
            continue
        scripts += 1
        text = element.text or ""
        if scripts > _SCRIPTS or len(text) > _SCRIPT_LENGTH:
            continue
        try:
            data = json.loads(text.strip().rstrip(";"), strict=False)
        except (ValueError, RecursionError):
            match = _LOOSE_DATE.search(text)
            if match:
                yield {"datePublished": match[1]}
            continue
        yield from _articles_in(data)


def _articles_in(data: object) -> Iterator[dict[str, Any]]:
    waiting = [data]
    seen = 0
    while waiting and seen < 2000:
        seen += 1
        one = waiting.pop(0)
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            if "datePublished" in one or _ARTICLES.search(str(one.get("@type", ""))[:200]):
                yield one
            waiting += [
                one[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in one
            ]


def _news_first(articles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    def rank(one: dict[str, Any]) -> int:
        kind = str(one.get("@type", ""))
        return (
            0
            if "News" in kind or "Report" in kind
            else 1
            if "Article" in kind or "Posting" in kind
            else 2
        )

    return sorted(articles, key=rank)


def _date(root: Element, metas: dict[str, str], articles: list[dict[str, Any]]) -> str | None:
    """The publication date: by linked data, by meta elements, by marked-up times."""
    for article in articles:
        for key in ("datePublished", "dateCreated"):
            value = article.get(key)
            found = read_date(value) if isinstance(value, str) else None
            if found:
                return found
    for name in _PUBLISHED:
        found = read_date(metas.get(name))
        if found:
            return found
    return _marked_up(root)


def _modified(metas: dict[str, str], articles: list[dict[str, Any]]) -> str | None:
    """When the page was last changed, by linked data or meta elements."""
    stated = [article.get("dateModified") for article in articles]
    stated += [metas.get(name) for name in _MODIFIED]
    dates = (read_date(one) for one in stated if isinstance(one, str))
    return next((date for date in dates if date), None)


def _marked_up(root: Element) -> str | None:
    """The date of an element that says it is the publication's."""
    for element in root.xpath(
        "//*[@itemprop='datePublished' or @property='datePublished' or @pubdate]"
    ):
        found = read_date(
            element.get("datetime")
            or element.get("content")
            or element.get("title")
            or _words(element)
        )
        if found:
            return found
    return None


def _first_time(root: Element) -> tuple[str | None, str | None]:
    """The date of the first time element that has one, and the date that its words show."""
    for element in islice(root.iter("time"), _TIMES):
        words = read_date(_words(element))
        found = read_date(element.get("datetime") or "") or words
        if found:
            return found, words
    return None, None


def _month_first(root: Element, metas: dict[str, str]) -> bool | None:
    """Whether dates in figures begin with the month, by the country of the page's locale."""
    for locale in (metas.get("og:locale"), root.get("lang"), metas.get("language")):
        match = _COUNTRY.match(locale or "")
        if match:
            return match[1].upper() in _MONTH_FIRST
    return None


def _words(element: Element) -> str:
    text: str = "".join(element.itertext())
    return text[:200]


def _byline(metas: dict[str, str], articles: list[dict[str, Any]]) -> str | None:
    for article in articles:
        names = _names(article.get("author"))
        if names:
            return clean_field(", ".join(names))
    for name in _AUTHORS:
        value = clean_field(metas.get(name))
        if value and not value.startswith(("http", "@", "/")):
            return value
    return None


def _section(metas: dict[str, str], articles: list[dict[str, Any]]) -> str | None:
    """The section that linked data or meta elements name; of several the first."""
    for article in articles:
        value = article.get("articleSection")
        first = next(iter(value), None) if isinstance(value, list) else value
        if isinstance(first, str) and first.strip():
            return clean_field(html.unescape(first)[:_LONGEST_SECTION])
    for name in _SECTIONS:
        if metas.get(name):
            return clean_field(html.unescape(metas[name])[:_LONGEST_SECTION])
    return None


def _names(author: object) -> list[str]:
    """The names in the `author` of linked data, which comes as text, object or list of these."""
    if isinstance(author, str):
        return [author] if author and not author.startswith(("http", "@")) else []
    if isinstance(author, dict):
        return _names(author.get("name"))
    if isinstance(author, list):
        return list(dict.fromkeys(name for one in author[:10] for name in _names(one)))
    return []


def _title(
    page: Page,
    root: Element,
    metas: dict[str, str],
    articles: list[dict[str, Any]],
    address: str | None,
) -> str | None:
    """The title that most witnesses share, without what the site adds to each of its titles.

    The headline of linked data is written for the article alone; where it agrees with a heading
    of the page, or is missing, the heading is what readers saw.
    """
    site = tokens(metas.get("og:site_name") or "")
    window = next((_words(element) for element in root.iter("title")), "")
    headlines = [html.unescape(str(one["headline"])) for one in articles if one.get("headline")]
    stated = [*headlines, *(html.unescape(metas[name]) for name in _TITLES if name in metas)]
    stated += [window] if window else []
    cleaned = [found for one in stated if (found := _without_site(one, site))]
    heads = [
        piece.text for piece in page.pieces if piece.place is not None and piece.place.level == 1
    ]
    parts = [part for one in stated for part in _variants(one)]
    agreed = [
        head
        for head in heads[:4]
        if len(tokens(head)) > 1 and any(_overlap(head, part) >= _SAME for part in parts)
    ]
    shared = _shown_as_shared(page, metas)
    if shared:
        return clean_field(shared)
    if headlines and not any(_overlap(head, headlines[0]) >= _SAME for head in agreed):
        return clean_field(cleaned[0]) if cleaned else None
    if agreed:
        return clean_field(agreed[0])
    if len(heads) == 1 and len(tokens(heads[0])) > 2:
        near = max((_overlap(heads[0], one) for one in cleaned), default=1.0)
        slug = _slug(address)
        named = bool(cleaned) and _overlap(slug, cleaned[0]) > _overlap(slug, heads[0]) + _CLEARLY
        if near >= _RELATED and not named:
            return clean_field(heads[0])
    return clean_field(cleaned[0] if cleaned else next(iter(heads), None))


def _slug(address: str | None) -> str:
    """The words that the last part of the path of `address` is made of: often the title's own."""
    try:
        path = urlsplit((address or "")[:2000]).path
    except ValueError:
        return ""
    return re.sub(r"\.\w{2,5}$|[-_+]", " ", path.rstrip("/").rpartition("/")[2])


def _shown_as_shared(page: Page, metas: dict[str, str]) -> str | None:
    """A second-level heading near the first that is the title under which the page is shared.

    Some sites write their first-level heading for search engines, and show readers another.
    """
    title = html.unescape(metas.get("og:title", ""))
    heads = [piece for piece in page.pieces if piece.place is not None and piece.place.level]
    first = next((at for at, piece in enumerate(heads) if _level(piece) == 1), None)
    if not title or first is None:
        return None
    if any(_overlap(one.text, title) >= _SAME for one in heads if _level(one) == 1):
        return None
    beside = heads[first + 1 : first + 1 + _BESIDE]
    near = (one.text for one in beside if _level(one) == 2)
    return next((text for text in near if _overlap(text, title) >= _SAME), None)


def _level(piece: Piece) -> int:
    return piece.place.level if piece.place else 0


def _variants(title: str) -> list[str]:
    """`title`, and the larger part of it that is left when a piece at either end is taken off."""
    whole = title[:500]
    pieces = _SEPARATOR.split(whole)
    if len(pieces) < 2:
        return [whole]
    parts = [pieces[-1], " ".join(pieces[:-1]), " ".join(pieces[1:])]
    large = [part for part in parts if 2 * len(tokens(part)) >= len(tokens(whole))]
    return [whole, pieces[0], *large]


def _overlap(one: str, other: str) -> float:
    """Twice the words that two titles share, over the words of both."""
    first, second = set(tokens(one)), set(tokens(other))
    return 2 * len(first & second) / max(len(first) + len(second), 1)


def _without_site(title: str, site: list[str]) -> str:
    """`title` without a last part that is the name of the site, or too short to be a title's."""
    text = " ".join(title.split())[:500]
    cuts = [match for match in _SEPARATOR.finditer(text) if match.start() > 0]
    while cuts:
        last = cuts.pop()
        head, tail = text[: last.start()], text[last.end() :]
        named = bool(site) and tokens(tail)[: len(site)] == site
        if not named and (len(tokens(tail)) > 4 or len(tokens(head)) < 3):
            break
        text = head
    return text
