"""What the head of a page and its markup state: title, byline and date, each by vote."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any, Final

from index.clean.lexicon import tokens
from index.clean.metadata import Witnesses, clean_field, read_date, url_date
from index.clean.page import Element, Page

_PUBLISHED: Final = (
    "article:published_time", "og:published_time", "datepublished", "date_published", "pubdate",
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
_SCRIPTS: Final = 12
_SCRIPT_LENGTH: Final = 300_000
_ARTICLES: Final = re.compile(r"Article|Posting|Report|WebPage|Recipe|Review|CreativeWork|Story")
_LOOSE_DATE: Final = re.compile(r'"datePublished"\s*:\s*"([^"]{4,40})"')
_SEPARATOR: Final = re.compile(r"\s+[|•·»«–—-]\s+|\s*[|»]\s*|\s+::?\s+|\s+/\s+| _ |_(?=\S+$)")
_TIMES: Final = 6


def witnesses(page: Page, url: str | None) -> Witnesses:
    """What the markup of a parsed page states, `url` being where the page is said to be from."""
    root: Element = page.root
    metas = _metas(root)
    articles = list(_linked_data(root))
    address = url or metas.get("og:url") or _canonical(root)
    return Witnesses(
        title=_title(page, root, metas, articles),
        byline=_byline(metas, articles),
        date=_date(root, metas, articles),
        url_date=url_date(address),
    )


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
    for article in _news_first(articles):
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


def _marked_up(root: Element) -> str | None:
    """The date of an element that says it is the publication's, else of the first time element."""
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
    for element in list(root.iter("time"))[:_TIMES]:
        found = read_date(element.get("datetime") or "") or read_date(_words(element))
        if found:
            return found
    return None


def _words(element: Element) -> str:
    text: str = "".join(element.itertext())
    return text[:200]


def _byline(metas: dict[str, str], articles: list[dict[str, Any]]) -> str | None:
    for article in _news_first(articles):
        names = _names(article.get("author"))
        if names:
            return clean_field(", ".join(names))
    for name in _AUTHORS:
        value = clean_field(metas.get(name))
        if value and not value.startswith(("http", "@", "/")):
            return value
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
    page: Page, root: Element, metas: dict[str, str], articles: list[dict[str, Any]]
) -> str | None:
    """The title that most witnesses share, without what the site adds to each of its titles."""
    site = tokens(metas.get("og:site_name") or "")
    window = next((_words(element) for element in root.iter("title")), "")
    stated = [
        *(str(one["headline"]) for one in _news_first(articles) if one.get("headline")),
        *(metas[name] for name in _TITLES if name in metas),
        window,
    ]
    heads = [
        piece.text for piece in page.pieces if piece.place is not None and piece.place.level == 1
    ][:4]
    parts = [title for one in stated for title in _variants(html.unescape(one))]
    for head in heads:
        if len(tokens(head)) > 1 and any(_alike(head, part) for part in parts):
            return clean_field(head)
    cleaned = [found for one in stated if (found := _without_site(html.unescape(one), site))]
    return clean_field(cleaned[0] if cleaned else next(iter(heads), None))


def _variants(title: str) -> list[str]:
    """`title`, and what is left when pieces at either end are taken off."""
    pieces = _SEPARATOR.split(title[:500])
    found = [title[:500]]
    if len(pieces) > 1:
        found += [pieces[0], pieces[-1], " ".join(pieces[:-1]), " ".join(pieces[1:])]
    return found


def _alike(one: str, other: str) -> bool:
    """Whether two titles have nearly the same words."""
    first, second = set(tokens(one)), set(tokens(other))
    return bool(first and second) and 2 * len(first & second) >= 0.8 * (len(first) + len(second))


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
